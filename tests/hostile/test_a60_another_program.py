"""A60: an archive is judged by another program than the one that its trusted commit names."""

import json
import shutil
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import click
import pytest
from jsonschema import Draft202012Validator

from pipeline import __version__
from pipeline.cli.publish import authorise
from pipeline.cli.review import approve
from pipeline.cli.site import build
from pipeline.cli.status import status
from pipeline.cli.verify import FORMATS, audit, check, verify
from pipeline.errors import Fault
from pipeline.evidence.log.merkle import BUILD
from pipeline.evidence.log.tiles import MANIFEST, WELL_KNOWN
from pipeline.history import replay
from pipeline.judge import judgements
from pipeline.model.program import Program
from pipeline.parts.desk.verb import desk
from pipeline.parts.reproduce.verb import reproduce
from pipeline.publish import build_site
from pipeline.report.formats import markdown_cell
from pipeline.report.summary import BY_ANOTHER
from pipeline.source.content import program_lock
from pipeline.source.content.program_lock import LOCK
from pipeline.source.program import running
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import AS_OF, email, private_key_file, public_line
from tests.builders.desks import DeskRun, browser
from tests.builders.judging import run as judge
from tests.builders.layers import carried, locked
from tests.builders.leaves import leaf_data
from tests.builders.named import shows
from tests.builders.payloads import payload
from tests.builders.published import begun, built_site, logged, relist, sign, write_log
from tests.builders.witnessing import witnessed
from tests.cli.at_the_desk import fault, run

pytestmark = pytest.mark.inside
OTHERS: Mapping[str, tuple[dict[str, bytes], str]] = {
    "newer": (locked("99.0.0"), "99.0.0"),
    "older": (locked("0.8.0"), "0.8.0"),
    "other bytes": (
        locked(digest="e" * 64),
        f"sha256:{'e' * 8}",
    ),
}
"""Lock of main → what is said of the program that runs."""
JUDGING: tuple[tuple[click.Command, tuple[str, ...], str], ...] = (
    (verify, (), ""),
    (verify, ("--base", "main", "--head", "proposal"), ""),
    (audit, (), ""),
    (build, (), ""),
    (desk, ("--port", "0"), ""),
    (approve, (POST,), "xxy-a"),
    (authorise, ("--reason", "试一试。"), "kz-a"),
)
"""Verb, its words, who signs."""
MARK = str(BY_ANOTHER)


@pytest.fixture
def draft(archive: ArchiveRepo) -> ArchiveRepo:
    """A draft on a branch of its own, which main does not hold."""
    archive.draft()
    archive.commit("起草", "zz-a")
    return archive


def name(archive: ArchiveRepo, lock: Mapping[str, bytes]) -> None:
    """Let main name another program."""
    archive.switch("main")
    for path, raw in lock.items():
        archive.write(path, raw)
    archive.commit("换锁", "gly-a")


def relock(archive: ArchiveRepo, lock: Mapping[str, bytes]) -> None:
    """Let main name another program, and the proposal stand on it."""
    name(archive, lock)
    people = archive.git.people(email("zz-a"), email("zz-a"))
    archive.git("rebase", "--quiet", "main", "proposal", env=people)


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize(("command", "words", "by"), JUDGING)
def test_nothing_is_judged_or_signed_by_it(
    draft: ArchiveRepo, other: str, command: click.Command, words: tuple[str, ...], by: str
) -> None:
    lock, named = OTHERS[other]
    relock(draft, lock)
    done = run(command, draft, *words, by=by)
    assert named in fault(done)
    assert draft.git("status", "--porcelain") == ""


@pytest.mark.parametrize("other", OTHERS)
def test_no_review_of_a_forge_is_witnessed_by_it(draft: ArchiveRepo, other: str) -> None:
    lock, named = OTHERS[other]
    relock(draft, lock)
    assert named in witnessed(draft, payload(draft.head(), []), code=1)["error"]


@pytest.mark.parametrize("command", [check, status])
@pytest.mark.parametrize("other", ["older", "other bytes"])
def test_who_only_looks_is_not_kept_out(
    draft: ArchiveRepo, other: str, command: click.Command
) -> None:
    lock, _ = OTHERS[other]
    relock(draft, lock)
    done = run(command, draft)
    assert not isinstance(done.exception, Fault), done.exception
    if command is check:
        assert shows(done.stdout, "judged-by-another-program")
        assert MARK not in done.stdout


# What --any-program says.


def lines_of(form: str, text: str) -> list[str]:
    """What a report in this form says, sentence by sentence."""
    if form == "json":
        report = json.loads(text)
        return [
            json.dumps(part)
            for part in (
                {k: v for k, v in report.items() if k != "verdicts"},
                *report["verdicts"],
                *(f for v in report["verdicts"] for f in v["findings"]),
            )
        ]
    rows = [line for line in text.splitlines() if line.strip()]
    return [row for row in rows if not row.startswith(("|---", "| Clause"))]


