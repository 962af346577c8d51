// The pages that a text or a code may come from, by the digests of the site; what such a page says of itself.
// Nothing of the question is sent: files are asked for by a few bits of the digests of some of its sentences.
import { wide } from "./authenticity_said.js";
import { LONGEST, compare } from "./authenticity_compare.js";
import { issued } from "./authenticity_text.js";
import { codeOf, phraseOf, typed } from "./authenticity_codes.js";
import { readings } from "./authenticity_wraps.js";

export const root = new URL("../", import.meta.url);
const FOLDER = new URL("authenticity/", root);
const [KEPT, GRAM, SENTENCE, ROWS] = [4, 4, 6, 64];
const AT_ONCE = 8; // shards of every part that one round asks for
const ROUNDS = 3;
const MOST = 5; // posts that are opened
const END = /[。！？；!?;\n]+|\.(?![0-9A-Za-z])/u;
const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let value = n;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

export function crc32(text) {
  let value = -1;
  for (const byte of new TextEncoder().encode(text)) value = TABLE[(value ^ byte) & 255] ^ (value >>> 8);
  return (value ^ -1) >>> 0;
}

const asked = new Map(); // address → what came
let bytes = 0;
export const read = () => bytes; // bytes of digests asked for so far

export function get(path, base = FOLDER) {
  const { href } = new URL(path, base);
  if (!asked.has(href)) {
    asked.set(href, fetch(href, { cache: "no-cache" }).then(async (answer) => {
      if (!answer.ok) throw new Error(href);
      const text = await answer.text();
      if (href.startsWith(FOLDER.href)) bytes += text.length;
      return text;
    }).catch((error) => { asked.delete(href); throw error; }));
  }
  return asked.get(href);
}

export const index = async () => JSON.parse(await get("index.json"));

// ---- keys ----
const letters = (text) => (text.match(/[0-9A-Za-z\u4e00-\u9fff]+/gu) ?? []).join("");
const sentences = (text) => wide(text).split(END).map(letters).filter(({ length }) => length >= SENTENCE);

function gramsOf(text) {
  const han = (text.match(/[\u4e00-\u9fff]+/gu) ?? []).join("");
  return Array.from({ length: Math.max(0, han.length - GRAM + 1) }, (_, at) => crc32(han.slice(at, at + GRAM)));
}

const spread = (list, most) =>
  list.filter(
    (_, n) => list.length <= most || Math.floor(((n + 1) * most) / list.length) > Math.floor((n * most) / list.length),
  );

// Keys in the order in which shards are asked for, by all of the text at a time: sentences and signs in turn.
function keysOf(text) {
  const whole = [...new Set([...sentences(text), ...sentences(text.replace(/\s+/gu, ""))])].map(crc32);
  const all = gramsOf(text);
  const few = all.length > 60 ? all.filter((key) => key % KEPT === 0) : all;
  const most = AT_ONCE * ROUNDS;
  const [a, b] = [spread(whole, most / 2), spread(few, most)];
  const turns = [];
  for (let n = 0; n < ROUNDS; n += 1) {
    const of = (list) => list.filter((_, at) => at % ROUNDS === n);
    turns.push([...of(a), ...of(b)].slice(0, AT_ONCE));
  }
  return { turns, weights: new Map([...all.map((key) => [key, 1]), ...whole.map((key) => [key, 5])]) };
}

async function shardOf(part, number) {
  const lines = (await get(`${part.id}/s/${number.toString(16)}.txt`)).split("\n");
  return new Map(lines.map((line) => [line.slice(0, 5), line.slice(6)]));
}

const place = (part, key) => [(key >>> 2) % part.shards, (key >>> 12).toString(16).padStart(5, "0")];

async function rowsOf(part, numbers) {
  return Promise.all(numbers.map(async (number) => {
    const rows = JSON.parse(await get(`${part.id}/d/${Math.floor(number / ROWS).toString(16)}.json`));
    const [url, revision, present] = rows[number % ROWS];
    return { url, revision, present };
  }));
}

