"""The operator's signed record that an account carried a post, or that a record of it is wrong.

What goes out stands on main as it was confirmed: it has passed `verify` first.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pipeline.errors import Fault, Misuse
from pipeline.evidence.review.records import read_publications
from pipeline.evidence.review.statements import write_statement
from pipeline.evidence.review.superseding import REMOVERS
from pipeline.law.engine import judge_post
from pipeline.model.calendar import local_date, minute
from pipeline.model.channels import channel_of
from pipeline.model.evidence import Review, SignedFile, Step
from pipeline.model.findings import Effect, say
from pipeline.model.posts import Post
from pipeline.model.records import UNKNOWN, Publication
from pipeline.model.registers import Person, Registers
from pipeline.model.waivers import ordered_out
from pipeline.sign.act import ask
from pipeline.sign.signing_context import Record, Sign, SigningContext
from pipeline.source.content.paths import NO_DAY, PUBLICATIONS, publications_on_disk
from pipeline.source.content.records import signed_files
from pipeline.source.git.branches import MAIN
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree import Tree


@dataclass(frozen=True)
class Publishing:
    """Where and when an account carried a post."""

    post: str = ask(say("Post"), argument=True)
    account: str = ask(say("Account"), "The account that carried it.", "", short="a")
    url: str = ask(say("Address on the platform"), "Its address on the platform.", "", short="u")
    at: datetime | None = ask(say("Time that the platform shows"), "When; default: now.", None)
    batch: str = ask(
        say("Name of the mass send, where it was one"),
        "Name of the mass send it belonged to.", "",
    )  # fmt: skip
    revision: int | None = ask(
        say("Revision that the account shows"),
        "The revision that the account carried; default: the present one.", None,
    )  # fmt: skip
    supersedes: str = ask(
        say("Record that is wrong"), "A wrong record, whose place this one takes.", "",
        metavar="PATH",
    )  # fmt: skip
    void: bool = ask(
        say("It was not published at all"),
        "With --supersedes: that account never carried it.", False,
    )  # fmt: skip
    removed_at: datetime | None = ask(
        say("When it was removed"),
        "With --supersedes: when the platform ceased to show what that record says.", None,
    )  # fmt: skip
    removed_by: str = ask(
        say("Who removed it"), "With --removed-at: who removed it.", "", choices=REMOVERS
    )
    reason: str = ask(
        say("Why the record is wrong"),
        "With --supersedes: why it is wrong, void or removed.", "", short="r",
    )  # fmt: skip
    unconfirmed: str = ask(
        say("Why it went out before it was confirmed"),
        "It went out before its confirmation, and why; the audit refuses it until signatures"
        " close it.", "", metavar="REASON",
    )  # fmt: skip
    pressed_by: str = ask(
        say("Who published it"),
        "Who published it, where that was not you; `unknown` where it cannot be found out.", "",
        metavar="PERSON",
    )  # fmt: skip
    base: str = ask(say("Branch"), "The branch that is published.", MAIN)

    @property
    def copies(self) -> bool:
        """Whether it says again what the wrong record says."""
        return self.void or self.removed_at is not None


def publication(
    context: SigningContext, asked: Publishing, person: Person, now: datetime, sign: Sign
) -> Record:
    """Record that an account carried a post, or that a record of it is wrong.

    Faults: no operator, not confirmed and not said so, closed account, published before.
    """
    post, account, published_at = context.post(asked.post), asked.account, asked.at or now
    _operates(person, context.trusted.registers, now)
    shown = asked.revision or post.revision
    old = _wrong(context, post, asked, shown) if asked.supersedes else None
    if old and asked.copies:
        predicate = _head(context, post, person, now) | _copied(old, asked, now)
        path = _free(context, old.published_at, old.account, post.id)
        return _proven(context, post, _signed(path, old.manifest, predicate, sign))
    confirm = _open(context, post, shown, published_at, now, asked)
    _carries(context, post, account, published_at)
    _once(context, post, shown, account, old, published_at)
    platform = context.trusted.registers.accounts[account].platform
    predicate = {
        **_head(context, post, person, now),
        "revision": shown,
        "account": account,
        "title": post.title,
        "url": asked.url,
        "published_at": published_at,
        "batch": asked.batch,
        "time_from": "platform",
        **_correction(old, asked),
        **_pressed(asked, person, context.trusted.registers),
    }
    manifest = post.manifest
    if shown == post.revision:
        rendition = context.archive.renditions[post.id, channel_of(platform)]
        predicate["rendition"] = rendition.digest
    elif confirm:
        manifest = confirm.manifest
        others = context.archive.publications_of(post.id)
        titles = (p.title for p in others if p.revision == shown)
        predicate["title"] = next(titles, post.title)
    path = _free(context, published_at, account, post.id)
    return _proven(context, post, _signed(path, manifest, predicate, sign))


def refuse_unless_whole(url: str) -> None:
    """Raise Misuse for an address that begins otherwise than with https://, or holds a blank."""
    if re.fullmatch(r"https://\S+", url):
        return
    whole = f"https://{re.sub(r'^(?:https?:)?/*', '', url.strip(), flags=re.IGNORECASE)}"
    raise Misuse(
        say("{url} is not a whole web address.", url=url),
        say("Copy it from the browser whole, beginning with https://: {whole}.", whole=whole)
        if re.fullmatch(r"https://[^\s/]+\.\S+", whole)
        else say("Copy it from the browser whole, beginning with https://."),
    )