@pytest.mark.parametrize("form", FORMATS)
def test_each_line_says_it_and_none_does_of_the_named_one(draft: ArchiveRepo, form: str) -> None:
    words = ("--base", "main", "--head", "proposal", "--format", form)
    mark = '"by_another": true' if form == "json" else MARK
    if form == "markdown":
        mark = markdown_cell(MARK)
    honest = lines_of(form, run(verify, draft, *words).stdout)
    relock(draft, OTHERS["other bytes"][0])
    lines = lines_of(form, run(verify, draft, *words, "--any-program").stdout)
    assert len(lines) >= len(honest) > 5
    assert [line for line in lines if mark not in line.replace(MARK, mark)] == []
    assert [line for line in honest if mark in line or MARK in line] == []


def test_an_older_program_cannot_judge_at_all(draft: ArchiveRepo) -> None:
    relock(draft, OTHERS["newer"][0])
    done = run(verify, draft, "--any-program")
    assert OTHERS["newer"][1] in fault(done)


def test_an_archive_of_before_is_judged_by_any_and_the_report_says_so(draft: ArchiveRepo) -> None:
    draft.switch("main")
    draft.git("rm", "--quiet", LOCK)
    for path, raw in carried({}).items():
        draft.write(path, raw)
    draft.commit("旧样", "gly-a")
    done = run(verify, draft)
    assert shows(done.stdout, "judged-without-program", version=__version__, digest=running().short)


# Desks.


def test_a_desk_shows_no_page_of_an_archive_that_names_another(
    draft: ArchiveRepo, tmp_path: Path
) -> None:
    """Two archives in one process: one names the program that runs, the other a later one."""
    same = DeskRun.over(draft, tmp_path / "same")
    relock(draft, OTHERS["other bytes"][0])
    other = DeskRun.over(draft, tmp_path / "other")
    pages = ("/", "/due", "/write", f"/posts/{POST}/", "/sign-in")
    opened, closed = browser(same.open(), "xxy-a"), browser(other.open(), "xxy-a")
    for page in (*pages, *pages):
        assert opened.get(page).status_code == 200, page
        answer = closed.get(page)
        assert answer.status_code == 503 and "内容却不同" in answer.text, page
    asked = closed.post("/declare", data={"declare": "x"})
    assert asked.status_code == 503


def test_a_desk_closes_when_main_names_another(draft: ArchiveRepo, tmp_path: Path) -> None:
    made = DeskRun.over(draft, tmp_path)
    client = browser(made.open(), "xxy-a")
    assert client.get("/").status_code == 200
    clone = ArchiveRepo.at(made.root)
    name(clone, OTHERS["newer"][0])
    clone.git("update-ref", "refs/remotes/origin/main", "main")
    answer = client.get("/")
    assert answer.status_code == 503 and "99.0.0" in answer.text


# Sites.


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[ArchiveRepo, Path]:
    folder = tmp_path_factory.mktemp("published")
    archive = begun(folder)
    return archive, built_site(archive, folder)


@pytest.fixture
def site(published: tuple[ArchiveRepo, Path], tmp_path: Path) -> Path:
    return Path(shutil.copytree(published[1], tmp_path / "site"))


def looked_at(site: Path, folder: Path) -> tuple[int, str]:
    """Exit code of verify-site with the log's key, and all that it says."""
    done = judge(folder, "verify-site", str(site), "--key", public_line("log"), lang="names")
    return done.returncode, done.stdout + done.stderr


def rewritten(site: Path, folder: Path, program: str = running().stated) -> None:
    """What a thief with the log's key makes of changed files; the leaf names this program."""
    relist(site)
    listed = sha256((site / MANIFEST).read_bytes()).hexdigest()
    leaves = [leaf for leaf in logged(site) if BUILD.encode() not in leaf]
    write_log(site, *leaves, leaf_data(BUILD, listed, "c" * 40, AS_OF.isoformat(), program))
    sign(site, folder)


def test_leaf_catalogue_and_well_known_name_the_program_that_made_the_site(
    published: tuple[ArchiveRepo, Path], tmp_path: Path
) -> None:
    archive, site = published
    value = json.loads((site / WELL_KNOWN).read_bytes())
    schema = Draft202012Validator(json.loads((site / "data/sanshen.schema.json").read_bytes()))
    assert list(schema.iter_errors(value)) == []
    roster = sha256((archive.root / "content/registers/roster.yml").read_bytes()).hexdigest()
    assert value["program"] == value["locked"] == running().value
    assert (value["root"], value["roster"]) == (roster, {"serial": 1, "sha256": roster})
    assert value["log"]["key"] == (site / "log/key").read_text().strip()
    assert json.loads((site / "catalogue.json").read_bytes())["program"] == running().value
    assert json.loads(logged(site)[-1])["program"] == running().stated
    assert (site / "log/builds").read_text().endswith(f" {running().stated}\n")
    code, words = looked_at(site, tmp_path)
    assert code == 0 and f"program-same {__version__} {running().short}" in words


