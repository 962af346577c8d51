"""Filing a signed form: what the record says, what it refuses, and that the rule takes it."""

import json
from collections.abc import Collection
from datetime import date
from pathlib import Path

import pytest

from pipeline.errors import Fault
from pipeline.judge.judgements import standing
from pipeline.model.conformance import Conformance
from pipeline.model.documents import Document
from pipeline.model.forms import Form
from pipeline.parts.form.rendering import forms_of_day, item_form
from pipeline.parts.form.verbs import FilingDetails, filing
from pipeline.source.content.text import read_yaml
from pipeline.source.git.repository import Repository
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import AS_OF
from tests.builders.named import fault_named

FOLDER = "content/records/filings/2026/"
SCHEMA = Path(__file__).parents[2] / "schemas/records/filings.json"
DETAILS = FilingDetails("xxy-a", "档案室", date(2026, 11, 5))


def look(repo: ArchiveRepo):
    repository = Repository.open(repo.root)
    return standing(repository, repository.commit("HEAD"), lambda _: AS_OF)[0]


def form_of(archive) -> Form:
    (made,) = forms_of_day(archive, date(2026, 11, 5))
    return made


def record(files: dict[str, bytes], name: str = "2026-11-05"):
    """The record, held to its schema."""
    document = read_yaml(f"{FOLDER}{name}.yml", files[f"{FOLDER}{name}.yml"], "F-9")
    schema = Conformance(json.loads(SCHEMA.read_text("utf-8")), "F-9")
    assert not document.problems
    assert [str(f.message) for f, _ in schema.findings(document)] == []
    return document.value


def test_a_form_signed_by_keys_is_filed_as_it_stands(approved: ArchiveRepo) -> None:
    archive = look(approved)
    form = form_of(archive)
    files = filing(archive, form, DETAILS, ())
    assert list(files) == [f"{FOLDER}2026-11-05.yml"]
    value = record(files)
    assert (value["number"], value["form"]) == (form.number, form.digest)
    assert value["signature"] == "electronic" and value["retention"] == "10年"
    row = form.rows[0]
    assert value["items"] == [{"post": POST, "revision": 1, "manifest": row.manifest_digest}]


def test_of_one_post_the_record_names_the_post(approved: ArchiveRepo) -> None:
    archive = look(approved)
    form = item_form(archive, archive.posts[POST])
    value = record(filing(archive, form, DETAILS, ()), POST)
    assert value["post"] == POST and "day" not in value and value["number"] == form.number


def test_paper_is_filed_with_its_scan(archive: ArchiveRepo) -> None:
    archive.draft()
    archive.commit()
    there = look(archive)
    with pytest.raises(Fault, match="3 signatures are missing"):
        filing(there, form_of(there), DETAILS, ())
    details = FilingDetails(
        "xxy-a", "档案室", date(2026, 11, 5), "永久", date(2026, 11, 4), ("a.JPEG", b"\xff\xd8")
    )
    files = filing(there, form_of(there), details, ())
    assert files[f"{FOLDER}2026-11-05.jpg"] == b"\xff\xd8"
    value = record(files)
    assert value["signature"] == "wet" and value["scan"]["file"] == "2026-11-05.jpg"
    assert (value["retention"], value["filled_on"]) == ("永久", "2026-11-04")


def details(**changes: object) -> FilingDetails:
    return FilingDetails(**{**vars(DETAILS), **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "taken", "words"),
    [
        (details(person="nobody"), (), "person-unknown nobody"),
        (DETAILS, (f"{FOLDER}2026-11-05.yml",), "is filed already"),
        (details(replaces="2026-11-04", reason="x"), (), "filing-unknown 2026-11-04"),
        (details(scan=("a.docx", b"1")), (), "is no scan"),
        (details(scan=("a.pdf", b"")), (), "is no scan"),
    ],
    ids=["person", "twice", "replaces", "type", "empty"],
)
def test_what_cannot_be_filed(
    approved: ArchiveRepo, asked: FilingDetails, taken: Collection[str], words: str
) -> None:
    archive = look(approved)
    with pytest.raises(Fault) as caught:
        filing(archive, form_of(archive), asked, taken)
    assert words in fault_named(caught.value)
    assert caught.value.remedy


def test_a_wrong_filing_is_replaced_under_the_next_name(approved: ArchiveRepo) -> None:
    archive = look(approved)
    taken = {f"{FOLDER}2026-11-05.yml", f"{FOLDER}2026-11-05-2.yml"}
    asked = details(replaces="2026-11-05", reason="位置写错")
    value = record(filing(archive, form_of(archive), asked, taken), "2026-11-05-3")
    assert value["replaces"] == "2026-11-05" and value["number"].endswith("/SP2026-1105-3")


@pytest.mark.parametrize("key", ["day", "form", "items", "location", "person", "reason"])
def test_the_schema_misses_what_is_missing(approved: ArchiveRepo, key: str) -> None:
    archive = look(approved)
    asked = details(replaces="2026-11-05", reason="位置写错")
    value = record(
        filing(archive, form_of(archive), asked, {f"{FOLDER}2026-11-05.yml"}), "2026-11-05-2"
    )
    schema = Conformance(json.loads(SCHEMA.read_text("utf-8")), "F-9")
    short = {k: v for k, v in value.items() if k != key}
    assert [f for f, _ in schema.findings(Document("x", short))]
