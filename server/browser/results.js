// The answer of a query: tabs for all ways in which it can be shown.

import { told } from "../static/told.js";
import { chart } from "./chart.js";
import { element } from "./dom.js";
import { map } from "./map.js";
import { table } from "./table.js";
import { timeline } from "./timeline.js";

const SHOWN = 200_000; // characters of a response that are put into the page

const yesNo = {
  name: "boolean",
  title: () => told("Answer"),
  fits: (answer) => answer.kind === "boolean",
  draw: (holder, answer) => void holder.append(element("p", { class: "sentence" }, answer.boolean ? told("Yes.") : told("No."))),
};
const response = {
  name: "response",
  title: () => told("Response"),
  fits: () => true,
  draw(holder, answer) {
    const cut = answer.text.length > SHOWN;
    if (cut) holder.append(element("p", {}, told("The start of it; the downloads have it all.")));
    holder.append(element("pre", { tabindex: "0", class: "scroll" }, cut ? answer.text.slice(0, SHOWN) : answer.text));
  },
};

/** What can show an answer; a new view is a new row. `fits` says whether it can, `draw` fills an element. */
export const VIEWS = [yesNo, table, map, chart, timeline, response];

/** An answer of the endpoint, read from its text and media type. */
export function read(text, type) {
  if (!type.includes("json")) return { kind: "graph", text };
  const document = JSON.parse(text);
  const pretty = JSON.stringify(document, null, 1);
  if ("boolean" in document) return { kind: "boolean", boolean: document.boolean, text: pretty };
  return { kind: "rows", columns: document.head.vars, rows: document.results.bindings, text: pretty };
}

/** Fills `holder` with the tabs of an answer; `wanted` is the view that was open before. Returns the open one. */
export function show(holder, answer, names, settings, wanted) {
  const views = VIEWS.filter((view) => view.fits(answer));
  const panel = element("div", { role: "tabpanel", id: "r-panel" });
  const list = element("div", { role: "tablist", "aria-label": told("Ways to show the answer"), class: "tabs" });
  const tabs = views.map((view) =>
    element("button", { type: "button", role: "tab", id: `r-${view.name}`, "aria-controls": "r-panel" }, view.title()),
  );
  const open = async (number) => {
    tabs.forEach((tab, one) => {
      tab.setAttribute("aria-selected", String(one === number));
      tab.tabIndex = one === number ? 0 : -1;
    });
    panel.setAttribute("aria-labelledby", tabs[number].id);
    panel.replaceChildren();
    holder.dataset.view = views[number].name;
    await views[number].draw(panel, answer, names, settings);
    panel.dataset.drawn = views[number].name;
  };
  tabs.forEach((tab, number) => tab.addEventListener("click", () => void open(number)));
  list.addEventListener("keydown", (event) => {
    const here = tabs.indexOf(document.activeElement);
    const to = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const number = (to + tabs.length) % tabs.length;
    tabs[number].focus();
    void open(number);
  });
  list.append(...tabs);
  holder.replaceChildren(list, panel);
  const first = views.findIndex((view) => view.name === wanted);
  void open(Math.max(0, first));
}
