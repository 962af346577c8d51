"""upgrade: one proposal out of a wheel, or nothing at all."""

import json
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import Fault
from pipeline.model.findings import Effect
from pipeline.new.archive_files import program_files
from pipeline.parts.upgrade import verb as upgrade_verb
from pipeline.source import wheel as source_wheel
from pipeline.source.content.program_lock import LOCK, read_lock, write_lock
from pipeline.source.content.text import read_yaml
from pipeline.source.git.repository import Repository
from pipeline.source.program import running, shipped
from pipeline.source.wheel import unpacked
from tests.builders import judging
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import email
from tests.builders.fixtures import shared
from tests.builders.named import worded
from tests.builders.own_article import whole_article
from tests.builders.upgrading import NEXT, consented, upgrading, wheel_file
from tests.builders.verdicts import reasons
from tests.builders.wheels import CHANGELOG, INIT, locked_to, wheel_of, zipped
from tests.cli.at_the_desk import fault

BRANCH = f"upgrade-{NEXT}"
OWN = running().version
LATER = "99.2.0"
RUN = "pipeline/shipped/requirements/run.txt"


@pytest.fixture(scope="session")
def standing_template(tmp_path_factory: pytest.TempPathFactory) -> ArchiveRepo:
    def make(root: Path) -> None:
        made = ArchiveRepo.begin(root)
        for path, raw in locked_to(wheel_of(OWN)).items():
            made.write(path, raw)
        made.git("add", "--all")
        env = made.git.people(email("gly-a"), email("gly-a"))
        made.git("commit", "--quiet", "--amend", "--no-edit", env=env)
        made.branch("proposal")
        made.draft()
        made.commit("起草", "zz-a")
        made.approve_all()
        made.commit("审核", "kz-a")
        made.merge("proposal")
        made.pack()

    return ArchiveRepo.at(shared(tmp_path_factory, "standing", make))


@pytest.fixture
def standing(standing_template: ArchiveRepo, tmp_path: Path) -> ArchiveRepo:
    """One post on main; the wheel of its program lies in the archive."""
    return standing_template.copy(tmp_path / "standing")


def parts(archive: ArchiveRepo) -> tuple[str, str, str]:
    """What an upgrade must leave as it was until its branch is there."""
    refs = archive.git("for-each-ref")
    return refs, archive.git("status", "--porcelain"), archive.git("rev-parse", "HEAD")


def refused(archive: ArchiveRepo, wheel: str, *words: str, **more: Any) -> None:
    before = parts(archive)
    for lang in ("names", "zh"):
        result = upgrading(archive, wheel, lang=lang, **more)
        assert isinstance(result.exception, Fault), result.output
        assert parts(archive) == before
        if lang == "names":
            text = fault(result)
            assert all(word in text for word in words), text


def changed(archive: ArchiveRepo, branch: str = BRANCH) -> set[str]:
    return set(archive.git("diff", "--no-renames", "--name-only", "main", branch).split())


def test_a_proposal_is_written_and_two_consent(standing: ArchiveRepo, tmp_path: Path) -> None:
    before = standing.head()
    result = upgrading(standing, wheel_file(tmp_path))
    assert result.exception is None, result.output
    assert changed(standing) == {
        LOCK, f"program/sanshen-{OWN}-py3-none-any.whl", f"program/sanshen-{NEXT}-py3-none-any.whl"
    }  # fmt: skip
    assert standing.head() == before
    consented(standing, BRANCH)
    report = standing.verify()
    assert report.decision in (None, Effect.NOTE), reasons(report)
    lock = read_lock(standing.read(LOCK))
    assert lock.program.version == NEXT
    assert lock.regulation == "shipped"


def test_one_consent_waits(standing: ArchiveRepo, tmp_path: Path) -> None:
    upgrading(standing, wheel_file(tmp_path))
    consented(standing, BRANCH, people=1)
    assert standing.verify().exit_code == 10


def test_a_lock_of_an_index_stays_one(archive: ArchiveRepo, tmp_path: Path) -> None:
    archive.switch("main")
    upgrading(archive, wheel_file(tmp_path))
    assert changed(archive) == {LOCK}
    lock = read_lock(archive.git("show", f"{BRANCH}:{LOCK}").encode() + b"\n")
    assert (lock.wheel, lock.program.version) == ("", NEXT)


_ANSWERS: dict[str, list[Any] | None] = {}


