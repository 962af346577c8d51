// Whether any block of a picture that is laid over the issued one shows something else.
import { blurred, covariance, flat, resized } from "./authenticity_grey.js";
import { agreement, laidAll, scaledFor } from "./authenticity_ways.js";

const SHIFTS = [-2, -1, 0, 1, 2];
const PART = 0.6; // of a pixel
const REST = 25; // grey levels that a block of something else is off by, at least
const RATIO = 0.5; // of what stands out in it
const SMALL = [900, 0.6]; // pixels across, below which strokes are so thin that it is this much
const FITS = 0.1; // of what stands out, below which a block is not tried beside its place
const WRITTEN = 20; // grey levels by which something stands out in a block
// ratio by which half of such blocks are off in a picture too blurred or noisy to show that a figure was changed
export const NOISE = 0.17;
const EVEN = 4; // levels by which a ground varies at most that is looked at for pale strokes
const STROKE = 3; // pixels on each side of a stroke; a shadow's edge is wider
const FAINT = 4; // levels that strokes in a block of even ground are off by, at least
const GRAIN = 3; // times as far as such blocks are off in the middle, by grain or the dots of a screen
const ROW = 6; // such blocks, each overlapping the next by half, as a few signs make
const TINT = 32; // levels of colour
const NEUTRAL = 12; // levels of colour of what is white or grey
const SHARPENED = -0.5; // of a blur by one pixel: as much sharper than the published one a copy may be
const DARK = 4; // levels of grey that a camera shows where there is no light
const PALE = 6; // levels of colour by which a print in black and white varies at most
export const CLEAR = 300; // pixels across, below which nobody can read a figure

// What was seen of it in the light of the published one: as bright, as much contrast, and light that falls from a side
// gone. `some`: how much around each pixel was seen.
function relit(sharp, raw, some) {
  const { w, h } = raw;
  const { gain, shift } = agreement(sharp, raw);
  const factor = gain > 0.4 && gain < 6 ? gain : 1;
  const base = factor === gain ? shift : 0;
  const off = blurred(
    { w, h, d: raw.d.map((value, n) => (value === value ? sharp.d[n] - factor * value - base : 0)) },
    Math.round(w / 8),
  );
  return { w, h, d: raw.d.map((value, n) => factor * value + base + off.d[n] / (some[n] || 1)) };
}

// How bright the published one is beside what was seen, place by place: where a shadow lies, all is darker by one
// factor.
function lightOf(sharp, seen) {
  const { w, h } = seen;
  const radius = Math.round(w / 8);
  const known = (from) => blurred({ w, h, d: seen.d.map((value, n) => (value === value ? from.d[n] : 0)) }, radius).d;
  const [mine, theirs] = [known(seen), known(sharp)];
  return mine.map((value, n) => Math.max(0.5, Math.min(6, (theirs[n] + DARK) / (value + DARK))));
}

// The published picture as sharp as the one that was seen: between two of its blurs, by least squares. {made, soft}:
// the radius.
function asSharp(steps, seen, blurs) {
  let best = null;
  for (let n = 0; n + 1 < steps.length; n += 1) {
    const from = steps[n].d;
    const to = steps[n + 1].d;
    let both = 0;
    let own = 0;
    let rest = 0;
    for (let at = 0; at < from.length; at += 1) {
      const value = seen.d[at];
      const change = to[at] - from[at];
      if (value !== value) continue;
      both += (value - from[at]) * change;
      own += change * change;
    }
    const share = Math.max(n ? 0 : SHARPENED, Math.min(1, both / (own || 1)));
    for (let at = 0; at < from.length; at += 1)
      if (seen.d[at] === seen.d[at]) rest += Math.abs(from[at] + share * (to[at] - from[at]) - seen.d[at]);
    if (!best || rest < best.rest) best = { from, to, share, rest, soft: blurs[n] + share };
  }
  const { from, to, share, soft } = best;
  return { made: { ...seen, d: from.map((value, at) => value + share * (to[at] - value)) }, soft };
}

