// Words beside a notice's own: what phones, browsers, chats and the scripts of this site show around it is passed over,
// as narrowly as it can be told (docs/decisions/0121). All else is none of the page's.
import { latin, sureOf } from "./authenticity_address.js";
import { emOf, middle, within } from "./authenticity_boxes.js";
import { looksLike } from "./authenticity_glyphs.js";
import { ALIKE, WELL } from "./authenticity_place.js";
import { SURNAMES, isNote, isRemark } from "./authenticity_said.js";
import { FEW_SIGNS, GRAVEST, LITTLE, SHORT_LINE, SURELY, signsOf, textOf } from "./authenticity_words.js";

const TINY = 0.62; // of the size of the words around, at which a picture in little shows its own
const [LABEL, HEADING] = [0.85, 2]; // times that size, below which words are labels of a chat, and dates of an album
const LARGER = 1.3; // times the size of the words around, from which on words are no name
// of a picture's height and width, where phones and browsers show theirs
const [HEAD, TITLE, ICONS, RIGHT] = [0.12, 0.25, 0.05, 0.6];
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

const KIN = "(?:妈|爸|姨|叔|姐|哥|弟|妹|婶|伯|爷|奶|姑|舅|老师|主任|书记|师傅)";
const HOME = "(?:楼|栋|单元|号楼)";
const BUTTONS = "打印|复制链接|朗读|大字版|标准版|检索|关闭|备忘录|便签|笔记|完成|深色|浅色|返回|分享|转发|收藏|发送|更多|首页|目录|保存带核对码的图片"
  + "|在看|点赞|赞|喜欢|评论|写留言|留言|公告|群公告|确认收到|仅群主和管理员可编辑";
