// The writer's form: paste, pictures, the buttons above the text, and findings while one types.
// Without it the same form is saved, checked and sent by its buttons.
"use strict";

const draft = document.querySelector("[data-editor]");
const body = draft.elements._body;
const notes = Object.fromEntries([...draft.querySelectorAll("[data-note]")].map((note) => [note.dataset.note, note]));
const MOST = 2 << 20; // bytes that the desk takes at once
const PAUSE = 1200; // milliseconds without a keystroke, after which the draft is judged
const SOON = 700; // milliseconds after which what is found shows piece by piece
let dirty = "unsaved" in draft.dataset, pause = 0, asked = 0, asking = new AbortController();
let refused = ""; // why files given last are not there; it stays until others are given

// What is typed so can be undone; setRangeText cannot. What is more than can be sent stays out: who
// pasted it has it still.
function insert(text) {
  body.focus();
  if (new Blob([text]).size > MOST) {
    tell(notes.error, {}, notes.error.dataset.large);
    notes.error.scrollIntoView({ block: "center" });
  } else if (text.length >= UNDOABLE || !document.execCommand("insertText", false, text)) {
    body.setRangeText(text, body.selectionStart, body.selectionEnd, "end");
    body.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function changed() {
  dirty = true;
  clearTimeout(pause);
  pause = setTimeout(check, PAUSE);
}

// That the desk is at work, and for how long; a blind reader is told once.
let clock = 0;
function work(begins) {
  const note = document.querySelector("[data-working]"), since = Date.now();
  const show = () => { note.querySelector("b").textContent = Math.round((Date.now() - since) / 1000); };
  clearInterval(clock);
  note.hidden = !begins;
  if (!begins) return;
  show();
  clock = setInterval(show, 1000);
}

// Each object that an answer brings, a line each, as soon as it is there.
async function eachLine(answer, use) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let rest = ""; ;) {
    const { done, value } = await reader.read();
    const lines = `${rest}${done ? "\n" : value}`.split("\n");
    rest = lines.pop();
    lines.filter(Boolean).forEach((line) => use(JSON.parse(line)));
    if (done) return;
  }
}

// What one rule after another finds. What comes within a blink waits for all; later each row shows
// at once, in the order of the law, and how many rules are left. The last piece has all, heaviest first.
async function check() {
  const mine = ++asked, given = new URLSearchParams(new FormData(draft)), since = Date.now();
  const box = document.querySelector("[data-findings]"), list = box.querySelector(".hints");
  asking.abort();
  const { signal } = asking = new AbortController();
  box.setAttribute("aria-busy", "true");
  work(true);
  given.set("_act", "watch");
  let left = 0, rows = "", words = "", shown = false;
  const heard = { error: "", signIn: "" };
  const show = (done) => {
    if (done || shown) list.insertAdjacentHTML("beforeend", rows);
    else list.innerHTML = rows;
    [rows, shown] = ["", true];
    box.querySelector("[data-left]").hidden = done;
    box.querySelector("[data-left] b").textContent = left;
    box.querySelector("[data-clean]").hidden = !done || list.children.length > 0;
    reveal();
  };
  const use = (piece) => {
    if (mine !== asked) return;
    if ("error" in piece) [words, heard.signIn] = [piece.error, piece.next];
    else if (!(left = piece.left)) {
      list.innerHTML = "";
      [rows, heard.all] = [piece.rows, true];
      show(true);
    } else {
      rows += piece.rows;
      if (Date.now() - since > SOON) show(false);
    }
  };
  const headers = { Accept: "application/json" }; // a refusal of the gate comes as its sentence
  try {
    await eachLine(await fetch(draft.action, { method: "POST", headers, body: given, credentials: "same-origin", signal }), use);
  } catch {
    if (!words) words = notes.error.dataset[left ? "partly" : "unheard"];
  }
  if (mine !== asked || signal.aborted) return;
  if (left) show(false);
  if (!heard.all && !words) words = notes.error.dataset.partly;
  box.removeAttribute("aria-busy");
  work(false);
  tell(notes.error, heard, [refused, words].filter(Boolean).join(" "));
}

// A row for one more, cloned from the empty one; answers the row that was empty.
function addRow(rows) {
  const row = rows.lastElementChild, fresh = row.cloneNode(true), number = rows.children.length;
  for (const part of fresh.querySelectorAll("[name], [id], [for], [aria-describedby]")) {
    for (const key of ["name", "id", "for", "aria-describedby"]) {
      const text = part.getAttribute(key);
      if (text) part.setAttribute(key, text.replace(`.${number - 1}.`, `.${number}.`));
    }
    if ("value" in part) part.value = "";
  }
  rows.append(fresh);
  row.hidden = false;
  return row;
}

