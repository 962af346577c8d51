// The reviewer's page with a script: links open their tab, approval waits for its ticks, words are quoted.
"use strict";

const form = document.querySelector("form[data-sign]");
const approve = form.querySelector("[value=approve]");

// On a phone the decision is always in sight, so it waits until the end of the text was, too.
const end = document.getElementById("read"), left = form.querySelector("[data-left]");
let read = !end || !matchMedia("(max-width: 40rem)").matches;
if (!read) {
  new IntersectionObserver((seen, observer) => {
    if (!seen.some((entry) => entry.isIntersecting || entry.boundingClientRect.top < 0)) return;
    read = true;
    observer.disconnect();
    if (approve) settle();
  }).observe(end);
}

function settle() {
  const open = form.querySelectorAll("[name=seen]:not(:checked), [name=affirm]:not(:checked)");
  approve.disabled = open.length > 0 || !read;
  left.hidden = !approve.disabled;
  [left.firstElementChild.hidden, left.lastElementChild.hidden] = [read, !read];
}
if (approve) {
  form.addEventListener("change", settle);
  settle();
}

// In a tick box Enter would press the form's first button, and so approve: it signs nothing.
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("input")) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#sentence-']");
  if (link) document.getElementById("tab-text").checked = true;
});

const quote = form.querySelector("[data-quote]");
const opinion = form.querySelector("#opinion");
if (quote) {
  document.addEventListener("selectionchange", () => {
    const chosen = document.getSelection();
    const inside = chosen.anchorNode && document.querySelector(".tabs").contains(chosen.anchorNode);
    if (inside && String(chosen).trim()) quote.dataset.words = String(chosen).trim().slice(0, 200);
    quote.hidden = !quote.dataset.words;
  });
  quote.querySelector("button").addEventListener("click", () => {
    opinion.value = `${opinion.value}${opinion.value && "\n"}“${quote.dataset.words}”：`;
    opinion.focus();
  });
}
