import { get } from './api.js';
import { el } from './dom.js';
import { badge, time } from './format.js';
import { packageRow } from './overview.js';
import { rolloutRow } from './rings.js';

const page = 100;

/** A list with a page size and a way to its next page; filters lie in the address, so that a link keeps them. */
function list(kinds, path, name, rows) {
  return {
    kinds,
    title: () => name,
    read: (_, query) => get(`${path}?${new URLSearchParams({ limit: page, ...Object.fromEntries(query) })}`),
    show(data, _, query) {
      const next = new URLSearchParams(query);
      if (data.after) next.set('after', data.after);
      const first = new URLSearchParams(query);
      first.delete('after');
      const where = location.hash.split('?')[0];
      return [el('section.panel', { 'data-key': name, 'aria-label': name },
        el('div.head', null, el('h1', null, name), el('span.dim', null, `${data.total}`), ...[...first].map(([key, value]) => el('a.badge', { href: where, title: 'Show all' }, `${key}: ${value} ×`))),
        data.items.length ? rows(data.items) : el('p.empty', null, 'There is nothing here.'),
        el('div.head', null, query.has('after') ? el('a', { href: `${where}?${first}` }, 'First page') : null, data.after ? el('a', { href: `${where}?${next}` }, 'Next page') : null))];
    },
  };
}

const table = (columns, rows) => el('div.scroll', { tabindex: '0', role: 'region', 'aria-label': 'Table' },
  el('table', null, el('thead', null, el('tr', null, columns.map(column => el('th', { scope: 'col' }, column)))), el('tbody', null, rows)));

export const packages = list(['packages'], '/packages', 'Packages', items => el('ul.rows', null, items.map(packageRow)));

export const rollouts = list(['rollouts'], '/rollouts', 'Rollouts', items => el('ul.rows', null, items.map(item => rolloutRow(summary(item)))));

/** A rollout's document as the overview has it. */
function summary(rollout) {
  const underWay = ['running', 'paused'].includes(rollout.state);
  return { ...rollout, rings: rollout.rings.map(ring => ({ ...ring.tally, name: ring.definition.name, gate: ring.definition.gate, phase: ring.phase,
    standing: ring.phase === 'passed' || rollout.state === 'completed' ? 'done' : ring.phase === 'waiting' ? 'waiting' : underWay ? 'now' : 'failed' })) };
}

export const hosts = list(['hosts'], '/hosts', 'Hosts', items => table(['Host', 'Pool', 'Last heard', 'Packages', 'Note'], items.map(host => {
  const failed = host.commands.filter(command => command.code);
  return el('tr', { 'data-key': host.hello.host },
    el('td', null, el('a', { href: `#/hosts/${encodeURIComponent(host.hello.host)}` }, host.hello.host)), el('td', null, host.hello.pool), el('td', null, time(host.lastSeenAt)),
    el('td', null, String(host.hello.inventory.length)), el('td', null, host.note ?? failed.map(command => `${command.kind}: ${command.code}`).join(', ')));
})));

export const audit = list(['requests'], '/audit', 'Audit', items => table(['When', 'Who', 'Asked for', 'Of', 'Answer'], items.map(({ request, reply, receivedAt }) =>
  el('tr', { 'data-key': request.id }, el('td', null, time(receivedAt)), el('td', null, request.requestedBy), el('td', null, request.verb.replaceAll('-', ' ')),
    el('td', null, [request.package, request.family, request.pool, request.host].filter(Boolean).join(' ') || request.rolloutId),
    el('td', null, reply ? badge(reply.isAccepted ? 'done' : 'failed') : null, ' ', reply?.message ?? 'not answered yet')))));
