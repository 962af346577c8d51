// A picture against those that were issued: which one it may be, by squares of grey; then, laid over the published one,
// whether any block of it shows something else.
import { get, index, opened, root } from "./authenticity_find.js";

const SIDE = 12;
const WORK = 1600; // longest side in pixels of a picture that is looked at; larger ones are made smaller first
const FEW = 10; // pictures that are laid over it
const SEEN = 0.6; // likeness in little from which on they are
const SAME = 0.8; // likeness of one laid over it that it is taken for
const STEPS = [8, 14, 24]; // levels of grey or colour between neighbours, from which on there is an edge
const FILLED = 0.9; // of four corners that a sheet fills
const STRETCH = 0.3; // logarithm of how much broader or narrower a sheet may be seen than it is
const ROLLS = [-10, -5, 5, 10]; // degrees

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
  const d = Float32Array.from(atob(shades), (sign) => sign.charCodeAt(0));
  return { d, even: evened(d), aspect: width / height };
}

// Squares of grey without the light that falls on them from a side.
const evened = (d) => seenFlat({ w: SIDE, h: SIDE, d }, 3).d;

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

// All of it as squares of grey, whatever its shape: a sheet seen from the side is broader or narrower than it is.
const stretched = (query) => ({ x: 0, y: 0, w: 1, cells: resized(query, SIDE, SIDE).d, inside: SIDE * SIDE });

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

