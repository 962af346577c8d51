// The words of a picture against what was issued: read twice, taken for places of pages, and what is other read and looked at again.
import { looksLike, templatesFrom } from "./authenticity_glyphs.js";
import { root, versionsFor } from "./authenticity_find.js";
import { codesIn, linesIn } from "./authenticity_read.js";
import { boxOf, lookedAt, uncovered } from "./authenticity_unread.js";
import { isNote } from "./authenticity_text.js";
import { GRAVE, GRAVEST, corpusOf, drawnBlocks, editsOf, issuedAt, placed, segmentsOf, signsOf, wordsOf } from "./authenticity_words.js";

const [ALIKE, CLEARLY, ALMOST, WELL, HARDLY, SEEN, DIMLY] = [0.56, 0.06, 0.08, 0.66, 0.45, 0.53, 0.5]; // likeness of a place with the issued sign, and by how much more than with the one that was read
const NARROW = 0.55; // of a Han sign's width, that of a figure
const LOOKS = 0.6; // likeness of a place where nothing was read with the sign that should stand there
const OFTEN = 3; // readings that say the same
const [LETTERS, OF_HOST] = [0.7, 0.6]; // of an address in small type, and of its host, that have to be made out
const STROKES = 0.68; // likeness with Ⅱ or Ⅲ that fewer strokes do not have
const CELL = 10; // signs of a table's cell, where a figure or two are a number
const MOST_DIM = 3; // signs of a picture that may be too dim to be told from another
const MOST_GAPS = 6; // that are read by themselves
const MOST_AGAIN = 60; // lines that are read again
const [ADDED, SURELY] = [7, 93]; // Han signs of a line, and of 100, by which words that are not the page's were read
const TINY = 0.62; // of the size of the words around, at which a picture in little shows its own
const [CERTAIN, SURE_OF_MORE] = [97, 96];
const HEAD = 0.12; // of a picture's height, where phones and browsers show their own
const BAR = 90; // below which letters above a notice are those of a browser
const GUESSED = 80; // of 100, below which short words that look otherwise are graphics
const DIM = 60; // of 100, below which it guesses
const SURE = 85; // of 100, from which on the recogniser means what it reads
const [NEAR, LEVEL] = [0.3, 0.7]; // of a box that another covers for both to be of one line; of its height, twice what their middles are apart by
const FAR = 0.3; // of its signs a line may be other that is looked at sign by sign
const FEW_SIGNS = 6; // that graphics may be taken for
const WELL_READ = 0.2; // of its signs a line may be other whose signs are borne out
const LITTLE = 2; // signs of an icon, a bullet, a rim
const EDGE = 0.08; // of a line's height from the picture's border, where it is cut
const [CUT, UNCUT] = [0.55, 0.75]; // of the height of other lines, below which one is cut in half, and from which on it can be read

// What phones, browsers, chats and the scripts of this site show around a notice.
const SURNAMES = "[王李张刘陈杨黄赵吴周徐孙朱胡郭何林郑谢罗梁宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范廖贾夏韦邹孟熊秦邱江尹薛闫侯龙史陶黎贺顾郝龚邵钱覃武戴莫孔汤]";
const GROUP = /^[\p{Script=Han}\d]{1,8}群\d{0,3}$/u;
const AROUND = [
  /^.?(?:生效中|未开始)(?:还有)?(?:不到)?\d{0,3}(?:小时|天)?(?:后开始)?$/u, /^(?:上午|下午|凌晨|晚上|中午|昨天|今天|午|天|星期.|周.)*\d{1,2}[:.]?\d\d$/u, /^\d{1,2}月\d{1,2}日$/u,
  /^\d{1,3}%?$/u, /^[45]g\d*%?$/u, /^(?:打印|复制链接|朗读|大字版|标准版|检索|关闭|深色|浅色|返回|分享|转发|收藏|发送|更多|首页|目录|保存带核对码的图片)+$/u,
  /^(?:[\d一二三四五六七八九十]{1,4}(?:楼|栋|单元|号楼)|社区|物业|网格员)*(?:小|老|阿)[\p{Script=Han}]{1,2}$/u, /^(?:[\d一二三四五六七八九十]+(?:楼|栋|单元|号楼))?(?:老|小|阿)?[\p{Script=Han}]{1,2}(?:妈|爸|姨|叔|姐|哥|弟|妹|婶|伯|爷|奶|姑|舅|老师|主任|书记|师傅)$/u, GROUP, new RegExp(`^(?:${SURNAMES})[\\p{Script=Han}]{1,2}$`, "u"), /^(?:收到|好的|谢谢|知道了|辛苦了|看看|转发|大家看看|注意安全|大家注意)+$/u,
];

const MEMBERS = /^[^\p{Script=Han}\d]*[\p{Script=Han}\d]{2,12}[(（]\d{1,3}[)）]?$/u; // a group's title and how many are in it
const DAY = /^(?:今天|昨天|前天|(?:星期|周)[一二三四五六日天])\d{0,2}$/u;
const ERASE = /^(?:删除|编辑|全选)$/u; // what a notebook shows at its foot
const [ICONS, RIGHT] = [0.05, 0.6]; // of a picture's height and width, where a phone shows its battery
const [STATE, CLOCK] = AROUND;
const LEFT = /^.?(?:生效中|未开始).{0,6}$/u; // and the hours that it goes on for, in small type
const OVER = /^.?[已己巳](?:过期|解除)$/u; // the state that the page's script shows once it is over
const ASKS = /[不勿禁严停废取消解除撤假谣转付交缴扫费款汇押]/u; // what nothing around a notice says
const LARGER = 1.3; // times the size of the words around, from which on words are no name
const textOf = ({ signs }) => signs.map(({ sign }) => sign).join("");
const signsIn = (segments) => segments.reduce((sum, { signs }) => sum + signs.length, 0);
const sureOf = (signs) => signs.reduce((sum, { sure }) => sum + sure, 0) / signs.length;
const BARS = /^[一二三十人口工|lIi!1]+$/u; // what rims, rules and icons are read as

