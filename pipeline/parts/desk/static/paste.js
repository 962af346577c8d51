// What Word, WeChat or a web page put on the clipboard, as Markdown. The HTML is parsed into a
// document of its own, where nothing runs or loads; its words leave it as text alone.
"use strict";

const DROPPED = new Set(("head style script title meta link xml template noscript svg math iframe object"
  + " video audio canvas select textarea input button del").split(" "));
const BLOCKS = new Set(("address article aside blockquote body center dd details div dl dt figcaption"
  + " figure footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section table ul").split(" "));
// What no reader of the page saw; numbers of lists and comments, as Word writes them.
const UNSEEN = new RegExp("display:\\s*none|visibility:\\s*hidden|mso-hide:\\s*all|font-size:\\s*0(?![.\\d])"
  + "|mso-list:\\s*ignore|mso-element:\\s*comment|mso-special-character:\\s*comment", "i");
const WIDE = /[\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/;

const styleOf = (node) => node.getAttribute("style") || "";
const tagOf = (node) => node.nodeName.toLowerCase();
const unseen = (node) => node.hidden || DROPPED.has(tagOf(node)) || UNSEEN.test(styleOf(node))
  || /msocom|MsoComment/i.test(node.className);
const isBlock = (node) => node.nodeType === 1 && (BLOCKS.has(tagOf(node)) || [...node.children].some(isBlock));

// Blanks as a browser shows them, but none for a line end between Chinese characters.
const collapsed = (text) => text
  .replace(/[\u200b\u2060\ufeff]/g, "")
  .replace(/(.?)[ \t\u00a0]*[\r\n]\s*(?=(.?))/gsu, (_, before, after) =>
    before + (WIDE.test(before) && WIDE.test(after) ? "" : " "))
  .replace(/[ \t\u00a0]+/g, " ").replace(/^[\s\u3000]+|[\s\u3000]+$/g, "");

const escaped = (text, inTable) => text
  .replace(/[\\`*[\]]|<(?=[a-z/!?])|&(?=#?\w+;)|(?<!\w)_|_(?!\w)|~(?=~|$)|!$/gi, "\\$&")
  .replace(inTable ? /\|/g : /(?!)/g, "\\|");
// A line that Markdown would take for the beginning of something else than a paragraph.
const beginning = (line) => line
  .replace(/^(?:#{1,6}(?=\s|$)|[-+](?=\s|$)|>|={2,}|-{2,}|~{2,})/, "\\$&")
  .replace(/^(\d{1,9})([.)])(?=\s|$)/, "$1\\$2");

// The style {mark, href, pre} inside an element.
function styled(node, { mark = "", href = "", pre = false }) {
  const tag = tagOf(node), css = styleOf(node);
  const weight = /(?<![\w-])font-weight:\s*(\w+)/i.exec(css)?.[1];
  const space = /white-space:\s*([\w-]+)/i.exec(css)?.[1];
  if (weight ? /bold|[6-9]00/.test(weight) : /^(b|strong)$/.test(tag)) mark = "**";
  else if (weight && mark === "**") mark = "";
  else if (!mark && (/^(i|em)$/.test(tag) || /font-style:\s*(italic|oblique)/i.test(css))) mark = "*";
  const address = tag === "a" && node.getAttribute("href") || "";
  if (/^(https?:|mailto:|tel:)/i.test(address)) href = address;
  return { mark, href, pre: space ? /^(pre|break)/.test(space) : pre || tag === "pre" };
}

// The runs of words in inline nodes: {text, mark, href}, {picture}, or {end} of a line.
function runsOf(nodes, style, runs = []) {
  for (const node of nodes) {
    if (node.nodeType === 3) {
      const lines = style.pre ? node.data.split(/\r?\n/) : [node.data];
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
function marked({ text, mark }, inTable) {
  if (!mark) return escaped(text, inTable);
  const [, before, inner, after] = /^([\s\p{P}\p{S}\p{M}]*)(.*?)([\s\p{P}\p{S}\p{M}]*)$/su.exec(text);
  const sign = inner && "\u0001";
  return escaped(before + sign + inner + sign + after, inTable).replace(/\u0001/g, mark);
}

function worded(run, inTable) {
  const words = marked(run, inTable);
  if (!run.href || !words.trim()) return words;
  const address = run.href.replace(/[\s<>()\\|]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  return words.replace(/^(\s*)(.*?)(\s*)$/s, (_, before, inner, after) => `${before}[${inner}](${address})${after}`);
}

// The lines of inline nodes as Markdown. `pictures(img)` answers what stands for a picture.
function linesOf(nodes, style, pictures, { plain = false, inTable = false } = {}) {
  const lines = [[]];
  for (const run of runsOf(nodes, style)) {
    const line = lines.at(-1), last = line.at(-1);
    if (plain) run.mark = "";
    if (run.end) lines.push([]);
    else if (last?.text !== undefined && !run.picture && last.mark === run.mark && last.href === run.href) last.text += run.text;
    else line.push(run);
  }
  const texts = lines.map((line) => line.reduce((text, run) => {
    const next = run.picture ? pictures(run.picture) : worded(run, inTable);
    // Two marks side by side would be read as one: the second gives way.
    return text + (/(?<!\\)\*$/.test(text) && next.startsWith("*") ? worded({ ...run, mark: "" }, inTable) : next);
  }, ""));
  return texts.map(collapsed).filter(Boolean);
}

function tableOf(table, style, pictures) {
  const rows = [...table.rows].map((row) => [...row.cells].filter((cell) => !unseen(cell)));
  const width = Math.max(0, ...rows.map((row) => row.reduce((sum, cell) => sum + Math.min(cell.colSpan, 50), 0)));
  if (width < 2) return rows.flat().flatMap((cell) => blocksOf(cell, style, pictures));
  const texts = rows.map((row) => {
    const cells = row.flatMap((cell) => [
      linesOf(cell.childNodes, styled(cell, style), pictures, { inTable: true }).join(" "),
      ...Array(Math.min(cell.colSpan, 50) - 1).fill("")]);
    return `| ${[...cells, ...Array(width - cells.length).fill("")].join(" | ")} |`;
  });
  return [[texts[0], `|${"---|".repeat(width)}`, ...texts.slice(1)].join("\n")];
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

function markdownOfHtml(html, pictures = () => "") {
  const blocks = blocksOf(new DOMParser().parseFromString(html, "text/html").body, {}, pictures);
  const levels = blocks.map((block) => /^(#{1,6}) /.exec(block)?.[1].length).filter(Boolean);
  const up = levels.length ? Math.min(...levels) - 2 : 0; // the title of the page is the first level
  return blocks.map((block) => block.replace(/^#{1,6}(?= )/, (signs) => "#".repeat(Math.min(6, signs.length - up)))).join("\n\n");
}

// Plain text: a break is a paragraph, unless the text has empty lines or signs of Markdown.
function markdownOfText(text) {
  const lines = text.replace(/\r\n?/g, "\n").trim();
  return /\n\s*\n|\n[-*|>] |\n\|/.test(lines) ? lines : lines.split("\n").map((line) => line.trim()).filter(Boolean).join("\n\n");
}
