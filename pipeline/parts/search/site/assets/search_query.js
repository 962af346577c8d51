// What a query asks for: its terms as they were typed, its days, and its notions. A notion is a word
// with the forms in which a post may hold it: as it was typed, in other words, as it was meant.
import lexicon, { COMMON } from "./search_words.js";
import { blurred, simplified, soundOf } from "./search_sounds.js";
import { SPACE, normalise, pairs, squeeze } from "./search_text.js";

const GRAMS = 8; // lists read at most for what stands literally, whatever its length
const WAYS = 6; // to say one query
const CUTS = 3; // of letters into sounds
const NOTIONS = 10; // of one query
const LONGEST = 8; // signs of a word that may be misspelt
const LETTERS = 6; // of pinyin that may be misspelt
const SPOKEN = 4; // sounds of a word that the index is asked for
const LIKE = 4; // words that a sound may be, at most
// How much a form counts beside the word itself.
export const [OTHERWISE, ALIKE, MISSPELT, PART] = [0.8, 0.75, 0.6, 0.45];
const [SIGN, BRIDGE] = [0.3, 0.5]; // weight of a sign alone, and of two beside one another
const ASKING = new RegExp("怎么办|怎么样|怎么回事|怎么|怎样|咋办|咋整|咋个|咋|如何|为什么|为啥|什么时候|什么样|" +
  "什么意思|什么|在哪里|在哪儿|哪里|哪儿|在哪|哪些|哪个|哪一|有没有|能不能|可不可以|是不是|要不要|会不会|该不该|行不行|让不让|" +
  "对不对|有什么用|可以|请问|想问|问一下|我想|多少|应该|需要|有关|关于|多久|几个|告诉我|一下|吗|呢|吧|啊|呀|嘛|啥|的", "gu");
const STOP = new Set(("了 着 过 地 得 是 在 有 和 与 及 或 我 你 他 她 它 我们 你们 他们 咱们 咱 大家 自己 人家 这 那 这个 那个 " +
  "这些 那些 这里 那里 哪 谁 都 也 又 还 就 才 只 再 很 太 更 最 把 被 给 让 叫 对 为 从 到 向 往 于 以 用 来 去 上 下 里 中 " +
  "内 外 前 后 时 时候 要 想 会 能 该 不 没 没有 别 不要 不能 到底 究竟 一个 一 个 只要 如果 要是 因为 所以 但是 而且 然后 " +
  "之 其 等 已经 正在 现在 今天 今年 明年 去年 最近 到时候 一直 真的 知道 觉得 听说 看到 东西 事情 事 情况 问题 方面 进行 可能 或者 以及 以后 之后 " +
  "之前 以前 家 说 讲 做 弄 搞 办 找 看 见 请 跟 比 几 么 嘞 哦 哈 起来 出来 下来 过来 回来 一样 有点 比较 非常 特别 应 " +
  "注意 相关 内容 信息 方法 办法 什么 ").split(" ").filter(Boolean));
const FORMS = [
  /(?:(\d{4})年)?(\d{1,2})月份?(?:(\d{1,2})[日号]?)?/gu,
  /(\d{4})[\-/.](\d{1,2})(?:[\-/.](\d{1,2}))?/gu,
  /(?<![\d\-/.])()(\d{1,2})[\-/.](\d{1,2})(?![\d\-/.%万])/gu,
  /(?<!\d)(20\d{2})([01]\d)([0-3]\d)(?!\d)/gu,
];
const BETWEEN = /[\p{P}\p{S}\p{Z}]+/u;
const HAN = /^\p{Script=Han}+$/u;
const INDEX_NUMBER = /(?:^|\/)(\d{4}-\d{4}-[^/]+)$/u; // 索引号, the organisation's code before it or not
const SOUND = new RegExp("^(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|" +
  "uan|ai|an|ao|ei|en|er|ia|ie|in|iu|ou|ua|ue|ui|un|uo|a|e|i|o|u)$", "u");

