// What stands in a picture beside the notice: above its text, below it, at its sides, or between two of its paragraphs
// without claiming anything. The answer lists it as not the notice's (docs/decisions/0133); nothing of it is called
// issued, and none of it undoes what is.
import { sureOf } from "./authenticity_address.js";
import { SENTENCE, SURE, hanIn, isAtRim, isClock, isDate } from "./authenticity_around.js";
import { around, emOf, level, middle, overlap } from "./authenticity_boxes.js";
import { isBadly } from "./authenticity_lines.js";
import { isClaim } from "./authenticity_said.js";
import { GRAVEST, SHORT_LINE, isWell, textOf } from "./authenticity_words.js";

const APART = 1.5; // signs' heights at a line's side, within which a sign belongs to the line
const [CLOSE, ALIGNED] = [3.2, 1.5]; // signs' heights to the next line, and by which its left edge may be off
const [SMALLER, LARGER] = [0.85, 1.18]; // times the size of the notice's own signs, between which type is the same
const STRAY = /(?<![.@/A-Za-z])[A-Za-z]{1,3}(?![.@/A-Za-z])/gu; // letters that rules and icons are read as
const MARKS = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu; // what icons and rims beside words are read as
const OF_ROW = 2; // times as high, from which on boxes are of no one line
const SPECK = 0.3; // of a sign's height
const WRITING = 12; // windows of writing that was not made out, from which on a place is shown

// The lines of the notice's text in a picture, its title's where no other stands there: {rows, box, em}, or null.
function noticeIn(used, corpus) {
  const blockOf = ({ span }) => corpus.blocks[corpus.block[span.from]];
  const rows = used.filter((one) => one.span && !one.twice && isWell(one) && one.signs.length > SHORT_LINE
    && blockOf(one).signed && !blockOf(one).drawn);
  const text = rows.filter((one) => blockOf(one).core);
  const all = text.length ? text : rows;
  const top = Math.min(...all.filter((one) => !isDate(textOf(one))).map(({ box }) => box[1]));
  const own = all.filter((one) => !isDate(textOf(one)) || one.box[1] > top); // a chat's day may be one that the text names
  return own.length ? { rows: own, box: around(own.map(({ box }) => box)), em: middle(own.map(emOf)) } : null;
}

// Whether a box lies outside of the notice's text. A sign beside one of its lines may be of it.
function isOutside(box, { rows, box: [x0, y0, x1, y1], em }) {
  const [x, y] = [box[0] + box[2], box[1] + box[3]].map((sum) => sum / 2);
  if (y < y0 || y > y1) return true;
  const apart = rows.some((row) => level(row.box, box)) ? APART * em : 0;
  return (x < x0 && box[2] < x0 - apart) || (x > x1 && box[0] > x1 + apart);
}

// Whether it stands in a line of its own between lines of two blocks of the page.
function isBetween(box, { rows }, corpus) {
  if (rows.some((row) => level(row.box, box))) return false;
  const column = rows.filter((row) => overlap(row.box, box));
  const above = column.filter((row) => row.box[3] <= box[3]).sort((a, b) => b.box[3] - a.box[3])[0];
  const below = column.filter((row) => row.box[1] >= box[1]).sort((a, b) => a.box[1] - b.box[1])[0];
  const blockOf = ({ span }) => corpus.block[span.from];
  return Boolean(above && below) && blockOf(above) !== blockOf(below);
}

// Whether it goes on where the notice's lines end, or comes before them, in the same type: a reader takes it for them.
function isContinued(segment, { rows, em }) {
  const { box } = segment;
  const size = emOf(segment) / em;
  return size > SMALLER && size < LARGER && rows.some((row) => (
    Math.abs(row.box[0] - box[0]) < ALIGNED * em
    && Math.min(Math.abs(box[1] - row.box[3]), Math.abs(row.box[1] - box[3])) < CLOSE * em));
}

// Whether words that were read are none of the page's: taken for no place of it, badly for one of its frame, or, as few
// signs or figures alone, not quite for any.
const isStrange = ({ kind, segment }, corpus) => !segment.span
  || (segment.signs.length <= SHORT_LINE && segment.span.cost > 0)
  || (!isWell(segment) && !hanIn(segment))
  || (!isSigned(segment, corpus) && (kind === "moved" || isBadly(segment)));
const isSigned = ({ span }, corpus) => Boolean(span) && corpus.blocks[corpus.block[span.from]].signed;

// Whether a problem is that something else stands beside the notice.
function isBeside(one, notice, corpus) {
  const { kind, segment } = one;
  if (!notice || !segment || !isStrange(one, corpus)) return false;
  const isSaying = isSigned(segment, corpus) || (kind === "other" && hanIn(segment) >= SENTENCE);
  if (isOutside(segment.box, notice)) return !isSaying || !isContinued(segment, notice);
  if (!isBetween(segment.box, notice, corpus)) return false;
  if (isClock(segment.raw)) return true; // of the next message
  if (isContinued(segment, notice)) return false;
  return !isClaim(segment.raw.replace(STRAY, "")) && !segment.signs.some(({ sign }) => GRAVEST.has(sign));
}

// A sign that was taken to lie on its side may have no height; a speck is no sign.
const isPlace = ({ box: [x0, y0, x1, y1] }, em) => x1 > x0 && y1 > y0 && Math.max(x1 - x0, y1 - y0) > SPECK * em;

// {problems, left, items}: those that stay, writing that was not made out in the notice, and what stands beside it as
// [{box, words}], from above to below.
export function partedBeside({ problems, left, turned }, used, corpus, picture) {
  const notice = noticeIn(used, corpus);
  const [beside, amid] = [true, false].map((is) => problems.filter((one) => isBeside(one, notice, corpus) === is));
  const isAway = ({ box }) => Boolean(notice) && isOutside(box, notice);
  const unread = [...left, ...turned.map((box) => ({ box, count: WRITING }))];
  const places = [
    ...beside.map(({ segment: { box, raw, signs } }) => (
      { box, words: sureOf(signs) < SURE || isAtRim(box, picture) ? "" : raw.replace(MARKS, "") })),
    ...unread.filter((one) => isAway(one) && one.count >= WRITING && isPlace(one, notice.em)).map(({ box }) => ({ box, words: "" })),
  ];
  return {
    problems: amid,
    left: left.filter((one) => !isAway(one)),
    turned: turned.filter((box) => !isAway({ box })),
    items: joined(places),
  };
}

// Those of one line as one.
function joined(places) {
  const out = [];
  const high = ({ box }) => box[3] - box[1];
  const isOfRow = (one, other) => level(one.box, other.box)
    && Math.max(high(one), high(other)) < OF_ROW * Math.min(high(one), high(other));
  for (const one of places.sort((a, b) => a.box[1] - b.box[1])) {
    const row = out.find((other) => isOfRow(one, other));
    if (!row) out.push({ ...one });
    else {
      row.box = around([row.box, one.box]);
      if (!row.words.includes(one.words)) row.words = `${row.words} ${one.words}`.trim();
    }
  }
  return out;
}
