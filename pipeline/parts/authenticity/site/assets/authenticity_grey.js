// Pictures as planes of grey, blue and red: {w, h, d}, d from 0 to 255, NaN where nothing is seen.

export const WORK = 1600; // longest side in pixels of a picture that is looked at; larger ones are made smaller first

export async function bitmapOf(file) {
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

export function planes({ width: w, height: h, data }) {
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

export function sumsOf(picture) {
  const [w, sums] = [picture.w, tableOf(picture)];
  return (l, t, r, b) => (sums[b * (w + 1) + r] - sums[b * (w + 1) + l] - sums[t * (w + 1) + r] + sums[t * (w + 1) + l]) / ((r - l) * (b - t));
}

// By means of areas, so that nothing flickers when it becomes smaller.
export function resized(picture, to, tall) {
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

// A picture of at most so many pixels a side, from its planes.
export function smaller(planes, most) {
  const scale = Math.min(1, most / Math.max(planes[0].w, planes[0].h));
  return planes.map((plane) => resized(plane, Math.max(1, Math.round(plane.w * scale)), Math.max(1, Math.round(plane.h * scale))));
}

export function blurred({ w, h, d }, radius) {
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
export function flat(picture, radius) {
  const wide = blurred(picture, radius);
  return { ...picture, d: picture.d.map((value, n) => value - wide.d[n]) };
}

// `flat` of a picture with places that are not seen.
export function seenFlat(picture, radius) {
  const known = { ...picture, d: picture.d.map((value) => (value === value ? 1 : 0)) };
  const [sum, some] = [blurred({ ...picture, d: picture.d.map((value) => (value === value ? value : 0)) }, radius), blurred(known, radius)];
  return { ...picture, d: picture.d.map((value, n) => value - sum.d[n] / (some.d[n] || 1)) };
}

// Of two rows of values where both are known: how many, their sums, and how they vary by themselves and together.
export function covariance(first, second) {
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

export const spread = ({ d }) => {
  const mean = d.reduce((sum, value) => sum + value, 0) / d.length;
  return Math.sqrt(d.reduce((sum, value) => sum + (value - mean) ** 2, 0) / d.length);
};
