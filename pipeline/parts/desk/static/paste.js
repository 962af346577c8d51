// What Word, WeChat or a web page put on the clipboard, as Markdown. The HTML is parsed into a
// document of its own, where nothing runs or loads; its words leave it as text alone.
"use strict";

const DROPPED = new Set(("head style script title meta link xml template noscript svg math iframe object"
  + " video audio canvas select textarea input button del").split(" "));
const BLOCKS = new Set(("address article aside blockquote body center dd details div dl dt figcaption"
  + " figure footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section table ul").split(" "));
// Signs for what stands above or below the line, which Markdown has no marks for.
const RAISED = new Map([..."0⁰1¹2²3³4⁴5⁵6⁶7⁷8⁸9⁹+⁺-⁻−⁻=⁼(⁽)⁾nⁿiⁱ"].flatMap((sign, at, all) => (at % 2 ? [] : [[sign, all[at + 1]]])));
const LOWERED = new Map([..."0₀1₁2₂3₃4₄5₅6₆7₇8₈9₉+₊-₋−₋=₌(₍)₎"].flatMap((sign, at, all) => (at % 2 ? [] : [[sign, all[at + 1]]])));
// What no reader of the page saw; numbers of lists and comments, as Word writes them.
const UNSEEN = new RegExp("display:\\s*none|visibility:\\s*hidden|mso-hide:\\s*all|font-size:\\s*0(?![.\\d])"
  + "|mso-list:\\s*ignore|mso-element:\\s*comment|mso-special-character:\\s*comment", "i");
