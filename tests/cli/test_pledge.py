"""declare, waive, rotate: what is signed, what is refused, what is never kept."""

from pathlib import Path

import pytest

from pipeline.cli.declare import declare, rotate
from pipeline.history.duties import duties
from pipeline.model.findings import Effect
from pipeline.model.records import Signed
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import at, private_key_file
from tests.builders.layers import shipped_list
from tests.builders.named import worded
from tests.cli.at_the_desk import NOW, fault, run

QUARTERLY = "relays-complete"
PASSWORD = "Geheim#2026"
AGAIN = "record-there"


def standing(archive: ArchiveRepo, kind: str, now: object = NOW) -> tuple[Signed, ...]:
    """What the verifier counts of a kind once everything is committed."""
    archive.commit("记录", "gly-a")
    found = duties(archive.open(), archive.head(), lambda _: now)  # type: ignore[arg-type, return-value]
    problems = [f for f in found.archive.record_problems if f.effect > Effect.NOTE]
    assert problems == []
    return found.archive.signed[kind]


def test_a_declaration_is_signed_in_the_words_in_force(archive: ArchiveRepo) -> None:
    made = run(declare, archive, QUARTERLY, "--note", "十一月", by="xxy-a")
    assert made.exit_code == 0, made.exception
    assert made.stdout == f"content/records/declarations/2026/2026-11-05.{QUARTERLY}.archive.json\n"
    assert "本人已核对本期上级来文" in made.stderr
    (signed,) = standing(archive, "declaration")
    assert (signed["name"], signed["version"], signed["subject"]) == (QUARTERLY, 1, "")
    assert (signed["from"].isoformat(), signed["until"].isoformat()) == ("2026-11-04", "2026-11-05")
    assert signed.subject == {f"wordings/{QUARTERLY}/1": signed["text_digest"]}
    assert signed["note"] == "十一月"


def test_it_moves_the_duty_and_the_next_one_begins_the_day_after(archive: ArchiveRepo) -> None:
    run(declare, archive, QUARTERLY, by="xxy-a")
    standing(archive, "declaration")
    found = duties(archive.open(), archive.head(), lambda _: at("2026-12-08 09:00"))
    due = [f.due for f in found.findings if QUARTERLY in str(f.message) and f.due]
    assert [d.date().isoformat() for d in due] == ["2027-02-20"]
    later = at("2026-12-08 09:00")
    run(declare, archive, QUARTERLY, by="xxy-b", now=later)
    *_, second = standing(archive, "declaration", later)
    assert second["from"].isoformat() == "2026-11-06"


def test_the_subject_is_found_where_there_is_only_one(archive: ArchiveRepo) -> None:
    assert run(declare, archive, "staff-conduct", by="xxy-a").exit_code == 0
    (signed,) = standing(archive, "declaration")
    assert signed["subject"] == "xxy-a"
    words = "subject-needed account-hygiene"
    assert fault(run(declare, archive, "account-hygiene", by="gly-a")) == words
    assert run(declare, archive, "account-hygiene", "--subject", "wx", by="gly-a").exit_code == 0
    refused = run(declare, archive, "account-hygiene", "--subject", "tv", by="gly-a")
    assert fault(refused) == words


def test_a_file_is_bound_by_its_digest_and_not_kept(archive: ArchiveRepo, tmp_path: Path) -> None:
    shot = tmp_path / "certificate.png"
    shot.write_bytes(b"\x89PNG picture of a certificate")
    run(declare, archive, "certification-shown", "--attach", str(shot), by="gly-a")
    (signed,) = standing(archive, "declaration")
    assert "attachments/certificate.png" in signed.subject
    assert not list(archive.root.rglob("certificate.png"))


@pytest.mark.parametrize(
    ("arguments", "by", "words"),
    [
        ((QUARTERLY,), "kz-a", "declarer-lacks-role 某kz-a information-officer"),
        (("nothing",), "kz-a", "declaration-unknown nothing"),
        (("no-unregistered-accounts",), "xxy-a", ""),
        (("no-unregistered-accounts", "--subject", "jzk"), "xxy-a",
         "subject-needed no-unregistered-accounts"),
        (("staff-conduct", "--subject", "xxy-b"), "xxy-a",
         "subject-needed staff-conduct"),
        ((QUARTERLY, "--until", "2026-12-31"), "xxy-a",
         "period-in-future"),
        ((QUARTERLY, "--until", "2026-11-05"), "xxy-a", ""),
    ],
)  # fmt: skip
def test_whoever_may_declare_what(
    archive: ArchiveRepo, arguments: tuple[str, ...], by: str, words: str
) -> None:
    made = run(declare, archive, *arguments, by=by)
    assert (made.exit_code == 0) if not words else (fault(made) == words)
    assert bool(list(archive.root.glob("content/records/declarations/*/*"))) is not words


