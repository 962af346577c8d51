"""What every signing verb shares: options, the person's key, storing the record."""

from collections.abc import Collection, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from pipeline.cli.options import Session, agreed, together
from pipeline.errors import Fault, Misuse
from pipeline.evidence.review.statements import NAMESPACE
from pipeline.evidence.ssh.keys import PASSKEY, PublicKey, parse_public_key
from pipeline.evidence.ssh.signing import locked, public_line, sign_with_ssh_keygen
from pipeline.history.change_in_words import change_in_words
from pipeline.judge.change_facts import governed, lost_signatures
from pipeline.judge.load_governance import trust
from pipeline.model.findings import Message, say
from pipeline.model.ids import NO_PERSON, CommitId, PersonId
from pipeline.model.registers import ForgeAccount, Person, Registers
from pipeline.report.governed_change import matters_left
from pipeline.report.language import whole
from pipeline.sign.act import Record, Sign, SigningContext, refuse_unfit_words, signer, write_record
from pipeline.source.atomic import write_whole
from pipeline.source.content.paths import Files
from pipeline.source.content.program_lock import LOCK, refuse_other_program
from pipeline.source.git.git_process import CALL_YOURSELF, NO_COMMITTER, committer
from pipeline.source.git.repository import Repository, commit_files, finish, noted


def finish_first(session: Session) -> None:
    """End what a killed command began to commit, before anything is read."""
    if message := finish(session.repository()):
        session.remark(
            say("An earlier command was cut off; it is committed now: {what}", what=message)
        )


def _finish_first(ctx: click.Context, _: click.Parameter, commits: bool) -> bool:
    if isinstance(ctx.obj, Session) and not ctx.resilient_parsing:
        finish_first(ctx.obj)
    return commits


SIGNING = together(
    click.option(
        "-k", "--key", metavar="FILE", help="Private key, or public key of one in the agent."
    ),
    click.option("-y", "--yes", is_flag=True, help="Affirm everything without being asked."),
    click.option("--commit", is_flag=True, callback=_finish_first, help="Commit the record."),
    click.option("--push", is_flag=True, help="Also push it (implies --commit)."),
)
"""The options every signature has."""
_BECOMES = {
    "A": say("file added"),
    "M": say("file altered"),
    "T": say("file altered"),
    "D": say("file removed"),
}
"""What becomes of a file, by git's letter."""


@dataclass(frozen=True)
class Signing:
    """A signature on its way: who gives it, with which key, in which archive."""

    session: Session
    context: SigningContext
    options: Mapping[str, Any]
    """Those of `SIGNING`."""
    key: Path
    person: Person

    @classmethod
    def open(
        cls, session: Session, context: SigningContext, options: Mapping[str, Any]
    ) -> "Signing":
        """Find the key and its owner. Faults: no such key, the roster does not hold it, or
        another program than the archive names judged what is signed."""
        refuse_other_program(context.trusted.lock)
        key = key_of(session, context.repository, options["key"])
        public = public_key(session, key)
        if public.algorithm == PASSKEY:
            raise Fault(
                say("A passkey signs in a browser alone."),
                say("Sign on a page of the desk: `sanshen desk`."),
            )
        return cls(session, context, options, key, signer(context, public.fingerprint))

    @property
    def sign(self) -> Sign:
        return signer_of(self.session, self.key)

    def affirmed(self, question: Message) -> bool:
        """Ask before signing, unless --yes affirms it. Fault where there is no terminal to ask."""
        if self.options["yes"]:
            return True
        if not self.session.attended:
            raise Fault(
                say("There is no terminal to affirm the points above."),
                say("Run it in a terminal, or affirm them with --yes."),
            )
        return agreed(self.session, question)

    def store(
        self, record: Record, done: Message, *, again: bool = False, more: Mapping[str, bytes] = {}
    ) -> None:
        """Write a signed record, and commit and push it as asked; `again`: of `write_record`;
        `more`: path → bytes of records that it completes."""
        session, repository = self.session, self.context.repository
        commits = self.options["commit"] or self.options["push"]
        if commits and not committer():
            raise Fault(NO_COMMITTER, CALL_YOURSELF)
        signed = {record.path: record.statement, f"{record.path}.sig": record.signature, **more}
        with ExitStack() as stack:
            stack.enter_context(repository.lock())
            if commits:  # a signature is given once: who is killed from here on loses none
                stack.enter_context(noted(repository, (), session.tr(done), signed))
            files = [*write_record(repository.root, record, again=again)]
            for path, raw in more.items():
                write_whole(repository.root / path, raw)
                files.append(repository.root / path)
            click.echo(session.path(files[0]))
            session.remark(done)
            if commits:
                commit = commit_files(repository, files, session.tr(done))
                refuse_other_bytes(self.context, record, commit)
                session.remark(say("Committed as {commit}.", commit=commit[:12]))
            else:
                session.remark(say("Not committed yet: commit it, or give --commit next time."))
        if self.options["push"]:
            repository.push()
            session.remark(say("Pushed."))


