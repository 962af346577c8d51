"""Filed forms and archives that hold them, for the tests of the annex."""

from collections.abc import Sequence
from typing import Any

from pipeline.model.archive import Archive
from pipeline.model.documents import Document
from pipeline.model.findings import Complaint
from pipeline.model.forms import form_number
from pipeline.model.posts import Post, manifest_digest
from pipeline.model.records import Fact
from pipeline.rules.aff_form import RULE
from tests.rules.builders import (
    archive,
    change,
    duties,
    entry,
    marks_of,
    objections,
    post,
    publication,
)
from tests.rules.governance import day, registers

DAY = "2026-11-03"
FOLDER = "content/records/filings/2026"


def filing(name: str = DAY, subject: Post | None = None, **changes: Any) -> Fact:
    """A filing of the day that nobody complains of; None leaves a key out."""
    listed = subject or post()
    base: dict[str, Any] = {
        "number": form_number(str(registers().policy.unit.get("organisation_code", "")), name),
        "day": day(DAY),
        "items": [
            {
                "post": listed.id,
                "revision": listed.revision,
                "manifest": manifest_digest(listed.folder, listed.manifest),
            }
        ],
        "form": "f" * 64,
        "signature": "electronic",
        "status": "filed",
        "filed_on": day("2026-11-04"),
        "location": "档案室",
        "retention": "10年",
        "person": "xxy-a",
    }
    value = {k: v for k, v in (base | changes).items() if v is not None}
    marks = {route: (n, 1) for n, route in enumerate(marks_of(value), 1)}
    return Fact("filings", name, value, Document(f"{FOLDER}/{name}.yml", value, marks))


def scans(**digests: str) -> tuple[Fact, ...]:
    paths = {f"{FOLDER}/{name.replace('_', '.')}": digest for name, digest in digests.items()}
    return tuple(Fact("scans", p, {"sha256": d}, Document(p)) for p, d in sorted(paths.items()))


def holding(*filed: Fact, stored: Sequence[Fact] = (), **changes: Any) -> Archive:
    """An archive with one published post and what was filed."""
    subject = changes.pop("subject", None) or post()
    facts = {"filings": tuple(sorted(filed, key=lambda f: f.id)), "scans": tuple(stored)}
    out = changes.pop("publications", (publication(f"{DAY} 09:30"),))
    return archive(subject, facts=facts, publications=out, **changes)


def both(number: int, filed: Fact, look: Archive) -> list[Complaint]:
    """What the duty says, which is what the gate says of a change that brings the filing."""
    proposal = change(entry(filed.document.path, "records", "A"))
    gate, standing = objections(RULE, number, proposal, look), duties(RULE, number, look)
    assert gate == standing
    assert objections(RULE, number, change(entry("content/x", "records", "A")), look) == []
    return gate
