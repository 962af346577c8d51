"""The roster: one key for one person, each of a kind that counts, and as ssh-keygen reads it."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from pipeline.evidence.review.statements import NAMESPACE
from pipeline.evidence.roster import roster_problems
from pipeline.judge.load_governance import trust
from pipeline.model.findings import Effect
from pipeline.model.registers import Registers, allowed_signers
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import at, key, registers, sign_as
from tests.builders.git import ENVIRONMENT
from tests.builders.verdicts import bears, mark


def _registers(tmp_path: Path, *more: dict[str, Any], **roster: Any) -> Registers:
    value = registers()["roster"]
    changed = {**value, "keys": [*value["keys"], *more], **roster}
    repo = ArchiveRepo.begin(tmp_path / "archive", changed={"roster": changed}).open()
    return trust(repo.tree(repo.commit("HEAD"))).registers


def test_a_good_roster_has_no_problem(tmp_path: Path) -> None:
    found = _registers(tmp_path, key("gly-b"))
    assert roster_problems(found) == ()
    assert found.problems == ()
    assert len(found.roster.keys) == 7


SMALL_ORDER = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ([key("gly-b", "kz-a")], "key-twice kz-a gly-b"),
        ([key("kz-a")], "key-twice kz-a kz-a"),
        ([key("nobody")], "key-ownerless nobody"),
        (
            [key("gly-b", until="2025-12-31T00:00:00+08:00")],
            "key-backwards gly-b",
        ),
        ([key("gly-b") | {"key": "ssh-ed25519 AAAA"}], "key-unusable gly-b"),
        ([key("gly-b") | {"key": SMALL_ORDER}], "key-unusable gly-b"),
    ],
    ids=["two people", "twice", "nobody", "window", "cut", "small order"],
)
def test_a_bad_entry_is_named_with_its_line(
    tmp_path: Path, more: list[dict[str, Any]], name: str
) -> None:
    found = _registers(tmp_path, *more)
    (problem,) = roster_problems(found)
    assert bears(problem, "R11-1", name) and problem.effect is Effect.REFUSE
    assert problem.location.path == "content/registers/roster.yml"
    assert problem.location.line > 20
    assert problem in found.problems


def test_every_bad_entry_is_named(tmp_path: Path) -> None:
    start = "2026-01-01T00:00:00+08:00"
    point = {"revoked_at": start, "revoked_from": "a" * 40}
    found = _registers(
        tmp_path,
        key("gly-b") | {"key": SMALL_ORDER},
        key("zz-a", until=start),
        key("zz-b", **point, revocation="retired"),
        key("xxy-c", **point, revocation="compromised"),
    )
    assert [mark(problem) for problem in roster_problems(found)] == [
        "key-unusable gly-b",
        "key-backwards zz-a",
        "key-void-unlawful zz-b",
    ]


def test_a_key_with_and_without_its_remark_is_the_same_key(tmp_path: Path) -> None:
    """The schema admits no remark; two spellings of one key are one key."""
    found = _registers(tmp_path, key("gly-b", "kz-a") | {"key": key("kz-a")["key"] + " remark"})
    assert found.problems


@pytest.mark.parametrize(
    "kind", ["ssh-rsa", "ecdsa-sha2-nistp256", "ssh-dss", "ssh-ed25519-cert-v01@openssh.com"]
)
def test_a_weaker_kind_of_key_does_not_enter(tmp_path: Path, kind: str) -> None:
    line = key("gly-b")["key"].replace("ssh-ed25519", kind)
    found = _registers(tmp_path, key("gly-b") | {"key": line})
    assert any("keys" in str(p.message) for p in found.problems), found.problems
    assert found.roster.keys == (), "a roster that breaks its schema gives no key at all"


@pytest.mark.parametrize(
    ("entry", "moment", "usable"),
    [
        ({}, "2026-01-01 00:00", True),
        ({}, "2025-12-31 23:59", False),
        ({"until": "2026-06-01T00:00:00+08:00"}, "2026-05-31 23:59", True),
        ({"until": "2026-06-01T00:00:00+08:00"}, "2026-06-01 00:00", False),
        (
            {"revoked_at": "2026-06-01T00:00:00+08:00", "revocation": "retired"},
            "2026-05-31 23:59",
            True,
        ),
        (
            {"revoked_at": "2026-06-01T00:00:00+08:00", "revocation": "retired"},
            "2026-06-01 00:00",
            False,
        ),
        (
            {"revoked_at": "2026-06-01T00:00:00+08:00", "revocation": "compromised"},
            "2026-02-01 00:00",
            False,
        ),
    ],
)
def test_windows(tmp_path: Path, entry: dict[str, str], moment: str, usable: bool) -> None:
    found = _registers(tmp_path, key("gly-b", **entry))
    assert found.roster.keys[-1].usable(at(moment)) is usable


def _stock_verifies(
    folder: Path, signers: str, person: str, when: str, statement: bytes, sig: bytes
) -> bool:
    (folder / "allowed").write_text(signers, encoding="ascii")
    (folder / "sig").write_bytes(sig)
    done = subprocess.run(
        [
            "ssh-keygen", "-Y", "verify", "-f", "allowed", "-I", person, "-n", NAMESPACE, "-s",
            "sig", "-O", f"verify-time={when}",
        ],
        cwd=folder,
        env={**ENVIRONMENT, "TZ": "Asia/Shanghai"},
        input=statement,
        capture_output=True,
        check=False,
    )  # fmt: skip
    return done.returncode == 0


@pytest.mark.parametrize(
    ("entry", "moment"),
    [
        ({}, "2026-03-01 12:00"),
        ({}, "2025-12-31 23:59"),
        ({"until": "2026-06-01T00:00:00+08:00"}, "2026-05-31 23:59"),
        ({"until": "2026-06-01T00:00:00+08:00"}, "2026-06-01 00:01"),
        ({"revoked_at": "2026-06-01T00:00:00+08:00", "revocation": "retired"}, "2026-05-31 12:00"),
        ({"revoked_at": "2026-06-01T00:00:00+08:00", "revocation": "retired"}, "2026-06-02 12:00"),
        (
            {"revoked_at": "2026-06-01T00:00:00+08:00", "revocation": "compromised"},
            "2026-05-31 12:00",
        ),
    ],
)
def test_stock_ssh_keygen_gives_the_same_answer(
    tmp_path: Path, entry: dict[str, str], moment: str
) -> None:
    found = _registers(tmp_path, key("gly-b", **entry))
    statement = b"{}\n"
    theirs = _stock_verifies(
        tmp_path,
        allowed_signers(found.roster, NAMESPACE),
        "gly-b",
        f"{at(moment):%Y%m%d%H%M%S}",
        statement,
        sign_as("gly-b", statement),
    )
    assert theirs is found.roster.keys[-1].usable(at(moment))


def test_stock_ssh_keygen_takes_no_other_persons_key(tmp_path: Path) -> None:
    signers = allowed_signers(_registers(tmp_path).roster, NAMESPACE)
    statement = b"{}\n"
    signature = sign_as("kz-a", statement)
    now = "20261105120000"
    assert _stock_verifies(tmp_path, signers, "kz-a", now, statement, signature)
    assert not _stock_verifies(tmp_path, signers, "ld-a", now, statement, signature)
    assert not _stock_verifies(tmp_path, signers, "kz-a", now, b"{ }\n", signature)


def test_the_roster_knows_its_serial_and_digest(tmp_path: Path) -> None:
    found = _registers(tmp_path, serial=7, previous="a" * 64)
    assert (found.roster.serial, found.roster.previous) == (7, "a" * 64)
    assert len(found.roster.digest) == 64
    assert found.roster.key("SHA256:nothing") is None
