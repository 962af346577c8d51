"""The approval form 《信息发布审批表》 of the regulation's annex, and how it was filed.

The form is values ready to be laid out. What a person reads is in Chinese already, because the
form is an instrument of the regulation; `render` fills it, `report` prints it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pipeline.model.archive import Archive
from pipeline.model.calendar import local_date
from pipeline.model.evidence import Step
from pipeline.model.ids import Digest, PostId
from pipeline.model.records import Fact, filed_under

PREFIX = 16
"""Hexadecimal digits of a digest that are printed: 64 bits, enough to tell two texts apart."""


@dataclass(frozen=True)
class Box:
    """One platform with its box."""

    word: str
    ticked: bool

    def __str__(self) -> str:
        return f"{'☑' if self.ticked else '□'}{self.word}"


@dataclass(frozen=True)
class FormRow:
    """One post on the form."""

    number: int
    """From 1, in the order of publication; opinions refer to it."""
    post: PostId
    revision: int
    title: str
    boxes: tuple[Box, ...]
    time: str
    """``发布 09:41`` as recorded, else ``计划 09:30``, on the form's day."""
    origin: str
    """发布类型/来源: ``原创（灾害救助科）``, ``转载（来源：…）`` or ``转发（来源：…）``."""
    remarks: tuple[str, ...]
    manifest_digest: Digest
    """sha256 (hex) of the post's list of files, see `manifest_digest`."""


@dataclass(frozen=True)
class FormRemark:
    """An opinion with the items it is about."""

    items: tuple[int, ...]
    text: str


@dataclass(frozen=True)
class Signature:
    """All that one signer signed in one step with one key, in one capacity."""

    items: tuple[int, ...]
    decision: str
    """``同意`` or ``不同意，退回``."""
    signer: str
    """Name and role, or the role alone, as policy wants it shown in public: part of the digest."""
    times: str
    """``2026-11-24 09:10``, or the first and the last of several."""
    fingerprint: str
    evidence: str
    """``电子签名`` or ``平台见证``."""
    opinions: tuple[FormRemark, ...]
    name: str = ""
    """Of the signer, for the bureau's own paper; no part of the digest, which names the key."""


@dataclass(frozen=True)
class Opinion:
    """One of the three boxes: 初审, 复审, 终审人员意见（签字）."""

    step: Step
    label: str
    signatures: tuple[Signature, ...]
    unsigned: tuple[int, ...]
    """Items without an electronic signature: their place is left empty for ink."""
    annexed: bool
    """The opinions are too long for the box and stand in full behind the form."""


@dataclass(frozen=True)
class Form:
    """A filled-in form of one day, or of one item."""

    name: str
    """File name without ending: the day, or the post's id."""
    number: str
    """档案号, made from the unit's code and the day (and the item): it never changes."""
    title: str
    day: date
    boxes: tuple[Box, ...]
    rows: tuple[FormRow, ...]
    opinions: tuple[Opinion, ...]
    filled: str
    """Day or days of the first review, when the form was filled in; empty: not yet."""
    retention: str
    archive: str
    url: str
    """Where the evidence is, with the prefix of `manifest_digest` as fragment."""
    manifest_digest: Digest
    """The item's, or of several sha256 over the lines ``digest  post-id``."""
    digest: Digest
    """sha256 (hex) over everything that the form says but `as_of` and the names of signers."""
    as_of: datetime

    @property
    def unsigned(self) -> int:
        """How many signatures are still to be made."""
        return sum(len(o.unsigned) for o in self.opinions)


def grouped_digits(digest: Digest) -> str:
    """The printed prefix of a digest in groups of four, to be compared by eye."""
    return " ".join(digest[at : at + 4] for at in range(0, PREFIX, 4))


def form_number(organisation_code: str, name: str) -> str:
    """档案号 of the form named for a day, or a post: ``<code>/SP2026-1105``, its slug behind."""
    year, month, day, *rest = name.split("-", 3)
    return "-".join((f"{organisation_code.replace('-', '')}/SP{year}", f"{month}{day}", *rest))


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


def filings_of(archive: Archive, post: PostId) -> Sequence[Fact]:
    """Those that list a post."""
    near = [f for day in form_days(archive, post) for f in filings_on(archive, day)]
    return [f for f in near if any(i["post"] == post for i in f["items"])]


def form_days(archive: Archive, post: PostId) -> Sequence[str]:
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
