// Pictures and files of the draft: sent at once, each shown beside its words; a picture is cut or made
// smaller before it leaves the browser, and one that was published can be used again.
"use strict";

const WIDEST = 2560; // pixels of the longer side, as the desk makes them
const LARGE = 1 << 20; // bytes from which on a picture is made smaller here
// Marks of a machine's work that a browser would lose; the desk carries them on (GB 45438-2025).
const LABELLED = /AIGC|A\0I\0G\0C|c2pa|[dD]igital[sS]ource|zTXt|iTXt/;
let uploads = 0, looked = 0;

const nextMark = () => `![](…${(uploads += 1)})`;

// What keeps a file from being there, beside what kept others.
function refuse(words, problem = {}) {
  refused = [refused, words].filter(Boolean).join(" ");
  tell(notes.error, problem, refused);
}

// What stands in the text at a mark, in the place of it; the caret stays where it is.
function replace(mark, words) {
  const at = body.value.indexOf(mark), before = document.activeElement;
  const [start, end] = [body.selectionStart, body.selectionEnd].map((place) => (place > at ? Math.max(at, place + words.length - mark.length) : place));
  if (at >= 0) {
    body.setSelectionRange(at, at + mark.length);
    insert(words);
    body.setSelectionRange(start, end);
    before?.focus();
  }
  changed();
  captions();
}

// A row for a picture, with the words that it has; `known`: of one that was published.
function listed(name, picture, known = {}) {
  const rows = draft.querySelector('[data-rows="media"]');
  if (!rows) return; // the law asks for no words of it
  const row = addRow(rows), image = row.querySelector("[data-thumb]");
  const part = (key) => row.querySelector(`[name$=".${key}"]`);
  part("file").value = row.querySelector("[data-file]").textContent = name;
  image.hidden = !picture;
  if (picture) image.src = image.dataset.thumb + name;
  for (const [key, value] of Object.entries(known)) if (part(key)) part(key).value = value;
}

// A picture or file goes beside the draft at once; its name stands in the text where it was put.
async function upload(file, mark, more = {}) {
  const given = new FormData();
  for (const name of ["_branch", "_post"]) given.set(name, draft.elements[name].value);
  for (const [name, value] of Object.entries(more)) given.set(name, value);
  if (file) given.set("file", file, file.name);
  let words = "";
  try {
    const { name, picture, listed: wanted, words: known } = await post("/write/files", given);
    words = picture ? `![](${name})` : `[${(file?.name || name).replace(/[\\[\]]/g, "\\$&")}](${name})`;
    if (wanted) listed(name, picture, known);
  } catch (problem) {
    refuse(problem.message, problem);
  }
  replace(mark, words);
}

async function take(files, prepared = smaller) {
  tell(notes.error, {}, refused = "");
  const marks = [...files].map((file) => [file, nextMark()]);
  insert(marks.map(([, mark]) => `\n\n${mark}\n\n`).join(""));
  for (const [file, mark] of marks) {
    const ready = await prepared(file).catch(() => file);
    if (ready) await upload(ready, mark);
    else replace(mark, "");
    if (file.whole) refuse(file.whole);
  }
}

// Part of a picture, no side longer than asked. Canvas keeps nothing of what a camera noted.
async function drawn(image, file, { left, top, width, height }, longest = WIDEST) {
  const scale = Math.min(1, longest / Math.max(width, height));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height].map((side) => Math.max(1, Math.round(side * scale)));
  const type = file.type === "image/png" ? file.type : "image/jpeg", context = canvas.getContext("2d");
  context.fillStyle = "white"; // a JPEG has no transparency, and would show it black
  if (type === "image/jpeg") context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, left, top, width, height, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => { canvas.toBlob(done, type, 0.9); });
  return new File([blob], file.name.replace(/\.\w+$/, "") + (type === "image/png" ? ".png" : ".jpg"), { type });
}

const decodable = (file) => /^image\/(png|jpeg|webp)$/.test(file.type);
const isLabelled = async (file) => LABELLED.test(new TextDecoder("latin1").decode(await file.arrayBuffer()));

async function smaller(file) {
  if (!decodable(file) || file.size < LARGE || await isLabelled(file)) return file;
  const image = await createImageBitmap(file), { width, height } = image;
  const made = Math.max(width, height) > WIDEST ? await drawn(image, file, { left: 0, top: 0, width, height }) : file;
  image.close();
  return made.size < file.size ? made : file;
}

