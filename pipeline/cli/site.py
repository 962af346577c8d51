"""build, preview: the public archive on disk, and a draft's page as it would stand there."""

import shutil
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.options import AS_OF, HISTORY, ROOT, head_option
from pipeline.cli.post_names import named_post
from pipeline.cli.session import Session, post_id
from pipeline.errors import Fault, Misuse
from pipeline.model.findings import EXIT_REFUSE, say
from pipeline.model.ids import NO_COMMIT, CommitId, PostId

if TYPE_CHECKING:
    from pipeline.history.judge_commits import Means
    from pipeline.publish.build_site import Order
    from pipeline.source.git.repository import Repository


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
def build(
    session: Session,
    /,
    head: str,
    as_of: datetime | None,
    cache: str | None,
    no_cache: bool,
    any_program: bool,
    processes: int | None,
    **given: Any,
) -> None:
    """Build the public archive of what stands on main."""
    from pipeline.history.judge_commits import Means
    from pipeline.publish.build_site import build_site
    from pipeline.report.formats import render_text

    repository = session.repository()
    means = Means(session.store(repository, cache, not no_cache), processes or session.processes)
    order = _order(repository.root / "build", means, **given)
    commit = repository.commit(head)
    session.judging(repository, commit, any_program)
    built = build_site(repository, commit, session.when(as_of), order, session.tr)
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


def _order(
    home: Path,
    means: "Means",
    output: Path | None,
    root: str,
    log_key: Path | None,
    after: Path | None,
    builds: Path | None,
    new_key: bool,
    whole: bool,
) -> "Order":
    from pipeline.publish.build_site import Order
    from pipeline.site.build import Plan

    return Order(
        output or home / "site",
        home / "work",
        Plan(means.processes, whole),
        root,
        _read_file(log_key) if log_key else None,
        means,
        _read_file(after) if after else None,
        _read_file(builds) if builds else None,
        new_key,
    )


def _read_file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Fault(say("{path} cannot be read.", path=str(path))) from error


# preview: a draft's page as the public archive would show it.


@click.command()
@click.argument("post", required=False)
@click.option(
    "--head",
    metavar="COMMIT",
    help="Show the posts that this commit proposes to HEAD; nothing of it is checked out.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Default: build/preview.")
@click.pass_obj
def preview(
    session: Session,
    /,
    post: PostId | None,
    head: str | None,
    output: Path | None,
) -> None:
    """Make the page of a draft as readers would see it; nothing of it is published."""
    from pipeline.publish.preview import draft_page
    from pipeline.site.inputs import Shelf

    repository = session.repository()
    commit = repository.commit(head) if head else NO_COMMIT
    names = _shown(repository, post, commit)
    home = repository.root / "build"
    folder = output or home / "preview"
    if output and output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise Fault(
            say("{path} is not empty.", path=str(output)),
            say("Name a new folder; nothing there was touched."),
        )
    store = session.store(repository, None, keep=True)
    shelf = Shelf(store.find, store.keep) if store else None
    when, work = session.when(None), home / "work"
    files: dict[str, bytes] = {}
    for name in names:
        files |= draft_page(repository, name, when, session.tr, work, shelf, commit)
    if folder.exists():
        shutil.rmtree(folder)
    for path, data in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    session.remark(say("A preview: it is not reviewed, and its links lead nowhere."))
    for name in names:
        click.echo(session.path(folder / f"posts/{name[:4]}/{name}/index.html"))


def _shown(repository: "Repository", post: PostId | None, head: CommitId) -> list[PostId]:
    """The post that is named, or all that a commit proposes and still holds."""
    if not head:
        if post is None:
            raise Misuse(say("Name a post, or a commit with --head."))
        return [named_post(repository, post)]
    from pipeline.source.content.paths import post_ids
    from pipeline.source.git.proposed import proposed

    touched = proposed(repository, repository.commit("HEAD"), head).touched
    names = sorted(touched & set(post_ids(repository.tree(head))))
    if not names:
        raise Fault(say("The commit {commit} proposes no post.", commit=head[:12]))
    return names if post is None else [post_id(post)]
