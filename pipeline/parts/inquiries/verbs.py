"""import: what an account carried before the archive, out of a table."""

from pathlib import Path

import click

from pipeline.cli.options import Session
from pipeline.cli.signing_options import identity
from pipeline.model.calendar import local_date
from pipeline.model.findings import EXIT_REFUSE, say
from pipeline.model.ids import AccountId, sha256_of

MOST_NAMED = 20
"""Rows without a record that are named; the others are counted."""


@click.command("import")
@click.argument("table", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--account", required=True, help="The account that carried them.")
@click.option("--dry-run", is_flag=True, help="Write nothing; only say what would be written.")
@click.pass_obj
def import_(session: Session, /, table: Path, account: AccountId, dry_run: bool) -> None:
    """Make one record of the posts of before the archive that a CSV file lists.

    Its columns are title, address and time of publication; the head of the lead department signs
    the record. Exit 11 where a row could not be taken; the others are written.
    """
    from pipeline.judge.load_governance import trust
    from pipeline.model.earlier import EARLIER
    from pipeline.new.yaml_writer import dump
    from pipeline.parts.inquiries.incoming import earlier_in
    from pipeline.source.content.paths import RECORDS
    from pipeline.source.git.worktree import work_tree

    repository, raw = session.repository(), table.read_bytes()
    me = identity(session, repository, trust(work_tree(repository)).registers)
    items, left = earlier_in(raw)
    day = local_date(session.now())
    name = f"{day}-{account}-{sha256_of(raw)[:8]}"
    value = {"person": me.id, "account": account, "posts": items}
    if not dry_run:
        path = f"{RECORDS}{EARLIER}/{day.year}/{name}.yml"
        session.write_files(repository.root, {path: dump(value)})
    for message in left[:MOST_NAMED]:
        session.remark(message)
    done = say("{count} posts of before the archive listed, {left} rows left over; the head of the"
               " lead department signs them: sanshen attest earlier {id}", count=len(items),
               left=len(left), id=name)  # fmt: skip
    session.remark(say("Nothing was written.") if dry_run else done)
    if left:
        raise SystemExit(EXIT_REFUSE)
