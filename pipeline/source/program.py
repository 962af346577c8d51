"""The program that runs: its version, its files as a wheel lays them, a digest over them, a wheel.

A wheel holds, beside the package, what a checkout keeps at its top: schemas, theme, law. So an
archive carries none of it (docs/decisions/0069). An editable install of the same tree has the same
digest. Stock tools give it, in the folder of the installed package:

    find pipeline -type f ! -path '*/__pycache__/*' | LC_ALL=C sort | xargs -d '\\n' sha256sum \\
      | sha256sum
"""

import base64
import hashlib
import io
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.model.ids import Digest, sha256_of
from pipeline.model.program import Program
from pipeline.prepared import Prepared

_PACKAGE = Path(__file__).parents[1]
_SHIPPED = _PACKAGE / "shipped"
BESIDE_IN = "pipeline/shipped/"
"""Where a wheel holds what stands at the top of a checkout."""

BESIDE = (
    ".ci/pre-receive", ".ci/sanshen-poll.service", ".ci/sanshen-poll.timer",
    ".gitea/PULL_REQUEST_TEMPLATE.md", ".github/PULL_REQUEST_TEMPLATE.md", ".github/uv.txt",
    ".github/workflows/audit.yml", ".github/workflows/knock.yml",
    ".github/workflows/publish.yml", ".github/workflows/verify.yml",
    ".vscode/settings.json", "CHANGELOG.md", "LICENSE",
    "content/regulation.md", "content/registers/calendar",
    "docs/cards", "docs/channels.md", "docs/desk.md", "docs/forge.md", "docs/inspector.md",
    "docs/install.md", "docs/leader.md", "docs/operator.md", "docs/registers.md",
    "docs/reviewer.md", "docs/runbooks", "docs/writer.md",
    "mkdocs.yml", "pyproject.toml", "requirements/run.txt", "schemas", "site",
)  # fmt: skip
"""What of the top of a checkout ships in a wheel."""
_OF_PART = re.compile(r"pipeline/parts/\w+/(site/.+)")
"""A part's own files of the theme ship in its folder."""
_TAG = "py3-none-any"
_DIGESTS = Prepared("digests", __file__)


@cache
def running() -> Program:
    """The program that runs; its files are looked at once a process."""
    return Program(__version__, _digest((name, _digest_at(path)) for name, path in _packed()))


@cache
def libraries() -> tuple[str, ...]:
    """What is installed beside the program, by the names of the folders in which metadata lie
    (PyPA, "Recording installed projects"): each holds a version, and none has to be read."""
    folders = (folder for folder in map(Path, sys.path) if folder.is_absolute())
    names = (name for folder in folders if folder.is_dir() for name in os.listdir(folder))  # noqa: PTH208
    return tuple(sorted(name for name in names if name.endswith((".dist-info", ".egg-info"))))


def digest_of(files: Iterable[tuple[str, bytes]]) -> Digest:
    """sha256 (hex) over (path in the wheel, bytes) of a program's files, by path."""
    return _digest((path, sha256_of(raw)) for path, raw in files)


def _digest(files: Iterable[tuple[str, Digest]]) -> Digest:
    return sha256_of("".join(f"{digest}  {path}\n" for path, digest in files).encode())


def packed_files() -> Iterator[tuple[str, bytes]]:
    """(path in the wheel, bytes) of every file of the program, by path."""
    return ((name, _bytes(path)) for name, path in _packed())


def _packed() -> list[tuple[str, str]]:
    """(path in the wheel, path) of every file of the program, by path."""
    paths = {f"pipeline/{name}": path for name, path in _files(_PACKAGE)}
    if not _SHIPPED.is_dir():
        paths |= {f"{BESIDE_IN}{name}": path for name, path in _beside().items()}
    return sorted(paths.items())


def _bytes(path: str) -> bytes:
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123  # half the time
        return file.read()


def _digest_at(path: str) -> Digest:
    """sha256 (hex) of a file, which is not read again while it stays the one it was: the kernel
    itself says when it changed, and its bytecode is believed for less."""
    now = os.stat(path)  # noqa: PTH116  # half the time
    mark = f"{now.st_dev} {now.st_ino} {now.st_size} {now.st_mtime_ns} {now.st_ctime_ns}"
    digest: Digest = _DIGESTS.of(path, mark.encode(), lambda: sha256_of(_bytes(path)))
    return digest


def name_of(version: str) -> str:
    """The file name of a version's wheel."""
    return f"sanshen-{version}-{_TAG}.whl"


