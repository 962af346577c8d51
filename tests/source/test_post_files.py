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
from tests.builders.verdicts import run, run_verify

PATH = f"{folder(POST)}/post.md"

Spoil = Callable[[ArchiveRepo], object]
ELSEWHERE = "Other programs see the front matter begin or end elsewhere than here."


def _text(change: Callable[[str], str]) -> Spoil:
    return lambda a: a.write(PATH, change(a.read(PATH).decode()))


def _swap(old: str, new: str) -> Spoil:
    return lambda a: a.change(PATH, old, new)


def _folder_for_file(archive: ArchiveRepo) -> None:
    (archive.root / PATH).unlink()
    archive.write(f"{PATH}/inner.txt", "x\n")


BAD: dict[str, tuple[Spoil, str, str, int]] = {
    "no front matter": (_text(lambda _: "只有正文。\n"), "R11-2", "There is no front matter.", 1),
    "front matter later": (_text(lambda t: f"\n{t}"), "R11-2", "There is no front matter.", 1),
    "unclosed": (
        _text(lambda t: t.replace("---\n\n", "\n")),
        "R11-2",
        "The front matter is not closed.",
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
    "only fences": (_text(lambda _: "---\n---\n\n正文。\n"), "R02-1", "accounts is missing.", 1),
    "a list": (
        _text(lambda _: "---\n- a\n- b\n---\n\n正文。\n"),
        "R11-2",
        "The front matter is not a list of keys.",
        2,
    ),
    "a word": (
        _text(lambda _: "---\nhello\n---\n\n正文。\n"),
        "R11-2",
        "The front matter is not a list of keys.",
        2,
    ),
    "duplicate key": (
        _swap('kind: "tip"', 'kind: "tip"\nkind: "tip"'),
        "R11-2",
        "The key kind is there twice.",
        4,
    ),
    "bad indentation": (
        _swap('kind: "tip"', '  kind: "tip"'),
        "R11-2",
        "The YAML cannot be read here.",
        3,
    ),
    "wrong type": (
        _swap("revision: 1", 'revision: "1"'),
        "R11-1",
        "revision has the wrong type.",
        4,
    ),
    "unknown key": (
        _swap('kind: "tip"', 'kind: "tip"\nauthorr: "x"'),
        "R11-2",
        "The key authorr is not known.",
        4,
    ),
    "missing key": (_swap('kind: "tip"\n', ""), "R11-7", "kind is missing.", 2),
    "unknown account": (
        _swap('- "wx"', '- "wxx"'),
        "R08-1",
        "Account wxx is not in the register.",
        6,
    ),
    "unknown author": (
        _swap('"zz-a"', '"zz-x"'),
        "R03-1",
        "Person zz-x is not in the register.",
        7,
    ),
    "unknown department": (
        _swap('"jzk"', '"jxx"'),
        "R03-1",
        "Department jxx is not in the register.",
        8,
    ),
    "same account twice": (
        _swap('- "wx"', '- "wx"\n  - "wx"'),
        "R02-1",
        "accounts holds the same entry twice.",
        5,
    ),
    "revision zero": (_swap("revision: 1", "revision: 0"), "R11-1", "revision is out of range.", 4),
    "impossible date": (
        _swap('"2026-11-04"', '"2026-02-30"'),
        "R03-3",
        "created_on is not a valid date or time.",
        10,
    ),
    "time without zone": (
        _swap("T09:30:00+08:00", "T09:30:00"),
        "F-2",
        "publish_at is not a valid date or time.",
        9,
    ),
    "another day": (
        _swap("2026-11-05T", "2026-11-04T"),
        "F-2",
        "The id of the post does not begin with its day, 2026-11-04.",
        9,
    ),
    "not utf-8": (
        lambda a: a.write(PATH, a.read(PATH).decode().encode("gb18030")),
        "R11-2",
        "The file is not UTF-8 text.",
        2,
    ),
    "bom": (
        lambda a: a.write(PATH, b"\xef\xbb\xbf" + a.read(PATH)),
        "R11-2",
        "The file begins with a byte order mark (BOM).",
        1,
    ),
    "two megabytes": (
        _text(lambda t: t + "a" * 2_000_000),
        "R11-2",
        "The file is larger than 1 MB.",
        0,
    ),
    "empty file": (lambda a: a.write(PATH, b""), "R11-2", "The file is empty.", 0),
    "no post.md": (
        lambda a: (a.root / PATH).rename(a.root / folder(POST) / "text.md"),
        "R11-2",
        "The post has no post.md.",
        0,
    ),
    "a note that no reader sees": (
        _swap('kind: "tip"', 'kind: "tip" # 13912345678'),
        "R11-2",
        "There is a note (#) that neither reviewers nor readers see.",
        3,
    ),
    "a merge that was left half done": (
        _text(lambda t: f"{t}<<<<<<< HEAD\n关火。\n=======\n断电。\n>>>>>>> other\n"),
        "R11-2",
        "There are marks of a merge that was not finished.",
        29,
    ),
    "a merge left half done among the keys": (
        _swap('kind: "tip"', '<<<<<<< HEAD\nkind: "tip"\n=======\nkind: "alert"\n>>>>>>> x'),
        "R11-2",
        "There are marks of a merge that was not finished.",
        3,
    ),
    "a colon of full width": (
        _swap('kind: "tip"', 'kind："tip"'),
        "R11-2",
        "The colon after kind is of full width.",
        3,
    ),
    "a document of Word": (
        lambda a: a.write(PATH, b"PK\x03\x04\x14\x00\r\n\xff"),
        "R11-2",
        "The file is a document of Word, WPS or the like, no plain text.",
        0,
    ),
    "a text that is not written yet": (
        _text(lambda t: t[: t.index("---\n\n") + 5] + "（在此写正文。）\n"),
        "R11-2",
        "The text is not written yet.",
        24,
    ),
    "folder for a file": (_folder_for_file, "R11-2", "The post has no post.md.", 0),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_a_finding_before_and_after_it_is_committed(
    archive: ArchiveRepo, case: str
) -> None:
    """`sanshen check` on the work tree says what `verify` says of the commit."""
    spoil, clause, sentence, line = BAD[case]
    archive.draft()
    spoil(archive)
    checked = check(archive.open(), frozenset({POST}), lambda _: AS_OF)
    assert checked.exit_code == 11
    assert (clause, sentence) in {(f.clause, str(f.message)) for f in checked.findings}
    archive.commit("坏稿")
    report = archive.verify()
    assert report.exit_code == 11
    found = [f for f in report.findings if (f.clause, str(f.message)) == (clause, sentence)]
    assert found, [(f.clause, str(f.message)) for f in report.findings if f.effect is Effect.REFUSE]
    assert {f.location.line for f in found} == {line}
    assert {f.location.path for f in found} == {PATH}
    assert all(f.remedy for f in found)


@pytest.mark.parametrize("case", ["not utf-8", "folder for a file"])
def test_the_command_never_shows_a_traceback(archive: ArchiveRepo, case: str) -> None:
    spoil, clause, sentence, line = BAD[case]
    archive.draft()
    spoil(archive)
    archive.commit("坏稿")
    for done in (run_verify(archive.root, "--base", "main"), run(archive.root, "check", POST)):
        assert done.returncode == 11, done.stderr
        assert sentence in done.stdout
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
