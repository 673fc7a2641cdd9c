// The map of /explore: every agreement that can be drawn, narrowed by the form, which works without this too.

import { Atlas, pointing } from "./atlas.js";
import { project, world } from "./geo.js";
import { count, kept, told } from "./told.js";

const MATCHES = 8;
const PAUSE_MS = 250;

const byId = (id) => document.getElementById(id);
const box = byId("explore");
const form = byId("wish");
const canvas = byId("e-map");
const ALL = { country: "", network: "", source: "", place: "", year: null, undated: true };

/** The data in the way that drawing needs it: points of places, lines as pairs of places, places by folded name. */
function prepared(data) {
  const { places, agreements } = data;
  const points = places.at.map((at) => (at === null ? null : project(at[0], at[1])));
  const lines = [];
  agreements.parties.forEach((parties, agreement) => {
    for (let i = 0; i < parties.length; i += 1) {
      for (let j = i + 1; j < parties.length; j += 1) {
        if (points[parties[i]] && points[parties[j]]) lines.push([agreement, parties[i], parties[j]]);
      }
    }
  });
  const drawable = new Uint8Array(agreements.parties.length);
  for (const [agreement] of lines) drawable[agreement] = 1;
  const degree = new Uint16Array(points.length);
  agreements.parties.forEach((parties) => parties.forEach((party) => (degree[party] += 1)));
  const bySlug = new Map(places.slug.map((slug, number) => [slug, number]));
  return { ...data, points, lines, drawable, degree, bySlug };
}

function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Which agreements the form leaves: 1 for each that stays. The same rules as those of the table. */
function narrowed(data, wish) {
  const { agreements, places } = data;
  const number = (rows, code) => rows.findIndex((row) => row.code === code);
  const country = wish.country ? number(data.countries, wish.country) : null;
  const source = wish.source ? number(data.sources, wish.source) : null;
  const sets = source === null ? null : data.sourceSets.map((set) => set.includes(source));
  const network = wish.network ? data.networks.find((row) => row.code === wish.network) : null;
  const members = network ? new Set(network.members) : null;
  return Uint8Array.from(agreements.parties, (parties, one) => {
    const [start, end] = [agreements.start[one], agreements.end[one]];
    if (start === null && !wish.undated) return 0;
    if (wish.year !== null && ((start !== null && start > wish.year) || (end !== null && end < wish.year))) return 0;
    if (sets && !sets[agreements.sources[one]]) return 0;
    if (country !== null && !parties.some((party) => places.country[party] === country)) return 0;
    if (members && parties.filter((party) => members.has(party)).length < 2) return 0;
    return 1;
  });
}

/** What the form says. */
function wished() {
  const fields = new FormData(form);
  const text = (name) => (fields.get(name) ?? "").trim();
  const year = text("year");
  return {
    country: text("country"),
    network: text("network"),
    source: text("source"),
    place: text("place"),
    year: /^-?\d{1,4}$/.test(year) ? Number(year) : null,
    undated: fields.get("undated") !== "no",
  };
}

/** The address of what the form says, so that a link keeps it. */
function address(wish) {
  const query = new URLSearchParams();
  for (const name of ["country", "network", "source", "place"]) if (wish[name]) query.set(name, wish[name]);
  if (wish.year !== null) query.set("year", wish.year);
  if (!wish.undated) query.set("undated", "no");
  return kept(`${box.dataset.root}/explore${query.size ? `?${query}` : ""}`);
}

// ----------------------------------------------------------------------------------------------- the page

/** One sentence on what is seen. */
function sentence(data, mask, wish) {
  const { start } = data.agreements;
  const [all, place] = [start.length, data.bySlug.get(wish.place)];
  let [left, drawn, dated] = [0, 0, 0];
  data.agreements.parties.forEach((parties, one) => {
    if (!mask[one] || (place !== undefined && !parties.includes(place))) return;
    left += 1;
    drawn += data.drawable[one];
    dated += start[one] !== null;
  });
  const values = { number: count(left), all: count(all), place: place === undefined ? "" : data.places.name[place] };
  const which = left === all
    ? told("All {all} agreements", values)
    : place === undefined ? told("{number} of {all} agreements", values) : told("{number} of {all} agreements of {place}", values);
  const seen = { drawn: count(drawn), left: count(left - drawn), dated: count(dated), number: count(left) };
  return `${which}: ${told("{drawn} on the map, {left} not located. {dated} of {number} have a known start.", seen)}`;
}

/** Has the table of the server for what the form says put in the place of the one that is there. */
function tables() {
  let [timer, last] = [0, null];
  return (target) => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      last?.abort();
      last = new AbortController();
      try {
        const answer = await fetch(target, { headers: { Accept: "text/html" }, signal: last.signal });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const table = page.getElementById("e-table");
        if (table) byId("e-table").replaceWith(document.adoptNode(table));
      } catch (error) {
        if (error.name !== "AbortError") byId("e-said").textContent += ` ${told("The table could not be fetched.")}`;
      }
    }, PAUSE_MS);
  };
}

