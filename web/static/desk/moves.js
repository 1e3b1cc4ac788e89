// Moves: shown at once, sent one after the other as what was meant, and
// brought to what the server answers. The server's order is the truth.

import { ask, Offline } from './ask.js';
import { visit } from './keys.js';
import { put, reconcile } from './reconcile.js';
import { say, toast } from './toast.js';

const waiting = []; // moves that are under way, the first of them asked for
const done = [];    // what U takes back, the newest last
let order = document.querySelector('[data-order]')?.dataset.order; // version of it that is on the screen
let before;         // lists as they were when the first of waiting was shown

/** Whether there are moves of one's own that the server has not answered. */
export const busy = () => waiting.length > 0;

/** The row of an item, or null. */
export const rowOf = (id) => document.getElementById(`item-${id}`);

/** The item of a row. */
export const idOf = (row) => row.id.slice('item-'.length);

export const titleOf = (section) => section.querySelector('h2').textContent;

const idsIn = (list) => [...list.querySelectorAll(':scope > li')].map(idOf);

/** Where a row stands: its section and what is before it there, or its state outside. */
function where(row) {
  const section = row.closest('.board-section');
  if (!section) return { state: row.closest('[data-state]')?.dataset.state ?? 'inbox' };
  const ids = idsIn(row.parentNode);
  return { section: section.id.slice('section-'.length), ahead: ids.slice(0, ids.indexOf(idOf(row))).reverse() };
}

/** The list of a section's rows, made if there is none. */
function listOf(section) {
  return section.querySelector('.rows') ?? section.appendChild(Object.assign(document.createElement('ol'), { className: 'rows' }));
}

/** Moves a row into a section of this board, after an item ("" is the first place, "last" the last). */
export function place(row, section, after, follow = true) {
  const list = listOf(section);
  const issue = location.pathname.split('/').pop();
  const fields = { issue, section: section.id.slice('section-'.length), after };
  deed(idOf(row), 'move', fields, follow, () => {
    const ahead = after === 'last' ? list.lastElementChild : after && rowOf(after);
    if (ahead !== row) put(list, row, ahead ? ahead.nextSibling : list.firstChild);
  });
}

/** Moves a row a step up or down, over the edge of its section to the next. */
export function step(row, to) {
  const near = to === 'up' ? row.previousElementSibling : row.nextElementSibling;
  const section = nextSection(row, to);
  if (!near && !section) return;
  deed(idOf(row), 'move', { to }, true, () => {
    if (!near) put(listOf(section), row, to === 'up' ? null : listOf(section).firstChild);
    else put(row.parentNode, row, to === 'up' ? near : near.nextSibling);
  });
}

/** The section above or below a row's. */
export function nextSection(row, to) {
  const section = row.closest('.board-section');
  const next = to === 'up' ? section?.previousElementSibling : section?.nextElementSibling;
  return next?.matches('.board-section') ? next : null;
}

/** Takes a row off the board, or out of a list: "restore" and "hold" do. */
export function leave(row, how) {
  focusBeside(row);
  deed(idOf(row), how, {}, false, fade);
}

/** Sends a row of a list that has no board beside it to an issue. */
export function send(row, fields) {
  focusBeside(row);
  deed(idOf(row), 'move', fields, false, fade);
}

const fade = (row) => row.classList.add('is-leaving');

/** Puts the focus on the row that follows one that leaves. */
function focusBeside(row) {
  const near = row.nextElementSibling ?? row.previousElementSibling;
  if (near) visit(near);
}

/**
 * Shows what a deed does to an item, and sends it when those before it are
 * answered. Where follow is set the focus goes along.
 */
function deed(id, verb, fields, follow, shown, undoes = false) {
  const row = rowOf(id);
  if (!busy()) before = [...document.querySelectorAll('.rows, .slips')].map((list) => [list, [...list.children]]);
  const back = row && where(row);
  if (row) shown(row);
  if (row && follow) show(row);
  waiting.push({ id, verb, fields, follow, back, undoes });
  if (waiting.length === 1) run();
}

/** Keeps the focus in a row, and the row in view. */
function show(row) {
  if (row.contains(document.activeElement)) row.scrollIntoView({ block: 'nearest' });
  else visit(row);
}

async function run() {
  while (waiting.length) {
    try {
      await ended(await sent(waiting[0]));
    } catch (cause) {
      await failed(cause);
    }
  }
}

/** A refusal, in the server's words. */
class Refused extends Error {}

