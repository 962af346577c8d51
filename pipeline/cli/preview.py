"""preview: a draft's page as the public archive would show it."""

import shutil
from pathlib import Path

import click

from pipeline.cli.post_names import named_post
from pipeline.cli.session import Session
from pipeline.cli.site import PORT, show
from pipeline.errors import Fault
from pipeline.model.findings import say


@click.command()
@click.argument("post")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Default: build/preview.")
@click.option("-s", "--serve", is_flag=True, help="Show it on this machine until Ctrl+C.")
@PORT
@click.pass_obj
def preview(session: Session, /, post: str, output: Path | None, serve: bool, port: int) -> None:
    """Make the page of a draft as readers would see it; nothing of it is published."""
    from pipeline.publish.preview import draft_page
    from pipeline.site.build_cache import Shelf

    repository = session.repository()
    name = named_post(repository, post)
    home = repository.root / "build"
    folder = output or home / "preview"
    if output and output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise Fault(
            say("{path} is not empty.", path=str(output)),
            say("Name a new folder; nothing there was touched."),
        )
    sealed = session.sealed(repository, None, keep=True)
    shelf = Shelf(sealed.read, sealed.write) if sealed else None
    when, work = session.when(None), home / "work"
    files = draft_page(repository, name, when, session.tr, work, shelf)
    if folder.exists():
        shutil.rmtree(folder)
    for path, data in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    page = f"posts/{name[:4]}/{name}/"
    session.remark(say("A preview: nobody has reviewed it, and its links lead nowhere."))
    click.echo(session.path(folder / page / "index.html"))
    if serve:
        show(session, folder, port, page)
