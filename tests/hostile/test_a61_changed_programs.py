"""A61: the program that judges is renewed by two consents, and never swapped or set back."""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256

import pytest

from pipeline.model.findings import Effect
from pipeline.source.content.program_lock import LOCK, OFFLINE, read_lock, write_lock
from pipeline.source.program import running
from tests.builders.archive import ArchiveRepo
from tests.builders.layers import carried, locked
from tests.builders.verdicts import finds, reasons, refusals
from tests.builders.wheels import INIT, locked_to, wheel_of

NEXT = "99.1.0"
"""Newer than whatever runs."""


@cache
def newer() -> dict[str, bytes]:
    return locked_to(wheel_of(NEXT))


def propose(archive: ArchiveRepo, files: Mapping[str, bytes | None], *, consents: int = 2) -> None:
    for path, raw in files.items():
        if raw is None:
            (archive.root / path).unlink()
        else:
            archive.write(path, raw)
    archive.commit("升级", "gly-a")
    for person, role in (("kz-a", "section-head"), ("ld-a", "leader-in-charge"))[:consents]:
        archive.authorise(person, role)
    archive.commit("同意", "kz-a")


def refused(archive: ArchiveRepo, *words: str) -> None:
    found = {(f.clause, f.name) for f in refusals(archive.verify())}
    assert found, "passed"
    for word in words:
        assert ("R13-7", word) in found, found


def test_two_consents_renew_it(archive: ArchiveRepo) -> None:
    propose(archive, newer())
    report = archive.verify()
    assert report.decision in (None, Effect.NOTE), reasons(report)


def test_one_consent_does_not(archive: ArchiveRepo) -> None:
    propose(archive, newer(), consents=1)
    report = archive.verify()
    assert (report.decision, report.exit_code) == (Effect.HOLD, 10)


def test_its_settings_and_workflows_come_with_it_and_no_people(archive: ArchiveRepo) -> None:
    policy = archive.read("content/policy.yml").decode().replace(
        "parameters:\n",
        'parameters:\n  later.number:\n    - {value: 3, unit: "天", source: "[D] 新版本",'
        " effective_from: 2026-12-01, ahead: true}\n",
    )  # fmt: skip
    settled = {"content/policy.yml": policy.encode(), ".github/workflows/verify.yml": b"on: push\n"}
    propose(archive, {**newer(), **settled})
    report = archive.verify()
    assert report.decision in (None, Effect.NOTE), reasons(report)
    archive.change("content/registers/people.yml", "某zz-b", "某人")
    propose(archive, {})
    refused(archive, "change-mixed")


def test_it_does_not_ride_along_with_a_post(approved: ArchiveRepo) -> None:
    propose(approved, newer())
    refused(approved, "change-mixed")


@pytest.mark.parametrize("version", ["0.0.9", "0.8.9"])
def test_it_is_not_set_back(archive: ArchiveRepo, version: str) -> None:
    propose(archive, locked(version))
    refused(archive, "program-older")


def test_it_is_not_set_back_in_history(archive: ArchiveRepo) -> None:
    """Pushed to main past every check, two consents or not."""
    propose(archive, locked("0.8.9"))
    archive.merge("proposal")
    report = archive.audit()
    assert report.exit_code == 11
    assert finds(report, "R13-7", "program-older")


def test_a_version_has_one_program(archive: ArchiveRepo) -> None:
    other = locked_to(wheel_of(running().version, {"pipeline/errors.py": b"# other\n"}))
    propose(archive, other)
    refused(archive, "program-other-bytes")


def test_the_lock_is_not_taken_away(archive: ArchiveRepo) -> None:
    propose(archive, {LOCK: None})
    refused(archive, "lock-removed")


def test_the_lock_is_not_taken_away_for_a_carried_program(archive: ArchiveRepo) -> None:
    propose(archive, {LOCK: None, **carried({})})
    refused(archive, "lock-removed")


def test_a_lock_without_its_wheel(archive: ArchiveRepo) -> None:
    propose(archive, {LOCK: newer()[LOCK]})
    refused(archive, "wheel-missing")


def test_a_wheel_of_other_bytes_than_the_lock_names(archive: ArchiveRepo) -> None:
    other = locked_to(wheel_of(NEXT, {"pipeline/errors.py": b"# other\n"}))
    propose(archive, {**other, LOCK: newer()[LOCK]})
    refused(archive, "wheel-other-bytes")


def test_a_wheel_that_the_lock_does_not_name(archive: ArchiveRepo) -> None:
    propose(archive, {"program/beside.whl": b"PK"})
    refused(archive, "program-file-foreign")
    propose(archive, newer())
    refused(archive, "program-file-foreign")


def test_a_digest_that_is_not_the_wheels(archive: ArchiveRepo) -> None:
    """pip would install the wheel, and every report would name another program."""
    lock = read_lock(newer()[LOCK])
    false = lock._replace(program=lock.program._replace(digest="0" * 64))
    propose(archive, {**newer(), LOCK: write_lock(false)})
    refused(archive, "wheel-other-program")


@pytest.mark.parametrize("more", [True, False])
def test_other_packages_than_the_program_needs(archive: ArchiveRepo, more: bool) -> None:
    """By hash and in order of form: what stands beside the program runs with it."""
    lock = read_lock(newer()[LOCK])
    evil = f"evil==1.0 \\\n    --hash=sha256:{'e' * 64}\n"
    lines = lock.requirements + evil if more else evil
    propose(archive, {**newer(), LOCK: write_lock(lock._replace(requirements=lines))})
    refused(archive, "wheel-other-packages")


def test_what_is_installed_may_lie_beside_it(archive: ArchiveRepo) -> None:
    lock = read_lock(newer()[LOCK])
    offline = lock._replace(requirements=OFFLINE + lock.requirements)
    propose(archive, {**newer(), LOCK: write_lock(offline)})
    assert archive.verify().decision in (None, Effect.NOTE)


@pytest.mark.parametrize(
    "raw",
    [
        b"PK", b"", wheel_of(NEXT)[:-9],
        wheel_of(NEXT, {"pipeline/../../evil.py": b"evil"}),
        wheel_of(NEXT, {"evil.pth": b"import evil"}),
        wheel_of(NEXT, {INIT: b'__version__ = "99.2.0"\n'}),
    ],
)  # fmt: skip
def test_what_is_no_wheel(archive: ArchiveRepo, raw: bytes) -> None:
    lock = read_lock(newer()[LOCK])._replace(wheel_sha256=sha256(raw).hexdigest())
    propose(archive, {lock.wheel: raw, LOCK: write_lock(lock)})
    refused(archive, "wheel-unusable")


def test_without_a_lock_nothing_is_laid_where_wheels_lie(carried: ArchiveRepo) -> None:
    carried.branch("proposal", "main")
    propose(carried, {"program/beside.whl": b"PK"})
    refused(carried, "lock-missing")
