// The writer's form: paste, pictures, the buttons above the text, and findings while one types.
// Without it the same form is saved, checked and sent by its buttons.
"use strict";

const draft = document.querySelector("[data-editor]");
const body = draft.elements._body;
const notes = Object.fromEntries([...draft.querySelectorAll("[data-note]")].map((note) => [note.dataset.note, note]));
const MOST = 2 << 20; // bytes that the desk takes at once
const PAUSE = 1200; // milliseconds without a keystroke, after which the draft is judged
let dirty = "unsaved" in draft.dataset, pause = 0, asked = 0, uploads = 0;
let refused = ""; // why files given last are not there; it stays until others are given

// What is typed so can be undone; setRangeText cannot.
function insert(text) {
  body.focus();
  if (!document.execCommand("insertText", false, text)) {
    body.setRangeText(text, body.selectionStart, body.selectionEnd, "end");
    changed();
  }
}

function changed() {
  dirty = true;
  clearTimeout(pause);
  pause = setTimeout(check, PAUSE);
}

// The page that the button 检查 would show is fetched, and its findings take the place of ours.
async function check() {
  const mine = ++asked, given = new URLSearchParams(new FormData(draft));
  given.set("_act", "check");
  const headers = { Accept: "application/json" }; // a refusal of the gate comes as its sentence
  const answer = await fetch(draft.action, { method: "POST", headers, body: given, credentials: "same-origin" }).catch(() => null);
  if (!answer || mine !== asked) return;
  tell(notes.error, {}, refused);
  if (answer.headers.get("content-type").includes("json")) {
    const { error, next } = await answer.json();
    return tell(notes.error, { signIn: next }, error);
  }
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-findings]");
  if (!fresh || mine !== asked) return;
  document.querySelector("[data-findings]").replaceWith(document.adoptNode(fresh));
  reveal();
}

// A row for one more, cloned from the empty one; answers the row that was empty.
function addRow(rows) {
  const row = rows.lastElementChild, fresh = row.cloneNode(true), number = rows.children.length;
  for (const part of fresh.querySelectorAll("[name], [id], [for], [aria-describedby]")) {
    for (const key of ["name", "id", "for", "aria-describedby"]) {
      const text = part.getAttribute(key);
      if (text) part.setAttribute(key, text.replace(`.${number - 1}.`, `.${number}.`));
    }
    if ("value" in part && part.type !== "hidden") part.value = "";
  }
  rows.append(fresh);
  return row;
}

// A picture or file goes beside the draft at once; its name stands in the text where it was put.
async function upload(file, mark) {
  const given = new FormData();
  for (const name of ["_branch", "_post"]) given.set(name, draft.elements[name].value);
  given.set("file", file, file.name);
  let words = "";
  try {
    const { name, picture } = await post("/write/files", given);
    words = picture ? `![](${name})` : `[${file.name.replace(/[\\[\]]/g, "\\$&")}](${name})`;
    const rows = picture && draft.querySelector('[data-rows="media"]');
    if (rows) {
      const row = addRow(rows);
      row.querySelector('[name$=".file"]').value = name;
      row.closest("details").open = true;
    }
  } catch (problem) {
    refused = [refused, problem.message].filter(Boolean).join(" ");
    tell(notes.error, {}, refused);
  }
  const at = body.value.indexOf(mark), before = document.activeElement;
  const [start, end] = [body.selectionStart, body.selectionEnd].map((place) => (place > at ? Math.max(at, place + words.length - mark.length) : place));
  if (at >= 0) {
    body.focus();
    body.setSelectionRange(at, at + mark.length);
    insert(words);
    body.setSelectionRange(start, end);
    before?.focus();
  }
  changed();
}

function take(files) {
  tell(notes.error, {}, refused = "");
  const marks = [...files].map((file) => [file, `![](…${++uploads})`]);
  insert(marks.map(([, mark]) => `\n\n${mark}\n\n`).join(""));
  marks.reduce((before, [file, mark]) => before.then(() => upload(file, mark)), Promise.resolve());
}

function paste(event) {
  const given = event.clipboardData, html = given.getData("text/html"), pictures = [];
  let lost = 0, text = html ? "" : markdownOfText(given.getData("text/plain"));
  if (html) {
    text = markdownOfHtml(html, (image) => {
      const [, type, content] = /^data:image\/(png|jpeg|gif|webp);base64,(.+)$/.exec(image.getAttribute("src") || "") || [];
      if (!content) { lost += 1; return ""; }
      pictures.push([new File([bytes(content)], `picture.${type}`, { type: `image/${type}` }), `![](…${++uploads})`]);
      return pictures.at(-1)[1];
    });
  }
  event.preventDefault();
  if (pictures.length) tell(notes.error, {}, refused = "");
  if (given.files.length && !text) return take(given.files); // a picture of a page comes with its address, too
  notes.lost.hidden = !lost;
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
  const control = place?.matches("details, fieldset") ? place.querySelector("input:not([type=hidden]), select, textarea") : place;
  control?.closest("details")?.setAttribute("open", "");
  control?.focus();
  if (control !== body) return;
  const blank = /^\n*/.exec(body.value)[0].length;
  body.setSelectionRange(blank + Number(link.dataset.start), blank + Number(link.dataset.end));
}

draft.addEventListener("input", changed);
draft.addEventListener("change", ({ target }) => { // what is asked depends on them
  if (["kind", "origin"].includes(target.name)) draft.requestSubmit(draft.querySelector("[value=check]"));
});
draft.addEventListener("submit", (event) => {
  if (new Blob([new URLSearchParams(new FormData(draft))]).size > MOST) {
    event.preventDefault();
    tell(notes.error, {}, notes.error.dataset.large);
    notes.error.scrollIntoView({ block: "center" });
  } else dirty = false;
});
draft.addEventListener("forget", () => { dirty = false; });
addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
body.addEventListener("paste", paste);
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
    if ("swap" in target.dataset) insert(target.dataset.swap);
  } else mark(target.dataset);
});
draft.querySelector("[data-upload]").addEventListener("change", ({ target }) => {
  take(target.files);
  target.value = "";
});
reveal();
watch(draft, addRow);
