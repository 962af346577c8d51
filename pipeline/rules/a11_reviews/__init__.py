"""Article 11: the three reviews (第十一条 三级审核).

1. First, second and final review of these very bytes are approved, each signed by a different
   person in the right role; a review that is returned, void or astray refuses. Who acts for an
   absent leader is a leader or heads a section, and took no step of the post before. Where policy
   lets a review on a forge count, witnessed by a workflow's key, it is noted. No review comes long
   after its key or office ended, under a roster that never was in force, or with characters that
   are not seen. A change of the roster counts on from the one in force, takes back no key, account
   or revocation, stops keys from now on, and gives mandates that may be given and are signed by who
   gives them; the steps that standing posts lose by it are noted. No token of trusted time is
   checked any more: a policy that asks for some is noted as unchecked, a new one is refused.
   | Human: the reviewers' judgement.
   accepted: three reviews of these bytes, signed by three people in office; a roster with the next
   serial and one more key.
   violated: one word changed after the second review, whose signature no longer holds; a roster
   that drops the line of a key; a new setting of review.stamped_steps that names a step.
   boundary: a review that a proposal still lacks is awaited; one that a published post lacks
   refuses; one that comes on the last of the days that policy leaves after an office ended
   (roster.late_days); a standing policy that asks for tokens holds up nothing.
   next: `sanshen status` says who is next; they read the post and run `sanshen approve POST`;
   nothing goes out before; a roster that follows has the next serial and names the one before by
   its digest; a setting of review.stamped_steps without a step asks for no tokens.
   character-invisible: There is an invisible character {code}. | Take the record back and sign
   again without it.
   final-review-missing: The final review is missing: it is awaited from the leader in charge or the
   principal ({people}). |
   final-review-returned: {person} returned the post at the final review. |
   first-review-missing: The first review is missing: it is awaited from an information officer of
   the lead department ({people}). |
   first-review-returned: {person} returned the post at the first review. |
   forge-account-altered: An account of {person} was removed or altered. | Keep its row for ever;
   end it with until, and enter a new one.
   key-removed: A key of {person} was removed or given to someone else. | Keep its line for ever;
   end it with until or revocation.
   key-stop-backwards: The key of {person} signs from {start} on only, and would be stopped from
   {moment} on. | Stop it from now on, or from the moment since which it was out of your hands.
   key-stop-late: The key of {person} would be stopped only from {moment} on. | Stop it from now on,
   or from the moment since which it was out of your hands.
   mandate-backwards: The mandate of {person} ends before it begins. | Correct its first or its last
   day.
   mandate-for-oneself: {person} cannot act for themselves. | Name another leader, or the head of
   another section; or the leader signs from afar.
   mandate-giver-unfit: {person} does not hold the office that the mandate is for. | A mandate is
   given by who holds the office on its first day.
   mandate-holder-unfit: {person} is neither a leader nor the head of a section, and may not act for
   one. | Name another leader, or the head of another section; or the leader signs from afar.
   mandate-too-long: A mandate lasts {most} days at most; this one lasts {days}. | End it earlier; a
   longer absence needs a new decision.
   mandate-undocumented: The authority of the mandate of {person} is no document. | Write the number
   of the document, like 云应急〔2026〕7号, or its name and date; what was said or sent by telephone
   is none.
   mandate-unsigned: {leader} did not sign the mandate they are said to give. | Have it signed by
   them or by the principal: `sanshen authorise`.
   mandates-overlap: {one} and {other} would act for {leader} at one time. | End the other one
   first: its `until`, in the roster.
   published-elsewhere: The post was not approved for the account {account}. |
   review-roster-unknown: The review names a roster that never was in force here. | Have the step
   signed again: `sanshen approve`.
   review-witnessed: The {step} was given on the forge and is witnessed by {witness}: no key of
   {person} signed it. | Nothing to do; form and page name it a witnessed review.
   revocation-taken-back: A revocation of a key of {person} was taken back. | What is revoked stays
   revoked; enter a new key.
   roster-not-following: The roster does not follow the one in force. |
   second-review-missing: The second review is missing: it is awaited from the head of the lead
   department ({people}). |
   second-review-returned: {person} returned the post at the second review. |
   signature-after-key: The signature of {person} came on {day}, after their key had ended on {end}.
   | Have it signed again with a key that is valid now.
   signature-after-office: The signature of {person} came on {day}, after their office had ended on
   {end}. | Have it signed again by the present holder of the office.
   step-lost: Raise the revision by one, and have all steps taken again.
2. The first reviewer states that the post was collected, sorted, filled in, proofread, formatted.
   | Human: whether it was.
   accepted: a first review that states all five works.
   violated: a first review that does not state the proofreading.
   boundary: a first review that is not there yet: clause 1 awaits it.
   next: the first reviewer does the work, and signs again with the statement.
   collecting-unstated: The first review does not state that the material was collected. | The first
   reviewer does that work and signs again.
   entries-unstated: The first review does not state that the entries were filled in. | The first
   reviewer does that work and signs again.
   format-unstated: The first review does not state that the format was checked. | The first
   reviewer does that work and signs again.
   proofreading-unstated: The first review does not state that the text was proofread. | The first
   reviewer does that work and signs again.
   sorting-unstated: The first review does not state that the material was sorted. | The first
   reviewer does that work and signs again.
3. The first reviewer states that the approval form is filled in. | Human: whether it is right.
   accepted: a first review that states that the form is filled in.
   violated: a first review without that statement.
   boundary: the statement of the second reviewer does not stand for that of the first.
   next: the first reviewer fills in the form (`sanshen form` prints it) and signs again.
   form-unstated: The first review does not state that the approval form is filled in. | The first
   reviewer fills in the form and signs again.
4. What was published is what was confirmed; an operator in office, no contractor unless policy
   allows one, published it after the confirmation; no publication names a post that is not there,
   and no signed record comes long after its key or office ended.
   | Human: whether the platform shows the confirmed text.
   accepted: the operator of the day pushes it at 00:03 and records it at 00:10.
   violated: a writer pushes it; the operator's record names the writer beside the operator; an
   account carries it for which it was not approved.
   boundary: pushed at 23:50 by an operator who left that night, recorded by the next one: noted.
   next: record what happened, with the true time: --pressed-by says who published it, --unconfirmed
   why it went out before its confirmation, --revision which one; the audit refuses that until a
   rectification is signed, and no longer.
   operator-contractor: {person} is a contractor and may not publish. | Take the publishing rights
   back; the bureau's operator records it, and who published it (--pressed-by).
   operator-not-appointed: {person} was no operator on the day of publication. | Let an operator in
   office record it, and name who published it (--pressed-by).
   publication-post-unknown: Account {account} carried a post that does not exist. | Record the
   publication under the id of its post.
   published-elsewhere: The post was not approved for the account {account}. |
   published-other-files: What was published is not what was confirmed. |
   publisher-unregistered: The record names {person} as who published, who is in no register. |
   Record it again; who is in no register is entered as unknown.
   signature-after-key: The signature of {person} came on {day}, after their key had ended on {end}.
   | Have it signed again with a key that is valid now.
   signature-after-office: The signature of {person} came on {day}, after their office had ended on
   {end}. | Have it signed again by the present holder of the office.
   unconfirmed-untrue: The record says that the post went out before its confirmation, which came
   first. | Record it again with --supersedes and without --unconfirmed.
5. What was returned comes back changed; the same bytes need at least a new opinion.
   | Human: whether the change meets the objection.
   accepted: a returned post that was changed before it was approved.
   violated: the same bytes, approved with the same opinion as before.
   boundary: the same bytes with a new opinion, which is noted.
   next: change what the opinion asks for, or answer it in a new opinion.
   return-unanswered: Nothing changed since {person} returned the post. | Change what the opinion
   asks for, or answer it with a new opinion.
6. The regulation gives no fast road for emergencies: approval after the fact is refused. Where
   policy allows it, an alert or accident report went out on the order of a leader in office, was
   reviewed within the hours set, and this stays rarer than the number set.
   | Human: speed in an emergency.
   accepted: an alert that three people signed at night before it went out.
   violated: an alert that went out first and was reviewed later, without a leader's order or where
   policy allows none: recorded as it was, refused in the audit until a rectification is signed.
   boundary: where policy allows it: reviewed after twenty-four hours (review.post_hoc_hours), and
   the second of a month.
   next: call the reviewers, who sign from where they are; take down what they cannot approve, and
   record the true time with --unconfirmed; the order stays on the post.
   approval-after-fact: The post went out in an emergency, before its reviews. | Nothing to do; the
   audit counts it.
   approval-awaited: The post went out in an emergency; its reviews are awaited. |
   approval-late: The approval after the fact came too late or never. |
   emergencies-too-many: {count} posts of {month} went out before their reviews; {most} are allowed.
   | Go back to reviews before publication; report the cause.
   order-before-confirmation: A leader ordered the post out at {ordered}; the record says that it
   was published at {published}, after its confirmation. | Compare the time with the one that the
   platform shows.
   order-not-excused: A leader ordered the post out; policy excuses no approval after the fact. |
   The order stays as it is. The reviews can be signed from anywhere; if it went out before them,
   record that: `sanshen publish` with --unconfirmed.
   order-not-lawful: No leader in office ordered this alert or accident report out in time. |
   published-elsewhere: The post was not approved for the account {account}. |
7. The final review of an accident, a rumour or a penalty is the principal's, whether the post
   bears that kind or is about it; another leader's is noted, or refused where policy says so.
   | Human: whether another kind of post needs the principal.
   accepted: an accident's report that the principal signed.
   violated: the same report as a notice, signed by the leader in charge.
   boundary: lessons from last year's accidents need no principal.
   next: ask the principal to make the final review.
   principal-review-missing: The final review of a post of kind {kind} is not the principal's. | Ask
   the principal to make the final review.
8. What was entered as forwarded to a department (及时转送给有关科室) went there from an operator in
   office, to a department there is; later than the next working day is noted.
   | Human: that every comment, question and suggestion was collected and forwarded at all.
   accepted: a suggestion that the operator forwarded the same afternoon.
   violated: one that a writer forwarded, or one to a department that is not in the register.
   boundary: the next working day; the day after is noted; where nothing is entered the clause does
   not apply.
   next: forward it now and enter the true time under `forwarded`.
   department-unregistered: The department {department} is not in the register. |
   forwarded-late: It was forwarded to {department} after {day}, the next working day. | Nothing to
   do; be quicker next time.
   forwarder-no-operator: {person} forwarded it without being an operator that day. |
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from pipeline.detect.subjects import subjects_of
from pipeline.model import evidence, law, waivers
from pipeline.model.archive import Archive, Mode
from pipeline.model.calendar import local_date, minute
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
from pipeline.model.posts import Post
from pipeline.model.records import UNKNOWN, Publication
from pipeline.model.registers import UNFIT, entitled, unfit

from .roster import mandates_given, roster_follows, stopped_now
from .signatures import (
    asks_no_tokens,
    rosters_stood,
    signed_as_seen,
    signed_in_time,
    steps_lost,
    tokens_unchecked,
)

# Article 11: the state of the three reviews, what they state, and what was returned.

AWAITED: Mapping[evidence.Step, Reason] = {
    evidence.Step.FIRST: ("first-review-missing", say()),
    evidence.Step.SECOND: ("second-review-missing", say()),
    evidence.Step.FINAL: ("final-review-missing", say()),
}

RETURNED: Mapping[evidence.Step, Reason] = {
    evidence.Step.FIRST: ("first-review-returned", say()),
    evidence.Step.SECOND: ("second-review-returned", say()),
    evidence.Step.FINAL: ("final-review-returned", say()),
}

CHECKLIST: Mapping[str, Reason] = {
    "collected": ("collecting-unstated", say()),
    "sorted": ("sorting-unstated", say()),
    "filled": ("entries-unstated", say()),
    "proofread": ("proofreading-unstated", say()),
    "formatted": ("format-unstated", say()),
}


def three_reviews(post: Post, archive: Archive) -> Iterator[Complaint]:  # 11
    """The state of each review; the chain itself is verified with the evidence."""
    approvals = archive.approvals[post.id]
    for step in evidence.REVIEW_STEPS:
        match approvals.states[step]:
            case evidence.Missing():
                yield _awaited(step, post, archive)
            case evidence.Rejected() as state:
                yield _rejected(state)
            case evidence.Returned(review=review) as state:
                name, text = RETURNED[step]
                message = replace(text, values=(("person", review.reviewer),))
                yield law.refuse(name, Location(review.path), message, state.remedy)
    for step in evidence.Step:
        if (seen := approvals.approved(step)) and seen.witness:
            message = say(
                step=evidence.STEP_NAMES[step], witness=seen.witness.by, person=seen.reviewer
            )
            yield law.note("review-witnessed", Location(seen.path), message)
    yield from map(_rejected, approvals.stray)


def acted_fitly(post: Post, archive: Archive) -> Iterator[Complaint]:  # 11, A26
    """Who acts for a leader is one, or heads a section, and reviewed the post at no step before."""
    approvals, before = archive.approvals[post.id], set[str]()
    for step in evidence.Step:
        review = approvals.approved(step)
        if review and review.acting_for and (why := unfit(review, before, archive.registers)):
            effect = Effect.REFUSE if archive.brings(post) else Effect.NOTE
            name, message = why
            yield Complaint(name, effect, message, Location(review.path), UNFIT)
        before |= {review.reviewer} if review else set()


def _rejected(state: evidence.Rejected) -> Complaint:
    return law.refuse(state.name, state.location, state.reason, state.remedy, cause=state.cause)


def _awaited(step: evidence.Step, post: Post, archive: Archive) -> Complaint:
    people = say_names(
        [f"{p.name} {p.id}" for p, _ in entitled(step, archive.registers, archive.as_of)]
    )
    name, text = AWAITED[step]
    message = replace(text, values=(("people", people),))
    remedy = say("They read the post and run: sanshen approve {post}", post=post.id)
    clicked = archive.registers.parameter_if_stated("review.witnessed_steps", archive.today)
    if step.value in (clicked or ()):
        remedy = say("They read the post and approve it on the proposal's page, or run:"
                     " sanshen approve {post}", post=post.id)  # fmt: skip
    waits = archive.mode is Mode.CHANGE and not waivers.went_out_as_reviewed(post, archive)
    effect = Effect.HOLD if waits else Effect.REFUSE
    return Complaint(name, effect, message, post.at("revision"), remedy)


def answered_return(post: Post, archive: Archive) -> Iterator[Complaint]:  # 11
    """A returned post comes back changed, or at least with a new opinion."""
    approvals = archive.approvals[post.id]
    same = [
        r for r in approvals.earlier if r.decision == "return" and r.content == post.content_digest
    ]
    if not same:
        return
    old = {r.opinion.strip() for r in approvals.earlier}
    now = {r.opinion.strip() for s in evidence.REVIEW_STEPS if (r := approvals.approved(s))}
    effect = Effect.NOTE if now - old - {""} else Effect.REFUSE
    yield Complaint("return-unanswered", effect, say(person=same[-1].reviewer), post.at("revision"))


def escalated(post: Post, archive: Archive) -> Iterator[Complaint]:  # 11, after 12(3)
    """The final review of a grave kind is the principal's."""
    day, registers = archive.day_of(post), archive.registers
    review = archive.approvals[post.id].approved(evidence.Step.FINAL)
    kinds = (post.kind, *(subject.kind for subject in subjects_of(post)))
    grave = registers.parameter("review.escalate_kinds", day)
    kind = next((k for k in kinds if k in grave), "")
    if review is None or not kind:
        return
    person = registers.people.get(review.reviewer)
    if person is None or not person.holds("principal", local_date(review.signed_at)):
        strict = registers.parameter("review.escalate_effect", day) == "refuse"
        strict = strict and (kind == post.kind or archive.brings(post))
        effect = Effect.REFUSE if strict else Effect.NOTE
        yield Complaint("principal-review-missing", effect, say(kind=kind), Location(review.path))


