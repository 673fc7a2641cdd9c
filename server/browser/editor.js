// The query editor of /sparql: it takes the place of the plain form, which works without it, and keeps its address.

import Yasqe from "@zazuko/yasqe";
import "@zazuko/yasqe/build/yasqe.min.css";

import "./editor.css";
import { count, kept, language, told } from "../static/told.js";
import { element } from "./dom.js";
import { read, show } from "./results.js";
import { Names } from "./terms.js";

const LONGEST_ADDRESS = 6000;
const ACCEPT = "application/sparql-results+json, text/turtle;q=0.9";

/** Completion from our own terms and prefixes; nothing is asked of another host. */
function complete({ prefixes, classes, properties, concepts }) {
  const known = Yasqe.Autocompleters;
  const from = (terms) => ({ bulk: true, autoShow: true, persistenceId: null, get: () => terms });
  Object.assign(known.prefixes, from(Object.entries(prefixes).map(([name, iri]) => `${name}: <${iri}>`)));
  Object.assign(known.class, from(classes));
  Object.assign(known.property, from(properties));
  const { preProcessToken, postProcessSuggestion } = known.class;
  Yasqe.registerAutocompleter({
    ...from(concepts),
    name: "concept",
    preProcessToken,
    postProcessSuggestion,
    isValidCompletionPosition: (yasqe) => /^twv:/.test(yasqe.getCompleteToken().string),
  });
}

