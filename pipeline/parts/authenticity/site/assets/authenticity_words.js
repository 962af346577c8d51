// Words that were read in a picture against those of a page that was issued: which line says what of it, and what is
// not borne out.
//
// A recogniser misreads: a sign it takes for another is looked at again (authenticity_judge.js), and is no forger's
// until it stays.
import { around, middle } from "./authenticity_boxes.js";
import { wide } from "./authenticity_said.js";

const BOUND = "\n"; // between two blocks of a page
const SIGN = /[\p{Script=Han}0-9a-z%]/u;
const BETWEEN = /[.:\-/]/u; // counts between figures
export const LIGHT = new Set([BOUND, ":", "-", "/"]); // may be lost or added by a recogniser without another meaning
// of a sign's height, from which on a line ends: over marks, over nothing
const [GAP, BLANK, CROSSED, LIGHTLY] = [1.5, 0.8, 0.3, 0.25];
// of its signs a line may differ by that is still taken for one of the page; so short, it is the same or none
const [MOST, MIDDLING, SHORT] = [0.45, 0.34, 4];
// signs that may as well be of the page's frame, such as the way to it, which stands in several blocks
const [IN_FRAME, BROKEN] = [12, 0.7];
const ALMOST = 0.26; // of what may be lost alone
// a recogniser for Chinese does not tell them; the colour and the word beside say the level
const ROMAN = /[ⅠⅡⅢⅣⅤIVil|1TH工川]{1,4}(?= *级)/gu;
const MOMENT = /(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日\s*(\d\d:\d\d)/gu;
const DAY_AND_TIME = /\d{4}-\d\d-\d{4}:\d\d$/u;
const STOP = /[。！？；!?;…]/u;
// What turns a meaning: never a misreading until it was read again.
export const GRAVEST = new Set("0123456789.%不勿禁严停未无没非否莫别已解除取消废撤延红橙黄蓝绿");
// that graphics may be taken for; of a line that proves nothing; of an icon, a rim
export const [FEW_SIGNS, SHORT_LINE, LITTLE] = [6, 4, 2];
export const SURELY = 93; // of 100, from which on signs were read surely
const WELL_READ = 0.2; // of its signs a line may be other whose signs are borne out
export const GRAVE = new Set([...GRAVEST, ..."可免白黑上下前后内外高低东西南北左右开关增减升降零一二三四五六七八九十百千万亿半两"]);

export const textOf = ({ signs }) => signs.map(({ sign }) => sign).join("");
export const isWell = ({ span, signs }) => span.cost <= WELL_READ * signs.length;

// ---- what a page says ----
const BLOCK =
  "tr, p, li, h1, h2, h3, h4, h5, h6, figcaption, caption, summary, dt, dd, pre, blockquote, div, section, aside, "
  + "header, nav, a, button, label";
// what says something of this notice alone
const OWN = ["title", "lead", "alert", "advice", "body", "corrections"].map((name) => `[data-signed=${name}]`).join();

// All words of a page: [{words, number, signed}], number of an item of a list.
export function wordsOf(page) {
  const heads = Array.from(
    page.querySelectorAll("title, meta[name=description], meta[property^='og:']"),
    (head) => head.content ?? head.textContent,
  );
  const check = Array.from(page.querySelectorAll(".sn-check strong"), ({ textContent }) => textContent);
  const address = page.querySelector("link[rel=canonical]")?.href ?? "";
  const site = page.querySelector("meta[property='og:site_name']")?.content ?? "";
  const host = address.split("/")[2] ?? "";
  const unit = page.querySelector(".sn-byline > span")?.textContent ?? "";
  const strip = [`${site} ${host}`, `来源：${unit}`, "扫码看原文；码可以抄到别的图上，以原文为准", `核对码 ${check.join("　")}`, host, address];
  const blocks = [...new Set([...heads, ...strip])].map((words) => ({ words, number: 0, signed: false }));
  for (const link of page.querySelectorAll(".sn-article a[href^=http]"))
    blocks.push({ words: `${link.textContent}(${link.getAttribute("href")})`, number: 0, signed: false });
  for (const { placeholder } of page.querySelectorAll("input[placeholder]"))
    blocks.push({ words: placeholder, number: 0, signed: false, frame: true });
  const article = page.querySelector(".sn-article");
  const body = page.querySelector("[data-signed=body]");
  const walker = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  let last = null;
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.nodeType === 1) {
      if (node.tagName === "IMG" && node.alt) blocks.push({ words: node.alt, number: 0, signed: false });
      if (/^(IMG|BR)$/u.test(node.tagName)) last = null;
      continue;
    }
    if (!node.data.trim() || node.parentElement.closest("script, style, noscript, svg")) continue;
    const state = node.parentElement.closest("[data-state]"); // the page's script writes it anew
    const inside = Boolean(
      !state
      && article?.contains(node)
      && node.parentElement.closest(OWN)
      && !(node.parentElement.closest("[data-turns]")?.children.length === 0),
    );
    const whole = state ?? node.parentElement.closest(inside ? BLOCK.replace(", a, button, label", "") : BLOCK);
    const cell = node.parentElement.closest("td, th");
    if (last && last.whole === whole && last.cell !== cell) blocks.at(-1).cells = true;
    if (last && last.whole === whole) blocks.at(-1).words += (last.cell === cell ? "" : BOUND) + node.data;
    else {
      const list = whole.tagName === "LI" && whole.parentElement.tagName === "OL" ? whole.parentElement : null;
      blocks.push({
        words: node.data,
        number: list ? list.start + [...list.children].indexOf(whole) : 0,
        signed: inside,
        core: Boolean(body?.contains(node)),
        frame: !inside,
        path: Boolean(node.parentElement.closest(".md-path")), // the way to the page
        check: Boolean(node.parentElement.closest(".sn-check, a[href$='authenticity/']")),
      });
    }
    last = { whole, cell };
  }
  return blocks.flatMap((block) =>
    block.signed && block.words.search(MOMENT) >= 0
      ? [block, { ...block, words: inFigures(block.words, page), core: false }]
      : [block],
  );
}

