import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from pipeline.detect.folding import Match, flat, fold
from pipeline.detect.links import target, under
from pipeline.detect.post_words import is_marked_up, passages, words_of
from pipeline.detect.private import PRIVATE_KINDS, private_data, shown_match
from pipeline.detect.private_names import pupils
from pipeline.detect.secrets import secrecy_marks, secrets
from pipeline.detect.subjects import is_about
from pipeline.detect.words import sightings
from pipeline.model.archive import Archive, Change, Mode
from pipeline.model.calendar import local_date
from pipeline.model.duties import duty, end_of, months_after
from pipeline.model.evidence import Step
from pipeline.model.findings import (
    Complaint,
    Effect,
    Location,
    Message,
    Reason,
    say,
    say_day,
    say_names,
)
from pipeline.model.ids import PersonId
from pipeline.model.law import note, refuse, unstated
from pipeline.model.lazy import regex
from pipeline.model.posts import MediaFact, Post
from pipeline.model.registers import leads
from pipeline.model.rendered import channels_of

# 13(1): the seven bottom lines, stated with the confirmation, in the words of the regulation.


BOTTOM_LINES: Mapping[str, Reason] = {
    name: ("bottom-line-unstated {line}", say(line=line))
    for name, line in {
        "law": say("laws and regulations"),
        "system": say("the socialist system"),
        "national_interest": say("the national interest"),
        "citizens_rights": say("citizens' lawful rights"),
        "public_order": say("public order"),
        "morality": say("social morality"),
        "truth": say("true information"),
    }.items()
}
"""Assertion of the confirmation → what its lack is called, in the order of article 13(1)."""


def secrecy_stated(post: Post, archive: Archive) -> Iterator[Complaint]:  # 13(1)
    """All seven, under the regulation in force: its digest is the version of their wording.

    A confirmation that is not there yet is article 15's to await.
    """
    review = archive.approvals[post.id].approved(Step.CONFIRM)
    if review is None:
        return
    yield from unstated(post, archive, Step.CONFIRM, BOTTOM_LINES)
    proposed = archive.mode is Mode.CHANGE and not archive.publications_of(post.id)
    if proposed and review.regulation_digest != archive.registers.regulation_digest:
        yield refuse("bottom-lines-outdated", Location(review.path))


# Article 13: words that the lexicons forbid, and personal views of the writer.


FORBIDDEN = ("advertising", "gambling", "violence", "pornography", "cult", "political")


def personal_views(post: Post, archive: Archive) -> Iterator[Complaint]:  # 13(2)
    """Opinions and moods of a person; in an answer to a citizen they are refused."""
    effect = Effect.REFUSE if post.kind == "reply" else Effect.NOTE
    views = sightings(post, archive, {"personal", "emotion"})
    return (s.complaint(Effect.NOTE if s.late else effect) for s in views)


# 13(1): no secret of the state, of work or of a system; reviewed before publication.


REVIEWERS = ("information-officer", "section-head", "leader-in-charge", "principal")
SECRETS: Mapping[str, Message] = {
    "app-secret": say("the secret of an application"),
    "token": say("an access token"),
    "password": say("a password"),
    "private-key": say("a private key"),
    "cloud-key": say("the key of a cloud service"),
    "app-id": say("the id of a WeChat application"),
}


def no_secrets(post: Post, archive: Archive) -> Iterator[Complaint]:  # 13(1)
    """Marks of secrecy and secrets of systems anywhere in the post; then the review itself."""
    words = words_of(post)
    for mark in secrecy_marks(words.text):
        location = words.locate(mark.start)
        if mark.certain:
            yield refuse("secrecy-mark-shown", location)
        else:
            yield note("internal-material-mentioned", location)
    for leak in secrets(words.text):
        effect = Effect.REFUSE if leak.certain else Effect.NOTE
        message = say(what=SECRETS[leak.kind])
        yield Complaint("secret-shown {what}", effect, message, words.locate(leak.start))
    if "secrecy_review" in post.meta:
        yield from _reviewed(post, archive)