// Versions of the key of a code or phrase.
export async function versionsOf(words) {
  const key = crc32(`\t${words}`);
  const { parts } = await index();
  const found = await Promise.all(parts.map(async (part) => {
    const [shard, name] = place(part, key);
    const numbers = (await shardOf(part, shard)).get(name);
    return numbers ? rowsOf(part, numbers.split(",").map((number) => parseInt(number, 16))) : [];
  }));
  return found.flat();
}

// Rows of the versions that share most with a text, the likeliest first.
export async function candidates(text) {
  const { parts } = await index();
  const { turns, weights } = keysOf(text);
  const scores = new Map(); // "part number" → points
  const done = new Set();
  for (const turn of turns) {
    await Promise.all(parts.map(async (part) => {
      const shards = new Set(turn.map((key) => place(part, key)[0]));
      await Promise.all([...shards].filter((shard) => !done.has(`${part.id} ${shard}`)).map(async (shard) => {
        done.add(`${part.id} ${shard}`);
        const rows = await shardOf(part, shard);
        for (const [key, weight] of weights) {
          const [own, name] = place(part, key);
          const numbers = own === shard && rows.get(name)?.split(",");
          for (const number of numbers || []) {
            const id = `${parts.indexOf(part)} ${number}`;
            scores.set(id, (scores.get(id) ?? 0) + weight * (weight > 1 ? 1 : 1 / Math.sqrt(numbers.length)));
          }
        }
      }));
    }));
    if (text.length < 400 && Math.max(0, ...scores.values()) >= 15) break;
  }
  const best = [...scores].sort((a, b) => b[1] - a[1]).slice(0, 2 * MOST);
  const rows = await Promise.all(best.map(async ([id, score]) => {
    const [part, number] = id.split(" ");
    const [row] = await rowsOf(parts[part], [parseInt(number, 16)]);
    return { ...row, score };
  }));
  const posts = [...new Set(rows.map(({ url }) => postOf(url)))].slice(0, MOST);
  return rows.filter(({ url }) => posts.includes(postOf(url)));
}

export const postOf = (url) => url.replace(/^.*posts\/\d{4}\//u, "").replace(/(\.r\d+)?\/?$/u, "");

// ---- the page of a version ----
const BLOCK =
  "tr, p, li, h1, h2, h3, h4, h5, h6, figcaption, caption, summary, dt, dd, pre, blockquote, div, section, aside, "
  + "td, th";
const SILENT = "script, style, template, [data-sanshen-do=pause]"; // 暂停 says much beside a notice
const TOOLS = ".sn-tools, .sn-call, .sn-advice__more, .sn-changed, .external-mark, [download]";
const NOT = `${TOOLS}, ${SILENT}, noscript`;
const ADDRESS = /https?:\/\/[!-~]+/gu;
const EARLIER = ".sn-change__side:first-child > :not(.sn-change__label)"; // what a correction says was wrong
const ARTICLE = ".sn-article, article:not(:has(.sn-article))"; // that of a withdrawn notice says only that it is
const SIGNED = ["title", "lead", "body", "alert", "advice", "corrections"];
const NOTICE = [".sn-gone", ...SIGNED.map((name) => `[data-signed=${name}]`)].join(", ");
const OTHER = /posts\/\d{4}\/[^/]{3,}\/$/u;

function blocksOf(area, body, frame, free = false) {
  const blocks = [];
  let last;
  const walker = area.ownerDocument.createTreeWalker(area, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.nodeType === 1) {
      if (node.tagName === "IMG" && node.alt) blocks.push([node.alt, false, 0, frame?.(node), false, { twice: true }]);
      if (node.tagName === "IMG" || node.tagName === "BR") last = null;
      continue;
    }
    if (!node.data.trim() || node.parentElement.closest(frame ? SILENT : NOT)) continue;
    const held = (part) => node.parentElement.closest(part);
    const block = held(".ai-mark") ?? held(frame ? "a, button" : "tr") ?? held(BLOCK) ?? node.parentElement;
    const cell = node.parentElement.closest("td, th");
    if (last?.block === block) {
      blocks.at(-1)[0] += (last.cell === cell ? "" : "\t") + node.data;
    } else {
      const core = Boolean(body?.contains(node)) && !/^(H\d|FIGCAPTION|CAPTION|SUMMARY|SPAN)$/u.test(block.tagName);
      const list = block.closest("li")?.parentElement;
      const number = list?.tagName === "OL" ? list.start + [...list.children].indexOf(block.closest("li")) : 0;
      const more = { free: free || !held(NOTICE), twice: Boolean(held("figcaption")), table: frame ? null : block.closest("table") };
      blocks.push([node.data, core, number, frame?.(node), Boolean(held(EARLIER)), more]);
    }
    last = { block, cell };
  }
  return blocks;
}

