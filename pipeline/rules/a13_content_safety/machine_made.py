"""13(1): what a machine wrote is said to be so, in every channel (人工智能生成合成内容标识办法)."""

from collections.abc import Iterator

from pipeline.model.archive import Archive
from pipeline.model.findings import Complaint, Effect, Location, say
from pipeline.model.posts import Post


def labelled(post: Post, archive: Archive) -> Iterator[Complaint]:  # 13(1)
    """Each rendition shows a label when `ai` is assisted or generated, and none otherwise."""
    wanted = post.meta["ai"] != "none" and not post.withdrawn
    place: Location = post.at("ai")
    for channel in archive.channels_of(post.id):
        rendition = archive.renditions[post.id, channel]
        shown = bool(rendition.ai_label) and rendition.ai_label in rendition.text
        if wanted and not shown:
            message = say("The {channel} version does not say that a machine made it.",
                          channel=channel)  # fmt: skip
            remedy = say("Render it anew: `sanshen render {post} --for wechat`.", post=post.id)
            yield Complaint(Effect.REFUSE, message, place, remedy)
        elif rendition.ai_label and not wanted:
            message = say("The {channel} version says that a machine made it.", channel=channel)
            remedy = say("Correct ai: it says none.")
            yield Complaint(Effect.REFUSE, message, place, remedy)


def labels_heeded(post: Post, _archive: Archive) -> Iterator[Complaint]:  # 13(1)
    """No file that carries the label of what a machine made lies beside `ai: none`."""
    if post.meta["ai"] != "none" or post.withdrawn:
        return
    for fact in post.media:
        if fact.made_by_machine:
            name = fact.path.removeprefix(f"{post.folder}/")
            message = say(
                "{file} carries the label of what a machine made, but ai says none.", file=name
            )
            remedy = say(
                "Write `ai: generated` or `ai: assisted`. A label must not be removed; if this one"
                " is wrong, ask whoever made the file for one without it."
            )
            yield Complaint(Effect.REFUSE, message, post.at("ai"), remedy)
