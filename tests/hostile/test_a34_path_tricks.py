"""A34: names that some disk, browser or reader takes for something else are refused."""

import pytest

from pipeline.new.yaml_writer import dump
from tests.builders.archive import BODY, POST, ArchiveRepo
from tests.builders.cast import email
from tests.builders.files import folder
from tests.builders.records import waive
from tests.builders.samples import RECORDS
from tests.builders.verdicts import finds, marks, passes, places, reasons, refused_for, run_verify

HERE = folder(POST)
NO_PLACE = ("R11-2", "path-without-place")
NO_CLASS = ("R13-7", "path-unknown")


def _planted(archive: ArchiveRepo, *paths: str) -> str:
    """The approved post with raw tree entries that no checkout would make."""
    oid = archive.git.blob("原文。\n".encode())
    env = archive.git.people(email("zz-a"), email("zz-a"))
    head = archive.git.grow(archive.head(), [("100644", oid, p) for p in paths], env)
    assert head == archive.head("raw")
    return head


@pytest.mark.parametrize(
    "name",
    [
        "..",
        "a..b.txt",
        "..\\plan.txt",
        "C:plan.txt",
        "C:\\plan.txt",
        "a\\b.txt",
        "plan\x01.txt",
        "plan\n.txt",
        "plan .txt",
        ".hidden.txt",
        "-rf.txt",
        "~plan.txt",
        "方案.txt",
        "plan\u202etxt.exe",
        "рlan.txt",
        "plan.txt:stream",
        "plan%2e%2e.txt",
        "<b>.txt",
        "a" * 81,
        "sub/plan.txt",
    ],
)
def test_a_name_inside_a_post(approved: ArchiveRepo, name: str) -> None:
    head = _planted(approved, f"{HERE}/{name}")
    report = approved.verify("main", head)
    assert report.exit_code == 11
    assert {NO_PLACE, NO_CLASS} <= marks(report), marks(report)


@pytest.mark.parametrize("name", ["con.txt", "NUL.png", "aux", "com1.txt", "LPT9.md", "prn.a.txt"])
def test_a_name_that_windows_keeps_for_itself(approved: ArchiveRepo, name: str) -> None:
    report = approved.verify("main", _planted(approved, f"{HERE}/{name}"))
    assert report.exit_code == 11
    assert finds(report, *NO_PLACE), marks(report)


@pytest.mark.parametrize(
    "post",
    [
        "2026-11-05-Fire",
        "2026-11-05-",
        "2026-11-05",
        "2026-11-05-a--b",
        "2026-11-05-a_b",
        "2025-11-05-old",
        "26-11-05-short",
        "2026-11-05-防火",
        "latest",
    ],
)
def test_a_folder_that_is_no_post_id(archive: ArchiveRepo, post: str) -> None:
    archive.draft(post if len(post) > 10 else POST)
    if len(post) <= 10:
        (archive.root / HERE).rename(archive.root / f"content/posts/2026/{post}")
    elif post.startswith("2025"):
        (archive.root / "content/posts/2025").rename(archive.root / "content/posts/2026")
    elif post.startswith("26"):
        (archive.root / "content/posts/26-1").rename(archive.root / "content/posts/2026")
    archive.commit("起草")
    report = archive.verify()
    assert report.exit_code == 11
    assert {NO_PLACE, NO_CLASS} <= marks(report), marks(report)


@pytest.mark.parametrize("other", ["Fire.png", "FIRE.PNG"])
def test_two_names_that_collide_without_case(approved: ArchiveRepo, other: str) -> None:
    report = approved.verify("main", _planted(approved, f"{HERE}/fire.png", f"{HERE}/{other}"))
    assert report.exit_code == 11
    assert any(m.endswith("in capitals only.") for c, m in reasons(report) if c == "R11-2")


@pytest.mark.parametrize(
    "top", ["../content", "..", "Content", "CONTENT", "content.", "content ", "./x"]
)
def test_a_second_content_folder(approved: ArchiveRepo, top: str) -> None:
    """On a disk without case, CONTENT/policy.yml is content/policy.yml."""
    report = approved.verify("main", _planted(approved, f"{top}/policy.yml"))
    assert refused_for(report, NO_CLASS)


