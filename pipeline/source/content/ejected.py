"""Files that an archive took over from the program, and what each was copied from.

Theme and schemas ship in the program. An archive's own file of the same path lies over the
program's and stays as it is when the program is renewed, so what it was copied from is recorded
beside it: ``site/ejected.yml`` and ``schemas/ejected.yml``, path → sha256 of the program's file.
"""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path, PurePosixPath

from pipeline.errors import Fault
from pipeline.model.findings import Message, say
from pipeline.source.content.paths import Files
from pipeline.source.content.text import read_yaml
from pipeline.source.git.tree_listing import REGULAR
from pipeline.source.program import shipped

RECORD = "site/ejected.yml"
_RECORDS = {"site/": RECORD, "schemas/": "schemas/ejected.yml"}


def theirs() -> Mapping[str, bytes]:
    """Path → bytes of every file of the program that an archive may lay its own over."""
    return shipped("mkdocs.yml", "site", "schemas")


def own(tree: Files) -> Mapping[str, bool]:
    """Path → whether the program has one too, of an archive's own files of theme and schemas."""
    records, ships = {*_RECORDS.values()}, theirs()
    tops = ("mkdocs.yml", *_RECORDS)
    paths = sorted(path for path in tree.files if path.startswith(tops) and path not in records)
    return {path: path in ships for path in paths}


def differing(theme: Mapping[str, bytes]) -> str:
    """``sha256  path`` of each file of a site's theme that is none of the program's, as lines."""
    files = ((path, raw) for path, raw in sorted(theme.items()) if theirs().get(path) != raw)
    return "".join(f"{sha256(raw).hexdigest()}  {path}\n" for path, raw in files)


def eject(root: Path, tree: Files, name: str) -> dict[str, bytes]:
    """The files that a copy of one of the program's writes into a working tree below `root`.

    Raises Fault for a file that the program has not, and where one is there already, or a link.
    """
    path, ships = PurePosixPath(name.replace("\\", "/")).as_posix(), theirs()
    if path not in ships:
        alike = [p for p in ships if p.endswith(f"/{path}")] or get_close_matches(path, ships, 3)
        near = ", ".join(sorted(alike))
        raise Fault(
            say("The program has no file {path}.", path=name),
            say("Do you mean: {names}?", names=near)
            if near
            else say("`sanshen theme list` lists them all."),
        )
    above = (PurePosixPath(path), *PurePosixPath(path).parents)
    if taken := [p for p in above if (at := root / p).is_symlink() or at.is_file()]:
        raise Fault(
            say("{path} is there already; nothing was written over it.", path=taken[0].as_posix()),
            say("To begin with the program's again, move yours away first."),
        )
    record = _RECORDS["schemas/" if path.startswith("schemas/") else "site/"]
    digests = {**recorded(record, tree), path: sha256(ships[path]).hexdigest()}
    lines = (f"{p}: {digest}\n" for p, digest in sorted(digests.items()))
    return {path: ships[path], record: "".join(lines).encode()}


def outgrown(tree: Files, ships: Mapping[str, bytes] | None = None) -> Iterator[Message]:
    """A note on each own file whose original the program has changed since, or dropped.

    `ships`: path → bytes of what another program ships; None: the one that runs.
    """
    ships = theirs() if ships is None else ships
    for record in _RECORDS.values():
        try:
            digests = recorded(record, tree)
        except Fault as fault:
            yield fault.message
            continue
        for path, digest in digests.items():
            raw = ships.get(path)
            if path in tree.files and (raw is None or sha256(raw).hexdigest() != digest):
                yield say("{path} is your own copy, and the program has changed its file since:"
                          " move yours away, `sanshen theme eject {path}`, and bring your changes"
                          " in.",
                          path=path)  # fmt: skip


def recorded(record: str, tree: Files) -> Mapping[str, str]:
    """Path → sha256 of what it was copied from. Raises Fault for a record that cannot be read."""
    if record not in tree.files or tree.files[record].mode not in REGULAR:
        return {}
    value = read_yaml(record, tree.read(record)).value
    if not isinstance(value, dict) or not all(isinstance(d, str) for d in value.values()):
        raise Fault(
            say("{path} cannot be read.", path=record),
            say("Restore it as main has it: `git checkout main -- {path}`.", path=record),
        )
    return value