@pytest.fixture
def in_force_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the program in force says of the commit that all tests begin with, for tests of the new
    one: to ask it takes two seconds."""
    judged = upgrade_verb._judged
    in_force = unpacked(wheel_of(OWN))[INIT]

    def once(session: Any, archive: Path, program: Any, head: str, *how: Any) -> list[Any] | None:
        if program[INIT] != in_force:
            return judged(session, archive, program, head, *how)
        if head not in _ANSWERS:
            _ANSWERS[head] = judged(session, archive, program, head, *how)
        return _ANSWERS[head]

    monkeypatch.setattr(upgrade_verb, "_judged", once)


LEXICON = "pipeline/detect/lists/general-lexicons.yml"
MORE = """
  - id: test-fire
    category: advertising
    effect: refuse
    words: [关好火源]
    reason: 试验
    suggestion: 删去
"""


@pytest.mark.usefixtures("in_force_asked_once")
def test_what_is_judged_otherwise_is_listed(standing: ArchiveRepo, tmp_path: Path) -> None:
    words = unpacked(wheel_of(NEXT))[LEXICON].decode()
    wheel = wheel_file(tmp_path, changes={LEXICON: (words.rstrip() + MORE).encode()})
    text = upgrading(standing, wheel, "--tried").output
    assert "programs-differ" in text
    assert (worded("only-new") + f": R13-2 refusal, {POST}") in text or "R13-2 note" in text, text
    message = standing.git("log", "-1", "--format=%B", BRANCH)
    assert (worded("only-new") + ": R13-2") in message


@pytest.mark.usefixtures("in_force_asked_once")
def test_the_new_program_is_tried_whatever_the_environment_says(
    standing: ArchiveRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the folder that a program runs in on its path, the installed one would answer."""
    monkeypatch.setenv("PYTHONSAFEPATH", "1")
    broken = {"pipeline/workers.py": b"import a_library_that_is_not_there\n"}
    text = upgrading(standing, wheel_file(tmp_path, changes=broken), "--tried").output
    assert "programs-uncompared" in text


