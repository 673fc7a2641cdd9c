// Geometry of the maps: known points, arcs that stay in the box, the cut at 180 degrees. Run by test_scripts.py.

import assert from "node:assert/strict";
import { test } from "node:test";

import { HEIGHT, WIDTH, arc, graticule, outline, project } from "../../server/static/geo.js";

class Pen {
  lines = [];
  moveTo(x, y) {
    this.lines.push([[x, y]]);
  }
  lineTo(x, y) {
    this.lines.at(-1).push([x, y]);
  }
}

function drawn(one, other) {
  const pen = new Pen();
  arc(pen, one, other);
  return pen.lines;
}

const near = (found, wanted, within = 0.01) =>
  found.forEach((value, place) => assert.ok(Math.abs(value - wanted[place]) < within, `${found} is not ${wanted}`));

test("the middle and the ends of the equator fill the width", () => {
  near(project(0, 0), [480, 250]);
  near(project(-180, 0), [0, 250]);
  near(project(180, 0), [960, 250]);
});

test("the poles lie in the box", () => {
  assert.ok(project(0, 90)[1] >= 0 && project(0, 90)[1] < 2);
  assert.ok(project(0, -90)[1] <= HEIGHT && project(0, -90)[1] > HEIGHT - 2);
});

test("a great circle along the equator is straight", () => {
  const [line] = drawn([0, 0], [90, 0]);
  assert.equal(line.length, 24);
  line.forEach(([, y]) => near([y], [250]));
  near(line.at(-1), project(90, 0));
});

test("the middle of Boston to Tokyo lies in the far north", () => {
  const lines = drawn([-71.06, 42.36], [139.69, 35.69]);
  const highest = Math.min(...lines.flat().map(([, y]) => y));
  near([highest], [project(0, 71.4)[1]], 2);
});

test("the short way from Fiji to Samoa is cut at 180 degrees", () => {
  const lines = drawn([178.44, -18.14], [-171.77, -13.83]);
  assert.equal(lines.length, 2);
  near([lines[0].at(-1)[1]], [lines[1][0][1]]);
  assert.ok(lines[0].at(-1)[0] > 900 && lines[1][0][0] < 60);
});

test("ends on the line of 180 degrees, poles, equal and opposite points are drawn", () => {
  for (const [one, other] of [
    [[180, 10], [-180, 20]], [[-180, 0], [170, 0]], [[0, 90], [50, -90]], [[5, 5], [5, 5]], [[0, 0], [180, 0]],
  ]) {
    const lines = drawn(one, other);
    near(lines[0][0], project(...one));
    near(lines.at(-1).at(-1), project(...other));
  }
});

test("every arc stays in the box and takes no long step", () => {
  let seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  for (let time = 0; time < 2000; time += 1) {
    const ends = [0, 1].map(() => [random() * 360 - 180, random() * 180 - 90]);
    for (const line of drawn(...ends)) {
      line.forEach(([x, y], step) => {
        assert.ok(x >= -0.01 && x <= WIDTH + 0.01 && y >= 0 && y <= HEIGHT, `${ends}: ${x}, ${y}`);
        if (step) assert.ok(Math.abs(x - line[step - 1][0]) < WIDTH / 2 + 1, `${ends}: a step across the map`);
      });
    }
  }
});

test("outline and graticule are paths", () => {
  assert.match(outline(), /^M[\d.]+,[\d.]+(L[\d.]+,[\d.]+){73}Z$/);
  assert.equal(graticule().match(/M/g).length, 16);
});
