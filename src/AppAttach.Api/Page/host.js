import { get } from './api.js';
import { button, el } from './dom.js';
import { badge, bytes, poolsOf, time } from './format.js';

export const kinds = ['hosts', 'plans', 'rollouts'];
export const read = name => get(`/hosts/${encodeURIComponent(name)}/story`);
export const title = story => story.host.hello.host;

const answers = new Map();

export function show(story, session, query, again) {
  const { host, packages } = story;
  const { hello } = host;
  return [
    el('section.panel', { 'data-key': 'head' }, el('div.head', null, el('h1', null, hello.host), badge(story.condition)),
      host.note ? el('p.error', null, host.note) : null,
      el('dl', null, ...poolsOf(hello).flatMap(pool => pair('Pool', el('a', { href: `#/hosts?pool=${encodeURIComponent(pool)}` }, pool))), ...pair('Last heard', time(host.lastSeenAt)), ...pair('First heard', time(host.firstSeenAt)),
        ...pair('System', `${hello.operatingSystem}, ${hello.architecture}`), ...pair('Listener', `${hello.listenerVersion}, mounts by ${hello.mounter}`),
        ...(hello.freeBytes === undefined ? [] : pair('Free space', bytes(hello.freeBytes))))),
    el('section.panel', { 'data-key': 'packages', 'aria-label': 'Packages' }, el('h2', null, 'What it has against what it should have'),
      packages.length ? el('ul.rows', null, packages.map(item => packageRow(item, hello.host, again))) : el('p.empty', null, 'It has nothing and should have nothing.')),
    el('section.panel', { 'data-key': 'commands', 'aria-label': 'Last outcomes' }, el('h2', null, 'Last outcomes'),
      host.commands.length ? el('ul.rows', null, [...host.commands].sort((a, b) => b.sentAt.localeCompare(a.sentAt)).map(commandRow)) : el('p.empty', null, 'Nothing was asked of it outside of rollouts.')),
  ];
}

function packageRow(item, host, again) {
  const right = item.wanted === item.actual || (item.wanted === 'staged' && item.actual === 'registered');
  const key = `${host} ${item.package}`;
  const why = answers.get(key);
  return el('li', { 'data-key': item.package },
    el('div.line', null, el(right ? 'span.badge.good' : 'span.badge.warn', null, right ? 'as it should be' : 'differs'), el('span.name', null, item.package),
      el('span.dim', null, `is ${item.actual}, should be ${item.wanted}`), button(why ? 'Hide why' : 'Why?', async () => {
        if (why) answers.delete(key);
        else answers.set(key, await get(`/hosts/${encodeURIComponent(host)}/packages/${encodeURIComponent(item.package)}/why`));
        again();
      })),
    item.code ? el('p.error', null, `${item.code}: ${item.message ?? ''}`) : null,
    why ? el('ol.timeline', null, why.steps.map(step => el(step.isDone ? 'li' : 'li.bad', { 'data-key': step.step },
      el('div.line', null, el('span.name', null, step.step), el('span.dim', null, step.isDone ? 'yes' : 'no'), time(step.at)), el('p.dim', null, step.detail)))) : null);
}

function commandRow(command) {
  return el('li', { 'data-key': command.commandId },
    el('div.line', null, badge(command.code ? 'failed' : command.result ? 'done' : 'waiting'), el('span.name', null, `${command.kind} ${command.packageFullName}`), time(command.completedAt ?? command.sentAt)),
    command.code ? el('p.error', null, `${command.code}: ${command.message ?? ''}${command.failures > 1 ? ` (${command.failures} times)` : ''}`) : null);
}

const pair = (name, value) => [el('dt', null, name), el('dd', null, value)];
