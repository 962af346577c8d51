"""Article 9 paragraph 2: a reprint's title and text against the snapshot of its source."""

import unicodedata
from collections.abc import Iterator

from pipeline.detect.similarity import changed_numbers, likeness
from pipeline.model.archive import Archive
from pipeline.model.findings import Complaint, Effect, Location, say, say_names
from pipeline.model.posts import Post
from pipeline.model.regex import regex
from pipeline.rules.a09_reposts.refusals import refuse

UNREAD = regex(r"!\[[^\]]*\]\([^)]*\)|\]\([^)]*\)")
"""Images and link targets in Markdown; `likeness` ignores the other marks."""


def undistorted(post: Post, archive: Archive) -> Iterator[Complaint]:  # 9 para 2
    """Title and text against the source's own."""
    day, source = archive.day_of(post), post.meta["source"]
    ours, theirs = (_plain(title) for title in (post.title, source["title"]))
    alike = likeness(ours, theirs)
    if alike < archive.registers.parameter("reprint.title_min", day):
        message = say("The title is not the source's (likeness {alike}).", alike=round(alike, 2))
        yield refuse(post.at("title"), message, say("Keep the source's title."))
    elif ours != theirs:
        reason = "title_change_reason" in post.meta
        message = say("The title differs from that of the source.")
        remedy = say("Keep the source's title, or give a title_change_reason.")
        effect = Effect.NOTE if reason else Effect.REFUSE
        yield Complaint(effect, message, post.at("title"), remedy)
    snapshot = post.texts.get(f"{post.folder}/{source['snapshot']}")
    if snapshot is None:
        message = say("The snapshot of the source is not beside the post.")
        remedy = say("Save the source's text under the name given in source.snapshot.")
        yield refuse(post.at("source", "snapshot"), message, remedy)
    elif not (post.meta["origin"] == "forward" and post.meta.get("excerpt")):
        text, place = UNREAD.sub("", post.body), Location(post.path, post.body_line)
        alike = likeness(text, snapshot)
        if alike < archive.registers.parameter("reprint.body_min", day):
            message = say("The text is not the source's (likeness {alike}).", alike=round(alike, 2))
            remedy = say("Restore the text, or set origin to forward and excerpt to true.")
            yield refuse(place, message, remedy)
        elif numbers := changed_numbers(text, snapshot):
            message = say(
                "Numbers of the text do not stand in the source: {numbers}.",
                numbers=say_names([f"{number.normalize():f}" for number in numbers]),
            )
            remedy = say("Restore the source's numbers; fetch the source anew if it was corrected.")
            yield Complaint(Effect.NOTE, message, place, remedy)


def _plain(text: str) -> str:
    """Width and spacing evened out; punctuation stays, for it can turn a meaning."""
    return "".join(unicodedata.normalize("NFKC", text).split())
