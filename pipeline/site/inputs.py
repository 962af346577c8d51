"""What a build of the public archive is given, and what it answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pipeline.model.archive import Archive
from pipeline.model.findings import Message, Verdict
from pipeline.model.law import Rulebook


@dataclass(frozen=True)
class SiteInput:
    """Everything the site is made of; the same values give the same bytes."""

    archive: Archive
    """Mode.STANDING. `posts` are exactly those to show: reviewed, confirmed, and due by `as_of`;
    withdrawn ones are among them and become tombstones."""
    rulebook: Rulebook
    verdicts: Mapping[str, Verdict]
    """Post id → verdict."""
    duties: Verdict
    """The verdict on the archive's period duties (cadence and the like)."""
    media: Callable[[str], bytes]
    """Archive path → stored bytes: every file of `posts`, every file under content/reviews/ and
    content/regulation.md. Raises KeyError for a path that is not there."""
    gettext: Callable[[Message], str]
    revision: str
    """Head commit, hex."""
    theme: Mapping[str, bytes]
    """Path → bytes of mkdocs.yml and of every file under site/, as they stand in base."""


@dataclass(frozen=True)
class BuildReport:
    """What a finished build wrote."""

    posts: int
    files: int
    bytes: int
    digest: str
    """sha256 over ``sha256  path`` lines of every file, in path order."""