const SIGN = /[\s\p{P}\p{S}\p{M}]/u;
const REPEATED = 1 << 20; // signs that merged cells may say again
const WIDE = /[\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/;

const styleOf = (node) => node.getAttribute("style") || "";
const tagOf = (node) => node.nodeName.toLowerCase();
const unseen = (node) => node.hidden || DROPPED.has(tagOf(node)) || UNSEEN.test(styleOf(node))
  || /msocom|MsoComment/i.test(node.className);
const isBlock = (node) => node.nodeType === 1 && (BLOCKS.has(tagOf(node)) || [...node.children].some(isBlock));

// Blanks as a browser shows them, but none for a line end between Chinese characters.
const collapsed = (text) => text
  .replace(/[\u200b\u2060\ufeff]/g, "").replace(/[ \t\u00a0]+/g, " ")
  .replace(/(.?) ?[\r\n]\s*(?=(.?))/gsu, (_, before, after) =>
    before + (WIDE.test(before) && WIDE.test(after) ? "" : " "))
  .replace(/ {2,}/g, " ").trim();

const escaped = (text, inTable) => text
  .replace(/[\\`*[\]]|<(?=[a-z/!?])|&(?=#?\w+;)|(?<!\w)_|_(?!\w)|~(?=~|$)|!$/gi, "\\$&")
  .replace(inTable ? /\|/g : /(?!)/g, "\\|");
// A line that Markdown would take for the beginning of something else than a paragraph.
const beginning = (line) => line
  .replace(/^(?:#{1,6}(?=\s|$)|[-+](?=\s|$)|>|={2,}|-{2,}|~{3,})/, "\\$&")
  .replace(/^(\d{1,9})([.)])(?=\s|$)/, "$1\\$2");

const shifted = (node) => {
  const align = /vertical-align:\s*(super|sub)/i.exec(styleOf(node))?.[1].toLowerCase() || "";
  return tagOf(node) === "sup" || align === "super" ? RAISED : tagOf(node) === "sub" || align ? LOWERED : null;
};
const inSigns = (text, signs) => [...text].every((sign) => signs.has(sign) || /\s/.test(sign));

// The style {mark, struck, signs, href, pre} inside an element.
function styled(node, { mark = "", struck = "", signs = null, href = "", pre = false }) {
  const tag = tagOf(node), css = styleOf(node);
  const weight = /(?<![\w-])font-weight:\s*(\w+)/i.exec(css)?.[1];
  const space = /white-space:\s*([\w-]+)/i.exec(css)?.[1];
  if (weight ? /bold|[6-9]00/.test(weight) : /^(b|strong)$/.test(tag)) mark = "**";
  else if (weight && mark === "**") mark = "";
  else if (!mark && (/^(i|em)$/.test(tag) || /font-style:\s*(italic|oblique)/i.test(css))) mark = "*";
  if (/^(s|strike)$/.test(tag) || /text-decoration[\w-]*:[^;]*line-through/i.test(css)) struck = "~~";
  signs = shifted(node) || signs;
  const address = tag === "a" && node.getAttribute("href") || "";
  if (/^(https?:|mailto:|tel:)/i.test(address)) href = address;
  return { mark, struck, signs, href, pre: space ? /^(pre|break)/.test(space) : pre || tag === "pre" };
}

// The runs of words in inline nodes: {text, mark, href}, {picture}, or {end} of a line.
function runsOf(nodes, style, runs = []) {
  for (const node of nodes) {
    if (node.nodeType === 3) {
      const data = style.signs && inSigns(node.data, style.signs) ? [...node.data].map((sign) => style.signs.get(sign) || sign).join("") : node.data;
      const lines = style.pre ? data.split(/\r?\n/) : [data];
      lines.forEach((text, index) => runs.push(...(index ? [{ end: true }] : []), { ...style, text }));
    }
    if (node.nodeType !== 1 || unseen(node)) continue;
    if (tagOf(node) === "br") runs.push({ end: true });
    else if (tagOf(node) === "img") runs.push({ picture: node });
    else runsOf(node.childNodes, styled(node, style), runs);
    if (isBlock(node)) runs.push({ end: true });
  }
  return runs;
}

// Signs and blanks at its ends stay outside a mark: "**因此：**请" would be no bold in Chinese.
// Two marks in one another are none within a Chinese sentence, so what is struck out is no more.
function marked({ text, mark, struck }, inTable) {
  const around = struck || mark;
  if (!around) return escaped(text, inTable);
  const signs = [...text]; // by loops: a pattern looks at a long row of signs again from each of them
  let from = 0, to = signs.length;
  while (from < to && SIGN.test(signs[from])) from += 1;
  while (to > from && SIGN.test(signs[to - 1])) to -= 1;
  if (from === to) return escaped(text, inTable);
  const [before, inner, after] = [[0, from], [from, to], [to]].map((ends) => signs.slice(...ends).join(""));
  return escaped(`${before}\u0001${inner}\u0002${after}`, inTable).replace(/[\u0001\u0002]/g, around);
}

function worded(run, inTable) {
  const words = marked(run, inTable);
  if (!run.href || !words.trim()) return words;
  const address = run.href.replace(/[\s<>()\\|]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  const inner = words.trim(), at = words.indexOf(inner);
  return `${words.slice(0, at)}[${inner}](${address})${words.slice(at + inner.length)}`;
}

// The lines of inline nodes as Markdown. `pictures(img)` answers what stands for a picture.
function linesOf(nodes, style, pictures, { plain = false, inTable = false } = {}) {
  const lines = [[]];
  for (const run of runsOf(nodes, style)) {
    const line = lines.at(-1), last = line.at(-1);
    if (plain) run.mark = run.struck = "";
    if (run.end) lines.push([]);
    else if (last?.text !== undefined && !run.picture && last.mark === run.mark && last.struck === run.struck && last.href === run.href) last.text += run.text;
    else line.push(run);
  }
  const texts = lines.map((line) => line.reduce((text, run) => {
    const next = run.picture ? pictures(run.picture) : worded(run, inTable);
    // Two marks side by side would be read as one: the second gives way.
    return text + (/(?<!\\)[*~]$/.test(text) && /^[*~]/.test(next) ? worded({ ...run, mark: "", struck: "" }, inTable) : next);
  }, ""));
  return texts.map(collapsed).filter(Boolean);
}

// The cells of a table in rows of one length: what spans several stands in each of them, but what
// spans a whole row stands in its first.
function gridOf(table) {
  const rows = [...table.rows].map((row) => [...row.cells].filter((cell) => !unseen(cell)));
  const width = Math.max(0, ...rows.map((row) => row.reduce((sum, cell) => sum + Math.min(cell.colSpan, 50), 0)));
  const grid = rows.map(() => []);
  rows.forEach((row, at) => {
    let column = 0;
    for (const cell of row) {
      while (grid[at][column] !== undefined) column += 1;
      const across = Math.min(cell.colSpan, 50);
      for (let down = 0; down < Math.min(cell.rowSpan || rows.length, rows.length - at, 200); down += 1) {
        for (let n = 0; n < across; n += 1) grid[at + down][column + n] = n && across >= width ? null : cell;
      }
      column += across;
    }
  });
  return grid;
}

function tableOf(table, style, pictures) {
  const grid = gridOf(table), width = Math.max(0, ...grid.map((row) => row.length)), texts = new Map();
  if (width < 2) return grid.flat().filter(Boolean).flatMap((cell) => blocksOf(cell, style, pictures));
  let repeated = 0;
  const textOf = (cell) => {
    if (!cell) return "";
    if (texts.has(cell)) return (repeated += texts.get(cell).length) > REPEATED ? "" : texts.get(cell);
    texts.set(cell, linesOf(cell.childNodes, styled(cell, style), pictures, { inTable: true }).join(" "));
    return texts.get(cell);
  };
  const lines = grid.map((row) => `| ${Array.from({ length: width }, (_, n) => textOf(row[n])).join(" | ")} |`);
  return [[lines[0], `|${"---|".repeat(width)}`, ...lines.slice(1)].join("\n")];
}

const under = (marker, blocks) => marker + blocks.join("\n\n").replace(/\n(?=.)/g, `\n${" ".repeat(marker.length)}`);

function listOf(list, style, pictures) {
  let number = Number(list.getAttribute("start")) || 1;
  const items = [...list.children].filter((item) => !unseen(item)).map((item) => {
    const blocks = /^[ou]l$/.test(tagOf(item)) ? listOf(item, style, pictures) : blocksOf(item, styled(item, style), pictures);
    return blocks.length ? under(tagOf(list) === "ol" ? `${number++}. ` : "- ", blocks) : "";
  });
  return [items.filter(Boolean).join("\n")].filter(Boolean);
}

// A paragraph of Word's that is an item of a list: level and sign stand in styles of its own. A
// sign that Markdown has not (一、) stays in the words. Null: it is none.
function wordItem(node, style, pictures) {
  const level = /mso-list:[^;"]*level(\d)/i.exec(styleOf(node))?.[1];
  if (!level) return null;
  const ignored = [...node.querySelectorAll("[style]")].find((part) => /mso-list:\s*ignore/i.test(styleOf(part)));
  const sign = (ignored?.textContent || "").replace(/\s/g, "");
  const words = linesOf(node.childNodes, styled(node, style), pictures).join(" ");
  const number = /^(\d{1,9})[.)]$/.exec(sign)?.[1];
  if (!number && !/^([^\p{L}\p{N}]|[lnouv\u00fc\u00d8])?$/u.test(sign)) return { text: beginning(escaped(sign) + words) };
  return { text: `${"   ".repeat(level - 1)}${number ? `${number}. ` : "- "}${beginning(words)}`, item: Boolean(words) };
}

// The blocks of a node as Markdown; an empty line belongs between them.
function blocksOf(node, style, pictures) {
  const blocks = [];
  const put = (texts) => blocks.push(...texts.map((text) => ({ text })));
  let inline = [];
  const flush = () => {
    put(linesOf(inline, style, pictures).map(beginning));
    inline = [];
  };
  for (const child of node.childNodes) {
    if (child.nodeType === 3 || (child.nodeType === 1 && !isBlock(child))) inline.push(child);
    if (!isBlock(child) || unseen(child)) continue;
    flush();
    const tag = tagOf(child), inner = styled(child, style), item = wordItem(child, style, pictures);
    if (item?.item && blocks.at(-1)?.item) blocks.at(-1).text += `\n${item.text}`;
    else if (item) blocks.push(item);
    else if (/^h[1-6]$/.test(tag)) {
      put(linesOf(child.childNodes, inner, pictures, { plain: true })
        .map((line) => `${"#".repeat(tag[1])} ${line.replace(/(?<=^|\s)#+$/, "\\$&")}`));
    } else if (tag === "table") put(tableOf(child, inner, pictures));
    else if (/^[ou]l$/.test(tag)) put(listOf(child, inner, pictures));
    else if (tag === "hr") put(["---"]);
    else if (tag === "blockquote") put([blocksOf(child, inner, pictures).join("\n\n").replace(/^/gm, "> ")]);
    else put(blocksOf(child, inner, pictures));
  }
  flush();
  return blocks.map(({ text }) => text).filter(Boolean);
}

const pasted = (html) => new DOMParser().parseFromString(html, "text/html").body;

// What of it the text will not show: the writer is told, for nothing is lost silently.
function lostIn(html) {
  const body = pasted(html), some = (selector, test = () => true) => [...body.querySelectorAll(selector)].some(test);
  const words = (node) => Boolean(node.textContent.trim());
  const lost = {
    deleted: some("del", words),
    comments: some("[class*=omment], [style*=mso-element]", (node) => /comment/i.test(node.className + styleOf(node)) && words(node)),
    cells: some("td, th", (cell) => cell.colSpan !== 1 || cell.rowSpan !== 1),
    lines: some("sup, sub, [style*=vertical-align]", (node) => shifted(node) && words(node) && !inSigns(node.textContent, shifted(node))),
    others: some("math, svg, object, embed, iframe, video, audio, canvas, textarea, select"),
  };
  return Object.keys(lost).filter((kind) => lost[kind]);
}

function markdownOfHtml(html, pictures = () => "") {
  const blocks = blocksOf(pasted(html), {}, pictures);
  const levels = blocks.map((block) => /^(#{1,6}) /.exec(block)?.[1].length).filter(Boolean);
  const up = levels.length ? Math.min(...levels) - 2 : 0; // the title of the page is the first level
  return blocks.map((block) => block.replace(/^#{1,6}(?= )/, (signs) => "#".repeat(Math.min(6, signs.length - up)))).join("\n\n");
}

// Plain text: a break is a paragraph, unless the text has empty lines or signs of Markdown.
function markdownOfText(text) {
  const lines = text.replace(/\r\n?/g, "\n").trim();
  return /\n\s*\n|\n[-*|>] |\n\|/.test(lines) ? lines : lines.split("\n").map((line) => line.trim()).filter(Boolean).join("\n\n");
}
