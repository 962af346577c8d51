"""Records that lie where nobody would look for them, or belong to no post."""

from collections.abc import Iterable, Iterator, Set

from pipeline.model.findings import Effect, Finding, say
from pipeline.model.records import Correction, Fact, Signed


def lost(corrections: Iterable[Correction], posts: Set[str]) -> Iterator[Finding]:
    """Corrections of posts that are not there: no page would ever show them."""
    for each in corrections:
        if each.post not in posts:
            message = say("This correction belongs to no post.")
            remedy = say("Name the post that was changed, and the file after it.")
            place = each.document.locate("post")
            yield Finding("F-5", Effect.REFUSE, message, place, remedy)


def strays(waivers: Iterable[Signed], posts: Set[str]) -> Iterator[Finding]:
    """Waivers of no post, or whose name hides which post they are for."""
    for waiver in waivers:
        if waiver["post"] not in posts:
            message = say("This waiver belongs to no post.")
        elif not waiver.id.startswith(f"{waiver['post']}."):
            message = say("The name of this waiver does not begin with its post.")
        else:
            continue
        remedy = say("Sign it again with `sanshen waive`.")
        yield Finding(waiver["clause"], Effect.REFUSE, message, waiver.at(), remedy)


def too_early(relays: Iterable[Fact], clause: str) -> Iterator[Finding]:
    """Relays where a later change of the post that they name would not look for them."""
    for relay in relays:
        post = str(relay.get("post", ""))
        if post and relay.path.split("/")[3] < f"{before(post):04}":
            message = say("The relay lies in the folder of a year long before that of its post.")
            remedy = say(
                "Record it under another name in this year's folder, and name the post there."
            )
            yield Finding(clause, Effect.REFUSE, message, relay.at("post"), remedy)


def before(post: str) -> int:
    """The year before a post's: in December somebody records what is relayed in January."""
    return int(post[:4]) - 1
