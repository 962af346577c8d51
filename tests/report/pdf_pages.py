"""Read back the PDF that typst writes: text of each page in the order of the file, and fonts.

Enough of ISO 32000-1 for unencrypted files without object streams, so that the tests need no
reader on the machine.
"""

import re
import zlib

_OBJECT = re.compile(rb"(?:^|\n)(\d+) 0 obj\n?(.*?)\nendobj", re.DOTALL)
_SHOWN = re.compile(rb"/(\w+) [\d.]+ Tf|\(|\bET\b|\bBT\b|<<.*?>>BDC|<([0-9A-F]+)>", re.DOTALL)
_PLACE = re.compile(rb"q 1 0 0 -1 ([\d.]+) ([\d.]+) cm/c0 cs 0 scn\nBT")
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_NAMED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


class Pdf:
    """The objects of a file, by number."""

    def __init__(self, data: bytes) -> None:
        assert data.startswith(b"%PDF-1.7")
        assert b"/ObjStm" not in data
        self.objects = {int(n): body for n, body in _OBJECT.findall(data)}

    def pages(self) -> list[str]:
        """Text of each page; a line for each piece that is set in one go."""
        return [self._page(page) for page in self._kids()]

    def sizes(self) -> set[tuple[int, int]]:
        """Width and height of the pages, in whole millimetres."""
        found = (re.search(rb"/MediaBox\[0 0 ([\d.]+) ([\d.]+)\]", p) for p in self._kids())
        return {(round(_mm(f[1])), round(_mm(f[2]))) for f in found if f}

    def places(self) -> list[list[tuple[float, float]]]:
        """Where each piece of text begins on each page: millimetres from the left and the top."""
        contents = [self._stream(self.objects[self._ref(p, b"Contents")]) for p in self._kids()]
        return [[(_mm(x), 297 - _mm(y)) for x, y in _PLACE.findall(c)] for c in contents]

    def fonts(self) -> dict[str, bool]:
        """Name of every font → whether its program is inside the file."""
        return {
            name[1].decode(): bool(re.search(rb"/FontFile[23]? \d+ 0 R", body))
            for body in self.objects.values()
            if b"/Type/FontDescriptor" in body
            if (name := re.search(rb"/FontName/\w{6}\+([\w-]+)", body))
        }

    def metadata(self) -> str:
        """The XMP packet, in which PDF/A says what it is."""
        return next(
            self._stream(body).decode()
            for body in self.objects.values()
            if b"/Type/Metadata" in body
        )

    def _kids(self) -> list[bytes]:
        kids = next(b for b in self.objects.values() if b"/Type/Pages/" in b and b"/Kids" in b)
        listed = re.search(rb"/Kids\[(.*?)\]", kids)
        assert listed
        return [self.objects[int(n)] for n in re.findall(rb"(\d+) 0 R", listed[1])]

    def _page(self, page: bytes) -> str:
        resources = self.objects[self._ref(page, b"Resources")]
        fonts = re.search(rb"/Font<<(.*?)>>", resources)
        assert fonts
        maps = {n: self._map(int(r)) for n, r in re.findall(rb"/(\w+) (\d+) 0 R", fonts[1])}
        return _text(self._stream(self.objects[self._ref(page, b"Contents")]), maps)

    def _map(self, number: int) -> dict[bytes, str]:
        cmap = self._stream(self.objects[self._ref(self.objects[number], b"ToUnicode")])
        return {
            bytes.fromhex(code.decode()): bytes.fromhex(text.decode()).decode("utf-16-be")
            for code, text in re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\n", cmap)
        }

    def _ref(self, body: bytes, key: bytes) -> int:
        found = re.search(rb"/" + key + rb" (\d+) 0 R", body)
        assert found
        return int(found[1])

    def _stream(self, body: bytes) -> bytes:
        found = re.search(rb"stream\r?\n(.*)\r?\nendstream", body, re.DOTALL)
        assert found
        return zlib.decompress(found[1]) if b"/FlateDecode" in body[: found.start()] else found[1]


def _mm(points: bytes) -> float:
    return float(points) * 25.4 / 72


def _text(content: bytes, maps: dict[bytes, dict[bytes, str]]) -> str:
    text, at = "", 0
    glyphs: dict[bytes, str] = {}
    while found := _SHOWN.search(content, at):
        at = found.end()
        if found[1]:
            glyphs = maps[found[1]]
        elif found[0] == b"ET":
            text += "\n"
        elif found[2]:
            text += _spelt(bytes.fromhex(found[2].decode()), glyphs)
        elif found[0] == b"(":
            end = _closing(content, at)
            text += _spelt(_ESCAPE.sub(_unescaped, content[at:end]), glyphs)
            at = end + 1
    return text


def _spelt(codes: bytes, glyphs: dict[bytes, str]) -> str:
    return "".join(glyphs[codes[i : i + 2]] for i in range(0, len(codes), 2))


def _closing(content: bytes, at: int) -> int:
    """Where a string ends: pairs of parentheses inside need no backslash (7.3.4.2)."""
    depth = 0
    while depth or content[at : at + 1] != b")":
        depth += {b"(": 1, b")": -1}.get(content[at : at + 1], 0)
        at += 2 if content[at : at + 1] == b"\\" else 1
    return at


def _unescaped(match: re.Match[bytes]) -> bytes:
    code = match[1]
    return bytes([int(code, 8)]) if code[:1].isdigit() else _NAMED.get(code, code)
