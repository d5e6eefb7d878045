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
  return new Problem(response.status, problem.code, problem.detail ?? `The host answered ${response.status}.`);
}

/** Reads a document; the one from before comes back as it is while nothing changed. */
export async function get(path) {
  const known = seen.get(path);
  const response = await fetch(base + path, { headers: known ? { 'If-None-Match': known.etag } : {}, cache: 'no-store' });
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
  const response = await fetch(`${base}/requests/${verb}`, {
    method: 'POST', headers: { 'Content-Type': 'application/json', 'Request-Id': newId(), 'Requested-By': 'page' }, body: JSON.stringify(content),
  });
  if (!response.ok) throw await problemOf(response);
  return response.json();
}

/** Chance as text; randomUUID is there over HTTPS only. */
const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('');

export async function signIn(key) {
  const response = await fetch(`${base}/session`, { method: 'POST', headers: { Authorization: `Bearer ${key}` } });
  if (!response.ok) throw await problemOf(response);
}

export const signOut = () => fetch(`${base}/session`, { method: 'DELETE' });

/** Sends a package piece by piece, as the browser reads it; says how far it is. */
export function upload(file, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('PUT', `${base}/inbox/${encodeURIComponent(file.name)}`);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.onprogress = event => onProgress(event.loaded, event.total);
    request.onerror = () => reject(new Problem(0, null, 'The connection broke; nothing was dropped.'));
    request.onload = () => {
      if (request.status === 201) return resolve();
      let problem = {};
      try {
        problem = JSON.parse(request.responseText);
      } catch { /* A proxy answered in its own words. */ }
      reject(new Problem(request.status, problem.code, problem.detail ?? `The host answered ${request.status}.`));
    };
    request.send(file);
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
