// Asks for what is new once a second and shows it as text: whatever an event holds, it never becomes markup.

const SHOWN = 200;
const EVERY_MS = 1000;
const COUNTS = ['received', 'stored', 'duplicates', 'rejected', 'waiting', 'pending'];

const state = document.getElementById('state');
const counts = document.getElementById('counts');
const events = document.getElementById('events');
const empty = document.getElementById('empty');
const pause = document.getElementById('pause');

const number = new Intl.NumberFormat('en');
let after = 0;
let paused = false;

for (const name of COUNTS) {
  const group = document.createElement('div');
  const term = document.createElement('dt');
  const value = document.createElement('dd');
  term.textContent = name;
  value.textContent = '0';
  value.id = `count-${name}`;
  group.append(term, value);
  counts.append(group);
}

pause.addEventListener('click', () => {
  paused = !paused;
  pause.setAttribute('aria-pressed', String(paused));
  pause.textContent = paused ? 'Go on' : 'Pause';
  if (paused) state.textContent = 'Paused';
});

const joined = (mark, ...parts) =>
  parts.some((part) => part !== undefined && part !== '') ? parts.map((part) => part ?? '-').join(mark) : '';

function cellsOf({ received_at, outcome, source, kind, format, said, reason, detail }) {
  return [
    received_at.slice(11, 23),
    outcome,
    source,
    said.event ?? kind ?? format,
    `${said.page_host ?? ''}${said.page_path ?? ''}`,
    joined(' / ', said.utm_source, said.utm_medium, said.utm_campaign),
    said.sku ?? said.product_id ?? '',
    said.consent ?? '',
    said.is_bot === true ? 'bot' : '',
    reason === null ? '' : joined(': ', reason, detail ?? ''),
  ];
}

function rowOf(fate) {
  const row = document.createElement('tr');
  row.append(
    ...cellsOf(fate).map((text, at) => {
      const cell = document.createElement('td');
      cell.textContent = String(text);
      if (at === 1) cell.className = fate.outcome;
      return cell;
    }),
  );
  return row;
}

function show(answer) {
  // A server that was started anew counts from the beginning.
  if (answer.next < after) {
    after = 0;
    events.replaceChildren();
    return;
  }
  after = answer.next;
  for (const fate of answer.fates) events.prepend(rowOf(fate));
  while (events.childElementCount > SHOWN) events.lastElementChild.remove();
  empty.hidden = events.childElementCount > 0;
  for (const name of COUNTS) {
    const value = answer.counts?.[name];
    if (value !== undefined) document.getElementById(`count-${name}`).textContent = number.format(value);
  }
}

async function ask() {
  if (!paused) {
    try {
      const response = await fetch(`/live/events?after=${after}`);
      if (!response.ok) throw new Error(String(response.status));
      show(await response.json());
      const now = 'Watching';
      if (state.textContent !== now) state.textContent = now;
    } catch {
      state.textContent = 'The server does not answer';
    }
  }
  setTimeout(ask, EVERY_MS);
}

void ask();