# Article 11: who published what after which confirmation, and emergencies.


def operated(post: Post, archive: Archive) -> Iterator[Complaint]:  # 11 para 1
    """Who published what, after which confirmation."""
    for publication in archive.publications_of(post.id):
        approvals, record = archive.approvals[post.id], Location(publication.path)
        confirm = approvals.confirmation(publication.revision)
        cause = archive.registers.unread_path("people")
        for name, effect, message, remedy in _operator_faults(publication, archive):
            yield Complaint(name, effect, message, record, remedy, cause=cause)
        cause = approvals.broken_at if publication.revision == post.revision else ""
        post_hoc = waivers.excused_post_hoc(post, publication.published_at, confirm, archive)
        faults = _content_faults(publication, confirm, post_hoc, archive)
        for name, effect, message, remedy in faults:
            yield Complaint(name, effect, message, record, remedy, cause=cause)


def _operator_faults(
    publication: Publication, archive: Archive
) -> Iterator[tuple[str, Effect, Message, Message | None]]:
    """What the operator of the day before published, a successor may record: it is noted.

    So is what another pressed, as the record of an operator says: `pressed_by_another` judges it.
    """
    day, recorded = local_date(publication.published_at), local_date(publication.recorded_at)
    pressed, people = publication.pressed_by, archive.registers.people
    if fault := waivers.pressing_fault(publication, archive):
        name, message = fault
        yield name, Effect.NOTE, message, waivers.left_to_do(publication, archive)
    if pressed not in ("", UNKNOWN) and pressed not in people:
        yield "publisher-unregistered", Effect.REFUSE, say(person=pressed), None
    operator = people.get(publication.operator)
    called = archive.registers.name_of(publication.operator)
    if operator is None or not operator.holds("operator", recorded if pressed else day):
        succeeds = operator is not None and operator.holds("operator", recorded)
        effect = Effect.NOTE if succeeds else Effect.REFUSE
        yield "operator-not-appointed", effect, say(person=called), None
    allowed = archive.parameter("outsourcing.contractor_may_operate", day)
    if operator and operator.contractor and not allowed:
        yield "operator-contractor", Effect.REFUSE, say(person=called), None


