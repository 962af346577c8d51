from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from pipeline.model.archive import Archive, Change, Mode
from pipeline.model.calendar import local_date
from pipeline.model.duties import duty, end_of
from pipeline.model.evidence import Approvals, Step
from pipeline.model.findings import Complaint, Effect, Location, say, say_day
from pipeline.model.forms import (
    FOLDER,
    RETENTIONS,
    SCANS,
    filings,
    filings_of,
    filings_on,
    form_days,
    form_number,
    manifest_digest,
    subject_of,
)
from pipeline.model.posts import Post
from pipeline.model.records import Fact, filed_under

# Annex: the signed form is filed in the archive, unchanged, for as long as policy says.


Check = Callable[[Fact, Archive], Iterator[Complaint]]
REPLACE = say("File the form again under another name, with `replaces` and `reason`.")


def entering(check: Check) -> Callable[[Change, Archive], Iterator[Complaint]]:
    """The check on every filing that a change brings."""

    def gate(change: Change, archive: Archive) -> Iterator[Complaint]:
        new = {e.path for e in change.entries if e.status != "D" and e.path.startswith(FOLDER)}
        for day in sorted({path.rpartition("/")[2][:10] for path in new}):
            for filing in filings_on(archive, day):
                if filing.path in new:
                    yield from check(filing, archive)

    return gate


def standing(check: Check) -> Callable[[Archive], Iterator[Complaint]]:
    """The check on every filing in force."""
    return lambda archive: (c for filing in filings(archive) for c in check(filing, archive))


def numbered(filing: Fact, archive: Archive) -> Iterator[Complaint]:  # annex, 编号
    """The record's name and number are those of the form."""
    subject = subject_of(filing)
    if filing.id != subject and not filing.id.startswith(f"{subject}-"):
        message = say("The record is not named for its {subject}.", subject=subject)
        yield Complaint(Effect.REFUSE, message, filing.at(), REPLACE)
    own = form_number(archive.registers.policy.code_of(filing.id), filing.id)
    if filing["number"] != own:
        message = say("The number of the filed form is not {number}.", number=own)
        yield Complaint(Effect.REFUSE, message, filing.at("number"), REPLACE)


def items_of_a_day(filing: Fact, archive: Archive) -> Iterator[Complaint]:  # annex, 各行
    """One form lists items of one day, or one item, as policy says."""
    items, day = [i["post"] for i in filing["items"]], subject_of(filing)[:10]
    by_item = archive.parameter("form.granularity", date.fromisoformat(day)) == "item"
    if len(items) > 1 and (by_item or "post" in filing.value):
        message = say("A form of one item lists {count}.", count=len(items))
        yield Complaint(Effect.REFUSE, message, filing.at("items"), REPLACE)
    for index, post in enumerate(items):
        days = form_days(archive, post)
        strange = post != filing["post"] if "post" in filing.value else day not in days
        if strange or post not in archive.post_ids:
            message = say("Item {post} does not belong on this form.", post=post)
            yield Complaint(Effect.REFUSE, message, filing.at("items", index), REPLACE)


def listed_once(post: Post, archive: Archive) -> Iterator[Complaint]:  # annex, 各行
    """A post stands on one form, with the bytes that were confirmed."""
    if not archive.publications_of(post.id):
        return  # an unpublished post is on no form; no record is read for it
    forms, approvals = filings_of(archive, post.id), archive.approvals[post.id]
    if len(forms) > 1:
        names = ", ".join(f.id for f in forms)
        message = say("The post stands on several filed forms: {names}.", names=names)
        yield Complaint(Effect.REFUSE, message, forms[1].at("items"), REPLACE)
    confirmed = _confirmed(post, approvals)
    for filing in forms:
        for index, item in enumerate(filing["items"]):
            if item["post"] == post.id and (item["revision"], item["manifest"]) not in confirmed:
                message = say("The filed form lists other bytes than were confirmed.")
                cause = approvals.broken_at if item["revision"] == post.revision else ""
                yield Complaint(
                    Effect.REFUSE, message, filing.at("items", index), REPLACE, cause=cause
                )


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
            message = say("The form is signed in ink, but there is no scan of it.")
            remedy = say("Scan the signed paper and file it beside the record.")
            yield Complaint(Effect.REFUSE, message, filing.at("signature"), remedy)
        return
    path = f"{filing.document.path.rpartition('/')[0]}/{scan['file']}"
    stored = {s.id: s["sha256"] for s in filed_under(archive.records(SCANS), scan["file"])}
    if stored.get(path) != scan["sha256"]:
        message = say("The stored scan is not the one that the record names.")
        remedy = say("Store the scan as it was made, under the name that the record gives.")
        yield Complaint(Effect.REFUSE, message, filing.at("scan", "sha256"), remedy)


