from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from pipeline.detect.formats import ATTACHED, MOST_PIXELS, SHOWN, ending
from pipeline.detect.links import WEB, Target, target, under
from pipeline.model.archive import Archive
from pipeline.model.findings import Complaint, Effect, Location, Message, say
from pipeline.model.lazy import Once, regex
from pipeline.model.posts import Post
from pipeline.model.registers import Registers
from pipeline.model.renditions import Rendition

# Article 10 with Article 13(1): where the links of a post lead.


FAULTS: Mapping[str, Message] = {
    "unreadable": say("The address of a link cannot be read."),
    "disguised": say("The address of a link hides its host behind a name or unseen signs."),
    "number": say("A link leads to a bare IP address."),
    "foreign-script": say("A link's host has letters that may imitate another host."),
}
"""Fault of a target → its message."""


def safe_links(post: Post, archive: Archive) -> Iterator[Complaint]:  # 10 链接
    """Every link of what would be published, judged on the rendition of the archive."""
    shown = archive.renditions[(post.id, "archive")]
    for link in shown.links:
        if judged := _judged(target(link.url), post, archive, shown):
            effect, message, remedy = judged
            yield Complaint(effect, message, Location(post.path, link.line), remedy)


def linked_files(post: Post, archive: Archive) -> Iterator[Complaint]:  # 10 链接
    """Links that name a file: one beside the post, of a kind that the site publishes."""
    withheld = {fact.path for fact in post.media if fact.withheld}
    for link in archive.renditions[(post.id, "archive")].attachments:
        path, kind = f"{post.folder}/{link.url}", ending(link.url)
        if path not in post.manifest:
            message = say("The linked file {file} is not in the post's folder.", file=link.url)
            remedy = say("Put the file beside post.md, correct its name, or link a whole address.")
        elif kind in SHOWN:
            message = say("The picture {file} is linked as a file.", file=link.url)
            remedy = say("Show it: put an exclamation mark before the square bracket.")
        elif kind not in ATTACHED or path in withheld:
            message = say("The linked file {file} cannot be published.", file=link.url)
            remedy = say("Save it without password, as PDF, .docx, .xlsx, .pptx, .ofd or .csv.")
        else:
            continue
        yield Complaint(Effect.REFUSE, message, Location(post.path, link.line), remedy)


def _judged(
    to: Target, post: Post, archive: Archive, shown: Rendition
) -> tuple[Effect, Message, Message] | None:
    """(effect, message, remedy) of the gravest fault of a link; None for a sound one."""
    day, (own, listed) = archive.day_of(post), _registered(archive.registers)
    if to.scheme in ("", *WEB) and to.faults:
        remedy = say("Link the plain address of the page that is meant.")
        return Effect.REFUSE, FAULTS[to.faults[0]], remedy
    if not to.scheme and not to.host:
        return _inside(to, shown)
    if to.scheme not in WEB:
        return None
    if own and to.host == own:
        return _own_page(to, archive)
    if under(to.host, archive.parameter("links.denied_hosts", day)):
        message = say("Links to {host} are denied by policy.", host=to.host)
        return Effect.REFUSE, message, say("Link the page itself, or leave the link out.")
    allowed = [name for name in archive.parameter("links.allowed_hosts", day) if name]
    if not under(to.host, allowed) and not under(to.host, listed):
        message = say("The post links to {host}, which is on no list.", host=to.host)
        remedy = say("Make sure who runs it, or have the host entered in policy.")
        return Effect.NOTE, message, remedy
    if to.scheme == "http":
        message = say("A link leads to {host} without encryption.", host=to.host)
        return Effect.NOTE, message, say("Use https if the page can be reached by it.")
    return None


def _hosts(registers: Registers) -> tuple[str, tuple[str, ...]]:
    """(host of the archive itself, hosts of the listed sources and of the accounts)."""
    listed = [host for source in registers.sources.values() for host in source.hosts]
    listed += [target(account.url).host for account in registers.accounts.values()]
    own = target(str(registers.policy.archive.get("url", ""))).host
    return own, tuple(name for name in listed if name)


_registered: Once[Registers, tuple[str, tuple[str, ...]]] = Once(_hosts)


_heading_ids: Once[Rendition, frozenset[str]] = Once(
    lambda shown: frozenset(name for _, name, _ in shown.headings)
)


