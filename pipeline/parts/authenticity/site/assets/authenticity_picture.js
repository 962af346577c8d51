// A picture against those that were issued: which one it may be, by squares of grey; then, laid over the published one,
// whether any block of it shows something else.
import { get, index, opened, root } from "./authenticity_find.js";

const SIDE = 12;
const WORK = 1600; // longest side in pixels of a picture that is looked at; larger ones are made smaller first
const FEW = 10; // pictures that are laid over it
const SEEN = 0.6; // likeness in little from which on they are
const SAME = 0.8; // likeness of one laid over it that it is taken for

// ---- grey pictures: {w, h, d}, d from 0 to 255 ----
async function bitmapOf(file) {
  const whole = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, WORK / Math.max(whole.width, whole.height));
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(whole.width * scale)), Math.max(1, Math.round(whole.height * scale)));
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(whole, 0, 0, canvas.width, canvas.height);
  whole.close();
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

function planes({ width: w, height: h, data }) {
  const [grey, blue, red] = [0, 1, 2].map(() => new Float32Array(w * h));
  for (let n = 0; n < w * h; n += 1) {
    const [r, g, b] = [data[4 * n], data[4 * n + 1], data[4 * n + 2]];
    grey[n] = 0.299 * r + 0.587 * g + 0.114 * b;
    blue[n] = b - grey[n];
    red[n] = r - grey[n];
  }
  return [grey, blue, red].map((d) => ({ w, h, d }));
}

// Of every rectangle from the upper left corner, the sum of its pixels; each picture is resized many times.
const tables = new WeakMap();
function tableOf(picture) {
  if (tables.has(picture)) return tables.get(picture);
  const { w, h, d } = picture;
  const sums = new Float64Array((w + 1) * (h + 1));
  for (let y = 0; y < h; y += 1) {
    for (let [x, row] = [0, 0]; x < w; x += 1) {
      row += d[y * w + x];
      sums[(y + 1) * (w + 1) + x + 1] = sums[y * (w + 1) + x + 1] + row;
    }
  }
  tables.set(picture, sums);
  return sums;
}

// By means of areas, so that nothing flickers when it becomes smaller.
function resized(picture, to, tall) {
  const { w, h } = picture;
  const sums = tableOf(picture);
  const corners = new Float64Array((to + 1) * (tall + 1));
  for (let j = 0; j <= tall; j += 1) {
    for (let i = 0; i <= to; i += 1) {
      const [x, y] = [i * w / to, j * h / tall];
      const [x0, y0] = [Math.min(w - 1, Math.floor(x)), Math.min(h - 1, Math.floor(y))];
      const [fx, fy, n] = [x - x0, y - y0, y0 * (w + 1) + x0];
      corners[j * (to + 1) + i] = (sums[n] * (1 - fx) + sums[n + 1] * fx) * (1 - fy) + (sums[n + w + 1] * (1 - fx) + sums[n + w + 2] * fx) * fy;
    }
  }
  const out = new Float32Array(to * tall);
  const area = (w / to) * (h / tall);
  for (let y = 0; y < tall; y += 1) {
    for (let x = 0; x < to; x += 1) {
      const n = y * (to + 1) + x;
      out[y * to + x] = (corners[n + to + 2] - corners[n + to + 1] - corners[n + 1] + corners[n]) / area;
    }
  }
  return { w: to, h: tall, d: out };
}

function blurred({ w, h, d }, radius) {
  if (radius < 1) return { w, h, d };
  let [from, to] = [d, new Float32Array(w * h)];
  for (const [count, length, step, stride] of [[h, w, 1, w], [w, h, w, 1]]) {
    for (let line = 0; line < count; line += 1) {
      const base = line * stride;
      let [sum, some] = [0, 0];
      for (let n = -radius; n < length; n += 1) {
        if (n + radius < length) [sum, some] = [sum + from[base + (n + radius) * step], some + 1];
        if (n - radius - 1 >= 0) [sum, some] = [sum - from[base + (n - radius - 1) * step], some - 1];
        if (n >= 0) to[base + n * step] = sum / some;
      }
    }
    [from, to] = [to, new Float32Array(w * h)];
  }
  return { w, h, d: from };
}

// What stands out of its neighbourhood: light that falls from a side is gone.
function flat(picture, radius) {
  const wide = blurred(picture, radius);
  return { ...picture, d: picture.d.map((value, n) => value - wide.d[n]) };
}

