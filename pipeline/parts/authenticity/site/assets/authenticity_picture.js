// A picture against those that were issued: which one it may be, by squares of grey; then, laid over the published one,
// whether any block of it shows something else.
import { CLEAR, NOISE, changes } from "./authenticity_changes.js";
import { get, index, opened, root } from "./authenticity_find.js";
import { WORK, greyOf, pixelsOf, planes, seenFlat, spread } from "./authenticity_grey.js";
import { aligned, evenAt, nearer } from "./authenticity_laid.js";
import { clockwise, otherwise, part, sheets, within } from "./authenticity_sheets.js";
import { FEW, ranked } from "./authenticity_squares.js";
import { agreement, chained, laid, led, scaledFor, shownWidth } from "./authenticity_ways.js";
import { writing } from "./authenticity_writing.js";

const SAME = 0.8; // likeness of one laid over it that it is taken for
const SURE = 0.92; // from which on nothing within it is looked for
const OTHER = 0.5; // ratio by which half of them are off in another picture of the same make
const SOFT = 2 / 960; // of its width by which it is blurred, where a figure's strokes run together
const RIM = 0.08; // of the published picture that may be lost at the borders of a sheet
const AROUND = 0.92; // likeness of all of it from which on what is around a sheet belongs to it
const STARTS = [0.3, 0.75]; // least width of a picture in the whole that was given, and in what stands in it

// The published picture of a row in a width that is offered, or as it is.
const cameBefore = new Map();
function published(one, least, make) {
  const name = `${one.url} ${one.row[0]} ${least}`;
  if (!cameBefore.has(name)) cameBefore.set(name, fetched(one, least).then(make));
  return cameBefore.get(name);
}

async function fetched({ url, row: [name, width] }, least) {
  const sizes =
    width > least
      ? [`sized/${name}.${least}.webp`, `sized/${name}.${Math.min(width, 1440)}.webp`, name]
      : [name, `sized/${name}.${width}.webp`];
  for (const path of sizes) {
    const answer = await fetch(new URL(url + path.split("/").map(encodeURIComponent).join("/"), root), {
      cache: "force-cache",
    });
    if (answer.ok) return pixelsOf(await createImageBitmap(await answer.blob()));
  }
  throw new Error(name);
}

async function best(query, rows, regions) {
  const tries = (await Promise.all(regions.map(async (place) => {
    const shown = place.way ? part(query.slice(0, 1), place, 400)[0] : query[0];
    return Promise.all(
      ranked(shown, rows, STARTS[Number(Boolean(place.way))], Boolean(place.way))
        .slice(0, FEW)
        .map(async (one) => ({
          one,
          query: shown,
          place,
          picture: await published(one, 480, greyOf),
          places: one.places,
        })),
    );
  }))).flat();
  return aligned(tries);
}

// The likeliest of a year: as it was given, and what stands in it; unless that is sure, what stands in that; if it is
// none of these, aslant, turned, from behind.
async function likeliest(query, year) {
  const rows = JSON.parse(await get(`pictures/${year}.json`)).flatMap(([url, all]) => all.map((row) => ({ url, row })));
  const outer = sheets(query);
  let most = await best(query, rows, [{}, ...outer]);
  const look = async (regions) => {
    const other = await best(query, rows, regions);
    if (other && !(most?.like >= other.like)) most = other;
  };
  const inner = most?.like >= SURE ? [] : outer.slice(0, 2).flatMap((place) => within(query, place));
  await look(inner);
  for (const regions of otherwise(query, [...outer, ...inner])) {
    if (most?.like >= SAME) break;
    await look(regions);
  }
  return most;
}

async function scanned(whole) {
  if (!("BarcodeDetector" in window)) return [];
  const codes = await new window.BarcodeDetector({ formats: ["qr_code"] }).detect(whole).catch(() => []);
  return codes.map(({ rawValue }) => rawValue);
}

