// Rows as a table: sorted by a click on a column, found by a word, a hundred at a time.

import { count, told } from "../static/told.js";
import { element } from "./dom.js";
import { number } from "./terms.js";

const ROWS = 100;

export const table = {
  name: "table",
  title: () => told("Table"),
  fits: (answer) => answer.kind === "rows",
  draw(holder, answer, names) {
    const state = { rows: answer.rows, page: 0, column: null, down: false, word: "" };
    const body = element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": told("Rows of the answer") });
    const foot = element("p", { class: "leaves" });
    const find = element("input", { type: "search", id: "r-find", autocomplete: "off" });
    const refresh = () => {
      const rows = chosen(answer, state, names);
      const pages = Math.max(1, Math.ceil(rows.length / ROWS));
      state.page = Math.min(state.page, pages - 1);
      body.replaceChildren(drawn(answer, rows.slice(state.page * ROWS, (state.page + 1) * ROWS), state, names, refresh));
      foot.replaceChildren(...leaves(state, pages, rows.length, refresh));
    };
    find.addEventListener("input", () => {
      state.word = find.value.trim().toLowerCase();
      state.page = 0;
      refresh();
    });
    if (answer.rows.length > 10) {
      holder.append(element("p", { class: "find" }, element("label", { for: "r-find" }, told("Rows with"), " "), find));
    }
    holder.append(body, foot);
    refresh();
  },
};

function chosen(answer, { word, column, down }, names) {
  let rows = answer.rows;
  if (word) {
    const has = (term) => term.value.toLowerCase().includes(word) || names.words(term).toLowerCase().includes(word);
    rows = rows.filter((row) => Object.values(row).some(has));
  }
  if (column === null) return rows;
  const sign = down ? -1 : 1;
  return [...rows].sort((one, other) => sign * compared(one[column], other[column]));
}

function compared(one, other) {
  if (!one || !other) return Number(Boolean(one)) - Number(Boolean(other));
  const [a, b] = [number(one), number(other)];
  return a !== null && b !== null ? a - b : one.value.localeCompare(other.value);
}

function drawn(answer, rows, state, names, refresh) {
  const heads = answer.columns.map((column) => {
    const here = state.column === column;
    const button = element("button", { type: "button", class: "sort" }, column, here ? (state.down ? " ↓" : " ↑") : "");
    button.addEventListener("click", () => {
      state.down = here && !state.down;
      state.column = column;
      refresh();
      document.querySelector(`#r-head-${answer.columns.indexOf(column)} button`)?.focus();
    });
    const sort = here ? (state.down ? "descending" : "ascending") : null;
    const right = rows.some((row) => number(row[column]) !== null) ? "number" : null;
    return element("th", { scope: "col", class: right, "aria-sort": sort, id: `r-head-${answer.columns.indexOf(column)}` }, button);
  });
  const lines = rows.map((row) =>
    element("tr", {}, ...answer.columns.map((column) => cell(row[column], names))),
  );
  return element("table", { class: "rows" }, element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...lines));
}

function cell(term, names) {
  if (!term) return element("td", {}, element("span", { class: "none" }, "—"));
  if (term.type === "uri") {
    const to = names.address(term.value);
    const shown = names.short(term.value);
    return element("td", {}, to ? element("a", { href: to, title: term.value }, shown) : element("code", {}, shown));
  }
  if (term.type === "bnode") return element("td", {}, element("code", {}, `_:${term.value}`));
  if (term.type === "triple") return element("td", {}, element("code", {}, JSON.stringify(term.value)));
  if (number(term) !== null) return element("td", { class: "number" }, term.value);
  const tag = term["xml:lang"];
  const text = element("span", { lang: tag, dir: "auto" }, term.value);
  return element("td", {}, text, tag ? " " : null, tag ? element("span", { class: "tag" }, tag) : null);
}

function leaves(state, pages, found, refresh) {
  const to = (step, words) => {
    const button = element("button", { type: "button", disabled: !(0 <= state.page + step && state.page + step < pages) }, words);
    button.addEventListener("click", () => {
      state.page += step;
      refresh();
    });
    return button;
  };
  if (pages === 1) return state.word ? [told("{number} rows", { number: count(found) })] : [];
  return [to(-1, told("Earlier")), ` ${told("Page {number} of {of}", { number: state.page + 1, of: pages })} `, to(1, told("Further"))];
}