const grave = (words) => [...words].some((sign) => GRAVE.has(sign));
// Whether two boxes are of one line: side by side lines that run aslant overlap, too.
function meets(a, b) {
  const across = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  return across > NEAR * Math.min(a[2] - a[0], b[2] - b[0]) && Math.abs(a[1] + a[3] - b[1] - b[3]) < LEVEL * Math.min(a[3] - a[1], b[3] - b[1]);
}
const within = (a, b) => Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0])) * Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1])) > 0.6 * (a[2] - a[0]) * (a[3] - a[1]);
const middle = (values) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

function emOf({ signs }) {
  const han = signs.filter(({ sign }) => /\p{Script=Han}/u.test(sign)).map(({ box }) => Math.max(box[2] - box[0], box[3] - box[1]));
  return middle(han.length ? han : signs.map(({ box }) => 1.25 * (box[3] - box[1])));
}

// How much of a reading a page explains: signs that are the same, less what is other.
export function weight({ segments }, corpus) {
  let sum = 0;
  for (const { span, twice } of segments) if (span && !twice) sum += span.pairs.filter(([n, place]) => n >= 0 && place >= 0 && !corpus.light[place]).length - 3 * span.cost;
  return sum;
}

// Places of the corpus that readings bear out within a box.
function bornIn(segments, box, corpus) {
  const places = new Set();
  for (const { span, signs, box: own } of segments) {
    if (!span || !meets(own, box)) continue;
    for (const [n, place] of span.pairs) if (n >= 0 && place >= 0 && signs[n].sign === corpus.signs[place]) places.add(place);
  }
  return places;
}

// Whether another reading takes the sign for a third: then it is one that the recogniser does not know.
function otherwise(segments, segment, edit, corpus, taken) {
  if (edit.read.length !== 1 || edit.places.length !== 1) return false;
  return segments.some((one) => one.span && meets(one.box, segment.box) && one.span.cost <= WELL_READ * one.signs.length && editsOf(one, corpus, taken).some((other) => (
    other.read.length === 1 && other.places.length === 1 && other.places[0] === edit.places[0] && other.read !== edit.read)));
}

// Where a place of the corpus stands, or should, in a line: by the neighbours that were read and the marks between.
function boxAt({ signs, span }, place, em, corpus) {
  const known = span.pairs.filter(([n, at]) => n >= 0 && at >= 0);
  const here = known.find(([, at]) => at === place);
  if (here) return signs[here[0]].box;
  const far = (from, to) => (corpus.block[from] === corpus.block[to] && corpus.at[from] >= 0 ? corpus.at[to] - corpus.at[from] : to - from);
  const left = known.filter(([, at]) => at < place).at(-1);
  const right = known.find(([, at]) => at > place);
  const [a, b] = [left && signs[left[0]].box, right && signs[right[0]].box];
  if (a && b) {
    const step = (b[0] - a[2]) / Math.max(1, far(left[1], right[1]) - 1);
    const x = a[2] + (far(left[1], place) - 1) * step;
    return [x, Math.min(a[1], b[1]), x + Math.max(0, step), Math.max(a[3], b[3])];
  }
  if (a) return [a[2] + (far(left[1], place) - 1) * em, a[1], a[2] + far(left[1], place) * em, a[3]];
  return b ? [b[0] - far(place, right[1]) * em, b[1], b[0] - (far(place, right[1]) - 1) * em, b[3]] : null;
}

// How far the picture shows the issued signs where others were read: 1 them, 0.6 these or those, 0.4 rather them, 0.2 too dim to say of one sign, -1 what was
// read, else 0.
function shows(picture, segment, edit, corpus) {
  const em = emOf(segment);
  let [alike, surely, either, rather, dim] = [true, true, true, true, true];
  const reads = [...edit.raw];
  const sums = [0, 0];
  edit.places.forEach((place, n) => {
    const box = boxAt(segment, place, em, corpus);
    const drawn = corpus.drawn.get(place);
    const plain = box ? looksLike(corpus.signs[place], picture, box, em) : 0;
    const own = box && drawn ? Math.max(plain, looksLike("", picture, box, em, templatesFrom(drawn.picture, drawn.box, emOf(drawn)))) : plain;
    const read = box && reads[n] ? looksLike(reads[n], picture, box, em) : 0;
    sums[0] += own;
    sums[1] += read;
    if (own < ALIKE) alike = false;
    if (own < read + CLEARLY) surely = false;
    if (own < WELL) either = false;
    if (own < read || (own < HARDLY && read >= ALIKE)) rather = false;
    if (Math.max(own, read) > DIMLY || read > own + CLEARLY) dim = false;
  });
  edit.sums = sums;
  if (!edit.places.length) return 0;
  const count = Math.min(reads.length, edit.places.length);
  const other = count > 0 && sums[1] > SEEN * count && sums[1] > sums[0] + CLEARLY * count;
  return alike && (surely || sums[0] > sums[1] + CLEARLY * edit.places.length) ? 1 : either || (alike && edit.places.length === 1 && sums[1] < sums[0] + ALMOST) ? 0.6 : rather ? 0.4 : other ? -1 : dim && edit.places.length === 1 ? 0.2 : 0;
}

// Whether the signs that were read do not stand where they were read: graphics, rims, halves of signs.
const imagined = (picture, { raw, boxes }, em) => [...raw].every((sign, n) => !boxes[n] || looksLike(sign, picture, boxes[n], em) < HARDLY);

// Whether another reading of a line has the same signs beside the same neighbours.
function saysAgain(segments, segment, { from, to }) {
  const words = textOf(segment).slice(Math.max(0, from - 1), to + 1);
  const parts = to - from > 1 ? Array.from({ length: words.length - 1 }, (_, n) => words.slice(n, n + 2)) : [words];
  return words.length > to - from && segments.some((one) => meets(one.box, segment.box) && parts.some((part) => textOf(one).includes(part)));
}

// Whether signs that are more stand there, each in a place of its own.
function stands(picture, { signs }, { from, to, raw, boxes }, em) {
  const [left, right] = [signs[from - 1], signs[to]];
  if (left && right && right.box[0] - left.box[2] < (/[\x20-\x7e]/u.test(raw) ? 0.2 : 0.3) * em * (to - from)) return false;
  return [...raw].every((sign, n) => !boxes[n] || looksLike(sign, picture, boxes[n], em) >= HARDLY);
}

