// Verifies a post in the reader's browser from the published files: SSHSIG signatures (OpenSSH
// PROTOCOL.sshsig and PROTOCOL.u2f) by WebCrypto Ed25519 and P-256, the chain of steps, the files; log.js the log. Then,
// whatever the answer, answer.js replaces the document: by the verified bytes, which page.js prepares, or by the answer alone.
// What post.md says is compared by `verify-site`.
(() => {
"use strict";
const panel = document.querySelector("[data-sanshen-outside]");
const button = panel?.querySelector("[data-sanshen-verify]");
if (!button) return;
const place = panel.querySelector("[data-sanshen-verdict]");
const url = panel.dataset.sanshenEvidence && new URL(panel.dataset.sanshenEvidence, document.baseURI); // home has none
const logs = panel.dataset.sanshenLog && new URL(panel.dataset.sanshenLog, document.baseURI);
const STEPS = { first: "初审", second: "复审", final: "终审", confirm: "发布前确认" };
const ROLES = { "information-officer": "政务新媒体信息员", "section-head": "科室负责人", "leader-in-charge": "分管领导", principal: "主要负责人" };
const NAMESPACE = "sanshen-review@v1";
if (!(document.currentScript instanceof HTMLScriptElement)) return; // an element of that name
const script = document.currentScript.src;
const root = new URL("..", script);
const P = 2n ** 255n - 19n;
const PASSKEY = "sk-ecdsa-sha2-nistp256@openssh.com";
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n; // of P-256
const [BEGIN, END] = ["BEGIN", "END"].map((word) => `-----${word} SSH SIGNATURE-----\n`);
const text = new TextDecoder("utf-8", { fatal: true });
const utf8 = (words) => new TextEncoder().encode(words);
const ascii = (bytes) => String.fromCharCode(...bytes);
const base64 = (bytes) => btoa(ascii(bytes));
const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
const digest = async (name, bytes) => new Uint8Array(await crypto.subtle.digest(name, bytes));
const sum = (bytes) => digest("SHA-256", bytes);
const sha256 = async (bytes) => hex(await sum(bytes));
const join = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));

function demand(truth, words) {
  if (!truth) throw new Error(words);
}

function unbase64(code) {
  const bytes = Uint8Array.from(atob(code), (c) => c.charCodeAt(0));
  demand(base64(bytes) === code, "数据写法不规范");
  return bytes;
}

// Duplicate names, 1.0 for 1 and the like do not come out as they went in.
function strict(words, indent) {
  const value = JSON.parse(words);
  demand(JSON.stringify(value, null, indent) === words.trimEnd(), "数据写法不规范");
  return value;
}

function when(time) {
  demand(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)$/.test(time), "时间写法不对");
  return Date.parse(time);
}

// What keeps from looking is no finding: an error without a name.
const lose = (words) => { throw Object.assign(new Error(words), { name: "" }); };

async function get(path, base, what, cache = "no-store") {
  const away = () => lose(`${what}取不到，网络不通或太慢。`);
  const answer = await fetch(new URL(path, base), { cache, signal: AbortSignal.timeout(6e5) }).catch(away);
  demand(answer.ok, `${what}取不到`);
  return new Uint8Array(await answer.arrayBuffer().catch(away));
}

const part = (name) => import(new URL(name, script)).catch(() => lose("核验程序取不到，网络不通或太慢。"));

// SSH strings: length in four bytes, then the bytes (RFC 4251 §5); those packed here are short.
const pack = (...fields) => join(...fields.flatMap((field) => [[0, 0, 0, field.length], field]));

// The strings, and what comes after them.
function split(data, count) {
  const fields = [];
  let at = 0;
  while (fields.length < count && at < data.length) {
    const end = at + 4 + parseInt(hex(data.subarray(at, at + 4)), 16);
    demand(end <= data.length, "签名数据不完整");
    fields.push(data.subarray(at + 4, end));
    at = end;
  }
  demand(fields.length === count, "签名数据不完整或有多余");
  return [...fields, data.subarray(at)];
}

