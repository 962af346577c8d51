"""Approval forms that were laid into the archive, signed in ink or electronically (附件)."""

from collections.abc import Sequence

from pipeline.model.archive import Archive
from pipeline.model.named import named
from pipeline.model.records import Fact

KIND, SCANS = "filings", "scans"
"""Record kinds: what was filed, and the stored scans with their digests (``sha256``)."""
FOLDER = "content/records/filings/"
RETENTIONS = ("10年", "30年", "永久")
"""保管期限, the shorter first (机关文件材料归档范围和文书档案保管期限规定)."""


def filings(archive: Archive) -> Sequence[Fact]:
    """Every filing that no later one replaces, by path."""
    return _in_force(archive.facts.get(KIND, ()))


def filings_on(archive: Archive, day: str) -> Sequence[Fact]:
    """Those of the forms of a day (ISO 8601): their names begin with it."""
    return _in_force(named(archive.facts.get(KIND, ()), day))


def filings_of(archive: Archive, post: str) -> Sequence[Fact]:
    """Those that list a post."""
    near = filings_on(archive, post[:10])
    return [f for f in near if any(i["post"] == post for i in f["items"])]


def _in_force(found: Sequence[Fact]) -> list[Fact]:
    gone = {f["replaces"] for f in found if "replaces" in f.value}
    return [f for f in found if f.id not in gone]


def subject_of(filing: Fact) -> str:
    """The day (ISO 8601) or the post that the form is of."""
    return str(filing.get("post") or filing["day"].isoformat())
