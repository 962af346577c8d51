"""import: what the public writes, as records to deal with."""

from pathlib import Path

import click

from pipeline.cli.session import Session
from pipeline.cli.signing_options import identity
from pipeline.model.calendar import local_date
from pipeline.model.findings import EXIT_REFUSE, say
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