/** The field for a place, found by its name: a list of buttons that the Tab key reaches. */
function finder(data, choose) {
  const field = byId("e-place");
  field.previousElementSibling.textContent = told("Place");
  field.type = "hidden";
  const words = Object.assign(document.createElement("input"), {
    id: "e-find", type: "search", placeholder: told("a name"), autocomplete: "off",
  });
  field.previousElementSibling.htmlFor = words.id;
  const list = Object.assign(document.createElement("ul"), { className: "matches", hidden: true });
  list.setAttribute("aria-label", told("Places of this name"));
  field.before(words);
  field.after(list);
  const show = (number) => {
    words.value = number === undefined ? "" : data.places.name[number];
    list.hidden = true;
  };
  words.addEventListener("input", () => {
    const wanted = fold(words.value.trim());
    const found = wanted ? matches(data, wanted) : [];
    list.replaceChildren(...found.map((number) => item(data, number, choose)));
    list.hidden = found.length === 0;
    if (!wanted) choose("");
  });
  words.addEventListener("keydown", (event) => {
    if (event.key === "Escape") list.hidden = true;
    if (event.key === "ArrowDown") list.querySelector("button")?.focus();
    if (event.key === "Enter" && !list.hidden) {
      event.preventDefault();
      list.querySelector("button")?.click();
    }
  });
  list.addEventListener("keydown", (event) => {
    const rows = [...list.querySelectorAll("button")];
    const to = rows.indexOf(document.activeElement) + { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") list.hidden = true;
    if (event.key === "Escape" || to === -1) words.focus();
    else rows[to]?.focus();
    if (event.key.startsWith("Arrow")) event.preventDefault();
  });
  return show;
}

function matches(data, wanted) {
  const found = [];
  // its id too, which is mostly its English name, where the page has it in another language
  data.folded ??= data.places.name.map((name, number) => `${fold(name)} ${data.places.slug[number]}`);
  data.folded.forEach((name, number) => {
    const at = name.indexOf(wanted);
    if (at >= 0) found.push([at > 0, -data.degree[number], number]);
  });
  found.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
  return found.slice(0, MATCHES).map((row) => row[2]);
}

function item(data, number, choose) {
  const [row, button, name] = ["li", "button", "bdi"].map((tag) => document.createElement(tag));
  name.textContent = data.places.name[number];
  name.lang = data.places.language[number];
  const country = data.countries[data.places.country[number]]?.name ?? "";
  button.type = "button";
  button.append(name, country && ` (${country})`);
  button.addEventListener("click", () => {
    choose(data.places.slug[number]);
    byId("e-find").focus();
  });
  row.append(button);
  return row;
}

/** A slider beside the field of the year: at its right end it stands for no year. */
function slider(data, changed) {
  const field = byId("e-year");
  if (!field) return () => {};
  const range = Object.assign(document.createElement("input"), { type: "range", id: "e-slider" });
  [range.min, range.max] = [Math.max(data.years[0], Math.min(1900, data.years[1])), data.years[1] + 1];
  range.setAttribute("aria-label", told("Year"));
  field.after(range);
  const label = () => {
    range.value = field.value || range.max;
    range.setAttribute("aria-valuetext", field.value || told("all years"));
  };
  range.addEventListener("input", () => {
    field.value = range.value === range.max ? "" : range.value;
    label();
    changed();
  });
  label();
  return label;
}

async function start() {
  const [answer, land] = await Promise.all([fetch(box.dataset.data), world(box.dataset.world)]);
  if (!answer.ok) throw new Error(told("the data could not be fetched ({status})", { status: answer.status }));
  const data = prepared(await answer.json());
  box.hidden = false;
  const atlas = new Atlas(box, canvas, data, land, narrowed(data, ALL));
  const table = tables();
  const refresh = ({ fetched = true } = {}) => {
    const wish = wished();
    const mask = narrowed(data, wish);
    const place = data.bySlug.get(wish.place);
    atlas.show(mask, place ?? null);
    shown(place);
    label();
    byId("e-said").textContent = sentence(data, mask, wish);
    if (!fetched) return;
    history.replaceState(null, "", address(wish));
    table(address(wish));
  };
  const choose = (slug) => {
    byId("e-place").value = slug;
    refresh();
  };
  const shown = finder(data, choose);
  const label = slider(data, () => refresh());
  pointing(atlas, choose);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    refresh();
  });
  for (const name of ["country", "network", "source", "undated"]) form.elements[name]?.addEventListener("change", () => refresh());
  byId("e-year")?.addEventListener("change", () => refresh());
  new ResizeObserver(() => {
    atlas.resize();
    atlas.draw();
  }).observe(canvas.parentElement);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => atlas.draw());
  refresh({ fetched: false });
}

start().catch((error) => {
  box.hidden = false;
  byId("e-said").textContent = told("There is no map: {error}. The table below is whole.", { error: error.message });
});
