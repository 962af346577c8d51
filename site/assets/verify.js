// Verifies a post's evidence in the reader's browser, from the published files alone: SSHSIG
// signatures (OpenSSH PROTOCOL.sshsig) by WebCrypto Ed25519, the chain of steps, the files.
(() => {
  "use strict";
  const STEPS = { first: "初审", second: "复审", final: "终审", confirm: "发布前确认" };
  const ARMOR = /^-----BEGIN SSH SIGNATURE-----\n([A-Za-z0-9+/=\n]+)-----END SSH SIGNATURE-----\n$/;
  const HASHES = { sha512: "SHA-512", sha256: "SHA-256" };
  const [SOFT, HARD] = ["ssh-ed25519", "sk-ssh-ed25519@openssh.com"];
  const text = new TextDecoder("utf-8", { fatal: true });
  const utf8 = (words) => new TextEncoder().encode(words);

  const demand = (truth, words) => {
    if (!truth) throw new Error(words);
  };
  const unbase64 = (code) => Uint8Array.from(atob(code), (c) => c.charCodeAt(0));
  const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  const digest = async (name, bytes) => new Uint8Array(await crypto.subtle.digest(name, bytes));
  const sha256 = async (bytes) => hex(await digest("SHA-256", bytes));

  function join(...parts) {
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  // An SSH string: length in four bytes, then the bytes (RFC 4251 §5).
  const pack = (...fields) => join(...fields.flatMap((field) => {
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, field.length);
    return [length, field];
  }));

  function reader(bytes) {
    let at = 0;
    const take = (count) => {
      demand(at + count <= bytes.length, "签名数据不完整");
      return bytes.subarray(at, (at += count));
    };
    const number = () => new DataView(take(4).slice().buffer).getUint32(0);
    return { take, number, field: () => take(number()), done: () => at === bytes.length };
  }

  function readKey(blob) {
    const data = reader(blob);
    const kind = text.decode(data.field());
    demand(kind === SOFT || kind === HARD, "密钥不是 Ed25519");
    const raw = data.field();
    const application = kind === HARD ? data.field() : null;
    demand(raw.length === 32 && data.done(), "密钥格式不对");
    return { kind, raw, application };
  }

  function readSignature(armored, namespace) {
    const body = ARMOR.exec(text.decode(armored));
    demand(body, "签名文件格式不对");
    const data = reader(unbase64(body[1].replaceAll("\n", "")));
    demand(text.decode(data.take(6)) === "SSHSIG" && data.number() === 1, "不是 SSH 签名");
    const blob = data.field();
    demand(text.decode(data.field()) === namespace, "签名用途不符");
    demand(data.field().length === 0, "签名的保留字段不为空");
    const hash = text.decode(data.field());
    demand(Object.hasOwn(HASHES, hash), "签名的摘要算法不认识");
    const inner = reader(data.field());
    demand(data.done(), "签名文件有多余数据");
    const key = readKey(blob);
    demand(text.decode(inner.field()) === key.kind, "签名算法与密钥不符");
    const signature = inner.field();
    const tail = key.kind === HARD ? inner.take(5) : new Uint8Array();
    demand(signature.length === 64 && inner.done(), "签名长度不对");
    demand(key.kind === SOFT || tail[0] & 1, "签名时没有人触碰安全密钥");
    return { blob, key, hash, signature, tail };
  }

  async function signedBytes({ key, hash, tail }, message, namespace) {
    const inner = await digest(HASHES[hash], message);
    const data = join(utf8("SSHSIG"), pack(utf8(namespace), utf8(""), utf8(hash), inner));
    if (key.kind === SOFT) return data;
    return join(await digest("SHA-256", key.application), tail, await digest("SHA-256", data));
  }

  async function keyOf(step, bundle) {
    const found = readSignature(step.signature, bundle.namespace);
    const key = await crypto.subtle.importKey("raw", found.key.raw, "Ed25519", false, ["verify"]);
    const data = await signedBytes(found, step.statement, bundle.namespace);
    const good = await crypto.subtle.verify("Ed25519", key, found.signature, data);
    demand(good, "签名与声明不符，声明或签名被改动过");
    const line = `${found.key.kind} ${btoa(String.fromCharCode(...found.blob))}`;
    const listed = bundle.keys.find((entry) => entry.line === line);
    demand(listed, "签名所用密钥不在名册中");
    return listed;
  }

  function inTime(key, signedAt) {
    const moment = Date.parse(signedAt);
    demand(Date.parse(key.from) <= moment, "签署时密钥尚未生效");
    demand(!key.until || moment < Date.parse(key.until), "签署时密钥已经失效");
  }

  // The statement says what its place needs: this post, this step, these files, after that one.
  function agrees(statement, step, bundle, before) {
    const said = statement.predicate;
    demand(said.archive === bundle.archive && said.post === bundle.post, "声明说的是另一篇内容");
    demand(said.revision === bundle.revision && said.step === step, "声明说的是另一步或另一修订");
    demand(said.decision === "approve", "这一步没有同意");
    if (before) demand(said.previous === before, "与前一步的衔接断裂");
    else if (bundle.revision === 1) demand(said.previous === null, "首份声明不应有前一步");
    const named = statement.subject.map((s) => `${s.name} ${s.digest.sha256}`).sort().join("\n");
    const shown = bundle.files.map((f) => `${f.name} ${f.sha256}`).sort().join("\n");
    demand(named === shown, "声明所列文件与本页文件清单不符");
  }

  async function checkStep(name, bundle, before, people) {
    const step = bundle.steps.find((each) => each.step === name);
    demand(step, "缺少这一步的记录");
    const key = await keyOf(step, bundle);
    const statement = JSON.parse(text.decode(step.statement));
    agrees(statement, name, bundle, before);
    demand(key.person === statement.predicate.reviewer, "密钥不属于声明中的审核人");
    inTime(key, statement.predicate.signed_at);
    demand(name === "confirm" || !people.has(key.person), "三级审核必须由三个不同的人完成");
    if (name !== "confirm") people.add(key.person);
    return `签名有效，密钥 ${key.fingerprint}`;
  }

  async function checkFile(file, base) {
    if (!file.url) return "不公开，只核对了各份声明中的摘要";
    const answer = await fetch(new URL(file.url, base), { cache: "no-store" });
    demand(answer.ok, "文件取不到");
    const found = await sha256(new Uint8Array(await answer.arrayBuffer()));
    demand(found === file.sha256, "文件内容与签名时不同");
    return "与签名时的内容一致";
  }

  async function load(url) {
    const answer = await fetch(url, { cache: "no-store" });
    demand(answer.ok, "证据文件取不到");
    const bundle = await answer.json();
    demand(bundle.version === 1, "证据文件的版本不认识");
    for (const step of bundle.steps) {
      step.statement = unbase64(step.statement);
      step.signature = unbase64(step.signature);
    }
    return bundle;
  }

  async function attempt(label, work, rows) {
    try {
      rows.push({ label, good: true, words: await work() });
    } catch (error) {
      rows.push({ label, good: false, words: error.message });
    }
  }

  // Every row of the answer: four steps, then every file.
  async function verify(url) {
    const bundle = await load(url);
    const [rows, people] = [[], new Set()];
    const here = new URL(".", url).pathname.split("/").at(-2);
    await attempt("本页", async () => {
      demand(bundle.post === here, "证据属于另一篇内容");
      return `证据属于本篇第 ${bundle.revision} 次修订`;
    }, rows);
    let before = null;
    for (const name of Object.keys(STEPS)) {
      await attempt(STEPS[name], () => checkStep(name, bundle, before, people), rows);
      const step = bundle.steps.find((each) => each.step === name);
      before = step ? await sha256(join(step.statement, step.signature)) : "";
    }
    for (const file of bundle.files) {
      await attempt(`文件 ${file.name.split("/").at(-1)}`, () => checkFile(file, url), rows);
    }
    return rows;
  }

  function element(name, words, className) {
    const made = document.createElement(name);
    made.textContent = words;
    if (className) made.className = className;
    return made;
  }

  function show(place, result, headline, rows = []) {
    place.dataset.result = result;
    const list = document.createElement("ul");
    for (const row of rows) {
      const words = `${row.good ? "✓" : "✗"} ${row.label}：${row.words}`;
      list.append(element("li", words, row.good ? "" : "sn-is-bad"));
    }
    place.replaceChildren(element("p", headline), ...(rows.length ? [list] : []));
  }

  async function capable() {
    if (!window.isSecureContext || !crypto.subtle) return "本页不在安全连接（https）中，浏览器不提供核验功能。";
    try {
      await crypto.subtle.importKey("raw", new Uint8Array(32).fill(1), "Ed25519", false, ["verify"]);
      return "";
    } catch (error) {
      // A browser may refuse the point but know the algorithm: only the latter matters here.
      return error.name === "NotSupportedError" ? "本浏览器不支持 Ed25519 签名。" : "";
    }
  }

  async function run(button, place, url) {
    button.disabled = true;
    show(place, "busy", "正在核验……");
    try {
      const lack = await capable();
      if (lack) {
        show(place, "lack", `${lack}请展开下面的“下载证据”，用 ssh-keygen 核验。`);
        document.querySelector(".sn-evidence details").open = true;
        return;
      }
      const rows = await verify(url);
      const bad = rows.filter((row) => !row.good).length;
      if (bad) show(place, "bad", `✗ 核验不通过：${bad} 项有问题`, rows);
      else show(place, "good", "✓ 核验通过：四步签名、先后衔接和全部公开文件都一致", rows);
    } catch (error) {
      show(place, "bad", `✗ 核验不通过：证据文件无法读取（${error.message}）`);
    } finally {
      button.disabled = false;
    }
  }

  const panel = document.querySelector("[data-sanshen-evidence]");
  const button = panel?.querySelector("[data-sanshen-verify]");
  if (!button) return;
  const url = new URL(panel.dataset.sanshenEvidence, document.baseURI);
  button.hidden = false;
  button.addEventListener("click", () => run(button, panel.querySelector("[data-sanshen-verdict]"), url));
})();
