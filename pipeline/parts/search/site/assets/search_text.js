// Text as search compares it, and lists as the index writes them: twins of normalise, squeeze,
// shard_of and encode in pipeline/parts/search/index.py and of sound_of in pinyin.py.
import sounds from "./search_sounds.js";

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const MORE = "!#$%&'()*,-.:;<=>?@[]^_`{|}";
const WIDTHLESS = "\\u00ad\\u034f\\u180e\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2064" +
  "\\u2066-\\u206f\\ufe00-\\ufe0f\\ufeff\\u{e0100}-\\u{e01ef}";
const ZERO_WIDTH = new RegExp(`[${WIDTHLESS}]+`, "gu");
export const SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/gu;
const OTHER = /[^\u4e00-\u9fff]+/gu; // common Han characters fold to themselves and combine with nothing
const CHEROKEE = /[\u13a0-\u13ff\uab70-\uabbf]/gu; // the one script that folds to capitals
// A character with all that may combine with it: folding piece by piece then loses nothing.
const PIECE = new RegExp(`[^][\\p{M}\\uff9e\\uff9f\\u1160-\\u11ff${WIDTHLESS}]*`, "gu");


const fold = (character) => character === "\u0131" ? character
  : Array.from(character.toLowerCase().toUpperCase(), (c) => c.toLowerCase()).join("");

export function normalise(text) {
  const folded = Array.from(text.replace(ZERO_WIDTH, "").normalize("NFKC"), fold).join("");
  return folded.replace(CHEROKEE, (c) => c.toUpperCase()).normalize("NFKC");
}

const squeezed = new Map(); // commas, full stops and small numbers come again and again
function squeezeOther(text) {
  if (!squeezed.has(text)) squeezed.set(text, normalise(text).replace(SPACE, ""));
  return squeezed.get(text);
}

export const squeeze = (text) => text.replace(OTHER, squeezeOther);

export function shardOf(key, shards) {
  let value = 0x811c9dc5;
  for (const c of key) value = Math.imul(value ^ c.codePointAt(0), 0x01000193);
  value >>>= 0;
  return ((value ^ (value >>> 15)) >>> 0) % shards;
}

export function decode(code) {
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

export const pairs = (text) => {
  const letters = Array.from(text);
  return letters.slice(1).map((letter, at) => letters[at] + letter);
};

// The text in pieces, its squeezed form, and which piece each unit of that form came from.
export function chart(text) {
  const pieces = text.match(PIECE) ?? [];
  const owner = [];
  const flat = pieces.map((piece, index) => {
    const squeezed = squeeze(piece);
    for (let unit = 0; unit < squeezed.length; unit += 1) owner.push(index);
    return squeezed;
  }).join("");
  return { pieces, flat, owner };
}


// ---- signs of GB/T 2312: its first 3,755 are sorted by their usual sound ----
const ROW = 94;
const codes = new Uint8Array(72 * ROW * 2);
for (let at = 0; at < codes.length; at += 2) [codes[at], codes[at + 1]] = [176 + Math.floor(at / 2 / ROW), 161 + (at / 2) % ROW];
const signs = new TextDecoder("gbk").decode(codes);
const SORTED = 40 * ROW; // the rows from here on are sorted by radical
let bounds, rareSounds; // made when they are wanted: a page waits for this module
function listen() {
  const [first, rare] = sounds.split("\n\n").map((part) => (
    Array.from(part.matchAll(/([a-z]+)([^a-z\s]+)/gu), ([, sound, those]) => [sound, those])));
  bounds = first.map(([sound, sign]) => [signs.indexOf(sign), sound]);
  rareSounds = new Map(rare.flatMap(([sound, those]) => Array.from(those, (sign) => [sign, sound])));
}

export function soundOf(sign) {
  if (!bounds) listen();
  const at = signs.indexOf(sign);
  if (rareSounds.has(sign) || at < 0 || at >= SORTED) return rareSounds.get(sign) ?? "";
  return bounds.findLast(([from]) => from <= at)?.[1] ?? "";
}

// Sounds that many speakers do not tell apart become one: zh and z, ing and in, n and l.
export const blurred = (sound) => sound.replace(/(?<=^[zcs])h|(?<=n)g$/gu, "").replace(/^l/u, "n");

const SIMPLE = /[乾後徵於麽夥]/u; // traditional ones that GB/T 2312 has too
const isTraditional = (text) => SIMPLE.test(text)
  || (text.match(/\p{Script=Han}/gu) ?? []).some((sign) => !signs.includes(sign));

// Traditional signs as simple ones; the table is asked for where a sign may be one.
export async function simplified(text) {
  if (!isTraditional(text)) return text;
  const { default: simple } = await import("./search_traditional.js");
  return Array.from(text, (sign) => simple.get(sign) ?? sign).join("");
}
