// The map of /explore on a canvas: what is drawn, how it is moved, and what lies under the pointer.

import { HEIGHT, WIDTH, arc } from "./geo.js";

const LEAST = 1;
const MOST = 40;
const NEAR = 8; // pixels around the pointer in which a place is found
const MANY = 3000; // lines, from which on each is drawn fainter and finer
const HAIR = 0.95; // pixels of the screen: lines of one pixel at most are drawn ten times faster than wider ones

const byId = (id) => document.getElementById(id);

/** Draws the agreements of `data` that a mask leaves, over `land`, on a canvas in a box that says what was drawn. */
export class Atlas {
  constructor(box, canvas, data, land, mask) {
    this.box = box;
    this.canvas = canvas;
    this.data = data;
    this.paths = Object.fromEntries(
      ["sphere", "graticule", "land", "borders"].map((name) => [name, new Path2D(land[name] ?? "")]),
    );
    this.view = { k: 1, x: 0, y: 0 };
    this.waiting = false;
    this.chosen = null;
    this.mask = mask;
    this.arcs = null;
    this.resize();
  }

  /** The lines of what is chosen, as two paths: of the place that is selected, and all others. */
  lines() {
    const [near, far] = [new Path2D(), new Path2D()];
    const { at } = this.data.places;
    let drawn = 0;
    for (const [agreement, one, other] of this.data.lines) {
      if (!this.mask[agreement]) continue;
      arc(one === this.chosen || other === this.chosen ? near : far, at[one], at[other]);
      drawn += 1;
    }
    return { near, far, drawn };
  }

  show(mask, chosen) {
    this.mask = mask;
    this.chosen = chosen;
    this.arcs = null;
    this.draw();
  }

  resize() {
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    const width = Math.max(280, this.canvas.parentElement.clientWidth);
    this.unit = width / WIDTH;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(((width * HEIGHT) / WIDTH) * ratio);
    this.ratio = ratio;
  }

  draw() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.paint();
    });
  }

  paint() {
    const colour = colours(this.box);
    const context = this.canvas.getContext("2d");
    const { k, x, y } = this.view;
    const scale = this.unit * this.ratio * k;
    this.arcs ??= this.lines();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.setTransform(scale, 0, 0, scale, -x * scale, -y * scale);
    const thin = 1 / (this.unit * k);
    context.fillStyle = colour.sea;
    context.fill(this.paths.sphere);
    context.lineWidth = thin * 0.6;
    context.strokeStyle = colour.line;
    context.stroke(this.paths.graticule);
    context.fillStyle = colour.land;
    context.fill(this.paths.land);
    context.stroke(this.paths.sphere);
    const dimmed = this.chosen !== null;
    const many = this.arcs.drawn > MANY;
    context.strokeStyle = colour.arc;
    context.lineWidth = many ? Math.min(HAIR, 0.6 * this.ratio) / scale : thin * 0.6;
    context.globalAlpha = dimmed ? 0.05 : many ? 0.16 : 0.45;
    context.stroke(this.arcs.far);
    this.dots(context, colour, thin, dimmed);
    if (dimmed) {
      context.globalAlpha = 0.85;
      context.strokeStyle = colour.near;
      context.lineWidth = thin * 1.2;
      context.stroke(this.arcs.near);
      const point = this.data.points[this.chosen];
      if (point) disc(context, point, thin * 5, colour.near);
    }
    context.globalAlpha = 1;
    this.box.dataset.drawn = String(this.arcs.drawn);
  }

  dots(context, colour, thin, dimmed) {
    const seen = new Uint8Array(this.data.points.length);
    for (const [agreement, one, other] of this.data.lines) if (this.mask[agreement]) seen[one] = seen[other] = 1;
    this.seen = seen;
    const path = new Path2D();
    this.data.points.forEach((point, number) => {
      if (!seen[number]) return;
      const size = thin * (0.8 + Math.min(2, this.data.degree[number] / 25));
      path.rect(point[0] - size, point[1] - size, 2 * size, 2 * size);
    });
    context.globalAlpha = dimmed ? 0.25 : 0.8;
    context.fillStyle = colour.dot;
    context.fill(path);
  }

  /** The place under a pointer, null when there is none near. */
  at(event) {
    const frame = this.canvas.getBoundingClientRect();
    const scale = this.unit * this.view.k;
    const x = (event.clientX - frame.left) / scale + this.view.x;
    const y = (event.clientY - frame.top) / scale + this.view.y;
    let [best, found] = [(NEAR / scale) ** 2, null];
    this.data.points.forEach((point, number) => {
      if (!point || !this.seen?.[number]) return;
      const distance = (point[0] - x) ** 2 + (point[1] - y) ** 2;
      if (distance < best) [best, found] = [distance, number];
    });
    return found;
  }

  /** Zoom around a point of the map, the middle of the view by default. */
  zoom(factor, [x, y] = this.middle()) {
    const k = Math.max(LEAST, Math.min(MOST, this.view.k * factor));
    const by = this.view.k / k;
    this.move(x - (x - this.view.x) * by, y - (y - this.view.y) * by, k);
  }

  move(x, y, k = this.view.k) {
    const [width, height] = [WIDTH / k, HEIGHT / k];
    this.view = { k, x: Math.max(0, Math.min(WIDTH - width, x)), y: Math.max(0, Math.min(HEIGHT - height, y)) };
    this.draw();
  }

  middle() {
    const { k, x, y } = this.view;
    return [x + WIDTH / (2 * k), y + HEIGHT / (2 * k)];
  }
}

