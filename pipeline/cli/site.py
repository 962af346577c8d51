"""build: the public archive on disk."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.options import AS_OF, HISTORY, ROOT, Session, head_option
from pipeline.errors import Fault
from pipeline.model.findings import EXIT_REFUSE, say

if TYPE_CHECKING:
    from pipeline.history.judge_commits import Means
    from pipeline.publish.build_site import Order


@click.command()
@head_option("Commit to build.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Default: build/site.")
@AS_OF
@ROOT
@click.option("--log-key", type=click.Path(path_type=Path), help="Key that signs the log.")
@click.option(
    "--after", type=click.Path(path_type=Path), help="Checkpoint that was published last."
)
@click.option("--builds", type=click.Path(path_type=Path), help="List of builds published with it.")
@click.option("--new-key", is_flag=True, help="Another key, or none, signed that checkpoint.")
@click.option("--whole", is_flag=True, help="Make everything again, not only what changed.")
@click.option("-j", "--processes", type=click.IntRange(1, 64), help="Default: one per core.")
@HISTORY
@click.pass_obj
def build(session: Session, /, head: str, **given: Any) -> None:
    """Build the public archive of what stands on main."""
    from pipeline.history.judge_commits import Means
    from pipeline.publish.build_site import build_site
    from pipeline.report.formats import render_text

    repository = session.repository()
    store = session.store(repository, given["cache"], not given["no_cache"])
    means = Means(store, given["processes"] or session.processes)
    order = _order(repository.root / "build", means, given)
    commit = repository.commit(head)
    session.judging(repository, commit, given["any_program"])
    built = build_site(repository, commit, session.when(given["as_of"]), order, session.tr)
    if built.site is None:
        click.echo(render_text(built.report, session.tr, session.paint), nl=False)
        session.remark(say("The site was not built; the old one stands."))
        raise SystemExit(EXIT_REFUSE)
    for post in built.left_out:
        session.remark(say("{post} waits and is not shown.", post=post))
    if built.site.reason:
        session.remark(built.site.reason)
    session.remark(
        say(
            "Built {posts} posts, {files} files, {bytes} bytes; {made} parts were made anew.",
            posts=built.site.posts,
            files=built.site.files,
            bytes=built.site.bytes,
            made=built.site.made,
        )
    )
    click.echo(f"{built.site.digest}  {order.out}")


def _order(home: Path, means: "Means", given: Mapping[str, Any]) -> "Order":
    from pipeline.publish.build_site import Order
    from pipeline.site.build import Plan

    key, after, builds = (
        _read_file(given[name]) if given[name] else None for name in ("log_key", "after", "builds")
    )
    plan, out = Plan(means.processes, given["whole"]), given["output"] or home / "site"
    return Order(
        out, home / "work", plan, given["root"], key, means, after, builds, given["new_key"]
    )


def _read_file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Fault(say("{path} cannot be read.", path=str(path))) from error
