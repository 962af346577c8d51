"""Templates as Jinja2 compiled them, kept by whoever can vouch for what is read back.

What is loaded is code that will run, so it never lies where others can write: `keep` and `find`
are a sealed store's (`source.sealed`), or there is none.
"""

from collections.abc import Callable
from io import BytesIO

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from pipeline.site.code_digest import program_digest


class Compiled(BytecodeCache):
    """Bytecode by the template's name, its source, and the program that compiled it."""

    def __init__(
        self, find: Callable[[str], bytes | None], keep: Callable[[str, bytes], None]
    ) -> None:
        self._find, self._keep = find, keep

    def load_bytecode(self, bucket: Bucket) -> None:
        raw = self._find(_name(bucket))
        if raw is not None:
            bucket.load_bytecode(BytesIO(raw))

    def dump_bytecode(self, bucket: Bucket) -> None:
        made = BytesIO()
        bucket.write_bytecode(made)
        self._keep(_name(bucket), made.getvalue())


def _name(bucket: Bucket) -> str:
    return f"template.{bucket.key}-{bucket.checksum}.{program_digest()}"