// Of length 1 about its mean; 0 where hardly anything stands out.
function unitOf(cells) {
  const { n, a, va } = covariance(cells, cells);
  const length = va / n < 4 ? Infinity : Math.sqrt(va);
  return cells.map((value) => (value - a / n) / length);
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

// A picture of at most so many pixels a side, from its planes.
function smaller(planes, most) {
  const scale = Math.min(1, most / Math.max(planes[0].w, planes[0].h));
  return planes.map((plane) => resized(plane, Math.max(1, Math.round(plane.w * scale)), Math.max(1, Math.round(plane.h * scale))));
}

// How far the eight neighbours of each pixel differ from one another, in the plane where they do most.
function edgesOf(planes) {
  const { w, h } = planes[0];
  const edges = new Float32Array(w * h);
  for (const { d } of planes) {
    for (let y = 0; y < h; y += 1) {
      for (let x = 0; x < w; x += 1) {
        let [least, most] = [Infinity, -Infinity];
        for (let v = Math.max(0, y - 1); v <= Math.min(h - 1, y + 1); v += 1) {
          for (let u = Math.max(0, x - 1); u <= Math.min(w - 1, x + 1); u += 1) [least, most] = [Math.min(least, d[v * w + u]), Math.max(most, d[v * w + u])];
        }
        edges[y * w + x] = Math.max(edges[y * w + x], most - least);
      }
    }
  }
  return edges;
}

// Pixels that are reached from the border without an edge between: a wall, a table, the ground of a chat.
function groundOf(edges, w, h, step) {
  const ground = new Uint8Array(w * h);
  const todo = [];
  const take = (n) => { ground[n] = 1; todo.push(n); };
  for (let n = 0; n < w * h; n += 1) if ((n % w === 0 || n % w === w - 1 || n < w || n >= w * (h - 1)) && edges[n] < step) take(n);
  for (let at = 0; at < todo.length; at += 1) {
    const n = todo[at];
    for (const [next, held] of [[n - 1, n % w > 0], [n + 1, n % w < w - 1], [n - w, n >= w], [n + w, n < w * (h - 1)]]) {
      if (held && !ground[next] && edges[next] < step) take(next);
    }
  }
  for (const n of todo) for (const next of [n - 1, n + 1, n - w, n + w]) if (next >= 0 && next < w * h && Math.abs(next % w - n % w) < 2) ground[next] = 1;
  return ground;
}

// Grounds of one grey, the commonest at the left and right border.
function evenGround({ w, h, d }) {
  const counts = new Uint32Array(64);
  for (let n = 0; n < w * h; n += 1) if (n % w < 3 || n % w >= w - 3) counts[Math.min(63, d[n] >> 2)] += 1;
  const ground = 4 * counts.indexOf(Math.max(...counts)) + 2;
  return Uint8Array.from(d, (value) => Math.abs(value - ground) <= 7);
}

// What stands on a ground, the largest first: the first and last pixel of each of its rows, as points.
function islands(ground, w, h) {
  const other = ground.map((value) => !value);
  const found = [];
  for (let start = 0; start < w * h; start += 1) {
    if (!other[start]) continue;
    const todo = [start];
    const rows = new Map();
    let size = 0;
    other[start] = 0;
    while (todo.length) {
      const n = todo.pop();
      const [x, y] = [n % w, Math.floor(n / w)];
      const [l, r] = rows.get(y) ?? [w, 0];
      rows.set(y, [Math.min(l, x), Math.max(r, x + 1)]);
      size += 1;
      for (const [next, held] of [[n - 1, x > 0], [n + 1, x < w - 1], [n - w, y > 0], [n + w, y < h - 1]]) {
        if (!held || !other[next]) continue;
        other[next] = 0;
        todo.push(next);
      }
    }
    if (size > 0.02 * w * h) found.push({ size, points: [...rows].flatMap(([y, [l, r]]) => [[l, y], [r, y], [l, y + 1], [r, y + 1]]) });
  }
  return found.sort((a, b) => b.size - a.size).slice(0, 3).map(({ points }) => points);
}

const cross = ([ax, ay], [bx, by], [cx, cy]) => (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
const areaOf = (corners) => Math.abs(corners.reduce((sum, [x, y], n) => {
  const [u, v] = corners[(n + 1) % corners.length];
  return sum + x * v - u * y;
}, 0)) / 2;

function hullOf(points) {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (all) => all.reduce((line, point) => {
    while (line.length > 1 && cross(line.at(-2), line.at(-1), point) <= 0) line.pop();
    return [...line, point];
  }, []).slice(0, -1);
  return [...half(sorted), ...half([...sorted].reverse())];
}

const meeting = ([ax, ay], [bx, by], [cx, cy], [dx, dy]) => {
  const z = (ax - bx) * (cy - dy) - (ay - by) * (cx - dx);
  if (Math.abs(z) < 1e-9) return null;
  const [p, q] = [ax * by - ay * bx, cx * dy - cy * dx];
  return [(p * (cx - dx) - (ax - bx) * q) / z, (p * (cy - dy) - (ay - by) * q) / z];
};

// The four corners, the upper left first and clockwise, of a hull: the sides whose loss adds least are left out.
function cornersOf(hull) {
  let corners = hull;
  while (corners.length > 4) {
    const count = corners.length;
    let best = null;
    for (let n = 0; n < count; n += 1) {
      const [before, from, to, after] = [-1, 0, 1, 2].map((step) => corners[(n + step + count) % count]);
      const point = meeting(before, from, to, after);
      if (!point || cross(from, to, point) > 0) continue;
      const added = Math.abs(cross(from, to, point));
      if (!best || added < best.added) best = { n, point, added };
    }
    if (!best) return null;
    const { n, point } = best;
    corners = corners.map((one, at) => (at === n ? point : one)).filter((_, at) => at !== (n + 1) % count);
  }
  if (corners.length < 4) return null;
  const first = corners.indexOf([...corners].sort((a, b) => a[0] + a[1] - b[0] - b[1])[0]);
  return [...corners.slice(first), ...corners.slice(0, first)];
}

const apart = ([ax, ay], [bx, by]) => Math.hypot(ax - bx, ay - by);

// A place of four corners in the given picture, in its widths: `way` leads there from a picture of width 1, which is about
// `width` pixels wide and `tall` times as high; what lies outside is no part of it when it is `bounded`.
function region(corners, query, bounded) {
  const [a, b, c, d] = corners;
  const [across, down] = [Math.max(apart(a, b), apart(d, c)), Math.max(apart(a, d), apart(b, c))];
  const tall = down / across;
  const [A, given] = [[], []];
  for (const [[u, v], [x, y]] of [[[0, 0], a], [[1, 0], b], [[1, tall], c], [[0, tall], d]]) {
    A.push([u, v, 1, 0, 0, 0, -u * x, -v * x], [0, 0, 0, u, v, 1, -u * y, -v * y]);
    given.push(x, y);
  }
  return { way: [...solved(A, given), 1], width: Math.max(24, Math.round(across * query.w)), tall, bounded, corners };
}

// What a region shows, at most `most` pixels wide.
function part(planes, { way, width, tall }, most) {
  const w = Math.min(width, most);
  const h = Math.max(16, Math.round(w * tall));
  return planes.map((plane) => {
    const shown = laid(scaledFor(plane, way, w), way, w, h);
    const mean = meanKnown(shown.d);
    return { w, h, d: shown.d.map((value) => (value === value ? value : mean)) };
  });
}

function meanKnown(values) {
  let [sum, some] = [0, 0];
  for (const value of values) if (value === value) [sum, some] = [sum + value, some + 1];
  return sum / (some || 1);
}

const scaledAbout = (corners, factor) => {
  const [x, y] = [0, 1].map((n) => corners.reduce((sum, point) => sum + point[n], 0) / 4);
  return corners.map(([u, v]) => [x + factor * (u - x), y + factor * (v - y)]);
};

// Sheets and pictures that stand in the given one on a ground.
function sheets(query) {
  const small = smaller(query, 200);
  const { w, h } = small[0];
  const edges = edgesOf(small);
  const found = [];
  for (const ground of [evenGround(small[0]), ...STEPS.map((step) => groundOf(edges, w, h, step))]) {
    for (const points of islands(ground, w, h)) {
      const hull = hullOf(points);
      const corners = cornersOf(hull);
      const size = corners ? areaOf(corners) : 0;
      if (!corners || size < 0.03 * w * h || size > 0.96 * w * h || areaOf(hull) < FILLED * size) continue;
      const inner = scaledAbout(corners, 1 - 2 / Math.sqrt(size)).map(([x, y]) => [x / w, y / w]);
      const same = found.some((other) => inner.every((point, n) => apart(point, other.corners[n]) < 0.015));
      if (!same) found.push(region(inner, query[0], true));
    }
  }
  return found.slice(0, 5);
}

// Sheets that stand in a sheet: what a screen shows, inside of its rim.
function within(query, place) {
  const inner = sheets(part(query, place, 400)).slice(0, 2);
  return inner.map(({ corners }) => region(corners.map((point) => led(place.way, ...point)), query[0], true));
}

const EDGES = (tall) => [[0, 0], [1, 0], [1, tall], [0, tall]];
const rolled = (corners, degrees) => {
  const [x, y] = [0, 1].map((n) => (corners[0][n] + corners[2][n]) / 2);
  const [cos, sin] = [Math.cos(degrees * Math.PI / 180), Math.sin(degrees * Math.PI / 180)];
  return corners.map(([u, v]) => [x + cos * (u - x) - sin * (v - y), y + sin * (u - x) + cos * (v - y)]);
};
const turned = (corners, n) => [...corners.slice(n), ...corners.slice(0, n)];
const mirrored = ([a, b, c, d]) => [b, a, d, c];
const clockwise = (corners) => (cross(...corners) < 0 ? [...corners].reverse() : corners);

// The given picture lying on its side or head, from behind, aslant: each with the sheets in it.
function otherwise(query, found) {
  const whole = EDGES(query[0].h / query[0].w);
  const all = [{ corners: whole, bounded: false }, ...found.slice(0, 2)];
  const make = (change) => all.map(({ corners, bounded }) => region(change(corners), query[0], bounded));
  return [[...ROLLS.map((degrees) => region(rolled(whole, degrees), query[0], false))],
    [1, 2, 3].flatMap((n) => make((corners) => turned(corners, n))), make(mirrored)];
}

// Rows of pictures that may be in a region, the likeliest first: {url, row, like, places}. `lit`: by light that is not even.
function ranked(query, rows, least, lit) {
  const scale = 192 / Math.max(query.w, query.h);
  const small = resized(query, Math.max(12, Math.round(query.w * scale)), Math.max(12, Math.round(query.h * scale)));
  const shapes = new Map();
  for (const row of rows) {
    const { d, even, aspect } = littleOf(row.row);
    const shape = Math.round(Math.log(aspect) / 0.03);
    shapes.set(shape, [...shapes.get(shape) ?? [], { ...row, d: lit ? even : d, unit: unitOf(lit ? even : d), aspect, like: 0, places: [] }]);
  }
  for (const all of shapes.values()) {
    const fits = Math.abs(Math.log(all[0].aspect * query.h / query.w)) < STRETCH;
    for (const place of [...windows(small, all[0].aspect, least), ...(fits ? [stretched(small)] : [])]) {
      const cells = lit ? evened(place.cells) : place.cells;
      const even = unitOf(cells);
      for (const one of all) {
        const like = (place.inside === SIDE * SIDE ? dot(even, one.unit) : likeness(cells, one.d)) * (0.9 + 0.1 * place.inside / SIDE ** 2);
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
  for (const { aspect, places } of found) if (Math.abs(Math.log(aspect * query.h / query.w)) < STRETCH) places.push({ x: 0, y: 0, w: 1, h: aspect * query.h / query.w });
  return found;
}

// ---- laying it over ----
// The way that leads by `first` and then by `second`.
function then(first, second) {
  const whole = Array.from({ length: 9 }, (_, n) => [0, 1, 2].reduce((sum, k) => sum + second[3 * Math.floor(n / 3) + k] * first[3 * k + n % 3], 0));
  return whole.map((value) => value / whole[8]);
}

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

// Values of `from` where `m` leads the pixels of a picture w × h; NaN outside, and outside of `corners`.
function laid({ w: W, h: H, d }, m, w, h, corners = []) {
  const out = new Float32Array(w * h);
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
      const ix = Math.floor(qx);
      const iy = Math.floor(qy);
      let held = ix >= 0 && iy >= 0 && ix < W - 1 && iy < H - 1;
      for (let n = 0; held && n < sides.length; n += 1) held = sides[n][0] * u + sides[n][1] * v + sides[n][2] >= 0;
      const fx = qx - ix;
      const fy = qy - iy;
      const n = iy * W + ix;
      out[y * w + x] = held ? (d[n] * (1 - fx) + d[n + 1] * fx) * (1 - fy) + (d[n + W] * (1 - fx) + d[n + W + 1] * fx) * fy : NaN;
    }
  }
  return { w, h, d: out };
}

// What was made of a picture before.
function once(memory, picture, name, make) {
  if (!memory.has(picture)) memory.set(picture, new Map());
  const made = memory.get(picture);
  if (!made.has(name)) made.set(name, make());
  return made.get(name);
}

// The given picture at about the scale at which `m` shows a picture of w pixels, or a little larger.
const scales = new WeakMap();
function scaledFor(query, m, w) {
  const [left, right] = [led(m, 0, 0.25), led(m, 1, 0.25)];
  const shown = Math.hypot(right[0] - left[0], right[1] - left[1]) * query.w;
  const wide = Math.max(8, Math.round(1.06 ** Math.ceil(Math.log(query.w * w / shown) / Math.log(1.06))));
  if (!(wide < query.w)) return query;
  return once(scales, query, wide, () => resized(query, wide, Math.max(8, Math.round(wide * query.h / query.w))));
}

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
const evenAt = (picture, width) => once(evens, picture, width, () => flat(resized(picture, width, Math.max(8, Math.round(width * picture.h / picture.w))), Math.round(width / 8)));

// How alike the two are where both are seen, and how much of the picture is.
function agreement(T, I) {
  const { n, a, b, va, vb, cov } = covariance(T.d, I.d);
  return { like: n && va > 0 && vb > 0 ? cov / Math.sqrt(va * vb) : 0, seen: n / T.d.length, gain: cov / (vb || 1), shift: a / n - (cov / (vb || 1)) * (b / n) };
}

// Better ways by least squares over all pixels, those that show something else counting less (Lucas and Kanade).
function nearer(T, query, start, rounds, free) {
  let m = start;
  const [from, gx, gy] = slopesOf(scaledFor(query, m, T.w), Math.round(T.w / 8));
  for (let round = 0; round < rounds; round += 1) {
    const [I, X, Y] = [from, gx, gy].map((one) => laid(one, m, T.w, T.h));
    const { gain, shift, seen } = agreement(T, I);
    if (seen < 0.4 || gain <= 0) return null;
    let [spread, some] = [0, 0];
    for (let n = 0; n < T.d.length; n += 1) {
      if (I.d[n] !== I.d[n]) continue;
      spread += Math.abs(T.d[n] - gain * I.d[n] - shift);
      some += 1;
    }
    spread = 2 * spread / some + 1;
    const A = Array.from({ length: free }, () => new Float64Array(free));
    const b = new Float64Array(free);
    const J = new Float64Array(8);
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
          const [row, by] = [A[i], weight * J[i]];
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

const LEVELS = [[48, 12, 6, 4], [96, 10, 8, 2], [192, 8, 8, 1]]; // width, rounds, free numbers, how many go on

// The published pictures laid over the given one: {one, m, like, seen} of the best. `tries`: {one, picture, places, query}.
function aligned(tries) {
  let going = tries.flatMap(({ places, ...rest }) => places.map(({ x, y, w, h = 1 }) => ({ ...rest, m: [w, 0, x, 0, w * h, y, 0, 0, 1] })));
  for (const [width, rounds, free, most] of LEVELS) {
    going = going.map(({ m: start, ...rest }) => {
      const { picture, query } = rest;
      const T = evenAt(picture, width);
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
const PART = 0.6; // of a pixel
const REST = 25; // grey levels that a block of something else is off by, at least
const RATIO = 0.5; // of what stands out in it
const SMALL = [900, 0.6]; // pixels across, below which strokes are so thin that it is this much
const FITS = 0.1; // of what stands out, below which a block is not tried beside its place
const WRITTEN = 20; // grey levels by which something stands out in a block
const OTHER = 0.5; // ratio by which half of them are off in another picture of the same make
const NOISE = 0.17; // ratio by which half of such blocks are off in a picture too blurred or noisy to show that a figure was changed
const TINT = 32; // levels of colour
const NEUTRAL = 12; // levels of colour of what is white or grey
const SHARPENED = -0.5; // of a blur by one pixel: as much sharper than the published one a copy may be
const DARK = 4; // levels of grey that a camera shows where there is no light
const PALE = 6; // levels of colour by which a print in black and white varies at most
const SOFT = 2 / 960; // of its width by which it is blurred, where a figure's strokes run together
const RIM = 0.08; // of the published picture that may be lost at the borders of a sheet
const AROUND = 0.92; // likeness of all of it from which on what is around a sheet belongs to it
const CLEAR = 300; // pixels across, below which nobody can read a figure
const STARTS = [0.3, 0.75]; // least width of a picture in the whole that was given, and in what stands in it

// What was seen of it in the light of the published one: as bright, as much contrast, and light that falls from a side gone.
function relit(sharp, raw) {
  const { w, h } = raw;
  const [known, { gain, shift }] = [{ w, h, d: raw.d.map((value) => Number(value === value)) }, agreement(sharp, raw)];
  const [radius, factor] = [Math.round(w / 8), gain > 0.4 && gain < 6 ? gain : 1];
  const base = factor === gain ? shift : 0;
  const some = blurred(known, radius);
  const off = blurred({ w, h, d: raw.d.map((value, n) => (value === value ? sharp.d[n] - factor * value - base : 0)) }, radius);
  return { w, h, d: raw.d.map((value, n) => factor * value + base + off.d[n] / (some.d[n] || 1)) };
}

// How bright the published one is beside what was seen, place by place: where a shadow lies, all is darker by one factor.
function lightOf(sharp, seen) {
  const { w, h } = seen;
  const radius = Math.round(w / 8);
  const known = (from) => blurred({ w, h, d: seen.d.map((value, n) => (value === value ? from.d[n] : 0)) }, radius).d;
  const [mine, theirs] = [known(seen), known(sharp)];
  return mine.map((value, n) => Math.max(0.5, Math.min(6, (theirs[n] + DARK) / (value + DARK))));
}

// The published picture as sharp as the one that was seen: between two of the blurs, by least squares. {made, soft}: the radius.
function asSharp(sharp, seen, blurs) {
  const steps = blurs.map((radius) => blurred(blurred(sharp, radius), radius));
  let best = null;
  for (let n = 0; n + 1 < steps.length; n += 1) {
    const [from, to] = [steps[n].d, steps[n + 1].d];
    let [both, own] = [0, 0];
    for (let at = 0; at < from.length; at += 1) {
      const [value, change] = [seen.d[at], to[at] - from[at]];
      if (value !== value) continue;
      both += (value - from[at]) * change;
      own += change * change;
    }
    const share = Math.max(n ? 0 : SHARPENED, Math.min(1, both / (own || 1)));
    const made = { ...sharp, d: from.map((value, at) => value + share * (to[at] - value)) };
    let rest = 0;
    for (let at = 0; at < from.length; at += 1) if (seen.d[at] === seen.d[at]) rest += Math.abs(made.d[at] - seen.d[at]);
    if (!best || rest < best.rest) best = { made, rest, soft: blurs[n] + share };
  }
  return best;
}

// A colour without the cast of the light it was seen in: what the published one shows as white or grey has none.
function uncast(colour, grey, tints, sharp, own) {
  let [mine, theirs, some] = [0, 0, 0];
  for (let n = 0; n < sharp.d.length; n += 1) {
    if (grey.d[n] !== grey.d[n] || sharp.d[n] < 100 || Math.abs(tints[0].d[n]) > NEUTRAL || Math.abs(tints[1].d[n]) > NEUTRAL) continue;
    mine += grey.d[n] + colour.d[n];
    theirs += sharp.d[n] + tints[own].d[n];
    some += 1;
  }
  const cast = some > 0.02 * sharp.d.length ? Math.max(0.6, Math.min(1.8, theirs / mine)) : 1;
  return { ...colour, d: colour.d.map((value, n) => (grey.d[n] + value) * cast - grey.d[n]) };
}

// Blocks of the published picture that show something else in the given one: [x, y, size]; `noise`: how far written ones are
// off in the middle. Blur and shifts are allowed for.
function changesAt(original, query, m, w, corners, blurs) {
  const h = Math.round(w * original[0].h / original[0].w);
  const [sharp, ...tints] = original.map((plane) => resized(plane, w, h));
  const seen = query.map((plane) => laid(scaledFor(plane, m, w), m, w, h, corners));
  const light = lightOf(sharp, seen[0]);
  const [grey, ...colours] = seen.map((plane) => ({ ...plane, d: plane.d.map((value, at) => value * light[at]) }));
  const toned = colours.map((colour, n) => relit(tints[n], uncast(colour, grey, tints, sharp, n)));
  let [T, soft] = [sharp, 0];
  for (let round = 0; round < 2; round += 1) ({ made: T, soft } = asSharp(sharp, relit(T, grey), blurs));
  const I = relit(T, grey);
  const pale = seen.slice(1).every((colour, n) => varianceOf(colour) < PALE ** 2 && varianceOf(tints[n]) > 4 * varianceOf(colour));
  const size = Math.max(10, Math.round(w / 60));
  const [found, ratios] = [[], []];
  for (let y = 2; y + size + 2 <= h; y += size >> 1) {
    for (let x = 2; x + size + 2 <= w; x += size >> 1) {
      if ([[-2, -2], [-2, size + 1], [size + 1, -2], [size + 1, size + 1]].some(([j, i]) => Number.isNaN(I.d[(y + j) * w + x + i]))) continue;
      const { off, strength } = difference(T, I, x, y, size);
      const tint = Math.max(...toned.map((colour, n) => Math.abs(meanOf(colour, x, y, size) - meanOf(tints[n], x, y, size))));
      const ratio = off / (strength + 10);
      if (strength > WRITTEN) ratios.push(ratio);
      if ((off > REST && ratio > (w < SMALL[0] ? SMALL[1] : RATIO)) || (!pale && tint > TINT * Math.max(1, light[(y + (size >> 1)) * w + x + (size >> 1)]))) found.push([x, y, size]);
    }
  }
  return { w, found, pale, soft: soft / w, noise: ratios.sort((a, b) => a - b)[ratios.length >> 1] ?? 0 };
}

// A noisy picture is looked at once more, smaller, where noise is less; not one that is blurred besides.
function changes(original, query, m, w, corners) {
  const sharp = changesAt(original, query, m, w, corners, [0, 1, 2]);
  if (sharp.found.length || sharp.noise <= NOISE || w < 1.5 * CLEAR) return sharp;
  return changesAt(original, query, m, Math.round(w / 1.5), corners, [0, 1]);
}

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

function shownWidth(m, query) {
  const [[ax, ay], [bx, by]] = [led(m, 0, 0.25), led(m, 1, 0.25)];
  return Math.hypot(bx - ax, by - ay) * query.w;
}

// ---- the answer ----
// The published picture of a row in a width that is offered, or as it is.
const cameBefore = new Map();
function published(one, least) {
  const name = `${one.url} ${one.row[0]} ${least}`;
  if (!cameBefore.has(name)) cameBefore.set(name, fetched(one, least));
  return cameBefore.get(name);
}

async function fetched({ url, row: [name, width] }, least) {
  const sizes = width > least ? [`sized/${name}.${least}.webp`, `sized/${name}.${Math.min(width, 1440)}.webp`, name] : [name, `sized/${name}.${width}.webp`];
  for (const path of sizes) {
    const answer = await fetch(new URL(url + path.split("/").map(encodeURIComponent).join("/"), root), { cache: "force-cache" });
    if (answer.ok) return planes(await bitmapOf(await answer.blob()));
  }
  throw new Error(name);
}

async function best(query, rows, regions) {
  const tries = (await Promise.all(regions.map(async (place) => {
    const shown = place.way ? part(query.slice(0, 1), place, 400)[0] : query[0];
    return Promise.all(ranked(shown, rows, STARTS[Number(Boolean(place.way))], Boolean(place.way)).slice(0, FEW).map(async (one) => (
      { one, query: shown, place, picture: (await published(one, 480))[0], places: one.places })));
  }))).flat();
  return aligned(tries);
}

// The likeliest of a year: as it was given, and what stands in it; if it is none of these, aslant, turned, from behind.
async function likeliest(query, year) {
  const rows = JSON.parse(await get(`pictures/${year}.json`)).flatMap(([url, all]) => all.map((row) => ({ url, row })));
  const outer = sheets(query);
  const found = [...outer, ...outer.slice(0, 2).flatMap((place) => within(query, place))];
  let most = await best(query, rows, [{}, ...found]);
  for (const regions of otherwise(query, found)) {
    if (most?.like >= SAME) break;
    const other = await best(query, rows, regions);
    if (other && !(most?.like >= other.like)) most = other;
  }
  return most;
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

// Where in the given picture the published one is compared. A panel of it that stands by itself is no bound: what is around it
// was published, too, and may be what was changed.
function extent(original, query, m, { place, seen }) {
  if (!place.bounded) return { corners: [], seen };
  const T = evenAt(original, 192);
  const whole = agreement(T, seenFlat(laid(scaledFor(query, m, T.w), m, T.w, T.h), Math.round(T.w / 8)));
  const around = whole.seen > seen + RIM && whole.like > AROUND;
  return around ? { corners: [], seen: whole.seen } : { corners: clockwise(place.corners), seen };
}

// {fault} in words, or {result, versions, codes, aside, marks, pale}; `pale`: it has no colours, so none were compared. result: "none" | "unclear" | "differs" | "excerpt" | "whole";
// marks: four corners of each block that differs, in widths of the given picture; `aside`: there is more in it than the published one.
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
    found = await likeliest(query, year);
    if (found?.like >= SAME) break;
  }
  if (!(found?.like >= SAME)) return { result: "none", versions: [], codes, marks: [] };
  const { one, place } = found;
  const version = await opened({ url: one.url, revision: 1, present: 1 });
  const original = await published(one, 960);
  const shows = place.bounded ? part(query, place, WORK) : query;
  let m = place.way && !place.bounded ? then(found.m, place.way) : found.m;
  for (const width of [240, Math.min(480, Math.round(shownWidth(m, shows[0])))]) {
    m = nearer(evenAt(original[0], width), shows[0], m, 6, 8) ?? m;
  }
  if (place.bounded) m = then(m, place.way);
  const { corners, seen } = extent(original[0], query[0], m, found);
  const shown = shownWidth(m, query[0]);
  const { w, found: blocks, pale, soft, noise } = changes(original, query, m, Math.round(Math.min(960, original[0].w, Math.max(320, shown))), corners);
  const marks = blocks.map(([x, y, size]) => [[0, 0], [size, 0], [size, size], [0, size]].map(([i, j]) => led(m, (x + i) / w, (y + j) / w)));
  const whole = seen > 0.93 ? "whole" : "excerpt";
  if (noise > OTHER) return { result: "none", versions: [version], codes, marks: [] };
  const result = marks.length ? "differs" : shown < CLEAR || seen < 0.5 || noise > NOISE || soft >= SOFT ? "unclear" : whole;
  const area = shown ** 2 * original[0].h / original[0].w * seen;
  return { result, versions: [version], codes, marks, pale, aside: area < 0.85 * query[0].w * query[0].h };
}
