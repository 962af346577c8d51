"""verify-site: check a downloaded or running site with no repository at hand."""

import http.client
import signal
import urllib.error
import urllib.request
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from http.cookiejar import CookieJar
from itertools import product
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urljoin

import click

from pipeline.cli.terminal import EXISTING, Terminal
from pipeline.errors import Fault
from pipeline.evidence.log.tiles import CHECKPOINT
from pipeline.evidence.review.statements import NAMESPACE
from pipeline.evidence.ssh.allowed_signers import read_signers
from pipeline.model.findings import EXIT_REFUSE, Message, say
from pipeline.parts.verify_site.log import Site, SiteReport, verify_log
from pipeline.parts.verify_site.site import verify_site as check

# Asking other hosts: no redirect is followed, and no answer may take for ever.

TIMEOUT = 30.0
"""Seconds without a byte."""


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Only the host that was named is asked."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None


@contextmanager
def within(seconds: float) -> Iterator[None]:
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


MAX_FILE = 64 * 1024 * 1024
"""Bytes of one file that are read at all."""
DEADLINE = 300.0
"""Seconds for a whole file."""
INDEX = "index.html"
COMMON = {"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8", "Accept-Encoding": "gzip"}
DESKTOP, PHONE = "desktop", "phone"
BROWSERS = {
    DESKTOP: {
        "User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like "
        "Gecko) Chrome/156.0.0.0 Safari/537.36",
        "Sec-CH-UA": '"Chromium";v="156", "Google Chrome";v="156", "Not)A;Brand";v="24"',
        "Sec-CH-UA-Mobile": "?0",
        "Sec-CH-UA-Platform": '"Windows"',
    },
    PHONE: {
        "User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 "
        "(KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1"
    },
}
"""What browsers say of themselves; WeChat's names a phone as well."""
PAGE = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
PICTURE = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"
OPENED = ("document", "navigate", PAGE)
FETCHED = ("empty", "cors", "*/*")
DRAWN = {
    "css": ("style", "no-cors", "text/css,*/*;q=0.1"),
    "js": ("script", "no-cors", "*/*"),
    "webmanifest": ("manifest", "cors", "*/*"),
    "vtt": ("track", "cors", "*/*"),
    **dict.fromkeys(("png", "jpg", "jpeg", "gif", "webp", "svg"), ("image", "no-cors", PICTURE)),
    **dict.fromkeys(("woff", "woff2", "ttf", "otf"), ("font", "cors", "*/*")),
    **dict.fromkeys(("mp4", "webm"), ("video", "no-cors", "*/*")),
    **dict.fromkeys(("mp3", "m4a", "ogg"), ("audio", "no-cors", "*/*")),
}
"""Ending → (Sec-Fetch-Dest, Sec-Fetch-Mode, Accept) of a browser that draws a page with such a
file; any other file people open."""


class Visit(NamedTuple):
    """One of the ways in which a file is asked for (threats A52)."""

    browser: str
    draws: bool
    """Draws it or opens it; else a script fetches it past all caches, as the button does."""
    returning: bool
    """Whether it shows the cookies that the host gave so far."""

    def headers(self, path: str) -> dict[str, str]:
        kind = DRAWN.get(path.rpartition(".")[2].lower(), OPENED) if self.draws else FETCHED
        headers = {**COMMON, **BROWSERS[self.browser], "Accept": kind[2]}
        headers |= {"Sec-Fetch-Dest": kind[0], "Sec-Fetch-Mode": kind[1]}
        headers["Sec-Fetch-Site"] = "none" if kind is OPENED else "same-origin"
        if kind is OPENED:
            headers |= {"Sec-Fetch-User": "?1", "Upgrade-Insecure-Requests": "1"}
        return headers if self.draws else headers | {"Cache-Control": "no-cache"}

    def other(self, address: str) -> Message:
        if self.browser == PHONE:
            return say("{address} shows a phone other bytes than the list names.", address=address)
        if not self.draws:
            return say("{address} gives a script other bytes than the list names.", address=address)
        return say("{address} shows other bytes than the list names.", address=address)