def _inside(to: Target, shown: Rendition) -> tuple[Effect, Message, Message] | None:
    """A link within the page leads to one of its headings."""
    if unquote(to.fragment) in _heading_ids(shown):
        return None
    message = say("A link leads to a place that is not on the page.")
    return Effect.REFUSE, message, say("Name a heading of this post, or leave the link out.")


def _own_page(to: Target, archive: Archive) -> tuple[Effect, Message, Message] | None:
    """A link to a post of the archive leads to one that exists."""
    parts = [part for part in to.path.split("/") if part]
    if "posts" not in parts:
        return None
    after = parts[parts.index("posts") + 1 :]
    if len(after) < 2 or after[1].isdigit() or after[1] in archive.post_ids:
        return None
    message = say("A link leads to a post that the archive does not hold.")
    return Effect.REFUSE, message, say("Correct the id of the post, or leave the link out.")


# Article 10: pictures and what else a text is illustrated with.


_EMOJI = regex("[\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff\u2600-\u27bf]")


def described_pictures(post: Post, archive: Archive) -> Iterator[Complaint]:  # 10
    """Every picture of the rendition exists and has an alternative text."""
    for image in archive.renditions[(post.id, "archive")].images:
        location = Location(post.path, image.line)
        if f"{post.folder}/{image.file}" not in post.manifest:
            message = say("Picture {file} is not in the post's folder.", file=image.file)
            remedy = say("Put the picture beside post.md; pictures from elsewhere are not shown.")
            yield Complaint(Effect.REFUSE, message, location, remedy)
        elif ending(image.file) not in SHOWN:
            message = say("Picture {file} is of a kind that no page shows.", file=image.file)
            remedy = say("Save it as PNG, JPEG, WebP or GIF.")
            yield Complaint(Effect.REFUSE, message, location, remedy)
        if image.alt.strip() in ("", image.file, image.file.rpartition(".")[0]):
            message = say("Picture {file} has no alternative text.", file=image.file)
            remedy = say("Describe the picture between the square brackets.")
            yield Complaint(Effect.REFUSE, message, location, remedy)


def captioned_films(post: Post, _archive: Archive) -> Iterator[Complaint]:  # 10
    """Films whose words can be read: the page says of any other that it has no captions."""
    for index, entry in enumerate(post.meta.get("media", ())):
        if ending(entry["file"]) in ("mp4", "webm") and not entry.get("captions", "").endswith(
            ".vtt"
        ):
            message = say("The film {file} has no captions.", file=entry["file"])
            remedy = say("Put a WebVTT file beside it and name it: `captions: clip.vtt`.")
            yield Complaint(Effect.NOTE, message, post.at("media", index, "file"), remedy)


def sound_files(post: Post, archive: Archive) -> Iterator[Complaint]:  # 10
    """Pictures, sounds and papers can be read and are what their names say."""
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
    """No picture with bytes behind its end: no reviewer has seen them."""
    for fact in post.media:
        if fact.trailing:
            name = fact.path.removeprefix(f"{post.folder}/")
            message = say("{file} holds something behind the picture's end.", file=name)
            remedy = say("Open it in a picture program and save it anew, as PNG or JPEG.")
            yield Complaint(Effect.REFUSE, message, Location(fact.path), remedy)


def illustrated(post: Post, archive: Archive) -> Iterator[Complaint]:  # 10 力求图文并茂
    """A WeChat post has a picture, sound, film or link, and not too many emoji."""
    shown = archive.renditions.get((post.id, "wechat"))
    if shown and not post.withdrawn and not (shown.images or shown.links or post.meta.get("media")):
        message = say("The WeChat post has no picture, sound, film or link.")
        remedy = say("Add one where it helps the reader.")
        yield Complaint(Effect.NOTE, message, post.at("accounts"), remedy)
    limit = archive.parameter("quality.emoji_max", archive.day_of(post))
    count = len(_EMOJI.findall(post.title)) + len(_EMOJI.findall(post.body))
    if count > limit:
        message = say("The post holds {count} emoji; {limit} are enough.", count=count, limit=limit)
        remedy = say("Leave out those that say nothing.")
        yield Complaint(Effect.NOTE, message, Location(post.path, post.body_line), remedy)
