// Search of the archive without a server: reads the files that pipeline/site/search.py writes.
// A query's neighbouring characters name posting lists; their intersection is checked against
// the text of the posts about to be shown, so that nothing is listed which does not match.
(() => {
  "use strict";
  if (window.sanshenSearch) return; // instant navigation may run the script again

  const VERSION = 4; // of search/index.json
  const GRAMS = 8; // lists read at most for one query, whatever its length
  const READ = 16; // posts read at most for one page: a phrase of common words has many candidates
  const MOST = 32; // … and as long as none of them matched: an empty page helps nobody
  const STEP = 2; // lists read at a time of a part, rarest first
  const FEW = 1; // candidates in a part that are cheaper to read than further lists
  const SLACK = 1.1; // of candidates: a list that rules out fewer is not worth its bytes
  const NUMBER = /(?:^|\/)(\d{4}-\d{4}-[^/]+)$/u; // 索引号, the organisation's code before it or not
  const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const MORE = "!#$%&'()*,-.:;<=>?@[]^_`{|}";
  const WIDTHLESS = "\\u00ad\\u034f\\u180e\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2064" +
    "\\u2066-\\u206f\\ufe00-\\ufe0f\\ufeff\\u{e0100}-\\u{e01ef}";
  const ZERO_WIDTH = new RegExp(`[${WIDTHLESS}]+`, "gu");
  const SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/gu;
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

  const squeeze = (text) => normalise(text).replace(SPACE, "");

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
  let root = new URL(".", document.baseURI);
  let folder = "search/";

  function load(path, options) {
    const url = new URL(path, root).href;
    if (!files.has(url)) {
      const answer = fetch(url, options).then((response) => {
        if (!response.ok) throw new Error(`${response.status} ${url}`);
        return path.includes(".json") ? response.json() : response.text();
      });
      answer.catch(() => files.delete(url));
      files.set(url, answer);
    }
    return files.get(url);
  }

  const loadPart = (part, path) =>
    load(`${folder}${part.id}/${path}?v=${part.digest.slice(0, 12)}`);

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

  // Terms parted by white space must all occur; single characters stand together as one term.
  function understand(query) {
    const words = normalise(query).split(SPACE).filter(Boolean);
    const long = words.filter((word) => Array.from(word).length > 1);
    const terms = long.length ? [...new Set(words)] : [words.join("")];
    const rounds = [[], []]; // pairs that cover the terms, then the pairs between those
    for (const term of terms) {
      const letters = Array.from(term);
      for (let at = 0; at + 1 < letters.length; at += 1) {
        const round = at % 2 === 0 || at + 2 === letters.length ? 0 : 1;
        rounds[round].push(letters[at] + letters[at + 1]);
      }
    }
    const grams = [...new Set(rounds.flat())].slice(0, GRAMS);
    const exact = terms.length <= GRAMS && terms.every((term) => Array.from(term).length === 2);
    const numbers = terms.filter((term) => NUMBER.test(term));
    return { terms, grams, exact, numbers };
  }

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
  const narrowing = (filters) => ["category", "account"].filter((field) => filters[field])
    .map((field) => keyOf(field, filters[field]));

  async function candidatesIn(part, { grams, exact }, filters) {
    const read = (keys) => Promise.all(keys.map((key) => listsOf(part, key)));
    const narrow = narrowing(filters);
    const lists = [];
    let chosen, all, seen;
    do {
      const step = grams.slice(lists.length, lists.length + STEP);
      const [filtered, more] = await Promise.all([read(narrow), read(step)]);
      chosen = filtered;
      lists.push(...more);
      all = [...chosen, ...lists].map((list) => list[0]);
      seen = intersect(all, part.docs);
    } while (lists.length < grams.length
      && matched(seen, all.length) > (exact ? 0 : FEW));
    const titles = intersect(lists.map((list) => list[1] ?? ""), part.docs);
    const found = [];
    for (let number = part.docs - 1; number >= 0; number -= 1) {
      if (seen[number] === all.length) {
        found.push({ part, number, title: titles[number] === lists.length });
      }
    }
    return found;
  }

  // The posts whose index number is a term: they come first, as if their title held it.
  async function numberedIn(part, { numbers }, filters) {
    const found = await Promise.all(numbers.map(async (term) => {
      const keys = [keyOf("number", NUMBER.exec(term)[1]), ...narrowing(filters)];
      const lists = (await Promise.all(keys.map((key) => listsOf(part, key)))).map(([list]) => list);
      const seen = intersect(lists, part.docs);
      return decode(lists[0]).filter((number) => seen[number] === lists.length);
    }));
    return found.flat().map((number) => ({ part, number, title: true }));
  }

  async function rowOf({ part, number }) {
    const [title, url, date, category, accounts, kind, body, indexNumber, gone, alert] =
      await loadPart(part, `d/${number}.json`);
    return { title, url, date, category, accounts, kind, body, indexNumber, gone, alert };
  }

  const absent = (text, terms) => {
    const flat = terms.length ? squeeze(text) : "";
    return terms.filter((term) => !flat.includes(term));
  };

  // Those of the terms that are the index number of a post.
  const naming = (row, { numbers }) => {
    const own = numbers.length ? squeeze(row.indexNumber) : "";
    return numbers.filter((term) => own.endsWith(term));
  };

  const failed = ({ status }) => status === "rejected";
  const years = (all) => [...new Set(all)].sort();

  // What may match, and the years of which nothing is known, because they could not be read.
  async function candidates(manifest, ask, filters) {
    const parts = manifest.parts.filter((p) => !filters.year || String(p.year) === filters.year);
    if (!parts.length) return [[], []];
    const grams = await worthwhile(parts, ask).catch(() => ask.grams);
    const read = await Promise.allSettled(parts.map((part) => (
      Promise.all([numberedIn(part, ask, filters), candidatesIn(part, { ...ask, grams }, filters)]))));
    if (read.every(failed)) throw read[0].reason;
    const lost = parts.filter((_, at) => failed(read[at])).map(({ year }) => year);
    const known = new Map(); // once each, though number and words may both lead to it
    for (const candidate of read.flatMap(({ value = [] }) => value.flat())) {
      const key = `${candidate.part.id}/${candidate.number}`;
      if (!known.has(key)) known.set(key, candidate);
    }
    const found = [...known.values()];
    found.forEach((candidate, rank) => { candidate.rank = rank; }); // newest first
    return [found, years(lost)];
  }

  // A session reads candidates in the order of the answer: those whose title seems to match,
  // then the rest, each newest first. `left` counts what may still come, `exact` tells
  // whether all of it will, `lost` which years could not be read; `page` gives the next hits, fewer if READ posts did not yield them.
  function begin(ask, [found, lost]) {
    const [titles, others] = [found.filter((c) => c.title), found.filter((c) => !c.title)];
    const ready = [];
    const unread = () => titles.length + others.length;
    const session = { ask, left: unread(), given: 0, exact: ask.exact, lost };
    session.waiting = () => [...titles, ...others]; // what no page has been made of yet

    const judge = (candidate, row) => {
      const named = naming(row, ask);
      const missing = absent(row.title, ask.terms.filter((term) => !named.includes(term)));
      if (absent(row.body, missing).length) return; // the lists met, the words do not
      if (candidate.title && missing.length) {
        candidate.title = false; // matches, though not in the title: takes its turn by date
        others.push(candidate);
        others.sort((a, b) => a.rank - b.rank);
      } else {
        ready.push(row);
      }
    };
    const read = async (count) => {
      const queue = titles.length ? titles : others;
      const batch = queue.slice(0, count);
      const rows = await Promise.allSettled(batch.map(rowOf));
      if (rows.every(failed)) throw rows[0].reason; // they stay in the queue, to be asked for again
      queue.splice(0, batch.length);
      batch.forEach((candidate, at) => {
        if (failed(rows[at])) session.lost = years([...session.lost, candidate.part.year]);
        else judge(candidate, rows[at].value);
      });
      return batch.length;
    };
    session.page = async (count) => {
      let spent = 0;
      while (unread() && ready.length < count) {
        const budget = (count === Infinity ? count : ready.length ? READ : MOST) - spent;
        if (budget <= 0) break;
        const size = Math.min(Math.max(count - ready.length, 4), budget, 50);
        try {
          spent += await read(size);
        } catch (error) {
          if (!ready.length) throw error;
          break; // what was read is shown
        }
      }
      const hits = ready.splice(0, count);
      session.given += hits.length;
      session.left = unread() + ready.length;
      session.exact ||= !unread();
      return hits;
    };
    return session;
  }

  async function open(query, filters = {}) {
    const ask = understand(query);
    if (!ask.grams.length) return begin(ask, [[], []]); // too short to look up
    const manifest = await load(`${folder}index.json`, { cache: "no-cache" });
    if (manifest.version !== VERSION) throw new Error(`index version ${manifest.version}`);
    return begin(ask, await candidates(manifest, ask, filters));
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

  // Where the index is: `base` leads from the page to the site's root, `index` from there on.
  function locate({ base, index }) {
    root = new URL(base || ".", document.baseURI);
    folder = index || "search/";
    return root;
  }

  // Every post that matches, title hits first, then newest first.
  window.sanshenSearch = async (query, filters = {}) =>
    (await open(query, filters)).page(filters.limit ?? Infinity);
  Object.assign(window.sanshenSearch, {
    open, locate, chart, naming, normalise, squeeze, shardOf, decode,
  });
})();