@pytest.mark.usefixtures("in_force_asked_once")
def test_a_program_that_hangs_is_unchecked(
    standing: ArchiveRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = upgrade_verb._judged
    hangs = {"pipeline/workers.py": b"import time\ntime.sleep(60)\n"}

    def impatient(session: Any, archive: Path, program: Any, *how: Any) -> list[Any] | None:
        patience = 1 if program.items() >= hangs.items() else 900
        monkeypatch.setattr(upgrade_verb, "_SECONDS", patience)
        return asked(session, archive, program, *how)

    monkeypatch.setattr(upgrade_verb, "_judged", impatient)
    text = upgrading(standing, wheel_file(tmp_path, changes=hangs), "--tried").output
    assert "programs-uncompared" in text


@pytest.mark.usefixtures("in_force_asked_once")
def test_a_program_that_does_not_run_here_is_unchecked(
    standing: ArchiveRepo, tmp_path: Path
) -> None:
    broken = {"pipeline/workers.py": b"import a_library_that_is_not_there\n"}
    wheel = wheel_file(tmp_path, changes=broken)
    text = upgrading(standing, wheel, "--tried").output
    assert "programs-uncompared" in text
    assert "alike" not in text
    assert "a_library_that_is_not_there" in text


A05 = "schemas/articles/a05_updates.json"


def test_what_the_new_version_asks_for_is_stated_ahead(
    standing: ArchiveRepo, tmp_path: Path
) -> None:
    schema = json.loads(shipped(A05)[A05])
    schema["properties"]["parameters"]["properties"]["later.number"] = {
        "type": "integer", "default": 3, "unit": "天", "source": "[D] 新版本", "since": NEXT,
        "description": "试验用的数。",
    }  # fmt: skip
    raw = json.dumps(schema, ensure_ascii=False).encode()
    result = upgrading(standing, wheel_file(tmp_path, changes={f"pipeline/shipped/{A05}": raw}))
    assert result.exception is None, result.output
    consented(standing, BRANCH)
    report = standing.verify()
    assert report.decision in (None, Effect.NOTE), reasons(report)
    policy = read_yaml("policy.yml", standing.read("content/policy.yml")).value
    (setting,) = policy["parameters"]["later.number"]
    assert (setting["value"], setting["ahead"]) == (3, True)


# What it refuses: each a sentence, and nothing is written.


def test_an_older_version(standing: ArchiveRepo, tmp_path: Path) -> None:
    refused(standing, wheel_file(tmp_path, "0.8.9"), f"program-older {OWN} 0.8.9")


def test_the_same_version_in_other_bytes(standing: ArchiveRepo, tmp_path: Path) -> None:
    wheel = wheel_file(tmp_path, OWN, {"pipeline/errors.py": b"# other\n"})
    refused(standing, wheel, f"program-other-bytes {OWN}")


def test_the_program_in_force(standing: ArchiveRepo, tmp_path: Path) -> None:
    wheel = wheel_file(tmp_path, OWN, raw=wheel_of(OWN))
    refused(standing, wheel, f"program-named-already {OWN}")


def test_a_wheel_in_the_archive_that_is_not_the_locks(
    standing: ArchiveRepo, tmp_path: Path
) -> None:
    path = f"program/sanshen-{OWN}-py3-none-any.whl"
    standing.write(path, standing.read(path) + b"x")
    standing.commit("坏了", "gly-a")
    refused(standing, wheel_file(tmp_path), "wheel-not-locked")


def test_a_lock_without_its_wheel(standing: ArchiveRepo, tmp_path: Path) -> None:
    (standing.root / f"program/sanshen-{OWN}-py3-none-any.whl").unlink()
    standing.commit("删了", "gly-a")
    refused(standing, wheel_file(tmp_path), "wheel-not-there")


def test_an_upgrade_begun_by_hand(standing: ArchiveRepo, tmp_path: Path) -> None:
    lock = read_lock(standing.read(LOCK))
    standing.write(LOCK, write_lock(lock._replace(requirements="")))
    refused(standing, wheel_file(tmp_path), "begun by hand: program.lock is not committed")


def test_a_proposal_that_is_there(standing: ArchiveRepo, tmp_path: Path) -> None:
    wheel = wheel_file(tmp_path)
    upgrading(standing, wheel)
    refused(standing, wheel, f"proposal-there {BRANCH}")


def test_the_branch_of_a_merged_proposal_hides_no_other_reason(
    standing: ArchiveRepo, tmp_path: Path
) -> None:
    standing.git("branch", f"upgrade-{OWN}")
    wheel = wheel_file(tmp_path, OWN, raw=wheel_of(OWN))
    refused(standing, wheel, f"program-named-already {OWN}")


def test_a_version_that_was_withdrawn(standing: ArchiveRepo, tmp_path: Path) -> None:
    text = (
        f"# Changelog\n\n## {NEXT} [yanked]\n\nIt loses reviews.\n\n- more\n\n## {OWN}\n\n- old\n"
    )
    wheel = wheel_file(tmp_path, changes={CHANGELOG: text.encode()})
    refused(standing, wheel, f"Version {NEXT} was withdrawn: It loses reviews.")


def test_a_version_in_force_that_was_withdrawn(standing: ArchiveRepo, tmp_path: Path) -> None:
    text = f"# Changelog\n\n## {NEXT}\n\n- new\n\n## {OWN} [Yanked]\n\nIt loses reviews.\n"
    result = upgrading(standing, wheel_file(tmp_path, changes={CHANGELOG: text.encode()}))
    assert f"version-withdrawn {OWN} It loses reviews." in result.output


def test_the_changelog_between_is_shown_as_written(standing: ArchiveRepo, tmp_path: Path) -> None:
    sections = {LATER: "later", NEXT: "新的", "98.0.0": "较新", OWN: "old"}
    text = "# C\n\n" + "".join(f"## {v}\n\n- {line}\n\n" for v, line in sections.items())
    result = upgrading(standing, wheel_file(tmp_path, changes={CHANGELOG: text.encode()}))
    assert f"## {NEXT}\n\n- 新的\n\n## 98.0.0\n\n- 较新" in result.output
    assert "later" not in result.output
    assert "- old" not in result.output


def test_a_changelog_moves_no_terminal(standing: ArchiveRepo, tmp_path: Path) -> None:
    text = f"# C\n\n## {NEXT}\n\n- a\x1b[2Kb\u202ec\n- d\n"
    result = upgrading(standing, wheel_file(tmp_path, changes={CHANGELOG: text.encode()}))
    assert result.exception is None, result.output
    assert "\x1b" not in result.output and "\u202e" not in result.output
    assert "\n- d" in result.output


@pytest.mark.usefixtures("in_force_asked_once")
@pytest.mark.parametrize("said", ["no JSON", "[]", '{"verdicts": [{}]}', '{"verdicts": 3}'])
def test_a_program_that_reports_in_another_form_is_unchecked(
    standing: ArchiveRepo, tmp_path: Path, said: str
) -> None:
    speaks = {"pipeline/__main__.py": f"print({said!r})\n".encode()}
    text = upgrading(standing, wheel_file(tmp_path, changes=speaks), "--tried").output
    assert "programs-uncompared" in text
    assert standing.git("branch", "--list", BRANCH)


LARGE = 16 << 20
"""Bytes that a wheel may unpack to here; what is shipped has less."""
SPOILED: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "zip": lambda: b"PK\x03\x04",
    "zeros": lambda: b"\0" * 4096,
    "bomb": lambda: zipped({"pipeline/zeros": bytes(LARGE + 1)}, 8),
    "lying": lambda: wheel_of(NEXT)[:-22] + b"PK\x05\x06" + b"\xff" * 18,
    "cut": lambda: wheel_of(NEXT)[:-200],
    "climbing": lambda: zipped({"pipeline/../../evil.py": b""}),
    "climbing-listed": lambda: wheel_of(NEXT, {"pipeline/../../evil.py": b"evil"}),
    "root": lambda: wheel_of(NEXT, {"/etc/evil.py": b"evil"}),
}


