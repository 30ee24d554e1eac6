// What the demo page does beyond plain forms: it stays up to date, keeps its place, answers beside the button that was pressed, and
// changes between light and dark.

const find = (selector, inside = document) => inside.querySelector(selector);
const findAll = (selector, inside = document) => inside.querySelectorAll(selector);

// What the page says.

/** Says something beside the form it is about; screen readers read it out. What was said elsewhere goes. */
function say(area, text, isTrouble = false) {
  for (const other of findAll('.feedback')) if (other !== area) other.textContent = '';
  area.textContent = text;
  area.classList.toggle('trouble', isTrouble);
}

const feedbackOf = (element) => find('.feedback', element.closest('[data-area]'));

// Regions that change: what is equal stays as it is, so that focus, folds and scrolling stay, too.

function morph(from, to) {
  const keyed = new Map([...from.children].filter(({ id }) => id).map((child) => [child.id, child]));
  let place = from.firstChild;
  for (const wanted of [...to.childNodes]) {
    const named = wanted.id ? keyed.get(wanted.id) : undefined;
    const same = named ?? (place && isAlike(place, wanted) ? place : undefined);
    if (!same) {
      from.insertBefore(wanted, place);
      continue;
    }
    if (same === place) place = place.nextSibling;
    else from.insertBefore(same, place);
    if (same.nodeType !== Node.ELEMENT_NODE) same.data = wanted.data;
    else morphElement(same, wanted);
  }
  while (place) {
    const next = place.nextSibling;
    if (!place.classList?.contains('inside')) place.remove();
    place = next;
  }
}

const isAlike = (a, b) => a.nodeName === b.nodeName && !a.id && !b.id && !a.classList?.contains('inside');

function morphElement(element, wanted) {
  const isFold = element instanceof HTMLDetailsElement;
  const wasRunning = element.dataset.state === 'running';
  for (const { name } of [...element.attributes])
    if (!wanted.hasAttribute(name) && !(isFold && name === 'open')) element.removeAttribute(name);
  for (const { name, value } of wanted.attributes)
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  morph(element, wanted);
  if (isFold && wasRunning && element.dataset.state !== 'running') {
    find(':scope > .inside', element)?.remove();
    if (element.open) void unfold(element);
  }
}

function replaceRegion(id, markup) {
  const region = document.getElementById(id);
  if (!region) return;
  const wanted = document.createElement('div');
  wanted.innerHTML = markup;
  const hadFocus = region.contains(document.activeElement);
  morph(region, wanted);
  // What had the focus may be gone: the next Tab then goes on from here.
  if (hadFocus && !region.contains(document.activeElement)) {
    if (!region.hasAttribute('tabindex')) region.tabIndex = -1;
    region.focus({ preventScroll: true });
  }
}

/** Fetches what a fold holds. */
async function unfold(fold) {
  if (!fold.dataset.inside || find(':scope > .inside', fold)) return;
  const box = document.createElement('div');
  box.className = 'inside';
  fold.append(box);
  const answer = await fetch(fold.dataset.inside);
  box.innerHTML = answer.ok ? await answer.text() : '<p>It is gone.</p>';
}

document.addEventListener(
  'toggle',
  ({ target }) => {
    if (target instanceof HTMLDetailsElement && target.open) void unfold(target);
  },
  true,
);

// Controls show what can be done. One that cannot be pressed keeps the focus, and says why when it is pressed.

function allow(button, isPossible) {
  if (isPossible) button.removeAttribute('aria-disabled');
  else button.setAttribute('aria-disabled', 'true');
}

const primaries = ['acknowledge', 'close'];