function unpack(data, count) {
  const fields = split(data, count);
  demand(!fields.pop().length, "签名数据不完整或有多余");
  return fields;
}

// Whether an Ed25519 signature holds under a key that is not weak.
async function holds(raw, signature, data) {
  // Under a point whose order divides 8 anyone can sign anything, and browsers do not refuse it.
  const y = BigInt(`0x${hex(raw.slice().reverse())}`) % 2n ** 255n;
  demand(y < P && (y ** 3n - y) * (243332n * y * y - 121666n - 121665n * y ** 4n) % P, "密钥是弱密钥");
  const key = await crypto.subtle.importKey("raw", raw, "Ed25519", false, ["verify"]);
  return crypto.subtle.verify("Ed25519", key, signature, data);
}

// A number on the wire has one form (RFC 4251 §5); 32 bytes of it.
function scalar(bytes) {
  const value = BigInt(`0x0${hex(bytes)}`);
  const shortest = bytes.length && bytes[0] < 128 && (bytes[0] || bytes[1] > 127);
  demand(shortest && value && value < ORDER, "签名中的数不规范");
  return { value, raw: Uint8Array.from([...new Uint8Array(32), ...bytes].slice(-32)) };
}

// Whether a passkey signed the data on a page of its domain (W3C WebAuthn); that page's origin.
// Which pages are a desk's is written in the policy, which is not here.
async function passkey(blob, inner, data) {
  const [, curve, point, application] = unpack(blob, 4);
  const [again, signature, rest] = split(inner, 2);
  const [flags, tail] = [rest[0], rest.subarray(0, 5)];
  const [place, written, extensions] = unpack(rest.subarray(5), 3);
  const [domain, origin, client] = [application, place, written].map((bytes) => text.decode(bytes));
  demand(ascii(curve) === "nistp256" && point.length === 65 && point[0] === 4, "密钥不是 P-256");
  demand(/^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.(?!$)|$))+$/.test(domain), "通行密钥的域名不符");
  demand(ascii(again) === `webauthn-${PASSKEY}`, "签名算法与密钥不符");
  const [r, s] = unpack(signature, 2).map(scalar);
  demand(s.value <= ORDER / 2n, "签名中的数不规范");
  const [, scheme, host] = /^(https?):\/\/([a-z0-9.-]+)(:[1-9]\d{0,4})?$/.exec(origin) ?? [];
  demand(scheme && `.${host}`.endsWith(`.${domain}`) && (scheme === "https" || domain === "localhost"), "签名的网页不属于通行密钥的域名");
  const code = base64(data).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const head = `{"type":"webauthn.get","challenge":"${code}","origin":"${origin}"`;
  demand(client.startsWith(head), "签名与声明不符，声明或签名被改动过");
  demand(/^(,"crossOrigin":false(,.*)?)?\}$/s.test(client.slice(head.length)), "签名的网页在别的网站的框架中");
  demand(flags & 1, "签名时没有人触碰通行密钥");
  demand(flags & 4, "签名时通行密钥没有核对本人");
  demand(!(flags & 64) && flags >> 7 === Number(extensions.length > 0), "通行密钥的标志不符");
  const signed = join(await sum(application), tail, extensions, await sum(written));
  const key = await crypto.subtle.importKey("raw", point, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
  demand(await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, join(r.raw, s.raw), signed), "签名与声明不符，声明或签名被改动过");
  return origin;
}

