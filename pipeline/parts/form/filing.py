"""That a signed form was filed: the record, with the scan of one that was signed in ink."""

from collections.abc import Collection
from datetime import date
from pathlib import Path

from pipeline.errors import Fault
from pipeline.model.archive import Archive
from pipeline.model.findings import say
from pipeline.model.forms import FOLDER, RETENTIONS, Form, form_number
from pipeline.model.frozen import dataclass
from pipeline.model.ids import PersonId, sha256_of
from pipeline.new.yaml_writer import dump

ENDINGS = (".pdf", ".jpg", ".png")


@dataclass(frozen=True)
class FilingDetails:
    """What the archivist says; what the form itself says is not asked again."""

    person: PersonId
    location: str
    filed_on: date
    retention: str = ""
    """Empty: as long as policy says."""
    filled_on: date | None = None
    """The day written on the paper, where it was signed in ink."""
    scan: tuple[str, bytes] | None = None
    """(file name, bytes) of the signed paper; None: signed by keys."""
    scanned_on: date | None = None
    replaces: str = ""
    reason: str = ""


def filing(
    archive: Archive, form: Form, details: FilingDetails, taken: Collection[str]
) -> dict[str, bytes]:
    """Path → bytes of the record and its scan; `taken` are the paths that are there already.

    Faults: signatures missing without a scan, filed already, unknown person, wrong scan.
    """
    if details.person not in archive.registers.people:
        raise Fault(
            say("There is no person {person}.", person=details.person),
            say("Give an id of content/registers/people.yml."),
        )
    if form.unsigned and details.scan is None:
        raise Fault(
            say("{name}: {count} signatures are missing.", name=form.name, count=form.unsigned),
            say("File it when all have signed, or give the scan of the paper with --scan."),
        )
    name = _free(form, details, taken)
    folder = f"{FOLDER}{form.name[:4]}/"
    scanned = _scan(name, details)
    value = {
        "number": form_number(archive.registers.policy.code_of(name), name),
        **_subject(form),
        "items": [
            {"post": r.post, "revision": r.revision, "manifest": r.manifest_digest}
            for r in form.rows
        ],
        "form": form.digest,
        "signature": "wet" if scanned else "electronic",
        **({"filled_on": details.filled_on.isoformat()} if details.filled_on else {}),
        "status": "filed",
        "filed_on": details.filed_on.isoformat(),
        "location": details.location,
        "retention": details.retention or _retention(form),
        "person": details.person,
        **(scanned[0] if scanned else {}),
        **({"replaces": details.replaces, "reason": details.reason} if details.replaces else {}),
    }
    files = {f"{folder}{name}.yml": dump(value)}
    return files | ({f"{folder}{scanned[1]}": scanned[2]} if scanned else {})


def _subject(form: Form) -> dict[str, str]:
    return {"day": form.name} if form.name == form.day.isoformat() else {"post": form.name}


def _retention(form: Form) -> str:
    return form.retention if form.retention in RETENTIONS else RETENTIONS[0]


def _free(form: Form, details: FilingDetails, taken: Collection[str]) -> str:
    """The form's own name, or of a replacement the first that is free behind it."""
    names = [form.name, *(f"{form.name}-{n}" for n in range(2, 99))]
    free = [n for n in names if f"{FOLDER}{form.name[:4]}/{n}.yml" not in taken]
    if details.replaces:
        if f"{FOLDER}{form.name[:4]}/{details.replaces}.yml" not in taken:
            raise Fault(
                say("There is no filing {name} to replace.", name=details.replaces),
                say("Give the name of its record under {folder}.", folder=FOLDER),
            )
        return free[0]
    if free[0] != form.name:
        raise Fault(
            say("{name} is filed already; a filed form is never changed.", name=form.name),
            say("File it anew with --replaces {name} and --reason.", name=form.name),
        )
    return form.name


def _scan(name: str, details: FilingDetails) -> tuple[dict[str, object], str, bytes] | None:
    if details.scan is None:
        return None
    given, data = details.scan
    ending = Path(given).suffix.lower().replace(".jpeg", ".jpg")
    if ending not in ENDINGS or not data:
        raise Fault(
            say("{path} is no scan that can be filed.", path=given),
            say("Scan the paper as PDF, JPEG or PNG."),
        )
    digest = sha256_of(data)
    day = (details.scanned_on or details.filed_on).isoformat()
    file = f"{name}{ending}"
    return {"scan": {"file": file, "sha256": digest, "scanned_on": day}}, file, data
