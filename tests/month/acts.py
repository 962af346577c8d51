"""The acts of a month, each on the pages that its person has for it."""

import re

from playwright.sync_api import expect

from tests.builders.foundings import UNIT
from tests.month.bureau import Bureau
from tests.month.hand import Hand

OFFICER, HEAD, LEADER = "某信息员", "某科长", "某分管"
OPERATOR, WRITER, PRINCIPAL = "某管理员", "某作者", "某局长"
SECOND = "某副局长"
"""Who joins in the month."""
BODY = "冬季用气更要小心。\n\n1. 用气时保持通风。\n2. 软管定期更换。\n3. 闻到气味先关阀门。\n"


def source(number: int) -> str:
    """The address of an item of the province."""
    return f"https://yjt.example.org/fh/{number}.html"


def write(bureau: Bureau, title: str, when: str, kind: str = "安全提示", **more: str) -> None:
    """A post from the empty form, handed in; `more`: fields of its kind."""
    with bureau.tally.act("write an alert" if kind == "预警信息" else "write a post"):
        hand = bureau.who(WRITER if kind != "预警信息" else OFFICER)
        hand.menu("撰稿")
        hand.button(kind)
        hand.page.wait_for_load_state()
        day = when[:10]
        texts = {"title": title, "summary": "通风、换管、关阀门。", "_body": BODY,
                 "publish_at": when, "secrecy_review.date": day, **more}  # fmt: skip
        for name, words in texts.items():
            if name.startswith("alert.level") or name == "alert.color":
                hand.choose(name, words)
            else:
                hand.type(name, words)
        lists = {"topic": "education" if kind == "安全提示" else "disaster",
                 "category": "3" if kind == "安全提示" else "1", "ai": "none",
                 "secrecy_review.result": "releasable",
                 "secrecy_review.person": "section-head-1"}  # fmt: skip
        for name, value in lists.items():
            hand.choose(name, value)
        hand.tick(hand.page.get_by_label(UNIT))
        _submit(hand)


def write_like(bureau: Bureau, before: str, title: str, when: str, end: str) -> None:
    """A post that begins as an earlier one; `end`: what its text ends with."""
    with bureau.tally.act("write a post on the ground of another"):
        hand = bureau.who(WRITER)
        _found(hand, before)
        hand.button("以此为底稿")
        hand.page.wait_for_load_state()
        for name, words in {"title": title, "publish_at": when, "summary": f"{title}。",
                            "secrecy_review.date": when[:10],
                            "_body": BODY + f"\n{end}\n"}.items():  # fmt: skip
            hand.type(name, words)
        for name, value in {"ai": "none", "secrecy_review.result": "releasable",
                            "secrecy_review.person": "section-head-1"}.items():  # fmt: skip
            hand.choose(name, value)
        _submit(hand)


def _found(hand: Hand, title: str) -> None:
    """A post by the words of its title: what is listed without any is the newest."""
    hand.menu("查找")
    hand.type("q", title)
    hand.enter_key()
    hand.click(hand.page.get_by_role("link", name=title, exact=True).first)
    hand.page.wait_for_load_state()


def _submit(hand: Hand) -> None:
    hand.button("送审")
    hand.hears("送审")


def decide(bureau: Bureau, name: str, title: str, act: str = "review a post") -> None:
    """A review, or the confirmation: read, tick, agree, touch."""
    with bureau.tally.act(act):
        hand = bureau.who(name)
        page = hand.page
        row = page.locator(".rows > li", has=page.get_by_role("link", name=title)).first
        hand.click(row.get_by_role("link", name="办理", exact=True))
        agree = page.get_by_role("button", name="同意并签名", exact=True)
        expect(agree).to_be_visible()
        page.wait_for_load_state()
        for box in page.locator("input[name=seen], input[name=affirm]").all():
            hand.tick(box)
        page.locator("#read").scroll_into_view_if_needed()
        expect(agree).to_be_enabled()
        hand.click(agree)
        page.wait_for_url(re.compile("//[^/]+/$"))


def review(bureau: Bureau, title: str, leader: str = LEADER) -> None:
    """Three reviews and the confirmation, a minute each."""
    for name in (OFFICER, HEAD, leader):
        decide(bureau, name, title)
    decide(bureau, HEAD, title, "confirm a post")


