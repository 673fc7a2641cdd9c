// Rows with places as a map: WKT points, or columns of latitude and longitude; two points in a row are joined.

import { HEIGHT, WIDTH, arc, project, world } from "../static/geo.js";
import { count, told } from "../static/told.js";
import { element, shape } from "./dom.js";
import { number, point, position } from "./terms.js";

const LATITUDE = /^(.*?)_?lat(?:itude)?$/i;
const LINKED = 1500; // points that are links; more are only dots
const TEXTS = /label|name|place|city|twin/i;

export const map = {
  name: "map",
  title: () => told("Map"),
  fits: (answer) => answer.kind === "rows" && located(answer).points.length > 0,
  async draw(holder, answer, names, settings) {
    const { points, lines, missing } = located(answer);
    const land = await world(settings.world);
    const box = shape("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "map", role: "group", "aria-label": told("Map of the answer") });
    for (const part of ["sphere", "graticule", "land"]) {
      if (land[part]) box.append(shape("path", { class: `map-${part}`, d: land[part] }));
    }
    if (lines.length) {
      const path = new PathText();
      for (const [one, other] of lines) arc(path, one, other);
      box.append(shape("path", { class: lines.length > 500 ? "map-arc many" : "map-arc", d: path.text }));
    }
    box.append(...dots(points, answer, names));
    const number = count(points.length);
    const said = points.length === 1 ? told("{number} point", { number }) : told("{number} points", { number });
    const values = { number: count(missing), of: count(answer.rows.length) };
    const rest = missing ? `; ${told("{number} of {of} rows have no place", values)}` : "";
    holder.append(element("p", { class: "muted" }, `${said}${rest}. ${told("Land: Natural Earth.")}`), box);
  },
};

class PathText {
  text = "";
  moveTo(x, y) {
    this.text += `M${x.toFixed(1)},${y.toFixed(1)}`;
  }
  lineTo(x, y) {
    this.text += `L${x.toFixed(1)},${y.toFixed(1)}`;
  }
}

/** The points of an answer with their rows (each place once), the lines between points of one row, rows without. */
export function located(answer) {
  const readers = readersOf(answer);
  const found = new Map();
  const lines = [];
  let missing = 0;
  for (const row of answer.rows) {
    const here = readers.map((read) => read(row)).filter(Boolean);
    if (!here.length) missing += 1;
    for (const at of here) if (!found.has(String(at))) found.set(String(at), { at, row });
    if (here.length > 1) lines.push([here[0], here[1]]);
  }
  return { points: [...found.values()], lines, missing };
}

/** How a row is read: for each pair of columns, or column of WKT, a function that gives a position or null. */
function readersOf(answer) {
  const some = answer.rows.slice(0, 200);
  const readers = answer.columns
    .filter((column) => some.some((row) => point(row[column])))
    .map((column) => (row) => point(row[column]));
  for (const column of answer.columns) {
    const start = LATITUDE.exec(column)?.[1];
    if (start === undefined) continue;
    const other = answer.columns.find((name) => new RegExp(`^${start}_?(?:long?|lng|longitude)$`, "i").test(name));
    if (other) {
      readers.push((row) => {
        const [latitude, longitude] = [number(row[column]), number(row[other])];
        return latitude === null || longitude === null ? null : position(longitude, latitude);
      });
    }
  }
  return readers;
}

function dots(points, answer, names) {
  const label = answer.columns.find((name) => TEXTS.test(name) && answer.rows.some((row) => row[name]?.type === "literal"));
  const radius = points.length > LINKED ? 1 : points.length > 200 ? 2 : 3.5;
  return points.map(({ at, row }) => {
    const [x, y] = project(...at);
    const dot = shape("circle", { class: "map-dot", cx: x.toFixed(1), cy: y.toFixed(1), r: radius });
    if (points.length > LINKED) return dot;
    const iri = answer.columns.map((name) => row[name]).find((term) => term?.type === "uri");
    const words = names.words(row[label] ?? iri) || at.join(", ");
    dot.append(shape("title", {}, words));
    const to = iri && names.address(iri.value);
    return to ? shape("a", { href: to, "aria-label": words }, dot) : dot;
  });
}
