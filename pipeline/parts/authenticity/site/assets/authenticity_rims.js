// The first and the last line of a picture, which its rim or a screen's cuts: what of the notice should stand there is
// drawn, and the visible part of it is laid over.
import { emOf, overlap } from "./authenticity_boxes.js";
import { partOf, soughtAt, templatesOf } from "./authenticity_glyphs.js";
import { GRAVE, isWell } from "./authenticity_words.js";

const [WHOLE, FEWEST] = [1, 0.3]; // of a sign's height that is seen, at most and at least
const NARROW = 0.56; // of a Han sign's width, that of a figure or a letter
const [FITS, BETTER, DIMLY, MOSTLY] = [0.6, 0.1, 0.45, 0.8]; // likeness; more than of other words; of one sign; share
const LEAST = 4; // signs that are compared
const FIGURES = [..."0123456789"];
const CLEARLY = 0.03; // likeness by which a figure is this one
const SHIFT = 3; // signs by which other words are those of the notice moved
const BEYOND = 1.4; // signs' widths that a line may go on for beyond them
const NEARLY = 3; // blocks on that may come next

const widthOf = (sign) => (/[\x20-\x7e]/u.test(sign) ? NARROW : 1);

// Likeness of each sign of some words with a line that begins at `x`, of which `seen` of the height is there; none
// where a figure may be another one, or a sign that turns a meaning is not seen.
function likenesses(picture, words, { x, top, em, right, end, seen, upper }) {
  const likes = [];
  let at = x;
  for (const sign of words) {
    if (at > right - 0.7 * em) break;
    const box = [at, top, at + widthOf(sign) * em, top + em * seen];
    const sought = (one) =>
      soughtAt("", picture, box, em, { templates: templatesOf(one).map((each) => partOf(each, seen, upper)) });
    if (/[\d\p{Script=Han}]/u.test(sign)) {
      const found = sought(sign);
      if (GRAVE.has(sign) && found.like < FITS) return [];
      if (/\d/u.test(sign) && FIGURES.some((one) => one !== sign && sought(one).like > found.like - CLEARLY)) return [];
      likes.push(found.like);
      if (found.like >= FITS) at = found.box[0];
    }
    at += widthOf(sign) * em;
  }
  if (at < end - BEYOND * em) return []; // something more stands behind them
  return likes;
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / (values.length || 1);

function fits(picture, words, place) {
  const all = Array.from(words);
  const likes = likenesses(picture, all, place);
  if (likes.length < LEAST || mean(likes) < FITS) return false;
  if (likes.filter((like) => like > DIMLY).length < MOSTLY * likes.length) return false;
  if (likes.some((like, n) => like <= DIMLY && likes[n + 1] <= DIMLY)) return false; // another word stands there
  return mean(likes) > mean(likenesses(picture, [...all.slice(SHIFT), ...all.slice(0, SHIFT)], place)) + BETTER;
}

// What may come after a place of the corpus, or before it: its block's words on from there, and the next blocks'.
function candidates(place, upper, corpus) {
  const own = corpus.block[place];
  const words = Array.from(corpus.blocks[own].words.replaceAll("\n", ""));
  const at = corpus.at[place];
  const here = upper ? words.slice(at + 1) : words.slice(0, at);
  const others = corpus.blocks.map((block, n) => ({ ...block, n })).filter(({ n, drawn }) => !drawn
    && (upper ? n > own && n <= own + NEARLY : n < own && n >= own - NEARLY));
  return [here.join(""), ...others.map((block) => block.words)]
    .map((one) => one.replace(/^[\s，。、；：！？”’）》]+/u, "")).filter((one) => one.length >= LEAST);
}

// Whether a line that was read as other words is the notice's own next line, cut: below its last one, or above its
// first.
export function isCutLine(picture, segment, used, corpus) {
  const { box } = segment;
  const own = used.filter((one) => one.span && !one.twice && isWell(one) && one.signs.length > LEAST
    && overlap(one.box, box) && !corpus.blocks[corpus.block[one.span.from]].drawn);
  const upper = !own.some((one) => one.box[3] > box[3]); // the last line, of which the upper part is seen
  if (!own.length || (!upper && own.some((one) => one.box[1] < box[1]))) return false;
  const beside = own.reduce((a, b) => ((upper ? b.box[3] > a.box[3] : b.box[1] < a.box[1]) ? b : a));
  const em = emOf(beside);
  const seen = Math.min(WHOLE, Math.max(FEWEST, (box[3] - box[1]) / em));
  const place = { top: box[1], em, seen, upper, right: Math.max(box[2], beside.box[2]), end: box[2] };
  const [from, to] = [beside.span.from, beside.span.to - 1];
  if (upper) {
    return [beside.box[0], box[0]].some((x) =>
      candidates(to, upper, corpus).some((one) => fits(picture, one, { ...place, x })),
    );
  }
  const perLine = Math.round((beside.box[2] - beside.box[0]) / em);
  return candidates(from, upper, corpus).some((one) => [-2, -1, 0, 1, 2].some((more) => (
    fits(picture, Array.from(one).slice(-(perLine + more)).join(""), { ...place, x: beside.box[0] }))));
}
