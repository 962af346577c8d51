// Text as search compares it, and lists as the index writes them: twins of normalise, squeeze,
// shard_of and encode in pipeline/parts/search/index.py.

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

// ---- what a list is worth ----
const FIELDS = [1, 6, 3]; // weight of what stands anywhere, in the title, in the head
export const K1 = 1.2; // BM25
export const worth = (weight, norm = K1) => weight / (weight + norm);
export const rarity = (count, posts) => Math.log(1 + (posts - count + 0.5) / (count + 0.5));

// Number of a post → the weight of the fields in which a list has it; a fact weighs as much as a title.
export function weightsOf(codes, docs, isFact = false) {
  const weights = new Uint8Array(docs);
  codes.forEach((code, at) => decode(code).forEach((n) => { weights[n] += FIELDS[isFact ? 1 : at]; }));
  return weights;
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
