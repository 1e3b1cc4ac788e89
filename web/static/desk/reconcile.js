// Bringing the page to what the server says, node by node: what stays keeps
// its focus, its scroll position and what was typed into it.

import { rows, visit } from './desk.js';

/** Attributes that modules set. */
const ours = /^(open|hidden|style|role|tabindex|aria-(selected|controls|expanded))$/;

/** What stays: what is open for editing, and what modules add. */
const kept = '.opened, .is-open, [data-own]';

export function make(tag, properties, ...inside) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...inside);
  return node;
}

/** Puts a node into its place; it keeps the focus. */
export function put(parent, node, before) {
  if (parent.moveBefore && node.isConnected) return parent.moveBefore(node, before);
  const at = document.activeElement;
  parent.insertBefore(node, before);
  if (node.contains(at)) at.focus({ preventScroll: true });
}

/** Brings the page to the document of an answer. */
export function reconcile(page) {
  const from = document.getElementById('main'), to = page.getElementById('main');
  const focused = document.activeElement?.closest('#main [id]')?.id;
  bring(from, to);
  const at = document.activeElement;
  const row = focused && (at === document.body || at?.disabled) && document.getElementById(focused);
  if (row) visit(row);
  document.title = page.title;
  count(to.querySelector('.board-inbox .count'));
  document.dispatchEvent(new Event('reconciled'));
}

function bring(from, to) {
  const state = { claimed: new Set(), left: [] };
  attributes(from, to);
  children(from, to, state);
  for (const node of state.left) if (!state.claimed.has(node)) node.remove();
}

function count(said) {
  const place = document.querySelector('.places a[href="/desk/inbox"]');
  if (said && place) place.textContent = said.textContent === '0' ? 'Inbox' : `Inbox ${said.textContent}`;
}

const plainClass = (node) => [...node.classList].filter((name) => !name.startsWith('is-')).join(' ');

const alike = (have, want) => have.nodeType === want.nodeType && have.nodeName === want.nodeName
  && (have.nodeType !== Node.ELEMENT_NODE || (plainClass(have) === plainClass(want) && !have.matches('[data-own]')));

/** Our node that becomes want: by its id, else the next without. */
function twin(at, want) {
  if (want.id) {
    const have = document.getElementById(want.id);
    return have && alike(have, want) ? have : null;
  }
  for (let node = at; node; node = node.nextSibling) if (!node.id && alike(node, want)) return node;
  return null;
}

function children(from, to, state) {
  let at = from.firstChild;
  for (const want of to.childNodes) {
    while (at?.dataset?.own) at = at.nextSibling;
    let have = twin(at, want);
    if (have && have === at) at = at.nextSibling;
    else if (have) put(from, have, at);
    else from.insertBefore(have = document.importNode(want, false), at);
    state.claimed.add(have);
    become(have, want, state);
  }
  for (; at; at = at.nextSibling) {
    if (at.nodeType !== Node.ELEMENT_NODE || !(at.matches(kept) || at.querySelector('.is-open'))) state.left.push(at);
    else if (at.matches('.is-open')) at.querySelector('.mark')?.replaceChildren(); // it has no place now
  }
}

function become(have, want, state) {
  if (have.nodeType !== Node.ELEMENT_NODE) {
    if (have.data !== want.data) have.data = want.data;
  } else if (!have.matches('.opened, .is-open:not(li)') && !(have.matches(rows) && spared(have, want, state))) {
    attributes(have, want);
    children(have, want, state);
  }
}

function attributes(have, want) {
  const classes = [...want.classList, ...[...have.classList].filter((name) => name.startsWith('is-'))];
  for (const { name } of [...have.attributes]) {
    if (!want.hasAttribute(name) && !ours.test(name) && name !== 'class') have.removeAttribute(name);
  }
  for (const { name, value } of want.attributes) {
    if (!ours.test(name) && name !== 'class' && have.getAttribute(name) !== value) have.setAttribute(name, value);
    if (ours.test(name) && !have.hasAttribute(name) && name !== 'open') have.setAttribute(name, value);
  }
  if (have.className !== classes.join(' ')) have.className = classes.join(' ');
}

/**
 * Whether a row keeps its words: it is open for editing, or has the focus and
 * somebody else has changed it. Its mark and its place follow all the same.
 */
function spared(have, want, state) {
  have.querySelector('.changed')?.remove();
  const open = have.matches('.is-open');
  const changed = have.dataset.version && want.dataset.version !== have.dataset.version && want.dataset.by !== me();
  if (!open && !(changed && have.contains(document.activeElement))) return false;
  for (const part of ['.mark', '.row-deeds']) {
    const [mine, theirs] = [have.querySelector(part), want.querySelector(part)];
    if (mine && theirs) become(mine, theirs, state);
  }
  if (changed) tell(have, want);
  else have.dataset.version = want.dataset.version;
  return true;
}

/** The name of whoever looks. */
export const me = () => document.querySelector('.who > a')?.firstChild.data;

function tell(row, want) {
  const open = row.matches('.is-open');
  const show = make(open ? 'a' : 'button', { className: 'plain-button' }, 'Show');
  const line = make('p', { className: 'changed' }, `Changed by ${want.dataset.by}. `, show);
  line.dataset.own = 'yes';
  if (open) Object.assign(show, { href: `/desk/items/${row.id.slice(5)}`, target: '_blank' });
  else show.addEventListener('click', () => {
    line.remove();
    bring(row, want);
    visit(row);
  });
  (open ? row : row.querySelector('.row-words') ?? row).append(line);
}
