// Rows with a number as bars, as long as the number is great.

import { count, told } from "../static/told.js";
import { element, shape } from "./dom.js";
import { number } from "./terms.js";

const MOST = 100;
const LINE = 22;
const WORDS = 250;
const WIDE = 900;
const PLACE = /lat(itude)?$|long?(itude)?$|lng$/i;

export const chart = {
  name: "chart",
  title: () => told("Chart"),
  fits: (answer) => answer.kind === "rows" && answer.rows.length > 1 && numeric(answer).length > 0,
  draw(holder, answer, names) {
    const columns = numeric(answer);
    const choice = element("select", { id: "r-number" }, ...columns.map((name) => element("option", { value: name }, name)));
    const box = element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": told("Chart of the answer") });
    const refresh = () => box.replaceChildren(bars(answer, choice.value, names));
    choice.addEventListener("change", refresh);
    if (columns.length > 1) holder.append(element("p", { class: "find" }, element("label", { for: "r-number" }, told("Number"), " "), choice));
    if (answer.rows.length > MOST) {
      holder.append(element("p", { class: "muted" }, told("The first {first} of {rows} rows.", { first: MOST, rows: count(answer.rows.length) })));
    }
    holder.append(box);
    refresh();
  },
};

/** The columns that hold numbers and nothing else, but for coordinates. */
export function numeric(answer) {
  return answer.columns.filter((name) => {
    const terms = answer.rows.map((row) => row[name]).filter(Boolean);
    return terms.length > 0 && !PLACE.test(name) && terms.every((term) => number(term) !== null);
  });
}

/** The columns whose words name a bar: literals that are no numbers, else the first column that is not the number. */
export function naming(answer, value) {
  const words = (term) => term?.type === "literal" && number(term) === null;
  const texts = answer.columns.filter((name) => name !== value && answer.rows.some((row) => words(row[name])));
  if (texts.length) return texts.slice(0, 2);
  const first = answer.columns.find((name) => name !== value);
  return first ? [first] : [];
}

/** The words for a row: those of the columns that name it, else of the first thing in it. */
export function called(row, labels, names) {
  const words = labels.map((name) => names.words(row[name])).filter(Boolean);
  return words.length ? words.join(" – ") : names.words(Object.values(row).find((term) => term.type === "uri"));
}

function bars(answer, value, names) {
  const rows = answer.rows.slice(0, MOST);
  const labels = naming(answer, value);
  const numbers = rows.map((row) => number(row[value]));
  const [least, most] = [Math.min(0, ...numbers), Math.max(0, ...numbers)];
  const unit = (WIDE - WORDS - 90) / (most - least || 1);
  const zero = WORDS + -least * unit;
  const height = rows.length * LINE + 8;
  const box = shape("svg", { viewBox: `0 0 ${WIDE} ${height}`, class: "chart", role: "img", "aria-label": `${value} of each row` });
  rows.forEach((row, line) => {
    const words = called(row, labels, names);
    const [y, size] = [line * LINE + 4, numbers[line]];
    if (size === null) return;
    const [from, long] = [size < 0 ? zero + size * unit : zero, Math.max(1, Math.abs(size) * unit)];
    box.append(
      shape("text", { x: WORDS - 8, y: y + 14, class: "words" }, clipped(words)),
      shape("rect", { x: from.toFixed(1), y, width: long.toFixed(1), height: LINE - 6 }, shape("title", {}, `${words}: ${row[value].value}`)),
      shape("text", { x: from + long + 6, y: y + 14 }, size.toLocaleString("en")),
    );
  });
  return box;
}

export function clipped(words, most = 38) {
  return words.length > most ? `${words.slice(0, most - 1)}…` : words;
}