def publish(bureau: Bureau, title: str, address: str) -> None:
    """What the account carried is recorded: its address pasted, and signed."""
    with bureau.tally.act("record a publication"):
        hand = bureau.who(OPERATOR)
        row = hand.page.locator(".rows > li", has=hand.page.get_by_role("link", name=title)).first
        hand.click(row.get_by_role("link", name="办理", exact=True))
        expect(hand.page.locator("[name=url]").first).to_be_focused()
        hand.paste("url", address)
        hand.button("签名")
        hand.hears("已登记")


def enter(bureau: Bureau) -> None:
    """All that is signed or entered, and whose hour has come, becomes part of the archive."""
    hand = bureau.who(OPERATOR)
    while hand.page.get_by_role("button", name="入档").count():
        with bureau.tally.act("enter a day's records"):
            hand.button("入档")
            hand.hears("已入档")
        hand = bureau.who(OPERATOR)


def relay(bureau: Bureau, number: int, when: str, title: str) -> None:
    """An item of the province, which the post of this title carried."""
    with bureau.tally.act("enter a relay"):
        hand = bureau.who(OFFICER)
        hand.menu("记录")
        hand.click(hand.page.get_by_role("link", name=re.compile("转发")).first)
        hand.page.wait_for_load_state()
        if not hand.page.locator("main [name=title]").is_visible():
            hand.click(hand.page.get_by_text("登记一条", exact=True))
        hand.type("title", f"关于做好今冬防火工作的提示之{number}")
        hand.type("source.name", "江岚省应急管理厅")
        hand.choose("source.level", "provincial")
        hand.paste("source.url", source(number))
        hand.type("source_published_at", when)
        post = hand.page.locator("select[name=post] option", has_text=re.compile(f"^{title}$"))
        hand.choose("post", str(post.get_attribute("value")))
        hand.tick(hand.page.locator("input[type=checkbox][name=accounts]").first)
        hand.button("登记")
        hand.hears("登记")


def inquiries(bureau: Bureau, rows: list[str]) -> None:
    """Comments of the public, pasted as the platform shows them; all that is offered is entered."""
    with bureau.tally.act(f"enter {len(rows)} inquiries"):
        hand = bureau.who(OPERATOR)
        hand.menu("来信")
        hand.paste("text", "\n".join(rows))
        hand.button("逐条查看")
        hand.page.wait_for_load_state()
        for box in hand.page.locator("input[type=checkbox][name=take]").all():
            hand.tick(box)
        hand.button("登记")
        hand.hears("登记")


def consent(bureau: Bureau, name: str, reason: str, heard: str = "已入档") -> None:
    with bureau.tally.act("consent"):
        hand = bureau.who(name)
        hand.click(hand.page.get_by_role("link", name="办理", exact=True).first)
        hand.page.wait_for_url("**/govern/proposal**")
        hand.type("reason", reason)
        hand.button("同意并签名")
        hand.hears(heard)


def report(bureau: Bureau, month: str) -> tuple[list[int], dict[str, list[str]]]:
    """The month's report read, and saved as Word and PDF; the sizes of both, and what each table
    of the page holds, a line a row."""
    sizes = []
    with bureau.tally.act("hand in the month's report"):
        hand = bureau.who(HEAD)
        hand.menu("报告")
        hand.type("period", month)
        hand.button("查看")
        for name in ("Word", "PDF"):
            with hand.page.expect_download() as download:
                hand.click(hand.page.get_by_role("link", name=name).first)
            sizes.append(download.value.path().stat().st_size)
    tables = hand.page.locator("section.card:has(h2)").all()
    return sizes, {
        table.locator("h2").inner_text(): table.locator("tbody tr").all_inner_texts()
        for table in tables
    }


def answer(bureau: Bureau, summary: str, reply: str, when: str) -> None:
    """An inquiry is answered on its page."""
    with bureau.tally.act("answer an inquiry"):
        hand = bureau.who(OPERATOR)
        hand.menu("来信")
        hand.click(hand.page.get_by_role("link", name=re.compile("待办")).first)
        hand.page.wait_for_load_state()
        hand.click(hand.page.get_by_role("link", name=summary).first)
        hand.page.wait_for_load_state()
        hand.type("reply.text", reply)
        hand.type("reply.at", when)
        hand.choose("reply.person", "operator-1")
        hand.button("登记")
        hand.hears("登记")


