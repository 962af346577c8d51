"""guide: the guides of the program's own version, where there is no browser and no network."""

import re

import click

from pipeline.cli.options import Session
from pipeline.errors import Misuse
from pipeline.model.findings import say
from pipeline.source.program import shipped

_PICTURE = re.compile(r"!\[[^\]]*\]\([^)]*\)\n*")


@click.command()
@click.argument("name", default="")
@click.pass_obj
def guide(session: Session, name: str) -> None:
    """Print a guide of this version, or the list of them."""
    guides = {p.removeprefix("docs/").removesuffix(".md"): r for p, r in shipped("docs").items()}
    if not name:
        for each, raw in guides.items():
            click.echo(f"{each:<22}{raw.decode().partition(chr(10))[0].lstrip('# ')}")
        return
    asked = name.removeprefix("docs/").removesuffix(".md")
    if asked not in guides:
        raise Misuse(
            say("There is no guide {name}.", name=name), say("`sanshen guide` lists them.")
        )
    click.echo(_PICTURE.sub("", guides[asked].decode()), nl=False)