// Times of a warning as pages of before said them, of which pictures go round: 2026-11-22 08:00.
function inFigures(words, page) {
  let year = page.querySelector("[data-signed=alert]")?.textContent.match(/(\d{4})年/u)?.[1] ?? "";
  return words.replaceAll(MOMENT, (whole, own, month, day, minute) => {
    year = own ?? year;
    return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")} ${minute}`;
  });
}

// Signs that are compared: {signs, at}: `at` says where each stood.
const folded = (sign) =>
  wide(sign).toLowerCase().replace(/[li]/u, "1").replace("o", "0").replace("℃", "c").replace("~", "-");

export function signsOf(words) {
  const [signs, at] = [[], []];
  const all = Array.from(words.replace(ROMAN, (found) => "\u3000".repeat(found.length)), folded);
  all.forEach((sign, n) => {
    const between = BETWEEN.test(sign) && /\d/u.test(all[n - 1] ?? "") && /\d/u.test(all[n + 1] ?? "");
    if (SIGN.test(sign) || between || sign === BOUND) {
      signs.push(sign);
      at.push(n);
    }
  });
  return { signs, at };
}

// The page as one row of signs: {signs, block, light}: the number of the block of each, and whether it may be lost.
export function corpusOf(blocks) {
  const corpus = { signs: [], block: [], light: [], stops: [], at: [], drawn: new Map(), levels: new Map(), blocks };
  blocks.forEach(({ words, number, drawn, signed: says }, n) => {
    if (drawn) {
      for (const one of [...drawn.signs, null]) {
        if (one) corpus.drawn.set(corpus.signs.length, { ...one, ...drawn });
        corpus.signs.push(one?.sign ?? BOUND);
        corpus.block.push(n);
        corpus.light.push(!one || LIGHT.has(one.sign));
        corpus.stops.push(true);
        corpus.at.push(-1);
      }
      return;
    }
    const { signs, at } = signsOf(words);
    const all = Array.from(words);
    const own = number ? signsOf(`${number}`).signs : [];
    [...own, ...signs, BOUND].forEach((sign, nth) => {
      const level = all[at[nth - own.length] - 1];
      if (says && sign === "级" && /[Ⅰ-Ⅳ]/u.test(level)) corpus.levels.set(corpus.signs.length, level);
      corpus.signs.push(sign);
      corpus.block.push(n);
      corpus.at.push(at[nth - own.length] ?? all.length);
      corpus.light.push(nth < own.length || LIGHT.has(sign));
      corpus.stops.push(
        sign === BOUND
          || STOP.test(all.slice(at[nth - own.length] + 1, at[nth - own.length + 1] ?? all.length).join("")),
      );
    });
  });
  corpus.rowOf = (block) => corpus.signs.slice(corpus.block.indexOf(block), corpus.block.lastIndexOf(block)).join("");
  corpus.codes = Uint32Array.from(corpus.signs, (sign) => sign.codePointAt(0));
  corpus.costs = Float32Array.from(corpus.light, (light, n) =>
    corpus.signs[n] === BOUND ? CROSSED : light ? LIGHTLY : 1,
  );
  return corpus;
}

