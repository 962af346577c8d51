// A text against what was issued: folded, matched sentence by sentence, and where it differs.
//
// Folded are spaces, line breaks, marks that part words, full width, emoji at the ends of lines and the words that
// platforms put around a text. Never folded is what a forger changes: figures and what stands between them, letters,
// addresses, names, words of any kind (docs/decisions/0079).
import { CROSS, FORBIDS, HAN, TAG, speaks, wide } from "./authenticity_said.js";

const ZERO = /[\u00ad\u200b-\u200e\u2060-\u2064\ufe0e\ufe0f\ufeff]/u;
const DASH = /[-‐-―−~〜～]/u;
// Parts words and is dropped wherever it stands: what is no letter, no figure and says nothing.
const MARK = /[\s\u20e3|`\p{P}\p{Z}\p{Cc}\p{Co}\p{So}\p{Sk}]/u;
const KEPT = /[?%‰@&\\§*^°℀-⅏Ⓐ-ⓩ⠁-⣿㈀-㏿➕➖➗🟰🀀-🃿]/u; // says something, as those that `speaks` tells
// Says something but where a mark stands in what was issued: an arrow instead of a comma, a tick before an item.
const ARROW = /[←-⇿➔➘-➾⟰-⟿⤀-⥿⬀-⬑▲△▼▽📈📉🔼🔽]/u;
const TICK = /[✅☑✔✓√]/u;
const RING = /[○◯]/u; // a nought among figures
const FIGURE = /[\d零〇一二三四五六七八九十百]/u;
const ALNUM = /[0-9A-Za-z]/u;
const CLASSES = [[/\s/u, " "], [/[,，、;；]/u, ","], [/\./u, "."], [/:/u, ":"], [/_/u, "_"], [/\//u, "/"]];
const LOOSE = new Set([" ", "|", ",", ".", ":", "-", "/"]); // between two sentences
const END = /[。！？；!?;]+[”’」』）)】]*/gu;

const classOf = (sign) => CLASSES.find(([those]) => those.test(sign))?.[1] ?? "|";

// How a sign counts: "mark", "soft" (see ARROW), or "sign". `before`, `after`: what it stands between.
function kindOf(sign, before, after, fresh, ticks) {
  if (TICK.test(sign)) return ticks && !(sign === "✅" && !after) ? "soft" : "sign";
  if (RING.test(sign)) return FIGURE.test(before) || FIGURE.test(after) ? "sign" : "mark";
  if (ARROW.test(sign)) return /\d/u.test(before) || (!fresh && /\d/u.test(after)) ? "sign" : "soft";
  return MARK.test(sign) && !KEPT.test(sign) && !speaks(sign) ? "mark" : "sign";
}

// Signs that are compared, and for each where it stood; `skip`: those that are passed over; `ticks`: whether ticks say
// nothing. `bound`: whether a sentence may begin there; `parted`: whether a mark stands before it; `soft`: which of those.
export function fold(raw, skip, ticks = true) {
  const [flat, at, bound, parted, soft] = [[], [], [], [], []];
  let [between, dash, fresh, index, softly] = ["", "", true, 0, ""];
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
    const last = flat.at(-1) ?? "";
    const plain = /[\p{L}\p{N}]/u.test(sign);
    const kind = plain ? "sign" : kindOf(sign, between.trim() ? "" : last, nextOf(raw, index), fresh, ticks);
    if (kind !== "sign") {
      if (!between || between === " ") between = classOf(sign);
      if (/[\n。！!；;]/u.test(sign)) fresh = true;
      if (kind === "soft") softly += sign;
      continue;
    }
    const inside = dash || (between && ALNUM.test(last) && ALNUM.test(sign) && between);
    const add = (what, isBound, isParted) => {
      flat.push(what);
      at.push(from);
      bound.push(isBound);
      parted.push(isParted);
    };
    if (inside) add(inside, false, true);
    if (softly) soft[flat.length] = softly;
    add(sign, fresh, Boolean(between));
    [between, dash, fresh, softly] = ["", "", sign === "?", ""];
  }
  return { flat, at, bound, raw, skip, parted, soft, rest: softly };
}

// The next sign that is seen, in the same line.
const nextOf = (raw, index) => /^[\ufe0e\ufe0f\u20e3 \t]*([^\n])?/u.exec(raw.slice(index, index + 8))[1] ?? "";

// ---- what was issued ---- `blocks`: [words, core, number, frame?, led?, more?] in their order: `core` counts towards
// the whole, `number` is that of an item of a list, `led` words count only behind those that lead to them, `frame`
// {zone: "before" | "within" | "after", title, cell} of what stands on the page around the notice, or in it and is no part
// of it; `more` {free: it is no text of the notice, twice: it may stand anywhere, table: that of a row}.
export function issued(blocks) {
  const seen = new Map();
  const list = blocks.flatMap(([words, core, number, frame, led, more], block) => {
    const ends = [...words.matchAll(END)].map((end) => end.index + end[0].length);
    const cuts = [0, ...ends, words.length];
    return cuts.slice(1).map((to, n) => {
      const raw = words.slice(cuts[n], to).trim();
      const { flat, parted, soft } = fold(raw.replace(TAG, ""));
      const own = { raw, flat, parted, soft, core, number: n ? 0 : number, block, frame, led: led || frame?.title };
      return { ...own, ...more, others: [], forbids: IS_FORBIDDEN.test(raw) };
    });
  }).filter((one) => {
    const [key, { core, frame }] = [one.flat.join(""), one];
    const fresh = key && (core || frame || !seen.has(key));
    if (!fresh && key) seen.get(key).twice = true; // it has no place of its own
    if (fresh && !frame) seen.set(key, one);
    return fresh;
  });
  list.forEach((one, n) => {
    const bare = one.core && one.block !== list[n - 1]?.block && one.raw.replace(CORRECTS, "");
    if (bare && bare !== one.raw) one.others.push({ ...fold(bare), last: n });
    if (ASKS.test(one.raw)) one.others.push({ ...fold(one.raw.replace(/[？?]/gu, "")), last: n });
  });
  for (const table of new Set(list.map((one) => one.table))) if (table) readOtherwise(list, table, blocks);
  return list;
}

const ASKS = /(?:[吗么呢哪谁几怎]|多少|(\p{Script=Han})不\1).*[？?]/u; // a question without its mark, which who dictates it loses
const CORRECTS = /^(?:更[正新](?:说明)?|结尾字幕)[:：]\s*/u; // a label that says no more than what it stands before

// A table as who reads it by columns says it, or by rows with what heads each column.
function readOtherwise(list, table, blocks) {
  const places = list.flatMap((one, n) => (one.table === table ? [n] : []));
  const rows = [...new Set(places.map((n) => list[n].block))];
  const cells = rows.map((block) => blocks[block][0].split("\t").map((cell) => cell.trim()));
  const wide = cells[0].length;
  if (wide < 2 || rows.length < 2 || cells.some(({ length }) => length !== wide)) return;
  const placesOf = (some) => places.filter((n) => some.includes(list[n].block));
  const add = (some, words) => {
    const own = placesOf(some);
    if (own.at(-1) - own[0] === own.length - 1) list[own[0]].others.push({ ...fold(words.join("\t")), last: own.at(-1) });
  };
  for (const from of [0, 1]) {
    if (rows.length - from > 1) add(rows.slice(from), cells[0].flatMap((_, n) => cells.slice(from).map((row) => row[n])));
  }
  rows.slice(1).forEach((row, n) => add([row], cells[n + 1].flatMap((cell, at) => [cells[0][at], cell])));
}

export const skipped = (flat, at) => {
  let p = at;
  while (LOOSE.has(flat[p])) p += 1;
  return p;
};

// Where the sentence ends that begins at `from`; -1 where it is another. A blank between figures may be a broken
// line's.
function same({ flat, soft }, from, { flat: sentence, parted, soft: own }) {
  let p = from;
  for (const [n, sign] of sentence.entries()) {
    if (n && soft[p] !== own[n] && (own[n] || !parted[n])) return -1;
    if (flat[p] === sign || ((sign === " " || sign === "|") && LOOSE.has(flat[p]))) p += 1;
    else if (flat[p] === " " && flat[p + 1] === sign) p += 2;
    else return -1;
  }
  return p;
}

const IS_CROSS = new RegExp(CROSS, "u");
const IS_FORBIDDEN = new RegExp(`^${FORBIDS}`, "u");
const CIRCLED = "⓪①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳";

function matched(folded, from, one) {
  const { flat } = folded;
  const { flat: sentence, number } = one;
  const plain = same(folded, from, one);
  if (one.forbids && IS_CROSS.test(flat[from]) && isEdge(folded, from)) return same(folded, from + 1, one);
  if (plain >= 0 || !number) return plain;
  const digits = same(folded, from, fold(`${number}`));
  const after = flat[from] === CIRCLED[number] || flat[from] === HAN[number] ? from + 1 : digits;
  const next = skipped(flat, after);
  const parted =
    next > after || flat[from] === CIRCLED[number] || flat[from] === HAN[number] || !ALNUM.test(sentence[0]);
  return after > 0 && parted ? same(folded, next, one) : -1;
}

// ---- one version against a stretch of the text ----
const LEAST = 6; // signs of a sentence that may begin in the middle of a line
const STATES = /[谣效废期]|解除|取消|更正|预警|演[示练]/u; // which no single word of a page may say of a notice
const [FRAMES, FRAME] = [3, 10]; // sentences or signs of a page around a notice: 辟谣 alone is no part of a copy

const EDGE = /[\n\t]|[ \u3000\u00a0]{3}|\u3000{2}|",|,"/u; // a wide blank, and what parts cells, part columns
// Whether a line of the text begins at `from`, and whether one ends before it. What stands around a notice counts as
// whole lines, in the order of the page: in a line with other words it may say anything.
export const isEdge = ({ raw, at }, from) => !from || from >= at.length || EDGE.test(raw.slice(at[from - 1], at[from]));

// Where sentences from `n` on end that follow each other in the text: [to, last of them]; undefined where not even the
// first is there.
function followed(folded, from, end, sentences, n) {
  let found;
  for (let [to, next] = [from, n]; sentences[next] && !sentences[next].frame === !sentences[n].frame; next += 1) {
    const begin = next === n ? from : skipped(folded.flat, to);
    let last = next;
    to = matched(folded, begin, sentences[next]);
    for (const other of sentences[next].others) {
      const until = same(folded, begin, other);
      if (until > to) [to, last] = [until, other.last];
    }
    if (to < 0 || to > end) break;
    next = last;
    found = [to, next];
  }
  return found;
}

function runsOf(folded, begin, end, version, framed, anywhere) {
  const { flat, bound } = folded;
  const { sentences } = version;
  const starts = new Map();
  const crosses = new Set(flat.filter((sign) => IS_CROSS.test(sign)));
  sentences.forEach(({ flat: [first], others, number, frame, led, forbids }, n) => {
    if (led || (frame && !framed)) return;
    const firsts = [first, ...others.map(({ flat: [one] }) => one), ...forbids ? crosses : []];
    if (number) firsts.push(`${number}`[0], CIRCLED[number], HAN[number]);
    for (const one of new Set(firsts)) starts.set(one, [...starts.get(one) ?? [], n]);
  });
  const runs = [];
  let [p, last, exact, begun, edge] = [begin, -1, true, false, -1]; // `edge`: the last cell of the frame
  const stands = ({ frame, flat: { length } }, n, from) => (frame
    ? (!frame.cell || n > edge) && (exact || isEdge(folded, from)) && (!begun || frame.zone !== "before")
    : exact || bound[from] || (anywhere && length >= LEAST));
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

// Whether a run holds words of the notice itself, none that stand on the page around it; whether some are sentences;
// whether some are of its text.
export const isOwn = ({ version, first }) => Boolean(version) && !version.sentences[first].frame;
export const sentencesOf = ({ version, first, last }) => version.sentences.slice(first, last + 1);
export const says = (run) => isOwn(run) && sentencesOf(run).some(({ raw }) => /[。！；!;]$/u.test(raw));
export const hasText = (run) => isOwn(run) && sentencesOf(run).some(({ core }) => core);

// Runs without those of a page's frame that share a line with other words, or are too little of it: there they may say
// anything.
function wholeLines(runs, folded) {
  const touches = (one, other) => one && other && skipped(folded.flat, one.to) === other.from;
  const whole = runs.reduceRight((kept, run) => (
    isOwn(run) || isEdge(folded, run.to) || touches(run, kept[0]) ? [run, ...kept] : kept), []).reduce((kept, run) => (
    isOwn(run) || isEdge(folded, run.from) || touches(kept.at(-1), run) ? [...kept, run] : kept), []);
  const chains = [];
  whole.forEach((run, n) => {
    const goesOn = !isOwn(run) && touches(whole[n - 1], run) && !isOwn(whole[n - 1]);
    if (goesOn) chains.at(-1).push(run);
    else chains.push([run]);
  });
  const texts = runs.filter(hasText);
  const [start, end] = [texts[0]?.from ?? Infinity, texts.at(-1)?.from ?? 0];
  const zoneOf = ({ version, first }) => version.sentences[first].frame.zone;
  const isMuch = (run) => (
    run.last - run.first + 1 >= FRAMES || run.to - run.from >= FRAME || zoneOf(run) === "within");
  const isPart = (run) => isMuch(run) || run.last > run.first || !STATES.test(sentencesOf(run)[0].raw);
  const isAmid = (run) => zoneOf(run) === "after" && run.from > start && run.from < end;
  const isCopied = (chain) => chain.some(isMuch) && chain.every(isPart) && !chain.some(isAmid);
  return chains.filter((chain) => isOwn(chain[0]) || isCopied(chain)).flat();
}

const covered = (runs) => runs.reduce((sum, { from, to }) => sum + to - from, 0);

// The stretch as runs of issued sentences and gaps between them: the version that explains most of it first, others in
// what is left; sentences that begin in the middle of a line (`anywhere`) last of all.
export function explained(folded, begin, end, versions, all = versions, anywhere = false) {
  const framed = versions === all && !anywhere;
  const tries = versions.map((version) => ({ version, runs: runsOf(folded, begin, end, version, framed, anywhere) }));
  const best = tries.reduce((a, b) => (covered(b.runs) > covered(a.runs) ? b : a), { runs: [] });
  if (!best.runs.length) {
    if (skipped(folded.flat, begin) >= end) return [];
    return anywhere ? [{ from: begin, to: end }] : explained(folded, begin, end, all, all, true);
  }
  const others = versions.filter((version) => version !== best.version);
  const parts = [];
  let p = begin;
  for (const run of [...best.runs, { from: end, to: end }]) {
    if (p < run.from) parts.push(...explained(folded, p, run.from, others, all, anywhere));
    if (run.version) parts.push(run);
    p = run.to;
  }
  return parts;
}
