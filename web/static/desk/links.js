// The rows of an item's links: an address and its text each, in order.

const rows = (form) => [...form.querySelectorAll('.editor-links > li')];
const fields = (row) => row.querySelectorAll('input');

/** Adds an empty row: the form's template, whose number 0 becomes the row's. */
function add(form) {
  const row = form.querySelector('template').content.firstElementChild.cloneNode(true);
  const number = rows(form).length + 1;
  for (const part of row.querySelectorAll('*')) {
    for (const { name, value } of [...part.attributes]) part.setAttribute(name, value.replace(/\b0\b/, number));
    if (part.matches('label')) part.textContent = part.textContent.replace('0', number);
  }
  form.querySelector('.editor-links').append(row);
  return row;
}

/** Gives a form a row for each pair of address and text; one at least. */
export function fill(form, pairs) {
  while (rows(form).length < pairs.length) add(form);
  rows(form).forEach((row, i) => {
    if (i && i >= pairs.length) return row.remove();
    fields(row).forEach((field, k) => { field.value = pairs[i]?.[k] ?? ''; });
  });
}

/** Does what a button of the links says, and keeps the focus with the link. */
export function press(form, { dataset: { link: what } }, row) {
  if (what === 'add') return fields(add(form))[0].focus();
  const pairs = rows(form).map((each) => [...fields(each)].map((field) => field.value));
  const at = rows(form).indexOf(row);
  const to = { up: at - 1, down: at + 1, remove: Math.max(0, at - 1) }[what];
  const [pair] = pairs.splice(at, 1);
  if (what !== 'remove') pairs.splice(to, 0, pair);
  fill(form, pairs);
  fields(rows(form)[to])[0].focus();
}
