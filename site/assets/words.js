// Whether the words on a post's page are those of its post.md, whose bytes `verify.js` has checked
// against the signatures before it asks here.
const LEVELS = ["", "Ⅰ级（特别严重）", "Ⅱ级（严重）", "Ⅲ级（较重）", "Ⅳ级（一般）"];
const COLOURS = { red: "红色", orange: "橙色", yellow: "黄色", blue: "蓝色" };
const LABELS = { generated: "本内容由人工智能生成", assisted: "本内容由人工智能辅助生成" };

function demand(truth, words) {
  if (!truth) throw new Error(words);
}

// What counts of a text: all but blanks, what cannot be seen, and signs that Markdown may take away.
const seen = (words) => words.replace(/[\\*_`[]/g, "").replaceAll("~~", " ")
  .replace(/[\s\p{Cc}\p{Cf}\ufffd!#&()<=>;|\]]|[-+~:](?!\d)/gu, "");
const [ALT, FILE, UNDER, ITEM, NUMBER, STRUCK, CODE] = "\ufdd0\ufdd1\ufdd2\ufdd3\ufdd4\ufdd5\ufdd6";
const ELEMENTS = new Set(("A BDI BLOCKQUOTE BR CODE DIV EM FIGCAPTION FIGURE H1 H2 H3 H4 H5 H6 HR IMG LI OL P PRE S SPAN " +
  "STRONG TABLE TBODY TD TH THEAD TR UL").split(" "));

// What a site knows and post.md does not: the size of a file, the label in a picture's bytes.
const MARKS = {
  "external-mark": /^（站外）$/,
  "file-mark": /^（[A-Z0-9]{1,8}(?:，[\d.]{1,8} [KM]B)?）$/,
  "ai-mark": /^（图片(?:可能|疑似)?由人工智能生成）$/,
};

// The words a reader sees in a part of the page; pictures, numbers of lists and strokes as marks.
function view(node) {
  if (node.nodeType === 3) return node.data;
  const looked = { checkOpacity: true, checkVisibilityCSS: true };
  if (node.nodeType !== 1 || node.checkVisibility?.(looked) === false) return "";
  demand(ELEMENTS.has(node.tagName), `正文里不应有 ${node.tagName}`);
  const [first, ...rest] = [...node.childNodes].map(view);
  const words = [first, ...rest].join("");
  const up = node.parentNode;
  if (MARKS[node.className]?.test(words)) return "";
  const broken = node.className === "sn-broken" && /^［图片无法显示(?:：([^]*))?］$/.exec(words);
  if (broken) return ALT + (broken[1] ?? "") + FILE;
  switch (node.tagName) {
    case "A": return `${words} `;
    case "CODE": return words.replace(/(?<!\\)\](?=[([])/g, CODE); // a link that is none
    case "S": return STRUCK + words + STRUCK;
    case "LI": {
      if (up.tagName === "UL") return words;
      return ITEM + (up.firstElementChild === node ? up.start : node.value || "") + NUMBER + words;
    }
    case "IMG": { // in several sizes, each named for the file that was reviewed
      const files = `${node.getAttribute("src")}, ${node.srcset}`.split(", ").filter(Boolean)
        .map((each) => each.replace(/ .*/, "").replace(/^sized\/(.+)\.\d+\.webp$/, "$1"));
      return ALT + node.alt + FILE + decodeURIComponent([...new Set(files)].join());
    }
    case "FIGURE": {
      const [alt, under] = [first.split(FILE)[0].slice(1), rest.join("")].map(seen);
      return first + (under && under === alt ? "" : UNDER + (under || (alt && UNDER)));
    }
  }
  return words;
}

// Markdown: what a source may say that its page does not (CommonMark 0.31, GFM tables and strokes).
const QUOTED = /("(?:\\[^]|[^"\\])*"|'(?:\\[^]|[^'\\])*'|\((?:\\[^]|[^()\\])*\))/.source;
const PLACE = /(<[^<>\n]*>|(?:\\.|[^\s()\\]|\((?:\\.|[^\s()\\])*\))*)/.source;
const TAIL = `\\(\\s*${PLACE}(?:\\s+${QUOTED})?\\s*\\)`;
const START = "(?<=^(?:[ \\t>]|[*+-][ \\t]|\\d{1,9}[.)][ \\t])*)";
const TOKEN = new RegExp([
  "\\\\[!-/:-@[-`{-~]\\d?",
  `!\\[(?:\\\\.|[^\\[\\]\\\\]|\\[[^\\[\\]]*\\](?:\\([^()]*\\))?)*\\](?:${TAIL}|\\[[^\\[\\]]*\\])?`,
  `\\](?:${TAIL}|\\[([^\\[\\]]*)\\])?`,
  `${START}\\[((?:\\\\.|[^\\[\\]\\\\])+)\\]:[ \\t]*\\n?[ \\t]*(?=\\S)${PLACE}(?:[ \\t]*\\n?[ \\t]+${QUOTED})?[ \\t]*$`,
  `${START}(\\d{1,9})[.)](?=\\s|$)`,
  `${START}(?:\`{3,}[^\`\\n]*|~{3,}.*)$`,
  "<([a-z][a-z\\d+.-]*:[^\\s<>]*)>",
  "&(?:#\\d{1,7}|#x[\\da-f]{1,6}|\\w+);",
  "~~|!\\[|\\n",
].join("|"), "gim");

