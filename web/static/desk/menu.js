// The places an item can go to, beside its row. They are those of the board
// itself; the page of all places is the last of them.

import { add, leave, nextSection, place, step, titleOf } from './moves.js';

let menu = null, from = null;

function close(refocus) {
  const [old, at] = [menu, from];
  menu = from = null;
  old?.remove();
  if (refocus && at?.isConnected) at.focus();
}

function item(words, deed, key = '', off = false) {
  const node = Object.assign(document.createElement(typeof deed === 'string' ? 'a' : 'button'), { textContent: words });
  node.setAttribute('role', 'menuitem');
  node.tabIndex = -1;
  if (off) node.setAttribute('aria-disabled', 'true');
  if (key) node.append(Object.assign(document.createElement('kbd'), { textContent: key, ariaHidden: 'true' }));
  if (typeof deed === 'string') node.href = deed;
  else node.addEventListener('click', () => { if (!off) { close(true); deed(); } });
  return node;
}

function line() {
  const node = document.createElement('hr');
  node.setAttribute('role', 'separator');
  return node;
}

/** The lines of a row's menu. */
function items(row) {
  const here = row.closest('.board-section'), sections = [...document.querySelectorAll('.board-section')];
  const first = !row.previousElementSibling, last = !row.nextElementSibling;
  const lines = here ? [
    item('Up', () => step(row, 'up'), 'Alt ↑', first && !nextSection(row, 'up')),
    item('Down', () => step(row, 'down'), 'Alt ↓', last && !nextSection(row, 'down')),
    item(`To the top of ${titleOf(here)}`, () => place(row, here, ''), '', first), line(),
  ] : [];
  for (const section of sections) {
    const end = () => (here ? place(row, section, 'last') : add(row, section));
    lines.push(item(`To the end of ${titleOf(section)}`, end, '', section === here && last));
  }
  lines.push(line());
  if (here) lines.push(item('Back to the inbox', () => leave(row, 'restore')));
  if (!row.closest('[data-state="held"]')) lines.push(item('Hold for the next issue', () => leave(row, 'hold')));
  lines.push(item('Another place…', `/desk/items/${row.id.slice(5)}/move`));
  return lines;
}

/** Opens the menu of a row; what opened it has the focus again afterwards. */
export function openMenu(row, opener) {
  close(false);
  from = opener;
  menu = Object.assign(document.createElement('div'), { className: 'menu', popover: 'auto' });
  menu.setAttribute('role', 'menu');
  menu.setAttribute('aria-label', opener.getAttribute('aria-label') ?? 'Move');
  const head = Object.assign(document.createElement('p'), { textContent: menu.ariaLabel, ariaHidden: 'true' });
  menu.append(head, ...items(row));
  menu.addEventListener('keydown', pressed);
  menu.addEventListener('toggle', (event) => { if (event.newState === 'closed' && event.target === menu) close(true); });
  document.body.append(menu);
  menu.showPopover();
  stand(opener.getBoundingClientRect());
  menu.querySelector('[role="menuitem"]:not([aria-disabled])').focus();
}

/** Below what opened it, above where there is no room, inside the window. */
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

/** Opens the menu in place of the page that a link leads to. */
document.addEventListener('click', (event) => {
  const link = event.target.closest('a[href*="/move"]');
  const row = link?.closest('.board-row, .board-inbox .slips > li');
  if (!row || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  openMenu(row, link);
});
