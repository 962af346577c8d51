"""The approval form as a PDF/A-2b that is the same to the byte for the same form (typst).

GB/T 9704-2012 wants 仿宋 and 小标宋, which are not free; the form is set in a free 宋 and 黑, one
family each, so that every machine sets the same lines. No fallback: a character that no face holds
is printed as 〓, as printers do, and the form says so.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Literal, cast

import typst

from pipeline.errors import Fault
from pipeline.model.findings import say
from pipeline.model.forms import Form
from pipeline.parts.form.words import Words, qr_svg, words_of

FACES: Mapping[str, tuple[str, ...]] = {
    "body": ("Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC"),
    "heading": ("Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC"),
    "box": ("DejaVu Sans Mono",),
}
"""Use → families that serve it, the best first. The one with the boxes comes with typst."""
STANDARD: Literal["a-2b"] = "a-2b"
"""ISO 19005-2, level B: fonts embedded, nothing outside the file."""
_NO_GLYPH = re.compile(r'the text `(".*?")` could not be displayed', re.DOTALL)
_GETA = "〓"
_NOTE = "〓 代字库所缺的字，以档案所存原文为准。"


@dataclass(frozen=True)
class FormCompiler:
    """A compiler with its fonts read; hold on to it, because reading them takes longest."""

    compiler: typst.Compiler
    template: bytes
    faces: Mapping[str, str]

    @classmethod
    def open(cls, folders: Iterable[Path] = (), system: bool = True) -> "FormCompiler":
        """Find the faces among the system's fonts and those in `folders`.

        Raises Fault when a Chinese face is missing.
        """
        fonts = typst.Fonts(include_system_fonts=system, font_paths=list(map(str, folders)))
        faces = _faces(fonts.families())
        template = (files("pipeline.parts.form") / "form.typ").read_bytes()
        return cls(typst.Compiler(font_paths=fonts), template, faces)

    def print(self, form: Form) -> bytes:
        """One form as PDF; its dates are the form's `as_of`. Raises Fault when it cannot be set."""
        return self.typeset(words_of(form) | {"qr": qr_svg(form.url)}, form.as_of, form.number)

    def typeset(self, words: Words, as_of: datetime, name: str) -> bytes:
        """The template with these words; `name`: what a fault calls it."""
        try:
            return self._set(words, as_of)
        except typst.TypstError as error:
            missing = _missing(error)
            if not missing:
                raise _unset(name, error) from error
        try:
            return self._set(_replaced(words, missing), as_of)
        except typst.TypstError as error:
            raise _unset(name, error) from error

    def _set(self, words: Words, as_of: datetime) -> bytes:
        made = self.compiler.compile(
            self.template,
            format="pdf",
            sys_inputs={"form": json.dumps(words, ensure_ascii=False), **self.faces},
            pdf_standards=STANDARD,
            timestamp=int(as_of.timestamp()),
        )
        return cast(bytes, made)


def _faces(families: Iterable[str]) -> dict[str, str]:
    present = set(families)
    chosen = {u: next((n for n in names if n in present), "") for u, names in FACES.items()}
    if absent := [FACES[use][0] for use, name in chosen.items() if not name]:
        raise Fault(
            say("The font {font} is missing; the form cannot be printed.", font=absent[0]),
            say("Install it: on Debian or Ubuntu `apt install fonts-noto-cjk`."),
        )
    return chosen


def _missing(error: typst.TypstError) -> frozenset[str]:
    """The characters that no face holds; typst names all of them at once."""
    texts = _NO_GLYPH.findall(error.diagnostic)
    return frozenset(c for text in texts for c in _unquoted(text))


def _unquoted(text: str) -> str:
    r"""A text as Rust's ``{:?}`` writes it, with ``\u{1f525}`` and ``\"`` undone."""
    plain = re.sub(r"\\u\{([0-9a-f]+)\}", lambda m: chr(int(m[1], 16)), text[1:-1])
    return re.sub(r"\\(.)", r"\1", plain)


def _replaced(words: Words, missing: frozenset[str]) -> Words:
    """The words with stand-ins, and the sentence that says so."""
    table = {ord(c): _GETA for c in missing}
    marked = {k: v if k == "qr" else _translated(v, table) for k, v in words.items()}
    return marked | {"note": _NOTE}


def _translated(value: object, table: Mapping[int, str]) -> object:
    if isinstance(value, str):
        return value.translate(dict(table))
    if isinstance(value, list):
        return [_translated(v, table) for v in value]
    if isinstance(value, dict):
        return {k: _translated(v, table) for k, v in value.items()}
    return value


def _unset(name: str, error: typst.TypstError) -> Fault:
    return Fault(
        say("Form {number} cannot be set: {reason}", number=name, reason=error.message),
        say("Print it with `--format html`, and report this."),
    )
