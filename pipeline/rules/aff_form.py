"""Annex: the approval form (附件 六安市应急局信息发布审批表).

0. A filed form is named for its day or its item and bears the number made from them; that every
   published item has its form is judged with 9. | Human: nothing.
   accepted: the form of 3 November, filed as 2026-11-03 under the number made from that day.
   violated: a form that bears another number or the name of another day.
   boundary: the second form of a day, as 2026-11-03-2; a form of one item bears the name of that
   item.
   next: `sanshen file` writes name and number; a wrong one is filed again with `--replaces` and
   `--reason`.
   form-misnamed: The record is not named for its {subject}. |
   form-number-wrong: The number of the filed form is not {number}. |
1. The post names at least one known account; a platform without a box on the form is noted. What
   stands behind each box can be published there: the channel refuses nothing of the rendition, and
   a recorded publication was given the words that are rendered. | Human: nothing.
   accepted: a post for WeChat and Weibo, which both can show.
   violated: a post without a known account, or one that a channel refuses.
   boundary: one known account beside an app, for which the form has no box: noted.
   next: name an account of the register; `sanshen render POST --for wechat` shows what the channel
   refuses.
   accounts-unknown: The form has no account to tick. | Name at least one account of the register.
   form-box-missing: The form has no box for account {account}. | Nothing to do; it is printed under
   other.
   words-differ-carried: Account {account} was given other words than are rendered now. | Compare
   the platform's text by `sanshen drift`.
2. The planned time has come, and the id of the post begins with its day; a publication before it
   is noted, a later one is in order: the form bears the day of the first. An account carries a
   revision once. | Human: nothing.
   accepted: published at the planned time, or on a later day.
   violated: an id that does not begin with the planned day; an account that carries a revision
   twice.
   boundary: a time to come, until it has come; what went out before it is noted.
   next: wait for the time; after midnight publish and record the true time, whose day the form
   bears; of a record of nothing: `--supersedes … --void`.
   post-id-misdated: The id of the post does not begin with its day, {day}. | Rename the folder, or
   correct publish_at.
   publication-planned: The post is to be published at {time}, a time to come. | Nothing to do: wait
   for that time.
   published-before-planned: Account {account} carried the post at {actual}, before the planned
   {time}. | What is true stays recorded; keep to the planned time from now on.
   revision-carried-twice: Account {account} carried revision {n} twice under one review. | Have a
   new revision reviewed, or take the wrong record back by --void.
3. Every channel can carry the title, and every publication of the present revision carries the
   title of the form. | Human: whether the platform shows it.
   accepted: the title of the form on every account.
   violated: another title on one account, or one that the channel cuts off.
   boundary: an earlier revision that was published under its own title.
   next: correct the title on the platform; one that is too long becomes shorter in a new revision.
   carried-other-title: Account {account} carries another title than the form. | Correct the title
   on the platform, or record it as it stands there.
4. The form can say whether the post is original, a reprint or a forward, and name its source.
   | Human: nothing.
   accepted: an original post, or a reprint with the name of its source.
   violated: a reprint without source, or of a source without a name.
   boundary: an unlisted source that the post itself names.
   next: fill in `source.name`, or have the source entered in sources.yml.
   form-source-missing: The form has no source to print. | Fill in source.
   form-source-nameless: Source {source} has no name to print. | Fill in source.name, or have the
   source entered in sources.yml.
5. A published post that is changed has the record of its correction, and a withdrawn one the record
   of its withdrawal; a record comes with the revision that it tells of, and is not changed after
   that was confirmed. Accounts that carried what is corrected or updated are to carry that, too. |
   Human: whether the reason is the true one.
   accepted: a second revision with the record of its correction.
   violated: a second revision of a published post without such a record.
   boundary: a post that was never public needs no record; that of a withdrawn post is of the kind
   withdrawal.
   next: write the record of the correction with the true reason, before the reviews; once
   confirmed, raise `revision` by one; publish it on each account that carried the first.
   change-uncarried: Change what the account shows. Where it cannot change what it sent, send a new
   item that says so. Then record it: “To publish”, or `sanshen publish POST --account …`. If it
   was taken down there, record that: “To publish”, or `sanshen publish POST --supersedes PATH
   --removed-at TIME --removed-by … --reason …`.
   event-in-future: {key} lies in the future. | Correct it, or record it when it has happened.
   record-after-review: Revision {n} was confirmed before this record told of it. |
   record-other-revision: The record tells of revision {n}, the post is of revision {m}. |
   withdrawal-unrecorded: The post is withdrawn, but its record is of another kind. | Set the kind
   of the record to withdrawal.
6. A filed form lists items of its own day, or one item, as policy says; a post stands on one form
   alone, with the bytes that were confirmed. | Human: that the paper lists the same items.
   accepted: a form that lists the items of its day with the confirmed bytes.
   violated: an item of another day, or a post on two forms.
   boundary: a form that another one replaced does not count; an earlier revision stays on its form.
   next: file it again as it should be: `sanshen file DAY --replaces NAME --reason …`.
   form-item-misplaced: Item {post} does not belong on this form. |
   form-item-twice: The post stands on several filed forms: {names}. |
   form-items-many: A form of one item lists {count}. |
   form-other-bytes: The filed form lists other bytes than were confirmed. |
7. A form signed in ink has its scan beside the record, and the stored bytes are those named there;
   signatures by key are judged with Article 11. | Human: whose hand signed the paper.
   accepted: a form signed in ink with its scan.
   violated: a form signed in ink without a scan, or with another file than the record names.
   boundary: a form signed by keys, which needs no scan.
   next: scan the paper and file it again: `sanshen file DAY --scan FILE --replaces NAME --reason
   …`.
   form-scan-differs: The stored scan is not the one that the record names. | Store the scan as it
   was made, under the name that the record gives.
   form-scan-missing: The form is signed in ink, but there is no scan of it. | Scan the signed paper
   and file it beside the record.
8. The form is filled in with the first review, on the day of publication or before; a later day on
   the paper is told by the audit, a day between noted. | Human: whether the day on the paper is
   true.
   accepted: a form filled in before the post went out.
   violated: a form filled in on the day after the publication.
   boundary: filled in on the day of publication but after the day of the first review: noted.
   next: write the true day and explain it in a record of rectification; a past day cannot be
   mended.
   form-after-publication: The form was filled in on {day}, after the publication. | It cannot be
   mended; fill in the next one before it is out.
   form-after-review: The form was filled in on {day}, after the first review. | Fill it in with the
   first review.
   review-after-publication: The first review, which fills in the form, came after the publication.
   | Review before publishing.
9. A form is filed within the days that policy gives, on a day that can be, and its record is never
   changed or removed. | Human: whether the paper lies where the record says.
   accepted: a form filed two days after the publication.
   violated: no form on the thirty-first day, or a filed form that is changed.
   boundary: the thirtieth day (form.archive_days); from the eighth the report says that it is still
   out.
   next: file it now with its true day: `sanshen file DAY --in PLACE --by PERSON`; a wrong one is
   replaced, never changed.
   filed-before-filled: The form was filed before it was filled in. |
   filed-form-changed: A filed form is changed. |
   filed-form-removed: A filed form is removed. |
   filing-day-unfit: The day of filing does not lie between the form's day and today. |
10. The record keeps the form at least as long as policy says. | Human: that it is kept so long.
   accepted: a form kept for thirty years where policy asks for ten.
   violated: a form kept for ten years where policy asks for thirty, which is noted.
   boundary: as long as policy says (archive.retention).
   next: file it again with the longer period: `sanshen file DAY --retention … --replaces NAME
   --reason …`.
   retention-differs: The form is kept for {given}; policy asks for {asked}. |
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from pipeline.model import forms
from pipeline.model.archive import Archive, Change, Mode
from pipeline.model.calendar import local_date, minute
from pipeline.model.channels import channel_of
from pipeline.model.duties import duty, end_of
from pipeline.model.evidence import Approvals, Step
from pipeline.model.findings import Complaint, Effect, Location, Reason, say, say_day
from pipeline.model.ids import PostId
from pipeline.model.law import ChangeClause, ItemClause, PeriodClause, note, refuse, reviewed, rule
from pipeline.model.part import program
from pipeline.model.posts import ChannelProblem, Post, manifest_digest
from pipeline.model.records import Fact, Publication, behind, filed_under

# Annex: the signed form is filed in the archive, unchanged, for as long as policy says.


Check = Callable[[Fact, Archive], Iterator[Complaint]]
REPLACE = say("File the form again under another name, with `replaces` and `reason`.")


def entering(check: Check) -> Callable[[Change, Archive], Iterator[Complaint]]:
    """The check on every filing that a change brings."""

    def gate(change: Change, archive: Archive) -> Iterator[Complaint]:
        new = {
            e.path for e in change.entries if e.status != "D" and e.path.startswith(forms.FOLDER)
        }
        for day in sorted({path.rpartition("/")[2][:10] for path in new}):
            for filing in forms.filings_on(archive, day):
                if filing.path in new:
                    yield from check(filing, archive)

    return gate


def standing(check: Check) -> Callable[[Archive], Iterator[Complaint]]:
    """The check on every filing in force."""
    return lambda archive: (c for filing in forms.filings(archive) for c in check(filing, archive))


def numbered(filing: Fact, archive: Archive) -> Iterator[Complaint]:  # annex, 编号
    """The record's name and number are those of the form."""
    subject = forms.subject_of(filing)
    if filing.id != subject and not filing.id.startswith(f"{subject}-"):
        yield refuse("form-misnamed", filing.at(), say(subject=subject), REPLACE)
    own = forms.form_number(archive.registers.policy.code_of(filing.id), filing.id)
    if filing["number"] != own:
        yield refuse("form-number-wrong", filing.at("number"), say(number=own), REPLACE)