// Whether there is no room in a line for the signs that are missing in it, marks that part words counted: else the sign beside
// them would be taken for one of them (100 without a 0).
function cramped({ signs }, { from, to, places, read }, em, corpus) {
  const missing = places.length - [...read].length;
  const [left, right] = [signs[from - 1], signs[to]];
  if (missing <= 0 || !left || !right) return false;
  const [first, last] = [places[0] - 1, places.at(-1) + 1];
  const inside = corpus.block[first] === corpus.block[last] && corpus.at[first] >= 0;
  const words = inside ? Array.from(corpus.blocks[corpus.block[first]].words).slice(corpus.at[first] + 1, corpus.at[last]) : places.map((place) => corpus.signs[place]);
  const wide = (sign) => (/[\x20-\x7e]/u.test(sign) ? NARROW : 1);
  const lost = places.slice(-missing).reduce((sum, place) => sum + wide(corpus.signs[place]), 0);
  return (right.box[0] - left.box[2]) / em < words.reduce((sum, sign) => sum + wide(sign), 0) - 0.5 * lost;
}

async function again(picture, box, em, corpus) {
  const whole = [Math.max(0, box[0] - em), Math.max(0, box[1] - 0.4 * em), Math.min(picture.width, box[2] + em), Math.min(picture.height, box[3] + 0.4 * em)];
  const out = [];
  for (const [high, method] of [[44, 0], [32, 2], [60, 2]]) out.push(placed(segmentsOf(await linesIn(picture, whole, Math.min(4, high / em), { mode: 7, method })), corpus).segments);
  return out;
}

const badly = ({ span, signs, twice }) => !span || twice || span.cost > Math.max(1.1, FAR * signs.length);

// Addresses in small type: a recogniser for Chinese loses half of their letters; one that it reads surely is held to the page's.
const latin = ({ signs }) => signs.filter(({ sign }) => /[a-z0-9]/u.test(sign)).length > 0.7 * signs.length && signs.filter(({ sign }) => /[a-z]/u.test(sign)).length > 5;
function inCommon(own, signs) {
  let row = new Uint16Array(own.length + 1);
  for (const sign of signs) {
    const next = new Uint16Array(own.length + 1);
    for (let n = 1; n <= own.length; n += 1) next[n] = own[n - 1] === sign ? row[n - 1] + 1 : Math.max(row[n], next[n - 1]);
    row = next;
  }
  return row[own.length];
}

function addressed({ signs }, corpus) {
  const read = signs.map(({ sign }) => sign);
  const sure = sureOf(signs);
  return sure < 93 && corpus.blocks.some(({ words }) => words.startsWith("http") && inCommon(signsOf(words).signs, read) >= LETTERS * read.length);
}

// Whether an address names a host that is none of the page's: in small type letters may be lost, and few come in.
function strange({ raw, signs }, corpus) {
  const [, host] = /^(?:[^/.]*\/\/)?([^/.]*\.[^/]*)/u.exec(raw) ?? [];
  if (!host || (!raw.includes("/") && /^h/iu.test(raw))) return false; // one that lost its strokes is held to a whole address
  const read = signsOf(host).signs;
  const sure = sureOf(signs);
  return !corpus.blocks.some(({ words }) => [...words.matchAll(/\/\/([^/\s]+)/gu)].some(([, own]) => {
    const same = inCommon(signsOf(own).signs, read);
    return same >= OF_HOST * signsOf(own).signs.length && same >= (sure < BAR ? BAR / 100 : 1) * read.length;
  }));
}

const costOf = ({ span, signs }) => (span ? span.cost / signs.length : 1);

function bearAll({ span, signs }, corpus, shown) {
  for (const [n, place] of span.pairs) if (n >= 0 && place >= 0 && signs[n].sign === corpus.signs[place]) shown[place] = 1;
}

// Whether a place belongs to the name of a host in an address that is printed.
function inHost(place, corpus) {
  const [, lead, host] = /^(https?:\/\/)([^/]+)/u.exec(corpus.blocks[corpus.block[place]].words) ?? [];
  return Boolean(host) && corpus.at[place] >= lead.length && corpus.at[place] < lead.length + host.length;
}

// Figures of a number of which a line shows a part: 1500 stands in 15000, and says something else.
function restOfNumber({ span, signs }, corpus) {
  const { signed, words } = corpus.blocks[corpus.block[span.from]];
  if (!signed || (signs.length <= LITTLE && words.length > CELL)) return [];
  const inside = (place) => /[\d.]/u.test(corpus.signs[place] ?? "") && corpus.at[place] >= 0;
  const joined = (one, other) => corpus.block[one] === corpus.block[other] && Math.abs(corpus.at[one] - corpus.at[other]) === 1;
  const out = [];
  for (const [start, way] of [[span.from, -1], [span.to - 1, 1]]) {
    for (let place = start; inside(place) && inside(place + way) && joined(place, place + way); place += way) out.push(place + way);
  }
  return out;
}

// The best of what readings make of the place of a segment.
function bestOf(segment, readings) {
  const others = readings.flat().filter(({ box, signs }) => signs.length >= 0.6 * segment.signs.length && meets(box, segment.box));
  const rank = ({ span, signs, twice }) => (span ? span.cost / signs.length + (twice ? 0.2 : 0) : 1);
  return others.reduce((best, one) => (rank(one) < rank(best) - 0.05 ? one : best), segment);
}