function colours(box) {
  const style = getComputedStyle(box);
  const value = (name) => style.getPropertyValue(`--map-${name}`).trim();
  return Object.fromEntries(["sea", "land", "line", "arc", "near", "dot"].map((name) => [name, value(name)]));
}

function disc(context, [x, y], radius, colour) {
  context.globalAlpha = 1;
  context.fillStyle = colour;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

/** Lets a pointer, the wheel, the keys and the buttons move the map; `choose` is told the slug of a place, or "". */
export function pointing(atlas, choose) {
  const { canvas } = atlas;
  const tip = byId("e-tip");
  let from = null;
  let moved = false;
  canvas.addEventListener("pointerdown", (event) => {
    from = { x: event.clientX, y: event.clientY, view: { ...atlas.view } };
    moved = false;
  });
  canvas.addEventListener("pointermove", (event) => {
    if (from && event.buttons) {
      const scale = atlas.unit * atlas.view.k;
      const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
      moved ||= Math.hypot(dx, dy) > 4;
      if (moved) atlas.move(from.view.x - dx / scale, from.view.y - dy / scale);
      return;
    }
    const found = atlas.at(event);
    tip.hidden = found === null;
    canvas.classList.toggle("over", found !== null);
    if (found === null) return;
    tip.textContent = atlas.data.places.name[found];
    tip.lang = atlas.data.places.language[found];
    const frame = canvas.getBoundingClientRect();
    tip.style.left = `${Math.min(event.clientX - frame.left + 12, frame.width - 120)}px`;
    tip.style.top = `${event.clientY - frame.top + 12}px`;
  });
  canvas.addEventListener("pointerup", (event) => {
    if (!moved && from) choose(atlas.data.places.slug[atlas.at(event)] ?? "");
    from = null;
  });
  canvas.addEventListener("pointerleave", () => {
    tip.hidden = true;
    from = null;
  });
  canvas.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && document.activeElement !== canvas) return;
    event.preventDefault();
    const frame = canvas.getBoundingClientRect();
    const scale = atlas.unit * atlas.view.k;
    const at = [(event.clientX - frame.left) / scale + atlas.view.x, (event.clientY - frame.top) / scale + atlas.view.y];
    atlas.zoom(event.deltaY < 0 ? 1.25 : 0.8, at);
  }, { passive: false });
  canvas.addEventListener("keydown", (event) => {
    const step = 60 / atlas.view.k;
    const { x, y } = atlas.view;
    const act = {
      "+": () => atlas.zoom(1.5), "=": () => atlas.zoom(1.5), "-": () => atlas.zoom(1 / 1.5), 0: () => atlas.zoom(0),
      ArrowLeft: () => atlas.move(x - step, y), ArrowRight: () => atlas.move(x + step, y),
      ArrowUp: () => atlas.move(x, y - step), ArrowDown: () => atlas.move(x, y + step),
    }[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });
  byId("e-in").addEventListener("click", () => atlas.zoom(1.5));
  byId("e-out").addEventListener("click", () => atlas.zoom(1 / 1.5));
  byId("e-home").addEventListener("click", () => atlas.zoom(0));
}
