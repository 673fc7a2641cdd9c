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
  const p2 = phi * phi;
  const p4 = p2 * p2;
  const x = longitude * RADIANS * (EQUATOR - 0.131979 * p2 + p4 * (-0.013791 + p4 * (0.003971 * p2 - 0.001529 * p4)));
  const y = phi * (1.007226 + p2 * (0.015085 + p4 * (-0.044475 + 0.028874 * p2 - 0.005916 * p4)));
  return [WIDTH / 2 + SCALE * x, HEIGHT / 2 - SCALE * y];
}

/**
 * Draws the short great circle between two points ([longitude, latitude]) on whatever has moveTo and lineTo.
 * Where it crosses 180 degrees it is lifted and goes on at the other edge.
 */
export function arc(to, [lon1, lat1], [lon2, lat2]) {
  const a = vector(lon1, lat1);
  const b = vector(lon2, lat2);
  const angle = Math.acos(Math.max(-1, Math.min(1, a[0] * b[0] + a[1] * b[1] + a[2] * b[2])));
  to.moveTo(...project(lon1, lat1));
  const sine = Math.sin(angle);
  const steps = sine < CLOSE ? 1 : Math.ceil(angle / STEP);
  let [lastLon, lastLat] = [lon1, lat1];
  for (let step = 1; step <= steps; step += 1) {
    let [lon, lat] = [lon2, lat2];
    if (step < steps) {
      const p = Math.sin((1 - step / steps) * angle) / sine;
      const q = Math.sin((step / steps) * angle) / sine;
      lon = Math.atan2(p * a[1] + q * b[1], p * a[0] + q * b[0]) / RADIANS;
      lat = Math.asin(Math.max(-1, Math.min(1, p * a[2] + q * b[2]))) / RADIANS;
    }
    if (Math.abs(lon - lastLon) > 180) {
      const edge = lastLon > 0 ? 180 : -180;
      const whole = lon - lastLon + 2 * edge;
      const at = whole === 0 ? lat : lastLat + ((lat - lastLat) * (edge - lastLon)) / whole;
      to.lineTo(...project(edge, at));
      to.moveTo(...project(-edge, at));
    }
    to.lineTo(...project(lon, lat));
    [lastLon, lastLat] = [lon, lat];
  }
}

function vector(longitude, latitude) {
  const [lambda, phi] = [longitude * RADIANS, latitude * RADIANS];
  return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
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
