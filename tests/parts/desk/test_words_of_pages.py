"""No page of the desk shows a branch, a path, a fingerprint, a field's name or a command."""

import re
from collections.abc import Iterator
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml
from starlette.testclient import TestClient

from pipeline.new.new_archive import shipped_schemas
from pipeline.parts.desk.desk import Desk
from tests.builders.archive import ArchiveRepo
from tests.builders.command import ours
from tests.builders.desks import ORIGIN, DeskRun, Present, browser
from tests.builders.two_posts import Editor

PEOPLE = ("kz-a", "zz-a", "gly-a")
SHOWN = ("aria-label", "title", "alt", "placeholder")
VERBATIM = "pre", "script", "style"
"""`pre` holds bytes that somebody signs, line by line."""
TECHNICAL = re.compile(
    r"(?<![\w/.-])(?:draft|records|post|govern|roster|refs|origin)/[\w-]"  # branches
    r"|[\w-]+\.(?:yml|yaml|md|json|py|sig)\b|(?<!\w)content/"  # paths
    r"|sha256|\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,}\b"  # fingerprints
    r"|`|\bsanshen\b|\bmain\b|分支|哈希|计数|检查点|并入|主线",  # commands, and words of git
    re.IGNORECASE,
)


def keys(schema: object) -> Iterator[str]:
    """Every key that a schema names, at any depth."""
    if isinstance(schema, dict):
        yield from schema.get("properties", ())
        schema = list(schema.values())
    for part in schema if isinstance(schema, list) else ():
        yield from keys(part)


FIELDS = {
    key
    for folder in ("registers", "records", "articles")
    for schema in shipped_schemas(folder).values()
    for key in keys(schema)
}


def ids(archive: Path) -> re.Pattern[str]:
    """What registers, posts and records of an archive are called by in files; a word or a day that
    people say is none."""
    registers = (yaml.safe_load(p.read_text()) for p in archive.glob("content/registers/*.yml"))
    entries = (e for r in registers for some in r.values() if isinstance(some, list) for e in some)
    names = {str(entry.get("id", "")) for entry in entries}
    names |= {path.name for path in archive.glob("content/posts/*/*")}
    names |= {path.stem for path in archive.glob("content/records/*/*/*.yml")}
    every = "|".join(
        sorted(map(re.escape, filter(re.compile("[a-z]").search, names)), reverse=True)
    )
    return re.compile(rf"(?<![\w.@/-])(?:{every})(?![\w-])")


