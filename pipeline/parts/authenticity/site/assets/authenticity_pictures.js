// The answer to a picture: by what it shows as a picture, and by the words in it.
import { clipped } from "./authenticity_boxes.js";
import { index } from "./authenticity_find.js";
import { bases, linked } from "./authenticity_links.js";
import { askPicture } from "./authenticity_picture.js";
import {
  PHONE, change, clocks, element, facts, ground, lasting, link, moment, paragraph,
} from "./authenticity_shown.js";
import { verdict } from "./authenticity_verdict.js";

const MOST_CHANGES = 20;
const [WIDEST, TALLEST] = [720, 240]; // pixels in which the given picture is shown, and how high a place of it
const PAD = 0.4; // of a place's size, what is shown around it
const LONGEST = 3000; // signs of what was read that are shown

function headOf({ result, byWords, versions }, read, time, newest) {
  const now = moment(newest);
  const unread = read
    ? "图里的文字没有全部认清，不能判断" : `本档案截至 ${now} 没有这样的图片；图里的文字没有核对，不能判断`;
  const named = {
    whole: ["good", byWords ? "本单位发布过图里的这条通知，文字一致" : "本单位发布过这张图片，没有看出改动"],
    beside: ["warn", "图里的通知是本单位发布的，另有不是通知里的内容"],
    excerpt: ["good", byWords
      ? "图里是本单位一条通知的一部分，看到的文字与原文一致" : "是本单位一张图片的一部分，没有看出改动"],
    differs: ["bad", byWords ? "图里的内容与本单位发布的不一样" : "与本单位发布的图片不一样"],
    within: ["warn", "里面有一张本单位发布过的图片；图片以外的文字没有核对，不能判断"],
    unclear: ["warn", "像本单位的一张图片，但是看不清，不能判断"],
    unread: ["warn", unread],
    none: ["bad", `本档案截至 ${now} 没有这样的${byWords ? "通知" : "图片"}`],
  }[result];
  return lasting(result, named, versions, time);
}

// ---- what the answer says ----
const BY_WORDS = "图里的文字是由您的设备认出来，再与原文逐行对照的；图形和颜色没有核对。"
  + "电话、网址、金额这些要紧的字，请对照下面的原文再看一遍。";
const BESIDE = "下面这些地方没有在通知里对上：不是本单位的话，或者没有认清。不要当作通知的一部分；拿不准的，先打电话问清。";
const BY_EYE = "下面这些地方，设备没有认清，或者没有在通知里对上。请您自己看，与原文是不是一字不差：";
const NOT_SHOWN = "没有拍到的话里可能有条件和例外，请看原文。";
const CODE = "图里的二维码是本单位一条通知的";
const BY_BLOCKS = "图片按小块比对，压缩、拍照会盖住很小的改动。电话、网址、金额这些要紧的字，请对照下面的原文再看一遍。";
const PALE = "您给的图片是黑白的，颜色没有核对：预警的级别请看文字。";
const ASIDE = "只核对了其中的这张图片。图片以外的文字、号码、二维码没有核对：请打几句到“粘贴文字”，或者输入纸上的核对码。";
const AGAIN = "请把纸放平、拍得近一些再试；也可以改好下面认出的字再核对，或者输入纸上的核对码、核对词。";
const ONLY_PICTURES = "这里只比对图片。拍的是文字的，请打几句到“粘贴文字”，或者输入纸上的核对码。";
const REDDENED = "涂成红色的地方，是改过、盖住或者另外加上去的；平台的水印、转发的人画的圈和箭头也算。";

// How it was judged, and what was not.
function explained({ result, byWords, versions }, { pale, aside }, time) {
  const alike = ["whole", "excerpt", "within", "beside"].includes(result);
  const words = [];
  if (!alike || result === "within") words.push(PHONE);
  if (time.words && versions.length) words.push(time.words);
  if (alike) words.push(byWords ? BY_WORDS + (result === "excerpt" ? NOT_SHOWN : "") : BY_BLOCKS);
  if (pale) words.push(PALE);
  if (!byWords && (aside || result === "within")) words.push(ASIDE);
  return words.map((one) => paragraph(one));
}

// Where a code in a picture leads; only to this site is it followed.
function codeWords(code) {
  const base = bases().find((one) => code.startsWith(one));
  if (!base) return paragraph(`图里的二维码不指向本站，它的内容是“${code.slice(0, 200)}”。不要扫，不要付款。`);
  return paragraph("图里的二维码指向本站的", link(`./${code.slice(base.length)}`, "这一页"), "。");
}

// The given picture with what differs in red.
async function reddened(file, marks) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const canvas = element("canvas");
  canvas.width = Math.min(WIDEST, picture.width);
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

