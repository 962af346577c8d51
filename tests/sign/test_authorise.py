"""A change of governance passes with two people's signatures over exactly its files."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import Fault
from pipeline.model.findings import Effect
from pipeline.sign import act
from pipeline.sign.acts.authorise import AUTHORISE, Consent
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import at, registers, sign_as
from tests.builders.named import like, refuses
from tests.builders.verdicts import finds, marks, passes, places, refused_for, run_verify

NOW = at("2026-11-05 10:00")
HEAD = ("R13-7", "head-consent-missing")
LEADER = ("R13-7", "leader-consent-missing")


@pytest.fixture
def changed(archive: ArchiveRepo) -> ArchiveRepo:
    """A proposal that lists a second source."""
    rows = registers()["sources"]["sources"]
    archive.register("sources", {"sources": [*rows, rows[0] | {"id": "water", "name": "水利局"}]})
    archive.commit("新稿源", "gly-a")
    return archive


def _authorise(archive: ArchiveRepo, person: str, base: str = "main") -> None:
    place = act.open_context(archive.open(), NOW, frozenset())
    who = place.trusted.registers.people[person]
    asked = Consent(base=base, reason="新增稿源")
    made = AUTHORISE.sign(asked, place, who, NOW, lambda m: sign_as(person, m))
    act.write_record(archive.root, made.record)
    archive.commit(f"{person} 授权", person)


@pytest.mark.parametrize("leader", ["ld-a", "ld-b"])
def test_two_signatures_pass(changed: ArchiveRepo, leader: str) -> None:
    _authorise(changed, "kz-a")
    _authorise(changed, leader)
    assert passes(changed.verify())


@pytest.mark.parametrize(
    ("signers", "awaited"),
    [
        ((), (HEAD, LEADER)),
        (("kz-a",), (LEADER,)),
        (("ld-a",), (HEAD,)),
        (("ld-a", "ld-b"), (HEAD,)),
    ],
    ids=str,
)
def test_fewer_do_not(
    changed: ArchiveRepo, signers: tuple[str, ...], awaited: tuple[tuple[str, str], ...]
) -> None:
    for person in signers:
        _authorise(changed, person)
    report = changed.verify()
    assert report.exit_code == 10
    assert marks(report, Effect.HOLD) == set(awaited)
    assert not marks(report)


@pytest.mark.parametrize("person", ["xxy-a", "gly-a"])
def test_who_may_not(changed: ArchiveRepo, person: str) -> None:
    with refuses("authoriser-unfit"):
        _authorise(changed, person)


def test_nobody_signs_a_change_twice(changed: ArchiveRepo) -> None:
    """The second record would replace the first, which no later commit can mend."""
    _authorise(changed, "kz-a")
    with refuses("record-there"):
        _authorise(changed, "kz-a")


def test_nothing_to_authorise(approved: ArchiveRepo) -> None:
    with pytest.raises(Fault, match=like("no-authorisation-needed", base="main")):
        _authorise(approved, "kz-a")


def test_a_file_changed_after_the_signatures(changed: ArchiveRepo) -> None:
    _authorise(changed, "kz-a")
    _authorise(changed, "ld-a")
    changed.change("content/registers/sources.yml", "水利局", "市水利局")
    changed.commit("再改", "gly-a")
    report = changed.verify()
    assert refused_for(report, ("R13-7", "consent-other-files"))
    assert len(places(report, "R13-7")) == 2, "of both who signed"


def test_a_file_more_than_was_signed(changed: ArchiveRepo) -> None:
    _authorise(changed, "kz-a")
    _authorise(changed, "ld-a")
    changed.change("content/policy.yml", '"云岚应急"', '"云岚"')
    changed.commit("夹带", "gly-a")
    assert finds(changed.verify(), "R13-7", "consent-other-files")


def test_a_removed_file_is_signed_too(tmp_path: Path) -> None:
    archive = ArchiveRepo.begin(tmp_path / "archive", changed={"terms": {"terms": []}})
    archive.branch("proposal")
    (archive.root / "content/registers/terms.yml").unlink()
    archive.commit("删表", "gly-a")
    _authorise(archive, "kz-a")
    _authorise(archive, "ld-a")
    assert passes(archive.verify())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"archive": "other"}, "record-misplaced"),
        ({"person": "ld-b"}, "record-key-foreign"),
        ({"role": "information-officer"}, "consent-signer-unfit"),
        ({"role": "principal"}, "consent-signer-unfit"),
        ({"signed_at": at("2026-11-05 19:00")}, "consent-in-future"),
        (
            {"roster": {"serial": 0, "digest": "0" * 64}},
            "consent-other-roster",
        ),
    ],
    ids=str,
)
def test_a_signature_that_does_not_count(
    changed: ArchiveRepo, changes: dict[str, Any], words: str
) -> None:
    changed.authorise("kz-a", "section-head")
    changed.authorise("ld-a", "leader-in-charge", key="ld-a", **changes)
    changed.commit("授权", "gly-a")
    report = changed.verify()
    assert refused_for(report, ("R13-7", words))


def test_an_authorisation_does_not_serve_a_second_change(changed: ArchiveRepo) -> None:
    """Files and digests are named: the same records under another change count for nothing."""
    _authorise(changed, "kz-a")
    _authorise(changed, "ld-a")
    changed.merge("proposal")
    changed.branch("next")
    changed.change("content/policy.yml", '"云岚应急"', '"云岚"')
    changed.commit("下一次", "gly-a")
    report = changed.verify("main", "next")
    assert report.exit_code == 10
    assert marks(report, Effect.HOLD) == {HEAD, LEADER}


def test_a_change_that_breaks_a_register_is_refused_although_signed(changed: ArchiveRepo) -> None:
    changed.write("content/registers/sources.yml", "sources: [{id: A}]\n")
    changed.commit("坏名单", "gly-a")
    _authorise(changed, "kz-a")
    _authorise(changed, "ld-a")
    report = changed.verify()
    assert report.exit_code == 11
    assert any("sources" in f.location.path for f in report.findings), marks(report)


def test_a_change_that_would_void_what_stands_is_refused(approved: ArchiveRepo) -> None:
    """Taking a reviewer's key out of the roster takes the ground from a published post."""
    approved.merge("proposal")
    approved.branch("purge")
    text = approved.read("content/registers/roster.yml").decode()
    first = text.index('  - person: "ld-a"')
    rest = text.index("  - person:", first + 5)
    text = (text[:first] + text[rest:]).replace("serial: 1", "serial: 2")
    approved.write("content/registers/roster.yml", text)
    approved.commit("删钥匙", "gly-a")
    _authorise(approved, "kz-a")
    approved.authorise("ld-b", "principal")
    approved.commit("授权", "gly-a")
    report = approved.verify("main", "purge")
    assert finds(report, "R11-1", "key-unregistered")