class Shown(HTMLParser):
    """The texts that a page shows or reads out, and where it leads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self._within: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.texts += [given[name] for name in SHOWN if given.get(name)]
        if tag == "a":
            self.links.append(given.get("href", "").partition("#")[0])
        if tag in VERBATIM:
            self._within.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._within and self._within[-1] == tag:
            self._within.pop()

    def handle_data(self, data: str) -> None:
        if not self._within and data.strip():
            self.texts.append(data.strip())


def technical(text: str) -> str:
    """The first of its words that belongs to the program; empty: none does."""
    if found := TECHNICAL.search(text):
        return found[0]
    words = re.findall(r"[a-z]+(?:[_.][a-z]+)+", text)
    return next((word for word in words if word in FIELDS), "")


FAULTS = "橙色预警，致电13812345678。\n\n[名单](list.xlsx) ![](fire.png)\n"
"""A text whose findings end in the remedies that writers need most."""


def faulty(run: DeskRun, address: str) -> None:
    """Give a draft faults; its page says them from now on."""
    editor = Editor(run, "zz-a")
    given = editor.form(address)
    checked = editor.act(given, "check", title="大风黄色预警", summary="风", _body=FAULTS)
    assert "改正文件名" in checked.text and "如 138" in checked.text


@pytest.fixture(scope="module")
def desk(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    archive = ArchiveRepo.at(demo).copy(tmp_path_factory.mktemp("desk") / "archive")
    policy = yaml.safe_load(archive.root.joinpath("content/policy.yml").read_text("utf-8"))
    run = DeskRun.over(archive, archive.root.parent)
    run.present = Present(datetime.fromisoformat(policy["archive"]["as_of"]))
    made = run.open(ORIGIN)
    writer = browser(made, "zz-a")
    for kind in ("tip", "alert", "reprint"):
        begun = writer.post("/write", data={"kind": kind}, headers={"accept": "text/html"})
        assert begun.status_code == 303
        faulty(run, begun.headers["location"])
    setting = {"name": "unit.help", "value": "某科，热线12345", "_confirmed": "yes", "_branch": ""}
    browser(made, "kz-a").post("/govern/propose/setting", data=setting)
    return made


def pages(client: TestClient) -> Iterator[tuple[str, str]]:
    """(address, HTML) of a page of every kind that a person can walk to; not of the site, nor of
    the page whose text is carried to an account, which hold what readers get."""
    left, seen = ["/"], set[str]()
    while left:
        address = left.pop(0)
        kind = re.sub(r"[^/=&?]*\d[^/&]*", "*", address)
        if not address.startswith("/") or kind in seen:
            continue
        seen.add(kind)
        answer = client.get(address, headers={"accept": "text/html"}, follow_redirects=True)
        assert answer.status_code < 500, address
        if "text/html" in answer.headers.get("content-type", "") and not re.search(
            "/(site|copy)/", address
        ):
            yield address, answer.text
            left += Shown(answer.text).links


@pytest.mark.parametrize("person", PEOPLE)
def test_pages_speak_of_no_branch_path_fingerprint_or_field(desk: Desk, person: str) -> None:
    wrong = list[str]()
    walked = list[str]()
    by_id = ids(desk.clone.folder)
    assert by_id.search("某人（kz-a）") and by_id.search("2026-11-04-fire-month-launch")
    for address, html in pages(browser(desk, person)):
        walked.append(address)
        texts = Shown(html).texts
        wrong += [f"{address}: {word}: {text[:90]}" for text in texts if (word := technical(text))]
        if address != "/reports":  # a paper is filed, and refers to posts and records by number
            wrong += [f"{address}: {m[0]}: {t[:90]}" for t in texts if (m := by_id.search(t))]
        assert any("热线12345" in text for text in texts), f"{address}: no telephone number"
    assert not wrong, "\n".join(dict.fromkeys(wrong))
    assert {
        "/",
        "/write",
        "/find",
        "/calendar",
        "/mine",
        "/records",
        "/reports",
        "/due",
        "/govern",
    } <= {*walked}
    assert any(address.startswith("/govern/proposal") for address in walked)
    assert any(address.startswith("/write/draft") for address in walked) or person != "zz-a"


def test_a_notice_to_a_group_speaks_of_none_either(desk: Desk) -> None:
    folder = desk.clone.folder
    done = ours(["-C", str(folder), "status", "--notice"], str(folder))
    assert done.returncode == 0 and "变更授权" in done.stdout, done
    by_id = ids(folder)
    for line in done.stdout.splitlines():
        assert not technical(line) and not by_id.search(line), line


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("送审 draft/2026-11-05-tip-a1b2", "draft/2"), ("见 content/posts", "content/"),
        ("改 `media`", "`"), ("不填 relay.platforms", "relay.platforms"),
        ("第 3f2a90bc11 号", "3f2a90bc11"), ("已并入主线", "并入"), ("核对号 12345678", ""),
        ("https://desk.example/post", ""), ("来源：应急管理部", ""),
    ],
)  # fmt: skip
def test_what_counts_as_technical(text: str, word: str) -> None:
    assert technical(text) == word


NOWHERE = (
    "/nothing", "/published/none", "/posts/none/", "/write/draft?branch=x&post=y", "/records/none",
    "/records/relays/none", "/records/inquiries/none", "/operate/none", "/govern/register/none",
    "/govern/proposal?branch=govern/none", "/govern/proposal?branch=govern/a%00b",
    "/exceptions/none", "/exceptions/a%00b", "/write/pictures/x/y.png",
)  # fmt: skip
LISTS = ("/", "/write", "/operate", "/find", "/calendar?month=2031-02", "/mine",
         "/records/inquiries", "/records/relays", "/due", "/govern", "/govern/register/instruments",
         "/write/pictures")  # fmt: skip


def test_an_empty_page_says_so_and_a_fault_says_whom_to_ask(run: DeskRun) -> None:
    """At a bureau that has just begun."""
    client = browser(run.open(), "zz-a")
    for address in LISTS:
        shown = Shown(client.get(address).text).texts
        assert re.search("没有|没找到|还没|无须|未找到", " ".join(shown)), address
    for address in NOWHERE:
        answer = client.get(address, headers={"accept": "text/html"})
        shown = Shown(answer.text).texts
        assert answer.status_code in (404, 409) and "未能继续" in shown, address
        assert any("请找牵头科室" in text for text in shown), address
        assert not [word for text in shown if (word := technical(text))], address