def _pressed(asked: Publishing, person: Person, registers: Registers) -> dict[str, str]:
    """What a record says was out of order; who records it need not be named twice."""
    by = "" if asked.pressed_by == person.id else asked.pressed_by
    if by not in ("", UNKNOWN) and by not in registers.people:
        raise Fault(
            say("{person} is in no register.", person=by),
            say("Give the id of a person of people.yml, or `unknown`."),
        )
    stated = {"unconfirmed": asked.unconfirmed, "pressed_by": by}
    return {key: value for key, value in stated.items() if value}


def _copied(old: Publication, asked: Publishing, now: datetime) -> dict[str, Any]:
    """The old record's words, and that they are void, or that what they tell of was removed."""
    end: dict[str, Any] = {"void": True}
    if at := asked.removed_at:
        if not old.published_at <= at <= now:
            raise Fault(
                say("The removal does not lie between the publication at {time} and now.",
                    time=minute(old.published_at)),
                say("Check the time; it is Asia/Shanghai. A wrong record is corrected first."),
            )  # fmt: skip
        end = {"removed_at": at, "removed_by": asked.removed_by}
    out = {"unconfirmed": old.unconfirmed, "pressed_by": old.pressed_by}
    return {
        "revision": old.revision,
        "account": old.account,
        "title": old.title,
        "url": old.url,
        "published_at": old.published_at,
        "batch": old.batch,
        **({"rendition": old.rendition} if old.rendition else {}),
        **{key: value for key, value in out.items() if value},
        **_correction(old, asked),
        **end,
    }


def _head(context: SigningContext, post: Post, person: Person, now: datetime) -> dict[str, Any]:
    return {
        "archive": context.trusted.registers.policy.archive["id"],
        "post": post.id,
        "operator": person.id,
        "recorded_at": now,
    }


def _correction(old: Publication | None, asked: Publishing) -> dict[str, str]:
    return {"supersedes": old.digest, "reason": asked.reason} if old else {}


def _signed(path: str, subject: Mapping[str, str], predicate: dict[str, Any], sign: Sign) -> Record:
    statement = write_statement("publication", subject, predicate)
    return Record(path, statement, sign(statement))