// ---- which one it may be ----
function littleOf([, width, height, shades]) {
  const packed = atob(shades);
  const d = Float32Array.from({ length: SIDE * SIDE }, (_, n) => (packed.charCodeAt(n >> 1) >> (n % 2 ? 0 : 4)) & 15);
  return { d, aspect: width / height };
}

function sumsOf(picture) {
  const [w, sums] = [picture.w, tableOf(picture)];
  return (l, t, r, b) => (sums[b * (w + 1) + r] - sums[b * (w + 1) + l] - sums[t * (w + 1) + r] + sums[t * (w + 1) + l]) / ((r - l) * (b - t));
}

// Where a picture of this shape may lie in the one that was given, which may show it in a frame or a part of it: squares of grey
// each, NaN outside.
function* windows(query, aspect, least) {
  const mean = sumsOf(query);
  const { w: W, h: H } = query;
  for (let w = least * W; w < 1.45 * W; w *= 1.1) {
    const h = w / aspect;
    if (h > 1.4 * H || h < 24) continue;
    const [dx, dy] = [w / SIDE, h / SIDE];
    for (let y = Math.min(0, H - h) - 0.2 * h * (h > 0.7 * H); y <= Math.max(0, H - h) + 0.2 * h * (h > 0.7 * H) + 1; y += dy) {
      for (let x = Math.min(0, W - w) - 0.2 * w * (w > 0.7 * W); x <= Math.max(0, W - w) + 0.2 * w * (w > 0.7 * W) + 1; x += dx) {
        const cells = new Float32Array(SIDE * SIDE);
        let inside = 0;
        for (let n = 0; n < SIDE * SIDE; n += 1) {
          const [l, t] = [Math.round(x + (n % SIDE) * dx), Math.round(y + Math.floor(n / SIDE) * dy)];
          const [r, b] = [Math.round(x + (n % SIDE + 1) * dx), Math.round(y + (Math.floor(n / SIDE) + 1) * dy)];
          const whole = l >= 0 && t >= 0 && r <= W && b <= H && r > l && b > t;
          cells[n] = whole ? mean(l, t, r, b) : NaN;
          inside += whole;
        }
        if (inside >= 0.55 * SIDE * SIDE) yield { x: x / W, y: y / W, w: w / W, cells, inside };
      }
    }
  }
}

// Of two rows of values where both are known: how many, their sums, and how they vary by themselves and together.
function covariance(first, second) {
  let [n, a, b, aa, bb, ab] = [0, 0, 0, 0, 0, 0];
  for (let at = 0; at < first.length; at += 1) {
    const [p, q] = [first[at], second[at]];
    if (p !== p || q !== q) continue;
    n += 1;
    a += p;
    b += q;
    aa += p * p;
    bb += q * q;
    ab += p * q;
  }
  return { n, a, b, va: aa - a * a / n, vb: bb - b * b / n, cov: ab - a * b / n };
}

function likeness(cells, shades) {
  const { n, va, vb, cov } = covariance(cells, shades);
  return va / n < 9 || vb / n < 0.1 ? 0 : cov / Math.sqrt(va * vb);
}

function cut({ w, d }, l, t, width, height) {
  const out = new Float32Array(width * height);
  for (let y = 0; y < height; y += 1) out.set(d.subarray((t + y) * w + l, (t + y) * w + l + width), y * width);
  return { w: width, h: height, d: out };
}

