"""Article 9: scope and reprints (第九条 信息发布内容、规范转载发布).

1. The post belongs to one of the seven kinds of content; kind 4 has the consent of the person
   portrayed, 5 its evidence, 6 a justification, 7 the approval of a leader in office.
   | Human: whether the kind named is the true one.
   accepted: content of kind 7 with the approval of a leader in office.
   violated: content of kind 4 without the consent of the person portrayed.
   boundary: consent obtained on the day of the publication.
   next: fill in what the kind asks for, or choose the kind that fits.
   approver-no-leader: {person} was no leader on that day. | Name the leader who approved the
   publication.
   category-evidence-missing: Content of kind {n} needs {key}. | Fill in {key}, or choose the kind
   that fits.
   evidence-dated-late: What {key} records is dated after the publication. | Publish only when it
   has been given.
2. A reprint comes from a listed source on one of its hosts, or from one of its accounts on a
   platform, or from a government site; else it needs an exception by the final reviewer. One that
   is not in the register is named by the post. A post of kind reprint is none of the bureau's own.
   | Human: whether the exception is sound, the name the source's own, and the account that which
   published the original.
   accepted: a ministry's notice from the ministry's own site.
   violated: the same text from a site that no register lists, or one that ends with
   “来源：新华社” and calls itself original.
   boundary: an unlisted address that ends in .gov.cn, or an article of the ministry's listed
   account on mp.weixin.qq.com; that host alone names no account.
   next: reprint from a listed source, have it listed, or ask the leader for an exception.
   credit-not-original: The text says “{words}”, but origin is original. | Set origin to reprint or
   forward and fill in source. If only facts come from there, write 资料来源： before the name.
   exception-giver-differs: The final reviewer is not the one who allowed the unlisted source. | The
   leader who allows it makes the final review.
   exception-giver-unfit: {person} may not allow an unlisted source. | Only the leader in charge or
   the principal may.
   reprint-called-original: A post of kind reprint is not original. | Set origin to reprint or
   forward and fill in source, or choose its kind.
   source-excepted: Source {source} is unlisted and allowed by exception. | Nothing to do; the
   exception is on record.
   source-missing: A reprint names no source. | Fill in source with id, url, title, snapshot and
   fetched_at.
   source-nameless: Source {source} is unlisted and has no name. | Fill in source.name as readers
   know it.
   source-official-unlisted: Source {source} is a government's, but unlisted. | Have the lead
   department enter the source in sources.yml.
   source-unlisted: Source {source} is not listed for this day and host. |
3. A reprint says why it may be reprinted, with evidence where it rests on permission.
   | Human: whether the permission is genuine.
   accepted: a whitelist of the platform, with its address as evidence.
   violated: a written permission without evidence.
   boundary: an official document of the State, which needs no evidence.
   next: ask for the permission and enter it, or link the source instead.
   licence-missing: A reprint does not say why it may be reprinted. | Fill in license with its basis
   and evidence.
   licence-without-evidence: The permission to reprint has no evidence. | Fill in license.evidence.
4. Every rendition of a reprint shows the source line, and the archive and the APP link the source.
   | Human: nothing.
   accepted: the source line under the title of every version.
   violated: a Weibo text without the source line.
   boundary: the short form of a text shows the line, too.
   next: put the line that the finding gives into the text.
   source-line-missing: The {channel} version lacks the source line. |
   source-link-missing: The {channel} version does not link its source. | Link source.url.
5. Title and text of a reprint agree with the snapshot of the source. Every changed sentence is
   noted; a changed negation, number, unit, date or name refuses. Of an excerpt each sentence is
   one of the source. A paragraph that begins with 编者按： is the bureau's own.
   | Human: whether the meaning is kept; the second reviewer states it.
   accepted: the source's title and text, and a note marked as the bureau's own.
   violated: one 不 of a safety tip is missing, or an excerpt shortens a sentence.
   boundary: full-width for half-width digits, other spaces, and 1.2万 for 12000.
   next: restore the source's words, forward an excerpt of whole sentences, or fetch the source
   anew if it was changed.
   editor-note-added: The bureau adds a note of its own: “{note}”. |
   facts-changed: What the source says is changed ({lost} → {gained}): “{theirs}” became “{ours}”. |
   sentence-added: The source has no such sentence: “{ours}”. |
   sentence-changed: A sentence of the source is changed: “{theirs}” became “{ours}”. |
   sentence-omitted: A sentence of the source is left out: “{theirs}”. |
   snapshot-missing: The snapshot of the source is not beside the post. | Save the source's text
   under the name given in source.snapshot.
   text-not-source: The text is not the source's (likeness {alike}). | Restore the text, or set
   origin to forward and excerpt to true.
   title-differs: The title differs from that of the source. | Keep the source's title, or give a
   title_change_reason; it may not bring in a number, name or date, nor drop a negation.
   title-not-source: The title is not the source's (likeness {alike}). | Keep the source's title.
6. Every picture, sound and film beside the post is listed with author and licence; a portrait
   without consent on record is noted. | Human: whether author and licence are true.
   accepted: a picture listed with its author and licence.
   violated: a picture beside the post that media does not list.
   boundary: captions and a transcript, which their film lists.
   next: list the file with author and licence, or remove it.
   file-unlisted: File {file} is not listed with author and licence. | Add it to media, or remove
   the file.
   listed-file-missing: File {file} is listed but not beside the post. | Add the file, or remove it
   from media.
   portrait-without-consent: A portrait is shown and no consent is on record. | Fill in consent with
   its day and reference.
"""

