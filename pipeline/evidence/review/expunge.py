"""Which posts are expunged: two people signed that their bytes are erased (threats A36).

The head of the lead department and a leader, two different people, each sign the digests of every
version of every file. With these digests the reviews, which stay, can still be verified.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from pipeline.evidence.review import statements
from pipeline.evidence.ssh.keys import PublicKey
from pipeline.evidence.ssh.sshsig import verify
from pipeline.model import calendar, conformance, evidence
from pipeline.model.findings import Effect, Finding, Location, Message, say
from pipeline.model.ids import R13_10, PostId
from pipeline.model.records import Authorisation, Expunged
from pipeline.model.registers import Registers, signing_roles

if TYPE_CHECKING:  # a caller that holds one has imported it
    from pipeline.evidence.ssh.allowed_signers import Signer


def expunged_posts(
    authorisations: Iterable[Authorisation], registers: Registers
) -> dict[PostId, Expunged]:
    """Post id → its expunging, with the offices whose signature it still awaits.

    The first record by path decides the bytes; signers who name other bytes do not count.
    """
    by_post: dict[PostId, list[Authorisation]] = {}
    for a in sorted(authorisations, key=lambda a: a.path):
        if a.expunges is not None:
            same = by_post.setdefault(a.expunges.post, [])
            if not same or same[0].expunges == a.expunges:
                same.append(a)
    return {post: _expunged(post, signed, registers) for post, signed in by_post.items()}


def _expunged(post: PostId, signed: list[Authorisation], registers: Registers) -> Expunged:
    what = signed[0].expunges
    assert what is not None
    offices = [(office, a.person) for a in signed for office in _offices(a, registers)]
    heads = {person for office, person in offices if office == "head"}
    leaders = {person for office, person in offices if office == "leader"}
    awaits = [name for name, people in (("head", heads), ("leader", leaders)) if not people]
    if not awaits and len(heads | leaders) < 2:
        awaits = ["leader"]
    return Expunged(
        post,
        what.revision,
        what.title,
        signed[0].reason,
        max(a.signed_at for a in signed),
        what.files,
        tuple(a.person for a in signed),
        tuple(a.path for a in signed),
        tuple(awaits),
    )


def _offices(signed: Authorisation, registers: Registers) -> Iterator[str]:
    person, day = registers.people.get(signed.person), calendar.local_date(signed.signed_at)
    for role in signing_roles(person, day, registers):
        yield "head" if role == "section-head" else "leader"


def foreign_reviews(
    gone: Expunged, reviews: Iterable[evidence.SignedFile], schema: conformance.Conformance
) -> tuple[Finding, ...]:
    """Reviews of an expunged post over bytes that no record says were erased.

    An expunging covers exactly the bytes it names, and no other change of history.
    """
    return tuple(
        Finding(
            R13_10,
            "review-unerased-bytes",
            Effect.REFUSE,
            say("This review speaks of bytes that no record says were erased."),
            Location(signed.path),
            say("Restore the post as it was reviewed, or expunge all its versions."),
        )
        for signed in reviews
        if isinstance(statement := statements.read_statement(signed, schema), statements.Statement)
        and not set(statement.subject.items()) <= gone.files
    )


# The two signatures beside the page of an erased post, checked with nothing but the log.
#
# A post that is in the log and not on the site was hidden, unless the people who may erase it
# signed its erasure (threats A23, A36). Only `audit` checks their offices: it has the registers.

PREDICATE = "urn:sanshen:authorisation/v1"
SIGNERS = 2
"""Different people who erase a post (R13-10)."""


def erasure_problems(
    post: PostId,
    files: Mapping[str, bytes],
    records: Collection[str],
    signers: Collection["Signer"],
) -> Iterator[Message]:
    """What is wrong with the signed records of an erased post.

    `files`: name → bytes of the records (``….json``) and their signatures (``….json.sig``);
    `records`: digests that the log has of records which erase this post; `signers`: who may sign.
    """
    people = set()
    for name, statement in files.items():
        if name.endswith(".sig"):
            continue
        signature = files.get(f"{name}.sig", b"")
        person = _signer(post, statement, signature, signers)
        if person is None:
            yield say("{name} is not signed for the erasure of this post.", name=name[:200])
        elif statements.digest(statement, signature) not in records:
            yield say("{name} is not in the log.", name=name[:200])
        else:
            people.add(person)
    if len(people) < SIGNERS:
        yield say("Two people must have signed that this post was erased.")


def _signer(
    post: PostId, statement: bytes, signature: bytes, signers: Collection["Signer"]
) -> str | None:
    """Who signed that this post is erased; None for anything else. Never raises."""
    key = verify(signature, statement, statements.NAMESPACE)
    try:
        value = statements.strict_json(statement)
        predicate = value["predicate"]
        person, moment = predicate["person"], statements.moment_of(predicate["signed_at"])
        about = (value["predicateType"], predicate["expunges"]["post"])
        if not isinstance(key, PublicKey) or about != (PREDICATE, post):
            return None
        trusted = any(s.signs(person, key.line, moment) for s in signers)
        return str(person) if trusted else None
    except (ValueError, TypeError, KeyError):
        return None
