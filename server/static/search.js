// Completes what is typed into the search box of every page: the editable combobox with list autocomplete of the ARIA
// Authoring Practices. Without this file the form works as it stands.
(() => {
  "use strict";
  const input = document.querySelector("input[data-suggest]");
  if (!input || !window.fetch || !window.AbortController) return;
  const form = input.form;
  const texts = input.dataset; // in the language of the page
  const types = JSON.parse(texts.types || "{}");
  const asked = new URLSearchParams(window.location.search).get("lang");
  const language = asked || document.documentElement.lang;
  const list = document.createElement("ul");
  const status = document.createElement("p");
  list.id = "suggestions";
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", texts.list);
  status.className = "hidden";
  status.setAttribute("role", "status");
  status.setAttribute("aria-live", "polite");
  form.append(list, status);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"],
    ["aria-controls", list.id], ["autocomplete", "off"]]) input.setAttribute(name, value);

  let typed = "", at = -1, asking = null, timer = 0;

  const close = () => {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const choose = (number) => {
    const options = [...list.children];
    at = number < -1 ? options.length - 1 : number >= options.length ? -1 : number;
    options.forEach((option, n) => option.setAttribute("aria-selected", String(n === at)));
    if (at < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", options[at].id);
      options[at].scrollIntoView({ block: "nearest" });
    }
  };

  const part = (tag, text, className, language) => {
    const found = document.createElement(tag);
    found.textContent = text;
    if (className) found.className = className;
    if (language) found.lang = language;
    return found;
  };

  const show = (found) => {
    list.replaceChildren(...found.results.map((row, n) => {
      const option = document.createElement("li");
      option.id = `suggestion-${n}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.path = row.path;
      option.append(part("bdi", row.label, "", row.language));
      if (row.matched) option.append(" ", part("bdi", row.matched.text, "muted", row.matched.language));
      const about = [row.country, row.type === "place" ? "" : types[row.type] || row.type].filter(Boolean).join(", ");
      if (about) option.append(" ", part("span", about, "muted"));
      return option;
    }));
    at = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = !found.results.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    const shown = found.results.length;
    status.textContent = (!found.total ? texts.none : shown < found.total ? texts.first : texts.found)
      .replace("{total}", found.total).replace("{number}", shown);
  };

  const ask = async () => {
    if (asking) asking.abort();
    typed = input.value.trim();
    if (!typed || typed.length > 200) return close();
    const mine = asking = new AbortController();
    const query = new URLSearchParams({ q: typed, limit: "8" });
    if (language !== "en") query.set("lang", language);
    try {
      const answer = await fetch(`${form.action}.json?${query}`, { signal: mine.signal });
      if (!answer.ok) throw new Error(answer.statusText);
      const found = await answer.json();
      if (mine === asking && document.activeElement === input) show(found);
    } catch {
      if (mine === asking) close(); // the form still works
    }
  };

  const go = (option) => {
    const kept = asked ? `?${new URLSearchParams({ lang: asked })}` : "";
    window.location.assign(option.dataset.path + kept);
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const open = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) ask();
      else choose(at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && open && at >= 0) {
      event.preventDefault();
      go(list.children[at]);
    } else if (event.key === "Escape") {
      if (open) close();
      else input.value = "";
      event.preventDefault();
    } else if (event.key === "Home" || event.key === "End") choose(-1);
  });
  input.addEventListener("blur", close);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) go(option);
  });
})();

// A button that prints the page: only where it can do so.
for (const row of document.querySelectorAll("[data-print]")) {
  row.hidden = false;
  row.querySelector("button").addEventListener("click", () => window.print());
}
