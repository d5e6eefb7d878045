import { follow, get, signIn, signOut } from './api.js';
import { el, morph } from './dom.js';
import { allowDrops } from './drop.js';
import * as host from './host.js';
import { audit, deadLetters, hosts, packages, rollouts } from './lists.js';
import * as overview from './overview.js';
import * as packageView from './package.js';
import * as rollout from './rollout.js';

// At most one look at the host a second, however much changes, and one at a time.
const pause = 1000;
// What no change tells of, such as hosts that fell silent, is seen at the latest after this time.
const longest = 30000;
const main = document.getElementById('view');
const live = document.getElementById('live');
const lists = { '': overview, packages, rollouts, hosts, audit, 'dead-letters': deadLetters };
const details = { packages: packageView, rollouts: rollout, hosts: host };

let session = null;
let route = null;
let busy = false;
let dirty = false;
let lastLook = 0;

function parse() {
  const [path, search = ''] = (location.hash.replace(/^#\/?/, '')).split('?');
  const [section, key] = path.split('/', 2);
  const query = new URLSearchParams(search);
  return key ? { section, view: details[section], key: decodeURIComponent(key), query } : { section, view: lists[section], key: null, query };
}

function go() {
  const before = route;
  route = parse();
  const isSameView = before && before.view === route.view && before.key === route.key;
  for (const link of document.querySelectorAll('nav a')) {
    if (link.dataset.view === (route.section || 'overview')) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  if (!isSameView) {
    main.replaceChildren(el('p.empty', null, 'Loading'));
    scrollTo(0, 0);
    // Whoever came by keyboard or screen reader goes on in the new view, not at the page's top.
    if (before) main.focus({ preventScroll: true });
  }
  look();
}

/** Reads what the view needs and shows it; a change that comes meanwhile makes it look once more. */
async function look() {
  if (busy) {
    dirty = true;
    return;
  }
  busy = true;
  const asked = route;
  try {
    if (!asked.view) throw new Error('There is no such view.');
    const data = await asked.view.read(asked.key, asked.query);
    if (asked === route) {
      const render = () => morph(main, asked.view.show(data, session, asked.query, render, () => schedule(0)));
      performance.mark('show');
      render();
      performance.measure('render', 'show');
      document.title = `${asked.view.title(data)} - AppAttach`;
    }
  } catch (problem) {
    if (problem.status === 401) return askToSignIn(problem);
    if (asked === route) main.replaceChildren(el('section.panel', null, el('h1', null, 'That did not work'), el('p.error', { role: 'alert' }, `${problem.code ? `${problem.code}: ` : ''}${problem.message}`)));
  } finally {
    busy = false;
    lastLook = performance.now();
    clearTimeout(idle);
    idle = setTimeout(look, longest);
    if (dirty || asked !== route) {
      dirty = false;
      schedule(asked === route ? pause : 0);
    }
  }
}

let idle = 0;
let timer = 0;
function schedule(delay) {
  if (!timer) timer = setTimeout(() => { timer = 0; look(); }, delay);
}

function changed(notice) {
  if (notice.isReset || notice.changes.some(change => route.view?.kinds.includes(change.kind))) {
    schedule(Math.max(0, pause - (performance.now() - lastLook)));
  }
}

/** Goes where the host says that people sign in, but not round and round; otherwise asks for a key. */
function askToSignIn(problem) {
  const last = Number(sessionStorage.getItem('signing-in') ?? 0);
  if (!problem.signIn) return askForKey();
  if (Date.now() - last > 30000) {
    sessionStorage.setItem('signing-in', String(Date.now()));
    location.assign(problem.signIn);
    return;
  }
  main.replaceChildren(el('section.panel', null, el('h1', null, 'You are not signed in'), el('p.error', { role: 'alert' }, problem.message), el('p', null, el('a', { href: problem.signIn }, 'Sign in'))));
}

function askForKey() {
  const key = el('input', { type: 'password', id: 'key', autocomplete: 'current-password', required: true });
  const error = el('p.error', { role: 'alert' });
  const form = el('form.sign-in', null, el('h1', null, 'Sign in'), el('label', { for: 'key' }, 'Key of a reader or an operator (on the host: the files in keys/api)'), key, error,
    el('div.buttons', null, el('button.primary', { type: 'submit' }, 'Sign in')));
  form.addEventListener('submit', async event => {
    event.preventDefault();
    try {
      await signIn(key.value.trim());
      await start();
    } catch (problem) {
      error.textContent = problem.message;
    }
  });
  main.replaceChildren(el('section.panel', null, form));
  live.textContent = 'signed out';
  live.className = 'live';
  key.focus();
}

let source = null;
async function start() {
  try {
    session = await get('/session');
  } catch (problem) {
    if (problem.status === 401) return askToSignIn(problem);
    live.textContent = 'offline';
    live.className = 'live off';
    main.replaceChildren(el('section.panel', null, el('p.error', { role: 'alert' }, problem.message)));
    return;
  }
  if (session.role === 'operator') allowDrops();
  const out = document.getElementById('sign-out');
  out.hidden = session.proof === 'machine';
  out.onclick = async () => {
    if (session.signOutPath) return location.assign(session.signOutPath);
    await signOut();
    location.reload();
  };
  source?.close();
  source = follow(changed, on => {
    live.textContent = on ? 'live' : 'reconnecting';
    live.className = on ? 'live on' : 'live off';
  });
  go();
}

addEventListener('hashchange', () => session && go());
// The address is the view's: a link to the content must not change it.
document.querySelector('.skip').onclick = event => {
  event.preventDefault();
  main.focus();
};
start();