// Who signed: the key's line and fingerprint, when the signature holds; a passkey's page.
async function signer({ statement, signature: file }) {
  const armored = text.decode(file);
  const whole = unbase64(armored.slice(BEGIN.length, -END.length).replaceAll("\n", ""));
  demand(armored === BEGIN + base64(whole).replace(/.{1,70}/g, "$&\n") + END, "签名文件格式不对");
  demand(ascii(whole.subarray(0, 10)) === "SSHSIG\0\0\0\x01", "不是 SSH 签名");
  const [blob, namespace, reserved, hash, inner] = unpack(whole.subarray(10), 5);
  demand(ascii(namespace) === NAMESPACE && !reserved.length, "签名用途不符");
  demand(/^sha(256|512)$/.test(ascii(hash)), "签名的摘要算法不认识");
  const message = await digest(ascii(hash).replace("sha", "SHA-"), statement);
  let data = join(utf8("SSHSIG"), pack(namespace, reserved, hash, message));
  const fingerprint = `SHA256:${base64(await sum(blob)).replace("=", "")}`; // 32 bytes: one =
  if (ascii(blob.subarray(4, 38)) === PASSKEY) {
    return { line: `${PASSKEY} ${base64(blob)}`, fingerprint, page: await passkey(blob, inner, data) };
  }
  const hard = ascii(blob.subarray(4, 30)) === "sk-ssh-ed25519@openssh.com";
  const [kind, raw, application] = unpack(blob, hard ? 3 : 2);
  demand((hard || ascii(kind) === "ssh-ed25519") && raw.length === 32, "密钥不是 Ed25519");
  demand(!hard || /^ssh:[ -~]*$/.test(ascii(application)), "安全密钥的用途不符");
  const cut = inner.length - (hard ? 5 : 0);
  const [again, signature] = unpack(inner.subarray(0, cut), 2);
  demand(ascii(again) === ascii(kind) && signature.length === 64, "签名算法与密钥不符");
  demand(!hard || inner[cut] & 1, "签名时没有人触碰安全密钥");
  if (hard) data = join(await sum(application), inner.subarray(cut), await sum(data));
  demand(await holds(raw, signature, data), "签名与声明不符，声明或签名被改动过");
  return { line: `${ascii(kind)} ${base64(blob)}`, fingerprint };
}

async function checkStep(name, bundle, chain) {
  const step = bundle.steps.find((each) => each.step === name);
  demand(step, "缺少这一步的记录");
  const { previous, since } = chain;
  chain.previous = await sha256(join(step.statement, step.signature));
  const { line, fingerprint, page } = await signer(step);
  const key = bundle.keys.find((entry) => entry.line === line);
  demand(key, "签名所用密钥不在名册中");
  demand(key.fingerprint === fingerprint, "名册所列指纹不是这把密钥的");
  demand(!key.void, "签名所用密钥已因泄露作废");
  const { predicateType, predicate: said, subject } = strict(text.decode(step.statement), 1);
  demand(predicateType === "urn:sanshen:review/v1", "声明的种类不对");
  demand(said.archive === bundle.archive && said.post === bundle.post, "声明说的是另一篇内容");
  demand(said.revision === bundle.revision && said.step === name, "声明说的是另一步或另一版");
  demand(said.decision === "approve", "这一步没有同意");
  demand(said.previous === previous || (name === "first" && bundle.revision > 1), "与前一步的衔接断裂");
  const rows = (files) => files.map((file) => JSON.stringify(file)).sort().join();
  const named = rows(subject.map((s) => [s.name, s.digest.sha256]));
  demand(named === rows(bundle.files.map((f) => [f.name, f.sha256])), "声明所列文件与本页文件清单不符");
  const by = "witness" in said && String(said.witness.by);
  demand(key.person === (by || said.reviewer), "密钥不属于声明中的审核人或见证者");
  const moment = chain.since = when(said.signed_at);
  demand(when(key.from) <= moment, "签署时密钥尚未生效");
  demand(key.until === null || moment < when(key.until), "签署时密钥已经失效");
  demand(!(moment < since), "签署时间早于前一步");
  chain.until = Math.min(chain.until, when(said.not_after));
  demand(moment <= chain.until, "签署时审核的有效期已过");
  demand(name === "confirm" || !chain.people.includes(said.reviewer), "三级审核必须由三个不同的人完成");
  chain.people.push(said.reviewer);
  if (by) chain.witnessed.push([STEPS[name], by]);
  demand(!chain.witnessed.some((each) => chain.people.includes(each[1])), "见证者不得自己审核");
  return `${by ? `由 ${by} 平台见证，不是本人密钥签名，见证的` : ""}签名有效，声明所写角色：${ROLES[said.role] ?? said.role}${said.acting_for ? "（代行）" : ""}，${page ? `通行密钥（签名网页 ${page}）` : "密钥"} ${fingerprint}`;
}