// A colour without the cast of the light it was seen in: what the published one shows as white or grey has none.
function uncast(colour, grey, tints, sharp, own) {
  let [mine, theirs, some] = [0, 0, 0];
  for (let n = 0; n < sharp.d.length; n += 1) {
    if (
      grey.d[n] !== grey.d[n]
      || sharp.d[n] < 100
      || Math.abs(tints[0].d[n]) > NEUTRAL
      || Math.abs(tints[1].d[n]) > NEUTRAL
    )
      continue;
    mine += grey.d[n] + colour.d[n];
    theirs += sharp.d[n] + tints[own].d[n];
    some += 1;
  }
  const cast = some > 0.02 * sharp.d.length ? Math.max(0.6, Math.min(1.8, theirs / mine)) : 1;
  return { ...colour, d: colour.d.map((value, n) => (grey.d[n] + value) * cast - grey.d[n]) };
}

// Blocks of the published picture that show something else in the given one: [x, y, size]; `bare`: whether nothing
// stands in any of them in the published one, so that something was added; `noise`: how far written
// ones are off in the middle. Blur and shifts are allowed for.
function changesAt(original, query, m, w, corners, blurs) {
  const h = Math.round(w * original[0].h / original[0].w);
  const [sharp, ...tints] = original.map((plane) => resized(plane, w, h));
  const seen = laidAll(query.map((plane) => scaledFor(plane, m, w)), m, w, h, corners);
  const light = lightOf(sharp, seen[0]);
  const [grey, ...colours] = seen.map((plane) => ({ ...plane, d: plane.d.map((value, at) => value * light[at]) }));
  const some = blurred({ w, h, d: grey.d.map((value) => Number(value === value)) }, Math.round(w / 8)).d;
  const toned = colours.map((colour, n) => relit(tints[n], uncast(colour, grey, tints, sharp, n), some));
  const steps = blurs.map((radius) => blurred(blurred(sharp, radius), radius));
  let [T, soft] = [sharp, 0];
  for (let round = 0; round < 2; round += 1) ({ made: T, soft } = asSharp(steps, relit(T, grey, some), blurs));
  const I = relit(T, grey, some);
  const pale = seen
    .slice(1)
    .every((colour, n) => varianceOf(colour) < PALE ** 2 && varianceOf(tints[n]) > 4 * varianceOf(colour));
  const size = Math.max(10, Math.round(w / 60));
  const found = paleWords([sharp, ...tints], T, I, size);
  const ratios = [];
  for (let y = 2; y + size + 2 <= h; y += size >> 1) {
    for (let x = 2; x + size + 2 <= w; x += size >> 1) {
      if (
        [
          [-2, -2],
          [-2, size + 1],
          [size + 1, -2],
          [size + 1, size + 1],
        ].some(([j, i]) => Number.isNaN(I.d[(y + j) * w + x + i]))
      )
        continue;
      const { off, strength } = difference(T, I, x, y, size);
      const tint = Math.max(
        ...toned.map((colour, n) => Math.abs(meanOf(colour, x, y, size) - meanOf(tints[n], x, y, size))),
      );
      const ratio = off / (strength + 10);
      if (strength > WRITTEN) ratios.push(ratio);
      if (
        (off > REST && ratio > (w < SMALL[0] ? SMALL[1] : RATIO))
        || (!pale && tint > TINT * Math.max(1, light[(y + (size >> 1)) * w + x + (size >> 1)]))
      )
        found.push([x, y, size]);
    }
  }
  const bare = found.every(([x, y]) => standsOut(sharp, x, y, size) < EVEN);
  return { w, found, bare, pale, soft: soft / w, noise: middleOf(ratios) };
}

// A noisy picture is looked at once more, smaller, where noise is less; not one that is blurred besides.
export function changes(original, query, m, w, corners) {
  const sharp = changesAt(original, query, m, w, corners, [0, 1, 2]);
  if (sharp.found.length || sharp.noise <= NOISE || w < 1.5 * CLEAR) return sharp;
  return changesAt(original, query, m, Math.round(w / 1.5), corners, [0, 1]);
}

