"""Who made a post's content, where a squash names all who took part.

A forge writes every author of squashed commits as co-author of one commit, those too who only
signed: the signatures that came with it tell them apart (docs/decisions/0027).
"""

import re
from collections.abc import Callable, Iterable

from pipeline.evidence.review.conditions import may_prepare
from pipeline.evidence.review.site_bundle import moment_of
from pipeline.evidence.review.statements import NAMESPACE, predicate_of
from pipeline.evidence.ssh.keys import PublicKey
from pipeline.evidence.ssh.sshsig import verify
from pipeline.model.calendar import local_date
from pipeline.model.evidence import SignedFile, Step
from pipeline.model.posts import Handler
from pipeline.model.registers import Registers

_PRIVATE = re.compile(r"@(?:users\.)?noreply\.")
"""An address that a forge writes for whoever hides theirs: another name of somebody who is named
by their own in the proposal."""


def makers_of(
    handlers: Iterable[Handler],
    files_of: Callable[[tuple[str, ...]], Iterable[SignedFile]],
    registers: Registers,
) -> frozenset[Handler]:
    """The handlers of a post without those of a squash who only signed there, or are unknown.

    `files_of` reads the signed files of statements. Whoever made the content and signed it was
    refused before the merge. When nobody else is left as author, everyone named made it.
    """
    people = frozenset(handlers)
    left = {handler for handler in people if not handler.records}
    for commit in {handler.commit for handler in people - left}:
        named = {handler for handler in people if handler.commit == commit}
        signers = _signers(files_of(next(iter(named)).records), registers)
        rest = {h for h in named if _person(h, registers) not in signers}
        if not signers or all(h.part == "committer" for h in rest):
            left |= named
        else:
            left |= {h for h in rest if _person(h, registers) or not _PRIVATE.search(h.email)}
    return frozenset(left)


def _person(handler: Handler, registers: Registers) -> str:
    person = registers.person_of(handler.email)
    return person.id if person else ""


def _signers(files: Iterable[SignedFile], registers: Registers) -> set[str]:
    """Owners of the keys that signed on the post; not of reviews that its makers may sign."""
    return {owner for file in files if (owner := _signer(file, registers))}


def _signer(file: SignedFile, registers: Registers) -> str:
    """Id of who signed a statement on the post of its path, and thereby made nothing of it."""
    if file.statement is None or file.signature is None:
        return ""
    key = verify(file.signature, file.statement, NAMESPACE)
    owner = registers.roster.key(key.fingerprint) if isinstance(key, PublicKey) else None
    said = predicate_of(file.statement)
    if owner is None or str(said.get("post", "?")) not in re.split(r"[/.]", file.path):
        return ""
    try:
        day = local_date(moment_of(str(said.get("signed_at"))))
        free = "step" in said and "witness" not in said
        free = free and may_prepare(Step(said["step"]), day, registers)
    except (ValueError, OverflowError):
        return ""
    return "" if free else owner.person
