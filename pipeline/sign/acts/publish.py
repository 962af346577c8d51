"""Record that an account carried a post, or that a record of it is wrong (Article 11).

What goes out stands on main as it was confirmed: it has passed `verify` first.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pipeline.errors import Fault, Misuse
from pipeline.evidence.review import records
from pipeline.evidence.review.statements import write_statement
from pipeline.evidence.review.superseding import REMOVERS
from pipeline.law.engine import judge_post
from pipeline.model import calendar, channels, waivers
from pipeline.model.evidence import SignedFile, Step
from pipeline.model.findings import Effect, Finding, say
from pipeline.model.ids import AccountId, CommitId, PersonId, PostId
from pipeline.model.posts import Post
from pipeline.model.records import Publication
from pipeline.model.registers import Person
from pipeline.report.language import harmless
from pipeline.sign.act import (
    Act,
    Record,
    Sign,
    SignedOutcome,
    SigningContext,
    ask,
    refuse_left_open,
)
from pipeline.source.content.paths import NO_DAY, PUBLICATIONS, publications_on_disk
from pipeline.source.content.records import signed_files
from pipeline.source.git.branches import MAIN
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree import Tree


@dataclass(frozen=True)
class Publishing:
    """Where and when an account carried a post."""

    post: PostId = ask(say("Post"), argument=True)
    account: AccountId = ask(say("Account"), "The account that carried it.", "", short="a")
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
    removed_by: PersonId = ask(
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
    pressed_by: PersonId = ask(
        say("Who published it"),
        "Who published it, where that was not you; `unknown` where it cannot be found out.", "",
        metavar="PERSON",
    )  # fmt: skip
    base: str = ask(say("Branch"), "The branch that is published.", MAIN)

    @property
    def copies(self) -> bool:
        """Whether it says again what the wrong record says."""
        return self.void or self.removed_at is not None


class Publish(Act[Publishing]):
    asks = Publishing
    question = say("Sign the record of this publication.")
    affirmed = False

    def posts(self, asked: Publishing) -> frozenset[PostId]:
        return frozenset({asked.post})

    def refuse(self, asked: Publishing) -> None:
        """What makes no sense without its companions."""
        ends = asked.removed_at or asked.removed_by
        if not asked.supersedes and (asked.void or asked.reason or ends):
            raise Misuse(say("--void, --removed-at and --reason go with --supersedes."))
        if asked.removed_by and not asked.removed_at:
            raise Misuse(say("The time of the removal is missing."))
        if ends and (asked.void or not asked.removed_by):
            raise Misuse(say("--removed-at and --removed-by go together, and not with --void."))
        if asked.supersedes and not asked.reason.strip():
            raise Misuse(
                say("The reason is missing."),
                say("Say why the record is wrong, in words for all."),
            )
        if not asked.copies:
            refuse_left_open(asked, "account", "url")
            refuse_unless_whole(asked.url)

    def sign(
        self, asked: Publishing, context: SigningContext, person: Person, now: datetime, sign: Sign
    ) -> SignedOutcome:
        asked = replace(
            asked, unconfirmed=asked.unconfirmed.strip(), reason=asked.reason.strip(),
            supersedes=asked.supersedes.removesuffix(".sig"), at=asked.at or now,
        )  # fmt: skip
        post = context.post(asked.post)
        refuse_unless_merged(context, asked)
        old = _wrong(context, post, asked) if asked.supersedes else None
        if old and asked.copies:
            manifest, stated = old.manifest, _copied(old)
        else:
            manifest, stated = _shown(context, post, asked)
        predicate = {
            "archive": context.trusted.registers.policy.archive["id"],
            "post": post.id,
            "operator": person.id,
            "recorded_at": now,
            **stated,
            **_otherwise(asked, old, person),
        }
        record = _judged(context, post, manifest, predicate, sign)
        title = harmless(post.title or post.id)
        carrier = context.trusted.registers.called(asked.account)
        done = say("Publication of {post} on {account} recorded.", post=title, account=carrier)
        if asked.void:
            done = say("The record {path} is taken back.", path=asked.supersedes)
        elif asked.removed_at:
            done = say("The removal of {post} is recorded.", post=title)
        return SignedOutcome(record, done)


PUBLISH = Publish()


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


def _shown(
    context: SigningContext, post: Post, asked: Publishing
) -> tuple[Mapping[str, str], dict[str, Any]]:
    """(manifest, what is stated) of what an account shows. Raises Fault for another account than
    the post was approved for, unless the reason is given why it went out there all the same."""
    registers, archive = context.trusted.registers, context.archive
    shown = asked.revision or post.revision
    confirm = archive.approvals[post.id].confirmation(shown)
    accounts = confirm.accounts if confirm else post.accounts
    approved = asked.account in accounts or asked.unconfirmed
    if asked.account not in registers.accounts or not approved:
        raise Fault(
            say("The post was not approved for the account {account}.", account=asked.account),
            say(
                "Choose one of: {accounts}. If another account carried it all the same, record that"
                " with --unconfirmed and the reason.",
                accounts=", ".join(accounts),
            ),
        )
    stated = {
        "revision": shown,
        "account": asked.account,
        "title": post.title,
        "url": asked.url,
        "published_at": asked.at,
        "batch": asked.batch,
        "time_from": "platform",
    }
    if shown == post.revision and asked.account in post.accounts:
        channel = channels.channel_of(registers.accounts[asked.account].platform)
        stated["rendition"] = archive.renditions[post.id, channel].digest
    elif confirm:
        titles = (p.title for p in archive.publications_of(post.id) if p.revision == shown)
        return confirm.manifest, stated | {"title": next(titles, post.title)}
    return post.manifest, stated


def _copied(old: Publication) -> dict[str, Any]:
    """The old record's words."""
    keys = ("rendition", "unconfirmed", "pressed_by")
    return {
        "revision": old.revision,
        "account": old.account,
        "title": old.title,
        "url": old.url,
        "published_at": old.published_at,
        "batch": old.batch,
        **{key: value for key in keys if (value := getattr(old, key))},
    }


