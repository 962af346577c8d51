"""upstream: what superior bodies published, as their feeds tell, to be decided on."""

import http.client
import urllib.request

import click

from pipeline.cli.network import TIMEOUT, NoRedirect, within
from pipeline.cli.session import Session
from pipeline.cli.signing_options import identity
from pipeline.errors import Fault
from pipeline.model.findings import EXIT_NOTHING, say, say_size

LIMIT = 4 * 1024 * 1024
"""Bytes of a feed that are read at all."""
DEADLINE = 60.0
"""Seconds for a whole feed."""
_HEADERS = {"User-Agent": "sanshen", "Accept": "application/atom+xml, application/rss+xml, */*"}


@click.command()
@click.option("--person", default="", help="Who records the items; by default who runs this.")
@click.option(
    "--days",
    type=click.IntRange(1, 60),
    default=7,
    show_default=True,
    help="Older items are passed over.",
)
@click.pass_obj
def upstream(session: Session, /, person: str, days: int) -> None:
    """Read the feeds of the listed sources, and record new items to be decided on.

    `feeds` of an entry of the register sources names them: Atom, RSS, or a page of links. Each new
    item is a record of the kind upstream; whether it is relayed is entered there by a person.
    Exit 3 where nothing is new. A feed that cannot be read is named, and the others are read.
    """
    from pipeline.judge.judgements import overview
    from pipeline.new.upstream import UPSTREAM, feed_items, upstream_files, wanted_items

    repository, now = session.repository(), session.now()
    archive, _ = overview(repository, repository.commit("HEAD"), lambda _: now)
    registers = archive.registers
    me = person if person in registers.people else identity(session, repository, registers).id
    present = [*archive.records("relays"), *archive.records(UPSTREAM)]
    files: dict[str, bytes] = {}
    for source in registers.sources.values():
        for feed in source.feeds:
            try:
                items = feed_items(_fetched(feed["url"]), feed["url"])
            except Fault as fault:
                session.remark(fault.message)
                continue
            wanted = wanted_items(items, source.hosts, feed.get("words", ()), now, days)
            files |= upstream_files(wanted, source.id, me, now, present)
    session.write_files(repository.root, files)
    if not files:
        session.remark(say("Nothing new was published."))
        raise SystemExit(EXIT_NOTHING)
    session.remark(say("Commit them on a branch; each is decided with `sanshen amend upstream`."))


def _fetched(url: str) -> bytes:
    """The bytes of a feed. Raises Fault where it does not answer, or is larger than any feed."""
    try:
        request = urllib.request.Request(url, headers=_HEADERS)  # noqa: S310 — https by the schema
        opener = urllib.request.build_opener(NoRedirect)
        with within(DEADLINE), opener.open(request, timeout=TIMEOUT) as answer:
            raw: bytes = answer.read(LIMIT + 1)
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise Fault(
            say("{address} does not answer: {detail}", address=url, detail=type(error).__name__)
        ) from error
    if len(raw) > LIMIT:
        raise Fault(say("{address} is larger than {limit}.", address=url, limit=say_size(LIMIT)))
    return raw
