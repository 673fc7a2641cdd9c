// The world as our maps show it: Natural Earth projection, 960 wide and 500 high, and great circles on it.
// The projection is that of Šavrič, Jenny, Patterson, Petrovič and Hurni (2011), fitted to the box by its width.

export const WIDTH = 960;
export const HEIGHT = 500;
const RADIANS = Math.PI / 180;
const EQUATOR = 0.8707;
const SCALE = WIDTH / (2 * Math.PI * EQUATOR);
const STEP = 4 * RADIANS;
const CLOSE = 1e-9;

/** Where a point lies on the map, from degrees: [x, y]. */
export function project(longitude, latitude) {
  const phi = latitude * RADIANS;
  return [xOf(longitude * RADIANS, phi), yOf(phi)];
}

function xOf(lambda, phi) {
  const p2 = phi * phi;
  const p4 = p2 * p2;
  const wide = EQUATOR - 0.131979 * p2 + p4 * (-0.013791 + p4 * (0.003971 * p2 - 0.001529 * p4));
  return WIDTH / 2 + SCALE * (lambda * wide);
}

function yOf(phi) {
  const p2 = phi * phi;
  const p4 = p2 * p2;
  return HEIGHT / 2 - SCALE * (phi * (1.007226 + p2 * (0.015085 + p4 * (-0.044475 + 0.028874 * p2 - 0.005916 * p4))));
}

/**
 * Draws the short great circle between two points ([longitude, latitude]) on whatever has moveTo and lineTo.
 * Where it crosses 180 degrees it is lifted and goes on at the other edge.
 */
export function arc(to, [lon1, lat1], [lon2, lat2]) {
  const [l1, f1, l2, f2] = [lon1 * RADIANS, lat1 * RADIANS, lon2 * RADIANS, lat2 * RADIANS];
  let [ax, ay, az] = [Math.cos(f1) * Math.cos(l1), Math.cos(f1) * Math.sin(l1), Math.sin(f1)];
  const [zx, zy, zz] = [Math.cos(f2) * Math.cos(l2), Math.cos(f2) * Math.sin(l2), Math.sin(f2)];
  const angle = Math.acos(clamped(ax * zx + ay * zy + az * zz));
  const sine = Math.sin(angle);
  const steps = sine < CLOSE ? 1 : Math.ceil(angle / STEP);
  // Points at equal steps of a circle: each is twice the cosine of the step times the last, less the one before it.
  const part = angle / steps;
  const twice = 2 * Math.cos(part);
  const [p, q] = steps > 1 ? [Math.sin(angle - part) / sine, Math.sin(part) / sine] : [1, 0];
  let [bx, by, bz] = [p * ax + q * zx, p * ay + q * zy, p * az + q * zz];
  let [lastLambda, lastPhi] = [l1, f1];
  to.moveTo(xOf(l1, f1), yOf(f1));
  for (let step = 1; step <= steps; step += 1) {
    const lambda = step < steps ? Math.atan2(by, bx) : l2;
    const phi = step < steps ? Math.asin(clamped(bz)) : f2;
    if (Math.abs(lambda - lastLambda) > Math.PI) {
      const edge = lastLambda > 0 ? Math.PI : -Math.PI;
      const whole = lambda - lastLambda + 2 * edge;
      const at = whole === 0 ? phi : lastPhi + ((phi - lastPhi) * (edge - lastLambda)) / whole;
      to.lineTo(xOf(edge, at), yOf(at));
      to.moveTo(xOf(-edge, at), yOf(at));
    }
    to.lineTo(xOf(lambda, phi), yOf(phi));
    [lastLambda, lastPhi] = [lambda, phi];
    const [cx, cy, cz] = [twice * bx - ax, twice * by - ay, twice * bz - az];
    [ax, ay, az, bx, by, bz] = [bx, by, bz, cx, cy, cz];
  }
}

function clamped(cosine) {
  return Math.max(-1, Math.min(1, cosine));
}

/** The outline of the world as an SVG path. */
export function outline() {
  const edge = (longitude, from, to) =>
    Array.from({ length: 37 }, (_, step) => project(longitude, from + ((to - from) * step) / 36));
  return `M${[...edge(-180, -90, 90), ...edge(180, 90, -90)].map(text).join("L")}Z`;
}

/** Meridians and parallels every 30 degrees as an SVG path. */
export function graticule() {
  const lines = [];
  for (let longitude = -150; longitude <= 150; longitude += 30) {
    lines.push(Array.from({ length: 37 }, (_, step) => project(longitude, -90 + step * 5)));
  }
  for (let latitude = -60; latitude <= 60; latitude += 30) {
    lines.push([project(-180, latitude), project(180, latitude)]);
  }
  return lines.map((line) => `M${line.map(text).join("L")}`).join("");
}

function text(point) {
  return point.map((value) => value.toFixed(1)).join(",");
}

/** Land, borders, graticule and outline as SVG paths; without the parts that npm makes, the last two. */
export async function world(address) {
  const own = { sphere: outline(), graticule: graticule(), land: "", borders: "" };
  if (!address) return own;
  try {
    const answer = await fetch(address);
    return answer.ok ? await answer.json() : own;
  } catch {
    return own;
  }
}
