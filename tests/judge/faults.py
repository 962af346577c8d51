"""Records with one fault each, and true records of what was late, for tests of a whole change."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.evidence.review.statements import write_statement
from pipeline.judge.load_governance import trust
from pipeline.model.duties import digest_of
from pipeline.model.part import program
from pipeline.new.yaml_writer import dump
from pipeline.parts.form.rendering import forms_of_day
from pipeline.parts.form.verbs import FilingDetails, filing
from pipeline.source.content.text import read_yaml
from pipeline.source.git.worktree import work_tree
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import at
from tests.builders.samples import RECORDS, TIME
from tests.sign.test_filing import look

EARLY, NIGHT = "2026-11-04T08:30:00+08:00", "2026-11-04T00:00:00+08:00"
MORNING = "2026-11-05T08:30:00+08:00"
NOWHERE = "2026-11-05-nowhere"
SECRET = "后台密码：Abc12345!x"


@dataclass(frozen=True)
class Fault:
    """A faulty record: its kind, what is changed of the sound sample, and the finding on it."""

    kind: str
    changes: dict[str, Any]
    clause: str
    name: str
    """Also with what tells it apart."""


def _inquiry(type: str = "processing", /, **changes: Any) -> dict[str, Any]:
    return {"type": type, **changes}


FAULTS = {
    "no-leader": Fault("account-events", {"reviewed": {"person": "kz-a", "on": "2026-11-03"}},
                       "R08-2", "reviewer-not-in-office"),
    "no-principal": Fault("account-events", {"signed": {"person": "ld-a", "on": "2026-11-03"}},
                          "R08-2", "signer-not-in-office"),
    "other-department": Fault(
        "account-events",
        {"applied": {"person": "kz-a", "department": "jzk", "on": "2026-11-02"}},
        "R08-2", "applicant-not-lead"),
    "steps-in-disorder": Fault(
        "account-events", {"filing": {"ref": "2号", "to": "市政府办公室", "on": "2026-11-01"}},
        "R08-2", "steps-out-of-order filing signed"),
    "effect-too-early": Fault("account-events", {"effective_on": "2026-11-02"}, "R08-2",
                              "effective-before-signed"),
    "second-opening": Fault("account-events", {"type": "open", "effective_on": "2026-11-05"},
                            "R08-2", "event-out-of-sequence"),
    "no-such-post": Fault("relays", {"post": NOWHERE}, "R05-4", "relay-post-unknown"),
    "acknowledged-before": Fault(
        "inquiries", _inquiry(acknowledged={"at": EARLY, "promised_due": "2026-11-10"}),
        "R12-2", "step-before-inquiry acknowledged"),
    "no-earlier-one": Fault(
        "earlier",
        {"posts": [{"title": "题", "url": "https://a.example/1", "published_at": MORNING}]},
        "R17-1", "not-earlier"),
    "private": Fault("inquiries", _inquiry(summary="请回电 13800138000"), "R12-3",
                     "private-data-recorded summary"),
    "nobody-asked": Fault("opinions", {"departments": ["nope"]}, "R07-3",
                          "department-unknown nope"),
    "verified-before": Fault("incidents", {"verified_at": EARLY}, "R14-6",
                             "step-before-case"),
    "no-such-account": Fault("statistics", {"account": "nope"}, "R16-1",
                             "reference-unknown account nope"),
    "nobody-on-duty": Fault("shifts", {"days": [{"day": "2026-11-06", "people": ["nope"]}]},
                            "R03-2", "reference-unknown people nope"),
    "decided-by-nobody": Fault(
        "upstream", {"decided": {"person": "nope", "at": MORNING, "relay": False}}, "R05-4",
        "reference-unknown person nope"),
    "looked-into-by-nobody": Fault(
        "rectifications", {"assigned": {"person": "nope", "due": "2026-11-10"}}, "R03-2",
        "reference-unknown person nope"),
    "secret": Fault("supervisions", {"findings": SECRET}, "R14-5", "secret-written"),
    "other-bytes": Fault("filings", {"manifest": "0" * 64}, "F-6",
                         "form-other-bytes"),
    "misnamed": Fault("corrections", {"revision": 3}, "F-5", "file-name-differs"),
    "changed-nowhere": Fault("corrections", {"post": NOWHERE}, "F-5",
                             "correction-without-post"),
    "post-that-is-none": Fault("publications", {}, "R11-4", "publication-without-post"),
    "keeper-outside": Fault("rotations", {"account": "wx", "custodian": "wb-a"}, "R14-1",
                            "keeper-unfit"),
    "weak": Fault("rotations", {"account": "wb", "classes": 1}, "R14-2",
                  "password-weak"),
    "other-words": Fault("declarations", {"text_digest": "0" * 64}, "R01-1",
                         "wording-outdated"),
    "idle": Fault("waivers", {}, "R13-2", "waiver-without-post"),
    "signed-of-nothing": Fault("attestations", {}, "R13-7", "attested-record-missing"),
}  # fmt: skip

TOLD = {
    "filed-late": Fault(
        "account-events",
        {"filing": None, "applied": {"person": "kz-a", "department": "xjk", "on": "2026-10-01"},
         "reviewed": {"person": "ld-a", "on": "2026-10-01"},
         "signed": {"person": "ld-b", "on": "2026-10-01"}, "effective_on": "2026-10-01"},
        "R08-2", "event-filing-due"),
    "ended-early": Fault(
        "account-events",
        {"account": "wb", "type": "close", "effective_on": "2026-11-04",
         "signed": {"person": "ld-b", "on": "2026-11-05"},
         "filing": {"ref": "3号", "to": "市政府办公室", "on": "2026-11-05"}},
        "R08-2", "account-ended-early"),
    "relayed-late": Fault("relays", {"notice_received_at": NIGHT}, "R05-4", "relay-late"),
    "not-relayed": Fault("relays", {"notice_received_at": NIGHT, "post": None}, "R05-4",
                         "relay-due"),
    "answered-late": Fault("inquiries", _inquiry(received_at="2026-10-20T09:00:00+08:00"), "R12-2",
                           "acknowledgement-due"),
    "not-reported-yet": Fault("opinions", {"reports": []}, "R12-4", "publicity-uninformed"),
    "pursued-late": Fault("incidents", {"verified_at": None, "notified": []}, "R14-6",
                          "fake-verification-due"),
    "sent-by-a-contractor": Fault(
        "inquiries", _inquiry(reply={"person": "wb-a", "at": TIME, "text": "已答复。"}),
        "R06-2", "contractor-replied"),
    "no-operator": Fault(
        "inquiries", _inquiry("general", reply={"person": "xxy-a", "at": TIME, "text": "已答复。"}),
        "R12-1", "replier-no-operator"),
    "no-draft": Fault("inquiries", _inquiry("general", drafted=None), "R12-1",
                      "draft-unrecorded"),
    "no-result": Fault("inquiries", _inquiry(result=None), "R12-2", "result-missing"),
    "promised-too-late": Fault(
        "inquiries", _inquiry(closed_at=None, result=None,
                              acknowledged={"at": TIME, "promised_due": "2027-06-01"}),
        "R12-2", "promise-too-long"),
    "not-to-the-office": Fault(
        "inquiries", _inquiry("report", transferred={"to": "jzk", "at": TIME, "receipt": "1号"}),
        "R12-3", "transfer-misdirected"),
    "not-told": Fault("inquiries", _inquiry("report"), "R12-3", "answer-hides-transfer"),
    "task-by-nobody": Fault(
        "inquiries",
        _inquiry(tasks=[{"department": "jzk", "assigned_by": "xxy-b", "due": "2026-11-06"}]),
        "R12-6", "task-giver-unfit 某xxy-b"),
    "own-opinion": Fault(
        "inquiries", _inquiry(reply={"person": "gly-a", "at": TIME, "text": "我认为可以。"}),
        "R12-8", "answer-words-listed 我认为"),
    "not-led": Fault("opinions", {"lead": {"person": "ld-a"}}, "R12-4",
                     "principal-not-leading"),
}  # fmt: skip
"""True records of what came too late, is still owed or was not done as it should be: recorded all
the same, and told by the audit."""


def _plain(kind: str, changes: dict[str, Any]) -> dict[str, Any]:
    sound: dict[str, Any] = {
        "relays": {"notice_received_at": MORNING, "source_published_at": NIGHT},
        "opinions": {"reports": [{"to": o, "at": TIME} for o in ("publicity", "cyberspace")]},
        "incidents": {"notified": [{"body": b, "at": TIME} for b in ("platform", "police")]},
        "account-events": {"changes": {"filing": "云政办备1号"}},
    }.get(kind, {})
    return {k: v for k, v in (RECORDS[kind] | sound | changes).items() if v is not None}


def record(archive: ArchiveRepo, name: str, fault: Fault) -> None:
    """Write one record of the table into the work tree."""
    if fault.kind in RECORDS:
        raw = dump(_plain(fault.kind, fault.changes))
        archive.write(f"content/records/{fault.kind}/2026/{name}.yml", raw)
    else:
        SPECIAL[fault.kind](archive, name, fault.changes)


def _filing(archive: ArchiveRepo, _name: str, changes: dict[str, Any]) -> None:
    """The form of the day, listing other bytes of its item than were published."""
    (form,) = forms_of_day(look(archive), date(2026, 11, 5))
    told = FilingDetails("xxy-a", "档案室", date(2026, 11, 5), scan=("a.pdf", b"%PDF-1.7"))
    for path, raw in filing(look(archive), form, told, ()).items():
        if path.endswith(".yml"):
            value = read_yaml(path, raw).value
            raw = dump(value | {"items": [value["items"][0] | changes]})
        archive.write(path, raw)


def _correction(archive: ArchiveRepo, _name: str, changes: dict[str, Any]) -> None:
    post, revision = str(changes.get("post", POST)), int(changes.get("revision", 2))
    path = archive.root / archive.correction(post, revision)
    path.rename(path.with_name(f"{post}.r2.yml"))


def _publication(archive: ArchiveRepo, _name: str, _changes: dict[str, Any]) -> None:
    """A sound record, signed again under the name of a post that is not there."""
    path = archive.publication(POST, "wb")
    raw = archive.read(path).replace(POST.encode(), NOWHERE.encode())
    archive.sign(path.replace(POST, NOWHERE), raw, "gly-a")
    for end in ("", ".sig"):
        (archive.root / f"{path}{end}").unlink()


def _signed(
    archive: ArchiveRepo, kind: str, path: str, who: str, about: str = "", **more: Any
) -> None:
    stated = {"archive": "yunlan-yjj", "person": who, "signed_at": at("2026-11-05 11:00")} | more
    subject = {about or f"{kind}s/1": "0" * 64}
    place = f"content/records/{program().signed_folders[kind]}/2026/{path}.json"
    archive.sign(place, write_statement(kind, subject, stated), who)


def _rotation(archive: ArchiveRepo, name: str, changes: dict[str, Any]) -> None:
    sound = {"role": "operator", "reason": "scheduled", "rotated_at": at("2026-11-05 10:00"),
             "custodian": "gly-a", "classes": 3, "long_enough": True}  # fmt: skip
    _signed(archive, "rotation", f"2026-11-05.{name}", "gly-a", **sound | changes)


def _declaration(archive: ArchiveRepo, name: str, changes: dict[str, Any]) -> None:
    words = trust(work_tree(archive.open())).registers.entries["wordings"]
    wording = next(w for w in words if w["name"] == "basis-review")
    sound = {"role": "section-head", "name": "basis-review", "version": wording["version"],
             "text_digest": digest_of(wording), "subject": "", "from": "2026-11-04",
             "until": "2026-11-05"}  # fmt: skip
    _signed(archive, "declaration", f"2026-11-05.{name}", "kz-a", **sound | changes)


def _waiver(archive: ArchiveRepo, _name: str, _changes: dict[str, Any]) -> None:
    words = {"role": "section-head", "post": NOWHERE, "clause": "R13-2", "text": "限时秒杀",
             "reason": "引用宣传稿中的原话。", "content": "0" * 64,
             "expires_on": "2026-12-01"}  # fmt: skip
    _signed(archive, "waiver", f"{NOWHERE}.{'0' * 12}", "kz-a", **words)


def _attestation(archive: ArchiveRepo, name: str, _changes: dict[str, Any]) -> None:
    about = f"inquiries/{name}/summary"
    _signed(archive, "attestation", f"inquiries.{name}.kz-a", "kz-a", about)


SPECIAL: dict[str, Callable[[ArchiveRepo, str, dict[str, Any]], None]] = {
    "filings": _filing,
    "corrections": _correction,
    "publications": _publication,
    "rotations": _rotation,
    "declarations": _declaration,
    "waivers": _waiver,
    "attestations": _attestation,
}
