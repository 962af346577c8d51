"""A18: bytes that two readers would read differently are refused, by line."""

import hashlib
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest

from pipeline.source.content.posts import content_of
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.evidence import CAST
from tests.builders.files import folder
from tests.builders.verdicts import finds, marks, passes, places, run_verify

PATH = f"{folder(POST)}/post.md"


def _signed(archive: ArchiveRepo, trick: Callable[[str], bytes | str], **meta: Any) -> None:
    """A post whose odd bytes four people signed: no digest is wrong, only the bytes are."""
    archive.draft(**meta)
    made = trick(archive.read(PATH).decode())
    raw = made.encode() if isinstance(made, str) else made
    files = {PATH: hashlib.sha256(raw).hexdigest()}
    for step in CAST:
        archive.review(POST, step, manifest=files, content=content_of(PATH, raw, files))
    archive.write(PATH, raw)
    archive.commit("怪字节")


def _with(old: str, new: str) -> Callable[[str], str]:
    def trick(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return trick


KIND = 'kind: "tip"'
BODY = 24
"""Line of the draft on which its text stands."""
FORM: dict[str, tuple[Callable[[str], bytes | str], str, int]] = {
    "duplicate key": (_with(KIND, f'{KIND}\nkind: "alert"'), "key-twice kind", 4),
    "duplicate key deep": (
        _with("title:", "license: {basis: a, basis: b}\ntitle:"),
        "key-twice basis",
        2,
    ),
    "anchor": (_with(KIND, 'kind: &a "tip"'), "anchor-used", 3),
    "alias": (
        _with('author: "zz-a"', "author: *a"),
        "anchor-used",
        7,
    ),
    "merge key": (_with(KIND, "<<: {kind: tip}"), "merge-key-used", 3),
    "tag": (_with(KIND, "kind: !!str tip"), "tag-used", 3),
    "python tag": (
        _with(KIND, "kind: !!python/object/apply:os.getcwd []"),
        "tag-used",
        3,
    ),
    "key that is a list": (_with(KIND, "? [a]\n: tip"), "key-not-plain", 3),
    "second document": (_with(KIND, "--- {kind: tip}"), "second-document", 3),
    "tab": (_with(KIND, 'kind:\n\t- "tip"'), "yaml-unreadable", 4),
    "deep": (_with(KIND, f"kind: {'[' * 20}{']' * 20}"), "document-too-large", 3),
    "wide": (_with(KIND, f"kind: [{'0,' * 60_000}0]"), "document-too-large", 3),
    "byte order mark": (
        lambda t: b"\xef\xbb\xbf" + t.encode(),
        "byte-order-mark",
        1,
    ),
    "crlf": (lambda t: t.replace("\n", "\r\n"), "line-ends-windows", 1),
    "lone cr": (_with("出门", "出\r门"), "line-ends-windows", 14),
    "bidi": (_with("关好", "关\u202e好"), "character-invisible U+202E", BODY),
    "isolate": (_with("冬季", "冬\u2066季"), "character-invisible U+2066", 2),
    "zero width space": (
        _with("关好", "关\u200b好"),
        "character-invisible U+200B",
        BODY,
    ),
    "zero width joiner": (
        _with("关好", "关\u2060好"),
        "character-invisible U+2060",
        BODY,
    ),
    "inner bom": (_with("关好", "关\ufeff好"), "character-invisible U+FEFF", BODY),
    "nul": (_with("关好", "关\x00好"), "character-invisible U+0000", BODY),
    "escape": (_with("关好", "关\x1b[2J好"), "character-invisible U+001B", BODY),
    "line separator": (
        _with("关好", "关\u2028好"),
        "character-invisible U+2028",
        BODY,
    ),
    "nfd": (
        _with("关好", unicodedata.normalize("NFD", "é关好")),
        "character-decomposed",
        BODY,
    ),
    "not utf-8": (
        lambda t: t.encode().replace("关好".encode(), "关好".encode("gbk")),
        "file-not-utf8",
        BODY,
    ),
    "overlong": (
        lambda t: t.encode().replace("关好".encode(), b"\xc0\xaf"),
        "file-not-utf8",
        BODY,
    ),
    "surrogate": (
        lambda t: t.encode().replace("关好".encode(), b"\xed\xa0\x80"),
        "file-not-utf8",
        BODY,
    ),
    "two megabytes": (lambda t: t + "水" * 700_000, "file-too-large", 0),
}


@pytest.mark.parametrize("trick", FORM)
def test_a_trick_is_refused_by_name_and_line(archive: ArchiveRepo, trick: str) -> None:
    change, name, line = FORM[trick]
    _signed(archive, change)
    report = archive.verify()
    assert report.exit_code == 11
    assert finds(report, "R11-2", name), marks(report)
    assert (PATH, line) in places(report, "R11-2"), places(report, "R11-2")
    assert all(f.remedy for f in report.findings if f.clause == "R11-2")


@pytest.mark.parametrize(
    "words",
    [
        "no",
        "off",
        "22:30",
        "012",
        "1１",
        "1.٥",
        "0x1F",
        "1_000",
        "1e3",
        ".5",
        ".inf",
        "=",
        "2026-11-05",
    ],
)
def test_a_plain_word_stays_a_word(archive: ArchiveRepo, words: str) -> None:
    _signed(archive, _with('title: "冬季防火三件事"', f"title: 冬{words}"))
    assert passes(archive.verify())
    _signed(archive, _with('  - "防火"', f"  - {words}"))
    assert passes(archive.verify())


@pytest.mark.parametrize(
    ("key", "old", "new", "clause"),
    [
        ("revision", "revision: 1", "revision: 01", "R11-1"),
        ("revision", "revision: 1", 'revision: "1"', "R11-1"),
        ("revision", "revision: 1", "revision: 0x1", "R11-1"),
        ("category", "category: 3", "category: 3e0", "R09-1"),
        ("category", "category: 3", "category: +3", "R09-1"),
        ("category", "category: 3", "category: yes", "R09-1"),
        ("title", 'title: "冬季防火三件事"', "title: 110", "F-3"),
        ("title", 'title: "冬季防火三件事"', "title: true", "F-3"),
        ("title", 'title: "冬季防火三件事"', "title: ~", "F-3"),
        ("publish_at", '"2026-11-05T09:30:00+08:00"', "22:30", "F-2"),
        ("publish_at", '"2026-11-05T09:30:00+08:00"', "2026-11-05", "F-2"),
        ("publish_at", '"2026-11-05T09:30:00+08:00"', "2026-11-05T09:30:00", "F-2"),
        ("created_on", '"2026-11-04"', "20261104", "R03-3"),
    ],
)
def test_a_scalar_is_never_guessed(
    archive: ArchiveRepo, key: str, old: str, new: str, clause: str
) -> None:
    _signed(archive, _with(old, new))
    found = marks(archive.verify())
    assert found & {(clause, f"type-wrong {key}"), (clause, f"date-invalid {key}")}, found


def test_replace_refs_show_nothing_else(archive: ArchiveRepo) -> None:
    """git replace would show the approved words for the bad bytes that main holds."""
    archive.draft()
    archive.approve_all()
    good = archive.git.blob(archive.read(PATH))
    archive.change(PATH, "断电、关火", "断电、点火")
    archive.commit("坏字节")
    bad = archive.head(f"HEAD:{PATH}")
    archive.git("replace", bad, good)
    assert "关火" in archive.git("show", f"HEAD:{PATH}"), "the trick works on plain git"
    report = archive.verify()
    assert finds(report, "R11-1", f"file-changed-since {PATH}")
    archive.git("replace", "-d", bad)
    clean = archive.draft("2026-11-05-clean")
    archive.commit("另一篇")
    archive.git("replace", archive.head("HEAD"), archive.head("main"))
    assert clean in {v.subject for v in archive.verify().verdicts}


def test_grafts_show_no_other_history(approved: ArchiveRepo) -> None:
    """A graft that hides who wrote the post is not looked at."""
    approved.change(PATH, "断电、关火", "断电、点火")
    approved.commit("改稿", "ld-a")
    approved.approve_all()
    approved.commit("审核", "gly-a")
    graft = approved.root / ".git" / "info" / "grafts"
    graft.parent.mkdir(exist_ok=True)
    graft.write_text(f"{approved.head()} {approved.head('main')}\n", encoding="ascii")
    report = approved.verify()
    assert finds(report, "R11-1", "reviewer-made-post")


def test_the_command_never_echoes_the_trick(archive: ArchiveRepo) -> None:
    _signed(archive, _with('title: "冬季', 'title: "\u202e\x1b[31m冬季'))
    done = run_verify(archive.root, "--base", "main")
    assert done.returncode == 11
    assert "R11-2  REFUSED" in done.stdout
    assert f"{PATH}:2" in done.stdout
    assert not {"\x1b", "\u202e"} & set(done.stdout + done.stderr)
    assert "Traceback" not in done.stderr
