// Words beside a notice's own. What a phone's status bar, a browser and the scripts of this site show is passed over,
// and so are graphics that were read as words. All else is shown as not the notice's (docs/decisions/0140).
import { latin, sureOf } from "./authenticity_address.js";
import { emOf, middle, within } from "./authenticity_boxes.js";
import { looksLike } from "./authenticity_glyphs.js";
import { ALIKE, WELL } from "./authenticity_place.js";
import { FEW_SIGNS, GRAVEST, LITTLE, SHORT_LINE, SURELY, signsOf, textOf } from "./authenticity_words.js";

const TINY = 0.62; // of the size of the words around, at which a picture in little shows its own
const LARGER = 1.3; // times the size of the words around, from which on words are no graphics
const [HEAD, ICONS, RIGHT] = [0.12, 0.05, 0.6]; // of a picture's height and width, where phones and browsers show theirs
const [LEAST_PAIRS, AGREE] = [4, 0.7]; // signs by which a picture is laid; share of them that agree
const BAR = 90; // of 100, below which letters above a notice are those of a browser
const GUESSED = 80; // of 100, below which short words that look otherwise are graphics
export const SURE = 85; // of 100, from which on the recogniser means what it reads
// Han signs of a line by which words that are not the page's were read, between its own and beside them
const ADDED = 7;
export const SENTENCE = 9;
const [NUMBER, MEANT] = [4, 96]; // figures of a number in a table; of 100, from which on each of them was read surely
const NEXT = 1.5; // of a line's size, by which the next one stands below it, and how far it may begin aside
const EDGE = 0.08; // of a line's height from the picture's border, where it is cut
const [CUT, UNCUT] = [0.55, 0.75]; // of the height of other lines: below it one is cut in half; from it on, to be read

// What the page's script says of a warning: the whole label; once it is over; hours in a line of their own.
const STATE = /^.?(?:生效中|未开始)(?:还有)?(?:不到)?\d{0,3}(?:小时|天)?(?:后开始)?$/u;
const OVER = /^.?[已己巳](?:过期|解除)$/u;
const PARTLY = /^\d{0,3}(?:小时|天)后(?:开始|结束)?$/u;
const CLOCK = /^(?:上午|下午|凌晨|晚上|中午|昨天|今天|星期.|周.)?\d{1,2}[:.]?\d\d$/u;
const MARKS = "[^\\p{Script=Han}\\d]{0,3}";
const DATED = new RegExp(
  `^${MARKS}(?:\\d{4}年)?(?:\\d{0,2}月)?(?:\\d{1,2}日?)?(?:星期.|周.)?(?:凌晨|[早晚]上|[上中下]午)?(?:\\d{1,2}${MARKS}\\d\\d)?$`,
  "u",
);
const STAMP = /^\d[\d.:/\-]*\d:\d\d$/u; // a day and a time in figures
const BARS = /^[一二三十人口工|lIi!1]+$/u; // what rims, rules and icons are read as

export const hanIn = ({ signs }) => signs.filter(({ sign }) => /\p{Script=Han}/u.test(sign)).length;
export const isClock = (words) => CLOCK.test(words);
export const saysGrave = ({ signs }) => signs.some(({ sign }) => GRAVEST.has(sign));
export const isBars = (words) => BARS.test(words);

// Whether a line that was taken for one of the page's, and is not quite, is a state, a clock, or a date above its text
// or below it.
export function isOfAround(segment, { top, low }) {
  if (!segment.span?.cost) return false;
  const words = textOf(segment);
  return [STATE, OVER, CLOCK].some((one) => one.test(words))
    || (isDate(words) && (segment.box[3] <= top || segment.box[1] >= low));
}

// Whether words are a day or a time, and nothing else.
export const isDate = (words) => STAMP.test(words) || (/[年月日]/u.test(words) && DATED.test(words));

// Whether a line stands where the picture's rim may cut it.
export const isAtRim = ([, top, , low], { height }) => top <= EDGE * (low - top) || low >= height - EDGE * (low - top);