// The words of the page that a line was taken for.
export function issuedAt({ from, to }, corpus) {
  if (from >= to) return "";
  const [first, last] = [corpus.block[from], corpus.block[to - 1]];
  if (corpus.at[from] < 0 || corpus.at[to - 1] < 0 || first !== last)
    return corpus.signs.slice(from, to).join("").replaceAll(BOUND, " ");
  return Array.from(corpus.blocks[first].words)
    .slice(corpus.at[from], corpus.at[to - 1] + 1)
    .join("")
    .replaceAll(BOUND, " ");
}

// Lines that were read in a published picture, as blocks of its page.
export const drawnBlocks = (segments, picture, signed) =>
  segments
    .filter(({ signs }) => signs.length > 1)
    .map(({ signs, raw, box }) => ({
      words: raw,
      number: 0,
      signed,
      drawn: { picture, signs, line: box, em: box[3] - box[1] },
    }));

// ---- what was read ----
// Lines cut where a wide gap is: {signs: [{sign, box, sure}], box, high}.
export function segmentsOf(lines) {
  const out = [];
  for (const line of lines) {
    const whole = line.signs.map(([text]) => text).join("");
    const high = middle(line.signs.map(([, box]) => box[3] - box[1]));
    let piece = [];
    const end = () => {
      if (piece.length) out.push(made(piece, whole));
      piece = [];
    };
    let [last, marked] = [null, false];
    for (const [text, box, sure] of line.signs) {
      const counts = SIGN.test(folded(text));
      if (counts && last && box[0] - last[2] > (marked ? GAP : BLANK) * high) end();
      if (counts) [last, marked] = [box, false];
      else marked ||= /[，。、；：！？,.;:!?（）()《》…\-]/u.test(text);
      for (const sign of text) piece.push({ sign, box, sure });
    }
    end();
  }
  return out.filter(({ signs }) => signs.length);
}

function made(piece, line) {
  const raw = piece.map(({ sign }) => sign).join("");
  const { signs, at } = signsOf(raw);
  return {
    signs: signs.map((sign, n) => (
      { ...piece[at[n]], raw: piece[at[n]].sign, sign, before: raw.slice((at[n - 1] ?? -1) + 1, at[n]) })),
    raw,
    line,
    box: around(piece.map(({ box }) => box)),
  };
}

// ---- where a line stands in a page ----
const costOf = (sign) => (LIGHT.has(sign) ? LIGHTLY : 1);

// For every place of the corpus the cost of the signs ending there; `each(row)`: of those up to each of them.
function endsOf(signs, corpus, each = () => {}) {
  const { codes, costs } = corpus;
  let row = new Float32Array(codes.length + 1);
  for (const { sign } of signs) {
    const code = sign.codePointAt(0);
    const add = costOf(sign);
    const next = new Float32Array(codes.length + 1);
    next[0] = row[0] + add;
    for (let m = 1; m <= codes.length; m += 1) {
      const straight = row[m - 1] + (codes[m - 1] === code ? 0 : codes[m - 1] === 10 ? 2 : 1);
      const over = row[m] + add;
      const under = next[m - 1] + costs[m - 1];
      next[m] = straight < over ? (straight < under ? straight : under) : over < under ? over : under;
    }
    row = next;
    each(row);
  }
  return row;
}

// What the cheapest of all ends costs; a loop, for an engine takes no list of a long page's signs as arguments.
function leastOf(ends) {
  let least = Infinity;
  for (const cost of ends) if (cost < least) least = cost;
  return least;
}

