// Rows with dates as lines in time; a date that is only a year or a decade is as wide as that.

import { count, told } from "../static/told.js";
import { called, clipped, naming } from "./chart.js";
import { element, shape } from "./dom.js";
import { span } from "./terms.js";

const MOST = 200;
const LINE = 20;
const WORDS = 250;
const WIDE = 900;
const DATED = /start|since|begin|began|from|date|year|decade|founded|inception/i;
const ENDED = /^(end|until|ended|to|dissolved)/i;

export const timeline = {
  name: "timeline",
  title: () => told("Timeline"),
  fits: (answer) => answer.kind === "rows" && dated(answer).length > 0,
  draw(holder, answer, names) {
    const found = dated(answer);
    const shown = found.slice(0, MOST);
    const values = { dated: count(found.length), rows: count(answer.rows.length), first: MOST };
    const words = found.length > MOST
      ? told("{dated} of {rows} rows are dated, the first {first} of them here.", values)
      : told("{dated} of {rows} rows are dated.", values);
    holder.append(element("p", { class: "muted" }, words));
    const box = element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": told("Timeline of the answer") });
    box.append(lines(shown, answer, names));
    holder.append(box);
  },
};

/** The rows that have a date, with the spans of their start and end, the earliest first. */
export function dated(answer) {
  const column = (words) =>
    answer.columns.find((name) => answer.rows.some((row) => span(row[name])) && words.test(name)) ??
    answer.columns.find((name) => words.test(name) && answer.rows.some((row) => span(row[name], true)));
  const end = column(ENDED);
  const start = column(DATED) ?? answer.columns.find((name) => name !== end && answer.rows.some((row) => span(row[name])));
  if (!start) return [];
  return answer.rows
    .map((row) => ({ row, from: span(row[start], true), to: end ? span(row[end], true) : null, start, end }))
    .filter((one) => one.from)
    .sort((one, other) => one.from[0] - other.from[0]);
}

function lines(rows, answer, names) {
  const least = Math.floor(Math.min(...rows.map((one) => one.from[0])) / 10) * 10;
  const most = Math.ceil(Math.max(...rows.map((one) => (one.to ?? one.from)[1])) / 10) * 10;
  const unit = (WIDE - WORDS - 20) / (most - least);
  const x = (year) => WORDS + (year - least) * unit;
  const height = rows.length * LINE + 30;
  const box = shape("svg", { viewBox: `0 0 ${WIDE} ${height}`, class: "chart", role: "img", "aria-label": told("Dates of the rows") });
  const step = Math.max(10, Math.ceil((most - least) / 80) * 10);
  for (let year = least; year <= most; year += step) {
    box.append(
      shape("line", { class: "tick", x1: x(year), x2: x(year), y1: 18, y2: height }),
      shape("text", { x: x(year), y: 12, class: "year" }, String(year)),
    );
  }
  const labels = naming(answer, rows[0].start).filter((name) => name !== rows[0].start && name !== rows[0].end);
  rows.forEach(({ row, from, to, start, end }, line) => {
    const y = line * LINE + 24;
    const words = called(row, labels, names);
    const said = `${words}: ${row[start].value}${end && row[end] ? ` – ${row[end].value}` : ""}`;
    box.append(shape("text", { x: WORDS - 8, y: y + 11, class: "words" }, clipped(words)));
    if (to) box.append(shape("line", { class: "lasted", x1: x(from[0]), x2: x(to[1]), y1: y + 7, y2: y + 7 }));
    const wide = Math.max(5, (from[1] - from[0]) * unit);
    box.append(shape("rect", { x: x(from[0]).toFixed(1), y: y + 2, width: wide.toFixed(1), height: 10 }, shape("title", {}, said)));
  });
  return box;
}