// Whether the picture's rim cuts a line; not one that can be read all the same.
export function cutOff({ signs, box, span }, picture, { typical }) {
  if (!isAtRim(box, picture)) return false;
  const high = (box[3] - box[1]) / typical;
  return high < CUT
    || Boolean(span && !span.cost && high < UNCUT && (signs.length <= SHORT_LINE || sureOf(signs) < SURELY));
}

const centre = (box, axis) => (box[axis] + box[axis + 2]) / 2;

// How a published picture lies in the given one, by where its signs were read: {scale, x, y} that most pairs of boxes
// agree on, or null. Its words may stand beside it, too.
function laidBy(pairs) {
  const scales = pairs.slice(1).flatMap(([a, b], n) => [0, 1].flatMap((axis) => {
    const [own, shown] = [centre(a, axis) - centre(pairs[n][0], axis), centre(b, axis) - centre(pairs[n][1], axis)];
    return Math.abs(own) > a[3] - a[1] ? [shown / own] : [];
  }));
  const scale = middle(scales);
  if (scale <= 0) return null;
  const [x, y] = [0, 1].map((axis) => middle(pairs.map(([a, b]) => centre(b, axis) - scale * centre(a, axis))));
  const isNear = ([a, b]) => [x, y].every((at, axis) => (
    Math.abs(at + scale * centre(a, axis) - centre(b, axis)) < scale * (a[3] - a[1])));
  const near = pairs.filter(isNear).length;
  return near >= LEAST_PAIRS && near >= AGREE * pairs.length ? { scale, x, y } : null;
}

// Boxes of the published pictures of which words were read.
export function drawnBoxes(used, corpus) {
  const byPicture = new Map();
  for (const { span, signs } of used) {
    for (const [n, place] of span?.pairs ?? []) {
      const drawn = place >= 0 && n >= 0 ? corpus.drawn.get(place) : null;
      if (!drawn || drawn.sign !== signs[n].sign) continue;
      byPicture.set(drawn.picture, [...byPicture.get(drawn.picture) ?? [], [drawn.box, signs[n].box]]);
    }
  }
  return [...byPicture].flatMap(([drawn, pairs]) => {
    const laid = laidBy(pairs);
    return laid ? [[laid.x, laid.y, laid.x + drawn.width * laid.scale, laid.y + drawn.height * laid.scale]] : [];
  });
}

// What words beside the notice are held against: its own lines, how large they are, and its pictures.
export function frameOf(used, corpus) {
  const own = used.filter(({ span, twice, signs }) => span && !twice && signs.length > SHORT_LINE);
  return { own, typical: middle(own.map(emOf)), drawn: drawnBoxes(used, corpus) };
}

// What is known of words beside the notice's own, for the tests below.
function described(segment, picture, { own, typical, drawn }) {
  const { signs, box } = segment;
  const words = textOf(segment);
  const high = box[3] - box[1];
  const above = own.some((one) => one.box[1] < box[1]);
  const below = own.some((one) => one.box[3] > box[3]);
  const size = Math.min(emOf(segment), Math.max(box[2] - box[0], high) / signs.length);
  let like = null;
  return {
    segment, signs, words, above, size, typical, high,
    sure: sureOf(signs),
    inPicture: drawn.some((one) => within(box, one)),
    number: above && below && /\d{3}/u.test(words), // a telephone's, a penalty's: no graphics
    large: size > LARGER * typical && /\p{Script=Han}{2}/u.test(words),
    atHead: box[3] < HEAD * picture.height,
    likeness: () => (like ??= middle(signs.map(({ raw, box: place }) => looksLike(raw, picture, place, size)))),
    amongIcons: box[3] < ICONS * picture.height && box[0] > RIGHT * picture.width,
  };
}

