// Addresses in a picture, in letters and in codes to scan, against those of the notice's page.
import { pageOf } from "./authenticity_links.js";
import { wide } from "./authenticity_said.js";
import { signsOf } from "./authenticity_words.js";

const [LETTERS, OF_HOST] = [0.7, 0.6]; // of an address in small type, and of its host, that have to be made out
const [WHOLLY, PARTLY] = [93, 0.9]; // of 100, from which on letters are read surely; of a host that is read less so
const SOFTLY = 90; // of 100, below which a host may have letters come in

export const sureOf = (signs) => signs.reduce((sum, { sure }) => sum + sure, 0) / signs.length;

// A line of letters: a recogniser for Chinese loses half of those in small type.
export const latin = ({ signs }) => (
  signs.filter(({ sign }) => /[a-z0-9]/u.test(sign)).length > LETTERS * signs.length
  && signs.filter(({ sign }) => /[a-z]/u.test(sign)).length > 5);

// How many signs two rows have in common, in their order.
function inCommon(own, signs) {
  let row = new Uint16Array(own.length + 1);
  for (const sign of signs) {
    const next = new Uint16Array(own.length + 1);
    for (let n = 1; n <= own.length; n += 1)
      next[n] = own[n - 1] === sign ? row[n - 1] + 1 : Math.max(row[n], next[n - 1]);
    row = next;
  }
  return row[own.length];
}

// Whether it is an address of the page of which letters were lost; one that is read surely is held to it sign by sign.
export function isOwnAddress({ signs }, corpus) {
  const read = signs.map(({ sign }) => sign);
  return sureOf(signs) < WHOLLY && corpus.blocks.some(({ words }) => (
    words.startsWith("http") && inCommon(signsOf(words).signs, read) >= LETTERS * read.length));
}

// Whether signs are a piece of an address of the page, marks aside: a line may be read in pieces, and a stroke between
// two names as 1.
function isOfAddress(read, { blocks }) {
  const bare = read.filter((sign) => !/[.:\-/]/u.test(sign));
  const goesOn = (own, from) => {
    let at = from;
    return bare.every((sign) => {
      if (own[at] === "/" && sign !== "1") at += 1;
      at += 1;
      return own[at - 1] === sign || (own[at - 1] === "/" && sign === "1");
    });
  };
  return blocks.some(({ words }) => {
    const own = words.includes("http") ? addressIn(words) : [];
    return own.some((_, from) => goesOn(own, from));
  });
}

const addressIn = (words) => Array.from(wide(words.slice(words.indexOf("http"))))
  .flatMap((sign) => (sign === "/" ? sign : signsOf(sign).signs));

// Whether an address names a host that is none of the page's: in small type letters may be lost, and few come in.
export function hasStrangeHost({ raw, signs }, corpus) {
  const [, host] = /^(?:[^/.]*\/\/)?([^/.]*\.[^/]*)/u.exec(raw) ?? [];
  if (!host || /[\p{Script=Han}()（）]/u.test(host)) return false; // a sentence in letters
  if (!raw.includes("/") && /^h/iu.test(raw)) return false; // without strokes it is held to a whole address
  const read = signsOf(host).signs;
  if (isOfAddress(read, corpus)) return false;
  const least = sureOf(signs) < SOFTLY ? PARTLY : 1;
  const hosts = corpus.blocks.flatMap(({ words }) =>
    [...words.matchAll(/\/\/([^/\s]+)/gu)].map(([, own]) => signsOf(own).signs),
  );
  return !hosts.some((own) => {
    const same = inCommon(own, read);
    return same >= OF_HOST * own.length && same >= least * read.length;
  });
}

// Whether a place belongs to the name of a host in an address that is printed.
export function inHost(place, corpus) {
  const [, lead, host] = /^(https?:\/\/)([^/]+)/u.exec(corpus.blocks[corpus.block[place]].words) ?? [];
  const at = corpus.at[place] - (lead?.length ?? 0);
  return Boolean(host) && at >= 0 && at < host.length;
}

// Whether a code to scan leads to a page of these versions.
export const leadsTo = ({ words }, versions) => versions.some(({ address, links, url }) => (
  [address, ...links].includes(words) || pageOf(words) === url));