def items_of_a_day(filing: Fact, archive: Archive) -> Iterator[Complaint]:  # annex, 各行
    """One form lists items of one day, or one item, as policy says."""
    items, day = [i["post"] for i in filing["items"]], forms.subject_of(filing)[:10]
    by_item = archive.parameter("form.granularity", date.fromisoformat(day)) == "item"
    if len(items) > 1 and (by_item or "post" in filing.value):
        yield refuse("form-items-many", filing.at("items"), say(count=len(items)), REPLACE)
    for index, post in enumerate(items):
        days = forms.form_days(archive, post)
        strange = post != filing["post"] if "post" in filing.value else day not in days
        if strange or post not in archive.post_ids:
            message = say(post=post)
            yield refuse("form-item-misplaced {post}", filing.at("items", index), message, REPLACE)


def listed_once(post: Post, archive: Archive) -> Iterator[Complaint]:  # annex, 各行
    """A post stands on one form, with the bytes that were confirmed."""
    if not archive.publications_of(post.id):
        return  # an unpublished post is on no form; no record is read for it
    filed, approvals = forms.filings_of(archive, post.id), archive.approvals[post.id]
    if len(filed) > 1:
        names = ", ".join(f.id for f in filed)
        yield refuse("form-item-twice", filed[1].at("items"), say(names=names), REPLACE)
    confirmed = _confirmed(post, approvals)
    for filing in filed:
        for index, item in enumerate(filing["items"]):
            if item["post"] == post.id and (item["revision"], item["manifest"]) not in confirmed:
                cause = approvals.broken_at if item["revision"] == post.revision else ""
                where = filing.at("items", index)
                yield refuse("form-other-bytes", where, remedy=REPLACE, cause=cause)


