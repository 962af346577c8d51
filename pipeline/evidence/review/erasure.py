"""The two signatures beside the page of an erased post, checked with nothing but the log.

A post that the log names and the site does not show was hidden, unless the people who may erase
it signed so (threats A23, A36). Which office they held, the registers say: `audit` asks them.
"""

from collections.abc import Collection, Iterator, Mapping

from pipeline.evidence.log.leaves import record_digest
from pipeline.evidence.review.site_bundle import moment_of
from pipeline.evidence.review.statements import NAMESPACE, strict_json
from pipeline.evidence.ssh.allowed_signers import Signer
from pipeline.evidence.ssh.keys import PublicKey
from pipeline.evidence.ssh.sshsig import verify
from pipeline.model.findings import Message, say

PREDICATE = "urn:sanshen:authorisation/v1"
SIGNERS = 2
"""Different people who erase a post (R13-10)."""


def erasure_problems(
    post: str, files: Mapping[str, bytes], records: Collection[str], signers: Collection[Signer]
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
        elif record_digest(statement, signature) not in records:
            yield say("{name} is not in the log.", name=name[:200])
        else:
            people.add(person)
    if len(people) < SIGNERS:
        yield say("Two people must have signed that this post was erased.")


def _signer(
    post: str, statement: bytes, signature: bytes, signers: Collection[Signer]
) -> str | None:
    """Who signed that this post is erased; None for anything else. Never raises."""
    key = verify(signature, statement, NAMESPACE)
    try:
        value = strict_json(statement)
        said = value["predicate"]
        person, moment = said["person"], moment_of(said["signed_at"])
        about = (value["predicateType"], said["expunges"]["post"])
        if not isinstance(key, PublicKey) or about != (PREDICATE, post):
            return None
        trusted = any(s.signs(person, key.line, moment) for s in signers)
        return str(person) if trusted else None
    except (ValueError, TypeError, KeyError):
        return None
