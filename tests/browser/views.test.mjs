// What the views of an answer find in its rows. Run by test_scripts.py.

import assert from "node:assert/strict";
import { test } from "node:test";

import { naming, numeric } from "../../server/browser/chart.js";
import { located } from "../../server/browser/map.js";
import { Names, number, point, span } from "../../server/browser/terms.js";
import { dated } from "../../server/browser/timeline.js";

const XSD = "http://www.w3.org/2001/XMLSchema#";
const iri = (value) => ({ type: "uri", value });
const text = (value, tag) => ({ type: "literal", value, ...(tag && { "xml:lang": tag }) });
const typed = (value, type) => ({ type: "literal", value: String(value), datatype: XSD + type });
const edtf = (value) => ({ type: "literal", value, datatype: "http://id.loc.gov/datatypes/edtf/EDTF-level1" });
const wkt = (value) => ({ type: "literal", value, datatype: "http://www.opengis.net/ont/geosparql#wktLiteral" });
const rows = (columns, ...values) => ({
  kind: "rows",
  columns,
  rows: values.map((row) => Object.fromEntries(columns.map((name, n) => [name, row[n]]).filter(([, term]) => term))),
});
const base = "https://w3id.org/twinld/";
const names = new Names({ prefixes: { place: `${base}id/place/`, tw: `${base}ns#` }, base, root: "/x" });

test("what is ours leads to our pages, other schemes nowhere", () => {
  const to = Object.fromEntries(
    ["id/place/boston", "ns#party", "graph/curated", "/evil.example"].map((rest) => [rest, names.address(base + rest)]),
  );
  assert.deepEqual(to, {
    "id/place/boston": "/x/place/boston", "ns#party": "/x/ontology#party", "graph/curated": "/x/graph/curated",
    "/evil.example": null,
  });
  assert.deepEqual(["https://a/", "javascript:alert(1)", "data:x"].map((one) => names.address(one)), ["https://a/", null, null]);
  assert.equal(names.short(`${base}id/place/boston`), "place:boston");
});

test("numbers, points and dates are read by their datatype", () => {
  assert.deepEqual([typed(5, "integer"), typed("1.5", "decimal"), text("5"), typed("x", "integer")].map(number), [5, 1.5, null, null]);
  assert.deepEqual(point(wkt("POINT(2.35 48.86)")), [2.35, 48.86]);
  assert.equal(point(wkt("POINT(2.35 148.86)")), null);
  assert.deepEqual([edtf("1989"), edtf("198X"), typed("1989", "integer")].map((one) => span(one)), [[1989, 1990], [1980, 1990], null]);
  assert.deepEqual(span(edtf("1989-07")), [1989.5, 1989 + 7 / 12]);
});

test("a map takes WKT, and pairs of columns, and joins two points of a row", () => {
  const one = located(rows(["place", "where"], [iri("a"), wkt("POINT(1 2)")], [iri("b"), null]));
  assert.deepEqual([one.points.map((each) => each.at), one.lines, one.missing], [[[1, 2]], [], 1]);
  const degrees = (value) => typed(value, "decimal");
  const two = located(
    rows(["lat", "long", "otherLat", "otherLong"], [1, 2, 3, 4].map(degrees), [1, 2, 5, 200].map(degrees)),
  );
  assert.deepEqual(two.points.map((each) => each.at), [[2, 1], [4, 3]]);
  assert.deepEqual(two.lines, [[[2, 1], [4, 3]]]);
  assert.equal(located(rows(["a"], [text("x")])).points.length, 0);
});

test("a chart takes numbers that are no coordinates, and names bars by words", () => {
  const answer = rows(
    ["place", "label", "twins", "lat"],
    [iri("a"), text("A", "en"), typed(3, "integer"), typed("1.0", "decimal")],
    [iri("b"), null, typed(2, "integer"), typed("2.0", "decimal")],
  );
  assert.deepEqual(numeric(answer), ["twins"]);
  assert.deepEqual(naming(answer, "twins"), ["label"]);
  assert.deepEqual(naming(rows(["place", "n"], [iri("a"), typed(1, "integer")]), "n"), ["place"]);
});

test("a timeline takes the rows that have a date, the earliest first", () => {
  const answer = rows(
    ["label", "start", "end"],
    [text("late"), edtf("1991-08-28"), null],
    [text("early"), edtf("195X"), edtf("1960")],
    [text("never"), null, null],
  );
  const found = dated(answer);
  assert.deepEqual(found.map((one) => one.row.label.value), ["early", "late"]);
  assert.deepEqual([found[0].from, found[0].to], [[1950, 1960], [1960, 1961]]);
  assert.deepEqual(dated(rows(["n"], [typed(5, "integer")])), []);
  assert.equal(dated(rows(["decade", "n"], [typed(1980, "integer"), typed(5, "integer")])).length, 1);
});
