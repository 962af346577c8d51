// Search of the archive without a server: reads the files that pipeline/parts/search/index.py writes.
// Lists name the posts that hold a query's notions; the best of them are read, and ordered by what
// their texts say. What holds the query literally is listed to the last; what comes near it only as
// far as it is worth half of the best, and three posts at least.
import { completed, isCommon, keyOf, MISSPELT, numberKey, OTHERWISE, respelt, understand } from "./search_query.js";
import { isSmall, listsOf, loadPart, partsOf, read, root } from "./search_lists.js";
import { chart, decode, K1, normalise, pairs, rarity, shardOf, squeeze, weightsOf, worth } from "./search_text.js";

const READ = 8; // posts read at most for one page: a phrase of common words has many candidates
const MOST = 32; // … and as long as none of them matched: an empty page helps nobody
const STEP = 2; // lists read at a time of a part, rarest first
const FEW = 1; // candidates in a part that are cheaper to read than further lists
const TRIED = 24; // lists read at most of the largest part
const ASKED = 7; // … and then of every other: the rarest
const NEAREST = 30; // posts listed at most that are near
const LEAST = 3; // … and at least, where a notion is held
const CUT = 0.55; // of the best score
const CONTENT = 0.6; // of the signs of a query, where no word of it is held as it stands
const [TITLE, SUMMARY, FACTS, BODY] = [6, 2.5, 4, 1]; // weight of what stands there, once it is read
const [B, USUAL] = [0.4, 600]; // BM25; characters of a usual body
const [FOCUS, COVERED, PHRASE] = [0.2, 0.2, 0.1]; // beside the score of 0 to 1
const GRADES = 48; // posts of one grade are equally relevant, and the newest comes first
const SLACK = 1.1; // of candidates: a list that rules out fewer is not worth its bytes
const SENTENCE = /[。！？；!?;|\n]+/u;

// ---- lists ----
function intersect(codes, docs) {
  const seen = new Uint8Array(docs);
  codes.forEach((code, turn) => {
    for (const number of decode(code)) if (seen[number] === turn) seen[number] += 1;
  });
  return seen;
}

const matched = (seen, count) => seen.filter((number) => number === count).length;
const failed = ({ status }) => status === "rejected";
const years = (all) => [...new Set(all)].sort();
const narrowing = (filters) => [...["category", "account", "kind"]
  .filter((field) => filters[field]).map((field) => keyOf(field, filters[field])),
...(filters.month ? [keyOf("day", filters.month)] : [])];
const largestOf = (parts) => parts.reduce((one, other) => (other.docs > one.docs ? other : one));

// What the index lists for a key of a field: words for `said` and `initials`, of the largest and the
// newest part; else whether any part has it.
const telling = (parts) => async (field, value) => {
  const chosen = field === "word" ? parts : new Set([largestOf(parts), parts[0]]);
  const lists = await Promise.allSettled(Array.from(chosen, (part) => listsOf(part, keyOf(field, value))));
  return [...new Set(lists.flatMap(({ value: list = [] }) => list).filter(Boolean))];
};

// ---- posts that hold a query literally ----

// The pairs worth asking every part for, rarest first: as many as leave hardly more posts of
// the largest part than all of them do. That part alone is asked for all.
async function worthwhile(parts, { grams, exact }) {
  if (grams.length <= STEP) return grams;
  const largest = largestOf(parts);
  const sized = await Promise.all(grams.map(async (gram) => {
    const [code] = await listsOf(largest, gram);
    return { gram, code, size: decode(code).length };
  }));
  sized.sort((one, other) => one.size - other.size);
  const codes = sized.map(({ code }) => code);
  const left = codes.map((_, at) => (
    matched(intersect(codes.slice(0, at + 1), largest.docs), at + 1)));
  const enough = left.findIndex((count) => count <= left.at(-1) * SLACK + FEW) + 1;
  return sized.map(({ gram }) => gram).slice(0, exact ? codes.length : Math.max(enough, STEP));
}

async function candidatesIn(part, { grams, exact, days }, filters) {
  const narrow = [...narrowing(filters), ...days.map((day) => keyOf("day", day))];
  const lists = [];
  let chosen, all, seen;
  do {
    const step = grams.slice(lists.length, lists.length + STEP);
    const [filtered, more] = await Promise.all([read(part, narrow), read(part, step)]);
    chosen = filtered;
    lists.push(...more);
    all = [...chosen, ...lists].map((list) => list[0]);
    seen = intersect(all, part.docs);
  } while (lists.length < grams.length
    && matched(seen, all.length) > (exact ? 0 : FEW));
  const titles = intersect(lists.map((list) => list[1] ?? ""), part.docs);
  const candidates = [];
  for (let number = part.docs - 1; number >= 0; number -= 1) {
    if (seen[number] !== all.length) continue;
    candidates.push({ part, number, title: lists.length > 0 && titles[number] === lists.length, score: 0 });
  }
  return candidates;
}