const words = (page, part) => page.querySelector(part)?.textContent.replace(/\s+/gu, " ").trim() ?? "";

// What stands on a page before a notice and after it, which is copied along with it: blocks for `issued`, those before
// and those after. The title of another notice says nothing here but where its link stands.
function frameOf(page, address, links) {
  const body = page.body.cloneNode(true);
  const article = body.querySelector(ARTICLE);
  article.replaceChildren(...article.querySelectorAll(TOOLS));
  const blocks = blocksOf(body, null, (node) => {
    const link = node.data && node.parentElement.closest("a[href]");
    const { href } = link ? new URL(link.getAttribute("href"), address) : address;
    const title = OTHER.test(href) && !href.startsWith(address) && link.textContent.trim() === node.data.trim();
    const after = article.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING;
    const cell = Boolean(node.parentElement.closest("td, th")); // what it says depends on the one before
    return { zone: article.contains(node) ? "within" : after ? "after" : "before", title, cell };
  });
  const short = (raw) => raw.replace(ADDRESS, (one) => (links.includes(one) ? "" : one)); // they are passed over
  const plain = blocks.map(([raw, ...rest]) => [short(raw), ...rest]);
  return (zone) => plain.filter((block) => block[3].zone === zone);
}

// What the page of a version says: its sentences, and all that an answer shows.
export async function opened({ url, revision, present }) {
  const address = new URL(url, root);
  if (!address.href.startsWith(root.href)) throw new Error(url); // digests of another archive
  const page = new DOMParser().parseFromString(await get(address.href), "text/html");
  const signed = (name) => page.querySelector(`[data-signed="${name}"]`);
  const [article, body] = [page.querySelector(ARTICLE), signed("body")];
  const free = ["carried", "meta", "number"].map(signed).filter(Boolean)
    .flatMap((part) => blocksOf(part, null, null, true));
  const lead = page.querySelector("meta[name=description]")?.content ?? "";
  const known = [...page.querySelectorAll("[data-signed=byline] time, [data-signed=carried] .sn-when")].flatMap(
    ({ textContent }) => {
      const [, y, m, d] = /(\d{4})-(\d\d)-(\d\d)/u.exec(textContent) ?? [];
      return [textContent.trim(), `${y}-${m}-${d}`, `${y}年${m}月${d}日`, `${y}年${+m}月${+d}日`];
    },
  );
  known.push(...words(page, "[data-signed=byline]").split(" ").filter((word) => word.length > 1));
  const changed = Array.from(page.querySelectorAll(".sn-changed, [data-earlier] p"), (one) => one.textContent.trim());
  const blocks = article ? blocksOf(article, body) : [[words(page, "h1"), false, 0]];
  window.sanshenStates?.(page); // a copy of the page says whether a warning is in force, as the page does now
  if (signed("alert")) blocks.push(...blocksOf(signed("alert")));
  const links = Array.from(
    page.querySelectorAll("link[rel=canonical], a[href]"),
    (link) => new URL(link.getAttribute("href"), address).href,
  );
  const frame = article ? frameOf(page, address, links) : () => [];
  return {
    url,
    revision,
    present,
    post: postOf(url),
    address: address.href,
    page,
    known,
    shown: true, // the page shows this very version
    gone: !body,
    title: words(page, "h1"),
    sentences: issued([...frame("before"), ...blocks, [lead, false, 0], [page.title, false, 0, undefined, false, { free: true }], ...changed.map((one) => [one, false, 0]), ...free,
      ...frame("within"), ...frame("after")]),
    links,
    tags: Array.from(signed("meta")?.querySelectorAll("a[href*='tags/']") ?? [], ({ textContent }) =>
      textContent.trim(),
    ),
    byline: words(page, "[data-signed=byline]"),
    unit: words(page, ".sn-byline > span"),
    validity:
      Array.from(
        page.querySelectorAll(".sn-meta th"),
        (head) => head.textContent === "有效性" && head.nextElementSibling.textContent.trim(),
      ).find(Boolean) ?? "",
    steps: Array.from(signed("steps")?.querySelectorAll("tbody tr") ?? [], (row) =>
      [0, 1, 2].map((n) => row.children[n]?.textContent.trim() ?? ""),
    ),
    changed,
    turns: page.querySelector("[data-signed=alert] [data-turns]")?.dataset.turns ?? "",
    digest: words(page, "[data-signed=digest]"),
    pictures: Array.from(
      page.querySelectorAll(".sn-article img, .sn-article video[poster]"), // a film is known by its poster
      (one) => one.getAttribute("poster") ?? one.getAttribute("src"),
    ),
    refuting: page.querySelector(".sn-like a[href*='kinds/rumor/']") !== null,
  };
}

