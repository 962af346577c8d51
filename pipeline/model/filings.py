"""Approval forms that were laid into the archive, signed in ink or electronically (附件)."""

from collections.abc import Sequence

from pipeline.model.archive import Archive
from pipeline.model.calendar import local_date
from pipeline.model.filed_records import filed_under
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
    return _in_force(filed_under(archive.facts.get(KIND, ()), day))


def filings_of(archive: Archive, post: str) -> Sequence[Fact]:
    """Those that list a post."""
    near = [f for day in form_days(archive, post) for f in filings_on(archive, day)]
    return [f for f in near if any(i["post"] == post for i in f["items"])]


def form_days(archive: Archive, post: str) -> Sequence[str]:
    """The days (ISO 8601) whose form may list a post: the planned one, which its id begins with,
    and that of its first publication."""
    moments = [p.published_at for p in archive.publications_of(post)]
    first = [local_date(min(moments)).isoformat()] if moments else []
    return tuple(dict.fromkeys((post[:10], *first)))


def _in_force(filed: Sequence[Fact]) -> list[Fact]:
    gone = {f["replaces"] for f in filed if "replaces" in f.value}
    return [f for f in filed if f.id not in gone]


def subject_of(filing: Fact) -> str:
    """The day (ISO 8601) or the post that the form is of."""
    return str(filing.get("post") or filing["day"].isoformat())
