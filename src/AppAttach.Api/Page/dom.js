// Builds and updates elements. Data goes into text nodes and checked attributes only; nothing is ever parsed as HTML.

/** An element: el('li.class', {attributes}, ...children); a child is a node, a text, or null. */
export function el(kind, attributes, ...children) {
  const [tag, ...classes] = kind.split('.');
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.join(' ');
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  for (const child of children.flat()) if (child !== null && child !== undefined && child !== false) node.append(child);
  return node;
}

/** Makes a parent's children be those of a fresh tree, keeping nodes that are the same, so that focus, selection and scrolling stay. */
export function morph(parent, fresh) {
  const old = new Map();
  for (const node of parent.childNodes) if (node.dataset?.key) old.set(node.dataset.key, node);
  let at = parent.firstChild;
  for (const next of [...fresh]) {
    const key = next.dataset?.key;
    let match = key ? old.get(key) : at && !at.dataset?.key && at.nodeName === next.nodeName ? at : null;
    if (match && match.nodeName !== next.nodeName) match = null;
    if (!match) {
      parent.insertBefore(next, at);
      continue;
    }
    if (match !== at) parent.insertBefore(match, at);
    else at = at.nextSibling;
    if (match !== next) become(match, next);
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}

function become(node, next) {
  if (node.nodeType === Node.TEXT_NODE) {
    if (node.data !== next.data) node.data = next.data;
    return;
  }
  if (node.update && next.model !== undefined) {
    node.update(next.model);
    return;
  }
  if (node.onclick !== next.onclick) node.onclick = next.onclick;
  for (const { name } of [...node.attributes]) if (!next.hasAttribute(name) && name !== 'style' && name !== 'open') node.removeAttribute(name);
  for (const { name, value } of [...next.attributes]) if (node.getAttribute(name) !== value) node.setAttribute(name, value);
  if (node.style.cssText !== next.style.cssText) node.style.cssText = next.style.cssText;
  if (!['INPUT', 'SELECT', 'CANVAS'].includes(node.nodeName)) morph(node, next.childNodes);
}

/** A button that survives updates: its handler is replaced with it. */
export function button(text, handler, kind = '') {
  const node = el(kind ? `button.${kind}` : 'button', { type: 'button' }, text);
  node.onclick = handler;
  return node;
}