// What readings of a picture say against the page of `corpus`. {problems, segments, covered}: kind of a problem: "other": the picture
// shows other words; "unsure": that was not made out; "loose": words that are none of the page's; "gap": words of it that are missing.
export async function problemsOf(picture, corpus, readings, say) {
  const all = readings.map((lines) => placed(segmentsOf(lines), corpus));
  const [first, second] = all.map(({ segments }) => segments);
  const { taken } = all[0];
  corpus.typical = middle(first.filter(({ span, signs }) => span && signs.length > SHORT_LINE).map(emOf));
  const problems = [];
  const rest = [];
  const shown = new Uint8Array(corpus.signs.length);
  const show = (one) => {
    if (one.span.cost <= WELL_READ * one.signs.length) bearAll(one, corpus, shown);
  };
  for (const segments of [first, second]) for (const one of segments) if (one.span) show(one);
  const bear = ({ places }) => { for (const place of places) shown[place] = 1; };
  let [count, dims] = [0, 0];
  const lookAgain = async (segment) => {
    if (count >= MOST_AGAIN) return [];
    count += 1;
    say(count);
    const made = await again(picture, segment.box, emOf(segment), corpus);
    for (const one of made.flat()) if (one.span) show(one);
    return made;
  };
  const used = [];
  const examine = async (given) => {
    if (!given.signs.length) return;
    if (cutOff(given, picture, corpus) && (!given.span || given.span.cost)) return; // a line that the picture's rim cuts
    let segment = bestOf(given, [second]);
    let reread = null;
    if (badly(segment) && given.signs.length > LITTLE) {
      reread = await lookAgain(given);
      segment = bestOf(segment, reread);
    }
    used.push(segment);
    if (latin(segment)) {
      if (strange(given, corpus) || strange(segment, corpus)) problems.push({ kind: "unsure", segment });
      if (segment.span && !badly(segment)) {
        for (const edit of editsOf(segment, corpus, taken)) if (edit.sure >= SURELY && edit.places.some((place) => inHost(place, corpus)) && shows(picture, segment, edit, corpus) === -1) problems.push({ kind: "unsure", segment, edit, seen: -1 });
        return;
      }
      if (segment.signs.length > 9 && addressed(segment, corpus)) return;
    }
    if (segment.span?.cost && [STATE, OVER, CLOCK].some((one) => one.test(textOf(given)))) segment.span = null;
    if (!segment.span) {
      rest.push({ kind: "loose", segment });
      return;
    }
    const others = [...second, ...first].filter((one) => one !== segment);
    const em = emOf(segment);
    const lost = restOfNumber(segment, corpus).filter((place) => !bornIn([...others, ...reread?.flat() ?? []], segment.box, corpus).has(place));
    if (lost.length) problems.push({ kind: "unsure", segment, edit: { read: "", own: lost.map((place) => corpus.signs[place]).join(""), places: lost } });
    for (const edit of editsOf(segment, corpus, taken)) {
      const heavy = [...edit.read].some((sign) => GRAVEST.has(sign)) || grave(edit.own);
      const agrees = (segments) => {
        const own = bornIn(segments, segment.box, corpus);
        if (edit.places.length) return edit.places.every((place) => own.has(place));
        return segments.some((other) => other.span && meets(other.box, segment.box) && other.span.from <= segment.span.from + 1 && other.span.to >= segment.span.to - 1
          && !editsOf(other, corpus, taken).some(({ read }) => read === edit.read));
      };
      const atEnd = edit.start || edit.end;
      const beside = [segment.signs[edit.from - 1], segment.signs[edit.to]].some((one) => /\d/u.test(one?.sign ?? ""));
      if (!edit.places.length && atEnd && edit.read.length <= LITTLE && (!grave(edit.read) || (BARS.test(edit.raw) && !beside)) && (edit.sure < BAR || imagined(picture, edit, em))) continue;
      if (atEnd && !grave(edit.own) && edit.read.length === 1 && /^[一二三十]$/u.test(edit.read)) continue;
      if (!edit.places.length && !beside && /^[lLIi|!]+$/u.test(edit.raw)) continue;
      let yes = Number(agrees(others));
      if (yes && !heavy) {
        bear(edit);
        continue;
      }
      if (!heavy && edit.places.length && edit.places.every((place) => corpus.drawn.has(place) && Math.min(edit.sure, corpus.drawn.get(place).sure) < DIM)) continue;
      if (!heavy && otherwise(others, segment, edit, corpus, taken)) {
        bear(edit);
        continue;
      }
      const seen = edit.places.length ? shows(picture, segment, edit, corpus) : 0;
      const fewer = heavy && [...edit.read].length < edit.places.length; // what is missing is not looked for beside: a 1 is found anywhere
      const tight = cramped(segment, edit, em, corpus);
      const extra = edit.read.length > edit.places.length && !imagined(picture, { raw: [...edit.raw].slice(edit.places.length).join(""), boxes: edit.boxes.slice(edit.places.length) }, em);
      if (!extra && !tight && !heavy && seen === 0.2 && dims < MOST_DIM) {
        dims += 1;
        bear(edit);
        continue;
      }
      const doubled = edit.read.length === 1 && [segment.signs[edit.from - 1], segment.signs[edit.to]].some((one) => one?.sign === edit.read);
      if (!heavy && !edit.places.length && (doubled || (edit.read.length === 1 && !stands(picture, segment, edit, em)))) continue;
      if (!extra && !tight && !fewer && (seen === 1 || (!heavy && (seen > 0.5 || (seen === 0.4 && (edit.places.length === 1 || (edit.places.length === edit.read.length && edit.sums[0] > edit.sums[1] + ALMOST))))))) {
        bear(edit);
        continue;
      }
      if (!edit.places.length && atEnd && (yes || (edit.read.length <= 2 * LITTLE && imagined(picture, edit, em)))) continue;
      reread ??= await lookAgain(segment);
      yes += reread.filter(agrees).length;
      if (heavy ? yes >= 2 || (yes && seen > 0 && !fewer) : yes >= 1) {
        bear(edit);
        continue;
      }
      const repeated = [second, ...reread].filter((segments) => saysAgain(segments, segment, edit)).length;
      const sure = edit.places.length && edit.read ? seen === -1 || (seen === 0 && edit.sure >= SURELY && edit.sums[1] > edit.sums[0] + 0.5 * CLEARLY * edit.places.length && (heavy || edit.read.length > 1)) : edit.read ? edit.sure >= SURE_OF_MORE && stands(picture, segment, edit, em) : tight && heavy;
      problems.push({ kind: yes === 0 && segment.signs.length > SHORT_LINE && ((sure && repeated) || (seen < 1 && edit.read && edit.sure >= SURE_OF_MORE && repeated >= OFTEN && /^[\d.]+$/u.test(edit.read + edit.own))) ? "other" : "unsure", segment, edit, seen, yes, heavy, repeated });
    }
  };
  for (const given of first) await examine(given);
  const all_ = (frame) => [...problems, ...rest.filter((one) => !passed(one, picture, frame, corpus))];
  return { problems: all_, used, shown, examine };
}

