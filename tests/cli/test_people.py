"""`policy` and `amend`: registers altered without an editor, and shown in words."""

import re
from copy import deepcopy

from pipeline.cli.new import amend
from pipeline.cli.publish import authorise
from pipeline.cli.verify import verify
from pipeline.model.findings import EXIT_HOLD
from pipeline.new.yaml_writer import dump
from pipeline.parts.people.verbs import policy, roster
from pipeline.source.content.text import read_yaml
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import AS_OF, email, registers
from tests.builders.named import like, worded
from tests.builders.samples import RECORDS
from tests.cli.at_the_desk import fault, run


def test_an_office_ends_and_another_begins_and_what_is_left_is_said(archive: ArchiveRepo) -> None:
    office = "role=operator,department=xjk,from=2026-01-01"
    done = run(amend, archive, "people", "gly-a", "--roles", f"{office},until=2026-11-30")
    assert done.stdout == "content/registers/people.yml\n"
    ends = "某gly-a（gly-a） ceases to be operator of 宣教和信息技术科: 2026-11-30"
    assert ends in done.stderr
    assert (worded("left-to-do") + "\n") in done.stderr
    assert "  " + worded("has-password", person="某gly-a", account="云岚wx") in done.stderr
    more = "role=operator,department=xjk,from=2026-12-01"
    begun = run(amend, archive, "people", "xxy-b", "--roles", more).stderr
    assert "某xxy-b（xxy-b） becomes operator of 宣教和信息技术科 on 2026-12-01" in begun
    assert "leaves to do" not in begun
    archive.commit("交接", "gly-a")
    shown = run(authorise, archive, "-r", "交接", by="kz-a").stderr
    assert shown.index(ends) < shown.index("file altered") < shown.index("git diff")


def test_a_parameter_is_set_and_a_fact_is_stated(archive: ArchiveRepo) -> None:
    given = ("set", "cadence.text.count", "3")
    assert "parameter-incomplete" in fault(run(policy, archive, *given))
    done = run(policy, archive, *given, "--from", "2026-12-01", "--source", "[D] 纪要")
    assert (
        "cadence.text.count: from 2 次/周 to 3 次/周 from 2026-12-01 on; [D] 纪要." in done.stderr
    )
    assert "becomes 云岚" in run(policy, archive, "set", "unit.short_name", "云岚").stderr


def test_an_entry_is_amended_and_its_lists_grow(archive: ArchiveRepo) -> None:
    done = run(
        amend, archive, "people", "xxy-a", "--name", "甲", "--emails", "a@b", "--emails", "c@d",
        "--roles", "role=writer,department=bgs,from=2026-12-01",
    )  # fmt: skip
    assert done.stdout == "content/registers/people.yml\n"
    path = "content/registers/people.yml"
    row = read_yaml(path, archive.read(path)).value["people"][0]
    assert (row["name"], row["emails"], len(row["roles"])) == ("甲", ["a@b", "c@d"], 2)
    assert "becomes writer of 办公室" in done.stderr


def test_an_entry_amended_into_nonsense_is_not_written(archive: ArchiveRepo) -> None:
    before = archive.read("content/registers/accounts.yml")
    wrong = run(amend, archive, "accounts", "wx", "--custodian", "nn")
    assert fault(wrong) == "reference-unknown custodian nn"
    assert fault(run(amend, archive, "accounts", "nn", "--url", "https://x")) == (
        "entry-unknown nn accounts"
    )
    assert archive.read("content/registers/accounts.yml") == before


def test_a_record_is_completed(archive: ArchiveRepo) -> None:
    value = {k: v for k, v in RECORDS["inquiries"].items() if k not in ("reply", "tasks")}
    path = "content/records/inquiries/2026/2026-11-05-1.yml"
    archive.write(path, b"# remark\n" + dump(value))
    reply = RECORDS["inquiries"]["reply"]
    done = run(
        amend, archive, "inquiries", "2026-11-05-1", "--reply-person", reply["person"],
        "--reply-at", reply["at"], "--reply-text", reply["text"],
    )  # fmt: skip
    assert done.stdout == f"{path}\n"
    assert archive.read(path).startswith(b"# remark\n")
    assert read_yaml(path, archive.read(path)).value == value | {"reply": reply}


