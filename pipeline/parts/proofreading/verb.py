"""proof: likely typing errors of a draft, by the shipped model or by a product of the bureau's."""

import json
import os
import shlex
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import suppress
from tempfile import TemporaryFile
from threading import Thread
from typing import IO, Any

import click

from pipeline.cli.options import form_option
from pipeline.cli.post_names import named_post
from pipeline.cli.session import Session
from pipeline.detect.private import mask
from pipeline.errors import Fault, no_post
from pipeline.model.archive import OnDisk
from pipeline.model.calendar import Clock
from pipeline.model.findings import Message, say
from pipeline.parts.proofreading.proofreading import Excerpt, Typo, passages, protected_names, slips
from pipeline.report.language import harmless

LARGEST = 1 << 20
"""Bytes of an answer; a long draft with a note on every word needs a tenth of it."""
LONGEST = 200
"""Characters of a suggestion or of a reason."""
_NEXT = say("Run the command by hand with one line, or ask its supplier: docs/reviewer.md.")


@click.command()
@click.argument("post")
@click.option("--with", "command", metavar="COMMAND", help="Ask this command instead of the model.")
@click.option("--timeout", type=float, default=60.0, help="Seconds that the command may take.")
@form_option(("text", "json"), "Form of the notes.")
@click.pass_obj
def proof(session: Session, /, post: str, command: str | None, timeout: float, form: str) -> None:
    """Note likely typing errors of a draft, for its first reviewer.

    Notes only: they refuse nothing, and what they do not note is not proven right. With --with,
    a product that the bureau has is asked instead of the shipped model.
    """
    from pipeline.judge.archive_at import assemble
    from pipeline.judge.load_governance import trust
    from pipeline.source.git.worktree import work_tree

    repository = session.repository()
    name, tree = named_post(repository, post), work_tree(repository)
    trusted = trust(tree)
    clock = Clock(session.when(None)(trusted.registers))
    read = assemble(trusted, tree, OnDisk(), clock, {}, frozenset({name})).posts
    if name not in read:
        raise no_post(name)
    asked = passages(read[name])
    if command:
        rows = list(answers(run(command, questions(asked), timeout), asked))
    else:
        from pipeline.parts.proofreading.model import proof_model

        model = proof_model(session.data_file("zh.model"))
        names = protected_names(trusted.registers)
        rows = [(p, s) for p in asked for s in slips(p.text, model, names)]
    if form == "json":
        session.write(json.dumps([_row(*row) for row in rows], ensure_ascii=False) + "\n", None)
        return
    for passage, slip in rows:
        column = f":{passage.column + slip.start}" if passage.column else ""
        words = mask(session.tr(slip.note(passage.text)))
        click.echo(harmless(f"{passage.path}:{passage.line}{column} {words}"))
    session.remark(say("{count} notes. They decide nothing: read the draft.", count=len(rows)))


def _row(passage: Excerpt, slip: Typo) -> dict[str, Any]:
    """A note for machines; private numbers are masked, as in every report."""
    return {
        "path": passage.path,
        "line": passage.line,
        "start": slip.start,
        "end": slip.end,
        "words": mask(passage.text[slip.start : slip.end]),
        "suggestion": mask(slip.suggestion),
        "reason": mask(slip.reason),
    }


# The adapter for other products.


def questions(asked: Sequence[Excerpt]) -> bytes:
    """A JSON line for each passage: id, path, line, text."""
    rows = ({"id": i, "path": p.path, "line": p.line, "text": p.text} for i, p in enumerate(asked))
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def run(command: str, asked: bytes, seconds: float) -> bytes:
    """What the command prints; it and all that it started are ended. Raises Fault."""
    try:
        argv = shlex.split(command)
        with TemporaryFile() as given:
            given.write(asked)
            given.seek(0)
            process = subprocess.Popen(
                argv, stdin=given, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                start_new_session=True,
            )  # fmt: skip
    except (OSError, ValueError, IndexError) as error:
        raise _wrong(
            say("The proofreading command could not be started: {why}", why=error)
        ) from error
    raw: list[bytes] = []
    assert process.stdout
    reader = Thread(target=_read, args=(process.stdout, raw), daemon=True)
    reader.start()
    reader.join(seconds)
    late = reader.is_alive()
    code = None
    if not late and len(raw[0]) <= LARGEST:
        with suppress(subprocess.TimeoutExpired):
            code = process.wait(seconds)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if not late and len(raw[0]) > LARGEST:
        raise _wrong(say("The proofreading command printed more than {size} bytes.", size=LARGEST))
    if code is None:
        raise _wrong(
            say("The proofreading command did not end in time ({seconds} s).", seconds=seconds)
        )
    if code:
        raise _wrong(say("The proofreading command failed with code {code}.", code=code))
    return raw[0]


def _read(stream: IO[bytes], raw: list[bytes]) -> None:
    with stream:
        raw.append(stream.read(LARGEST + 1))


def answers(raw: bytes, asked: Sequence[Excerpt]) -> Iterator[tuple[Excerpt, Typo]]:
    """(passage, slip) of every line of an answer. Raises Fault for anything else."""
    try:
        lines = raw.decode().split("\n")
    except UnicodeDecodeError as error:
        raise _wrong(say("The answer of the proofreading command is not UTF-8.")) from error
    for number, line in enumerate(filter(str.strip, lines), 1):
        try:
            row = json.loads(line)
            index, start, end = (_whole(row[key]) for key in ("id", "start", "end"))
            suggestion, reason = (_short(row[key]) for key in ("suggestion", "reason"))
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise _wrong(say("Line {number} of the answer is no note.", number=number)) from error
        if not 0 <= index < len(asked) or not 0 <= start < end <= len(asked[index].text):
            raise _wrong(say("Line {number} of the answer points outside the text.", number=number))
        yield asked[index], Typo(start, end, suggestion, reason)


def _whole(value: object) -> int:
    if type(value) is not int:
        raise TypeError
    return value


def _short(value: object) -> str:
    if not isinstance(value, str) or len(value) > LONGEST:
        raise TypeError
    value.encode()  # a lone surrogate has no place in a terminal
    return value


def _wrong(message: Message) -> Fault:
    return Fault(message, _NEXT)