def _content_faults(
    publication: Publication, confirm: evidence.Review | None, post_hoc: bool, archive: Archive
) -> Iterator[tuple[str, Effect, Message, Message | None]]:
    """What the record itself says, is noted: the audit refuses it (`unconfirmed`)."""
    remedy = say("Take the post down until what is shown has been confirmed. If it was shown so,"
                 " record that with its true time: `sanshen publish` with --unconfirmed and the"
                 " reason.")  # fmt: skip
    elsewhere = waivers.carried_elsewhere(publication, confirm)
    early = elsewhere or not (confirm and confirm.signed_at <= publication.published_at)
    effect = Effect.NOTE if publication.unconfirmed else Effect.REFUSE
    if publication.unconfirmed and not early:
        yield "unconfirmed-untrue", Effect.REFUSE, say(), None
    elif publication.unconfirmed:
        name, message = waivers.unconfirmed_fault(publication, confirm, archive)
        yield name, effect, message, waivers.left_to_do(publication, archive)
    elif elsewhere:
        message = say(account=archive.registers.name_of(publication.account))
        yield "published-elsewhere", effect, message, remedy
    elif early and not post_hoc:
        message = say("The post was published before its final confirmation.")
        if confirm is None:
            message = say("Revision {n} was published unconfirmed.", n=publication.revision)
        confirmation = archive.approvals[publication.post].confirmation
        for n in range(publication.revision - 1, 0, -1):
            then = confirmation(n)
            if then and then.signed_at <= publication.published_at:
                remedy = say("It was revision {n} then: record that one (--revision {n}).", n=n)
                break
        yield "published-beforehand", effect, message, remedy
        return
    if confirm and publication.manifest != confirm.manifest:
        yield "published-other-files", effect, say(), remedy


