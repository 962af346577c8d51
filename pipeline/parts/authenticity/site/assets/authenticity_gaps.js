// Sentences of the notice of which a picture shows a part, and what of them it leaves out.
import { emOf, level, overlap } from "./authenticity_boxes.js";
import { looksLike } from "./authenticity_glyphs.js";
import { boxAt } from "./authenticity_place.js";
import { FEW_SIGNS, GRAVE, isWell } from "./authenticity_words.js";

const LOOKS = 0.6; // likeness of a place where nothing was read with the sign that should stand there
const SURELY_SEEN = 0.7; // with one that turns a meaning
const [NEARLY, MOSTLY_WIDE] = [0.4, 0.7]; // of a sign's width beside a box; of its width
const [NEXT, NEXT_BLOCK] = [2, 3.2]; // of a sign's height, from one line to the next, and to another paragraph's
const MORE = /…|[.。]{2}$/u; // a card says so that its words go on
const MOSTLY = 0.4; // of a block, from which on it is held to be shown
const LABEL = 6; // signs of the longest
const DENIES = /[谣传误错假伪反旧前原禁勿别不非]/u;
const FULL = 3; // signs' widths that a full line may be short by
const ASLANT = 1.3; // of a sign's height, that of a box that is its own
const SHORT_LINE = 4; // signs of a line that proves nothing
const DOWN = [1.1, 1.5, 1.9]; // of a sign's height, where the next line may stand

// What the picture cuts off: no line of the notice stands above or below one, and the words that are missing fill a
// line, or the line before them is full. Words that were taken out of a line leave a short one.
const column = (one, rows) => rows.filter(({ box }) => overlap(box, one.box));
const isFirst = (one, rows) => !column(one, rows).some(({ box }) => box[3] < one.box[1] + 1);
const isLast = (one, rows) => !column(one, rows).some(({ box }) => box[1] > one.box[3] - 1);
const rightOf = (one, rows) => Math.max(one.box[2], ...column(one, rows).map(({ box }) => box[2]));
const leftOf = (one, rows) => Math.min(one.box[0], ...column(one, rows).map(({ box }) => box[0]));

function cutBefore(after, rows, from, to, corpus) {
  const wide = corpus.at[to] - corpus.at[from] + 1 + FULL;
  return isFirst(after, rows) && wide * emOf(after) > rightOf(after, rows) - leftOf(after, rows);
}

// Whether the rim leaves no room for the next line of a table's cell.
const cutInCell = ({ span, box, ...one }, corpus, { height }) => (
  Boolean(corpus.blocks[corpus.block[span.from]].cells) && box[3] > height - emOf(one));

const cutAfter = (before, rows) => MORE.test(before.raw) || before.raw.endsWith(".")
  || (isLast(before, rows) && before.box[2] > rightOf(before, rows) - FULL * emOf(before));

// Places of the block that begins at `from`, and where it ends.
function blockAt(from, corpus) {
  let to = from;
  while (corpus.signs[to] !== "\n") to += 1;
  return { to, places: Array.from({ length: to - from }, (_, n) => from + n).filter((place) => !corpus.light[place]) };
}

// Whether whole sentences are missing between others of one paragraph; those at its end may be left out, as in a text.
const isAmid = ({ before, after, places }) => (
  Boolean(before && after) && places.length > SHORT_LINE && !MORE.test(before.raw));

// Whether the words are in a line beside, which was taken for another place that says the same.
function saidBeside({ words, before, after }, own, corpus) {
  const em = emOf(before ?? after);
  const [top, low] = [before ? before.box[1] : after.box[1] - NEXT * em, after ? after.box[3] : before.box[3] + NEXT * em];
  const issued = ({ span }) => corpus.signs.slice(span.from, span.to).join("").replaceAll("\n", "");
  return own.some((one) => one.box[1] > top - em / 2 && one.box[3] < low + em / 2 && issued(one).includes(words));
}

function isGap(one, from, own, rows, corpus, picture) {
  const { before, after, entire, places } = one;
  const apart = [before, after].filter(Boolean);
  if (!apart.length || before === after || apart.every(({ manifold }) => manifold)) return false;
  if (saidBeside(one, own, corpus)) return false;
  if (isAmid(one)) return true;
  return (
    !entire && !(!before && cutBefore(after, rows, from, places.at(-1), corpus))
    && !(!after && (cutAfter(before, rows) || cutInCell(before, corpus, picture)))
  );
}

// Whether there is no room for what is missing: the next line of the notice stands right below.
function isTight({ before }, rows, corpus) {
  const em = emOf(before);
  const isNext = ({ span, box }) => {
    const most = corpus.block[before.span.from] === corpus.block[span.from] ? NEXT : NEXT_BLOCK;
    return box[1] > before.box[3] - em / 2 && box[1] - before.box[1] < most * em;
  };
  return column(before, rows).some((one) => one !== before && isNext(one));
}

// Whether a block begins with a label that says nothing of what follows: 网传： and 错误： do.
function isLabel(places, { at, block, blocks, refuting }) {
  const words = Array.from(blocks[block[places[0]]].words);
  const label = words.slice(0, at[places.at(-1)] + 1).join("");
  return !refuting && label.length <= LABEL && /[:：]/u.test(words[label.length] ?? "") && !DENIES.test(label);
}

