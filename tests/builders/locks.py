"""What pip reads in a `program.lock`, as pip reads it, and lines that must not stand there."""

import codecs
import re

from pipeline.source.content.program_lock import OFFLINE

WHEEL = "./program/sanshen-{}-py3-none-any.whl"
REQUIREMENTS = (
    "click==8.5.1 \\\n"
    f"    --hash=sha256:{'1' * 64} \\\n"
    f"    --hash=sha256:{'2' * 64}\n"
    "    # via sanshen\n"
    "cffi==2.1.1 ; platform_python_implementation != 'PyPy' \\\n"
    f"    --hash=sha256:{'3' * 64}\n"
)
AWAY = f"{OFFLINE}{REQUIREMENTS}"
_COMMENT = re.compile(r"(^|\s+)#.*$")
_CODING = re.compile(rb"coding[:=]\s*([-\w\.]+)")
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"),
         (codecs.BOM_UTF16_BE, "utf-16-be"))  # fmt: skip
_PINNED = re.compile(
    r"(?:\./program/sanshen-[0-9.]+-py3-none-any\.whl|[a-z0-9-]+==[0-9a-z.!+]+)"
    r"(?: ; [^-#$/@\\]+?)?(?:\s+--hash=sha256:[0-9a-f]{64})+"
)


def obeyed(raw: bytes, locale: str = "utf-8") -> list[str]:
    """The lines that pip acts on: decoded by a mark, a comment or the locale, joined, bared."""
    lines = _joined(_decoded(raw, locale).splitlines())
    return [line for line in (_COMMENT.sub("", line).strip() for line in lines) if line]


def _decoded(raw: bytes, locale: str) -> str:
    for mark, encoding in _BOMS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(encoding, "replace")
    for line in raw.split(b"\n")[:2]:
        if line.startswith(b"#") and (coding := _CODING.search(line)):
            return raw.decode(coding[1].decode("ascii"), "replace")
    return raw.decode(locale, "replace")


def _joined(lines: list[str]) -> list[str]:
    made, open_line = [], ""
    for line in lines:
        if _COMMENT.match(line) or not line.endswith("\\"):
            made.append(open_line + (f" {line}" if _COMMENT.match(line) else line))
            open_line = ""
        else:
            open_line += line.strip("\\")
    return [*made, open_line]


def only_pinned(raw: bytes) -> bool:
    """Whether pip installs by hash all that a lock names, once the program, and obeys no more."""
    for locale in ("utf-8", "latin-1", "cp1252"):
        lines = [x for x in obeyed(raw, locale) if x not in OFFLINE.split("\n")]
        ours = [x for x in lines if re.match(r"(?:\./program/|sanshen==)", x)]
        if len(ours) != 1 or not all(map(_PINNED.fullmatch, lines)):
            return False
    return True
