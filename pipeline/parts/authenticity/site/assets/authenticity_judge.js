// The words of a picture against what was issued: it is read twice, its lines are taken for places of pages, and what
// is not borne out decides.
import { leadsTo } from "./authenticity_address.js";
import { buttonsOf, cutOff, drawnBoxes, frameOf, isAdded, passed, saysGrave } from "./authenticity_around.js";
import { partedBeside } from "./authenticity_beside.js";
import { boxOf, clipped, emOf, isCovered, meets, middle, shared, within } from "./authenticity_boxes.js";
import { index, root, versionsFor } from "./authenticity_find.js";
import { gapsShown, standsThere } from "./authenticity_gaps.js";
import { pageOf } from "./authenticity_links.js";
import { Lines, bearAll, isBadly } from "./authenticity_lines.js";
import { misplaced, otherLevels } from "./authenticity_order.js";
import { SHOWN } from "./authenticity_place.js";
import { codesIn, linesIn } from "./authenticity_read.js";
import { isCutLine } from "./authenticity_rims.js";
import { isShownAgain } from "./authenticity_seams.js";
import { clocks } from "./authenticity_shown.js";
import { lookedAt, uncovered } from "./authenticity_unread.js";
import { isAlmost } from "./authenticity_verdict.js";
import {
  LITTLE, SHORT_LINE, corpusOf, drawnBlocks, isWell, issuedAt, placed, segmentsOf, wordsOf,
} from "./authenticity_words.js";

const [LONG_LINE, LONG_LINES, ASLANT] = [8, 3, 0.03]; // Han signs, lines and a slope that tell that a picture is aslant
const [FANNED, AGREED] = [0.04, 0.7]; // what the first and the last line differ by; share of pairs that say so
const [COLUMN, LEAST_HIGH] = [2, 0.5]; // pixels drawn at once; by which a column is drawn higher, at most twice
const UPRIGHT = 6; // the mode of a reader that takes no line to lie on its side
const [SMALL, MIDDLE, LARGE, MOST] = [16, 32, 64, 2.5]; // pixels of a sign's height; times, at most
const MOSTLY = 0.7; // of so many signs others stand there
const MOST_GAPS = 6; // that are read by themselves
const CERTAIN = 97; // of 100, from which on a sign counts that stands in a picture compared as one
const LEAST = 10; // signs that are borne out, at least
const [FEW, ENTIRE] = [40, 0.97]; // windows of writing that was not read; of the text that is all of it
const SHARE = 0.12; // of what was read that says something of one notice alone
// of what was read that stands on the page of a notice from here: of all but what stands beside it, and of all
const [OURS, AMONG] = [0.5, 0.25];
const [FOR_CODE, CLEARLY_MORE] = [20, 0.5]; // points of a page for a code that leads to it; by how much one is better

const signsIn = (segments) => segments.reduce((sum, { signs }) => sum + signs.length, 0);
const textIn = (lines) => lines.map(({ signs }) => signs.map(([sign]) => sign).join("")).join("\n");
const costOf = ({ span, signs }) => (span ? span.cost / signs.length : 1);

// ---- which page ----
// How much of a reading a page explains: signs that are the same, less what is other.
function weightOf(segments, corpus) {
  let sum = 0;
  for (const { span, twice } of segments) {
    if (!span || twice) continue;
    sum += span.pairs.filter(([n, place]) => n >= 0 && place >= 0 && !corpus.light[place]).length - 3 * span.cost;
  }
  return sum;
}

function likeliest(reading, codes, versions) {
  let best = null;
  for (const version of versions) {
    version.blocks ??= wordsOf(version.page);
    const corpus = corpusOf(version.blocks);
    const leading = codes.filter((code) => leadsTo(code, [version])).length;
    const score = weightOf(placed(segmentsOf(reading), corpus, false).segments, corpus) + FOR_CODE * leading;
    if (!best || score > best.score + CLEARLY_MORE) best = { version, score };
  }
  return best?.version ?? null;
}