// The posts whose index number is a term: they come first, as if their title held it.
async function numberedIn(part, { numbers }, filters) {
  const found = await Promise.all(numbers.map(async (term) => {
    const keys = [numberKey(term), ...narrowing(filters)];
    const lists = (await Promise.all(keys.map((key) => listsOf(part, key)))).map(([list]) => list);
    const seen = intersect(lists, part.docs);
    return decode(lists[0]).filter((number) => seen[number] === lists.length);
  }));
  return found.flat().map((number) => ({ part, number, title: true, score: 2 }));
}

// What may match, and the years of which nothing is known, because they could not be read.
async function candidates(parts, ask, filters) {
  const ways = await Promise.all(ask.ways.filter(({ grams, days }) => grams.length || days.length).map(async (way) => (
    { ...way, grams: await worthwhile(parts, way).catch(() => way.grams) })));
  const lists = await Promise.allSettled(parts.map((part) => Promise.all([
    numberedIn(part, ask, filters), ...ways.map((way) => candidatesIn(part, way, filters))])));
  if (lists.every(failed)) throw lists[0].reason;
  const lost = parts.filter((_, at) => failed(lists[at])).map(({ year }) => year);
  return [lists.flatMap(({ value = [] }) => value.flat()), years(lost)];
}

// ---- posts that hold its notions ----
const keysOf = ({ keys, text }) => keys
  ?? (Array.from(text).length === 1 ? [keyOf("sign", text)] : [...new Set(pairs(text))]);

// How much of a notion each post of a part holds, as far as `lists` tells: key → lists.
function holdings(notion, lists, docs) {
  const held = new Float32Array(docs);
  for (const form of notion.forms) {
    const those = keysOf(form).map((key) => lists.get(key));
    if (!those.length || !those.every(Boolean)) continue;
    for (let n = 0; n < docs; n += 1) {
      const least = Math.min(...those.map((weight) => weight[n]));
      if (!least) continue;
      held[n] = Math.max(held[n], form.quality * worth(least));
      notion.best = Math.max(notion.best ?? 0, form.quality);
    }
  }
  return held;
}

const counted = (held) => held.reduce((sum, value) => sum + (value > 0), 0);

async function weighedIn(part, keys) {
  const lists = await read(part, keys);
  return new Map(keys.map((key, at) => [key, weightsOf(lists[at], part.docs, key.startsWith("\tday="))]));
}

// The keys of a notion: of one that has a group, where there are many parts, that of the group, for it
// stands for all of its words.
function keysApart({ forms }, many) {
  const grouped = many ? forms.filter(({ words }) => words) : [];
  return (grouped.length ? grouped : forms).flatMap(keysOf);
}

const keysOfAll = (ask) => [...new Set(ask.notions.flatMap(({ forms }) => forms.flatMap(keysOf)))].slice(0, TRIED);

// The keys to ask every part for: those of the rarest notions of the largest part.
async function chosenKeys(parts, ask) {
  const largest = largestOf(parts);
  let lists = await weighedIn(largest, keysOfAll(ask));
  const missing = ask.notions.filter((notion) => notion.forms.every(({ words }) => !words)
    && !counted(holdings(notion, lists, largest.docs)) && notion.text.length > 1);
  await Promise.all(missing.map((notion) => respelt(notion, telling(parts))));
  if (missing.length) lists = await weighedIn(largest, keysOfAll(ask));
  const words = ask.notions.filter(({ text }) => text.length > 1);
  const rare = (words.length && parts.length > 1 ? words : ask.notions).map((notion) => (
    { notion, idf: notion.weight * rarity(counted(holdings(notion, lists, largest.docs)), largest.docs) }));
  rare.sort((one, other) => other.idf - one.idf);
  const keys = [...new Set(rare.flatMap(({ notion }) => keysApart(notion, parts.length > 1)))].filter((key) => lists.has(key));
  return keys.slice(0, parts.length > 1 ? ASKED : TRIED);
}

// Those of the largest part that can be read.
async function readableKeys(parts, ask) {
  try {
    return await chosenKeys(parts, ask);
  } catch (reason) {
    const others = parts.filter((part) => part !== largestOf(parts));
    if (!others.length) throw reason;
    return readableKeys(others, ask);
  }
}

