"""Build of a release: hatchling's wheel is replaced by the one that the program packs of itself.

So there is one list of what ships, and who packs an installed program gets the released bytes.
"""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Packed(BuildHookInterface[Any]):
    """hatchling calls it when its own wheel is there; an editable install is left alone."""

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Put the packed wheel there. Raises ValueError where hatchling would name it otherwise."""
        if version != "standard":
            return
        sys.path.insert(0, self.root)
        from pipeline.source.program import pack

        name, raw = pack()
        path = Path(artifact_path)
        if path.name != name:
            raise ValueError(f"{path.name} is not {name}")
        path.write_bytes(raw)
