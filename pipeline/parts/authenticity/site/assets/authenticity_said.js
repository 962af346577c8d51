// Words around a notice that are no part of it: what apps, pages and senders put there, and what of it says something of
// the matter (docs/decisions/0128, 0131).
// Full width as half width.
export const wide = (text) => text.replace(/[！-～]/gu, (sign) => String.fromCodePoint(sign.codePointAt(0) - 0xfee0));
const PICTURES = "\\p{Extended_Pictographic}\\u{1f1e6}-\\u{1f1ff}\\u{1f3fb}-\\u{1f3ff}\\ufe0f\\u200d";
// Faces and gestures that chats write as words; any other word in such brackets may claim something.
const WRITTEN = "微笑|呲牙|偷笑|愉快|憨笑|可怜|流泪|大哭|害羞|得意|惊讶|捂脸|鼓掌|玫瑰|爱心|心|拥抱|抱抱|强|赞|握手|抱拳|合十|加油|太阳|月亮|咖啡"
  + "|蛋糕|礼物|庆祝|好的|胜利|亲亲|嘿哈|机智|耶|福|笑脸|哈哈|可爱|泪|汗|吃瓜|作揖|给力|鲜花|话筒|图片|动画表情|链接|视频";
const EMOJI = `(?:[${PICTURES}]|\\[(?:${WRITTEN})\\])`;
const AROUND = new RegExp(
  `(?<=^|[。！!\\n]\\s*)[ \\t\\u3000]*(?:${EMOJI}[ \\t\\u3000]*)+|(?:${EMOJI}[ \\t\\u3000]*)+(?=\\n|$)`,
  "gu",
);
// Those that deny, judge or ask, and words, letters and hours in a sign: such an emoji is a word.
const SPEAKS = new RegExp(
  "(?!🇨|🇳)[\\u{1f1e6}-\\u{1f1ff}]|[❓❔⁉🖕🤦🗑🛑✋❌×✖✗✘☒❎🚫⛔✅⭕🔞🙅🙆👎👌🤥💩🤡🚱🚳🚭🚯🚷📵🔕☠💀🆘💯"
  + "\\u{1f170}-\\u{1f19a}\\u{1f201}-\\u{1f251}\\u{1f519}-\\u{1f524}\\u{1f550}-\\u{1f567}]",
  "u",
);
export const speaks = (sign) => SPEAKS.test(sign);
// Of the source of a page: those that say nothing of their words, as one that strikes them out does.
const TAGS = "p|div|span|strong|b|em|br|section|article|ul|ol|li|h[1-6]|table|thead|tbody|tr|td|th|img|font";
// An attribute that may hide its words, or say others, makes a tag a part of the text.
const STYLE = "(?:text-align|text-indent|margin|padding|line-height|font-weight)\\s*:[\\w .%]*";
const ATTRIBUTE = `\\s(?:(?:class|id)="[a-z][\\w -]*"|style="(?:${STYLE};\\s?)*(?:${STYLE})?")`;
export const TAG = new RegExp(`</?(?:${TAGS})(?:${ATTRIBUTE})*\\s?/?>|&nbsp;`, "giu");

