// The page 这条通知是真的吗: three ways to ask, one place for the answer. Nothing that is asked leaves the page.
import { answerLink, pageOf } from "./authenticity_links.js";
import { element, paragraph } from "./authenticity_shown.js";
import { answerCode, answerText } from "./authenticity_texts.js";

// This script may be there before the page is.
if (document.readyState === "loading") {
  await new Promise((come) => { document.addEventListener("DOMContentLoaded", come, { once: true }); });
}
const place = document.getElementById("authenticity-answer");
const status = document.getElementById("authenticity-status");
const form = document.getElementById("authenticity-form");
const FAULT = {
  result: "fault", look: "warn", head: "没有查成，不等于是真的或者是假的",
  body: [paragraph("取不到本站的文件，网络不通或者太慢。请稍后再试，或者打电话问。")],
};
let turn = 0;

async function ask(work) {
  const mine = (turn += 1);
  status.textContent = "正在核对……";
  place.hidden = true;
  status.scrollIntoView({ block: "center" }); // on a phone it stands below the form
  let answer;
  try {
    answer = await work();
  } catch {
    answer = FAULT;
  }
  if (mine !== turn) return;
  const heading = element("h2", "", answer.head);
  heading.id = "authenticity-head";
  place.replaceChildren(heading, ...answer.body);
  Object.assign(place.dataset, { result: answer.look, answer: answer.result });
  place.hidden = false;
  status.textContent = answer.head;
  place.focus();
}

const field = (name) => form.elements.namedItem(name);

function mend(text) {
  field("words").value = text;
  field("words").focus();
}

async function askPicture(file) {
  const { answerPicture } = await import("./authenticity_pictures.js");
  return answerPicture(file, status, mend);
}

// An address of a post may be given in either field.
async function answerTyped(words, answer) {
  const page = pageOf(words.trim());
  return (page && await answerLink(page)) ?? answer(words);
}

const show = (file) => file && ask(() => askPicture(file));

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const { name } = event.submitter ?? { name: "text" };
  const [typed, answer] = name === "code" ? ["check", answerCode] : ["words", answerText];
  ask(() => answerTyped(field(typed).value, answer));
});
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target !== field("check")) return;
  event.preventDefault();
  ask(() => answerTyped(field("check").value, answerCode));
});
for (const name of ["picture", "photo"]) field(name).addEventListener("change", ({ target }) => show(target.files[0]));
form.addEventListener("dragover", (event) => event.preventDefault());
form.addEventListener("drop", (event) => {
  event.preventDefault();
  show([...event.dataTransfer.files].find(({ type }) => type.startsWith("image/")) ?? event.dataTransfer.files[0]);
});
form.addEventListener("paste", (event) => {
  const picture = [...event.clipboardData.files].find(({ type }) => type.startsWith("image/"));
  if (!picture) return;
  event.preventDefault();
  show(picture);
});
const given = new URL(location.href).searchParams.get("code");
if (given) {
  field("check").value = given.slice(0, 60);
  ask(() => answerCode(field("check").value));
}
// It stands from the first paint on, so that nothing jumps; before this it could only send what was pasted to the host.
for (const part of form.querySelectorAll("fieldset")) part.disabled = false;
