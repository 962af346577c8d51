// What programs wrap a text in that is copied out of them, undone: strings of JSON, mail as it travels, addresses,
// entities, the source of pages and of Markdown. What they say beside the text stands in lines of its own.
import { TAG } from "./authenticity_said.js";

const BYTES = /(?:[=%][0-9A-F]{2})+/giu;
const MAIL = /(?:[=%][0-9A-F]{2}){3}/iu;
const STRINGS = /\\(?:[nrt"/]|u[0-9a-f]{4})|["']\s*:\s*["'[{\d]/iu;
const NAMED = { n: "\n", r: "\n", t: "\t" };
const BLOCK = /^<\/?(?:p|div|br|section|article|ul|ol|li|h[1-6]|table|thead|tbody|tr|td|th)\b/iu;
const DEEPEST = 3;

function bytesOf(found) {
  const bytes = found.match(/[0-9A-F]{2}/giu).map((one) => parseInt(one, 16));
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(bytes));
  } catch {
    return found;
  }
}

// A string's end and what stands between two strings part lines: whoever writes there says nothing in the text's.
const stringsOf = (text) => text.replace(/(?<!\\)["']/gu, "\n")
  .replace(/\\(?:u([0-9a-f]{4})|(.))/giu, (_, code, sign) => (
    code ? String.fromCharCode(parseInt(code, 16)) : NAMED[sign] ?? sign));

function entityOf(found) {
  const made = new DOMParser().parseFromString(found, "text/html").body.textContent;
  return made === "\u00a0" ? " " : made;
}

function once(text, isString) {
  const mail = MAIL.test(text) ? text.replace(/=\n/gu, "").replace(BYTES, bytesOf) : text;
  const isOne = isString && STRINGS.test(mail);
  const plain = isOne ? stringsOf(mail) : mail.replace(/\\(?=[\n!-/:-@[-`{-~])/gu, "");
  return plain.replace(TAG, (tag) => (BLOCK.test(tag) ? "\n" : tag))
    .replace(/&(?:#\d{1,6}|#x[0-9a-f]{1,5}|[a-z]{2,8}\d{0,2});/giu, entityOf)
    .replace(/<(https?:[^<>\s]+)>/gu, " $1 ");
}

// A text may be wrapped more than once.
function unwrapped(text, isString) {
  let plain = text;
  for (let depth = 0; depth < DEEPEST; depth += 1) plain = once(plain, isString);
  return plain;
}

// What a reader's voice says that something is.
const VOICE = /^(?:(?:标题)?(?:级别)?[一二三四五六\d]级?|标题(?:级别)?\d?|链接|按钮|图[片像]|表格(?:结束)?|列表项?|\d+[行列项](?:\d+列)?|已访问)$/u;

// A text with such words, and short words that stand in it again and again, between blanks, in lines of their own.
function labelled(text) {
  const shapeOf = (word) => word.replace(/[一二三四五六]/u, "");
  const all = text.split(/\s+/u);
  const words = all.filter((word) => /^\p{Script=Han}{2,4}$/u.test(word)).map(shapeOf);
  const isAgain = new Set(words.filter((word, n) => words.indexOf(word) < n));
  const isVoice = all.filter((word) => VOICE.test(word)).length >= VOICES;
  const isOne = (piece = "") => (
    (/^\p{Script=Han}{2,4}$/u.test(piece) && isAgain.has(shapeOf(piece))) || (isVoice && VOICE.test(piece)));
  return text.replace(/[^\s]+(?:[ \t]+[^\s]+)*/gu, (line) => {
    const pieces = line.split(/([ \t]+)/u);
    return pieces.map((piece, n) => {
      if (n % 2 === 0) return piece;
      return isOne(pieces[n - 1]) === isOne(pieces[n + 1]) ? piece : "\n";
    }).join("");
  });
}
const VOICES = 4;

// Lines that lost their ends: all of a page in one, or words that were spoken, without a stop. Blanks end them.
const LONG_LINE = 60;
const unbroken = (text) => text.replace(/[^\n]+/gu, (line) => (
  line.length > LONG_LINE && (line.length > text.length * 0.9 || !/[，。！？；]/u.test(line))
    ? line.replace(/(?<=[^A-Za-z\d]|[A-Za-z\d](?=\s+\p{Script=Han}))[ \u3000]+/gu, "\n") : line));

// What a text may be, the likeliest first: a program that is quoted holds strings, too.
export const readings = (text) => [...new Set([text, unwrapped(text, false), unwrapped(text, true), labelled(text), unbroken(text)])];