// The window in which a picture is cut: by dragging on it, or by the four sliders. Answers the file
// that goes out, or null.
async function cut(file) {
  const dialog = document.querySelector("[data-cut]"), canvas = dialog.querySelector("canvas");
  const sliders = [...dialog.querySelectorAll("input[type=range]")], longest = dialog.querySelector("select");
  if (!decodable(file) || await isLabelled(file)) {
    return Object.assign(file, { whole: dialog.dataset.whole });
  }
  const image = await createImageBitmap(file);
  const fit = Math.min(1, 640 / Math.max(image.width, image.height));
  [canvas.width, canvas.height] = [image.width * fit, image.height * fit].map(Math.round);
  const box = () => {
    const [left, right, top, bottom] = sliders.map((slider) => slider.value / 100);
    return { left: Math.round(image.width * left), top: Math.round(image.height * top),
      width: Math.max(1, Math.round(image.width * (1 - left - right))), height: Math.max(1, Math.round(image.height * (1 - top - bottom))) };
  };
  const show = () => {
    const { left, top, width, height } = box(), context = canvas.getContext("2d");
    const paint = (...part) => {
      const place = part.map((length) => length * fit);
      context.fillStyle = "white";
      context.fillRect(...place);
      context.drawImage(image, ...part, ...place);
    };
    paint(0, 0, image.width, image.height);
    context.fillStyle = "rgba(0, 0, 0, .55)";
    context.fillRect(0, 0, canvas.width, canvas.height);
    paint(left, top, width, height);
    const scale = Math.min(1, Number(longest.value) / Math.max(width, height));
    dialog.querySelector("output").textContent = [width, height].map((side) => Math.round(side * scale)).join("×");
  };
  const drag = (event) => {
    if (!event.buttons) return;
    const area = canvas.getBoundingClientRect();
    const at = [(event.clientX - area.left) / area.width, (event.clientY - area.top) / area.height].map((part) => Math.min(1, Math.max(0, part)) * 100);
    if (event.type === "pointerdown") {
      canvas.setPointerCapture(event.pointerId);
      canvas.from = at;
    }
    if (!canvas.from) return;
    [0, 1].forEach((axis) => {
      const [low, high] = [canvas.from[axis], at[axis]].sort((one, other) => one - other);
      sliders[2 * axis].value = Math.min(95, low); // something is always left
      sliders[2 * axis + 1].value = Math.min(95 - low, 100 - high);
    });
    show();
  };
  sliders.forEach((slider, number) => {
    slider.value = 0;
    slider.oninput = () => {
      slider.value = Math.min(slider.value, 95 - sliders[number ^ 1].value);
      show();
    };
  });
  longest.onchange = show;
  canvas.onpointerdown = canvas.onpointermove = drag;
  dialog.returnValue = "";
  show();
  dialog.showModal();
  await new Promise((done) => { dialog.addEventListener("close", done, { once: true }); });
  const made = dialog.returnValue === "cut" ? await drawn(image, file, box(), Number(longest.value)) : null;
  image.close();
  return dialog.returnValue === "whole" ? smaller(file) : made;
}

// Pictures of what is published, looked for by words; an older answer gives way to a newer one.
async function again(words = "") {
  const dialog = document.querySelector("[data-again]"), note = dialog.querySelector("[data-error]"), mine = (looked += 1);
  if (!dialog.open) dialog.showModal();
  const headers = { Accept: "application/json" }; // a refusal of the gate comes as its sentence
  const answer = await fetch(`/write/pictures?q=${encodeURIComponent(words)}`, { headers, credentials: "same-origin" }).catch(() => null);
  const text = await answer?.text().catch(() => "") || "";
  if (mine !== looked) return;
  const fresh = answer?.ok && new DOMParser().parseFromString(text, "text/html").querySelector("[data-list]");
  const isSentence = answer?.headers.get("content-type")?.includes("json") && text;
  const { error, remedy, next } = isSentence ? JSON.parse(text) : {};
  tell(note, { signIn: next }, fresh ? "" : [error || note.dataset.away, remedy].filter(Boolean).join(" "));
  if (!fresh) return;
  dialog.querySelector("[data-list]").replaceWith(document.adoptNode(fresh));
  reveal();
}

// The words under a picture are the title that the text gives it: ![…](name "title").
const shownAs = (name) => new RegExp(`(!\\[(?:[^\\]\\\\]|\\\\.)*\\]\\(${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")})(?: "((?:[^"\\\\]|\\\\.)*)")?\\)`);

function captions() {
  document.querySelectorAll("[data-caption]").forEach((part) => {
    const name = part.closest(".picture").querySelector('[name$=".file"]').value, found = shownAs(name).exec(body.value);
    part.closest(".field").hidden = !found; // its words would go nowhere
    if (document.activeElement !== part) part.value = (found?.[2] || "").replace(/\\(.)/g, "$1");
  });
}

function caption(part) {
  const name = part.closest(".picture").querySelector('[name$=".file"]').value, found = shownAs(name).exec(body.value);
  if (!found) return;
  const words = part.value.trim().replace(/["\\]/g, "\\$&");
  replace(found[0], `${found[1]}${words && ` "${words}"`})`);
}

draft.addEventListener("change", ({ target }) => {
  if (target.matches("[data-upload], [data-cut-first]")) {
    take(target.files, "cutFirst" in target.dataset ? cut : smaller);
    target.value = "";
  } else if (target.matches("[data-caption]")) caption(target);
});
body.addEventListener("input", captions);
document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-choose]")) again();
  const chosen = target.closest("[data-use]");
  if (chosen) {
    chosen.closest("dialog").close();
    const mark = nextMark();
    insert(`\n\n${mark}\n\n`);
    upload(null, mark, { again: chosen.dataset.use });
  }
});
document.querySelector("[data-again] form").addEventListener("submit", (event) => {
  if (event.submitter?.value === "close") return;
  event.preventDefault();
  again(event.target.elements.q.value);
});
reveal(); // last of all: what shows is listened to
watch(draft, addRow);
captions();