@pytest.mark.parametrize("name", SPOILED)
def test_what_is_no_wheel(
    standing: ArchiveRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(source_wheel, "MOST", LARGE)
    words = ("no-wheel", *(["wheel-too-large"] * (name == "bomb")))
    refused(standing, wheel_file(tmp_path, raw=SPOILED[name]()), *words)


HASH = f"--hash=sha256:{'0' * 64}"


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://elsewhere.example/simple",
        f"evil @ https://elsewhere.example/evil.tar.gz {HASH}",
        "-e ./program",
        "click==8",
        "click>=8 \\\n    " + HASH,
        "\ufffd",
    ],
)
@pytest.mark.parametrize("options", [(), ("--offline",)])
def test_what_a_wheel_needs_is_packages_by_hash_before_pip_reads_it(
    standing: ArchiveRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str,
    options: tuple[str, ...],
) -> None:  # fmt: skip
    monkeypatch.setattr("pipeline.parts.upgrade.verb.fetched", None)
    text = shipped("requirements/run.txt")["requirements/run.txt"].decode()
    wheel = wheel_file(tmp_path, changes={RUN: f"{text}{line}\n".encode()})
    result = upgrading(standing, wheel, *options)
    assert "requirements-without-hash" in fault(result)
    assert not standing.git("branch", "--list", BRANCH)


def test_a_size_of_two_gigabytes_that_is_only_declared(
    standing: ArchiveRepo, tmp_path: Path
) -> None:
    """The directory of the archive claims it; nothing so large is read."""
    raw = bytearray(wheel_of(NEXT))
    entry = raw.rindex(b"PK\x01\x02")
    raw[entry + 24 : entry + 28] = (2 << 30).to_bytes(4, "little")
    refused(standing, wheel_file(tmp_path, raw=bytes(raw)), "wheel-too-large 256")


def test_no_file_and_a_folder(standing: ArchiveRepo, tmp_path: Path) -> None:
    refused(standing, str(tmp_path / "nothing.whl"), "no such file")
    refused(standing, str(tmp_path), "no such file")


def test_a_file_that_is_too_large_is_not_read(standing: ArchiveRepo, tmp_path: Path) -> None:
    path = tmp_path / "large.whl"
    with path.open("wb") as file:
        file.truncate(257 << 20)
    refused(standing, str(path), "too large")


def test_a_renamed_wheel(standing: ArchiveRepo, tmp_path: Path) -> None:
    wheel = wheel_file(tmp_path, LATER, raw=wheel_of(NEXT))
    refused(standing, wheel, f"holds version {NEXT}")


# By version: pip fetches it, from where the caller's own settings say.


def test_a_version_is_fetched_by_pip(
    standing: ArchiveRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "index").mkdir()
    wheel_file(tmp_path / "index")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "index"))
    result = upgrading(standing, NEXT)
    assert result.exception is None, result.output
    assert LOCK in changed(standing)


