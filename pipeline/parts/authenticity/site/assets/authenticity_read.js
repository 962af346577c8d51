// The words of pictures, read in a worker of this device. It is started when the first picture is given, and is 4.9 MB
// with what it reads by.
const PATH = new URL("authenticity_reader.js", import.meta.url);
const LONGEST = 16e6; // pixels of a picture that is read; larger ones are made smaller first

let worker = null;
let count = 0;
const waiting = new Map();

function leave(error) {
  worker?.terminate();
  worker = null;
  for (const { refuse } of waiting.values()) refuse(error);
  waiting.clear();
}

function start() {
  if (worker) return worker;
  worker = new Worker(PATH);
  worker.addEventListener("error", (event) => leave(event.error ?? new Error("worker")));
  worker.addEventListener("message", ({ data: { id, fault, ...read } }) => {
    const { keep, refuse } = waiting.get(id);
    waiting.delete(id);
    if (fault) refuse(new Error(fault));
    else keep(read);
  });
  return worker;
}

function asked(message, moved) {
  return new Promise((keep, refuse) => {
    count += 1;
    waiting.set(count, { keep, refuse });
    start().postMessage({ ...message, id: count }, moved);
  });
}

function drawnAt(picture, scale, [x0, y0, x1, y1]) {
  const canvas = new OffscreenCanvas(
    Math.max(1, Math.round((x1 - x0) * scale)),
    Math.max(1, Math.round((y1 - y0) * scale)),
  );
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, x0, y0, x1 - x0, y1 - y0, 0, 0, canvas.width, canvas.height);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

function greyBytes({ data }) {
  const grey = new Uint8Array(data.length / 4);
  for (let n = 0; n < grey.length; n += 1)
    grey[n] = 0.299 * data[4 * n] + 0.587 * data[4 * n + 1] + 0.114 * data[4 * n + 2];
  return grey;
}

// Lines of a part of a picture, in its pixels, read at `scale`.
export async function linesIn(picture, box, scale, { mode = 3, method = 0 } = {}) {
  const most = Math.min(scale, Math.sqrt(LONGEST / ((box[2] - box[0]) * (box[3] - box[1]))));
  const drawn = drawnAt(picture, most, box);
  const grey = greyBytes(drawn);
  const { lines } = await asked({ width: drawn.width, height: drawn.height, grey, mode, method }, [grey.buffer]);
  const there = ([x0, y0, x1, y1]) => [box[0] + x0 / most, box[1] + y0 / most, box[0] + x1 / most, box[1] + y1 / most];
  return lines.map(({ box: own, signs }) => ({
    box: there(own),
    signs: signs.map(([sign, place, sure]) => [sign, there(place), sure]),
  }));
}

// Codes to scan: {words, corners}.
export async function codesIn(picture, box, scale) {
  const drawn = drawnAt(picture, scale, box);
  const { codes } = await asked({ width: drawn.width, height: drawn.height, colours: drawn.data }, [drawn.data.buffer]);
  const saying = codes.filter(({ words }) => words.trim()); // what is found in strokes says nothing
  return saying.map(({ words, corners }) => ({
    words,
    corners: corners.map(([x, y]) => [box[0] + x / scale, box[1] + y / scale]),
  }));
}

export const stop = () => leave(new Error("left"));
