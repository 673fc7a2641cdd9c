// Makes server/static/vendor/ from the packages of package-lock.json: the query editor in one script and one sheet
// with a hash of their content in their names, the land of the maps as paths, the licences of all of it, and
// parts.json, which says what there is. The same packages give the same bytes. Another folder can be given instead.

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { geoGraticule, geoNaturalEarth1, geoPath } from "d3-geo";
import { build } from "esbuild";
import { feature, mesh } from "topojson-client";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, "../..");
const VENDOR = resolve(process.argv[2] ?? join(ROOT, "server/static/vendor"));
const MADE = `${VENDOR}.new`;
const WIDTH = 960;
const HEIGHT = 500;
const COLOURS = {
  light: { sea: "#f3f6f9", land: "#d9dfe5", line: "#e3e8ed", edge: "#c3ccd5" },
  dark: { sea: "#131b24", land: "#2b3641", line: "#1e2832", edge: "#3a4652" },
};
/** Packages whose work is in what is made, though nothing of them is bundled. */
const WORKED_WITH = ["world-atlas", "topojson-client", "d3-geo"];
const require = createRequire(import.meta.url);

async function scripts() {
  const done = await build({
    absWorkingDir: ROOT,
    entryPoints: { editor: "server/browser/editor.js" },
    bundle: true,
    minify: true,
    format: "esm",
    target: ["es2020"],
    charset: "utf8",
    legalComments: "none",
    entryNames: "[name]-[hash]",
    outdir: MADE,
    loader: { ".svg": "dataurl", ".png": "dataurl" },
    metafile: true,
    logLevel: "warning",
  });
  const parts = {};
  for (const path of Object.keys(done.metafile.outputs)) {
    const name = basename(path);
    parts[name.replace(/-[A-Z0-9]{8}\./, ".")] = name;
  }
  const bundled = Object.keys(done.metafile.inputs).map((path) => path.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1]);
  return { parts, bundled: new Set(bundled.filter(Boolean)) };
}

function world() {
  const topology = JSON.parse(readFileSync(require.resolve("world-atlas/countries-110m.json"), "utf8"));
  const projection = geoNaturalEarth1().fitExtent([[0, 0], [WIDTH, HEIGHT]], { type: "Sphere" });
  const path = geoPath(projection).digits(1);
  const { countries, land } = topology.objects;
  const paths = {
    width: WIDTH,
    height: HEIGHT,
    sphere: path({ type: "Sphere" }),
    graticule: path(geoGraticule().step([30, 30])()),
    land: path(feature(topology, land)),
    borders: path(mesh(topology, countries, (one, other) => one !== other)),
  };
  writeFileSync(join(MADE, "world.json"), `${JSON.stringify(paths)}\n`);
  for (const [name, colour] of Object.entries(COLOURS)) {
    writeFileSync(
      join(MADE, `world-${name}.svg`),
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}">` +
        `<path fill="${colour.sea}" d="${paths.sphere}"/>` +
        `<path fill="none" stroke="${colour.line}" stroke-width=".7" d="${paths.graticule}"/>` +
        `<path fill="${colour.land}" d="${paths.land}"/>` +
        `<path fill="none" stroke="${colour.edge}" stroke-width=".7" d="${paths.sphere}"/></svg>\n`,
    );
  }
}

/** The folder of a package, as Node would find it from the folder of another. */
function folderOf(name, from = ROOT) {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = join(folder, "node_modules", name);
    if (existsSync(join(found, "package.json"))) return found;
    if (folder === dirname(folder)) throw new Error(`${name}: not installed; run npm ci --ignore-scripts`);
  }
}

/** Folders of packages and of all that they depend on, since a script of theirs may hold any of it. */
function closure(names) {
  const found = new Map();
  const visit = (name, from) => {
    const folder = folderOf(name, from);
    if (found.has(folder)) return;
    const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    found.set(folder, about);
    for (const other of Object.keys(about.dependencies ?? {})) visit(other, folder);
  };
  for (const name of names) visit(name, ROOT);
  return [...found].sort(([, one], [, other]) => (one.name < other.name ? -1 : 1));
}

function licences(names) {
  const mit = readFileSync(join(HERE, "mit.txt"), "utf8");
  const texts = closure(names).map(([folder, about]) => {
    const author = typeof about.author === "string" ? about.author : (about.author?.name ?? "its contributors");
    const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)/i.test(name));
    if (!file && about.license !== "MIT") throw new Error(`${about.name}: no licence text; add one`);
    const text = file ? readFileSync(join(folder, file), "utf8") : `By ${author}\n\n${mit}`;
    return `${about.name} ${about.version} (${about.license})\n${"=".repeat(72)}\n${text.trim()}\n`;
  });
  const head =
    "The query editor and the maps of twinld are made with the packages below. The land of the maps is that of\n" +
    "Natural Earth, which is in the public domain.\n";
  writeFileSync(join(MADE, "licences.txt"), [head, ...texts].join("\n\n"));
}

rmSync(MADE, { recursive: true, force: true });
mkdirSync(MADE, { recursive: true });
const { parts, bundled } = await scripts();
world();
licences([...bundled, ...WORKED_WITH]);
for (const name of ["world.json", "world-light.svg", "world-dark.svg", "licences.txt"]) parts[name] = name;
const sorted = Object.fromEntries(Object.entries(parts).sort());
writeFileSync(join(MADE, "parts.json"), `${JSON.stringify(sorted, null, 1)}\n`);
rmSync(VENDOR, { recursive: true, force: true });
renameSync(MADE, VENDOR);
console.log(`${relative(ROOT, VENDOR)}: ${Object.values(sorted).join(", ")}`);