// Whether posts hold something of a query that means something: a word as it was typed or in other
// words, and not only one of those that every matter has (登记) beside one that no post has; or words
// that sound like most of its signs. Of four signs that are no word, two nearly always sound like one.
function isContent(notions) {
  const signs = (those) => new Set(those.flatMap(({ text }) => Array.from(text))).size;
  const held = notions.filter(({ best, text }) => best >= MISSPELT && (text.length > 1 || notions.length < 2));
  const lacking = notions.some(({ count, text, weight }) => !count && weight >= 1 && text.length > 1);
  const says = (notion) => notion.weight >= 1 && notion.best >= OTHERWISE && !(lacking && isCommon(notion));
  return held.some(says) || signs(held.filter((notion) => !isCommon(notion))) > signs(notions) * CONTENT;
}

// Every post that holds a notion, by BM25 over the fields that hold it: the rarer a notion, the more
// it weighs. `full` are those that hold all of them.
async function nearest(parts, ask, filters) {
  const keys = await readableKeys(parts, ask);
  const narrow = narrowing(filters);
  const lists = await Promise.allSettled(parts.map(async (part) => (
    Promise.all([weighedIn(part, keys), read(part, narrow)]))));
  if (lists.every(failed)) throw lists[0].reason;
  const known = parts.map((part, at) => ({ part, at })).filter(({ at }) => !failed(lists[at]));
  const held = known.map(({ part, at }) => ask.notions.map((notion) => holdings(notion, lists[at].value[0], part.docs)));
  const posts = known.reduce((sum, { part }) => sum + part.docs, 0);
  ask.notions.forEach((notion, at) => {
    notion.count = held.reduce((sum, values) => sum + counted(values[at]), 0);
    notion.idf = notion.weight * rarity(notion.count, posts);
  });
  const scores = new Map();
  if (isContent(ask.notions)) known.forEach(({ part, at }, index) => {
    const chosen = intersect(lists[at].value[1].map(([code]) => code), part.docs);
    for (let number = 0; number < part.docs; number += 1) {
      if (chosen[number] !== narrow.length) continue;
      const score = share(ask.notions, (_, turn) => held[index][turn][number]);
      if (score) scores.set(`${part.id}/${number}`, { part, number, title: false, score });
    }
  });
  const lost = parts.filter((_, at) => failed(lists[at])).map(({ year }) => year);
  return [scores, years(lost)];
}

// The share of a query's weight that a post has; what no post holds weighs a quarter.
function share(notions, valueOf) {
  const whole = notions.reduce((sum, { count, idf }) => sum + (count ? idf : idf / 4), 0);
  return notions.reduce((sum, notion, at) => sum + (notion.count ? notion.idf * valueOf(notion, at) : 0), 0) / (whole || 1);
}

// ---- texts of posts ----
async function rowOf({ part, number }) {
  const [title, url, date, category, accounts = [], kind, body = "", indexNumber = "", gone, alert = [],
    head = ""] = await loadPart(part, `d/${number}.json`);
  return { title, url, date, category, accounts, kind, body, indexNumber, gone, alert, head };
}

function flatOf({ title, head, body, url }) {
  const [summary, facts = ""] = head.split("\n");
  const slug = url.split("/").at(-2) ?? "";
  return [title, summary, `${facts}${slug}`, body].map(squeeze);
}
const absent = (flat, terms) => terms.filter((term) => !flat.some((text) => text.includes(term)));
const formsOf = ({ date }) => [date, date.slice(0, 7), date.slice(5), date.slice(5, 7)];

// Those of the terms that are the index number of a post.
const naming = (row, { numbers }) => {
  const own = numbers.length ? squeeze(row.indexNumber) : "";
  return numbers.filter((term) => own.endsWith(term));
};

const escaped = (word) => word.replace(/[\\^$.*+?()[\]{}|/-]/gu, "\\$&");
const pattern = (form) => (form.pattern ??= new RegExp(
  [...form.words ?? [form.text]].sort((one, other) => other.length - one.length).map(escaped).join("|"), "gu"));
const times = (text, form) => (text.match(pattern(form)) ?? []).length;
const holds = (text, notion) => Math.max(0, ...notion.forms
  .filter((form) => !form.day && times(text, form)).map(({ quality }) => quality));

