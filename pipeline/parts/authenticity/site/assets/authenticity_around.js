// Words beside a notice's own: what phones, browsers, chats and the scripts of this site show around it is passed over,
// as narrowly as it can be told (docs/decisions/0121). All else is none of the page's.
import { latin, sureOf } from "./authenticity_address.js";
import { emOf, middle, within } from "./authenticity_boxes.js";
import { looksLike } from "./authenticity_glyphs.js";
import { ALIKE, WELL } from "./authenticity_place.js";
import { isNote } from "./authenticity_text.js";
import { FEW_SIGNS, GRAVEST, LITTLE, SHORT_LINE, SURELY, signsOf, textOf } from "./authenticity_words.js";

const TINY = 0.62; // of the size of the words around, at which a picture in little shows its own
const LARGER = 1.3; // times the size of the words around, from which on words are no name
// of a picture's height and width, where phones and browsers show theirs
const [HEAD, ICONS, RIGHT] = [0.12, 0.05, 0.6];
const BAR = 90; // of 100, below which letters above a notice are those of a browser
const GUESSED = 80; // of 100, below which short words that look otherwise are graphics
const SURE = 85; // of 100, from which on the recogniser means what it reads
const ADDED = 7; // Han signs of a line by which words that are not the page's were read
const EDGE = 0.08; // of a line's height from the picture's border, where it is cut
const [CUT, UNCUT] = [0.55, 0.75]; // of the height of other lines: below it one is cut in half; from it on, to be read

const SURNAMES = "[王李张刘陈杨黄赵吴周徐孙朱胡郭何林郑谢罗梁宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜"
  + "崔钟谭陆汪范廖贾夏韦邹孟熊秦邱江尹薛闫侯龙史陶黎贺顾郝龚邵钱覃武戴莫孔汤]";
const KIN = "(?:妈|爸|姨|叔|姐|哥|弟|妹|婶|伯|爷|奶|姑|舅|老师|主任|书记|师傅)";
const HOME = "(?:楼|栋|单元|号楼)";
const BUTTONS = "打印|复制链接|朗读|大字版|标准版|检索|关闭|深色|浅色|返回|分享|转发|收藏|发送|更多|首页|目录|保存带核对码的图片";
const STATE = /^.?(?:生效中|未开始)(?:还有)?(?:不到)?\d{0,3}(?:小时|天)?(?:后开始)?$/u;
const CLOCK = /^(?:上午|下午|凌晨|晚上|中午|昨天|今天|午|天|星期.|周.)*\d{1,2}[:.]?\d\d$/u;
const OVER = /^.?[已己巳](?:过期|解除)$/u; // the state that the page's script shows once it is over
const LEFT = /^.?(?:生效中|未开始).{0,6}$/u; // and the hours that it goes on for, in small type
const GROUP = /^[\p{Script=Han}\d]{1,8}群\d{0,3}$/u;
const AROUND = [
  STATE, CLOCK, GROUP, /^\d{1,2}月\d{1,2}日$/u, /^\d{1,3}%?$/u, /^[45]g\d*%?$/u,
  new RegExp(`^(?:${BUTTONS})+$`, "u"),
  new RegExp(`^(?:[\\d一二三四五六七八九十]{1,4}${HOME}|社区|物业|网格员)*(?:小|老|阿)[\\p{Script=Han}]{1,2}$`, "u"),
  new RegExp(`^(?:[\\d一二三四五六七八九十]+${HOME})?(?:老|小|阿)?[\\p{Script=Han}]{1,2}${KIN}$`, "u"),
  new RegExp(`^(?:${SURNAMES})[\\p{Script=Han}]{1,2}$`, "u"),
  /^(?:收到|好的|谢谢|知道了|辛苦了|看看|转发|大家看看|注意安全|大家注意)+$/u,
];
// a group's title, how many are in it
const MEMBERS = /^[^\p{Script=Han}\d]*[\p{Script=Han}\d]{2,12}[(（]\d{1,3}[)）]?$/u;
const DAY = /^(?:今天|昨天|前天|(?:星期|周)[一二三四五六日天])\d{0,2}$/u;
const ERASE = /^(?:删除|编辑|全选)$/u; // what a notebook shows at its foot
const ASKS = /[不勿禁严停废取消解除撤假谣转付交缴扫费款汇押]/u; // what nothing around a notice says
const BARS = /^[一二三十人口工|lIi!1]+$/u; // what rims, rules and icons are read as

export const saysGrave = ({ signs }) => signs.some(({ sign }) => GRAVEST.has(sign));
export const isBars = (words) => BARS.test(words);
export const isState = (words) => [STATE, OVER, CLOCK].some((one) => one.test(words));

// Whether the picture's rim cuts a line; not one that can be read all the same.
export function cutOff({ signs, box, span }, picture, { typical }) {
  const edge = EDGE * (box[3] - box[1]);
  if (box[1] > edge && box[3] < picture.height - edge) return false;
  const high = (box[3] - box[1]) / typical;
  const sure = sureOf(signs);
  if (!span) return high < CUT || (high < UNCUT && sure < SURE);
  return signs.length <= SHORT_LINE || (high < UNCUT && sure < SURELY);
}

