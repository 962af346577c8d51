"""The frames that mkdocs makes of a theme, once for all tests of a run.

It takes a second of every site that is built in a fresh folder. `tests/site` runs it each time.
"""

import os
import pickle
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pipeline.site.frame import mkdocs_shell

FOLDER = "SANSHEN_TEST_FRAMES"
"""Of the environment: where the frames lie, for the process that commands are forked from."""
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