class Page {
  constructor(form, settings) {
    this.form = form;
    this.settings = settings;
    this.names = new Names(settings);
    this.field = form.elements.query;
    this.said = element("p", { role: "status", class: "muted", id: "r-said" });
    this.results = element("div", { id: "results" });
    this.downloads = element("p", { id: "r-downloads" });
    this.button = form.querySelector("button.main");
    this.stop = element("button", { type: "button", hidden: true }, told("Stop"));
    this.stop.addEventListener("click", () => this.running?.abort());
    this.editor = this.makeEditor();
    this.menu();
    form.noValidate = true;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.ask();
    });
    addEventListener("popstate", () => {
      const query = new URLSearchParams(location.search).get("query");
      if (query !== null) {
        this.editor.setValue(query);
        void this.ask({ remember: false });
      }
    });
  }

  makeEditor() {
    const holder = element("div", { id: "editor" });
    const [label] = this.field.labels;
    this.field.hidden = true;
    const hint = element(
      "p",
      { class: "muted small", id: "e-keys" },
      told("Ctrl+Enter asks, Ctrl+Space completes a name. Esc, then Tab, leaves the editor."),
    );
    this.field.after(holder, hint);
    this.button.after(" ", this.stop);
    const run = () => void this.ask();
    const editor = new Yasqe(holder, {
      value: this.field.value,
      persistenceId: null,
      createShareableLink: null,
      consumeShareLink: null,
      showQueryButton: false,
      resizeable: false,
      editorHeight: "auto",
      collapsePrefixesOnLoad: false,
      highlightSelectionMatches: false,
      extraKeys: { "Ctrl-Enter": run, "Cmd-Enter": run, "Ctrl-S": false },
    });
    const input = editor.getInputField();
    input.setAttribute("aria-label", told("SPARQL query"));
    input.setAttribute("aria-describedby", "e-keys");
    input.id = "e-query";
    label.htmlFor = input.id;
    return editor;
  }

  /** The menu of examples: chosen, then put into the editor by a button, so that arrow keys change nothing. */
  menu() {
    const groups = Map.groupBy ? Map.groupBy(this.settings.examples, (one) => one.group) : grouped(this.settings.examples);
    const choice = element("select", { id: "e-examples", lang: "en" });
    for (const [group, rows] of groups) {
      choice.append(element("optgroup", { label: group }, ...rows.map((one) => element("option", { value: one.name }, one.question))));
    }
    const take = element("button", { type: "button", id: "e-take" }, told("Put into the editor"));
    take.addEventListener("click", () => {
      this.editor.setValue(this.settings.examples.find((one) => one.name === choice.value).text);
      this.editor.focus();
    });
    const label = element("label", { for: "e-examples" }, told("Examples"));
    this.form.before(element("p", { class: "menu" }, label, choice, " ", take));
    this.form.after(this.said, this.results, this.downloads);
  }

  /** Asks the endpoint; the address of the page becomes that of the query, which works without this script too. */
  async ask({ remember = true, quietly = false } = {}) {
    const query = this.editor.getValue();
    this.field.value = query;
    this.running?.abort();
    const running = (this.running = new AbortController());
    this.stop.hidden = false;
    this.said.textContent = told("Asking …");
    const address = kept(`${this.settings.root}/sparql?${new URLSearchParams({ query })}`);
    const started = performance.now();
    try {
      const answer = await this.fetched(query, running.signal);
      const text = await answer.text();
      if (!answer.ok) throw new Refused(text, answer.status);
      const found = read(text, answer.headers.get("Content-Type") ?? "");
      if (remember && address.length < LONGEST_ADDRESS && address !== location.pathname + location.search) {
        history.pushState(null, "", address);
      }
      document.getElementById(quietly ? "server-rows" : "server-answer")?.remove();
      this.said.textContent = this.sentence(found, performance.now() - started);
      show(this.results, found, this.names, this.settings, this.results.dataset.view);
      this.links(query, found, address);
      void this.samples(query);
    } catch (error) {
      if (running.signal.aborted) this.said.textContent = running === this.running ? told("Stopped.") : this.said.textContent;
      else if (quietly) this.said.textContent = "";
      else this.refused(error, query);
    } finally {
      if (running === this.running) this.stop.hidden = true;
    }
  }

  fetched(query, signal) {
    const address = `${this.settings.root}/sparql`;
    const body = new URLSearchParams({ query });
    const headers = { Accept: ACCEPT };
    if (String(body).length < LONGEST_ADDRESS) return fetch(`${address}?${body}`, { headers, signal });
    return fetch(address, { method: "POST", body, headers, signal });
  }

  sentence(answer, ms) {
    const time = `${(ms / 1000).toLocaleString(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 })} s`;
    if (answer.kind !== "rows") return answer.kind === "graph" ? told("A graph, in {time}.", { time }) : told("In {time}.", { time });
    const values = { number: count(answer.rows.length), time };
    return answer.rows.length === 1 ? told("{number} row, in {time}.", values) : told("{number} rows, in {time}.", values);
  }

  refused(error, query) {
    const said = error instanceof Refused ? error.said : { detail: told("The endpoint cannot be reached: {error}", { error: error.message }) };
    const parts = [element("p", {}, element("strong", {}, said.detail))];
    if (said.excerpt) parts.push(element("pre", {}, said.excerpt.join("\n")));
    this.said.textContent = "";
    this.downloads.replaceChildren();
    this.results.replaceChildren(element("div", { role: "alert", class: "problem" }, ...parts));
    if (said.line && said.line <= query.split("\n").length) {
      this.editor.getDoc().setCursor({ line: said.line - 1, ch: (said.column ?? 1) - 1 });
    }
  }

  links(query, answer, address) {
    const offers = this.settings.formats.filter((one) => one.kind === (answer.kind === "graph" ? "graph" : "results"));
    const rows = offers.map((one) =>
      element("li", {}, element("a", { href: `${this.settings.root}/sparql.${one.extension}?${new URLSearchParams({ query })}` }, one.title)),
    );
    const cite = element("li", {}, element("a", { href: address }, told("Link to this query and how to cite it")));
    this.downloads.replaceChildren(element("ul", { class: "formats", "aria-label": told("Download the answer") }, ...rows, cite));
  }

  /** Programs that ask the query that was answered last, made by the server. */
  async samples(query) {
    const holder = document.getElementById("samples-list");
    if (!holder) return;
    const address = `${this.settings.root}/sparql/samples.json?${new URLSearchParams({ query })}`;
    if (address.length > LONGEST_ADDRESS) return;
    const answer = await fetch(address).catch(() => null);
    if (!answer?.ok) return;
    const { samples } = await answer.json();
    holder.replaceChildren(
      ...samples.flatMap(({ title, text }) => [
        element("h3", {}, title),
        element("pre", { class: "scroll", tabindex: "0" }, text),
      ]),
    );
    document.getElementById("samples").hidden = false;
  }
}

class Refused extends Error {
  constructor(text, status) {
    super(text);
    try {
      this.said = JSON.parse(text);
    } catch {
      this.said = { detail: told("The endpoint answered with status {status}.", { status }) };
    }
  }
}

function grouped(rows) {
  const found = new Map();
  for (const row of rows) found.set(row.group, [...(found.get(row.group) ?? []), row]);
  return found;
}

async function start() {
  const form = document.getElementById("ask");
  const answer = await fetch(form.dataset.editor);
  if (!answer.ok) return; // the plain form stays
  const settings = { ...(await answer.json()), root: form.dataset.root, world: form.dataset.world };
  complete(settings);
  const page = new Page(form, settings);
  form.dataset.ready = "yes";
  if (document.getElementById("server-answer")) void page.ask({ remember: false, quietly: true });
}

void start();
