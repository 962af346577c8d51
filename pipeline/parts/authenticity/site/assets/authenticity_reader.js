// Reads the words and the codes of a picture in a worker: its host's own headers let it compile the recogniser, the
// page's policy does not. Message: {id, width, height, grey: Uint8Array, mode, colours?: Uint8ClampedArray}; answer:
// {id, lines, codes} or {id, fault}.
importScripts("reader/tesseract-core-simd-lstm.js", "reader/jsQR.js");

const BASE = new URL("reader/", self.location.href);

async function unpacked(name) {
  const answer = await fetch(new URL(name, BASE));
  if (!answer.ok) throw new Error(name);
  const raw = new Uint8Array(await answer.arrayBuffer());
  if (raw[0] !== 31 || raw[1] !== 139) return raw; // its host unpacked it
  return new Uint8Array(
    await new Response(new Blob([raw]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer(),
  );
}

async function started() {
  const [core, words] = await Promise.all([
    self.TesseractCore({
      locateFile: (name) => new URL(name, BASE).href,
      TesseractProgress: () => {},
      print: () => {},
      printErr: () => {},
    }),
    unpacked("chi_sim.traineddata.gz"),
  ]);
  core.FS.writeFile("./chi_sim.traineddata", words);
  const api = new core.TessBaseAPI();
  if (api.Init(null, "chi_sim", 1, null)) throw new Error("Init");
  api.SetVariable("user_defined_dpi", "300");
  return { core, api };
}

const starting = started();
starting.catch(() => {});

function boxOf({ x0, y0, x1, y1 }) {
  return [x0, y0, x1, y1];
}

// Lines of signs: {box, signs: [[sign, box, confidence from 0 to 100]]}.
function linesOf({ core, api }, { width, height, grey, mode, method }) {
  const head = new TextEncoder().encode(`P5\n${width} ${height}\n255\n`);
  const file = new Uint8Array(head.length + grey.length);
  file.set(head);
  file.set(grey, head.length);
  core.FS.writeFile("/input", file);
  api.SetVariable("tessedit_pageseg_mode", `${mode}`);
  api.SetVariable("thresholding_method", `${method}`);
  if (api.SetImageFile(1, 0)) throw new Error("image");
  api.Recognize(null);
  const { blocks } = JSON.parse(api.GetJSONText());
  return blocks
    .flatMap(({ paragraphs = [] }) => paragraphs)
    .flatMap(({ lines }) => lines)
    .map(({ bbox, words }) => ({
      box: boxOf(bbox),
      signs: words
        .flatMap(({ symbols }) => symbols)
        .map(({ text, bbox: place, confidence }) => [text, boxOf(place), Math.round(confidence)]),
    }));
}

// Codes to scan, one after the other: what was read is painted over.
function codesOf({ width, height, colours }) {
  const found = [];
  while (colours && found.length < 4) {
    const code = self.jsQR(colours, width, height, { inversionAttempts: "attemptBoth" });
    if (!code) break;
    const { topLeftCorner: a, topRightCorner: b, bottomRightCorner: c, bottomLeftCorner: d } = code.location;
    const corners = [a, b, c, d].map(({ x, y }) => [x, y]);
    found.push({ words: code.data, corners });
    const [xs, ys] = [0, 1].map((n) => corners.map((point) => Math.max(0, Math.round(point[n]))));
    for (let y = Math.min(...ys); y < Math.min(height, Math.max(...ys)); y += 1)
      colours.fill(255, 4 * (y * width + Math.min(...xs)), 4 * (y * width + Math.min(width, Math.max(...xs))));
  }
  return found;
}

self.addEventListener("message", async ({ data }) => {
  try {
    const ready = await starting;
    self.postMessage({ id: data.id, lines: data.grey ? linesOf(ready, data) : [], codes: codesOf(data) });
  } catch (error) {
    self.postMessage({ id: data.id, fault: String(error) });
  }
});
