"""Who made a post's content, where a squash names everyone who took part.

A forge writes every author of squashed commits as co-author of one commit, even those who only
signed. The signatures that came with the commit distinguish them (docs/decisions/0027).
"""

import re
from collections.abc import Callable, Iterable

from pipeline.evidence.review.conditions import may_prepare
from pipeline.evidence.review.statements import NAMESPACE, moment_of, predicate_of
from pipeline.evidence.ssh.keys import PublicKey
from pipeline.evidence.ssh.sshsig import verify
from pipeline.model.calendar import local_date
from pipeline.model.evidence import SignedFile, Step
from pipeline.model.posts import Handler
from pipeline.model.registers import Registers

_PRIVATE = re.compile(r"@(?:users\.)?noreply\.")
"""An address that a forge writes for a person who hides theirs. The proposal also lists that person
by their own address."""


def makers_of(
    handlers: Iterable[Handler],
    files_of: Callable[[tuple[str, ...]], Iterable[SignedFile]],
    registers: Registers,
) -> frozenset[Handler]:
    """The handlers of a post, without those of a squash who only signed there or are unregistered.

    `files_of` reads the signed files of statements. A maker who also signed was refused before the
    merge. When only signers are left as authors, everyone listed made the content.
    """
    people = frozenset(handlers)
    left = {handler for handler in people if not handler.records}
    for commit in {handler.commit for handler in people - left}:
        listed = {handler for handler in people if handler.commit == commit}
        signers = _signers(files_of(next(iter(listed)).records), registers)
        rest = {h for h in listed if _person(h, registers) not in signers}
        if not signers or all(h.part == "committer" for h in rest):
            left |= listed
        else:
            left |= {h for h in rest if _person(h, registers) or not _PRIVATE.search(h.email)}
    return frozenset(left)


def _person(handler: Handler, registers: Registers) -> str:
    person = registers.person_of(handler.email)
    return person.id if person else ""


def _signers(files: Iterable[SignedFile], registers: Registers) -> set[str]:
    """Owners of the keys that signed on the post, without reviews that its makers may sign."""
    return {owner for file in files if (owner := _signer(file, registers))}


def _signer(file: SignedFile, registers: Registers) -> str:
    """Id of the person who signed a statement on the post of its path; else empty."""
    if file.statement is None or file.signature is None:
        return ""
    key = verify(file.signature, file.statement, NAMESPACE)
    owner = registers.roster.key(key.fingerprint) if isinstance(key, PublicKey) else None
    predicate = predicate_of(file.statement)
    if owner is None or str(predicate.get("post", "?")) not in re.split(r"[/.]", file.path):
        return ""
    try:
        day = local_date(moment_of(str(predicate.get("signed_at"))))
        free = "step" in predicate and "witness" not in predicate
        free = free and may_prepare(Step(predicate["step"]), day, registers)
    except (ValueError, OverflowError):
        return ""
    return "" if free else owner.person
