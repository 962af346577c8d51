// Whether the page that the reader sees is, to the byte and to the element, the file that the site's
// list of files names, and whether its pictures, scripts and style sheets are too. `verify.js` lends
// its tools, and the digest of that list as the log's checkpoint states it.
const LIST = "site-manifest.sha256";
const ROSTERS = ["evidence/roster.yml", "evidence/allowed_signers"]; // the second is in every site

export function pageChecker({ demand, get, sha256, text }, root) {
  const files = new Map(); // path → sha256

  async function addList(path, digest) {
    const bytes = await get(path, root, "文件清单");
    demand(!digest || (await sha256(bytes)) === digest, "文件清单不是日志检查点写明的那一份");
    for (const [, listed, name] of text.decode(bytes).matchAll(/^([0-9a-f]{64}) {2}(.+)$/gm)) files.set(name, listed);
  }

  async function load(url, what, cache) {
    const path = decodeURIComponent(url.pathname.slice(root.pathname.length)).replace(/(^|\/)$/, "$1index.html");
    demand(url.href.startsWith(root.href) && files.has(path), `${what}不在网站的文件清单中`);
    const bytes = await get(url, root, what, cache);
    demand(await sha256(bytes) === files.get(path), `${what}不是文件清单所列的那一份`);
    return bytes;
  }

  // The lists, then the page and its evidence as the site gives them now: the page, parsed anew.
  async function published(evidence, digest) {
    await addList(LIST, digest);
    const year = `manifest/${evidence.pathname.slice(root.pathname.length).split("/")[1]}.sha256`;
    await addList(year, files.get(year) ?? "没有");
    await load(evidence, "证据文件");
    const here = new URL(location.href);
    const folder = new URL(".", evidence);
    demand([folder.href, `${folder.href}index.html`].includes(here.origin + here.pathname), "本页的地址不是本篇的地址");
    return new DOMParser().parseFromString(text.decode(await load(here, "本页")), "text/html");
  }

  // What the reader sees is loaded already: the cache has the very bytes.
  async function checkParts(parts) {
    for (const part of parts) {
      const picture = part.tagName === "IMG";
      const address = (picture && part.currentSrc) || part.src || part.href;
      if (!address.startsWith("data:")) await load(new URL(address), picture ? "图片" : "脚本或样式", "force-cache");
    }
  }

  // The one file that tells whose the keys are: its digest is to be compared with one from elsewhere.
  async function roster({ keys, roster: { digest } }) {
    const path = ROSTERS.find((each) => files.has(each));
    const bytes = await load(new URL(path, root), "名册");
    const lines = text.decode(bytes);
    demand(keys.every(({ line }) => lines.includes(line.split(" ")[1])), "签名所用的密钥不在本站公布的名册中");
    const sum = await sha256(bytes);
    demand(path !== ROSTERS[0] || sum === digest, "证据所写的名册不是本站公布的那一份");
    return { path, sum };
  }

  return { published, checkParts, roster };
}

// What scripts of the site do to a page is no change: roles of tables, ids of code and the keys that
// scroll it on a narrow screen, the button, what
// is unfolded, where the focus is; around the contents the theme sets more, so there elements and words alone count.
const DONE = { TABLE: ["role"], THEAD: ["role"], TBODY: ["role"], TR: ["role"], TH: ["role"], TD: ["role"], PRE: ["id"],
  CODE: ["id", "tabindex"], DETAILS: ["open"], BUTTON: ["hidden", "aria-disabled", "aria-pressed"], DIV: ["data-result"] };

const COPIED = ["已复制", "未能复制"]; // what `post.js` says for a moment

function plain(page) {
  const body = document.implementation.createHTMLDocument("").importNode(page.body, true);
  for (const part of body.querySelectorAll("noscript, [data-sanshen-verdict] > *")) part.remove();
  for (const part of [body, ...body.querySelectorAll("*")]) {
    const done = part.closest("#content") ? (DONE[part.tagName] ?? []) : part.getAttributeNames();
    for (const name of [...done, "data-focus-visible-added"]) part.removeAttribute(name);
    part.classList.remove("focus-visible");
    if (!part.classList.length) part.removeAttribute("class");
  }
  for (const part of body.querySelectorAll("[data-sanshen-copied]")) if (COPIED.includes(part.textContent)) part.textContent = "";
  window.sanshenStates(body);
  body.normalize();
  return body;
}

// Raises an error unless the page that is shown is the one that was published.
export function compareShown(page, demand) {
  const [shown, expected] = [document, page].map(plain);
  const [seen, words] = [shown, expected].map((body) => body.textContent);
  let at = 0;
  while (at < words.length && seen[at] === words[at]) at += 1;
  const near = seen === words ? "" : `，在“${seen.slice(Math.max(0, at - 8), at + 12).trim()}”处`;
  const same = shown.isEqualNode(expected) && document.title === page.title;
  demand(same, `显示的页面与网站公布的不同${near}（翻译和其他浏览器插件也会改动网页）`);
}
