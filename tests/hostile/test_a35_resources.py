"""A35: what is too large, too deep or too many is a finding, in bounded steps, never a crash."""

import gc
import struct
import zlib
from collections.abc import Iterator

import pytest

from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import AS_OF
from tests.builders.judging import run
from tests.builders.steps import counted
from tests.builders.verdicts import finds, marks, refused_for

STEPS = 30_000_000
"""Of one test, building the archive included: hundreds of times what a plain post takes."""
PATH = f"content/posts/2026/{POST}/post.md"


@pytest.fixture(autouse=True)
def finalizers_have_the_whole_stack() -> Iterator[None]:
    """No search for garbage while a test stands at the end of the stack, as these do on purpose.

    It would run there the finalizers of whatever test left something, and none has room. Before and
    after they run as ever, and pytest tells of one that fails.
    """
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(autouse=True)
def bounded(finalizers_have_the_whole_stack: None) -> Iterator[None]:
    with counted() as steps:
        yield
    assert steps.count < STEPS


def _said(archive: ArchiveRepo, clause: str, name: str) -> None:
    report = archive.verify()
    assert report.exit_code == 11
    assert finds(report, clause, name), marks(report)


def test_too_many_files(archive: ArchiveRepo) -> None:
    archive.draft(files={f"f{i}.txt": b"x" for i in range(61)})
    archive.commit("起草")
    _said(archive, "R11-2", "files-too-many")


def test_a_file_that_is_too_large(archive: ArchiveRepo) -> None:
    archive.draft(files={"a.txt": b"\0" * 20_000_001})
    archive.commit("起草")
    _said(archive, "R11-2", "file-too-large")


@pytest.mark.parametrize(
    "keys",
    [
        "x: " + "[" * 5000 + "]" * 5000,
        "x: " + "{a: " * 500 + "1" + "}" * 500,
        "a: &a [1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b]",
        "x: [" + "1," * 60_000 + "1]",
        "x: " + "9" * 5000,
    ],
    ids=["deep list", "deep map", "a bomb of aliases", "many nodes", "a giant number"],
)
def test_front_matter_that_explodes(archive: ArchiveRepo, keys: str) -> None:
    archive.draft()
    text = archive.read(PATH).decode()
    archive.write(PATH, text.replace("tags:", f"{keys}\ntags:", 1).encode())
    archive.commit("起草")
    report = archive.verify()
    assert report.exit_code == 11
    assert any(f.location.path == PATH for f in report.findings)


@pytest.mark.parametrize(
    "body",
    ["*" * 20_000, "[" * 20_000, "> " * 5_000 + "x", "`" * 10_001 + "x", "| a " * 3_000 + "|\n" +
     "|---" * 3_000 + "|\n", "- " * 2_000 + "x", "![" * 5_000 + "](" * 5_000],
    ids=["stars", "brackets", "quotes", "ticks", "a wide table", "lists", "images"],
)  # fmt: skip
def test_markdown_that_explodes(archive: ArchiveRepo, body: str) -> None:
    archive.draft(body=f"{body}\n")
    archive.commit("起草")
    assert archive.verify().exit_code in (10, 11)


def test_a_giant_statement_is_no_record(archive: ArchiveRepo) -> None:
    archive.draft()
    archive.commit("起草")
    archive.approve_all()
    place = archive.place(POST, "first", 1)
    archive.write(place, b" " * 2_000_000 + archive.read(place))
    archive.commit("审核")
    report = archive.verify()
    assert report.exit_code != 0
    assert not any(v.publishable for v in report.verdicts if v.subject == POST)


def test_hundreds_of_reviews(archive: ArchiveRepo) -> None:
    archive.draft()
    archive.commit("起草")
    archive.approve_all()
    for number in range(2, 602):
        for end in (".json", ".json.sig"):
            archive.write(f"content/reviews/2026/{POST}/r{number}/1-first{end}", b"x")
    archive.commit("审核")
    more = ("R11-1", "more-not-listed")
    assert refused_for(archive.verify(), ("R11-1", "review-revision-unknown"), more)


def _bomb(width: int, height: int) -> bytes:
    """A picture that says it is huge, in a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        tail = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + tail

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def test_a_picture_that_unpacks_to_gigabytes(archive: ArchiveRepo) -> None:
    meta = [{"file": "a.png", "alt": "图", "author": "zz-a", "licence": "本单位原创"}]
    picture = _bomb(60_000, 60_000)
    archive.draft(body="看图。\n\n![图](a.png)\n", files={"a.png": picture}, media=meta)
    archive.commit("起草")
    archive.approve_all()
    archive.commit("审核")
    assert archive.verify().exit_code in (0, 10, 11)  # it is judged without being unpacked


def _nested(archive: ArchiveRepo, depth: int) -> str:
    """A tree object with a file at the bottom of so many folders."""
    tree = archive.git.raw("tree", b"100644 a\0" + bytes.fromhex(archive.git.blob(b"x")))
    for _ in range(depth):
        tree = archive.git.raw("tree", b"40000 a\0" + bytes.fromhex(tree))
    return tree


@pytest.mark.parametrize("top", ["site", "docs", "content/posts/2026/deep"])
@pytest.mark.parametrize("depth", [60, 1200])
def test_a_folder_of_a_thousand_in_one_another(archive: ArchiveRepo, top: str, depth: int) -> None:
    archive.git("read-tree", f"--prefix={top}/zz/", _nested(archive, depth))
    tree = archive.git("write-tree")
    env = archive.git.people("zz-a@yunlan.example.org", "zz-a@yunlan.example.org")
    made = archive.git("commit-tree", tree, "-p", "HEAD", "-m", "深", env=env)
    report = archive.verify("main", made)
    assert report.exit_code == 11
    assert finds(report, "R13-7", "path-unknown")
    archive.git("update-ref", "refs/heads/main", made)
    assert archive.audit("main").exit_code == 11
    archive.standing("main")


@pytest.mark.parametrize("depth", [60, 1500, 2500])
def test_a_folder_of_a_thousand_that_git_does_not_know(archive: ArchiveRepo, depth: int) -> None:
    archive.draft()
    place = archive.root / f"content/posts/2026/{POST}"
    (place / "a").mkdir()
    (place / "a/f.txt").touch()
    for _ in range(depth):  # a path as long as this can be made, and not be named
        (place / "b").mkdir()
        (place / "a").rename(place / "b/a")
        (place / "b").rename(place / "a")
    done = run(archive.root, "check", "--as-of", AS_OF.isoformat())
    for _ in range(depth):  # pytest cannot remove it
        (place / "a/a").rename(place / "b")
        (place / "a").rmdir()
        (place / "b").rename(place / "a")
    assert "Traceback" not in done.stderr, done.stderr[-500:]
    assert done.returncode in (1, 11)
    assert "/a/a/a/" in done.stdout + done.stderr


@pytest.mark.parametrize(
    "path",
    [
        "schemas/records/relays.json",
        "schemas/records/corrections.json",
        "schemas/registers/people.json",
        "schemas/statements/review.json",
        "schemas/articles/a05_updates.json",
    ],
)
@pytest.mark.parametrize(
    "raw", ["[" * 100_000, '{"items": ' * 900 + "{}" + "}" * 900], ids=["brackets", "items"]
)
def test_a_schema_nested_without_end(archive: ArchiveRepo, path: str, raw: str) -> None:
    archive.write(path, raw)
    archive.commit("模式", "gly-a")
    report = archive.verify()
    assert report.exit_code == 11
    assert ("R13-7", path) in {(f.clause, f.location.path) for f in report.findings}