def _confirmed(post: Post, approvals: Approvals) -> set[tuple[int, str]]:
    """(revision, manifest digest) of every confirmation there was."""
    now = approvals.approved(Step.CONFIRM)
    reviews = (*approvals.earlier, *((now,) if now else ()))
    return {
        (r.revision, manifest_digest(post.folder, r.manifest))
        for r in reviews
        if (r.step, r.decision) == (Step.CONFIRM, "approve")
    }


def ink_scanned(filing: Fact, archive: Archive) -> Iterator[Complaint]:  # annex, （签字）
    """A form signed in ink has its scan stored, byte for byte."""
    scan = filing.get("scan")
    if scan is None:
        if filing["signature"] == "wet":
            location = filing.at("signature")
            yield refuse("form-scan-missing", location)
        return
    path = f"{filing.document.path.rpartition('/')[0]}/{scan['file']}"
    stored = {s.id: s["sha256"] for s in filed_under(archive.records(forms.SCANS), scan["file"])}
    if stored.get(path) != scan["sha256"]:
        location = filing.at("scan", "sha256")
        yield refuse("form-scan-differs", location)


def filled_in_time(post: Post, archive: Archive) -> Iterator[Complaint]:  # annex, 注：当日
    """The form is filled in on the day of publication, by the first reviewer."""
    publications = archive.publications_of(post.id)
    carried = [local_date(p.published_at) for p in publications]
    review = archive.approvals[post.id].approved(Step.FIRST)
    if not carried or review is None:
        return
    first, reviewed = min(carried), local_date(review.signed_at)
    for filing in forms.filings_of(archive, post.id):
        filled = filing.get("filled_on")
        if filled and filled > first:
            yield _late(filing, Effect.NOTE)
        elif filled and filled > reviewed and post.revision == 1:
            yield note("form-after-review", filing.at("filled_on"), say(day=filled))
    if reviewed > first and post.revision == 1:
        # What went out before its reviews, ordered or not, Article 11 judges.
        stated = post.meta.get("emergency") or any(p.unconfirmed for p in publications)
        effect = Effect.NOTE if stated else Effect.REFUSE
        yield Complaint("review-after-publication", effect, say(), Location(review.path))


