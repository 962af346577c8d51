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
  if (given.error) throw new Error([given.error, given.remedy].filter(Boolean).join(" "));
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

// Run the work of a form once at a time, and show beside it what went wrong.
async function run(form, work) {
  const buttons = [...form.querySelectorAll("button")];
  const error = form.querySelector("[data-error]");
  if (error) error.hidden = true;
  buttons.forEach((button) => { button.disabled = true; });
  try {
    const next = await work();
    if (next) location.assign(next);
  } catch (problem) {
    if (!error) throw problem;
    // The browser's own words for "cancelled" are in no language of ours.
    error.textContent = problem.name === "NotAllowedError" ? form.dataset.cancelled || "" : problem.message;
    error.hidden = !error.textContent;
    error.focus();
  } finally {
    buttons.forEach((button) => { button.disabled = false; });
  }
}

async function signIn(form) {
  const { challenge, rpId } = await post("/sign-in/challenge");
  const proof = await assertion(challenge, rpId);
  const body = JSON.stringify({ ...proof, challenge, next: form.dataset.next });
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
    form.requestSubmit(submitter);
    return "";
  }
  const proof = await assertion(pending.challenge, pending.rpId);
  return (await post(`/sign/${pending.id}`, JSON.stringify(proof), "application/json")).next;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const works = { signIn, enrol, sign };
  const work = works[Object.keys(works).find((name) => name in form.dataset)];
  if (!work || form.dataset.plain || !window.PublicKeyCredential) return;
  event.preventDefault();
  run(form, () => work(form, event.submitter));
});
