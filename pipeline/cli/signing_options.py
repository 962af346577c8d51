"""What every signing verb shares: options, the person's key, storing the record."""

import json
from collections.abc import Callable, Collection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from pipeline.cli.prompts import agreed
from pipeline.cli.session import Session
from pipeline.detect.private import private_data, shown
from pipeline.errors import Fault
from pipeline.evidence.review.statements import NAMESPACE
from pipeline.evidence.ssh.key_files import locked, public_line
from pipeline.evidence.ssh.keys import PublicKey, parse_public_key
from pipeline.evidence.ssh.signing import sign_with_ssh_keygen
from pipeline.model.findings import Message, say
from pipeline.report.language import whole
from pipeline.sign.authorise import governed
from pipeline.sign.signing_context import Record, Sign, SigningContext, write_record
from pipeline.source.content.text import HIDDEN
from pipeline.source.git.git_process import CALL_YOURSELF, NOBODY, committer

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


_BECOMES = {
    "A": say("file added"),
    "M": say("file altered"),
    "T": say("file altered"),
    "D": say("file removed"),
}
"""What becomes of a file, by git's letter."""
FREE_TEXT = ("opinion", "reason", "note", "deviation_reason")
"""Keys of a predicate in which a signer writes freely."""


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options every signature has."""
    chosen: tuple[Decorator, ...] = (
        click.option("--push", is_flag=True, help="Also push it (implies --commit)."),
        click.option("--commit", is_flag=True, help="Commit the record."),
        click.option("-y", "--yes", is_flag=True, help="Affirm everything without being asked."),
        click.option(
            "-k", "--key", metavar="FILE", help="Private key, or public key of one in the agent."
        ),
    )
    for option in chosen:
        command = option(command)
    return command


def key_of(session: Session, context: SigningContext, given: str | None) -> Path:
    """--key, else the SSH key git is set to sign with, else the usual Ed25519 file.

    Where the private file is not there, its `.pub` stands for a key that an agent holds.
    """
    setting = context.repository.setting
    name = given or setting("sanshen.key")
    if not name and setting("gpg.format") == "ssh":  # else it names a key of OpenPGP
        name = setting("user.signingkey")
        if name.startswith(("key::", "ssh-", "sk-ssh-")):  # git takes the key itself, too
            return _as_file(name.removeprefix("key::"))
    usual = Path(session.environment.get("HOME", "."), ".ssh", "id_ed25519")
    path = Path(name).expanduser() if name else usual
    for candidate in (path, path.with_name(f"{path.name}.pub")):
        if candidate.is_file():
            return candidate
    raise Fault(
        say("There is no key {path}.", path=str(path)),
        say("Name yours with --key; whoever has none makes one: `ssh-keygen -t ed25519`."),
    )


def _as_file(line: str) -> Path:
    """A public key as a file, which ssh-keygen wants, as long as the command runs."""
    folder = click.get_current_context().with_resource(TemporaryDirectory(prefix="sanshen-"))
    path = Path(folder, "key.pub")
    path.write_text(f"{line}\n", encoding="utf-8")
    return path


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
        _unless_private(message)
        _unless_unseen(message)
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


def _unless_unseen(statement: bytes) -> None:
    """A page would show it in another way than its signer read it, and for ever."""
    predicate = json.loads(statement)["predicate"]
    for text in (str(predicate[key]) for key in FREE_TEXT if key in predicate):
        if match := HIDDEN.search(text):
            raise Fault(
                say("There is an invisible character {code}.", code=f"U+{ord(match[0]):04X}"),
                say("Write it again without; it was probably pasted. Nothing was signed."),
            )


def _unless_private(statement: bytes) -> None:
    """What a signer says in words of their own is signed with the rest, so it can never go."""
    predicate = json.loads(statement)["predicate"]
    for text in (str(predicate[key]) for key in FREE_TEXT if key in predicate):
        if finding := next((f for f in private_data(text) if f.certain), None):
            raise Fault(
                say("What you say holds private data: {value}", value=shown(finding, text)),
                say("Say it without: what is signed stays for ever. Nothing was signed."),
            )


def store(
    session: Session,
    context: SigningContext,
    record: Record,
    options: dict[str, Any],
    done: Message,
    *,
    again: bool = False,
) -> None:
    """Write a signed record, and commit and push it as asked; `again`: as of `write_record`."""
    if (options["commit"] or options["push"]) and not committer():
        raise Fault(NOBODY, CALL_YOURSELF)
    with context.repository.lock():
        files = write_record(context.repository.root, record, again=again)
        click.echo(session.path(files[0]))
        session.remark(done)
        if options["commit"] or options["push"]:
            commit = context.repository.add_and_commit(files, session.tr(done))
            refuse_other_bytes(context, record, commit)
            session.remark(say("Committed as {commit}.", commit=commit[:12]))
        else:
            session.remark(say("Not committed yet: commit it, or give --commit next time."))
    if options["push"]:
        context.repository.push()
        session.remark(say("Pushed."))


def refuse_other_bytes(context: SigningContext, record: Record, commit: str) -> None:
    """Raise Fault unless a commit holds the very bytes that were signed."""
    tree = context.repository.tree(commit)
    signed = {record.path: record.statement, f"{record.path}.sig": record.signature}
    for path, raw in signed.items():
        if path not in tree.files or tree.read(path) != raw:
            raise Fault(
                say("{commit} holds other bytes in {path} than you signed.",
                    commit=commit[:12], path=path),
                say("Another program changed the file: take the commit back with"
                    " `git reset --soft HEAD~1`, remove the record, and sign again."),
            )  # fmt: skip


def affirm(session: Session, options: dict[str, Any], question: Message) -> None:
    """Ask before signing, unless --yes affirms it. Raises Fault when nobody can be asked."""
    if options["yes"]:
        return
    if not session.attended:
        raise Fault(
            say("Nobody is there to affirm the points above."),
            say("Run it in a terminal, or affirm them with --yes."),
        )
    if not agreed(session, question):
        raise click.Abort


def show_governed(
    session: Session, context: SigningContext, base: str, acknowledged: Collection[str] = ()
) -> None:
    """What a consent covers: each file and what becomes of it, and where to read it whole."""
    repository, registers = context.repository, context.trusted.registers
    _, changes = governed(repository, base, registers, session.now(), acknowledged)
    for change in changes:
        click.echo(f"  {session.tr(_BECOMES[change.status])}  {whole(change.path)}", err=True)
    for commit in acknowledged:
        click.echo(f"  {session.tr(say('answered for'))}  {commit[:12]}", err=True)
    line = repository.base(base)[:12]
    session.remark(say("Read it whole: `git diff {base}...HEAD`.", base=line))
