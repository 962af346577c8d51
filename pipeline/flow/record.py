"""Signed records that are no reviews: a publication, the consent to a governed change."""

import hashlib
from dataclasses import replace
from datetime import datetime

from pipeline.engine import judge_post
from pipeline.errors import Fault
from pipeline.evidence.records import read_publications
from pipeline.evidence.statements import write_statement
from pipeline.flow.desk import Desk, Record, Sign
from pipeline.model.calendar import local_date
from pipeline.model.evidence import SignedFile, Step
from pipeline.model.findings import Effect, say
from pipeline.model.posts import Post
from pipeline.model.registers import Person
from pipeline.source.paths import area_of
from pipeline.source.records import AUTHORISATIONS, PUBLICATIONS


def publication(
    place: Desk,
    post: Post,
    account: str,
    url: str,
    published_at: datetime,
    batch: str,
    person: Person,
    now: datetime,
    sign: Sign,
) -> Record:
    """Record that an account carried a post. Faults: not confirmed, expired, closed account."""
    found = place.archive.approvals[post.id]
    confirm = found.approved(Step.CONFIRM)
    registers = place.trusted.registers
    if not found.complete or confirm is None:
        raise Fault(
            say(
                "{post} is not approved and confirmed; it may not be published.",
                post=post.id,
            ),
            say("`sanshen status` says who is awaited."),
        )
    if not confirm.signed_at <= published_at <= min(now, confirm.not_after):
        raise Fault(
            say(
                "The publication must lie between the confirmation and now, and before"
                " the review expires."
            ),
            say("Check --at; the time is Asia/Shanghai."),
        )
    known = registers.accounts.get(account)
    if known is None or account not in post.accounts or not known.active(local_date(published_at)):
        raise Fault(
            say("The post was not approved for the account {account}.", account=account),
            say("Choose one of: {accounts}.", accounts=", ".join(post.accounts)),
        )
    if not person.holds("operator", local_date(now)) or person.contractor:
        raise Fault(
            say("{person} is not the dedicated operator (专职管理员).", person=person.id),
            say("Article 11: only the operator publishes; ask them to record it."),
        )
    predicate = {
        "archive": registers.policy.archive["id"],
        "post": post.id,
        "revision": post.revision,
        "account": account,
        "title": post.title,
        "url": url,
        "published_at": published_at,
        "operator": person.id,
        "batch": batch,
        "recorded_at": now,
    }
    day = local_date(published_at)
    path = f"{PUBLICATIONS}{day.year}/{day}.{account}.{post.id}.json"
    if path in place.files.files:
        raise Fault(
            say("{path} is there already; a signed record is never replaced.", path=path),
            say("Nothing is left to record for this account and day."),
        )
    statement = write_statement("publication", post.manifest, predicate)
    record = Record(path, statement, sign(statement))
    _prove(place, post, record)
    return record


def _prove(place: Desk, post: Post, record: Record) -> None:
    """The verifier would count the record, and no clause objects to it."""
    made = SignedFile(record.path, record.statement, record.signature)
    trusted = place.trusted
    found, problems = read_publications(
        [made], trusted.registers, trusted.statements["publication"]
    )
    archive = replace(place.archive, publications=(*place.archive.publications, *found))
    findings = (*problems, *judge_post(post, archive, trusted.rulebook).findings)
    for finding in findings:
        if finding.effect is Effect.REFUSE:
            raise Fault(finding.message, finding.remedy)


def authorisation(
    place: Desk,
    base: str,
    reason: str,
    person: Person,
    now: datetime,
    sign: Sign,
    acknowledges: tuple[str, ...] = (),
) -> Record:
    """Consent to the governed files that differ between a base and HEAD (R13-7).

    `acknowledges`: commits of the past that broke the rules and that the signer answers for;
    then no file need differ.
    """
    registers = place.trusted.registers
    areas = registers.parameter("change.signed_areas", local_date(now))
    after = place.repository.tree(place.repository.commit("HEAD"))
    changed = [
        c
        for c in place.repository.changes(place.repository.commit(base), after.oid)
        if area_of(c.path) in areas
    ]
    if not changed and not acknowledges:
        raise Fault(
            say("Nothing between {base} and HEAD needs an authorisation.", base=base),
            say("Commit the change to a branch first, and name its base with --base."),
        )
    subject = {
        c.path: hashlib.sha256(after.read(c.path)).hexdigest() for c in changed if c.status != "D"
    }
    removed = sorted(c.path for c in changed if c.status == "D")
    day = local_date(now)
    places = (
        ("section-head", registers.lead_department),
        ("leader-in-charge", None),
        ("principal", None),
    )
    role = next(
        (role for role, where in places if person.holds(role, day, where)),
        "",
    )
    if not role:
        raise Fault(
            say("{person} may not authorise a change.", person=person.id),
            say("The head of the lead department and the leader in charge do (R13-7)."),
        )
    predicate = {
        "archive": registers.policy.archive["id"],
        "person": person.id,
        "role": role,
        "reason": reason,
        "removed": removed,
        **({"acknowledges": list(acknowledges)} if acknowledges else {}),
        "signed_at": now,
        "roster": {
            "serial": registers.roster.serial,
            "digest": registers.roster.digest,
        },
    }
    named = hashlib.sha256(
        repr((sorted(subject.items()), removed, acknowledges)).encode()
    ).hexdigest()[:8]
    statement = write_statement("authorisation", subject, predicate)
    return Record(
        f"{AUTHORISATIONS}{day.year}/{day}-{named}/{person.id}.json",
        statement,
        sign(statement),
    )