FIRST = Visit(DESKTOP, draws=True, returning=False)
VISITS = (FIRST, Visit(PHONE, draws=True, returning=True))
SCRIPT = Visit(DESKTOP, draws=False, returning=True)


@click.command("verify-site")
@click.argument("location", metavar="DIR|URL")
@click.option("-k", "--key", help="The log's public key, or a file that holds it.")
@click.option(
    "--signers",
    type=EXISTING,
    help="An allowed_signers file obtained elsewhere: only these keys count.",
)
@click.option(
    "--after", type=EXISTING, help="A checkpoint kept from an earlier look: the log must extend it."
)
@click.option("--log-only", is_flag=True, help="Only the log: quick, however large the site.")
@click.pass_obj
def verify_site(
    terminal: Terminal,
    /,
    location: str,
    key: str | None,
    signers: Path | None,
    after: Path | None,
    log_only: bool,
) -> None:
    """Check every page, every signature and the log of a site, without its repository."""
    if log_only and signers:
        raise click.UsageError("--log-only, --signers")
    trusted = read_signers(_text(signers), NAMESPACE) if signers else None
    given = key_text(key)
    site, server = opened(location)
    earlier = after.read_bytes() if after else None
    report = verify_log(site, given, earlier) if log_only else check(site, given, trusted, earlier)
    show_problems(terminal, report.problems)
    for message in _not_compared(report):
        click.echo(terminal.tr(message))
    for message in report.remarks:
        terminal.remark(message)
    if server and not log_only:
        terminal.remark(
            say(
                "Opened {addresses} addresses as desktop and phone browsers draw and fetch them,"
                " with cookies and without: {answers} answers. What a host gives to other networks,"
                " at other times, to other browsers or handshakes is not known: docs/inspector.md.",
                addresses=len(server.addresses),
                answers=server.answers,
            )
        )
    terminal.remark(
        say(
            "Looked at {files} files, {posts} posts, {entries} entries of the log.",
            files=report.files,
            posts=report.posts,
            entries=report.entries,
        )
    )
    if report.problems:
        terminal.remark(say("{n} things do not hold.", n=len(report.problems)))
        raise SystemExit(EXIT_REFUSE)
    pinned = given is not None and trusted is not None
    click.echo(terminal.tr(_whole(log_only, pinned, report)))
    terminal.remark(say("Keep a copy of {path} for the next look (--after).", path=CHECKPOINT))


def show_problems(terminal: Terminal, problems: Iterable[tuple[str, Message]]) -> None:
    """Print what does not hold, a line for each."""
    for path, message in problems:
        click.echo(f"{_printable(path)}: {terminal.tr(message)}")


def _not_compared(report: SiteReport) -> Iterator[Message]:
    for name, pages in report.uncompared.items():
        yield say(
            "Not compared: {name}, on {n} of {posts} posts ({page}): the page does not name it as"
            " signed.",
            name=_printable(name),
            n=len(pages),
            posts=report.posts,
            page=_printable(pages[0]),
        )


def _whole(log_only: bool, pinned: bool, report: SiteReport) -> Message:
    """What holds, which is no more than what was looked at."""
    if log_only:
        return say("The log is whole.")
    names = _printable("、".join(report.uncompared))
    if pinned and names:
        return say("The site is whole and was signed, but not compared: {names}.", names=names)
    if pinned:
        return say("The site is whole and what it shows was signed.")
    if names:
        return say(
            "The site agrees with itself, but not compared: {names}. Give --key and --signers to"
            " know who signed it.",
            names=names,
        )
    return say("The site agrees with itself; give --key and --signers to know who signed it.")


def key_text(key: str | None) -> str | None:
    """A public key that was given as itself or as a file."""
    return _text(Path(key)) if key and Path(key).is_file() else key


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode()  # as text, a carriage return would end a line
    except (OSError, ValueError) as error:
        raise Fault(say("{path} cannot be read.", path=str(path))) from error