// The edits of signs against a stretch that ends at `end`: {from, to, cost, pairs: [[nth read or -1, place or -1]]}.
function traced(signs, corpus, end, taken) {
  const start = Math.max(0, end - 2 * signs.length - 12);
  const wideness = end - start;
  const rows = [new Float32Array(wideness + 1)];
  for (let n = 1; n <= signs.length; n += 1) {
    const { sign } = signs[n - 1];
    const row = new Float32Array(wideness + 1);
    row[0] = rows[n - 1][0] + costOf(sign);
    for (let m = 1; m <= wideness; m += 1) {
      const own = corpus.signs[start + m - 1];
      row[m] = Math.min(
        rows[n - 1][m - 1] + (own === sign ? 0 : own === BOUND ? 2 : 1),
        rows[n - 1][m] + costOf(sign),
        row[m - 1] + corpus.costs[start + m - 1],
      );
    }
    rows.push(row);
  }
  const pairs = [];
  let [n, m] = [signs.length, wideness];
  while (n > 0) {
    const own = m > 0 ? corpus.signs[start + m - 1] : "";
    const { sign } = signs[n - 1];
    const here = rows[n][m];
    const near = (value) => Math.abs(value - here) < 1e-4;
    if (m > 0 && near(rows[n - 1][m - 1] + (own === sign ? 0 : own === BOUND ? 2 : 1))) pairs.push([--n, start + --m]);
    else if (m > 0 && near(rows[n][m - 1] + corpus.costs[start + m - 1])) pairs.push([-1, start + --m]);
    else pairs.push([--n, -1]);
  }
  pairs.reverse();
  const lone = pairs.length > 1 && pairs.at(-1)[1] < 0 && pairs.at(-2)[1] >= 0;
  const next = lone ? pairs.at(-2)[1] + 1 : -1;
  if (lone && next < corpus.signs.length && !corpus.light[next] && !taken[next]) pairs.at(-1)[1] = next;
  const ahead = pairs.length > 1 && pairs[0][1] < 0 && pairs[1][1] > 0 ? pairs[1][1] - 1 : -1;
  if (ahead >= 0 && !corpus.light[ahead] && !taken[ahead]) pairs[0][1] = ahead;
  const places = pairs.filter(([, place]) => place >= 0).map(([, place]) => place);
  return { from: places[0] ?? end, to: (places.at(-1) ?? end - 1) + 1, cost: rows[signs.length][wideness], pairs };
}

// Signs that are taken off a line, as a segment of their own.
const pieceOf = (signs) => (
  { signs, raw: signs.map(({ raw }) => raw).join(""), box: around(signs.map(({ box }) => box)) });

// Places of a cell or block before one, or behind it, the next first; null where there are more than `most`.
function beyond(place, way, { signs, light }, most) {
  const places = [];
  for (let at = place + way; signs[at] !== undefined && signs[at] !== BOUND; at += way) if (!light[at]) places.push(at);
  return places.length > most ? null : places;
}

// Signs at the ends of a line that belong to no place of its own: another cell, another column. They are taken off it
// where its own cell ends there, or with one sign more, which may be misread; else they stand in the place of issued ones.
function tailsOf(one, corpus) {
  const { pairs } = one.span;
  const stands = (signs) => leastOf(endsOf(signs, corpus)) < ALMOST;
  const firm = ([n, place]) => n >= 0 && place >= 0 && one.signs[n].sign === corpus.signs[place];
  const first = pairs.findIndex(firm);
  const last = pairs.findLastIndex(firm);
  if (first < 0) return [];
  const rooms = [beyond(pairs[first][1], -1, corpus, 1), beyond(pairs[last][1], 1, corpus, 1)];
  const lists = [pairs.slice(0, first).reverse(), pairs.slice(last + 1)].map((list) => list.filter(([n]) => n >= 0));
  const tails = lists.map((list, end) => {
    const signs = list.slice(rooms[end]?.length).map(([n]) => one.signs[n]);
    if (!end) signs.reverse();
    return rooms[end] && signs.length > 1 && stands(signs) ? signs : [];
  });
  if (!tails[0].length && !tails[1].length) return [];
  const [before, after] = tails.map(({ length }) => length);
  const kept = (end) => rooms[end].slice(0, lists[end].length).map((place, nth) => [lists[end][nth][0], place]);
  one.span.pairs = [
    ...before ? kept(0).reverse() : pairs.slice(0, first), ...pairs.slice(first, last + 1),
    ...after ? kept(1) : pairs.slice(last + 1),
  ];
  const places = one.span.pairs.filter(([, place]) => place >= 0).map(([, place]) => place);
  Object.assign(one.span, {
    from: places[0],
    to: places.at(-1) + 1,
    cost: Math.max(0, one.span.cost - before - after),
  });
  const from = before;
  one.signs = one.signs.slice(from, one.signs.length - after);
  one.span.pairs = one.span.pairs.map(([n, place]) => [n < 0 ? n : n - from, place]);
  one.box = around(one.signs.map(({ box }) => box));
  return tails.filter(({ length }) => length).map(pieceOf);
}