// How much of a notion a post holds: BM25 over its fields, of the form that it holds best.
function heldIn([title, summary, facts, body], row, notion) {
  const norm = K1 * (1 - B + (B * body.length) / USUAL);
  return Math.max(0, ...notion.forms.map((form) => {
    if (form.day) return formsOf(row).includes(form.day) ? form.quality * worth(TITLE, norm) : 0;
    const weight = TITLE * times(title, form) + SUMMARY * times(summary, form) + FACTS * times(facts, form)
      + BODY * times(body, form);
    return form.quality * worth(weight, norm);
  }));
}

// The share of a title that the notions are.
function covered(title, notions) {
  const rest = notions.flatMap(({ forms }) => forms).filter((form) => !form.day)
    .reduce((left, form) => left.replace(pattern(form), ""), title);
  return 1 - rest.length / (title.length || 1);
}

// What a text says of a query: its notions, most of them in one sentence or in the title, and the
// very words of it.
function relevance(flat, row, ask) {
  const { notions, terms } = ask;
  const values = notions.map((notion) => heldIn(flat, row, notion));
  const [title, , , body] = flat;
  const sentences = [title, flat[1], ...body.split(SENTENCE)];
  const focus = notions.length > 1
    ? Math.max(...sentences.map((text) => share(notions, (notion) => holds(text, notion)))) : 0;
  const whole = terms.join("").length > 1 && !absent(flat, terms).length ? PHRASE : 0;
  return share(notions, (_, at) => values[at]) + FOCUS * focus + COVERED * covered(title, notions) + whole;
}

// What of a query a post must say: its words, and signs beside them that no post has as a word.
function toldOf(notions) {
  const words = notions.filter(({ weight }) => weight >= 1);
  const signs = notions.filter(({ text, count }) => !count && text.length === 1 && !words.some((word) => word.text.includes(text)));
  return words.length + signs.length ? [...words, ...signs] : notions;
}

// Whether a post says all of a query in one sentence, its title and summary at hand, in its words or in
// others. Pairs of signs that stand in different words are none; what sounds or is spelt alike is guessed.
function isFull([title, summary, facts, body], row, { notions, strange }) {
  const wanted = toldOf(notions).map(({ forms }) => ({ forms: forms.filter(({ quality }) => quality >= OTHERWISE) }));
  const sentences = body.split(SENTENCE);
  return !strange && wanted.length > 0 && [facts, ...sentences].some((text) => (
    wanted.every((notion) => heldIn([title, summary, "", text], row, notion) > 0)));
}

// What shows that a post is near to a query: of each notion the best form that was found, as the post says it.
function ground(flat, row, { notions }) {
  for (const notion of notions) {
    for (const form of notion.forms.filter(({ quality }) => quality > (notion.ground?.quality ?? 0))) {
      const [word] = form.day ? formsOf(row).filter((day) => day === form.day).map(() => notion.text)
        : flat.flatMap((text) => text.match(pattern(form)) ?? []);
      const sure = form.quality >= OTHERWISE;
      if (word) notion.ground = { quality: form.quality, word, sure, guessed: !sure && !notion.text.includes(word) };
    }
  }
}

const newest = (one, other) => other.part.year - one.part.year
  || (other.part.id > one.part.id) - (other.part.id < one.part.id) || other.number - one.number;
const grade = ({ score }) => Math.round(score * GRADES);
const best = (one, other) => other.title - one.title || grade(other) - grade(one) || newest(one, other);

