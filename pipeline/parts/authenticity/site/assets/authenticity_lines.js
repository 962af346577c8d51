// Lines that were read in a picture against the page that they are of: what is other is read and looked at again, until
// it is borne out, or stays.
import { frameOf, isBars, isOfAround, cutOff, passed } from "./authenticity_around.js";
import { hasStrangeHost, inHost, isOwnAddress, latin } from "./authenticity_address.js";
import { clipped, emOf, meets, middle } from "./authenticity_boxes.js";
import { ALMOST, CLEARLY, SHOWN, WELL, cramped, imagined, isStroke, shownAt, stands } from "./authenticity_place.js";
import { linesIn } from "./authenticity_read.js";
import {
  GRAVE, GRAVEST, LITTLE, SHORT_LINE, SURELY, editsOf, isWell, placed, segmentsOf, textOf,
} from "./authenticity_words.js";

const OFTEN = 3; // readings that say the same
const CELL = 10; // signs of a table's cell, where a figure or two are a number
const MOST_DATED = 15; // signs of a date with its time
const MOST_DIM = 3; // signs of a picture that may be too dim to be told from another
const MOST_AGAIN = 60; // lines that are read again
const [SURE_OF_RIM, SURE_OF_MORE] = [90, 96]; // of 100, from which on signs at a line's end, and signs more, are meant
const DIM = 60; // of 100, below which it guesses
const FAR = 0.3; // of its signs a line may be other that is looked at sign by sign
const WAYS = [[44, 0], [32, 2], [60, 2]]; // how high the signs are when a line is read again, and by which threshold
const NARROW = 0.3; // of its height that a Han sign is wide, at least
const MUCH = 4; // signs, with their neighbours, that are told by themselves
const COMMON = 0.6; // of its signs that another reading of a line has

const isGrave = (words) => [...words].some((sign) => GRAVE.has(sign));
const count = ({ read }) => [...read].length;

export const isBadly = ({ span, signs, twice }) => !span || twice || span.cost > Math.max(1.1, FAR * signs.length);

// Marks the signs of a line that are the issued ones as shown.
export function bearAll({ span, signs }, corpus, shown) {
  for (const [n, place] of span.pairs)
    if (n >= 0 && place >= 0 && signs[n].sign === corpus.signs[place]) shown[place] = 1;
}

// How many signs that a segment bears out stand beside another reading of it.
const lostIn = ({ box }, { span, signs }, corpus) => (span?.pairs ?? []).filter(([n, place]) => (
  n >= 0 && place >= 0 && signs[n].sign === corpus.signs[place]
  && (signs[n].box[2] < box[0] || signs[n].box[0] > box[2]))).length;

// The best of what readings make of the place of a segment.
function bestOf(segment, readings, corpus) {
  const alike = readings.flat().filter(({ box, signs }) => (
    signs.length >= COMMON * segment.signs.length && meets(box, segment.box)));
  const rank = (one) => (
    one.span ? (one.span.cost + lostIn(one, segment, corpus)) / one.signs.length + (one.twice ? 0.2 : 0) : 1);
  return alike.reduce((best, one) => (rank(one) < rank(best) - 0.05 ? one : best), segment);
}

// Places of the corpus that readings bear out within a box.
function bornIn(segments, box, corpus) {
  const places = new Set();
  for (const { span, signs, box: own } of segments) {
    if (!span || !meets(own, box)) continue;
    for (const [n, place] of span.pairs)
      if (n >= 0 && place >= 0 && signs[n].sign === corpus.signs[place]) places.add(place);
  }
  return places;
}

// Figures of a number of which a line shows a part: 1500 stands in 15000, and says something else.
function restOfNumber({ span, signs }, corpus) {
  const { signed, words } = corpus.blocks[corpus.block[span.from]];
  if (!signed || (signs.length <= LITTLE && words.length > CELL)) return [];
  const inside = (place) => /[\d.]/u.test(corpus.signs[place] ?? "") && corpus.at[place] >= 0;
  const joined = (one, other) => (
    corpus.block[one] === corpus.block[other] && Math.abs(corpus.at[one] - corpus.at[other]) === 1);
  const out = [];
  for (const [start, way] of [[span.from, -1], [span.to - 1, 1]]) {
    for (let place = start; inside(place) && inside(place + way) && joined(place, place + way); place += way) {
      out.push(place + way);
    }
  }
  return out;
}

// Whether a line stands in the page right behind another that it is below, or before one that it is above.
const goesOn = ({ span, box }, one) => Boolean(one.span) && !one.twice && (
  (one.span.from === span.to && one.box[1] >= (box[1] + box[3]) / 2)
  || (one.span.to === span.from && one.box[3] <= (box[1] + box[3]) / 2));