def _printable(path: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in path)


def opened(location: str) -> tuple[Site, "Server | None"]:
    """The site at an address or in a folder. Raises Fault for a folder that is none."""
    server = Server(location) if "://" in location else None
    return (server.site, server) if server else (folder_site(Path(location)), None)


def folder_site(root: Path) -> Site:
    """A site on disk. Raises Fault when there is no folder."""
    if not root.is_dir():
        message = say("There is no folder {path}.", path=str(root))
        remedy = say("Name a downloaded site, or its address with https://.")
        raise Fault(message, remedy)
    home = root.resolve()

    def read(path: str) -> bytes | None:
        try:
            target = (home / path).resolve()
            small = target.is_file() and target.stat().st_size <= MAX_FILE
            return target.read_bytes() if small and target.is_relative_to(home) else None
        except (OSError, RuntimeError, ValueError):  # a loop of links, a name no disk takes
            return None

    def listing() -> frozenset[str]:
        files = (p for p in home.rglob("*") if p.is_symlink() or not p.is_dir())
        return frozenset(p.relative_to(home).as_posix() for p in files)

    return Site(read, listing)


class Server:
    """A site that is fetched as browsers fetch it: from the addresses that links name, and every
    file in each of the ways in which browsers ask for its kind (threats A46, A52)."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.answers = 0
        self.addresses = set[str]()
        self._base = address.rstrip("/") + "/"
        self._opener = urllib.request.build_opener(NoRedirect)
        self._cookies = CookieJar()

    @property
    def site(self) -> Site:
        return Site(lambda path: self._fetch(_linked(path), FIRST), again=self._again)

    def _again(self, path: str) -> Iterator[tuple[Message, bytes | None]]:
        ways = [*dict.fromkeys(product((_linked(path), path), VISITS)), (_linked(path), SCRIPT)]
        for variant, visit in ways[1:]:
            yield visit.other(self._base + quote(variant)), self._fetch(variant, visit)

    def _fetch(self, path: str, visit: Visit) -> bytes | None:
        """The bytes that an address shows. Raises Fault when the server does not answer."""
        url = self._base + quote(path)
        self.addresses.add(url)
        try:
            headers = visit.headers(path)
            request = urllib.request.Request(url, headers=headers)  # noqa: S310 — the user named it
            if visit.returning:
                self._cookies.add_cookie_header(request)
            with within(DEADLINE), self._opener.open(request, timeout=TIMEOUT) as answer:
                self.answers += 1
                self._cookies.extract_cookies(answer, request)
                return _unpacked(answer.read(MAX_FILE + 1), answer.headers)
        except urllib.error.HTTPError as error:
            self.answers += 1
            goes = urljoin(url, error.headers.get("Location") or url)
            if _linked(path) != path and goes == urljoin(url, "."):
                return self._fetch(_linked(path), visit)
            if error.code in (301, 302, 303, 307, 308, 403, 404, 410):
                return None
            raise _unreachable(self.address, str(error.code)) from error
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise _unreachable(self.address, type(error).__name__) from error


def _linked(path: str) -> str:
    """A file as links name it: a page by its folder."""
    return path.removesuffix(INDEX) if path == INDEX or path.endswith("/" + INDEX) else path


def _unpacked(raw: bytes, headers: Mapping[str, str]) -> bytes | None:
    """The bytes of a file as they were sent; None for more than any of a site has, or broken."""
    if headers.get("Content-Encoding", "").strip().lower() == "gzip":
        try:
            raw = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(raw, MAX_FILE + 1)
        except zlib.error:
            return None
    return raw if len(raw) <= MAX_FILE else None


def _unreachable(address: str, detail: str) -> Fault:
    message = say("{address} does not answer: {detail}", address=address, detail=detail)
    remedy = say("Try again later, or download the site and name its folder.")
    return Fault(message, remedy)
