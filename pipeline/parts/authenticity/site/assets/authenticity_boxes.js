// Boxes [left, top, right, bottom] of signs and lines in a picture's pixels, and how they lie to one another.
const [NEAR, LEVEL] = [0.3, 0.7]; // of a box that another covers for both to be of one line; of its height
const LONG = 6; // Han signs of a line from which on they tell how wide one is
const [LEAST_PITCH, LOOSE] = [0.5, 1.02]; // of how high boxes are; of a sign's width, what it takes up in a line
const MOST_OF = 0.6; // of a box that lies in another

// Whether two boxes are of one line: side by side lines that run aslant overlap, too.
export function meets(a, b) {
  const across = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const low = Math.min(a[3] - a[1], b[3] - b[1]);
  return across > NEAR * Math.min(a[2] - a[0], b[2] - b[0]) && Math.abs(a[1] + a[3] - b[1] - b[3]) < LEVEL * low;
}

export const shared = (a, b) => (
  Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0])) * Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1])));
export const within = (a, b) => shared(a, b) > MOST_OF * (a[2] - a[0]) * (a[3] - a[1]);
// Whether several cover most of it together, as words on both sides of a table's rule do.
export const isCovered = (box, others) => (
  others.reduce((sum, other) => sum + shared(box, other), 0) > MOST_OF * (box[2] - box[0]) * (box[3] - box[1]));

// Whether they stand side by side in one row, as cells of a table do.
export const level = (a, b) => (
  Math.min(a[3], b[3]) - Math.max(a[1], b[1]) > LEVEL * Math.min(a[3] - a[1], b[3] - b[1]));
export const overlap = (a, b) => Math.min(a[2], b[2]) > Math.max(a[0], b[0]); // one above the other
export const isAbove = (a, b) => overlap(a, b) && a[3] <= b[1] + LEVEL * (b[3] - b[1]) && a[1] < b[1];

export const around = (boxes) => [0, 1, 2, 3].map((n) => Math[n < 2 ? "min" : "max"](...boxes.map((box) => box[n])));
export const boxOf = (corners) => around(corners.map(([x, y]) => [x, y, x, y]));
export const clipped = ([x0, y0, x1, y1], { width, height }) => (
  [Math.max(0, x0), Math.max(0, y0), Math.min(width, x1), Math.min(height, y1)]);
export const middle = (values) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

// How high the signs of a line are, in pixels.
export function emOf({ signs }) {
  const han = signs.filter(({ sign }) => /\p{Script=Han}/u.test(sign));
  if (!han.length) return middle(signs.map(({ box }) => 1.25 * (box[3] - box[1])));
  const high = middle(han.map(({ box }) => Math.max(box[2] - box[0], box[3] - box[1])));
  if (han.length < LONG) return high;
  const pitch = middle(han.slice(1).map(({ box }, n) => (box[0] + box[2] - han[n].box[0] - han[n].box[2]) / 2));
  return pitch > LEAST_PITCH * high ? Math.min(high, LOOSE * pitch) : high; // boxes may be as high as the whole line
}