// ---- words ----
const PLATFORM = [
  "阅读原文", "点击上方蓝字关注我们", "预览时标签不可点", "微信扫一扫", "关注该公众号", "轻触阅读原文", "继续滑动看下一个", "向上滑动看下一个",
  "喜欢此内容的人还喜欢", "收录于合集", "收录于话题", "以下文章来源于", "发布于", "发表于", "来自", "微博网页版", "的?微博视频", "微信公众号", "微信", "微博",
  "公众号", "原创", "展开", "收起", "全文", "原文链接", "原文", "网页链接", "政务新媒体", "在看", "点赞", "分享", "收藏", "转发", "评论", "赞",
  "刚刚", "今天",
  "(?:阅读|点赞|赞|在看|转发|评论|分享|收藏|播放|浏览)[量数]? *[:：]? *[\\d.]*万?\\+?", "超话", "编辑于", "更多", "发布", "点击", "下方名片", "查看更多",
  "查看全文", "关注", "往期回顾", "长按复制此条消息", "发自我的手机", "END",
  "转自", "群聊的?", "聊天记录", "转发微博",
  "(?:来源|作者|供稿|编辑|责任编辑|责编|审核|校对|监制|复审|终审|初审)[:：]", "\\d{1,2}:\\d\\d",
  "IP属地[\\u4e00-\\u9fff]{2,3}",
];
// No word here sends anybody anywhere, nor gives anybody the day off: 来, 到, 休息 stand in fixed phrases alone.
const NOTES = [
  "各位", "[大二三四五小]?[爸妈爷奶姥叔婶姑姨舅伯哥姐弟妹]", "群友", "家长们?", "邻居们?", "邻里", "老师们?", "同学们?", "同事们?", "朋友们?", "亲友们?", "群友们?",
  "乡亲们?", "居民们?", "业主们?", "住户们?", "村民们?", "街坊们?", "老乡们?", "同志们?", "伙伴们?",
  "亲们?", "家人们?", "姐妹们?", "兄弟们?", "大家", "大伙儿?", "爸妈", "爸爸", "妈妈", "爷爷", "奶奶", "叔叔", "阿姨", "孩子", "宝妈", "老", "群里",
  "群内", "小区", "单位", "班级?", "本楼", "的", "们", "里",
  "(?:早上|上午|中午|下午|晚上)好", "早安", "晚安", "早", "好", "你们?", "您", "我", "给", "都", "可", "能", "请", "快", "来看", "看",
  "看看", "一看", "一下", "这个", "这条", "这篇", "这", "下面", "以下", "(?<=[看转])下", "[转发]过来", "收到", "转发", "转自", "转给?", "搬运", "分享",
  "提醒", "温馨提示", "温馨提醒", "注意", "留意", "了解", "(?:一起|认真)学习", "学习(?:一下|了)", "一起", "认真", "仔细", "完", "后", "早点(?:休息)?",
  "谢谢", "感谢", "辛苦", "配合", "了", "啊", "哈", "吧", "哦", "呀", "哟", "嗯", "哎", "有用", "实用", "内容", "通知", "消息", "新", "刚", "发",
  "发到群[里内]", "看到",
  "需要", "记得", "家里", "身边", "人", "多", "互相", "相互", "转告", "周知", "知悉", "供参考", "知道", "收藏", "备用", "官方", "官方通知", "扩散",
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
  "[\\p{Nd}A-Za-z@￥¥%＋+]", "[零一二三四五六七八九十百千万两]+(?:[天日号点时分秒元块个人名次级度米处]|小时|公里)|[一二三四五六七八九两几][百千万]",
  "关(?![系心注于键])|按(?!原文)|[停封断撤跑逃躲淹塌垮崩溃炸爆毒漏烧震死伤亡删卖买退换领缴付汇捐借贷扫填报签]",
  "解除|取消|升级|降级|推迟|提前|延[期长]|放假|复[课工]|上[课学班]|开[放学]|回家|出门|转移|疏散|集合|上交|挪|收[走人]|封|改[成为到在]|暂[停缓]|恢复|更正|补充|最新|作废|无效",
  "过[时期]|旧的|[别勿]信|不[信实]|[谣假]|没[事有]|不[用必要准许能得会再是]|无[需须]|别|可以|必须|应[该当]|务必去|马上|立[即刻]|赶[紧快]|只要|否则|如果|除非",
  "[钱款费账]|补[贴助]|奖|免费|优惠|联系|电话|客服|热线|微信|登[记录]|下载|安装|点[击开]|链接|网[址站]|加[我群]|转给?(?:我|单位)(?![的群])|入群|进群|密码|验证",
  "其[中实余]|第[一二三四五六七八九十]|根据|据|据说|要求|决定|规定|市长|局长|专家|指挥部|政府|内部",
  "全[市县区镇乡村省国]|(?<![社小园校])[市县区镇乡省](?![里内])|明[早晚天日]|后天|今[早天日]|下[周午]|本周|周[一二三四五六日末]",
].join("|"), "u");
export const isClaim = (words) => CLAIMS.test(wide(words));
// Words of remarks that would say something of the matter in other company, so that no line is told by them alone.
const TALK = [
  "[你您他她咱我][们家]?那?(?:边|儿)?", "咱们", "今天", "最近", "这几天", "天黑路滑", "路滑", "天冷", "都?要?(?:小心|当心)[点些]?", "多加", "打扰", "麻烦",
  "听说了[吗没]?", "天气", "应急局的?", "公众号", "值得", "挺", "不错", "写得", "说得", "讲得", "清楚", "啦", "吗", "呢",
  "嘛", "哇", "也", "再", "和", "跟", "把",
  "让", "领导", "有(?:老人|孩子|小孩)的", "家[里人属]?", "关心", "关注", "支持", "理解",
  "同?学[们习]?", "[一几]?[条个篇段]", "东西", "费心", "客气", "劳驾", "拜托", "亲戚",
  "员工", "师傅", "先生", "女士", "主任", "转(?:[给发]|到群[里内]?)?", "说", "大喇叭", "放了", "两", "遍", "小", "对", "啊", "呀",
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
// Whether words are a name in a chat: of a relative, or a surname with what people add to it. Any other words may claim
// something: 误区, 水库泄洪.
const SURNAMES = "王李张刘陈杨黄赵吴周徐孙朱胡郭何林郑谢罗梁宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜"
  + "崔钟谭陆汪范廖贾夏韦邹孟熊秦邱江尹薛闫侯龙史陶黎贺顾郝龚邵钱覃武戴莫孔汤";
const SURNAME = `[${SURNAMES}高马石方万]`; // these five with what people add to them alone: 高温, 石头
const KIN = "[爸妈爷奶姥叔婶姨姑舅伯哥姐弟妹]";
const CALLED = new RegExp(
  "^(?:(?:社区|隔壁|邻居|网格员|[\\d一二三四五六七八九十]{1,3}(?:号?楼|栋|单元))[- ]?)?"
  + `(?:[大二三四五六七八小老表堂]?${KIN}{1,2}`
  + `|[小老阿大]${SURNAME}子?|${SURNAME}(?:${KIN}|老师|师傅|阿姨|叔叔|大爷|大妈|大姐)`
  + "|群主|邻居|群友|班长|班主任|(?:\\p{Script=Han}{2}|\\p{Script=Han}\\p{Script=Han}{0,2}的)(?:爸爸?|妈妈?))$",
  "u",
);
const isCalled = (name) => CALLED.test(name) && !isClaim(name.replace(/\d+/u, ""));
// Where a chat's app puts who sent a message and when, in a line of its own.
const SENT = new RegExp(
  "^[\\[【(（]?((?:\\d{1,4}(?![\\d:：.点时日月年/-]))?[^\\d\\n:：]{0,12}?)[\\s,，:：]*(?:\\d{4}[-/.年]\\d{1,2}[-/.月]\\d{1,2}日?|\\d{1,2}[-/月]\\d{1,2}日?"
  + "|昨天|今天|星期.|周.)?"
  + "[\\sT]*(?:[上下中]午|凌晨|早上|晚上)?[ ]*\\d{1,2}:\\d\\d(?::\\d\\d)?(?:[ ]*([\\u4e00-\\u9fff]{2,4}))?[\\]】)）]?"
  + "(?:[ ]*来自[ ]*(?:[A-Za-z]{1,12}|微博|华为|小米|手机)[ ]*(?:网页版|政务版|客户端|手机)?)?$",
  "u",
);
const bareOf = (line) => line.replace(new RegExp(EMOJI, "gu"), "").trim();
const LABEL = /^@?[^\s「」:：，。！？@]{1,8}[:：]$/u;
// Day and hour, or an hour in brackets, and who says what follows.
const DATE = "(?:\\d{2,4}[-/.年])?\\d{1,2}[-/.月]\\d{1,2}日?[ T]+";
const CLOCK = "\\d{1,2}:\\d\\d(?::\\d\\d)?(?:[.,]\\d{1,3})?";
const SPEAKS_THEN = "(?:[^\\s:：，。！？]{1,12}[ \\t]*[:：])";
const STAMP = `(?:[\\[(（](?:${DATE})?${CLOCK}[\\])）][ \\t]*${SPEAKS_THEN}?|${DATE}${CLOCK}[ \\t]*${SPEAKS_THEN})`;
const STAMPED = new RegExp(`^${STAMP}$`, "u");
const STAMPS = new RegExp(`(?<=^|\\n)[ \\t]*${STAMP}(?=.)`, "gu");
// A text with what it is filed under, whom it is for, who said it when, and who passed it on in lines of their own.
export const inLines = (text) => text.replace(/[#＃][^#＃\n]{1,32}[#＃]/gu, "\n$&\n").replace(STAMPS, "$&\n")
  .replace(/(?<=^|\n)[ \t]*@[^\s@:：，。]{1,16}[ \t\u2005]+(?=\S)/gu, "$&\n").replace(/\/\/@/gu, "\n@").replace(/(?<=复制打开[^\n【]{1,9}【[^\n】]{1,24}】)/gu, "\n");
// Whether a line looks like one of those, or names who says what follows, whoever is named: what follows the hour may
// claim something.
export function isSent(line) {
  const bare = bareOf(line);
  if (STAMPED.test(bare)) return !isClaim(bare.replace(/[A-Za-z\d]/gu, ""));
  if (LABEL.test(bare)) return !isClaim(bare.replace(/[A-Za-z:：]/gu, ""));
  const [, name, after] = SENT.exec(bare) ?? [, "", true];
  return !after && !isClaim(name.replace(/^\d{1,4}/u, ""));
}
// {test}: whether words consist of what these patterns match and of marks. From each place that is reached it goes on
// once, however many ways lead there: one expression of all of them takes time that doubles with each word.
export function composed(patterns) {
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
export const NOTE = composed(NOTES);
// Who says what follows in the same line.
const SPEAKER = /^@?([^\s「」:：，。！？@]{1,12})[:：]\s*[“「]?/u;
export const withoutSpeaker = (words) => (
  words.replace(SPEAKER, (all, name) => (isCalled(name) ? "" : all)));
export const escaped = (word) => word.replace(/[\\^$.*+?()[\]{}|]/gu, "\\$&").replace(/\s+/gu, "\\s*");
const ROUND = /^[\s\p{P}\p{S}\p{Extended_Pictographic}\ufe0f\u200d]*$/u;
const IN_ADDRESS = /[0-9A-Za-z\-_~/?#@&=+%$]/u;

// Where one of the addresses ends that the text has from `from` on, in one line or broken; 0 where it has none of them.
function endOf(links, text, from) {
  return Math.max(0, ...links.map((link) => {
    let at = from;
    for (const sign of link) {
      while (/\s/u.test(text[at] ?? "")) at += 1;
      if (text[at] !== sign) return 0;
      at += 1;
    }
    return IN_ADDRESS.test(text[at] ?? "") || /^[.,:;!'()*][0-9A-Za-z]/u.test(text.slice(at, at + 2)) ? 0 : at;
  }));
}

// What apps and senders put into a line of a text, which says nothing.
const INLINE = [
  /(?<=^|\n)[ \t]*(?:>+|[↓⇩]{2,}[ \t]*(?=\n))|（站外）/gu,
  /(?<=^|\n)[ \t]*[-—–] ?\d{1,3} ?[-—–][ \t]*(?=\n|$)/gu, // the number of a sheet
  /(?<=^|[\n。！？；】\]])[ \t]*[(（][1-9]\/[2-9][)）]/gu, // of a message in parts
  /\*\*(?=\S[^*\n]*\S?\*\*)|(?<=\*\*[^*\n]*\S)\*\*/gu,
  TAG,
  /(?<=^|\n)[ \t]*[[【](?:转发|转|聊天记录|分享)[\]】]/gu,
  /(?<=^|\n)[ \t]*(?:原标题|标题|原文|正文|主题|Subject)[:：]\s*(?:(?:Fwd?|Re|转发|回复|答复)[:：]\s*)*/giu,
  /(?:拒收请?回复?|退订请?回复?)[A-Z]{1,2}(?=\s*(?:\n|$))/gu,
  /(?<=^|\n)[ \t]*\*[ \t]+(?=\S)/gu, // of a list
];

// Flags of signs that are no part of a text. `links`: addresses that were issued.
export function passedOver(text, links, tags) {
  const skip = new Uint8Array(text.length + 1);
  const drop = (from, to) => skip.fill(1, from, to);
  for (const found of text.matchAll(AROUND)) {
    if (!SPEAKS.test(found[0])) drop(found.index, found.index + found[0].length);
  }
  for (const { 0: found, index } of text.matchAll(
    /(?:(?:全文|原文|链接|原文链接|阅读原文|详情)[:：]?\s*)?(?=https?:\/\/)/gu,
  )) {
    const to = endOf(links, text, index + found.length);
    if (to) drop(index, to);
  }
  for (const { index, 0: found } of INLINE.flatMap((one) => [...text.matchAll(one)])) drop(index, index + found.length);
  for (const { 0: found, 1: tag, index } of text.matchAll(/[#＃]([^#＃\n]{1,32})[#＃]/gu)) {
    if (tags.includes(tag) || tags.includes(tag.replace(/预警$/u, ""))) drop(index, index + found.length);
  }
  return skip;
}

// ---- marks that a sender put before lines ----
const NUMBER = "[①-⑳❶-❿]|\\d{1,2}\\ufe0f?\\u20e3|\\d{1,3}(?=[ \\t]{2,}[\\S\\n])|[(（]?(?:\\d{1,2}|[一二三四五六七八九十])[)）、.．:：](?!\\d)"
  + "|[(（]?[A-HⅠ-Ⅻ][)）、.．](?![A-Za-z])";
const MARKED = new RegExp(`(?<=^|\\n)[ \\t>]*(${NUMBER})[ \\t]*(?=\\S|\\n)`, "gu");
export const HAN = "零一二三四五六七八九十";

function valueOf(number) {
  const [sign] = number.match(/[①-⑳❶-❿一二三四五六七八九十A-HⅠ-Ⅻ]|\d+/u);
  if (/\d/u.test(sign)) return Number(sign);
  if (HAN.includes(sign)) return HAN.indexOf(sign);
  const code = sign.codePointAt(0);
  return code - [0x2775, 0x245f, 0x215f, 0x40].find((before) => code > before);
}

const KINDS = [/[①-⑳]/u, /[❶-❿]/u, /\u20e3/u, /[一二三四五六七八九十]/u, /[A-H]/u, /[Ⅰ-Ⅻ]/u, /\d/u];
const kindOf = (number) => KINDS.findIndex((kind) => kind.test(number));

// {ends, start}: where numbers end that a sender put before lines, and where the one starts that holds a place. Those of
// a kind count from one on, each the next, once or more often.
export function marksOf(text) {
  const spans = [];
  const all = [...text.matchAll(MARKED)];
  for (const kind of new Set(all.map(([, number]) => kindOf(number)))) {
    const those = all.filter(([, number]) => kindOf(number) === kind);
    const values = those.map(([, number]) => valueOf(number));
    const inOrder = values.length > 1 && values.every((value, n) => value === 1 || value === values[n - 1] + 1);
    if (inOrder) spans.push(...those.map(({ 0: found, index }) => [index, index + found.length]));
  }
  return { ends: spans.map(([, to]) => to), start: (at) => spans.find(([from, to]) => at >= from && at < to)?.[0] };
}

// Signs that say that something is false, or forbid it: before what itself forbids they say no more.
export const CROSS = "[❌✖✗✘☒❎🚫⛔🈲🔞×]";
export const FORBIDS = "[严切]?[不勿别禁莫]";
const DENIED = new RegExp(`${CROSS}(?!\\ufe0f?\\s*${FORBIDS})|⭕`, "u");
// Whether ticks say nothing: they stand alone among signs that speak, for beside a cross one says what is true.
export const ticksAlone = (text) => !DENIED.test(text);

// Whether a line holds nothing but what apps put around a text. `known`: names and days that may stand there.
export function isOfApp(known) {
  const platform = composed([...known.map(escaped), ...PLATFORM]);
  return (line) => {
    if (SPEAKS.test(line)) return false;
    const bare = bareOf(line);
    const sent = SENT.exec(bare);
    return ROUND.test(bare) || platform.test(bare)
      || Boolean(sent && [sent[1], sent[2]].every((name) => !name || isCalled(name)));
  };
}