def _reviewed(post: Post, archive: Archive) -> Iterator[Complaint]:
    """政府信息公开条例, article 17: reviewed before publication, and not by the author."""
    review = post.meta["secrecy_review"]
    person = archive.registers.people.get(review["person"])
    in_office = person and any(person.holds(role, review["date"]) for role in REVIEWERS)
    if person is None or person.contractor or not in_office:
        cause = archive.registers.unread_path("people")
        where = post.at("secrecy_review", "person")
        name = archive.registers.name_of(review["person"])
        yield refuse("secrecy-reviewer-unfit", where, say(person=name), cause=cause)
    if review["person"] in (post.meta.get("author"), *post.meta.get("co_authors", ())):
        where = post.at("secrecy_review", "person")
        yield refuse("secrecy-reviewed-by-author", where)
    created, published = post.created_on, archive.day_of(post)
    if review["date"] > published or (created and review["date"] < created):
        where = post.at("secrecy_review", "date")
        yield refuse("secrecy-review-misdated", where)


# 13(3): what concerns another unit's work is agreed with it beforehand.


_BODY = regex(
    "(?:公安|教育|教体|民政|司法|财政|人力资源和?社会保障|人社|自然资源(?:和规划)?|生态环境|住房和?城乡建设|住建"
    "|城市管理|城管|交通运输|水利|水务|农业农村|商务|文化和?旅游|文旅|卫生健康|卫健|市场监督管理|市场监管|气象|林业"
    "|数据资源管理|消防救援|发展和?改革|发改|经济和信息化|经信|医疗保障|医保|审计|统计|地震|信访|粮食和物资储备)"
    "(?:局|委员会|委|厅|部(?!门)|支队|大队|总队)"
)
"""Bodies by their field of work, in the full and in the short form of their names."""
MOST_LISTED = 5
"""Bodies named in one finding."""


def coordinated(post: Post, archive: Archive) -> Iterator[Complaint]:  # 13(3)
    """Each unit listed has its agreement in time; bodies named but not listed are noted."""
    agreed = {row["unit"]: row for row in post.meta.get("coordination", ())}
    latest = _latest(post, archive)
    for index, unit in enumerate(post.meta.get("involves_units", ())):
        if unit not in agreed:
            location = post.at("involves_units", index)
            yield refuse("agreement-missing {unit}", location, say(unit=unit))
    for index, row in enumerate(post.meta.get("coordination", ())):
        if row["date"] > latest:
            location = post.at("coordination", index, "date")
            yield refuse("agreement-late {unit}", location, say(unit=row["unit"]))
    others = _others(post, archive)
    if others and post.meta.get("origin", "original") == "original":
        yield note("units-mentioned", post.at("title"), say(units=say_names(others[:MOST_LISTED])))


def _latest(post: Post, archive: Archive) -> date:
    """The day of the final review; while there is none, the day of publication."""
    final = archive.approved(post.id, Step.FINAL)
    return local_date(final.signed_at) if final else archive.day_of(post)


def _others(post: Post, archive: Archive) -> list[str]:
    """Bodies in title and body that are neither ours nor covered, in order of their place."""
    names = dict.fromkeys(m[0] for m in _BODY.finditer(f"{post.title}\n{post.body}"))
    if not names:
        return []
    registers = archive.registers
    source = registers.sources.get(post.meta.get("source", {}).get("id", ""))
    covered = "\n".join(
        (
            *registers.policy.names,
            *(n for d in registers.departments.values() for n in (d.name, *d.aliases)),
            *post.meta.get("involves_units", ()),
            str(post.meta.get("alert", {}).get("issuer", "")),
            source.name if source else "",
        )
    )
    return [name for name in names if name not in covered]


# 13(1): no link whose page a reviewer cannot see.


_ADDRESS = regex(
    r"(?<![0-9a-z@.-])(?:https?://)?((?:[a-z0-9-]+\.)+[a-z]{2,}/[0-9a-z])", re.IGNORECASE
)
OPEN = ("", "http", "https", "mailto", "tel")
"""Schemes that lead to a page, a letter or a call; anything else runs or opens a program."""


def open_links(post: Post, archive: Archive) -> Iterator[Complaint]:  # 13(1)
    """No short link, which hides its target, and no scheme that opens a program."""
    hidden = archive.parameter("content.hidden_hosts", archive.day_of(post))
    seen = set()
    for link in archive.renditions[(post.id, "archive")].links:
        leads = target(link.url)
        if under(leads.host, hidden):
            seen.add(link.line)
            yield _hidden(Location(post.path, link.line))
        if leads.scheme not in OPEN:
            message = say(scheme=leads.scheme[:20])
            yield refuse("link-leads-nowhere {scheme}", Location(post.path, link.line), message)
    for location in _written(post, hidden):
        if location.line not in seen:
            yield _hidden(location)


