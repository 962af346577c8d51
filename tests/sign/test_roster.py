"""The roster as a chain, by the command line and by what the verifier says of it."""

import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

from pipeline.evidence.review.statements import NAMESPACE
from pipeline.history.replay import audit
from pipeline.judge.judgements import verify_change
from pipeline.model.findings import Effect
from pipeline.source.git.proposed import proposed
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


def _propose(archive: ArchiveRepo, *arguments: str) -> None:
    archive.branch("keys")
    assert _said(archive, "propose", *arguments).strip() == ROSTER
    archive.commit("换名册", "gly-a")


def _sign(archive: ArchiveRepo, keys: Path, *people: str) -> None:
    for person in people:
        given = ("-r", "人事调整", "--key", str(keys / person), "--yes")
        assert run(archive.root, "authorise", *given).returncode == 0
    archive.commit("授权", "gly-a")


def test_a_key_joins_and_the_chain_verifies(founded: ArchiveRepo, keys: Path) -> None:
    root = sha256(founded.read(ROSTER)).hexdigest()
    _propose(founded, "--add", f"gly-b={keys / 'gly-b'}.pub", "--at", "2026-11-04")
    _sign(founded, keys, "kz-a", "ld-a")
    repository = founded.open()
    told = proposed(repository, repository.commit("main"), repository.commit("HEAD"))
    report = verify_change(repository, told, lambda _: _now(founded))
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
    _propose(founded, "--add", f"gly-b={keys / 'gly-b'}.pub", "--at", "2026-11-04")
    commit = founded.merge("keys")
    [verdict] = [v for v in founded.audit().verdicts if v.decision is Effect.REFUSE]
    assert verdict.subject.startswith(commit[:12])
    assert any(shows(str(f.message), "leader-signature-awaited") for f in verdict.findings)


def test_keys_end_and_point_back_in_history(founded: ArchiveRepo, keys: Path) -> None:
    theft = founded.head()
    _propose(
        founded, "--compromised", "gly-a", "--void-from", theft, "--retire", "xxy-b",
        "--at", "2026-11-05T08:00:00+08:00",
    )  # fmt: skip
    text = founded.read(ROSTER).decode()
    assert f"revoked_from: {theft}" in text.replace("'", "").replace('"', "")
    shown = _said(founded, "show", "--as-of", "2026-11-05T18:00:00+08:00")
    assert f"compromised, void from {theft}" in shown
    assert "ended 2026-11-05 08:00" in shown


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "nothing-to-change"),
        (("--retire", "nobody"), "key-not-one nobody"),
        (("--add", "gly-b"), "key-option-misformed gly-b"),
        (("--delegate", "ld-a:xxy-b"), "mandate-option-misformed"),
        (("--add", "zz-c={keys}/gly-b.pub"), "person-uncommitted zz-c"),
        (("--add", "gly-b={keys}/gly-a.pub"), "key-entered-twice gly-a gly-b"),
    ],
    ids=str,
)
def test_what_cannot_be_proposed_is_not_written(
    founded: ArchiveRepo, keys: Path, arguments: tuple[str, ...], said: str
) -> None:
    before = founded.read(ROSTER)
    given = [a.format(keys=keys) for a in arguments]
    code = 2 if "misformed" in said else 1  # what cannot be meant at all is a wrong call
    assert said in _fails(founded, "roster", "propose", *given, code=code)
    assert founded.read(ROSTER) == before


def test_a_proposal_does_not_appoint_its_signers(founded: ArchiveRepo, keys: Path) -> None:
    _propose(founded, "--add", f"ld-a={keys / 'gly-b'}.pub", "--at", "2026-11-04")
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
    _propose(
        founded, "--delegate", "ld-a:ld-b:leader-in-charge", "--at", "2026-11-06",
        "--until", "2026-11-09", "--authority", "云应急〔2026〕7号",
    )  # fmt: skip
    assert b'until: "2026-11-09T23:59:59+08:00"' in founded.read(ROSTER)  # that day included
    _sign(founded, keys, "kz-a", leader or "gly-b")
    repository = founded.open()
    told = proposed(repository, repository.commit("main"), repository.commit("HEAD"))
    report = verify_change(repository, told, lambda _: _now(founded))
    if good:
        assert passes(report)
    else:
        assert refused_for(report, ("R11-1", "mandate-unsigned ld-a"))


def test_a_forge_account_joins_ends_and_comes_back(founded: ArchiveRepo, keys: Path) -> None:
    """By a row of its own each time: what stood is never written over."""
    day = "2026-11-04"
    _propose(founded, "--account", "xxy-a=Forge.example:102", "--at", day)
    assert "xxy-a  account 102 of forge.example  2026-11-04 00:00 to -" in _said(founded, "show")
    again = "--account", "xxy-a=forge.example:102", "--at", "2026-11-06"
    _said(founded, "propose", "--end-account", "forge.example:102", *again)
    founded.commit("换账号", "gly-a")
    rows = [line for line in _said(founded, "show").splitlines() if "account 102" in line]
    assert [row.split("  ")[-1] for row in rows] == [
        "2026-11-04 00:00 to 2026-11-06 00:00",
        "2026-11-06 00:00 to -",
    ]
    _said(founded, "propose", "--add", f"gly-b={keys / 'gly-b'}.pub", "--at", day)
    assert founded.read(ROSTER).count(b"id: 102") == 2  # a key that joins takes no account away


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--account", "xxy-a=102"), 2, "forge-account-misformed"),
        (("--account", "xxy-a=forge.example:octocat"), 2, "forge-account-misformed"),
        (("--account", "ghost=forge.example:102"), 1, "person-uncommitted ghost"),
        (("--account", "=forge.example:102"), 1, "person-uncommitted "),
        (("--end-account", "forge.example:102"), 1, "No account 102"),
    ],
    ids=str,
)
def test_what_is_no_account_is_told(
    founded: ArchiveRepo, arguments: tuple[str, ...], code: int, words: str
) -> None:
    assert words in _fails(founded, "roster", "propose", *arguments, code=code)


def test_a_passkey_joins_by_its_line(founded: ArchiveRepo, tmp_path: Path) -> None:
    """What the roster exports then lets stock ssh-keygen verify the passkey."""
    key = passkey_of(seed("gly-b"))
    (tmp_path / "phone.pub").write_text(f"{key.line} 张三的手机\n", encoding="utf-8")
    (tmp_path / "phone").write_text(f"{key.line}\n", encoding="utf-8")
    for name in ("phone.pub", "phone"):
        _propose(founded, "--add", f"gly-b={tmp_path / name}", "--at", "2026-11-04")
        assert key.line.encode() in founded.read(ROSTER)
        exported = _said(founded, "allowed-signers")
        founded.git("checkout", "-q", "main")
        founded.git("branch", "-qD", "keys")
    (tmp_path / "allowed").write_text(exported, encoding="utf-8")
    (tmp_path / "sig").write_bytes(sign_as_passkey(b"x", seed("gly-b"), NAMESPACE))
    ask = ("ssh-keygen", "-Y", "verify", "-f", tmp_path / "allowed", "-I", "gly-b")
    ask = (*ask, "-n", NAMESPACE, "-s", tmp_path / "sig")
    assert subprocess.run(ask, input=b"x", capture_output=True, check=False).returncode == 0
