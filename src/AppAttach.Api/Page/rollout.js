import { ask, get } from './api.js';
import { confirm } from './confirm.js';
import { button, el } from './dom.js';
import { badge, time } from './format.js';
import { hostGrid, tones } from './grid.js';
import { legend } from './overview.js';
import { strip } from './rings.js';

export const kinds = ['rollouts', 'rollout-hosts'];
export const read = id => get(`/rollouts/${encodeURIComponent(id)}/grid`);
export const title = data => `${data.rollout.package.fullName} to ${data.rollout.pool}`;

export function show(data, session) {
  const { rollout, rings, failures } = data;
  return [
    el('section.panel', { 'data-key': 'head' },
      el('div.head', null, el('h1', null, title(data)), badge(rollout.state), session.role === 'operator' ? actions(rollout) : null),
      el('p.dim', null, `Asked for by ${rollout.requestedBy ?? 'the settings'}, began `, time(rollout.startedAt, true)),
      rollout.message ? el('p', { class: ['halted', 'failed'].includes(rollout.state) ? 'error' : 'dim' }, `${rollout.code ? `${rollout.code}: ` : ''}${rollout.message}`) : null,
      strip(rollout)),
    failures.length ? failed(failures) : null,
    ...rings.map((ring, index) => ringPanel(ring, rollout.rings[index], !['running', 'paused'].includes(rollout.state))),
  ].filter(Boolean);
}

function actions(rollout) {
  const target = { rolloutId: rollout.id };
  const name = rollout.package.fullName;
  const underWay = ['running', 'paused'].includes(rollout.state);
  const back = () => confirm(`Roll back ${name}?`,
    underWay ? `Every host of ${rollout.pool} that has it gets back the release that was current before; the rollout ends. Users keep working; the change comes with the next commands to the hosts.`
      : `The release before becomes current in ${rollout.pool} again: it is registered on every host there, and what is current now is taken away.`,
    'Roll back', () => ask('roll-back', underWay ? target : { family: rollout.package.familyName, pool: rollout.pool }));
  return el('div.buttons', null,
    rollout.state === 'running' ? button('Pause', () => confirm(`Pause ${name}?`, `The phase under way in ${rollout.pool} ends; no next one begins until you resume. Hosts keep what they have.`, 'Pause', () => ask('pause', target))) : null,
    rollout.state === 'paused' ? button('Resume', () => confirm(`Resume ${name}?`, `The rollout to ${rollout.pool} goes on with the ring it stands at.`, 'Resume', () => ask('resume', target))) : null,
    underWay || rollout.state === 'completed' ? button('Roll back', back, 'danger')
      : button('Start again', () => confirm(`Start ${name} again?`, `A new rollout brings it to ${rollout.pool}, from the first ring on. Hosts that have it already count at once.`,
        'Start again', () => ask('start-rollout', { package: name, pool: rollout.pool }))));
}

function failed(failures) {
  return el('section.panel.attention', { 'data-key': 'failures', 'aria-label': 'Failures' }, el('h2', null, 'Failures'), el('ul.rows', null, failures.map(group =>
    el('li', { 'data-key': group.code },
      el('div.line', null, el('span.badge.bad', null, group.code), el('span.name', null, `${group.count} host${group.count === 1 ? '' : 's'}`),
        el('span', null, ...group.examples.flatMap((host, index) => [index ? ', ' : '', el('a', { href: `#/hosts/${encodeURIComponent(host)}` }, host)]), group.count > group.examples.length ? ' and more' : '')),
      el('p', null, group.message), el('p.next', null, group.nextStep)))));
}

function ringPanel(ring, summary, isOver) {
  const counts = new Map();
  for (const cell of ring.hosts) counts.set(cell.state, (counts.get(cell.state) ?? 0) + 1);
  const states = Object.keys(tones).filter(state => counts.has(state)).map(state => [state, counts.get(state)]);
  const gate = summary.gate ? `Gate: at most ${summary.gate.maxFailedPercent} % may fail, ${summary.gate.minSucceeded} must succeed` : '';
  return el('section.panel', { 'data-key': `ring ${ring.name}`, 'aria-label': `Ring ${ring.name}` },
    el('div.head', null, el('h2', null, `Ring ${ring.name}`), badge(summary.standing === 'now' ? summary.phase : summary.standing), el('span.dim', null, gate)),
    ring.hosts.length ? hostGrid(ring.hosts) : el('p.empty', null, isOver && summary.standing === 'waiting' ? 'The rollout ended before it came to this ring.' : 'No host is in this ring.'),
    legend(states, 'cells'));
}