def pressed_by_another(archive: Archive) -> Iterator[Complaint]:  # 11 para 1
    """What another than an operator in office published, as the records say."""
    law.something(archive.publications)
    for publication in archive.publications:
        if fault := waivers.pressing_fault(publication, archive):
            name, message = fault
            yield waivers.publication_fault(name, publication, message)


def posts_exist(archive: Archive) -> Iterator[Complaint]:  # 11 para 1
    """Every publication carries a post of the archive, or says that it was never confirmed."""
    law.something(archive.publications)
    for publication in archive.publications:
        if publication.post not in archive.post_ids and not publication.unconfirmed:
            message = say(account=archive.registers.name_of(publication.account))
            yield law.refuse("publication-post-unknown", Location(publication.path), message)


def after_the_fact(post: Post, archive: Archive) -> Iterator[Complaint]:  # 11 gives none
    """An emergency order is allowed by policy, given by a leader, and answered in time."""
    order = post.meta.get("emergency")
    if not order:
        return
    allowed = archive.parameter("review.allow_post_hoc", archive.day_of(post))
    if not allowed:
        yield law.note("order-not-excused", post.at("emergency"))
    if archive.mode is Mode.DRAFT:
        return  # a draft has been carried nowhere, and has no evidence yet
    for publication in archive.publications_of(post.id):
        confirm = archive.approvals[post.id].confirmation(publication.revision)
        after = confirm and confirm.signed_at <= publication.published_at
        if confirm and after and order["ordered_at"] < confirm.signed_at:
            message = say(
                ordered=minute(order["ordered_at"]), published=minute(publication.published_at)
            )
            yield law.note("order-before-confirmation", Location(publication.path), message)
        elif allowed and not after and not publication.unconfirmed:
            yield _ordered_out(post, publication, confirm, archive)


