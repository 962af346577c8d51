"""Article 10: quality (第十条 真实、准确、及时和适用).

1. An alert states its warning; colour and level belong together (1 red, 2 orange, 3 yellow,
   4 blue), in the text as in the front matter, title and text name no other colour, and it ends
   after it starts. Dates exist and weekdays are theirs, the class of an accident is the one its
   figures make, numbers, days and times of the title and claims listed as facts stand in the text,
   document numbers have their form, a public telephone number serves what it is to be called for;
   common misspellings, slips in common words and of typing are noted. A drill is marked as one
   (`alert.exercise`) and says 演练 in its title; no other warning does. An alert, an order to leave
   a danger that is there, an accident's report or a refuted rumour bears that kind, whatever it
   calls itself, and meets the checks of it. Each public number finds what its own examples say.
   | Human: whether the facts are true; the department of origin answers for them.
   accepted: what a red warning means, told as a tip; a drill of a red warning with 演练 in its
   title.
   violated: a red warning that is issued today, as a notice without its level and times; an
   order to leave at once, as a tip; a drill that is not marked as one; “火灾请拨打118”.
   boundary: a refuted rumour in an answer to a citizen, which is noted; an event of another year.
   next: write the kind that fits and fill in what it asks for.
   accident-class-wrong: The text says {stated}事故, its figures make it {figures}事故. | Check
   deaths, injuries and loss against 国务院令第493号, or correct the class.
   alert-ends-early: The alert ends before it starts. | Correct starts_at or ends_at.
   alert-level-wrong: Level {level} and colour {color} of the alert do not belong together. | Level
   1 is red, 2 orange, 3 yellow, 4 blue: correct the wrong one.
   alert-missing: A post of kind alert states no warning. | Fill in alert with issuer, times, level,
   color and areas.
   alert-text-differs: The text names another colour than the alert. | Correct the text or
   alert.color.
   alert-title-differs: The title names another colour than the alert. | Correct the title or
   alert.color.
   claim-not-in-text: A claim listed under facts does not stand in the text. | Copy the claim from
   the text as it now reads, or remove it.
   date-impossible: There is no such date: {words}. | Correct the date.
   drill-unmarked: This calls itself a drill and would be shown as a warning in force. | Mark it:
   `exercise: true` under `alert`. Is it none: say so in other words.
   drill-unmarked-title: The title does not say 演练, but the alert is marked as a drill. | Begin
   the title with 【演练】; of a warning in force take `exercise` away.
   kind-differs: The post is of the kind {right} (“{words}”, and in the text “{also}”), but kind is
   {kind}. | Write `kind: {right}` and fill in what it asks for. If {kind} is right: `sanshen
   waive`, signed by a section head or a leader.
   kind-unsupported: Nothing in title and text is of the kind {kind}. | Choose the kind that fits.
   level-colour-mismatch: The text calls level {level} of a warning {colour}. | Level 1 is red, 2
   orange, 3 yellow, 4 blue: correct the wrong one.
   number-of-another: {number} is not the number for {purpose}, {right} is: “{words}” |
   title-number-missing: The number {number} of the title does not stand in the text. | Correct one
   of them, or say in the text where the number comes from.
   warning-misranked: A warning is raised to a lower level, or ranked wrongly: {words} | Red is the
   highest, blue the lowest: correct the colours or the verb.
   warning-unlisted: No national scale has this colour or level: {words} | Check it against the
   warning as it was issued; a scale of the province may have it.
   weekday-wrong: {date} is no 星期{stated}, it is 星期{right}. | Correct the date or the weekday.
   word-misspelt: Correct it here, and wherever it comes again.
2. Content still called valid after its last day is noted, and an alert that is planned for after
   its end; content does not end before it begins. That an alert is over is shown from its own
   times. | Human: whether the content is of use.
   accepted: content that is valid until a day to come, or names no day.
   violated: content that expires before it takes effect; one still called valid after its last day
   is noted.
   boundary: its last day; an alert that is planned for the minute at which it ends.
   next: publish a revision with `validity: expired`, or correct the days; of an alert that is over
   say so in the text.
   alert-ended: The alert ends before it is published. | Publish the alert in force, or say in the
   text that it is over.
   validity-backwards: The content expires before it takes effect. | Correct effective_on or
   expires_on.
   validity-ended: The content expired on {day} and is still valid. | Publish a revision with
   validity: expired.
3. There is a text, no HTML in it, and no Markdown that is too much, too deep or repeats a long
   address by reference too often; of a post that stands it is noted. A long title, long sentences
   and long paragraphs are noted, and a summary that only repeats the title.
   | Human: whether theme and language are clear.
   accepted: a short title and a text in plain Markdown.
   violated: a text with `<br>` or a hidden HTML comment.
   boundary: a title of thirty characters, a sentence of eighty, a paragraph of three hundred;
   longer ones are noted.
   next: write it as Markdown and look at it at the desk; divide what is long.
   paragraphs-long: {count} paragraphs are longer than {limit} characters. | Divide them.
   sentences-long: {count} sentences are longer than {limit} characters. | Divide them.
   summary-repeats-title: The summary only repeats the title. | Say in one sentence what the reader
   learns.
   title-wide: The title is {width} characters wide; {limit} are enough. | Shorten the title.
4. Official clichés are noted when a text holds many of them. | Human: tone.
   accepted: a text with one or two clichés.
   violated: three clichés in nine hundred characters, which is noted.
   boundary: three in a thousand characters (quality.cliche_per_thousand).
   next: say who did what and when, and what came of it; the note holds nothing back.
   cliches-many: The text holds {count} clichés: {words}. | Say who did what and when, and what came
   of it.
5. Every picture has an alternative text that is more than its file name, can be read and is of
   the format that its ending says, as are sounds, films and PDFs, and has nothing behind its end;
   a WeChat post without picture, sound, film or link is noted, and one full of emoji, and a film
   without captions.
   | Human: whether the text describes the picture.
   accepted: a picture beside the post, with words that describe it.
   violated: a picture whose alternative text is its file name, or bytes behind its end.
   boundary: a WeChat post with a link alone; one with nothing but text, or with nine emoji
   (quality.emoji_max), is noted, and a film with a transcript but no captions.
   next: describe it between the square brackets; save a damaged file anew as PNG or JPEG.
   emoji-many: The post holds {count} emoji; {limit} are enough. | Leave out those that say nothing.
   file-holds-more: {file} holds something behind the picture's end. | Open it in a picture program
   and save it anew, as PNG or JPEG.
   file-unsound: {file} cannot be read, or is not what its name says. |
   film-without-captions: The film {file} has no captions. | Put a WebVTT file beside it and name
   it: `captions: clip.vtt`.
   illustration-missing: The WeChat post has no picture, sound, film or link. | Add one where it
   helps the reader.
   picture-kind-unfit: Picture {file} is of a kind that no page shows. | Save it as PNG, JPEG, WebP
   or GIF.
   picture-missing: Picture {file} is not in the post's folder. | Put the picture beside post.md;
   pictures from elsewhere are not shown.
   picture-undescribed: Picture {file} has no alternative text. | Describe the picture between the
   square brackets.
6. A link to a heading of the post or to a post of the archive leads to one that is there; none
   leads to a host that policy denies or to a disguised address; plain http and hosts outside
   policy's list are noted. A linked file lies beside the post and is of a kind that is published.
   | Human: whether an outside link opens, and what stands behind it.
   accepted: a link to a ministry's page, or to a post of the archive.
   violated: a link to a bare IP address or to a denied host; a linked file that is not beside the
   post.
   boundary: a host on no list, and plain http, are noted.
   next: link the page itself, put the file beside the post, or leave the link out.
   link-disguised: The address of a link hides its host behind a name or unseen signs. | Link the
   plain address of the page that is meant.
   link-foreign-script: A link's host has letters that may imitate another host. | Link the plain
   address of the page that is meant.
   link-heading-missing: A link leads to a place that is not on the page. | Name a heading of this
   post, or leave the link out.
   link-host-denied: Links to {host} are denied by policy. | Link the page itself, or leave the link
   out.
   link-host-unlisted: The post links to {host}, which is on no list. | Make sure who runs it, or
   have the host entered in policy.
   link-post-missing: A link leads to a post that the archive does not hold. | Correct the id of the
   post, or leave the link out.
   link-to-number: A link leads to a bare IP address. | Link the plain address of the page that is
   meant.
   link-unencrypted: A link leads to {host} without encryption. | Use https if the page can be
   reached by it.
   link-unreadable: The address of a link cannot be read. | Link the plain address of the page that
   is meant.
   linked-file-missing: The linked file {file} is not in the post's folder. | Put the file beside
   post.md, correct its name, or link a whole address.
   linked-file-unfit: The linked file {file} cannot be published. | Save it without password, as
   PDF, .docx, .xlsx, .pptx, .ofd or .csv.
   picture-linked: The picture {file} is linked as a file. | Show it: put an exclamation mark before
   the square bracket.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from unicodedata import east_asian_width
from urllib.parse import unquote

from pipeline.detect import examples, facts, folding, formats, private, terms, titles, vocabulary
from pipeline.detect.alerts import colours_named, strange_warnings, wrong_pairs, wrong_turns
from pipeline.detect.endings import ATTACHED, PICTURES, SHOWN, ending
from pipeline.detect.links import WEB, Target, target, under
from pipeline.detect.post_words import Passage, passages
from pipeline.detect.public_numbers import wrong_numbers
from pipeline.detect.subjects import drill_named, is_about, subjects_of, warns
from pipeline.detect.typography import slips, wrong_document_numbers
from pipeline.detect.words import Hit, lexicon, perhaps, sightings
from pipeline.model.archive import Archive
from pipeline.model.findings import Complaint, Effect, Location, Message, Reason, say, say_day
from pipeline.model.law import ChangeClause, ItemClause, note, published_since, refuse, rule
from pipeline.model.lazy import regex
from pipeline.model.posts import Post, Rendition
from pipeline.model.registers import Registers
from pipeline.model.run import PerRun

# Article 10 with Article 13(1): where the links of a post lead.


FAULTS: Mapping[str, Reason] = {
    "unreadable": ("link-unreadable", say()),
    "disguised": ("link-disguised", say()),
    "number": ("link-to-number", say()),
    "foreign-script": ("link-foreign-script", say()),
}
"""Fault of a target → its name and message."""


def safe_links(post: Post, archive: Archive) -> Iterator[Complaint]:  # 10 链接
    """Every link of what would be published, judged on the rendition of the archive."""
    shown = archive.renditions[(post.id, "archive")]
    for link in shown.links:
        if judged := _judged(target(link.url), post, archive, shown):
            yield Complaint(*judged, Location(post.path, link.line))


def linked_files(post: Post, archive: Archive) -> Iterator[Complaint]:  # 10 链接
    """Links that name a file: one beside the post, of a kind that the site publishes."""
    withheld = {fact.path for fact in post.media if fact.withheld}
    for link in archive.renditions[(post.id, "archive")].attachments:
        path, kind = f"{post.folder}/{link.url}", ending(link.url)
        if path not in post.manifest:
            name = "linked-file-missing {file}"
        elif kind in SHOWN:
            name = "picture-linked {file}"
        elif kind not in ATTACHED or path in withheld:
            name = "linked-file-unfit {file}"
        else:
            continue
        yield refuse(name, Location(post.path, link.line), say(file=link.url))


def _judged(
    to: Target, post: Post, archive: Archive, shown: Rendition
) -> tuple[str, Effect, Message] | None:
    """(name, effect, message) of the gravest fault of a link; None for a sound one."""
    day, (own, listed) = archive.day_of(post), _registered(archive.registers)
    if to.scheme in ("", *WEB) and to.faults:
        name, message = FAULTS[to.faults[0]]
        return name, Effect.REFUSE, message
    if not to.scheme and not to.host:
        return _inside(to, shown)
    if to.scheme not in WEB:
        return None
    if own and to.host == own:
        return _own_page(to, archive)
    if under(to.host, archive.parameter("links.denied_hosts", day)):
        return "link-host-denied {host}", Effect.REFUSE, say(host=to.host)
    allowed = [name for name in archive.parameter("links.allowed_hosts", day) if name]
    if not under(to.host, allowed) and not under(to.host, listed):
        return "link-host-unlisted {host}", Effect.NOTE, say(host=to.host)
    if to.scheme == "http":
        return "link-unencrypted {host}", Effect.NOTE, say(host=to.host)
    return None


def _hosts(registers: Registers) -> tuple[str, tuple[str, ...]]:
    """(host of the archive itself, hosts of the listed sources and of the accounts)."""
    listed = [host for source in registers.sources.values() for host in source.hosts]
    listed += [target(account.url).host for account in registers.accounts.values()]
    own = target(str(registers.policy.archive.get("url", ""))).host
    return own, tuple(name for name in listed if name)


_registered: PerRun[Registers, tuple[str, tuple[str, ...]]] = PerRun(_hosts)


_heading_ids: PerRun[Rendition, frozenset[str]] = PerRun(
    lambda shown: frozenset(name for _, name, _ in shown.headings)
)


def _inside(to: Target, shown: Rendition) -> tuple[str, Effect, Message] | None:
    """A link within the page leads to one of its headings."""
    if unquote(to.fragment) in _heading_ids(shown):
        return None
    return "link-heading-missing", Effect.REFUSE, say()


def _own_page(to: Target, archive: Archive) -> tuple[str, Effect, Message] | None:
    """A link to a post of the archive leads to one that exists."""
    parts = [part for part in to.path.split("/") if part]
    if "posts" not in parts:
        return None
    after = parts[parts.index("posts") + 1 :]
    if len(after) < 2 or after[1].isdigit() or after[1] in archive.post_ids:
        return None
    return "link-post-missing", Effect.REFUSE, say()


# Article 10: pictures and what else a text is illustrated with.


_EMOJI = regex("[\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff\u2600-\u27bf]")


def described_pictures(post: Post, archive: Archive) -> Iterator[Complaint]:  # 10
    """Every picture of the rendition exists and has an alternative text."""
    for image in archive.renditions[(post.id, "archive")].images:
        location = Location(post.path, image.line)
        if f"{post.folder}/{image.file}" not in post.manifest:
            yield refuse("picture-missing {file}", location, say(file=image.file))
        elif ending(image.file) not in SHOWN:
            yield refuse("picture-kind-unfit {file}", location, say(file=image.file))
        if image.alt.strip() in ("", image.file, image.file.rpartition(".")[0]):
            yield refuse("picture-undescribed {file}", location, say(file=image.file))


def captioned_films(post: Post, _archive: Archive) -> Iterator[Complaint]:  # 10
    """Films whose words can be read: the page says of any other that it has no captions."""
    for index, entry in enumerate(post.meta.get("media", ())):
        if ending(entry["file"]) in ("mp4", "webm") and not entry.get("captions", "").endswith(
            ".vtt"
        ):
            message = say(file=entry["file"])
            yield note("film-without-captions {file}", post.at("media", index, "file"), message)


def sound_files(post: Post, archive: Archive) -> Iterator[Complaint]:  # 10
    """Pictures, sounds and papers can be read and are what their names say."""
    for fact in post.media:
        if fact.broken:
            name = fact.path.removeprefix(f"{post.folder}/")
            kind = ending(name)
            remedy = say("Save it anew, in the format of its ending.")
            if kind in PICTURES:
                remedy = say(
                    "Save it anew in a picture program, in the format of its ending, with at most"
                    " {count} megapixels.",
                    count=formats.most_pixels(kind) // 1_000_000,
                )
            yield refuse("file-unsound", Location(fact.path), say(file=name), remedy)


def nothing_behind(post: Post, _archive: Archive) -> Iterator[Complaint]:  # 10
    """No picture with bytes behind its end: no reviewer has seen them."""
    for fact in post.media:
        if fact.trailing:
            name = fact.path.removeprefix(f"{post.folder}/")
            yield refuse("file-holds-more", Location(fact.path), say(file=name))


def illustrated(post: Post, archive: Archive) -> Iterator[Complaint]:  # 10 力求图文并茂
    """A WeChat post has a picture, sound, film or link, and not too many emoji."""
    shown = archive.renditions.get((post.id, "wechat"))
    if shown and not post.withdrawn and not (shown.images or shown.links or post.meta.get("media")):
        yield note("illustration-missing", post.at("accounts"))
    limit = archive.parameter("quality.emoji_max", archive.day_of(post))
    count = len(_EMOJI.findall(post.title)) + len(_EMOJI.findall(post.body))
    if count > limit:
        yield note("emoji-many", Location(post.path, post.body_line), say(count=count, limit=limit))


# Article 10: plain, short and well-written language.


_MARKUP = regex(r"!?\[[^\[\]\n]{0,300}+\]\([^()\n]{0,2000}+\)|https?://[!-~]+|[*_`#>|\s-]")


_SLIPS = frozenset({"misspelling", "appellation"})
"""Categories of listed words that tell a slip."""


def proofread(post: Post, archive: Archive) -> Iterator[Complaint]:  # 10 准确
    """Common misspellings, and slips of typing: the first of each kind in a passage."""
    for sighting in sightings(post, archive, _SLIPS):
        yield sighting.complaint()
    for passage in passages(post):
        kinds = set()
        for slip in slips(passage.text):
            if slip.why not in kinds:
                kinds.add(slip.why)
                remedy = say("Correct it here, and wherever it comes again.")
                yield note(slip.name, passage.at(slip.start), slip.why, remedy)
        yield from _misspelt(passage, archive)


def _misspelt(passage: Passage, archive: Archive) -> Iterator[Complaint]:
    """Common words with a slip, where neither a protected term nor a listed word tells it."""
    errors = tuple(vocabulary.misspelt(passage.text))
    others: list[terms.NearMiss | Hit] = []
    if errors:
        others += terms.protected(archive.registers).find(passage.text)
        hits = lexicon(archive.registers.listed("lexicons")).find(passage.text)
        others += (hit for hit in hits if hit.entry["category"] in _SLIPS)
    for slip in errors:
        if not any(other.start < slip.end and slip.start < other.end for other in others):
            message = perhaps(passage.text[slip.start : slip.end], slip.right)
            yield note("word-misspelt", passage.at(slip.start), message)


def brief(post: Post, archive: Archive) -> Iterator[Complaint]:  # 10 主题鲜明、语言简洁
    """Length of the title; a summary of its own. The schema limits the summary's length."""
    limit = archive.parameter("quality.title_max", archive.day_of(post))
    width = sum(2 if east_asian_width(c) in "WFA" else 1 for c in post.title)
    if width > 2 * limit:
        yield note("title-wide", post.at("title"), say(width=(width + 1) // 2, limit=limit))
    if post.meta["summary"].strip() == post.title.strip():
        yield note("summary-repeats-title", post.at("summary"))
    for parameter, ends, name, text in (
        ("quality.paragraph_max", "|", "paragraphs-long", say()),
        ("quality.sentence_max", "。！？；", "sentences-long", say()),
    ):
        limit = archive.parameter(parameter, archive.day_of(post))
        if long := _long(post, ends, limit):
            message = replace(text, values=(("count", len(long)), ("limit", limit)))
            yield note(name, long[0], message)


def _long(post: Post, ends: str, limit: int) -> list[Location]:
    """Where the parts of the body begin that are too long; `ends`: signs that end a part."""
    return [
        body.at(start)
        for body in passages(post)
        if body.part == "body"
        for start, part in _parts(body.text, ends, limit)
        if len(_MARKUP.sub("", part)) > limit
    ]


def _parts(text: str, ends: str, limit: int) -> Iterator[tuple[int, str]]:
    """(offset, text) of the parts longer than the limit; few texts have any."""
    for sign in ends:
        text = text.replace(sign, "\n")
    parts, start = text.split("\n"), 0
    if max(map(len, parts)) <= limit:
        return
    for part in parts:
        if len(part) > limit:
            yield start, part
        start += len(part) + 1


def showable(post: Post, archive: Archive) -> Iterator[Complaint]:  # 10 主题鲜明
    """There is a text, none of it HTML and none out of proportion: readers would see it as typed.

    What stands is noted: it was reviewed when nothing looked for it (docs/decisions/0031).
    """
    strict = archive.brings(post)
    for problem in archive.renditions[(post.id, "archive")].problems:
        effect = problem.effect if strict else Effect.NOTE
        yield Complaint(problem.name, effect, problem.message, problem.location, problem.remedy)


def few_cliches(post: Post, archive: Archive) -> Iterator[Complaint]:  # 10 切忌官腔套话
    """Clichés per thousand signs, once there are enough of them to count."""
    day, cliches = archive.day_of(post), list(sightings(post, archive, {"cliche"}))
    length = sum(len(p.text) for p in passages(post))
    rate = archive.parameter("quality.cliche_per_thousand", day)
    least = archive.parameter("quality.cliche_min", day)
    if len(cliches) >= least and len(cliches) * 1000 > rate * length:
        words = "、".join(dict.fromkeys(s.hit.words for s in cliches))
        message = say(count=len(cliches), words=words)
        yield note("cliches-many", Location(post.path, post.body_line), message)


# Article 10: the kind of a post against what it is about, on which its other checks rest.

OWN = {
    "accident": regex("事故|火|爆|塌|漏|中毒|溺|坠|伤|亡|险情"),
    "rumor": regex("谣|不实|不属实|虚假|假|误传|网传"),
}
"""Kind → what a post of that kind has somewhere in its words; of an alert many signs say it."""


def kind_fits(post: Post, archive: Archive) -> Iterator[Complaint]:  # 10 真实、准确
    """An alert, an accident or a refuted rumour under another kind, and the other way round.

    What stands is noted (docs/decisions/0049, 0063).
    """
    about, location = subjects_of(post), post.at("kind")
    for subject in () if any(s.kind == post.kind for s in about) else about:
        message = say(
            right=subject.kind,
            words=subject.words,
            also=private.quoted(subject.also, 0, len(subject.also)),
            kind=post.kind,
        )
        answers = subject.kind == "rumor" and post.kind == "reply"  # an answer may refute, too
        strict = archive.brings(post) and subject.certain and not answers
        effect = Effect.REFUSE if strict else Effect.NOTE
        words = subject.words
        yield Complaint("kind-differs {right} {words}", effect, message, location, waivable=words)
    own = OWN.get(post.kind)
    is_so = own.search(f"{post.title}\n{post.body}") if own else post.kind != "alert" or warns(post)
    if not (is_so or post.withdrawn or post.drill):
        yield note("kind-unsupported", location, say(kind=post.kind))


# Article 10: facts of a text against one another (真实、准确).


_LIKE = say("Write it as 国办发〔2018〕123号.")
_FILLING = regex(r"[\s*_`]+")


def consistent_facts(post: Post, archive: Archive) -> Iterator[Complaint]:  # 10 真实、准确
    """Dates, warnings, document numbers, the class of an accident, numbers, listed claims.

    What stands is noted: detectors learn to read what older ones passed (docs/decisions/0031).
    """
    effect = Effect.REFUSE if archive.brings(post) else Effect.NOTE
    for passage in passages(post):
        yield from _dates(passage, post, archive, effect)
        yield from _levels(passage, effect)
        for number in wrong_document_numbers(passage.text):
            yield note(number.name, passage.at(number.start), number.why, _LIKE)
        yield from _classes(passage, effect if is_about(post, "accident") else Effect.NOTE)
    for number in wrong_document_numbers(str(post.meta.get("doc_no", ""))):
        yield note(number.name, post.at("doc_no"), number.why, _LIKE)
    yield from _title_numbers(post)
    yield from _claims(post)


def right_numbers(post: Post, archive: Archive) -> Iterator[Complaint]:  # 10 真实、准确
    """Public telephone numbers serve what the text has them called for."""
    effect = Effect.REFUSE if archive.brings(post) else Effect.NOTE
    stated = archive.parameter("pii.published_numbers", archive.day_of(post))
    own = {"".join(filter(str.isdigit, number)) for number in stated}
    for passage in passages(post):
        for wrong in wrong_numbers(passage.text, archive.registers.listed("public-numbers"), own):
            words = " ".join(passage.text[wrong.start : wrong.end].split())
            message = say(
                number=wrong.number, purpose=wrong.purpose["for"], right=wrong.right, words=words
            )
            remedy = say("Correct the number; if it is right all the same: `sanshen waive`, signed"
                         " by a section head or a leader.") if wrong.urgent else say(
                         "Correct the number. One that the bureau itself publishes belongs into the"
                         " parameter pii.published_numbers; if it is right all the same: `sanshen"
                         " waive`, signed by a section head or a leader.")  # fmt: skip
            location = passage.at(wrong.start)
            yield Complaint("number-of-another", effect, message, location, remedy, waivable=words)


def _dates(passage: Passage, post: Post, archive: Archive, effect: Effect) -> Iterator[Complaint]:
    for wrong in facts.wrong_dates(passage.text, archive.day_of(post)):
        words = passage.text[wrong.start : wrong.end]
        if wrong.meant is None:
            name, message = "date-impossible", say(words=words)
        else:
            name = "weekday-wrong"
            message = say(date=say_day(wrong.meant), stated=wrong.stated, right=wrong.right)
        yield Complaint(name, effect, message, passage.at(wrong.start), waivable=words)


def _levels(passage: Passage, effect: Effect) -> Iterator[Complaint]:
    for pair in wrong_pairs(passage.text):
        message = say(level=pair.level, colour=pair.colour)
        words = passage.text[pair.start : pair.end]
        location = passage.at(pair.start)
        yield Complaint("level-colour-mismatch", effect, message, location, waivable=words)
    for start, end in wrong_turns(passage.text):
        words = passage.text[start:end]
        location = passage.at(start)
        yield Complaint("warning-misranked", effect, say(words=words), location, waivable=words)
    for start, end in strange_warnings(passage.text):
        yield note("warning-unlisted", passage.at(start), say(words=passage.text[start:end]))


def _classes(passage: Passage, certain: Effect) -> Iterator[Complaint]:
    """Only the report of an accident is refused: elsewhere figures may be those of several."""
    for wrong in facts.wrong_classes(passage.text):
        message = say(stated=wrong.stated, figures=wrong.figures)
        effect = certain if wrong.certain else Effect.NOTE
        words = passage.text[wrong.start : wrong.end]
        location = passage.at(wrong.start)
        yield Complaint("accident-class-wrong", effect, message, location, waivable=words)


def _title_numbers(post: Post) -> Iterator[Complaint]:
    """Not of a withdrawn post, which keeps its title without the text."""
    for start, end in () if post.withdrawn else titles.missing_claims(post.title, post.body):
        message = say(number=post.title[start:end])
        yield note("title-number-missing {number}", post.at("title"), message)


def _claims(post: Post) -> Iterator[Complaint]:
    """Each claim listed with its source stands in the text."""
    claims = () if post.withdrawn else post.meta.get("facts", ())
    text = _FILLING.sub("", folding.fold(post.body).text) if claims else ""
    for index, fact in enumerate(claims):
        if _FILLING.sub("", folding.fold(fact["claim"]).text) not in text:
            yield refuse("claim-not-in-text", post.at("facts", index, "claim"))


# Article 10: a warning against itself, and the time for which content holds.


COLORS = {"red": (1, "红"), "orange": (2, "橙"), "yellow": (3, "黄"), "blue": (4, "蓝")}
"""突发事件应对法: levels one to four are marked red, orange, yellow and blue."""


def consistent_alert(post: Post, archive: Archive) -> Iterator[Complaint]:  # 10
    """A warning's parts against one another and against the title and the text."""
    alert = post.meta.get("alert")
    if alert is None:
        if post.kind == "alert" and not post.withdrawn:
            yield refuse("alert-missing", post.at("kind"))
        return
    level, character = COLORS[alert["color"]]
    if alert["level"] != level:
        location = post.at("alert", "level")
        yield refuse("alert-level-wrong", location, say(level=alert["level"], color=alert["color"]))
    other = Effect.REFUSE if archive.brings(post) else Effect.NOTE
    in_title = set(colours_named(post.title))
    if in_title and character not in in_title:
        yield Complaint("alert-title-differs", other, say(), post.at("title"))
    in_text = set(colours_named(post.body))
    if in_text and character not in in_text:
        location = Location(post.path, post.body_line)
        yield Complaint("alert-text-differs", other, say(), location)
    if alert["ends_at"] <= alert["starts_at"]:
        location = post.at("alert", "ends_at")
        yield refuse("alert-ends-early", location)


def drill_marked(post: Post, archive: Archive) -> Iterator[Complaint]:  # 10 真实
    """A drill bears its mark and says so in the title; what says so is no warning in force."""
    if post.withdrawn or not post.meta.get("alert"):
        return
    word = drill_named(post.title)
    if post.drill and not (word and "演练" in post.title):
        yield refuse("drill-unmarked-title", post.at("title"))
    if not post.drill and (word or drill_named(post.body, title=False)):
        effect = Effect.REFUSE if archive.brings(post) else Effect.NOTE
        yield Complaint("drill-unmarked", effect, say(), post.at("title"))


def in_force(post: Post, archive: Archive) -> Iterator[Complaint]:  # 10
    """Dates of validity."""
    starts, ends = post.meta.get("effective_on"), post.meta.get("expires_on")
    if starts and ends and ends < starts:
        yield refuse("validity-backwards", post.at("expires_on"))
    valid = post.meta.get("validity", "valid") == "valid"
    if ends and valid and archive.clock.day_passed(ends):
        yield note("validity-ended", post.at("expires_on"), say(day=say_day(ends)))
    alert = post.meta.get("alert")
    if alert and post.publish_at and alert["ends_at"] < post.publish_at:
        yield note("alert-ended", post.at("alert", "ends_at"))


_media_checked = published_since("media.checked_from")

RULE = rule(
    ItemClause(1, consistent_alert, ("kind", "title")),
    ItemClause(1, drill_marked, ("title",)),
    ItemClause(1, kind_fits, ("kind", "title")),
    ItemClause(1, consistent_facts, ("title",)),
    ItemClause(1, right_numbers),
    ItemClause(1, proofread),
    ChangeClause(1, examples.examples_hold(examples.failed_numbers), always=True),
    ItemClause(2, in_force),
    ItemClause(3, brief, ("title", "summary")),
    ItemClause(3, showable),
    ItemClause(4, few_cliches),
    ItemClause(5, described_pictures),
    ItemClause(5, captioned_films),
    ItemClause(5, sound_files),
    ItemClause(5, nothing_behind, applies=_media_checked),
    ItemClause(5, illustrated),
    ItemClause(6, safe_links),
    ItemClause(6, linked_files, applies=_media_checked),
)