def test_a_signed_record_is_never_replaced(archive: ArchiveRepo) -> None:
    first = run(declare, archive, QUARTERLY, by="xxy-a")
    raw = archive.read(first.stdout.strip())
    assert fault(run(declare, archive, QUARTERLY, by="xxy-a")).startswith(AGAIN)
    assert archive.read(first.stdout.strip()) == raw


def test_nothing_is_signed_that_nobody_affirmed(archive: ArchiveRepo) -> None:
    keys = archive.root.parent / "keys"
    run(declare, archive, QUARTERLY, by="kz-a")
    key = ("--key", str(keys / "kz-a"))
    refused = run(declare, archive, "basis-review", *key)
    assert fault(refused) == "terminal-missing"
    aborted = run(declare, archive, "basis-review", *key, typed="n\n", attended=True)
    assert aborted.exit_code == 1
    assert not list(archive.root.glob("content/records/declarations/*/*"))
    assert run(declare, archive, "basis-review", *key, typed="y\n", attended=True).exit_code == 0


def test_declarations_of_old_words_stop_counting_when_the_words_change(
    archive: ArchiveRepo,
) -> None:
    run(declare, archive, QUARTERLY, by="xxy-a")
    standing(archive, "declaration")
    other = shipped_list("wordings").replace("无漏登、无晚登", "无漏登")
    archive.write("content/registers/wordings.yml", other)
    archive.commit("改字", "kz-a")
    found = duties(archive.open(), archive.head(), lambda _: at("2027-02-20 09:00"))
    late = [f for f in found.findings if QUARTERLY in str(f.message) and f.effect is Effect.REFUSE]
    assert len(late) == 1


# Passwords


def everything(archive: ArchiveRepo) -> bytes:
    """Every byte of the archive's folder, of git's messages, and of what lies beside it."""
    files = [p for p in archive.root.parent.rglob("*") if p.is_file()]
    return b"".join(p.read_bytes() for p in files) + archive.git("log", "--all").encode()


@pytest.mark.parametrize(
    ("password", "passed"),
    [
        (PASSWORD, True),
        ("qwzx8402", True),
        ("qwz84", False),
        ("qwzxvbnmlk", False),
        ("8402716395", False),
        ("", False),
    ],
)
def test_a_password_is_measured_and_kept_nowhere(
    archive: ArchiveRepo, password: str, passed: bool
) -> None:
    made = run(
        rotate, archive, "wx", by="gly-a", typed=f"{password}\n", attended=True
    )  # fmt: skip
    assert made.stdout.splitlines()[0] == ("pass" if passed else "fail")
    assert made.exit_code == (0 if passed else 11)
    rotations = standing(archive, "rotation")
    assert len(rotations) == passed
    if password:
        assert password not in made.output + made.stderr
        assert password.encode() not in everything(archive)
    if passed:
        assert rotations[0]["classes"] == (3 if password == PASSWORD else 2)
        assert rotations[0]["long_enough"] is True


def test_only_measures(archive: ArchiveRepo) -> None:
    made = run(rotate, archive, "wx", "--only", typed=f"{PASSWORD}\n", attended=True)
    assert made.stdout == "pass\n"
    assert not list(archive.root.glob("content/records/rotations/*/*"))


def test_a_password_is_never_read_from_a_pipe(archive: ArchiveRepo) -> None:
    refused = run(rotate, archive, "wx", by="gly-a", typed=f"{PASSWORD}\n")
    assert fault(refused) == "password-needs-terminal"


def test_no_verb_takes_a_password_as_an_argument() -> None:
    assert not [p.name for p in rotate.params if "password" in str(p.name)]


def test_a_rotation_binds_the_account_and_names_the_keeper(archive: ArchiveRepo) -> None:
    made = run(
        rotate, archive, "wx", "-r", "handover", "--custodian", "gly-b", "--devices-returned",
        "--access-revoked", "--at", "2026-11-05T17:30", by="gly-a", typed=f"{PASSWORD}\n",
        attended=True,
    )  # fmt: skip
    assert made.stdout == "pass\ncontent/records/rotations/2026/2026-11-05T1730.wx.handover.json\n"
    (signed,) = standing(archive, "rotation")
    assert signed.role == "operator"
    assert (signed["custodian"], signed["devices_returned"]) == ("gly-b", True)
    assert signed.subject.keys() == {"accounts/wx"}
    assert all(len(digest) == 64 for digest in signed.subject.values())


