// RDF terms as a person reads them: short names, addresses of our own pages, numbers, years, points.

const NUMBERS = /#(integer|decimal|double|float|int|long|short|byte|nonNegativeInteger|positiveInteger)$/;
const POINT = /^(?:<[^>]*>\s*)?POINT\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)\s*\)$/i;
const DATES = /#(date|dateTime|gYear|gYearMonth)$|EDTF/;
const EDTF = /^Y?(-?\d{1,4})(?:-(\d\d))?(?:-(\d\d))?[?~%]?$/;
const DECADE = /^(-?\d{3})X$/;
const CENTURY = /^(-?\d{2})XX$/;

/** Names terms by the prefixes of an endpoint, and finds the pages of its own things. */
export class Names {
  constructor({ prefixes, base, root }) {
    this.prefixes = Object.entries(prefixes).sort(([, one], [, other]) => other.length - one.length);
    this.base = base;
    this.root = root;
  }

  short(iri) {
    const found = this.prefixes.find(([, start]) => iri.startsWith(start) && iri.length > start.length);
    return found ? `${found[0]}:${iri.slice(found[1].length)}` : iri;
  }

  /** Where a link on an IRI leads: to our page of what is ours; null where no browser may go. */
  address(iri) {
    if (iri.startsWith(this.base)) {
      const rest = iri.slice(this.base.length);
      if (rest.startsWith("ns#")) return `${this.root}/ontology#${rest.slice(3)}`;
      const path = rest.replace(/^id\//, "");
      return path.startsWith("/") ? null : `${this.root}/${path}`;
    }
    return /^(https?|mailto|geo):/i.test(iri) ? iri : null;
  }

  /** The words of a term in a chart. */
  words(term) {
    if (!term) return "";
    return term.type === "uri" ? this.short(term.value).replace(/^[a-z]+:/, "") : term.value;
  }
}

/** The value of a numeric literal, null for any other term. */
export function number(term) {
  if (term?.type !== "literal" || !NUMBERS.test(term.datatype ?? "")) return null;
  const value = Number(term.value);
  return Number.isFinite(value) ? value : null;
}

/** The position of a WKT point, [longitude, latitude]; null for any other term. */
export function point(term) {
  const found = term?.type === "literal" ? POINT.exec(term.value) : null;
  return found ? position(Number(found[1]), Number(found[2])) : null;
}

/** A position on the globe, or null. */
export function position(longitude, latitude) {
  return Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90 ? [longitude, latitude] : null;
}

/** The span of a date in years, [from, to) such as [1989, 1990]; null for what is no date. A plain number is none. */
export function span(term, loosely = false) {
  if (term?.type !== "literal" || !(loosely || DATES.test(term.datatype ?? ""))) return null;
  const text = term.value;
  const [decade, century] = [DECADE.exec(text), CENTURY.exec(text)];
  if (decade) return [decade[1] * 10, decade[1] * 10 + 10];
  if (century) return [century[1] * 100, century[1] * 100 + 100];
  const found = EDTF.exec(text.replace(/T.*$/, ""));
  if (!found) return null;
  const [year, month, day] = found.slice(1).map((part) => (part === undefined ? null : Number(part)));
  if (month === null || month < 1 || month > 12) return [year, year + 1];
  if (day === null) return [year + (month - 1) / 12, year + month / 12];
  const at = year + (month - 1) / 12 + (day - 1) / 372;
  return [at, at + 1 / 372];
}
