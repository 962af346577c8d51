// Search of the archive without a server: reads the files that pipeline/parts/search/index.py writes.
// A query's neighbouring characters name posting lists; their intersection is checked against
// the text of the posts about to be shown, so that nothing is listed which does not match. Where
// nothing holds every term, the posts that hold most of them are listed, and said to be that.
import words from "./search_words.js";

const INDEX = "search/index.json";
const VERSION = 5; // of that file
const GRAMS = 8; // lists read at most for one query, whatever its length
const READ = 16; // posts read at most for one page: a phrase of common words has many candidates
const MOST = 32; // … and as long as none of them matched: an empty page helps nobody
const STEP = 2; // lists read at a time of a part, rarest first
const FEW = 1; // candidates in a part that are cheaper to read than further lists
const LOOSE = 24; // lists read at most of a part where no post holds every term
const NEAREST = 30; // posts listed then, at most
const LEAST = 0.35; // of the whole weight of a query: a post that holds less is not near
const FIELDS = [1, 6, 3]; // weight of what stands anywhere, in the title, in the head
const [K1, B, USUAL] = [1.2, 0.4, 600]; // BM25; characters of a usual body
const GRADES = 24; // posts of one grade are equally relevant, and the newest comes first
const SLACK = 1.1; // of candidates: a list that rules out fewer is not worth its bytes
const ASKING = new RegExp("怎么办|怎么样|怎么|怎样|咋办|咋|如何|为什么|什么时候|什么|哪里|哪儿|在哪|哪些|" +
  "哪个|有没有|能不能|可不可以|是不是|要不要|会不会|可以|请问|多少|应该|需要|有关|关于|吗|呢|吧|啊|的", "gu");
const WAYS = 6; // to say one query
const CUTS = 3; // of letters into sounds
const SOUND = new RegExp("^(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|" +
  "uan|ai|an|ao|ei|en|er|ia|ie|in|iu|ou|ua|ue|ui|un|uo|a|e|i|o|u)$", "u");
const FORMS = [
  /(?:(\d{4})年)?(\d{1,2})月份?(?:(\d{1,2})[日号]?)?/gu,
  /(\d{4})[\-/.](\d{1,2})(?:[\-/.](\d{1,2}))?/gu,
  /(?<![\d\-/.])()(\d{1,2})[\-/](\d{1,2})(?![\d\-/.])/gu,
  /(?<!\d)(20\d{2})([01]\d)([0-3]\d)(?!\d)/gu,
];
const groups = words.split("\n").map((line) => line.split(" ").filter(Boolean));
const BETWEEN = /[\p{P}\p{S}\p{Z}]+/u;
const NUMBER = /(?:^|\/)(\d{4}-\d{4}-[^/]+)$/u; // 索引号, the organisation's code before it or not
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const MORE = "!#$%&'()*,-.:;<=>?@[]^_`{|}";
const WIDTHLESS = "\\u00ad\\u034f\\u180e\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2064" +
  "\\u2066-\\u206f\\ufe00-\\ufe0f\\ufeff\\u{e0100}-\\u{e01ef}";
const ZERO_WIDTH = new RegExp(`[${WIDTHLESS}]+`, "gu");
const SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/gu;
const OTHER = /[^\u4e00-\u9fff]+/gu; // common Han characters fold to themselves and combine with nothing
const CHEROKEE = /[\u13a0-\u13ff\uab70-\uabbf]/gu; // the one script that folds to capitals
// A character with all that may combine with it: folding piece by piece then loses nothing.
const PIECE = new RegExp(`[^][\\p{M}\\uff9e\\uff9f\\u1160-\\u11ff${WIDTHLESS}]*`, "gu");

// ---- text: twins of normalise, squeeze, shard_of and encode in search.py ----
const fold = (character) => character === "\u0131" ? character
  : Array.from(character.toLowerCase().toUpperCase(), (c) => c.toLowerCase()).join("");

