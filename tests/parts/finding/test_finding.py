"""查找、日历、我的、以此为底稿: all that may be seen is found, and a colleague's draft is his."""

import json
import re
from html import unescape
from typing import Any

import pytest
import yaml
from starlette.testclient import TestClient

from pipeline.parts.desk import write_page
from pipeline.source.content.front_matter import split_post
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import email
from tests.builders.desks import DeskRun, browser, change, merged
from tests.builders.files import folder
from tests.builders.git import Git
from tests.builders.two_posts import HTML, PICTURE, WARNING, Editor, published

SECRET = "尚未送审的底稿"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> ArchiveRepo:
    return published(tmp_path_factory.mktemp("bureau"))


def page(client: TestClient, address: str, **asked: str) -> str:
    answer = client.get(address, params=asked, headers=HTML)
    assert answer.status_code == 200, answer.text
    return unescape(answer.text)


def titles(client: TestClient, **asked: str) -> list[str]:
    return re.findall(r"<h2><a[^>]*>([^<]*)</a></h2>", page(client, "/find", **asked))


def drafted(run: DeskRun, person: str = "zz-a") -> dict[str, str]:
    """A draft of a person, saved and not handed in; its form."""
    editor = Editor(run, person)
    begun = editor.client.post("/write", data={"kind": "tip"}, headers=HTML)
    given = editor.form(begun.headers["location"])
    saved = editor.act(given, "save", title=SECRET, _body="只有我知道的事。\n")
    assert saved.status_code == 303, saved.text
    return editor.form(saved.headers["location"])


def test_words_filters_and_places_find_what_they_name(run: DeskRun) -> None:
    client = browser(run.open(), "zz-a")
    fire, wind = titles(client, q="炉火")[0], titles(client, q="大风 加固")[0]
    assert fire != wind
    for asked, found in (
        ({"where": "posts"}, {fire, wind}), ({"kind": "alert"}, {wind}),
        ({"account": "wx"}, {fire, wind}), ({"person": "zz-a"}, {fire, wind}),
        ({"person": "ld-a"}, set()), ({"account": "wb"}, set()),
        ({"first": "2026-11-05", "last": "2026-11-05"}, {fire, wind}),
        ({"first": "2026-11-06"}, set()), ({"last": "2026-11-04"}, set()),
        ({"where": "drafts"}, set()), ({"q": "没有的词"}, set()), ({"kind": "incidents"}, set()),
    ):  # fmt: skip
        assert set(titles(client, **asked)) == found, asked


@pytest.mark.parametrize(
    "odd", ["--open-files-in-pager=touch", "-e", "../../x", "[", "\\", "a{999999}", "(", "*", "$^"]
)
def test_words_are_words(run: DeskRun, odd: str) -> None:
    client = browser(run.open(), "zz-a")
    for name in ("kind", "account", "person", "where"):
        assert "没有找到" in page(client, "/find", **{name: odd}), name
    assert "没有找到" in page(client, "/find", q=f"没有{odd}的词")
    for name in ("first", "last", "from"):
        assert page(client, "/find", **{name: odd})


@pytest.mark.parametrize("sign", ["\0", "\n"])
@pytest.mark.parametrize("name", ["q", "kind", "account", "person"])
def test_a_sign_that_ends_a_word_for_git_finds_nothing(run: DeskRun, name: str, sign: str) -> None:
    client = browser(run.open(), "zz-a")
    assert "没有找到" in page(client, "/find", **{name: f"没有{sign}"})
    assert page(client, "/write/pictures", q=f"没有{sign}")


def test_records_are_found_by_their_words_and_lead_to_their_pages(run: DeskRun) -> None:
    """A row says what a record says, never the id of whom it is about."""
    at = "supervisions/2026/2026-11-05-1.yml"
    said = "抽查操作日志，未见代行审核。"
    record = f'person: kz-a\ncontractor: service\non: "2026-11-05"\nfindings: {said}\n'
    desk = run.open()
    merged(desk, change("main", files={f"content/records/{at}": record.encode()}))
    client = browser(desk, "xxy-a")
    assert titles(client, where="records", q="操作日志") == [said]
    assert "/records/supervisions/2026-11-05-1" in page(client, "/find", where="records")


