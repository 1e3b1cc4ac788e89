// The places of the board that an item can go to.

import { add, idOf, leave, nextSection, place, step, titleOf } from './moves.js';
import { make } from './reconcile.js';

let menu = null, from = null;

function close(refocus) {
  const [old, at] = [menu, from];
  menu = from = null;
  old?.remove();
  if (refocus && at?.isConnected) at.focus();
}

function item(words, deed, key, off = false) {
  const link = typeof deed === 'string';
  const node = make(link ? 'a' : 'button', { role: 'menuitem', tabIndex: -1 }, words);
  if (off) node.ariaDisabled = true;
  if (key) node.append(make('kbd', { ariaHidden: true }, key));
  if (link) node.href = deed;
  else node.addEventListener('click', () => { if (!off) { close(true); deed(); } });
  return node;
}

function items(row) {
  const here = row.closest('.board-section'), sections = [...document.querySelectorAll('.board-section')];
  const first = !row.previousElementSibling, last = !row.nextElementSibling;
  return [...(here ? [
    item('Up', () => step(row, 'up'), 'Alt ↑', first && !nextSection(row, 'up')),
    item('Down', () => step(row, 'down'), 'Alt ↓', last && !nextSection(row, 'down')),
    item(`To the top of ${titleOf(here)}`, () => place(row, here, ''), '', first), make('hr'),
  ] : []), ...sections.map((section) => {
    const end = () => (here ? place(row, section, 'last') : add(row, section));
    return item(`To the end of ${titleOf(section)}`, end, '', section === here && last);
  }), make('hr'),
  ...(here ? [item('Back to the inbox', () => leave(row, 'restore'))] : []),
  ...(row.closest('[data-state="held"]') ? [] : [item('Hold for the next issue', () => leave(row, 'hold'))]),
  item('Another place…', `/desk/items/${idOf(row)}/move`)];
}

/** Opens the menu of a row; what opened it has the focus again after. */
export function openMenu(row, opener) {
  close(false);
  from = opener;
  const name = opener.ariaLabel ?? opener.textContent;
  menu = make('div', { className: 'menu', popover: 'auto', role: 'menu', ariaLabel: name }, make('p', { ariaHidden: true }, name), ...items(row));
  menu.dataset.own = 'yes';
  menu.addEventListener('keydown', pressed);
  menu.addEventListener('toggle', (event) => { if (event.newState === 'closed' && event.target === menu) close(true); });
  document.getElementById('main').append(menu); // a landmark
  menu.showPopover();
  stand(opener.getBoundingClientRect());
  menu.querySelector('[role="menuitem"]:not([aria-disabled])').focus();
}

function stand(at) {
  const { offsetWidth: width, offsetHeight: height } = menu;
  const top = at.bottom + height + 8 < innerHeight ? at.bottom + 4 : Math.max(8, Math.min(at.top - height - 4, innerHeight - height - 8));
  const left = Math.max(8, Math.min(at.left < innerWidth / 2 ? at.left : at.right - width, innerWidth - width - 8));
  Object.assign(menu.style, { top: `${top + scrollY}px`, left: `${left + scrollX}px` });
}

function pressed(event) {
  const all = [...menu.querySelectorAll('[role="menuitem"]')], at = all.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (to !== undefined && !event.altKey) all.at(to % all.length).focus();
  else if (event.key === 'Tab' || event.key === 'Escape') close(true);
  else return;
  event.preventDefault();
  event.stopPropagation();
}
