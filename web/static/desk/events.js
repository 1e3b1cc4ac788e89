// What others do on this board, as it happens.

import { ask } from './ask.js';
import { arrange, board, refresh, say } from './moves.js';
import { make, me } from './reconcile.js';

const bar = make('p', { className: 'here' });
const offline = 'Offline. Trying again.';
let source, asked, people = [], editing = 0, ended = '';

function open() {
  ended = '';
  source = new EventSource(`${board}/events`);
  const on = (name, deed) => source.addEventListener(name, (event) => deed(JSON.parse(event.data)));
  source.addEventListener('open', here);
  source.addEventListener('error', lost);
  on('order', (order) => { if (arrange(order)) soon(); });
  on('item', soon);
  on('board', soon);
  on('presence', present);
  on('end', ({ why }) => {
    ended = why;
    source.close();
    if (why !== 'tabs') soon(); // the page says why
  });
}

/** Browsers open cut streams again, refused ones not. */
function lost() {
  if (ended) return;
  if (bar.textContent !== offline) say(bar.textContent = offline);
  if (source.readyState === EventSource.CLOSED) setTimeout(open, 3_000);
}

function soon() {
  clearTimeout(asked);
  asked = setTimeout(refresh, 150);
}

function present(said) {
  const mine = said.people.find(({ name }) => name === me());
  if (editing && mine && !mine.item) tell(editing); // nobody knows it after a cut
  people = said.people.filter((person) => person !== mine);
  here();
}

function here() {
  const first = ({ name }) => name.split(' ')[0];
  const initials = [...people, { name: me() }].map(({ name }) => make('b', { ariaHidden: true }, name[0]));
  const words = make('span', {}, `Also here: ${people.map(first).join(', ')} `);
  bar.replaceChildren(...(people.length ? [words, ...initials] : []));
  for (const flag of document.querySelectorAll('.edits')) flag.remove();
  for (const person of people) {
    const line = document.querySelector(`#item-${person.item} .slip-line`);
    const flag = make('span', { className: 'flag edits' }, `${first(person)} is editing`);
    flag.dataset.own = 'yes';
    line?.append(' ', flag);
  }
}

function tell(item) {
  editing = item;
  ask(`${board}/presence`, { item: item || '' }).catch(() => {}); // sent again with the next stream
}

/** Follows the board, if it can still change. */
export function start() {
  if (!document.querySelector('.beside-sheet')) return;
  document.querySelector('.who').prepend(bar);
  open();
  document.addEventListener('reconciled', here);
  document.addEventListener('desk:editing', ({ detail }) => tell(detail.item));
  document.addEventListener('visibilitychange', () => { if (ended === 'tabs' && !document.hidden) open(); });
}