@pytest.mark.parametrize(
    "name",
    ["a" * 300 + ".md", "a:b.md", "Aux.md", "con/x.md", "a\\b.md", "x\n.md", "..", ".git/config"]
    + ["x /y.md", "x./y.md", "what?.md"],
)  # fmt: skip
def test_a_document_that_nobody_could_check_out(approved: ArchiveRepo, name: str) -> None:
    """Documents enter without a signature: one such name, and no clone of main has a work tree."""
    assert refused_for(approved.verify("main", _planted(approved, f"docs/{name}")), NO_CLASS)


def test_a_document_may_be_named_in_chinese(approved: ArchiveRepo) -> None:
    assert passes(approved.verify("main", _planted(approved, "docs/手册/操作 手册（一）.v2.md")))


@pytest.mark.parametrize("top", [".git", ".GIT", ".git "])
def test_a_git_folder_in_the_tree(approved: ArchiveRepo, top: str) -> None:
    report = approved.verify("main", _planted(approved, f"{HERE}/{top}/config"))
    assert report.exit_code == 11
    assert finds(report, *NO_CLASS)


def test_a_name_with_bytes_that_are_no_text(approved: ArchiveRepo) -> None:
    made = approved.root / HERE
    open(bytes(made) + b"/plan\xff.txt", "wb").close()  # noqa: SIM115, PTH123
    approved.commit("坏名字")
    report = approved.verify()
    assert report.exit_code == 11
    assert {NO_PLACE, NO_CLASS} <= marks(report)
    done = run_verify(approved.root, "--base", "main")
    assert done.returncode == 11, done.stderr
    assert "Traceback" not in done.stderr


def test_a_name_full_of_controls_is_not_echoed(approved: ArchiveRepo) -> None:
    _planted(approved, f"{HERE}/plan\x1b[31m\n::error::x.txt")
    done = run_verify(approved.root, "--base", "main", "--head", "raw", "--format", "markdown")
    assert done.returncode == 11, done.stderr
    assert "\x1b" not in done.stdout
    assert not any(line.startswith("::error::x") for line in done.stdout.split("\n"))


def test_plain_names_pass_the_same_road(approved: ArchiveRepo) -> None:
    """The raw commit is refused for its names only: a good name is only unapproved."""
    report = approved.verify("main", _planted(approved, f"{HERE}/plan.txt"))
    assert refused_for(report, ("R11-1", f"file-changed-since {HERE}/plan.txt"))


@pytest.mark.parametrize("area", ["posts", "reviews"])
def test_a_post_or_review_in_the_folder_of_another_year(approved: ArchiveRepo, area: str) -> None:
    """It came with the change, so it is looked at, and named, wherever the change put it."""
    moved = f"content/{area}/2019/{POST}"
    oid = approved.git.blob(approved.read(f"{HERE}/post.md"))
    env = approved.git.people(email("zz-a"), email("zz-a"))
    name = "post.md" if area == "posts" else "r1/1-first.json"
    head = approved.git.grow(approved.head(), [("100644", oid, f"{moved}/{name}")], env)
    report = approved.verify("main", head)
    assert report.exit_code == 11
    assert finds(report, *NO_CLASS)
    assert any(f.location.path == f"{moved}/{name}" for f in report.findings)


EVENT = "content/records/account-events/2026/2026-11-01-wx-change.yml"
CAPITALS = EVENT.replace("-wx-", "-WX-")


@pytest.mark.parametrize("first", [EVENT, CAPITALS])
def test_two_records_that_collide_without_case(archive: ArchiveRepo, first: str) -> None:
    """Whichever came first: the one that comes is named, and where it stands, both are."""
    archive.event("wx", "change", "2026-11-01")
    raw = archive.read(EVENT)
    (archive.root / EVENT).unlink()
    archive.write(first, raw)
    archive.commit("事项", "gly-a")
    assert passes(archive.verify())
    archive.merge("proposal")
    archive.branch("again")
    for path in (EVENT, CAPITALS):
        archive.write(path, raw)
    archive.commit("再来", "gly-a")
    report = archive.verify()
    assert refused_for(report, ("R11-2", f"path-capitals {first}"))
    archive.merge("again")
    assert places(archive.standing(), "R11-2") == {(EVENT, 0), (CAPITALS, 0)}


