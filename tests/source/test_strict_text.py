"""Bytes to text: what eye and machine would see differently is refused, everything else kept."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.findings import Effect, say
from pipeline.model.invisible import _USUAL, HIDDEN
from pipeline.source.content.text import TEXT_LIMIT, decode, problem
from tests.builders.named import worded


@given(st.binary(max_size=300))
def test_never_raises_and_gives_text_or_a_problem(raw: bytes) -> None:
    text, problems = decode("a.txt", raw)
    assert (text is not None) or problems
    assert text is None or text.encode() == raw
    for finding in problems:
        assert finding.effect is Effect.REFUSE
        assert finding.remedy is not None
        assert finding.location.path == "a.txt"


def test_no_usual_sign_is_hidden() -> None:
    assert not HIDDEN.search("".join(c for c in map(chr, range(0x110000)) if _USUAL.fullmatch(c)))


LETTERS = st.text(
    st.characters(categories=("L", "N", "P", "Zs"), exclude_characters="\u00a0"), min_size=1
).map(lambda t: unicodedata.normalize("NFC", f"文{HIDDEN.sub('', t)}"))


@given(st.lists(LETTERS, min_size=1, max_size=5))
def test_visible_text_in_nfc_passes(lines: list[str]) -> None:
    raw = "\n".join(lines)
    if not unicodedata.is_normalized("NFC", raw):
        return
    assert decode("a.txt", raw.encode()) == (raw, [])


@pytest.mark.parametrize("char", ["\t", "\n", "\u3000", "\u00b7", "“", "😀", "\u200d"])
def test_what_writers_use_is_no_problem(char: str) -> None:
    """A tab, the wide space, quotation marks, an emoji and its joiner."""
    assert decode("a.txt", f"前{char}后".encode())[1] == []


@pytest.mark.parametrize(
    "code",
    [
        0x00, 0x08, 0x0B, 0x1B, 0x7F, 0x85, 0xAD, 0x200B, 0x200E, 0x202A, 0x202E, 0x2060, 0x2066,
        0x2069, 0xFEFF, 0xFFF9, 0xFDD0, 0xFDEF, 0xFFFE, 0xFFFF, 0x1FFFE, 0x10FFFF,
    ],
)  # fmt: skip
def test_what_cannot_be_seen_is_named_with_line_and_column(code: int) -> None:
    text, (found,) = decode("a.txt", f"第一行\n第{chr(code)}二行\n".encode())
    assert text is not None
    assert (found.location.line, found.location.column) == (2, 2)
    assert str(found.message) == worded("invisible-character", code=f"U+{code:04X}")


@pytest.mark.parametrize("code", [0xE0001, 0xE0041, 0x180E, 0x061C, 0x115F, 0x3164])
def test_other_invisible_letters(code: int) -> None:
    """Tag characters carry hidden text; fillers and the Arabic letter mark show nothing either."""
    assert decode("a.txt", f"前{chr(code)}后".encode())[1], f"U+{code:04X} goes unseen"


@pytest.mark.parametrize(
    ("raw", "words", "line"),
    [
        (b"", "empty", 0),
        (b" \n\t\n", "empty", 0),
        (b"\xef\xbb\xbfabc", "byte order mark", 1),
        (b"a\nb\r\nc", "line ends", 2),
        (b"a\rb", "line ends", 1),
        (b"a\n\xff", "not UTF-8", 2),
        ("a\n关".encode("utf-16"), "not UTF-8", 1),
        (b"x" * (TEXT_LIMIT + 1), "larger than", 0),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\r\n", "Word", 0),
        (b"%PDF-1.7\n", "Word", 0),
        (b"{\\rtf1", "Word", 0),
    ],
)
def test_unreadable_bytes(raw: bytes, words: str, line: int) -> None:
    text, (found, *_) = decode("a.txt", raw)
    assert text is None
    assert words in str(found.message)
    assert found.location.line == line


def test_the_limit_itself_is_allowed() -> None:
    assert decode("a.txt", b"x" * TEXT_LIMIT)[1] == []


def test_the_clause_is_the_callers() -> None:
    _, (found,) = decode("a.yml", b"", "R13-7")
    assert found.clause == "R13-7"
    assert problem("so-it-is", "a", 3, say("m"), say("r"), column=4).location.column == 4


@pytest.mark.parametrize("line", ["<<<<<<< HEAD", "||||||| 1f2e3d", ">>>>>>> other", "<<<<<<<"])
def test_a_mark_of_an_unfinished_merge_is_named(line: str) -> None:
    text, (found,) = decode("a.txt", f"一\n{line}\n二\n".encode())
    assert text is not None
    assert found.location.line == 2
    assert "merge" in str(found.message)


@pytest.mark.parametrize("line", ["<<<<<<", "a <<<<<<< b", "<<<<<<<<", "标题\n======="])
def test_what_only_looks_like_such_a_mark_is_text(line: str) -> None:
    assert decode("a.txt", f"{line}\n".encode())[1] == []
