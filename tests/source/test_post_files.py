"""Every way a post's files can be wrong gives a finding with file, line, clause and next step."""

from collections.abc import Callable

import pytest

from pipeline.judge.judgements import check
from pipeline.model.findings import Effect
from pipeline.source.content.paths import in_years
from pipeline.source.git.tree_listing import Blob, Listing
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import AS_OF
from tests.builders.files import folder
from tests.builders.verdicts import finds, mark, run, run_verify

PATH = f"{folder(POST)}/post.md"

Spoil = Callable[[ArchiveRepo], object]
ELSEWHERE = "front-matter-ambiguous"


def _text(change: Callable[[str], str]) -> Spoil:
    return lambda a: a.write(PATH, change(a.read(PATH).decode()))


def _swap(old: str, new: str) -> Spoil:
    return lambda a: a.change(PATH, old, new)


def _folder_for_file(archive: ArchiveRepo) -> None:
    (archive.root / PATH).unlink()
    archive.write(f"{PATH}/inner.txt", "x\n")


BAD: dict[str, tuple[Spoil, str, str, int]] = {
    "no front matter": (_text(lambda _: "只有正文。\n"), "R11-2", "front-matter-missing", 1),
    "front matter later": (_text(lambda t: f"\n{t}"), "R11-2", "front-matter-missing", 1),
    "unclosed": (
        _text(lambda t: t.replace("---\n\n", "\n")),
        "R11-2",
        "front-matter-open",
        1,
    ),
    "the end of YAML before the fence": (
        _text(lambda t: t.replace("---\n\n", "...\n---\n\n")),
        "R11-2",
        ELSEWHERE,
        22,
    ),
    "a fence with a blank behind it": (
        _text(lambda t: t.replace("---\n\n", "--- \n\n")),
        "R11-2",
        ELSEWHERE,
        22,
    ),
    "a first fence with a tab behind it": (
        _text(lambda t: t.replace("---", "---\t", 1)),
        "R11-2",
        ELSEWHERE,
        1,
    ),
    "a fence inside a text of several lines": (
        _swap('kind: "tip"', 'remarks: |\n  甲\n  ---\n  乙\nkind: "tip"'),
        "R11-2",
        ELSEWHERE,
        5,
    ),
    "only fences": (_text(lambda _: "---\n---\n\n正文。\n"), "R02-1", "key-missing accounts", 1),
    "a list": (
        _text(lambda _: "---\n- a\n- b\n---\n\n正文。\n"),
        "R11-2",
        "front-matter-keyless",
        2,
    ),
    "a word": (
        _text(lambda _: "---\nhello\n---\n\n正文。\n"),
        "R11-2",
        "front-matter-keyless",
        2,
    ),
    "duplicate key": (
        _swap('kind: "tip"', 'kind: "tip"\nkind: "tip"'),
        "R11-2",
        "key-twice kind",
        4,
    ),
    "bad indentation": (
        _swap('kind: "tip"', '  kind: "tip"'),
        "R11-2",
        "yaml-unreadable",
        3,
    ),
    "wrong type": (
        _swap("revision: 1", 'revision: "1"'),
        "R11-1",
        "type-wrong revision",
        4,
    ),
    "unknown key": (
        _swap('kind: "tip"', 'kind: "tip"\nauthorr: "x"'),
        "R11-2",
        "key-unknown authorr",
        4,
    ),
    "missing key": (_swap('kind: "tip"\n', ""), "R11-7", "key-missing kind", 2),
    "unknown account": (
        _swap('- "wx"', '- "wxx"'),
        "R08-1",
        "account-unregistered wxx",
        6,
    ),
    "unknown author": (
        _swap('"zz-a"', '"zz-x"'),
        "R03-1",
        "person-unregistered zz-x",
        7,
    ),
    "unknown department": (
        _swap('"jzk"', '"jxx"'),
        "R03-1",
        "department-unregistered",
        8,
    ),
    "same account twice": (
        _swap('- "wx"', '- "wx"\n  - "wx"'),
        "R02-1",
        "entry-twice accounts",
        5,
    ),
    "revision zero": (
        _swap("revision: 1", "revision: 0"),
        "R11-1",
        "value-out-of-range revision",
        4,
    ),
    "impossible date": (
        _swap('"2026-11-04"', '"2026-02-30"'),
        "R03-3",
        "date-invalid created_on",
        10,
    ),
    "time without zone": (
        _swap("T09:30:00+08:00", "T09:30:00"),
        "F-2",
        "date-invalid publish_at",
        9,
    ),
    "another day": (
        _swap("2026-11-05T", "2026-11-04T"),
        "F-2",
        "post-id-misdated",
        9,
    ),
    "not utf-8": (
        lambda a: a.write(PATH, a.read(PATH).decode().encode("gb18030")),
        "R11-2",
        "file-not-utf8",
        2,
    ),
    "bom": (
        lambda a: a.write(PATH, b"\xef\xbb\xbf" + a.read(PATH)),
        "R11-2",
        "byte-order-mark",
        1,
    ),
    "two megabytes": (
        _text(lambda t: t + "a" * 2_000_000),
        "R11-2",
        "file-too-large",
        0,
    ),
    "empty file": (lambda a: a.write(PATH, b""), "R11-2", "file-empty", 0),
    "no post.md": (
        lambda a: (a.root / PATH).rename(a.root / folder(POST) / "text.md"),
        "R11-2",
        "post-missing",
        0,
    ),
    "a note that no reader sees": (
        _swap('kind: "tip"', 'kind: "tip" # 13912345678'),
        "R11-2",
        "note-unseen",
        3,
    ),
    "a merge that was left half done": (
        _text(lambda t: f"{t}<<<<<<< HEAD\n关火。\n=======\n断电。\n>>>>>>> other\n"),
        "R11-2",
        "merge-unfinished",
        29,
    ),
    "a merge left half done among the keys": (
        _swap('kind: "tip"', '<<<<<<< HEAD\nkind: "tip"\n=======\nkind: "alert"\n>>>>>>> x'),
        "R11-2",
        "merge-unfinished",
        3,
    ),
    "a colon of full width": (
        _swap('kind: "tip"', 'kind："tip"'),
        "R11-2",
        "colon-full-width kind",
        3,
    ),
    "a document of Word": (
        lambda a: a.write(PATH, b"PK\x03\x04\x14\x00\r\n\xff"),
        "R11-2",
        "file-no-text",
        0,
    ),
    "a text that is not written yet": (
        _text(lambda t: t[: t.index("---\n\n") + 5] + "（在此写正文。）\n"),
        "R11-2",
        "text-not-written",
        24,
    ),
    "folder for a file": (_folder_for_file, "R11-2", "post-missing", 0),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_a_finding_before_and_after_it_is_committed(
    archive: ArchiveRepo, case: str
) -> None:
    """`sanshen check` on the work tree says what `verify` says of the commit."""
    spoil, clause, name, line = BAD[case]
    archive.draft()
    spoil(archive)
    checked = check(archive.open(), frozenset({POST}), lambda _: AS_OF)
    assert checked.exit_code == 11
    assert (clause, name) in {(f.clause, mark(f)) for f in checked.findings}
    archive.commit("坏稿")
    report = archive.verify()
    assert report.exit_code == 11
    found = [f for f in report.findings if (f.clause, mark(f)) == (clause, name)]
    assert found, [(f.clause, mark(f)) for f in report.findings if f.effect is Effect.REFUSE]
    assert {f.location.line for f in found} == {line}
    assert {f.location.path for f in found} == {PATH}
    assert all(f.remedy for f in found)


@pytest.mark.parametrize(
    ("case", "name"),
    [
        ("not utf-8", "file-not-utf8"),
        ("folder for a file", "post-missing"),
    ],
)
def test_the_command_never_shows_a_traceback(archive: ArchiveRepo, case: str, name: str) -> None:
    spoil, clause, _, line = BAD[case]
    archive.draft()
    spoil(archive)
    archive.commit("坏稿")
    assert finds(archive.verify(), clause, name, PATH)
    for done in (run_verify(archive.root, "--base", "main"), run(archive.root, "check", POST)):
        assert done.returncode == 11, done.stderr
        assert f"{clause}  REFUSED  {PATH}{f':{line}' if line else ''}" in done.stdout
        assert "Next: " in done.stdout
        assert "Traceback" not in done.stderr


def test_a_post_is_looked_for_in_its_year_and_where_a_change_put_it() -> None:
    posts, one = "content/posts/", "2026-11-05-a"
    there = [f"{posts}{year}/{one}" for year in (2019, 2026)]
    files = Listing.of(
        dict.fromkeys((f"{place}/post.md" for place in there), Blob("100644", "", 0))
    )
    assert in_years(files, posts, [one]) == there
    assert in_years(files, posts, [one], [f"content/reviews/2020/{one}/x"]) == there[1:]
    came = [f"{there[0]}/post.md", f"{posts}2020/2026-11-05-b/post.md", f"{posts}2021"]
    assert in_years(files, posts, [one], came) == there
