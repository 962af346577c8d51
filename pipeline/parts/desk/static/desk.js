// Passkeys: signing in, and signing what a form prepares. Pages work for reading without it.
"use strict";

const bytes = (text) => Uint8Array.from(
  atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));

const base64url = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

// POST, and answer the JSON; a fault of the desk becomes an Error with its sentence.
async function post(address, body, type) {
  const headers = { Accept: "application/json" };
  if (type) headers["Content-Type"] = type;
  const answer = await fetch(address, { method: "POST", headers, body, credentials: "same-origin" });
  const given = await answer.json();
  if (given.error) throw Object.assign(new Error([given.error, given.remedy].filter(Boolean).join(" ")), { signIn: given.next });
  return given;
}

async function assertion(challenge, rpId) {
  const { response } = await navigator.credentials.get({
    publicKey: { challenge: bytes(challenge), rpId, userVerification: "required", timeout: 120000 },
  });
  return {
    clientDataJSON: base64url(response.clientDataJSON),
    authenticatorData: base64url(response.authenticatorData),
    signature: base64url(response.signature),
  };
}

// A problem where it belongs; of a session that ended, a link that leads back here.
function tell(error, problem, words) {
  error.textContent = words;
  error.hidden = !words;
  if (!problem.signIn) return;
  const link = document.createElement("a");
  link.href = `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`;
  link.textContent = words;
  error.replaceChildren(link);
}

const busy = new WeakSet(); // forms at work; their pages may enable a button meanwhile

// Run the work of a form once at a time, and show beside it what went wrong.
async function run(form, work) {
  if (busy.has(form)) return;
  busy.add(form);
  const buttons = [...form.querySelectorAll("button:enabled")];
  const error = form.querySelector("[data-error]");
  if (error) error.hidden = true;
  buttons.forEach((button) => { button.disabled = true; });
  try {
    const next = await work();
    if (!next) return;
    sent(form);
    location.assign(next);
  } catch (problem) {
    if (!error) throw problem;
    // The browser's own words for "cancelled" are in no language of ours.
    tell(error, problem, problem.name === "NotAllowedError" ? form.dataset.cancelled || "" : problem.message);
    error.focus();
  } finally {
    busy.delete(form);
    buttons.forEach((button) => { button.disabled = false; });
  }
}

async function signIn(form) {
  const { challenge, rpId } = await post("/sign-in/challenge");
  const proof = await assertion(challenge, rpId);
  const shared = form.elements.shared.checked;
  if (shared) wipe();
  const body = JSON.stringify({ ...proof, challenge, shared, next: form.dataset.next });
  return (await post("/sign-in", body, "application/json")).next;
}

// Make a passkey, let it sign once so that it is known to work here, and hand its public key in.
async function enrol(form) {
  const answers = new FormData(form);
  const [who, code] = [answers.get("who"), answers.get("code") || ""];
  const json = "application/json";
  const given = await post("/enrol/options", JSON.stringify({ who, code }), json);
  const { response } = await navigator.credentials.create({
    publicKey: {
      challenge: bytes(given.challenge),
      rp: { id: given.rpId, name: document.title },
      user: { id: bytes(given.user), name: given.name, displayName: given.name },
      pubKeyCredParams: [{ type: "public-key", alg: -7 }],
      authenticatorSelection: { residentKey: "required", userVerification: "required" },
      attestation: "none",
    },
  });
  const proof = await assertion(given.challenge, given.rpId);
  const publicKey = base64url(response.getPublicKey());
  const body = JSON.stringify({ ...proof, who, code, publicKey, challenge: given.challenge });
  const { number } = await post("/enrol", body, json);
  document.querySelector("[data-number]").textContent = number;
  document.querySelector("[data-enrolled]").hidden = false;
  form.hidden = true;
}

