// Moves: shown at once, sent one after the other, brought to what the server answers.

import { ask, Offline } from './ask.js';
import { visit } from './desk.js';
import { make, put, reconcile } from './reconcile.js';

const waiting = []; // deeds, the first of them under way
const done = [];    // what can be undone
let order = document.querySelector('[data-order]')?.dataset.order; // its version on the screen
let before;         // lists as they were when the first of waiting was shown
let deeds = 0;      // how many there were
let told;           // the newest version heard of meanwhile
let sending;

/** Where the board is; a refused form is elsewhere. */
export const board = document.querySelector('.board')?.dataset.path ?? location.pathname;

const held = () => waiting.length || document.body.matches('.is-dragging');

export const rowOf = (id) => document.getElementById(`item-${id}`);
export const idOf = (node) => node.id.split('-').pop();
export const titleOf = (section) => section.querySelector('h2').textContent;

const idsIn = (list) => [...list.querySelectorAll(':scope > li')].map(idOf);
const listOf = (section) => section.querySelector('.rows') ?? section.appendChild(make('ol', { className: 'rows' }));
const issue = () => board.split('/').pop();
const fade = (row) => row.classList.add('is-leaving');

function where(row) {
  const section = row.closest('.board-section'), ids = idsIn(row.parentNode);
  if (section) return { section: idOf(section), ahead: ids.slice(0, ids.indexOf(idOf(row))).reverse() };
  return { state: row.closest('[data-state]')?.dataset.state ?? 'inbox' };
}

/** Moves a row into a section, after an item: "" is the first place, "last" the last. */
export function place(row, section, after, follow = true) {
  const list = listOf(section);
  deed(idOf(row), 'move', { issue: issue(), section: idOf(section), after }, follow, () => {
    const ahead = after === 'last' ? list.lastElementChild : after && rowOf(after);
    if (ahead !== row) put(list, row, ahead ? ahead.nextSibling : list.firstChild);
  });
}

export function step(row, to) {
  const up = to === 'up', near = up ? row.previousElementSibling : row.nextElementSibling;
  const section = nextSection(row, to);
  if (!near && !section) return;
  deed(idOf(row), 'move', { to }, true, () => {
    const list = near ? row.parentNode : listOf(section);
    put(list, row, up ? near : near ? near.nextSibling : list.firstChild);
  });
}

export function nextSection(row, to) {
  const section = row.closest('.board-section');
  const next = to === 'up' ? section?.previousElementSibling : section?.nextElementSibling;
  return next?.matches('.board-section') ? next : null;
}

/** Takes a row off the page: by "restore", "hold" or "move". */
export function leave(row, verb, fields = {}) {
  beside(row);
  deed(idOf(row), verb, fields, false, fade);
}

export function add(row, section) {
  beside(row);
  place(row, section, 'last', false);
}

const beside = (row) => visit(row.nextElementSibling ?? row.previousElementSibling);

/** Shows what is done to an item, and sends it in its turn. */
function deed(id, verb, fields, follow, shown, undoes) {
  const row = rowOf(id), back = row && where(row);
  if (!waiting.length) before = [...document.querySelectorAll('.rows, .slips')].map((list) => [list, [...list.children]]);
  if (row) shown(row);
  if (row && follow) visit(row);
  deeds++;
  waiting.push({ id, verb, fields, follow, back, undoes });
  sending ??= run().finally(() => { sending = null; });
}

async function run() {
  while (waiting.length) await sent(waiting[0]).then(ended).catch(failed);
}

class Refused extends Error {}

async function sent({ id, verb, fields }) {
  const answer = await ask(`/desk/items/${id}/${verb}`, { ...fields, version: order });
  if (!answer.ok) throw new Refused(answer.page.querySelector('.conflict h2')?.textContent ?? answer.words, { cause: answer });
  note(answer);
  return answer;
}

const note = ({ page }) => { order = page.querySelector('[data-order]')?.dataset.order ?? order; };

async function ended(answer) {
  const last = waiting.shift();
  if (!last.undoes) done.push(last);
  if (waiting.length) return;
  if (new URL(answer.path, location).pathname !== board || location.search) await refresh();
  else reconcile(answer.page);
  tell(last);
  if (again || told > order) refresh();
}

let again, asking;

/** Brings the page to what the server has, after the moves under way. */
export function refresh() {
  again = true;
  return asking ??= fresh().finally(() => { asking = null; });
}