// Runs of places of a block that no line shows: {places, words, entire, before, after}; `entire`: whole sentences.
function hiddenRuns(places, shown, own, corpus) {
  const lineOf = (place) => own.find(({ span }) => span.from <= place && place < span.to) ?? null;
  const runs = [];
  for (let n = 0; n < places.length; n += 1) {
    if (shown[places[n]]) continue;
    let end = n;
    while (end + 1 < places.length && !shown[places[end + 1]]) end += 1;
    const hidden = places.slice(n, end + 1);
    const starts = n === 0 || corpus.stops[places[n] - 1] || corpus.stops[places[n - 1]];
    const stops = (n === 0 && isLabel(hidden, corpus)) || end === places.length - 1 || corpus.stops[places[end]];
    runs.push({
      kind: "gap", places: hidden, words: hidden.map((place) => corpus.signs[place]).join(""), entire: starts && stops,
      before: n ? lineOf(places[n - 1]) : null, after: end + 1 < places.length ? lineOf(places[end + 1]) : null,
    });
    n = end;
  }
  return runs;
}

// Sentences of which a part is shown, without the rest; and whole ones that are missing between lines of the notice.
function gapsOf(picture, corpus, used, shown) {
  const gaps = [];
  const own = used.filter(({ span, twice }) => span && !twice);
  const isLong = ({ span, signs }) => signs.length > SHORT_LINE && corpus.blocks[corpus.block[span.from]].signed
    && !corpus.blocks[corpus.block[span.from]].drawn;
  const rows = own.filter(isLong);
  for (let from = 0; from < corpus.signs.length;) {
    const { to, places } = blockAt(from, corpus);
    const { signed, drawn } = corpus.blocks[corpus.block[from]];
    if (signed && !drawn && places.filter((place) => shown[place]).length > MOSTLY * places.length) {
      gaps.push(...hiddenRuns(places, shown, own, corpus).filter((one) => isGap(one, from, own, rows, corpus, picture))
        .map((one) => ({ ...one, kind: isAmid(one) && isTight(one, rows, corpus) ? "other" : "gap" })));
    }
    from = to + 1;
  }
  return gaps;
}

// Where the words of a cell begin in a line that holds several cells, of one of its places.
function startIn({ signs, span, box }, place, corpus) {
  const cell = corpus.signs.lastIndexOf("\n", place - 1);
  const [first] = span.pairs.find(([n, at]) => n >= 0 && at > cell) ?? [];
  return first >= 0 ? signs[first].box[0] : box[0];
}

// Boxes of the line below one, at its nth sign: a last line of few signs is lost by a recogniser. Where the lines run
// aslant, it is looked for below the first sign.
function nextLine(one, nth, left) {
  const em = emOf(one);
  const [first] = one.signs.map(({ box }) => box);
  const [, top, , low] = first[3] - first[1] < ASLANT * em ? first : one.box; // a box may be of the whole line
  return DOWN.map((down) => {
    const y = (top + low) / 2 + down * em;
    return [left + nth * em, y - em / 2, left + (nth + 1) * em, y + em / 2];
  });
}

// Places of the notice right before a line of it, or behind it, that a box beside the line holds.
function placesIn(box, one, before, corpus) {
  const em = emOf(one);
  const out = [];
  for (let at = before ? one.span.from - 1 : one.span.to; corpus.block[at] === corpus.block[one.span.from]; at += before ? -1 : 1) {
    if (corpus.light[at]) continue;
    const place = boxAt(one, at, em, corpus);
    const middle = (place[0] + place[2]) / 2;
    if (middle < box[0] - NEARLY * em || middle > box[2] + NEARLY * em) break;
    out.push([at, place]);
  }
  return out;
}

// Whether few signs in one row with a line of the notice are those that should stand there, whatever they were read as:
// as many, and each is seen in its place. No figure, which is found anywhere.
export function standsThere(picture, { signs, box }, used, corpus) {
  return signs.length <= FEW_SIGNS && used.some((one) => {
    if (!one.span || one.twice || !isWell(one) || one.signs.length <= SHORT_LINE || !level(one.box, box)) return false;
    const em = emOf(one);
    const [before, behind] = [one.box[0] - box[2], box[0] - one.box[2]];
    if (Math.max(before, behind) > em || Math.max(before, behind) < -NEARLY * em) return false;
    const places = placesIn(box, one, before > behind, corpus);
    return places.length > 0 && places.length * em > MOSTLY_WIDE * (box[2] - box[0]) && places.every(([place, where]) => (
      !/[\d.]/u.test(corpus.signs[place])
      && looksLike(corpus.signs[place], picture, where, em) >= (GRAVE.has(corpus.signs[place]) ? SURELY_SEEN : LOOKS)));
  });
}

// The gaps that stay when their words are looked for where they should stand.
export function gapsShown(picture, corpus, { used, shown }) {
  for (const { places, before, after } of gapsOf(picture, corpus, used, shown)) {
    places.forEach((place, nth) => {
      if (/[\d.]/u.test(corpus.signs[place])) return; // a 1 is found anywhere
      const tries = [before, after].filter(Boolean).map((one) => [boxAt(one, place, emOf(one), corpus), emOf(one)]);
      if (before && !after) {
        const left = startIn(before, places[0], corpus);
        tries.push(...nextLine(before, nth, left).map((box) => [box, emOf(before)]));
      }
      const seen = tries.some(([box, em]) => box && looksLike(corpus.signs[place], picture, box, em) >= LOOKS);
      if (seen) shown[place] = 1;
    });
  }
  return gapsOf(picture, corpus, used, shown);
}
