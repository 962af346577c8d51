"""Make the pictures of README and guides (`make pictures`): the demo bureau's desk and archive.

Chromium photographs what people see. Nothing is drawn by hand but `docs/pictures/way.svg`.
"""

import io
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

import uvicorn
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

import pipeline.program  # noqa: F401 - puts the program together
from demo.keys import seed
from demo.layout import lay_out_demo
from demo.paths import ROOT
from pipeline.evidence.review.statements import NAMESPACE
from pipeline.model.calendar import SHANGHAI
from pipeline.model.evidence import Step
from pipeline.model.ids import BranchName, PersonId, PostId
from pipeline.new.archive_files import program_files
from pipeline.new.new_archive import NewArchive
from pipeline.parts.desk.app import create_app
from pipeline.parts.desk.desk import Desk
from pipeline.parts.desk.founding import Founding, founding_app, state
from pipeline.parts.desk.merging import merge
from pipeline.parts.desk.writer import Clone, QueuedChange
from pipeline.report.language import translator
from pipeline.sign.act import context_at
from pipeline.sign.review_step import StepDecision, review
from pipeline.source.git.branches import tip_of
from tools.sign_in_process import passkey_of, sign_in_process

SIX = {"information-officer": "信息员甲", "section-head": "科长甲",
       "leader-in-charge": "分管领导甲", "operator": "管理员甲", "writer": "作者甲",
       "principal": "局长甲"}  # fmt: skip
PICTURES = ROOT / "docs" / "pictures"
NOW = datetime(2026, 11, 22, 20, tzinfo=SHANGHAI)
"""The demo's own time."""
POST = "2026-11-23-gas-safety"
FRESH = "2026-11-23-new-draft"
EVENING = "2026-11-22-evening-gas"
SHOWN = "2026-11-20-heating-tip"
ALERT = "2026-11-21-forest-fire-alert"
HEAD = """---
title: 居家用气安全三件事
kind: tip
revision: %d
accounts: [yunlan-wechat]
author: zz-b
origin_dept: aqk
publish_at: "2026-11-23T09:00:00+08:00"
created_on: "2026-11-21"
topic: education
category: 3
origin: original
summary: 通风、换管、关阀门：入冬用气先做三件事。
ai: none
secrecy_review: {person: kz-a, date: "2026-11-21", result: releasable}
tags: [燃气, 冬季]
---

"""
FIRST = """冬季门窗紧闭，用气更要小心。

## 三件事

1. 用气时保持通风，人离火熄。
2. 软管用久了要换。
3. 闻到气味先关阀门，打开排气扇，再开窗。
"""
SECOND = FIRST.replace("软管用久了要换。", "软管每18个月更换一次，发现龟裂立即停用。").replace(
    "先关阀门，打开排气扇，再开窗。", "先关阀门再开窗，不碰任何开关。"
)
WRONG = """我局将于11月31日开展燃气安全检查，请群众关注公众号后报名，名额有限，先到先得！
"""


def main() -> None:
    """Write every picture anew."""
    PICTURES.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        archive = Path(folder) / "archive"
        lay_out_demo(archive)
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--lang=zh-CN"]
        )
        _desk(browser, archive, Path(folder))
        _founding(browser, Path(folder))
        _site(browser, archive, Path(folder))
        browser.close()


