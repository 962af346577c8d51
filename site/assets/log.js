// Whether a post's confirmation stands in the log of what became public, and that log is the one of
// the site's checkpoint: RFC 9162 §2.1.3, tiles as in c2sp.org/tlog-tiles; and who signed that, as in
// c2sp.org/signed-note. `verify.js` lends its tools.
const BUILD = /^\{"as_of":"([^"]+)","commit":"([0-9a-f]{40,64})","kind":"site-build",(?:"program":"(\d[\d.]*) sha256:([0-9a-f]{64})",)?"record":"([0-9a-f]{64})","version":1\}$/;

export function logChecker({ demand, get, sum, join, utf8, base64, unbase64, text, hex, holds }) {
  const nodeHash = (left, right) => sum(join([1], left, right));
  const name = (n, x = "") => (n < 1000 ? "" : `${name(Math.floor(n / 1000), "x")}/`) + x + `${n % 1000}`.padStart(3, "0");
  const tile = (level, number, width) => `tile/${level}/${name(number)}${width < 256 ? `.p/${width}` : ""}`;
  const half = (size) => 2 ** (Math.ceil(Math.log2(size)) - 1);

  async function rootFrom(leaf, index, size, path) {
    demand(path.length || size === 1, "日志证明不完整");
    if (size === 1) return demand(!path.length, "日志证明太长") ?? leaf;
    const [middle, side] = [half(size), path.pop()];
    if (index < middle) return nodeHash(await rootFrom(leaf, index, middle, path), side);
    return nodeHash(side, await rootFrom(leaf, index - middle, size - middle, path));
  }

  // Hashes over leaves `begin` to `end` of a log, out of its tiles.
  function treeReader(folder, size) {
    const tiles = {};
    const load = async (level, number) => {
      const width = Math.min(256, Math.floor(size / 256 ** level) - number * 256);
      const bytes = await get(tile(level, number, width), folder, "日志的数据");
      demand(bytes.length === width * 32, "日志的数据不完整");
      return bytes;
    };
    return async function over(begin, end) {
      const span = end - begin;
      const [level, middle] = [Math.log2(span) / 8, begin + half(span)];
      if (level % 1) return nodeHash(await over(begin, middle), await over(middle, end));
      const at = (begin / span % 256) * 32;
      const number = Math.floor(begin / span / 256);
      return (await (tiles[[level, number]] ??= load(level, number))).subarray(at, at + 32);
    };
  }

  // The root, with the last tile of leaves hashed from the entries themselves; the last of these.
  async function lastEntry(folder, count, over) {
    const bytes = await get(tile("entries", Math.ceil(count / 256) - 1, (count - 1) % 256 + 1), folder, "日志的条目");
    const leaves = [];
    for (let at = 0; at < bytes.length;) {
      leaves.push(bytes.subarray(at + 2, at += 2 + bytes[at] * 256 + bytes[at + 1]));
    }
    const hashes = await Promise.all(leaves.map((leaf) => sum(join([0], leaf))));
    const edge = async (begin, end) => {
      if (end - begin === 1) return hashes.at(begin - count) ?? [];
      const middle = begin + half(end - begin);
      const left = middle > count - hashes.length ? edge(begin, middle) : over(begin, middle);
      return nodeHash(await left, await edge(middle, end));
    };
    return { root: base64(await edge(0, count)), leaf: leaves.at(-1) };
  }

  // The log's key in one line, when it signed the checkpoint; empty when nobody signed.
  async function signerOf(note, origin, folder) {
    const [, body, lines] = /^([^]*\n)\n((?:— .*\n)+)$/.exec(note) ?? [];
    if (!body) return "";
    const key = text.decode(await get("key", folder, "日志公钥")).trim();
    const [, name, id, code] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(key) ?? [];
    demand(name === origin, "日志公钥不是这份日志的");
    const kind = unbase64(code);
    demand(kind.length === 33 && kind[0] === 1, "日志公钥不是 Ed25519");
    demand(hex(await sum(join(utf8(`${name}\n`), kind))).startsWith(id), "日志公钥的编号不对");
    const own = lines.split("\n").filter((line) => line.startsWith(`— ${name} `))
      .map((line) => unbase64(line.slice(name.length + 3))).filter((bytes) => hex(bytes.subarray(0, 4)) === id);
    const [valid] = await Promise.all(own.map((bytes) => holds(kind.subarray(1), bytes.subarray(4), utf8(body))));
    demand(valid, "封签不是用这把日志公钥对应的密钥签的");
    return key;
  }

  // The confirmation's place in the log of `size` entries with that root, as the evidence of a post proves it.
  async function provedBy({ log }, record) {
    demand(log, "没有日志证明");
    const { leaf, index, size, root } = log;
    demand(leaf === `{"kind":"confirmation","record":"${record}","version":1}`, "日志记的是另一份确认");
    demand([index, size].every(Number.isSafeInteger) && index >= 0 && index < size, "日志中的位置不对");
    const proved = await rootFrom(await sum(join([0], utf8(leaf))), index, size, log.hashes.map(unbase64));
    demand(base64(proved) === root, "日志证明算不出它所说的根");
    return log;
  }

  // Of a page without a bundle the log and its list alone.
  return async (bundle, folder, record) => {
    const proof = bundle && await provedBy(bundle, record);
    const note = text.decode(await get("checkpoint", folder, "日志的封签"));
    const [origin, count, top] = note.split("\n");
    demand((!proof || (origin === proof.origin && +count >= proof.size)) && `${+count}` === count && +count, "封签属于另一份日志，或日志被截短");
    const over = treeReader(folder, +count);
    demand(!proof || base64(await over(0, proof.size)) === proof.root, "日志的旧条目已被改动");
    const last = await lastEntry(folder, +count, over);
    demand(last.root === top, "日志与它的封签不符");
    const [, time, commit, version, digest, list] = BUILD.exec(text.decode(last.leaf)) ?? [];
    demand(list, "日志的最后一条没有写明文件清单");
    const key = await signerOf(note, origin, folder);
    const signed = key ? "封签由日志公钥签名" : "封签没有签名";
    return { key, list, words: `${proof ? `确认记录是日志的第 ${proof.index + 1} 条，` : "日志"}与本站封签一致（共 ${count} 条，根 ${top.slice(0, 12)}…），${signed}；最后一条写明本站的文件清单（提交 ${commit.slice(0, 12)}，数据截至 ${time}${version ? `，由三审 ${version} 建成，程序摘要 ${digest.slice(0, 12)}…` : ""}）` };
  };
}