const STATE = /^.?(?:生效中|未开始)(?:还有)?(?:不到)?\d{0,3}(?:小时|天)?(?:后开始)?$/u;
const CLOCK = /^(?:上午|下午|凌晨|晚上|中午|昨天|今天|午|天|星期.|周.)*\d{1,2}[:.]?\d\d$/u;
const OVER = /^.?[已己巳](?:过期|解除)$/u; // the state that the page's script shows once it is over
const PARTLY = /^\d{0,3}(?:小时|天)后(?:开始|结束)?$/u; // the rest of it in a line of its own
const MARKS = "[^\\p{Script=Han}\\d]{0,3}";
const DATED = new RegExp(
  `^${MARKS}(?:\\d{4}年)?(?:\\d{0,2}月)?(?:\\d{1,2}日?)?(?:星期.|周.)?(?:凌晨|[早晚]上|[上中下]午)?(?:\\d{1,2}${MARKS}\\d\\d)?$`,
  "u",
);
const UNTIL = /[至止到于前后起限即]/u; // what makes a date say something
const AGO = /^(?:刚刚|\d{1,2}(?:分钟|小时|天)前)$/u;
const TIMED = /^(?:\p{Script=Han}{0,2}[天午]\p{Script=Han}?|晚[上a-z])\d{2,4}$/u; // a chat's times, of which a sign was misread
const SIGNAL = /^[45][gc6]\p{Script=Han}{0,3}$/u; // what the signs of a phone's signal and battery are read as
const LEADER = "领队|[队班组店团]长|教练";
const WHO = `(?:.{0,2}社区|.格员|群友|群主|${LEADER}|邻居|物业|业主|家长|隔壁|楼?[上下]|[\\d一二三四五六七八九十]{1,4}(?:楼|栋|单元|号楼|班))`;
const NAMED = new RegExp(`^${WHO}{0,2}[小老阿][${SURNAMES}]$`, "u");
// who says something in a chat that shows no name
const SENDER = /^(?:热心|爱心|隔壁|楼[上下]|我家)?(?:邻居|群友|居民|业主|住户|网友|家长|同事|同学|朋友|物业|社区|网格员|志愿者|楼长|群主|管理员)$/u;
const LEFT = /^.?(?:生效中|未开始).{0,6}$/u; // and the hours that it goes on for, in small type
const GROUP = /^[\p{Script=Han}\d]{1,8}群\d{0,3}$/u;
const NAMES = [
  NAMED, SENDER, GROUP,
  new RegExp(`^(?:[\\d一二三四五六七八九十]{1,4}${HOME}|社区|物业|网格员|${LEADER})*(?:小|老|阿)[\\p{Script=Han}]{1,2}$`, "u"),
  new RegExp(`^(?:[\\d一二三四五六七八九十]+${HOME})?(?:老|小|阿)?[\\p{Script=Han}]{1,2}${KIN}$`, "u"),
  new RegExp(`^[${SURNAMES}][\\p{Script=Han}]{1,2}$`, "u"),
];
const AROUND = [
  STATE, CLOCK, AGO, /^\d{1,2}月\d{1,2}日$/u, /^\d{1,3}%?$/u, /^[45]g\d*%?$/u,
  /^(?:阅读|已读|在看|点赞)\d{1,6}万?人?$/u,
  new RegExp(`^(?:${BUTTONS})+$`, "u"),
  /^(?:收到|好的|谢谢|知道了|辛苦了|看看|转发|大家看看|注意安全|大家注意)+$/u,
];
const ICON_ROW = /^(?:.?(?:分享|收藏|在看|点赞|赞|喜欢|评论|留言)){2,}$/u; // each with its icon
// a group's title, how many are in it
const MEMBERS = /^[^\p{Script=Han}\d]*[\p{Script=Han}\d]{2,12}[(（]\d{1,3}[)）]?$/u;
const PEOPLE = /[群队家邻班楼栋区村友组部科园苑里庭院]|业主|居民|同[学事]|物业|单元|交流|工作|幸福|平安|年级/u; // whose it is
const WHEN = /[今明昨晚早夜点时断]/u; // what no group calls itself
const EVENT = /[震涨断决崩塌垮溃洪卷死伤逃跑免封色警险灾放改]/u; // no name of anybody, and no title
const FORWARDED = /^\p{Script=Han}{1,6}(?:社区|小区|街道办?|物业|[居村业]委会)(?:转发?|宣)$/u; // who passed a notice on
// who speaks for a place
const HELD = /^\p{Script=Han}{1,3}(?:社区|小区|村|[花家]园|苑)(?:群主|网格员|物业|楼长|志愿者|[居村业]委会)$/u;
const GOES = /[到去回离进出搬往在快走闭绕空]/u; // what is done with a place, and no name of it
const DAY = /^(?:今天|昨天|前天|(?:星期|周)[一二三四五六日天])\d{0,2}$/u;
const ERASE = /^(?:删除|编辑|全选)$/u; // what a notebook shows at its foot
const ASKS = /[不勿禁严停废取消解除撤假谣转付交缴扫费款汇押]/u; // what nothing around a notice says
const RULES = /^[一1]+|[一1]+$/gu; // that stand beside words
const BARS = /^[一二三十人口工|lIi!1]+$/u; // what rims, rules and icons are read as

const isTimed = (words) => TIMED.test(words) && !/[明后]/u.test(words) && !EVENT.test(words);
const asks = (words) => ASKS.test(words.replaceAll(/交流|消防/gu, ""));
export const hanIn = ({ signs }) => signs.filter(({ sign }) => /\p{Script=Han}/u.test(sign)).length;
export const isClock = (words) => CLOCK.test(words);
// Whether words name an event, an order or a payment.
export const speaks = (words) => asks(words) || EVENT.test(words);
export const saysGrave = ({ signs }) => signs.some(({ sign }) => GRAVEST.has(sign));
export const isBars = (words) => BARS.test(words);
// Whether a line that was taken for one of the page's, and is not quite, is what stands around a notice. A date or a
// clock above it, no larger than its text, is a phone's.
export function isOfAround(segment, top, typical) {
  const words = textOf(segment);
  if (segment.span?.cost && ([STATE, OVER, CLOCK].some((one) => one.test(words)) || isNote(words))) return true;
  const [x0, , x1] = segment.box;
  const small = Math.min(emOf(segment), (x1 - x0) / words.length) < LABEL * typical;
  if (segment.span?.cost && segment.box[3] <= top && small && isTimed(words)) return true;
  return isDate(segment) && segment.box[3] <= top && emOf(segment) <= HEADING * typical;
}