def _desk(browser: Browser, archive: Path, folder: Path) -> None:
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    origin = f"http://localhost:{listening.getsockname()[1]}"
    desk = Desk(Clone(archive), origin, lambda: NOW, translator("zh"), folder / "queue")
    _proposals(desk)
    server = uvicorn.Server(uvicorn.Config(create_app(desk, background=False), log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    reader, leader = _page(browser, desk, "xxy-a"), _page(browser, desk, "ld-a")
    leader.goto(f"{origin}/")
    _shoot(leader, "desk-list", 620)
    leader.goto(f"{origin}/posts/2026-11-23-night-tour/")
    leader.wait_for_load_state("networkidle")
    _shoot(leader, "desk-review", 980)
    leader.set_viewport_size({"width": 390, "height": 844})
    _shoot(leader, "desk-phone", 844)
    reader.goto(f"{origin}/posts/{POST}/")
    _shoot(reader, "desk-changes", 900)
    writer = _page(browser, desk, "zz-b")
    writer.goto(f"{origin}/write/draft?branch=draft/{FRESH}&post={FRESH}")
    _shoot(writer, "desk-refused", 980)
    operator = _page(browser, desk, "gly-a")
    operator.goto(f"{origin}/operate/{EVENING}")
    _shoot(operator, "desk-operate", 760)
    writer.goto(f"{origin}/published/{ALERT}")
    writer.get_by_text("解除预警", exact=True).click()
    _shoot(writer, "desk-published", 760)
    _relay(reader, origin)
    _letter(operator, origin)
    head = _page(browser, desk, "kz-a")
    head.goto(f"{origin}/reports")
    _shoot(head, "desk-report", 760)
    head.goto(f"{origin}/govern")
    _shoot(head, "desk-govern", 820)
    server.should_exit = True
    thread.join()


def _founding(browser: Browser, folder: Path) -> None:
    """Six people found the archive of a bureau, on a desk of their own."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    origin = f"http://localhost:{listening.getsockname()[1]}"
    unit = {"full_name": "云岚市应急管理局", "short_name": "云岚应急",
            "help": "宣教科 0930-0000000", "organisation_code": "000000000",
            "footer": {}}  # fmt: skip
    new = NewArchive({"id": "yunlan-yjj", "url": "https://archive.example/", "demo": False,
                      "show_names": False, "since": NOW.date()}, unit, (),
                     {"url": "https://mp.weixin.qq.com/", "verified": True, "content_mode": "text"},
                     program_files(False, {}))  # fmt: skip
    founding = Founding(Clone(folder / "new"), origin, lambda: NOW, translator("zh"),
                        folder / "new/.git/sanshen-desk", new=new,
                        announce=lambda *_: None)  # fmt: skip
    app = founding_app(founding)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    page = browser.new_context(viewport={"width": 1200, "height": 900}).new_page()
    page.goto(f"{origin}/enter?token={founding.sessions.token}")
    page.wait_for_url(f"{origin}/")
    with founding.changing() as book:
        for at, (role, name) in enumerate(SIX.items()):
            key = passkey_of(seed(name)).line if at != 2 else ""
            book["people"].append({"id": f"{role}-1", "name": name, "role": role, "key": key,
                                   "email": f"{role}-1@localhost"})  # fmt: skip
    page.goto(f"{origin}/")
    page.set_viewport_size({"width": 1200, "height": 900})
    page.get_by_role("heading", name="二、").evaluate("part => part.scrollIntoView()")
    _shoot(page, "founding", 900)
    with founding.changing() as book:
        book["people"][2]["key"] = passkey_of(seed("分管")).line
    founding.establish(state(founding.book()))
    page.goto(f"{origin}/root")
    _shoot(page, "root", 760)
    server.should_exit = True
    thread.join()


def _relay(page: Page, origin: str) -> None:
    """An item of the province that runs out tonight, by the demo's own clock."""
    page.clock.set_fixed_time(NOW)
    page.goto(f"{origin}/records/relays")
    page.get_by_text("登记一条", exact=True).click()
    given = {"title": "关于做好今冬森林防火工作的提示", "source.name": "江岚省应急管理厅",
             "source.url": "https://yjt.jianglan.gov.cn.example/fh/1122.html",
             "source_published_at": "2026-11-22T11:20"}  # fmt: skip
    for name, words in given.items():
        page.locator(f'[name="{name}"]').fill(words)
    page.locator('[name="source.level"][value="provincial"]').check()
    page.get_by_role("button", name="登记", exact=True).click()
    page.wait_for_url("**/records/relays/*")
    page.goto(f"{origin}/records/relays")
    _shoot(page, "desk-relays", 560)


def _letter(page: Page, origin: str) -> None:
    """What the public asked, on the page on which it is answered, and what the evening has left."""
    page.clock.set_fixed_time(NOW)
    page.set_viewport_size({"width": 1200, "height": 900})
    page.goto(f"{origin}/inquiries")
    page.locator("[name=text]").fill("2026-11-21 09:30\t网友\t家用燃气报警器到哪里领？")
    page.get_by_role("button", name="逐条查看").click()
    page.get_by_role("button", name="登记已勾选的").click()
    page.wait_for_load_state()
    page.goto(f"{origin}/records/inquiries")
    page.get_by_role("link", name="家用燃气报警器到哪里领？").first.click()
    page.wait_for_load_state()
    page.locator('[name="reply.text"]').fill("请带身份证件到所在街道的服务站领取。")
    page.locator('[name="reply.at"]').fill("2026-11-22T19:40")
    page.locator('[name="reply.person"]').select_option("gly-a")
    page.get_by_role("heading", name="家用燃气").first.evaluate("part => part.scrollIntoView()")
    _shoot(page, "desk-letter", 1180)
    page.get_by_role("button", name="登记", exact=True).first.click()
    page.wait_for_load_state()
    page.goto(f"{origin}/")
    _shoot(page, "desk-evening", 620)


def _proposals(desk: Desk) -> None:
    """A post in its second revision, one before its final review, and a draft full of faults."""
    old = ROOT / "content/posts/2026/2026-11-18-home-fire-check"
    tour = (old / "post.md").read_text("utf-8").replace("2026-11-18T15", "2026-11-23T15")
    night = "content/posts/2026/2026-11-23-night-tour"
    _put(desk, "night-tour", "提交审核", {f"{night}/post.md": tour.encode(),
         f"{night}/poster.png": (old / "poster.png").read_bytes()})  # fmt: skip
    _review(desk, "night-tour", "2026-11-23-night-tour", Step.FIRST, "xxy-a", "approve", "同意")
    _review(desk, "night-tour", "2026-11-23-night-tour", Step.SECOND, "kz-a", "approve",
            "文字稿与视频一致，同意。")  # fmt: skip
    path = f"content/posts/2026/{POST}/post.md"
    _put(desk, "gas", "提交审核", {path: (HEAD % 1 + FIRST).encode()})
    _review(desk, "gas", POST, Step.FIRST, "xxy-a", "return",
            "第二条没有写明多久更换；第三条打开排气扇会产生火花，请改。")  # fmt: skip
    _put(desk, "gas", "提交审核", {path: (HEAD % 2 + SECOND).encode()})
    evening = (HEAD % 1 + SECOND).replace("2026-11-23T09:00", "2026-11-22T19:30")
    _put(desk, "evening", "提交审核",
         {f"content/posts/2026/{EVENING}/post.md": evening.encode()})  # fmt: skip
    for step, person in zip(Step, ("xxy-a", "kz-a", "ld-a", "kz-a"), strict=True):
        _review(desk, "evening", EVENING, step, person, "approve", "同意")
    with desk.archive() as (_, registers):
        merge(desk, BranchName("evening"), registers.people[PersonId("kz-a")])
    wrong = (HEAD % 1).replace("居家用气安全三件事", "燃气安全检查通知") + WRONG
    _put(desk, f"draft/{FRESH}", "保存草稿",
         {f"content/posts/2026/{FRESH}/post.md": wrong.encode()})  # fmt: skip


def _put(desk: Desk, branch: str, message: str, files: dict[str, bytes]) -> None:
    who = (PersonId("zz-b"), "zz-b@yunlan-yjj.example.org", int(NOW.timestamp()))
    desk.writer.put(QueuedChange(BranchName(branch), files, message, *who))


def _review(
    desk: Desk, branch: str, post: str, step: Step, person: str, decision: str, opinion: str
) -> None:
    with desk.archive() as (repository, registers):
        trusted, tip = desk.clone.trusted(repository), tip_of(repository, BranchName(branch))
        context = context_at(repository, trusted, tip, NOW, frozenset({PostId(post)}))
        sign = partial(sign_in_process, private_key=seed(person), namespace=NAMESPACE)
        signer = registers.people[PersonId(person)]
        given = StepDecision(step, decision, opinion)
        made = review(context, context.post(PostId(post)), given, signer, NOW, sign)
    files = {made.path: made.statement, f"{made.path}.sig": made.signature}
    who = (signer.id, signer.emails[0], int(NOW.timestamp()))
    desk.writer.put(QueuedChange(BranchName(branch), files, "审核", *who))


def _page(browser: Browser, desk: Desk, person: str) -> Page:
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    secret = desk.sessions.begin(PersonId(person), NOW)
    context.add_cookies([{"name": "desk", "value": secret, "url": desk.origin}])
    return context.new_page()


def _site(browser: Browser, archive: Path, folder: Path) -> None:
    out = folder / "site"
    key, form = folder / "log-key", folder / "form.html"
    make = ("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key))
    command = [sys.executable, "-m", "pipeline", "-C", str(archive)]
    for asked in (
        make,
        [*command, "build", "-o", str(out), "--log-key", str(key)],
        [*command, "form", "--post", SHOWN, "--format", "html", "--output", str(form)],
    ):
        subprocess.run(asked, check=True, stdout=subprocess.DEVNULL)
    with served(out) as address:
        page = browser.new_page(viewport={"width": 1200, "height": 900})
        page.clock.set_fixed_time(NOW)
        page.goto(address)
        page.wait_for_load_state("networkidle")
        _shoot(page, "home", 980)
        phone = browser.new_page(viewport={"width": 390, "height": 844})
        phone.clock.set_fixed_time(NOW)
        phone.goto(f"{address}posts/2026/{ALERT}/")
        _shoot(phone, "alert-phone", 844)
        page.goto(f"{address}posts/2026/{SHOWN}/")
        _shoot(page, "page", 980)
        page.get_by_role("button", name="核验").first.click()
        page.locator("[data-sanshen-proof]").wait_for()
        _shoot(page, "button", 900)
    page = browser.new_page(viewport={"width": 900, "height": 1200})
    page.goto(form.as_uri())
    _shoot(page, "form", 900)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder; gives its address, with a slash at the end."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    handler = partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def _shoot(page: Page, name: str, height: int) -> None:
    """The top of a page, no taller than `height` pixels."""
    width = (page.viewport_size or {"width": 1200})["width"]
    page.set_viewport_size({"width": width, "height": height})
    raw = page.screenshot()
    Image.open(io.BytesIO(raw)).save(PICTURES / f"{name}.webp", quality=82, method=6)


if __name__ == "__main__":
    main()
