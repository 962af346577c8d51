"""Which acts a month has, and on which days they are done."""

from typing import NamedTuple

from tests.builders.command import ours
from tests.month import acts
from tests.month.acts import HEAD, LEADER, OFFICER, SECOND, WRITER
from tests.month.bureau import Bureau


class Month(NamedTuple):
    """How often each act is done."""

    posts: int
    alerts: int
    corrections: int
    relays: int
    inquiries: int


WHOLE, FEW = Month(30, 2, 3, 11, 20), Month(2, 1, 1, 1, 2)
FIRST = "居家用气安全三件事"


def play(bureau: Bureau, month: Month) -> None:
    """The month of a bureau; an act that no page lets through raises."""
    titles = [_post(bureau, day, month) for day in range(month.posts)]
    for number in range(month.alerts):
        _alert(bureau, f"20T2{number + 1}")
    bureau.at("23T09:00")
    for title in titles[: month.corrections]:
        more = f"\n{title}：软管每18个月更换一次。\n"
        acts.change(bureau, WRITER, title, "更正", "漏写更换期限。", more)
        acts.review(bureau, title)
    acts.change(bureau, WRITER, titles[-1], "撤回", "内容有误，先行撤回。")
    acts.review(bureau, titles[-1])
    bureau.at("24T09:00")
    _joins(bureau)
    bureau.at("25T09:00")
    _absence(bureau)
    bureau.at("26T09:00")
    _lost(bureau)
    bureau.at("30T16:00")
    _report(bureau, month)
    done = ours(["-C", str(bureau.founding.clone.folder), "verify", "--as-of",
                 bureau.founding.now().isoformat()], str(bureau.founding.clone.folder))  # fmt: skip
    assert done.returncode in (0, 10), done.stdout + done.stderr


def _report(bureau: Bureau, month: Month) -> None:
    """It says what was done, though the key of who recorded it was stopped since."""
    sizes, tables = acts.report(bureau, "2026-11")
    assert min(sizes) > 5000
    assert len(tables["发布记录"]) == month.posts + month.alerts, tables
    relays, letters = tables["上级信息转载"], tables["留言与回复"]
    assert len(relays) == month.relays and len(letters) == month.inquiries, tables
    assert not [row for row in relays + letters if row.count("2026-11-") < 3], tables


def _post(bureau: Bureau, number: int, month: Month) -> str:
    """A post, reviewed, out and recorded, with the day's relays and inquiries."""
    day = 6 + number // 3
    hour = 8 + number % 3 * 3
    title = FIRST if not number else f"冬季安全提示第{number}号"
    bureau.at(f"{day:02}T{hour:02}:00")
    when = f"2026-11-{day:02}T{hour:02}:00"
    relays = number < month.relays
    words = f"详见[省厅的提示]({acts.source(number)})。" if relays else f"{title}。"
    if number:
        acts.write_like(bureau, FIRST, title, when, words)
    else:
        acts.write(bureau, title, when, _body=f"{acts.BODY}\n{words}\n")
    acts.review(bureau, title)
    acts.publish(bureau, title, f"https://mp.weixin.qq.com/s/{number}")
    if relays:
        acts.relay(bureau, number, when, title)
    if number < (month.inquiries + 1) // 2:
        asked = [f"第{number}号留言：报警器去哪里领？", f"第{number}号留言：什么时候演练？"]
        acts.inquiries(bureau, [f"{when.replace('T', ' ')}\t某人\t{words}" for words in asked])
        for words in asked:
            acts.answer(bureau, words, "请到服务站咨询。", when)
    acts.enter(bureau)
    return title


def _alert(bureau: Bureau, hour: str) -> None:
    title, now = f"大风蓝色预警（{hour[-2:]}时）", f"2026-11-{hour}:50"
    bureau.at(f"{hour}:50")
    acts.write(bureau, title, now, "预警信息", **{
        "alert.issuer": "云岚市气象台", "alert.issued_at": f"2026-11-{hour}:40",
        "alert.starts_at": now, "alert.ends_at": "2026-11-21T08:00", "alert.level": "4",
        "alert.color": "blue", "alert.areas": "云岚市"})  # fmt: skip
    acts.review(bureau, title)
    acts.publish(bureau, title, f"https://mp.weixin.qq.com/s/a{hour[-2:]}")
    acts.enter(bureau)
    acts.change(bureau, OFFICER, title, "解除预警", "")
    acts.review(bureau, title)


def _joins(bureau: Bureau) -> None:
    """A second leader is entered, and enrols a passkey."""
    id = "leader-in-charge-2"
    acts.new_person(bureau, SECOND, id, "leader-in-charge", "2026-11-24")
    acts.consent_here(bureau, HEAD, "人事任命")
    acts.consent(bureau, LEADER, "人事任命")
    acts.new_passkey(bureau, SECOND, id)
    acts.consent_here(bureau, HEAD, "登记密钥")
    acts.consent(bureau, LEADER, "登记密钥")


def _absence(bureau: Bureau) -> None:
    values = {"leader": "leader-in-charge-1", "delegate": "principal-1",
              "role": "leader-in-charge", "from": "2026-11-25", "until": "2026-11-28",
              "authority": "局办〔2026〕1号"}  # fmt: skip
    acts.propose(bureau, HEAD, "roster", values, "enter a mandate")
    acts.consent_here(bureau, HEAD, "出差")
    acts.consent(bureau, LEADER, "出差")


def _lost(bureau: Bureau) -> None:
    """The operator's phone is gone: anybody reports it, two consent."""
    clone = bureau.founding.clone
    with clone.repository() as repository:
        keys = clone.trusted(repository).registers.roster.keys
    key = next(k for k in keys if k.person == "operator-1").fingerprint
    acts.propose(bureau, WRITER, "roster", {"key": key}, "report a lost phone")
    acts.consent(bureau, HEAD, "遗失手机", "变更已由")
    acts.consent(bureau, LEADER, "遗失手机")
