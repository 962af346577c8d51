// A text against what was issued: folded, matched sentence by sentence, and where it differs.
//
// Folded are spaces, line breaks, marks that part words, full width, emoji at the ends of lines and the words that
// platforms put around a text. Never folded is what a forger changes: figures and what stands between them, letters,
// addresses, names, words of any kind (docs/decisions/0079).
const ZERO = /[\u00ad\u200b-\u200d\u2060\ufe0e\ufe0f\ufeff]/u;
const DASH = /[-‐-―−~〜～]/u;
const MARK = /[\s\u20e3|`●■◆▶►▪★☆※\p{P}]/u; // parts words and is dropped, but for KEPT and what stands between figures
const KEPT = /[?%‰@&\\§*]/u;
const ALNUM = /[0-9A-Za-z]/u;
const CLASSES = [[/\s/u, " "], [/[,，、;；]/u, ","], [/\./u, "."], [/:/u, ":"], [/_/u, "_"], [/\//u, "/"]];
const LOOSE = new Set([" ", "|", ",", ".", ":", "-", "/"]); // between two sentences
const PICTURES = "\\p{Extended_Pictographic}\\u{1f1e6}-\\u{1f1ff}\\u{1f3fb}-\\u{1f3ff}\\ufe0f\\u200d";
const EMOJI = `(?:[${PICTURES}]|\\[[\\u4e00-\\u9fff]{1,4}\\])`;
const AROUND = new RegExp(
  `(?<=^|[。！!\\n]\\s*)[ \\t\\u3000]*(?:${EMOJI}[ \\t\\u3000]*)+|(?:${EMOJI}[ \\t\\u3000]*)+(?=\\n|$)`,
  "gu",
);
const SPEAKS = /[❌✖❎🚫⛔🈲✅⭕🔞]/u; // an emoji that says something is a word
const END = /[。！？；!?;]+[”’」』）)】]*/gu;

// Full width as half width.
export const wide = (text) => text.replace(/[！-～]/gu, (sign) => String.fromCodePoint(sign.codePointAt(0) - 0xfee0));
const classOf = (sign) => CLASSES.find(([those]) => those.test(sign))?.[1] ?? "|";

// Signs that are compared, and for each where it stood; `skip`: those that are passed over.
export function fold(raw, skip) {
  const [flat, at, bound] = [[], [], []];
  let [between, dash, fresh, index] = ["", "", true, 0];
  for (const one of raw) {
    const from = index;
    index += one.length;
    if (ZERO.test(one) || skip?.[from]) continue;
    const sign = wide(one);
    if (DASH.test(sign)) {
      if (flat.length && !fresh) dash = "-";
      else if (/\d/u.test(wide(raw[index] ?? ""))) dash = "-";
      continue;
    }
    if (MARK.test(sign) && !KEPT.test(sign)) {
      const kind = classOf(sign);
      if (!between || between === " ") between = kind;
      if (/[\n。！!；;]/u.test(sign)) fresh = true;
      continue;
    }
    const last = flat.at(-1) ?? "";
    const inside = dash || (between && ALNUM.test(last) && ALNUM.test(sign) && between);
    if (inside) {
      flat.push(inside);
      at.push(from);
      bound.push(false);
    }
    flat.push(sign);
    at.push(from);
    bound.push(fresh);
    [between, dash, fresh] = ["", "", sign === "?"];
  }
  return { flat, at, bound, raw, skip };
}

// ---- what was issued ---- `blocks`: [words, core, number] in their order: `core` counts towards the whole, `number`
// is that of an item of a list.
export function issued(blocks) {
  const seen = new Set();
  return blocks.flatMap(([words, core, number], block) => {
    const ends = [...words.matchAll(END)].map((end) => end.index + end[0].length);
    const cuts = [0, ...ends, words.length];
    return cuts.slice(1).map((to, n) => {
      const raw = words.slice(cuts[n], to).trim();
      return { raw, flat: fold(raw).flat, core, number: n ? 0 : number, block };
    });
  }).filter(({ flat, core }) => {
    const key = flat.join("");
    const fresh = key && (core || !seen.has(key));
    seen.add(key);
    return fresh;
  });
}

const skipped = (flat, at) => {
  let p = at;
  while (LOOSE.has(flat[p])) p += 1;
  return p;
};

// Where the sentence ends that begins at `from`; -1 where it is another. A blank between figures may be a broken
// line's.
function same(flat, from, sentence) {
  let p = from;
  for (const sign of sentence) {
    if (flat[p] === sign || ((sign === " " || sign === "|") && LOOSE.has(flat[p]))) p += 1;
    else if (flat[p] === " " && flat[p + 1] === sign) p += 2;
    else return -1;
  }
  return p;
}

const CIRCLED = "⓪①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳";
const HAN = "零一二三四五六七八九十";

function matched(flat, from, { flat: sentence, number }) {
  const plain = same(flat, from, sentence);
  if (plain >= 0 || !number) return plain;
  const digits = same(flat, from, `${number}`);
  const after = flat[from] === CIRCLED[number] || flat[from] === HAN[number] ? from + 1 : digits;
  const next = skipped(flat, after);
  const parted =
    next > after || flat[from] === CIRCLED[number] || flat[from] === HAN[number] || !ALNUM.test(sentence[0]);
  return after > 0 && parted ? same(flat, next, sentence) : -1;
}

// ---- one version against a stretch of the text ----
const LEAST = 6; // signs of a sentence that may begin in the middle of a line

function runsOf({ flat, bound }, begin, end, version) {
  const starts = new Map();
  version.sentences.forEach((sentence, n) => {
    const firsts = sentence.number
      ? [sentence.flat[0], `${sentence.number}`[0], CIRCLED[sentence.number], HAN[sentence.number]]
      : [sentence.flat[0]];
    for (const first of new Set(firsts)) starts.set(first, [...starts.get(first) ?? [], n]);
  });
  const runs = [];
  let [p, last, exact] = [begin, -1, true];
  while (p < end) {
    const from = exact || p === begin ? skipped(flat, p) : p;
    if (from >= end) break;
    let best;
    for (const n of starts.get(flat[from]) ?? []) {
      const sentence = version.sentences[n];
      if (!exact && !bound[from] && sentence.flat.length < LEAST) continue;
      let [stop, count] = [matched(flat, from, sentence), n];
      if (stop < 0 || stop > end) continue;
      for (let next = count + 1; next < version.sentences.length; next += 1) {
        const further = matched(flat, skipped(flat, stop), version.sentences[next]);
        if (further < 0 || further > end) break;
        [stop, count] = [further, next];
      }
      const rank = sentence.core ? 2 * (n > last) : 1;
      const better = !best || stop > best.to || (stop === best.to && rank > best.rank);
      if (better) best = { from, to: stop, first: n, last: count, version, rank };
    }
    if (best) {
      runs.push(best);
      [p, last, exact] = [best.to, best.last, true];
    } else {
      [p, exact] = [from + 1, false];
    }
  }
  return runs;
}

const covered = (runs) => runs.reduce((sum, { from, to }) => sum + to - from, 0);

// The stretch as runs of issued sentences and gaps between them: the version that explains most of it first, others in
// what is left.
function explained(folded, begin, end, versions) {
  const tries = versions.map((version) => ({ version, runs: runsOf(folded, begin, end, version) }));
  const best = tries.reduce((a, b) => (covered(b.runs) > covered(a.runs) ? b : a), { runs: [] });
  if (!best.runs.length) return skipped(folded.flat, begin) < end ? [{ from: begin, to: end }] : [];
  const others = versions.filter((version) => version !== best.version);
  const parts = [];
  let p = begin;
  for (const run of [...best.runs, { from: end, to: end }]) {
    if (p < run.from) parts.push(...explained(folded, p, run.from, others));
    if (run.version) parts.push(run);
    p = run.to;
  }
  return parts;
}

// ---- what is nearest to words that were not issued ----
const pairsOf = (flat) => new Set(flat.slice(1).map((sign, n) => flat[n] + sign));

function likeness(one, other) {
  const [a, b] = [pairsOf(one), pairsOf(other)];
  let both = 0;
  for (const pair of a) both += b.has(pair);
  return both / (Math.min(a.size, b.size) * 0.5 + Math.max(a.size, b.size) * 0.5 || 1);
}

function nearest(words, versions) {
  const { flat } = fold(words);
  let best = { like: 0 };
  for (const version of versions) {
    version.sentences.forEach((sentence, n) => {
      for (const more of [0, 1]) {
        const next = more && version.sentences[n + 1];
        if (more && (!next || flat.length < sentence.flat.length * 1.3)) continue;
        const like = likeness(flat, next ? [...sentence.flat, ...next.flat] : sentence.flat);
        if (like > best.like) best = { like, version, raw: next ? sentence.raw + next.raw : sentence.raw };
      }
    });
  }
  return best;
}

// [words, changed] of both texts, side by side.
export function difference(before, after) {
  const [a, b] = [Array.from(before).slice(0, 800), Array.from(after).slice(0, 800)];
  const [plainA, plainB] = [a.map(wide), b.map(wide)]; // once, not for each pair
  const width = b.length + 1;
  const table = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const here = i * width + j;
      table[here] =
        plainA[i] === plainB[j] ? table[here + width + 1] + 1 : Math.max(table[here + width], table[here + 1]);
    }
  }
  const [left, right] = [[], []];
  const add = (list, sign, changed) => {
    if (list.at(-1)?.[1] === changed) list.at(-1)[0] += sign;
    else list.push([sign, changed]);
  };
  for (let [i, j] = [0, 0]; i < a.length || j < b.length;) {
    const here = i * width + j;
    if (i < a.length && j < b.length && plainA[i] === plainB[j]) {
      add(left, a[i++], false);
      add(right, b[j++], false);
    } else if (j >= b.length || (i < a.length && table[here + width] >= table[here + 1])) add(left, a[i++], true);
    else add(right, b[j++], true);
  }
  return [left, right];
}

// ---- words around a text that are no part of it ----
const PLATFORM = [
  "阅读原文", "点击上方蓝字关注我们", "预览时标签不可点", "微信扫一扫", "关注该公众号", "轻触阅读原文", "继续滑动看下一个", "向上滑动看下一个",
  "喜欢此内容的人还喜欢", "收录于合集", "收录于话题", "以下文章来源于", "发布于", "发表于", "来自", "微博网页版", "微博视频", "微信公众号", "微信", "微博",
  "公众号", "原创", "展开", "收起", "全文", "原文链接", "原文", "网页链接", "政务新媒体", "听全文", "在看", "点赞", "分享", "收藏", "转发", "评论", "赞",
  "刚刚", "今天",
  "(?:阅读|点赞|赞|在看|转发|评论|分享|收藏|播放|浏览)[量数]? *[:：]? *[\\d.]*万?\\+?", "超话", "编辑于", "更多", "发布", "点击", "下方名片", "查看更多",
  "查看全文", "关注", "往期回顾", "长按复制此条消息", "发自我的手机", "END",
  "打印", "复制链接", "朗读", "转自", "群聊的?", "聊天记录", "转发微博", "大号字", "怎样核验", "发现错误",
  "(?:来源|作者|供稿|编辑|责任编辑|责编|审核|校对|监制|复审|终审|初审)[:：]", "\\d{1,2}:\\d\\d",
  "IP属地[\\u4e00-\\u9fff]{2,3}",
];
// No word here sends anybody anywhere, nor gives anybody the day off: 来, 到, 休息 stand in fixed phrases alone.
const NOTES = [
  "各位", "[大二三四五小]?[爸妈爷奶姥叔婶姑姨舅伯哥姐弟妹]", "群友", "家长们?", "邻居们?", "邻里", "老师们?", "同学们?", "同事们?", "朋友们?", "亲友们?", "群友们?",
  "乡亲们?", "居民们?", "业主们?", "住户们?", "村民们?", "街坊们?", "老乡们?", "同志们?", "伙伴们?",
  "亲们?", "家人们?", "姐妹们?", "兄弟们?", "大家", "大伙儿?", "爸妈", "爸爸", "妈妈", "爷爷", "奶奶", "叔叔", "阿姨", "孩子", "宝妈", "老", "群里",
  "群内", "小区", "单位", "班级?", "本楼", "楼", "的", "们", "里",
  "早上", "上午", "中午", "下午", "晚上", "早安", "晚安", "早", "好", "你们?", "您", "我", "给", "都", "可", "能", "请", "快", "来看", "看",
  "看看", "一看", "一下", "这个", "这条", "这篇", "这", "下面", "以下", "下", "[转发]过来", "过来看", "收到", "转发", "转自", "转给?", "搬运", "分享",
  "提醒", "温馨提示", "温馨提醒", "注意", "留意", "了解", "(?:一起|认真)学习", "学习(?:一下|了)", "一起", "认真", "仔细", "完", "后", "早点(?:休息)?",
  "谢谢", "感谢", "辛苦", "配合", "了", "啊", "哈", "吧", "哦", "呀", "哟", "嗯", "哎", "有用", "实用", "内容", "通知", "消息", "新", "刚", "发",
  "发到群[里内]", "看到",
  "需要", "记得", "家里", "身边", "人", "多", "互相", "相互", "转告", "周知", "知悉", "供参考", "知道", "存", "收藏", "备用", "官方", "官方通知", "扩散",
  "须知", "知晓", "查收", "帮忙", "是不是真的", "是真的吗", "真的吗", "社区", "街道", "村里", "学校", "老家", "物业", "刚刚", "刚才", "都在传", "在传", "太",
  "很", "一条",
  "转一下", "互相转一下", "这条是", "是", "已核实", "最新", "如下", "发布", "回复", "@?所有人",
  // What a sender closes with, as whole phrases: none of their words says anything by itself.
  "注意安全", "平安过冬", "(?:祝|愿)(?:大家|各位|您|你们|全家)?都?(?:平安|周末愉快|身体健康|出入平安|节日快乐|一切安好)", "平平安安", "出入平安", "周末愉快", "保重",
  "安全第一", "别大意", "天冷了", "注意保暖",
  "望周知", "特此转[发告]", "(?:保护好|照顾好)自己(?:和家人)?", "务必(?:重视|看完)", "(?:一定|千万)要(?:看完|注意)", "(?:更|很)多的?人(?:知道|看到)?",
  "让更多的?人(?:知道|看到)", "多一个人看到", "多一份安全", "希望对(?:大家|您|你们|家人)有(?:用|帮助)",
  "仅供参考", "以上", "为了?(?:自己|家人|老人|孩子)(?:的安全)?", "(?:单位|业主|社区|家长|家庭|工作|村)群", "都是一家人", "(?:互相|相互)(?:照应|帮助|关照)",
  "有需要的收藏", "官方消息", "不信谣[,，、]?不传谣", "仔细阅读",
].map((word) => `(?:${word})`);
// What a remark says of the matter itself, or asks the reader to do: whatever holds one of these is no mere remark.
const CLAIMS = new RegExp([
  "[\\p{Nd}A-Za-z@￥¥%＋+]", "[零一二三四五六七八九十百千万两]+(?:[天日号点时分秒元块个人名次级度米处]|小时|公里)",
  "[停封断关撤跑逃躲淹塌垮崩溃炸爆毒漏烧震死伤亡删卖买退换领缴付汇捐借贷扫填报签]",
  "解除|取消|升级|降级|推迟|提前|延[期长]|放假|复[课工]|上[课学班]|开[放学]|回家|出门|转移|疏散|集合|上交|挪|收[走人]|封|改[成为到在]|暂[停缓]|恢复|更正|补充|最新|作废|无效",
  "过[时期]|旧的|[别勿]信|不[信实]|[谣假]|没[事有]|不[用必要准许能得会再是]|无[需须]|别|可以|必须|应[该当]|务必去|马上|立[即刻]|赶[紧快]|只要|否则|如果|除非",
  "[钱款费账]|补[贴助]|奖|免费|优惠|联系|电话|客服|热线|微信|登[记录]|下载|安装|点[击开]|链接|网[址站]|加[我群]|入群|进群|密码|验证",
  "另外|还有|此外|同时|而且|但|其[中实余]|第[一二三四五六七八九十]|根据|按照?|据|据说|要求|决定|规定|市长|局长|专家|指挥部|政府|内部",
  "全[市县区镇乡村省国]|(?<![社小园校])[市县区镇乡省](?![里内])|明[早晚天日]|后天|今[早天日]|下[周午]|本周|周[一二三四五六日末]",
].join("|"), "u");
const isClaim = (words) => CLAIMS.test(wide(words));
// Words of remarks that would say something of the matter in other company, so that no line is told by them alone.
const TALK = [
  "[你您他她咱我][们家]?那?(?:边|儿)?", "咱们", "今晚", "今天", "最近", "这几天", "天黑", "路滑", "天冷", "都?要?(?:小心|当心)[点些]?", "多加", "打扰", "麻烦",
  "听说了[吗没]?", "天气", "应急局的?", "公众号", "值得", "挺", "不错", "写得", "说得", "讲得", "清楚", "啦", "吗", "呢",
  "嘛", "哇", "也", "再", "和", "跟", "把",
  "让", "领导", "有(?:老人|孩子|小孩)的", "家[里人属]?", "关心", "关注", "支持", "理解",
  "同?学[们习]?", "[一几]?[条个篇段]", "东西", "费心", "客气", "劳驾", "拜托", "亲戚",
  "员工", "师傅", "先生", "女士", "主任", "转[给到发]?", "说", "大喇叭", "放了", "两", "遍", "小", "对", "啊", "呀",
].map((word) => `(?:${word})`);
const NAMED = "(?:\\p{Script=Han}{1,2}(?=[姐哥弟妹姨叔婶伯总工]|老师|师傅|经理)|(?<=[小老])\\p{Script=Han})";
const LONG_FIRST = [...NOTES, ...TALK].sort((one, other) => other.length - one.length);
const WORDS = new RegExp([...LONG_FIRST, NAMED].join("|"), "gu");
const REMARK = 40; // signs of the longest one
// Whether words before or after a notice speak to people and claim nothing.
export function isRemark(words) {
  const all = words.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
  return all > 0 && all <= REMARK && !/[\p{L}\p{N}]/u.test(words.replace(WORDS, "")) && !isClaim(words);
}
// Where a chat's app puts who sent a message and when, in a line of its own; a name that claims something is none.
const SENT = new RegExp(
  "^[\\[【(（]?([^\\d\\n:：]{0,12}?)[\\s,，:：]*(?:\\d{4}[-/.年]\\d{1,2}[-/.月]\\d{1,2}日?|\\d{1,2}[-/月]\\d{1,2}日?"
  + "|昨天|今天|星期.|周.)?"
  + "[\\sT]*(?:[上下中]午|凌晨|早上|晚上)?[ ]*\\d{1,2}:\\d\\d(?::\\d\\d)?(?:[ ]*[\\u4e00-\\u9fff]{2,4})?[\\]】)）]?$",
  "u",
);
// {test}: whether words consist of what these patterns match and of marks. From each place that is reached it goes on
// once, however many ways lead there: one expression of all of them takes time that doubles with each word.
function composed(patterns) {
  const each = [...patterns, "[\\s\\p{P}\\p{S}\\p{Extended_Pictographic}]"].map((one) => new RegExp(one, "uy"));
  return {
    test(words) {
      const reached = new Set([0]);
      for (const at of reached) {
        if (at === words.length) return true;
        for (const one of each) {
          one.lastIndex = at;
          if (one.test(words)) reached.add(one.lastIndex);
        }
      }
      return false;
    },
  };
}
const NOTE = composed(NOTES);
const ASKED = /^(?:这|这个|这条|那个)?(?:消息|通知|信息)?是?(?:不是)?(?:真的|假的|真的假的|真的还是假的|真是假)(?:吗|么|呀|啊)?$/u;
// Whether words say nothing but what people say of a notice that they pass on or ask about.
export const isNote = (words) => ASKED.test(words) || NOTE.test(words);
const escaped = (word) => word.replace(/[\\^$.*+?()[\]{}|]/gu, "\\$&").replace(/\s+/gu, "\\s*");
const ROUND = /^[\s\p{P}\p{S}\p{Extended_Pictographic}\ufe0f\u200d]*$/u;

// Flags of signs that are no part of a text, and the notes of those who passed it on. `known`: names and days that may
// stand in lines of their own; `links`: addresses that were issued.
export function aside(text, known = [], links = [], tags = []) {
  const skip = new Uint8Array(text.length + 1);
  const notes = [];
  const drop = (from, to) => skip.fill(1, from, to);
  for (const found of text.matchAll(AROUND)) {
    if (!SPEAKS.test(found[0])) drop(found.index, found.index + found[0].length);
  }
  for (const { 0: found, index } of text.matchAll(
    /(?:(?:全文|原文|链接|原文链接|阅读原文|详情)[:：]?\s*)?https?:\/\/[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+/gu,
  )) {
    if (links.includes(found.replace(/^.*?(?=https?:)/u, ""))) drop(index, index + found.length);
  }
  for (const { index, 0: found } of text.matchAll(/(?<=^|\n)[ \t]*(?:>+|[↓⇩]{2,}[ \t]*(?=\n))|（站外）/gu))
    drop(index, index + found.length);
  for (const { index, 0: found } of text.matchAll(/(?<=^|\n)[ \t]*[-—–] ?\d{1,3} ?[-—–][ \t]*(?=\n|$)/gu)) // of a sheet
    drop(index, index + found.length);
  for (const { index, 0: found } of text.matchAll(/\*\*(?=\S)[^*\n]+(?<=\S)\*\*/gu)) {
    drop(index, index + 2);
    drop(index + found.length - 2, index + found.length);
  }
  for (const { 0: found, 1: tag, index } of text.matchAll(/[#＃]([^#＃\n]{1,32})[#＃]/gu)) {
    if (tags.includes(tag) || tags.includes(tag.replace(/预警$/u, ""))) drop(index, index + found.length);
  }
  // A message that is quoted in a chat, and one that was passed on with who said it: 「name:…」, //@name:
  for (const { 0: found, 1: name, index } of text.matchAll(
    /(?:(?<=^\s*)「|\/\/@)([^\s「」:：]{1,12})[:：](?=[\s\S])/gu,
  ))
    if (!isClaim(name)) drop(index, index + found.length);
  for (const { 0: found, index } of text.matchAll(/^\s*[[【](?:转发|聊天记录|分享)[\]】]/gu)) drop(index, index + found.length);
  const lines = [...text.matchAll(/[^\n]+/gu)].map(({ 0: line, index }) => ({
    line,
    index,
    bare: line.replace(new RegExp(EMOJI, "gu"), "").trim(),
  }));
  const platform = composed([...known.map(escaped), ...PLATFORM]);
  const sent = (bare) => {
    const name = SENT.exec(bare)?.[1];
    return name !== undefined && !isClaim(name);
  };
  const part = lines.map(({ bare }) => !ROUND.test(bare) && !platform.test(bare) && !sent(bare));
  for (const [n, { line, index, bare }] of lines.entries())
    if (!part[n] && !ROUND.test(bare)) drop(index, index + line.length);
  for (const order of [lines.keys(), [...lines.keys()].reverse()]) {
    for (const n of order) {
      const { line, index, bare } = lines[n];
      if (!part[n]) continue;
      if (!isRemark(bare) && (bare.length > 30 || !NOTE.test(bare))) break;
      drop(index, index + line.length);
      notes.push(bare);
      part[n] = false;
    }
  }
  return { skip, notes };
}

// ---- the answer ----
export const LONGEST = 12000; // signs of a text that is looked at
const LEAST_LETTERS = 6;
const ANCHOR = 8; // signs of an issued sentence that makes a text one of that notice, where the rest is new
const LIKE = 0.5; // from here on a sentence is taken for a changed one

// `versions`: {post, sentences, known, links, tags …}, the newest of a post first. → {result, parts, notes}. result:
// "short" | "none" | "withdrawn" | "differs" | "joined" (parts of several notices) | "beside" (issued, and other words
// before or after) | "several" (whole ones) | "excerpt" | "whole".
export function compare(text, versions, names) {
  const all = (name) => versions.flatMap((version) => version[name] ?? []);
  const { skip, notes } = aside(text, [...names, ...all("known")], all("links"), all("tags"));
  const folded = fold(text, skip);
  if (folded.flat.filter((sign) => /[\p{L}\d]/u.test(sign)).length < LEAST_LETTERS)
    return { result: "short", parts: [], notes };
  const parts = explained(folded, 0, folded.flat.length, versions).flatMap((part) => described(part, folded, versions));
  const said = ({ version, near, words }) => !version && !near && isRemark(words.trim());
  while (parts.length && said(parts[0])) notes.push(parts.shift().words.trim());
  while (parts.length && said(parts.at(-1))) notes.push(parts.pop().words.trim());
  return { result: resultOf(parts), parts, notes };
}

function described(part, { flat, at, raw, skip }, versions) {
  const until = (n) => (n < at.length ? at[n] : raw.length);
  if (part.version) return [{ ...part, words: raw.slice(at[part.from], until(part.to)) }];
  const from = at[skipped(flat, part.from)];
  const words = raw.slice(from, until(part.to)).split("").filter((_, n) => !skip?.[from + n]).join("");
  const pieces = words.match(/[^。！？；!?;]+(?:[。！？；!?;]+[”’」』）)】]*)?/gu) ?? [words];
  const parts = pieces.filter((piece) => fold(piece).flat.length).map((piece) => {
    const near = nearest(piece, versions);
    return { words: piece, near: near.like >= LIKE ? near : null };
  });
  // Whether a line ends between these words and those before them, and those after them.
  if (parts.length) parts[0].begins = /\n/u.test(raw.slice(part.from ? at[part.from - 1] : 0, from));
  if (parts.length) parts.at(-1).ends = /\n[^\p{L}\p{N}]*$/u.test(words);
  return parts;
}

function resultOf(parts) {
  const runs = parts.filter(({ version }) => version);
  const gaps = parts.length - runs.length;
  const least = gaps ? ANCHOR : LEAST_LETTERS;
  if (
    !runs.some(({ version, first, last }) =>
      version.sentences.slice(first, last + 1).some(({ flat }) => flat.length >= least),
    )
  ) {
    const size = (list) => list.reduce((sum, { words }) => sum + words.length, 0);
    return size(parts.filter(({ near }) => near)) * 2 >= size(parts) && parts.length ? "differs" : "none";
  }
  if (runs.some(({ version }) => version.gone)) return "withdrawn";
  if (gaps && !areBeside(parts)) return "differs";
  const posts = [...new Set(runs.map(({ version }) => version.post))];
  const wholes = posts.map((post) => wholeness(runs.filter(({ version }) => version.post === post)));
  if (wholes.includes("turned")) return "differs";
  if (posts.length > 1 && !wholes.every((one) => one === "whole")) return "joined";
  if (gaps) return "beside";
  return posts.length > 1 ? "several" : wholes[0];
}

// Whether what was not issued stands before the first sentence that was or after the last, in lines of its own, and is
// like none.
function areBeside(parts) {
  const first = parts.findIndex(({ version }) => version);
  const last = parts.findLastIndex(({ version }) => version);
  return parts.every(({ version, near }, n) => version || (!near && (n < first || n > last)))
    && (!first || parts[first - 1].ends) && (last === parts.length - 1 || parts[last + 1].begins);
}

// Sentences that are missing between two of the same paragraph.
export function leftOut(runs) {
  const { sentences } = runs[0].version;
  const said = runs.flatMap(({ first, last }) => sentences.map((_, n) => n).slice(first, last + 1));
  const held = said.filter((n) => sentences[n].core);
  return held.slice(1).flatMap((n, at) =>
    (sentences[n].block === sentences[held[at]].block ? sentences.slice(held[at] + 1, n) : []));
}

// Whether runs of one post are all of it, an excerpt, or stand in another order.
export function wholeness(runs) {
  const { sentences } = runs[0].version;
  if (runs.some(({ version }) => version !== runs[0].version)) return "turned"; // of two versions
  const all = runs.flatMap(({ first, last }) => sentences.map((_, n) => n).slice(first, last + 1));
  const held = all.filter((n) => sentences[n].core);
  if (held.some((n, at) => at && n <= held[at - 1])) return "turned";
  if (leftOut(runs).length) return "turned";
  const words = ({ flat }) => flat.join("");
  const said = new Set(all.map((n) => words(sentences[n]))); // what to do stands in a warning's box and in its text
  const core = sentences.filter((one) => one.core);
  return core.length && core.every((one) => said.has(words(one))) ? "whole" : "excerpt";
}