def _otherwise(asked: Publishing, old: Publication | None, person: Person) -> dict[str, Any]:
    """What is said besides: of the old record, of its end, and of what was out of order; who
    records it need not be named twice."""
    stated: dict[str, Any] = {}
    if old:
        stated = {"supersedes": old.digest, "reason": asked.reason}
    if asked.void:
        stated["void"] = True
    elif asked.removed_at:
        stated |= {"removed_at": asked.removed_at, "removed_by": asked.removed_by}
    elif asked.unconfirmed:
        stated["unconfirmed"] = asked.unconfirmed
    if asked.pressed_by not in ("", person.id) and not asked.copies:
        stated["pressed_by"] = asked.pressed_by
    return stated


def _wrong(context: SigningContext, post: Post, asked: Publishing) -> Publication:
    """The record that is to be superseded; it must count until now."""
    path, shown = asked.supersedes, asked.revision or post.revision
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


def _judged(
    context: SigningContext, post: Post, manifest: Mapping[str, str], predicate: dict[str, Any],
    sign: Sign,
) -> Record:  # fmt: skip
    """The signed record. Raises Fault where the verifier would not count it, or a clause objects
    to it: the law is asked before anybody touches a key."""
    trusted, files = context.trusted, context.files
    path = _free(context, predicate)
    schema = trusted.statements["publication"]
    statement = write_statement("publication", manifest, predicate)
    paths = publications_on_disk(files.files, {post.id}, NO_DAY)
    stands = signed_files(files, paths)
    read = [records.read_publication(file, trusted.registers, schema) for file in stands]
    unsigned = records.unsigned_publication(path, statement, schema)
    made, problems = records.counted_publications([*read, unsigned])
    others = (p for p in context.archive.publications if p.post != post.id)
    archive = replace(context.archive, publications=(*others, *made))
    _refuse(path, problems, judge_post(post, archive, trusted.rulebook).findings)
    record = Record(path, statement, sign(statement))
    signed = records.read_publication(
        SignedFile(path, statement, record.signature), trusted.registers, schema
    )
    _refuse(path, records.counted_publications([*read, signed])[1])
    return record


def _refuse(path: str, read: Iterable[Finding], judged: Collection[Finding] = ()) -> None:
    """Raise Fault where something refuses: the record, with all that can be done, or the post."""
    every = [f for f in (*read, *judged) if f.effect is Effect.REFUSE]
    own = [f for f in every if f.location.path == path]
    for first, *more in filter(None, (own, [f for f in every if f in judged])):
        remedy = first.remedy
        for other in (f.remedy for f in more if f in own and f.remedy not in (None, remedy)):
            remedy = say("{one} {other}", one=remedy, other=other)
        raise Fault(first.message, remedy, name=first.name)


def _free(context: SigningContext, stated: Mapping[str, Any]) -> str:
    """The first unused name for the day; later records of a day are numbered behind it."""
    day = calendar.local_date(stated["published_at"])
    numbers = ("", *(f"-{n}" for n in range(2, 99)))
    names = (f"{day}{number}.{stated['account']}.{stated['post']}.json" for number in numbers)
    paths = (f"{PUBLICATIONS}{day.year}/{name}" for name in names)
    return next(path for path in paths if path not in context.files.files)


def refuse_unless_merged(context: SigningContext, asked: Publishing) -> None:
    """Raise Fault for a confirmed post that main does not hold, unless a record of it is copied.

    A post that is not confirmed is refused by the law; one that a leader ordered out in an
    emergency goes out before its reviews, and what went out without leave did, too.
    """
    post, base = context.post(asked.post), asked.base
    confirmed = context.archive.approvals[post.id].approved(Step.CONFIRM) is not None
    assert asked.at
    early = asked.unconfirmed or waivers.ordered_out(post, asked.at, context.archive)
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


def _lines(repository: Repository, base: str) -> list[CommitId]:
    """The branch as it was fetched, and one's own of that name."""
    commits = []
    for name in (f"origin/{base}", base):
        try:
            commits.append(repository.commit(name))
        except Fault:
            continue
    return commits


def _stands(context: SigningContext, post: Post, lines: list[CommitId]) -> bool:
    confirm = context.archive.approvals[post.id].approved(Step.CONFIRM)
    return confirm is not None and any(
        _holds(context, post, confirm.path, context.repository.tree(line)) for line in lines
    )


def _holds(context: SigningContext, post: Post, confirm: str, main: Tree) -> bool:
    """Every file of the post, and these very bytes of its confirmation."""
    committed = context.files.files
    same = all(path in main.files and main.files[path] == committed[path] for path in post.manifest)
    return same and confirm in main.files and main.read(confirm) == context.files.read(confirm)