function normalise(text) {
  const folded = Array.from(text.replace(ZERO_WIDTH, "").normalize("NFKC"), fold).join("");
  return folded.replace(CHEROKEE, (c) => c.toUpperCase()).normalize("NFKC");
}

const squeezed = new Map(); // commas, full stops and small numbers come again and again
function squeezeOther(text) {
  if (!squeezed.has(text)) squeezed.set(text, normalise(text).replace(SPACE, ""));
  return squeezed.get(text);
}

const squeeze = (text) => text.replace(OTHER, squeezeOther);

function shardOf(key, shards) {
  let value = 0x811c9dc5;
  for (const c of key) value = Math.imul(value ^ c.codePointAt(0), 0x01000193);
  value >>>= 0;
  return ((value ^ (value >>> 15)) >>> 0) % shards;
}

function decode(code) {
  const numbers = [];
  if (code.startsWith("~")) {
    for (let at = 1; at < code.length; at += 1) {
      const six = DIGITS.indexOf(code[at]);
      for (let bit = 0; bit < 6; bit += 1) {
        if (six & (32 >> bit)) numbers.push((at - 1) * 6 + bit);
      }
    }
    return numbers;
  }
  let [last, high] = [-1, 0];
  for (const c of code) {
    const digit = DIGITS.indexOf(c);
    if (digit < 0) {
      high = high * MORE.length + MORE.indexOf(c) + 1;
    } else {
      numbers.push((last += high * 64 + digit + 1));
      high = 0;
    }
  }
  return numbers;
}

// ---- index: files, lists, candidates ----
const files = new Map(); // URL → promise of its content: what was read once needs no network
const root = new URL("../", import.meta.url);

function load(path, options) {
  const url = new URL(path, root).href;
  if (!files.has(url)) {
    const early = path === INDEX && window.sanshenIndex; // of search_index.js, once
    if (early) window.sanshenIndex = null;
    const answer = (early || fetch(url, options)).then((response) => {
      if (!response.ok) throw new Error(`${response.status} ${url}`);
      return path.includes(".json") ? response.json() : response.text();
    });
    answer.catch(() => files.delete(url));
    files.set(url, answer);
  }
  return files.get(url);
}

const loadPart = (part, path) =>
  load(`search/${part.id}/${path}?v=${part.digest.slice(0, 12)}`);

async function listsOf(part, key) {
  const name = shardOf(key, part.shards).toString(16);
  const lines = `\n${await loadPart(part, `s/${name}.txt`)}`;
  const at = lines.indexOf(`\n${key}`) + 1;
  return at ? lines.slice(at + key.length, lines.indexOf("\n", at)).split(" ") : [""];
}

function intersect(codes, docs) {
  const seen = new Uint8Array(docs);
  codes.forEach((code, turn) => {
    for (const number of decode(code)) if (seen[number] === turn) seen[number] += 1;
  });
  return seen;
}

const pairs = (text) => {
  const letters = Array.from(text);
  return letters.slice(1).map((letter, at) => letters[at] + letter);
};

// One way to say a query: texts that a post holds all of, and days one of whose forms is its own.
function wording(terms, days = []) {
  const rounds = [[], []]; // pairs that cover the terms, then the pairs between those
  for (const term of terms) {
    pairs(term).forEach((pair, at, all) => rounds[at % 2 && at + 1 < all.length ? 1 : 0].push(pair));
  }
  const grams = [...new Set(rounds.flat())].slice(0, GRAMS);
  const exact = terms.length <= GRAMS && terms.every((term) => Array.from(term).length === 2);
  return { terms, days, grams, exact };
}

