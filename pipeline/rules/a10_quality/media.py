"""Article 10: pictures and what else a text is illustrated with."""

from collections.abc import Iterator

from pipeline.detect.formats import MOST_PIXELS, SHOWN, ending
from pipeline.model.archive import Archive
from pipeline.model.findings import Complaint, Effect, Location, say
from pipeline.model.posts import Post
from pipeline.model.regex import regex

_EMOJI = regex("[\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff\u2600-\u27bf]")


def described_pictures(post: Post, archive: Archive) -> Iterator[Complaint]:  # 10
    """Pictures that are there, and their alternative texts, judged on the rendition."""
    for image in archive.renditions[(post.id, "archive")].images:
        if f"{post.folder}/{image.file}" not in post.manifest:
            message = say("Picture {file} is not in the post's folder.", file=image.file)
            remedy = say("Put the picture beside post.md; pictures from elsewhere are not shown.")
            yield Complaint(Effect.REFUSE, message, Location(post.path, image.line), remedy)
        elif ending(image.file) not in SHOWN:
            message = say("Picture {file} is of a kind that no page shows.", file=image.file)
            remedy = say("Save it as PNG, JPEG, WebP or GIF.")
            yield Complaint(Effect.REFUSE, message, Location(post.path, image.line), remedy)
        if image.alt.strip() in ("", image.file, image.file.rpartition(".")[0]):
            message = say("Picture {file} has no alternative text.", file=image.file)
            remedy = say("Describe the picture between the square brackets.")
            yield Complaint(Effect.REFUSE, message, Location(post.path, image.line), remedy)


def sound_files(post: Post, archive: Archive) -> Iterator[Complaint]:  # 10
    """Pictures, sounds and papers that can be shown: no page could show them otherwise."""
    for fact in post.media:
        if fact.broken:
            name = fact.path.removeprefix(f"{post.folder}/")
            message = say("{file} cannot be read, or is not what its name says.", file=name)
            remedy = say(
                "Save it in the format of its ending; a picture has {count} megapixels at most.",
                count=MOST_PIXELS // 1_000_000,
            )
            yield Complaint(Effect.REFUSE, message, Location(fact.path), remedy)


def nothing_behind(post: Post, _archive: Archive) -> Iterator[Complaint]:  # 10
    """No picture with more bytes than its format has: nobody has seen what they are."""
    for fact in post.media:
        if fact.trailing:
            name = fact.path.removeprefix(f"{post.folder}/")
            message = say("{file} holds something behind the picture's end.", file=name)
            remedy = say("Open it in a picture program and save it anew, as PNG or JPEG.")
            yield Complaint(Effect.REFUSE, message, Location(fact.path), remedy)


def illustrated(post: Post, archive: Archive) -> Iterator[Complaint]:  # 10 力求图文并茂
    """A WeChat post with something to look at, and not with too many emoji."""
    shown = archive.renditions.get((post.id, "wechat"))
    if shown and not post.withdrawn and not (shown.images or shown.links or _media(post)):
        message = say("The WeChat post has no picture, sound, film or link.")
        remedy = say("Add one where it helps the reader.")
        yield Complaint(Effect.NOTE, message, post.at("accounts"), remedy)
    limit = archive.registers.parameter("quality.emoji_max", archive.day_of(post))
    count = len(_EMOJI.findall(post.title)) + len(_EMOJI.findall(post.body))
    if count > limit:
        message = say("The post holds {count} emoji; {limit} are enough.", count=count, limit=limit)
        remedy = say("Leave out those that say nothing.")
        yield Complaint(Effect.NOTE, message, Location(post.path, post.body_line), remedy)


def _media(post: Post) -> bool:
    return bool(post.meta.get("media"))