function updateControls() {
  const screen = find('.screen-state');
  const can = new Set((screen?.dataset.can ?? '').split(' '));
  const primary = primaries.find((action) => can.has(action)) ?? '';
  const lost = find('#phone-actions button:focus');
  for (const button of findAll('#phone-actions button')) {
    const isPossible = can.has(button.dataset.action);
    allow(button, isPossible);
    // Both take something back, and share a place.
    if (button.dataset.action === 'undo-acknowledge') button.hidden = can.has('undo-close');
    if (button.dataset.action === 'undo-close') button.hidden = !isPossible;
    button.classList.toggle('primary', button.dataset.action === primary);
  }
  if (lost?.hidden) find('#phone-actions .undo:not([hidden])')?.focus({ preventScroll: true });
  find('#phone').classList.toggle('ringing', screen?.dataset.ringing === 'true');
  const canInSentinel = new Set((find('.incident-state')?.dataset.can ?? '').split(' '));
  for (const button of findAll('[data-needs="incident"]')) allow(button, canInSentinel.has(button.dataset.action));
  allow(find('[data-needs="step"]'), state.step !== undefined);
  find('[data-needs="step"]').title = state.step ? `Undoes: ${state.step}` : '';
}

// Settings change by other hands, too: by Start over and Undo.

const config = document.getElementById('config');
let state = JSON.parse(find('#state').textContent);

function showSettings() {
  const before = state;
  state = JSON.parse(find('#state').textContent);
  if (state.config !== before.config && config.value !== state.config) {
    config.value = state.config;
    showProblems([]);
  }
  find('[name="speed"]').value = String(state.speed);
  find('[name="person"]').value = state.person;
  for (const box of findAll('[data-trouble]')) box.checked = state.troubles.includes(box.dataset.trouble);
}

const changes = new EventSource('/changes');
changes.addEventListener('message', (event) => {
  for (const [id, markup] of Object.entries(JSON.parse(event.data))) replaceRegion(id, markup);
  showSettings();
  updateControls();
});
changes.addEventListener('error', () => {
  if (changes.readyState !== EventSource.CLOSED) return;
  say(find('#time .feedback'), 'The demo has ended. Start it again and reload this page.', true);
});

// Forms: one press does one thing, however often the button is hit meanwhile.

const busy = new Set();

async function send(form, button) {
  if (busy.has(form)) return;
  const feedback = feedbackOf(form);
  if (button?.getAttribute('aria-disabled') === 'true') return say(feedback, refusal(button), true);
  busy.add(form);
  button?.setAttribute('aria-busy', 'true');
  const body = new FormData(form, button);
  body.set('once', crypto.randomUUID());
  try {
    const address = button?.getAttribute('formaction') ?? form.getAttribute('action');
    const answer = await fetch(address, { method: 'POST', body, headers: { accept: 'application/json' } });
    const { message, ok, problems } = await answer.json();
    say(feedback, message, !ok);
    if (form.contains(config)) showProblems(problems);
    if (ok && form.closest('.story-card') && message === '' && narrow.matches)
      document.getElementById('phone').scrollIntoView();
    if (ok) for (const field of findAll('[name="note"], [name="comment"]', form)) field.value = '';
    else showSettings();
    if (ok && form.getAttribute('action').startsWith('/do/restart')) startOver();
  } catch {
    say(feedback, 'The demo does not answer. Is it still running?', true);
    showSettings();
  } finally {
    busy.delete(form);
    button?.removeAttribute('aria-busy');
  }
}

/** Why a button cannot be pressed now. */
function refusal(button) {
  if (button.dataset.needs === 'step') return 'Nothing has been done yet.';
  if (!find(button.closest('.phone') ? '.alert' : '.incident')) return 'Start an incident first.';
  return `“${button.textContent.trim()}” is not possible in this state.`;
}

/** What was typed and not sent belongs to the night before. */
function startOver() {
  for (const field of findAll('[name="note"], [name="comment"]')) field.value = '';
  config.value = state.config;
  showProblems([]);
}

document.addEventListener('submit', (event) => {
  event.preventDefault();
  void send(event.target, event.submitter);
});

document.addEventListener(
  'click',
  (event) => {
    // The second click of a double click, where the first has been answered already.
    if (event.detail > 1 && event.target.closest?.('form button')) event.preventDefault();
  },
  true,
);

