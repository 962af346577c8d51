"""What lists, feeds and keys need of a post, as plain values: a site reads no more of most.

A card holds nothing but texts, numbers, lists and tables of them, so that it can be written down
as JSON and be the same again. A volume holds the posts that may be shown of one year, with one
mark over all of them, so that a site is updated by the years that changed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from pipeline.model.calendar import SHANGHAI
from pipeline.model.evidence import Approvals, Step
from pipeline.model.ids import AccountId, PostId, sha256_of
from pipeline.model.posts import Post

RARE = ("emergency", "pii_exemption")
"""Front-matter keys of few posts, by which duties look for them (R11-6, R13-11)."""
READ, DRAWN, LITTLE, CODE = KINDS = "read", "drawn", "little", "code"
"""What a store holds of a post under its card: what was read of it, its pictures in all sizes and
in little, the QR codes of its addresses."""
_PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif")


class Card(NamedTuple):
    """One post, in the words of its front matter."""

    id: PostId
    title: str
    summary: str
    kind: str
    revision: int
    moment: str
    """When it is to be published, ISO 8601 in Asia/Shanghai; without it, the day of its id; empty
    when that is no day."""
    created_on: str
    category: int
    accounts: tuple[AccountId, ...]
    tags: tuple[str, ...]
    author: str
    department: str
    """Where it was written (`origin_dept`)."""
    topic: str
    validity: str
    expires_on: str
    """The last day on which it holds, ISO 8601; empty when it names none."""
    doc_no: str
    alert: Mapping[str, Any] | None
    """As in the front matter, times as ISO 8601."""
    files: tuple[tuple[str, str], ...]
    """(path, sha256) of every file, by path."""
    reviews: tuple[str, ...]
    """Paths of the steps that count."""
    evidence: str
    """`steps_digest` of the steps that count: pins every byte of them."""
    confirmed: str
    """`Review.digest` of the last step that counts; empty when none does."""
    rare: tuple[str, ...]
    """Those of `RARE` that it states."""
    attachments: tuple[tuple[str, int], ...]
    """(name, bytes) of the files that its readers are given."""
    witnessed: tuple[str, ...] = ()
    """Steps that count by a review on a forge."""
    picture: str = ""
    """Name of the picture that lists show of it; empty when it has none."""
    confirmed_at: str = ""
    """When the last step that counts was signed, ISO 8601; empty when none does."""
    seal: str = ""
    """sha256 (hex) over all the rest."""

    @property
    def withdrawn(self) -> bool:
        return self.validity == "withdrawn"

    @property
    def drill(self) -> bool:
        """As `Post.drill`."""
        return bool(self.alert and self.alert.get("exercise"))

    @property
    def year(self) -> str:
        return self.id[:4]


def card_of(post: Post, approvals: Approvals | None = None) -> Card:
    """The card of a post as it stands, with the steps that count."""
    meta = post.meta
    alert = meta.get("alert")
    steps = [*filter(None, map(approvals.approved, Step))] if approvals else []
    rows = [(r.path, r.digest) for r in steps]
    card = Card(
        post.id,
        post.title,
        str(meta.get("summary", "")),
        post.kind,
        post.revision,
        _moment(post),
        post.created_on.isoformat() if post.created_on else "",
        int(meta.get("category", 0)),
        post.accounts,
        tuple(map(str, meta.get("tags", ()))),
        str(meta.get("author", "")),
        str(meta.get("origin_dept", "")),
        str(meta.get("topic", "")),
        str(meta.get("validity", "valid")),
        str(meta.get("expires_on") or ""),
        str(meta.get("doc_no") or ""),
        {k: _as_json(v) for k, v in alert.items()} if alert else None,
        tuple(sorted(post.manifest.items())),
        tuple(path for path, *_ in rows),
        steps_digest(rows),
        rows[-1][1] if rows else "",
        tuple(key for key in RARE if key in meta),
        tuple((name, post.sizes.get(f"{post.folder}/{name}", 0)) for name in post.attachments),
        tuple(r.step.value for r in steps if r.witness),
        _picture(post),
        steps[-1].signed_at.isoformat() if steps else "",
    )
    return card._replace(seal=sha256_of(repr(card).encode("utf-8", "surrogatepass")))


def steps_digest(steps: Iterable[tuple[str, str]]) -> str:
    """sha256 (hex) over (path, `Review.digest`) of steps, in order."""
    return sha256_of(repr(list(steps)).encode())


def _picture(post: Post) -> str:
    """The first picture of the front matter that shows and that no machine made: a list has no
    room for the words that must stand under one."""
    unfit = {fact.path for fact in post.media if fact.made_by_machine or fact.broken}
    names = (str(row["file"]) for row in post.meta.get("media", ()))
    paths = {path.removeprefix(f"{post.folder}/") for path in post.manifest if path not in unfit}
    return next((n for n in names if n in paths and n.lower().endswith(_PICTURES)), "")


def _moment(post: Post) -> str:
    try:
        moment = post.publish_at or datetime.fromisoformat(post.id[:10]).replace(tzinfo=SHANGHAI)
    except ValueError:
        return ""
    return moment.astimezone(SHANGHAI).isoformat()


def _as_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


class Counts(NamedTuple):
    """Clauses by what became of them; never summed into one number (design.md .6)."""

    checked: int
    violated: int
    declared: int
    entered: int
    not_applicable: int
    unchecked: int


class Shown(NamedTuple):
    """One post that may be shown, as lists and keys know it."""

    card: Card
    counts: Counts
    position: tuple[int, int] | None = None
    """Of its confirmation in the log: index, and size of the earliest tree that holds it."""


@dataclass(frozen=True, eq=False)
class Volume:
    """The posts of one year (that of their ids) that may be shown."""

    year: str
    mark: str
    """Changes with any card, counts, log position or publication, and with the records of
    publications that do not count."""
    posts: Mapping[PostId, Shown]
    """By id, each read lazily."""


def mark_of(
    posts: Iterable[tuple[object, ...]],
    carried: Iterable[object],
    uncounted: Mapping[str, str] | None = None,
) -> str:
    """The mark (sha256, hex) of a volume.

    `posts`: by id, each with seal, counts and log position; `carried`: publications by path;
    `uncounted`: path → object id, of records that do not count.
    """
    values = repr((list(posts), list(carried), sorted((uncounted or {}).items())))
    return sha256_of(values.encode("utf-8", "surrogatepass"))
