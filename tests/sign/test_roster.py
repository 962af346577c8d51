"""The roster as a chain, by the command line and by what the verifier says of it."""

import subprocess
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from pipeline.evidence.review.statements import NAMESPACE
from pipeline.history.replay import audit
from pipeline.judge.judgements import verify_change
from pipeline.model.findings import Effect
from pipeline.model.reports import Report
from pipeline.source.content.text import read_yaml
from pipeline.source.git.history import proposed
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import private_key_file, public_line, registers, seed
from tests.builders.named import shows
from tests.builders.verdicts import passes, refused_for, run
from tools.sign_in_process import passkey_of, sign_as_passkey

ROSTER = "content/registers/roster.yml"


@pytest.fixture
def founded(tmp_path: Path) -> ArchiveRepo:
    return ArchiveRepo.begin(tmp_path / "archive")


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    folder = tmp_path / "keys"
    folder.mkdir()
    for name in ("kz-a", "ld-a", "ld-b", "gly-a", "gly-b"):
        private_key_file(name, folder)
    return folder


def _said(archive: ArchiveRepo, *arguments: str) -> str:
    done = run(archive.root, "roster", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _fails(archive: ArchiveRepo, *arguments: str, code: int = 1) -> str:
    done = run(archive.root, *arguments, lang="names")
    assert done.returncode == code, (done.stdout, done.stderr)
    return done.stderr


Edit = Callable[[dict[str, Any]], object]


def _propose(archive: ArchiveRepo, edit: Edit) -> None:
    """Change the roster on a branch as an editor would, and number it."""
    archive.branch("keys")
    before = archive.read(ROSTER)
    value = read_yaml(ROSTER, before).value
    value |= {"serial": value["serial"] + 1, "previous": sha256(before).hexdigest()}
    edit(value)
    archive.register("roster", value)
    archive.commit("换名册", "gly-a")


def _joins(person: str, line: str = "", day: str = "2026-11-04") -> Edit:
    row = {"person": person, "key": line or public_line("gly-b"), "from": f"{day}T00:00:00+08:00"}
    return lambda roster: roster["keys"].append(row)


def _judged(archive: ArchiveRepo) -> Report:
    repository = archive.open()
    change = proposed(repository, repository.commit("main"), repository.commit("HEAD"))
    return verify_change(repository, change, lambda _: _now(archive))


def _sign(archive: ArchiveRepo, keys: Path, *people: str) -> None:
    for person in people:
        given = ("-r", "人事调整", "--key", str(keys / person), "--yes")
        assert run(archive.root, "authorise", *given).returncode == 0
    archive.commit("授权", "gly-a")


def test_a_key_joins_and_the_chain_verifies(founded: ArchiveRepo, keys: Path) -> None:
    root = sha256(founded.read(ROSTER)).hexdigest()
    _propose(founded, _joins("gly-b"))
    _sign(founded, keys, "kz-a", "ld-a")
    report = _judged(founded)
    assert passes(report)
    founded.merge("keys")
    own = audit(founded.open(), founded.head(), lambda _: _now(founded), root)
    assert not {f.name for f in own.findings if f.clause == "R11-1" or f.name == "root-differs"}
    other = audit(founded.open(), founded.head(), lambda _: _now(founded), "0" * 64)
    assert "root-differs" in {f.name for f in other.findings if f.effect is Effect.REFUSE}
    shown = _said(founded, "show", "--as-of", "2026-11-05T18:00:00+08:00")
    assert "gly-b" in shown
    assert 'gly-b namespaces="sanshen-review@v1"' in _said(founded, "allowed-signers")
    assert public_line("gly-b") in _said(founded, "allowed-signers")


def _now(archive: ArchiveRepo) -> object:
    from datetime import UTC, datetime, timedelta

    return datetime.now(UTC) + timedelta(minutes=5)


def test_a_roster_nobody_signed_is_named_with_its_commit(founded: ArchiveRepo, keys: Path) -> None:
    _propose(founded, _joins("gly-b"))
    commit = founded.merge("keys")
    [verdict] = [v for v in founded.audit().verdicts if v.decision is Effect.REFUSE]
    assert verdict.subject.startswith(commit[:12])
    assert any(shows(str(f.message), "leader-signature-awaited") for f in verdict.findings)


def test_keys_end_and_point_back_in_history(founded: ArchiveRepo) -> None:
    theft, moment = founded.head(), "2026-11-05T08:00:00+08:00"

    def edit(roster: dict[str, Any]) -> None:
        rows = {row["person"]: row for row in roster["keys"]}
        rows["xxy-b"] |= {"revoked_at": moment, "revocation": "retired"}
        rows["gly-a"] |= {"revoked_at": moment, "revocation": "compromised", "revoked_from": theft}

    _propose(founded, edit)
    shown = _said(founded, "show", "--as-of", "2026-11-05T18:00:00+08:00")
    assert f"compromised, void from {theft}" in shown
    assert "ended 2026-11-05 08:00" in shown


@pytest.mark.parametrize(
    ("edit", "name"),
    [
        (lambda roster: roster.update(serial=7), "roster-not-following"),
        (lambda roster: roster.update(previous="0" * 64), "roster-not-following"),
        (_joins("zz-c"), "key-ownerless"),
        (_joins("gly-b", public_line("gly-a")), "key-twice"),
        (_joins("gly-b", "ssh-rsa AAAA"), "form-wrong"),
        (lambda roster: roster["keys"].pop(), "key-removed"),
        (lambda roster: roster.pop("delegations"), "key-missing"),
    ],
    ids=("number", "digest", "stranger", "twice", "rsa", "removed", "incomplete"),
)
def test_what_does_not_follow_is_refused(founded: ArchiveRepo, edit: Edit, name: str) -> None:
    _propose(founded, edit)
    verdicts = _judged(founded).verdicts
    refused = {f.name: f for v in verdicts for f in v.findings if f.effect is Effect.REFUSE}
    assert name in {n.partition(" ")[0] for n in refused}
    if name == "roster-not-following":
        before = sha256(founded.git("show", f"main:{ROSTER}").encode() + b"\n").hexdigest()
        assert f"Set serial to 2 and previous to {before}" in str(refused[name].remedy)


def test_a_proposal_does_not_appoint_its_signers(founded: ArchiveRepo, keys: Path) -> None:
    _propose(founded, _joins("ld-a"))
    said = _fails(founded, "authorise", "-r", "x", "--key", str(keys / "gly-b"), "--yes")
    assert "key-not-in-roster" in said
    assert "authoriser-unfit" in _fails(
        founded, "authorise", "-r", "x", "--key", str(keys / "gly-a"), "--yes"
    )
    founded.switch("main")
    assert "needs an authorisation" in _fails(
        founded, "authorise", "-r", "x", "--key", str(keys / "kz-a"), "--yes"
    )


@pytest.mark.parametrize(("leader", "good"), [("ld-a", True), ("ld-b", True), ("", False)])
def test_a_mandate_is_signed_by_who_gives_it_or_by_the_principal(
    founded: ArchiveRepo, keys: Path, leader: str, good: bool
) -> None:
    """Without either, another leader in charge signs: that is not enough."""
    if not good:
        value = registers()
        people = value["people"]["people"]
        head = next(p for p in people if p["id"] == "gly-b")
        role = {"role": "leader-in-charge", "department": "bgs", "from": "2026-01-01"}
        head["roles"].append(role)
        roster = value["roster"]
        roster["keys"].append({"person": "gly-b", "key": public_line("gly-b"),
                               "from": "2026-01-01T00:00:00+08:00"})  # fmt: skip
        founded = ArchiveRepo.begin(
            founded.root.parent / "two", changed={"people": value["people"], "roster": roster}
        )
    mandate = {
        "delegator": "ld-a", "delegate": "ld-b", "role": "leader-in-charge",
        "from": "2026-11-06T00:00:00+08:00", "until": "2026-11-09T23:59:59+08:00",
        "authority": "云应急〔2026〕7号",
    }  # fmt: skip
    _propose(founded, lambda roster: roster["delegations"].append(mandate))
    _sign(founded, keys, "kz-a", leader or "gly-b")
    report = _judged(founded)
    if good:
        assert passes(report)
    else:
        assert refused_for(report, ("R11-1", "mandate-unsigned ld-a"))


def test_a_forge_account_joins_ends_and_comes_back(founded: ArchiveRepo) -> None:
    """By a row of its own each time: what stood is never written over."""
    row = {"person": "xxy-a", "forge": "forge.example", "id": 102}
    first, then = "2026-11-04T00:00:00+08:00", "2026-11-06T00:00:00+08:00"
    _propose(founded, lambda roster: roster.update(forge_accounts=[row | {"from": first}]))
    assert "xxy-a  account 102 of forge.example  2026-11-04 00:00 to -" in _said(founded, "show")
    again = [row | {"from": first, "until": then}, row | {"from": then}]
    founded.merge("keys")
    founded.git("branch", "-D", "keys")
    _propose(founded, lambda roster: roster.update(forge_accounts=again))
    rows = [line for line in _said(founded, "show").splitlines() if "account 102" in line]
    assert [row.split("  ")[-1] for row in rows] == [
        "2026-11-04 00:00 to 2026-11-06 00:00",
        "2026-11-06 00:00 to -",
    ]
    founded.merge("keys")
    founded.git("branch", "-D", "keys")
    _propose(founded, lambda roster: roster.update(forge_accounts=again[1:]))
    names = {f.name.partition(" ")[0] for v in _judged(founded).verdicts for f in v.findings}
    assert "forge-account-altered" in names


def test_a_passkey_joins_by_its_line(founded: ArchiveRepo, tmp_path: Path) -> None:
    """What the roster exports then lets stock ssh-keygen verify the passkey."""
    key = passkey_of(seed("gly-b"))
    _propose(founded, _joins("gly-b", key.line))
    exported = _said(founded, "allowed-signers")
    (tmp_path / "allowed").write_text(exported, encoding="utf-8")
    (tmp_path / "sig").write_bytes(sign_as_passkey(b"x", seed("gly-b"), NAMESPACE))
    ask = ("ssh-keygen", "-Y", "verify", "-f", tmp_path / "allowed", "-I", "gly-b")
    ask = (*ask, "-n", NAMESPACE, "-s", tmp_path / "sig")
    assert subprocess.run(ask, input=b"x", capture_output=True, check=False).returncode == 0
