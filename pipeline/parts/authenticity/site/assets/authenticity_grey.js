// Pictures as planes of grey, blue and red: {w, h, d}, d from 0 to 255, NaN where nothing is seen.

export const WORK = 1600; // longest side in pixels of a picture that is looked at; larger ones are made smaller first

// The pixels of a picture, which is closed.
export function pixelsOf(whole) {
  const scale = Math.min(1, WORK / Math.max(whole.width, whole.height));
  const canvas = new OffscreenCanvas(
    Math.max(1, Math.round(whole.width * scale)),
    Math.max(1, Math.round(whole.height * scale)),
  );
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(whole, 0, 0, canvas.width, canvas.height);
  whole.close();
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

export function greyOf({ width: w, height: h, data }) {
  const d = new Float32Array(w * h);
  for (let n = 0; n < d.length; n += 1) d[n] = 0.299 * data[4 * n] + 0.587 * data[4 * n + 1] + 0.114 * data[4 * n + 2];
  return { w, h, d };
}

export function planes(pixels) {
  const grey = greyOf(pixels);
  return [grey, ...[2, 0].map((at) => ({ ...grey, d: grey.d.map((value, n) => pixels.data[4 * n + at] - value) }))];
}

// Of every rectangle from the upper left corner, the sum of its pixels; each picture is resized many times.
const tables = new WeakMap();

function tableOf(picture) {
  if (tables.has(picture)) return tables.get(picture);
  const { w, h, d } = picture;
  const sums = new Float64Array((w + 1) * (h + 1));
  for (let y = 0; y < h; y += 1) {
    let row = 0;
    for (let x = 0; x < w; x += 1) {
      row += d[y * w + x];
      sums[(y + 1) * (w + 1) + x + 1] = sums[y * (w + 1) + x + 1] + row;
    }
  }
  tables.set(picture, sums);
  return sums;
}

export function sumsOf(picture) {
  const [w, sums] = [picture.w, tableOf(picture)];
  return (l, t, r, b) =>
    (sums[b * (w + 1) + r] - sums[b * (w + 1) + l] - sums[t * (w + 1) + r] + sums[t * (w + 1) + l])
    / ((r - l) * (b - t));
}

// By means of areas, so that nothing flickers when it becomes smaller.
export function resized(picture, to, tall) {
  const { w, h } = picture;
  if (w === to && h === tall) return picture;
  const sums = tableOf(picture);
  const corners = new Float64Array((to + 1) * (tall + 1));
  for (let j = 0; j <= tall; j += 1) {
    const y0 = Math.min(h - 1, Math.floor(j * h / tall));
    const fy = j * h / tall - y0;
    for (let i = 0; i <= to; i += 1) {
      const x = i * w / to;
      const x0 = Math.min(w - 1, Math.floor(x));
      const fx = x - x0;
      const n = y0 * (w + 1) + x0;
      corners[j * (to + 1) + i] =
        (sums[n] * (1 - fx) + sums[n + 1] * fx) * (1 - fy) + (sums[n + w + 1] * (1 - fx) + sums[n + w + 2] * fx) * fy;
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

// A picture of at most so many pixels a side, from its planes.
export function smaller(planes, most) {
  const scale = Math.min(1, most / Math.max(planes[0].w, planes[0].h));
  return planes.map((plane) =>
    resized(plane, Math.max(1, Math.round(plane.w * scale)), Math.max(1, Math.round(plane.h * scale))),
  );
}

// Means over `radius` rows and columns to each side; down by whole rows, for columns lie far apart in memory.
export function blurred({ w, h, d }, radius) {
  if (radius < 1) return { w, h, d };
  const across = new Float32Array(w * h);
  for (let base = 0; base < w * h; base += w) {
    let sum = 0;
    for (let x = 0; x < Math.min(radius, w); x += 1) sum += d[base + x];
    for (let x = 0; x < w; x += 1) {
      if (x + radius < w) sum += d[base + x + radius];
      if (x - radius > 0) sum -= d[base + x - radius - 1];
      across[base + x] = sum / (Math.min(w - 1, x + radius) - Math.max(0, x - radius) + 1);
    }
  }
  const [out, sums] = [new Float32Array(w * h), new Float64Array(w)];
  const add = (y, sign) => { for (let [x, base] = [0, y * w]; x < w; x += 1) sums[x] += sign * across[base + x]; };
  for (let y = 0; y < Math.min(radius, h); y += 1) add(y, 1);
  for (let y = 0; y < h; y += 1) {
    if (y + radius < h) add(y + radius, 1);
    if (y - radius > 0) add(y - radius - 1, -1);
    const some = Math.min(h - 1, y + radius) - Math.max(0, y - radius) + 1;
    for (let x = 0; x < w; x += 1) out[y * w + x] = sums[x] / some;
  }
  return { w, h, d: out };
}

// What stands out of its neighbourhood: light that falls from a side is gone.
export function flat(picture, radius) {
  const wide = blurred(picture, radius);
  return { ...picture, d: picture.d.map((value, n) => value - wide.d[n]) };
}

// `flat` of a picture with places that are not seen.
export function seenFlat(picture, radius) {
  const known = { ...picture, d: picture.d.map((value) => (value === value ? 1 : 0)) };
  const [sum, some] = [
    blurred({ ...picture, d: picture.d.map((value) => (value === value ? value : 0)) }, radius),
    blurred(known, radius),
  ];
  return { ...picture, d: picture.d.map((value, n) => value - sum.d[n] / (some.d[n] || 1)) };
}

// Of two rows of values where both are known: how many, their sums, and how they vary by themselves and together.
export function covariance(first, second) {
  let n = 0;
  let a = 0;
  let b = 0;
  let aa = 0;
  let bb = 0;
  let ab = 0;
  for (let at = 0; at < first.length; at += 1) {
    const p = first[at];
    const q = second[at];
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

export const spread = ({ d }) => {
  const { n, va } = covariance(d, d);
  return Math.sqrt(va / n);
};