def filled_late(archive: Archive) -> Iterator[Complaint]:  # annex, 注：当日
    """A form filled in late by its own date: refused until its filing is overdue, then noted."""
    for filing in forms.filings(archive):
        carried = [p for i in filing["items"] for p in archive.publications_of(i["post"])]
        first = min((local_date(p.published_at) for p in carried), default=date.max)
        if (filled := filing.get("filled_on", first)) > first:
            days = archive.parameter("form.archive_days", filled)
            over = archive.clock.day_passed(filled + timedelta(days=days))
            yield _late(filing, Effect.NOTE if over else Effect.REFUSE)


def _late(filing: Fact, effect: Effect) -> Complaint:
    day = say_day(filing["filled_on"])
    where = filing.at("filled_on")
    return Complaint("form-after-publication", effect, say(day=day), where, waivable=filing.id)


def filed_in_time(archive: Archive) -> Iterator[Complaint]:  # annex, 签字后归档
    """Every published item stands on a filed form within the days that policy gives."""
    yield from standing(filed_truly)(archive)
    listed = {i["post"] for f in forms.filings(archive) for i in f["items"]}
    waiting: defaultdict[date, dict[str, tuple[str, str]]] = defaultdict(dict)
    first: dict[str, tuple[date, str, str]] = {}
    for carried in archive.publications:
        day = local_date(carried.published_at)
        due = carried.post in archive.post_ids or not carried.unconfirmed
        if due and carried.post not in listed and day >= archive.registers.policy.since:
            this = (day, carried.path, carried.operator)
            first[carried.post] = min(first.get(carried.post, this), this)
    for post, (day, path, operator) in first.items():
        waiting[day][post] = path, operator
    for day, posts in sorted(waiting.items()):
        yield _unfiled(day, posts, archive)