async function fresh() {
  while (again && !held()) {
    const turn = deeds;
    again = false;
    const answer = await ask(board === location.pathname ? board + location.search : board).catch(() => null);
    if (answer?.signIn) signedOut('', answer);
    if (turn !== deeds || held()) again = true; // it may be of before
    else if (answer?.ok) {
      note(answer);
      reconcile(answer.page);
    }
  }
}

/** Shows an order that the server told of; says whether the page is older. */
export function arrange({ version, sections, versions }) {
  const rows = [...document.querySelectorAll('.board-row')];
  if (held()) told = version;
  if (held() || (String(version) === order && rows.every((row) => row.dataset.version === String(versions[idOf(row)])))) return false;
  for (const { id, items } of sections) {
    const section = document.getElementById(`section-${id}`);
    for (const row of items.map(rowOf)) if (section && row) put(listOf(section), row, null);
  }
  return true;
}

function tell({ id, verb, fields, follow, undoes }) {
  const row = rowOf(id), section = row?.closest('.board-section');
  if (row && follow) visit(row);
  let words = { restore: 'Back in the inbox', hold: 'Held for the next issue', move: `Added to ${fields.issue}` }[verb], aloud = words;
  if (section) {
    const ids = idsIn(row.parentNode), at = `${titleOf(section)}, ${ids.indexOf(id) + 1} of ${ids.length}`;
    words = `Moved to ${at}`;
    aloud = `${row.querySelector('.mark').textContent}: ${at}`;
  }
  say(`${aloud}.`);
  if (!undoes) toast(words, 'Undo', undo);
}

async function failed(cause) {
  waiting.length = 0;
  for (const [list, items] of before) for (const item of items) put(list, item, null);
  for (const row of document.querySelectorAll('.is-leaving')) row.classList.remove('is-leaving');
  if (!(cause instanceof Offline || cause instanceof Refused)) throw cause;
  const back = 'Not saved: the item is back where it was.';
  if (cause.cause.signIn) return signedOut(back, cause.cause);
  toast(`${back} ${cause instanceof Refused ? cause.message : 'The server cannot be reached.'}`, 'Close', null, true);
  await refresh();
}

const signedOut = (words, { signIn }) => toast(`${words} You have been signed out.`, 'Sign in', () => location.assign(signIn), true);

export function undo() {
  const { id, back } = done.pop() ?? {};
  if (!back) return;
  strip?.remove();
  if (back.state) return deed(id, back.state === 'held' ? 'hold' : 'restore', {}, false, fade, true);
  const home = document.getElementById(`section-${back.section}`);
  if (!home) return say('The section it came from is gone.');
  const list = listOf(home), after = back.ahead.find((one) => rowOf(one)?.parentNode === list) ?? '';
  const shown = (row) => put(list, row, after ? rowOf(after).nextSibling : list.firstChild);
  deed(id, 'move', { issue: issue(), section: back.section, after }, true, shown, true);
}

document.addEventListener('submit', (event) => {
  const [, id, verb] = new URL(event.target.action).pathname.match(/^\/desk\/items\/(\d+)\/(move|hold|restore)$/) ?? [];
  const row = rowOf(id);
  if (!row) return;
  event.preventDefault();
  const fields = Object.fromEntries(new FormData(event.target, event.submitter));
  const section = document.getElementById(`section-${fields.section}`);
  if (fields.to) step(row, fields.to);
  else if (section) add(row, section);
  else leave(row, verb, fields);
});

const region = document.body.appendChild(make('p', { className: 'hidden', role: 'status' }));
let strip, timer;

export function say(words) {
  region.textContent = '';
  requestAnimationFrame(() => { region.textContent = words; });
}

/** Shows words beside a button for 8 seconds, longer under pointer or focus; what is wrong until closed. */
function toast(words, label, press, wrong) {
  strip?.remove();
  const button = make('button', { type: 'button' }, label), wait = () => {
    clearTimeout(timer);
    if (!wrong && !strip.matches(':hover, :focus-within')) timer = setTimeout(() => strip.remove(), 8_000);
  };
  strip = make('section', { className: wrong ? 'toast is-bad' : 'toast', ariaLabel: 'What was done' }, make('p', {}, words), button);
  button.addEventListener('click', () => { strip.remove(); press?.(); });
  for (const event of ['pointerenter', 'focusin', 'pointerleave', 'focusout']) strip.addEventListener(event, () => setTimeout(wait));
  document.body.append(strip);
  wait();
  if (wrong) say(words);
}