function isDate({ line, raw }) {
  const [whole, words] = [line ?? raw, raw].map((one) => one.replace(/\s/gu, ""));
  const isOne = (one) => /[年月日]/u.test(one) && DATED.test(one);
  const rest = whole.replace(words, ""); // an avatar beside it
  return isOne(whole) || (isOne(words) && rest.length === 1 && !UNTIL.test(rest) && !asks(rest) && !EVENT.test(rest));
}

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

// The pieces of a line between signs that do not look like what they were read as: avatars, icons, small pictures of
// faces. A line that has more of them is left as it is.
function barely(segment, picture) {
  const { signs } = segment;
  const sizes = [emOf(segment), Math.min(...signs.map(({ box }) => box[3] - box[1]))]; // a box may be of a whole line
  const looks = signs.map(({ sign, raw, box, sure }) => (sure > SURELY && /\p{Script=Han}/u.test(sign))
    || sizes.some((em) => looksLike(raw, picture, box, em) >= ALIKE));
  const icons = looks.filter((one) => !one).length;
  if (icons === signs.length || icons > 2 * LITTLE) return [segment];
  const pieces = signs.map((sign, n) => (looks[n] && !looks[n - 1] ? looks.indexOf(false, n) : 0));
  return pieces.flatMap((to, from) => (to ? [{ ...segment, signs: signs.slice(from, to < 0 ? undefined : to) }] : []));
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
    segment, signs, words, above, below, size, typical, high,
    sure: sureOf(signs),
    bare: () => barely(segment, picture),
    inPicture: drawn.some((one) => within(box, one)),
    number: above && below && /\d{3}/u.test(words), // a telephone's, a penalty's: no graphics
    large: size > LARGER * typical && /\p{Script=Han}{2}/u.test(words),
    atHead: box[3] < HEAD * picture.height,
    likeness: () => (like ??= middle(signs.map(({ raw, box: place }) => looksLike(raw, picture, place, size)))),
    clear: () => signs.every(({ raw, box: place }) => looksLike(raw, picture, place, size) >= WELL),
    underTitle: box[3] < TITLE * picture.height,
    atRight: box[0] > picture.width / 2,
    amongIcons: box[3] < ICONS * picture.height && box[0] > RIGHT * picture.width,
  };
}

// Graphics that were read as words: few, unlike what was read, or in little.
function isGraphics({ segment, signs, words, size, typical, high, sure, inPicture, number, large, likeness, clear }) {
  const few = signs.length <= FEW_SIGNS && !number && !large;
  if (signs.length <= 2 * LITTLE && !saysGrave(segment) && inPicture && likeness() < ALIKE) return true;
  const says = signs.length > 1 && sure > SURE && !NAMES.some((name) => name.test(words))
    && (speaks(words) || (large && clear()));
  if (signs.length <= LITTLE && ((!says && !saysGrave(segment)) || isBars(words) || high < CUT * typical)) return true;
  if (size < TINY * typical && !number && !(says && !inPicture) && likeness() < WELL) return true;
  return few && !(says && sure > SURELY) && ((sure < GUESSED && likeness() < WELL) || likeness() < ALIKE);
}

// What the page's own script says of a warning's state, and clocks.
function isOfState({ words, above, atHead, likeness }, corpus) {
  if (STATE.test(words) || (corpus.turns && PARTLY.test(words)) || (corpus.over && OVER.test(words))) return true;
  if (!asks(words) && LEFT.test(words) && likeness() < WELL) return true;
  return CLOCK.test(words) && (!above || atHead);
}

// Letters in small type that were lost, as a browser shows them, and few of them anywhere.
function isLost({ segment, signs, words, above, atHead, sure, likeness }) {
  const letters = /^[a-z一二三\d]+$/u.test(words) && /[a-z一二三]/u.test(words) && !/\d{3}/u.test(words);
  if (signs.length <= FEW_SIGNS && letters) return true;
  if (!latin(segment) || sure >= BAR) return false;
  return likeness() < ALIKE || (!above && atHead && signs.length > SHORT_LINE);
}

