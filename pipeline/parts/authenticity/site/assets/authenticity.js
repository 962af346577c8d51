// The page 这条通知是真的吗: three ways to ask, one place for the answer. Nothing that is asked leaves the page.
import { askCode, askText, index, root } from "./authenticity_find.js";
import { LONGEST, difference, wholeness } from "./authenticity_text.js";

// This script may be there before the page is.
if (document.readyState === "loading") await new Promise((come) => { document.addEventListener("DOMContentLoaded", come, { once: true }); });
const place = document.getElementById("authenticity-answer");
const status = document.getElementById("authenticity-status");
const form = document.getElementById("authenticity-form");
const names = form.dataset.names.split("|");
const PHONE = "请先打电话向本单位或 12345 问清；没有问清之前，不要照做，不要转发。";

function element(name, className = "", ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

const paragraph = (...children) => element("p", "", ...children);

function link(url, words) {
  const made = element("a", "", words);
  made.href = new URL(url, root).href;
  return made;
}

// ---- whether it is in force ----
const moment = (time) => new Date(time).toLocaleString("zh-CN", { timeZone: "Asia/Shanghai", dateStyle: "long", timeStyle: "short" });
const YEAR = 366 * 864e5;

// By the reader's clock, and by the newest record of the site where that clock cannot be right.
function clocks(newest) {
  const [mine, theirs] = [Date.now(), Date.parse(newest)];
  if (mine < theirs - 864e5) return { now: theirs, words: `您的设备显示的时间比本站最新的记录（${moment(theirs)}）还早，以下按这条记录的时间判断。` };
  if (mine > theirs + YEAR) return { now: mine, then: theirs, words: `按您的设备的时间，本站最新的记录（${moment(theirs)}）已是一年以前：设备的时间可能不对，本站也可能不再更新。` };
  return { now: mine, words: "" };
}

function stateAt({ turns, validity, shown, revision, present, gone, changed }, now) {
  if (gone) return ["bad", "已经撤回"];
  if (revision !== present || !shown) return ["bad", `已有新版（这是第 ${revision} 版，现行的是第 ${present} 版），这一版不再有效`];
  if (turns) {
    const [start, end, lifted] = turns.split(" ").map((turn) => Date.parse(turn));
    if (lifted <= now) return ["bad", `已于 ${moment(lifted)} 解除`];
    if (end <= now) return ["bad", `已于 ${moment(end)} 过期`];
    return start > now ? ["good", `尚未开始，${moment(start)} 起有效`] : ["good", `正在生效，有效至 ${moment(end)}`];
  }
  const ended = changed.find((words) => /已失效|已废止/u.test(words));
  return ended ? ["bad", ended] : ["good", validity && validity !== "—" ? `有效性：${validity}` : "没有撤回、废止的记录"];
}

// ---- one version ----
function facts(version, time) {
  const { now, then } = time;
  const [, state] = stateAt(version, now);
  const before = then && stateAt(version, then)[1];
  const rows = [
    ["题目", link(version.address, version.title)],
    ["谁发布的", version.unit || names[0]],
    ["什么时候", version.byline || "—"],
    ["哪些岗位签过字", version.steps.map(([step, role, when]) => `${step}：${role}（${when}）`).join("；") || "—"],
    ["现在是否有效", before && before !== state ? `${state}；按本站最新记录的时间则是：${before}` : state],
  ];
  if (version.changed.length) rows.push(["发布以后", version.changed.join(" ")]);
  if (version.url.endsWith(`.r${version.revision}/`)) rows.push(["现行版", link(version.url.replace(/\.r\d+\/$/u, "/"), "看现行版和改了什么")]);
  const list = element("dl", "sn-facts");
  for (const [name, value] of rows) list.append(element("div", "", element("dt", "", name), element("dd", "", value)));
  return list;
}

const spent = (version, time) => stateAt(version, time.now)[0] === "bad";

// What the answer rests on, and where it can be checked further.
function ground(versions, newest, compared = "您给的内容与本站以下页面逐字") {
  const pages = [...new Set(versions.map(({ address }) => address))].slice(0, 5);
  const words = versions.length
    ? [`这一答案是把${compared}比对得来的，摘要文件只用来找到它们。要确信页面没有被人改过，请到页面上按“核验签名”：`]
    : [`这一答案只依据本站截至 ${moment(newest)} 的摘要文件。网站如果被人改过，可能漏掉已经发布的通知。`];
  const made = element("p", "sn-hint", ...words);
  pages.forEach((page, n) => made.append(n ? "、" : "", link(`${page}#evidence`, versions.find(({ address }) => address === page).title)));
  if (versions.length) made.append("。");
  return made;
}

// ---- differences ----
const side = (label, pieces) => element("div", "sn-change__side", element("p", "sn-change__label", label),
  paragraph(...pieces.map(([words, changed]) => (changed ? element("mark", "", words) : words))));

function change({ words, near }) {
  if (!near) return element("div", "sn-change", side("您给的", [[words.trim(), true]]), side("本单位发布的", [["没有这一句", false]]));
  const [mine, theirs] = difference(words.trim(), near.raw);
  return element("div", "sn-change", side("您给的", mine), side("本单位发布的", theirs));
}

function runsByPost(parts) {
  const posts = new Map();
  for (const part of parts.filter(({ version }) => version)) posts.set(part.version.post, [...posts.get(part.version.post) ?? [], part]);
  return [...posts.values()];
}

const HEADS = {
  short: ["warn", "字太少，不能判断"],
  none: ["bad", "没有找到"],
  withdrawn: ["bad", "本单位发过这个题目的通知，已经撤回"],
  differs: ["bad", "与本单位发布的不一样"],
  joined: ["bad", "由几条通知的句子拼成，本单位没有这样发布过"],
  several: ["good", "是本单位发布过的几条通知"],
  excerpt: ["good", "是本单位一条通知的摘录，每一句都与原文一致"],
  whole: ["good", "本单位发布过这条通知，文字一致"],
};

async function answerText(text) {
  const { newest } = await index();
  const { result, parts, notes, cut } = await askText(text, names);
  const time = clocks(newest);
  const groups = runsByPost(parts);
  const versions = groups.map((runs) => runs[0].version);
  const near = [...new Set(parts.flatMap((part) => part.near?.version ?? []))];
  let [look, head] = HEADS[result];
  if (result === "none") head = `本档案截至 ${moment(newest)} 没有这样的通知`;
  if (look === "good" && versions.some((version) => spent(version, time))) {
    [look, head] = ["warn", `${head}，但${versions.length > 1 ? "其中有的" : ""}已经不再有效`];
  }
  const body = [];
  if (cut) body.push(paragraph(`太长了，只看了前 ${LONGEST} 个字。请只粘贴通知本身。`));
  if (time.words && versions.length) body.push(paragraph(time.words));
  if (result === "short") body.push(paragraph("请粘贴通知的整句话。"));
  if (["none", "differs", "joined"].includes(result)) body.push(paragraph(PHONE));
  if (result === "withdrawn") body.push(paragraph("撤回的正文不再公开，不能逐字核对：这个题目下面的话，不能当作本单位说的；说它仍然有效的，不是本单位的话。请不要照做。"));
  if (notes.length) body.push(paragraph(`“${notes.join("”“")}”是转发的人说的话，没有算在内。`));
  const changes = parts.filter(({ version }) => !version);
  if (result === "differs") {
    if (changes.length) body.push(element("h3", "", "不一样的地方"), ...changes.slice(0, 20).map(change));
    else body.push(paragraph("每一句都出自本单位的通知，但次序不同，或者新旧两版混在一起，意思可能已经变了。"));
  }
  for (const runs of groups) {
    const [{ version }] = runs;
    const kind = wholeness(runs) === "whole" && !changes.length ? "全文" : "部分句子";
    if (groups.length > 1 || changes.length) body.push(element("h3", "", `出自《${version.title}》（${kind}）`));
    if (wholeness(runs) === "excerpt" && !changes.length && result !== "withdrawn") {
      body.push(paragraph("是摘录，不是全文：没有摘的话里可能有条件和例外，请看原文。", version.refuting ? element("strong", "", "原文是一篇辟谣，摘出来的可能正是它所否认的说法。") : ""));
    }
    body.push(facts(version, time));
  }
  if (!groups.length) for (const version of near) body.push(element("h3", "", "最接近的通知"), facts(version, time));
  const grounds = [...versions, ...near];
  if (result !== "short") body.push(ground(grounds, newest));
  return { result, look, head, body };
}

async function answerCode(text) {
  const [{ newest }, { fault, versions }] = [await index(), await askCode(text)];
  if (fault) return { result: "short", look: "warn", head: fault, body: [] };
  if (!versions.length) {
    return { result: "none", look: "bad", head: "本档案没有这个核对码", body: [
      paragraph("它可能是别的单位的，可能是编造的，也可能两个以上的字输错了。核对码和核对词一起输入时，两样要出自同一篇。"), paragraph(PHONE), ground([], newest)] };
  }
  const time = clocks(newest);
  const bad = versions.some((version) => spent(version, time));
  const body = [paragraph("请再看一遍：您手里的文字、图片与下面这一页是不是一样？核对码可以抄到别的纸上，只有内容也一样，才是真的。")];
  if (time.words) body.unshift(paragraph(time.words));
  for (const version of versions) body.push(facts(version, time));
  return { result: bad ? "withdrawn" : "whole", look: bad ? "warn" : "good", body: [...body, ground(versions, newest)],
    head: bad ? "本单位发布过，但已经不再有效" : "是本单位的核对码" };
}

// Where a code in a picture leads; only to this site is it followed.
const bases = () => [root.href, document.querySelector("link[rel=canonical]").href.replace(/authenticity\/$/u, "")];

function codeWords(code) {
  const base = bases().find((one) => code.startsWith(one));
  if (!base) return paragraph(`图里的二维码不指向本站，它的内容是“${code.slice(0, 200)}”。不要扫，不要付款。`);
  return paragraph("图里的二维码指向本站的", link(`./${code.slice(base.length)}`, "这一页"), "。");
}

// The given picture with what differs in red.
async function reddened(file, marks) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const canvas = element("canvas");
  canvas.width = Math.min(720, picture.width);
  canvas.height = Math.round(canvas.width * picture.height / picture.width);
  const pen = canvas.getContext("2d");
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  pen.fillStyle = "rgba(208, 0, 0, 0.3)";
  for (const corners of marks) {
    corners.forEach(([x, y], n) => pen[n ? "lineTo" : "moveTo"](x * canvas.width, y * canvas.width));
    pen.closePath();
  }
  pen.fill();
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `您给的图片，有 ${marks.length} 小块与本单位发布的不一样，涂成红色`);
  return canvas;
}

