import { el } from './dom.js';

// One canvas for all hosts of a ring: five thousand elements would cost a second of layout, five thousand rectangles cost a few milliseconds.
const gap = 2;
/** Colours of the states, in the order in which people ask for them. */
export const tones = { failed: '--bad', silent: '--idle', unfit: '--warn', waiting: '--idle', staging: '--now', staged: '--now', registered: '--good' };
// What is still to come or does not count is hollow: the grid can be read without its colours.
const hollow = new Set(['waiting', 'staging', 'silent']);

/** A grid of hosts coloured by state; the pointer or the arrow keys say which is which, Enter opens it. */
class HostGrid extends HTMLElement {
  #canvas = el('canvas', { tabindex: '0', role: 'application' });
  #tip = el('div.tip', { hidden: true, 'aria-live': 'polite' });
  #observer = new ResizeObserver(() => this.#draw());
  #dark = matchMedia('(prefers-color-scheme: dark)');
  #redraw = () => this.#draw();
  #columns = 1;
  #pitch = 14;
  #chosen = -1;
  model = [];

  constructor() {
    super();
    const canvas = this.#canvas;
    canvas.addEventListener('pointermove', event => this.#choose(this.#at(event)));
    canvas.addEventListener('pointerleave', () => this.#choose(-1));
    canvas.addEventListener('blur', () => this.#choose(-1));
    canvas.addEventListener('click', () => this.#open());
    canvas.addEventListener('keydown', event => {
      const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: this.#columns, ArrowUp: -this.#columns }[event.key];
      if (step) {
        this.#choose(Math.max(0, Math.min(this.model.length - 1, this.#chosen + step)));
        event.preventDefault();
      } else if (event.key === 'Enter') this.#open();
    });
  }

  connectedCallback() {
    this.append(this.#canvas, this.#tip);
    this.#observer.observe(this);
    this.#dark.addEventListener('change', this.#redraw);
  }

  disconnectedCallback() {
    this.#observer.disconnect();
    this.#dark.removeEventListener('change', this.#redraw);
  }

  /** Shows other cells; the ones that are shown already cost nothing. */
  update(cells) {
    if (cells === this.model) return;
    this.model = cells;
    this.#draw();
  }

  #at(event) {
    const column = Math.floor(event.offsetX / this.#pitch);
    return column < this.#columns ? Math.floor(event.offsetY / this.#pitch) * this.#columns + column : -1;
  }

  #open() {
    if (this.#chosen >= 0) location.hash = `#/hosts/${encodeURIComponent(this.model[this.#chosen].host)}`;
  }

  #choose(index) {
    const chosen = index >= 0 && index < this.model.length ? index : -1;
    if (chosen === this.#chosen) return;
    this.#chosen = chosen;
    this.#tip.hidden = chosen < 0;
    if (chosen >= 0) {
      const cell = this.model[chosen];
      this.#tip.textContent = `${cell.host}: ${cell.state}${cell.code ? `, ${cell.code}` : ''}`;
      const x = chosen % this.#columns * this.#pitch;
      this.#tip.style.left = `${Math.max(0, Math.min(x, this.clientWidth - this.#tip.offsetWidth))}px`;
      this.#tip.style.top = `${(Math.floor(chosen / this.#columns) + 1) * this.#pitch + 2}px`;
    }
    this.#draw();
  }

  #draw() {
    const cells = this.model;
    const width = this.clientWidth || 600;
    const pitch = this.#pitch = cells.length > 2000 ? 10 : cells.length > 400 ? 14 : 20;
    const columns = this.#columns = Math.max(1, Math.floor(width / pitch));
    const height = Math.ceil(cells.length / columns) * pitch;
    const scale = devicePixelRatio || 1;
    const canvas = this.#canvas;
    if (canvas.width !== Math.round(width * scale)) canvas.width = Math.round(width * scale);
    if (canvas.height !== Math.round(height * scale)) canvas.height = Math.round(height * scale);
    canvas.style.height = `${height}px`;
    canvas.setAttribute('aria-label', `${cells.length} hosts; arrow keys go from host to host, Enter opens one`);
    const pen = canvas.getContext('2d');
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, width, height);
    const style = getComputedStyle(document.documentElement);
    const colours = new Map();
    const edge = pitch > 12 ? 2 : 1;
    cells.forEach((cell, index) => {
      const x = index % columns * pitch;
      const y = Math.floor(index / columns) * pitch;
      if (!colours.has(cell.state)) colours.set(cell.state, style.getPropertyValue(tones[cell.state] ?? '--idle'));
      pen.fillStyle = colours.get(cell.state);
      pen.fillRect(x, y, pitch - gap, pitch - gap);
      if (hollow.has(cell.state)) pen.clearRect(x + edge, y + edge, pitch - gap - 2 * edge, pitch - gap - 2 * edge);
      if (index === this.#chosen) {
        pen.strokeStyle = style.getPropertyValue('--text');
        pen.lineWidth = 2;
        pen.strokeRect(x, y, pitch - gap, pitch - gap);
      }
    });
  }
}

customElements.define('host-grid', HostGrid);

/** The grid of these hosts. */
export function hostGrid(cells) {
  const grid = new HostGrid();
  grid.dataset.key = 'grid';
  grid.model = cells;
  return grid;
}
