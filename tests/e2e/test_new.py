"""`new` writes drafts that `check` has nothing against, once what their kind needs is there."""

import shutil
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.builders.archive import PNG, ArchiveRepo
from tests.builders.judging import run
from tests.builders.named import worded

ALERT = (
    "alert: {level: 2, color: orange, issuer: 市气象局, areas: [全市], responses: [Avoid, Prepare],"
    " issued_at: '2026-11-05T18:00:00+08:00', starts_at: '2026-11-05T18:00:00+08:00',"
    " ends_at: '2026-12-30T20:00:00+08:00'}"
)

WINDOWS = b"\xef\xbb\xbf" + "用火不离人。\r\n\r\n出门先断电。\r\n".encode()
"""As the editor of Windows saves a text."""


def sanshen(archive: ArchiveRepo, *arguments: str) -> CompletedProcess[str]:
    return run(archive.root, *arguments, lang="zh")


def new(archive: ArchiveRepo, kind: str, *more: str, account: str = "wx", title: str = "冬季提醒"
        ) -> CompletedProcess[str]:  # fmt: skip
    body = archive.root.parent / "body.txt"
    body.write_bytes(WINDOWS)
    return sanshen(
        archive, "new", "draft", "--secrecy-reviewer", "xxy-a", "--body", str(body),
        "--kind", kind, "--title", title, "--category", "3", "--topic",
        "disaster", "--account", account, "--summary", "三条提醒。", "--author", "zz-a", "--ai",
        "none", *more,
    )  # fmt: skip


def complete(archive: ArchiveRepo, made: CompletedProcess[str], lines: str) -> str:
    """The draft with lines written into its front matter; its id."""
    assert made.returncode == 0, made.stderr
    file = archive.root / made.stdout.strip()
    file.write_text(file.read_text("utf-8").replace("\n---\n", f"\n{lines}\n---\n", 1), "utf-8")
    return file.parent.name


@pytest.mark.parametrize("kind", ["tip", "activity", "notice"])
def test_a_plain_draft_passes(archive: ArchiveRepo, kind: str) -> None:
    made = new(archive, kind)
    assert made.returncode == 0, made.stderr
    checked = sanshen(archive, "check", Path(made.stdout.strip()).parent.name)
    assert checked.returncode == 0, checked.stdout


def test_what_a_machine_did_is_said_by_an_option(archive: ArchiveRepo) -> None:
    made = new(archive, "tip", "--ai", "assisted")
    assert made.returncode == 0, made.stderr
    post = (archive.root / made.stdout.strip()).read_text("utf-8")
    assert '\nai: "assisted"\n' in post


@pytest.mark.parametrize("given", [(), ("--author", "nosuch")])
def test_who_writes_is_refused_with_the_names_there_are(
    archive: ArchiveRepo, given: tuple[str, ...]
) -> None:
    archive.git("config", "user.email", "stranger@example.com")
    made = sanshen(archive, "new", "draft", *given, "--kind", "tip", "--title", "冬季提醒",
                   "--category", "3", "--topic", "disaster", "--account", "wx", "--summary",
                   "三条提醒。", "--ai", "none")  # fmt: skip
    assert made.returncode == 2
    assert "--author" in made.stderr and "zz-a 某zz-a" in made.stderr
    assert not list(archive.root.glob("content/posts/*/*-draft"))


def test_a_draft_for_next_week_was_written_today(archive: ArchiveRepo) -> None:
    made = new(archive, "tip", "--at", "2099-11-05T09:00")
    post = (archive.root / made.stdout.strip()).read_text("utf-8")
    assert 'publish_at: "2099-11-05' in post
    assert "created_on: 20" in post.replace('"', "") and "created_on: 2099" not in post


def test_an_alert_asks_for_its_fields_and_passes(archive: ArchiveRepo) -> None:
    made = new(archive, "alert", title="暴雪橙色预警")
    assert "alert: {" in made.stderr
    assert "responses: [Shelter|Evacuate|" in made.stderr
    checked = sanshen(archive, "check", complete(archive, made, ALERT))
    assert checked.returncode == 0, checked.stdout


def test_a_drill_passes_when_its_title_says_so(archive: ArchiveRepo) -> None:
    for title, code in (("【演练】暴雪橙色预警", 0), ("暴雪橙色预警", 11)):
        made = new(archive, "alert", title=title)
        drill = ALERT.replace("{level", "{exercise: true, level")
        checked = sanshen(archive, "check", complete(archive, made, drill))
        draft = Path(made.stdout.strip()).parent
        assert checked.returncode == code, checked.stdout
        shutil.rmtree(archive.root / "content/posts" / draft.parent.name / draft.name)
    assert worded("drill-untitled", "zh") in checked.stdout


def test_an_unknown_account_is_refused_with_the_known_ones(archive: ArchiveRepo) -> None:
    made = new(archive, "tip", account="nosuch")
    assert made.returncode == 2
    assert "nosuch" in made.stderr
    assert "wx" in made.stderr