function paste(event) {
  const given = event.clipboardData, html = given.getData("text/html"), pictures = [];
  let absent = false, text = html ? "" : markdownOfText(given.getData("text/plain"));
  if (html) {
    text = markdownOfHtml(html, (image) => {
      const [, type, content] = /^data:image\/(png|jpeg|gif|webp);base64,(.+)$/.exec(image.getAttribute("src") || "") || [];
      if (!content) { absent = true; return ""; }
      pictures.push([new File([bytes(content)], `picture.${type}`, { type: `image/${type}` }), nextMark()]);
      return pictures.at(-1)[1];
    });
  }
  event.preventDefault();
  if (pictures.length) tell(notes.error, {}, refused = "");
  if (given.files.length && !text) return take(given.files); // a picture of a page comes with its address, too
  const lost = html ? lostIn(html) : [];
  if (absent) lost.push("pictures");
  notes.lost.hidden = !lost.length;
  notes.lost.querySelectorAll("[data-lost]").forEach((part) => { part.hidden = !lost.includes(part.dataset.lost); });
  insert(text);
  return pictures.reduce((before, [file, mark]) => before.then(() => upload(file, mark)), Promise.resolve());
}

// The buttons above the text: a sign around the selection, or before each of its lines.
function mark({ around, before, link }) {
  const words = body.value.slice(body.selectionStart, body.selectionEnd);
  if (around) insert(around + words + around);
  else if (link !== undefined) insert(`[${words}](https://)`);
  else insert((words || " ").split("\n").map((line) => before + line.trim()).join("\n"));
}

// What only a script can do shows where there is one; the way without one goes, unless a file was
// chosen there before this script came.
function reveal() {
  document.querySelectorAll("[data-script], [data-plain]").forEach((part) => {
    part.hidden = "plain" in part.dataset && !part.querySelector("[type=file]")?.files.length;
  });
}

function show(link) {
  const place = link.hash ? document.getElementById(link.hash.slice(1)) : body;
  const control = place?.matches("details, fieldset, section") ? place.querySelector(":is(input:not([type=hidden]), select, textarea):not([hidden] *)") || place : place;
  for (let fold = control?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  control?.focus();
  if (control !== body) return;
  const blank = /^\n*/.exec(body.value)[0].length;
  body.setSelectionRange(blank + Number(link.dataset.start), blank + Number(link.dataset.end));
}

if (draft.elements.title?.value === "") draft.elements.title.focus({ preventScroll: true });
draft.addEventListener("input", changed);
draft.addEventListener("change", ({ target }) => { // what is asked depends on them
  if (draft.dataset.deciding.split(" ").includes(target.name)) draft.requestSubmit(draft.querySelector("[value=check]"));
});
draft.addEventListener("submit", (event) => {
  if (new Blob([new URLSearchParams(new FormData(draft))]).size > MOST) {
    event.preventDefault();
    tell(notes.error, {}, notes.error.dataset.large);
    notes.error.scrollIntoView({ block: "center" });
    return;
  }
  dirty = false;
  draft.inert = true; // the page that comes would lose what is typed until then
  work(true);
  clearTimeout(pause); // a check that comes after what is saved would bring back what was typed
  asking.abort();
});
draft.addEventListener("forget", () => { dirty = false; });
addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
body.addEventListener("paste", paste);
body.addEventListener("keydown", (event) => { // as in Word
  const wanted = (event.ctrlKey || event.metaKey) && !event.altKey && !event.isComposing && { b: { around: "**" }, k: { link: "" } }[event.key.toLowerCase()];
  if (!wanted) return;
  event.preventDefault();
  mark(wanted);
});
addEventListener("pageshow", () => { // back to a form that was left while it was sent
  draft.inert = false;
  work(false);
});
body.addEventListener("drop", (event) => {
  if (!event.dataTransfer.files.length) return;
  event.preventDefault();
  take(event.dataTransfer.files);
});
document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-around], [data-before], [data-link], [data-add], [data-start], [data-command]");
  if (!target) return;
  if ("command" in target.dataset) {
    body.focus();
    document.execCommand(target.dataset.command);
    return;
  }
  if ("add" in target.dataset) addRow(draft.querySelector(`[data-rows="${target.dataset.add}"]`));
  else if ("start" in target.dataset) {
    event.preventDefault();
    show(target);
    const { swap, instead } = target.dataset;
    if (swap && body.value.slice(body.selectionStart, body.selectionEnd) === instead) insert(swap);
    else if (swap) check(); // the words moved since they were found
  } else mark(target.dataset);
});
