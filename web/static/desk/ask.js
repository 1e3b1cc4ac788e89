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

/** What a page says first: its notice, its problems, or its heading and first sentence. */
function firstOf(page) {
  const text = (selector) => page.querySelector(selector)?.textContent.trim() ?? '';
  return text('.notice') || text('.problems li') || [text('h1'), text('main p')].filter(Boolean).join('. ');
}

/**
 * Asks for a page, or sends a form: an URLSearchParams, a FormData or a form
 * element. Throws Offline when there is no answer, or none for the moment.
 *
 * Returns the `page`'s document, its `path`, whether it is `ok`, what it says
 * first in `words`, and the address to `signIn` at if the session has ended:
 * what was sent waits there to be sent again.
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
  if ([502, 503, 504].includes(response.status)) throw new Offline(`status ${response.status}`);
  const at = new URL(response.url), page = read(html);
  const signIn = at.pathname === '/sign-in' ? response.url : '';
  return { page, path: response.headers.get('Content-Location') ?? at.pathname + at.search, ok: !signIn && response.status < 400, words: firstOf(page), signIn };
}