// What a recogniser reads in the published pictures of a version, and in the card that chats draw beside one without.
async function drawnIn(version) {
  const card = new URL("assets/card.png", root);
  const addresses = [...new Set(version.pictures)].map((src) => new URL(src, version.address)).concat(card);
  version.drawn ??= await Promise.all(addresses.map(async (address) => {
    const answer = await fetch(address, { cache: "force-cache" });
    if (!answer.ok) return [];
    const picture = await createImageBitmap(await answer.blob());
    const whole = [0, 0, picture.width, picture.height];
    const blocks = [];
    for (const [method, scale] of [[0, 1], [2, 1], [0, 1.6]]) {
      const lines = await linesIn(picture, whole, scale, { method });
      blocks.push(...drawnBlocks(segmentsOf(lines), picture, address !== card));
    }
    const boxes = blocks.map(({ drawn }) => drawn.line);
    const { lines } = await lookedAt(picture, boxes, []); // labels in it, which the whole is read without
    return [...blocks, ...lines.flatMap((some) => drawnBlocks(segmentsOf(some), picture, address !== card))];
  }));
  return version.drawn.flat();
}

async function corpusFor(version) {
  const corpus = corpusOf([...version.blocks, ...await drawnIn(version)]);
  corpus.refuting = version.refuting;
  corpus.turns = Boolean(version.turns);
  const { now } = clocks((await index()).newest);
  corpus.over = (version.turns ?? "").split(" ").slice(1).some((turn) => Date.parse(turn) <= now);
  return corpus;
}

// ---- what no line covers ----
// What stands after the line before a gap and before the one after it, read by itself.
async function aroundGap(picture, before, after) {
  const out = [];
  for (const [one, low, high] of [[before, 0, 2.2], [after, -2.2, 0]]) {
    if (!one) continue;
    const em = emOf(one);
    const [x0, y0, x1, y1] = one.box;
    const box = clipped([x0 - 3 * em, y0 + (low - 0.3) * em, x1 + 3 * em, y1 + (high + 0.3) * em], picture);
    out.push(await linesIn(picture, box, Math.min(3, 40 / em), { mode: 6, method: 0 }));
  }
  return out;
}

// Reads what the readings of the whole left out: {extra, codes, covered}: lines that are none of the page's, codes, and
// boxes of all that was looked at.
async function readRest(picture, corpus, lines, codes, seen) {
  const covered = [...lines.used.map(({ box }) => box), ...drawnBoxes(lines.used, corpus), ...seen];
  const more = await lookedAt(picture, covered, codes);
  for (const { before, after } of gapsShown(picture, corpus, lines).slice(0, MOST_GAPS)) {
    more.lines.push(...await aroundGap(picture, before, after));
  }
  const again = more.lines.flatMap((read) => placed(segmentsOf(read), corpus).segments);
  const extra = [];
  for (const one of again.filter(({ signs }) => signs.length).sort((a, b) => costOf(a) - costOf(b))) {
    covered.push(one.box);
    if (cutOff(one, picture, corpus)) continue;
    const known = lines.used.some(({ box, span }) => span && (meets(box, one.box) || within(one.box, box)));
    if (isBadly(one)) extra.push(one);
    else if (known) bearAll(one, corpus, lines.shown);
    else await lines.examine(one);
  }
  return { extra, codes: [...codes, ...more.codes], covered };
}

// ---- what is not borne out ----
// Whether a well read line of the page has its signs where another reading has others.
function holds({ span, twice, signs, box }, { box: other, signs: others }) {
  if (!span || twice || !isWell({ span, signs }) || !meets(box, other) || !within(other, box)) return false;
  const there = signs.filter(({ box: [x0, , x1] }) => (x0 + x1) / 2 > other[0] && (x0 + x1) / 2 < other[2]);
  return there.length > MOSTLY * others.length;
}