import re
import unicodedata
from collections.abc import Iterator

from pipeline.detect import reprint
from pipeline.detect.links import platform_of, under, web_host
from pipeline.detect.private import mask
from pipeline.model import channels, evidence, lazy, part
from pipeline.model.archive import Archive
from pipeline.model.findings import Complaint, Effect, Location, say, say_names
from pipeline.model.law import ItemClause, note, refuse, rule
from pipeline.model.posts import Post
from pipeline.model.registers import leads

# Article 9 paragraph 1: the seven kinds of content.

NEEDED = {4: "consent", 5: "refutes", 6: "justification", 7: "leader_approval"}
"""What kinds of content ask for beside their number."""


def within_scope(post: Post, archive: Archive) -> Iterator[Complaint]:  # 9 para 1
    """What each of the seven kinds asks for beside its number, and whether it came in time."""
    day = archive.day_of(post)
    needed = NEEDED.get(post.meta["category"])
    if needed and needed not in post.meta and needed not in post.invalid:
        message = say(n=post.meta["category"], key=needed)
        yield refuse("category-evidence-missing {key}", post.at("category"), message)
    for key, field in (("consent", "obtained_on"), ("leader_approval", "date")):
        if key in post.meta and post.meta[key][field] > day:
            yield refuse("evidence-dated-late {key}", post.at(key, field), say(key=key))
    approval = post.meta.get("leader_approval")
    if approval and not leads(approval["person"], approval["date"], archive.registers):
        message = say(person=approval["person"])
        yield refuse("approver-no-leader", post.at("leader_approval", "person"), message)


# Article 9 paragraph 2: where a reprint comes from, and that it is allowed and shown.

EVIDENCED = ("stated-reprintable", "written-permission", "platform-whitelist")


def listed_source(post: Post, archive: Archive) -> Iterator[Complaint]:  # 9 para 2
    """The source is in the register, in force, and the address is its own."""
    source = post.meta.get("source")
    if post.meta["origin"] == "original":
        yield refuse("reprint-called-original", post.at("origin"))
    elif source is None:
        if "source" not in post.invalid:
            yield refuse("source-missing", post.at("origin"))
    elif not _listed(post, archive):
        if not archive.registers.source_name(source):
            yield refuse("source-nameless", post.at("source", "id"), say(source=source["id"]))
        suffixes = archive.parameter("reprint.auto_trust_suffixes", archive.day_of(post))
        unknown = source["id"] not in archive.registers.sources
        if unknown and web_host(source["url"]).endswith(tuple(suffixes)):
            message = say(source=source["id"])
            yield note("source-official-unlisted", post.at("source", "id"), message)
        else:
            yield from _exception(post, archive)


def _listed(post: Post, archive: Archive) -> bool:
    day, host = archive.day_of(post), web_host(post.meta["source"]["url"])
    listed = archive.registers.sources.get(post.meta["source"]["id"])
    if listed is None or not listed.valid_from <= day <= (listed.valid_until or day):
        return False
    source = post.meta["source"]
    platform = platform_of(source["url"])
    if platform and listed.has_account(platform, source.get("account", "")):
        return True
    # The host of a platform names no account; what stands was let pass by it.
    return under(host, listed.hosts) and not (platform and archive.brings(post))