// A day and a time that stand behind a name, as below a title, where the page has either by itself: they are taken off.
function datedEnd(one, corpus) {
  const found = DAY_AND_TIME.exec(textOf(one));
  const [head, tail] = [one.signs.slice(0, found?.index ?? 0), one.signs.slice(found?.index ?? 0)];
  const name = head.map(({ sign }) => sign).join("");
  const isName = ({ core, words }) => !core && words.split(BOUND).some((one) => signsOf(one).signs.join("") === name);
  if (!name || !corpus.blocks.some(isName) || leastOf(endsOf(tail, corpus)) > ALMOST) return null;
  Object.assign(one, pieceOf(head));
  return pieceOf(tail);
}

// A line that begins with all the words of a block of the page and goes on with other words, such as a title and the
// text behind it: both as segments, or none.
function splitLine(one, corpus) {
  if (one.signs.length <= 2 * SHORT) return [];
  let best = { gain: 0, to: 0 };
  let to = 0;
  endsOf(one.signs, corpus, (row) => {
    to += 1;
    const least = leastOf(row);
    const gain = least <= WELL_READ * to ? to - 1 / WELL_READ * least : 0;
    const isRight = to > SHORT && to < one.signs.length && gain > best.gain;
    if (isRight && beyond(row.indexOf(least) - 1, 1, corpus, 0)) best = { gain, to };
  });
  return best.to ? [one.signs.slice(0, best.to), one.signs.slice(best.to)].map(pieceOf) : [];
}

// What a line of so many signs may cost that is taken for one of the page.
function mostFor(length) {
  if (length < 3) return ALMOST;
  if (length <= SHORT) return 1.1;
  return (length < 9 ? MIDDLING : MOST) * length;
}

// Each segment with the place that it is taken for (`span`), or without one. Long ones first; short ones where nothing
// else stands and nearest to what stands before them. `mayPart`: whether a line may be of two places.
export function placed(segments, corpus, mayPart = true) {
  const taken = new Uint8Array(corpus.signs.length);
  const out = segments.map((segment, n) => ({ ...segment, n, span: null }));
  const order = [...out].sort((a, b) => b.signs.length - a.signs.length);
  const add = (piece, { n, line }) => {
    const tail = { ...piece, n, line, span: null };
    out.push(tail);
    order.push(tail);
  };
  for (let nth = 0; nth < order.length; nth += 1) { // it grows
    const one = order[nth];
    if (!one.signs.length) continue;
    let ends = endsOf(one.signs, corpus);
    let least = leastOf(ends);
    const dated = least > ALMOST ? datedEnd(one, corpus) : null;
    if (dated) {
      add(dated, one);
      ends = endsOf(one.signs, corpus);
      least = leastOf(ends);
    }
    const letters = one.signs.length < 9 && /[a-z]/u.test(one.raw.toLowerCase()) && !/\p{Script=Han}/u.test(one.raw);
    if (letters && least > ALMOST) continue;
    if (least > mostFor(one.signs.length)) {
      const [head, rest] = mayPart ? splitLine(one, corpus) : [];
      if (!head) continue;
      Object.assign(one, head);
      add(rest, one);
      ends = endsOf(one.signs, corpus);
      least = leastOf(ends);
    }
    const before = out.slice(0, one.n).reverse().find(({ span }) => span)?.span.to ?? 0;
    let best = null;
    const [homes, lines] = [new Set(), new Set()];
    one.frames = [];
    for (let end = 1; end < ends.length; end += 1) {
      const { frame, drawn, signed } = corpus.blocks[corpus.block[end - 1]];
      if (frame && one.signs.length <= IN_FRAME && ends[end] <= least + BROKEN) one.frames.push(corpus.block[end - 1]);
      if (ends[end] > least + ALMOST) continue;
      if (corpus.blocks[corpus.block[end - 1]].signed) homes.add(corpus.blocks[corpus.block[end - 1]].words);
      if (corpus.blocks[corpus.block[end - 1]].core) lines.add(end);
      let used = 0;
      for (let at = Math.max(0, end - one.signs.length); at < end; at += 1) used += Number(taken[at] > 0);
      const rank =
        (used / one.signs.length > 0.3 ? 1e6 : 0)
        + (drawn && one.signs.length <= SHORT ? 3e5 : signed ? 0 : 2e5) // a picture's own words are read, too
        + Math.abs(end - one.signs.length - before)
        + 1000 * (ends[end] - least);
      if (!best || rank < best.rank) best = { end, rank, used };
    }
    one.span = traced(one.signs, corpus, best.end, taken);
    one.manifold = homes.size > 1; // it stands in more than one place
    one.fixed =
      lines.size === 1
      && !one.frames.some((block) => corpus.blocks[block].path)
      && corpus.blocks[corpus.block[best.end - 1]].core;
    one.twice = best.rank >= 1e6;
    for (let at = one.span.from; at < one.span.to; at += 1) taken[at] += 1;
    for (const rest of tailsOf(one, corpus)) add(rest, one);
  }
  return { segments: out, taken };
}