// ---- words that are taken for the same ----
const groups = lexicon.split("\n").map((line) => line.split(" ").filter(Boolean)).filter((line) => line.length);
const groupOf = new Map();
let longest = 0;
for (const group of groups) {
  for (const word of group) {
    groupOf.set(word, group);
    longest = Math.max(longest, word.length);
  }
}
let spoken, lettered; // sounds → words, first letters → words: made when they are wanted
const soundsOf = (word) => Array.from(word, soundOf);
const blur = (sounds) => sounds.map(blurred).join(" ");
function wordsBy(key) {
  const words = new Map();
  for (const word of groupOf.keys()) {
    const sounds = soundsOf(word);
    if (word.length < 2 || !sounds.every(Boolean)) continue;
    const said = key(sounds);
    if (words.has(said)) words.get(said).push(word);
    else words.set(said, [word]);
  }
  return words;
}
const bySound = () => (spoken ??= wordsBy(blur));
const byInitials = () => (lettered ??= wordsBy((sounds) => sounds.map(([one]) => one).join("")));

export const keyOf = (field, value) => `\t${field}=${value}\t`;

// ---- days and numbers ----
const DIGITS = "零一二三四五六七八九";
const TENS = { 十: 10, 百: 100, 千: 1000 };
function value(word) {
  if (/^[零〇一二三四五六七八九]{2,}$/u.test(word)) {
    return Number(Array.from(word.replace(/〇/gu, "零"), (sign) => DIGITS.indexOf(sign)).join(""));
  }
  const [thousands, rest] = word.includes("万") ? word.split("万") : ["", word];
  let [sum, digit] = [0, 0];
  for (const sign of rest) {
    if (TENS[sign]) [sum, digit] = [sum + (digit || 1) * TENS[sign], 0];
    else digit = Math.max(DIGITS.indexOf(sign === "两" ? "二" : sign), 0);
  }
  return (thousands ? value(thousands) * 10000 : 0) + sum + digit;
}
const NUMERAL = /[零〇一二两三四五六七八九十百千万]+(?=[月日号年级条只个家人箱处名万米度项起所座次亿])/gu;
const DATE = /(?<=\d月)[一二三四五六七八九十]{1,3}(?!\p{Script=Han})/gu; // 十月二十二
const arabic = (text) => text.replace(/i{1,3}v?级/gu, (word) => `${["i级", "ii级", "iii级", "iv级"].indexOf(word) + 1 || word}级`)
  .replace(NUMERAL, (word) => String(value(word))).replace(DATE, (word) => String(value(word)));

// Days and months of a text, however they are written, as the index writes them: 2026-11-05,
// 11-05, 2026-11 or 11.
const isDay = (numbers) => numbers.slice(-2).every((n, at) => Number(n) && Number(n) <= (at ? 31 : 12)) || numbers.length === 1
  || numbers[0].length === 4;
const found = (form, text) => Array.from(text.matchAll(form), ([whole, ...numbers]) => (
  { whole, numbers: numbers.filter(Boolean).map((each) => each.padStart(2, "0")) })).filter(({ numbers }) => isDay(numbers));
const daysIn = (text) => FORMS.flatMap((form) => found(form, text));

function dayNotion({ numbers, whole }) {
  const [month, date] = numbers.slice(-2).map(Number);
  const text = numbers.length === 1 ? `${month}月` : numbers[0].length > 2 && numbers.length < 3 ? "" : `${month}月${date}日`;
  return { text: whole, weight: numbers.length > 1 ? 2 : 0.7, forms: [{ keys: [keyOf("day", numbers.join("-"))], day: numbers.join("-"), quality: 1 },
    ...(text ? [literal(text, ALIKE)] : [])] };
}

// A number as it may be written: 16000 and 1.6万.
const numbersLike = (text) => {
  const [, digits, rest] = /^(\d+(?:\.\d+)?万?)(.*)$/u.exec(text) ?? [];
  if (!digits) return [];
  const plain = digits.endsWith("万") ? parseFloat(digits) * 10000 : Number(digits);
  const short = plain >= 10000 ? [`${plain / 10000}万`] : [];
  return [String(plain), ...short].filter((each) => each !== digits).map((each) => each + rest);
};

