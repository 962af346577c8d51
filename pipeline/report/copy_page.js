"use strict";
const words = document.body.dataset;
const put = (plain, rich) => {
  const fill = (event) => {
    event.clipboardData.setData("text/plain", plain);
    if (rich) event.clipboardData.setData("text/html", rich);
    event.preventDefault();
  };
  document.addEventListener("copy", fill);
  try { return document.execCommand("copy"); }
  finally { document.removeEventListener("copy", fill); }
};
const copy = async (plain, rich) => {
  try {
    const kinds = { "text/plain": new Blob([plain], { type: "text/plain" }) };
    if (rich) kinds["text/html"] = new Blob([rich], { type: "text/html" });
    await navigator.clipboard.write([new ClipboardItem(kinds)]);
    return true;
  } catch (refused) { return put(plain, rich); }
};
const text = (sheet, kind) => sheet.querySelector("[data-" + kind + "]")?.value ?? "";
document.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const sheet = button.closest("[data-sheet]");
  const field = button.dataset.field;
  const done = field
    ? await copy(document.getElementById(field).textContent, "")
    : await copy(text(sheet, "plain"), text(sheet, "rich"));
  sheet.querySelector("[data-said]").textContent = done
    ? words.ready : words.refused;
  if (field && done) {
    button.textContent = words.done;
    setTimeout(() => { button.textContent = words.idle; }, 2000);
  }
});
