"""What a sentence is up to, told from the classes of its words and not from listed phrases.

Forced following joins an act (follow, download, share, vote) with a duty, a quota, a proof or a
denial; an advertisement joins two ways of selling; gossip joins a person of the stage with a
private affair; an opinion has a speaker of its own. Beside these stand the words of the register
`lexicons` (Articles 13, 15 and 16).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.detect.classes import classes
from pipeline.detect.folding import is_cut
from pipeline.detect.forms import Forms
from pipeline.model.documents import Document
from pipeline.model.findings import Message, say
from pipeline.model.lazy import regex
from pipeline.model.records import Fact

_WORDS = classes("purposes")

# Classes of words, as `forms` reads them. `/` stands where the first class stood.
_PRESSED = Forms(_WORDS["pressed"])
_DRIVEN = Forms(_WORDS["driven"])
_FREE = Forms(_WORDS["free"])
_CALL = Forms(_WORDS["offered"], _WORDS["call"])
_OFFICIALLY = Forms(_WORDS["officially"])
_MARKET = Forms(_WORDS["selling"], _WORDS["market"])
_PUBLIC = Forms(_WORDS["public"])
_AFFAIR = Forms(_WORDS["affair"])
_STIR = Forms(_WORDS["stir"])
_SPOKEN = regex(r"[“「『《][^”」』》]{0,80}$")
_REPORTED = Forms(_WORDS["reported"])
_SERIOUS = Forms(_WORDS["serious"])

_PRESSING = _WORDS["pressing"]
_PLAIN = (
    ("点赞", regex(
        r"为[^，。；“”]{0,12}(?:英雄|战士|逆行|卫士|消防员|队员|志愿者|劳动者|建设者|榜样|奉献|坚守|担当|付出|善举|义举|好人|好样|他们|她们|你们)"
        r"[^，。；作视文]{0,4}/(?![^，。]{0,6}(?:任务|数|率|排名|\d))"
    )),
    ("群", regex(
        rf"^(?!.*(?:{_PRESSING})).*/[^，。]{{0,2}}，?(?:即可|统一)?领取[^，。]{{0,8}}"
        r"(?:资料|课件|教材|讲义|手册|表|材料|通知|文件|证书)"
    )),
    ("代办", regex(
        r"/[人员点]|(?:免费|不收费|无偿|帮办|村干部|网格员|窗口|便民服务|行动不便|老年人|委托)(?!.{0,20}(?:包过|包拿|资质|只要|优惠))"
    )),
    ("登录", regex(
        r"/[^，。]{0,10}(?:政务服务|官网|官方网站|门户网站|办事大厅|网厅|(?:申报|报名|管理|信息|填报|查询|备案|公示)(?:系统|平台|网))"
    )),
    ("打卡", regex(r"/(?:考勤|机|上班|下班)|考勤/|门禁[^，。]{0,6}/|(?:值班|交接班|巡查|巡检)")),
    ("扫码", regex(r"/登记")),
)  # fmt: skip
"""Words → what around them (they stand at `/`) shows that they press and sell nothing."""


@dataclass(frozen=True)
class Purpose:
    """Two classes of words that make one purpose where a sentence holds both."""

    first: str
    second: Forms | None
    apart: Forms
    """What says that the sentence is about something else."""
    entry: Fact
    """Category, effect, reason and suggestion, as an entry of the register has them."""


def _entry(category: str, effect: str, reason: Message, suggestion: Message) -> Fact:
    value = {"category": category, "effect": effect, "reason": reason, "suggestion": suggestion}
    return Fact("lexicons", category, value, Document(""))


_TONE = say("Write in the plain voice of the unit.")
_GOSSIP = _entry("entertainment", "note", say("it reads like gossip"), _TONE)
_FOLLOW = (
    say("readers are pressed to follow, download or share"),
    say("Invite them, and name a way without it."),
)
_SELL = say("it reads like an advertisement"), say("Take out prices, praise and calls to buy.")
_NOTE = _entry("advertising", "note", *_SELL)
PURPOSES = (
    Purpose(_WORDS["bigger"], _PRESSED, _FREE, _entry("forced-sharing", "refuse", *_FOLLOW)),
    Purpose(_WORDS["selling"], _MARKET, _PUBLIC, _entry("advertising", "refuse", *_SELL)),
    Purpose(_WORDS["offered"], _CALL, _OFFICIALLY, _NOTE),
    Purpose(_WORDS["gain"], Forms(_WORDS["trade"], _WORDS["lure"]), _OFFICIALLY, _NOTE),
    Purpose(_WORDS["trade"], Forms(_WORDS["lure"]), _OFFICIALLY, _NOTE),
    Purpose(_WORDS["digital"], _DRIVEN, _FREE, _entry("forced-sharing", "note", *_FOLLOW)),
    Purpose(_WORDS["stage"], _AFFAIR, _SERIOUS, _GOSSIP),
    Purpose(_WORDS["folk"], _STIR, _SERIOUS, _GOSSIP),
    Purpose(_WORDS["slang"], None, _REPORTED, _GOSSIP),
    Purpose(_WORDS["trivial"], None, _SERIOUS, _GOSSIP),
    Purpose(
        _WORDS["view"],
        None,
        _REPORTED,
        _entry("personal", "note", say("a person's own view"), _TONE),
    ),
    Purpose(
        _WORDS["mood"],
        None,
        _REPORTED,
        _entry("emotion", "note", say("a person's own mood"), _TONE),
    ),
)
_FIRST = Forms(*(purpose.first for purpose in PURPOSES))
AROUND = 60
"""Signs on either side, within the sentence, in which the two classes meet."""
_ENDS = regex(r"[。\n](?!（)")


def purposes(plain: str) -> Iterator[tuple[int, int, tuple[int, int], Fact]]:
    """Where a purpose shows in a folded text: offsets of its first words, and of the others that
    show it (the same where one class is enough), once in a sentence."""
    last = [-1] * len(PURPOSES)
    for number, first, end in _FIRST.matches(plain):
        if first < last[number]:
            continue
        before = _ENDS.split(plain[max(0, first - AROUND) : first])[-1]
        behind = _ENDS.split(plain[end : end + AROUND], 1)[0]
        purpose = PURPOSES[number]
        also = _second(purpose, before, plain[first:end], behind)
        if also and not is_cut(plain, first, end):
            start, stop = (
                at + (first if at <= len(before) else end - 1) - len(before) for at in also
            )
            yield first, end, (start, stop), purpose.entry
            last[number] = end + len(behind)


def _second(purpose: Purpose, before: str, words: str, behind: str) -> tuple[int, int] | None:
    """Offsets of the second class in what stands around `words`, which count as one sign there."""
    around = f"{before}/{behind}"
    if purpose.apart.stand_in(f"{before}{words}{behind}"):
        return None
    if any(word in words and plain.search(around) for word, plain in _PLAIN):
        return None
    if purpose.second is None:
        return None if _SPOKEN.search(before) else (len(before), len(before) + 1)
    return purpose.second.stand_in(around)