/** Shows an order that the server told of. Says whether the page is older. */
export function arrange({ version, sections, versions }) {
  if (held()) return false;
  const rows = [...document.querySelectorAll('.board-row')];
  if (String(version) === order && rows.every((row) => row.dataset.version === String(versions[idOf(row)]))) return false;
  for (const { id, items } of sections) {
    const section = document.getElementById(`section-${id}`);
    for (const row of items.map(rowOf)) if (section && row) put(listOf(section), row, null);
  }
  return true;
}

/** Whether the page is to stay as it is for now. */
const held = () => busy() || document.body.matches('.is-dragging');

async function sent({ id, verb, fields }) {
  const answer = await ask(`/desk/items/${id}/${verb}`, { ...fields, version: order });
  if (answer.signIn) throw new Refused('', { cause: answer });
  if (!answer.ok) throw new Refused(answer.page.querySelector('.conflict h2')?.textContent ?? answer.words);
  order = answer.page.querySelector('[data-order]')?.dataset.order ?? order;
  return answer;
}

/** What follows a deed that is done. The screen stays as it is while others wait. */
async function ended(answer) {
  const last = waiting.shift();
  if (!last.undoes) done.push(last);
  if (busy()) return;
  const at = new URL(answer.path, location);
  if (at.pathname !== location.pathname || location.search) await refreshed();
  else reconcile(answer.page);
  tell(last);
}

/** Asks for the page anew and brings this one to it, unless a move has begun. */
export async function refresh() {
  const answer = await ask(location.pathname + location.search);
  if (answer.signIn) signedOut('', answer);
  if (!answer.ok || held()) return;
  order = answer.page.querySelector('[data-order]')?.dataset.order ?? order;
  reconcile(answer.page);
}

/** Like refresh; without a server the screen stays as it is. */
const refreshed = () => refresh().catch((cause) => { if (!(cause instanceof Offline)) throw cause; });

function tell({ id, verb, fields, follow, undoes }) {
  const row = rowOf(id), section = row?.closest('.board-section');
  if (row && follow) show(row);
  let words = { restore: 'Back in the inbox', hold: 'Held for the next issue', move: `Added to ${fields.issue}` }[verb];
  if (section) {
    const ids = idsIn(row.parentNode), place = `${ids.indexOf(id) + 1} of ${ids.length}`;
    say(`${row.querySelector('.mark').textContent}: ${titleOf(section)}, ${place}.`);
    words = `Moved to ${titleOf(section)}, ${place}`;
  } else say(`${words}.`);
  if (!undoes) toast(words, 'Undo', undo);
}

/** Puts everything back to where it was, and says why. */
async function failed(cause) {
  waiting.length = 0;
  for (const [list, items] of before) for (const item of items) put(list, item, null);
  for (const row of document.querySelectorAll('.is-leaving')) row.classList.remove('is-leaving');
  if (!(cause instanceof Offline || cause instanceof Refused)) throw cause;
  const back = 'Not saved: the item is back where it was.';
  if (cause.cause?.signIn) return signedOut(back, cause.cause);
  const words = `${back} ${cause instanceof Refused ? cause.message : 'The server cannot be reached.'}`;
  say(words);
  toast(words, 'Close', null, true);
  await refreshed();
}

/** The page stays as it is, with what is typed in it. */
function signedOut(words, { signIn }) {
  toast(`${words} You have been signed out.`, 'Sign in', () => location.assign(signIn), true);
}

/** Takes back the newest move that was not taken back. */
export function undo() {
  const last = done.pop();
  if (!last?.back) return;
  const { state, section, ahead } = last.back;
  if (state) return deed(last.id, state === 'held' ? 'hold' : 'restore', {}, false, fade, true);
  const home = document.getElementById(`section-${section}`);
  if (!home) return say('The section it came from is gone.');
  const list = listOf(home), after = ahead.find((id) => rowOf(id)?.parentNode === list) ?? '';
  const fields = { issue: location.pathname.split('/').pop(), section, after };
  deed(last.id, 'move', fields, true, (row) => put(list, row, after ? rowOf(after).nextSibling : list.firstChild), true);
}

/** Takes over the forms that move items. */
function submitted(event) {
  const form = event.target, found = new URL(form.action).pathname.match(/^\/desk\/items\/(\d+)\/(move|hold|restore)$/);
  const row = found && rowOf(found[1]);
  if (!row || form.method !== 'post') return;
  event.preventDefault();
  const fields = Object.fromEntries(new FormData(form, event.submitter));
  const section = document.getElementById(`section-${fields.section}`);
  if (fields.to) step(row, fields.to);
  else if (found[2] !== 'move') leave(row, found[2]);
  else if (section) add(row, section);
  else send(row, fields);
}

/** Adds a slip to the end of a section; the next slip has the focus then. */
export function add(row, section) {
  focusBeside(row);
  place(row, section, 'last', false);
}

document.addEventListener('submit', submitted);