// A form that prepares a statement: touch the reader, and the record is signed. Without a passkey
// the form is sent as it is, and a page asks for the key of this machine.
async function sign(form, submitter) {
  const given = new FormData(form);
  if (submitter?.name) given.append(submitter.name, submitter.value); // Chromium before 112
  const address = submitter?.hasAttribute("formaction") ? submitter.formAction : form.action;
  const pending = await post(address, new URLSearchParams(given));
  if (pending.next) return pending.next;
  if (!pending.passkey) {
    form.dataset.plain = "true";
    if (submitter) submitter.disabled = false; // a disabled button sends no value
    form.requestSubmit(submitter);
    return "";
  }
  const proof = await assertion(pending.challenge, pending.rpId);
  return (await post(`/sign/${pending.id}`, JSON.stringify(proof), "application/json")).next;
}

// What is typed stays in the browser until the desk has it: by person and form, on no machine that
// others use, and not beyond signing out.
const OWN = "sanshen:", here = document.documentElement.dataset;
const loaded = new WeakMap(); // form → what it held when the page was opened
let leaving = false;

function wipe() {
  leaving = true;
  for (const store of [localStorage, sessionStorage]) {
    Object.keys(store).filter((key) => key.startsWith(OWN)).forEach((key) => store.removeItem(key));
  }
}

const slot = (form) => `${OWN}${here.person}:${form.dataset.keep}`;
// What a person typed, without the number that the draft had; that is stored beside it.
const typed = (form) => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !/^_(branch|post|void|base)$/.test(name));

// The next page that says something was done is the proof that this form has reached the desk.
function sent(form) {
  if (form.dataset.keep) sessionStorage.setItem(`${OWN}sent`, slot(form));
}

function keep(form) {
  if (leaving) return;
  const note = document.querySelector("[data-unstored]");
  try {
    const text = JSON.stringify(typed(form));
    if (text === loaded.get(form)) localStorage.removeItem(slot(form));
    else localStorage.setItem(slot(form), JSON.stringify({ at: Date.now(), base: form.elements._base?.value, text }));
    if (note) note.hidden = true;
  } catch {
    if (note) note.hidden = false;
  }
}

// What a stored field is called now: words of a picture go with its file, whose row may be another;
// empty: the picture is gone.
function nameNow(form, name, texts) {
  const [, rows, number, key] = /^(\w+)\.(\d+)(\..+)$/.exec(name) || [];
  const files = [...form.querySelectorAll(`[type=hidden][name^="${rows}."][name$=".file"]`)];
  if (!files.length) return name;
  const [file] = texts.get(`${rows}.${number}.file`) || [];
  return files.find((part) => file && part.value === file)?.name.replace(/\.file$/, key) || "";
}

function restore(form, addRow) {
  let stored = {};
  try { stored = JSON.parse(localStorage.getItem(slot(form)) || "{}"); } catch { return false; }
  const later = Date.parse(`${(form.dataset.typed || "").replace(" ", "T")}:00+08:00`); // typed elsewhere since
  if (!stored.text || stored.text === loaded.get(form) || stored.at < later) return false;
  if (stored.base) form.elements._base.value = stored.base;
  const texts = new Map();
  for (const [name, value] of JSON.parse(stored.text)) texts.set(name, [...texts.get(name) || [], value]);
  for (const [stored, values] of texts) {
    const name = nameNow(form, stored, texts);
    if (!name) continue;
    for (let tries = 0; addRow && !form.elements.namedItem(name) && tries < 50; tries += 1) {
      const rows = form.querySelector(`[data-rows="${CSS.escape(name.split(".")[0])}"]`);
      if (!rows) break;
      addRow(rows);
    }
    form.querySelectorAll(`[name="${CSS.escape(name)}"]`).forEach((part, number) => {
      if (part.type === "checkbox" || part.type === "radio") part.checked = values.includes(part.value);
      else if (part.type !== "hidden") put(part, values[number] ?? "");
    });
  }
  return true;
}