const told = ({ constructor, message }) => constructor === Error ? message : "数据格式不对";

async function attempt(rows, label, work) {
  try {
    rows.push(["✓", label, await work()]);
  } catch (error) {
    rows.push([error.name ? "✗" : "？", label, told(error)]);
  }
}

// The verified page and the roster, once every file of it is the one that the site's list names; null and why not.
async function pageOf(rows, bundle, log, source, originals) {
  progress("正在取核验过的页面……");
  let made = {};
  await attempt(rows, "本页的文件", async () => {
    demand(window.top === window, "本页被装在别的网页里");
    demand(document.contentType === "text/html", "本页不是按网页发来的");
    const { pageReader } = await part("page.js");
    const site = pageReader({ demand, get, sha256, text }, root);
    const published = await site.published(url, log?.list, source);
    await site.checkScripts(document.querySelectorAll("script[src]"));
    const roster = await site.roster(bundle);
    made = { roster, page: await site.prepared(published, originals) };
    return "网页、样式和图片都是网站文件清单所列的那一份";
  });
  return made;
}

const checker = async () => (await part("log.js")).logChecker({ demand, get, sum, join, utf8, base64, unbase64, text, hex, holds });

// Of a page that is made of signed ones and bears no signature itself: whether it is the one that the log's list names.
async function verifyUnsigned() {
  const rows = [];
  let log = null;
  await attempt(rows, "发布日志", async () => {
    if (!logs) lose("本站没有发布日志，本页无从核对。");
    log = await (await checker())(null, logs);
    return log.words;
  });
  return { rows, log, source: "", ...log && await pageOf(rows, null, log, "", new Map()) };
}

// The rows of the answer, [sign, label, words], and what they are about.
async function verify() {
  const bundle = strict(text.decode(await get("", url, "证据文件")));
  demand(bundle.version === 1, "证据文件的版本不认识");
  const rows = [];
  let log = null;
  const [here, earlier] = new URL(".", url).pathname.split("/").at(-2).split(".r");
  const folder = `content/posts/${here.slice(0, 4)}/${here}/`;
  const post = bundle.files.find((file) => file.name === `${folder}post.md`);
  const signed = [...document.querySelectorAll("[data-signed]")].map((part) => part.dataset.signed);
  const gone = post?.url === null && !signed.includes("body");
  await attempt(rows, "本页", () => {
    demand(bundle.post === here, "证据属于另一篇内容");
    demand(Number.isSafeInteger(bundle.revision) && bundle.revision > 0, "版号不是整数");
    demand(!earlier || bundle.revision === Number(earlier), "证据属于另一版");
    demand(bundle.steps.map((s) => s.step).join() === Object.keys(STEPS).join(), "四步不齐或次序不对");
    demand(new Set(signed).size === signed.length, "本页把两处标为同一部分签名的内容");
    demand(new Set(bundle.files.map((f) => f.name)).size === bundle.files.length && post, "文件清单不对");
    return `证据属于本篇第 ${bundle.revision} 版`;
  });
  const chain = { previous: null, people: [], witnessed: [], until: Infinity };
  for (const step of bundle.steps) for (const part of ["statement", "signature"]) step[part] = unbase64(step[part]);
  for (const name in STEPS) await attempt(rows, STEPS[name], () => checkStep(name, bundle, chain));
  if (logs || bundle.log) await attempt(rows, "发布日志", async () => {
    log = await (await checker())(bundle, logs, chain.previous);
    return log.words;
  });
  const originals = new Map(); // name → verified file
  for (const [at, { name, sha256: listed, url: place }] of bundle.files.entries()) {
    progress(`正在核验第 ${at + 1} 个文件，共 ${bundle.files.length} 个……`);
    await attempt(rows, `文件 ${name.split("/").at(-1)}`, async () => {
      const brief = `sha256 ${listed.slice(0, 12)}…`;
      demand(place === null ? gone || name !== post.name : folder + place === name, "文件的公开地址不对");
      if (place === null) return `不公开，只核对了各份声明中的摘要，${brief}`;
      const bytes = await get(`./${place.split("/").map(encodeURIComponent).join("/")}`, url, "文件");
      demand(await sha256(bytes) === listed, "文件内容与签名时不同");
      originals.set(place, bytes);
      return `与签名时的内容一致，${brief}`;
    });
  }
  const source = originals.has("post.md") ? text.decode(originals.get("post.md")) : "";
  return { rows, log, gone, source, ...await pageOf(rows, bundle, log, source, originals), seen: chain.witnessed.map(([name]) => name).join("、") };
}