def _exception(post: Post, archive: Archive) -> Iterator[Complaint]:
    """An unlisted source passes with a note when the final reviewer answers for it."""
    source, exception = post.meta["source"], post.meta["source"].get("exception")
    if exception is None:
        remedy = say("Reprint from a listed source, or ask the leader in charge for an exception.")
        listed = archive.registers.sources.get(source["id"])
        if listed and listed.accounts and platform_of(source["url"]):
            remedy = say("Name the account of the source under source.account: {names}. If the"
                         " register lacks it, have it entered in sources.yml.",
                         names=say_names([a["name"] for a in listed.accounts]))  # fmt: skip
        yield refuse("source-unlisted", post.at("source"), say(source=source["id"]), remedy)
        return
    person, approver = exception["approved_by"], post.at("source", "exception", "approved_by")
    final = archive.approved(post.id, evidence.Step.FINAL)
    if not leads(person, archive.day_of(post), archive.registers):
        yield refuse("exception-giver-unfit", approver, say(person=person))
    elif final and final.reviewer != person:
        yield refuse("exception-giver-differs", approver)
    else:
        yield note("source-excepted", approver, say(source=source["id"]))


def own_text(post: Post, archive: Archive) -> Iterator[Complaint]:  # 9 para 2
    """A text that credits another as its source is none of the bureau's own."""
    registers = archive.registers
    own = (*registers.policy.names, str(registers.policy.unit.get("short_name", "")),
           *(d.name for d in registers.departments.values()),
           *(a.name for a in registers.accounts.values()))  # fmt: skip
    for start, words, name in reprint.credits(post.body):
        if not any(n and (n in name or name in n) for n in own):
            message = say(words=words)
            line = post.body_line + post.body.count("\n", 0, start)
            effect = Effect.REFUSE if archive.brings(post) else Effect.NOTE
            location = Location(post.path, line)
            yield Complaint("credit-not-original", effect, message, location, waivable=name)


def permitted(post: Post, _archive: Archive) -> Iterator[Complaint]:  # 9 para 2
    """The ground on which the source may be reprinted."""
    licence = post.meta.get("license")
    if licence is None and "license" not in post.invalid:
        yield refuse("licence-missing", post.at("origin"))
    elif licence and licence["basis"] in EVIDENCED and "evidence" not in licence:
        yield refuse("licence-without-evidence", post.at("license"))


def source_shown(post: Post, archive: Archive) -> Iterator[Complaint]:  # 9 para 2
    """The source line in every rendition, judged on what would be published."""
    source = post.meta["source"]
    form: str = archive.parameter("reprint.label_format", archive.day_of(post))
    line = form.replace("{name}", archive.registers.source_name(source) or source["id"])
    for channel in part.program().channels:
        if channel != channels.ARCHIVE and (post.id, channel) not in archive.renditions:
            continue
        rendition = archive.renditions[post.id, channel]
        texts = (rendition.text, rendition.short or rendition.text)
        if any(line not in text for text in texts):
            message = say(channel=channel)
            remedy = say("Show it as: {line}", line=line)
            yield refuse("source-line-missing {channel}", post.at("source"), message, remedy)
        linked = any(link.url == source["url"] for link in rendition.links)
        if part.program().channels[channel].linked and not linked:
            message = say(channel=channel)
            yield refuse("source-link-missing {channel}", post.at("source", "url"), message)


# Article 9 paragraph 2: a reprint's title and text against the snapshot of its source.


def undistorted(post: Post, archive: Archive) -> Iterator[Complaint]:  # 9 para 2
    """Title and text against the source's own."""
    day, source = archive.day_of(post), post.meta["source"]
    ours, theirs = (_evened(title) for title in (post.title, source["title"]))
    alike = reprint.likeness(ours, theirs)
    if alike < archive.parameter("reprint.title_min", day):
        yield refuse("title-not-source", post.at("title"), say(alike=round(alike, 2)))
    elif ours != theirs:
        lost, gained = reprint.changed_facts(ours, theirs)
        turned = archive.brings(post) and (gained or any(map(reprint.is_negation, lost)))
        reason = "title_change_reason" in post.meta and not turned
        effect = Effect.NOTE if reason else Effect.REFUSE
        yield Complaint("title-differs", effect, say(), post.at("title"))
    snapshot = post.texts.get(f"{post.folder}/{source['snapshot']}")
    if snapshot is None:
        yield refuse("snapshot-missing", post.at("source", "snapshot"))
        return
    text, notes = reprint.without_notes(post.body, snapshot)
    body = Location(post.path, post.body_line)
    alike = reprint.likeness(reprint.unlinked(text), snapshot)
    for added in notes:
        yield note("editor-note-added {note}", body, say(note=_shown(added)), MEANING)
    if not _excerpt(post) and alike < archive.parameter("reprint.body_min", day):
        yield refuse("text-not-source", body, say(alike=round(alike, 2)))
        return
    compare = reprint.changed_excerpt if _excerpt(post) else reprint.changed_sentences
    names = [entry["text"] for entry in archive.registers.entries.get("terms", ())]
    for change in compare(text, snapshot, (post.title, source["title"]), names):
        yield _change(change, post, archive)


