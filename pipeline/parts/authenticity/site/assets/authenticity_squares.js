// Which of the issued pictures a given one may be, by squares of grey.
import { covariance, resized, sumsOf } from "./authenticity_grey.js";

const SIDE = 12;
const SEEN = 0.6; // likeness in little from which on they are
const STRETCH = 0.3; // logarithm of how much broader or narrower a sheet may be seen than it is
export const FEW = 10; // pictures that are laid over it

function littleOf([, width, height, shades]) {
  const d = Float32Array.from(atob(shades), (sign) => sign.charCodeAt(0));
  return { d, even: evened(d), aspect: width / height };
}

// Squares of grey without the light that falls on them from a side: less the mean of those known within three of each.
// Many thousand windows are looked at: what one of them needs is allocated once.
const [SUMS, COUNTS] = [new Float64Array((SIDE + 1) ** 2), new Float64Array((SIDE + 1) ** 2)];
const within = (table, l, t, r, b) =>
  table[b * (SIDE + 1) + r] - table[b * (SIDE + 1) + l] - table[t * (SIDE + 1) + r] + table[t * (SIDE + 1) + l];
function evened(d, out = new Float32Array(d.length)) {
  for (let n = 0; n < d.length; n += 1) {
    const at = Math.floor(n / SIDE) * (SIDE + 1) + n % SIDE;
    const known = d[n] === d[n];
    SUMS[at + SIDE + 2] = (known ? d[n] : 0) + SUMS[at + SIDE + 1] + SUMS[at + 1] - SUMS[at];
    COUNTS[at + SIDE + 2] = Number(known) + COUNTS[at + SIDE + 1] + COUNTS[at + 1] - COUNTS[at];
  }
  for (let n = 0; n < d.length; n += 1) {
    const x = n % SIDE;
    const y = Math.floor(n / SIDE);
    const l = Math.max(0, x - 3);
    const t = Math.max(0, y - 3);
    const r = Math.min(SIDE, x + 4);
    const b = Math.min(SIDE, y + 4);
    out[n] = d[n] - within(SUMS, l, t, r, b) / (within(COUNTS, l, t, r, b) || 1);
  }
  return out;
}

// Where a picture of this shape may lie in the one that was given, which may show it in a frame or a part of it:
// squares of grey each, NaN outside; and all of it, whatever its shape, where it `fits`: a sheet seen from the side is
// broader or narrower than it is. `cells` are overwritten by the next.
function* windows(query, aspect, least, fits) {
  const [mean, cells] = [sumsOf(query), new Float32Array(SIDE * SIDE)];
  const { w: W, h: H } = query;
  for (let w = least * W; w < 1.45 * W; w *= 1.1) {
    const h = w / aspect;
    if (h > 1.4 * H || h < 24) continue;
    const [dx, dy] = [w / SIDE, h / SIDE];
    const [beyondX, beyondY] = [0.2 * w * (w > 0.7 * W), 0.2 * h * (h > 0.7 * H)];
    for (let y = Math.min(0, H - h) - beyondY; y <= Math.max(0, H - h) + beyondY + 1; y += dy) {
      for (let x = Math.min(0, W - w) - beyondX; x <= Math.max(0, W - w) + beyondX + 1; x += dx) {
        let inside = 0;
        for (let n = 0; n < SIDE * SIDE; n += 1) {
          const l = Math.round(x + (n % SIDE) * dx);
          const t = Math.round(y + Math.floor(n / SIDE) * dy);
          const r = Math.round(x + (n % SIDE + 1) * dx);
          const b = Math.round(y + (Math.floor(n / SIDE) + 1) * dy);
          const whole = l >= 0 && t >= 0 && r <= W && b <= H && r > l && b > t;
          cells[n] = whole ? mean(l, t, r, b) : NaN;
          inside += whole;
        }
        if (inside >= 0.55 * SIDE * SIDE) yield { x: x / W, y: y / W, w: w / W, cells, inside };
      }
    }
  }
  if (fits) yield { x: 0, y: 0, w: 1, cells: resized(query, SIDE, SIDE).d, inside: SIDE * SIDE };
}

// Of length 1 about its mean; 0 where hardly anything stands out.
function unitOf(cells, out = new Float32Array(cells.length)) {
  const { n, a, va } = covariance(cells, cells);
  const length = va / n < 4 ? Infinity : Math.sqrt(va);
  for (let at = 0; at < cells.length; at += 1) out[at] = (cells[at] - a / n) / length;
  return out;
}

function dot(first, second) {
  let sum = 0;
  for (let n = 0; n < first.length; n += 1) sum += first[n] * second[n];
  return sum;
}

function likeness(cells, shades) {
  const { n, va, vb, cov } = covariance(cells, shades);
  return va / n < 4 || vb / n < 4 ? 0 : cov / Math.sqrt(va * vb);
}

// Rows of pictures that may be in a region, the likeliest first: {url, row, like, places}. `lit`: by light that is not
// even.
export function ranked(query, rows, least, lit) {
  const scale = 192 / Math.max(query.w, query.h);
  const small = resized(query, Math.max(12, Math.round(query.w * scale)), Math.max(12, Math.round(query.h * scale)));
  const shapes = new Map();
  for (const row of rows) {
    const { d, even, aspect } = littleOf(row.row);
    const shape = Math.round(Math.log(aspect) / 0.03);
    shapes.set(shape, [
      ...(shapes.get(shape) ?? []),
      { ...row, d: lit ? even : d, unit: unitOf(lit ? even : d), aspect, like: 0, places: [] },
    ]);
  }
  const [evens, units] = [new Float32Array(SIDE * SIDE), new Float32Array(SIDE * SIDE)];
  for (const all of shapes.values()) {
    const fits = Math.abs(Math.log(all[0].aspect * query.h / query.w)) < STRETCH;
    for (const place of windows(small, all[0].aspect, least, fits)) {
      const cells = lit ? evened(place.cells, evens) : place.cells;
      const even = unitOf(cells, units);
      for (const one of all) {
        const like =
          (place.inside === SIDE * SIDE ? dot(even, one.unit) : likeness(cells, one.d))
          * (0.9 + (0.1 * place.inside) / SIDE ** 2);
        if (like < SEEN || (one.places.length === 3 && like <= one.places[2].like)) continue;
        const near = one.places.findIndex(
          (other) =>
            Math.abs(Math.log(other.w / place.w)) < 0.12
            && Math.abs(other.x - place.x) < 0.1 * place.w
            && Math.abs(other.y - place.y) < 0.1 * place.w,
        );
        if (near >= 0 && one.places[near].like >= like) continue;
        if (near >= 0) one.places.splice(near, 1);
        one.places.push({ x: place.x, y: place.y, w: place.w, like });
        one.places.sort((a, b) => b.like - a.like).splice(3);
        one.like = one.places[0].like;
      }
    }
  }
  const found = [...shapes.values()]
    .flat()
    .filter(({ like }) => like >= SEEN)
    .sort((a, b) => b.like - a.like)
    .slice(0, FEW);
  for (const { aspect, places } of found)
    if (Math.abs(Math.log((aspect * query.h) / query.w)) < STRETCH)
      places.push({ x: 0, y: 0, w: 1, h: (aspect * query.h) / query.w });
  return found;
}
