// What the picture itself shows where a line was read: signs are drawn and laid over their places.
import { around, emOf } from "./authenticity_boxes.js";
import { looksLike, soughtAt, templatesFrom } from "./authenticity_glyphs.js";
import { GRAVE } from "./authenticity_words.js";

// Likeness of a place with the issued sign, and by how much more than with the one that was read.
const [ALIKE, CLEARLY, ALMOST, WELL, HARDLY, SEEN, DIMLY] = [0.56, 0.06, 0.08, 0.66, 0.45, 0.53, 0.5];
const [NARROW, SPACE] = [0.55, 0.25]; // of a Han sign's width, that of a figure, of a space
const [ASIDE, HERE] = [2, 0.65]; // of a sign's height, how far it is looked for: beside, or at this very place
const LONGEST = 4; // figures of a number that are laid over together
const [ROOM, LETTER_ROOM] = [0.3, 0.2]; // of a sign's height, the least that one more takes up

// What a place shows: the issued signs; these or those; rather the issued; too dim to tell; neither; what was read.
export const SHOWN = { ISSUED: 1, EITHER: 0.6, RATHER: 0.4, DIM: 0.2, NEITHER: 0, READ: -1 };
export { ALIKE, ALMOST, CLEARLY, HARDLY, WELL };

const widthOf = (signs) => signs.reduce((sum, sign) => (
  sum + (/\s/u.test(sign) ? SPACE : /[\x20-\x7e]/u.test(sign) ? NARROW : 1)), 0);

// How far after the start of one place that of another is, in signs' widths, marks and spaces between counted.
function advance(from, to, corpus) {
  const apart = corpus.block[from] !== corpus.block[to] || corpus.at[from] < 0 || corpus.at[to] <= corpus.at[from];
  if (apart) return to - from;
  corpus.words ??= new Map();
  const block = corpus.block[from];
  if (!corpus.words.has(block)) corpus.words.set(block, Array.from(corpus.blocks[block].words));
  return widthOf(corpus.words.get(block).slice(corpus.at[from], corpus.at[to]));
}

// Where a place of the corpus stands, or should, in a line: by the neighbours that were read and the marks between.
export function boxAt({ signs, span }, place, em, corpus) {
  const known = span.pairs.filter(([n, at]) => n >= 0 && at >= 0);
  const here = known.find(([, at]) => at === place);
  if (here) return signs[here[0]].box;
  const left = known.findLast(([, at]) => at < place);
  const right = known.find(([, at]) => at > place);
  const [a, b] = [left && signs[left[0]].box, right && signs[right[0]].box];
  const after = left && advance(left[1], place, corpus) - widthOf([corpus.signs[left[1]]]);
  if (a && b) {
    const step = (b[0] - a[2]) / Math.max(1, after + advance(place, right[1], corpus));
    const x = a[2] + after * step;
    return [x, Math.min(a[1], b[1]), x + Math.max(0, step), Math.max(a[3], b[3])];
  }
  if (a) return [a[2] + after * em, a[1], a[2] + (after + 1) * em, a[3]];
  if (!b) return null;
  const start = b[0] - advance(place, right[1], corpus) * em;
  return [start, b[1], start + em, b[3]];
}

// Strokes stand in many a Han sign: what is read as one proves nothing against it.
export const isStroke = (read, issued) => /[1lLiI|一]/u.test(read) && /(?!一)\p{Script=Han}/u.test(issued);

// The likeness of the place of each issued sign with it (`own`), also as its published picture draws it, and with
// what was read there (`read`).
function likenesses(picture, segment, edit, corpus) {
  const em = emOf(segment);
  const reads = [...edit.raw].map((read, n) => (isStroke(read, corpus.signs[edit.places[n]] ?? "") ? "" : read));
  return edit.places.map((place, n) => {
    const box = boxAt(segment, place, em, corpus);
    if (!box) return { own: 0, read: 0 };
    const drawn = corpus.drawn.get(place);
    const plain = looksLike(corpus.signs[place], picture, box, em);
    const published = drawn
      ? looksLike("", picture, box, em, templatesFrom(drawn.picture, drawn.box, emOf(drawn))) : 0;
    const aside = plain < ALIKE && !drawn && foundAside(picture, segment, edit, corpus.signs[place], box, em);
    if (aside) return { own: aside.like, read: reads[n] ? looksLike(reads[n], picture, aside.box, em) : 0 };
    return { own: Math.max(plain, published), read: reads[n] ? looksLike(reads[n], picture, box, em) : 0 };
  });
}

// A sign that stands beside the box that a recogniser gives it, where none of its neighbours stands: its boxes may be a
// sign off. No sign that turns a meaning is looked for so far.
function foundAside(picture, { signs }, { from, to }, sign, box, em) {
  if (!/\p{Script=Han}/u.test(sign) || GRAVE.has(sign)) return null;
  const found = soughtAt(sign, picture, box, em, { reach: ASIDE });
  const beside = [signs[from - 1], signs[to]].filter((one) => one && one.sign !== sign);
  const least =
    Math.max(0, ...beside.map(({ raw }) => soughtAt(raw, picture, found.box, em, { reach: HERE }).like)) + CLEARLY;
  return found.like >= Math.max(ALIKE, least) ? found : null;
}