// The pages of a post: the present version, then the earlier ones that readers saw. A picture or a code to scan leads
// to the page alone: then the present version is at least one more than the last of those, for none of them may pass
// for it.
async function versionsAt({ url, present: least }) {
  const now = await opened({ url, revision: least, present: least });
  const links = Array.from(now.page.querySelectorAll(".sn-versions a"), (link) => link.getAttribute("href"));
  const earlier = links.map((link) => Number(/\.r(\d+)\/$/u.exec(link)?.[1])).filter(Boolean);
  const present = Math.max(least, ...earlier.map((revision) => revision + 1));
  const before = earlier.map((revision) => opened({ url: url.replace(/\/$/u, `.r${revision}/`), revision, present }));
  return [{ ...now, revision: present, present }, ...await Promise.all(before)];
}

async function allVersions(rows) {
  const pages = new Map(); // url → the row that names the newest version
  for (const row of rows) if (!(pages.get(row.url)?.present >= row.present)) pages.set(row.url, row);
  return (await Promise.all([...pages.values()].map(versionsAt))).flat();
}

// ---- pages that list notices ----
const MOST_LISTS = 24;
const LISTS = "header a, nav a, .md-path a, .sn-like a"; // where a page of a post leads to them

// What such pages say, line by line, as versions: `frame.entry` is the address of the notice that a title leads to.
async function listsOf(versions) {
  const all = versions.flatMap(({ page, address }) => (
    Array.from(page.querySelectorAll(LISTS), (link) => new URL(link.getAttribute("href"), address))));
  const pages = [...new Set([root, ...all].map(({ origin, pathname }) => origin + pathname))];
  const own = pages.filter((url) => url.startsWith(root.href) && url.endsWith("/") && !OTHER.test(url)).slice(0, MOST_LISTS);
  const made = await Promise.all(own.map(listed));
  return made.filter(({ sentences }) => sentences.some(({ frame }) => frame.entry));
}

const LISTED = new Map(); // address → what that page says while a text is looked at: each of its readings asks

async function listed(url) {
  const html = await get(url);
  if (!LISTED.has(url)) {
    const page = new DOMParser().parseFromString(html, "text/html");
    window.sanshenStates?.(page);
    const blocks = blocksOf(page.body, null, (node) => {
      const href = new URL(node.parentElement.closest("a")?.getAttribute("href") ?? "", url).href;
      return { zone: "list", entry: OTHER.test(href) && href };
    });
    LISTED.set(url, { url, post: url, address: url, page, list: true, title: words(page, "h1"), sentences: issued(blocks) });
  }
  return LISTED.get(url);
}

// ---- texts ----
// Versions that a text may come from, and those of pages that are known.
export async function versionsFor(text, pages = []) {
  const rows = [...await candidates(text), ...pages.map((url) => ({ url, revision: 1, present: 1 }))];
  return allVersions(rows.map(({ url, ...row }) => ({ ...row, url: url.replace(/\.r\d+\/$/u, "/") })));
}