// How large a published picture stands in the given one, by where its signs were read; along one axis {scale, at}.
function laidAlong(pairs, axis) {
  const at = pairs.map(([a, b]) => [(a[axis] + a[axis + 2]) / 2, (b[axis] + b[axis + 2]) / 2]);
  const [meanA, meanB] = [0, 1].map((n) => at.reduce((sum, one) => sum + one[n], 0) / at.length);
  const varies = at.reduce((sum, [a]) => sum + (a - meanA) ** 2, 0);
  const both = at.reduce((sum, [a, b]) => sum + (a - meanA) * (b - meanB), 0);
  return { scale: both / (varies || 1), varies, at: (scale) => meanB - meanA * scale };
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
  return [...byPicture].filter(([, pairs]) => pairs.length > 3).map(([drawn, pairs]) => {
    const [across, down] = [laidAlong(pairs, 0), laidAlong(pairs, 1)];
    const { scale } = across.varies > down.varies ? across : down;
    const [x, y] = [across.at(scale), down.at(scale)];
    return [x, y, x + drawn.width * scale, y + drawn.height * scale];
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
    segment, signs, words, above, below, size, typical, high,
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
  const few = signs.length <= FEW_SIGNS && !number && !large;
  if (signs.length <= 2 * LITTLE && !saysGrave(segment) && inPicture && likeness() < ALIKE) return true;
  if (signs.length <= LITTLE && (!saysGrave(segment) || isBars(words) || high < CUT * typical)) return true;
  if (size < TINY * typical && !number && likeness() < WELL) return true;
  return few && ((sure < GUESSED && likeness() < WELL) || likeness() < ALIKE);
}

// What the page's own script says of a warning's state, and clocks.
function isOfState({ words, above, atHead, likeness }, corpus) {
  if (STATE.test(words) || (corpus.over && OVER.test(words))) return true;
  if (!ASKS.test(words) && LEFT.test(words) && likeness() < WELL) return true;
  return CLOCK.test(words) && (!above || atHead);
}

// What a phone or a browser shows at its head, and letters in small type that were lost.
function isOfPhone({ segment, signs, words, above, atHead, amongIcons, sure, likeness }) {
  const letters = /^[a-z一二三\d]+$/u.test(words) && /[a-z一二三]/u.test(words) && !/\d{3}/u.test(words);
  if (signs.length <= FEW_SIGNS && letters) return true;
  if (latin(segment) && sure < BAR && likeness() < ALIKE) return true;
  if (above) return false;
  if (amongIcons && signs.length <= FEW_SIGNS) return true;
  return atHead && ((MEMBERS.test(segment.raw) && !ASKS.test(words))
    || (signs.length > SHORT_LINE && latin(segment) && sure < BAR));
}

// Whether words beside the notice's own say nothing of it.
export function passed({ segment }, picture, frame, corpus) {
  const one = described(segment, picture, frame);
  const { words, above, below } = one;
  if (isGraphics(one) || cutOff(segment, picture, corpus) || isOfState(one, corpus) || isOfPhone(one)) return true;
  if (isNote(words) || DAY.test(words) || (!below && ERASE.test(words))) return true;
  if (above && below && !/^(?:打印|复制|朗读)/u.test(words)) return false;
  if (!/\p{Script=Han}.*\p{Script=Han}|\d{5}/u.test(words) && one.signs.length < 9 && !ASKS.test(words)) return true;
  return !one.large && !ASKS.test(words) && AROUND.some((each) => each.test(words) && (each !== GROUP || one.atHead));
}

// Whether words that are not the page's were read surely, between those of the notice.
export function isAdded({ signs, box }, used) {
  const half = (box[3] - box[1]) / 2;
  const own = used.filter((one) => one.span && !one.twice && one.signs.length > FEW_SIGNS);
  const inside = own.some((one) => one.box[3] < box[1] + half) && own.some((one) => one.box[1] > box[3] - half);
  const han = signs.filter(({ sign }) => /\p{Script=Han}/u.test(sign)).length;
  return inside && han >= ADDED && sureOf(signs) > SURELY;
}

// Whether a box is one of the buttons in frames beside the site's name.
export function buttonsOf(used, version, corpus) {
  const site = version.page.querySelector("meta[property='og:site_name']")?.content ?? "\n";
  const name = signsOf(site).signs.slice(-4).join("");
  const bar = used.filter(({ span }) => span && corpus.signs.slice(span.from, span.to).join("").endsWith(name));
  return (box) => bar.some((one) => {
    const em = emOf(one);
    const near = box[3] > one.box[1] - 2 * em && box[1] < one.box[3] + 2 * em;
    return near && box[3] - box[1] < 4 * em && box[2] - box[0] < 6 * em;
  });
}