def test_a_base_that_cannot_judge_gives_no_traceback(approved: ArchiveRepo) -> None:
    """A policy broken by a direct push: a finding or a fault, never a crash."""

    approved.switch("main")
    approved.change("content/policy.yml", "  demo: false", '  demo: "perhaps"')
    approved.commit("直接推送", "gly-a")
    done = run_verify(approved.root, "--base", "main", "--head", "proposal")
    assert done.returncode in (1, 11), done.stderr[-300:]
    assert "Traceback" not in done.stderr, done.stderr[-300:]


def _main_goes_on(archive: ArchiveRepo) -> None:
    archive.switch("main")
    archive.branch("other")
    archive.change("content/policy.yml", '"云岚应急"', '"云岚"')
    archive.commit("别的变更", "gly-a")
    _authorise(archive, "kz-a")
    _authorise(archive, "ld-a")
    archive.merge("other")
    archive.switch("proposal")


def test_what_main_brought_since_is_no_part_of_the_change(changed: ArchiveRepo) -> None:
    _main_goes_on(changed)
    _authorise(changed, "kz-a")
    _authorise(changed, "ld-a")
    assert passes(changed.verify())


@pytest.mark.parametrize("own", ["behind", "missing"])
def test_main_is_what_was_fetched_of_it(changed: ArchiveRepo, own: str) -> None:
    """Whoever fetched, and did not pull, signs the change and nothing that main brought."""
    _main_goes_on(changed)
    changed.git("update-ref", "refs/remotes/origin/main", "main")
    env = changed.git.people("gly-a@yunlan.example", "gly-a@yunlan.example")
    changed.git("merge", "--quiet", "--no-edit", "main", env=env)
    if own == "behind":
        changed.git("branch", "--quiet", "--force", "main", "main~1")
    else:
        changed.git("branch", "--quiet", "--delete", "--force", "main")
    _authorise(changed, "kz-a")
    _authorise(changed, "ld-a")
    assert passes(changed.verify(base="origin/main"))
