// Editing in place: "Edit" opens the row of an item, or the introduction.
// Without it the same links lead to pages.

import { ask } from './ask.js';
import { kept, same, wordsOf } from './saves.js';

/** The editors that are open, by the element they stand in; null while one is fetched. */
export const editors = new Map();

/** The id of the item whose row an element is, or 0. */
export const idOf = (host) => Number(host.id.match(/^item-(\d+)$/)?.[1] ?? 0);
export const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));

/** Tells which item is open for editing, 0 being none. */
export const present = () => tell('desk:editing', { item: [...editors.keys()].map(idOf).findLast(Boolean) ?? 0 });

/** The row, slip or introduction that a link edits; nothing when it leads elsewhere. */
function hostOf(link) {
  const host = link.closest('[id^="item-"], .board-intro');
  const path = host && (idOf(host) ? `/desk/items/${idOf(host)}` : '?edit=intro');
  return host && !link.closest('.editor') && link.getAttribute('href').split('#')[0].endsWith(path) ? host : null;
}

/** The link that edits what is sent to an address. */
const linkTo = (path) => [...document.querySelectorAll(`a[href="${path}"], a[href^="${path}?edit=intro"]`)].find(hostOf);

/** Opens what a link edits; with an address only if words of it are kept that were not saved. */
async function open(link, again) {
  const host = hostOf(link);
  if (editors.has(host)) return editors.get(host)?.focus();
  editors.set(host, null);
  const asked = ask(link.getAttribute('href').split('#')[0]).catch(() => null);
  const row = await import('./row.js').catch(() => null); // fetched when it is first needed
  const answer = row && await asked;
  const box = answer?.page.querySelector('.editor:has(.editor-form)');
  editors.delete(host);
  host.querySelector(':scope > .editor-status')?.remove();
  if (!answer && !again) host.append(Object.assign(document.createElement('p'), { className: 'editor-status is-waiting', role: 'status', textContent: 'Offline. Try again in a moment.' }));
  else if (!box && !again) location.assign(answer.signIn || link.href); // its page says why
  if (!box) return;
  if (again && same(kept.get(again).words, wordsOf(box.querySelector('form')))) return kept.drop(again);
  host.append(box);
  host.classList.add('is-open');
  const editor = new row.Editor(host, link, box);
  if (!editor.offer() || !again) editor.focus();
  present();
}

/** Signing out saves first and leaves nothing behind; where something cannot be saved it is to be asked twice. */
async function leave(event) {
  const unsaved = [...editors.values()].filter((editor) => editor?.saves.unsaved);
  if (!unsaved.length || leave.asked) return kept.leave();
  leave.asked = true;
  event.preventDefault();
  for (const editor of unsaved) {
    if (!await editor.saves.flush(true)) return editor.say('Not signed out: these words are not saved. Sign out again to leave without them.', 'is-bad');
  }
  kept.leave();
  event.target.submit();
}

/** Has the links of the page's rows open in place, and brings back what was not saved. */
export function start() {
  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[href]');
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || !hostOf(link)) return;
    event.preventDefault();
    open(link);
  });
  document.addEventListener('desk:edit', ({ target }) => {
    const link = linkTo(`/desk/items/${idOf(target)}`);
    if (link) open(link);
  });
  document.addEventListener('submit', (event) => event.target.matches('[action="/sign-out"]') && leave(event));
  const all = (what) => editors.forEach((editor) => editor?.saves[what]());
  addEventListener('online', () => all('retry'));
  addEventListener('pagehide', () => all('flush'));
  document.addEventListener('visibilitychange', () => document.hidden && all('flush'));
  for (const path of kept.paths()) {
    const link = linkTo(path);
    if (link) open(link, path);
  }
}
