"""approve, return, confirm, publish, authorise: one signature each, with a key people own."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from pipeline.cli.look import STEPS
from pipeline.cli.session import Moment, Session, post_id
from pipeline.errors import Fault
from pipeline.evidence.key_files import public_line
from pipeline.evidence.keys import PublicKey, parse_public_key
from pipeline.evidence.signing import sign_with_ssh_keygen
from pipeline.evidence.statements import NAMESPACE
from pipeline.flow import sign
from pipeline.model.evidence import Step
from pipeline.model.findings import Message, say
from pipeline.model.posts import Post
from pipeline.report.formats import place as shown_place
from pipeline.report.language import harmless
from pipeline.report.summary import EFFECTS

AFFIRMED: dict[str, Message] = {
    "collected": say("I collected the material."),
    "sorted": say("I put it in order."),
    "filled": say("I filled in what the post needs."),
    "proofread": say("I proofread it."),
    "formatted": say("I checked its format."),
    "form_filled": say("I filled in the approval form."),
    "meaning_kept": say("Nothing in it distorts its source or the facts."),
    "lawful": say("It keeps to the laws and regulations."),
    "direction": say("Its direction and the occasion are right."),
    "no_wording_error": say("It holds no serious wording error."),
    "no_sensitive_words": say("It holds no sensitive words."),
    "no_private_data": say("It holds no private data."),
    "law": say("It keeps to the bottom line of laws and regulations."),
    "system": say("It keeps to the bottom line of the socialist system."),
    "national_interest": say("It keeps to the bottom line of the national interest."),
    "citizens_rights": say("It keeps to the bottom line of citizens' lawful rights."),
    "public_order": say("It keeps to the bottom line of public order."),
    "morality": say("It keeps to the bottom line of social morality."),
    "truth": say("It keeps to the bottom line of true information."),
}


Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options every signature has."""
    options: tuple[Decorator, ...] = (
        click.option("--push", is_flag=True, help="Also push it (implies --commit)."),
        click.option("--commit", is_flag=True, help="Commit the record."),
        click.option("-y", "--yes", is_flag=True, help="Affirm everything without being asked."),
        click.option(
            "-k",
            "--key",
            metavar="FILE",
            help="Private key, or public key of one in the agent.",
        ),
    )
    for option in options:
        command = option(command)
    return command


@click.command()
@click.argument("post")
@click.option("-m", "--opinion", default="同意", show_default=True, help="The reviewer's opinion.")
@click.option("--acting-for", default="", metavar="PERSON", help="Absent leader of the mandate.")
@_options
@click.pass_obj
def approve(session: Session, /, post: str, opinion: str, acting_for: str, **options: Any) -> None:
    """Approve a post at the step that waits: first, second or final review."""
    _review(session, post, "approve", opinion, acting_for, options, confirming=False)


@click.command("return")
@click.argument("post")
@click.option("-m", "--opinion", required=True, help="What must change.")
@click.option("--acting-for", default="", metavar="PERSON", help="Absent leader of the mandate.")
@_options
@click.pass_obj
def return_(session: Session, /, post: str, opinion: str, acting_for: str, **options: Any) -> None:
    """Send a post back; only a new revision lifts it."""
    _review(session, post, "return", opinion, acting_for, options, confirming=None)


@click.command()
@click.argument("post")
@click.option("-m", "--opinion", default="确认无误", show_default=True, help="The opinion.")
@_options
@click.pass_obj
def confirm(session: Session, /, post: str, opinion: str, **options: Any) -> None:
    """Confirm a finally reviewed post (Article 15(2)): head of the lead department."""
    _review(session, post, "approve", opinion, "", options, confirming=True)


def _review(
    session: Session,
    name: str,
    decision: str,
    opinion: str,
    acting_for: str,
    options: dict[str, Any],
    *,
    confirming: bool | None,
) -> None:
    wanted = post_id(name)
    place = sign.desk(session.repository(), session.now(), frozenset({wanted}))
    post = place.post(wanted)
    step = sign.next_step(place.archive.approvals[wanted])
    if confirming is not None and confirming is not (step is Step.CONFIRM):
        raise Fault(
            say("The post waits for {step}.", step=STEPS[step]),
            say(
                "Use `sanshen {verb} {post}`.",
                post=post.id,
                verb="confirm" if step is Step.CONFIRM else "approve",
            ),
        )
    key = _key(session, place, options["key"])
    person = sign.signer(place, _fingerprint(session, key))
    _show(session, place, post, step)
    if decision == "approve" and not options["yes"]:
        _affirm(session, step)
    record = sign.review(
        place,
        post,
        step,
        person,
        decision,
        opinion,
        acting_for,
        session.now(),
        _signer(session, key),
    )
    verb = {
        "approve": say("{step} of {post} approved by {person}."),
        "return": say("{step} of {post} returned by {person}."),
    }[decision]
    done = Message(verb.text, (("step", STEPS[step]), ("post", post.id), ("person", person.name)))
    _store(session, place, record, options, done)


