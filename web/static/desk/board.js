// What an issue's page and the inbox have besides: moves, tabs, others.

import './drag.js';
import { arrows, current, keys } from './desk.js';
import { start as startEditor } from './editor.js';
import { add, leave, nextSection, place, refresh, step, undo } from './moves.js';
import { start as startEvents } from './events.js';

keys.u = () => { undo(); return true; };

keys.m = () => {
  const row = current(), opener = row?.querySelector('a[href*="/move"]');
  if (opener) opener.click();
  return Boolean(opener);
};

/** Adds a slip to the n-th section of the next issue. */
keys.digit = (n) => {
  const slip = current();
  if (!slip?.matches('.slips > li')) return false;
  const section = document.querySelectorAll('.board-section')[n - 1], choices = document.querySelector('#bulk [name="section"]')?.options;
  const choice = choices?.[n - 1], [issue] = choices?.[0]?.label.match(/^\d+(?=: )/) ?? document.querySelector('.places a').pathname.match(/\d+/) ?? [];
  if (section && slip.querySelector('.handle')) add(slip, section);
  else if (choice && issue) leave(slip, 'move', { issue, section: choice.value });
  return Boolean(section || choice);
};

const onBoard = (row) => row.matches('.board-row') && row.querySelector('.handle');

arrows.step = (row, to) => { if (onBoard(row)) step(row, to); };

arrows.section = (row, to) => {
  const section = onBoard(row) && nextSection(row, to);
  if (section) place(row, section, to === 'up' ? 'last' : '');
};

const narrow = matchMedia('(max-width: 60rem)');
let shown = 'issue';

const tabs = () => [...document.querySelectorAll('.parts a')];
const panelOf = (tab) => document.getElementById(tab.hash.slice(1));

function show(id) {
  if (tabs().some((tab) => tab.hash === `#${id}`)) shown = id;
  const list = document.querySelector('.parts ul');
  if (tabs().length < 2) return;
  const set = (node, name, value) => (narrow.matches ? node.setAttribute(name, value) : node.removeAttribute(name));
  set(list, 'role', 'tablist');
  for (const tab of tabs()) {
    const here = tab.hash === `#${shown}`, panel = panelOf(tab);
    set(tab.parentNode, 'role', 'presentation');
    set(tab, 'role', 'tab');
    set(tab, 'aria-selected', here);
    set(tab, 'aria-controls', panel.id);
    set(tab, 'tabindex', here ? 0 : -1);
    set(panel, 'role', 'tabpanel');
    panel.hidden = narrow.matches && !here;
  }
}

function follow() {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  const tab = target && tabs().find((one) => panelOf(one).contains(target));
  if (!tab) return;
  show(tab.hash.slice(1));
  if (narrow.matches) target.scrollIntoView();
}

function pressed(event) {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key], all = tabs();
  if (!by || !event.target.matches('[role="tab"]')) return;
  const to = all.at((all.indexOf(event.target) + by) % all.length);
  show(to.hash.slice(1));
  to.focus();
  event.preventDefault();
}

/** On a narrow window the links to the parts are tabs: one part is shown at a time. */
function startTabs() {
  show(shown);
  follow();
  addEventListener('hashchange', follow);
  narrow.addEventListener('change', () => show(shown));
  document.addEventListener('reconciled', () => show(shown));
  document.addEventListener('keydown', pressed);
  document.addEventListener('click', (event) => {
    const tab = event.target.closest('.parts a[role="tab"]');
    if (!tab) return;
    event.preventDefault();
    show(tab.hash.slice(1));
  });
}

startTabs();
startEvents();
if (document.querySelector('.board')) startEditor();
document.addEventListener('desk:changed', refresh);
