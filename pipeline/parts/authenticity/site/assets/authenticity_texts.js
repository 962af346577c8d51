// The answers to a pasted text and to a code: {result, look, head, body}.
import { askCode, askText, index } from "./authenticity_find.js";
import { LONGEST, entriesOf, leftOut, wholeness } from "./authenticity_compare.js";
import {
  PHONE, change, clocks, element, facts, ground, issuers, lasting, leading, link, moment, paragraph,
} from "./authenticity_shown.js";

const MOST_CHANGES = 20;

const HEADS = {
  short: ["warn", "字太少，不能判断"],
  none: ["bad", "没有找到"],
  withdrawn: ["bad", "本单位发过这个题目的通知，已经撤回"],
  differs: ["bad", "与本单位发布的不一样"],
  joined: ["bad", "由几条通知的句子拼成，本单位没有这样发布过"],
  beside: ["warn", "其中的通知是本单位发布的，另列的话不是"],
  claimed: ["warn", "当心：夹着不是本单位说的话，其余是本单位发布的"],
  several: ["good", "是本单位发布过的几条通知"],
  excerpt: ["good", "是本单位一条通知的摘录，每一句都与原文一致"],
  whole: ["good", "本单位发布过这条通知，文字一致"],
};
const TURNED = "每一句都出自本单位的通知，但次序不同，或者新旧两版混在一起，意思可能已经变了。";
const WITHDRAWN = "撤回的正文不再公开，不能逐字核对：这个题目下面的话，不能当作本单位说的；"
  + "说它仍然有效的，不是本单位的话。请不要照做。";
const BESIDE = "这些话本单位没有说过，不要当作通知的一部分。拿不准的，先打电话问清。";
const CLAIMED = "夹在里面、不是本单位说的，不要照做";
const NOT_OURS = "要钱、要转账、叫人点网址或者打别的电话的，尤其不要信。先打电话向本单位或 12345 问清。";
const EXCERPT = "是摘录，不是全文：没有摘的话里可能有条件和例外，请看原文。";
const REFUTED = "原文是一篇辟谣，摘出来的可能正是它所否认的说法。";
const NO_CODE = "它可能是别的单位的，可能是编造的，也可能两个以上的字输错了。核对码和核对词一起输入时，两样要出自同一篇。";

function runsByPost(parts) {
  const posts = new Map();
  for (const part of parts.filter(({ version }) => version && !version.list)) {
    posts.set(part.version.post, [...posts.get(part.version.post) ?? [], part]);
  }
  return [...posts.values()];
}

function headOf({ result, cut, parts }, versions, time, newest) {
  if (result === "none") return ["bad", `本档案截至 ${moment(newest)} 没有这样的通知`];
  const [look, head] = HEADS[result === "beside" && parts.some(({ claims }) => claims) ? "claimed" : result];
  if (cut && look === "good") return ["warn", `前 ${LONGEST} 个字里有本单位发布的通知，后面的话没有看`];
  return lasting(result, [look, head], versions, time);
}

// What has to be known before the notices themselves.
function warnings({ result, notes, cut }, time) {
  const words = [];
  if (cut) words.push(`太长了，只看了前 ${LONGEST} 个字。请只粘贴通知本身。`);
  if (time) words.push(time);
  if (result === "short") words.push("请粘贴通知的整句话。");
  if (["none", "differs", "joined"].includes(result)) words.push(PHONE);
  if (result === "withdrawn") words.push(WITHDRAWN);
  if (notes.length) words.push(`“${notes.join("”“")}”是转发的人说的话，没有算在内。`);
  return words.map((one) => paragraph(one));
}

// What is wrong where each sentence is the bureau's.
function missing(groups) {
  const out = groups.flatMap(leftOut).map(({ raw }) => element("li", "", raw));
  return out.length ? [element("h3", "", "一段话中间少了这些"), element("ul", "", ...out)] : [paragraph(TURNED)];
}

// Words that are not the bureau's, those that claim something first.
function listed(changes) {
  const list = (some, look, head, words) => (some.length ? [element("h3", look, head),
    element("ul", "sn-others", ...some.map((one) => element("li", "", `“${one.words.trim().replace(/\s+/gu, " ")}”`))), paragraph(words)] : []);
  return [
    ...list(changes.filter(({ claims }) => claims), "sn-is-bad", CLAIMED, NOT_OURS),
    ...list(changes.filter(({ claims }) => !claims), "", "不是本单位的话", BESIDE),
  ];
}

// One notice of which the text has sentences.
function source(runs, { result }, several, changed, time) {
  const [{ version }] = runs;
  const whole = wholeness(runs);
  const made = [];
  if (several || changed) {
    made.push(element("h3", "", `出自《${version.title}》（${whole === "whole" && !changed ? "全文" : "部分句子"}）`));
  }
  if (whole === "excerpt" && !changed && result !== "withdrawn") {
    made.push(paragraph(EXCERPT, version.refuting ? element("strong", "", REFUTED) : ""));
  }
  return [...made, facts(version, time)];
}

export async function answerText(text) {
  const { newest } = await index();
  const asked = await askText(text, issuers());
  const { result, parts } = asked;
  const time = clocks(newest);
  const groups = runsByPost(parts);
  const versions = groups.map((runs) => runs[0].version);
  const near = [...new Set(parts.flatMap((part) => part.near?.version ?? []))];
  const [look, head] = headOf(asked, versions, time, newest);
  const changes = parts.filter(({ version }) => !version);
  const body = warnings(asked, versions.length ? time.words : "");
  if (result === "differs" && changes.length) {
    body.push(element("h3", "", "不一样的地方"), ...changes.slice(0, MOST_CHANGES).map(change));
  } else if (result === "differs") body.push(...missing(groups));
  if (result === "beside") body.push(...listed(changes));
  const entries = entriesOf(parts);
  if (entries.length) body.push(element("h3", "", "与本站列出这些通知的页面一致"),
    element("ul", "", ...entries.map(([url, title]) => element("li", "", link(url, title)))));
  for (const runs of groups) body.push(...source(runs, asked, groups.length > 1, changes.length > 0, time));
  if (!groups.length) for (const one of near) body.push(element("h3", "", "最接近的通知"), facts(one, time));
  if (result !== "short") body.push(ground([...versions, ...near], newest));
  return { result, look, head, body };
}

export async function answerCode(text) {
  const [{ newest }, { fault, versions }] = [await index(), await askCode(text)];
  if (fault) return { result: "short", look: "warn", head: fault, body: [] };
  if (!versions.length) {
    const body = [paragraph(NO_CODE), paragraph(PHONE), ground([], newest)];
    return { result: "none", look: "bad", head: "本档案没有这个核对码", body };
  }
  const { ended, body } = leading(versions, newest);
  if (ended) return { result: "withdrawn", look: "warn", head: "本单位发布过，但已经不再有效", body };
  return { result: "whole", look: "good", head: "是本单位的核对码", body };
}