// Whether a missing 1 was read as a bracket or a rule, which is no sign that counts.
const isUpright = ({ signs }, { read, own, to }) => !read && own === "1" && /^[[\]|!]$/u.test(signs[to]?.before ?? "");

// Whether another reading takes the sign for a third: then it is one that the recogniser does not know.
function isUnknown(segments, segment, edit, corpus, taken) {
  if (count(edit) !== 1 || edit.places.length !== 1) return false;
  const third = (other) => other.read.length === 1 && other.places.length === 1
    && other.places[0] === edit.places[0] && other.read !== edit.read;
  return segments.some((one) => (
    one.span && meets(one.box, segment.box) && isWell(one) && editsOf(one, corpus, taken).some(third)));
}

// Whether another reading of a line has the same signs beside the same neighbours.
function saysAgain(segments, segment, { from, to }) {
  const words = textOf(segment).slice(Math.max(0, from - 1), to + 1);
  const pairs = Array.from({ length: words.length - 1 }, (_, n) => words.slice(n, n + 2));
  const parts = to - from > 1 ? pairs : [words];
  return words.length > to - from
    && segments.some((one) => meets(one.box, segment.box) && parts.some((part) => textOf(one).includes(part)));
}

// Whether strokes of a published picture were read as signs in both: two figures or Han signs side by side are words.
const isOfDrawing = ({ span }, corpus) => Boolean(corpus.blocks[corpus.block[span.from]].drawn)
  && !/[\d\p{Script=Han}]{2}/u.test(corpus.signs.slice(span.from, span.to).join(""));

// Whether few signs, or figures alone, were taken, not quite, for words of the page around the notice, such as its
// digest's.
const isOfFrame = ({ signs, span }, corpus) => Boolean(span?.cost) && !corpus.blocks[corpus.block[span.from]].signed
  && (signs.length <= SHORT_LINE
    || (!isWell({ signs, span }) && !signs.some(({ sign }) => /\p{Script=Han}/u.test(sign))));

// Whether few signs were read in a place that is too narrow for them.
const isSqueezed = ({ signs, box }) => signs.length > 1 && signs.length <= SHORT_LINE
  && signs.every(({ sign }) => /\p{Script=Han}/u.test(sign)) && box[2] - box[0] < NARROW * signs.length * (box[3] - box[1]);

// The issued signs with two neighbours of the line on either side.
const wordsWith = (segment, { from, to, own }) => (
  textOf(segment).slice(Math.max(0, from - 2), from) + own + textOf(segment).slice(to, to + 2));

// Whether signs that are more at a line's end are its rim, an icon or a rule, and strokes anywhere nothing.
function isSlight({ raw, read, own, places, sure, start, end }, beside, picture, boxes, em) {
  const atEnd = start || end;
  if (places.length === 0) {
    if (atEnd && raw === "一一") return true; // a dash
    if (!beside && /^[lLIi|!]+$/u.test(raw)) return true;
    const slight = atEnd && read.length <= LITTLE && (!isGrave(read) || (isBars(raw) && !beside));
    if (slight && (sure < SURE_OF_RIM || imagined(picture, { raw, boxes }, em))) return true;
  }
  return atEnd && !beside && !isGrave(own) && /^[一二三十]$/u.test(read);
}

// Whether one sign of a check code was read as two that are compared alike, such as 0 and O.
const isTwice = ({ raw, signs }, { raw: own, read, from, to }) => /^核对码/u.test(raw) && read.length === 1
  && [signs[from - 1], signs[to]].some((one) => one?.sign === read && one.raw !== own);

// What readings of a picture say against the page of `corpus`.
export class Lines {
  // `readings`: lines as `linesIn` gives them, of each reading of the whole; `say(count)`: a line is read again.
  constructor(picture, corpus, readings, say) {
    const all = readings.map((lines) => placed(segmentsOf(lines), corpus));
    [this.first, this.second] = all.map(({ segments }) => segments);
    Object.assign(this, { picture, corpus, say, taken: all[0].taken, problems: [], loose: [], used: [] });
    [this.readAgain, this.dims] = [0, 0];
    this.shown = new Uint8Array(corpus.signs.length); // places of the corpus that are borne out
    const long = this.first.filter(({ span, signs }) => span && signs.length > SHORT_LINE);
    corpus.typical = middle(long.map(emOf));
    const own = long.filter((one) => one.signs.length > MOST_DATED && isWell(one));
    // what stands above or below them is no line of the notice
    this.top = Math.min(...own.map(({ box }) => box[1]));
    this.low = Math.max(...own.map(({ box }) => box[3]));
    this.show([...this.first, ...this.second]);
  }

  show(segments) {
    for (const one of segments) if (one.span && isWell(one)) bearAll(one, this.corpus, this.shown);
  }

