"""What a sentence is up to, told from the classes of its words and not from listed phrases.

Forced following joins an act (follow, download, share, vote) with a duty, a quota, a proof or a
denial; an advertisement joins two ways of selling; gossip joins a person of the stage with a
private affair; an opinion has a speaker of its own. Beside these stand the words of the register
`lexicons` (Articles 13, 15 and 16).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.detect.boundaries import is_cut
from pipeline.model.documents import Document
from pipeline.model.findings import Message, say
from pipeline.model.records import Fact
from pipeline.model.regex import regex

# Classes of words. Every way of a first class begins with a sign, not with a choice or a look
# behind, so that the search skips what begins none. `/` stands where the first class stood.

_TARGET = (
    r"(?:公众号|本号|官号|账号|帐号|我们|视频号|服务号|订阅号|政务号|抖音|快手|微博|微信|小程序|直播间|app|客户端"
    r"|[“「『][^”」』表书册]{1,14}[”」』])"
)
_TOWARDS = rf"[^，。；！？]{{0,10}}{_TARGET}"
_COUNT = "(?:率|人数|任务|量(?!达|突破|超|累计|已|小|为))"
_BIGGER = regex(
    rf"关注(?<![高密持重引受切备广泛续别敬]关注)(?:{_TOWARDS}|{_COUNT}|情况|页面|截图|并|后|才|方可|(?=[，、）|]|$))"
    r"|点赞(?<!(?:群众|网友|纷纷|市民|居民|频频)点赞)(?<![获受]点赞)(?![的“])"
    r"|点(?:个|一?下)?(?:关注|在看)|应关注|已关注|未关注|公众号关注|账号关注|完成关注"
    r"|关注本号|粉丝|涨粉|集满?\d{0,4}个?赞"
    rf"|转发(?:{_TOWARDS}|[^，。；！？]{{0,8}}(?:朋友圈|群|链接)|{_COUNT}|截图|本文|后|才|并|海报|(?=[，、|]|$))|朋友圈"
    rf"|分享(?:[^，。；]{{0,8}}(?:链接|群)|后|{_COUNT})|投票|投\d+票|打榜|冲榜|刷票|拉票"
    r"|注册成功|实名注册|加入[^，。]{0,8}群(?!众|体|防)|入群(?!众)|进群|订阅(?=本|我|“|率|量|数)|拉新|拉人|邀请好友|转评赞|一键三连|双击屏幕|互粉|互关|弹幕|刷屏|看满|在线满|每日签到|每天签到"
    + "".join(
        f"|{act}{_COUNT}"
        for act in ("阅读", "浏览", "播放", "评论", "完播", "观看", "在线", "激活")
    )
    + "".join(f"|{act}(?:{_TOWARDS}|{_COUNT})" for act in ("下载", "安装", "注册", "绑定", "实名"))
)
"""Acts by which an account, a group or a program grows."""
_PRESSED = regex(
    r"必须|务必|一律|都要|均[须要应]|都得|确保|强制|硬性|不得不|人人|每[人户家个班]|全[体员部]"
    r"|所有(?:人|干部|员工|家长|教师|企业)|逐[人户一]|限(?:本周|今|明|期)|下班前|[日周点天]前"
    r"|达到?\s?\d|不(?:少|低)于|至少|不达标|指标|排名|考核|绩效|评优|评先|挂钩|[扣加积]分|通报"
    r"|约谈|差额|补齐|分解|摊派|任务|名单|完成情况|未完成|没完成|晒|\d\s?[%％票]|截[图屏]|接龙"
    r"|回复[“「]|页面(?:发|交)|才[能可给让算有会发准]|方[可能予]|后再|再(?:来|办|查|看|领|填|进)"
    r"|视为|凭|出示|即可(?:领|抽|获|参)|抽奖|兑换|不予|不得(?!下达|以|将|强|要求|摊派|变相|作为)"
    r"|不[能许准给办发收让]|别来|无法|概不|谢绝|取消(?!收)|不受理|说明原因|自负|仅[对限向]|先/"
    r"|[未不没]/|没有/|后/|缺|一票否决|督办|催|前提|条件|暂不|上传|保留\d"
)
_FREE = regex(
    r"自愿|的问题|欢迎|不强|不作为|不得(?:下达|以|将|强|要求|摊派|变相|作为)|也可|均可|任选"
    r"|根据需要|网友|倡议|纠正|整治|治理|叫停|曝光|查处|问责|反面|避免|防止|杜绝|不搞|不需|无需|谣"
    r"|诈骗(?!中心|app)|招募|投票(?:结果|通过|表决)|董事|股东|业主|选民|选举|表决|候选|罢免|记名"
    r"|委托|评估|多数|决策|当选"
)
_SELLING = (
    r"首发价|到手价|现价|原价|特惠|特价|秒杀|包邮|打[\d一二三四五六七八九.]{1,3}折"
    r"|享[\d一二三四五六七八九.]{1,3}折|五折起|六折起|七折起|八折起|九折起|三折起|二折起|一折起"
    r"|全场.{1,2}折|立减|再减|低至|买[一二三四五十\d]{1,2}[送赠]"
    r"|满[\d一二三四五六七八九十百千两.]{1,4}元?[减送赠]|量大[从价]优|价格[面可]议|价格公道"
    r"|价格实惠|价格优惠|面议|均价|仅需?\d|只要\d|仅售|¥\s?\d|￥\s?\d|💰|限时抢|抢购[中价！]"
    r"|手慢无|名额仅|席位有限|座位不多|仅剩|最后[一二三四五两\d]天|欲购|欲报|欲订|再不[买抢订]"
    r"|就没[啦了]|今晚截止|爆款|热销|热卖|畅销|首选"
    r"|认准(?!.{0,12}(?:标|认证|收款|官方|3c|章))|信赖|央视推荐|全国联保|老品牌|厂家直|厂家补贴"
    r"|源头厂家|质保|售后无忧|终身(?:升级|免费|质保|维护|享)|永久会员|销量|销冠|无痛|不留疤|坐诊"
    r"|祖传|疗效|根治|不得不提|都认这|让您|一键定位|戳图|戳我|点击下方|阅读原文(?:进入|购|下)"
    r"|赶紧下单|下单|咨询热线|订购|订座|诚招|招.{0,6}代理|加盟费|加盟热线|有售|京东|淘宝|天猫"
    r"|拼多多|出租出售|批发零售|就找|就选|详询|赞助播出|赞助商|赞助单位|友情赞助|特约|冠名"
    r"|业务员小|加客服|私信客服|联系客服|费率.{0,5}最低|保费低|无抵押|秒到账|放款|利率低|免息|首付"
    r"|专享|样板间|开盘|学区房|火热(?:预约|招商|招生|销售|报名|开售|开盘)|先到先得|立即购买|立即抢"
    r"|扫码购|扫码咨询|加微信|上门取货|随时上门|免费上门|高价回收|守护您|守护你的|返现|返利|优惠券"
    r"|团购|拼团|同款|种草|安利|亲测|回头客|本店|到店|旗舰店|专卖店|欢迎选购|欢迎订购|欢迎来电"
    r"|欢迎光临|新品上市|新品首发|新到|看样|免费试用|免费试听|免费体验|精美礼品|体验课|首节|起跑线"
    r"|包过|保过|包拿证|不过退|不过全额|代办.{0,10}证|秒批|一次通过|全额退费"
)
_MARKET = regex(
    r"\d+(?:\.\d+)?(?:元|起|块|天|年)|价|折|优惠|限时|预约|预订|联系|电话|热线|微信|私信|加v|品牌"
    r"|专利|××|xx|客户|用户|推荐|牌|产品|公司|商城|小程序|店|厂|医院|保险|会员|签约|现场|火|直供"
    r"|十年|最[低好强优]|第一|独家|送|抢|买|卖|购|装修|招生|名额|办证|培训班|班|孩子|质量|匠心"
    r"|款式|精品"
    f"|{_SELLING}"
)
_SELLS = regex(_SELLING)
_PUBLIC = regex(
    r"补贴(?<!厂家补贴)|财政|采购|招标|投标|供应商|拍卖|竞买|起拍|招租|罚|查处|查获|谨防|警惕|冒充"
    r"|假冒|诈骗|骗|收费标准|认证标志|强制性产品|虚假|发改|公益|不收取|推销|以旧换新|未经|无证"
    r"|非法|不得(?!不)|严禁|禁止|切勿|请勿|不要(?!错过)|违规|投诉|举报|消费者|监管|抽检|召回|储备"
    r"|签约金额|受理|审批|政策|非遗|农产品|助农|帮扶|隐患|整改|责令|免费领取|免费发放|工伤|学历"
    r"|存放|储存|经营者|合格|地价|房价|物价|受灾|疏散|检查|明码标价|税收|事故|伤亡|限流"
)
_STAGE = regex(
    r"顶流|明星(?!企业|班组|社区|入场)|男星|女星|球星|网红(?!桥|打卡点)|偶像|爱豆|演员|歌手|主播"
    r"|影帝|影后|艺人|某姐|一姐|嘉宾|选手|运动员|美女|帅哥|女神|男神|小姐姐|小哥哥|小哥|女警|警花"
    r"|消防员|辣妹|粉圈|前妻|前夫|前任|豪门|嫩模|男主|女主|局花|局草|校花|校草|大妈|邻居|女子|男子"
    r"|夫妻|cp(?<![a-z]cp)(?![a-z])"
)
_AFFAIR = regex(
    r"恋情|分手|离婚大战|闹离婚|隐婚|出轨|绯闻|官宣|素颜|翻车(?!事故)|撸串|塌房|爆料|狗粮|锁死"
    r"|炸锅|八卦|吃瓜|劈腿|约会|同居|私会|夜会|小三|未婚先|整容|走光|性感|身材|腿[有真好多长]|颜值"
    r"|胸[围大]|撩|脱单|红毯|穿搭|撒糖|腹肌|生图|路透|打架.{0,8}(?:聊天|曝)|聊天记录|秘密|在一起"
    r"|换装|太帅|帅[到得炸呆]|好帅|想嫁|想娶|同框|选妃|三观|酸了|心动|尖叫|女友|男友|老公|老婆"
)
_TRIVIAL = regex(
    r"吃瓜(?!果|子)|瓜太大|瓜真大|瓜来了|嗑到了|磕到了|狗粮|辣妹|ootd|撩妹|撩汉|脱单"
    r"|蹭(?:个|一?波)?热[度搜]|啧啧|准到离谱|单身狗|绝绝子|绝了|yyds|姐妹们|宝子|集美|白羊座"
    r"|金牛座|双子座|巨蟹座|狮子座|处女座|天秤座|天蝎座|射手座|摩羯座|水瓶座|双鱼座|星座|运势"
    r"|桃花[旺运]|水逆|塔罗|测测你|测一测(?=你|：)|前世|姻缘|财运|财神方位|生肖.{0,8}[运财旺]"
    r"|属[鼠牛虎兔龙蛇马羊猴鸡狗猪]的|解梦|算一卦|灵异|闹鬼|撞鬼|鬼故事|千万别一个人看"
    r"|双色球.{0,10}[压买选中猜]|大乐透.{0,10}[压买选中猜]|追剧|剧透|二刷|锁死|民政局我|办公室恋情"
    r"|经纪人回应|上头了|王者荣耀|吃鸡|开黑|上分|五排|冲鸭|带飞|渣男|渣女|绿茶婊|老司机|福利图"
    r"|擦边|少妇|丝袜|翘臀|腿有多|腿真[长好]|深夜福利|你懂的|段子|局花|局草|选妃|一枝花|三观尽毁"
    r"|震惊！|惊！|惊呆|笑到|打麻将|颜值逆天|颜值爆|颜值担当|制服诱惑|嫩模|豪门|王炸组合|男团|女团"
    r"|饭圈|嗑糖|甜宠|霸总|虐恋|姐弟恋|闺蜜|热舞|肌肉男|一夜情|暧昧|撩人|美腿|比基尼|低胸|湿身"
    r"|大尺度|吻戏|床戏|绿帽|捉奸|小三|狗血剧情|宫斗|玄学|转运|改运|招财|面相|手相|看相|八字(?:合|硬|算)|占卜"
    r"|星盘|血型.{0,4}性格|桃花运|幸运色|幸运数字|锦鲤|抽卡|英雄联盟|原神|土味情话|情话|单身汪"
    r"|恋爱脑|凡尔赛|追星|爱豆|磕糖|综艺(?!楼)"
)
_VIEW = regex(
    r"我(?<![自代教为给让由忘大小彼敌对不犯毁亡有]我)(?!说的|个人[信所账]|受|谨|向|先|首先|报告|相信|希望|可以告诉|犯|着重|仅就|就几|还要|现在|境外|强调|局|市|省|县|区|国|们|委|中心|单位|院|校|方|厅|部|街|镇|乡|村|社|公司|军|队|站|所|办|科|处|州|盟|旗|馆|会|企|党|台|园|州|宣布|承诺|保证|代表|是|叫|为|家|的|和|来|在|将|要|国|志愿|宣誓|自愿)"
    r"|我们(?:觉得|估计|猜|以为)"
    r"|小编(?:也|就|只|真|倒|反正)?(?:猜|觉得|认为|以为|不信|想说|表示|忍不住|心疼|怀疑|不赞)"
    r"|反正小编|心疼小编|本人(?:对此|觉得|认为|以为|保留)|咱(?:觉得|就是说|也|家领导)"
    r"|笔者(?:看来|认为|以为|觉得)|依小编|恕小编|要我说|恕我|说句心里话|说句实在话|说句不好听"
    r"|说实话|老实说|说白了|讲真|坦白讲|不得不说|悄悄说|私以为|愚见|拙见|只想说"
    r"|个人(?:认为|觉得|看法|以为)|不吐不快|大家自己品|细品|懂的都懂|懂的自然懂|八成是|十有八九"
    r"|不信你|不信走着|个人感觉|凭良心讲|凭良心说|摸着良心|平心而论|讲句公道话|说句公道话"
    r"|说真的|实话实说|我看呐|我看啊|依我看|照我说|换作是我|要是我|换我"
)
_MOOD = regex(
    r"唉|哎，心|心累|火大(?!烟|势)|忍不了|没眼看|活该|呵呵|哈哈哈?|早该管|留着过年|难以服众|太轻了"
    r"|太过分|太离谱|打脸|谁懂啊|家人们|气死|气炸|好烦|好累啊|恶心(?![、，想呕等和])|离谱|无语"
    r"|醉了|真服了|吐槽|受不了|捉急|烦死|累死|折腾|摆烂|走走形式|走过场吧|形同摆设|拍脑袋"
    r"|跑断腿|纯属(?:形式|瞎|扯|胡|折腾)|笑死|丢人|可笑|脑残|傻[子逼x]|垃圾(?:公司|企业|开发商)"
    r"|天理|良心(?=不会|何在|被)|就是野|素质太|素质真|告也告不赢|浪费大家|爱咋|谁爱|关我|上面要求"
    r"|没办法，|拖到半夜|有本事|凭什么(?=[不让要管说你我])|至于吗|走着瞧|自求多福|心寒|失望透|甩锅"
    r"|不了了之|大快人心|罚得好|罚得轻|就该抓|就该罚|就该关|就该判|说[烧塌炸停拆]就|挺水|什么年代"
    r"|还这样|瞎操心|瞎折腾|管好你|你急什么|又不是只|当儿戏|听听就好|辞职不干"
    r"|加班填|何苦|何必呢|笑话|真替|惯的|欠收拾|真绝|扎心|破防|谁信|骗鬼|糊弄|爱信不信|随你便"
    r"|自己看着办|装什么|搞什么鬼|什么玩意|啥也不是|白瞎|八辈子|坑爹|缺德|吃饱了撑|智商|欠揍|闭嘴"
    r"|少来这套|懒得|无言以对|气不打|键盘侠|杠精|躺枪|裂开|绷不住|打工人|社畜|可悲|可恶|可恨"
    r"|烦不烦|受够了|服了|来气|不痛不痒|作秀|拍马屁|看热闹不嫌|睁一只眼"
)
_SPOKEN = regex(r"[“「『《][^”」』》]{0,80}$")
_REPORTED = regex(r"讲话|致辞|述职|发言摘|情绪安抚|与会|问：|来信|留言")
_SERIOUS = regex(
    r"检查|违规|案件|落水|溺|受伤|送医|急救|抓获|拘留|交通管制|禁止|伤亡|中毒|纠纷|企业家"
)


@dataclass(frozen=True)
class Purpose:
    """Two classes of words that make one purpose where a sentence holds both."""

    first: re.Pattern[str]
    second: re.Pattern[str] | None
    apart: re.Pattern[str]
    """What says that the sentence is about something else."""
    entry: Fact
    """Category, effect, reason and suggestion, as an entry of the register has them."""


def _entry(category: str, effect: str, reason: Message, suggestion: Message) -> Fact:
    value = {"category": category, "effect": effect, "reason": reason, "suggestion": suggestion}
    return Fact("lexicons", category, value, Document(""))


_TONE = say("Write in the plain voice of the unit.")
_GOSSIP = _entry("entertainment", "note", say("it reads like gossip"), _TONE)
PURPOSES = (
    Purpose(
        _BIGGER, _PRESSED, _FREE,
        _entry("forced-sharing", "refuse", say("readers are pressed to follow, download or share"),
               say("Invite them, and name a way without it.")),
    ),
    Purpose(
        _SELLS, _MARKET, _PUBLIC,
        _entry("advertising", "refuse", say("it reads like an advertisement"),
               say("Take out prices, praise and calls to buy.")),
    ),
    Purpose(_STAGE, _AFFAIR, _SERIOUS, _GOSSIP),
    Purpose(_TRIVIAL, None, _SERIOUS, _GOSSIP),
    Purpose(_VIEW, None, _REPORTED, _entry("personal", "note", say("a person's own view"), _TONE)),
    Purpose(_MOOD, None, _REPORTED, _entry("emotion", "note", say("a person's own mood"), _TONE)),
)  # fmt: skip
AROUND = 60
"""Signs on either side, within the sentence, in which the two classes meet."""
_ENDS = regex(r"[。\n](?!（)")


def purposes(plain: str) -> Iterator[tuple[int, int, Fact]]:
    """Where a purpose shows in a folded text: offsets of its first words, once in a sentence."""
    for purpose in PURPOSES:
        last = -1
        for match in purpose.first.finditer(plain):
            first, end = match.span()
            if first < last:
                continue
            before = _ENDS.split(plain[max(0, first - AROUND) : first])[-1]
            behind = _ENDS.split(plain[end : end + AROUND], 1)[0]
            if _serves(purpose, before, match[0], behind) and not is_cut(plain, first, end):
                yield first, end, purpose.entry
                last = end + len(behind)


def _serves(purpose: Purpose, before: str, words: str, behind: str) -> bool:
    if purpose.apart.search(f"{before}{words}{behind}"):
        return False
    if purpose.second is None:
        return not _SPOKEN.search(before)
    return purpose.second.search(f"{before}/{behind}") is not None