def test_who_may_not_answer_is_told_before_a_password_is_typed(archive: ArchiveRepo) -> None:
    refused = run(rotate, archive, "wx", by="ld-b", typed="Abc12345xyz\n", attended=True)
    assert fault(refused) == "rotation-signer-unfit 某ld-b"
    assert "Password" not in refused.stderr


def test_a_deviation_is_the_heads_and_asks_for_no_password(archive: ArchiveRepo) -> None:
    why = ("-r", "deviation", "--deviation-reason", "平台升级，暂不能改")
    assert run(rotate, archive, "wx", *why, by="kz-a").exit_code == 0
    (signed,) = standing(archive, "rotation")
    assert (signed.role, signed["classes"]) == ("section-head", 0)
    refused = run(rotate, archive, "wb", *why, by="gly-a")
    assert fault(refused) == "rotation-signer-unfit 某gly-a"
    bare = run(rotate, archive, "wb", "-r", "deviation", by="kz-a")
    assert worded("why-not-changed") in fault(bare)


@pytest.mark.parametrize(
    ("arguments", "by", "words"),
    [
        (("none",), "gly-a", "The account none is not registered."),
        (("wx", "--custodian", "wb-a"), "gly-a", "keeper-unfit wb-a"),
        (("wx", "--custodian", "nobody"), "gly-a", "keeper-unfit nobody"),
        (("wx", "--at", "2026-11-05T18:01"), "gly-a", "rotation-in-future"),
        (("wx",), "xxy-a", "rotation-signer-unfit 某xxy-a"),
    ],
)
def test_a_rotation_that_would_not_count_is_not_written(
    archive: ArchiveRepo, arguments: tuple[str, ...], by: str, words: str
) -> None:
    refused = run(
        rotate, archive, *arguments, "-r", "scheduled", by=by, typed=f"{PASSWORD}\n", attended=True
    )  # fmt: skip
    assert fault(refused) == words
    assert not list(archive.root.glob("content/records/rotations/*/*"))


SOON = at("2027-05-12 09:00")
"""What is owed every half year falls due a week later."""


def declared(archive: ArchiveRepo) -> set[str]:
    folder = archive.root / "content/records/declarations/2027"
    return {path.name[11:-5] for path in folder.glob("2027-05-12.*.json")}


def test_all_that_is_due_is_declared_with_one_signature(archive: ArchiveRepo) -> None:
    done = run(declare, archive, "--all", by="xxy-a", now=SOON)
    (name,) = declared(archive)
    assert "Signed: 4 declarations." in done.stderr
    signed = standing(archive, "declaration", SOON)
    assert {(s["name"], s["subject"]) for s in signed} == {
        ("relays-complete", ""),
        ("no-unregistered-accounts", "xjk"),
        ("interaction-discipline", "xxy-a"),
        ("staff-conduct", "xxy-a"),
    }
    assert {s.path for s in signed} == {f"content/records/declarations/2027/2027-05-12.{name}.json"}
    assert len(signed[0].subject) == 4 and {s["until"] for s in signed} == {SOON.date()}
    again = run(declare, archive, "--all", by="xxy-a", now=SOON)
    none = "No declaration of 某xxy-a falls due by 2027-05-22."
    assert none in again.stderr and again.exit_code == 0


def test_one_that_its_signer_refuses_is_left_out_and_the_others_are_signed(
    archive: ArchiveRepo, tmp_path: Path
) -> None:
    key = str(private_key_file("xxy-a", tmp_path))
    given = ("--all", "--key", key)
    run(declare, archive, *given, now=SOON, typed="n\ny\ny\ny\n", attended=True)
    (one,) = declared(archive)
    run(declare, archive, *given, now=SOON, typed="y\n", attended=True)
    assert {one} < declared(archive) and len(declared(archive)) == 2
    assert len(standing(archive, "declaration", SOON)) == 4


def test_all_takes_no_subject_and_a_name_is_not_asked_for_twice(archive: ArchiveRepo) -> None:
    for arguments in ([], [QUARTERLY, "--all"], ["--all", "--subject", "wx"]):
        assert fault(run(declare, archive, *arguments)).startswith("Name one declaration")
