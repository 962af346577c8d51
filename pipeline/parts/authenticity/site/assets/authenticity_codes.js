// The check code and phrase of a version, from the digest that its page shows; codes.py is the twin.
import { wide } from "./authenticity_said.js";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const sumOf = (values) => values.reduce((sum, value, place) => sum + value * (2 * place + 1), 0) % 32;

export function codeOf(digest) {
  const number = BigInt(`0x${digest.slice(0, 10)}`) >> 5n;
  const values = Array.from({ length: 7 }, (_, place) => Number((number >> BigInt(5 * (6 - place))) & 31n));
  const signs = [...values, sumOf(values)].map((value) => ALPHABET[value]).join("");
  return `${signs.slice(0, 4)}-${signs.slice(4)}`;
}

export const phraseOf = (digest, words) =>
  [5, 6, 7, 8].map((byte) => words[parseInt(digest.slice(2 * byte, 2 * byte + 2), 16)]);

// What was typed: {code, phrase} as the digests name them, or {fault} in words.
export function typed(text, words) {
  const plain = wide(text).toUpperCase();
  const code = (plain.match(/[0-9A-Z]/gu) ?? []).join("").replace(/O/gu, "0").replace(/[IL]/gu, "1");
  const han = (plain.match(/[\u4e00-\u9fff]/gu) ?? []).join("").replace(/^(核对码)?(核对词)?/u, "");
  if (!code && !han) return { fault: "请输入核对码（八个字母和数字）或者核对词（四个词）。" };
  if (code && code.length !== 8) return { fault: `核对码是八个字母和数字，这里有 ${code.length} 个，请对照再输一次。` };
  const values = Array.from(code, (sign) => ALPHABET.indexOf(sign));
  if (values.includes(-1)) return { fault: `核对码里没有字母“${code[values.indexOf(-1)]}”，请对照再输一次。` };
  if (code && sumOf(values.slice(0, 7)) !== values[7]) return { fault: "核对码输错了字，或者不是真的核对码，请对照再输一次。" };
  const phrase = han.match(/.{1,2}/gu) ?? [];
  const strange = phrase.find((word) => !words.includes(word));
  if (strange) return { fault: `核对词里没有“${strange}”这个词，请对照再输一次。` };
  if (han && phrase.length !== 4) return { fault: `核对词是四个词，这里有 ${phrase.length} 个，请对照再输一次。` };
  return { code: code && `${code.slice(0, 4)}-${code.slice(4)}`, phrase: phrase.join("") };
}