def _operates(person: Person, registers: Registers, now: datetime) -> None:
    """Article 11: the dedicated operator publishes; a contractor only where policy lets one."""
    day = local_date(now)
    if not person.holds("operator", day):
        raise Fault(
            say("{person} is not the dedicated operator (专职管理员).", person=person.id),
            say("Article 11: only the operator publishes; ask them to record it."),
        )
    name = "outsourcing.contractor_may_operate"
    if person.contractor and not registers.parameter_if_stated(name, day):
        raise Fault(
            say("{person} is a contractor and may not publish.", person=person.id),
            say(
                "Let the bureau's own operator publish, or have policy changed ({name}).", name=name
            ),
        )


def _open(
    context: SigningContext,
    post: Post,
    shown: int,
    published_at: datetime,
    now: datetime,
    asked: Publishing,
) -> Review | None:
    """The four steps of what was shown are there, and the time lies behind the confirmation.

    What a leader ordered out in an emergency, where policy allows it, is reviewed afterwards. What
    went out before its confirmation is recorded as such, and refused in the audit until signatures
    close it. What went out with expired reviews can be recorded: R05-6 reports it in every audit.
    """
    if published_at > now:
        raise Fault(
            say("That time has not come yet."), say("Check --at; the time is Asia/Shanghai.")
        )
    approvals = context.archive.approvals[post.id]
    confirm = approvals.confirmation(shown)
    if asked.unconfirmed and confirm and confirm.signed_at <= published_at:
        raise Fault(
            say("It was confirmed at {time}, before it went out.", time=minute(confirm.signed_at)),
            say("Check --at; if the time is right, leave --unconfirmed out."),
        )
    if asked.unconfirmed or ordered_out(post, published_at, context.archive):
        return confirm
    happened = say("If it went out then, record that: --unconfirmed and the reason. The audit"
                   " refuses it until it is explained and closed by signatures.")  # fmt: skip
    if confirm is None or (shown == post.revision and not approvals.complete):
        raise Fault(
            say("{post} is not approved and confirmed; it may not be published.", post=post.id),
            say("`sanshen status` says who is awaited. {more}", more=happened),
        )
    if published_at < confirm.signed_at:
        earlier = (approvals.confirmation(n) for n in range(shown - 1, 0, -1))
        then = next((r for r in earlier if r and r.signed_at <= published_at), None)
        remedy = say("Check --at; the time is Asia/Shanghai. {more}", more=happened)
        if then:
            remedy = say(
                "It was revision {n} then: record that one (--revision {n}).", n=then.revision
            )
        raise Fault(
            say("That time is before the confirmation at {time}.", time=minute(confirm.signed_at)),
            remedy,
        )
    return confirm


def _carries(context: SigningContext, post: Post, account: str, published_at: datetime) -> None:
    """The post was approved for the account, and the account was open that day."""
    registered = context.trusted.registers.accounts.get(account)
    if registered is None or account not in post.accounts:
        raise Fault(
            say("The post was not approved for the account {account}.", account=account),
            say("Choose one of: {accounts}.", accounts=", ".join(post.accounts)),
        )
    if not registered.active(local_date(published_at)):
        raise Fault(
            say("The account {account} was not open on that day.", account=account),
            say("Check --at, or the account's days in content/registers/accounts.yml."),
        )


def _once(
    context: SigningContext,
    post: Post,
    shown: int,
    account: str,
    old: Publication | None,
    published_at: datetime,
) -> None:
    """A publication closes the review: the same revision goes out once per account (A24), unless
    what was there had been removed."""
    for carried in context.archive.publications_of(post.id):
        gone = carried.removed_at and carried.removed_at <= published_at
        same = (carried.revision, carried.account) == (shown, account) and not gone
        if same and carried.path != (old.path if old else ""):
            raise Fault(
                say(
                    "Account {account} carried this revision already ({path}).",
                    account=account,
                    path=carried.path,
                ),
                say("Have a new revision reviewed; a wrong record is named with --supersedes."),
            )