LIES: Mapping[str, tuple[str, object, str]] = {
    "another program": (
        "program",
        {"version": "9.9.9", "digest": f"sha256:{'e' * 64}"},
        f"identity-untrue program 9.9.9 sha256:{'e' * 64} {running().stated}",
    ),
    "another log": ("log.origin", "elsewhere.example/x", "identity-untrue log.origin elsewhere"),
    "another key": ("log.key", "x+00000000+AAAA", "identity-untrue log.key x+00000000+AAAA"),
    "no key": ("log.key", None, "identity-untrue log.key — "),
    "another roster": ("roster.sha256", "1" * 64, "identity-untrue roster.sha256 111"),
    "another root": ("root", "2" * 64, "identity-untrue root 222"),
    "another catalogue": (
        "catalogue",
        "feed.json",
        "identity-untrue catalogue feed.json catalogue.json",
    ),
    "no list": ("log", [], "identity-unreadable"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_in_the_well_known_file_is_named(site: Path, tmp_path: Path, lie: str) -> None:
    route, value, named = LIES[lie]
    file = site / WELL_KNOWN
    told = inner = json.loads(file.read_bytes())
    *above, last = route.split(".")
    for key in above:
        inner = inner[key]
    inner[last] = value
    file.write_text(json.dumps(told))
    rewritten(site, tmp_path)
    code, words = looked_at(site, tmp_path)
    assert code == 11 and f"{WELL_KNOWN}: {named}" in words


def test_a_site_that_takes_the_file_away_is_named(site: Path, tmp_path: Path) -> None:
    (site / WELL_KNOWN).unlink()
    rewritten(site, tmp_path)
    code, words = looked_at(site, tmp_path)
    assert code == 11 and f"{WELL_KNOWN}: identity-missing" in words


def test_a_leaf_that_names_another_program_is_named(site: Path, tmp_path: Path) -> None:
    """Without the log's key the log does not fit; with it, the site contradicts itself."""
    leaf = logged(site)[-1]
    other = f"9.9.9 sha256:{'e' * 64}"
    write_log(site, *logged(site)[:-1], leaf.replace(running().stated.encode(), other.encode()))
    code, words = looked_at(site, tmp_path)
    assert code == 11 and "entries-differ" in words
    rewritten(site, tmp_path, other)
    code, words = looked_at(site, tmp_path)
    assert code == 11 and f"identity-untrue program {running().stated}" in words
    assert "program-another 9.9.9 sha256:eeeeeeeeeeeeeeee" in words


def test_a_leaf_of_before_verifies_and_says_that_it_names_none(site: Path, tmp_path: Path) -> None:
    (site / WELL_KNOWN).unlink()
    index = json.loads((site / "catalogue.json").read_bytes())
    del index["program"]
    (site / "catalogue.json").write_text(json.dumps(index))
    rewritten(site, tmp_path, "")
    assert "program" not in json.loads(logged(site)[-1])
    code, words = looked_at(site, tmp_path)
    assert code == 0 and "program-unlogged" in words


@pytest.fixture
def wheel(monkeypatch: pytest.MonkeyPatch) -> Program:
    """An installed program of the lock's version and other bytes."""
    other = Program(__version__, "f" * 64)
    for module in (program_lock, build_site, replay, judgements):
        monkeypatch.setattr(module, "running", lambda: other)
    return other


def test_a_wheel_of_the_same_version_and_other_bytes_says_what_it_is(
    published: tuple[ArchiveRepo, Path], wheel: Program, tmp_path: Path
) -> None:
    archive = published[0].copy(tmp_path / "archive")
    for command in (verify, audit, build):
        told = fault(run(command, archive))
        assert told.startswith("program-other-bytes")
        assert wheel.short in told and running().short in told
    key = str(private_key_file("log", tmp_path))
    words = ("--any-program", "--log-key", key, "--as-of", AS_OF.isoformat())
    assert run(build, archive, *words).exit_code == 0
    site = archive.root / "build/site"
    value = json.loads((site / WELL_KNOWN).read_bytes())
    assert (value["program"], value["locked"]) == (wheel.value, running().value)
    code, told = looked_at(site, tmp_path)
    assert code == 0
    assert f"program-another {__version__} {wheel.short}" in told
    assert f"program-not-locked {running().stated}" in told
    assert "不是本档案指定的程序" in (site / "inspector/index.html").read_text()


def test_who_makes_a_site_again_with_another_program_is_told_so_before_it_is_compared(
    published: tuple[ArchiveRepo, Path], site: Path
) -> None:
    other = f"9.9.9 sha256:{'e' * 64}"
    builds = site / "log/builds"
    builds.write_text(builds.read_text().replace(running().stated, other))
    done = run(reproduce, published[0], str(site))
    named = done.stderr.index(f"program-differs {other} {running().stated}")
    assert named < done.stderr.index("things-amiss") and done.exit_code == 1
