// The files of the index, each asked for once; of a small archive the lists of what the address asks
// for, and the posts that they name first, before the engine and its words are there.
import { normalise, pairs, shardOf, SPACE, weightsOf, worth } from "./search_text.js";

const VERSION = 6; // of index.json
const SMALL = 512; // posts of an archive of which all lists are asked for in one go
const EARLY = 8; // pairs of signs whose lists are asked for before the query is understood
const GUESSED = 3; // posts: with these in hand a browser asks for the rest of READ in one go
const files = new Map(); // URL → promise of its content: what was read once needs no network
export const root = new URL("../", import.meta.url);

async function partsBy(options) {
  const response = await fetch(new URL("search/index.json", root), options);
  if (!response.ok) throw new Error(`${response.status} ${response.url}`);
  const { version, parts } = await response.json();
  if (version !== VERSION) throw new Error(`index version ${version}`);
  return parts;
}

// What the page preloaded may be of before: lists are asked for by it, and none of it is believed
// until the host says that it holds.
const hint = partsBy();
let parts = partsBy({ cache: "no-cache" });
parts.catch(() => {}); // who needs them is told

// The parts of a year, or of all; asked for again where they did not come.
export async function partsOf(year) {
  const all = await parts.catch(() => (parts = partsBy({ cache: "no-cache" })));
  return all.filter((part) => !year || String(part.year) === year);
}

export function loadPart(part, path) {
  const url = new URL(`search/${part.id}/${path}?v=${part.digest.slice(0, 12)}`, root).href;
  if (!files.has(url)) {
    const answer = fetch(url).then((response) => {
      if (!response.ok) throw new Error(`${response.status} ${url}`);
      return path.endsWith(".json") ? response.json() : response.text();
    });
    answer.catch(() => files.delete(url));
    files.set(url, answer);
  }
  return files.get(url);
}

export async function listsOf(part, key) {
  const name = shardOf(key, part.shards).toString(16);
  const lines = `\n${await loadPart(part, `s/${name}.txt`)}`;
  const at = lines.indexOf(`\n${key}`) + 1;
  return at ? lines.slice(at + key.length, lines.indexOf("\n", at)).split(" ") : [""];
}

export const read = (part, keys) => Promise.all(keys.map((key) => listsOf(part, key)));

export const isSmall = (parts) => parts.reduce((sum, { docs }) => sum + docs, 0) <= SMALL;

// The posts that hold all pairs, first those that hold them where they weigh most, then the newest.
async function guess(all, keys) {
  const held = await Promise.all(all.map(async (part) => {
    const lists = (await read(part, keys)).map((codes) => weightsOf(codes, part.docs));
    return Array.from({ length: part.docs }, (_, number) => (
      { part, number, worth: Math.min(...lists.map((weights) => worth(weights[number]))) })).reverse();
  }));
  return held.flat().filter((post) => post.worth).sort((one, other) => other.worth - one.worth).slice(0, GUESSED);
}

// A right guess saves a round trip, a wrong one costs some bytes.
async function askEarly(query) {
  const early = [...new Set(normalise(query).split(SPACE).flatMap(pairs))].slice(0, EARLY);
  const all = await hint;
  if (!early.length || !isSmall(all)) return;
  for (const { part, number } of await guess(all, early)) loadPart(part, `d/${number}.json`);
}
askEarly(new URL(location).searchParams.get("q") ?? "").catch(() => {}); // who needs a list asks again