def _wrong(context: SigningContext, post: Post, asked: Publishing, shown: int) -> Publication:
    """The record that is to be superseded; it must count until now."""
    path = asked.supersedes
    record = next((p for p in context.archive.publications if p.path == path), None)
    if record is None or record.post != post.id:
        raise Fault(
            say("{path} is no record of {post} that counts.", path=path, post=post.id),
            say("Give the path of the wrong record under content/records/publications/."),
        )
    if record.revision != shown and not asked.copies:
        raise Fault(
            say("That record is of revision {n}, which is not the present one.", n=record.revision),
            say(
                "Add --revision {n}, or take it back with --void; say why with --reason.",
                n=record.revision,
            ),
        )
    return record


def _free(context: SigningContext, published_at: datetime, account: str, post: str) -> str:
    """The first unused name for the day; later records of a day are numbered behind it."""
    day = local_date(published_at)
    names = (
        f"{day}{number}.{account}.{post}.json" for number in ("", *(f"-{n}" for n in range(2, 99)))
    )
    return next(
        path
        for path in (f"{PUBLICATIONS}{day.year}/{name}" for name in names)
        if path not in context.files.files
    )


def _proven(context: SigningContext, post: Post, record: Record) -> Record:
    """The record: the verifier would count it, and no clause objects to it."""
    trusted, files = context.trusted, context.files
    paths = publications_on_disk(files.files, {post.id}, NO_DAY)
    made = SignedFile(record.path, record.statement, record.signature)
    publications, problems = read_publications(
        (*signed_files(files, paths), made), trusted.registers, trusted.statements["publication"]
    )
    others = (p for p in context.archive.publications if p.post != post.id)
    archive = replace(context.archive, publications=(*others, *publications))
    ours = (p for p in problems if p.location.path == record.path)
    for finding in (*ours, *judge_post(post, archive, trusted.rulebook).findings):
        if finding.effect is Effect.REFUSE:
            raise Fault(finding.message, finding.remedy)
    return record


def refuse_unless_merged(context: SigningContext, asked: Publishing, now: datetime) -> None:
    """Raise Fault for a confirmed post that main does not hold, unless a record of it is copied.

    A post that is not confirmed is refused elsewhere; one that a leader ordered out in an
    emergency goes out before its reviews, and what went out without leave did, too.
    """
    post, base = context.post(asked.post), asked.base
    confirmed = context.archive.approvals[post.id].approved(Step.CONFIRM) is not None
    early = asked.unconfirmed or ordered_out(post, asked.at or now, context.archive)
    if asked.copies or not confirmed or early:
        return
    lines = _lines(context.repository, base) or [context.repository.commit(base)]
    if not _stands(context, post, lines):
        raise Fault(
            say("{post} is not on {base} yet, as it was confirmed.", post=post.id, base=base),
            say(
                "Have it merged, fetch {base} and record it there: published is what {base} holds."
                " If it is out already, give the time the platform shows with --at.",
                base=base,
            ),
        )


def is_merged(context: SigningContext, post: Post) -> bool:
    """Whether main holds a confirmed post; assumed where there is no main to ask."""
    lines = _lines(context.repository, MAIN)
    return not lines or _stands(context, post, lines)


def _lines(repository: Repository, base: str) -> list[str]:
    """The branch as it was fetched, and one's own of that name."""
    commits = []
    for name in (f"origin/{base}", base):
        try:
            commits.append(repository.commit(name))
        except Fault:
            continue
    return commits


def _stands(context: SigningContext, post: Post, lines: list[str]) -> bool:
    confirm = context.archive.approvals[post.id].approved(Step.CONFIRM)
    return confirm is not None and any(
        _holds(context, post, confirm.path, context.repository.tree(line)) for line in lines
    )


def _holds(context: SigningContext, post: Post, confirm: str, main: Tree) -> bool:
    """Every file of the post, and these very bytes of its confirmation."""
    committed = context.files.files
    same = all(path in main.files and main.files[path] == committed[path] for path in post.manifest)
    return same and confirm in main.files and main.read(confirm) == context.files.read(confirm)