// A place of the picture that was read, and what is said of it: [[words, element of them]].
function placeOf(picture, [left, top, right, bottom], words) {
  const pad = PAD * Math.min(bottom - top, right - left);
  const [x0, y0, x1, y1] = clipped([left - pad, top - pad, right + pad, bottom + pad], picture);
  const scale = Math.min(1, WIDEST / (x1 - x0), TALLEST / (y1 - y0));
  const canvas = element("canvas");
  [canvas.width, canvas.height] = [x1 - x0, y1 - y0].map((size) => Math.max(1, Math.round(size * scale)));
  canvas.getContext("2d").drawImage(picture, x0, y0, x1 - x0, y1 - y0, 0, 0, canvas.width, canvas.height);
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", "您给的图片里的这一处");
  return element("li", "", canvas, paragraph(words));
}

// What stands beside the notice in the picture, as it looks and as it was read.
function besideOf({ beside, picture }) {
  const items = beside.slice(0, MOST_CHANGES).map(({ box, words }) => (
    placeOf(picture, box, words ? `认出的字：“${words}”` : "没有认出字")));
  const more = beside.length > MOST_CHANGES ? [paragraph(`另外还有 ${beside.length - MOST_CHANGES} 处。`)] : [];
  return [element("h3", "", "不是通知里的"), paragraph(BESIDE), element("ul", "sn-places", ...items), ...more];
}

// Places of which the program is not sure, beside the words that were issued there: the reader sees more than it.
function unclearOf({ unclear, picture }) {
  const items = unclear.slice(0, MOST_CHANGES).map(({ box, own }) => (
    placeOf(picture, box, own ? `原文是：“${own}”` : "原文没有这一处")));
  return [element("h3", "", "没有认清的地方"), paragraph(BY_EYE), element("ul", "sn-places", ...items)];
}

// Folded away where nothing is left to do with them.
function readWords(text, result, edit) {
  const take = element("button", "sn-button", "把认出的字放进“粘贴文字”，改好再核对");
  take.type = "button";
  take.addEventListener("click", () => edit(text));
  const all = element("details", "sn-clause", element("summary", "", "图里认出的字"),
    element("p", "sn-hint", "由您的设备认出，可能有错字。"), element("p", "sn-read", text.slice(0, LONGEST)), take);
  all.open = !["whole", "excerpt", "beside", "differs"].includes(result);
  return all;
}

// What the words in a picture say; null where the recogniser cannot be loaded, or the reader does not wait for it.
async function wordsIn(file, compared, status) {
  const leave = element("button", "sn-button", "不等文字，先看图片的结果");
  leave.type = "button";
  let stop = () => {};
  try {
    const { readPicture } = await import("./authenticity_judge.js");
    ({ stop } = await import("./authenticity_read.js"));
    const left = new Promise((go) => { leave.addEventListener("click", () => go(null)); });
    status.after(leave);
    const say = (words) => { status.textContent = words; };
    return await Promise.race([left, readPicture(file, compared, say)]);
  } catch {
    return null;
  } finally {
    leave.remove();
    stop();
  }
}

// `status`: where it is said what is being done; `edit(text)`: takes what was read to be mended.
export async function answerPicture(file, status, edit) {
  const [{ newest }, compared] = [await index(), await askPicture(file)];
  if (compared.fault) return { result: "short", look: "warn", head: compared.fault, body: [] };
  const read = await wordsIn(file, compared, status);
  const answer = verdict(compared, read);
  const { result, byWords, versions } = answer;
  if (result === "code") return { head: CODE, ...linked(versions, newest) };
  const time = clocks(newest);
  const [look, head] = headOf(answer, read, time, newest);
  const body = explained(answer, compared, time);
  const absent = ["none", "unread"].includes(result);
  const codes = new Set([...compared.codes, ...read?.codes.map(({ words }) => words) ?? []]);
  body.push(...[...codes].map(codeWords));
  if (result === "unread" && read) body.push(paragraph(AGAIN));
  else if (absent && !byWords) body.push(paragraph(ONLY_PICTURES));
  if (byWords && result === "differs" && read.changes.length) {
    body.push(element("h3", "", "不一样的地方"), ...read.changes.slice(0, MOST_CHANGES).map(change));
  }
  if (compared.marks.length) body.push(paragraph(REDDENED), await reddened(file, compared.marks));
  if (result === "beside" && read.beside.length) body.push(...besideOf(read));
  if (result === "unread" && read?.unclear.length) body.push(...unclearOf(read));
  if (absent && versions.length) body.push(element("h3", "", "样子最接近的一条"));
  body.push(...versions.map((version) => facts(version, time)));
  body.push(ground(versions, newest, byWords ? "图里认出的字与本站以下页面逐行" : "图片与本站以下页面的图片按小块"));
  if (read?.text.trim()) body.push(readWords(read.text, result, edit));
  return { result, look, head, body };
}
