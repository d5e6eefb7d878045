import { get } from './api.js';
import { el } from './dom.js';
import { badge, bytes, duration, time } from './format.js';
import { rolloutRow } from './rings.js';

export const kinds = ['packages', 'releases', 'rollouts', 'hosts'];
export const read = id => get(`/packages/${encodeURIComponent(id)}/story`);
export const title = story => story.package.package?.fullName ?? story.package.drop;

export function show(story) {
  const { package: item, release } = story;
  return [
    el('section.panel', { 'data-key': 'head' },
      el('div.head', null, el('h1', null, title(story)), badge(item.state)),
      el('p.dim', null, `${item.drop}, ${bytes(item.sizeBytes)}`),
      item.code ? el('p.error', null, `${item.code}: ${item.message}`) : null, story.nextStep ? el('p.next', null, story.nextStep) : null),
    el('div.columns', { 'data-key': 'columns' },
      el('section.panel', { 'data-key': 'timeline', 'aria-label': 'Timeline' }, el('h2', null, 'From drop to hosts'), timeline(story.timeline)),
      el('div', { 'data-key': 'facts', class: 'stack' }, findings(item), release?.image ? facts(release) : null, places(story.places))),
    story.rollouts.length ? el('section.panel', { 'data-key': 'rollouts', 'aria-label': 'Rollouts' }, el('h2', null, 'Rollouts'), el('ul.rows', null, story.rollouts.map(rolloutRow))) : null,
  ].filter(Boolean);
}

function timeline(entries) {
  return el('ol.timeline', null, entries.map((entry, index) => el(entry.isFailure ? 'li.bad' : 'li', { 'data-key': `${entry.step} ${entry.at}` },
    el('div.line', null, el('span.name', null, entry.step),
      index ? el('span.dim', null, since(entry, entries[index - 1], index > 1 ? entries[0] : null)) : null, time(entry.at)),
    entry.detail ? el('p.dim.mono', null, entry.detail) : null)));
}

/** How long after the step before, and after the first one: pools go their ways side by side. */
function since(entry, before, first) {
  const step = `after ${duration(new Date(entry.at) - new Date(before.at))}`;
  return first ? `${step}, ${duration(new Date(entry.at) - new Date(first.at))} in all` : step;
}

function findings(item) {
  const notes = item.notes ?? [];
  return el('section.panel', { 'data-key': 'findings', 'aria-label': 'Verification' }, el('h2', null, 'Verification'),
    notes.length ? el('ul.rows', null, notes.map(note => el('li', { 'data-key': note.id }, el('div.line', null, el(note.isWarning ? 'span.badge.warn' : 'span.badge', null, note.id)), el('p', null, note.message))))
      : el('p.empty', null, item.state === 'rejected' ? 'It was refused as said above.' : item.state === 'verifying' ? 'It is being looked at.' : 'Nothing to remark.'));
}

function facts(release) {
  const { image } = release;
  return el('section.panel', { 'data-key': 'image', 'aria-label': 'Image' }, el('h2', null, 'Image and copies'), el('dl', null,
    ...pair('Name', el('code', null, image.name)), ...pair('Size', `${bytes(image.sizeBytes)} ${image.format}, ${bytes(image.contentBytes)} in ${image.fileCount} files`),
    ...pair('SHA-256', el('code', null, image.digest)),
    ...release.copies.flatMap(copy => pair(copy.region, el('span', null, el('code', null, copy.path), ' verified ', time(copy.verifiedAt, true))))));
}

function places(list) {
  return list.length ? el('section.panel', { 'data-key': 'places', 'aria-label': 'Where it is' }, el('h2', null, 'Where it is'), el('ul.rows', null, list.map(place =>
    el('li', { 'data-key': place.pool }, el('div.line', null, el('a.name', { href: `#/hosts?pool=${encodeURIComponent(place.pool)}` }, place.pool),
      el('span.end', null, `registered on ${place.registered} of ${place.hosts}, staged on ${place.staged}`)))))) : null;
}

const pair = (name, value) => [el('dt', null, name), el('dd', null, value)];
