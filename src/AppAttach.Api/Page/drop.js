import { upload } from './api.js';
import { el } from './dom.js';

const veil = document.getElementById('drop-veil');
const list = document.getElementById('uploads');
const input = document.getElementById('drop-file');
const open = document.getElementById('drop-button');
const names = /\.(msix|appx|msixbundle|appxbundle)$/i;

/** Lets packages be dropped anywhere on the page, or chosen with the button. */
export function allowDrops() {
  open.hidden = false;
  open.onclick = () => input.click();
  input.onchange = () => {
    send(input.files);
    input.value = '';
  };
  let depth = 0;
  const isFiles = event => event.dataTransfer?.types.includes('Files');
  addEventListener('dragenter', event => {
    if (isFiles(event)) veil.hidden = ++depth < 1;
  });
  addEventListener('dragleave', event => {
    if (isFiles(event)) veil.hidden = --depth < 1;
  });
  addEventListener('dragover', event => {
    if (isFiles(event)) event.preventDefault();
  });
  addEventListener('drop', event => {
    if (!isFiles(event)) return;
    event.preventDefault();
    depth = 0;
    veil.hidden = true;
    send(event.dataTransfer.files);
  });
}

function send(files) {
  for (const file of files) sendOne(file);
}

async function sendOne(file) {
  const bar = el('progress', { max: '1', value: '0', 'aria-label': `Dropping ${file.name}` });
  const text = el('p', null, `Dropping ${file.name}`);
  const box = el('div.upload', null, text, bar);
  list.append(box);
  try {
    if (!names.test(file.name)) throw new Error('Names of packages end in .msix, .appx, .msixbundle or .appxbundle.');
    await upload(file, (sent, total) => { bar.value = sent / total; });
    text.textContent = `${file.name} is in the inbox.`;
    bar.remove();
    setTimeout(() => box.remove(), 6000);
  } catch (problem) {
    text.textContent = `${file.name} was not taken: ${problem.message}`;
    text.className = 'error';
    bar.remove();
    const close = el('button', { type: 'button' }, 'Close');
    close.onclick = () => box.remove();
    box.append(close);
  }
}
