"""Article 13: words that the lexicons forbid, and words of nobody but the writer."""

from collections.abc import Iterator

from pipeline.detect.words import sightings
from pipeline.model.archive import Archive
from pipeline.model.findings import Complaint, Effect
from pipeline.model.posts import Post

FORBIDDEN = frozenset({"advertising", "gambling", "violence", "pornography", "cult", "political"})
PERSONAL = frozenset({"personal", "emotion"})


def forbidden_words(post: Post, archive: Archive) -> Iterator[Complaint]:  # 13(1)
    """What the paragraph forbids, as the bureau's lexicons name it; a waiver may excuse it."""
    entries = archive.registers.entries.get("lexicons", ())
    return (s.complaint() for s in sightings(post, entries, FORBIDDEN))


def personal_views(post: Post, archive: Archive) -> Iterator[Complaint]:  # 13(2)
    """Opinions and moods of a person; in an answer to a citizen they are refused."""
    effect = Effect.REFUSE if post.kind == "reply" else Effect.NOTE
    entries = archive.registers.entries.get("lexicons", ())
    return (s.complaint(effect) for s in sightings(post, entries, PERSONAL))
