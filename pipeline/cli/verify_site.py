"""verify-site: check a downloaded or running site with no repository at hand."""

import http.client
import signal
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import click

from pipeline.cli.session import Session
from pipeline.errors import Fault
from pipeline.evidence.signers import read_signers
from pipeline.evidence.statements import NAMESPACE
from pipeline.flow.log import CHECKPOINT
from pipeline.flow.verify_log import Site, verify_log
from pipeline.flow.verify_site import verify_site as check
from pipeline.model.findings import Message, say
from pipeline.model.reports import EXIT_REFUSE

MAX_FILE = 64 * 1024 * 1024
"""Bytes of one file that are read at all."""
TIMEOUT = 30.0
DEADLINE = 300.0
"""Seconds without a byte, and for a whole file."""


@click.command("verify-site")
@click.argument("place", metavar="DIR|URL")
@click.option("-k", "--key", help="The log's public key, or a file that holds it.")
@click.option(
    "--signers",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="An allowed_signers file obtained elsewhere: only these keys count.",
)
@click.option(
    "--after",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A checkpoint kept from an earlier look: the log must extend it.",
)
@click.option("--log-only", is_flag=True, help="Only the log: quick, however large the site.")
@click.pass_obj
def verify_site(
    session: Session,
    /,
    place: str,
    key: str | None,
    signers: Path | None,
    after: Path | None,
    log_only: bool,
) -> None:
    """Check every page, every signature and the log of a site, without its repository."""
    if log_only and signers:
        raise click.UsageError("--log-only, --signers")
    trusted = read_signers(_text(signers), NAMESPACE) if signers else None
    given = _text(Path(key)) if key and Path(key).is_file() else key
    site = _server(place) if "://" in place else _folder(Path(place))
    earlier = after.read_bytes() if after else None
    report = verify_log(site, given, earlier) if log_only else check(site, given, trusted, earlier)
    for path, message in report.problems:
        click.echo(f"{_printable(path)}: {session.tr(message)}")
    for message in report.remarks:
        session.remark(message)
    session.remark(
        say(
            "Looked at {files} files, {posts} posts, {entries} entries of the log.",
            files=report.files,
            posts=report.posts,
            entries=report.entries,
        )
    )
    if report.problems:
        session.remark(say("{n} things do not hold.", n=len(report.problems)))
        raise SystemExit(EXIT_REFUSE)
    click.echo(session.tr(_whole(log_only, given is not None and trusted is not None)))
    session.remark(say("Keep a copy of {path} for the next look (--after).", path=CHECKPOINT))


def _whole(log_only: bool, known: bool) -> Message:
    """What holds, which is no more than what was looked at."""
    if log_only:
        return say("The log is whole.")
    if known:
        return say("The site is whole and what it shows was signed.")
    return say("The site agrees with itself; give --key and --signers to know who signed it.")


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode()  # as text, a carriage return would end a line
    except (OSError, ValueError) as error:
        raise Fault(say("{path} cannot be read.", path=str(path))) from error


def _printable(path: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in path)


def _folder(root: Path) -> Site:
    if not root.is_dir():
        raise Fault(
            say("There is no folder {path}.", path=str(root)),
            say("Name a downloaded site, or its address with https://."),
        )
    home = root.resolve()

    def read(path: str) -> bytes | None:
        try:
            target = (home / path).resolve()
            small = target.is_file() and target.stat().st_size <= MAX_FILE
            return target.read_bytes() if small and target.is_relative_to(home) else None
        except (OSError, RuntimeError, ValueError):  # a loop of links, a name no disk takes
            return None

    def listing() -> frozenset[str]:
        found = (p for p in home.rglob("*") if p.is_symlink() or not p.is_dir())
        return frozenset(p.relative_to(home).as_posix() for p in found)

    return Site(read, listing)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Only the host that was named is asked."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None


def _server(address: str) -> Site:
    opener = urllib.request.build_opener(_NoRedirect)
    base = address.rstrip("/") + "/"

    def read(path: str) -> bytes | None:
        try:
            with _within(DEADLINE), opener.open(base + quote(path), timeout=TIMEOUT) as answer:
                raw: bytes = answer.read(MAX_FILE + 1)
        except urllib.error.HTTPError as error:
            if error.code in (301, 302, 303, 307, 308, 403, 404, 410):
                return None
            raise _unreachable(address, str(error.code)) from error
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise _unreachable(address, type(error).__name__) from error
        return raw if len(raw) <= MAX_FILE else None

    return Site(read)


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    """Time for a whole answer: `TIMEOUT` begins anew with each byte that a server lets drip."""
    if not hasattr(signal, "setitimer"):  # Windows
        yield
        return

    def late(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _unreachable(address: str, detail: str) -> Fault:
    return Fault(
        say("{address} does not answer: {detail}", address=address, detail=detail),
        say("Try again later, or download the site and name its folder."),
    )
