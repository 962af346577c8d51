"""desk: the pages on which people without a terminal work, from this clone."""

import gc
import os
import re
import socket
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from pipeline.cli import calls, forges, init, signing_options
from pipeline.cli.options import Session
from pipeline.errors import Fault
from pipeline.evidence.review.statements import NAMESPACE
from pipeline.evidence.ssh.signing import locked, sign_with_ssh_keygen
from pipeline.model.findings import say
from pipeline.new.new_archive import NewArchive, refuse_unfit
from pipeline.source.atomic import write_whole
from pipeline.source.git.branches import MAIN, ORIGIN, remote_of
from pipeline.source.git.repository import Repository

if TYPE_CHECKING:
    from pipeline.parts.desk.desk import LocalKey

PORT = 8737
HERE = "127.0.0.1"
"""The only address that is listened on: what is public stands behind the bureau's own https."""


@click.command()
@click.option("-p", "--port", type=click.IntRange(0, 65535), default=PORT, show_default=True,
              help="Port on this machine; 0: any that is free.")  # fmt: skip
@click.option("--public-origin", metavar="URL",
              help="Address behind the bureau's https: https://desk.example.gov.cn.")  # fmt: skip
@click.option("--open", "launch", is_flag=True, help="Open it in the browser.")
@click.pass_obj
def desk(session: Session, /, port: int, public_origin: str | None, launch: bool) -> None:
    """Read, write, approve and record in a browser.

    The desk listens on this machine alone. For the bureau's network, put its https in front of it
    and name the address with --public-origin (docs/desk.md).
    """
    from pipeline.parts.desk.app import create_app
    from pipeline.parts.desk.desk import Desk
    from pipeline.parts.desk.writer import Clone

    os.umask(0o077)  # what a desk writes is read by who runs it
    repository = session.repository()
    session.judging(repository, repository.base(MAIN))
    origin = _origin(public_origin) if public_origin else ""
    listening = _listen(port)
    origin = origin or f"http://localhost:{listening.getsockname()[1]}"
    made = Desk(
        Clone(repository.root),
        origin,
        session.now,
        session.tr,
        repository.cache_folder.parent / "sanshen-desk",
        None if public_origin else _local_key(session, repository),
        "" if public_origin else repository.setting("user.email"),
    )
    if remote_of(repository):
        url = repository.git("remote", "get-url", ORIGIN).decode().strip()
        made.forge = forges.forge_of(url, repository.setting("sanshen.forge"))
        made.ask_forge = calls.asker(made.forge, session.environment) if made.forge else None
    if public_origin:
        made.sessions.token = ""
        click.echo(origin)
    else:
        address = f"{origin}/enter?token={made.sessions.token}"
        click.echo(address)
        session.remark(say("Open this address in a browser on this machine; it works once."))
        if launch:
            click.launch(leading_to(address, made.queue).as_uri())
    _serve(create_app(made), listening)


def establish(session: Session, folder: Path, new: NewArchive, address: str) -> None:
    """Found an archive on pages, and go on as its desk; what was begun before goes on.

    Raises Fault: something else stands in the folder, or it was begun for another address.
    """
    from pipeline.parts.desk.founding import Founding, book_of, founding_app
    from pipeline.parts.desk.writer import Clone

    os.umask(0o077)
    folder = folder.resolve()
    if not book_of(folder).exists():
        refuse_unfit(folder)
    local = re.fullmatch(r"(http://localhost:([1-9]\d{1,3}|[1-5]\d{4}|6[0-4]\d{3}))/?", address)
    origin, port = (local[1], int(local[2])) if local else (_origin(address), PORT)
    listening, queue = _listen(port), folder / ".git/sanshen-desk"
    made = Founding(Clone(folder), origin, session.now, session.tr, queue, new=new,
                    announce=partial(init.announce, session, folder))  # fmt: skip
    if not made.stands:
        made.book()
        click.echo(f"{origin}/enter?token={made.sessions.token}")
        session.remark(say("Open this address in a browser; it works once. What is entered there"
                           " stays: to go on later, run this again."))  # fmt: skip
        if not local:
            where = f"{HERE}:{PORT}"
            session.remark(say("The bureau's web server passes it on to {address}.", address=where))
    _serve(founding_app(made), listening)


def _serve(app: Any, listening: socket.socket) -> None:
    import uvicorn

    gc.enable()  # this command does not end soon
    config = uvicorn.Config(
        app, log_level="warning", server_header=False, date_header=False, proxy_headers=False
    )
    uvicorn.Server(config).run(sockets=[listening])


def leading_to(address: str, folder: Path) -> Path:
    """A file of this person's alone that leads to an address: of what a program is started with,
    everybody on the machine sees every word."""
    page = f'<!DOCTYPE html><meta http-equiv="refresh" content="0; url={escape(address)}">\n'
    path = folder / "open.html"
    write_whole(path, page.encode(), mode=0o600)
    return path


def _listen(port: int) -> socket.socket:
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HERE, port))
        listening.listen()  # a browser that is faster than the desk waits for it
    except OSError as error:
        listening.close()
        raise Fault(
            say("The port {port} is taken.", port=port),
            say("Another desk may be running here; or name another port with --port."),
        ) from error
    return listening


def _origin(address: str) -> str:
    """The origin that browsers send. Raises Fault for anything but https and a name."""
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname or parts.path not in ("", "/"):
        raise Fault(
            say("{url} is no address of a desk.", url=address),
            say("Give https and the name only: `--public-origin https://desk.example.gov.cn`."),
        )
    return f"https://{parts.netloc.lower()}"


def _local_key(session: Session, repository: Repository) -> "LocalKey | None":
    """The key of this machine, if it has one; a passkey needs none."""
    try:
        path = signing_options.key_of(session, repository, None)
        fingerprint, asks = signing_options.fingerprint_of(session, path), locked(path)
    except Fault:
        return None

    def sign(statement: bytes, passphrase: str) -> bytes:
        return sign_with_ssh_keygen(statement, path, NAMESPACE, env=session.environment,
                                    timeout=120.0, passphrase=passphrase)  # fmt: skip

    from pipeline.parts.desk.desk import LocalKey

    return LocalKey(fingerprint, asks, sign)