@cache
def pack() -> tuple[str, bytes]:
    """The wheel of the program that runs: file name, bytes.

    The same files give the same bytes on any machine, from a checkout and from an installed wheel:
    metadata come from the pyproject.toml that ships, entries are sorted, of one time, and stored as
    they are, so no version of zlib matters and git keeps the difference alone of two versions.
    """
    import zipfile  # few runs pack

    files = dict(packed_files())
    info = f"sanshen-{running().version}.dist-info"
    files |= {f"{info}/{name}": raw for name, raw in _described(running().version).items()}
    files[f"{info}/RECORD"] = recorded(files, f"{info}/")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as wheel:
        for path, raw in files.items():
            entry = zipfile.ZipInfo(path)  # of 1980-01-01, stored
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            wheel.writestr(entry, raw)
    return name_of(running().version), packed.getvalue()


def recorded(files: Mapping[str, bytes], info: str) -> bytes:
    """The list of a wheel's files; `info`: the folder of what it says of itself."""
    own = f"{info}RECORD"
    others = (row for row in files.items() if row[0] != own)
    rows = "".join(f"{path},sha256={_base64(raw)},{len(raw)}\n" for path, raw in others)
    return f"{rows}{own},,\n".encode()


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(raw).digest()).rstrip(b"=").decode()


def _described(version: str) -> dict[str, bytes]:
    """The wheel's files about itself but its list, by name."""
    import tomllib

    ships = shipped("pyproject.toml", "LICENSE")
    project: Mapping[str, Any] = tomllib.loads(ships["pyproject.toml"].decode())["project"]
    metadata = (
        "Metadata-Version: 2.4",
        f"Name: {project['name']}",
        f"Version: {version}",
        f"Summary: {project['description']}",
        f"License-Expression: {project['license']}",
        *(f"License-File: {path}" for path in project["license-files"]),
        f"Requires-Python: {project['requires-python']}",
        *(f"Requires-Dist: {one}" for one in project["dependencies"]),
    )
    scripts = (f"{name} = {where}" for name, where in project["scripts"].items())
    wheel = ("Wheel-Version: 1.0", "Generator: sanshen", "Root-Is-Purelib: true", f"Tag: {_TAG}")
    texts = {
        "METADATA": metadata,
        "WHEEL": wheel,
        "entry_points.txt": ("[console_scripts]", *scripts),
    }
    return {
        **{name: "".join(f"{line}\n" for line in lines).encode() for name, lines in texts.items()},
        **{f"licenses/{path}": ships[path] for path in project["license-files"]},
    }


def beside_in(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Path in an archive → bytes of what a wheel ships to be laid under one."""
    return {own: raw for path, raw in files.items() if (own := _in_archive(path))}


def _in_archive(path: str) -> str:
    """Where a file of a wheel would lie in an archive; empty: nowhere."""
    of_part = _OF_PART.fullmatch(path)
    beside = path.removeprefix(BESIDE_IN) if path.startswith(BESIDE_IN) else ""
    return of_part[1] if of_part else beside


def shipped(*tops: str) -> Mapping[str, bytes]:
    """Path in an archive → bytes of what the program ships in these folders, or under these names.

    An archive's own file of the same path lies over it.
    """
    return {path: raw for top in tops for path, raw in _below(top).items()}


@cache
def _below(top: str) -> Mapping[str, bytes]:
    return {
        name: Path(path).read_bytes()
        for name, path in _laid().items()
        if name == top or name.startswith(f"{top.rstrip('/')}/")
    }


@cache
def _laid() -> dict[str, str]:
    """Path in an archive → file of what ships beside the package, and of what parts bring."""
    of_parts = ((f"pipeline/parts/{name}", path) for name, path in _files(_PACKAGE / "parts"))
    return _beside() | {own: p for name, p in sorted(of_parts) if (own := _in_archive(name))}


@cache
def _beside() -> dict[str, str]:
    """Path in a checkout → file of what ships beside the package."""
    top = _SHIPPED if _SHIPPED.is_dir() else _PACKAGE.parent
    return {
        f"{start}/{name}" if name else start: path
        for start in sorted(BESIDE)
        for name, path in (
            _files(top / start) if (top / start).is_dir() else [("", str(top / start))]
        )
    }


def _files(folder: Path) -> Iterator[tuple[str, str]]:
    """(path below a folder, path) of its files."""
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        below = where[len(str(folder)) + 1 :].replace(os.sep, "/")
        for name in sorted(names):
            yield f"{below}/{name}" if below else name, f"{where}{os.sep}{name}"
