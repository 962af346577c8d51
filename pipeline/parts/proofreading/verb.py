"""proof: likely typing errors of a draft, by the shipped model."""

import click

from pipeline.cli.post_names import named_post
from pipeline.cli.session import Session
from pipeline.detect.private import mask
from pipeline.errors import no_post
from pipeline.model.archive import OnDisk
from pipeline.model.calendar import Clock
from pipeline.model.findings import say
from pipeline.parts.proofreading.proofreading import passages, protected_names, slips
from pipeline.report.language import harmless


@click.command()
@click.argument("post")
@click.pass_obj
def proof(session: Session, /, post: str) -> None:
    """Note likely typing errors of a draft, for its first reviewer.

    Notes only: they refuse nothing, and what they do not note is not proven right.
    """
    from pipeline.judge.archive_at import assemble
    from pipeline.judge.load_governance import trust
    from pipeline.parts.proofreading.model import proof_model
    from pipeline.source.git.worktree import work_tree

    repository = session.repository()
    name, tree = named_post(repository, post), work_tree(repository)
    trusted = trust(tree)
    clock = Clock(session.when(None)(trusted.registers))
    read = assemble(trusted, tree, OnDisk(), clock, {}, frozenset({name})).posts
    if name not in read:
        raise no_post(name)
    asked = passages(read[name])
    model = proof_model(session.data_file("zh.model"))
    names = protected_names(trusted.registers)
    rows = [(p, s) for p in asked for s in slips(p.text, model, names)]
    for passage, slip in rows:
        column = f":{passage.column + slip.start}" if passage.column else ""
        words = mask(session.tr(slip.note(passage.text)))
        click.echo(harmless(f"{passage.path}:{passage.line}{column} {words}"))
    session.remark(say("{count} notes. They decide nothing: read the draft.", count=len(rows)))
