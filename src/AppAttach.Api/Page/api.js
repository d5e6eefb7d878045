const base = '/api/v1';
const seen = new Map();

/** What the API answered when it refused. */
export class Problem extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

async function problemOf(response) {
  let problem = {};
  try {
    problem = await response.json();
  } catch { /* A proxy answered in its own words. */ }
  return Object.assign(new Problem(response.status, problem.code, problem.detail ?? `The host answered ${response.status}.`), { signIn: problem.signIn });
}

/** Calls the API. What would lead elsewhere is a platform's page to sign in on: loading this page anew goes there. */
async function call(path, options) {
  const response = await fetch(base + path, { ...options, redirect: 'manual' });
  if (response.type === 'opaqueredirect') throw Object.assign(new Problem(401, 'sign-in-required', 'Sign in again.'), { signIn: '/' });
  return response;
}

/** Reads a document; the one from before comes back as it is while nothing changed. */
export async function get(path) {
  const known = seen.get(path);
  const response = await call(path, { headers: known ? { 'If-None-Match': known.etag } : {}, cache: 'no-store' });
  if (response.status === 304 && known) return known.document;
  if (!response.ok) throw await problemOf(response);
  const document = await response.json();
  const etag = response.headers.get('ETag');
  if (etag) {
    if (seen.size > 20) seen.delete(seen.keys().next().value);
    seen.set(path, { etag, document });
  }
  return document;
}

/** Asks for something; one click is one request, whatever becomes of the connection. */
export async function ask(verb, content) {
  const response = await call(`/requests/${verb}`, {
    method: 'POST', headers: { 'Content-Type': 'application/json', 'Request-Id': newId(), 'Requested-By': 'page' }, body: JSON.stringify(content),
  });
  if (!response.ok) throw await problemOf(response);
  return response.json();
}

/** Puts dead letters of a queue or subscription back. */
export async function replay(entity, sequenceNumbers) {
  const response = await call('/dead-letters/replay', {
    method: 'POST', headers: { 'Content-Type': 'application/json', 'Requested-By': 'page' }, body: JSON.stringify({ entity, sequenceNumbers }),
  });
  if (!response.ok) throw await problemOf(response);
}

/** Chance as text; randomUUID is there over HTTPS only. */
const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('');

export async function signIn(key) {
  const response = await call('/session', { method: 'POST', headers: { Authorization: `Bearer ${key}` } });
  if (!response.ok) throw await problemOf(response);
}

export const signOut = () => call('/session', { method: 'DELETE' });

/** Sends a package to where the API says, piece by piece, as the browser reads it; says how far it is. */
export async function upload(file, onProgress) {
  const response = await call('/inbox', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name: file.name, sizeBytes: file.size }) });
  if (!response.ok) throw await problemOf(response);
  const place = await response.json();
  if (!place.blockBytes) return put(place.url, file, { 'Content-Type': 'application/octet-stream' }, sent => onProgress(sent, file.size));
  await uploadBlocks(place, file, onProgress);
}

/** Stages blocks and commits them together (Put Block, Put Block List of Azure's Blob service): before that nobody sees any of them. */
async function uploadBlocks(place, file, onProgress) {
  const ids = [];
  for (let start = 0; start < file.size; start += place.blockBytes) {
    const id = btoa(String(ids.length).padStart(6, '0'));
    const block = file.slice(start, start + place.blockBytes);
    await patiently(() => put(`${place.url}&comp=block&blockid=${encodeURIComponent(id)}`, block, {}, sent => onProgress(start + sent, file.size)));
    ids.push(id);
  }
  const list = `<?xml version="1.0" encoding="utf-8"?><BlockList>${ids.map(id => `<Latest>${id}</Latest>`).join('')}</BlockList>`;
  try {
    await put(`${place.url}&comp=blocklist`, list, { 'Content-Type': 'text/plain', 'If-None-Match': '*' });
  } catch (problem) {
    if (problem.status !== 409 && problem.status !== 412) throw problem;
    throw new Problem(problem.status, null, 'The inbox has a file of that name already.');
  }
}

/** Tries a block three times: a connection that broke, or a service that is busy, may serve the next one. */
async function patiently(attempt) {
  for (let left = 2; ; left--) {
    try {
      return await attempt();
    } catch (problem) {
      if (left === 0 || (problem.status > 0 && problem.status < 500)) throw problem;
      await new Promise(resolve => setTimeout(resolve, 1000 * (3 - left)));
    }
  }
}

function put(url, body, headers, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('PUT', url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    if (onProgress) request.upload.onprogress = event => onProgress(event.loaded);
    request.onerror = () => reject(new Problem(0, null, 'The connection broke; nothing was dropped.'));
    request.onload = () => {
      if (request.status === 201) return resolve();
      let problem = {};
      try {
        problem = JSON.parse(request.responseText);
      } catch { /* A proxy answered in its own words. */ }
      reject(new Problem(request.status, problem.code, problem.detail ?? `The host answered ${request.status}.`));
    };
    request.send(body);
  });
}

/** Follows what changes. */
export function follow(onChange, onState) {
  const source = new EventSource(`${base}/events`);
  source.addEventListener('changed', event => onChange(JSON.parse(event.data)));
  source.onopen = () => onState(true);
  source.onerror = () => onState(false);
  return source;
}