def change(bureau: Bureau, name: str, title: str, how: str, reason: str, more: str = "") -> None:
    """A published post is corrected, updated or withdrawn, or its warning ends: handed in."""
    acts = {"更正": "correct a post", "更新": "update a post", "撤回": "withdraw a post",
            "解除预警": "lift a warning"}  # fmt: skip
    with bureau.tally.act(acts[how]):
        hand = bureau.who(name)
        page = hand.page
        _found(hand, title)
        opened = page.locator("details.choice", has=page.get_by_text(how, exact=True))
        hand.click(opened.locator("summary"))
        if opened.locator("[name=reason]").count():
            hand.type("reason", reason, f'form:has(input[name="kind"][value="{_KEYS[how]}"])')
        hand.click(opened.get_by_role("button"))
        page.wait_for_url(re.compile(r"/draft\?"))
        if more:
            hand.type("_body", page.input_value("[name=_body]") + more)
        _submit(hand)


_KEYS = {"更正": "correct", "更新": "update", "撤回": "withdraw", "解除预警": "lift"}


def _offices(hand: Hand) -> None:
    """The page of people and their offices."""
    hand.menu("人员与设置")
    hand.click(hand.page.get_by_role("link", name=re.compile("任职")).first)
    hand.page.wait_for_load_state()


def propose(bureau: Bureau, name: str, action: str, values: dict[str, str], act: str) -> None:
    """A change of people or keys: filled in, looked at, and put forward."""
    with bureau.tally.act(act):
        hand = bureau.who(name)
        page = hand.page
        _offices(hand)
        form = f'form[action="/govern/propose/{action}"]:has([name="{next(iter(values))}"])'
        folded = page.locator(f"details:not([open]):has({form}) > summary")
        if folded.count():
            hand.click(folded)
        for key, value in values.items():
            if page.locator(f'{form} select[name="{key}"]').count():
                hand.choose(key, value, form)
            else:
                hand.type(key, value, form)
        hand.click(page.locator(f"{form} button").last)
        page.wait_for_load_state()
        hand.button("提出变更")
        page.wait_for_load_state()


def consent_here(bureau: Bureau, name: str, reason: str) -> None:
    """The proposer consents on the page that followed."""
    with bureau.tally.act("consent"):
        hand = bureau.hands[name]
        hand.type("reason", reason)
        hand.button("同意并签名")
        hand.hears("变更已由")


def new_person(bureau: Bureau, name: str, id: str, role: str, day: str) -> None:
    with bureau.tally.act("enter a new officer"):
        hand = bureau.who(HEAD)
        page = hand.page
        _offices(hand)
        hand.click(page.get_by_role("link", name="登记新人"))
        page.wait_for_load_state()
        for key, value in {"id": id, "name": name, "emails": f"{id}@localhost",
                           "roles.0.from": day}.items():  # fmt: skip
            hand.type(key, value)
        for key, value in {"contractor": "false", "roles.0.role": role,
                           "roles.0.department": "lead"}.items():  # fmt: skip
            hand.choose(key, value)
        hand.button("看看改什么")
        page.wait_for_load_state()
        hand.button("提出变更")
        page.wait_for_load_state()


def new_passkey(bureau: Bureau, name: str, id: str) -> None:
    """The head gives a code, its owner enrols on an empty device, and it is proposed."""
    with bureau.tally.act("give a code"):
        hand = bureau.who(HEAD)
        _offices(hand)
        hand.click(hand.page.locator("#codes > summary"))
        hand.choose("person", id, "#codes")
        hand.click(hand.page.locator("#codes button"))
        told = hand.page.get_by_role("status").first.inner_text()
    code = re.search(r"[A-Z2-9]{10}", told)
    assert code, told
    with bureau.tally.act("enrol a device"):
        own = bureau.device(name)
        own.page.goto("/enrol")
        own.type("who", name)
        own.type("code", code[0])
        own.button("生成通行密钥")
        expect(own.page.locator("[data-number]")).to_have_text(re.compile(r"(\d{4} ){3}"))
    with bureau.tally.act("propose a passkey"):
        hand = bureau.who(HEAD)
        hand.menu("人员与设置")
        hand.tick(hand.page.locator("input[name=branch]").first)
        hand.click(hand.page.locator("form[action='/govern/gather'] button"))
        hand.page.wait_for_load_state()
