"""What a new archive holds beside its content: program, README, Makefile, editor, forge.

No program text: `program.lock` names the program, and its wheel is one file in `program/`. What a
forge reads has one source, the files that this repository uses itself; they ship as they are.
"""

from collections import defaultdict
from collections.abc import Mapping
from importlib.resources import files as resources
from string import Template
from typing import Any

from pipeline.model.part import program
from pipeline.source.content.program_lock import LOCK, OFFLINE, SHIPPED, WHEELS, write_lock
from pipeline.source.program import beside_in, pack, packed_files
from pipeline.source.wheel import lock_for

_SETTINGS = ".vscode/settings.json"
EDITOR_SCHEMAS = "build/schemas"
"""Where the editor of an archive looks for schemas: git has none, they ship with the program."""
UNKNOWN = "待填写"


_ALLOWED: Mapping[str, tuple[str, str]] = {
    "README.md": ('`export PATH="$PWD/.venv/bin:$PATH"`', "，`export SANSHEN_OWN_RULES=1`"),
    "Makefile": ("", "export SANSHEN_OWN_RULES := 1\n"),
    ".yml": ("\npermissions: {}\n", 'env: {SANSHEN_OWN_RULES: "1"}\n'),
    "pre-receive": ("\nset -euo pipefail\n", "export SANSHEN_OWN_RULES=1\n"),
    ".service": ("\n[Service]\n", "Environment=SANSHEN_OWN_RULES=1\n"),
}
"""End of a path → (text, what comes behind it where an archive's own rules are to run)."""


def beside(
    unit: Mapping[str, Any], emails: Mapping[str, str], forge: str, own_rules: bool = False
) -> dict[str, bytes]:
    """README, Makefile and settings of a new archive, and what its forge needs.

    `emails`: role → address of who holds it; `own_rules`: its people let its rules run.
    """
    contact = {"contact": value} if (value := unit["footer"].get("contact")) else {}
    held = {role.replace("-", "_"): email for role, email in emails.items() if email}
    values = defaultdict(lambda: UNKNOWN, unit=unit["full_name"], **contact, **held)
    folder = resources("pipeline.new").joinpath("archive")
    text = Template(folder.joinpath("README.md").read_text("utf-8")).substitute(values)
    readme = _with_rules({"README.md": text.encode()}, own_rules)
    return {**readme, **templates(dict(packed_files()), forge, own_rules)}


def templates(packed: Mapping[str, bytes], forge: str, own_rules: bool = False) -> dict[str, bytes]:
    """What a program writes as it is, alike in every archive of a forge; `packed`: path in a
    wheel → bytes. One that lacks such a file, as an older one may, writes the others."""
    ships = beside_in(packed)
    files = program().forges[forge].files if forge else ()
    settings = ships.get(_SETTINGS, b"").replace(b"./schemas/", f"./{EDITOR_SCHEMAS}/".encode())
    written = {
        "Makefile": packed.get("pipeline/new/archive/Makefile", b""),
        ".gitignore": b".venv/\nbuild/\n",
        ".gitattributes": b"* -text\n",
        _SETTINGS: settings,
        # Gitea reads its template at GitHub's place too: an older program lets no other path in.
        **{path.replace(".gitea/", ".github/"): ships.get(path, b"") for path in files},
    }
    return _with_rules({path: raw for path, raw in written.items() if raw}, own_rules)


def _with_rules(files: dict[str, bytes], own_rules: bool) -> dict[str, bytes]:
    for end, (text, more) in _ALLOWED.items() if own_rules else ():
        for path in (path for path in files if path.endswith(end)):
            files[path] = files[path].replace(text.encode(), f"{text}{more}".encode(), 1)
    return files


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