function problemsOf(picture, corpus, lines, { extra, codes }, { seen, off, versions, version, isButton }) {
  const frame = frameOf(lines.used, corpus);
  const isSeam = ({ kind, segment }) => kind === "loose" && (isCutLine(picture, segment, lines.used, corpus)
    || isShownAgain(picture, segment, lines.used, corpus.typical));
  const firm = lines.used.filter(({ span, twice }) => span && !twice && !span.cost).map(({ box }) => box);
  const beside = ({ box: own }) => !lines.used.some(({ box, span }) => meets(box, own) || (span && within(own, box)))
    && !isCovered(own, firm);
  const isReadAgain = ({ kind, segment }) => kind === "loose" && (
    lines.used.some((one) => holds(one, segment)) || standsThere(picture, segment, lines.used, corpus));
  const loose = extra.filter(beside).map((segment) => ({ kind: "loose", segment }))
    .filter((one) => !passed(one, picture, frame, corpus) && !isSeam(one) && !isReadAgain(one));
  const found = lines.found(frame).filter((one) => !isSeam(one) && !isReadAgain(one));
  for (const one of [...found, ...loose])
    if (one.kind === "loose" && isAdded(one.segment, lines.used)) one.kind = "other";
  const isCompared = ({ kind, segment, how, edit }) => segment && how !== SHOWN.READ // as a picture, where it is one
    && seen.some((box) => within(segment.box, box)) && !off.some((box) => shared(box, segment.box) > 0)
    && (kind === "loose" || !edit || edit.places.every((place) => corpus.drawn.has(place)))
    && !(edit && kind === "other" && edit.sure >= CERTAIN);
  const isOfButton = ({ kind, segment }) => kind === "loose" && isButton(segment.box) && !saysGrave(segment);
  const own = versions.filter(({ post }) => post === version.post);
  const all = [...found, ...misplaced(lines.used, corpus), ...otherLevels(picture, lines.used, corpus),
    ...gapsShown(picture, corpus, lines), ...loose].filter((one) => !isCompared(one) && !isOfButton(one));
  return [...all, ...codes.filter((code) => !leadsTo(code, own)).map((code) => ({ kind: "code", code }))];
}

// Boxes of signs of lines that were taken to lie on their side: of them no place is told.
const turnedIn = (reading) => reading.flatMap(({ signs }) => signs)
  .filter(([sign, box]) => /\p{Script=Han}/u.test(sign) && box[3] - box[1] < 2).map(([, box]) => box);

// Those of them that are in no line that was read upright since.
function stillTurned(boxes, lines, isPassed) {
  const upright = lines.used.filter((one) => (one.span ? isWell(one) : isPassed(one)));
  const isRead = ([x0, y0, x1]) => upright.some(({ box }) => (
    (x0 + x1) / 2 > box[0] && (x0 + x1) / 2 < box[2] && y0 > box[1] && y0 < box[3]));
  return boxes.filter((box) => !isRead(box));
}

// ---- the answer ----
function isEntire(corpus, shown) {
  const body = corpus.signs.map((_, place) => place)
    .filter((place) => corpus.blocks[corpus.block[place]].core && !corpus.light[place]);
  return body.length > 0 && body.filter((place) => shown[place]).length > ENTIRE * body.length;
}

// {result, proven?} by what is borne out of all that was read, and what is not.
function resultOf(corpus, { used, shown }, { problems, left, items }, { codes, isPassed }) {
  const borne = used.filter((one) => one.span && isWell(one) && one.signs.length > SHORT_LINE);
  const ours = signsIn(borne.filter(({ span }) => corpus.blocks[corpus.block[span.from]].signed));
  const isItem = ({ box }) => items.some((item) => within(box, item.box));
  const [known, all] = [signsIn(borne), used.filter((one) => one.span || !isPassed(one))];
  const read = signsIn(all.filter((one) => !isItem(one)));
  const strangeCode = problems.some(({ kind }) => kind === "code");
  if (signsIn(all) < LEAST && codes.length && !known && !strangeCode) return { result: "code" };
  if (known < OURS * read || known < AMONG * signsIn(all)) {
    return { result: signsIn(all) >= LEAST || (codes.length && !known) ? "none" : "unsure" };
  }
  if (ours < Math.max(LEAST, SHARE * read)) {
    return { result: known >= LEAST && strangeCode ? "differs" : "unsure", proven: true };
  }
  if (strangeCode || problems.some(({ kind }) => kind === "other")) {
    return { result: "differs", proven: strangeCode || problems.some(({ how }) => how === SHOWN.READ) };
  }
  if (problems.length || left.reduce((sum, { count }) => sum + count, 0) > FEW) return { result: "unsure" };
  if (items.length) return { result: "beside" };
  return { result: isEntire(corpus, shown) ? "whole" : "excerpt" };
}

// What is other, as the answer shows it: {words, near?}.
function changesOf(problems, corpus) {
  const others = problems.filter(({ kind }) => kind === "other");
  const missing = others.filter(({ places }) => places).map(({ before, after, places }) => {
    const from = before?.span.from ?? places[0];
    const to = before ? places.at(-1) + 1 : after.span.to;
    return { words: (before ?? after).raw, near: { raw: issuedAt({ from, to }, corpus) } };
  });
  const segments = new Set(others.filter(({ segment }) => segment).map(({ segment }) => segment));
  const changed = [...segments].map(({ raw, span }) => (
    { words: raw, near: span && { raw: issuedAt(span, corpus) } }));
  return [...changed, ...missing];
}

