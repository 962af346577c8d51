// Where in a picture there is writing that no line of a reading covers, and what is read there when it is looked at by
// itself.
import { boxOf } from "./authenticity_boxes.js";
import { blurred, greyOf } from "./authenticity_grey.js";
import { codesIn, linesIn } from "./authenticity_read.js";
import { crossings, CROSSES, WINDOW } from "./authenticity_writing.js";

const WIDE = 960; // pixels across it is looked at in
const LARGE = [0.44, 0.18]; // times as small, for large type: fewer of its strokes lie side by side
const LEAST = 5; // windows side by side or below one another that are taken for writing
const MOST = 24; // places that are read by themselves
const PAD = 0.35; // of a line's height around its box that belongs to it
// levels of grey of pale strokes; by which a camera's grain differs; share of a screen's ground without any
const [PALE, GRAIN, EVEN] = [7, 2, 0.75];
const [NEXT, BELOW] = [2 * WINDOW, 14];

// Boxes of writing that `boxes` do not cover, in the picture's pixels: {box, count}, those with most of it first.
export function uncovered(picture, boxes) {
  const fine = uncoveredAt(picture, boxes, Math.min(1, WIDE / picture.width));
  const large = LARGE.flatMap((less) => uncoveredAt(picture, boxes, less * Math.min(1, WIDE / picture.width)));
  return [...fine, ...large.filter(({ box }) => !fine.some((one) => within(box, one.box)))];
}

const within = (a, b) =>
  Math.min(a[2], b[2]) - Math.max(a[0], b[0]) > 0.5 * (a[2] - a[0])
  && Math.min(a[3], b[3]) - Math.max(a[1], b[1]) > 0.5 * (a[3] - a[1]);

// Whether nothing but the ground is around what was read, as on a screen: there the palest writing stands out.
function clean(d, around, free) {
  let [even, all] = [0, 0];
  for (let at = 0; at < d.length; at += 7) {
    if (!free[at]) continue;
    all += 1;
    if (Math.abs(d[at] - around[at]) < GRAIN) even += 1;
  }
  return even > EVEN * all;
}

function uncoveredAt(picture, boxes, scale) {
  const [w, h] = [Math.round(picture.width * scale), Math.round(picture.height * scale)];
  const canvas = new OffscreenCanvas(w, h);
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, 0, 0, w, h);
  const grey = greyOf(pen.getImageData(0, 0, w, h));
  const around = blurred(grey, 4).d;
  const free = new Uint8Array(w * h).fill(1);
  for (const [x0, y0, x1, y1] of boxes) {
    const pad = Math.min(y1 - y0, 80) * PAD;
    const [l, r] = [x0 - 2 * pad, x1 + 2 * pad].map((value) => Math.max(0, Math.min(w, Math.round(value * scale))));
    for (let y = Math.max(0, Math.floor((y0 - pad) * scale)); y < Math.min(h, (y1 + pad) * scale); y += 1)
      free.fill(0, y * w + l, y * w + r);
  }
  const step = clean(grey.d, around, free) ? PALE : undefined;
  const groups = [];
  for (let y = 0; y < h; y += 1) {
    for (let x = 0; x + WINDOW <= w; x += WINDOW) {
      if (
        !free[y * w + x + (WINDOW >> 1)]
        || !free[y * w + x + 4]
        || !free[y * w + x + WINDOW - 4]
        || crossings(grey.d, around, y * w + x, step) < CROSSES
      )
        continue;
      const near = groups.filter((one) => x <= one.r + NEXT && x + WINDOW >= one.l - NEXT && y <= one.b + BELOW);
      const whole = { l: x, r: x + WINDOW, t: y, b: y, count: 1 };
      for (const one of near) {
        Object.assign(whole, {
          l: Math.min(whole.l, one.l),
          r: Math.max(whole.r, one.r),
          t: Math.min(whole.t, one.t),
          count: whole.count + one.count,
        });
        groups.splice(groups.indexOf(one), 1);
      }
      groups.push(whole);
    }
  }
  return groups.filter(({ count, t, b }) => count >= LEAST && b - t >= 3).sort((a, b) => b.count - a.count)
    .map(({ l, t, r, b, count }) => ({ box: [l, t, r, b].map((value) => value / scale), count }));
}

// Lines and codes there, and what is still not covered. `covered`: boxes of lines and pictures; `codes`: those that
// were read.
export async function lookedAt(picture, covered, codes) {
  const boxes = [...covered, ...codes.map(({ corners }) => boxOf(corners))];
  const lines = [];
  const more = [];
  for (const { box } of uncovered(picture, boxes).slice(0, MOST)) {
    const pad = 12;
    const whole = [
      Math.max(0, box[0] - 2 * pad),
      Math.max(0, box[1] - pad),
      Math.min(picture.width, box[2] + 2 * pad),
      Math.min(picture.height, box[3] + pad),
    ];
    const [wide, high] = [whole[2] - whole[0], whole[3] - whole[1]];
    const found =
      wide < 2 * high && high < 2 * wide && wide > 40
        ? await codesIn(picture, whole, Math.max(1, Math.min(4, 400 / wide)))
        : [];
    more.push(...found);
    if (found.length) continue;
    for (const [mode, method, scale] of [
      [6, 0, 1.4],
      [6, 2, 1],
    ])
      lines.push(await linesIn(picture, whole, scale, { mode, method }));
  }
  return { lines, codes: more };
}
