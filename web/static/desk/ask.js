// Asking the server. Every module asks by the same addresses and forms as a
// browser without modules; the header X-Desk makes the answer the page without
// its frame. Nothing else in these modules makes HTML of text.

const policy = globalThis.trustedTypes?.createPolicy('desk', { createHTML: (html) => html });

/** The document of a page, or of a page's fragment, of our own server. */
const read = (html) => new DOMParser().parseFromString(policy ? policy.createHTML(html) : html, 'text/html');

/** The server could not be reached, or did not answer in time. */
export class Offline extends Error {}

/** How long an answer may take, in milliseconds. */
const patience = 20_000;

/** A form below this size in bytes is still sent when its page is left: browsers allow 64 KiB in all. */
const outlives = 30_000;

/**
 * Answer is what the server said. `page` is the document of it, `path` the
 * address that it is of, `signIn` the sign-in's address when the session has
 * ended: what was sent waits there to be sent again.
 */
class Answer {
  constructor(status, page, path, signIn) {
    Object.assign(this, { status, ok: status < 400, page, path, signIn });
  }

  /** What the page says first: its notice, its problems, or its heading and first sentence. */
  get words() {
    const text = (selector) => this.page.querySelector(selector)?.textContent.trim() ?? '';
    return text('.notice') || text('.problems li') || [text('h1'), text('main p')].filter(Boolean).join('. ');
  }
}

/**
 * Asks for a page, or sends a form: an URLSearchParams, a FormData or a form
 * element. Throws Offline when there is no answer, or one that says that there
 * is none for the moment.
 */
export async function ask(path, form) {
  const options = { headers: { 'X-Desk': '1' }, signal: AbortSignal.timeout(patience) };
  if (form) {
    const body = new URLSearchParams(form instanceof HTMLFormElement ? new FormData(form) : form);
    Object.assign(options, { method: 'POST', body, keepalive: body.toString().length < outlives });
  }
  let response, html;
  try {
    response = await fetch(path, options);
    html = await response.text();
  } catch (cause) {
    throw new Offline('no answer', { cause });
  }
  if (response.status === 502 || response.status === 503 || response.status === 504) {
    throw new Offline(`status ${response.status}`);
  }
  const at = new URL(response.url);
  const signIn = at.pathname === '/sign-in' ? response.url : '';
  return new Answer(signIn ? 401 : response.status, read(html), response.headers.get('Content-Location') ?? at.pathname + at.search, signIn);
}
