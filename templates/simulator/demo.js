// What the demo page does beyond plain forms: it stays up to date, keeps its place, and changes between light and dark.

const message = document.getElementById('message');

/** Says something to the person; screen readers read it out. */
function say(text, isTrouble = false) {
  message.textContent = text;
  message.classList.toggle('trouble', isTrouble);
}

// Regions that change.

/** What is unfolded, by id, with what was fetched for it. */
const unfolded = new Map();

function replaceRegion(id, markup) {
  const region = document.getElementById(id);
  if (!region) return;
  const focused = region.contains(document.activeElement) ? document.activeElement.id : '';
  const place = region.scrollTop;
  region.innerHTML = markup;
  for (const [unfoldedId, inside] of unfolded) {
    const details = region.querySelector(`#${CSS.escape(unfoldedId)}`);
    if (!details) continue;
    if (details.dataset.inside && inside && details.dataset.state !== 'running') fill(details, inside);
    details.open = true;
  }
  region.scrollTop = place;
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

function fill(details, inside) {
  details.querySelector(':scope > .inside')?.remove();
  const box = document.createElement('div');
  box.className = 'inside';
  box.innerHTML = inside;
  details.append(box);
}

document.addEventListener(
  'toggle',
  async (event) => {
    const details = event.target;
    if (!(details instanceof HTMLDetailsElement)) return;
    if (!details.open) {
      unfolded.delete(details.id);
      return;
    }
    if (!unfolded.has(details.id)) unfolded.set(details.id, '');
    if (!details.dataset.inside || details.querySelector(':scope > .inside')) return;
    const answer = await fetch(details.dataset.inside);
    const inside = answer.ok ? await answer.text() : '<p>It is gone.</p>';
    unfolded.set(details.id, inside);
    const shown = document.getElementById(details.id);
    if (shown) fill(shown, inside);
  },
  true,
);

function updateControls() {
  const state = document.querySelector('.screen-state');
  const can = new Set((state?.dataset.can ?? '').split(' '));
  for (const button of document.querySelectorAll('#phone-actions button')) {
    const isPossible = can.has(button.dataset.action);
    button.disabled = !isPossible;
    button.hidden = button.classList.contains('undo') && !isPossible;
  }
  document.querySelector('.phone').classList.toggle('ringing', state?.dataset.ringing === 'true');
  const hasIncident = document.querySelector('.incident') !== null;
  for (const control of document.querySelectorAll('.analyst :is(button, input, select)'))
    control.disabled = !hasIncident;
}

const changes = new EventSource('/changes');
changes.addEventListener('message', (event) => {
  for (const [id, markup] of Object.entries(JSON.parse(event.data))) replaceRegion(id, markup);
  updateControls();
});
changes.addEventListener('error', () => {
  if (changes.readyState === EventSource.CLOSED) say('The demo has ended. Start it again and reload this page.', true);
});

// Forms.

async function send(form, button) {
  const data = new FormData(form, button);
  const address = button?.getAttribute('formaction') ?? form.getAttribute('action');
  try {
    const answer = await fetch(address, { method: 'POST', body: data, headers: { accept: 'application/json' } });
    const { message: text, ok } = await answer.json();
    say(text, !ok);
    for (const field of form.querySelectorAll('input[name="note"], input[name="comment"]')) if (ok) field.value = '';
    return ok;
  } catch {
    say('The demo does not answer. Is it still running?', true);
    return false;
  }
}

document.addEventListener('submit', async (event) => {
  const form = event.target;
  event.preventDefault();
  const button = event.submitter;
  button?.setAttribute('aria-busy', 'true');
  const ok = await send(form, button);
  button?.removeAttribute('aria-busy');
  if (ok && form.getAttribute('action') === '/do/restart') location.reload();
});

for (const form of document.querySelectorAll('form.autosend')) form.addEventListener('change', () => send(form, null));

// Return in a note must not press the first button that happens to be possible.
document.querySelector('#phone-actions input').addEventListener('keydown', (event) => {
  if (event.key === 'Enter') event.preventDefault();
});

// Light and dark.

const theme = document.getElementById('theme');
const isDark = () =>
  (document.documentElement.dataset.theme ??
    (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';

function showTheme(name) {
  if (name) document.documentElement.dataset.theme = name;
  theme.textContent = isDark() ? 'Light' : 'Dark';
}

theme.addEventListener('click', () => {
  const name = isDark() ? 'light' : 'dark';
  localStorage.setItem('theme', name);
  showTheme(name);
});

document.documentElement.classList.add('scripted');
showTheme(localStorage.getItem('theme') ?? undefined);
updateControls();
