"""Files of theme and schemas that an archive lays over those of the program.

Theme and schemas ship in the program. An archive's own file of the same path lies over the
program's and stays as it is when the program is renewed.
"""

from collections.abc import Iterator, Mapping

from pipeline.model.ids import sha256_of
from pipeline.source.content.paths import Files
from pipeline.source.program import shipped

_TOPS = ("mkdocs.yml", "site", "schemas")


def differing(theme: Mapping[str, bytes]) -> str:
    """``sha256  path`` of each file of a site's theme that is none of the program's, as lines."""
    theirs = shipped(*_TOPS)
    files = ((path, raw) for path, raw in sorted(theme.items()) if theirs.get(path) != raw)
    return "".join(f"{sha256_of(raw)}  {path}\n" for path, raw in files)


def outgrown(tree: Files, old: Mapping[str, bytes], new: Mapping[str, bytes]) -> Iterator[str]:
    """The own files of an archive that one program ships otherwise than another.

    `old`, `new`: path → bytes of what each ships; an empty `old` is not known, and differs.
    """
    own = (path for path in sorted(tree.files) if path.startswith(_TOPS))
    return (path for path in own if old.get(path) != new.get(path))