// Whether the picture's rim cuts it; not one that can be read all the same.
const atRim = ({ box }, picture) => box[1] <= EDGE * (box[3] - box[1]) || box[3] >= picture.height - EDGE * (box[3] - box[1]);
function cutOff(segment, picture, { typical }) {
  const { signs, box, span } = segment;
  if (!atRim(segment, picture)) return false;
  const high = (box[3] - box[1]) / typical;
  const sure = sureOf(signs);
  if (!span) return high < CUT || (high < UNCUT && sure < SURE);
  return signs.length <= SHORT_LINE || (high < UNCUT && sure < SURELY);
}

// What words beside the notice are held against: its own lines, how large they are, and its pictures.
function frameOf(used, corpus) {
  const own = used.filter(({ span, twice, signs }) => span && !twice && signs.length > SHORT_LINE);
  return { own, typical: middle(own.map(emOf)), drawn: drawnBoxes(used, corpus) };
}

// Words beside the notice's own that say nothing of it.
function passed({ segment }, picture, { own, typical, drawn }, corpus) {
  const { signs, box } = segment;
  const words = textOf(segment);
  const high = box[3] - box[1];
  const above = own.some((one) => one.box[1] < box[1]);
  const below = own.some((one) => one.box[3] > box[3]);
  const number = above && below && /\d{3}/u.test(words); // a telephone's, a penalty's: no graphics
  const size = Math.min(emOf(segment), Math.max(box[2] - box[0], high) / signs.length);
  const likeness = () => middle(signs.map(({ raw, box: place }) => looksLike(raw, picture, place, size)));
  if (signs.length <= 2 * LITTLE && ![...words].some((sign) => GRAVEST.has(sign)) && drawn.some((one) => within(box, one)) && likeness() < ALIKE) return true;
  if (signs.length <= LITTLE && (![...words].some((sign) => GRAVEST.has(sign)) || BARS.test(words) || high < 0.55 * typical)) return true;
  if (cutOff(segment, picture, corpus)) return true;
  if (size < TINY * typical && !number && likeness() < WELL) return true;
  const sure = sureOf(signs);
  const large = size > LARGER * typical && /\p{Script=Han}{2}/u.test(words);
  if (signs.length <= FEW_SIGNS && !number && !large && sure < GUESSED && likeness() < WELL) return true;
  if (signs.length <= FEW_SIGNS && !number && !large && likeness() < ALIKE) return true;
  if (STATE.test(words) || (!ASKS.test(words) && LEFT.test(words) && likeness() < WELL) || (corpus.over && OVER.test(words)) || (CLOCK.test(words) && (!above || box[3] < HEAD * picture.height))) return true;
  if (signs.length <= FEW_SIGNS && /^[a-z一二三\d]+$/u.test(words) && /[a-z一二三]/u.test(words) && !/\d{3}/u.test(words)) return true;
  if (isNote(words) || DAY.test(words) || (!below && ERASE.test(words))) return true;
  if (!above && box[3] < HEAD * picture.height && MEMBERS.test(segment.raw) && !ASKS.test(words)) return true;
  if (!above && box[3] < ICONS * picture.height && box[0] > RIGHT * picture.width && signs.length <= FEW_SIGNS) return true;
  if (latin(segment) && sure < BAR && likeness() < ALIKE) return true;
  if (!above && box[3] < HEAD * picture.height && signs.length > 4 && latin(segment) && sure < BAR) return true;
  if (above && below && !/^(?:打印|复制|朗读)/u.test(words)) return false;
  if (!/\p{Script=Han}.*\p{Script=Han}|\d{5}/u.test(words) && signs.length < 9 && !ASKS.test(words)) return true;
  return !large && AROUND.some((one) => one.test(words) && (one !== GROUP || box[3] < HEAD * picture.height)) && (isNote(words) || !ASKS.test(words));
}

// Words that were read surely, between those of the notice.
function added({ signs, box }, used) {
  const own = used.filter(({ span, twice }) => span && !twice);
  const inside = own.some((one) => one.signs.length > FEW_SIGNS && one.box[3] < box[1] + (box[3] - box[1]) / 2) && own.some((one) => one.signs.length > FEW_SIGNS && one.box[1] > box[3] - (box[3] - box[1]) / 2);
  const han = signs.filter(({ sign }) => /\p{Script=Han}/u.test(sign)).length;
  return inside && han >= ADDED && sureOf(signs) > SURELY;
}

const nextLine = (one, nth, down) => {
  const em = emOf(one);
  const middle_ = (one.box[1] + one.box[3]) / 2 + down * em;
  return [one.box[0] + nth * em, middle_ - em / 2, one.box[0] + (nth + 1) * em, middle_ + em / 2];
};

// Level numerals that are another one's. The recogniser takes them for strokes, and sees the V of Ⅳ; how many strokes there are is
// seen by laying over them what should stand there.
function otherLevels(picture, used, corpus) {
  const out = [];
  for (const segment of used) {
    for (const [n, place] of segment.span?.pairs ?? []) {
      const own = n >= 0 ? corpus.levels.get(place) : undefined;
      if (!own || segment.signs[n].sign !== corpus.signs[place]) continue;
      const em = emOf(segment);
      const [x, y0, , y1] = segment.signs[n].box;
      const stands = (forms) => forms.some((form) => looksLike(form, picture, [x - em, y0, x, y1], em) >= STROKES);
      const shown = /[VⅣ][^级]?级/iu.test(segment.raw) ? "Ⅳ" : /(?:川|[1Il|]{3})[^级]?级/u.test(segment.raw) ? "Ⅲ" : stands(["Ⅲ", "III"]) ? "Ⅲ" : stands(["Ⅱ", "II"]) ? "Ⅱ" : "Ⅰ";
      if (shown !== own) out.push({ kind: "level", segment });
    }
  }
  return out;
}