// Blocks of strokes that are off by little, in a row, where what was published is even all around, so that neither blur
// nor a shift explains anything: words of nearly the ground's own colour. Of colours alone there are no strokes: a copy
// keeps them coarse.
function paleWords(published, T, I, size) {
  const { w, h } = I;
  const step = size >> 1;
  const whole = size + 2 * step;
  const places = [];
  for (let y = 0; y + whole <= h; y += step) {
    for (let x = 0; x + whole <= w; x += step) {
      const even = published.every((plane) => standsOut(plane, x, y, whole) < EVEN);
      if (even && !Number.isNaN(meanOf(I, x, y, whole))) places.push((y + step) * w + x + step);
    }
  }
  const fine = flat({ w, h, d: I.d.map((value, at) => (value === value ? value - T.d[at] : 0)) }, STROKE);
  const off = places.map((at) => standsOut(fine, at % w, Math.floor(at / w), size));
  const bar = Math.max(FAINT, GRAIN * middleOf(off));
  const over = new Set(places.filter((_, n) => off[n] > bar));
  const run = (at, by) => (over.has(at) ? 1 + run(at + by, by) : 0);
  const rows = [...over].filter((at) => [step, step * w].some((by) => run(at, by) + run(at, -by) > ROW));
  return rows.map((at) => [at % w, Math.floor(at / w), size]);
}

const middleOf = (values) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

function varianceOf({ d }) {
  const { n, va } = covariance(d, d);
  return va / n;
}

function meanOf({ w, d }, x, y, size) {
  let sum = 0;
  for (let j = y; j < y + size; j += 1) for (let i = x; i < x + size; i += 1) sum += d[j * w + i];
  return sum / size ** 2;
}

// How far a block is off where it fits best, and how much stands out in it. Most blocks fit where they are.
function difference(T, I, x, y, size) {
  const strength = Math.max(standsOut(T, x, y, size), standsOut(I, x, y, size));
  let least = offAt(T, I, x, y, size, 0, 0);
  if (least <= Math.max(FITS * (strength + 10), strength > WRITTEN ? 0 : REST)) return { off: least, strength };
  let [bestX, bestY] = [0, 0];
  for (const dy of SHIFTS) {
    for (const dx of SHIFTS) {
      const off = dx || dy ? offAt(T, I, x, y, size, dx, dy) : least;
      if (off < least) [least, bestX, bestY] = [off, dx, dy];
    }
  }
  return { off: Math.min(least, offBetween(T, I, x, y, size, bestX, bestY)), strength };
}

// How far it is off when it is moved by a part of a pixel besides, as its slopes tell.
function offBetween(T, I, x, y, size, dx, dy) {
  const n = size * size;
  let [e1, e2, xx, xy, yy, xe, ye, sx, sy] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (let j = y; j < y + size; j += 1) {
    for (let at = j * T.w + x, other = (j + dy) * T.w + x + dx, end = at + size; at < end; at += 1, other += 1) {
      const e = T.d[at] - I.d[other];
      const gx = (I.d[other + 1] - I.d[other - 1]) / 2;
      const gy = (I.d[other + T.w] - I.d[other - T.w]) / 2;
      e1 += e;
      e2 += e * e;
      xx += gx * gx;
      xy += gx * gy;
      yy += gy * gy;
      xe += gx * e;
      ye += gy * e;
      sx += gx;
      sy += gy;
    }
  }
  const det = (xx + n) * (yy + n) - xy * xy;
  const within = (value) => Math.max(-PART, Math.min(PART, value));
  const [a, b] = [within(((yy + n) * xe - xy * ye) / det), within(((xx + n) * ye - xy * xe) / det)];
  const squares = e2 - 2 * (a * xe + b * ye) + a * a * xx + 2 * a * b * xy + b * b * yy;
  const sum = e1 - a * sx - b * sy;
  return squares === squares ? Math.sqrt(Math.max(0, squares / n - 0.9 * (sum / n) ** 2)) : Infinity;
}

function offAt(T, I, x, y, size, dx, dy) {
  let [sum, squares] = [0, 0];
  for (let j = y; j < y + size; j += 1) {
    for (let at = j * T.w + x, other = (j + dy) * T.w + x + dx, end = at + size; at < end; at += 1, other += 1) {
      const e = T.d[at] - I.d[other];
      sum += e;
      squares += e * e;
    }
  }
  const n = size * size;
  return squares === squares ? Math.sqrt(Math.max(0, squares / n - 0.9 * (sum / n) ** 2)) : Infinity;
}

function standsOut({ w, d }, x, y, size) {
  let [sum, squares] = [0, 0];
  for (let j = y; j < y + size; j += 1) {
    for (let at = j * w + x, end = at + size; at < end; at += 1) {
      sum += d[at];
      squares += d[at] * d[at];
    }
  }
  const n = size * size;
  return Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2));
}
