"""`make forge FORGE=…`: every scene on one server, in order; each says how long it took."""

import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from tests.forge import buttons, chance, clicks, faults, hostile, settings, way
from tests.forge.bureau import Played
from tests.forge.server import given

SCENES: dict[str, Callable[[Played, bool], None]] = {
    "way": way.play,
    "clicks": clicks.play,
    "buttons": buttons.play,
    "settings": settings.play,
    "faults": faults.play,
    "hostile": hostile.play,
    "chance": chance.play,
}


def main(environment: dict[str, str]) -> int:
    """Play the scenes that SCENES names, or all; 0 when all held, 1 where one did not (the others
    are played nevertheless), 2 where no server is given."""
    failed = False
    keep = bool(environment.get("FORGE_RECORD"))
    wanted = environment.get("SCENES", "").split() or list(SCENES)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        home.chmod(0o755)
        (home / "server").mkdir()
        with given(environment, home / "server") as (server, own):
            print(f"{server.host} {server.version()}", flush=True)
            for name in wanted:
                begun, place = time.monotonic(), home / name
                place.mkdir()
                bureau = Played.__new__(Played)
                try:
                    Played.__init__(bureau, place, server, own)
                    SCENES[name](bureau, keep)
                except Exception:  # noqa: BLE001
                    traceback.print_exc()
                    failed = True
                finally:
                    bureau.remove()
                print(f"{name}：{time.monotonic() - begun:.1f} 秒", flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(dict(os.environ)))
