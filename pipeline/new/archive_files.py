"""What a new archive holds beside its content: program, README, Makefile, editor, forge.

No program text: `program.lock` names the program, and its wheel is one file in `program/`. What a
forge reads has one source, the files that this repository uses itself; they ship as they are.
"""

from collections import defaultdict
from collections.abc import Mapping
from importlib.resources import files as resources
from string import Template
from typing import Any

from pipeline.source.content.program_lock import LOCK, OFFLINE, SHIPPED, WHEELS, write_lock
from pipeline.source.program import pack, packed_files
from pipeline.source.wheel import lock_for

_TEMPLATE = ".github/PULL_REQUEST_TEMPLATE.md"
FORGES: Mapping[str, tuple[str, ...]] = {
    "": (),
    "github": (
        _TEMPLATE,
        ".github/uv.txt",
        *(f".github/workflows/{name}.yml" for name in ("audit", "knock", "publish", "verify")),
    ),
    "gitea": (_TEMPLATE, ".ci/sanshen-poll.service", ".ci/sanshen-poll.timer"),
    "bare": (".ci/pre-receive",),
}
"""Forge → what an archive needs that stands there; Gitea reads the template at GitHub's place."""
_SETTINGS = ".vscode/settings.json"
EDITOR_SCHEMAS = "build/schemas"
"""Where the editor of an archive looks for schemas: git has none, they ship with the program."""
_SHIPPED = "pipeline/shipped/"
UNKNOWN = "待填写"


def beside(unit: Mapping[str, Any], emails: Mapping[str, str], forge: str) -> dict[str, bytes]:
    """README, Makefile and settings of a new archive, and what its forge needs (`FORGES`).

    `emails`: role → address of who holds it.
    """
    contact = {"contact": value} if (value := unit["footer"].get("contact")) else {}
    held = {role.replace("-", "_"): email for role, email in emails.items() if email}
    values = defaultdict(lambda: UNKNOWN, unit=unit["full_name"], **contact, **held)
    folder = resources("pipeline.new").joinpath("archive")
    readme = Template(folder.joinpath("README.md").read_text("utf-8")).substitute(values)
    return {"README.md": readme.encode(), **templates(dict(packed_files()), forge)}


def templates(packed: Mapping[str, bytes], forge: str) -> dict[str, bytes]:
    """What a program writes as it is, alike in every archive of a forge; `packed`: path in a
    wheel → bytes. One that lacks such a file, as an older one may, writes the others."""
    ships = {p.removeprefix(_SHIPPED): raw for p, raw in packed.items() if p.startswith(_SHIPPED)}
    settings = ships.get(_SETTINGS, b"").replace(b"./schemas/", f"./{EDITOR_SCHEMAS}/".encode())
    written = {
        "Makefile": packed.get("pipeline/new/archive/Makefile", b""),
        ".gitignore": b".venv/\nbuild/\n",
        ".gitattributes": b"* -text\n",
        _SETTINGS: settings,
        **{path: ships.get(path, b"") for path in FORGES[forge]},
    }
    return {path: raw for path, raw in written.items() if raw}


def program_files(
    in_archive: bool, wheels: Mapping[str, bytes], wheel: bytes | None = None, law: str = SHIPPED
) -> dict[str, bytes]:
    """`program.lock` of the program in a wheel, by default of the one that runs, and that wheel
    where it lies `in_archive`.

    `wheels`: file name → bytes of all that it depends on, to install it without a network.
    """
    lock = lock_for(wheel, in_archive=in_archive, regulation=law)
    if wheels:
        lock = lock._replace(requirements=OFFLINE + lock.requirements)
    own = {lock.wheel: wheel or pack()[1]} if in_archive else {}
    beside = {f"{WHEELS}{name}": raw for name, raw in wheels.items()}
    return {LOCK: write_lock(lock), **own, **beside}