def key_of(session: Session, repository: Repository, given: str | None = None) -> Path:
    """--key, else the SSH key git is set to sign with, else the usual Ed25519 file.

    Where the private file is not there, its `.pub` stands for a key that an agent holds.
    """
    setting = repository.setting
    name = given or setting("sanshen.key")
    if not name and setting("gpg.format") == "ssh":  # else it names a key of OpenPGP
        name = setting("user.signingkey")
    usual = Path(session.environment.get("HOME", "."), ".ssh", "id_ed25519")
    path = Path(name).expanduser() if name else usual
    for candidate in (path, path.with_name(f"{path.name}.pub")):
        if candidate.is_file():
            return candidate
    raise Fault(
        say("There is no key {path}.", path=str(path)),
        say("Name yours with --key; if you have none, make one: `ssh-keygen -t ed25519`."),
    )


def identity(session: Session, repository: Repository, registers: Registers) -> Person:
    """Who runs the command: the owner of the key that would sign, else of git's e-mail address.

    Raises Fault when the registers know neither.
    """
    owner = NO_PERSON
    with suppress(Fault):
        key = registers.roster.key(fingerprint_of(session, key_of(session, repository, None)))
        owner = key.person if key else NO_PERSON
    email = repository.setting("user.email")
    person = registers.people.get(owner) or registers.person_of(email)
    if person is None:
        raise Fault(
            say(
                "Neither your key nor git's e-mail address ({email}) is in the registers.",
                email=email or "—",
            ),
            say(
                "Name your key once: `git config sanshen.key FILE`; or have your address entered in"
                " content/registers/people.yml."
            ),
        )
    return person


def fingerprint_of(session: Session, key: Path) -> str:
    return public_key(session, key).fingerprint


def public_key(session: Session, path: Path) -> PublicKey:
    """The public key of a file, private or public; Fault when it is none we accept."""
    key = parse_public_key(public_line(path, env=session.environment))
    if not isinstance(key, PublicKey):
        raise Fault(
            say("The key {path} cannot be used ({reason}).", path=str(path), reason=key.reason),
            say("Make one: `ssh-keygen -t ed25519`."),
        )
    return key


def signer_of(session: Session, key: Path) -> Sign:
    def sign(message: bytes) -> bytes:
        refuse_unfit_words(message)
        if session.attended and locked(key):  # OpenSSH asks in English alone
            session.remark(say("At “Enter passphrase”: that of your key. Nothing is shown of it."))
        return sign_with_ssh_keygen(
            message,
            key,
            NAMESPACE,
            env=session.environment,
            timeout=120.0,
            interactive=session.attended,
        )

    return sign


def refuse_other_bytes(context: SigningContext, record: Record, commit: CommitId) -> None:
    """Raise Fault unless a commit holds the very bytes that were signed."""
    tree = context.repository.tree(commit)
    signed = {record.path: record.statement, f"{record.path}.sig": record.signature}
    for path, raw in signed.items():
        if path not in tree.files or tree.read(path) != raw:
            raise Fault(
                say(
                    "{commit} holds other bytes in {path} than you signed.",
                    commit=commit[:12],
                    path=path,
                ),
                say(
                    "Another program changed the file: take the commit back with"
                    " `git reset --soft HEAD~1`, remove the record, and sign again."
                ),
            )


def show_governed(
    session: Session, context: SigningContext, base: str, acknowledged: Collection[str] = ()
) -> None:
    """What a consent covers: in words what policy and registers would say, each file and what
    becomes of it, and where to read it whole."""
    repository, registers = context.repository, context.trusted.registers
    after, changes = governed(repository, base, registers, session.now(), acknowledged)
    if any(change.path.startswith(("content/", LOCK)) for change in changes):
        show_change(session, repository.tree(repository.base(base)), after)
        show_losses(session, repository, repository.base(base), after)
    for change in changes:
        click.echo(f"  {session.tr(_BECOMES[change.status])}  {whole(change.path)}", err=True)
    for commit in acknowledged:
        click.echo(f"  {session.tr(say('answered for'))}  {commit[:12]}", err=True)
    line = repository.base(base)[:12]
    session.remark(say("Read it whole: `git diff {base}...HEAD`.", base=line))


def show_change(session: Session, before: Files, after: Files) -> None:
    """What a change of policy and registers does, and what it leaves to do, to stderr."""
    matters = [*matters_left(trust(before).registers, trust(after, to_come=True).registers)]
    head = [say("What this leaves to do:")] if matters else []
    for sentence in (*change_in_words(before, after), *head, *matters):
        click.echo(f"  {session.tr(sentence)}", err=True)


def show_losses(session: Session, repository: Repository, base: CommitId, after: Files) -> None:
    """The standing posts that lose a signature by a change, to stderr."""
    old, new = trust(repository.tree(base)), trust(after, to_come=True)
    for lost in lost_signatures(repository, base, old, new):
        click.echo(f"  {session.tr(lost.words)}", err=True)


def account_of(person: PersonId, text: str, at: datetime) -> ForgeAccount:
    """``PERSON=HOST:ID``, or ``HOST:ID`` of one that ends."""
    forge, _, number = text.rpartition("=")[2].rpartition(":")
    if not forge or not number.isdecimal() or not number.isascii():
        raise Misuse(
            say("{given} is not HOST:ID.", given=text),
            say("The id is a number: `gh api users/LOGIN --jq .id`."),
        )
    return ForgeAccount(person, forge.casefold(), int(number), at, None)