// The whole, and what stands in it on one ground, as a picture in a chat does: [left, top, width, height].
function regions(query) {
  const scale = 160 / Math.max(query.w, query.h);
  const { w, h, d } = resized(query, Math.max(1, Math.round(query.w * scale)), Math.max(1, Math.round(query.h * scale)));
  const counts = new Uint32Array(64);
  for (let n = 0; n < w * h; n += 1) if (n % w < 3 || n % w >= w - 3) counts[Math.min(63, d[n] >> 2)] += 1;
  const ground = 4 * counts.indexOf(Math.max(...counts)) + 2;
  const other = Uint8Array.from(d, (value) => Math.abs(value - ground) > 7);
  const found = [];
  for (let start = 0; start < w * h; start += 1) {
    if (!other[start]) continue;
    const todo = [start];
    let [l, r, t, b] = [w, 0, h, 0];
    other[start] = 0;
    while (todo.length) {
      const n = todo.pop();
      const [x, y] = [n % w, Math.floor(n / w)];
      [l, r, t, b] = [Math.min(l, x), Math.max(r, x + 1), Math.min(t, y), Math.max(b, y + 1)];
      for (const [next, held] of [[n - 1, x > 0], [n + 1, x < w - 1], [n - w, y > 0], [n + w, y < h - 1]]) {
        if (!held || !other[next]) continue;
        other[next] = 0;
        todo.push(next);
      }
    }
    if ((r - l) * (b - t) > 0.04 * w * h && r - l > 24 && b - t > 16) found.push([l, t, r - l, b - t].map((value) => Math.round(value / scale)));
  }
  found.sort((a, b) => b[2] * b[3] - a[2] * a[3]);
  const whole = [0, 0, query.w, query.h];
  const inner = found.filter(([, , width, height]) => width * height < 0.9 * query.w * query.h).slice(0, 3);
  const edge = Math.ceil(1 / scale); // how exactly its borders are known
  return [whole, ...inner.map(([l, t, width, height]) => [l + edge, t + edge, Math.min(width, query.w - l) - 2 * edge, Math.min(height, query.h - t) - 2 * edge])];
}

// Rows of pictures that may be in a region, the likeliest first: {url, row, like, places}.
function ranked(query, rows, least) {
  const scale = 192 / Math.max(query.w, query.h);
  const small = resized(query, Math.max(12, Math.round(query.w * scale)), Math.max(12, Math.round(query.h * scale)));
  const shapes = new Map();
  for (const row of rows) {
    const { d, aspect } = littleOf(row.row);
    const shape = Math.round(Math.log(aspect) / 0.03);
    shapes.set(shape, [...shapes.get(shape) ?? [], { ...row, d, aspect, like: 0, places: [] }]);
  }
  for (const all of shapes.values()) {
    for (const place of windows(small, all[0].aspect, least)) {
      for (const one of all) {
        const like = likeness(place.cells, one.d) * (0.9 + 0.1 * place.inside / SIDE ** 2);
        if (like < SEEN || (one.places.length === 3 && like <= one.places[2].like)) continue;
        const near = one.places.findIndex((other) => Math.abs(Math.log(other.w / place.w)) < 0.12 && Math.abs(other.x - place.x) < 0.1 * place.w && Math.abs(other.y - place.y) < 0.1 * place.w);
        if (near >= 0 && one.places[near].like >= like) continue;
        if (near >= 0) one.places.splice(near, 1);
        one.places.push({ x: place.x, y: place.y, w: place.w, like });
        one.places.sort((a, b) => b.like - a.like).splice(3);
        one.like = one.places[0].like;
      }
    }
  }
  const found = [...shapes.values()].flat().filter(({ like }) => like >= SEEN).sort((a, b) => b.like - a.like).slice(0, FEW);
  for (const { aspect, places } of found) if (Math.abs(Math.log(aspect * query.h / query.w)) < 0.1) places.push({ x: 0, y: 0, w: 1 });
  return found;
}

// ---- laying it over ----
// A way `m` leads from a picture of width 1 to the given one, in its widths: nine numbers, the last 1.
const led = (m, u, v) => {
  const z = m[6] * u + m[7] * v + 1;
  return [(m[0] * u + m[1] * v + m[2]) / z, (m[3] * u + m[4] * v + m[5]) / z];
};