// Graphics that were read as words: few, unlike what was read, or in little.
function isGraphics({ segment, signs, words, size, typical, high, sure, inPicture, number, large, likeness }) {
  const isGrave = saysGrave(segment);
  if (signs.length <= 2 * LITTLE && !isGrave && inPicture && likeness() < ALIKE) return true;
  const isMeant = signs.length > 1 && sure > SURE;
  if (signs.length <= LITTLE && ((!isMeant && !isGrave) || isBars(words) || high < CUT * typical)) return true;
  if (size < TINY * typical && !number && !(isMeant && !inPicture) && likeness() < WELL) return true;
  return signs.length <= FEW_SIGNS && !number && !large && sure <= SURELY
    && ((sure < GUESSED && likeness() < WELL) || likeness() < ALIKE);
}

// What the page's own script says of a warning's state.
const isOfState = ({ words }, { turns, over }) => (
  STATE.test(words) || (turns && PARTLY.test(words)) || (over && OVER.test(words)));

// What a phone shows above all else: its clock, and its icons.
const isOfPhone = ({ words, above, atHead, amongIcons }) => (
  (isClock(words) && atHead) || (!above && amongIcons && !/\p{Script=Han}{2}/u.test(words)));

// Letters in small type that were lost, as a browser shows them, and few of them anywhere.
function isLost({ segment, signs, words, above, atHead, sure, likeness }) {
  const letters = /^[a-z一二三\d]+$/u.test(words) && /[a-z一二三]/u.test(words) && !/\d{3}/u.test(words);
  if (signs.length <= FEW_SIGNS && letters) return true;
  if (!latin(segment) || sure >= BAR) return false;
  return likeness() < ALIKE || (!above && atHead && signs.length > SHORT_LINE);
}

// Whether the rim cuts a line where the notice's own next one stands: there it may hold its words alone.
function isNext({ segment: { box }, high, typical }, { own }, picture) {
  const [below, above] = [box[3] > picture.height - EDGE * typical, box[1] < EDGE * typical];
  return high >= CUT * typical && (below || above) && own.some(({ box: other }) => {
    const apart = below ? box[1] - other[3] : other[1] - box[3];
    return apart > -0.5 * typical && apart < NEXT * typical && Math.abs(box[0] - other[0]) < NEXT * typical;
  });
}

// Whether words beside the notice's own are none that anybody wrote there.
export function passed({ segment }, picture, frame, corpus) {
  const one = described(segment, picture, frame);
  return !isNext(one, frame, picture)
    && (isOfState(one, corpus) || isOfPhone(one) || isGraphics(one) || isLost(one) || cutOff(segment, picture, corpus));
}

// Whether words that are not the page's were read surely: a line of them, or fewer between those of the notice.
export function isAdded({ signs, box }, used) {
  const half = (box[3] - box[1]) / 2;
  const own = used.filter((one) => one.span && !one.twice && one.signs.length > FEW_SIGNS);
  const inside = own.some((one) => one.box[3] < box[1] + half) && own.some((one) => one.box[1] > box[3] - half);
  const number = inside && signs.length >= NUMBER && signs.every(({ sign }) => /\d/u.test(sign));
  if (number) return signs.every(({ sure }) => sure >= MEANT);
  return hanIn({ signs }) >= (inside ? ADDED : SENTENCE) && sureOf(signs) > SURELY;
}

// of a sign's height, how high a button is at most, with what is around, and how wide
const [BUTTON, WIDE] = [2.5, 4.5];

// Whether a box is one of the buttons in frames beside the site's name.
export function buttonsOf(used, version, corpus) {
  const site = version.page.querySelector("meta[property='og:site_name']")?.content ?? "\n";
  const name = signsOf(site).signs.slice(-4).join("");
  const bar = used.filter(({ span }) => span && corpus.signs.slice(span.from, span.to).join("").endsWith(name));
  return (box) => bar.some((one) => {
    const em = emOf(one);
    const near = box[3] > one.box[1] - BUTTON * em && box[1] < one.box[3] + BUTTON * em;
    return near && box[3] - box[1] < 2 * BUTTON * em && box[2] - box[0] < 2 * WIDE * em;
  });
}