@pytest.mark.parametrize("name", ["con", "a..b", "AUX"])
def test_a_record_of_a_name_that_is_none(archive: ArchiveRepo, name: str) -> None:
    archive.event("wx", "change", "2026-11-01")
    (archive.root / EVENT).rename(archive.root / EVENT.replace("2026-11-01-wx-change", name))
    archive.commit("事项", "gly-a")
    assert refused_for(archive.verify(), NO_PLACE)


@pytest.mark.parametrize("year", ["2025", "2027"])
def test_one_name_in_the_folders_of_two_years(archive: ArchiveRepo, year: str) -> None:
    """What refers to the record by its name would mean either."""
    archive.event("wx", "change", "2026-11-01")
    archive.commit("事项", "gly-a")
    archive.merge("proposal")
    archive.branch("again")
    twin = EVENT.replace("/2026/", f"/{year}/")
    archive.write(twin, archive.read(EVENT))
    archive.commit("再来", "gly-a")
    report = archive.verify()
    assert refused_for(report, ("R13-7", "id-twice"))
    assert places(report, "R13-7") == {(twin, 0)}
    archive.merge("again")
    assert places(archive.standing(), "R13-7") == {(EVENT, 0), (twin, 0)}


@pytest.mark.parametrize(
    "path",
    [
        "content/records/filings/2001/2026-11-05.yml",
        "content/records/filings/2001/2026-11-05.pdf",
        "content/records/filings/2026/form.yml",
        f"content/records/corrections/2001/{POST}.r2.yml",
    ],
)
def test_a_record_in_a_year_that_its_name_denies(archive: ArchiveRepo, path: str) -> None:
    """It is looked for by its name, years later, where the name says that it lies."""
    archive.write(path, b"%PDF")
    archive.commit("归档", "gly-a")
    report = archive.verify()
    assert finds(report, *NO_CLASS), marks(report)
    assert (path, 0) in places(report, "R13-7")


@pytest.mark.parametrize("year", ["2001", "2026"])
def test_a_waiver_of_any_year_is_found_when_it_comes(approved: ArchiveRepo, year: str) -> None:
    approved.merge("proposal")
    approved.branch("again")
    path = waive(approved, role="principal")
    for end in ("", ".sig"):
        raw = approved.read(path + end)
        (approved.root / (path + end)).unlink()
        approved.write(path.replace("/2026/", f"/{year}/") + end, raw)
    approved.commit("豁免", "gly-a")
    wanted = ("R16-2", "waiver-lacks-role")
    assert refused_for(approved.verify(), wanted)
    approved.merge("again")
    assert refused_for(approved.standing(), wanted)


def test_a_relay_in_a_year_where_no_later_change_looks(archive: ArchiveRepo) -> None:
    archive.draft(body=f"{BODY}\n[通知原文]({RECORDS['relays']['source']['url']})\n")
    archive.commit("起草", "zz-a")
    archive.approve_all()
    archive.commit("审核", "kz-a")
    archive.merge("proposal")
    archive.branch("again")
    relay = dump(RECORDS["relays"] | {"post": POST, "accounts": ["wx"]})
    for number, year in enumerate(("2025", "2026", "2027")):
        archive.write(f"content/records/relays/{year}/r{number}.yml", relay)
    archive.commit("转发", "xxy-a")
    assert passes(archive.verify())
    archive.write("content/records/relays/2024/old.yml", relay)
    archive.commit("再转发", "xxy-a")
    wanted = ("R05-4", "relay-misfiled")
    assert refused_for(archive.verify(), wanted)
    archive.merge("again")
    assert refused_for(archive.standing(), wanted)