// Places in the picture that are neither borne out nor another text: [{box, own}], `own`: what was issued there.
const unclearIn = (problems, corpus) => [...new Set(problems.flatMap(({ segment, before }) => segment ?? before ?? []))]
  .map(({ box, span }) => ({ box, own: span ? issuedAt(span, corpus) : "" }));

// {result: "whole" | "excerpt" | "beside" | "code" (a code to scan that leads to a notice, and hardly any words) | "differs" | "unsure" | "none", version, problems, changes, codes, left, text,
// beside, unclear, picture}: `beside`: what is none of the notice's, as [{box, words}] of `picture`, turned level.
// `versions`: pages as `opened` gives them; `seen`: boxes of published pictures that
// were compared as pictures; `off`: blocks in them that differ.
async function judged(picture, { readings, turned, codes, seen, off }, versions, say) {
  const text = textIn(readings[0]);
  const version = likeliest(readings[0], codes, versions);
  if (!version) {
    const absent = codes.length > 0 || signsIn(segmentsOf(readings[0])) >= LEAST;
    return { result: absent ? "none" : "unsure", text, problems: [], changes: [], codes, left: [], beside: [], unclear: [] };
  }
  const corpus = await corpusFor(version);
  const lines = new Lines(picture, corpus, readings, say);
  await lines.examineAll();
  const rest = await readRest(picture, corpus, lines, codes, seen);
  const isButton = buttonsOf(lines.used, version, corpus);
  const boxes = [...rest.covered, ...rest.codes.map(({ corners }) => boxOf(corners))];
  const left = uncovered(picture, boxes).filter(({ box }) => !isButton(box));
  const all = problemsOf(picture, corpus, lines, rest, { seen, off, versions, version, isButton });
  const frame = frameOf(lines.used, corpus);
  const isPassed = (segment) => passed({ segment }, picture, frame, corpus);
  const found = { problems: all, left, turned: stillTurned(turned, lines, isPassed) };
  const parted = partedBeside(found, lines.used, corpus, picture);
  const { problems } = parted;
  if (parted.turned.length > LITTLE) problems.push({ kind: "turned" });
  const { result, proven } = resultOf(corpus, lines, parted, { codes: rest.codes, isPassed });
  return {
    result, proven, version, problems, changes: changesOf(problems, corpus), codes: rest.codes, left, text,
    beside: parted.items, unclear: unclearIn(problems, corpus), picture,
  };
}

// How far long lines run down by their length, by where their signs stand: [{slope, x, y}], and their middles.
const slopesOf = (lines) => lines.flatMap(({ signs }) => {
  const boxes = signs.filter(([sign]) => /\p{Script=Han}/u.test(sign)).map(([, box]) => box);
  if (boxes.length < LONG_LINE) return [];
  const [x, y] = [0, 1].map((axis) => boxes.reduce((sum, box) => sum + box[axis] + box[axis + 2], 0) / boxes.length);
  const [up, across] = boxes.reduce(([a, b], box) => {
    const dx = box[0] + box[2] - x;
    return [a + dx * (box[1] + box[3] - y), b + dx * dx];
  }, [0, 0]);
  return across ? [{ slope: up / across, x: x / 2, y: y / 2 }] : [];
});

// How lines lie: {slope, spread}: in the picture's middle, and by how much more for each pixel further down, as on a
// sheet that is seen from the side. 0 where there are too few lines, and a spread that is hardly one.
export function leaning(lines, { height }) {
  const all = slopesOf(lines);
  if (all.length < LONG_LINES) return { slope: 0, spread: 0 };
  const [top, low] = [Math.min, Math.max].map((least) => least(...all.map(({ y }) => y)));
  const spreads = all.flatMap((one, n) => all.slice(n + 1).filter((other) => Math.abs(one.y - other.y) > (low - top) / 2)
    .map((other) => (other.slope - one.slope) / (other.y - one.y)));
  const found = spreads.length < LONG_LINES ? 0 : middle(spreads);
  const same = spreads.filter((one) => one * found > 0).length;
  const spread = Math.abs(found) * (low - top) > FANNED && same > AGREED * spreads.length ? found : 0;
  return { slope: middle(all.map((one) => one.slope - spread * (one.y - height / 2))), spread };
}

