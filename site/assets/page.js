// The page of a post as the site's list of files names it, made ready to take the place of what a browser shows: the verified
// bytes parsed anew, style sheets constructed and pictures written into the page out of verified bytes. `verify.js` lends its
// tools, and the digest of that list as the log's last entry states it.
const LIST = "site-manifest.sha256";
const ROSTERS = ["evidence/roster.yml", "evidence/allowed_signers"]; // the second is in every site
const LOADED = ["force-cache", "no-store"]; // what the browser has already, unless it is out of date
// What runs, loads, leads away or moves addresses.
const ACTIVE = "script, noscript, template, style, base, iframe, object, embed, link, meta[http-equiv]";

const parsed = (html) => new DOMParser().parseFromString(html, "text/html");
const bare = (words) => words.replace(/\]\([^\s)]*/g, "").replace(/[^\p{L}\p{N}]/gu, "");

// A sentence of an altered page that the signed text does not have; only to show people where to look.
function strange(html, source) {
  const [page, signed] = [parsed(html), bare(source)];
  const parts = ["title", "lead", "advice", "body"].map((name) => page.querySelector(`[data-signed=${name}]`));
  const words = [...parts, parts.at(-1)?.parentElement].map((part) => part?.textContent ?? "").join("\n");
  const near = source && words.split(/[。！？；\n]/).find((one) => bare(one).length > 1 && !signed.includes(bare(one)));
  return near ? `，签名的原稿里没有“${near.trim().slice(0, 60)}”` : "";
}

// What its own scripts say for a moment, and where; any other words there are the page's.
const OWN = { ".sn-chip--new": ["上次来以后"], "[data-sanshen-copied]": ["已复制", "未能复制"] };

// The words of a page, but for those of its own scripts.
function wordsOf(page) {
  const body = document.implementation.createHTMLDocument("").importNode(page.body, true);
  for (const part of body.querySelectorAll("script, noscript, style, template")) part.remove();
  body.querySelector("[data-sanshen-outside]")?.querySelector("[data-sanshen-verdict]")?.firstElementChild?.remove();
  for (const [where, words] of Object.entries(OWN)) {
    for (const part of body.querySelectorAll(where)) if (words.includes(part.textContent)) part.remove();
  }
  window.sanshenStates?.(body);
  return page.title + body.textContent.replace(/\s+/g, "");
}

// Where the words of the page that stood there before differ from the published ones; empty when they do not.
function before(published) {
  const [seen, words] = [document, published].map(wordsOf);
  if (seen === words) return "";
  let at = 0;
  while (at < words.length && seen[at] === words[at]) at += 1;
  return `“${seen.slice(Math.max(0, at - 8), at + 24)}”处`;
}

function kind(name) {
  const ending = name.split(".").at(-1).toLowerCase();
  return `image/${{ svg: "svg+xml", jpg: "jpeg" }[ending] ?? ending}`;
}

const dataOf = (bytes, type) => new Promise((resolve, reject) => {
  const reader = Object.assign(new FileReader(), { onload: () => resolve(reader.result), onerror: reject });
  reader.readAsDataURL(new Blob([bytes], { type }));
});

// Of the sizes of a picture, the smallest that fills the window.
function fitting(picture) {
  const sizes = picture.srcset.split(",").map((size) => size.trim().split(" ")).sort((a, b) => parseInt(a[1]) - parseInt(b[1]));
  return (sizes.find(([, wide]) => parseInt(wide) >= innerWidth * devicePixelRatio) ?? sizes.at(-1))[0] || picture.src;
}