// A session reads candidates in the order of the answer: those whose title seems to match,
// then the rest, the most relevant first and of the equally relevant the newest. `left` counts
// what may still come, `exact` tells whether all of it will, `lost` which years could not be
// read, `near` that no post was read yet that holds the whole query, in its words or in others,
// `literal` that one holds its very words, `short` that nothing could be looked up; `page` gives the next hits, fewer if READ posts did not yield them.
function begin(ask, [found, lost]) {
  const waiting = found.sort(best), ready = [];
  const sure = () => waiting.every((candidate) => candidate.sure);
  const session = { ask, left: waiting.length, given: 0, exact: ask.exact || sure(), lost,
    near: waiting.length > 0, literal: false, short: !asksFor(ask) };

  const judge = (candidate, row) => {
    const flat = flatOf(row);
    if (ask.notions.some(({ run }) => run && !flat.some((text) => run.test(text)))) return null;
    const named = naming(row, ask);
    const fits = ask.ways.map(({ terms, days }) => {
      const rest = terms.filter((term) => !named.includes(term));
      const whole = !absent(flat, rest).length && days.every((day) => formsOf(row).includes(day));
      return { whole, titled: whole && !absent([flat[0]], rest).length };
    }).filter(({ whole }) => whole);
    if (!fits.length && !candidate.sure) return null; // the lists met, the words do not
    if (fits.length) session.literal = true;
    if (fits.length || isFull(flat, row, ask)) session.near = false;
    ground(flat, row, ask);
    const title = candidate.title && fits.some(({ titled }) => titled);
    return { candidate: { ...candidate, title, score: relevance(flat, row, ask) }, row };
  };
  const readSome = async (count) => {
    const batch = waiting.slice(0, count);
    const rows = await Promise.allSettled(batch.map(rowOf));
    if (rows.every(failed)) throw rows[0].reason; // they stay in the queue, to be asked for again
    waiting.splice(0, batch.length);
    const judged = [];
    batch.forEach((candidate, at) => {
      if (failed(rows[at])) session.lost = years([...session.lost, candidate.part.year]);
      else judged.push(judge(candidate, rows[at].value));
    });
    const fit = judged.filter(Boolean);
    ready.push(...fit.sort((one, other) => best(one.candidate, other.candidate)).map(({ row }) => row));
    return batch.length;
  };
  const fill = async (count) => {
    let spent = 0;
    while (waiting.length && ready.length < count) {
      const budget = (count === Infinity ? count : ready.length ? READ : MOST) - spent;
      if (budget <= 0) break;
      const size = Math.min(Math.max(count - ready.length, session.given ? 2 : READ), budget, 50);
      try {
        spent += await readSome(size);
      } catch (error) {
        if (!ready.length) throw error;
        break; // what was read is shown
      }
    }
  };
  session.page = async (count) => {
    await fill(count);
    const hits = ready.splice(0, count);
    session.given += hits.length;
    session.left = waiting.length + ready.length;
    session.near &&= session.given > 0;
    session.exact ||= sure();
    return hits;
  };
  return session;
}

const marksOf = ({ terms, notions }) => [...new Set([...terms, ...notions.flatMap(({ forms }) => (
  forms.flatMap(({ words, text, day }) => (day ? [] : words ?? [text]))))])].filter(Boolean);

// Candidates of both kinds, each once, with what its lists are worth; those near enough are sure.
function merged(literal, scores, numbered) {
  const found = new Map();
  const most = Math.max(0, ...Array.from(scores.values(), ({ score }) => score));
  const near = numbered ? [] : [...scores.values()].sort((one, other) => other.score - one.score).slice(0, NEAREST)
    .filter(({ score }, at) => at < LEAST || score >= most * CUT);
  for (const candidate of near) found.set(`${candidate.part.id}/${candidate.number}`, { ...candidate, sure: true });
  for (const candidate of literal) {
    const key = `${candidate.part.id}/${candidate.number}`;
    const other = found.get(key) ?? scores.get(key);
    found.set(key, { ...other, ...candidate, title: candidate.title || Boolean(other?.title),
      score: Math.max(candidate.score, other?.score ?? 0), sure: Boolean(other?.sure) });
  }
  return [...found.values()];
}

// What the lookups of a small archive come to in two rounds is on its way before the first: they wait
// for answers of before, and a round costs more than these few lists.
function askAhead(parts, ask, filters) {
  const keys = new Set([...keysOfAll(ask), ...ask.ways.flatMap(({ grams }) => grams), ...narrowing(filters)]);
  for (const part of parts) read(part, [...keys]).catch(() => {}); // who needs it asks again
}

const asksFor = ({ terms, grams, notions }) => Boolean(terms[0]) && grams.length + notions.length > 0;

async function open(query, filters = {}) {
  const ask = await understand(query);
  if (!asksFor(ask)) return begin(ask, [[], []]);
  const parts = await partsOf(filters.year);
  if (!parts.length) return begin(ask, [[], []]);
  await completed(ask, telling(parts));
  if (isSmall(parts)) askAhead(parts, ask, filters);
  const [[literal, lost], [scores, missed]] = await Promise.all([
    candidates(parts, ask, filters), nearest(parts, ask, filters)]);
  ask.marks = marksOf(ask);
  return begin(ask, [merged(literal, scores, ask.numbers.length), years([...lost, ...missed])]);
}

// Every post that matches, title hits first, then the most relevant, then the newest.
window.sanshenSearch = async (query, filters = {}) =>
  (await open(query, filters)).page(filters.limit ?? Infinity);
// The first words of the groups that a query is taken to mean.
async function groupsOf(query) {
  const ask = await understand(query);
  await completed(ask, async () => []);
  return [...new Set(ask.notions.flatMap(({ forms }) => forms.flatMap(({ words }) => (words ? [words[0]] : []))))];
}

Object.assign(window.sanshenSearch, {
  open, groupsOf, root, chart, naming, toldOf, normalise, squeeze, shardOf, decode,
});
