// The answer to a text: what of it was issued, what is told apart, what makes it another (docs/decisions/0134, 0139).
import {
  NOTE, composed, escaped, inLines, isClaim, isOfApp, isRemark, isSent, marksOf, passedOver, ticksAlone, wide,
  withoutSpeaker,
} from "./authenticity_said.js";
import { explained, fold, hasText, isEdge, isOwn, says, sentencesOf, skipped } from "./authenticity_text.js";

// ---- what is nearest to words that were not issued ----
const PAIRS = new WeakMap(); // those of each sentence are asked for by every piece of a text

function pairsOf(flat) {
  if (!PAIRS.has(flat)) PAIRS.set(flat, new Set(flat.slice(1).map((sign, n) => flat[n] + sign)));
  return PAIRS.get(flat);
}

function likeness(one, other) {
  const [a, b] = [pairsOf(one), pairsOf(other)];
  let both = 0;
  for (const pair of a) both += b.has(pair);
  return both / (Math.min(a.size, b.size) * 0.5 + Math.max(a.size, b.size) * 0.5 || 1);
}

function nearest(words, versions) {
  const { flat } = fold(words.replace(/[#＃][^#＃\n]+[#＃]/gu, "")); // what it is filed under is no sentence
  const han = [...pairsOf(flat)].filter((pair) => /^\p{Script=Han}{2}$/u.test(pair));
  let best = { like: 0 };
  for (const version of versions) {
    version.sentences.forEach((sentence, n) => {
      if (sentence.led || (!version.list && (sentence.frame || sentence.free))) return;
      const other = Math.max(0, ...sentence.others.map((one) => likeness(flat, one.flat)));
      if (other > best.like) best = { like: other, version, raw: sentence.raw };
      for (const more of [0, 1]) {
        const next = more && !version.sentences[n + 1]?.frame && version.sentences[n + 1];
        if (more && (!next || flat.length < sentence.flat.length * 1.3)) continue;
        const like = likeness(flat, next ? [...sentence.flat, ...next.flat] : sentence.flat);
        const isDate = han.length && !han.some((pair) => pairsOf(sentence.flat).has(pair)); // that they share alone
        if (like <= best.like || isDate) continue;
        best = { like, version, raw: next ? sentence.raw + next.raw : sentence.raw };
      }
    });
  }
  return best;
}

// [words, changed] of both texts, side by side.
export function difference(before, after) {
  const [a, b] = [Array.from(before).slice(0, 800), Array.from(after).slice(0, 800)];
  const [plainA, plainB] = [a.map(wide), b.map(wide)]; // once, not for each pair
  const width = b.length + 1;
  const table = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const here = i * width + j;
      table[here] =
        plainA[i] === plainB[j] ? table[here + width + 1] + 1 : Math.max(table[here + width], table[here + 1]);
    }
  }
  const [left, right] = [[], []];
  const add = (list, sign, changed) => {
    if (list.at(-1)?.[1] === changed) list.at(-1)[0] += sign;
    else list.push([sign, changed]);
  };
  for (let [i, j] = [0, 0]; i < a.length || j < b.length;) {
    const here = i * width + j;
    if (i < a.length && j < b.length && plainA[i] === plainB[j]) {
      add(left, a[i++], false);
      add(right, b[j++], false);
    } else if (j >= b.length || (i < a.length && table[here + width] >= table[here + 1])) add(left, a[i++], true);
    else add(right, b[j++], true);
  }
  return [left, right];
}

// ---- the answer ----
export const LONGEST = 12000; // signs of a text that is looked at
const LEAST_LETTERS = 6;
const LEAST_HEAD = 3; // letters of a line that sheets repeat
// Signs of an issued sentence that makes a text one of that notice, where the rest is new, and where that is this much:
// any bureau asks for pardon.
const [ANCHOR, FIRM, MUCH] = [8, 12, 60];
const CALM = 20; // signs of words in the line of a sentence that are told apart where they claim nothing
// From here on words are taken for a changed sentence; a line that sheets repeat; a line of so many letters among others.
const [LIKE, LIKELY, ALIKE, LETTERS] = [0.5, 0.6, 0.7, 8];

const HOUR = /^[\s\p{P}]*\d{1,2}[:：]\d\d[\s\p{P}]*$/u;
// A remark in the line of a sentence speaks of passing it on: 老人， would say whom the sentence is for, 收到后 when.
const PASSED = /^(?!.*(?:(?<![到发转说])的|[后人]|孩子)[\s\p{P}]*$).*(?:[转看说谢好知收]|分享|注意|提醒|扩散|核实|真的|辛苦|麻烦)/u;

// `versions`: {post, sentences, known, links, tags …}, the newest of a post first. → {result, parts, notes}. result:
// "short" | "none" | "withdrawn" | "differs" | "joined" (parts of several notices) | "beside" (issued, and other words
// told apart) | "several" (one after the other) | "excerpt" | "whole".
export function compare(words, versions, names) {
  const given = inLines(words);
  const asked = judged(given, versions, names);
  if (isFound(asked)) return asked;
  const { text, heads } = withoutHeads(given, versions);
  const other = heads.length ? judged(text, versions, names) : asked;
  if (!isFound(other)) return asked;
  const parts = [...other.parts, ...heads.filter(({ own }) => !own).map(({ words }) => ({ words, near: null }))];
  return { ...other, parts, result: parts.length > other.parts.length ? "beside" : other.result };
}

// Whether a line claims nothing; few words may turn those beside them.
const lettersIn = (line) => line.match(/\p{L}/gu)?.length ?? 0;
const isIdle = (line) => !isClaim(line) && !turns(line);
// Whether words turn what stands beside them: few that deny, or some that say of it that it holds no more, or not for all.
const turns = (words) => words.split(/[\n。！？；!?;]/u).some((line) => (
  (lettersIn(line) <= SHORT && TURNS.test(line)) || limits(line)));
const limits = (line) => VOIDS.test(line) || EXCEPTS.test(line);
const TURNS = /(?<![级特类个区分性告])别|[不勿禁莫无非未免除仅只误错旧废谣假反]/u;
const VOIDS = /(?:以[上下]|上[述面文]|下[列述面文]|[前后]面|[本此该这][条段项些]).{0,10}(?:[废旧假谣错误]|无效|失效|取消|停止|不[算准真实对再用必]|除外|例外|相反|勿信|别信)/u;
const EXCEPTS = /除外|例外|不(?:包)?[含括]|不在此[列限]|不受此/u; // whom or what it leaves out
const SHORT = 6;
const isHead = (shape) => lettersIn(shape) >= LEAST_HEAD && isIdle(shape);
const isFound = ({ result }) => ["whole", "several", "excerpt", "beside"].includes(result);

// A text without the lines that a print repeats on its sheets, or a film before its words, which may part a sentence:
// they are the same but for figures, claim nothing, and are listed. A title (`own`) is kept where it stands first.
function withoutHeads(given, versions) {
  const shapeOf = (line) => line.replace(/[\d一二三四五六七八九十]+/gu, "").replace(/\s+/gu, " ").trim();
  const flatOf = (words) => fold(words).flat.join("");
  const cores = new Set();
  const titles = new Set();
  for (const { sentences } of versions) for (const { flat, core } of sentences) (core ? cores : titles).add(flat.join(""));
  const lines = given.split("\n");
  const counts = new Map();
  for (const line of lines) counts.set(shapeOf(line), (counts.get(shapeOf(line)) ?? 0) + 1);
  const heads = new Map();
  const kept = lines.filter((line) => {
    const [shape, flat] = [shapeOf(line), flatOf(line)];
    if (!flat || cores.has(flat) || !(SHEET.test(line.trim()) || (counts.get(shape) > 1 && isHead(shape)))) return true;
    const own = titles.has(flat);
    if (!own && nearest(line, versions).like >= LIKELY) return true;
    const fresh = own && !heads.has(flat);
    heads.set(flat, { words: line, own });
    return fresh;
  });
  return { text: kept.join("\n"), heads: kept.length < lines.length ? [...heads.values()] : [] };
}

function judged(given, versions, names) {
  const all = (name) => versions.flatMap((version) => version[name] ?? []);
  const text = given.replace(/([~～]{2})(?=\S)([^~～]*)\1/gu, "<del>$2</del>"); // struck out, as where this is how it is written
  const isRefuted = versions.some(({ refuting }) => refuting);
  const skip = passedOver(text, [...new Set(all("links"))], all("tags"));
  const folded = fold(text, skip, !isRefuted && ticksAlone(text));
  if (folded.flat.filter((sign) => /[\p{L}\d]/u.test(sign)).length < LEAST_LETTERS)
    return { result: "short", parts: [], notes: [] };
  const marks = isRefuted ? { ends: [], start: () => undefined } : marksOf(text);
  for (const end of marks.ends) folded.bound[folded.at.findIndex((place) => place >= end)] = true;
  const found = explained(folded, 0, folded.flat.length, versions);
  const [first, last] = boundsOf(found);
  const known = found.flatMap(({ version }) => version?.known ?? []);
  const [isApp, isName, notes] = [isOfApp([...names, ...known]), composed(names.map(escaped)), []];
  const isQuoted = first >= 0 && isInQuotes(found[first], found[last], folded);
  const parts = found.flatMap((part, n) => {
    if (part.version && isNext(part, folded)) return [];
    if (part.version) return [{ ...part, words: wordsOf(part, folded), cited: isCited(part, folded) }];
    const mark = marks.start(folded.at[part.to - 1]) ?? marks.start(folded.at[part.to - 2]);
    const to = mark === undefined ? part.to : folded.at.findIndex((at) => at >= mark);
    if (to <= part.from) return [];
    const place = { begins: isQuoted && n === last + 1, ends: isQuoted && n === first - 1, names };
    return described({ ...part, to }, folded, versions, place, (words, whole) => {
      const isInside = n > first && n < last;
      if (whole && isApp(words)) return !isInside || !HOUR.test(words); // an hour alone may say when
      if (n === last + 1 && isTail(words, isApp)) return true;
      if (!/\p{L}/u.test(words)) return false;
      const left = withoutSpeaker(words);
      if (!whole && (!left || isName.test(words))) return true;
      if (isInside) return false;
      const said = (isRemark(left) && (whole || PASSED.test(left))) || (whole && left.length <= 30 && NOTE.test(left));
      if (said) notes.push(words);
      return said;
    });
  });
  return { result: resultOf(parts), parts, notes };
}

// Whether words behind the last sentence are an app's alone, with the letters that it takes for icons; no word of them
// says when.
const isTail = (words, isApp) => /^[\s\p{P}]*\p{L}[\s\p{P}\p{L}]*$/u.test(words) && !/[今刚]/u.test(words)
  && isApp(words.replace(/(?<![A-Za-z])[A-Za-z](?![A-Za-z])/gu, ""));

// Where the notice begins and ends among parts: at sentences of it, where it has some, for a title stands alone.
function boundsOf(parts) {
  const isText = (part) => hasText(part) || says(part);
  const isIt = [isText, isOwn].find((one) => parts.some(one)) ?? (({ version }) => version);
  return [parts.findIndex(isIt), parts.findLastIndex(isIt)];
}

function wordsOf({ from, to }, { at, raw, skip }) {
  const [start, end] = [at[from], to < at.length ? at[to] : raw.length];
  return raw.slice(start, end).split("").filter((_, n) => !skip?.[start + n]).join("");
}

// Whether a sender put what was issued into quotes: what he says stands before and after them.
function isInQuotes(one, other, { raw, at }) {
  const before = raw.slice((at[one.from - 1] ?? -1) + 1, at[one.from]);
  const after = raw.slice(at[other.to - 1] + 1, at[other.to] ?? raw.length);
  return /[“「『"]\s*$/u.test(before) && !/^[“「『"]/u.test(sentencesOf(one)[0].raw)
    && /^[\p{P}\s]*?[”」』"]/u.test(after) && !/[”」』"]$/u.test(sentencesOf(other).at(-1).raw);
}

// Whether a run is a title that a sender names.
const isCited = (run, { raw, at }) => run.first === run.last && run.version.title === sentencesOf(run)[0].raw
  && raw[at[run.from] - 1] === "《" && /^.[》]/u.test(raw.slice(at[run.to - 1]));

// Whether a run is a title that a page leads to, before or after its notice.
const isNext = (run, { raw, at }) => run.first === run.last && run.version.title === sentencesOf(run)[0].raw
  && /[上下]一[篇条][\s:：]*$/u.test(raw.slice(Math.max(0, at[run.from] - 9), at[run.from]));

function holds(words) {
  const { flat, rest } = fold(words);
  return Boolean(flat.length || rest);
}

// Words that were not issued, in pieces; `isNone(words, whole)`: whether a line, or a piece of one, says nothing.
// `begins`, `ends`: whether they stand in lines of their own, or claim nothing in that of what they quote; so `place`
// says, and what stands around it.
function described(part, folded, versions, place, isNone) {
  const from = skipped(folded.flat, part.from);
  const before = folded.raw.slice((folded.at[part.from - 1] ?? -1) + 1, folded.at[from]);
  const lines = (/[#＃（([]?$/u.exec(before)[0] + wordsOf({ ...part, from }, folded)).split("\n");
  const end = lines.length - 1;
  const source = new RegExp(`(?<=[:：]\\s*)(?:${place.names.map(escaped).join("|")})(?=\\s|$)`, "u"); // it is true that they say it
  const [begins, ends] = [isEdge(folded, part.from), isEdge(folded, part.to)];
  const left = lines.map((line, n) => {
    const whole = (n > 0 || begins) && (n < end || ends);
    return holds(line) && !isNone(line.trim(), whole) ? line.replace(source, "") : "";
  });
  const isCalm = (line, quotes) => !line || (line.length <= CALM && quotes.test(line) && (isSent(line.trim()) || !isClaim(line)));
  const words = left.join("\n");
  const pieces = words.match(/[^。！？；!?;]+(?:[。！？；!?;]+[”’」』）)】]*)?/gu) ?? [words];
  const parts = pieces.filter(holds).map((piece) => {
    const near = nearest(piece, versions);
    const lines = near.like < LIKE ? piece.split("\n").filter((line) => lettersIn(line) > LETTERS) : [];
    const line = lines.map((one) => nearest(one, versions)).find(({ like }) => like >= ALIKE);
    return { words: piece, near: near.like >= LIKE ? near : line ?? null };
  }).filter((one) => one.near || !isNone(one.words.trim(), false));
  if (!parts.length) return [];
  parts[0].begins = begins || place.begins || isCalm(left[0] && before + left[0], /^[\s\p{P}]*?[”」（(]/u);
  parts.at(-1).ends = ends || place.ends || isCalm(left[end], /(?:[:：]|[“「])\s*$/u);
  for (const one of parts) one.claims = one.words.split("\n").some((line) => (
    holds(line) && (limits(line) || (!isOfFrame(line) && !isIdle(line)))));
  const isWhole = parts[0].begins && parts.at(-1).ends;
  const isChat = isWhole && left.every((line) => !line || isOfFrame(line));
  for (const one of parts) one.isChat = isChat;
  return parts;
}

// Whether a line says no more than who said something when, or which sheet or line it is.
const isOfFrame = (line) => isSent(line) || SHEET.test(line.trim());
const SHEET = /^(?:[\p{P}\s]*\d){1,4}[\p{P}\s]*$|^[\p{P}\s]*第\s*\d{1,3}\s*页[\p{P}\s]*(?:[共/]\s*\d{1,3}\s*页)?[\p{P}\s]*$|^[\d/.-]{6,10}\s+\d{1,2}:\d\d$|^(?:\d\d:\d\d(?::\d\d)?(?:[.,]\d{1,3})?[\p{P}\s>]*){2}$/u;

// Whether a run says something of a notice, not only of how its page is made.
const isOfNotice = (run) => isOwn(run) && sentencesOf(run).some(({ free, raw }) => !free || raw === run.version.title || WITHDRAWN.test(raw));
const WITHDRAWN = /^本条内容已于.*撤回/u;

function resultOf(parts) {
  const runs = parts.filter(({ version }) => version);
  const rest = parts.filter(({ version }) => !version);
  const size = (list) => list.reduce((sum, { words }) => sum + words.length, 0);
  const least = size(rest) > MUCH ? FIRM : rest.length ? ANCHOR : LEAST_LETTERS;
  const isList = entriesOf(parts).length > 1;
  if (!isList && !runs.some((run) => sentencesOf(run).some(({ flat, frame }) => !frame && flat.length >= least))) {
    return size(parts.filter(({ near }) => near)) * 2 >= size(parts) && parts.length ? "differs" : "none";
  }
  const own = runs.filter(isOfNotice);
  const saysSo = own.some((run) => run.version.gone && sentencesOf(run).some(({ raw }) => WITHDRAWN.test(raw)));
  if (!saysSo && own.some(({ version }) => version.gone)) return rest.some(({ near }) => near) ? "differs" : "withdrawn";
  if (rest.length && !areBeside(parts)) return "differs";
  if (parts.some(isDayAlone)) return "differs";
  const posts = [...new Set((own.length ? own : runs.filter(isOwn)).map(({ version }) => version.post))];
  const wholes = posts.map((post) => wholeness(runs.filter(({ version }) => version.post === post)));
  if (wholes.includes("turned")) return "differs";
  if (posts.length > 1 && !wholes.every((one) => one === "whole") && !areParted(parts)) return "joined";
  if (rest.length) return "beside";
  return posts.length > 1 || isList ? "several" : wholes[0];
}

// Whether what a text has of a page that lists notices breaks off at a day, so that it stands over another title.
function isDayAlone({ version, last }, n, parts) {
  const next = parts.slice(n + 1).find((part) => part.version);
  const isDay = version?.list && /^(?:\d{4}年)?\d{1,2}月\d{1,2}日(?:周.)?$/u.test(version.sentences[last].raw);
  return isDay && next && !version.sentences.slice(last + 1, last + 4).some(({ raw }) => raw === sentencesOf(next)[0].raw);
}

// Notices that a text names as a page of the site does: [address, title].
export const entriesOf = (parts) => [...new Map(parts.filter(({ version }) => version?.list).flatMap(sentencesOf)
  .filter(({ frame }) => frame.entry).map(({ frame, raw }) => [frame.entry, raw]))];

// Whether what was not issued is like no sentence, stands in lines of its own, and between two sentences turns neither.
function areBeside(parts) {
  const [first, last] = boundsOf(parts);
  const isApart = (part, n) => [[parts[n - 1], part.begins], [parts[n + 1], part.ends]].every(([beside, isEnd]) => (
    !beside?.version || !isOfNotice(beside) || isEnd || (beside.cited && !isClaim(part.words))));
  return parts.every((part, n) => (
    part.version || (!part.near && isApart(part, n) && (n < first || n > last || !turns(part.words)))));
}

// Whether parts hold one notice after the other, each with sentences of its own: what is of the next begins with its title,
// or with a heading of it below lines of the sender's.
function areParted(parts) {
  const posts = [...new Set(parts.flatMap(({ version }) => version?.post ?? []))];
  const held = posts.map((post) => parts.flatMap(({ version }, n) => (version?.post === post ? [n] : [])));
  return held.every((own, at) => {
    const runs = own.map((n) => parts[n]);
    const [first] = sentencesOf(runs[0]);
    const gap = parts[own[0] - 1];
    const isTitle = runs[0].version.title?.startsWith(first.raw);
    const isLed = !gap?.version && gap && (gap.isChat || !first.core);
    return runs.some(says) && (!at || (own[0] > held[at - 1].at(-1) && (isTitle || isLed)));
  });
}

// Whether a sentence of a notice counts for the order: what stands between its first words and its last.
function orderOf(sentences) {
  const [first, last] = [sentences.findIndex(({ core }) => core), sentences.findLastIndex(({ core }) => core)];
  return (n) => sentences[n].core || (n > first && n < last && !sentences[n].twice);
}

// Numbers of the sentences that runs hold.
const numbersIn = (runs) => runs.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, n) => first + n));