// ---- notions ----
let segmenter; // loads a dictionary: made when it is wanted
function segments(text) {
  if (Array.from(text).length < 2) return [text];
  if (!Intl.Segmenter) return text.match(/\p{Script=Han}{1,2}|[^\p{Script=Han}]+/gu) ?? [];
  segmenter ??= new Intl.Segmenter("zh", { granularity: "word" });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

// Whether a text is a word of the segmenter's dictionary: who typed one meant it, whatever sounds the same.
const isWord = (text) => Boolean(Intl.Segmenter) && segments(text).length === 1;

const literal = (text, quality = 1) => ({ text, quality });
const grouped = (word, quality) => {
  const group = groupOf.get(word);
  return { words: group, keys: [keyOf("group", group[0])], quality };
};

// Whether a place is amid a number: 12345 is no word of 1234567.
const inNumber = (text, at) => /^\d\d$/u.test(text.slice(Math.max(0, at - 1), at + 1));

// Words of the lexicon from left to right, the longest first, and what stands between them.
function lexical(text) {
  const pieces = [];
  let rest = "";
  for (let at = 0; at < text.length;) {
    let size = Math.min(longest, text.length - at);
    while (size > 1 && (!groupOf.has(text.slice(at, at + size)) || inNumber(text, at) || inNumber(text, at + size))) size -= 1;
    if (size > 1) {
      if (rest) pieces.push({ rest });
      rest = "";
      pieces.push({ word: text.slice(at, at + size) });
    } else {
      rest += text[at];
    }
    at += size;
  }
  return rest ? [...pieces, { rest }] : pieces;
}

const PARTICLE = /^.[了着过的]$/u;
// Words of the lexicon for which a stretch that is no word itself may be a slip: of the same sounds, or
// with one sign wrong, left out or put in.
function meant(stretch, known) {
  const sounds = soundsOf(stretch);
  const alike = sounds.every(Boolean) ? bySound().get(blur(sounds)) ?? [] : [];
  if (known || (alike.length && PARTICLE.test(stretch))) return []; // 冒烟|了 is no slip for 淹了
  if (alike.length || stretch.length < 4) return alike.map((word) => ({ word, quality: ALIKE }));
  return Array.from(groupOf.keys()).filter((word) => word.length > 3 && HAN.test(word) && isSlip(stretch, word))
    .map((word) => ({ word, quality: MISSPELT }));
}

function isSlip(one, other) {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  if (long.length - short.length > 1 || (short.length < long.length && short.length < 3)) return false;
  let head = 0;
  while (head < short.length && short[head] === long[head]) head += 1;
  let tail = 0;
  while (tail < short.length - head && short.at(-1 - tail) === long.at(-1 - tail)) tail += 1;
  return long.length - head - tail <= 1 || (short.length === long.length && long.length - head - tail === 2
    && one[head] === other[head + 1] && one[head + 1] === other[head]);
}

const stretches = (text, most, least = 2) => {
  const made = [];
  for (let size = Math.min(most, text.length); size >= least; size -= 1) {
    for (let at = 0; at + size <= text.length; at += 1) made.push({ at, text: text.slice(at, at + size) });
  }
  return made;
};

// Slips in a text, the longest first, none over another.
function slips(text) {
  const taken = new Set();
  const pieces = Intl.Segmenter ? segments(text) : Array.from(text), known = new Set(pieces);
  const bounds = new Set([0]);
  pieces.reduce((at, piece) => bounds.add(at + piece.length) && at + piece.length, 0);
  return stretches(text, LONGEST).flatMap(({ at, text: stretch }) => {
    const torn = !bounds.has(at) || !bounds.has(at + stretch.length); // 量|子纠|缠 is no slip for 自救
    const words = HAN.test(stretch) && !torn ? meant(stretch, known.has(stretch)) : [];
    const places = Array.from(stretch, (_, offset) => at + offset);
    if (!words.length || places.some((place) => taken.has(place))) return [];
    places.forEach((place) => taken.add(place));
    return [{ stretch, words }];
  });
}

// Notions of what is no word of the lexicon: its segments; where a sign stands alone, the pairs
// with its neighbours.
function plainNotions(text) {
  const words = segments(text).filter((each) => !BETWEEN.test(each));
  const made = [];
  words.forEach((word, at) => {
    if (STOP.has(word)) return;
    const [one] = word, before = words[at - 1];
    const single = Array.from(word).length === 1;
    if (before && !STOP.has(before) && (single || Array.from(before).length === 1)) {
      const pair = Array.from(before).at(-1) + one;
      made.push({ text: pair, weight: BRIDGE, torn: !single || pair[0] !== before, forms: [literal(pair)] });
    }
    if (single && groupOf.has(word)) made.push({ text: word, weight: 1, forms: [grouped(word, OTHERWISE), literal(word, words.length === 1 ? 1 : 0.4)] });
    else if (single && HAN.test(word)) made.push({ text: word, weight: SIGN, forms: [literal(word)] });
    else if (!single) {
      const parts = Array.from(word).length > 2 && HAN.test(word) ? pairs(word).map((pair) => literal(pair, PART)) : [];
      made.push({ text: word, weight: 1, forms: [literal(word), ...numbersLike(word).map((each) => literal(each)), ...parts] });
    }
  });
  return made;
}

function hanNotions(text) {
  return lexical(text).flatMap(({ word, rest }) => {
    if (word) return [{ text: word, weight: 1, forms: [literal(word), grouped(word, OTHERWISE)] }];
    const made = slips(rest).map(({ stretch, words }) => ({ text: stretch, weight: 1,
      forms: words.slice(0, 3).flatMap(({ word: right, quality }) => [literal(right, quality), grouped(right, quality * OTHERWISE)]) }));
    // Two signs that are all there is and no word: what they are a slip for counts, not their pair.
    return [...made, ...plainNotions(rest).filter(({ text: own, weight }) => weight >= 1 || own !== rest || !made.length)];
  });
}

// Latin letters without tones, `ü` as `u`, and a vowel that was hit twice once: no sound has two alike.
const letters = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/v/gu, "u").replace(/([aeiou])\1+/gu, "$1")
  .replace(/(?<=[a-z])[1-5]/gu, "").replace(/['’·-]/gu, "");
const isLatin = (term) => /^[a-z]{2,}$/u.test(letters(term));
const singular = (word) => [word, word.replace(/s$/u, ""), word.replace(/(?:ing|es|ed)$/u, "")].filter((each) => each.length > 1);

// The ways to cut letters into sounds, the longest first.
function cuts(text) {
  const made = [];
  const dead = new Set();
  const walk = (at, sounds) => {
    if (at === text.length) made.push(sounds);
    if (dead.has(at) || made.length >= CUTS) return;
    const before = made.length;
    for (let end = Math.min(at + 6, text.length); end > at; end -= 1) {
      if (SOUND.test(text.slice(at, end))) walk(end, [...sounds, text.slice(at, end)]);
    }
    if (made.length === before) dead.add(at);
  };
  walk(0, []);
  return made;
}

// Words that sound as letters say, told by `ask(field, value)` of those of the index; where none do,
// those of the lexicon that are spelt so but for one letter.
async function heard(text, ask) {
  const readings = await Promise.all(cuts(text).filter((sounds) => sounds.length > 1).map((sounds) => reading(sounds, ask)));
  const best = readings.sort((one, other) => other.worth - one.worth)[0];
  if (best?.worth) return best;
  const like = text.length < LETTERS ? [] : Array.from(bySound().values()).flat().filter((word) => isSlip(text, soundsOf(word).join("")));
  return { worth: like.length, notions: like.length ? [spelt(text, like.map((word) => ({ word, quality: MISSPELT })))] : [] };
}

// What is half typed in letters, spelt through: 地zhen as dizhen.
const MIXED = /^(?=.*[a-z]{2})(?=.*\p{Script=Han})[a-z\p{Script=Han}]+$/u;
const isMixed = (term) => MIXED.test(term) && !lexical(term).some(({ word }) => /[a-z]/u.test(word ?? ""));
async function mixedNotions(term, ask) {
  const { worth, notions } = await heard(Array.from(term, (sign) => (HAN.test(sign) ? soundOf(sign) : sign)).join("").slice(0, 60), ask);
  return worth ? notions : hanNotions(term);
}

async function reading(sounds, ask) {
  const words = new Map();
  await Promise.all(stretches(sounds, 6).map(async ({ at, text: part }) => {
    const exact = part.join(" ");
    const key = blur(part);
    const listed = part.length <= SPOKEN ? await ask("said", key.replaceAll(" ", "")) : [];
    const known = [...bySound().get(key) ?? [], ...listed];
    const like = [...new Set(known)].filter((word) => word.length === part.length)
      .map((word) => ({ word, quality: soundsOf(word).join(" ") === exact ? 1 : MISSPELT }))
      .sort((one, other) => other.quality - one.quality).slice(0, LIKE);
    if (like.length) words.set(`${at} ${part.length}`, like);
  }));
  const best = [{ worth: 0, notions: [] }]; // of the sounds before each place
  for (let end = 1; end <= sounds.length; end += 1) {
    best[end] = best[end - 1];
    for (let at = 0; at < end; at += 1) {
      const like = words.get(`${at} ${end - at}`);
      const worth = best[at].worth + (like ? (end - at) ** 2 * like[0].quality : 0);
      if (like && worth > best[end].worth) {
        best[end] = { worth, notions: [...best[at].notions, spelt(sounds.slice(at, end).join(""), like)] };
      }
    }
  }
  const last = best.at(-1);
  return { worth: last.worth / sounds.length, notions: last.notions };
}

const spelt = (text, like) => ({ text, weight: 1, forms: like.flatMap(({ word, quality }) => [
  literal(word, quality), ...(groupOf.has(word) ? [grouped(word, quality * OTHERWISE)] : [])]).slice(0, 2 * LIKE) });

// Words of these first letters; where there are none, those of its halves. Nearly any two letters begin
// some word: halves mean something only where their words stand close in a post (`run`). A key
// that was held down means nothing.
async function initialled(text, ask) {
  if (/^(.)\1+$/u.test(text)) return [];
  const halves = await halved(text, ask);
  const run = halves.length > 1 ? new RegExp(halves.map(({ words }) => `(?:${words.join("|")})`).join("\\p{Script=Han}{0,3}"), "u") : null;
  return halves.map(({ text: letters, words }) => (
    { ...spelt(letters, words.map((word, at) => ({ word, quality: 0.95 ** at }))), run }));
}

async function halved(text, ask) {
  const words = [...new Set([...await ask("initials", text), ...byInitials().get(text) ?? []])];
  if (words.length) return [{ text, words }];
  for (let at = 2; at <= text.length - 2; at += 1) {
    const halves = [await halved(text.slice(0, at), ask), await halved(text.slice(at), ask)];
    if (halves.every((half) => half.length)) return halves.flat();
  }
  return [];
}

async function latinNotions(terms, ask) {
  const whole = squeeze(terms.join(""));
  const english = [whole, ...terms].flatMap((term) => {
    const word = singular(term).find((each) => groupOf.has(each));
    return word ? [{ text: term, weight: 1, forms: [grouped(word, 1), { text: term, keys: [keyOf("word", term)], quality: 1 }] }] : [];
  });
  if (english.length) return english;
  const listed = (await Promise.all(terms.flatMap(singular).map(async (word) => (
    (await ask("word", word)).length ? [{ text: word, weight: 1, forms: [{ text: word, keys: [keyOf("word", word)], quality: 1 }] }] : [])))).flat();
  if (listed.length) return listed;
  const text = letters(terms.join("")).slice(0, 60);
  const { worth, notions } = await heard(text, ask);
  if (worth) return notions;
  const parts = await Promise.all(terms.map(async (term) => {
    const one = letters(term).slice(0, 60);
    const own = await heard(one, ask);
    return own.worth || one.length > 8 ? own : { notions: await initialled(one, ask) };
  }));
  // Nearly any two letters begin some word: beside what means nothing they mean nothing either.
  const strange = parts.some(({ notions: own }) => !own.length);
  return Object.assign(parts.flatMap(({ worth: sound, notions: own }) => (sound || !strange ? own : [])), { strange });
}

// Words of the index that sound as stretches of a word which no post holds.
export async function respelt(notion, ask) {
  if (notion.torn || isWord(notion.text)) return; // 护照 is no slip for 护罩
  const sounds = soundsOf(notion.text);
  const known = sounds.every(Boolean) ? await ask("said", sounds.map(blurred).join("")) : [];
  const others = known.filter((word) => word.length === notion.text.length && word !== notion.text);
  notion.forms.push(...others.slice(0, 3).map((word) => literal(word, ALIKE)));
}

// ---- the whole query ----

// One way to say a query: texts that a post holds all of, and days one of whose forms is its own.
function wording(terms, days = []) {
  const rounds = [[], []]; // pairs that cover the terms, then the pairs between those
  for (const term of terms) {
    if (Array.from(term).length === 1 && HAN.test(term)) rounds[0].push(keyOf("sign", term));
    pairs(term).forEach((pair, at, all) => rounds[at % 2 && at + 1 < all.length ? 1 : 0].push(pair));
  }
  const grams = [...new Set(rounds.flat())].slice(0, GRAMS);
  const exact = terms.length <= GRAMS && terms.every((term) => Array.from(term).length < 3);
  return { terms, days, grams, exact };
}

// Every choice of one from each list, few of many.
const combined = (lists) => lists.reduce((made, list) => (
  made.flatMap((one) => list.map((next) => [...one, next])).slice(0, WAYS)), [[]]);

// A term, or if it is a day, that and as posts write it.
function asDay(term) {
  const text = arabic(term);
  const form = FORMS.find((each) => text.replace(each, "") === "" && found(each, text).length);
  if (!form) return [{ text: term }];
  const { forms } = dayNotion(found(form, text)[0]);
  return [{ text: term }, { text: "", days: [forms[0].day] }, ...forms.slice(1)];
}

// Terms parted by white space must all occur; signs alone stand together as one term.
export async function understand(typed) {
  const written = normalise(typed);
  const words = (await simplified(written)).split(SPACE).filter(Boolean);
  const long = words.filter((word) => Array.from(word).length > 1);
  const terms = long.length ? [...new Set(words)] : [words.join("")];
  const said = combined(terms.map(asDay));
  const ways = said.map((way) => wording(way.map(({ text }) => text).filter(Boolean), way.flatMap(({ days }) => days ?? [])));
  const numbers = terms.filter((term) => INDEX_NUMBER.test(term));
  const latin = terms.filter(isLatin);
  const mixed = terms.filter((term) => isMixed(arabic(term)));
  const text = arabic(terms.filter((term) => ![latin, mixed, numbers].some((apart) => apart.includes(term))).join(" "));
  const days = daysIn(text);
  const rest = days.reduce((left, { whole }) => left.replace(whole, " "), text).replace(ASKING, " ");
  const notions = [...days.map(dayNotion), ...rest.split(BETWEEN).filter(Boolean).flatMap(hanNotions)];
  return { terms, typed: written.split(SPACE).filter(Boolean), ways, latin, mixed, numbers, notions: unique(notions), grams: ways[0].grams, exact: ways.every((way) => way.exact),
    spoken: latin.length === terms.length, marks: [] };
}

const common = new Set(COMMON.split(/\s/u));
// Whether a notion says what one wants and not of what: 登记, 地点.
export const isCommon = ({ text }) => common.has(text);

const unique = (notions) => [...new Map(notions.map((notion) => [notion.text, notion])).values()].slice(0, NOTIONS);

// The notions of a query with those of its Latin letters, as `ask(field, value)` tells.
export async function completed(ask, words) {
  const latin = ask.latin.length ? await latinNotions(ask.latin, words) : [];
  const mixed = await Promise.all(ask.mixed.map((term) => mixedNotions(term, words)));
  ask.notions = unique([...ask.notions, ...latin, ...mixed.flat()]);
  ask.strange = Boolean(latin.strange); // a word of it means nothing: no post holds all of it
}

export const numberKey = (term) => keyOf("number", INDEX_NUMBER.exec(term)[1]);
