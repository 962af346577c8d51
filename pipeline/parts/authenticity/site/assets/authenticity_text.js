// A text against what was issued: folded, matched sentence by sentence, and where it differs.
//
// Folded are spaces, line breaks, marks that part words, full width, emoji at the ends of lines and the words that
// platforms put around a text. Never folded is what a forger changes: figures and what stands between them, letters,
// addresses, names, words of any kind (docs/decisions/0079).
import {
  HAN, NOTE, TAG, composed, escaped, isClaim, isOfApp, isRemark, isSent, marksOf, passedOver, wide, withoutSpeaker,
} from "./authenticity_said.js";

const ZERO = /[\u00ad\u200b-\u200d\u2060\ufe0e\ufe0f\ufeff]/u;
const DASH = /[-‐-―−~〜～]/u;
const MARK = /[\s\u20e3|`●■◆▶►▪★☆※\p{P}]/u; // parts words and is dropped, but for KEPT and what stands between figures
const KEPT = /[?%‰@&\\§*]/u;
const ALNUM = /[0-9A-Za-z]/u;
const CLASSES = [[/\s/u, " "], [/[,，、;；]/u, ","], [/\./u, "."], [/:/u, ":"], [/_/u, "_"], [/\//u, "/"]];
const LOOSE = new Set([" ", "|", ",", ".", ":", "-", "/"]); // between two sentences
const END = /[。！？；!?;]+[”’」』）)】]*/gu;

const classOf = (sign) => CLASSES.find(([those]) => those.test(sign))?.[1] ?? "|";

// Signs that are compared, and for each where it stood; `skip`: those that are passed over.
export function fold(raw, skip) {
  const [flat, at, bound] = [[], [], []];
  let [between, dash, fresh, index] = ["", "", true, 0];
  for (const one of raw) {
    const from = index;
    index += one.length;
    if (ZERO.test(one) || skip?.[from]) continue;
    const sign = wide(one);
    if (DASH.test(sign)) {
      if (flat.length && !fresh) dash = "-";
      else if (/\d/u.test(wide(raw[index] ?? ""))) dash = "-";
      continue;
    }
    if (MARK.test(sign) && !KEPT.test(sign)) {
      const kind = classOf(sign);
      if (!between || between === " ") between = kind;
      if (/[\n。！!；;]/u.test(sign)) fresh = true;
      continue;
    }
    const last = flat.at(-1) ?? "";
    const inside = dash || (between && ALNUM.test(last) && ALNUM.test(sign) && between);
    if (inside) {
      flat.push(inside);
      at.push(from);
      bound.push(false);
    }
    flat.push(sign);
    at.push(from);
    bound.push(fresh);
    [between, dash, fresh] = ["", "", sign === "?"];
  }
  return { flat, at, bound, raw, skip };
}

// ---- what was issued ---- `blocks`: [words, core, number, frame?, led?] in their order: `core` counts towards the
// whole, `number` is that of an item of a list, `led` words count only behind those that lead to them, `frame`
// {zone: "before" | "within" | "after", title, cell} of what stands on the page around the notice, or in it and is no part
// of it.
export function issued(blocks) {
  const seen = new Map();
  return blocks.flatMap(([words, core, number, frame, led], block) => {
    const ends = [...words.matchAll(END)].map((end) => end.index + end[0].length);
    const cuts = [0, ...ends, words.length];
    return cuts.slice(1).map((to, n) => {
      const raw = words.slice(cuts[n], to).trim();
      const { flat } = fold(raw.replace(TAG, ""));
      return { raw, flat, core, number: n ? 0 : number, block, frame, led: led || frame?.title };
    });
  }).filter((one) => {
    const [key, { core, frame }] = [one.flat.join(""), one];
    const fresh = key && (core || frame || !seen.has(key));
    if (!fresh && key) seen.get(key).twice = true; // it has no place of its own
    if (fresh && !frame) seen.set(key, one);
    return fresh;
  });
}

const skipped = (flat, at) => {
  let p = at;
  while (LOOSE.has(flat[p])) p += 1;
  return p;
};

// Where the sentence ends that begins at `from`; -1 where it is another. A blank between figures may be a broken
// line's.
function same(flat, from, sentence) {
  let p = from;
  for (const sign of sentence) {
    if (flat[p] === sign || ((sign === " " || sign === "|") && LOOSE.has(flat[p]))) p += 1;
    else if (flat[p] === " " && flat[p + 1] === sign) p += 2;
    else return -1;
  }
  return p;
}

const CIRCLED = "⓪①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳";

function matched(flat, from, { flat: sentence, number }) {
  const plain = same(flat, from, sentence);
  if (plain >= 0 || !number) return plain;
  const digits = same(flat, from, `${number}`);
  const after = flat[from] === CIRCLED[number] || flat[from] === HAN[number] ? from + 1 : digits;
  const next = skipped(flat, after);
  const parted =
    next > after || flat[from] === CIRCLED[number] || flat[from] === HAN[number] || !ALNUM.test(sentence[0]);
  return after > 0 && parted ? same(flat, next, sentence) : -1;
}

// ---- one version against a stretch of the text ----
const LEAST = 6; // signs of a sentence that may begin in the middle of a line
const STATES = /[谣效废期]|解除|取消|更正|预警|演[示练]/u; // which no single word of a page may say of a notice
const [FRAMES, FRAME] = [3, 10]; // sentences or signs of a page around a notice: 辟谣 alone is no part of a copy

// Whether a line of the text begins at `from`, and whether one ends before it. What stands around a notice counts as
// whole lines, in the order of the page: in a line with other words it may say anything.
const isEdge = ({ raw, at }, from) => !from || from >= at.length || /[\n\t]/u.test(raw.slice(at[from - 1], at[from]));

// Where sentences from `n` on end that follow each other in the text: [to, last of them]; undefined where not even the
// first is there.
function followed({ flat }, from, end, sentences, n) {
  let found;
  for (let [to, next] = [from, n]; sentences[next] && !sentences[next].frame === !sentences[n].frame; next += 1) {
    to = matched(flat, next === n ? from : skipped(flat, to), sentences[next]);
    if (to < 0 || to > end) break;
    found = [to, next];
  }
  return found;
}

function runsOf(folded, begin, end, version, framed) {
  const { flat, bound } = folded;
  const { sentences } = version;
  const starts = new Map();
  sentences.forEach(({ flat: [first], number, frame, led }, n) => {
    if (led || (frame && !framed)) return;
    const firsts = number ? [first, `${number}`[0], CIRCLED[number], HAN[number]] : [first];
    for (const one of new Set(firsts)) starts.set(one, [...starts.get(one) ?? [], n]);
  });
  const runs = [];
  let [p, last, exact, begun, edge] = [begin, -1, true, false, -1]; // `edge`: the last cell of the frame
  const stands = ({ frame, flat: { length } }, n, from) => (frame
    ? (!frame.cell || n > edge) && (exact || isEdge(folded, from)) && (!begun || frame.zone !== "before")
    : exact || bound[from] || length >= LEAST);
  const rankOf = ({ core, frame }, n) => (frame ? -1 : core ? 2 * (n > last) : 1);
  while (p < end) {
    const from = exact || p === begin ? skipped(flat, p) : p;
    if (from >= end) break;
    let best;
    for (const n of starts.get(flat[from]) ?? []) {
      const found = stands(sentences[n], n, from) && followed(folded, from, end, sentences, n);
      if (!found) continue;
      const [to, until] = found;
      const rank = rankOf(sentences[n], n);
      const better = !best || to > best.to || (to === best.to && rank > best.rank);
      if (better) best = { from, to, first: n, last: until, version, rank };
    }
    if (best) {
      runs.push(best);
      [p, exact, begun] = [best.to, true, begun || isOwn(best)];
      if (isOwn(best)) last = best.last;
      else if (sentences[best.last].frame.cell) edge = best.last;
    } else {
      [p, exact] = [from + 1, false];
    }
  }
  return wholeLines(runs, folded);
}

// Whether a run holds words of the notice itself, none that stand on the page around it; whether some are of its text.
const isOwn = ({ version, first }) => Boolean(version) && !version.sentences[first].frame;
const sentencesOf = ({ version, first, last }) => version.sentences.slice(first, last + 1);
const hasText = (run) => isOwn(run) && sentencesOf(run).some(({ core }) => core);

// Runs without those of a page's frame that share a line with other words, or are too little of it: there they may say
// anything.
function wholeLines(runs, folded) {
  const touches = (one, other) => one && other && skipped(folded.flat, one.to) === other.from;
  const chains = [];
  runs.forEach((run, n) => {
    const goesOn = touches(runs[n - 1], run);
    if (!isOwn(run) && goesOn && !isOwn(runs[n - 1])) chains.at(-1).runs.push(run);
    else chains.push({ runs: [run], begins: goesOn || isEdge(folded, run.from) });
    chains.at(-1).ends = touches(run, runs[n + 1]) || isEdge(folded, run.to);
  });
  const texts = runs.filter(hasText);
  const [start, end] = [texts[0]?.from ?? Infinity, texts.at(-1)?.from ?? 0];
  const zoneOf = ({ version, first }) => version.sentences[first].frame.zone;
  const isMuch = (run) => (
    run.last - run.first + 1 >= FRAMES || run.to - run.from >= FRAME || zoneOf(run) === "within");
  const isPart = (run) => isMuch(run) || run.last > run.first || !STATES.test(sentencesOf(run)[0].raw);
  const isAmid = (run) => zoneOf(run) === "after" && run.from > start && run.from < end;
  const isCopied = ({ runs: some, begins, ends }) => (
    begins && ends && some.some(isMuch) && some.every(isPart) && !some.some(isAmid));
  return chains.filter((chain) => isOwn(chain.runs[0]) || isCopied(chain)).flatMap((chain) => chain.runs);
}

const covered = (runs) => runs.reduce((sum, { from, to }) => sum + to - from, 0);

// The stretch as runs of issued sentences and gaps between them: the version that explains most of it first, others in
// what is left.
function explained(folded, begin, end, versions, framed = true) {
  const tries = versions.map((version) => ({ version, runs: runsOf(folded, begin, end, version, framed) }));
  const best = tries.reduce((a, b) => (covered(b.runs) > covered(a.runs) ? b : a), { runs: [] });
  if (!best.runs.length) return skipped(folded.flat, begin) < end ? [{ from: begin, to: end }] : [];
  const others = versions.filter((version) => version !== best.version);
  const parts = [];
  let p = begin;
  for (const run of [...best.runs, { from: end, to: end }]) {
    if (p < run.from) parts.push(...explained(folded, p, run.from, others, false));
    if (run.version) parts.push(run);
    p = run.to;
  }
  return parts;
}

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
  const { flat } = fold(words);
  const han = [...pairsOf(flat)].filter((pair) => /^\p{Script=Han}{2}$/u.test(pair));
  let best = { like: 0 };
  for (const version of versions) {
    version.sentences.forEach((sentence, n) => {
      if (sentence.frame || sentence.led) return;
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
const ANCHOR = 8; // signs of an issued sentence that makes a text one of that notice, where the rest is new
const CALM = 20; // signs of words in the line of a sentence that are told apart where they claim nothing
const LIKE = 0.5; // from here on a sentence is taken for a changed one

// A remark in the line of a sentence speaks of passing it on: 老人， would say whom the sentence is for, 收到后 when.
const PASSED = /^(?!.*(?:(?<![到发转说])的|[后人]|孩子)[\s\p{P}]*$).*(?:[转看说谢好知收]|分享|注意|提醒|扩散|核实|真的|辛苦|麻烦)/u;

// `versions`: {post, sentences, known, links, tags …}, the newest of a post first. → {result, parts, notes}. result:
// "short" | "none" | "withdrawn" | "differs" | "joined" (parts of several notices) | "beside" (issued, and other words
// before or after) | "several" (whole ones) | "excerpt" | "whole".
export function compare(given, versions, names) {
  const all = (name) => versions.flatMap((version) => version[name] ?? []);
  const text = given.replace(/\/\/@/gu, "\n@") // who passed it on speaks in a line of his own
    .replace(/([~～]{2})(?=\S)([^~～]*)\1/gu, "<del>$2</del>"); // struck out, as where this is how it is written
  const folded = fold(text, passedOver(text, [...new Set(all("links"))], all("tags")));
  if (folded.flat.filter((sign) => /[\p{L}\d]/u.test(sign)).length < LEAST_LETTERS)
    return { result: "short", parts: [], notes: [] };
  const marks = versions.some(({ refuting }) => refuting) ? { ends: [], start: () => undefined } : marksOf(text);
  for (const end of marks.ends) folded.bound[folded.at.findIndex((place) => place >= end)] = true;
  const found = explained(folded, 0, folded.flat.length, versions);
  const [first, last] = boundsOf(found);
  const known = found.flatMap(({ version }) => version?.known ?? []);
  const [isApp, isName, notes] = [isOfApp([...names, ...known]), composed(names.map(escaped)), []];
  const parts = found.flatMap((part, n) => {
    if (part.version) return [{ ...part, words: wordsOf(part, folded) }];
    const mark = marks.start(folded.at[part.to - 1]);
    const to = mark === undefined ? part.to : folded.at.findIndex((at) => at >= mark);
    if (to <= part.from) return [];
    return described({ ...part, to }, folded, versions, (words, whole) => {
      if (whole && isApp(words)) return true;
      if (!/\p{L}/u.test(words)) return false;
      const left = withoutSpeaker(words);
      if (!whole && (!left || isName.test(words))) return true;
      if (n > first && n < last) return false;
      const said = (isRemark(left) && (whole || PASSED.test(left))) || (whole && left.length <= 30 && NOTE.test(left));
      if (said) notes.push(words);
      return said;
    });
  });
  const once = withoutAgain(parts);
  return { result: resultOf(once), parts: once, notes };
}

// Parts without what is said a second time at the end: a loudspeaker says a notice twice.
function withoutAgain(parts) {
  const said = parts.filter(isOwn).flatMap((part) => (
    sentencesOf(part).filter(({ core }) => core).map((one) => [one, part])));
  const isAgain = (count) => (
    said.slice(-count).every(([sentence], n) => sentence === said[said.length - 2 * count + n][0]));
  for (let count = Math.floor(said.length / 2); count > 1; count -= 1) {
    if (!isAgain(count)) continue;
    const kept = new Set(said.slice(0, -count).map(([, part]) => part));
    const again = new Set(said.slice(-count).map(([, part]) => part).filter((part) => !kept.has(part)));
    return parts.filter((part) => !again.has(part));
  }
  return parts;
}

// Where the notice begins and ends among parts: at words of its text, where it has some, for a title stands alone.
function boundsOf(parts) {
  const isIt = parts.some(hasText) ? hasText : isOwn;
  return [parts.findIndex(isIt), parts.findLastIndex(isIt)];
}

function wordsOf({ from, to }, { at, raw, skip }) {
  const [start, end] = [at[from], to < at.length ? at[to] : raw.length];
  return raw.slice(start, end).split("").filter((_, n) => !skip?.[start + n]).join("");
}

// Words that were not issued, in pieces; `isNone(words, whole)`: whether a line, or a piece of one, says nothing.
// `begins`, `ends`: whether they stand in lines of their own, or claim nothing in that of what they quote.
function described(part, folded, versions, isNone) {
  const lines = wordsOf({ ...part, from: skipped(folded.flat, part.from) }, folded).split("\n");
  const end = lines.length - 1;
  const [begins, ends] = [isEdge(folded, part.from), isEdge(folded, part.to)];
  const left = lines.map((line, n) => {
    const whole = (n > 0 || begins) && (n < end || ends);
    return fold(line).flat.length && !isNone(line.trim(), whole) ? line : "";
  });
  const isCalm = (line, quotes) => !line || (line.length <= CALM && quotes.test(line) && !isClaim(line));
  const words = left.join("\n");
  const pieces = words.match(/[^。！？；!?;]+(?:[。！？；!?;]+[”’」』）)】]*)?/gu) ?? [words];
  const parts = pieces.filter((piece) => fold(piece).flat.length).map((piece) => {
    const near = nearest(piece, versions);
    return { words: piece, near: near.like >= LIKE ? near : null };
  }).filter((one) => one.near || !isNone(one.words.trim(), false));
  if (!parts.length) return [];
  const isChat = begins && ends && left.every((line) => !line || isSent(line)); // somebody says what follows
  for (const one of parts) one.isChat = isChat;
  const before = folded.raw.slice((folded.at[part.from - 1] ?? -1) + 1, folded.at[part.from]);
  parts[0].begins = begins || isCalm(left[0] && before + left[0], /^[\s\p{P}]*?[”」（(]/u);
  parts.at(-1).ends = ends || isCalm(left[end], /(?:[:：]|[“「])\s*$/u);
  return parts;
}

function resultOf(parts) {
  const runs = parts.filter(({ version }) => version);
  const gaps = parts.length - runs.length;
  const least = gaps ? ANCHOR : LEAST_LETTERS;
  if (!runs.some((run) => sentencesOf(run).some(({ flat, frame }) => !frame && flat.length >= least))) {
    const size = (list) => list.reduce((sum, { words }) => sum + words.length, 0);
    return size(parts.filter(({ near }) => near)) * 2 >= size(parts) && parts.length ? "differs" : "none";
  }
  if (runs.some(({ version }) => version.gone)) return "withdrawn";
  if (gaps && !areBeside(parts)) return "differs";
  const posts = [...new Set(runs.map(({ version }) => version.post))];
  const wholes = posts.map((post) => wholeness(runs.filter(({ version }) => version.post === post)));
  if (wholes.includes("turned")) return "differs";
  if (posts.length > 1 && !wholes.every((one) => one === "whole")) return "joined";
  if (gaps) return "beside";
  return posts.length > 1 ? "several" : wholes[0];
}

// Whether what was not issued stands before the first sentence that was or after the last, in lines of its own, and is
// like none.
function areBeside(parts) {
  const [first, last] = boundsOf(parts);
  return parts.every(({ version, near, isChat }, n) => version || (!near && (isChat || n < first || n > last)))
    && (!first || parts[first - 1].version || parts[first - 1].ends)
    && (last === parts.length - 1 || parts[last + 1].version || parts[last + 1].begins);
}

// Whether a sentence of a notice counts for the order: what stands between its first words and its last.
function orderOf(sentences) {
  const [first, last] = [sentences.findIndex(({ core }) => core), sentences.findLastIndex(({ core }) => core)];
  return (n) => sentences[n].core || (n > first && n < last && !sentences[n].twice);
}

// Numbers of the sentences that runs hold.
const numbersIn = (runs) => runs.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, n) => first + n));

// Sentences that are missing between two of the same paragraph, or between a heading or a question and what stands
// under the next.
export function leftOut(runs) {
  const { sentences } = runs[0].version;
  const held = numbersIn(runs).filter(orderOf(sentences));
  const asks = ({ raw }) => /[？?]$/u.test(raw);
  return held.slice(1).flatMap((n, at) => {
    const [before, missing] = [sentences[held[at]], sentences.slice(held[at] + 1, n)];
    const isOther = (one) => (before.core ? asks(before) && asks(one) : !one.core);
    return sentences[n].block === before.block || (sentences[n].core && missing.some(isOther)) ? missing : [];
  });
}

// Whether runs of one post are all of it, an excerpt, or stand in another order.
export function wholeness(runs) {
  const { sentences } = runs[0].version;
  if (runs.some(({ version }) => version !== runs[0].version)) return "turned"; // of two versions
  const all = numbersIn(runs);
  const held = all.filter(orderOf(sentences));
  if (held.some((n, at) => at && n <= held[at - 1])) return "turned";
  if (leftOut(runs).length) return "turned";
  const words = ({ flat }) => flat.join("");
  const said = new Set(all.map((n) => words(sentences[n]))); // what to do stands in a warning's box and in its text
  const core = sentences.filter((one) => one.core);
  return core.length && core.every((one) => said.has(words(one))) ? "whole" : "excerpt";
}