// Lines and cells that are the page's own and stand where they do not belong: a number beside another office, a line above the one
// that it follows.
function misplaced(used, corpus) {
  const own = used.filter(({ span, twice, signs }) => span && !twice && span.cost <= WELL_READ * signs.length && corpus.blocks[corpus.block[span.from]].signed);
  const blockOf = ({ span }) => corpus.block[span.from];
  const last = corpus.blocks.findLastIndex(({ core }) => core);
  const below = used.filter(({ span, twice, signs }) => span && !twice && signs.length > FEW_SIGNS && corpus.block[span.from] > last && !corpus.blocks[corpus.block[span.from]].drawn && !corpus.blocks[corpus.block[span.from]].signed);
  const drawn = corpus.blocks.filter((block) => block.drawn).map(({ drawn: one }) => ({ ...one, words: one.signs.map(({ sign }) => sign).join("") }));
  const wordsOfLine = ({ span }) => corpus.signs.slice(span.from, span.to).join("").replaceAll("\n", "");
  const inPicture = (a, b) => drawn.some((one) => one.words.includes(a) && drawn.some((other) => other.picture === one.picture && other.words.includes(b) && level(one.line, other.line)));
  const firm = own.filter((one) => one.fixed && one.signs.length > LITTLE && corpus.blocks[blockOf(one)].core);
  const isRow = (block) => corpus.blocks[block].cells;
  const level = (a, b) => Math.min(a[3], b[3]) - Math.max(a[1], b[1]) > LEVEL * Math.min(a[3] - a[1], b[3] - b[1]);
  const out = below.filter((one) => firm.some(({ box }) => box[1] > one.box[3] && Math.min(box[2], one.box[2]) > Math.max(box[0], one.box[0]))).map((segment) => ({ kind: "moved", segment }));
  for (const one of own.filter(({ signs }) => signs.length > 1)) {
    const wrong = firm.some((other) => {
      if (other === one) return false;
      const [a, b] = [one.box, other.box];
      const [mine, theirs] = [blockOf(one), blockOf(other)];
      if (level(a, b)) {
        if (isRow(theirs) && mine !== theirs) return !corpus.rowOf(theirs).includes(textOf(one)) && !inPicture(wordsOfLine(one), wordsOfLine(other));
        return one.fixed && !one.manifold && mine === theirs && a[2] <= b[0] && one.span.from >= other.span.to;
      }
      const across = Math.min(a[2], b[2]) > Math.max(a[0], b[0]);
      return one.fixed && !one.manifold && !other.manifold && corpus.blocks[mine].core && one.signs.length > SHORT_LINE && across && a[3] <= b[1] + LEVEL * (b[3] - b[1]) && a[1] < b[1] && one.span.from >= other.span.to;
    });
    if (wrong) out.push({ kind: "moved", segment: one });
  }
  return out;
}

// Words of which the page's own sentence is shown around, looked for where they should stand.
export function gapsShown(picture, corpus, { used, shown }) {
  const gaps = gapsOf(corpus, used, shown);
  for (const { places, before, after } of gaps) {
    for (const place of places) {
      if (/[\d.]/u.test(corpus.signs[place])) continue; // a 1 is found anywhere
      const tries = [before, after].filter(Boolean).map((one) => [boxAt(one, place, emOf(one), corpus), emOf(one)]);
      if (before && !after) tries.push(...[1.1, 1.5, 1.9].map((down) => [nextLine(before, places.indexOf(place), down), emOf(before)])); // a last line of few signs
      if (tries.some(([box, em]) => box && looksLike(corpus.signs[place], picture, box, em) >= LOOKS)) shown[place] = 1;
    }
  }
  return gapsOf(corpus, used, shown);
}

// What the picture cuts off: no line of the notice stands above or below one, and the words that are missing fill a line, or the line
// before them is full. Words that were taken out of a line leave a short one.
const beside = (one, rows) => rows.filter(({ box }) => box[2] > one.box[0] && box[0] < one.box[2]);
const goesOn = (one, rows, way) => !beside(one, rows).some(({ box }) => (way < 0 ? box[3] < one.box[1] + 1 : box[1] > one.box[3] - 1));
const edgeOf = (one, rows) => Math.max(one.box[2], ...beside(one, rows).map(({ box }) => box[2]));
const columnOf = (one, rows) => edgeOf(one, rows) - Math.min(one.box[0], ...beside(one, rows).map(({ box }) => box[0]));
const MORE = /…|[.。]{2}$/u; // a card says so that its words go on
const MOSTLY = 0.4; // of a block, from which on it is held to be shown
const FULL = 3; // signs' widths that a full line may be short by
const widthOf = (corpus, from, to) => corpus.at[to] - corpus.at[from] + 1;