def _hidden(location: Location) -> Complaint:
    return refuse("link-hides-page", location)


def _written(post: Post, hidden: Sequence[str]) -> Iterator[Location]:
    """Short addresses among the words: platforms make links of them, and readers type them."""
    names = [name.strip(".") for name in hidden]
    for passage in passages(post):
        text = passage.text.lower()
        if any(name in text for name in names):
            for address in _ADDRESS.finditer(passage.text):
                if under(target(f"https://{address[1]}").host, hidden):
                    yield passage.at(address.start())


# 13(1): no file that does more than be read when a reader opens it.


ACTS: Mapping[str, Reason] = {
    "script": ("file-holds-script", say()),
    "launch": ("file-starts-program", say()),
    "embedded": ("file-embeds-files", say()),
    "encrypted": ("file-encrypted", say()),
    "hidden": ("file-hides-objects", say()),
    "macro": ("file-holds-macros", say()),
    "formula": ("cell-holds-formula", say()),
    "external": ("file-fetches-outside", say()),
    "dtd": ("file-declares-doctype", say()),
    "path": ("file-unpacks-outside", say()),
    "revisions": ("file-holds-deleted", say()),
}
"""What a file does (`MediaFact.acts`) → its finding."""


def harmless_files(post: Post, _archive: Archive) -> Iterator[Complaint]:  # 13(1)
    """Files that run or start a program, embed files, or hide what they do."""
    for fact in post.media:
        for act in fact.acts:
            name, plain = ACTS[act]
            yield refuse(name, Location(fact.path), say(place=fact.where) if fact.where else plain)


# 13(1): what a machine wrote is said to be so, in every channel (人工智能生成合成内容标识办法).


def labelled(post: Post, archive: Archive) -> Iterator[Complaint]:  # 13(1)
    """Each rendition shows a label when `ai` is assisted or generated, and none otherwise."""
    wanted = post.meta["ai"] != "none" and not post.withdrawn
    location = post.at("ai")
    for channel in sorted(channels_of(post, archive.registers)):
        rendition = archive.renditions.get((post.id, channel))
        if rendition is None:  # what cannot be rendered is refused where that is found
            continue
        shown = bool(rendition.ai_label) and rendition.ai_label in rendition.text
        if wanted and not shown:
            remedy = say("Render it anew: `sanshen render {post} --for wechat`.", post=post.id)
            yield refuse("ai-label-missing {channel}", location, say(channel=channel), remedy)
        elif rendition.ai_label and not wanted:
            yield refuse("ai-label-false {channel}", location, say(channel=channel))


def labels_heeded(post: Post, _archive: Archive) -> Iterator[Complaint]:  # 13(1)
    """No file that carries the label of what a machine made lies beside `ai: none`."""
    if post.meta["ai"] != "none" or post.withdrawn:
        return
    for fact in post.media:
        if fact.made_by_machine:
            name = fact.path.removeprefix(f"{post.folder}/")
            yield refuse("ai-label-ignored {file}", post.at("ai"), say(file=name))


# 13(3): private data is taken out, but where the law demands that it be shown.


REMEDY = say(
    "Take it out or mask it, like 138****0000 or 张某; an office's own number belongs into the"
    " parameter pii.published_numbers."
)


def without_private_data(post: Post, archive: Archive) -> Iterator[Complaint]:  # 13(3)
    """Text, tables, links, front matter, file names, snapshots, attachments, pictures' data."""
    words = words_of(post)
    values: set[str] = set()
    before: Match | None = None
    for match in private_data(words.text):
        values.add(shown_match(match, words.text))
        if before is None or not _is_door_of(match, before, words.text):
            yield from _complaint(match, words.text, words.locate(match.start), post, archive)
        before = match
    if is_marked_up(post):
        text = archive.renditions[(post.id, "archive")].text
        body = Location(post.path, post.body_line)
        for match in private_data(text):
            if shown_match(match, text) not in values:
                yield from _complaint(match, text, body, post, archive)
    for fact in post.media:
        yield from _traces(fact)


_TO_DOOR = regex(r"，?[^，、。；！？\n和及某]{0,4}")


def _is_door_of(match: Match, street: Match, text: str) -> bool:
    """Whether two matches are the street and the door of one home; one complaint says enough."""
    return (
        match.kind == street.kind == "address"
        and match.certain <= street.certain
        and _TO_DOOR.fullmatch(text, street.end, match.start) is not None
    )


