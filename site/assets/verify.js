// Verifies a post's evidence in the reader's browser from the published files: SSHSIG signatures
// (OpenSSH PROTOCOL.sshsig) by WebCrypto Ed25519, the chain of steps, the log, the files.
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
    demand(!listed.void, "签名所用密钥已因泄露作废");
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

  // The log: RFC 9162 §2.1.3.2, tiles as in c2sp.org/tlog-tiles.
  const base64 = (bytes) => btoa(String.fromCharCode(...bytes));
  const leafHash = (leaf) => digest("SHA-256", join(new Uint8Array([0]), leaf));
  const nodeHash = (left, right) => digest("SHA-256", join(new Uint8Array([1]), left, right));

  async function rootFrom(leaf, index, size, hashes) {
    let [here, last, found] = [index, size - 1, leaf];
    demand(index >= 0 && index < size, "日志中的位置不对");
    for (const sibling of hashes) {
      demand(last > 0, "日志证明太长");
      if (here % 2 || here === last) {
        found = await nodeHash(sibling, found);
        while (here % 2 === 0 && here) [here, last] = [here / 2, Math.floor(last / 2)];
      } else {
        found = await nodeHash(found, sibling);
      }
      [here, last] = [Math.floor(here / 2), Math.floor(last / 2)];
    }
    demand(last === 0, "日志证明不完整");
    return base64(found);
  }

  async function checkProof(bundle) {
    const { log } = bundle;
    const confirm = bundle.steps.find((each) => each.step === "confirm");
    demand(log && confirm, "没有日志证明");
    const record = await sha256(join(confirm.statement, confirm.signature));
    demand(JSON.parse(log.leaf).record === record, "日志记的是另一份确认");
    const root = await rootFrom(await leafHash(utf8(log.leaf)), log.index, log.size, log.hashes.map(unbase64));
    demand(root === log.root, "日志证明算不出它所说的根");
    return `确认记录是发布日志的第 ${log.index + 1} 条`;
  }

  // Hashes over leaves `begin` to `end` of a log, out of its tiles.
  function treeReader(folder, size) {
    const tiles = new Map();
    const name = (number, x = "") => (number < 1000 ? "" : `${name(Math.floor(number / 1000), "x")}/`) +
      x + String(number % 1000).padStart(3, "0");
    const load = async (level, number) => {
      const width = Math.min(256, Math.floor(size / 256 ** level) - number * 256);
      const path = `tile/${level}/${name(number)}${width < 256 ? `.p/${width}` : ""}`;
      const answer = await fetch(new URL(path, folder));
      demand(answer.ok, "日志的数据取不到");
      const bytes = new Uint8Array(await answer.arrayBuffer());
      demand(bytes.length === width * 32, "日志的数据不完整");
      return bytes;
    };
    const full = async (height, index) => {
      const level = Math.floor(height / 8);
      if (height % 8) return nodeHash(await full(height - 1, index * 2), await full(height - 1, index * 2 + 1));
      const key = `${level}/${Math.floor(index / 256)}`;
      if (!tiles.has(key)) tiles.set(key, load(level, Math.floor(index / 256)));
      return (await tiles.get(key)).slice((index % 256) * 32).subarray(0, 32);
    };
    return async function over(begin, end) {
      const height = Math.floor(Math.log2(end - begin));
      if (end - begin === 2 ** height) return full(height, begin / 2 ** height);
      const middle = begin + 2 ** height;
      return nodeHash(await over(begin, middle), await over(middle, end));
    };
  }

  async function checkLog({ log }, folder) {
    const answer = await fetch(new URL("checkpoint", folder), { cache: "no-store" });
    demand(answer.ok, "日志的检查点取不到");
    const [origin, count, root] = (await answer.text()).split("\n");
    const size = Number(count);
    demand(log && origin === log.origin && size >= log.size, "检查点属于另一份日志，或日志被截短");
    const over = treeReader(folder, size);
    demand(base64(await over(log.index, log.index + 1)) === base64(await leafHash(utf8(log.leaf))), "日志里这一条已被改动");
    demand(base64(await over(0, log.size)) === log.root, "日志的旧条目已被改动");
    demand(base64(await over(0, size)) === root, "日志与它的检查点不符");
    return `与本站检查点一致，共 ${size} 条，根 ${root.slice(0, 12)}…`;
  }

  async function attempt(label, work, rows) {
    try {
      rows.push({ label, good: true, words: await work() });
    } catch (error) {
      rows.push({ label, good: false, words: error.message });
    }
  }

  // Every row of the answer: four steps, then every file.
  async function verify(url, logs) {
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
    if (logs && "log" in bundle) {
      await attempt("发布日志", () => checkProof(bundle), rows);
      await attempt("日志检查点", () => checkLog(bundle, logs), rows);
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

  async function run(button, place, url, logs) {
    button.disabled = true;
    show(place, "busy", "正在核验……");
    try {
      const lack = await capable();
      if (lack) {
        show(place, "lack", `${lack}请展开下面的“下载证据”，用 ssh-keygen 核验。`);
        document.querySelector(".sn-evidence details").open = true;
        return;
      }
      const rows = await verify(url, logs);
      const bad = rows.filter((row) => !row.good).length;
      if (bad) show(place, "bad", `✗ 核验不通过：${bad} 项有问题`, rows);
      else show(place, "good", "✓ 核验通过：四步签名、先后衔接、发布日志和全部公开文件都一致", rows);
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
  const logs = panel.dataset.sanshenLog && new URL(panel.dataset.sanshenLog, document.baseURI);
  button.hidden = false;
  button.addEventListener("click", () => run(button, panel.querySelector("[data-sanshen-verdict]"), url, logs));
})();
