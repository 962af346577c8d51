// How an answer is shown: what is known of a version, whether it is in force, what differs, what the answer rests on.
import { root } from "./authenticity_find.js";
import { difference } from "./authenticity_compare.js";

export const PHONE = "请先打电话向本单位或 12345 问清；没有问清之前，不要照做，不要转发。";
// The names of the bureau and its accounts, the bureau's first.
export const issuers = () => document.getElementById("authenticity-form").dataset.names.split("|");

export function element(name, className = "", ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

export const paragraph = (...children) => element("p", "", ...children);

export function link(url, words) {
  const made = element("a", "", words);
  made.href = new URL(url, root).href;
  return made;
}

// ---- whether it is in force ----
export const moment = (time) =>
  new Date(time).toLocaleString("zh-CN", { timeZone: "Asia/Shanghai", dateStyle: "long", timeStyle: "short" });

// By the reader's clock. Where that cannot be right (`sanshenDoubt` of site/assets/reading.js, which is on every page),
// the newest record of the site tells what surely is over, and of the rest the dates are said alone.
export function clocks(newest) {
  const [now, at] = [Date.now(), Date.parse(newest)];
  const words = window.sanshenDoubt(at, now);
  return words ? { now: at, unsure: true, words } : { now, words };
}

function stateAt({ turns, validity, shown, revision, present, gone, changed }, { now, unsure }) {
  if (gone) return ["bad", "已经撤回"];
  if (revision !== present || !shown) return ["bad", `已有新版（这是第 ${revision} 版，现行的是第 ${present} 版），这一版不再有效`];
  if (turns) {
    const [start, end, lifted] = turns.split(" ").map((turn) => Date.parse(turn));
    if (lifted <= now) return ["bad", `已于 ${moment(lifted)} 解除`];
    if (end <= now) return ["bad", `已于 ${moment(end)} 过期`];
    if (unsure) return ["good", `预警时段：${moment(start)} 至 ${moment(lifted || end)}`];
    return start > now ? ["good", `尚未开始，${moment(start)} 起有效`] : ["good", `正在生效，有效至 ${moment(end)}`];
  }
  const ended = changed.find((words) => /已失效|已废止/u.test(words));
  return ended ? ["bad", ended] : ["good", validity && validity !== "—" ? `有效性：${validity}` : "没有撤回、废止的记录"];
}

// ---- one version ----
export function facts(version, time) {
  const rows = [
    ["题目", link(version.address, version.title)],
    ["谁发布的", version.unit || issuers()[0]],
    ["什么时候", version.byline || "—"],
    ["哪些岗位签过字", version.steps.map(([step, role, when]) => `${step}：${role}（${when}）`).join("；") || "—"],
    ["现在是否有效", stateAt(version, time)[1]],
  ];
  if (version.changed.length) rows.push(["发布以后", version.changed.join(" ")]);
  if (version.url.endsWith(`.r${version.revision}/`))
    rows.push(["现行版", link(version.url.replace(/\.r\d+\/$/u, "/"), "看现行版和改了什么")]);
  const list = element("dl", "sn-facts");
  for (const [name, value] of rows) list.append(element("div", "", element("dt", "", name), element("dd", "", value)));
  return list;
}

const spent = (version, time) => stateAt(version, time)[0] === "bad";

// A head that names notices says where they hold no more.
export function lasting(result, [look, head], versions, time) {
  const isNamed = look === "good" || result === "beside";
  if (!isNamed || !versions.some((version) => spent(version, time))) return [look, head];
  if (result === "beside") return [look, `${head}；通知已经不再有效`];
  return ["warn", `${head}，但${versions.length > 1 ? "其中有的" : ""}已经不再有效`];
}

// What the answer rests on, and where it can be checked further.
export function ground(versions, newest, compared = "您给的内容与本站以下页面逐字") {
  const pages = [...new Set(versions.map(({ address }) => address))].slice(0, 5);
  const words = versions.length
    ? [`这一答案是把${compared}比对得来的，摘要文件只用来找到它们。要确信页面没有被人改过，请到页面上按“核验签名”：`]
    : [`这一答案只依据本站截至 ${moment(newest)} 的摘要文件。网站如果被人改过，可能漏掉已经发布的通知。`];
  const made = element("p", "sn-hint", ...words);
  pages.forEach((page, n) =>
    made.append(n ? "、" : "", link(`${page}#evidence`, versions.find(({ address }) => address === page).title)),
  );
  if (versions.length) made.append("。");
  return made;
}

const LOOK_AGAIN = "请再看一遍：您手里的文字、图片与下面这一页是不是一样？核对码、网址可以抄到别的纸上，只有内容也一样，才是真的。";

// What a code or an address leads to: {ended, body}; `ended`: one of the versions holds no more.
export function leading(versions, newest) {
  const time = clocks(newest);
  const body = [paragraph(LOOK_AGAIN), ...versions.map((version) => facts(version, time)), ground(versions, newest)];
  if (time.words) body.unshift(paragraph(time.words));
  return { ended: versions.some((version) => spent(version, time)), body };
}

// ---- differences ----
const side = (label, pieces) => element("div", "sn-change__side", element("p", "sn-change__label", label),
  paragraph(...pieces.map(([words, changed]) => (changed ? element("mark", "", words) : words))));

export function change({ words, near }) {
  if (!near)
    return element(
      "div",
      "sn-change",
      side("您给的", [[words.trim(), true]]),
      side("本单位发布的", [["没有这一句", false]]),
    );
  const [mine, theirs] = difference(words.trim(), near.raw);
  return element("div", "sn-change", side("您给的", mine), side("本单位发布的", theirs));
}
