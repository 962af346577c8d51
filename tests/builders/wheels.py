"""Wheels of this program as other versions of it."""

import io
import zipfile
from collections.abc import Mapping
from functools import cache

from pipeline.source.content.program_lock import write_lock
from pipeline.source.program import pack, recorded
from pipeline.source.wheel import lock_for

INIT, CHANGELOG = "pipeline/__init__.py", "pipeline/shipped/CHANGELOG.md"


@cache
def _packed() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(pack()[1])) as wheel:
        names = (n for n in wheel.namelist() if "dist-info" not in n)
        return {name: wheel.read(name) for name in names}


def wheel_of(
    version: str, changes: Mapping[str, bytes | None] | None = None, *, method: int = 0
) -> bytes:
    """The wheel of a version, some files as given; None takes one away.

    What it says of itself fits, unless a change says otherwise.
    """
    info = f"sanshen-{version}.dist-info/"
    files: dict[str, bytes | None] = {
        **_packed(),
        INIT: f'__version__ = "{version}"\n'.encode(),
        f"{info}METADATA": f"Metadata-Version: 2.4\nName: sanshen\nVersion: {version}\n".encode(),
        f"{info}WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        **(changes or {}),
    }
    whole = {path: raw for path, raw in files.items() if raw is not None}
    return zipped({f"{info}RECORD": recorded(whole, info), **whole}, method)


def zipped(files: Mapping[str, bytes], method: int = 0) -> bytes:
    """A zip archive of these files, in this order."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as wheel:
        for path, raw in files.items():
            wheel.writestr(path, raw)
    return made.getvalue()


def locked_to(raw: bytes) -> dict[str, bytes]:
    """Path → bytes of a wheel in an archive and of the lock that names it."""
    lock = lock_for(raw)
    return {lock.wheel: raw, "program.lock": write_lock(lock)}