// Terms parted by white space must all occur; single characters stand together as one term.
function understand(query) {
  const words = normalise(query).split(SPACE).filter(Boolean);
  const long = words.filter((word) => Array.from(word).length > 1);
  const terms = long.length ? [...new Set(words)] : [words.join("")];
  const said = combined(terms.map((term) => [...asDay(term), ...inOtherWords(term)]));
  const ways = [wording(terms), ...said.filter((way) => way.some(({ text }, at) => text !== terms[at]))
    .map((way) => wording(way.map(({ text }) => text).filter(Boolean), way.flatMap(({ days }) => days ?? [])))];
  const numbers = terms.filter((term) => NUMBER.test(term));
  const exact = ways.every((way) => way.exact);
  const marks = [...new Set(ways.flatMap((way) => way.terms))];
  const spoken = terms.every(isLatin);
  return { terms, ways, loose: loosely(terms), exact, numbers, grams: ways[0].grams, marks, spoken };
}

// Every choice of one from each list, few of many.
const combined = (lists) => lists.reduce((made, list) => (
  made.flatMap((one) => list.map((next) => [...one, next])).slice(0, WAYS)), [[]]);

// The term, and what it is called otherwise or was meant to be.
function inOtherWords(term) {
  const group = groups.find((words) => words.some((word) => term.includes(word)));
  const word = group?.filter((each) => term.includes(each)).sort((a, b) => b.length - a.length)[0];
  const others = (group ?? []).filter((each) => each !== word && !term.includes(each)).slice(0, 3);
  return [term, ...others.map((other) => term.replace(word, other))].map((text) => ({ text }));
}

const arabic = (text) => text.replace(/[一二三四五六七八九十]+(?=[月日号])/gu, (word) => {
  const digit = (sign) => Math.max("零一二三四五六七八九".indexOf(sign || "零"), 0);
  const [tens, ones] = word.includes("十") ? word.split("十") : ["零", word];
  return String((tens ? digit(tens) : 1) * 10 + digit(ones));
});

// Days and months of a text, however they are written, as the index writes them: 2026-11-05,
// 11-05, 2026-11 or 11.
const daysIn = (text) => FORMS.flatMap((form) => Array.from(arabic(text).matchAll(form),
  ([, ...numbers]) => numbers.filter(Boolean).map((each) => each.padStart(2, "0")).join("-")));

// A term that is a day, as one of those and as posts write it.
function asDay(term) {
  if (!term || !FORMS.some((form) => arabic(term).replace(form, "") === "")) return [];
  const [day] = daysIn(term);
  const [month, date] = day.split("-").slice(-2).map(Number);
  const text = /^\d+-\d+$|-\d+-/u.test(day) && month < 13 ? [{ text: `${month}月${date}日` }] : [];
  return [{ text: "", days: [day] }, ...text];
}