// Sentences of which a part is shown, without the rest; and whole ones that are missing (`amid`) between lines of the notice.
function gapsOf(corpus, used, shown) {
  const gaps = [];
  const own = used.filter(({ span, twice }) => span && !twice);
  const rows = own.filter(({ span, signs }) => signs.length > SHORT_LINE && corpus.blocks[corpus.block[span.from]].signed && !corpus.blocks[corpus.block[span.from]].drawn);
  const of = (place) => own.find(({ span }) => span.from <= place && place < span.to);
  for (let from = 0; from < corpus.signs.length;) {
    let to = from;
    while (corpus.signs[to] !== "\n") to += 1;
    const places = Array.from({ length: to - from }, (_, n) => from + n).filter((place) => !corpus.light[place]);
    const { signed, drawn } = corpus.blocks[corpus.block[from]];
    if (signed && !drawn && places.filter((place) => shown[place]).length > MOSTLY * places.length) {
      for (let n = 0; n < places.length; n += 1) {
        if (shown[places[n]]) continue;
        let end = n;
        while (end + 1 < places.length && !shown[places[end + 1]]) end += 1;
        const starts = n === 0 || corpus.stops[places[n] - 1] || corpus.stops[places[n - 1]];
        const stops = end === places.length - 1 || corpus.stops[places[end]];
        const before = n ? of(places[n - 1]) : null;
        const after = end + 1 < places.length ? of(places[end + 1]) : null;
        const top = !before && after && goesOn(after, rows, -1) && (widthOf(corpus, from, places[end]) + FULL) * emOf(after) > columnOf(after, rows);
        const low = !after && before && ((goesOn(before, rows, 1) && before.box[2] > edgeOf(before, rows) - FULL * emOf(before)) || MORE.test(before.raw) || before.raw.endsWith("."));
        const words = places.slice(n, end + 1).map((place) => corpus.signs[place]).join("");
        const apart = [before, after].filter(Boolean);
        const inside = before ? after || !goesOn(before, rows, 1) : after && !goesOn(after, rows, -1);
        const amid = inside && end - n >= SHORT_LINE && !MORE.test(before?.raw ?? "");
        const elsewhere = own.some((one) => textOf(one).startsWith(words) && before && one.box[1] > before.box[1] && one.box[1] < before.box[3] + 2 * emOf(before));
        if (apart.length && before !== after && !apart.every(({ manifold }) => manifold) && !elsewhere && (amid || (!(starts && stops) && !top && !low))) gaps.push({ kind: "gap", words, before, after, places: places.slice(n, end + 1) });
        n = end;
      }
    }
    from = to + 1;
  }
  return gaps;
}

// ---- the whole ----
const LEAST = 10; // signs that are borne out, at least
const [FEW, ENTIRE, SHORT_LINE] = [40, 0.97, 4]; // windows of writing that was not read; of the text that is all of it; signs of a line that proves nothing
const SHARE = 0.12; // of what was read that says something of one notice alone
const OURS = 0.5; // of what was read that stands on the page of a notice from here

// Boxes of the published pictures of which words were read.
function drawnBoxes(used, corpus) {
  const boxes = [];
  const byPicture = new Map();
  for (const { span, signs } of used) {
    for (const [n, place] of span?.pairs ?? []) {
      const drawn = place >= 0 && n >= 0 ? corpus.drawn.get(place) : null;
      if (drawn && drawn.sign === signs[n].sign) byPicture.set(drawn.picture, [...byPicture.get(drawn.picture) ?? [], [drawn.box, signs[n].box]]);
    }
  }
  for (const [drawn, pairs] of byPicture) {
    if (pairs.length < 4) continue;
    const fit = [0, 1].map((axis) => {
      const at = pairs.map(([a, b]) => [(a[axis] + a[axis + 2]) / 2, (b[axis] + b[axis + 2]) / 2]);
      const [ma, mb] = [0, 1].map((n) => at.reduce((sum, one) => sum + one[n], 0) / at.length);
      const [va, ab] = [at.reduce((sum, [a]) => sum + (a - ma) ** 2, 0), at.reduce((sum, [a, b]) => sum + (a - ma) * (b - mb), 0)];
      return { scale: ab / (va || 1), ma, mb, va };
    });
    const scale = fit[0].va > fit[1].va ? fit[0].scale : fit[1].scale;
    const [x, y] = fit.map(({ ma, mb }) => mb - ma * scale);
    boxes.push([x, y, x + drawn.width * scale, y + drawn.height * scale]);
  }
  return boxes;
}

// Whether a code to scan leads to a page of these versions.
function leads({ words }, versions, here) {
  return versions.some((version) => [version.address, ...version.links].some((link) => words === link) || here.some((base) => words === base + version.url));
}