def _unfiled(day: date, posts: dict[str, tuple[str, str]], archive: Archive) -> Complaint:
    path, operator = min(posts.values())
    early, late = (
        day + timedelta(days=archive.parameter(name, day))
        for name in ("form.archive_note_days", "form.archive_days")
    )
    values = {"day": say_day(day), "count": len(posts), "late": say_day(late)}
    what = say("The form of {day} ({count} items) is to be filed by {late}.", **values)
    if archive.clock.day_passed(early):
        what = say(
            "The form of {day} ({count} items) is still not filed; {late} is last.", **values
        )
    remedy = say(
        "`sanshen file {day} --in PLACE --by PERSON` writes the record.", day=day.isoformat()
    )
    due, at = end_of(late), Location(path)
    return duty("form-filing-due {day}", archive, due, what, at, remedy, operator)


def filed_truly(filing: Fact, archive: Archive) -> Iterator[Complaint]:  # annex, 签字后归档
    """The day of filing is not before the form's day, nor before it was filled in, nor to come."""
    day = date.fromisoformat(forms.subject_of(filing)[:10])
    filed = filing["filed_on"]
    if filed < day or not archive.clock.day_reached(filed):
        yield refuse("filing-day-unfit", filing.at("filed_on"), remedy=REPLACE)
    if filing.get("filled_on", filing["filed_on"]) > filing["filed_on"]:
        yield refuse("filed-before-filled", filing.at("filled_on"), remedy=REPLACE)


def unchanged(change: Change, archive: Archive) -> Iterator[Complaint]:  # annex, 归档
    """A filed form is never changed or removed; a wrong one is replaced by another."""
    yield from entering(filed_truly)(change, archive)
    for entry in change.entries:
        if entry.path.startswith(forms.FOLDER) and entry.status != "A":
            name, message = "filed-form-changed", say()
            if entry.status == "D":
                name, message = "filed-form-removed", say()
            yield refuse(name, Location(entry.path), message, REPLACE)


def retained(filing: Fact, archive: Archive) -> Iterator[Complaint]:  # annex, 保管期限
    """The retention period is at least that of policy."""
    asked = archive.parameter("archive.retention", filing["filed_on"])
    if forms.RETENTIONS.index(filing["retention"]) < forms.RETENTIONS.index(asked):
        message = say(given=filing["retention"], asked=asked)
        yield note("retention-differs", filing.at("retention"), message, REPLACE)


# Annex, 备注: what changed since the public saw a post, and who reviewed the words for it.


CORRECTIONS = "content/records/corrections/"


def corrections_recorded(post: Post, archive: Archive) -> Iterator[Complaint]:  # annex, 备注
    """A published post that changes has a record of the change."""
    settled = _settled_before(post, archive)
    if settled is None:
        return
    records = [c for c in archive.corrections_of(post.id) if c.revision == post.revision]
    if not records:
        remedy = say("Add the record of the correction, update, withdrawal or expiry:"
                     " content/records/corrections/{year}/{post}.r{n}.yml", year=post.id[:4],
                     post=post.id, n=post.revision)  # fmt: skip
        name, message = settled
        yield refuse(name, post.at("revision"), message, remedy)
    elif post.withdrawn and all(c.kind != "withdrawal" for c in records):
        yield refuse("withdrawal-unrecorded", records[0].document.locate("kind"))


def _settled_before(post: Post, archive: Archive) -> Reason | None:
    """What a revision without a record does to an earlier one that was published, or confirmed for
    publication."""
    approvals, n = archive.approvals.get(post.id), post.revision
    if any(p.revision < n for p in archive.publications_of(post.id)):
        message = say("Revision {n} changes a published post without a record.", n=n)
        return "change-unrecorded", message
    if any(
        (r.step, r.decision) == (Step.CONFIRM, "approve") and r.revision < n
        for r in (approvals.earlier if approvals else ())
    ):
        message = say(
            "Revision {n} changes a post that was confirmed for publication, without a record.", n=n
        )
        return "change-unrecorded", message
    return None


def corrections_carried(archive: Archive) -> Iterator[Complaint]:  # annex, 备注
    """An account that carried what was corrected or updated since carries the new revision."""
    newest = {c.post: c for c in sorted(archive.corrections, key=lambda c: c.revision)}
    for c in newest.values():
        carried, due = archive.publications_of(c.post), end_of(c.changed_on)
        for account in behind(carried, c.revision) if c.kind in ("correction", "update") else ():
            what = say("{account} shows “{title}” as it was before revision {n} of {day}.",
                       account=archive.registers.called(account), title=carried[0].title,
                       n=c.revision, day=say_day(c.changed_on))  # fmt: skip
            at = c.document.locate("revision")
            yield duty("change-uncarried", archive, due, what, at, None, account, Effect.NOTE)