document.addEventListener('keydown', (event) => {
  const button = event.target.closest?.('form button');
  if (button && event.repeat && (event.key === 'Enter' || event.key === ' ')) event.preventDefault();
  if (event.target === config && event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    config.form.requestSubmit();
  }
  if (event.key === 'Escape') takeBack(event.target);
});

/** Takes back what lies on top: a message, a fold, what was typed. */
function takeBack(target) {
  const fold = target.closest?.('details[open]');
  if (fold) {
    fold.open = false;
    find('summary', fold)?.focus();
  } else if (target.name === 'note' || target.name === 'comment') target.value = '';
  for (const feedback of findAll('.feedback')) feedback.textContent = '';
}

for (const form of findAll('form.autosend')) form.addEventListener('change', () => send(form, null));

// The config: line numbers, and each problem beside its line.

const lines = document.getElementById('config-lines');
const problemList = document.getElementById('config-problems');
let shownProblems = [];

function showProblems(problems) {
  shownProblems = problems;
  const source = config.value.split('\n');
  problemList.replaceChildren(
    ...problems.map(({ line, message }) => {
      const item = document.createElement('li');
      const place = document.createElement('button');
      place.type = 'button';
      place.textContent = `Line ${line}`;
      place.addEventListener('click', () => goToLine(line));
      const code = document.createElement('code');
      code.textContent = source[line - 1]?.trim() ?? '';
      const text = document.createElement('p');
      text.textContent = message;
      item.append(place, code, text);
      return item;
    }),
  );
  if (problems.length > 0) config.setAttribute('aria-invalid', 'true');
  else config.removeAttribute('aria-invalid');
  numberLines();
}

function numberLines() {
  const wrong = new Set(shownProblems.map(({ line }) => line));
  const count = config.value.split('\n').length;
  lines.replaceChildren(
    ...Array.from({ length: count }, (_, index) => {
      const number = document.createElement('span');
      number.textContent = String(index + 1);
      number.classList.toggle('wrong', wrong.has(index + 1));
      return number;
    }),
  );
  config.rows = Math.min(Math.max(count, 8), 40);
  placeProblems();
}

/** Each note at the height of its line; where two would meet, the second goes below the first. On a narrow screen they follow the text. */
function placeProblems() {
  let free = 0;
  const top = problemList.offsetTop;
  const isBeside = getComputedStyle(problemList).position === 'relative' && problemList.offsetLeft > config.offsetLeft;
  for (const [index, item] of [...problemList.children].entries()) {
    item.style.marginTop = '0';
    if (!isBeside) continue;
    const number = lines.children[shownProblems[index].line - 1];
    const wanted = Math.max(0, number.offsetTop - top - free);
    item.style.marginTop = `${wanted}px`;
    free += wanted + item.offsetHeight;
  }
}

function goToLine(line) {
  const before = config.value.split('\n').slice(0, line - 1);
  const start = before.reduce((sum, text) => sum + text.length + 1, 0);
  const end = config.value.indexOf('\n', start);
  config.focus();
  config.setSelectionRange(start, end < 0 ? config.value.length : end);
}

config.addEventListener('input', () => {
  // Notes about lines that have moved would be beside other lines.
  if (config.value.split('\n').length !== lines.childElementCount) showProblems([]);
});
addEventListener('resize', placeProblems);

// On a narrow screen the phone comes first. It moves in the document, so that Tab goes the way that the eye goes.

const narrow = matchMedia('(max-width: 1000px)');
const stage = find('.stage');

function placePhone() {
  const phone = document.getElementById('phone');
  const focused = phone.contains(document.activeElement) ? document.activeElement : undefined;
  if (narrow.matches) stage.insertBefore(phone, document.getElementById('sentinel'));
  else stage.append(phone);
  focused?.focus({ preventScroll: true });
}

narrow.addEventListener('change', placePhone);

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
placePhone();
showProblems([]);
updateControls();