@click.command()
@click.argument("post")
@click.option("-a", "--account", required=True, help="The account that carried it.")
@click.option("-u", "--url", required=True, help="Its address on the platform.")
@click.option("--at", "at", type=Moment(), help="When; default: now.")
@click.option("--batch", default="", help="Name of the mass send it belonged to.")
@_options
@click.pass_obj
def publish(
    session: Session,
    /,
    post: str,
    account: str,
    url: str,
    at: datetime | None,
    batch: str,
    **options: Any,
) -> None:
    """Record that an account carried a post: where, when, by whom."""
    wanted = post_id(post)
    place = sign.desk(session.repository(), session.now(), frozenset({wanted}))
    key = _key(session, place, options["key"])
    person = sign.signer(place, _fingerprint(session, key))
    now = session.now()
    record = sign.publication(
        place,
        place.post(wanted),
        account,
        url,
        at or now,
        batch,
        person,
        now,
        _signer(session, key),
    )
    _store(
        session,
        place,
        record,
        options,
        say("Publication of {post} on {account} recorded.", post=wanted, account=account),
    )


@click.command()
@click.option("--base", default="main", show_default=True, help="The branch the change is for.")
@click.option("-r", "--reason", required=True, help="Why the change is made.")
@_options
@click.pass_obj
def authorise(session: Session, /, base: str, reason: str, **options: Any) -> None:
    """Consent to a change of policy, registers, rules, site or workflows (two people must)."""
    repository = session.repository()
    place = sign.desk(repository, session.now(), frozenset())
    key = _key(session, place, options["key"])
    person = sign.signer(place, _fingerprint(session, key))
    record = sign.authorisation(place, base, reason, person, session.now(), _signer(session, key))
    _store(
        session,
        place,
        record,
        options,
        say("Change authorised by {person}.", person=person.name),
    )


def _key(session: Session, place: sign.Desk, given: str | None) -> Path:
    """--key, else the key git is set to sign with, else the usual Ed25519 file."""
    setting = place.repository.setting("sanshen.key") or place.repository.setting("user.signingkey")
    home = Path(session.environment.get("HOME", "."))
    name = given or setting or str(home / ".ssh" / "id_ed25519")
    path = Path(name).expanduser()
    if not path.exists():
        raise Fault(
            say("There is no key {path}.", path=str(path)),
            say("Name yours with --key, or make one: `ssh-keygen -t ed25519`."),
        )
    return path


def _fingerprint(session: Session, key: Path) -> str:
    line = public_line(key, env=session.environment)
    found = parse_public_key(line)
    if not isinstance(found, PublicKey):
        raise Fault(
            say(
                "The key {path} cannot be used ({reason}).",
                path=str(key),
                reason=found.reason,
            ),
            say("Make one: `ssh-keygen -t ed25519`."),
        )
    return found.fingerprint


def _signer(session: Session, key: Path) -> sign.Sign:
    interactive = session.attended
    return lambda message: sign_with_ssh_keygen(
        message,
        key,
        NAMESPACE,
        env=session.environment,
        timeout=120.0,
        interactive=interactive,
    )


def _show(session: Session, place: sign.Desk, post: Post, step: Step) -> None:
    """What is about to be signed: the content, its files, and what the machine found."""
    rendition = place.archive.renditions[(post.id, "archive")]
    lines = [
        f"{session.tr(STEPS[step])}  {post.id}  r{post.revision}",
        harmless(post.title),
        "",
    ]
    lines += [harmless(line) for line in rendition.text.splitlines()]
    lines += [
        "",
        *(f"  {digest[:16]}  {path}" for path, digest in post.manifest.items()),
        "",
    ]
    for finding in sign.objections(place, post):
        lines.append(
            f"  {finding.clause}  {session.tr(EFFECTS[finding.effect])}  "
            f"{shown_place(finding.location)}  {session.tr(finding.message)}"
        )
    click.echo("\n".join(lines), err=True)


def _affirm(session: Session, step: Step) -> None:
    for name in sign.ASSERTIONS[step]:
        click.echo(f"  ☐ {session.tr(AFFIRMED[name])}", err=True)
    question = session.tr(say("Do you affirm all of this and sign?"))
    if not session.attended:
        raise Fault(
            say("Nobody is there to affirm the points above."),
            say("Run it in a terminal, or affirm them with --yes."),
        )
    click.confirm(question, abort=True, err=True)


def _store(
    session: Session,
    place: sign.Desk,
    record: sign.Record,
    options: dict[str, Any],
    done: Message,
) -> None:
    files = sign.write_record(place.repository.root, record)
    click.echo(os.path.relpath(files[0], place.repository.root))
    session.remark(done)
    if options["commit"] or options["push"]:
        commit = place.repository.add_and_commit(files, session.tr(done))
        session.remark(say("Committed as {commit}.", commit=commit[:12]))
    if options["push"]:
        place.repository.push()
        session.remark(say("Pushed."))
