// Sheets and pictures that stand in a given one on a ground: their four corners.
import { covariance, smaller } from "./authenticity_grey.js";
import { laid, led, scaledFor, solved } from "./authenticity_ways.js";

const STEPS = [8, 14, 24]; // levels of grey or colour between neighbours, from which on there is an edge
const FILLED = 0.9; // of four corners that a sheet fills
const ROLLS = [-10, -5, 5, 10]; // degrees

// How far the eight neighbours of each pixel differ from one another, in the plane where they do most.
function edgesOf(planes) {
  const { w, h } = planes[0];
  const edges = new Float32Array(w * h);
  for (const { d } of planes) {
    for (let y = 0; y < h; y += 1) {
      for (let x = 0; x < w; x += 1) {
        let least = Infinity;
        let most = -Infinity;
        for (let v = Math.max(0, y - 1); v <= Math.min(h - 1, y + 1); v += 1) {
          for (let u = Math.max(0, x - 1); u <= Math.min(w - 1, x + 1); u += 1) {
            const value = d[v * w + u];
            if (value < least) least = value;
            if (value > most) most = value;
          }
        }
        edges[y * w + x] = Math.max(edges[y * w + x], most - least);
      }
    }
  }
  return edges;
}

// `todo` and all pixels that are reached from them; `take` says of one whether it belongs to them, once.
function reached(todo, w, h, take) {
  for (let at = 0; at < todo.length; at += 1) {
    const n = todo[at];
    if (n % w > 0 && take(n - 1)) todo.push(n - 1);
    if (n % w < w - 1 && take(n + 1)) todo.push(n + 1);
    if (n >= w && take(n - w)) todo.push(n - w);
    if (n < w * (h - 1) && take(n + w)) todo.push(n + w);
  }
  return todo;
}

// Pixels that are reached from the border without an edge between, and their neighbours: a wall, a table, the ground of
// a chat.
function groundOf(edges, w, h, step) {
  const ground = new Uint8Array(w * h);
  const take = (n) => !ground[n] && edges[n] < step && Boolean(ground[n] = 1);
  const border = Array.from(ground.keys()).filter(
    (n) => (n % w === 0 || n % w === w - 1 || n < w || n >= w * (h - 1)) && take(n),
  );
  const wide = ground.slice();
  reached(reached(border, w, h, take).slice(), w, h, (n) => { wide[n] = 1; return false; });
  return wide;
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
  const take = (n) => other[n] && !(other[n] = 0);
  const found = [];
  for (let start = 0; start < w * h; start += 1) {
    if (!take(start)) continue;
    const all = reached([start], w, h, take);
    if (all.length > 0.02 * w * h) found.push({ size: all.length, points: endsOf(all, w, h) });
  }
  return found.sort((a, b) => b.size - a.size).slice(0, 3).map(({ points }) => points);
}

function endsOf(pixels, w, h) {
  const [left, right] = [new Int32Array(h).fill(w), new Int32Array(h)];
  for (const n of pixels) {
    const [x, y] = [n % w, Math.floor(n / w)];
    if (x < left[y]) left[y] = x;
    if (x >= right[y]) right[y] = x + 1;
  }
  return Array.from(left, (l, y) => [
    [l, y],
    [right[y], y],
    [l, y + 1],
    [right[y], y + 1],
  ])
    .filter(([[l], [r]]) => l < r)
    .flat();
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

// A place of four corners in the given picture, in its widths: `way` leads there from a picture of width 1, which is
// about `width` pixels wide and `tall` times as high; what lies outside is no part of it when it is `bounded`.
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

function meanKnown(values) {
  const { n, a } = covariance(values, values);
  return a / (n || 1);
}

// What a region shows, at most `most` pixels wide.
export function part(planes, { way, width, tall }, most) {
  const w = Math.min(width, most);
  const h = Math.max(16, Math.round(w * tall));
  return planes.map((plane) => {
    const shown = laid(scaledFor(plane, way, w), way, w, h);
    const mean = meanKnown(shown.d);
    return { w, h, d: shown.d.map((value) => (value === value ? value : mean)) };
  });
}

const scaledAbout = (corners, factor) => {
  const [x, y] = [0, 1].map((n) => corners.reduce((sum, point) => sum + point[n], 0) / 4);
  return corners.map(([u, v]) => [x + factor * (u - x), y + factor * (v - y)]);
};

// Sheets and pictures that stand in the given one on a ground.
export function sheets(query) {
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
export function within(query, place) {
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
export const clockwise = (corners) => (cross(...corners) < 0 ? [...corners].reverse() : corners);

// The given picture lying on its side or head, from behind, aslant: each with the sheets in it.
export function otherwise(query, found) {
  const whole = EDGES(query[0].h / query[0].w);
  const all = [{ corners: whole, bounded: false }, ...found.slice(0, 2)];
  const make = (change) => all.map(({ corners, bounded }) => region(change(corners), query[0], bounded));
  return [[...ROLLS.map((degrees) => region(rolled(whole, degrees), query[0], false))],
    [1, 2, 3].flatMap((n) => make((corners) => turned(corners, n))), make(mirrored)];
}