def test_a_record_on_main_is_corrected_beside_what_was_entered(archive: ArchiveRepo) -> None:
    """On its branch it may still be rewritten; a private number may be masked."""
    path = "content/records/inquiries/2026/2026-11-05-1.yml"
    value = {k: v for k, v in RECORDS["inquiries"].items() if k not in ("tasks", "closed_at")}
    archive.write(path, dump(value | {"account": "wb"}))
    given = ("inquiries", "2026-11-05-1", "--account", "wx")
    assert run(amend, archive, *given).exit_code == 0
    archive.commit("登记", "gly-a")
    archive.git("branch", "--force", "main", "HEAD")
    other = ("inquiries", "2026-11-05-1", "--reply-at", "2026-11-04T09:31", "--result", "补配")
    assert fault(run(amend, archive, *other)) == "written-once reply.at"
    archive.git("config", "user.email", email("xxy-a"))
    assert run(amend, archive, *other, "--reason", "抄错一位").exit_code == 0
    made = read_yaml(path, archive.read(path)).value
    assert {k: v for k, v in made.items() if k != "corrected"} == value
    first, second = made["corrected"]
    assert first == {
        "field": "reply.at", "value": "2026-11-04T09:31:00+08:00", "reason": "抄错一位",
        "person": "xxy-a", "at": AS_OF.isoformat(),
    }  # fmt: skip
    assert (second["field"], second["value"]) == ("result", "补配")
    again = (*other[:2], "--result", value["result"], "--reason", "原来没错")
    assert run(amend, archive, *again).exit_code == 0
    made = read_yaml(path, archive.read(path)).value
    assert [c["value"] for c in made["corrected"][1:]] == ["补配", value["result"]]
    tasks = "department=jzk,assigned_by=gly-a,due=2026-11-09"
    assert run(amend, archive, *other[:2], "--tasks", tasks).exit_code == 0
    assert len(read_yaml(path, archive.read(path)).value["corrected"]) == 3


def test_a_value_in_a_list_is_corrected_by_its_place(archive: ArchiveRepo) -> None:
    path = "content/records/inquiries/2026/2026-11-05-1.yml"
    value = deepcopy({k: v for k, v in RECORDS["inquiries"].items() if k != "closed_at"})
    del value["tasks"][0]["returned_at"]
    given = ("inquiries", "2026-11-05-1", "--correct")
    archive.write(path, dump(value))
    assert run(amend, archive, *given, "tasks.0.due=2026-11-07").exit_code == 0
    value["tasks"][0]["due"] = "2026-11-07"
    assert read_yaml(path, archive.read(path)).value == value
    archive.commit("登记", "gly-a")
    archive.git("branch", "--force", "main", "HEAD")
    archive.git("config", "user.email", email("xxy-a"))
    more = ("--correct", "tasks.0.returned_at=2026-11-05T09:00", "--correct", "result=")
    wrong = run(amend, archive, *given, "tasks.0.due=2026-11-09", *more)
    assert fault(wrong) == "written-once tasks.0.due"
    why = ("--reason", "科室报错日期")
    assert fault(run(amend, archive, *given, "reply.by=x", *why)) == "key-unknown by"
    none = fault(run(amend, archive, *given, "answer=x", *why))
    assert none == "event-missing answer"
    assert run(amend, archive, *given, "tasks.0.due=2026-11-09", *more, *why).exit_code == 0
    made = read_yaml(path, archive.read(path)).value
    assert [(c["field"], c["value"]) for c in made.pop("corrected")] == [
        ("tasks.0.due", "2026-11-09"), ("tasks.0.returned_at", "2026-11-05T09:00:00+08:00"),
        ("result", None),
    ]  # fmt: skip
    assert made == value


def test_a_mandate_ends_before_its_time(archive: ArchiveRepo) -> None:
    mandate = {
        "delegator": "ld-a", "delegate": "ld-b", "role": "leader-in-charge", "authority": "纪要",
        "from": "2026-11-01T00:00:00+08:00", "until": "2026-12-31T00:00:00+08:00",
    }  # fmt: skip
    archive.register("roster", registers()["roster"] | {"delegations": [mandate]})
    archive.commit("代行", "gly-a")
    given = ("propose", "--at", "2026-12-01T00:00", "--end-mandate")
    assert run(roster, archive, *given, "ld-a:ld-b").exit_code == 0
    raw = archive.read("content/registers/roster.yml")
    (row,) = read_yaml("x", raw).value["delegations"]
    assert row == mandate | {"until": "2026-12-01T00:00:00+08:00"}
    assert fault(run(roster, archive, *given, "ld-b:ld-a")) == "mandate-unknown ld-a ld-b"


def test_a_changed_article_holds_until_its_numbers_were_compared(archive: ArchiveRepo) -> None:
    """Three times a week in the text, and twice in policy: verify lists what cites the article."""
    archive.git("switch", "--quiet", "--create", "law")
    law = archive.read("content/regulation.md").decode().replace("更新2次", "更新3次")
    archive.write("content/regulation.md", law.encode())

    def proposed() -> tuple[int, str]:
        archive.commit("改细则第五条", "gly-a")
        for person, role in (("kz-a", "section-head"), ("ld-a", "leader-in-charge")):
            archive.authorise(person, role)
        archive.commit("授权", "gly-a")
        done = run(verify, archive, "--base", "main")
        return done.exit_code, done.stdout

    code, shown = proposed()
    citing = ("cadence.text.count", "cadence.av.max_gap_days", "relay.hours")
    assert code == EXIT_HOLD
    assert all(f"The text that {name} cites" in shown for name in citing)
    assert "The text that password" not in shown
    assert "names no article" in fault(run(policy, archive, "confirm", "cadence.text.warn_day"))
    assert "parameter-unknown" in fault(run(policy, archive, "confirm", "cadence.text"))
    said = run(policy, archive, "confirm", *citing).stderr
    assert len(re.findall(like("text-compared"), said)) == 3
    assert proposed()[0] == 0
