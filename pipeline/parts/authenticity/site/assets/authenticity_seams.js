// Halves of lines in a long picture that was put together of screens: what stands at a seam is shown again, whole,
// above or below it.
import { clipped, shared } from "./authenticity_boxes.js";
import { isWell } from "./authenticity_words.js";

const FINE = 14; // pixels of a sign's height that are compared
const FAR = 12; // times a sign's height above and below, where it is looked for
const PARTS = [[0.1, 0.9], [0.1, 0.6], [0.4, 0.9]]; // of a box
const [LEAST, APART] = [5, 0.9]; // rows of a strip; of its height, by which it has to be elsewhere
const [SAME, EACH] = [0.88, 0.7]; // likeness of two strips that are one, and of each sign's width of them
const EMPTY = 60; // levels of grey squared by which a ground differs
const ITS_OWN = 0.6; // of a strip that lines of the notice cover

// Grey of a part of a picture: {w, h, d}.
function greyIn(picture, [x0, y0, x1, y1], scale) {
  const [w, h] = [Math.max(1, Math.round((x1 - x0) * scale)), Math.max(1, Math.round((y1 - y0) * scale))];
  const canvas = new OffscreenCanvas(w, h);
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, x0, y0, x1 - x0, y1 - y0, 0, 0, w, h);
  const { data } = pen.getImageData(0, 0, w, h);
  return { w, h, d: Float32Array.from({ length: w * h }, (_, n) => (
    0.299 * data[4 * n] + 0.587 * data[4 * n + 1] + 0.114 * data[4 * n + 2])) };
}

// How alike two strips of a plane are that begin at these rows and are so many high, between two columns.
function likeness({ w, d }, first, second, high, from = 0, to = w) {
  let [a, b, aa, bb, ab] = [0, 0, 0, 0, 0];
  for (let row = 0; row < high; row += 1) {
    for (let x = from; x < to; x += 1) {
      const [p, q] = [d[(first + row) * w + x], d[(second + row) * w + x]];
      a += p;
      b += q;
      aa += p * p;
      bb += q * q;
      ab += p * q;
    }
  }
  const count = (to - from) * high;
  const [one, other] = [aa - a * a / count, bb - b * b / count];
  if (to - from < w && Math.max(one, other) < EMPTY * count) return 1; // nothing stands in either, between words
  return one * other > 0 ? (ab - a * b / count) / Math.sqrt(one * other) : 0;
}

// Whether every sign of a strip is the same as in the other: one that differs hardly counts in a whole line.
function isSameAll(plane, first, second, high) {
  for (let x = 0; x + FINE / 2 <= plane.w; x += FINE / 2) {
    if (likeness(plane, first, second, high, x, Math.min(plane.w, x + FINE)) < EACH) return false;
  }
  return true;
}

// The part of a box that no well read line covers from above or below.
function bareOf([x0, y0, x1, y1], own) {
  const across = own.filter(({ box }) => Math.min(box[2], x1) - Math.max(box[0], x0) > 0.5 * (x1 - x0));
  const half = (y0 + y1) / 2;
  const above = across.filter(({ box }) => box[3] < half).map(({ box }) => box[3]);
  const below = across.filter(({ box }) => box[1] > half).map(({ box }) => box[1]);
  return [x0, Math.max(y0, ...above), x1, Math.min(y1, ...below)];
}

// Where a strip is shown again, if it is: the box.
function again(plane, area, scale, [x0, y0, x1, y1]) {
  const from = Math.round((y0 - area[1]) * scale);
  const rows = Math.max(LEAST, Math.round((y1 - y0) * scale));
  let best = { like: 0, row: 0 };
  for (let row = 0; row + rows <= plane.h && from + rows <= plane.h; row += 1) {
    if (Math.abs(row - from) < APART * rows) continue;
    const like = likeness(plane, from, row, rows);
    if (like > best.like) best = { like, row };
  }
  const top = area[1] + best.row / scale;
  return best.like >= SAME && isSameAll(plane, from, best.row, rows) ? [x0, top, x1, top + rows / scale] : null;
}

// Whether a line that was read as other words is a strip of one of the notice's own lines, shown twice: the upper or
// the lower part of it, for the seam may run through its box.
export function isShownAgain(picture, { box }, used, typical) {
  const own = used.filter((one) => one.span && !one.twice && isWell(one));
  const [x0, y0, x1, y1] = bareOf(box, own);
  const scale = FINE / typical;
  const area = clipped([x0, y0 - FAR * typical, x1, y1 + FAR * typical], picture);
  const plane = greyIn(picture, area, scale);
  return PARTS.some(([low, high]) => {
    const strip = [x0, y0 + low * (y1 - y0), x1, y0 + high * (y1 - y0)];
    const found = again(plane, area, scale, strip);
    const covered = found ? own.reduce((sum, one) => sum + shared(one.box, found), 0) : 0;
    return found && covered >= ITS_OWN * (found[2] - found[0]) * (found[3] - found[1]);
  });
}
