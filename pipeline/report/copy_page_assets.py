"""Style and script of the copy page, as they stand inside it."""

STYLE = """
:root { color-scheme: light; }
body { margin: 0; background: #eef1f5; color: #1c232b; font: 16px/1.6 system-ui, sans-serif; }
.unreviewed { position: sticky; top: 0; z-index: 1; margin: 0; padding: 12px 16px;
  background: #b3261e; color: #fff; font-size: 1.2rem; font-weight: bold; text-align: center; }
main { max-width: 1240px; margin: 0 auto; padding: 16px; }
h1 { font-size: 1.35rem; margin: 8px 0 16px; }
h2 { font-size: 1.2rem; margin: 0 0 12px; }
h3 { font-size: 1rem; margin: 20px 0 8px; }
h4 { font-size: .9rem; margin: 8px 0 4px; }
.sheet { background: #fff; border: 1px solid #d3dae3; border-radius: 6px; padding: 20px;
  margin: 0 0 20px; }
.columns { display: flex; flex-wrap: wrap; gap: 28px; align-items: flex-start; }
.columns > div { flex: 1 1 320px; min-width: 0; }
.columns > .preview { flex: 0 1 auto; max-width: 100%; }
.problems { border-left: 4px solid #b3261e; background: #fdf1f0; padding: 8px 16px; }
.problems h3 { margin: 0; color: #8f1d17; }
button { font: inherit; min-height: 32px; padding: 2px 12px; border: 1px solid #123c6e;
  border-radius: 4px; background: #fff; color: #123c6e; cursor: pointer; white-space: nowrap; }
.act button { background: #123c6e; color: #fff; min-height: 44px; padding: 4px 24px; }
button:focus-visible, input:focus-visible, summary:focus-visible { outline: 3px solid #0b57d0;
  outline-offset: 2px; }
textarea { width: 100%; height: 120px; box-sizing: border-box; font: 13px/1.5 monospace; }
.fields { margin: 0; }
.fields div { display: grid; grid-template-columns: 5em 1fr; gap: 8px; padding: 8px 0;
  border-bottom: 1px solid #e3e8ee; }
dt { color: #505b67; }
dd { margin: 0; overflow-wrap: anywhere; display: flex; gap: 12px; align-items: start;
  justify-content: space-between; }
.sheet div > table { border-collapse: collapse; width: 100%; font-size: .9rem; }
.columns > div:first-child th, .columns > div:first-child td { text-align: left;
  padding: 5px 8px; border-bottom: 1px solid #e3e8ee; font-weight: normal; }
.columns > div:first-child th:last-child, .columns > div:first-child td { white-space: nowrap; }
.over td, .over th { color: #8f1d17; font-weight: bold !important; }
.pictures { padding-left: 24px; font-size: .9rem; }
.pictures li { margin: 0 0 12px; overflow-wrap: anywhere; }
.pictures img { display: block; max-width: 240px; max-height: 320px; }
fieldset { border: 0; padding: 0; margin: 0 0 4px; }
legend { float: left; margin-right: 12px; color: #505b67; }
label { margin-right: 12px; white-space: nowrap; }
.screen { width: 375px; max-width: 100%; box-sizing: border-box; padding: 16px; margin-top: 12px;
  border: 1px solid #b9c2cd; background: #fff; color: #191919; overflow-wrap: break-word;
  overflow-x: auto; }
.preview:has([value=w677]:checked) .screen { width: 677px; }
.night { display: none; background: #191919; color: #a3a3a3; }
.preview:has([value=night]:checked) .night { display: block; }
.preview:has([value=night]:checked) .day { display: none; }
.headline { font-size: 22px; line-height: 1.4; font-weight: bold; margin: 0 0 16px; }
.plain { white-space: pre-wrap; margin: 0; }
"""

SCRIPT = """
"use strict";
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
const text = (place, kind) => place.querySelector("[data-" + kind + "]")?.value ?? "";
document.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const sheet = button.closest("[data-sheet]");
  const field = button.dataset.field;
  const done = field
    ? await copy(document.getElementById(field).textContent, "")
    : await copy(text(sheet, "plain"), text(sheet, "rich"));
  sheet.querySelector("[data-said]").textContent = done
    ? "已复制，可以粘贴。" : "浏览器不允许复制：请展开下面的内容，全选后复制。";
  if (field && done) {
    button.textContent = "已复制";
    setTimeout(() => { button.textContent = "复制"; }, 2000);
  }
});
"""