def _ordered_out(
    post: Post, publication: Publication, confirm: evidence.Review | None, archive: Archive
) -> Complaint:
    """A publication before its reviews: refused, on hold, or noted."""
    location, published = post.at("emergency"), publication.published_at
    due = waivers.approval_due(published, archive)
    remedy = say("The reviewers sign at once; take the post down when they cannot.")
    if not waivers.ordered_out(post, published, archive):
        return law.refuse("order-not-lawful", location, remedy=remedy)
    if not waivers.excused_post_hoc(post, published, confirm, archive):
        return law.refuse("approval-late", location, remedy=remedy, due=due)
    if confirm is None:
        return Complaint("approval-awaited", Effect.HOLD, say(), location, remedy, due=due)
    return law.note("approval-after-fact", location)


def emergencies_rare(archive: Archive) -> Iterator[Complaint]:  # A27: never the normal road
    """No more posts ordered out or published before their reviews in a month than policy allows."""
    law.something(archive.post_ids or archive.publications)
    early = {
        post.id: archive.day_of(post)
        for post in archive.stating("emergency")
        if post.meta["emergency"] and "emergency" not in post.invalid
    }
    early |= {
        p.post: local_date(p.published_at)
        for p in waivers.unexcused(archive)
        if not waivers.carried_elsewhere(p, waivers.confirmation_of(p, archive))
    }
    months = Counter((day.year, day.month) for day in early.values())
    most = archive.parameter("review.post_hoc_per_month")
    for (year, month), count in sorted(months.items()):
        if count > most:
            message = say(count=count, month=f"{year}-{month:02d}", most=most)
            where = Location("content/policy.yml")
            yield law.refuse("emergencies-too-many", where, message, waivable=f"{year}-{month:02d}")


