"""Bytes to text, strictly: what two readers could see differently is refused (threats A18)."""

import codecs
import re
import unicodedata
from collections.abc import Iterator

from pipeline.model.findings import Effect, Finding, Location, Message, say, say_size

FORMAT_CLAUSE = "R11-2"
"""Format (格式) is part of the first review: problems of a file's form count against it."""

TEXT_LIMIT = 1_000_000
"""Bytes of a text file; twenty times the longest article the WeChat editor takes."""

_PLANES_END = "".join(chr(p << 16 | end) for p in range(17) for end in (0xFFFE, 0xFFFF))
HIDDEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    r"\u200b\u200c\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    r"\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    rf"\ufdd0-\ufdef{_PLANES_END}]"
)
"""Unicode's Default_Ignorable_Code_Point, noncharacters (The Unicode Standard, 23.7) and controls,
but tab, newline, the joiner U+200D and the variation selectors, which emoji need
(https://www.unicode.org/reports/tr44/)."""


_USUAL = re.compile(r"[\n\t -~\u2010-\u2027\u3000-\u303f\u4e00-\u9fff\uff01-\uff5e]*")
"""What nearly every text consists of, none of it hidden; a match takes half the time."""


_MARKS = ("<<<<<<<", "|||||||", ">>>>>>>")
_MERGE = re.compile(r"^(?:<{7}|\|{7}|>{7})(?: .*)?$", re.MULTILINE)
"""What git leaves in a file that two people changed; a row of `=` alone makes a heading."""
_DOCUMENTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF-", b"{\\rtf")
"""How .docx and .wps, .doc, PDF and RTF files begin, whatever they are called."""


def problem(
    path: str,
    line: int,
    message: Message,
    remedy: Message,
    *,
    column: int = 0,
    clause: str = FORMAT_CLAUSE,
) -> Finding:
    """A refusal of the form of a file."""
    return Finding(clause, Effect.REFUSE, message, Location(path, line, column), remedy)


def decode(path: str, raw: bytes, clause: str = FORMAT_CLAUSE) -> tuple[str | None, list[Finding]]:
    """(text, problems) of a text file; text is None when nothing after it can be trusted."""
    if unreadable := _unreadable(raw):
        line, message, remedy = unreadable
        return None, [problem(path, line, message, remedy, clause=clause)]
    text = raw.decode("utf-8")
    looks = (_hidden, _unnormalised, _unmerged)
    return text, [fault for look in looks for fault in look(path, text, clause)]


def typed_elsewhere(raw: bytes) -> str | None:
    """A text from another program: UTF-8, GB 18030 or marked UTF-16, as Windows saves it; None:
    none of them."""
    utf_16 = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if utf_16 else ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _unreadable(raw: bytes) -> tuple[int, Message, Message] | None:
    """The line, what keeps the bytes from being text, and the remedy."""
    if len(raw) > TEXT_LIMIT:
        long = say("The file is larger than {limit}.", limit=say_size(TEXT_LIMIT))
        return 0, long, say("Shorten it, or split it into several posts.")
    if not raw.strip():
        template = say("Write it anew: `sanshen new` gives a template.")
        return 0, say("The file is empty."), template
    if raw.startswith(_DOCUMENTS):
        document = say("The file is a document of Word, WPS or the like, no plain text.")
        return 0, document, say("Copy its words into a text file: `sanshen new` writes one.")
    if raw.startswith(b"\xef\xbb\xbf"):
        bom = say("The file begins with a byte order mark (BOM).")
        return 1, bom, say("Save it as UTF-8 without BOM.")
    if b"\r" in raw:
        ends = say("The file has Windows line ends (CRLF).")
        return _line_of(raw, raw.index(b"\r")), ends, say("Save it with LF line ends.")
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        not_text = say("The file is not UTF-8 text.")
        return _line_of(raw, error.start), not_text, say("Save it in the encoding UTF-8.")
    return None


def _line_of(raw: bytes, at: int) -> int:
    return raw[:at].count(b"\n") + 1


def hidden_in(text: str) -> re.Match[str] | None:
    """The first character of a text that is not seen."""
    return None if _USUAL.fullmatch(text) else HIDDEN.search(text)


def _hidden(path: str, text: str, clause: str) -> Iterator[Finding]:
    """Control, bidirectional and zero-width characters: seen differently by eye and machine."""
    if not hidden_in(text):
        return
    for number, line in enumerate(text.split("\n"), 1):
        if sign := HIDDEN.search(line):
            code = f"U+{ord(sign[0]):04X}"
            message = say("There is an invisible character {code}.", code=code)
            remedy = say("Delete it; it was probably pasted from another program.")
            column = sign.start() + 1
            yield problem(path, number, message, remedy, column=column, clause=clause)


def _unnormalised(path: str, text: str, clause: str) -> Iterator[Finding]:
    if unicodedata.is_normalized("NFC", text):
        return
    for number, line in enumerate(text.split("\n"), 1):
        if not unicodedata.is_normalized("NFC", line):
            message = say("A character is written in a decomposed form (NFD).")
            remedy = say("Save the file in Unicode form NFC.")
            yield problem(path, number, message, remedy, clause=clause)
            return


def _unmerged(path: str, text: str, clause: str) -> Iterator[Finding]:
    mark = _MERGE.search(text) if any(mark in text for mark in _MARKS) else None
    if mark:
        line = text.count("\n", 0, mark.start()) + 1
        message = say("There are marks of a merge that was not finished.")
        remedy = say("Keep one version; delete the lines with <<<<<<<, ======= and >>>>>>>.")
        yield problem(path, line, message, remedy, clause=clause)
