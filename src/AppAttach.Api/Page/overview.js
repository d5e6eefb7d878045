import { get } from './api.js';
import { el } from './dom.js';
import { badge, bytes, time } from './format.js';
import { rolloutRow } from './rings.js';

const steps = ['verifying', 'converting', 'replicating', 'released'];

export const kinds = ['packages', 'releases', 'rollouts', 'rollout-hosts', 'hosts', 'assignments'];
export const read = () => get('/overview');
export const title = () => 'Overview';

export function show(fleet) {
  return [
    attention(fleet.attention),
    el('div.columns', { 'data-key': 'columns' },
      panel('Rollouts', '#/rollouts', el('ul.rows', null, fleet.rollouts.map(rolloutRow)), fleet.rollouts.length, 'No rollout yet: a release that is assigned to a pool starts one.'),
      panel('Packages', '#/packages', el('ul.rows', null, fleet.packages.map(packageRow)), fleet.packages.length, 'Nothing was dropped yet. Drop a package anywhere on this page.')),
    el('div.columns', { 'data-key': 'columns-2' },
      panel('Hosts', '#/hosts', el('ul.rows', null, fleet.pools.map(poolRow)), fleet.pools.length, 'No pool is set up.'),
      panel('Regions', null, el('ul.rows', null, fleet.regions.map(regionRow)), fleet.regions.length, 'No region is set up.')),
  ];
}

function panel(name, all, content, count, empty) {
  return el('section.panel', { 'data-key': name, 'aria-label': name },
    el('div.head', null, el('h2', null, name), all ? el('a.end', { href: all, 'aria-label': `All ${name.toLowerCase()}` }, 'All') : null), count ? content : el('p.empty', null, empty));
}

function attention(items) {
  if (!items.length) {
    return el('section.panel.attention.calm', { 'data-key': 'attention', 'aria-label': 'Needs you' }, el('p', null, 'Nothing needs you.'));
  }
  return el('section.panel.attention', { 'data-key': 'attention', 'aria-label': 'Needs you' }, el('h2', null, 'Needs you'), el('ul.rows', null, items.map(item => {
    const key = encodeURIComponent(item.key);
    const target = { hosts: `#/hosts?condition=${key}`, 'dead-letters': `#/dead-letters?entity=${key}` }[item.view] ?? `#/${item.view}s/${key}`;
    return el('li', { 'data-key': `${item.view} ${item.key} ${item.title} ${item.code}` },
      el('div.line', null, item.code ? el('span.badge.bad', null, item.code) : null, el('a.name', { href: target }, item.title), time(item.at)),
      el('p', null, item.message), el('p.next', null, item.nextStep));
  })));
}

export function packageRow(item) {
  const at = steps.indexOf(item.state);
  const bad = ['rejected', 'failed'].includes(item.state);
  return el('li', { 'data-key': item.id },
    el('div.line', null, badge(item.state), el('a.name', { href: `#/packages/${encodeURIComponent(item.id)}` }, item.package?.fullName ?? item.drop), time(item.startedAt)),
    at >= 0 && item.state !== 'released' ? el('div.steps', { role: 'img', 'aria-label': `Step ${at + 1} of ${steps.length}` },
      steps.map((_, step) => el(step < at ? 'i.done' : step === at ? 'i.now' : 'i'))) : null,
    item.code ? el('p', { class: bad ? 'error' : 'dim' }, `${item.code}: ${item.message}`) : el('p.dim', null, `${item.drop}, ${bytes(item.sizeBytes)}`));
}

function poolRow(pool) {
  const states = Object.entries(pool.states).filter(([, count]) => count > 0);
  return el('li', { 'data-key': pool.name },
    el('div.line', null, el('a.name', { href: `#/hosts?pool=${encodeURIComponent(pool.name)}` }, pool.name), el('span.dim', null, pool.region ?? 'pool is not known'), el('span.end', null, `${pool.hosts.toLocaleString()} hosts`)),
    el('div.bar', { 'aria-hidden': 'true' }, states.map(([state, count]) => {
      const part = el(`i.${state}`, { 'data-key': state });
      part.style.width = `${100 * count / pool.hosts}%`;
      return part;
    })),
    legend(states));
}

export function legend(states, kind = '') {
  return el(kind ? `div.legend.${kind}` : 'div.legend', null, states.map(([state, count]) => el('span', { 'data-key': state }, el(`i.${state}`), `${count.toLocaleString()} ${state}`)));
}

function regionRow(region) {
  return el('li', { 'data-key': region.name },
    el('div.line', null, el('span.name', null, region.name), el('span.end', null, `${region.copies} of ${region.releases} releases verified, ${bytes(region.sizeBytes)}`)));
}