def test_a_version_that_pip_does_not_get(
    standing: ArchiveRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    refused(standing, "98.7.6", "packages-not-fetched")


# An archive that holds all that is installed goes on holding it.

LIBRARY, OTHER = b"a library", b"another library"
FAKE_PIP = """
import pathlib, sys
given = sys.argv[1:]
folder = pathlib.Path(given[given.index("--dest") + 1])
folder.mkdir()
(folder / "click-9-py3-none-any.whl").write_bytes(%r)
"""


def needs(version: str, raw: bytes) -> dict[str, bytes | None]:
    return {RUN: f"click=={version} \\\n    --hash=sha256:{sha256(raw).hexdigest()}\n".encode()}


@pytest.fixture
def offline(tmp_path: Path) -> ArchiveRepo:
    made = ArchiveRepo.begin(tmp_path / "offline")
    files = program_files(
        True, {"click-8-py3-none-any.whl": LIBRARY}, wheel_of(OWN, needs("8", LIBRARY))
    )
    for path, raw in files.items():
        made.write(path, raw)
    made.commit("离线", "gly-a")
    return made


def test_what_lies_beside_stays_where_it_still_fits(offline: ArchiveRepo, tmp_path: Path) -> None:
    result = upgrading(offline, wheel_file(tmp_path, changes=needs("8", LIBRARY)))
    assert result.exception is None, result.output
    assert "program/click-8-py3-none-any.whl" not in changed(offline)
    assert "--find-links ./program" in offline.git("show", f"{BRANCH}:{LOCK}")


def test_other_dependencies_are_fetched_or_it_is_refused(
    offline: ArchiveRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = wheel_file(tmp_path, changes=needs("9", OTHER))
    refused(offline, wheel, "packages-differ")
    (tmp_path / "python/pip").mkdir(parents=True)
    (tmp_path / "python/pip/__init__.py").touch()
    (tmp_path / "python/pip/__main__.py").write_text(FAKE_PIP % OTHER)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "python"))
    result = upgrading(offline, wheel, "--offline")
    assert result.exception is None, result.output
    assert {f"program/click-{n}-py3-none-any.whl" for n in (8, 9)} < changed(offline)
    consented(offline, BRANCH)
    assert not reasons(offline.verify())


# Killed at each step, it leaves the archive as it was, and a second run ends it.


class Killed(BaseException):
    """As by a power cut, between two calls of git."""


def calls(archive: ArchiveRepo, wheel: str, monkeypatch: pytest.MonkeyPatch, last: int) -> int:
    """Run it until the call of git with this number; how many there were."""
    count, git = 0, Repository.git

    def counted(self: Repository, *arguments: Any, **more: Any) -> bytes:
        nonlocal count
        count += 1
        if count == last:
            raise Killed
        return git(self, *arguments, **more)

    with monkeypatch.context() as patched:
        patched.setattr(Repository, "git", counted)
        with suppress(Killed):
            upgrading(archive, wheel)
    return count


def test_a_kill_at_any_step_leaves_the_archive_as_it_was(
    standing: ArchiveRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = wheel_file(tmp_path)
    (tmp_path / "trial").mkdir()
    whole = calls(standing.copy(tmp_path / "trial/archive"), wheel, monkeypatch, -1)
    upgrading(standing, str(tmp_path / "nothing.whl"))  # git's settings of who runs it
    before = parts(standing)
    for last in range(1, whole + 1):
        calls(standing, wheel, monkeypatch, last)
        assert parts(standing) == before, last
    assert upgrading(standing, wheel).exception is None
    assert LOCK in changed(standing)


def test_rules_of_the_archives_own_run_where_they_are_trusted(
    standing: ArchiveRepo, tmp_path: Path
) -> None:
    """And where nothing is judged otherwise, that is said."""
    whole_article(standing)
    standing.git("config", "user.name", "gly-a")
    standing.git("config", "user.email", email("gly-a"))
    asked = ("upgrade", wheel_file(tmp_path), "--as-of", "2026-11-05T18:00")
    assert "own-rules-unrun" in judging.run(standing.root, *asked, lang="names").stderr
    done = judging.run(standing.root, "--own-rules", *asked, lang="names")
    assert done.returncode == 0, done.stderr
    alike = "programs-alike"
    assert alike in done.stdout, done.stdout + done.stderr
