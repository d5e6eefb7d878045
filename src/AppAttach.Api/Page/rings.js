import { el } from './dom.js';
import { badge, time } from './format.js';

/** A rollout's rings as a strip: done, now, waiting, failed, with the gate's numbers. */
export function strip(rollout) {
  return el('div.strip', { role: 'list', 'aria-label': 'Rings' }, rollout.rings.map(ring => {
    const numbers = ring.hosts ? `${ring.succeeded} of ${ring.hosts}${ring.failed ? `, ${ring.failed} failed` : ''}${ring.silent ? `, ${ring.silent} silent` : ''}` : '';
    const word = ring.standing === 'now' ? ring.phase : ring.standing;
    const gate = ring.gate ? `At most ${ring.gate.maxFailedPercent} % may fail, ${ring.gate.minSucceeded} must succeed` : 'No gate';
    return el(`div.ring.${ring.standing}`, { role: 'listitem', 'data-key': ring.name, title: `${ring.name}: ${ring.standing}, ${ring.phase}. ${gate}.` },
      el('b', null, ring.name), el('span', null, numbers ? `${word}: ${numbers}` : word),
      ring.gate && ['now', 'failed'].includes(ring.standing) ? el('span', null, `gate: at most ${ring.gate.maxFailedPercent} % failed`) : null);
  }));
}

/** A rollout in a list. */
export function rolloutRow(rollout) {
  return el('li', { 'data-key': rollout.id },
    el('div.line', null, badge(rollout.state), el('a.name', { href: `#/rollouts/${encodeURIComponent(rollout.id)}` }, rollout.package.fullName), time(rollout.updatedAt)),
    el('p.dim', null, `to ${rollout.pool}`), strip(rollout), rollout.message ? el('p.dim', null, rollout.message) : null);
}