  // A line read by itself, larger: the segments of each way.
  async again(segment) {
    if (this.readAgain >= MOST_AGAIN) return [];
    this.readAgain += 1;
    this.say(this.readAgain);
    const { picture, corpus } = this;
    const [em, [x0, y0, x1, y1]] = [emOf(segment), segment.box];
    const box = clipped([x0 - em, y0 - 0.4 * em, x1 + em, y1 + 0.4 * em], picture);
    const out = [];
    for (const [high, method] of WAYS) {
      const lines = await linesIn(picture, box, Math.min(4, high / em), { mode: 7, method });
      out.push(placed(segmentsOf(lines), corpus).segments);
    }
    this.show(out.flat());
    return out;
  }

  async examineAll() {
    for (const given of this.first) await this.examine(given);
  }

  // Takes a line in: its words are borne out, or a problem stays.
  async examine(given) {
    const { picture, corpus, second, used } = this;
    if (!given.signs.length) return;
    const isSome = given.span && !given.span.cost && given.signs.length > LITTLE;
    if (cutOff(given, picture, corpus) && !isSome) return;
    let segment = bestOf(given, [second], corpus);
    let reread = null;
    if (isBadly(segment) && given.signs.length > LITTLE) {
      reread = await this.again(given);
      segment = bestOf(segment, reread, corpus);
    }
    used.push(segment);
    if (latin(segment) && this.isAddress(given, segment)) return;
    const isAround = (one) => isOfAround({ ...one, span: segment.span }, this);
    if (isAround(given) || isAround(segment) || isOfFrame(segment, corpus)) segment.span = null;
    if (!segment.span) this.loose.push({ kind: "loose", segment });
    else await this.compare(segment, reread);
  }

  // Whether a line of letters is done with: small type is held to the page's addresses only.
  isAddress(given, segment) {
    const { picture, corpus, taken, problems } = this;
    if ([given, segment].some((one) => hasStrangeHost(one, corpus))) problems.push({ kind: "unsure", segment });
    if (!segment.span || isBadly(segment)) return segment.signs.length > 9 && isOwnAddress(segment, corpus);
    for (const edit of editsOf(segment, corpus, taken)) {
      if (edit.sure < SURELY || !edit.places.some((place) => inHost(place, corpus))) continue;
      const { how } = shownAt(picture, segment, edit, corpus);
      if (how === SHOWN.READ) problems.push({ kind: "unsure", segment, edit, how });
    }
    return true;
  }

  async compare(segment, reread) {
    const { corpus, taken, first, second, problems } = this;
    if (isOfDrawing(segment, corpus) || isSqueezed(segment)) return;
    const others = [...second, ...first].filter((one) => one !== segment);
    const born = bornIn([...others, ...reread?.flat() ?? []], segment.box, corpus);
    for (const one of others.filter((other) => goesOn(segment, other))) {
      for (const place of bornIn([one], one.box, corpus)) born.add(place); // a number may be broken
    }
    const lost = restOfNumber(segment, corpus).filter((place) => !born.has(place));
    if (lost.length) {
      const own = lost.map((place) => corpus.signs[place]).join("");
      problems.push({ kind: "unsure", segment, edit: { read: "", own, places: lost } });
    }
    const line = { segment, others, reread, em: emOf(segment) };
    const before = problems.length;
    for (const edit of editsOf(segment, corpus, taken)) {
      const outcome = await this.judged(line, edit);
      if (outcome.borne) for (const place of edit.places) this.shown[place] = 1;
      if (outcome.problem) problems.push(outcome.problem);
    }
    if (problems.length === before) bearAll(segment, corpus, this.shown); // what is other in it says nothing
  }

  // Whether a reading of the line has the issued signs.
  agrees(segments, segment, edit) {
    const { corpus, taken } = this;
    const own = bornIn(segments, segment.box, corpus);
    if (edit.places.length) {
      const words = wordsWith(segment, edit);
      const isSaid = (other) => meets(other.box, segment.box) && textOf(other).includes(words);
      // the same words may stand in two places of the page
      return edit.places.every((place) => own.has(place)) || (words.length >= MUCH && segments.some(isSaid));
    }
    return segments.some((other) => (
      other.span && meets(other.box, segment.box)
      && other.span.from <= segment.span.from + 1 && other.span.to >= segment.span.to - 1
      && !editsOf(other, corpus, taken).some(({ read }) => read === edit.read)));
  }

