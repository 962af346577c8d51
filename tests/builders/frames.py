"""The frames that mkdocs makes of a theme, and its templates compiled, once for all tests of a run.

They take most of the time of a small site in a fresh folder. Where a shell is the subject,
tests/site runs mkdocs each time.
"""

import os
import pickle
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, FileSystemBytecodeCache

from pipeline.site.frame import mkdocs_shell
from pipeline.site.frame.jinja_env import Drawing

FOLDER = "SANSHEN_TEST_FRAMES"
"""Of the environment: where the frames lie, for the process that commands are forked from."""
Source = Callable[[str], str | None]
MAKE: Callable[..., dict[str, bytes]] = mkdocs_shell._make


def make_once() -> None:
    """Let this process take frames from that folder, and lay there what it makes."""
    folder = Path(os.environ[FOLDER])

    def made(
        theme: Mapping[str, bytes], settings: Mapping[str, Any], work: Path
    ) -> dict[str, bytes]:
        path = folder / f"frames-{mkdocs_shell._key(theme, settings)}"
        if not path.exists():
            own = path.with_name(f"{path.name}.{os.getpid()}")
            own.write_bytes(pickle.dumps(MAKE(theme, settings, work)))
            own.replace(path)
        files: dict[str, bytes] = pickle.loads(path.read_bytes())
        return files

    mkdocs_shell._make = made
    compiled, draw = FileSystemBytecodeCache(str(folder), "template-%s"), Drawing.__init__

    def drawing(
        self: Drawing, source: Source, given: BytecodeCache | None = None, **shared: object
    ) -> None:
        draw(self, source, given or compiled, **shared)

    Drawing.__init__ = drawing  # type: ignore[method-assign, assignment]