def _excerpt(post: Post) -> bool:
    return post.meta["origin"] == "forward" and bool(post.meta.get("excerpt"))


def _change(change: reprint.ReprintChange, post: Post, archive: Archive) -> Complaint:
    """One changed sentence; what stands is only noted (docs/decisions/0031)."""
    ours, theirs = _shown(change.ours, change.theirs), _shown(change.theirs, change.ours)
    lost, gained = (say_names([*map(mask, f)]) for f in (change.lost, change.gained))
    if not theirs:
        name = "sentence-added {ours}"
        message = say(ours=ours)
    elif not ours:
        name = "sentence-omitted {theirs}"
        message = say(theirs=theirs)
    elif change.lost or change.gained:
        name = "facts-changed {theirs} {ours}"
        message = say(lost=lost, gained=gained, theirs=theirs, ours=ours)
    else:
        name = "sentence-changed {theirs} {ours}"
        message = say(theirs=theirs, ours=ours)
    turned = bool(change.lost or change.gained) or _excerpt(post)
    effect = Effect.REFUSE if turned and archive.brings(post) else Effect.NOTE
    location = Location(post.path, post.body_line + change.line)
    return Complaint(name, effect, message, location, RESTORE if turned else MEANING)


MEANING = say("Look whether the meaning is kept; the second reviewer states it.")
RESTORE = say(
    "Restore the source's words, or fetch the source anew if it was changed; what the bureau adds"
    " stands in a paragraph that begins with {mark}.",
    mark="编者按：",
)
LONGEST_PASSAGE = 120


def _shown(text: str, other: str = "") -> str:
    """A sentence without private data, from a little before where the other differs."""
    plain = mask(text)
    same = next((i for i, (a, b) in enumerate(zip(plain, other, strict=False)) if a != b), 0)
    start = max(0, min(same - 20, len(plain) - LONGEST_PASSAGE))
    dots = "…" if len(plain) > start + LONGEST_PASSAGE else ""
    return f"{'…' if start else ''}{plain[start : start + LONGEST_PASSAGE]}{dots}"


def _evened(text: str) -> str:
    """Width and spacing evened out; punctuation stays, for it can turn a meaning."""
    return "".join(unicodedata.normalize("NFKC", text).split())


# Article 9 paragraph 2: pictures, sound and film beside the post.

MEDIA = lazy.regex(r"\.(png|jpe?g|gif|webp|svg|mp3|m4a|ogg|wav|mp4|webm|mov)$", re.IGNORECASE)


def media_listed(post: Post, _archive: Archive) -> Iterator[Complaint]:  # 9 para 2
    """Files beside the post against the list of media."""
    files = {path.removeprefix(f"{post.folder}/") for path in post.manifest}
    entries = post.meta.get("media", ())
    listed = {e[k] for e in entries for k in ("file", "captions", "transcript") if k in e}
    for name in sorted(files - listed):
        if MEDIA.search(name) and "media" not in post.invalid:
            yield refuse("file-unlisted {file}", post.at("media"), say(file=name))
    for index, entry in enumerate(entries):
        for key in ("file", "captions", "transcript"):
            if key in entry and entry[key] not in files:
                message = say(file=entry[key])
                yield refuse("listed-file-missing {file}", post.at("media", index, key), message)
        if entry.get("portrait") and "consent" not in post.meta:
            yield note("portrait-without-consent", post.at("media", index, "portrait"))


def _reposted(post: Post, _archive: Archive) -> bool:
    return post.meta.get("origin") in ("reprint", "forward")


def _own(post: Post, _archive: Archive) -> bool:
    return post.meta.get("origin") == "original" and not post.withdrawn


def _declared_reprint(post: Post, archive: Archive) -> bool:
    return _reposted(post, archive) or post.meta.get("kind") == "reprint"


def _sourced(post: Post, archive: Archive) -> bool:
    """A reprint that still shows its content: a withdrawn post keeps no text to compare."""
    return _reposted(post, archive) and "source" in post.meta and not post.withdrawn


RULE = rule(
    ItemClause(1, within_scope, ("category",)),
    ItemClause(2, listed_source, ("origin",), _declared_reprint),
    ItemClause(2, own_text, ("origin",), _own),
    ItemClause(3, permitted, ("origin",), _reposted),
    ItemClause(4, source_shown, ("origin",), _sourced),
    ItemClause(5, undistorted, ("origin", "title"), _sourced),
    ItemClause(6, media_listed),
)