const asks = ({ raw }) => /[？?]$/u.test(raw);

// Sentences that are missing between two of the same paragraph, or between a heading or a question and what stands
// under the next.
export function leftOut(runs) {
  const { sentences } = runs[0].version;
  return chainsOf(runs).flatMap((held) => held.slice(1).flatMap((n, at) => {
    const [before, missing] = [sentences[held[at]], sentences.slice(held[at] + 1, n).filter(({ twice }) => !twice)];
    const isOther = (one) => (before.core ? asks(before) && asks(one) : !one.core);
    return sentences[n].block === before.block || (sentences[n].core && missing.some(isOther)) ? missing : [];
  }));
}

// Numbers of the sentences that count for the order, as often as a text goes through them from the first on.
function chainsOf(runs) {
  const chains = [];
  for (const n of numbersIn(runs).filter(orderOf(runs[0].version.sentences))) {
    if (n > chains.at(-1)?.at(-1)) chains.at(-1).push(n);
    else chains.push([n]);
  }
  return chains;
}

// Whether a text says a notice over again, or some of it, before it or after it: a loudspeaker does, and who points out
// a sentence.
function isAgain(chains, sentences) {
  const most = chains.reduce((a, b) => (b.length > a.length ? b : a));
  const leads = (n) => !sentences[n].core || asks(sentences[n]); // what follows would stand under it
  return chains.every((chain) => chain.every((n) => most.includes(n)))
    && chains.slice(0, -1).every((chain) => !leads(chain.at(-1)))
    && (chains.length === 2 || chains.every(({ length }) => length === most.length));
}

// Whether sentences are questions with all that answers them, which may stand in any order.
const isAnswered = (sentences) => (chain) => {
  const next = sentences[chain.at(-1) + 1];
  return asks(sentences[chain[0]]) && (!next?.core || asks(next));
};

// Whether runs of one post are all of it, an excerpt, or stand in another order.
export function wholeness(runs) {
  const { sentences } = runs[0].version;
  if (runs.some(({ version }) => version !== runs[0].version)) return "turned"; // of two versions
  const all = numbersIn(runs);
  const chains = chainsOf(runs);
  if (chains.length > 1 && !isAgain(chains, sentences) && !chains.every(isAnswered(sentences))) return "turned";
  if (leftOut(runs).length) return "turned";
  const words = ({ flat }) => flat.join("");
  const said = new Set(all.map((n) => words(sentences[n]))); // what to do stands in a warning's box and in its text
  const core = sentences.filter((one) => one.core);
  return core.length && core.every((one) => said.has(words(one))) ? "whole" : "excerpt";
}
