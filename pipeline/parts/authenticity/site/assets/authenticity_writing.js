// Whether there is writing in a given picture beside the published one that was found in it: nothing here reads words,
// so what stands there was not looked at.
import { blurred, smaller } from "./authenticity_grey.js";
import { clockwise } from "./authenticity_sheets.js";
import { led } from "./authenticity_ways.js";

const SIDE = 960; // longest side in pixels it is looked at in
export const WINDOW = 24; // pixels of a row, about one sign and a half
// times that a row of strokes goes from dark to light or back in them; the edge of a sheet does once
export const CROSSES = 5;
const STEP = 14; // levels of grey by which, at least; the grain of a table or a camera does by fewer
const FEW = 40; // such windows, fewer than four signs have
const RIM = 0.015; // of the published picture's sides, over which it is laid less than exactly

// `published`, `m`: the picture that was found and the way to it; without them the whole is looked at.
export function writing(query, published = null, m = null) {
  const [grey] = smaller(query.slice(0, 1), SIDE);
  const { w, h } = grey;
  const around = blurred(grey, 4).d;
  const covered = published ? onto(published, m, w) : () => false;
  let marks = 0;
  for (let y = 0; y < h; y += 1) {
    for (let x = 0; x + WINDOW <= w; x += WINDOW) {
      if (covered(x, y) || covered(x + WINDOW, y) || crossings(grey.d, around, y * w + x) < CROSSES) continue;
      marks += 1;
      if (marks > FEW) return true;
    }
  }
  return false;
}

export function crossings(d, around, from, step = STEP) {
  let [count, side] = [0, 0];
  for (let at = from; at < from + WINDOW; at += 1) {
    const off = d[at] - around[at];
    const now = off > step ? 1 : off < -step ? -1 : side;
    if (now !== side) count += 1;
    side = now;
  }
  return count;
}

// Whether a pixel lies on the published picture.
function onto({ w, h }, m, width) {
  const [low, high, tall] = [-RIM, 1 + RIM, h / w];
  const corners = clockwise(
    [
      [low, low * tall],
      [high, low * tall],
      [high, high * tall],
      [low, high * tall],
    ].map(([u, v]) => led(m, u, v)),
  );
  return (x, y) => corners.every(([ax, ay], n) => {
    const [bx, by] = corners[(n + 1) % 4];
    return (bx - ax) * (y / width - ay) >= (by - ay) * (x / width - ax);
  });
}
