// What scripts say in the language of the page: the element with data-texts has its texts, by what they are in English.

const page = globalThis.document; // there is none where Node runs the tests
const texts = JSON.parse(page?.querySelector("[data-texts]")?.dataset?.texts ?? "{}");

export const language = page?.documentElement?.lang || "en";

/** A text with its placeholders filled: told("{number} rows", { number: 3 }). */
export function told(text, values = {}) {
  return (texts[text] ?? text).replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
}

/** A number as the language of the page writes it. */
export function count(number) {
  return number.toLocaleString(language);
}

/** An address of ours with the language that this page was asked for by its own address. */
export function kept(address) {
  const asked = new URLSearchParams(location.search).get("lang");
  return asked === null ? address : `${address}${address.includes("?") ? "&" : "?"}${new URLSearchParams({ lang: asked })}`;
}