// Signs at the end of a table's cell that stand a line below in it: they are looked for by themselves.
function boundless(pairs, corpus) {
  const out = new Set();
  for (let from = 0; from < pairs.length; from += 1) {
    let to = from;
    while (to < pairs.length && pairs[to][0] < 0) to += 1;
    const run = pairs.slice(from, to);
    if (run.some(([, place]) => corpus.signs[place] === BOUND)) for (let n = from; n < to; n += 1) out.add(n);
    from = to;
  }
  return out;
}

// What of a placed segment is other than the page: [{read, own, places, boxes, sure, start, end}]; neighbours are taken
// together. What stands at an end of it in another block, or where another line stands, is no part of it.
export function editsOf({ signs, span, twice }, corpus, taken = null) {
  const edits = [];
  let [open, last] = [null, -1];
  const firm = span.pairs.filter(([n, place]) => n >= 0 && place >= 0 && signs[n].sign === corpus.signs[place]);
  const [from, to] = [firm[0]?.[1] ?? -1, firm.at(-1)?.[1] ?? -1];
  const apart = (place) =>
    place < from
      ? corpus.block[place] !== corpus.block[from] || taken?.[place] > 1
      : place > to && (corpus.block[place] !== corpus.block[to] || taken?.[place] > 1);
  const bound = boundless(span.pairs, corpus);
  for (const [nth, [n, at]] of span.pairs.entries()) {
    if (n < 0 && bound.has(nth)) continue;
    const place = at >= 0 && !twice && apart(at) ? -1 : at;
    const read = n >= 0 ? signs[n].sign : "";
    const own = place >= 0 ? corpus.signs[place] : "";
    if (n >= 0 && read === own) last = n;
    if (read === own || (!read && (place < 0 || corpus.light[place])) || (!own && LIGHT.has(read))) {
      if (read) open = null;
      continue;
    }
    if (n >= 0) last = n;
    if (!open) {
      open = {
        from: n >= 0 ? n : last + 1,
        to: n >= 0 ? n : last + 1,
        read: "",
        raw: "",
        own: "",
        places: [],
        boxes: [],
        sure: 100,
      };
      edits.push(open);
    }
    open.read += read;
    if (n >= 0) open.to = n + 1;
    open.raw += n >= 0 ? signs[n].raw : "";
    if (place >= 0 && !corpus.light[place]) {
      open.own += own;
      open.places.push(place);
    }
    if (n >= 0) [open.sure, open.boxes] = [Math.min(open.sure, signs[n].sure), [...open.boxes, signs[n].box]];
    open.start = firm.length === 0 || n < firm[0][0];
    open.end = firm.length > 0 && n > firm.at(-1)[0];
  }
  return edits;
}