const COMMON = new TextDecoder("gbk"); // GB/T 2312 is its first half: no sign of it is of traditional script alone

// How signs are compared with a text: one in traditional script as simple ones, its own and those that were issued,
// whose 著, 后 and 了 may stand for two; of any other text each sign as it is.
async function foldingOf(text) {
  if (!/[\u4e00-\u9fff]/u.test(text)) return (sign) => sign;
  try {
    const { default: table } = await import("./search_traditional.js");
    if (!Array.from(text).some((sign) => table.has(sign) && !BOTH.has(sign))) return (sign) => sign;
    const simple = new Map([...table, ...ALSO]);
    return (sign) => simple.get(sign) ?? sign;
  } catch {
    return (sign) => sign;
  }
}

const BOTH = new Set(Array.from(COMMON.decode(Uint8Array.from({ length: 72 * 94 * 2 },
  (_, at) => (at % 2 ? 161 + ((at - 1) / 2) % 94 : 176 + Math.floor(at / 188))))));
const ALSO = "着著 后後 复覆 了瞭 借藉 沉沈 苏甦 烟菸 檐簷 卫衞 只祇 背揹 痹痺 布佈 升昇".split(" ").map(([simple, other]) => [other, simple]);

// Answers from the best on.
const ISSUED = ["whole", "several", "excerpt"];
const RANKS = [...ISSUED, "beside", "withdrawn", "differs", "joined", "none", "short"];

const better = (a, b) => (RANKS.indexOf(b.result) < RANKS.indexOf(a.result) ? b : a);

export async function askText(text, names) {
  const answers = [];
  LISTED.clear(); // states of warnings change
  for (const all of readings(text.replace(/\r\n?/gu, "\n"))) {
    answers.push({ ...await askOne(all.slice(0, LONGEST), names), cut: /\S/u.test(all.slice(LONGEST)) });
    if (ISSUED.includes(answers.at(-1).result)) break; // no other says more
  }
  return answers.reduce(better);
}

async function askOne(given, names) {
  const folded = await foldingOf(given);
  const plain = Array.from(given, folded).join("");
  const versions = await allVersions(await candidates(plain));
  const signsOf = (one) => ({ ...one, flat: one.flat.map(folded) });
  const alike = (some) => some.map((version) => ({
    ...version,
    sentences: version.sentences.map((one) => ({ ...signsOf(one), others: one.others.map(signsOf) })),
  }));
  const first = compare(plain, alike(versions), names);
  const posts = new Set(first.parts.flatMap(({ version }) => version?.post ?? []));
  const lists = posts.size > 1 && !ISSUED.includes(first.result) ? await listsOf(versions) : [];
  const answer = lists.length ? better(first, compare(plain, alike([...versions, ...lists]), names)) : first;
  const asGiven = (line) => (plain.length === given.length && plain.includes(line)
    ? given.substr(plain.indexOf(line), line.length) : line);
  for (const part of answer.parts) if (!part.version) part.words = part.words.split("\n").map(asGiven).join("\n");
  return answer;
}

// ---- codes ----
// {fault} in words, or {versions}: those that carry all that was typed, as their pages' own digests say.
export async function askCode(text) {
  const { words } = await index();
  const { fault, code, phrase } = typed(text, words);
  if (fault) return { fault, versions: [] };
  const rows = (await Promise.all([code, phrase].filter(Boolean).map(versionsOf))).flat();
  const pages = await allVersions(rows);
  const wanted = [...new Map(rows.map((row) => [`${row.url} ${row.revision}`, row])).values()];
  const versions = wanted.flatMap(({ url, revision, present }) => {
    const own = pages.find((page) => page.post === postOf(url) && page.revision === revision);
    const fits = ({ digest }) =>
      (!code || codeOf(digest) === code) && (!phrase || phraseOf(digest, words).join("") === phrase);
    if (own) return fits(own) ? [own] : [];
    return [{ ...pages.find((page) => page.post === postOf(url)), revision, present, shown: false }];
  });
  return { versions, code, phrase };
}