def test_a_colleagues_draft_is_in_no_list_and_at_no_address(run: DeskRun) -> None:
    given = drafted(run)
    own, other = (browser(run.open(), who) for who in ("zz-a", "kz-a"))
    post, branch = given["_post"], given["_branch"]
    assert SECRET in page(own, "/find", q="只有我知道") and SECRET in page(own, "/find")
    assert SECRET in page(own, f"/posts/{post}/")
    for address in ("/", "/find", "/calendar", "/mine", "/write", "/operate", "/due", "/records"):
        assert SECRET not in page(other, address), address
    assert not titles(other, q="只有我知道")
    for address in (
        f"/posts/{post}/", f"/posts/{post}/site/posts/2026/{post}/", f"/operate/{post}",
        f"/operate/{post}/copy/wechat", f"/exceptions/{post}", f"/published/{post}",
        f"/write/draft?branch={branch}&post={post}",
    ):  # fmt: skip
        answer = other.get(address, headers=HTML)
        assert answer.status_code in (404, 409) and SECRET not in answer.text, address
    copy = other.post("/write", data={"_branch": branch, "_post": post}, headers=HTML)
    assert copy.status_code == 409


def test_a_colleagues_revision_is_his_too(run: DeskRun) -> None:
    """Even of a post that one wrote oneself."""
    editor = Editor(run, "kz-a")
    begun = editor.begin("correct", reason="另有说法。")
    given = editor.form(begun.headers["location"])
    assert editor.act(given, "save", title=SECRET).status_code == 303
    author = browser(run.open(), "zz-a")
    for address in ("/", "/find", "/write", "/calendar", f"/published/{POST}"):
        assert SECRET not in page(author, address) and given["_branch"] not in page(author, address)
    assert SECRET not in author.get(f"/posts/{POST}/", headers=HTML).text
    assert SECRET in page(browser(run.open(), "kz-a"), "/write")


def test_what_is_handed_in_is_found_by_all(run: DeskRun) -> None:
    Editor(run).withdraw()
    assert f"/posts/{POST}/" in page(browser(run.open(), "kz-a"), "/find", where="drafts")


def test_the_calendar_shows_a_month_and_what_falls_due(run: DeskRun) -> None:
    client = browser(run.open(), "zz-a")
    month = page(client, "/calendar", month="2026-11")
    assert f"/published/{POST}" in month and f"/published/{WARNING}" in month
    assert "month=2026-10" in month and "month=2026-12" in month
    due = [page(client, "/calendar", month=m) for m in ("2026-11", "2026-12", "2027-01")]
    assert any('<li class="due"><a href="/due">' in text for text in due)
    assert "没有" in page(client, "/calendar", month="2031-02")
    for odd in ("2026-13", "x", "0000-01", "9999-12", "2026-1", "２０２６-11"):
        assert f"/published/{POST}" in page(client, "/calendar", month=odd), odd


def test_mine_lists_keys_and_acts_newest_first(run: DeskRun) -> None:
    own = page(browser(run.open(), "kz-a"), "/mine")
    assert "通行密钥" in own and "/govern/people#keys" in own
    assert f'"/published/{POST}"' in own and "复审" in own and "确认" in own
    nothing = page(browser(run.open(), "ld-a"), "/mine")
    assert "还没有" in nothing and POST not in nothing
    assert page(browser(run.open(), "kz-a"), "/mine", **{"from": "9999"})


def test_mine_lists_what_governs(run: DeskRun) -> None:
    clone, policy = Git(run.root), run.root / "content/policy.yml"
    policy.write_text(policy.read_text() + "\n")
    clone("add", "content")
    env = clone.people(email("ld-b"), email("ld-b"))
    clone("commit", "--quiet", "-m", "参数", env=env)
    assert "参数" in page(browser(run.open(), "ld-b"), "/mine").partition('id="acts"')[2]


@pytest.mark.parametrize(
    ("path", "raw"),
    [
        ("records/relays/2026/x.json", b"{}"),
        ("records/relays/2026/x.json", b"not json"),
        ("records/relays/2026/x.json", b'{"predicate": ["ld-b"]}'),
        ("records/relays/2026/x.json", b"[" * 5000),
        ("records/relays/2026/x.yml", b"- a"),
        ("reviews/2026/x/r1/9-x.json", b'{"predicate": {"reviewer": "ld-b", "post": "../../x"}}'),
        ("reviews/2026/x/r1/.json", b'{"predicate": {"reviewer": "ld-b"}}'),
        ("reviews/x.json", b'{"predicate": {"reviewer": "ld-b"}}'),
    ],
)
def test_what_cannot_be_read_keeps_mine_open(run: DeskRun, path: str, raw: bytes) -> None:
    clone, file = Git(run.root), run.root / "content" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(raw)
    clone("add", "content")
    env = clone.people(email("ld-b"), email("ld-b"))
    clone("commit", "--quiet", "-m", "误放", env=env)
    assert "通行密钥" in page(browser(run.open(), "ld-b"), "/mine")