def corrections_reviewed(change: Change, archive: Archive) -> Iterator[Complaint]:  # annex, 备注
    """A record comes with its revision: its words stand on the post's page, and words added later
    would be published without a review."""
    brought = {e.path for e in change.entries if e.status == "A"}
    for path in sorted(e.path for e in change.entries if e.status != "D"):
        if not path.startswith(CORRECTIONS):
            continue
        post = archive.posts.get(PostId(path.rpartition("/")[2].rpartition(".r")[0]))
        records = archive.corrections_of(post.id) if post else ()
        record = next((c for c in records if c.path == path), None)
        if post is None or record is None:
            continue  # of an erased post, or refused where it is read
        confirm = archive.approvals[post.id].approved(Step.CONFIRM)
        location = record.document.locate("revision")
        remedy = say("Raise `revision` by one, and record with it what is to be told.")
        if record.revision != post.revision:
            message = say(n=record.revision, m=post.revision)
            yield refuse("record-other-revision", location, message, remedy)
        elif confirm is not None and confirm.path not in brought:
            yield refuse("record-after-review", location, say(n=record.revision), remedy)
        elif record.changed_on > archive.entry_day:
            effect = Effect.HOLD if archive.mode is Mode.CHANGE else Effect.REFUSE
            where = record.document.locate("changed_on")
            yield Complaint("event-in-future {key}", effect, say(key="changed_on"), where)


JUDGED_ELSEWHERE = ("image-missing {file}", "image-undescribed")
"""Problems of every channel alike, which R10-5 judges once."""
TITLES = ("title-missing", "title-long", "title-wide", "title-cut")
"""Problems of a channel with the title."""


def boxes(post: Post, archive: Archive) -> Iterator[Complaint]:  # annex, 信息发布类别
    """The boxes to tick, and whether each channel can publish the post."""
    channels = archive.parameter("form.channels", archive.day_of(post))
    accounts = archive.registers.accounts
    if not any(name in accounts for name in post.accounts):
        cause = archive.registers.unread_path("accounts")
        yield refuse("accounts-unknown", post.at("accounts"), cause=cause)
    for index, name in enumerate(post.accounts):
        if name in accounts and accounts[name].platform not in channels:
            yield note("form-box-missing {account}", post.at("accounts", index), say(account=name))
    for channel, problem in _problems(post, archive):
        if problem.name not in (*TITLES, *JUDGED_ELSEWHERE):
            yield _problem(channel, problem)
    yield from _other_renditions(post, archive)


def _problems(post: Post, archive: Archive) -> Iterator[tuple[str, ChannelProblem]]:
    """What the channels of the post's accounts refuse; a missing rendition raises."""
    accounts = archive.registers.accounts
    platforms = {accounts[name].platform for name in post.accounts if name in accounts}
    for channel in program().channels:
        if channel in platforms:
            for problem in archive.renditions[post.id, channel].problems:
                yield channel, problem


def _problem(channel: str, problem: ChannelProblem) -> Complaint:
    own = problem.name, problem.effect, problem.message, problem.location, problem.remedy
    plain = Complaint(*own)
    message = say("On {channel}: {what}", channel=channel, what=problem.message)
    return replace(plain, message=message, about=f"{channel} {plain.about}".rstrip())


def _other_renditions(post: Post, archive: Archive) -> Iterator[Complaint]:
    """Publications that were made from another rendering of the same bytes."""
    for carried in archive.publications_of(post.id):
        account = archive.registers.accounts.get(carried.account)
        if account and carried.rendition and carried.revision == post.revision:
            made = archive.renditions.get((post.id, channel_of(account.platform)))
            if made and made.digest != carried.rendition:
                message = say(account=account.name)
                yield note("words-differ-carried", Location(carried.path), message)


