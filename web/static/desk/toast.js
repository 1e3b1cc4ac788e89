// What was done, said twice: in a live region for screen readers, and in a
// strip at the foot of the window with a button that takes it back.

/** How long the strip stays, in milliseconds; not while pointer or focus are on it. */
const stay = 8_000;

const region = document.body.appendChild(Object.assign(document.createElement('p'), { className: 'hidden' }));
region.setAttribute('role', 'status');

/** Has screen readers say something. */
export function say(words) {
  region.textContent = '';
  requestAnimationFrame(() => { region.textContent = words; });
}

let strip, timer;

/** Takes the strip away. */
export function hush() {
  clearTimeout(timer);
  strip?.remove();
}

/** Shows words beside a button. What is wrong stays until it is closed. */
export function toast(words, label, press, wrong = false) {
  hush();
  strip = Object.assign(document.createElement('section'), { className: wrong ? 'toast is-bad' : 'toast' });
  strip.setAttribute('aria-label', 'What was done');
  const button = Object.assign(document.createElement('button'), { type: 'button', textContent: label });
  button.addEventListener('click', () => { hush(); press?.(); });
  strip.append(Object.assign(document.createElement('p'), { textContent: words }), button);
  document.body.append(strip);
  if (wrong) return;
  const wait = () => { clearTimeout(timer); timer = setTimeout(hush, stay); };
  for (const event of ['pointerenter', 'focusin']) strip.addEventListener(event, () => clearTimeout(timer));
  for (const event of ['pointerleave', 'focusout']) {
    strip.addEventListener(event, () => { if (!strip.matches(':hover, :focus-within')) wait(); });
  }
  wait();
}
