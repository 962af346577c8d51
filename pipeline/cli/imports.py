"""import: comments and messages as a platform's back end exports them."""

from pathlib import Path

import click

from pipeline.cli.session import Session
from pipeline.cli.signing_options import identity
from pipeline.errors import Misuse
from pipeline.model.findings import EXIT_REFUSE, Message, say, say_names

MOST_NAMED = 20
"""Rows without a record that are named; the others are counted."""


@click.command("import")
@click.argument("table", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--account", required=True, help="The account they came to.")
@click.option("--operator", default="", help="Who replied, where the table holds replies.")
@click.option("--dry-run", is_flag=True, help="Write nothing; only say what would be written.")
@click.pass_obj
def import_(session: Session, /, table: Path, account: str, operator: str, dry_run: bool) -> None:
    """Make inquiries of the comments and messages in a CSV file.

    The heads of its columns name time and content, and where there are any number, reply and time
    of the reply. Private numbers are masked, authors left out, and rows that were imported already
    passed over. Exit 11 where a row could not be taken; the others are written.
    """
    from pipeline.judge.load_governance import trust
    from pipeline.model.conformance import Conformance
    from pipeline.model.documents import Document, schema_in
    from pipeline.new.comments import MOST_IMPORTED, comments_in, inquiry_of
    from pipeline.new.yaml_writer import dump
    from pipeline.source.atomic import write_whole
    from pipeline.source.content.records import RECORDS
    from pipeline.source.git.worktree import work_tree

    repository = session.repository()
    tree = work_tree(repository)
    trusted, now = trust(tree), session.now()
    me = identity(session, repository, trusted.registers)
    for option, name, entries in (
        ("account", account, trusted.registers.accounts),
        ("operator", operator or me.id, trusted.registers.people),
    ):
        if name not in entries:
            raise Misuse(
                say("--{option} names {name}, which is in no register.", option=option, name=name),
                say("Entered are: {names}.", names=say_names(sorted(entries))),
            )
    schema = Conformance(schema_in(trusted.schemas["schemas/records/inquiries.json"]), "R12-1")
    files: dict[str, bytes] = {}
    left: list[Message] = []
    present = 0
    for comment in comments_in(table.read_bytes(), MOST_IMPORTED):
        value = inquiry_of(comment, account, me.id, operator, now)
        if isinstance(value, Message):
            left.append(value)
            continue
        path = f"{RECORDS}inquiries/{comment.name[:4]}/{comment.name}.yml"
        if path in tree.files or path in files:
            present += 1
        elif any(schema.findings(Document(path, value))):
            left.append(say("Row {number}: it makes no sound record.", number=comment.number))
        else:
            files[path] = dump(value)
    for path, raw in () if dry_run else files.items():
        write_whole(repository.root / path, raw)
    for message in left[:MOST_NAMED]:
        session.remark(message)
    session.remark(
        say("{made} records made, {present} were there, {left} rows left over.",
            made=len(files), present=present, left=len(left))
    )  # fmt: skip
    if dry_run:
        session.remark(say("Nothing was written."))
    if left:
        raise SystemExit(EXIT_REFUSE)
