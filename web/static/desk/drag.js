// Dragging rows by their handles with mouse, pen or finger.

import { idOf, place, refresh } from './moves.js';
import { make } from './reconcile.js';

// In pixels: what is no drag yet, and how near to its edge the window scrolls.
const slack = 4, edge = 72;

let drag = null;
let ended = 0;    // when the last one ended: a click of that moment is the drag's own
let menu;         // its module

function handles() {
  for (const row of document.querySelectorAll('.board li[id]')) {
    const link = row.querySelector('a[href*="/move"]');
    const handle = row.querySelector('.handle') ?? make('button', { type: 'button', className: 'handle', ariaHasPopup: 'menu' });
    handle.dataset.own = 'yes';
    handle.ariaLabel = link?.ariaLabel ?? link?.textContent;
    if (!link) handle.remove();
    else if (!handle.isConnected) row.prepend(handle);
  }
}

function add(className, words = '') {
  return document.body.appendChild(make('div', { className, ariaHidden: true }, words));
}

function pressed(event) {
  const handle = event.target.closest('.handle');
  if (!handle || event.button !== 0 || !event.isPrimary || drag) return;
  handle.setPointerCapture(event.pointerId);
  drag = { row: handle.closest('li'), pointer: event.pointerId, from: [event.clientX, event.clientY] };
}

function moved(event) {
  if (event.pointerId !== drag?.pointer) return;
  [drag.x, drag.y] = [event.clientX, event.clientY];
  const far = Math.hypot(drag.x - drag.from[0], drag.y - drag.from[1]) > slack;
  if (!drag.slip && far && document.getElementById('sections')) begin();
  if (drag.slip) show();
}

function begin() {
  const words = ['.mark', '.row-title, .row-note, .slip-title, .slip-note, .addresses'].map((part) => drag.row.querySelector(part)?.textContent.trim() ?? '');
  drag.slip = add('drag-slip', words.join(' ').trim().slice(0, 80));
  drag.line = add('drop-line');
  drag.row.classList.add('is-dragged');
  document.body.classList.add('is-dragging');
  scroll();
}

function scroll() {
  if (!drag?.slip) return;
  const top = document.querySelector('.bar').getBoundingClientRect().bottom;
  const over = Math.min(drag.y - Math.max(top, 0) - edge, 0) + Math.max(drag.y - innerHeight + edge, 0);
  if (over) {
    scrollBy(0, over / 4);
    show();
  }
  requestAnimationFrame(scroll);
}

function show() {
  drag.slip.style.transform = `translate(${Math.min(drag.x + 12, innerWidth - drag.slip.offsetWidth - 8)}px, ${drag.y + 12}px)`;
  drag.to = target();
  drag.line.hidden = !drag.to;
  if (!drag.to) return;
  const { left, width } = drag.to.section.getBoundingClientRect();
  Object.assign(drag.line.style, { transform: `translate(${left}px, ${drag.to.y}px)`, inlineSize: `${width}px` });
}

/** The place under the pointer; after is "" for the first, y where its line is. */
function target() {
  const sheet = document.getElementById('sections').getBoundingClientRect();
  if (drag.x < sheet.left - edge || drag.x > sheet.right) return null;
  const sections = [...document.querySelectorAll('.board-section')];
  const section = sections.findLast((s) => s.getBoundingClientRect().top <= drag.y) ?? sections[0];
  if (!section) return null;
  let after = '', y = section.querySelector('.section-head').getBoundingClientRect().bottom + 4;
  for (const row of section.querySelectorAll('.board-row')) {
    const { top, bottom } = row.getBoundingClientRect();
    if (after === '') y = top;
    if (drag.y < (top + bottom) / 2) break;
    [after, y] = [idOf(row), bottom];
  }
  return { section, after, y };
}

const stays = ({ section, after }) => drag.row.closest('.board-section') === section
  && [idOf(drag.row), drag.row.previousElementSibling ? idOf(drag.row.previousElementSibling) : ''].includes(after);

function end(drop, at) {
  if (!drag) return;
  const { row, slip, line, to } = drag;
  const move = drop && slip && to && !stays(to);
  if (slip) ended = at;
  drag.row.classList.remove('is-dragged');
  document.body.classList.remove('is-dragging');
  drag = null;
  slip?.remove();
  line?.remove();
  if (move) place(row, to.section, to.after);
  else if (slip) refresh(); // what others did meanwhile
}

/** Opens the menu of a row by its handle or "Move"; the module is fetched when it is first needed. */
async function clicked(event) {
  const opener = event.target.closest('.handle, a[href*="/move"]');
  const row = opener?.closest('.board-row, .board-inbox .slips > li'), keys = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (!row || keys || opener.matches('.handle') && event.timeStamp - ended <= 20) return;
  event.preventDefault();
  menu ??= await import('./menu.js').catch(() => null);
  if (menu) menu.openMenu(row, opener);
  else location.assign(`/desk/items/${idOf(row)}/move`);
}

function escaped(event) {
  if (event.key !== 'Escape' || !drag?.slip) return;
  event.preventDefault();
  event.stopPropagation();
  end(false, Infinity); // the button is still to be lifted
}

handles();
document.addEventListener('reconciled', handles);
document.addEventListener('pointerdown', pressed);
document.addEventListener('pointermove', moved);
document.addEventListener('pointerup', ({ pointerId, timeStamp }) => {
  if (pointerId === drag?.pointer) end(true, timeStamp);
  else if (ended === Infinity) ended = timeStamp;
});
document.addEventListener('pointercancel', ({ pointerId }) => { if (pointerId === drag?.pointer) end(false, 0); });
document.addEventListener('keydown', escaped, true);
document.addEventListener('click', clicked);
