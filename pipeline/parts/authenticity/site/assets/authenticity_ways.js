// Ways from one picture into another: where it leads each point, and what stands there.
import { covariance, resized } from "./authenticity_grey.js";

// The way that leads by `first` and then by `second`.
export function chained(first, second) {
  const whole = Array.from({ length: 9 }, (_, n) =>
    [0, 1, 2].reduce((sum, k) => sum + second[3 * Math.floor(n / 3) + k] * first[3 * k + (n % 3)], 0),
  );
  return whole.map((value) => value / whole[8]);
}

// A way `m` leads from a picture of width 1 to the given one, in its widths: nine numbers, the last 1.
export const led = (m, u, v) => {
  const z = m[6] * u + m[7] * v + 1;
  return [(m[0] * u + m[1] * v + m[2]) / z, (m[3] * u + m[4] * v + m[5]) / z];
};

export function solved(A, b) {
  const n = b.length;
  for (let i = 0; i < n; i += 1) {
    let pivot = i;
    for (let r = i + 1; r < n; r += 1) if (Math.abs(A[r][i]) > Math.abs(A[pivot][i])) pivot = r;
    [A[i], A[pivot], b[i], b[pivot]] = [A[pivot], A[i], b[pivot], b[i]];
    for (let r = i + 1; r < n; r += 1) {
      const f = A[r][i] / (A[i][i] || 1e-12);
      for (let c = i; c < n; c += 1) A[r][c] -= f * A[i][c];
      b[r] -= f * b[i];
    }
  }
  for (let i = n - 1; i >= 0; i -= 1) {
    for (let c = i + 1; c < n; c += 1) b[i] -= A[i][c] * b[c];
    b[i] /= A[i][i] || 1e-12;
  }
  return b;
}

// Values of planes of one size where `m` leads the pixels of a picture w × h, written into `outs`; NaN outside, and
// outside of `corners`.
export function laidAll(planes, m, w, h, corners = [], outs = planes.map(() => new Float32Array(w * h))) {
  const { w: W, h: H } = planes[0];
  const sides = corners.map(([ax, ay], n) => {
    const [bx, by] = corners[(n + 1) % corners.length];
    return [ay - by, bx - ax, ax * by - ay * bx]; // at least 0 within
  });
  for (let y = 0; y < h; y += 1) {
    for (let x = 0; x < w; x += 1) {
      const s = (x + 0.5) / w;
      const t = (y + 0.5) / w;
      const z = m[6] * s + m[7] * t + 1;
      const u = (m[0] * s + m[1] * t + m[2]) / z;
      const v = (m[3] * s + m[4] * t + m[5]) / z;
      const qx = u * W - 0.5;
      const qy = v * W - 0.5;
      // A pixel beyond its border is as that: else the last row of blocks, words at the rim in it, was never compared.
      let held = qx > -1 && qy > -1 && qx < W && qy < H;
      const ix = Math.max(0, Math.min(W - 2, Math.floor(qx)));
      const iy = Math.max(0, Math.min(H - 2, Math.floor(qy)));
      for (let n = 0; held && n < sides.length; n += 1) held = sides[n][0] * u + sides[n][1] * v + sides[n][2] >= 0;
      const fx = Math.max(0, Math.min(1, qx - ix));
      const fy = Math.max(0, Math.min(1, qy - iy));
      const n = iy * W + ix;
      for (let k = 0; k < outs.length; k += 1) {
        const { d } = planes[k];
        outs[k][y * w + x] = held
          ? (d[n] * (1 - fx) + d[n + 1] * fx) * (1 - fy) + (d[n + W] * (1 - fx) + d[n + W + 1] * fx) * fy
          : NaN;
      }
    }
  }
  return outs.map((d) => ({ w, h, d }));
}

export const laid = (plane, m, w, h) => laidAll([plane], m, w, h)[0];

// What was made of a picture before.
export function once(memory, picture, name, make) {
  if (!memory.has(picture)) memory.set(picture, new Map());
  const made = memory.get(picture);
  if (!made.has(name)) made.set(name, make());
  return made.get(name);
}

// The given picture at about the scale at which `m` shows a picture of w pixels, or a little larger.
const scales = new WeakMap();

export function scaledFor(query, m, w) {
  const [left, right] = [led(m, 0, 0.25), led(m, 1, 0.25)];
  const shown = Math.hypot(right[0] - left[0], right[1] - left[1]) * query.w;
  const wide = Math.max(8, Math.round(1.06 ** Math.ceil(Math.log(query.w * w / shown) / Math.log(1.06))));
  if (!(wide < 0.9 * query.w)) return query; // a tenth smaller looks no other
  return once(scales, query, wide, () => resized(query, wide, Math.max(8, Math.round(wide * query.h / query.w))));
}

export function shownWidth(m, query) {
  const [[ax, ay], [bx, by]] = [led(m, 0, 0.25), led(m, 1, 0.25)];
  return Math.hypot(bx - ax, by - ay) * query.w;
}

// How alike the two are where both are seen, and how much of the picture is.
export function agreement(T, I) {
  const { n, a, b, va, vb, cov } = covariance(T.d, I.d);
  return {
    like: n && va > 0 && vb > 0 ? cov / Math.sqrt(va * vb) : 0,
    seen: n / T.d.length,
    gain: cov / (vb || 1),
    shift: a / n - (cov / (vb || 1)) * (b / n),
  };
}