def _complaint(
    match: Match, text: str, location: Location, post: Post, archive: Archive
) -> Iterator[Complaint]:
    published = is_published(match, text, archive, archive.day_of(post))
    if published or match.kind in _exempt(post, archive):
        return
    what, value = PRIVATE_KINDS[match.kind], shown_match(match, text)
    if _refused(match, post, archive):
        yield refuse("private-data-shown {value}", location, say(what=what, value=value), REMEDY)
    else:
        yield note("private-data-possible {value}", location, say(what=what, value=value), REMEDY)


def _refused(match: Match, post: Post, archive: Archive) -> bool:
    if match.kind == "plate" and (
        post.kind == "accident" or (archive.brings(post) and is_about(post, "accident"))
    ):
        return True
    return match.certain and match.kind in archive.parameter("pii.refused", archive.day_of(post))


def is_published(match: Match, text: str, archive: Archive, day: date) -> bool:
    """An office's own number or address, which policy lists."""
    value = fold(text[match.start : match.end]).text
    if match.kind == "email":
        domains = archive.parameter("pii.own_domains", day)
        return value.rpartition("@")[2].endswith(tuple(domains))
    digits = _digits(value)
    numbers = archive.parameter("pii.published_numbers", day)
    return len(digits) > 4 and any(digits == _digits(number) for number in numbers)


def _digits(value: str) -> str:
    return re.sub(r"\D", "", value).removeprefix("86")


def _exempt(post: Post, archive: Archive) -> frozenset[str]:
    """The kinds that the post's exemption allows on its day; some are never exempt."""
    exemption = post.meta.get("pii_exemption")
    if not exemption or exemption["expires_on"] < archive.day_of(post):
        return frozenset()
    never = archive.parameter("pii.never_exempt", archive.day_of(post))
    return frozenset(exemption["fields"]) - frozenset(never)


def _traces(fact: MediaFact) -> Iterator[Complaint]:
    if fact.position:
        yield refuse("file-shows-position", Location(fact.path))
    if fact.author:
        yield note("file-names-author", Location(fact.path))
    if fact.unread:
        yield note("file-not-searched", Location(fact.path))


# 13(3): children are named and shown with a guardian's consent alone.

_CHILD = regex("学生|儿童|小朋友|孩子|幼儿|男孩|女孩|男童|女童|少年|婴儿|宝宝|娃娃")
_DRAWN = regex("图(?![书片])|漫画|卡通|动画|海报|插画|封面|绘画|剪影")
"""What describes no photograph."""
_CONSENT = say(
    "Mask it, like 张某 or a face that cannot be recognised; or enter the guardian's consent under"
    " guardian_consent, with its day and where it is kept."
)


def children_shielded(post: Post, archive: Archive) -> Iterator[Complaint]:  # 13(3)
    """No child is named with school or class, or shown, without a guardian's consent in time."""
    effect = Effect.REFUSE if archive.brings(post) else Effect.NOTE
    consent = post.meta.get("guardian_consent")
    if consent and consent["obtained_on"] > archive.day_of(post):
        location = post.at("guardian_consent", "obtained_on")
        yield Complaint("guardian-consent-late", effect, say(), location)
    yield from () if consent or post.withdrawn else _children(post, effect)


def _children(post: Post, effect: Effect) -> Iterator[Complaint]:
    for passage in passages(post):
        lines, tables = fold(passage.text), flat(passage.text)  # one keeps lines, one reads tables
        reads = (lines,) if tables is lines else (lines, tables)
        starts = {read.span(*at)[0] for read in reads for at in pupils(read.text)}
        for start in sorted(starts):
            message = say(value=f"{passage.text[start]}**")
            location = passage.at(start)
            yield Complaint("child-identified {value}", effect, message, location, _CONSENT)
    for index, entry in enumerate(post.meta.get("media", ())):
        words = entry["alt"]
        if entry.get("minor") == "shown":
            message = say(file=entry["file"])
            location = post.at("media", index, "minor")
            yield Complaint("child-without-consent {file}", effect, message, location, _CONSENT)
        elif "minor" not in entry and _CHILD.search(words) and not _DRAWN.search(words):
            location = post.at("media", index, "alt")
            yield Complaint("child-possible {file}", effect, say(file=entry["file"]), location)


