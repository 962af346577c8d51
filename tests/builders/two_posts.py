"""A bureau whose main holds a tip and a warning, and who changes at the desk what it holds."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from pipeline.parts.desk.desk import Desk
from tests.builders.archive import PNG, POST, ArchiveRepo
from tests.builders.cast import at
from tests.builders.desks import DeskRun, browser, bureau
from tests.builders.live_desks import free_port, serving
from tests.hostile.test_a27_emergency_road import ALERT

HTML = {"accept": "text/html"}
WARNING = "2026-11-05-wind-alert"
REASON = "制表时数字录入错位，核实后更正。"
PICTURE = [{"file": "fire.png", "alt": "炉火", "author": "某科", "licence": "原创"}]


def confirm_both(archive: ArchiveRepo) -> None:
    """A tip with a picture and a warning, proposed and confirmed."""
    archive.draft(media=PICTURE, files={"fire.png": PNG}, body="关好火源。\n\n![炉火](fire.png)\n")
    archive.draft(WARNING, body="大风黄色预警。\n\n加固棚架。\n", title="大风黄色预警", **ALERT)
    archive.commit("起草", "zz-a")
    for post in (POST, WARNING):
        for number, step in enumerate(("first", "second", "final", "confirm")):
            archive.review(post, step, signed_at=at(f"2026-11-05 08:{40 + number}"))
    archive.commit("审核", "kz-a")


def published(folder: Path) -> ArchiveRepo:
    """Both are carried by their accounts, and part of main."""
    made = bureau(folder / "archive")
    confirm_both(made)
    for post in (POST, WARNING):
        made.publication(post)
    made.commit("发布", "gly-a")
    made.merge("proposal")
    made.switch("main")
    return made


@contextmanager
def live_bureau(folder: Path) -> Iterator[tuple[DeskRun, Desk]]:
    """Both are part of main, and the desk is served to browsers until the block ends."""
    listening, origin = free_port()
    archive = bureau(folder / "archive", origin)
    confirm_both(archive)
    archive.merge("proposal")
    archive.switch("main")
    run = DeskRun.over(archive, folder)
    desk = run.open(origin)
    with serving(desk, listening):
        yield run, desk


class Editor:
    """A person who changes what is published."""

    def __init__(self, run: DeskRun, person: str = "zz-a") -> None:
        self.run, self.person = run, person
        self.client: TestClient = browser(run.open(), person)

    def page(self, post: str = POST) -> str:
        return unescape(self.client.get(f"/published/{post}").text)

    def begin(self, kind: str, post: str = POST, **given: str) -> Any:
        data = {"kind": kind, **given}
        return self.client.post(f"/published/{post}/revise", data=data, headers=HTML)

    def form(self, address: str) -> dict[str, str]:
        page = self.client.get(address, headers=HTML)
        assert page.status_code == 200, page.text
        names = ("_branch", "_post", "_base")
        found = {n: re.search(rf'name="{n}" value="([^"]*)"', page.text) for n in names}
        return {name: unescape(m[1]) for name, m in found.items() if m}

    def act(self, given: dict[str, str], act: str, **changed: str) -> Any:
        data = {**given, **changed, "_act": act}
        return self.client.post("/write/draft", data=data, headers=HTML)

    def withdraw(self, post: str = POST, reason: str = REASON) -> Any:
        begun = self.begin("withdraw", post, reason=reason)
        assert begun.status_code == 303, begun.text
        return self.act(self.form(begun.headers["location"]), "submit")