const PLAIN = /^<?(?:https?:\/\/[a-z\d][a-z\d.-]*(?:\/[^\\@]*)?|[\w.-]+)>?$/i; // a place that any link may lead to

const decode = (words) => words.replace(/&#?\w+;/g, (e) => new DOMParser().parseFromString(e, "text/html").body.textContent);
const plain = (words) => decode(words.replace(/\\([!-/:-@[-`{-~])/g, "$1"));
// A reader is shown %E8%B7%AF as a word, but nothing that would end a part of an address.
const unpercent = (words) => words.replace(/(?:%(?!2[3-6bcf]|3[abdf]|40)[\da-f]{2})+/gi,
  (run) => new TextDecoder().decode(Uint8Array.from(run.slice(1).split("%"), (h) => parseInt(h, 16))));
const fileOf = (place) => seen(unpercent(plain(place.replace(/^<|>$/g, ""))));

// Whether a page shows what a source says: every place in the one that a place in the other may be.
function compare(source, shown) {
  const reached = { 0: new Set([0]) };
  let far = (TOKEN.lastIndex = 0);
  // What may stand on the page where an image ends, and in place of one that is not there.
  const ends = ([place, title]) => ["", fileOf(place)].flatMap((file) =>
    [FILE + file, FILE + file + UNDER + (title?.length > 2 ? seen(plain(title.slice(1, -1))) : "")]);
  const lacks = ([place]) => [plain(place), fileOf(place)].map((file) => seen(`图片缺失：${file}`));
  const definitions = [...source.matchAll(TOKEN)].filter((token) => token[6]);
  const name = (label) => label.trim().replace(/\s+/g, " ").toLowerCase().toUpperCase();
  const labels = new Set(definitions.map((token) => name(token[6])));
  // Labels defined past doubt, outside of code and paragraphs. A bracket before one of them, as before
  // such an address, ends a link; where there is doubt, it may also stand as it is.
  const sure = new Set();
  let end = -1; // of the last such definition
  for (const { 0: whole, 6: label, 7: place, index } of /```|~~~/.test(source) ? [] : definitions) {
    const apart = /^\n*$|\n\n$/.test(source.slice(0, index)) || end === index - 1;
    if (!apart || !PLAIN.test(place) || /[`|\n]/.test(whole)) continue;
    sure.add(name(label));
    end = index + whole.length;
  }
  const defined = definitions.map((token) => token.slice(7, 9));
  const [definedEnds, definedLacks] = [ends, lacks].map((each) => [...new Set(defined.flatMap(each))]);
  for (let at = 0; at < source.length; at += 1) {
    const go = (to, ...ways) => {
      for (const place of reached[at]) {
        for (const way of ways) {
          let length = 0;
          while (length < way.length && way[length] === shown[place + length]) length += 1;
          if (length === way.length) (reached[to] ??= new Set()).add(place + length);
          far = Math.max(far, place + length);
        }
      }
    };
    if (!reached[at]) continue;
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(source);
    const start = token?.index ?? source.length;
    if (start > at) {
      go(start, seen(source.slice(at, start)));
      continue;
    }
    const [whole, image, named, place, title, label, , , , number, address] = token;
    const after = at + whole.length;
    const tail = [image ?? place, named ?? title];
    // Once the markup is gone, a sign may stand before a digit.
    const [, sign] = /([-+~:])[\s`*_[\]]*$/.exec(source.slice(Math.max(0, at - 9), at)) ?? [];
    if (sign) go(at, sign);
    const linked = place === undefined ? sure.has(name(label ?? "")) : PLAIN.test(place) && !/[`|\n]/.test(whole);
    const certain = linked && /(?<!\\)\[[^[\]`\\<|\n]*$/.test(source.slice(Math.max(0, at - 999), at));
    if (!certain && !/^[\\\n]/.test(whole)) go(at + 1, seen(whole[0])); // as it stands: it is code, or no markup
    if (/^[\\\n]/.test(whole)) go(after, seen(whole));
    else if (whole[0] === "!") {
      go(at + 2, ALT, "");
      go(after, ...(image === undefined ? definedLacks : lacks(tail)));
    } else if (whole[0] === "]") {
      go(at + 1, CODE, ...definedEnds);
      if (!label || labels.has(name(label))) go(after, "", ...(place === undefined ? definedEnds : ends(tail)));
    } else if (number) go(after, ITEM + +number + NUMBER, ITEM + NUMBER);
    else if (address) go(after, seen(address), seen(unpercent(address)));
    else if (whole[0] === "&") { // a sign, perhaps, of a number that follows
      const [sign, next] = [decode(whole), /^\d?/.exec(source.slice(after))[0]];
      go(after + next.length, seen(sign + next), ...(next ? [] : [sign]));
    }
    else if (whole === "~~") go(after, "", STRUCK);
    else go(after, "");
  }
  const near = shown.slice(Math.max(0, far - 8), far + 8).replace(/[\ufdd0-\ufdd6]/g, "");
  demand(reached[source.length]?.has(shown.length), `文字与签名的原稿不同，在“${near}”处`);
}

// A scalar of the front matter: plain, quoted or folded (YAML 1.2).
function scalar(front, key) {
  const [, raw] = new RegExp(`^["']?${key}["']?[ \\t]*:(?=\\s)[ \\t]*([^]*?)\\s*(?=\\n\\S|$(?![^]))`, "m").exec(front) ?? [];
  const [, double, single] = /^"((?:\\[^]|[^"\\])*)"|^'((?:''|[^'])*)'/.exec(raw) ?? [];
  return double?.replace(/\\(?:x(..)|u(....)|U(.{8})|([^]))/g, (_, a, b, c, d) =>
    d?.replace(/\w/, " ") ?? String.fromCodePoint(parseInt(a ?? b ?? c, 16))) ??
    single?.replaceAll("''", "'") ?? raw?.replace(...(/^[|>]/.test(raw) ? [/^.*/, ""] : [/(^|\s)#.*/g, ""]));
}

function checkTitle(front) {
  const [title, shown] = [scalar(front, "title"), seen(view(document.querySelector("h1")))];
  const same = title === undefined ? shown && seen(front).includes(shown) : shown === seen(title);
  demand(same, "标题与签名的原稿不同");
  return "与签名的原稿一致";
}

function checkSummary(front) {
  const shown = [...document.querySelectorAll(".sn-lead")].map(view).join();
  demand(seen(shown) === seen(scalar(front, "summary") ?? ""), "摘要与签名的原稿不同");
  return "与签名的原稿一致";
}

// A field of the alert, written in lines or between braces; a list comes as its text.
function alertField(alert, key) {
  const value = alert[0] === "{" ? "[^,}\\n]*" : ".*";
  const pattern = `(?:^|[{,\\n])\\s*["']?${key}["']?\\s*:[ \\t]*(\\[[^\\]]*\\]|(?:\\n\\s*- .*)+|"[^"]*"|'[^']*'|${value})`;
  return (new RegExp(pattern).exec(alert)?.[1] ?? "").replace(/\s#.*/g, "");
}

const bare = (words) => words.trim().replace(/^(["'])(.*)\1$/, "$2");

// The moment as a page writes it, in the time of Beijing.
function minute(written) {
  const moment = Date.parse(bare(written));
  return moment ? new Date(moment + 288e5).toISOString().slice(0, 16).replace("T", " ") : "";
}

function checkAlert(front) {
  const alert = /^["']?alert["']?[ \t]*:\s*([^]*?)\s*(?=\n\S|$(?![^]))/m.exec(front)?.[1] ?? "";
  const boxes = [...document.querySelectorAll(".sn-alert")];
  demand(boxes.length === (alert ? 1 : 0), "预警与签名的原稿不同");
  if (!alert) return "原稿没有预警，本页也没有";
  const [box] = boxes;
  const field = (key) => alertField(alert, key);
  const areas = field("areas").split(/[[\],]|\n\s*- /).map(bare).filter(Boolean);
  const lifted = minute(field("lifted_at"));
  const facts = { 发布单位: bare(field("issuer")), 发布时间: minute(field("issued_at")),
    有效时段: `${minute(field("starts_at"))} 至 ${minute(field("ends_at"))}`, 影响区域: areas.join("、"), 解除时间: lifted };
  const colour = bare(field("color"));
  const head = view(box.querySelector("strong"));
  demand(box.classList.contains(`sn-alert--${colour}`) && head === `${COLOURS[colour]}预警 ${LEVELS[bare(field("level"))]}`, "预警级别与签名的原稿不同");
  const shown = Object.fromEntries([...box.querySelectorAll("dl > div")].map((row) => [...row.children].map((part) => part.textContent)));
  if (lifted && !shown.解除时间) shown.解除时间 = lifted; // it may have come since the build
  for (const [name, value] of Object.entries(facts)) demand(seen(shown[name] ?? "") === seen(value), `预警的${name}与签名的原稿不同`);
  return "级别、单位、时间和区域与签名的原稿一致";
}

// Every address that a text holds, as a browser writes it; where one ends, a link may say.
function addresses(markdown) {
  const found = new Set();
  for (const [, run] of markdown.matchAll(/(?=((?:(?:https?|mailto|tel):|(?<![^\s<>(])[^\s<>()]+@)[^<>\n]+))/gi)) {
    for (const { index } of run.matchAll(/[\s)"',}]|$/g)) {
      const address = plain(run.slice(0, index));
      found.add(canonical(address)).add(canonical(`mailto:${address}`));
    }
  }
  return found;
}

const canonical = (href) => unescape(Object.assign(document.createElement("a"), { href }).href);

function checkLinks(links, markdown) {
  const known = addresses(markdown);
  const words = unpercent(plain(markdown));
  const named = (href) => /^[^:/?#\\]+$/.test(href) && words.includes(decodeURIComponent(href)); // a file beside the page
  for (const link of links) {
    const href = link.getAttribute("href") ?? "";
    demand(href[0] === "#" || known.has(canonical(href)) || named(href), `链接 ${href} 不在签名的原稿中`);
  }
}

// The register knows a source's name, post.md need not: what cannot be compared is said.
function checkSource(line, front) {
  const [origin, source] = [scalar(front, "origin")?.trim(), scalar(front, "source")];
  const reprint = /^(reprint|forward)$/.test(origin);
  demand(!line || reprint || !origin, "本篇不是转载，不应有来源行");
  demand(line || !reprint || !source, "转载没有来源行");
  const words = line ? view(line) : "";
  demand(words.length < 200, "来源行过长");
  if (source) checkLinks(line?.querySelectorAll("a") ?? [], front);
  return seen(source ?? "").includes(seen(words.split(/[：:]/).pop())) ? "" : "；来源行未与原稿核对";
}

function checkBody(front, body) {
  const place = document.querySelector(".sn-body");
  const parts = [...place.childNodes];
  const take = (name) => {
    const first = parts.findIndex((part) => part.nodeType === 1);
    return parts[first]?.className === name ? parts.splice(first, 1)[0] : null;
  };
  const [line, label] = [take("source-line"), take("ai-label")];
  const told = checkSource(line, front);
  demand((label ? view(label) : "") === (LABELS[scalar(front, "ai")?.trim()] ?? ""), "人工智能标识与签名的原稿不同");
  compare(body, seen(parts.map(view).join("")));
  checkLinks(parts.flatMap((part) => [part, ...(part.querySelectorAll?.("a") ?? [])]).filter((part) => part.href), body);
  return `文字和链接与签名的原稿一致${place.querySelector("img") ? "；图片为缩小版，原图的摘要已核对" : ""}${told}`;
}

// [label, work, selector of what the page shows of it] of what there is to compare.
export function checks(markdown) {
  const [head, front] = /^---[ \t]*\n([^]*?)^---[ \t]*$/m.exec(markdown);
  return [
    ["标题", () => checkTitle(front), "h1"],
    ["摘要", () => checkSummary(front), ".sn-lead"],
    ["预警", () => checkAlert(front), ".sn-alert"],
    ["正文", () => checkBody(front, markdown.slice(head.length)), ".sn-body"],
  ];
}
