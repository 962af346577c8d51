"""The signed consent to a governed change (R13-7)."""

import hashlib
from collections.abc import Collection
from datetime import date, datetime

from pipeline.errors import Fault
from pipeline.evidence.review.statements import write_statement
from pipeline.judge.load_governance import trust
from pipeline.model.calendar import local_date
from pipeline.model.findings import say
from pipeline.model.registers import Person, Registers, signing_roles
from pipeline.sign.signing_context import Record, Sign, SigningContext
from pipeline.source.content.paths import area_of
from pipeline.source.content.records import AUTHORISATIONS
from pipeline.source.git.repository import RawChange, Repository
from pipeline.source.git.tree import Tree


def authorisation(
    context: SigningContext,
    base: str,
    reason: str,
    person: Person,
    now: datetime,
    sign: Sign,
    acknowledges: tuple[str, ...] = (),
) -> Record:
    """Consent to the governed files that differ between a base and HEAD (R13-7).

    `acknowledges`: commits of the past that broke the rules and that the signer answers for;
    then no file need differ. The registers at the base decide who may sign: a change does not
    appoint its own judges (threats A1).
    """
    registers = trust(context.repository.tree(context.repository.base(base))).registers
    after, changed = governed(context.repository, base, registers, now, acknowledges)
    subject = {
        c.path: hashlib.sha256(after.read(c.path)).hexdigest() for c in changed if c.status != "D"
    }
    removed = sorted(c.path for c in changed if c.status == "D")
    day = local_date(now)
    predicate = {
        "archive": registers.policy.archive["id"],
        "person": person.id,
        "role": _role(person, registers, day),
        "reason": reason,
        "removed": removed,
        **({"acknowledges": list(acknowledges)} if acknowledges else {}),
        "signed_at": now,
        "roster": registers.roster.version,
    }
    consented = repr((sorted(subject.items()), removed, acknowledges)).encode()
    digest = hashlib.sha256(consented).hexdigest()[:8]
    statement = write_statement("authorisation", subject, predicate)
    path = f"{AUTHORISATIONS}{day.year}/{day}-{digest}/{person.id}.json"
    if path in context.files.files:
        raise Fault(
            say("{path} is there already; a signed record is never replaced.", path=path),
            say("The change has this consent; the other signature is somebody else's."),
        )
    return Record(path, statement, sign(statement))


def governed(
    repository: Repository,
    base: str,
    registers: Registers,
    now: datetime,
    acknowledges: Collection[str] = (),
) -> tuple[Tree, list[RawChange]]:
    """(what main would hold, the files in it that need consent): as `verify` will see them.

    Main may have gone on since the branch began; that is no part of the change. Raises Fault when
    nothing needs a consent.
    """
    line = repository.base(base)
    after = repository.tree(repository.merged(line, repository.commit("HEAD")))
    areas = registers.parameter("change.signed_areas", local_date(now))
    changes = repository.changes(line, after.oid)
    changed = [c for c in changes if area_of(c.path) in areas]
    if not changed and not acknowledges:
        raise Fault(
            say("Nothing between {base} and HEAD needs an authorisation.", base=base),
            say("Commit the change to a branch first, and name its base with --base."),
        )
    return after, changed


def _role(person: Person, registers: Registers, day: date) -> str:
    """The role by which a person may consent. Raises Fault when there is none."""
    roles = signing_roles(person, day, registers)
    if not roles:
        raise Fault(
            say("{person} may not authorise a change.", person=person.id),
            say("The head of the lead department and the leader in charge do (R13-7)."),
        )
    return roles[0]