// {result: "whole" | "excerpt" | "differs" | "unsure" | "none", version, problems, codes, left, text}. `versions`: pages as `opened` gives
// them, `bases`: addresses of this site; `seen`: boxes of published pictures that were compared as pictures.
export async function judged(picture, { readings, codes, seen }, versions, bases, say) {
  const text = readings[0].map(({ signs }) => signs.map(([sign]) => sign).join("")).join("\n");
  const count = signsIn(segmentsOf(readings[0]));
  let best = null;
  for (const version of versions) {
    version.blocks ??= wordsOf(version.page);
    const corpus = corpusOf(version.blocks);
    const score = weight(placed(segmentsOf(readings[0]), corpus), corpus) + 20 * codes.filter((code) => leads(code, [version], bases)).length;
    if (!best || score > best.score + 0.5) best = { version, score };
  }
  const none = { result: count >= LEAST ? "none" : "unsure", text, problems: [], changes: [], codes, left: [] };
  if (!best) return codes.length ? { ...none, result: "none" } : none;
  const { version } = best;
  const corpus = corpusOf([...version.blocks, ...await drawnIn(version)]);
  corpus.over = (version.turns ?? "").split(" ").slice(1).some((turn) => Date.parse(turn) <= Date.now());
  const found = await problemsOf(picture, corpus, readings, say);
  const covered = [...found.used.map(({ box }) => box), ...drawnBoxes(found.used, corpus), ...seen];
  const more = await lookedAt(picture, covered, codes);
  const extra = [];
  for (const { before, after } of gapsShown(picture, corpus, found).slice(0, MOST_GAPS)) more.lines.push(...await aroundGap(picture, before, after));
  const again = more.lines.flatMap((lines) => placed(segmentsOf(lines), corpus).segments).filter((one) => one.signs.length);
  again.sort((a, b) => costOf(a) - costOf(b));
  for (const one of again) {
    covered.push(one.box);
    if (cutOff(one, picture, corpus)) continue;
    if (badly(one)) extra.push(one);
    else if (found.used.some(({ box, span }) => span && (meets(box, one.box) || within(one.box, box)))) bearAll(one, corpus, found.shown);
    else await found.examine(one);
  }
  const frame = frameOf(found.used, corpus);
  const loose = extra.filter((one) => !found.used.some(({ box, span }) => meets(box, one.box) || (span && within(one.box, box)))).map((segment) => ({ kind: "loose", segment })).filter((one) => !passed(one, picture, frame, corpus));
  const problemsFound = found.problems(frame);
  for (const one of [...problemsFound, ...loose]) if (one.kind === "loose" && added(one.segment, found.used)) one.kind = "other";
  const all = [...codes, ...more.codes];
  const name = signsOf(version.page.querySelector("meta[property='og:site_name']")?.content ?? "\n").signs.slice(-4).join(""); // beside the site's name its buttons stand in frames
  const bar = found.used.filter(({ span }) => span && corpus.signs.slice(span.from, span.to).join("").endsWith(name));
  const nextToName = (box) => bar.some((one) => box[3] > one.box[1] - 2 * emOf(one) && box[1] < one.box[3] + 2 * emOf(one) && box[3] - box[1] < 4 * emOf(one) && box[2] - box[0] < 6 * emOf(one));
  const left = uncovered(picture, [...covered, ...all.map(({ corners }) => boxOf(corners))]).filter(({ box }) => !nextToName(box));
  const compared = ({ kind, segment, seen: how, edit }) => segment && seen.some((box) => within(segment.box, box)) && how !== -1
    && (kind === "loose" || !edit || edit.places.every((place) => corpus.drawn.has(place))) && !(edit && kind === "other" && edit.sure >= CERTAIN);
  const problems = [...problemsFound, ...misplaced(found.used, corpus), ...otherLevels(picture, found.used, corpus), ...gapsShown(picture, corpus, found), ...loose].filter((one) => !compared(one) && !(one.kind === "loose" && nextToName(one.segment.box) && ![...textOf(one.segment)].some((sign) => GRAVEST.has(sign))));
  for (const code of all) if (!leads(code, versions.filter(({ post }) => post === version.post), bases)) problems.push({ kind: "code", code });
  const turned = readings[0].flatMap(({ signs }) => signs).filter(([sign, box]) => /\p{Script=Han}/u.test(sign) && box[3] - box[1] < 2); // of lines on their side no place is told
  if (turned.length > LITTLE) problems.push({ kind: "turned" });
  const borne = found.used.filter(({ span, signs }) => span && span.cost <= WELL_READ * signs.length && signs.length > SHORT_LINE);
  const ours = signsIn(borne.filter(({ span }) => corpus.blocks[corpus.block[span.from]].signed));
  const [known, read] = [signsIn(borne), signsIn(found.used)];
  const changes = [...new Set(problems.filter(({ kind }) => kind === "other").map(({ segment }) => segment))]
    .map(({ raw, span }) => ({ words: raw, near: span && { raw: issuedAt(span, corpus) } }));
  const rest = { version, problems, changes, codes: all, left, text };
  if (known < OURS * read) return { ...none, ...rest, result: read >= LEAST || (codes.length && !known) ? "none" : "unsure" };
  if (ours < Math.max(LEAST, SHARE * read)) return { ...rest, proven: true, result: known >= LEAST && problems.some(({ kind }) => kind === "code") ? "differs" : "unsure" };
  if (problems.some(({ kind }) => kind === "other" || kind === "code")) return { ...rest, proven: problems.some(({ kind, seen: how }) => kind === "code" || how === -1), result: "differs" };
  if (problems.length || left.reduce((sum, { count: some }) => sum + some, 0) > FEW) return { ...rest, result: "unsure" };
  const body = corpus.signs.map((_, place) => place).filter((place) => corpus.blocks[corpus.block[place]].core && !corpus.light[place]);
  return { ...rest, result: body.length && body.filter((place) => found.shown[place]).length > ENTIRE * body.length ? "whole" : "excerpt" };
}

// What stands after the line before a gap and before the one after it, read by itself.
async function aroundGap(picture, before, after) {
  const out = [];
  for (const [one, low, high] of [[before, 0, 2.2], [after, -2.2, 0]]) {
    if (!one) continue;
    const em = emOf(one);
    const [x0, y0, x1, y1] = one.box;
    const box = [x0 - 3 * em, y0 + low * em - 0.3 * em, x1 + 3 * em, y1 + high * em + 0.3 * em];
    out.push(await linesIn(picture, [Math.max(0, box[0]), Math.max(0, box[1]), Math.min(picture.width, box[2]), Math.min(picture.height, box[3])], Math.min(3, 40 / em), { mode: 6, method: 0 }));
  }
  return out;
}

// What a recogniser reads in the published pictures of a version.
async function drawnIn(version) {
  const card = new URL("assets/card.png", root); // what chats draw beside a notice without pictures
  version.drawn ??= await Promise.all([...version.pictures.map(({ src }) => new URL(src, version.address)), card].map(async (address) => {
    const answer = await fetch(address, { cache: "force-cache" });
    if (!answer.ok) return [];
    const picture = await createImageBitmap(await answer.blob());
    const readings = [];
    for (const [method, scale] of [[0, 1], [2, 1], [0, 1.6]]) readings.push(...drawnBlocks(segmentsOf(await linesIn(picture, [0, 0, picture.width, picture.height], scale, { method })), picture, address !== card));
    return readings;
  }));
  return version.drawn.flat();
}

// What a picture says. `compared`: what `askPicture` made of it; `say(words)` while it takes time.
export async function readPicture(file, compared, bases, say) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const whole = [0, 0, picture.width, picture.height];
  say("正在读取图中文字，可能要等一分钟……");
  const readings = [];
  for (const method of [0, 2]) readings.push(await linesIn(picture, whole, 1, { method }));
  const scale = Math.min(1, Math.max(1600 / Math.max(picture.width, picture.height), 900 / picture.width));
  const codes = await codesIn(picture, whole, scale);
  const words = readings.flat().map(({ signs }) => signs.map(([sign]) => sign).join("")).join("\n");
  const pages = [...compared.versions.map(({ url }) => url), ...codes.flatMap(({ words: code }) => bases.filter((base) => code.startsWith(base)).map((base) => code.slice(base.length)))];
  const versions = await versionsFor(words, pages.filter((url) => /^posts\/\d{4}\/[^/]+\/$/u.test(url)));
  say("正在与原文对照……");
  const seen = ["whole", "excerpt", "within"].includes(compared.result) ? [compared.box] : [];
  return judged(picture, { readings, codes, seen }, versions, bases, (nth) => nth % 10 === 1 && say(`正在再看第 ${nth} 行……`));
}
