// How much a place of a picture looks like a sign: the sign is drawn here and laid over it.
const EM = 24; // pixels
const REACH = 1.1; // of a sign's height
const FAINT = 60; // variance below which nothing stands out
const FONTS = ["400 {}px sans-serif", "700 {}px sans-serif", "700 {}px serif"];
const SIZES = [0.85, 0.95, 1.05, 1.15];

const drawn = new Map();

// Of a sign, or of the few signs of a number.
export function templatesOf(sign) {
  if (!drawn.has(sign)) {
    const room = (1 + sign.length) * EM;
    drawn.set(sign, FONTS.flatMap((font) => SIZES.map((size) => {
      const canvas = new OffscreenCanvas(room, 2 * EM);
      const pen = canvas.getContext("2d", { willReadFrequently: true });
      pen.font = font.replace("{}", Math.round(EM * size));
      pen.textBaseline = "alphabetic";
      const wide = pen.measureText(sign).width;
      pen.fillText(sign, 2, 1.3 * EM);
      return cut(pen.getImageData(0, 0, room, 2 * EM).data, room, Math.min(room, Math.ceil(wide) + 4));
    })));
  }
  return drawn.get(sign);
}

// About its mean and of length 1, without empty rows above and below.
function cut(data, room, w) {
  let [top, low] = [2 * EM, 0];
  for (let y = 0; y < 2 * EM; y += 1)
    for (let x = 0; x < w; x += 1)
      if (data[4 * (y * room + x) + 3] > 40) [top, low] = [Math.min(top, y), Math.max(low, y)];
  const h = Math.max(1, low - top + 3);
  const d = new Float32Array(w * h);
  for (let y = 0; y < h; y += 1)
    for (let x = 0; x < w; x += 1) d[y * w + x] = data[4 * ((y + top - 1) * room + x) + 3] ?? 0;
  return unit(d, w, h);
}

// The upper or the lower part of a template.
export function partOf({ w, h, d }, share, upper) {
  const rows = Math.max(3, Math.round(share * h));
  return unit(upper ? d.slice(0, rows * w) : d.slice((h - rows) * w), w, rows);
}

// A sign of a published picture as templates.
export function templatesFrom(picture, box, em) {
  return SIZES.map((size) => {
    const canvas = new OffscreenCanvas(2 * EM, 2 * EM);
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    const scale = EM * size / em;
    const [w, h] = [
      Math.min(2 * EM, Math.round((box[2] - box[0]) * scale) + 2),
      Math.min(2 * EM, Math.round((box[3] - box[1]) * scale) + 2),
    ];
    pen.drawImage(picture, box[0] - 1 / scale, box[1] - 1 / scale, w / scale, h / scale, 0, 0, w, h);
    const { data } = pen.getImageData(0, 0, w, h);
    return unit(
      Float32Array.from(
        { length: w * h },
        (_, n) => 0.299 * data[4 * n] + 0.587 * data[4 * n + 1] + 0.114 * data[4 * n + 2],
      ),
      w,
      h,
    );
  });
}

function unit(d, w, h) {
  const mean = d.reduce((sum, value) => sum + value, 0) / d.length;
  const length = Math.sqrt(d.reduce((sum, value) => sum + (value - mean) ** 2, 0)) || 1;
  return { w, h, d: d.map((value) => (value - mean) / length) };
}

// What stands at about a box, in grey, so large that its signs are EM high: {grey, w, h}.
function greyAt(picture, [x0, y0, x1, y1], scale, reach) {
  const [wide, high] = [(x1 - x0) * scale + 2 * reach * EM, 2.2 * EM];
  const canvas = new OffscreenCanvas(Math.ceil(wide), Math.ceil(high));
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.imageSmoothingQuality = "high";
  const [left, top] = [(x0 + x1 - wide / scale) / 2, (y0 + y1 - high / scale) / 2];
  pen.drawImage(picture, left, top, wide / scale, high / scale, 0, 0, canvas.width, canvas.height);
  const { width: w, height: h, data } = pen.getImageData(0, 0, canvas.width, canvas.height);
  const grey = new Float32Array(w * h);
  for (let n = 0; n < grey.length; n += 1) {
    grey[n] = 0.299 * data[4 * n] + 0.587 * data[4 * n + 1] + 0.114 * data[4 * n + 2];
  }
  return { grey, w, h, wide, left, top };
}

// The likeness of a template with a place; 0 where hardly anything stands out.
function likenessAt({ grey, w: W }, { w, h, d }, x, y) {
  let [sum, squares, both] = [0, 0, 0];
  for (let j = 0; j < h; j += 1) {
    for (let i = 0, at = (y + j) * W + x; i < w; i += 1, at += 1) {
      const value = grey[at];
      sum += value;
      squares += value * value;
      both += value * d[j * w + i];
    }
  }
  const vary = squares - sum * sum / (w * h);
  return vary > FAINT * w * h ? Math.abs(both) / Math.sqrt(vary) : 0;
}

// Where a sign stands that is looked for at about `box`, in a line whose signs are `em` high, and at most `reach` less
// half a sign beside it: {like, box}, the likeness from 0 to 1.
export function soughtAt(sign, picture, box, em, { templates = templatesOf(sign), reach = REACH } = {}) {
  const scale = EM / em;
  const place = greyAt(picture, box, scale, reach);
  let best = { like: 0, box };
  for (const template of templates) {
    const { w, h } = template;
    for (let y = 0; y + h <= place.h; y += 2) {
      if (Math.abs(y + h / 2 - place.h / 2) > 0.5 * EM) continue;
      for (let x = 0; x + w <= place.w; x += 2) {
        if (Math.abs(x + w / 2 - place.w / 2) > place.wide / 2 - 0.5 * EM) continue;
        const like = likenessAt(place, template, x, y);
        if (like <= best.like) continue;
        const [left, top] = [place.left + x / scale, place.top + y / scale];
        best = { like, box: [left, top, left + w / scale, top + h / scale] };
      }
    }
  }
  return best;
}

export const looksLike = (sign, picture, box, em, templates) => soughtAt(sign, picture, box, em, { templates }).like;
