"""What a build of the public archive is given, and what it answers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from pipeline.evidence.log.merkle import Inclusion
from pipeline.model import cards, law, reports
from pipeline.model.archive import Archive
from pipeline.model.findings import Message
from pipeline.model.ids import Digest, PostId
from pipeline.model.posts import Post
from pipeline.model.program import Program

# Where a build keeps what the next one need not make again, though its output folder is empty.


class Shelf(NamedTuple):
    """Files by name in a sealed store (`memo.store`), which refuses what others wrote.

    A name says all that its content depends on, as ``KIND-DIGEST``.
    """

    find: Callable[[str], bytes | None]
    keep: Callable[[str, bytes], None]


@dataclass(frozen=True)
class SiteLog:
    """The publication log as the site needs it; what makes and checks it lies elsewhere."""

    origin: str
    prove: Callable[[str], Inclusion | None]
    """Digest of a record → proof in the earliest tree that holds it."""
    blocks: Sequence[bytes]
    """The hash of each full block of entries, which never changes."""
    block: Callable[[int], Iterable[tuple[str, bytes]]]
    """Number of a full block → its tile and entry bundle, paths from the site's root."""
    close: Callable[[str], Iterable[tuple[str, bytes]]]
    """sha256 of the list of files → the log's other files, with this build as its last entry
    unless the last one is the same: other tiles and bundles, list of builds, checkpoint."""
    objection: Callable[[bytes], Message | None]
    """Why a published checkpoint may not be followed by this log, if so."""
    verifier: str = ""
    """``name+id+base64`` of the log's public key; empty when checkpoints are not signed."""


@dataclass(frozen=True)
class SiteInput:
    """Everything the site is made of; the same values give the same bytes."""

    archive: Archive
    """What stands. `posts` are exactly those to show: reviewed, confirmed, and due by `as_of`;
    withdrawn ones are among them and become tombstones."""
    rulebook: law.Rulebook
    volumes: tuple[cards.Volume, ...]
    """The posts of the archive by the year of their ids, the oldest year first."""
    duties: reports.Verdict
    """The verdict on the archive's period duties (cadence and the like)."""
    media: Callable[[str], bytes]
    """Archive path → stored bytes: every file of `posts`, every file under content/reviews/,
    content/records/publications/ and content/records/corrections/, and content/regulation.md.
    Raises KeyError for a path that is not there."""
    gettext: Callable[[Message], str]
    revision: str
    """Head commit, hex."""
    theme: Mapping[str, bytes]
    """Path → bytes of mkdocs.yml and of every file under site/, as they stand in base."""
    log: SiteLog | None = None
    """The publication log, or None for an archive that keeps none yet."""
    uncounted: Callable[[PostId], Sequence[tuple[str, str]]] = lambda post: ()
    """Post → (path, what names its bytes) of its publication records that do not count, being
    superseded or void."""
    earlier: Callable[["SiteInput", PostId], tuple["SiteInput", ...]] = lambda site, post: ()
    """Post → inputs that show one earlier version alone, oldest first: each version that was
    public from `first_shown` on and holds no private data which the present one does not."""
    expect: Callable[[Iterable[str]], None] = lambda paths: None
    """Told which paths the whole build will ask for, so that they can be found in one go."""
    prepare: Callable[[Iterable[str]], None] = lambda paths: None
    """Told which paths `media` will be asked for, so that they can be read in one go."""
    ask: Callable[[Iterable[PostId]], None] = lambda posts: None
    """Told which posts will be shown in lists, so that they can be read in one go."""
    done: Callable[[PostId], None] = lambda post: None
    """Told which post's page is made: hardly anything of it is asked for again."""
    once: Callable[[str, PostId, Callable[[], Any]], Any] = lambda kind, post, make: make()
    """What an earlier build made of the present version of a post, or what is made now: a kind of
    `cards.KINDS`, the post, and what makes it."""
    shelf: Shelf | None = None
    """Where the shell and compiled templates are kept; it never changes what is made."""

    program: Program | None = None
    """The program that makes the site; None: a page that is no site."""
    root: str = ""
    """sha256 of the first roster; empty where it is not known."""

    def shown(self, post: PostId) -> cards.Shown:
        """What its volume tells of a post. Raises KeyError for one that is not shown."""
        return next(v.posts[post] for v in self.volumes if v.year == post[:4])

    def first_shown(self, post: Post) -> int:
        """The first revision that is public: none that was withdrawn, or that a later record
        withholds, nor any before it."""
        records = self.archive.corrections_of(post.id)
        ends = (c.revision + (c.kind == "withdrawal") for c in records if c.ends_earlier)
        return max((1, *ends))


@dataclass(frozen=True)
class BuildReport:
    """What a finished build wrote."""

    posts: int
    files: int
    bytes: int
    digest: Digest
    """sha256 over ``sha256  path`` lines of every file, in path order."""
    made: int
    """Groups of files that had to be made; all others stand as the last build left them."""
    reason: Message | None = None
    """Why everything was made anew, when there was a site to build upon."""