// What a phone, an album or a chat shows above all else.
function isOfPhone({ segment, signs, words, above, amongIcons, atRight, underTitle, size, typical }) {
  if (above) return false;
  if (isDate(segment) && size <= HEADING * typical) return true;
  if (speaks(words)) return false;
  if (signs.length <= FEW_SIGNS && (amongIcons || (atRight && SIGNAL.test(words)))) return true;
  return underTitle && MEMBERS.test(segment.raw) && PEOPLE.test(words) && !WHEN.test(words);
}

const isPlace = (words) => !speaks(words) && !GOES.test(words) && !WHEN.test(words);

// Who passed a notice on, as its last words.
function isForwarded({ segment, above, below, large }) {
  const line = (segment.line ?? segment.raw).replace(/[^\p{Script=Han}]/gu, "");
  return above && !below && !large && FORWARDED.test(line) && isPlace(line.replace(/转发?$/u, ""));
}

// Whether the rim cuts a line where the notice's own next one stands: there it may hold its words alone.
function isNext({ segment: { box }, high, typical }, { own }, picture) {
  const [below, above] = [box[3] > picture.height - EDGE * typical, box[1] < EDGE * typical];
  return high >= CUT * typical && (below || above) && own.some(({ box: other }) => {
    const apart = below ? box[1] - other[3] : other[1] - box[3];
    return apart > -0.5 * typical && apart < NEXT * typical && Math.abs(box[0] - other[0]) < NEXT * typical;
  });
}

// What words beside the notice's own are that say nothing of it: "graphics", "around", or "" where they do.
function kindOf(segment, picture, frame, corpus) {
  const one = described(segment, picture, frame);
  const { words, above, below } = one;
  if (isNext(one, frame, picture)) return "";
  if (isOfState(one, corpus) || isOfPhone(one)) return "around";
  const small = !(above && below) && one.size < LABEL * one.typical;
  if (small && isTimed(words)) return "around";
  if (isNote(words) || DAY.test(words) || (!below && ERASE.test(words))) return "around";
  if (isGraphics(one) || isLost(one) || cutOff(segment, picture, corpus)) return "graphics";
  if (above && below && !/^(?:打印|复制|朗读)/u.test(words)) return "";
  if (!/\p{Script=Han}.*\p{Script=Han}|\d{5}/u.test(words) && one.signs.length < 9 && !asks(words)) return "graphics";
  const isAround = (said, large) => !large && !asks(said)
    && (AROUND.some((each) => each.test(said) || each.test(said.replaceAll(RULES, "")))
      || (ICON_ROW.test(said) && !saysGrave(segment)) || (isPlace(said) && HELD.test(said))
      || (!EVENT.test(said) && NAMES.some((each) => each.test(said) && (each !== GROUP || one.atHead))));
  if (isAround(words, one.large) || (!one.large && isRemark(words)) || isForwarded(one)) return "around";
  const bare = one.bare();
  const said = bare.map(textOf);
  const count = said.join("").length;
  const says = said.every(({ length }) => length >= LITTLE) && 2 * count >= words.length && count < words.length
    && !speaks(words) && !saysGrave(segment);
  const isLarge = (part) => emOf(part) > LARGER * one.typical;
  return says && said.every((each, n) => isNote(each) || isAround(each, isLarge(bare[n]))) ? "around" : "";
}

// Whether words beside the notice's own say nothing of it; `isAround`: as what phones, chats and browsers show there.
// Where readings of a place differ, the one that is such a thing counts.
export const passed = ({ segment }, picture, frame, corpus) => kindOf(segment, picture, frame, corpus) !== ""
  || Boolean(segment.readings?.some((one) => isAround(one, picture, frame, corpus)));
export const isAround = (segment, picture, frame, corpus) => kindOf(segment, picture, frame, corpus) === "around";

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