def filled_in_time(post: Post, archive: Archive) -> Iterator[Complaint]:  # annex, 注：当日
    """The form is filled in on the day of publication, by the first reviewer."""
    carried = [local_date(p.published_at) for p in archive.publications_of(post.id)]
    review = archive.approvals[post.id].approved(Step.FIRST)
    if not carried or review is None:
        return
    first, reviewed = min(carried), local_date(review.signed_at)
    for filing in filings_of(archive, post.id):
        filled = filing.get("filled_on")
        if filled and filled > first:
            yield _late(filing, Effect.NOTE)
        elif filled and filled > reviewed and post.revision == 1:
            message = say("The form was filled in on {day}, after the first review.", day=filled)
            remedy = say("Fill it in with the first review.")
            yield Complaint(Effect.NOTE, message, filing.at("filled_on"), remedy)
    if reviewed > first and post.revision == 1:
        # What a leader ordered out in an emergency is reviewed later; Article 11 judges that.
        effect = Effect.NOTE if post.meta.get("emergency") else Effect.REFUSE
        message = say("The first review, which fills in the form, came after the publication.")
        yield Complaint(effect, message, Location(review.path), say("Review before publishing."))


def filled_late(archive: Archive) -> Iterator[Complaint]:  # annex, 注：当日
    """A form filled in late by its own date: refused until its filing is overdue, then noted."""
    for filing in filings(archive):
        carried = [p for i in filing["items"] for p in archive.publications_of(i["post"])]
        first = min((local_date(p.published_at) for p in carried), default=date.max)
        if (filled := filing.get("filled_on", first)) > first:
            days = archive.parameter("form.archive_days", filled)
            over = archive.clock.day_passed(filled + timedelta(days=days))
            yield _late(filing, Effect.NOTE if over else Effect.REFUSE)


def _late(filing: Fact, effect: Effect) -> Complaint:
    day = say_day(filing["filled_on"])
    message = say("The form was filled in on {day}, after the publication.", day=day)
    remedy = say("It cannot be mended; fill in the next one before it is out.")
    return Complaint(effect, message, filing.at("filled_on"), remedy, waivable=filing.id)


def filed_in_time(archive: Archive) -> Iterator[Complaint]:  # annex, 签字后归档
    """Every published item stands on a filed form within the days that policy gives."""
    yield from standing(filed_truly)(archive)
    listed = {i["post"] for f in filings(archive) for i in f["items"]}
    waiting: defaultdict[date, dict[str, tuple[str, str]]] = defaultdict(dict)
    first: dict[str, tuple[date, str, str]] = {}
    for carried in archive.publications:
        day = local_date(carried.published_at)
        if carried.post not in listed and day >= archive.registers.policy.since:
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
    coming = say("The form of {day} ({count} items) is to be filed by {late}.", **values)
    if archive.clock.day_passed(early):
        coming = say(
            "The form of {day} ({count} items) is still not filed; {late} is last.", **values
        )
    return duty(
        archive,
        end_of(late),
        coming,
        say("The form of {day} ({count} items) was to be filed by {late}.", **values),
        Location(path),
        say("`sanshen file {day} --in PLACE --by PERSON` writes the record.", day=day.isoformat()),
        operator,
    )


def filed_truly(filing: Fact, archive: Archive) -> Iterator[Complaint]:  # annex, 签字后归档
    """The day of filing is not before the form's day, nor before it was filled in, nor to come."""
    day = date.fromisoformat(subject_of(filing)[:10])
    filed = filing["filed_on"]
    if filed < day or not archive.clock.day_reached(filed):
        message = say("The day of filing does not lie between the form's day and today.")
        yield Complaint(Effect.REFUSE, message, filing.at("filed_on"), REPLACE)
    if filing.get("filled_on", filing["filed_on"]) > filing["filed_on"]:
        message = say("The form was filed before it was filled in.")
        yield Complaint(Effect.REFUSE, message, filing.at("filled_on"), REPLACE)