function solved(A, b) {
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

// Values of `from` where `m` leads the pixels of a picture w × h; NaN outside.
function laid(from, m, w, h) {
  const out = new Float32Array(w * h);
  for (let y = 0; y < h; y += 1) {
    for (let x = 0; x < w; x += 1) {
      const [u, v] = led(m, (x + 0.5) / w, (y + 0.5) / w);
      const [qx, qy] = [u * from.w - 0.5, v * from.w - 0.5];
      const [ix, iy] = [Math.floor(qx), Math.floor(qy)];
      if (ix < 0 || iy < 0 || ix >= from.w - 1 || iy >= from.h - 1) {
        out[y * w + x] = NaN;
        continue;
      }
      const [fx, fy, n] = [qx - ix, qy - iy, iy * from.w + ix];
      out[y * w + x] = (from.d[n] * (1 - fx) + from.d[n + 1] * fx) * (1 - fy) + (from.d[n + from.w] * (1 - fx) + from.d[n + from.w + 1] * fx) * fy;
    }
  }
  return { w, h, d: out };
}

// The given picture at about the scale at which `m` shows a picture of w pixels, or larger.
function scaledFor(query, m, w) {
  const [left, right] = [led(m, 0, 0.25), led(m, 1, 0.25)];
  const shown = Math.hypot(right[0] - left[0], right[1] - left[1]) * query.w;
  const scale = Math.min(1, w / shown);
  return resized(query, Math.max(8, Math.round(query.w * scale)), Math.max(8, Math.round(query.h * scale)));
}

// How alike the two are where both are seen, and how much of the picture is.
function agreement(T, I) {
  const { n, a, b, va, vb, cov } = covariance(T.d, I.d);
  return { like: n && va > 0 && vb > 0 ? cov / Math.sqrt(va * vb) : 0, seen: n / T.d.length, gain: cov / (vb || 1), shift: a / n - (cov / (vb || 1)) * (b / n) };
}

// Better ways by least squares over all pixels, those that show something else counting less (Lucas and Kanade).
function nearer(T, query, start, rounds, free) {
  let m = start;
  const from = flat(scaledFor(query, m, T.w), Math.round(T.w / 8));
  const gx = { ...from, d: from.d.map((_, n) => ((from.d[n + 1] ?? 0) - (from.d[n - 1] ?? 0)) / 2) };
  const gy = { ...from, d: from.d.map((_, n) => ((from.d[n + from.w] ?? 0) - (from.d[n - from.w] ?? 0)) / 2) };
  for (let round = 0; round < rounds; round += 1) {
    const [I, X, Y] = [from, gx, gy].map((one) => laid(one, m, T.w, T.h));
    const { gain, shift, seen } = agreement(T, I);
    if (seen < 0.4 || gain <= 0) return null;
    let [spread, some] = [0, 0];
    for (let n = 0; n < T.d.length; n += 1) if (I.d[n] === I.d[n]) [spread, some] = [spread + Math.abs(T.d[n] - gain * I.d[n] - shift), some + 1];
    spread = 2 * spread / some + 1;
    const A = Array.from({ length: free }, () => new Float64Array(free));
    const b = new Float64Array(free);
    const J = new Float64Array(8);
    for (let y = 0; y < T.h; y += 1) {
      for (let x = 0; x < T.w; x += 1) {
        const n = y * T.w + x;
        if (I.d[n] !== I.d[n] || X.d[n] !== X.d[n]) continue;
        const [u, v] = [(x + 0.5) / T.w, (y + 0.5) / T.w];
        const z = m[6] * u + m[7] * v + 1;
        const [px, py] = led(m, u, v);
        const [sx, sy] = [gain * X.d[n] * from.w / z, gain * Y.d[n] * from.w / z];
        const across = -(sx * px + sy * py);
        [J[0], J[1], J[2], J[3], J[4], J[5], J[6], J[7]] = [sx * u, sx * v, sx, sy * u, sy * v, sy, across * u, across * v];
        const e = T.d[n] - gain * I.d[n] - shift;
        const weight = 1 / (1 + (e / spread) ** 2);
        for (let i = 0; i < free; i += 1) {
          b[i] += weight * J[i] * e;
          for (let j = i; j < free; j += 1) A[i][j] += weight * J[i] * J[j];
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

const LEVELS = [[48, 12, 6, 4], [96, 10, 8, 2], [192, 8, 8, 1]]; // width, rounds, free numbers, how many go on

// The published pictures laid over the given one: {one, m, like, seen} of the best. `tries`: {one, picture, places, query}.
function aligned(tries) {
  let going = tries.flatMap(({ places, ...rest }) => places.map(({ x, y, w }) => ({ ...rest, m: [w, 0, x, 0, w, y, 0, 0, 1] })));
  for (const [width, rounds, free, most] of LEVELS) {
    going = going.map(({ m: start, ...rest }) => {
      const { picture, query } = rest;
      const T = flat(resized(picture, width, Math.max(8, Math.round(width * picture.h / picture.w))), Math.round(width / 8));
      const m = nearer(T, query, start, rounds, free);
      return m && { ...rest, m, ...agreement(T, seenFlat(laid(scaledFor(query, m, width), m, T.w, T.h), Math.round(width / 8))) };
    }).filter((each) => each && each.seen > 0.45).sort((a, b) => b.like - a.like).slice(0, most);
  }
  return going[0] ?? null;
}

// `flat` of a picture with places that are not seen.
function seenFlat(picture, radius) {
  const known = { ...picture, d: picture.d.map((value) => (value === value ? 1 : 0)) };
  const [sum, some] = [blurred({ ...picture, d: picture.d.map((value) => (value === value ? value : 0)) }, radius), blurred(known, radius)];
  return { ...picture, d: picture.d.map((value, n) => value - sum.d[n] / (some.d[n] || 1)) };
}

// ---- whether a block shows something else ----
const SHIFTS = [-2, -1, 0, 1, 2];
const REST = 25; // grey levels that a block of something else is off by, at least
const RATIO = 0.6; // of what stands out in it
const WRITTEN = 20; // grey levels by which something stands out in a block
const NOISE = 0.2; // ratio by which half of such blocks are off in a picture too blurred or noisy to show that a figure was changed
const TINT = 32; // levels of colour
const CLEAR = 300; // pixels across, below which nobody can read a figure
const STARTS = [0.3, 0.75]; // least width of a picture in the whole that was given, and in what stands in it

// What was seen of it in the light of the published one: as bright, as much contrast, and light that falls from a side gone.
function relit(sharp, raw) {
  const { w, h } = raw;
  const [known, { gain, shift }] = [{ w, h, d: raw.d.map((value) => Number(value === value)) }, agreement(sharp, raw)];
  const [radius, factor] = [Math.round(w / 8), gain > 0.4 && gain < 3 ? gain : 1];
  const base = factor === gain ? shift : 0;
  const some = blurred(known, radius);
  const off = blurred({ w, h, d: raw.d.map((value, n) => (value === value ? sharp.d[n] - factor * value - base : 0)) }, radius);
  return { w, h, d: raw.d.map((value, n) => factor * value + base + off.d[n] / (some.d[n] || 1)) };
}

// Blocks of the published picture that show something else in the given one: [x, y, size]; `noise`: how far written ones are
// off in the middle. Blur and shifts are allowed for.
function changes(original, query, m, w) {
  const h = Math.round(w * original[0].h / original[0].w);
  const [sharp, ...tints] = original.map((plane) => resized(plane, w, h));
  const [I, ...colours] = query.map((plane, n) => relit([sharp, ...tints][n], laid(scaledFor(plane, m, w), m, w, h)));
  const rest = (T) => T.d.reduce((sum, value, n) => (I.d[n] === I.d[n] ? sum + Math.abs(value - I.d[n]) : sum), 0);
  const T = [0, 1, 2].map((radius) => blurred(blurred(sharp, radius), radius)).reduce((a, b) => (rest(b) < rest(a) ? b : a));
  const size = Math.max(10, Math.round(w / 60));
  const [found, ratios] = [[], []];
  for (let y = 2; y + size + 2 <= h; y += size >> 1) {
    for (let x = 2; x + size + 2 <= w; x += size >> 1) {
      if ([[-2, -2], [-2, size + 1], [size + 1, -2], [size + 1, size + 1]].some(([j, i]) => Number.isNaN(I.d[(y + j) * w + x + i]))) continue;
      const { off, strength } = difference(T, I, x, y, size);
      const tint = Math.max(...colours.map((colour, n) => Math.abs(meanOf(colour, x, y, size) - meanOf(tints[n], x, y, size))));
      const ratio = off / (strength + 10);
      if (strength > WRITTEN) ratios.push(ratio);
      if ((off > REST && ratio > RATIO) || tint > TINT) found.push([x, y, size]);
    }
  }
  return { w, found, noise: ratios.sort((a, b) => a - b)[ratios.length >> 1] ?? 0 };
}

function meanOf({ w, d }, x, y, size) {
  let sum = 0;
  for (let j = y; j < y + size; j += 1) for (let i = x; i < x + size; i += 1) sum += d[j * w + i];
  return sum / size ** 2;
}

// How far a block is off where it fits best, and how much stands out in it.
function difference(T, I, x, y, size) {
  let [least, strength] = [Infinity, 0];
  for (const dy of SHIFTS) {
    for (const dx of SHIFTS) {
      let [e, ee, q, qq, t, tt] = [0, 0, 0, 0, 0, 0];
      for (let j = y; j < y + size; j += 1) {
        for (let i = x; i < x + size; i += 1) {
          const [p, r] = [T.d[j * T.w + i], I.d[(j + dy) * T.w + i + dx]];
          [e, ee] = [e + p - r, ee + (p - r) ** 2];
          if (!dx && !dy) [q, qq, t, tt] = [q + r, qq + r * r, t + p, tt + p * p];
        }
      }
      const n = size * size;
      if (!dx && !dy) strength = Math.sqrt(Math.max(0, qq / n - (q / n) ** 2, tt / n - (t / n) ** 2));
      least = Math.min(least, ee / n - 0.9 * (e / n) ** 2);
    }
  }
  return { off: Math.sqrt(Math.max(0, least)), strength };
}

function shownWidth(m, query) {
  const [[ax, ay], [bx, by]] = [led(m, 0, 0.25), led(m, 1, 0.25)];
  return Math.hypot(bx - ax, by - ay) * query.w;
}

// ---- the answer ----
// The published picture of a row in a width that is offered, or as it is.
async function published({ url, row: [name, width] }, least) {
  const sizes = width > least ? [`sized/${name}.${least}.webp`, `sized/${name}.${Math.min(width, 1440)}.webp`, name] : [name, `sized/${name}.${width}.webp`];
  for (const path of sizes) {
    const answer = await fetch(new URL(url + path.split("/").map(encodeURIComponent).join("/"), root), { cache: "force-cache" });
    if (answer.ok) return planes(await bitmapOf(await answer.blob()));
  }
  throw new Error(name);
}

async function best(query, year) {
  const rows = JSON.parse(await get(`pictures/${year}.json`)).flatMap(([url, all]) => all.map((row) => ({ url, row })));
  const tries = (await Promise.all(regions(query[0]).map(async (region, n) => {
    const part = n ? query.map((plane) => cut(plane, ...region)) : query;
    return Promise.all(ranked(part[0], rows, STARTS[Math.min(n, 1)]).slice(0, n ? FEW / 2 : FEW).map(async (one) => (
      { one, query: part[0], part, region, picture: (await published(one, 480))[0], places: one.places })));
  }))).flat();
  return aligned(tries);
}

async function scanned(file) {
  if (!("BarcodeDetector" in window)) return [];
  const codes = await new window.BarcodeDetector({ formats: ["qr_code"] }).detect(await createImageBitmap(file)).catch(() => []);
  return codes.map(({ rawValue }) => rawValue);
}

const spread = ({ d }) => {
  const mean = d.reduce((sum, value) => sum + value, 0) / d.length;
  return Math.sqrt(d.reduce((sum, value) => sum + (value - mean) ** 2, 0) / d.length);
};

// {fault} in words, or {result, versions, scanned, aside, marks}. result: "none" | "unclear" | "differs" | "excerpt" | "whole";
// marks: corners of what differs, in widths of the given picture; `aside`: there is more in it than the published one.
export async function askPicture(file) {
  let query;
  try {
    query = planes(await bitmapOf(file));
  } catch {
    return { fault: "这个文件打不开：不是图片，或者已经损坏。", versions: [] };
  }
  if (spread(query[0]) < 2) return { fault: "这张图片里什么也没有，请另选一张。", versions: [] };
  const codes = await scanned(file);
  const { pictures } = await index();
  let found = null;
  for (const year of pictures) {
    found = await best(query, year);
    if (found?.like >= SAME) break;
  }
  if (!(found?.like >= SAME)) return { result: "none", versions: [], codes, marks: [] };
  const { one, part, region, seen } = found;
  const version = await opened({ url: one.url, revision: 1, present: 1 });
  const original = await published(one, 960);
  let { m } = found;
  for (const width of [384, Math.min(720, Math.round(shownWidth(m, part[0])))]) {
    const T = flat(resized(original[0], width, Math.round(width * original[0].h / original[0].w)), Math.round(width / 8));
    m = nearer(T, part[0], m, 6, 8) ?? m;
  }
  const shown = shownWidth(m, part[0]);
  const { w, found: blocks, noise } = changes(original, part, m, Math.round(Math.min(960, original[0].w, Math.max(320, shown))));
  const marks = blocks.map(([x, y, size]) => [[x, y], [x + size, y + size]].map(([u, v]) => (
    led(m, u / w, v / w).map((value, n) => (value * part[0].w + region[n]) / query[0].w))));
  const whole = seen > 0.93 ? "whole" : "excerpt";
  const result = marks.length ? "differs" : shown < CLEAR || seen < 0.5 || noise > NOISE ? "unclear" : whole;
  const area = shown ** 2 * original[0].h / original[0].w * seen;
  return { result, versions: [version], codes, marks, aside: area < 0.85 * query[0].w * query[0].h };
}