// What the words in a picture say; null where the recogniser cannot be loaded, or the reader does not wait for it.
async function wordsIn(file, compared) {
  const leave = element("button", "sn-button", "不等文字，先看图片的结果");
  leave.type = "button";
  let stop = () => {};
  try {
    const { readPicture } = await import("./authenticity_judge.js");
    ({ stop } = await import("./authenticity_read.js"));
    const left = new Promise((go) => { leave.addEventListener("click", () => go(null)); });
    status.after(leave);
    return await Promise.race([left, readPicture(file, compared, bases(), (words) => { status.textContent = words; })]);
  } catch {
    return null;
  } finally {
    leave.remove();
    stop();
  }
}

// What both say: a picture that clearly differs is not made good by its words, nor words by the picture.
function together(compared, read) {
  const { result } = compared;
  if (!read || read.result === "unsure") return result;
  if (read.result === "none") return result === "unread" ? "none" : result;
  // A picture that was laid over the published one without a difference is not undone by a sign that was read for another.
  if (read.result === "differs" && ["whole", "excerpt"].includes(result) && !read.proven) return result;
  return result === "differs" && compared.clear ? result : read.result;
}

// Folded away where nothing is left to do with them.
function readWords(text, result) {
  const take = element("button", "sn-button", "把认出的字放进“粘贴文字”，改好再核对");
  take.type = "button";
  take.addEventListener("click", () => {
    field("words").value = text;
    field("words").focus();
  });
  const all = element("details", "sn-clause", element("summary", "", "图里认出的字"), element("p", "sn-hint", "由您的设备认出，可能有错字。"), element("p", "sn-read", text.slice(0, 3000)), take);
  all.open = !["whole", "excerpt", "differs"].includes(result);
  return all;
}

