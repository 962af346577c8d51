// An issued picture laid over a given one, better and better.
import { flat, resized, seenFlat } from "./authenticity_grey.js";
import { agreement, laid, laidAll, once, scaledFor, solved } from "./authenticity_ways.js";

// A picture without the light of its neighbourhood, and how it changes across and down.
const slopes = new WeakMap();

const slopesOf = (picture, radius) => once(slopes, picture, radius, () => {
  const from = flat(picture, radius);
  const gx = { ...from, d: from.d.map((_, n) => ((from.d[n + 1] ?? 0) - (from.d[n - 1] ?? 0)) / 2) };
  const gy = { ...from, d: from.d.map((_, n) => ((from.d[n + from.w] ?? 0) - (from.d[n - from.w] ?? 0)) / 2) };
  return [from, gx, gy];
});

// A published picture in so many pixels across, without the light of its neighbourhood.
const evens = new WeakMap();

export const evenAt = (picture, width) =>
  once(evens, picture, width, () =>
    flat(resized(picture, width, Math.max(8, Math.round((width * picture.h) / picture.w))), Math.round(width / 8)),
  );

// Better ways by least squares over all pixels, those that show something else counting less (Lucas and Kanade).
export function nearer(T, query, start, rounds, free) {
  let m = start;
  const [from, gx, gy] = slopesOf(scaledFor(query, m, T.w), Math.round(T.w / 8));
  // For all rounds: to allocate them anew takes longer than to fill them.
  const outs = [0, 1, 2].map(() => new Float32Array(T.w * T.h));
  const [A, b, J] = [
    Array.from({ length: free }, () => new Float64Array(free)),
    new Float64Array(free),
    new Float64Array(8),
  ];
  for (let round = 0; round < rounds; round += 1) {
    const [I, X, Y] = laidAll([from, gx, gy], m, T.w, T.h, [], outs);
    const { gain, shift, seen } = agreement(T, I);
    if (seen < 0.4 || gain <= 0) return null;
    let off = 0;
    let some = 0;
    for (let n = 0; n < T.d.length; n += 1) {
      if (I.d[n] !== I.d[n]) continue;
      off += Math.abs(T.d[n] - gain * I.d[n] - shift);
      some += 1;
    }
    const spread = 2 * off / some + 1;
    for (const row of [...A, b]) row.fill(0);
    for (let y = 0; y < T.h; y += 1) {
      for (let x = 0; x < T.w; x += 1) {
        const n = y * T.w + x;
        if (I.d[n] !== I.d[n] || X.d[n] !== X.d[n]) continue;
        const u = (x + 0.5) / T.w;
        const v = (y + 0.5) / T.w;
        const z = m[6] * u + m[7] * v + 1;
        const sx = gain * X.d[n] * from.w / z;
        const sy = gain * Y.d[n] * from.w / z;
        const across = -(sx * (m[0] * u + m[1] * v + m[2]) + sy * (m[3] * u + m[4] * v + m[5])) / z;
        J[0] = sx * u;
        J[1] = sx * v;
        J[2] = sx;
        J[3] = sy * u;
        J[4] = sy * v;
        J[5] = sy;
        J[6] = across * u;
        J[7] = across * v;
        const e = T.d[n] - gain * I.d[n] - shift;
        const weight = 1 / (1 + (e / spread) ** 2);
        for (let i = 0; i < free; i += 1) {
          const row = A[i];
          const by = weight * J[i];
          b[i] += by * e;
          for (let j = i; j < free; j += 1) row[j] += by * J[j];
        }
      }
    }
    for (let i = 0; i < free; i += 1) {
      for (let j = 0; j < i; j += 1) A[i][j] = A[j][i];
      A[i][i] *= 1.001;
    }
    const step = solved(A, b);
    m = m.map((value, n) => (n < free ? value + step[n] : value));
    if (Math.max(...Array.from(step, Math.abs)) < 0.02 / T.w) break;
  }
  return m;
}

// width, rounds, free numbers, how many go on
const LEVELS = [[48, 4, 6, 24], [48, 8, 6, 4], [96, 10, 8, 2], [192, 8, 8, 1]];

// The published pictures laid over the given one: {one, m, like, seen} of the best. `tries`: {one, picture, places,
// query}.
export function aligned(tries) {
  let going = tries.flatMap(({ places, ...rest }) =>
    places.map(({ x, y, w, h = 1 }) => ({ ...rest, m: [w, 0, x, 0, w * h, y, 0, 0, 1] })),
  );
  for (const [width, rounds, free, most] of LEVELS) {
    going = going.map(({ m: start, ...rest }) => {
      const { picture, query } = rest;
      const T = evenAt(picture, width);
      const m = nearer(T, query, start, rounds, free);
      return (
        m && {
          ...rest,
          m,
          ...agreement(T, seenFlat(laid(scaledFor(query, m, width), m, T.w, T.h), Math.round(width / 8))),
        }
      );
    }).filter((each) => each && each.seen > 0.45).sort((a, b) => b.like - a.like).slice(0, most);
  }
  return going[0] ?? null;
}