function blank(width, height) {
  const pen = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  pen.imageSmoothingQuality = "high";
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, width, height);
  return pen;
}

// A picture whose lines lie level: {picture, at}, and where a point of it then is. It is turned about its middle; then
// columns are drawn as much higher or lower as lines spread there. Nothing of it is left out.
export function levelled(picture, { slope, spread }) {
  const angle = -Math.atan(slope);
  const [cos, sin] = [Math.cos(angle), Math.abs(Math.sin(angle))];
  const [wide, tall] = [picture.width * cos + picture.height * sin, picture.width * sin + picture.height * cos].map(Math.ceil);
  const turned = blank(wide, tall);
  turned.translate(wide / 2, tall / 2);
  turned.rotate(angle);
  turned.drawImage(picture, -picture.width / 2, -picture.height / 2);
  const way = turned.getTransform();
  const highAt = (x) => Math.max(LEAST_HIGH, 1 + spread * (x - wide / 2));
  const height = Math.ceil(tall / Math.min(1, highAt(0), highAt(wide)));
  const pen = blank(wide, height);
  for (let x = 0; x < wide; x += COLUMN) {
    const high = tall / highAt(x + COLUMN / 2);
    pen.drawImage(turned.canvas, x, 0, COLUMN, tall, x, (height - high) / 2, COLUMN, high);
  }
  const at = ([x, y]) => {
    const { x: left, y: top } = way.transformPoint({ x: x - picture.width / 2, y: y - picture.height / 2 });
    return [left, height / 2 + (top - tall / 2) / highAt(left)];
  };
  return { picture: pen.canvas, at };
}

// How large a picture is read for the second time: as it is, or so that very small or large signs are of a middle height.
function scaleFor(lines) {
  const highs = lines.flatMap(({ signs }) => signs.filter(([sign]) => /\p{Script=Han}/u.test(sign))
    .map(([, box]) => Math.max(box[2] - box[0], box[3] - box[1])));
  const high = middle(highs);
  return highs.length && (high < SMALL || high > LARGE) ? Math.min(MOST, MIDDLE / high) : 1;
}

// Both readings of a picture: {readings, turned}.
async function readWhole(picture) {
  const whole = [0, 0, picture.width, picture.height];
  const [readings, turned] = [[], []];
  for (const method of [0, 2]) {
    const scale = method ? scaleFor(readings[0]) : 1;
    const lines = await linesIn(picture, whole, scale, { method });
    turned.push(...turnedIn(lines));
    readings.push(
      turnedIn(lines).length > LITTLE ? await linesIn(picture, whole, scale, { method, mode: UPRIGHT }) : lines,
    );
  }
  return { readings, turned };
}

// What a picture says. `compared`: what `askPicture` made of it; `say(words)` while it takes time.
export async function readPicture(file, compared, say) {
  let picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const { width: wide } = picture;
  const whole = [0, 0, picture.width, picture.height];
  say("正在读取图中文字，可能要等一分钟……");
  let [read, at] = [await readWhole(picture), (point) => point];
  const lean = leaning(read.readings[0], picture);
  if (Math.abs(lean.slope) > ASLANT || lean.spread) {
    ({ picture, at } = levelled(picture, lean));
    read = await readWhole(picture);
  }
  const { readings, turned } = read;
  const scale = Math.min(1, Math.max(1600 / Math.max(picture.width, picture.height), 900 / picture.width));
  const codes = await codesIn(picture, whole, scale);
  const pages = [...compared.versions.map(({ url }) => url), ...codes.flatMap(({ words }) => pageOf(words) ?? [])];
  const versions = await versionsFor(readings.map(textIn).join("\n"), pages);
  say("正在与原文对照……");
  const isLaid = ["whole", "excerpt", "within"].includes(compared.result) || isAlmost(compared);
  const seen = isLaid ? [boxOf(compared.corners.map(at))] : [];
  const off = compared.marks.map((corners) => boxOf(corners.map((corner) => at(corner.map((part) => part * wide)))));
  return judged(picture, { readings, turned, codes, seen, off }, versions,
    (nth) => nth % 10 === 1 && say(`正在再看第 ${nth} 行……`));
}
