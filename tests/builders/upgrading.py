"""An upgrade as people run it: the verb, the two consents, main."""

from pathlib import Path

from click.testing import Result

from pipeline.parts.upgrade.verb import upgrade
from pipeline.source.program import name_of
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import email
from tests.builders.wheels import wheel_of
from tests.cli.at_the_desk import run

NEXT = "99.1.0"
"""Newer than whatever runs."""
CONSENTING = (("kz-a", "section-head"), ("ld-a", "leader-in-charge"))


def wheel_file(folder: Path, version: str = NEXT, changes: dict[str, bytes | None] | None = None,
               raw: bytes | None = None) -> str:  # fmt: skip
    """The file of a version's wheel."""
    path = folder / name_of(version)
    path.write_bytes(wheel_of(version, changes) if raw is None else raw)
    return str(path)


def upgrading(archive: ArchiveRepo, wheel: str, *options: str, lang: str = "names") -> Result:
    """Run the verb by the operator; a program is tried only where it is asked for."""
    archive.git("config", "user.name", "gly-a")
    archive.git("config", "user.email", email("gly-a"))
    tried = [] if "--tried" in options else ["--untried"]
    given = [option for option in options if option != "--tried"]
    return run(upgrade, archive, wheel, "--as-of", "2026-11-05T18:00", *tried, *given, lang=lang)


def consented(archive: ArchiveRepo, branch: str, people: int = 2) -> None:
    """Check the proposal out, dated as the builders date commits, with the consent of two."""
    archive.switch(branch)
    env = archive.git.people(email("gly-a"), email("gly-a"))
    archive.git("commit", "--quiet", "--amend", "--no-edit", "--reset-author", env=env)
    for person, role in CONSENTING[:people]:
        archive.authorise(person, role)
    archive.commit("同意", "kz-a")