def unchanged(change: Change, archive: Archive) -> Iterator[Complaint]:  # annex, 归档
    """A filed form is never changed or removed; a wrong one is replaced by another."""
    yield from entering(filed_truly)(change, archive)
    for entry in change.entries:
        if entry.path.startswith(FOLDER) and entry.status != "A":
            removed = entry.status == "D"
            message = (
                say("A filed form is removed.") if removed else say("A filed form is changed.")
            )
            yield Complaint(Effect.REFUSE, message, Location(entry.path), REPLACE)


def retained(filing: Fact, archive: Archive) -> Iterator[Complaint]:  # annex, 保管期限
    """The retention period is at least that of policy."""
    asked = archive.parameter("archive.retention", filing["filed_on"])
    if RETENTIONS.index(filing["retention"]) < RETENTIONS.index(asked):
        message = say(
            "The form is kept for {given}; policy asks for {asked}.",
            given=filing["retention"],
            asked=asked,
        )
        yield Complaint(Effect.NOTE, message, filing.at("retention"), REPLACE)


# Annex, 备注: what changed since the public saw a post, and who reviewed the words for it.


CORRECTIONS = "content/records/corrections/"


def corrections_recorded(post: Post, archive: Archive) -> Iterator[Complaint]:  # annex, 备注
    """A published post that changes has a record of the change."""
    if not _published_before(post, archive):
        return
    records = [c for c in archive.corrections_of(post.id) if c.revision == post.revision]
    if not records:
        message = say("Revision {n} changes a published post without a record.", n=post.revision)
        remedy = say(
            "Add the record of the correction, update, withdrawal or expiry:"
            " sanshen new corrections --post {post} --revision {n}",
            post=post.id,
            n=post.revision,
        )
        yield Complaint(Effect.REFUSE, message, post.at("revision"), remedy)
    elif post.withdrawn and all(c.kind != "withdrawal" for c in records):
        message = say("The post is withdrawn, but its record is of another kind.")
        remedy = say("Set the kind of the record to withdrawal.")
        yield Complaint(Effect.REFUSE, message, records[0].document.locate("kind"), remedy)


def _published_before(post: Post, archive: Archive) -> bool:
    """Whether an earlier revision was published or confirmed for publication."""
    approvals = archive.approvals.get(post.id)
    earlier = approvals.earlier if approvals else ()
    return any(p.revision < post.revision for p in archive.publications_of(post.id)) or any(
        (r.step, r.decision) == (Step.CONFIRM, "approve") and r.revision < post.revision
        for r in earlier
    )


def corrections_reviewed(change: Change, archive: Archive) -> Iterator[Complaint]:  # annex, 备注
    """A record comes with its revision: its words stand on the post's page, and words added later
    would be published without a review."""
    brought = {e.path for e in change.entries if e.status == "A"}
    for path in sorted(e.path for e in change.entries if e.status != "D"):
        if not path.startswith(CORRECTIONS):
            continue
        post = archive.posts.get(path.rpartition("/")[2].rpartition(".r")[0])
        records = archive.corrections_of(post.id) if post else ()
        record = next((c for c in records if c.path == path), None)
        if post is None or record is None:
            continue  # of an erased post, or refused where it is read
        confirm = archive.approvals[post.id].approved(Step.CONFIRM)
        location = record.document.locate("revision")
        remedy = say("Raise `revision` by one, and record with it what is to be told.")
        if record.revision != post.revision:
            message = say("The record tells of revision {n}, the post is of revision {m}.",
                          n=record.revision, m=post.revision)  # fmt: skip
            yield Complaint(Effect.REFUSE, message, location, remedy)
        elif confirm is not None and confirm.path not in brought:
            message = say("Revision {n} was confirmed before this record told of it.",
                          n=record.revision)  # fmt: skip
            yield Complaint(Effect.REFUSE, message, location, remedy)
        elif record.changed_on > archive.entry_day:
            effect = Effect.HOLD if archive.mode is Mode.CHANGE else Effect.REFUSE
            message = say("{key} lies in the future.", key="changed_on")
            remedy = say("Correct it, or record it when it has happened.")
            yield Complaint(effect, message, record.document.locate("changed_on"), remedy)
