"""build, serve: the public archive on disk and on this machine."""

import functools
import http.server
from datetime import datetime
from pathlib import Path

import click

from pipeline.cli.session import Moment, Session
from pipeline.errors import Fault
from pipeline.model.findings import say
from pipeline.model.reports import EXIT_REFUSE


@click.command()
@click.option(
    "--head",
    metavar="COMMIT",
    default="HEAD",
    show_default=True,
    help="Commit to build.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Default: build/site.")
@click.option("--as-of", type=Moment(), help="Judge as at this time.")
@click.option("--root", metavar="SHA256", default="", help="Digest of the first roster.")
@click.pass_obj
def build(
    session: Session, /, head: str, output: Path | None, as_of: datetime | None, root: str
) -> None:
    """Build the public archive of what stands on main."""
    from pipeline.flow.publish import build_site
    from pipeline.report.formats import render_text

    repository = session.repository()
    home = repository.root / "build"
    built = build_site(
        repository,
        repository.commit(head),
        session.when(as_of),
        output or home / "site",
        home / "work",
        session.tr,
        root,
    )
    if built.site is None:
        click.echo(render_text(built.report, session.tr, session.paint), nl=False)
        session.remark(say("The site was not built; the old one stands."))
        raise SystemExit(EXIT_REFUSE)
    for post in built.left_out:
        session.remark(say("{post} waits and is not shown.", post=post))
    session.remark(
        say(
            "Built {posts} posts, {files} files, {bytes} bytes.",
            posts=built.site.posts,
            files=built.site.files,
            bytes=built.site.bytes,
        )
    )
    click.echo(f"{built.site.digest}  {output or home / 'site'}")


@click.command()
@click.option("-p", "--port", type=int, default=8000, show_default=True, help="Port.")
@click.option("-d", "--directory", type=click.Path(path_type=Path), help="Default: build/site.")
@click.pass_obj
def serve(session: Session, /, port: int, directory: Path | None) -> None:
    """Show a built site on this machine only."""
    folder = directory or session.repository().root / "build" / "site"
    if not (folder / "index.html").is_file():
        raise Fault(
            say("There is no built site in {path}.", path=str(folder)),
            say("Build it first: `sanshen build`."),
        )
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        session.remark(
            say(
                "http://127.0.0.1:{port}/  (Ctrl+C ends it)",
                port=server.server_address[1],
            )
        )
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            session.remark(say("Ended."))