// Where in the given picture the published one is compared. A panel of it that stands by itself is no bound: what is
// around it was published, too, and may be what was changed.
function extent(original, query, m, { place, seen }) {
  if (!place.bounded) return { corners: [], seen };
  const T = evenAt(original, 192);
  const whole = agreement(T, seenFlat(laid(scaledFor(query, m, T.w), m, T.w, T.h), Math.round(T.w / 8)));
  const around = whole.seen > seen + RIM && whole.like > AROUND;
  return around ? { corners: [], seen: whole.seen } : { corners: clockwise(place.corners), seen };
}

// Whether a file may hold several pictures: one alone would be compared, and another may say anything. Any GIF, a WebP,
// PNG or AVIF that says so.
async function moves(file) {
  const words = new TextDecoder("latin1").decode(await file.arrayBuffer());
  const [kind, form] = [words.slice(0, 4), words.slice(8, 64)];
  return (
    /^GIF/u.test(kind)
    || (/^WEBP/u.test(form) && words.includes("ANMF"))
    || (/PNG$/u.test(kind) && words.includes("acTL"))
    || (words.slice(4, 8) === "ftyp" && /avis|msf1|hevs/u.test(form))
  );
}

// {fault} in words, or {result, versions, codes, aside, marks, bare, pale, corners}; `pale`: it has no colours, so none were compared; `bare`: what
// differs was added where nothing stood.
// result: "none" | "unread" | "unclear" | "differs" | "within" | "excerpt" | "whole"; "unread", "within": there is
// writing in it, or beside the published one in it, which was not looked at; marks: four corners of each block that
// differs, in widths of the given picture; `aside`: there is more in it than the published one.
export async function askPicture(file) {
  let [query, codes, given] = [];
  try {
    if (await moves(file)) return { fault: "会动的图片不能核对：请截屏，再选截下来的图。", versions: [] };
    const whole = await createImageBitmap(file, { imageOrientation: "from-image" });
    given = whole.width;
    codes = await scanned(whole);
    query = planes(pixelsOf(whole));
  } catch {
    return { fault: "这个文件打不开：不是图片，或者已经损坏。", versions: [] };
  }
  if (spread(query[0]) < 2) return { fault: "这张图片里什么也没有，请另选一张。", versions: [] };
  const { pictures } = await index();
  let found = null;
  for (const year of pictures) {
    found = await likeliest(query, year);
    if (found?.like >= SAME) break;
  }
  const absent = (versions) => ({ result: writing(query) ? "unread" : "none", versions, codes, marks: [] });
  if (!(found?.like >= SAME)) return absent([]);
  const { one, place } = found;
  const version = await opened({ url: one.url, revision: 1, present: 1 });
  const original = await published(one, 960, planes);
  const [shows] = place.bounded ? part(query.slice(0, 1), place, WORK) : query;
  let m = place.way && !place.bounded ? chained(found.m, place.way) : found.m;
  for (const width of [240, Math.min(480, Math.round(shownWidth(m, shows)))]) {
    m = nearer(evenAt(original[0], width), shows, m, 6, 8) ?? m;
  }
  if (place.bounded) m = chained(m, place.way);
  const { corners, seen } = extent(original[0], query[0], m, found);
  const shown = shownWidth(m, query[0]);
  const {
    w,
    found: blocks,
    bare,
    pale,
    soft,
    noise,
  } = changes(original, query, m, Math.round(Math.min(960, original[0].w, Math.max(320, shown))), corners);
  const marks = blocks.map(([x, y, size]) =>
    [
      [0, 0],
      [size, 0],
      [size, size],
      [0, size],
    ].map(([i, j]) => led(m, (x + i) / w, (y + j) / w)),
  );
  const whole = seen > 0.93 ? "whole" : "excerpt";
  if (noise > OTHER) return absent([version]);
  const clear = shown >= CLEAR && seen >= 0.5 && noise <= NOISE && soft < SOFT;
  const result = marks.length ? "differs" : !clear ? "unclear" : writing(query, original[0], m) ? "within" : whole;
  const area = shown ** 2 * original[0].h / original[0].w * seen;
  const [low, high] = [[0, 1], [0, original[0].h / original[0].w]];
  const ends = low.flatMap((u) => high.map((v) => led(m, u, v).map((value) => value * given)));
  return { result, versions: [version], codes, marks, bare, pale, clear, corners: ends, aside: area < 0.85 * query[0].w * query[0].h };
}