// Latin letters without tones, and `ü` as `u`.
const letters = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/v/gu, "u")
  .replace(/(?<=[a-z])[1-5]/gu, "").replace(/['’·-]/gu, "");
const isLatin = (term) => /^[a-z]{2,}$/u.test(letters(term));

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

// Keys of what pinyin may stand for: sounds that follow one another, or first letters.
function heard(text) {
  const keys = cuts(text.slice(0, 60)).filter((sounds) => sounds.length > 1)
    .map((sounds) => sounds.slice(1).map((sound, at) => keyOf("sound", `${sounds[at]} ${sound}`)));
  return text.length < 9 ? [[keyOf("initials", text)], ...keys] : keys;
}

// What most of a query may be held by: its days and the pairs of its words, said in one way or
// another, or what its pinyin stands for.
function loosely(terms) {
  const days = [...new Set(terms.flatMap(daysIn))].map((day) => keyOf("day", day));
  const texts = combined(terms.map(inOtherWords)).map((way) => way.map(({ text }) => text).join(" "));
  const written = [...texts, arabic(texts[0])].map((text) => [...days, ...plain(text).flatMap(pairs)]);
  const latin = terms.filter(isLatin).map(letters);
  const beside = plain(terms.filter((term) => !isLatin(term)).join(" ")).flatMap(pairs);
  const heardOf = latin.length ? [...heard(latin.join("")), ...combined(latin.map(heard)).map((way) => way.flat())] : [];
  const spoken = heardOf.map((keys) => [...keys, ...beside]);
  const ways = (latin.length ? [...spoken, ...(beside.length ? written : [])] : written).slice(0, WAYS);
  const most = Math.max(GRAMS, Math.floor(LOOSE / (ways.length || 1)));
  return ways.map((way) => [...new Set(way)].slice(0, most)).filter((way) => way.length);
}

// What a question is about: its words without those that only ask.
const plain = (term) => term.replace(ASKING, " ").split(BETWEEN).filter(Boolean);

const matched = (seen, count) => seen.filter((number) => number === count).length;

// The pairs worth asking every part for, rarest first: as many as leave hardly more posts of
// the largest part than all of them do. That part alone is asked for all.
async function worthwhile(parts, { grams, exact }) {
  if (grams.length <= STEP) return grams;
  const largest = parts.reduce((one, other) => (other.docs > one.docs ? other : one));
  const read = await Promise.all(grams.map(async (gram) => {
    const [code] = await listsOf(largest, gram);
    return { gram, code, size: decode(code).length };
  }));
  read.sort((one, other) => one.size - other.size);
  const codes = read.map(({ code }) => code);
  const left = codes.map((_, at) => (
    matched(intersect(codes.slice(0, at + 1), largest.docs), at + 1)));
  const enough = left.findIndex((count) => count <= left.at(-1) * SLACK + FEW) + 1;
  return read.map(({ gram }) => gram).slice(0, exact ? codes.length : Math.max(enough, STEP));
}

const keyOf = (field, value) => `\t${field}=${value}\t`;
const narrowing = (filters) => [...["category", "account", "kind"]
  .filter((field) => filters[field]).map((field) => keyOf(field, filters[field])),
...(filters.month ? [keyOf("day", filters.month)] : [])];
const read = (part, keys) => Promise.all(keys.map((key) => listsOf(part, key)));
const worth = (weight, norm = K1) => weight / (weight + norm);

// Number of a post → the weight of the fields in which each of the lists has it.
const weights = (lists, docs, keys = []) => lists.map((codes, index) => {
  const weight = new Uint8Array(docs);
  const fact = /^\t(?:day|initials)=/u.test(keys[index]); // weighs as much as a title
  codes.forEach((code, at) => decode(code).forEach((n) => { weight[n] += FIELDS[fact ? 1 : at]; }));
  return weight;
});

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
  const weighed = weights(lists, part.docs);
  const titles = intersect(lists.map((list) => list[1] ?? ""), part.docs);
  const found = [];
  for (let number = part.docs - 1; number >= 0; number -= 1) {
    if (seen[number] === all.length) {
      const held = weighed.map((weight) => weight[number]);
      const score = held.reduce((sum, weight) => sum + worth(weight), 0) / (held.length || 1);
      const title = titles[number] === lists.length;
      found.push({ part, number, title, score: Math.round(score * GRADES) });
    }
  }
  return found;
}

// The posts that hold most of the pairs, by BM25 over the fields that hold them: the rarer a
// pair, the more it weighs.
async function nearest(parts, ask, filters) {
  const keys = [...new Set(ask.loose.flat())].slice(0, LOOSE);
  ask.loose = ask.loose.map((way) => way.filter((key) => keys.includes(key)));
  const narrow = narrowing(filters);
  const lists = await Promise.allSettled(parts.map(async (part) => (
    Promise.all([read(part, keys), read(part, narrow)]))));
  if (lists.every(failed)) throw lists[0].reason;
  const known = parts.map((part, at) => ({ part, at })).filter(({ at }) => !failed(lists[at]));
  const held = known.map(({ part, at }) => weights(lists[at].value[0], part.docs, keys));
  const posts = known.reduce((sum, { part }) => sum + part.docs, 0);
  const rarity = new Map(keys.map((key, at) => {
    const count = held.reduce((sum, weighed) => sum + weighed[at].filter(Boolean).length, 0);
    return [key, { at, count, idf: Math.log(1 + (posts - count + 0.5) / (count + 0.5)) }];
  }));
  const found = [];
  known.forEach(({ part, at }, index) => {
    const chosen = intersect(lists[at].value[1].map(([code]) => code), part.docs);
    for (let number = part.docs - 1; number >= 0; number -= 1) {
      if (chosen[number] !== narrow.length) continue;
      const scores = ask.loose.map((way) => scored(way.map((key) => rarity.get(key)),
        (each) => worth(held[index][each.at][number])));
      const score = Math.max(...scores);
      if (score >= LEAST * worth(1)) found.push({ part, number, score, way: scores.indexOf(score) });
    }
  });
  found.sort((one, other) => other.score - one.score);
  const least = (found[0]?.score ?? 0) / 2;
  ask.rarity = rarity;
  const lost = parts.filter((_, at) => failed(lists[at])).map(({ year }) => year);
  return [found.filter(({ score }) => score >= least).slice(0, NEAREST)
    .map((each) => ({ ...each, title: false, score: Math.round(each.score * GRADES) })), years(lost)];
}

// The share of a query's weight that a post has; what no post holds weighs a quarter.
function scored(way, share) {
  const whole = way.reduce((sum, { count, idf }) => sum + (count ? idf : idf / 4), 0);
  return way.reduce((sum, each) => sum + (each.count ? each.idf * share(each) : 0), 0) / (whole || 1);
}

// The posts whose index number is a term: they come first, as if their title held it.
async function numberedIn(part, { numbers }, filters) {
  const found = await Promise.all(numbers.map(async (term) => {
    const keys = [keyOf("number", NUMBER.exec(term)[1]), ...narrowing(filters)];
    const lists = (await Promise.all(keys.map((key) => listsOf(part, key)))).map(([list]) => list);
    const seen = intersect(lists, part.docs);
    return decode(lists[0]).filter((number) => seen[number] === lists.length);
  }));
  return found.flat().map((number) => ({ part, number, title: true, score: GRADES }));
}

async function rowOf({ part, number }) {
  const [title, url, date, category, accounts = [], kind, body = "", indexNumber = "", gone, alert = [],
    head = ""] = await loadPart(part, `d/${number}.json`);
  return { title, url, date, category, accounts, kind, body, indexNumber, gone, alert, head };
}

const flatOf = ({ title, head, body }) => [title, head, body].map(squeeze);
const absent = (flat, terms) => terms.filter((term) => !flat.includes(term));
const formsOf = ({ date }) => [date, date.slice(0, 7), date.slice(5), date.slice(5, 7)];

// Those of the terms that are the index number of a post.
const naming = (row, { numbers }) => {
  const own = numbers.length ? squeeze(row.indexNumber) : "";
  return numbers.filter((term) => own.endsWith(term));
};

// BM25 of the texts themselves: how often each unit stands in them, against their length.
function relevance([title, head, body], units) {
  const count = (text, unit) => text.split(unit).length - 1;
  const norm = K1 * (1 - B + (B * body.length) / USUAL);
  const share = ({ unit }) => {
    const [anywhere, named, facts] = FIELDS;
    return worth(anywhere * count(body, unit) + named * count(title, unit) + facts * count(head, unit), norm);
  };
  return Math.round(GRADES * scored(units, share));
}

const failed = ({ status }) => status === "rejected";
const years = (all) => [...new Set(all)].sort();

// What may match, and the years of which nothing is known, because they could not be read.
async function candidates(parts, ask, filters) {
  const ways = await Promise.all(ask.ways.map(async (way) => (
    { ...way, grams: await worthwhile(parts, way).catch(() => way.grams) })));
  const lists = await Promise.allSettled(parts.map((part) => Promise.all([
    numberedIn(part, ask, filters), ...ways.map((way) => candidatesIn(part, way, filters))])));
  if (lists.every(failed)) throw lists[0].reason;
  const lost = parts.filter((_, at) => failed(lists[at])).map(({ year }) => year);
  const known = new Map(); // once each, though number and words may both lead to it
  for (const candidate of lists.flatMap(({ value = [] }) => value.flat())) {
    const key = `${candidate.part.id}/${candidate.number}`;
    if (!(known.get(key)?.score >= candidate.score)) known.set(key, candidate);
  }
  return [[...known.values()], years(lost)];
}

const newest = (one, other) => other.part.year - one.part.year
  || (other.part.id > one.part.id) - (other.part.id < one.part.id) || other.number - one.number;
const best = (one, other) => other.title - one.title || other.score - one.score || newest(one, other);

// A session reads candidates in the order of the answer: those whose title seems to match,
// then the rest, the most relevant first and of the equally relevant the newest. `left` counts
// what may still come, `exact` tells whether all of it will, `lost` which years could not be
// read, `near` that no post holds every term and these hold most; `page` gives the next hits,
// fewer if READ posts did not yield them.
function begin(ask, [found, lost], further = async () => [[], []]) {
  const waiting = found.sort(best), ready = [];
  const session = { ask, left: waiting.length, given: 0, exact: ask.exact, lost, near: false };

  const judge = (candidate, row) => {
    const flat = flatOf(row);
    if (session.near) {
      const units = ask.loose[candidate.way].map((unit) => ({ ...ask.rarity.get(unit), unit }));
      return { candidate: { ...candidate, score: candidate.score + relevance(flat, units) }, row };
    }
    const named = naming(row, ask);
    const fits = ask.ways.map(({ terms, days }) => {
      const rest = terms.filter((term) => !named.includes(term));
      const missing = absent(flat[0], rest);
      const holds = !absent(flat[2], absent(flat[1], missing)).length
        && days.every((day) => formsOf(row).includes(day));
      return { holds, rest, titled: !missing.length };
    }).filter(({ holds }) => holds);
    if (!fits.length) return null; // the lists met, the words do not
    const title = candidate.title && fits.some(({ titled }) => titled);
    const scores = fits.map(({ rest }) => (
      relevance(flat, rest.map((unit) => ({ unit, count: 1, idf: 1 })))));
    return { candidate: { ...candidate, title, score: Math.max(...scores) }, row };
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
      const size = Math.min(Math.max(count - ready.length, session.near ? READ : 4), budget, 50);
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
    if (!session.near && !session.given && !ready.length && !waiting.length && !ask.numbers.length) {
      const [more, missed] = await further();
      ask.marks = [...new Set([...ask.terms.flatMap(plain), ...ask.loose.flat()])];
      Object.assign(session, { near: true, exact: true, lost: years([...session.lost, ...missed]) });
      waiting.push(...more.sort(best));
      await fill(count);
    }
    const hits = ready.splice(0, count);
    session.given += hits.length;
    session.left = waiting.length + ready.length;
    session.exact ||= !waiting.length;
    return hits;
  };
  return session;
}

async function open(query, filters = {}) {
  const ask = understand(query);
  if (!ask.grams.length) return begin(ask, [[], []]); // too short to look up
  const manifest = await load(INDEX, { cache: "no-cache" });
  if (manifest.version !== VERSION) throw new Error(`index version ${manifest.version}`);
  const parts = manifest.parts.filter((p) => !filters.year || String(p.year) === filters.year);
  if (!parts.length) return begin(ask, [[], []]);
  return begin(ask, await candidates(parts, ask, filters), () => nearest(parts, ask, filters));
}

// The text in pieces, its squeezed form, and which piece each unit of that form came from.
function chart(text) {
  const pieces = text.match(PIECE) ?? [];
  const owner = [];
  const flat = pieces.map((piece, index) => {
    const squeezed = squeeze(piece);
    for (let unit = 0; unit < squeezed.length; unit += 1) owner.push(index);
    return squeezed;
  }).join("");
  return { pieces, flat, owner };
}

// Every post that matches, title hits first, then the most relevant, then the newest.
window.sanshenSearch = async (query, filters = {}) =>
  (await open(query, filters)).page(filters.limit ?? Infinity);
Object.assign(window.sanshenSearch, {
  open, root, chart, naming, normalise, squeeze, shardOf, decode,
});