def clean_commit_messages(change: Change, _archive: Archive) -> Iterator[Complaint]:  # 13(3)
    """A commit's message stays in the history for ever, where no revision reaches it."""
    for commit, _, message, _ in change.facts.commits:
        for match in private_data(message):
            if match.certain:
                words = say(
                    commit=commit[:10],
                    what=PRIVATE_KINDS[match.kind],
                    value=shown_match(match, message),
                )
                yield refuse("commit-private-data {commit} {value}", Location(""), words)


def exemption_allowed(post: Post, archive: Archive) -> Iterator[Complaint]:  # 13(3)
    """惩戒公示 or mandatory disclosure: what for, which kinds, until when, who approved it."""
    exemption, day = post.meta["pii_exemption"], archive.day_of(post)
    mandatory = post.meta.get("disclosure") == "mandatory"
    fits = {"penalty": post.kind == "penalty", "mandatory-disclosure": mandatory}
    if not fits[exemption["type"]]:
        yield _refuse("exemption-type-unfit", post, say(), "type")
    never = archive.parameter("pii.never_exempt", day)
    for index, kind in enumerate(exemption["fields"]):
        if kind in never:
            message = say(what=PRIVATE_KINDS[kind])
            yield _refuse("exemption-field-forbidden {what}", post, message, "fields", index)
    yield from _term(post, exemption["expires_on"], day, archive)
    yield from _approved(post, exemption["approved_by"], day, archive)


def _term(post: Post, last: date, day: date, archive: Archive) -> Iterator[Complaint]:
    years = archive.parameter("exemption.max_years", day)
    if last > months_after(day, 12 * years):
        yield _refuse("exemption-too-long", post, say(years=years), "expires_on")
    if last < day:
        yield _refuse("exemption-ended", post, say(), "expires_on")


def _approved(post: Post, approver: PersonId, day: date, archive: Archive) -> Iterator[Complaint]:
    """By the final reviewer; before the final review, by a leader in office."""
    final = archive.approved(post.id, Step.FINAL)
    if final and final.reviewer != approver:
        yield _refuse("exemption-giver-differs", post, say(), "approved_by")
    if not final and not leads(approver, day, archive.registers):
        yield _refuse("exemption-giver-unfit", post, say(person=approver), "approved_by")


def _refuse(name: str, post: Post, message: Message, *route: str | int) -> Complaint:
    return refuse(name, post.at("pii_exemption", *route), message)


def _is_to_come(post: Post, archive: Archive) -> bool:
    """Whether a post is planned and not published yet; any other is public."""
    planned = post.publish_at is not None and not archive.clock.reached(post.publish_at)
    return planned and not archive.publications_of(post.id)


def exemptions_ended(archive: Archive) -> Iterator[Complaint]:  # 13(3)
    """When an exemption is over, the page is de-identified or withdrawn."""
    for post in archive.stating("pii_exemption"):
        exemption = post.meta["pii_exemption"]
        if not exemption or post.withdrawn or _is_to_come(post, archive):
            continue
        last = exemption["expires_on"]
        what = say(post=post.title or post.id, day=say_day(last))
        at, owes = post.at("pii_exemption", "expires_on"), str(post.meta.get("author", ""))
        yield duty("exemption-over", archive, end_of(last), what, at, owes=owes)


# 13(3): a record is public like a post, and stays: no private data in any of its words.


REWRITE = say(
    "Write the record without it: 一名市民 for a name, 138****0000 for a number; the full data"
    " belongs into the office's own system. Then make the commit anew."
)


def clean_records(change: Change, archive: Archive) -> Iterator[Complaint]:  # 13(3)
    """Every string of the plain and signed records and of the reviews that a change brings."""
    day = archive.entry_day
    refused = archive.parameter("pii.refused", day)
    for words in change.words:
        values: set[str] = set()
        for match in private_data(words.text):
            what, value = PRIVATE_KINDS[match.kind], shown_match(match, words.text)
            if value in values or is_published(match, words.text, archive, day):
                continue
            values.add(value)
            if match.certain and match.kind in refused:
                data = "record-private-data {value}", Effect.REFUSE
                yield Complaint(*data, say(what=what, value=value), words.at(match.start), REWRITE)
            elif archive.mode is Mode.CHANGE and words.stored:
                data = "record-private-possible {value}", Effect.NOTE
                yield Complaint(*data, say(what=what, value=value), words.at(match.start), REWRITE)