const UNDOABLE = 50000; // signs; what can be undone costs a browser the square: of 2 MB a minute

// As if it were typed, so that it can be undone.
function put(part, text) {
  if (part.value.replace(/\r\n?/g, "\n") === text.replace(/\r\n?/g, "\n")) return;
  if (part.matches("textarea")) {
    part.focus({ preventScroll: true });
    part.select();
    if (text.length < UNDOABLE && document.execCommand("insertText", false, text)) return part.blur();
  }
  part.value = text;
}

function watch(form, addRow) {
  if (!here.person || "shared" in here) return;
  loaded.set(form, JSON.stringify(typed(form)));
  if (restore(form, addRow)) {
    form.dispatchEvent(new Event("input", { bubbles: true }));
    document.querySelectorAll("[data-restored]").forEach((note) => { note.hidden = false; });
  }
  let pause = 0;
  form.addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(keep, 300, form); });
  form.addEventListener("submit", () => { keep(form); sent(form); });
  document.addEventListener("visibilitychange", () => { if (document.hidden) keep(form); });
  document.querySelector("[data-forget]")?.addEventListener("click", () => {
    localStorage.removeItem(slot(form));
    leaving = true;
    form.dispatchEvent(new Event("forget"));
    location.reload();
  });
}

// How long a deadline is off, by the reader's clock; without a script its time stands there.
const deadlines = [...document.querySelectorAll("[data-until]")].map((part) => [part, part.textContent]);

function count() {
  for (const [part, words] of deadlines) {
    const minutes = Math.round((Date.parse(part.dateTime) - Date.now()) / 60000), much = Math.abs(minutes);
    const text = (minutes < 0 ? part.dataset.over : part.dataset.left).replace("{hours}", Math.floor(much / 60)).replace("{minutes}", much % 60);
    part.textContent = `${words} · ${text}`;
  }
}
if (deadlines.length) {
  count();
  setInterval(count, 30000);
}

if ("done" in here) {
  localStorage.removeItem(sessionStorage.getItem(`${OWN}sent`) || OWN);
  sessionStorage.removeItem(`${OWN}sent`);
}
if (matchMedia("(max-width: 40rem)").matches) { // a phone shows what is mine
  document.querySelectorAll("[data-of-others]").forEach((part) => { part.open = false; });
}

// What opens is filled in next: its first field has the focus.
document.addEventListener("click", ({ target }) => {
  const opened = target.closest("details.choice > summary")?.parentElement;
  if (opened) setTimeout(() => opened.open && opened.querySelector(":is(input:not([type=hidden]), select, textarea)")?.focus());
});
document.querySelector("[data-print]")?.addEventListener("click", () => print());

// The link that somebody was given fills the form in; what stands behind # reaches no server.
for (const [name, words] of new URLSearchParams(location.hash.slice(1))) {
  const part = document.querySelector("[data-enrol]")?.elements.namedItem(name);
  if (part) part.value = words;
}

// What others enter while an archive is founded: shown at once, unless something is typed here.
const following = document.querySelector("[data-follow]");
if (following) {
  let typing = false;
  following.addEventListener("input", () => { typing = true; });
  setInterval(async () => {
    const answer = await fetch("/state").catch(() => null);
    if (!answer || answer.status > 499 || await answer.text() === following.dataset.follow) return;
    if (typing) document.querySelector("[data-changed]").hidden = false;
    else location.reload();
  }, 3000);
}

document.querySelectorAll("[data-keep]:not([data-editor])").forEach((form) => watch(form));

document.addEventListener("submit", (event) => {
  const form = event.target;
  if ("signOut" in form.dataset) wipe();
  const works = { signIn, enrol, sign };
  const work = works[Object.keys(works).find((name) => name in form.dataset)];
  if (!work || form.dataset.plain || !window.PublicKeyCredential) return;
  event.preventDefault();
  run(form, () => work(form, event.submitter));
});