async function answerPicture(file) {
  const { askPicture } = await import("./authenticity_picture.js");
  const [{ newest }, compared] = [await index(), await askPicture(file)];
  const { fault, codes, marks, pale, aside } = compared;
  if (fault) return { result: "short", look: "warn", head: fault, body: [] };
  const read = await wordsIn(file, compared);
  const result = together(compared, read);
  // A picture stands on the page of the present version alone; the words may be those of an earlier one.
  const byWords = read?.result === result && (result !== compared.result || read.version?.revision !== read.version?.present);
  const versions = byWords && read.version && result !== "none" ? [read.version] : compared.versions;
  const time = clocks(newest);
  const heads = {
    whole: ["good", byWords ? "本单位发布过图里的这条通知，文字一致" : "本单位发布过这张图片，没有看出改动"],
    excerpt: ["good", byWords ? "图里是本单位一条通知的一部分，看到的文字与原文一致" : "是本单位一张图片的一部分，没有看出改动"],
    differs: ["bad", byWords ? "图里的内容与本单位发布的不一样" : "与本单位发布的图片不一样"],
    within: ["warn", "里面有一张本单位发布过的图片；图片以外的文字没有核对，不能判断"],
    unclear: ["warn", "像本单位的一张图片，但是看不清，不能判断"],
    unread: ["warn", read ? "图里的文字没有全部认清，不能判断" : `本档案截至 ${moment(newest)} 没有这样的图片；图里的文字没有核对，不能判断`],
    none: ["bad", `本档案截至 ${moment(newest)} 没有这样的${byWords ? "通知" : "图片"}`],
  };
  let [look, head] = heads[result];
  if (look === "good" && versions.some((version) => spent(version, time))) [look, head] = ["warn", `${head}，但已经不再有效`];
  const body = [];
  const absent = ["none", "unread"].includes(result);
  const alike = ["whole", "excerpt", "within"].includes(result);
  if (!alike || result === "within") body.push(paragraph(PHONE));
  if (time.words && versions.length) body.push(paragraph(time.words));
  if (byWords && alike) body.push(paragraph("图里的文字是由您的设备认出来，再与原文逐行对照的；图形和颜色没有核对。电话、网址、金额这些要紧的字，请对照下面的原文再看一遍。", result === "excerpt" ? "没有拍到的话里可能有条件和例外，请看原文。" : ""));
  else if (alike) body.push(paragraph("图片按小块比对，压缩、拍照会盖住很小的改动。电话、网址、金额这些要紧的字，请对照下面的原文再看一遍。"));
  if (pale) body.push(paragraph("您给的图片是黑白的，颜色没有核对：预警的级别请看文字。"));
  if (!byWords && (aside || result === "within")) body.push(paragraph("只核对了其中的这张图片。图片以外的文字、号码、二维码没有核对：请打几句到“粘贴文字”，或者输入纸上的核对码。"));
  const links = new Set([...codes, ...read?.codes.map(({ words }) => words) ?? []]);
  body.push(...[...links].map(codeWords));
  if (result === "unread" && read) body.push(paragraph("请把纸放平、拍得近一些再试；也可以改好下面认出的字再核对，或者输入纸上的核对码、核对词。"));
  else if (absent && !byWords) body.push(paragraph("这里只比对图片。拍的是文字的，请打几句到“粘贴文字”，或者输入纸上的核对码。"));
  if (byWords && result === "differs" && read.changes.length) body.push(element("h3", "", "不一样的地方"), ...read.changes.slice(0, 20).map(change));
  if (marks.length) body.push(paragraph("涂成红色的地方，是改过、盖住或者另外加上去的；平台的水印、转发的人画的圈和箭头也算。"), await reddened(file, marks));
  if (absent && versions.length) body.push(element("h3", "", "样子最接近的一条"));
  for (const version of versions) body.push(facts(version, time));
  body.push(ground(versions, newest, byWords ? "图里认出的字与本站以下页面逐行" : "图片与本站以下页面的图片按小块"));
  if (read?.text.trim()) body.push(readWords(read.text, result));
  return { result, look, head, body };
}

