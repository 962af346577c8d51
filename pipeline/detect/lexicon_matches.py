"""Words of the lexicons in a post: where they stand, and what is said of them to its writer."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from pipeline.detect.words import Hit, Lexicon, lexicon
from pipeline.model.findings import Complaint, Effect, say
from pipeline.model.memoize import Once
from pipeline.model.passages import Passage, passages
from pipeline.model.posts import Post
from pipeline.model.records import Fact

PLAIN_WRONG = frozenset({"misspelling", "appellation", "wording"})
"""Categories whose words are wrong however a text speaks of them, but for a quotation."""


@dataclass(frozen=True)
class Sighting:
    """A hit in one passage of a post."""

    passage: Passage
    hit: Hit

    @property
    def effect(self) -> Effect:
        """REFUSE or NOTE, as the entry says."""
        return Effect.REFUSE if self.hit.entry["effect"] == "refuse" else Effect.NOTE

    def complaint(self, effect: Effect | None = None) -> Complaint:
        """What is said of it; a signed waiver for these very words may excuse it."""
        entry = self.hit.entry
        message = say(
            "“{words}” stands here: {reason}.", words=self.hit.words, reason=entry["reason"]
        )
        place, weight = self.passage.at(self.hit.start), effect or self.effect
        if weight is Effect.REFUSE:
            remedy = say(
                "What to write instead: {suggestion}. If it must stand: `sanshen waive`, signed by"
                " a section head or a leader.",
                suggestion=entry["suggestion"],
            )
        else:
            remedy = say("What to write instead: {suggestion}.", suggestion=entry["suggestion"])
        return Complaint(weight, message, place, remedy, waivable=self.hit.words)


def sightings(
    post: Post, entries: Iterable[Fact], categories: Collection[str]
) -> Iterator[Sighting]:
    """What a post says of some categories, in its own voice.

    Words that it only quotes, or names as forbidden, are left out.
    """
    for sighting in _sightings(lexicon(entries))(post):
        hit, category = sighting.hit, sighting.hit.entry["category"]
        plain = category in PLAIN_WRONG and hit.context != "quoted"
        if category in categories and (plain or not hit.context):
            yield sighting


def _with(found: Lexicon) -> Once[Post, tuple[Sighting, ...]]:
    def every(post: Post) -> tuple[Sighting, ...]:
        return tuple(
            Sighting(passage, hit) for passage in passages(post) for hit in found.find(passage.text)
        )

    return Once(every)


_sightings: Once[Lexicon, Once[Post, tuple[Sighting, ...]]] = Once(_with)
"""Every hit in a post, whatever is said of it: each category's clause asks for its own."""
