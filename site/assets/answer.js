// Replaces the document by the answer of `verify.js`, above the verified page where there is one: nothing that the host drew
// before stands beside it, and nothing is asked of the host from then on.
const element = (name, textContent = "", className = "") =>
  Object.assign(document.createElement(name), { textContent, className });

function fold(summary, ...parts) {
  const details = element("details");
  details.append(element("summary", summary), ...parts);
  return details;
}

const LOOK = `
  .sn-proof-line { position: sticky; z-index: 9; top: 0; display: flex; gap: 16px; align-items: center;
    padding: 8px 16px; background: #7a4a00; color: #fff; font: 700 17px/1.5 sans-serif; }
  [data-sanshen-proof="good"] { background: #14532f; }
  :is([data-sanshen-proof="bad"], [data-sanshen-proof="altered"]) { background: #8a1414; }
  .sn-proof-line div { flex: 1; }
  .sn-proof-line :is(p, h1) { margin: 0; font: inherit; }
  .sn-proof-line:focus { outline: 3px solid #ffd67a; outline-offset: -3px; }
  .sn-proof-line button, .sn-proof button { flex: none; min-height: 44px; padding: 0 16px; border: 1px solid currentColor; border-radius: 2px;
    background: none; color: inherit; font: inherit; cursor: pointer; }
  .sn-proof-line button:focus-visible { outline: 3px solid #ffd67a; }
  .sn-proof { padding: 8px 16px; border-bottom: 2px solid #888; background: #fff; color: #1c232b; font: 15px/1.7 sans-serif; overflow-wrap: anywhere; }
  .sn-proof :is(p, ul) { margin: 4px 0; }
  .sn-proof ul { padding: 0; list-style: none; }
  .sn-proof summary { padding: 8px 0; cursor: pointer; }
  .sn-proof pre { margin: 0; white-space: pre-wrap; font: 14px/1.7 monospace; }
  .sn-proof .sn-is-bad { color: #8a1414; font-weight: 700; }
  .sn-proof a { color: #124a8c; }
  body:has(> main.sn-proof) { margin: 0; }
  .sn-elder-mode :is(.sn-proof-line, .sn-proof) { font-size: 24px; }
  @media (prefers-color-scheme: dark) { .sn-proof { background: #121a24; color: #e3e9f0; }
    .sn-proof .sn-is-bad { color: #ff9d94; } .sn-proof a { color: #8fc1ff; } }
  @media print { .sn-proof-line { position: static; } .sn-proof-line button { display: none; } }`;

function styled(page) {
  try {
    const own = new CSSStyleSheet();
    own.replaceSync(LOOK);
    document.adoptedStyleSheets = [...page?.sheets ?? [], own];
    return true;
  } catch {
    return false; // an old browser
  }
}

// By the prototype's functions: `document.open` is whatever element the host gave that name.
function wipe() {
  const { open, write, close, replaceChildren } = Document.prototype;
  window.stop();
  try {
    // Ends the parser, what was about to load or to lead away, listeners, and the quirks of a page without its first line.
    open.call(document);
    write.call(document, "<!doctype html>");
    close.call(document);
  } finally {
    replaceChildren.call(document); // of XML, too
  }
}

const UNABLE = { result: "lack", clause: "核验没有完成，不等于通过", words: ["本浏览器不能只显示核验过的内容。"] };

// Large type and dark colours, as they are chosen now.
function look() {
  try {
    return [document.documentElement.classList.contains("sn-elder-mode"), document.body.dataset.mdColorScheme];
  } catch {
    return [false, ""]; // these names are elements of the host
  }
}

// Replaces the document, head and all, by the answer, above the verified page where there is one.
export function present({ result, clause, words, page, rows = [], source = "", accept }, root) {
  const [large, scheme] = look();
  try {
    wipe();
  } catch {
    if (page) return present({ ...UNABLE, rows }, root);
  }
  const blank = document.implementation.createHTMLDocument("核验结果");
  blank.documentElement.lang = "zh-CN";
  blank.head.append(Object.assign(element("meta"), { name: "viewport", content: "width=device-width,initial-scale=1" }));
  const shown = page?.shown ?? blank;
  const wall = shown.createElement("meta");
  // From here on nothing is asked of the host: what would come is not among the verified bytes.
  Object.assign(wall, { httpEquiv: "Content-Security-Policy", content: "default-src 'none'; img-src data:; form-action 'self'; base-uri 'none'" });
  shown.head.prepend(wall);
  const [html, body] = [shown.documentElement, shown.body];
  html.classList.toggle("sn-elder-mode", large);
  body.dataset.mdColorScheme = scheme;
  const [line, status, back] = [element("div", "", "sn-proof-line"), element("div"), element("button", "返回原页")];
  Object.assign(line, { tabIndex: -1 }).dataset.sanshenProof = result;
  status.setAttribute("role", "status");
  status.append(element(page ? "p" : "h1", clause));
  Object.assign(back, { type: "button" }).addEventListener("click", () => location.reload());
  line.append(status, back);
  const list = element("ul");
  list.append(...rows.map(([sign, label, said]) => element("li", `${sign} ${label}：${said}`, sign === "✗" ? "sn-is-bad" : "")));
  const rest = element(page ? "section" : "main", "", "sn-proof");
  rest.setAttribute("aria-label", "核验说明");
  rest.append(...words.map((sentence) => element("p", sentence)));
  if (!page) rest.append(Object.assign(element("a", "不依赖本站的核验办法"), { href: new URL("inspector/", root).href }));
  if (source && page) rest.append(fold("看签名的原稿（post.md，四步签名所签的文字）", element("pre", source)));
  if (rows.length) rest.append(fold("逐项结果", list));
  if (!page && rows.length) rest.lastElementChild.open = true;
  if (accept) {
    const button = Object.assign(element("button", "已在本站以外核对无误，记住现在的"), { type: "button" });
    button.addEventListener("click", () => present(accept(), root));
    rest.append(button);
  }
  body.prepend(line, rest);
  body.remove();
  const plain = !styled(page);
  document.append(html);
  html.append(body);
  window.sanshenStates?.(document);
  window.sanshenTables?.(document);
  window.scrollTo(0, 0);
  line.focus();
  const foreign = [...document.styleSheets].some((sheet) => !document.adoptedStyleSheets.includes(sheet)); // WebKit lists ours, too
  if (page && (plain || document.compatMode !== "CSS1Compat" || foreign || document.body !== body)) {
    present({ ...UNABLE, rows }, root);
  }
}