def planned_day(post: Post, archive: Archive) -> Iterator[Complaint]:  # annex, 发布日期
    """The planned time against now, the post's id and its publications: it is the earliest time.

    The form's own day is that of the first publication, whatever day that is.
    """
    planned = post.meta["publish_at"]
    day, location = local_date(planned).isoformat(), post.at("publish_at")
    if archive.mode is not Mode.DRAFT and not archive.clock.reached(planned):
        yield Complaint("publication-planned", Effect.HOLD, say(time=minute(planned)), location)
    if post.id[:10] != day:
        yield refuse("post-id-misdated", location, say(day=day))
    publications = archive.publications_of(post.id)
    for publication in publications:
        if publication.revision == post.revision and publication.published_at < planned:
            message = say(
                account=archive.registers.name_of(publication.account),
                actual=minute(publication.published_at),
                time=minute(planned),
            )
            yield note("published-before-planned", Location(publication.path), message)
    yield from _carried_twice(publications, archive)


def _carried_twice(publications: Sequence[Publication], archive: Archive) -> Iterator[Complaint]:
    """A publication closes its review: a revision goes out once per account (threats A24)."""
    seen: dict[tuple[str, int], datetime | None] = {}
    for carried in sorted(publications, key=lambda p: (p.published_at, p.path)):
        one = carried.account, carried.revision
        gone = seen.get(one)
        if one in seen and not (gone and gone <= carried.published_at):
            message = say(account=archive.registers.name_of(carried.account), n=carried.revision)
            yield refuse("revision-carried-twice", Location(carried.path), message)
        seen[one] = carried.removed_at


def same_title(post: Post, archive: Archive) -> Iterator[Complaint]:  # annex, 信息标题
    """Published titles are that of the form, and every channel can carry it."""
    for channel, problem in _problems(post, archive):
        if problem.name in TITLES:
            yield _problem(channel, problem)
    broken_at = archive.approvals[post.id].broken_at if post.id in archive.approvals else ""
    for publication in archive.publications_of(post.id):
        if publication.revision == post.revision and publication.title != post.title:
            message = say(account=archive.registers.name_of(publication.account))
            cause = broken_at if publication.manifest != post.manifest else ""
            yield refuse("carried-other-title", Location(publication.path), message, cause=cause)


def printed_source(post: Post, archive: Archive) -> Iterator[Complaint]:  # annex, 发布类型/来源
    """A reprint's source has a name that can be printed."""
    source = post.meta.get("source")
    if post.meta["origin"] == "original":
        return
    if source is None:
        yield refuse("form-source-missing", post.at("origin"))
    elif not archive.registers.source_name(source):
        yield refuse("form-source-nameless", post.at("source", "id"), say(source=source["id"]))


RULE = rule(
    ChangeClause(0, entering(numbered)),
    PeriodClause(0, standing(numbered)),
    ItemClause(1, boxes, ("accounts",)),
    ItemClause(2, planned_day, ("publish_at",)),
    ItemClause(3, same_title, ("title",)),
    ItemClause(4, printed_source, ("origin",)),
    ItemClause(5, corrections_recorded, ("revision",)),
    PeriodClause(5, corrections_carried, lapse=True),
    ChangeClause(5, corrections_reviewed),
    ItemClause(6, listed_once, applies=reviewed),
    ChangeClause(6, entering(items_of_a_day)),
    PeriodClause(6, standing(items_of_a_day)),
    ChangeClause(7, entering(ink_scanned)),
    PeriodClause(7, standing(ink_scanned)),
    ItemClause(8, filled_in_time, applies=reviewed),
    PeriodClause(8, filled_late, lapse=True, rests_on=("filings",)),
    ChangeClause(9, unchanged),
    PeriodClause(9, filed_in_time, rests_on=("filings",)),
    ChangeClause(10, entering(retained), ("filings",)),
    PeriodClause(10, standing(retained), rests_on=("filings",)),
)
