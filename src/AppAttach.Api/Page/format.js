import { el } from './dom.js';

const stamp = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const ofToday = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const ofOtherDays = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' });
const ofOtherYears = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

function short(at) {
  const now = new Date();
  if (at.toDateString() === now.toDateString()) return ofToday;
  return at.getFullYear() === now.getFullYear() ? ofOtherDays : ofOtherYears;
}

/** A time in the viewer's zone, as short as it can be, the exact value as its title. */
export function time(value, isInText = false) {
  if (!value) return null;
  const at = new Date(value);
  return el(isInText ? 'time.here' : 'time', { datetime: value, title: `${stamp.format(at)} (${value})` }, short(at).format(at));
}

/** A length of time in words that stay short. */
export function duration(milliseconds) {
  const seconds = milliseconds / 1000;
  if (seconds < 1) return `${Math.max(0, Math.round(milliseconds))} ms`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ${Math.round(seconds % 3600 / 60)} min`;
  return `${Math.floor(seconds / 86400)} d ${Math.round(seconds % 86400 / 3600)} h`;
}

/** Bytes in binary units. */
export function bytes(count) {
  if (count === undefined || count === null) return '';
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  while (count >= 1024 && unit < units.length - 1) {
    count /= 1024;
    unit++;
  }
  return `${count.toFixed(unit === 0 || count >= 100 ? 0 : 1)} ${units[unit]}`;
}

const tones = {
  good: ['released', 'completed', 'registered', 'settled', 'passed', 'done'],
  now: ['fetching', 'verifying', 'converting', 'replicating', 'running', 'staging', 'staged', 'registering', 'soaking', 'working', 'now'],
  warn: ['paused', 'partly-released', 'rolled-back', 'unready', 'unfit', 'unmounted'],
  bad: ['rejected', 'failed', 'halted', 'failing'],
};

/** A state as a badge: the word says it, the colour only helps. */
export function badge(state) {
  const tone = Object.keys(tones).find(name => tones[name].includes(state)) ?? '';
  return el(tone ? `span.badge.${tone}` : 'span.badge', null, state.replaceAll('-', ' '));
}

/** A host's pools, its own first. */
export const poolsOf = hello => [...new Set([hello.pool, ...hello.alsoIn ?? []])];