  // {borne} where the issued signs stand there after all, {} where it says nothing, or {problem}. A sign that turns a
  // meaning is `heavy`: the place itself has to look like the issued one, or two readings to agree.
  async judged(line, edit) {
    const { picture, corpus, taken } = this;
    const { segment, others, em } = line;
    const { read, places, from, to } = edit;
    const isTurning = (sign, n) => GRAVEST.has(sign) && !isStroke([...edit.raw][n], corpus.signs[places[n]] ?? "");
    const heavy = [...read].some(isTurning) || isGrave(edit.own);
    const beside = [segment.signs[from - 1], segment.signs[to]];
    const inNumber = beside.some((one) => /[\d一二三四五六七八九十百千万]/u.test(one?.sign ?? ""));
    if (isSlight(edit, inNumber, picture, edit.boxes, em)) return {};
    if (isUpright(segment, edit)) return { borne: true };
    let yes = Number(this.agrees(others, segment, edit));
    if (yes && !heavy) return { borne: true };
    const guessed = (place) => corpus.drawn.has(place) && Math.min(edit.sure, corpus.drawn.get(place).sure) < DIM;
    if (!heavy && places.length && places.every(guessed)) return {};
    if (!heavy && isUnknown(others, segment, edit, corpus, taken)) return { borne: true };
    const look = this.lookedAt(segment, edit, heavy, em);
    if (look.settles && this.isShown(look, edit, heavy)) return { borne: true };
    if (!places.length && isTwice(segment, edit) && !stands(picture, segment, edit, em)) return {};
    if (!heavy && !places.length) {
      const doubled = read.length === 1 && beside.some((one) => one?.sign === read);
      if (doubled || (read.length === 1 && !stands(picture, segment, edit, em))) return {};
    }
    const imaginedAtEnd = () => count(edit) <= 2 * LITTLE && imagined(picture, edit, em);
    if (!places.length && (edit.start || edit.end) && (yes || imaginedAtEnd())) return {};
    line.reread ??= await this.again(segment);
    yes += line.reread.filter((segments) => this.agrees(segments, segment, edit)).length;
    const borne = heavy ? yes > 1 || (yes && look.how > 0 && !look.fewer) : yes > 0;
    return borne ? { borne } : { problem: this.problem(line, edit, { ...look, yes, heavy }) };
  }

  // What the place shows: {how, own, read, fewer, tight, extra, settles}.
  lookedAt(segment, edit, heavy, em) {
    const { picture, corpus } = this;
    const { read, places, raw, boxes } = edit;
    const shown = places.length ? shownAt(picture, segment, edit, corpus) : { how: SHOWN.NEITHER, own: 0, read: 0 };
    const fewer = heavy && count(edit) < places.length; // it is not looked for beside: a 1 is found anywhere
    const tight = cramped(segment, edit, em, corpus);
    const more = { raw: [...raw].slice(places.length).join(""), boxes: boxes.slice(places.length) };
    const extra = read.length > places.length && !imagined(picture, more, em);
    const surely = !heavy && shown.how === SHOWN.ISSUED && shown.own >= WELL * places.length;
    return { ...shown, fewer, tight, extra, settles: !extra && !fewer && (!tight || surely) };
  }

  isShown({ how, own, read }, edit, heavy) {
    if (how === SHOWN.ISSUED) return true;
    if (heavy) return false;
    if (how === SHOWN.DIM && this.dims < MOST_DIM) {
      this.dims += 1;
      return true;
    }
    if (how !== SHOWN.RATHER) return how === SHOWN.EITHER;
    const [{ length }, few] = [edit.places, edit.places.length <= LITTLE && edit.sure < SURELY];
    return length === 1 || (length === edit.read.length && (few || own > read + ALMOST));
  }

  // "other": the picture shows other words, surely and again; else "unsure".
  problem({ segment, reread, em }, edit, { how, own, read, yes, heavy, tight }) {
    const { picture, second } = this;
    const repeated = [second, ...reread].filter((segments) => saysAgain(segments, segment, edit)).length;
    const nearly = how === SHOWN.NEITHER && edit.sure >= SURELY && (heavy || edit.read.length > 1)
      && read > own + 0.5 * CLEARLY * edit.places.length;
    let sure = tight && heavy;
    if (edit.read) sure = edit.sure >= SURE_OF_MORE && stands(picture, segment, edit, em);
    if (edit.read && edit.places.length) sure = how === SHOWN.READ || nearly;
    const figures = how < SHOWN.ISSUED && edit.read && edit.sure >= SURE_OF_MORE && repeated >= OFTEN
      && /^[\d.]+$/u.test(edit.read + edit.own);
    const reworded = edit.sure >= SURE_OF_MORE && repeated >= OFTEN && edit.places.length > 1 && edit.read.length > 1
      && edit.read.length !== edit.places.length; // no sign stands in the place of one
    const other = yes === 0 && segment.signs.length > SHORT_LINE && ((sure && repeated) || figures || reworded);
    return { kind: other ? "other" : "unsure", segment, edit, how, yes, heavy, repeated };
  }

  // Problems, and words beside the notice that are not passed over.
  found(frame = frameOf(this.used, this.corpus)) {
    return [...this.problems, ...this.loose.filter((one) => !passed(one, this.picture, frame, this.corpus))];
  }
}