// {how, own, read}: one of SHOWN, and the sums of likeness.
export function shownAt(picture, segment, edit, corpus) {
  const all = likenesses(picture, segment, edit, corpus);
  const [own, read] = [all.reduce((sum, one) => sum + one.own, 0), all.reduce((sum, one) => sum + one.read, 0)];
  const how = howShown(all, own, read, Math.min([...edit.raw].length, all.length));
  return { how: how > SHOWN.NEITHER && isOtherNumber(picture, segment, edit) ? SHOWN.NEITHER : how, own, read };
}

// Whether the number that figures are of looks no more like the issued one than like the one that was read: a box may
// hold more figures than its own, and a 1 is found in 12.
function isOtherNumber(picture, { signs }, { from, to, own, read, boxes }) {
  if (!/^\d+$/u.test(own) || !/^\d+$/u.test(read) || own.length !== read.length) return false;
  const isFigure = (n) => /\d/u.test(signs[n]?.sign ?? "");
  let [first, after] = [from, to];
  while (isFigure(first - 1) && to - first < LONGEST) first -= 1;
  while (isFigure(after) && after - first < LONGEST) after += 1;
  const text = (some) => some.map(({ sign }) => sign).join("");
  const [head, foot] = [text(signs.slice(first, from)), text(signs.slice(to, after))];
  const box = around([...boxes, ...signs.slice(first, after).map((one) => one.box)]);
  const [issued, other] = [own, read].map((middle) => looksLike(head + middle + foot, picture, box, emOf({ signs })));
  return issued < other + CLEARLY / (after - first);
}

function howShown(all, own, read, count) {
  const one = all.length === 1;
  const alike = all.every((each) => each.own >= ALIKE);
  const surely = all.every((each) => each.own >= each.read + CLEARLY);
  if (!all.length) return SHOWN.NEITHER;
  if (alike && (surely || own > read + CLEARLY * all.length)) return SHOWN.ISSUED;
  if (all.every((each) => each.own >= WELL) || (alike && one && read < own + ALMOST)) return SHOWN.EITHER;
  if (all.every((each) => each.own >= each.read && (each.own >= HARDLY || each.read < ALIKE))) return SHOWN.RATHER;
  if (count > 0 && read > SEEN * count && read > own + CLEARLY * count) return SHOWN.READ;
  const dim = one && Math.max(all[0].own, all[0].read) <= DIMLY && all[0].read <= all[0].own + CLEARLY;
  return dim ? SHOWN.DIM : SHOWN.NEITHER;
}

// Whether the signs that were read do not stand where they were read: graphics, rims, halves of signs.
export const imagined = (picture, { raw, boxes }, em) => (
  [...raw].every((sign, n) => !boxes[n] || looksLike(sign, picture, boxes[n], em) < HARDLY));

// Whether signs that are more stand there, each in a place of its own: there is room for them between the neighbours,
// by their boxes and, where both are seen, by where they are seen.
export function stands(picture, { signs }, { from, to, raw, boxes }, em) {
  const [left, right] = [signs[from - 1], signs[to]];
  const room = (/[\x20-\x7e]/u.test(raw) ? LETTER_ROOM : ROOM) * em * (to - from);
  if (left && right) {
    const [a, b] = [left, right].map((one) => soughtAt(one.raw, picture, one.box, em));
    const isSeen = a.like >= WELL && b.like >= WELL && a.box[0] < b.box[0];
    if (Math.min(right.box[0] - left.box[2], isSeen ? b.box[0] - a.box[2] : room) < room) return false;
  }
  return [...raw].every((sign, n) => !boxes[n] || looksLike(sign, picture, boxes[n], em) >= HARDLY);
}

// Whether there is no room in a line for the signs that are missing in it, marks that part words counted: else the
// sign beside them would be taken for one of them (100 without a 0).
export function cramped({ signs }, { from, to, places, read }, em, corpus) {
  const missing = places.length - [...read].length;
  const [left, right] = [signs[from - 1], signs[to]];
  if (missing <= 0 || !left || !right) return false;
  const [first, last] = [places[0] - 1, places.at(-1) + 1];
  const inside = corpus.block[first] === corpus.block[last] && corpus.at[first] >= 0;
  const words = inside
    ? Array.from(corpus.blocks[corpus.block[first]].words).slice(corpus.at[first] + 1, corpus.at[last])
    : places.map((place) => corpus.signs[place]);
  const lost = widthOf(places.slice(-missing).map((place) => corpus.signs[place]));
  return (right.box[0] - left.box[2]) / em < widthOf(words) - 0.5 * lost;
}
