"""Problems of a roster, found before it is in force (threats A7, A31)."""

from collections.abc import Iterator

from pipeline.evidence.ssh.keys import PublicKey, parse_public_key
from pipeline.model.findings import Effect, Finding, Message, say
from pipeline.model.ids import R11_1
from pipeline.model.registers import Registers


def roster_problems(registers: Registers) -> tuple[Finding, ...]:
    """One key belongs to one person for ever; every key is of a kind that signs here;
    every person is registered."""
    document = registers.documents["roster"]
    remedy = say("Correct content/registers/roster.yml; a replaced key keeps its old line.")
    rows = (
        *(("keys", *row) for row in _complaints(registers)),
        *(("forge_accounts", *row) for row in _accounts(registers)),
    )
    return tuple(
        Finding(R11_1, fault, Effect.REFUSE, message, document.locate(name, i), remedy, cause=cause)
        for name, i, fault, message, cause in rows
    )


def _accounts(registers: Registers) -> Iterator[tuple[int, str, Message, str]]:
    """As `_complaints`, of accounts on a forge."""
    owners: dict[tuple[str, int], str] = {}
    for index, row in enumerate(registers.roster.accounts):
        owner = owners.setdefault((row.forge, row.id), row.person)
        if owner != row.person:
            message = say("The account {id} is entered twice, for {one} and {other}.",
                          id=row.id, one=owner, other=row.person)  # fmt: skip
            yield index, "forge-account-twice {id}", message, ""
        if row.person not in registers.people:
            message = say("An account belongs to {person}, who is not in the register of people.",
                          person=row.person)  # fmt: skip
            unread = registers.unread_path("people")
            yield index, "forge-account-ownerless {person}", message, unread
        if row.end is not None and row.end <= row.start:
            message = say("An account of {person} ends before it begins.", person=row.person)
            yield index, "forge-account-backwards {person}", message, ""


def _complaints(registers: Registers) -> Iterator[tuple[int, str, Message, str]]:
    """(number of the key, name of the fault, what it is, path of the register that causes it)."""
    owners: dict[bytes, str] = {}
    for index, entry in enumerate(registers.roster.keys):
        key = parse_public_key(entry.line)
        if not isinstance(key, PublicKey):
            message = say("A key of {person} cannot be used ({reason}).", person=entry.person,
                          reason=key.reason)  # fmt: skip
            yield index, "key-unusable {person}", message, ""
            continue
        if key.raw in owners:
            message = say("The same key is entered twice, for {one} and {other}.",
                          one=owners[key.raw], other=entry.person)  # fmt: skip
            yield index, "key-twice {one} {other}", message, ""
        owners.setdefault(key.raw, entry.person)
        if entry.person not in registers.people:
            message = say(
                "A key belongs to {person}, who is not in the register of people.",
                person=entry.person,
            )
            yield index, "key-ownerless {person}", message, registers.unread_path("people")
        if entry.valid_until is not None and entry.valid_until <= entry.valid_from:
            message = say("A key of {person} ends before it begins.", person=entry.person)
            yield index, "key-backwards {person}", message, ""
        if entry.revoked_from and entry.revocation != "compromised":
            message = say(
                "Only a compromised key is void from a point ({person}).", person=entry.person
            )
            yield index, "key-void-unlawful {person}", message, ""