export function pageReader({ demand, get, sha256, text }, root) {
  const files = new Map(); // path → sha256

  async function addList(path, digest) {
    const bytes = await get(path, root, "文件清单");
    demand(!digest || (await sha256(bytes)) === digest, "文件清单不是日志封签写明的那一份");
    for (const [, listed, name] of text.decode(bytes).matchAll(/^([0-9a-f]{64}) {2}(.+)$/gm)) files.set(name, listed);
  }

  // The list of a year's posts, whose pictures stand on home, too.
  const years = new Map();
  function addYear(url) {
    const name = `manifest/${url.pathname.slice(root.pathname.length).split("/")[1]}.sha256`;
    if (!years.has(name)) years.set(name, addList(name, files.get(name) ?? "没有"));
    return years.get(name);
  }

  async function load(url, what, caches = ["no-store"], hint = () => "") {
    const path = decodeURIComponent(url.pathname.slice(root.pathname.length)).replace(/(^|\/)$/, "$1index.html");
    demand(url.href.startsWith(root.href) && files.has(path), `${what}不在网站的文件清单中`);
    let bytes;
    for (const cache of caches) {
      bytes = await get(url, root, what, cache);
      if (await sha256(bytes) === files.get(path)) return bytes;
    }
    return demand(false, `${what}不是文件清单所列的那一份${hint(bytes)}`);
  }

  // The lists, then the page and its evidence, where it has some, as the site gives them now: the page, parsed anew.
  async function published(evidence, digest, source) {
    await addList(LIST, digest);
    const here = new URL(location.href);
    if (evidence) {
      await addYear(evidence);
      await load(evidence, "证据文件");
    }
    const folder = new URL(".", evidence || here);
    demand([folder.href, `${folder.href}index.html`].includes(here.origin + here.pathname), "本页的地址不是本篇的地址");
    const hint = (bytes) => strange(new TextDecoder().decode(bytes), source);
    return parsed(text.decode(await load(here, "本页", undefined, hint)));
  }

  // Scripts that run already: the cache has the very bytes.
  async function checkScripts(scripts) {
    for (const { src } of scripts) await load(new URL(src), "脚本", LOADED.slice(0, 1));
  }

  async function sheet(link) {
    const made = new CSSStyleSheet();
    made.media.mediaText = link.media;
    made.replaceSync(text.decode(await load(new URL(link.href), "样式", LOADED)));
    return made;
  }

  async function picture(part) {
    if (part.src.startsWith("data:")) return;
    const url = new URL(fitting(part), part.baseURI);
    part.src = await dataOf(await load(url, "图片", LOADED), kind(url.pathname));
    part.removeAttribute("srcset");
  }

  // The page out of verified bytes alone, and the style sheets; `originals`: name beside the page → signed bytes.
  async function prepared(shown, originals) {
    const folder = new URL(".", location.href).href;
    const was = before(shown);
    const dot = Object.assign(new Image(), { src: "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7" });
    await dot.decode().catch(() => demand(false, "本页的设置不让显示核验过的图片"));
    const sheets = await Promise.all(Array.from(shown.querySelectorAll("link[rel~=stylesheet]"), sheet));
    for (const player of shown.querySelectorAll("video, audio")) {
      const note = shown.createElement("p");
      note.textContent = "核验过的页面不播放影音，请下载核对过的原件。";
      if (player.poster) note.prepend(Object.assign(shown.createElement("img"), { src: player.poster, alt: "" }));
      player.replaceWith(note);
    }
    for (const part of shown.querySelectorAll(ACTIVE)) part.remove();
    const pictures = Array.from(shown.querySelectorAll("img"));
    await Promise.all(pictures.map(({ src }) => new URL(src)).filter(({ href }) => href.startsWith(`${root.href}posts/`)).map(addYear));
    await Promise.all(pictures.map(picture));
    for (const link of shown.querySelectorAll("a[href]")) {
      const name = link.href.startsWith(folder) && decodeURIComponent(link.href.slice(folder.length));
      if (!originals.has(name)) continue;
      link.href = URL.createObjectURL(new Blob([originals.get(name)], { type: kind(name) }));
      if (!/\.(png|jpe?g|webp|gif)$/i.test(name)) link.download = link.download || name;
    }
    return { shown, sheets, before: was };
  }

  // The one file that tells whose the keys are: its digest is to be compared with one from elsewhere.
  async function roster(bundle) {
    const { keys, roster: { digest } } = bundle ?? { keys: [], roster: {} };
    const path = ROSTERS.find((each) => files.has(each));
    const bytes = await load(new URL(path, root), "名册");
    const lines = text.decode(bytes);
    demand(keys.every(({ line }) => lines.includes(line.split(" ")[1])), "签名所用的密钥不在本站公布的名册中");
    const sum = await sha256(bytes);
    demand(path !== ROSTERS[0] || !bundle || sum === digest, "证据所写的名册不是本站公布的那一份");
    return { path, sum };
  }

  return { published, checkScripts, prepared, roster };
}