def forwarded_in_time(archive: Archive) -> Iterator[Complaint]:  # 11 及时转送
    """What was entered as forwarded: by whom, to which department, and how soon."""
    registers = archive.registers
    rows = [(i, n, row) for i in archive.records("inquiries")
            for n, row in enumerate(i.get("forwarded", ()))]  # fmt: skip
    law.something(rows)
    for inquiry, number, row in rows:
        at, day, by = inquiry.at("forwarded", number), local_date(row["at"]), row["person"]
        sender = registers.people.get(by)
        remedy = say("Correct the record, or let an operator forward it and answer for it.")
        if sender is None or sender.contractor or not sender.holds("operator", day):
            name = "forwarder-no-operator {person}"
            yield law.refuse(name, at, say(person=registers.name_of(by)), remedy, owes=by)
        if row["department"] not in registers.departments:
            name = "department-unregistered {department}"
            yield law.refuse(name, at, say(department=row["department"]), remedy, owes=by)
        last = registers.calendar.workday_after(local_date(inquiry["received_at"]), 1)
        if day > last:
            message = say(department=registers.name_of(row["department"]), day=say_day(last))
            yield law.note("forwarded-late {department}", at, message, owes=by)


RULE = law.rule(
    law.ItemClause(1, three_reviews, ("revision",), law.reviewed),
    law.ItemClause(1, acted_fitly, applies=law.reviewed),
    law.ChangeClause(1, roster_follows, always=True),
    law.ChangeClause(1, mandates_given, always=True),
    law.ChangeClause(1, stopped_now, always=True),
    law.ChangeClause(1, signed_in_time(reviews=True), always=True),
    law.ChangeClause(1, rosters_stood, always=True),
    law.ChangeClause(1, signed_as_seen, always=True),
    law.ChangeClause(1, steps_lost, always=True),
    law.ChangeClause(1, asks_no_tokens, always=True),
    law.PeriodClause(1, tokens_unchecked),
    law.statement(2, evidence.Step.FIRST, CHECKLIST),
    law.statement(3, evidence.Step.FIRST, {"form_filled": ("form-unstated", say())}),
    law.ItemClause(4, operated, applies=law.reviewed),
    law.PeriodClause(4, posts_exist),
    law.ChangeClause(4, signed_in_time(reviews=False), always=True),
    law.PeriodClause(4, pressed_by_another, lapse=True),
    law.PeriodClause(4, waivers.unconfirmed, lapse=True),
    law.ItemClause(5, answered_return, applies=law.reviewed),
    law.ItemClause(6, after_the_fact),
    law.PeriodClause(6, waivers.unconfirmed, lapse=True),
    law.PeriodClause(6, emergencies_rare, lapse=True),
    law.ItemClause(7, escalated, ("kind",), law.reviewed),
    law.PeriodClause(8, forwarded_in_time, rests_on=("inquiries",)),
)
