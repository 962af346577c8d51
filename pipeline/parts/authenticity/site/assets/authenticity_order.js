// Words that are the notice's own and stand where they do not belong: a number beside another office, a line above the
// one that it follows, another level's numeral.
import { emOf, isAbove, level, overlap } from "./authenticity_boxes.js";
import { looksLike } from "./authenticity_glyphs.js";
import { ALIKE } from "./authenticity_place.js";
import { FEW_SIGNS, GRAVE, LITTLE, SHORT_LINE, isWell, signsOf, textOf } from "./authenticity_words.js";

const MISREAD = 3; // signs of a cell of which none may be misread
const STROKES = 0.68; // likeness with Ⅱ or Ⅲ that fewer strokes do not have
const ALMOST = 0.05; // less than the best, by which it may be the issued one
const NUMERALS = [["Ⅲ", "III"], ["Ⅱ", "II"], ["Ⅰ", "I"], ["Ⅳ", "IV"]];

// The recogniser takes level numerals for strokes, and sees the V of Ⅳ; how many strokes there are is seen by laying
// over them what should stand there.
function numeralShown(picture, raw, box, own) {
  if (/[VⅣ][^级]?级/iu.test(raw)) return "Ⅳ";
  if (/(?:川|[1Il|]{3})[^级]?级/u.test(raw)) return "Ⅲ";
  const likes = NUMERALS.map((forms) => (
    Math.max(...forms.map((form) => looksLike(form, picture, box, box[2] - box[0])))));
  const like = likes[NUMERALS.findIndex(([form]) => form === own)];
  const most = Math.max(...likes);
  if ((like >= STROKES && like > most - ALMOST) || (like >= ALIKE && like === most)) return own;
  const strokes = likes.slice(0, 2).findIndex((like) => like >= STROKES);
  return strokes < 0 ? "Ⅰ" : NUMERALS[strokes][0];
}

export function otherLevels(picture, used, corpus) {
  const out = [];
  for (const segment of used) {
    for (const [n, place] of segment.span?.pairs ?? []) {
      const own = n >= 0 ? corpus.levels.get(place) : undefined;
      if (!own || segment.signs[n].sign !== corpus.signs[place]) continue;
      const [x, top, , low] = segment.signs[n].box;
      if (numeralShown(picture, segment.raw, [x - emOf(segment), top, x, low], own) !== own)
        out.push({ kind: "level", segment });
    }
  }
  return out;
}

// Words of the page's frame, such as its buttons, above what they stand below.
function belowTheirPlace(used, firm, corpus) {
  const last = corpus.blocks.findLastIndex(({ core }) => core);
  const rows = corpus.blocks.flatMap(({ core, words }) =>
    core ? [signsOf(words).signs.join("").replaceAll("\n", "")] : [],
  );
  return used.filter((one) => {
    if (!one.span || one.twice || one.signs.length <= FEW_SIGNS || corpus.block[one.span.from] <= last) return false;
    const own = textOf(one);
    // it is of it, too
    if (one.frames.some((block) => block < last) || rows.some((row) => row.includes(own))) return false;
    const { drawn, signed, check } = corpus.blocks[corpus.block[one.span.from]];
    return !drawn && !signed && !check && firm.some(({ box }) => box[1] > one.box[3] && overlap(box, one.box));
  });
}

// Whether a row of a table has these words; one sign that turns no meaning may be misread, of four or more.
function isIn(row, words) {
  const cells = row.replaceAll("\n", "");
  if (cells.includes(words)) return true;
  const signs = Array.from(words);
  const isAlike = (from) => signs.filter((sign, n) => cells[from + n] !== sign).length === 1
    && signs.every((sign, n) => cells[from + n] === sign || !(GRAVE.has(sign) || GRAVE.has(cells[from + n])));
  return signs.length > MISREAD && Array.from({ length: cells.length - signs.length + 1 }, (_, n) => n).some(isAlike);
}

export function misplaced(used, corpus) {
  const blockOf = ({ span }) => corpus.block[span.from];
  const own = used.filter((one) => one.span && !one.twice && isWell(one) && corpus.blocks[blockOf(one)].signed);
  const drawn = corpus.blocks.filter((block) => block.drawn).map(({ drawn: one }) => ({ ...one, words: textOf(one) }));
  const isDrawn = (one) => drawn.some(({ words }) => words.includes(textOf(one))); // a picture has a place of its own
  const firm = own.filter((one) => (
    one.fixed && one.signs.length > LITTLE && corpus.blocks[blockOf(one)].core && !isDrawn(one)));
  const issued = ({ span }) => corpus.signs.slice(span.from, span.to).join("").replaceAll("\n", "");
  const inPicture = (a, b) => drawn.some((one) => one.words.includes(issued(a)) && drawn.some((other) => (
    other.picture === one.picture && other.words.includes(issued(b)) && level(one.line, other.line))));
  const isAfter = (one, other) => one.fixed && !one.manifold && one.span.from >= other.span.to;
  const isWrong = (one, other) => {
    const [mine, theirs] = [blockOf(one), blockOf(other)];
    if (level(one.box, other.box)) {
      if (corpus.blocks[theirs].cells && mine !== theirs) {
        return !isIn(corpus.rowOf(theirs), textOf(one)) && !inPicture(one, other);
      }
      return mine === theirs && one.box[2] <= other.box[0] && isAfter(one, other);
    }
    return !other.manifold && corpus.blocks[mine].core && one.signs.length > SHORT_LINE && isAbove(one.box, other.box)
      && isAfter(one, other);
  };
  const wrong = own.filter((one) => one.signs.length > 1 && firm.some((other) => other !== one && isWrong(one, other)));
  return [...belowTheirPlace(used, firm, corpus), ...wrong].map((segment) => ({ kind: "moved", segment }));
}
