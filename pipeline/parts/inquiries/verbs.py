"""import, upstream: what the public writes and superior bodies publish, as records to deal with."""

import http.client
import urllib.request
from pathlib import Path

import click

from pipeline.cli.network import TIMEOUT, NoRedirect, within
from pipeline.cli.session import Session
from pipeline.cli.signing_options import identity
from pipeline.errors import Fault
from pipeline.model.calendar import local_date
from pipeline.model.findings import EXIT_NOTHING, EXIT_REFUSE, say, say_size
from pipeline.model.ids import AccountId, PersonId, sha256_of

MOST_NAMED = 20
"""Rows without a record that are named; the others are counted."""


@click.command("import")
@click.argument("table", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--account", required=True, help="The account they came to.")
@click.option("--operator", default="", help="Who replied, where the table holds replies.")
@click.option("--dry-run", is_flag=True, help="Write nothing; only say what would be written.")
@click.option(
    "--earlier",
    is_flag=True,
    help="The table lists posts of before the archive: title, address, time of publication.",
)
@click.pass_obj
def import_(
    session: Session,
    /,
    table: Path,
    account: AccountId,
    operator: PersonId,
    dry_run: bool,
    earlier: bool,
) -> None:
    """Make inquiries of the comments and messages in a CSV file.

    The heads of its columns name time and content, and where there are any number, reply and time
    of the reply. Private numbers are masked, authors left out, and rows that were imported already
    passed over. Exit 11 where a row could not be taken; the others are written.
    """
    from pipeline.judge.load_governance import trust
    from pipeline.new.yaml_writer import dump
    from pipeline.parts.inquiries.incoming import MOST_IMPORTED, comments_in, taken_in
    from pipeline.source.atomic import write_whole
    from pipeline.source.git.worktree import work_tree

    repository = session.repository()
    tree = work_tree(repository)
    trusted, now = trust(tree), session.now()
    me = identity(session, repository, trusted.registers)
    if earlier:
        _import_earlier(session, repository.root, table.read_bytes(), account, me.id, dry_run)
        return
    comments = comments_in(table.read_bytes(), MOST_IMPORTED)
    made = taken_in(tree, trusted, comments, account, me.id, operator or me.id, now)
    left = made.left
    for path, value in () if dry_run else made.records.items():
        write_whole(repository.root / path, dump(value))
    for message in left[:MOST_NAMED]:
        session.remark(message)
    session.remark(
        say("{made} records made, {present} were there, {left} rows left over.",
            made=len(made.records), present=made.present, left=len(left))
    )  # fmt: skip
    if dry_run:
        session.remark(say("Nothing was written."))
    if left:
        raise SystemExit(EXIT_REFUSE)


def _import_earlier(
    session: Session, root: Path, raw: bytes, account: AccountId, person: PersonId, dry_run: bool
) -> None:
    """One record of what an account carried before the archive, for its head to sign."""
    from pipeline.model.earlier import EARLIER
    from pipeline.new.yaml_writer import dump
    from pipeline.parts.inquiries.incoming import earlier_in
    from pipeline.source.content.paths import RECORDS

    items, left = earlier_in(raw)
    day = local_date(session.now())
    name = f"{day}-{account}-{sha256_of(raw)[:8]}"
    value = {"person": person, "account": account, "posts": items}
    if not dry_run:
        session.write_files(root, {f"{RECORDS}{EARLIER}/{day.year}/{name}.yml": dump(value)})
    for message in left[:MOST_NAMED]:
        session.remark(message)
    done = say("{count} posts of before the archive listed, {left} rows left over; the head of the"
               " lead department signs them: sanshen attest earlier {id}", count=len(items),
               left=len(left), id=name)  # fmt: skip
    session.remark(say("Nothing was written.") if dry_run else done)
    if left:
        raise SystemExit(EXIT_REFUSE)


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
def upstream(session: Session, /, person: PersonId, days: int) -> None:
    """Read the feeds of the listed sources, and record new items to be decided on.

    `feeds` of an entry of the register sources names them: Atom, RSS, or a page of links. Each new
    item is a record of the kind upstream; whether it is relayed is entered there by a person.
    Exit 3 where nothing is new. A feed that cannot be read is named, and the others are read.
    """
    from pipeline.judge.judgements import overview
    from pipeline.parts.inquiries.incoming import UPSTREAM, feed_items, upstream_files, wanted_items

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