// ---- asking ----
let turn = 0;

async function ask(work) {
  const mine = (turn += 1);
  status.textContent = "正在核对……";
  place.hidden = true;
  status.scrollIntoView({ block: "center" }); // on a phone it stands below the form
  let answer;
  try {
    answer = await work();
  } catch {
    answer = { result: "fault", look: "warn", head: "没有查成，不等于是真的或者是假的", body: [paragraph("取不到本站的文件，网络不通或者太慢。请稍后再试，或者打电话问。")] };
  }
  if (mine !== turn) return;
  const heading = element("h2", "", answer.head);
  heading.id = "authenticity-head";
  place.replaceChildren(heading, ...answer.body);
  Object.assign(place.dataset, { result: answer.look, answer: answer.result });
  place.hidden = false;
  status.textContent = answer.head;
  place.focus();
}

const field = (name) => form.elements.namedItem(name);
const show = (file) => file && ask(() => answerPicture(file));

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const { name } = event.submitter ?? { name: "text" };
  ask(() => (name === "code" ? answerCode(field("check").value) : answerText(field("words").value)));
});
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target !== field("check")) return;
  event.preventDefault();
  ask(() => answerCode(field("check").value));
});
for (const name of ["picture", "photo"]) field(name).addEventListener("change", ({ target }) => show(target.files[0]));
form.addEventListener("dragover", (event) => event.preventDefault());
form.addEventListener("drop", (event) => {
  event.preventDefault();
  show([...event.dataTransfer.files].find(({ type }) => type.startsWith("image/")) ?? event.dataTransfer.files[0]);
});
form.addEventListener("paste", (event) => {
  const picture = [...event.clipboardData.files].find(({ type }) => type.startsWith("image/"));
  if (!picture) return;
  event.preventDefault();
  show(picture);
});
const given = new URL(location.href).searchParams.get("code");
if (given) {
  field("check").value = given.slice(0, 60);
  ask(() => answerCode(field("check").value));
}
// It stands from the first paint on, so that nothing jumps; before this it could only send what was pasted to the host.
for (const part of form.querySelectorAll("fieldset")) part.disabled = false;