// What is shown, what of it signatures cover and what only the build, and what remains to be compared elsewhere.
function answer({ log, gone, page, seen }, trust) {
  const signed = gone ? "本条已撤回，文字和文件无从与签名核对" : "签名覆盖原稿、图片和附件的原件，全部公开文件与签名时一致";
  const steps = url ? `四步签名有效${seen && `（${seen}为平台见证）`}，${signed}。` : "本页自己没有签名：要看谁签了字，请打开那一篇再核验。";
  const elsewhere = gone ? "" : "，与签名的原稿逐字比对要用 verify-site（见“独立核验”）";
  const keys = `${trust}。`;
  if (!log?.key) {
    const unbound = `但${log ? "日志封签没有签名" : "本站没有发布日志"}，网页无从核对${elsewhere}。`;
    return { result: "lack", clause: "核验没有完成，不等于通过", words: [steps, unbound, keys] };
  }
  const built = "排成网页的文字、缩小的图片、框架、样式和机构名称没有签名，只与日志封签写明的网站文件一致";
  const words = [steps, `${built}${elsewhere}。`, keys];
  if (page.before) {
    const clause = "✗ 刚才显示的网页被改动过，不要相信它，并告诉我们；下面是核验过的内容";
    return { result: "altered", clause, words: [`不同之处：${page.before}（翻译和其他浏览器插件也会改动网页）。`, ...words], page };
  }
  const other = "若与刚才看到的不同，以现在的为准，并告诉我们。";
  return { result: "good", clause: "✓ 相符：现在显示的，就是核验过的内容", words: [...words, other], page };
}

// What this browser saw of the site before: whoever makes all of it anew has other keys.
const memory = `sanshen.seen ${root.pathname}`;

function recall() {
  try {
    return { ...JSON.parse(localStorage.getItem(memory)) };
  } catch {
    return null;
  }
}

function remember(seen) {
  try {
    localStorage.setItem(memory, JSON.stringify(seen));
  } catch {
    return; // storage is closed: nothing is compared next time
  }
}

// What to say of the keys, and which of them are others than this browser saw before. Where to compare them, the verified
// page says: the one that stood here could name a swindler.
function compareKeys({ shown }, now, before) {
  const { sanshenOutside } = shown.querySelector("[data-sanshen-outside]").dataset;
  const elsewhere = `应与${sanshenOutside}公布的核对`;
  const names = { roster: "公钥名册", log: "日志公钥" };
  const changed = Object.keys(names).filter((name) => before?.[name] && before[name] !== now[name]);
  const both = now.log ? "公钥名册和日志公钥" : "公钥名册";
  if (changed.length) return { changed, trust: `${changed.map((name) => names[name]).join("和")}与本浏览器 ${before.day} 记下的不同，${elsewhere}` };
  if (!before) return { changed, trust: `${both}取自本站，本浏览器不能记住以备下次比较，${elsewhere}` };
  if (before.day) return { changed, trust: `${both}与本浏览器 ${before.day} 记下的相同，当时没有核对过的，${elsewhere}` };
  return { changed, trust: `${both}取自本站，本浏览器第一次见到，${elsewhere}` };
}

