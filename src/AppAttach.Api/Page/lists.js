import { get, replay } from './api.js';
import { confirm } from './confirm.js';
import { button, el } from './dom.js';
import { poolsOf, time } from './format.js';
import { packageRow } from './overview.js';
import { rolloutRow } from './rings.js';

const page = 100;

/** A list with a page size and a way to its next page; filters lie in the address, so that a link keeps them. */
function list(kinds, path, name, rows, searches) {
  return {
    kinds,
    title: () => name,
    read: (_, query) => get(`${path}?${new URLSearchParams({ limit: page, ...Object.fromEntries(query) })}`),
    show(data, session, query, _, again) {
      const next = new URLSearchParams(query);
      if (data.after) next.set('after', data.after);
      const first = new URLSearchParams(query);
      first.delete('after');
      const where = location.hash.split('?')[0];
      const without = key => {
        const others = new URLSearchParams(first);
        others.delete(key);
        return `${where}${others.size ? `?${others}` : ''}`;
      };
      return [el('section.panel', { 'data-key': name, 'aria-label': name },
        el('div.head', null, el('h1', null, name), el('span.dim', null, data.total.toLocaleString()),
          ...[...first].filter(([key]) => key !== 'search').map(([key, value]) =>
            el('a.badge', { href: without(key), 'aria-label': `Show all, not only ${key} ${value}` }, `${key}: ${value} ×`)),
          searches ? search(searches, first, where) : null),
        data.items.length ? rows(data.items, session, again) : el('p.empty', null, query.size ? 'Nothing fits.' : 'There is nothing here.'),
        query.has('after') || data.after
          ? el('div.head.pages', null, query.has('after') ? el('a', { href: `${where}?${first}` }, 'First page') : null, data.after ? el('a', { href: `${where}?${next}` }, 'Next page') : null) : null)];
    },
  };
}

/** A field that keeps what has its text in it; the address changes when the typing rests. */
function search(label, query, where) {
  const field = el('input.search', { type: 'search', 'aria-label': `Search ${label}`, placeholder: `Search ${label}`, 'data-key': 'search', value: query.get('search') });
  let timer = 0;
  field.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const wanted = new URLSearchParams(location.hash.split('?')[1]);
      wanted.delete('after');
      if (field.value.trim()) wanted.set('search', field.value.trim());
      else wanted.delete('search');
      location.replace(`${where}${wanted.size ? `?${wanted}` : ''}`);
    }, 300);
  });
  return field;
}

/** A table. A phone shows each row as a block of its own; the roles keep it a table for screen readers there. */
function table(columns, rows) {
  for (const row of rows) {
    row.setAttribute('role', 'row');
    [...row.children].forEach((cell, index) => {
      cell.setAttribute('role', 'cell');
      cell.dataset.label = columns[index];
    });
  }
  return el('table', { role: 'table' }, el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' }, columns.map(column => el('th', { scope: 'col', role: 'columnheader' }, column)))),
    el('tbody', { role: 'rowgroup' }, rows));
}

export const packages = list(['packages'], '/packages', 'Packages', items => el('ul.rows', null, items.map(packageRow)), 'names');

export const rollouts = list(['rollouts', 'rollout-hosts'], '/rollouts', 'Rollouts', items => el('ul.rows', null, items.map(rolloutRow)), 'packages and pools');

export const hosts = list(['hosts'], '/hosts', 'Hosts', items => table(['Host', 'Pool', 'Last heard', 'Packages', 'Note'], items.map(host => {
  const failed = host.commands.filter(command => command.code);
  return el('tr', { 'data-key': host.hello.host },
    el('td', null, el('a', { href: `#/hosts/${encodeURIComponent(host.hello.host)}` }, host.hello.host)), el('td', null, poolsOf(host.hello).join(', ')), el('td', null, time(host.lastSeenAt)),
    el('td', null, String(host.hello.inventory.length)), el('td', null, host.note ?? failed.map(command => `${command.kind}: ${command.code}`).join(', ')));
})), 'names');

export const audit = list(['requests'], '/audit', 'Audit', items => table(['When', 'Who', 'Asked for', 'Of', 'Answer'], items.map(({ request, reply, receivedAt }) =>
  el('tr', { 'data-key': request.id }, el('td', null, time(receivedAt)), el('td', null, request.requestedBy), el('td', null, request.verb.replaceAll('-', ' '), request.reason ? el('p.dim', null, request.reason) : null),
    el('td', null, [request.package, request.family, request.pool, request.host].filter(Boolean).join(' ') || request.rolloutId),
    el('td', null, !reply ? null : el(reply.isAccepted ? 'span.badge.good' : 'span.badge.bad', null, reply.isAccepted ? 'taken' : reply.code ?? 'refused'), ' ', reply?.message ?? 'not answered yet')))));

export const deadLetters = list([], '/dead-letters', 'Dead letters', (items, session, again) => table(['Where', 'Why', 'Message', 'Sent', ''], items.map(letter =>
  el('tr', { 'data-key': `${letter.entity} ${letter.sequenceNumber}` }, el('td', null, letter.entity),
    el('td', null, el('span.badge.bad', null, letter.reason ?? 'no reason'), ' ', letter.description),
    el('td', null, el('details', null, el('summary', null, letter.messageId ?? `number ${letter.sequenceNumber}`), el('pre', { tabindex: '0' }, letter.body))), el('td', null, time(letter.enqueuedAt)),
    el('td', null, session.role === 'operator' ? button('Put back', () => putBack(letter, again)) : null)))));

function putBack(letter, again) {
  confirm(`Put the message back into ${letter.entity}?`, 'It is handled again as if it had just come. If what kept it from being handled is not mended, it comes back here.', 'Put back', async () => {
    await replay(letter.entity, [letter.sequenceNumber]);
    again();
  });
}