def copied(
    run: DeskRun, person: str, post: str, branch: str = ""
) -> tuple[dict[str, Any], str, str]:
    client = browser(run.open(), person)
    begun = client.post("/write", data={"_branch": branch, "_post": post}, headers=HTML)
    assert begun.status_code == 303, begun.text
    given = Editor(run, person).form(begun.headers["location"])
    path = f"{folder(given['_post'])}/post.md"
    document, body, _ = split_post("", run.read(given["_branch"], path).encode())
    return document.value, body or "", given["_post"]


def test_another_post_begins_as_a_published_one(run: DeskRun) -> None:
    meta, body, post = copied(run, "kz-a", POST)
    assert post != POST and post.startswith("2026-11-05-tip-")
    assert (meta["author"], meta["revision"], meta["kind"]) == ("kz-a", 1, "tip")
    assert meta["media"] == PICTURE and "炉火" in body
    assert not {"ai", "publish_at", "secrecy_review", "validity", "co_authors"} & set(meta)
    assert "fire.png" in run_files(run, f"draft/{post}", post)
    alert, _, _ = copied(run, "zz-a", WARNING)
    assert alert["alert"] and not re.search(r"\d{4}-\d\d-\d\d[T ]", yaml.safe_dump(alert["alert"]))


def run_files(run: DeskRun, branch: str, post: str) -> str:
    return run.read(branch, folder(post))


def test_another_begins_as_ones_own_draft_and_as_nothing_else(run: DeskRun) -> None:
    given = drafted(run)
    meta, body, post = copied(run, "zz-a", given["_post"], given["_branch"])
    assert meta["title"] == SECRET and "只有我知道" in body and post != given["_post"]
    client = browser(run.open(), "zz-a")
    for wrong in ("2026-01-01-none", "../x", ""):
        answer = client.post("/write", data={"_branch": "", "_post": wrong}, headers=HTML)
        assert answer.status_code == 409, wrong


def test_a_kind_that_is_gone_begins_nothing(run: DeskRun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write_page, "KINDS", {"notice": "通知"})
    client = browser(run.open(), "zz-a")
    answer = client.post("/write", data={"_branch": "", "_post": POST}, headers=HTML)
    assert answer.status_code == 409


def test_what_is_signed_is_found_where_it_is_sought(run: DeskRun) -> None:
    """By its words, kind, account, person and day; it leads to its post, and crowds out nothing."""
    client = browser(run.open(), "zz-a")
    fire, wind = titles(client, q="炉火")[0], titles(client, q="大风 加固")[0]
    every = titles(client, where="signed")
    assert set(every) == {fire, wind} and len(every) == 10, "four reviews and a publication each"
    assert len(titles(client, kind="reviews")) == 8
    assert len(titles(client, where="signed", person="ld-a")) == 2, "one of four steps of each post"
    assert len(titles(client, where="signed", account="wx")) == 10
    assert not titles(client, where="signed", account="wb")
    assert not titles(client, where="signed", first="2026-11-06")
    assert not titles(client, where="records", person="ld-a")
    assert set(titles(client, kind="publications", person="gly-a")) == {fire, wind}
    shown = page(client, "/find", where="signed", person="ld-a")
    assert "终审" in shown and "同意" in shown
    assert not re.findall(r"<option[^>]*>[A-Za-z]", shown)
    assert '<option value="policy">政策解读</option>' in shown, "a kind of post, no register"
    for link in re.findall(r'<h2><a href="([^"]*)"', shown):
        assert client.get(link, headers=HTML).status_code == 200


def test_a_consent_and_a_declaration_are_listed_by_what_they_say_and_their_day(
    run: DeskRun,
) -> None:
    clone = Git(run.root)
    for path, stated in {
        "authorisations/2026/2026-11-05-ab/ld-b": {"person": "ld-b", "reason": "人事调整"},
        "declarations/2026/2026-11-04.account-hygiene.wx": {
            "person": "gly-a", "name": "account-hygiene", "subject": "wx"},
        "declarations/odd": {"person": ["gly-a"], "name": {"a": 1}, "subject": []},
        "declarations/2026/2026-11-03.bare": {},
    }.items():  # fmt: skip
        file = run.root / f"content/records/{path}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({"predicate": stated}), "utf-8")
    clone("add", "content")
    clone("commit", "--quiet", "-m", "签名", env=clone.people(email("ld-b"), email("ld-b")))
    clone("push", "--quiet", "origin", "HEAD:main")
    shown = page(browser(run.open(), "ld-b"), "/find", where="signed")
    lines = re.findall(r"<h2>([^<]*)</h2>\s*<p class=\"facts\"><span>([^<]*)<", shown)
    assert ("人事调整", "2026-11-05") in lines
    assert ("账号安全管理声明，云岚wx", "2026-11-04") in lines
    assert ("2026-11-03.bare", "2026-11-03") in lines
    assert "<span>某ld-b</span>" in shown