@pytest.mark.parametrize("title", ["标\x1b[31m红", "反\u202e转"])
def test_a_title_with_controls_writes_nothing(archive: ArchiveRepo, title: str) -> None:
    assert new(archive, "tip", title=title).returncode == 2
    assert not list(archive.root.glob("content/posts/*/*-draft"))


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("冬季防火。\n".encode("gb18030"), "UTF-8"),
        (b"PK\x03\x04\x14\x00\xff\xfe", "Word"),
        (b"", "文件为空"),
    ],
)
def test_a_body_that_is_no_text_is_refused_by_name(
    archive: ArchiveRepo, tmp_path: Path, raw: bytes, words: str
) -> None:
    file = tmp_path / "正文.md"
    file.write_bytes(raw)
    made = new(archive, "tip", "--body", str(file))
    assert made.returncode == 1
    assert "正文.md" in made.stderr
    assert words in made.stderr
    assert "下一步：" in made.stderr
    assert "Traceback" not in made.stderr
    assert not list(archive.root.glob("content/posts/*/*-draft"))


def test_a_picture_that_the_text_places_is_placed_once(
    archive: ArchiveRepo, tmp_path: Path
) -> None:
    (tmp_path / "a.png").write_bytes(PNG)
    body = tmp_path / "placed.md"
    body.write_text("先看图。\n\n![灶台](a.png)\n\n再看字。\n", encoding="utf-8")
    made = new(archive, "tip", "--body", str(body), "--image", f"{tmp_path / 'a.png'}=灶台")
    text = (archive.root / made.stdout.strip()).read_text("utf-8")
    assert text.count("](a.png)") == 1
    assert 'file: "a.png"' in text
    checked = sanshen(archive, "check", Path(made.stdout.strip()).parent.name)
    assert checked.returncode == 11, "whose picture it is only its writer can say"
    assert "media: [{file: …, alt: …, author: …, licence: …}]" in made.stderr
    written = text.replace('alt: "灶台"', 'alt: "灶台"\n    author: "摄影甲"\n    licence: "自摄"')
    (archive.root / made.stdout.strip()).write_text(written, "utf-8")
    checked = sanshen(archive, "check", Path(made.stdout.strip()).parent.name)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("pictured", [False, True])
def test_a_draft_without_its_text_is_written_and_refused_by_check(
    archive: ArchiveRepo, pictured: bool
) -> None:
    picture = archive.root.parent / "a.png"
    picture.write_bytes(PNG)
    made = sanshen(
        archive, "new", "draft", "--secrecy-reviewer", "xxy-a", "--kind", "tip",
        "--title", "冬季提醒", "--category", "3", "--topic", "disaster", "--account", "wx",
        "--summary", "三条提醒。",
        "--author", "zz-a", "--ai", "none", *(["--image", f"{picture}=灶台"] if pictured else []),
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    checked = sanshen(archive, "check", Path(made.stdout.strip()).parent.name)
    assert checked.returncode == 11
    assert "R11-2" in checked.stdout
    assert "（在此写正文。）" in checked.stdout


REPRINT = (
    "source: {id: yunlan-weather, url: 'https://qxj.yunlan.gov.cn.example/1.html', title: 冬季提醒,"
    " account: 云岚气象, published_at: '2026-11-05T18:00:00+08:00',"
    " fetched_at: '2026-11-05T18:00:00+08:00', snapshot: source.txt}\n"
    "license: {basis: stated-reprintable, evidence: 'https://qxj.yunlan.gov.cn.example/1.html'}"
)


def test_a_reprint_keeps_the_original_as_fetched(archive: ArchiveRepo) -> None:
    original = archive.root.parent / "original.txt"
    original.write_bytes(WINDOWS)
    made = new(archive, "reprint", "--snapshot", str(original))
    complete(archive, made, REPRINT)
    folder = (archive.root / made.stdout.strip()).parent
    text = WINDOWS.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    assert (folder / "source.txt").read_bytes() == text
    checked = sanshen(archive, "check", folder.name)
    assert checked.returncode == 0, checked.stdout


def test_a_reprint_without_its_source_passes_for_no_original(archive: ArchiveRepo) -> None:
    made = new(archive, "reprint")
    assert "source: {" in made.stderr and "license: {" in made.stderr
    checked = sanshen(archive, "check", Path(made.stdout.strip()).parent.name)
    assert checked.returncode == 11
    assert "R09-2" in checked.stdout and "R09-3" in checked.stdout


def test_a_text_is_never_its_own_original(archive: ArchiveRepo) -> None:
    """Taken for the copy of the source, it would bear out whatever was changed in it."""
    made = new(archive, "reprint")
    complete(archive, made, REPRINT)
    folder = (archive.root / made.stdout.strip()).parent
    assert not (folder / "source.txt").exists()
    checked = sanshen(archive, "check", folder.name)
    assert checked.returncode == 11, checked.stdout
    assert "R09-5" in checked.stdout


def test_check_says_who_judges_what_is_no_draft(archive: ArchiveRepo) -> None:
    checked = sanshen(archive, "check")
    assert checked.returncode == 3
    assert "sanshen verify --base main" in checked.stderr
