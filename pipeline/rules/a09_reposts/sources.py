"""Article 9 paragraph 2: where a reprint comes from, and that it is allowed and shown."""

from collections.abc import Iterator

from pipeline.detect.links import under, web_host
from pipeline.model.archive import Archive
from pipeline.model.evidence import Step
from pipeline.model.findings import Complaint, Effect, say
from pipeline.model.posts import Post
from pipeline.model.registers import leads
from pipeline.rules.a09_reposts.refusals import refuse

EVIDENCED = ("stated-reprintable", "written-permission", "platform-whitelist")


def listed_source(post: Post, archive: Archive) -> Iterator[Complaint]:  # 9 para 2
    """The source is in the register, in force, and the address is its own."""
    source = post.meta.get("source")
    if post.meta["origin"] == "original":
        message = say("A post of kind reprint is not original.")
        remedy = say("Set origin to reprint or forward and fill in source, or choose its kind.")
        yield refuse(post.at("origin"), message, remedy)
    elif source is None:
        if "source" not in post.invalid:
            message = say("A reprint names no source.")
            remedy = say("Fill in source with id, url, title, snapshot and fetched_at.")
            yield refuse(post.at("origin"), message, remedy)
    elif not _listed(post, archive):
        if not archive.registers.source_name(source):
            message = say("Source {source} is unlisted and has no name.", source=source["id"])
            remedy = say("Fill in source.name as readers know it.")
            yield refuse(post.at("source", "id"), message, remedy)
        suffixes = archive.registers.parameter("reprint.auto_trust_suffixes", archive.day_of(post))
        unknown = source["id"] not in archive.registers.sources
        if unknown and web_host(source["url"]).endswith(tuple(suffixes)):
            message = say("Source {source} is a government's, but unlisted.", source=source["id"])
            remedy = say("Have the lead department enter the source in sources.yml.")
            yield Complaint(Effect.NOTE, message, post.at("source", "id"), remedy)
        else:
            yield from _exception(post, archive)


def _listed(post: Post, archive: Archive) -> bool:
    day, host = archive.day_of(post), web_host(post.meta["source"]["url"])
    listed = archive.registers.sources.get(post.meta["source"]["id"])
    if listed is None or not listed.valid_from <= day <= (listed.valid_until or day):
        return False
    return under(host, listed.hosts)


def _exception(post: Post, archive: Archive) -> Iterator[Complaint]:
    """An unlisted source passes with a note when the final reviewer answers for it."""
    source, exception = post.meta["source"], post.meta["source"].get("exception")
    if exception is None:
        message = say("Source {source} is not listed for this day and host.", source=source["id"])
        remedy = say("Reprint from a listed source, or ask the leader in charge for an exception.")
        yield refuse(post.at("source"), message, remedy)
        return
    person, place = exception["approved_by"], post.at("source", "exception", "approved_by")
    approvals = archive.approvals.get(post.id)
    final = approvals.approved(Step.FINAL) if approvals else None
    if not leads(person, archive.day_of(post), archive.registers):
        message = say("{person} may not allow an unlisted source.", person=person)
        yield refuse(place, message, say("Only the leader in charge or the principal may."))
    elif final and final.reviewer != person:
        message = say("The final reviewer is not the one who allowed the unlisted source.")
        yield refuse(place, message, say("The leader who allows it makes the final review."))
    else:
        message = say("Source {source} is unlisted and allowed by exception.", source=source["id"])
        remedy = say("Nothing to do; the exception is on record.")
        yield Complaint(Effect.NOTE, message, place, remedy)


def permitted(post: Post, _archive: Archive) -> Iterator[Complaint]:  # 9 para 2
    """The ground on which the source may be reprinted."""
    licence = post.meta.get("license")
    if licence is None and "license" not in post.invalid:
        message = say("A reprint does not say why it may be reprinted.")
        remedy = say("Fill in license with its basis and evidence.")
        yield refuse(post.at("origin"), message, remedy)
    elif licence and licence["basis"] in EVIDENCED and "evidence" not in licence:
        message = say("The permission to reprint has no evidence.")
        yield refuse(post.at("license"), message, say("Fill in license.evidence."))


def source_shown(post: Post, archive: Archive) -> Iterator[Complaint]:  # 9 para 2
    """The source line in every rendition, judged on what would be published."""
    source = post.meta["source"]
    form: str = archive.registers.parameter("reprint.label_format", archive.day_of(post))
    line = form.replace("{name}", archive.registers.source_name(source) or source["id"])
    others = (archive.renditions.get((post.id, c)) for c in ("wechat", "weibo", "app"))
    for rendition in (archive.renditions[(post.id, "archive")], *filter(None, others)):
        channel = rendition.channel
        texts = (rendition.text, rendition.short or rendition.text)
        if any(line not in text for text in texts):
            message = say("The {channel} version lacks the source line.", channel=channel)
            yield refuse(post.at("source"), message, say("Show it as: {line}", line=line))
        linked = any(link.url == source["url"] for link in rendition.links)
        if channel in ("archive", "app") and not linked:
            message = say("The {channel} version does not link its source.", channel=channel)
            yield refuse(post.at("source", "url"), message, say("Link source.url."))