function progress(words) {
  place.dataset.result = "busy";
  place.firstElementChild.textContent = words;
}

function conclude({ rows, ...answers }) {
  const { log, page, roster, source } = answers;
  const said = (kind) => rows.filter(([sign]) => sign === kind).map(([, label, words]) => `${label}：${words}。`.replace("。。", "。"));
  if (said("✗").length) return { result: "bad", clause: "✗ 核验不通过：不要相信这一页，并告诉我们", words: [...said("✗"), "请截图，记下地址和时间，用本站以外查到的电话告诉主办单位。"], rows };
  if (said("？").length) return { result: "lack", clause: "核验没有完成，不等于通过", words: [...said("？"), "请稍后再试。"], rows };
  const now = { roster: roster.sum, log: log?.key ?? "", day: new Date().toLocaleDateString("sv") };
  const before = recall();
  const { changed, trust } = compareKeys(page, now, before);
  rows.push(["○", "请与本站以外公布的核对", `${roster.path} 的 sha256 ${roster.sum}${now.log && `；日志公钥 ${now.log}`}`]);
  if (changed.length) {
    const accept = () => { // they count from now on
      remember(now);
      return { ...answer(answers, compareKeys(page, now, now).trust), rows, source };
    };
    return { result: "warn", clause: "！请先核对公钥，再看这一页", words: [`${trust}；换过人员或密钥会这样，整个网站被伪造也会这样。`], rows, accept };
  }
  if (before && !before.day) remember(now);
  if (before?.day && now.log && !before.log) remember({ ...before, log: now.log });
  return { ...answer(answers, trust), rows, source };
}

async function capable() {
  if (location.protocol === "file:") lose("从文件夹直接打开的网页不能核验。");
  if (!isSecureContext || !crypto.subtle) lose("本页不在安全连接（https）中，不能核验。");
  if (!("adoptedStyleSheets" in document && "replaceSync" in CSSStyleSheet.prototype)) lose("本浏览器太旧，不能显示核验过的内容。");
  // A browser may refuse the point but know the algorithm: only the latter matters here.
  await crypto.subtle.importKey("raw", new Uint8Array(32).fill(1), "Ed25519", false, ["verify"])
    .catch(({ name }) => name === "NotSupportedError" && lose("本浏览器不支持 Ed25519 签名。"));
}

// Without the program that replaces the document all the same nothing stays that a host painted beside the button.
function bare({ result, clause, words }) {
  const { open, write, close } = Document.prototype; // `document.open` is whatever element the host gave that name
  open.call(document);
  write.call(document, "<!doctype html><title>核验结果</title><p><p>");
  close.call(document);
  const [line, rest] = document.querySelectorAll("p");
  line.dataset.sanshenProof = result;
  [line.textContent, rest.textContent] = [clause, `${words} 刷新即回到原页。`];
}

let busy = false;

async function run() {
  if (busy) return;
  busy = true;
  button.setAttribute("aria-disabled", "true"); // `disabled` would take the focus away
  const { present } = await part("answer.js").catch(() => ({}));
  const show = present ?? bare;
  try {
    progress("正在核验……");
    await capable();
    if (!present) lose("核验程序取不到，网络不通或太慢。");
    show(conclude(await (url ? verify() : verifyUnsigned())), root);
  } catch (error) {
    const bad = error.name;
    const clause = bad ? "✗ 核验不通过：不要相信这一页，并告诉我们" : "核验没有完成，不等于通过";
    const words = bad ? `证据文件无法读取（${told(error)}）。` : `${error.message}可用原页的“下载证据”和 ssh-keygen 核验。`;
    show({ result: bad ? "bad" : "lack", clause, words: [words] }, root);
  }
}

button.hidden = false;
button.addEventListener("click", run);
const skip = document.querySelector("a[data-sanshen-skip]");
if (skip) Object.assign(skip, { href: `#${button.id}`, hidden: false });
})();
