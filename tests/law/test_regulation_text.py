"""The canonical regulation is the received text plus the listed emendations, and nothing else.

Every marked emendation is undone by its row of the emendation table; what remains must be
the text as it was received, apart from white space and the width of punctuation (row 1).
"""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import markdown  # type: ignore[import-untyped]
import pytest
from markdown.extensions.toc import slugify_unicode  # type: ignore[import-untyped]

HERE = Path(__file__).parents[1]
CANONICAL = (HERE.parent / "content" / "regulation.md").read_text(encoding="utf-8")
RECEIVED = (HERE / "assets" / "regulation-as-received.txt").read_text(encoding="utf-8")
RECEIVED_SHA256 = "050e8e5fe50a77f6156c797c920bd66866a63d27cea659fa8d50a8a90d19bbfa"

HEADING = re.compile(r"^### (第[一二三四五六七八九十]+条|附件)$", re.MULTILINE)
MARK = re.compile(r"〔([^〔〕]*)〕\[校([1-9][0-9]*)\]\(#校勘记\)")
DOCUMENT_NUMBER = re.compile(r"〔([0-9]{4})〕(?!\[校)[0-9]+号")

NUMERALS = [*"一二三四五六七八九十", *(f"十{unit}" for unit in "一二三四五六七八")]
ARTICLES = [f"第{numeral}条" for numeral in NUMERALS]
PAGE_FURNITURE = ("浏览次数", "字号", "标签", "关联信息")
FORM = "六安市应急局信息发布审批表"


@dataclass(frozen=True)
class Row:
    """One row of the emendation table, cells as written."""

    number: int
    place: str
    original: str
    reading: str
    certainty: str
    reason: str


def part(start: str, end: str | None) -> str:
    """The canonical text from one second-level heading up to another."""
    after = CANONICAL[CANONICAL.index(start) :]
    return after if end is None else after[: after.index(end)]


def table(text: str) -> list[list[str]]:
    lines = [line for line in text.splitlines() if line.startswith("|") and set(line) - set("|-")]
    return [[cell.strip() for cell in line[1:-1].split("|")] for line in lines]


APPARATUS = part("## 校勘记", "## 存疑未改")
ROWS = [Row(int(first), *rest) for first, *rest in table(APPARATUS)[1:]]
BY_NUMBER = {row.number: row for row in ROWS}
WIDTH = str.maketrans(dict(zip(ROWS[0].original.split(), ROWS[0].reading.split(), strict=True)))
NOTICE, BODY = part("# ", "## 第一章"), part("## 第一章", "## 附件")
ANNEX, DOUBTS = part("## 附件", "## 校勘记"), table(part("## 存疑未改", None))[1:]


def plain(text: str) -> str:
    """Without white space; punctuation in full width."""
    return re.sub(r"\s", "", text).translate(WIDTH)


def contexts(row: Row, before: str, piece: str, after: str) -> list[tuple[str, str]]:
    """Each way to see the row's reading as context + piece + context around the mark."""
    reading, width = plain(row.reading), len(piece)
    cuts = range(len(reading) - width + 1)
    ways = [(reading[:at], reading[at + width :]) for at in cuts if reading[at:].startswith(piece)]
    return [(a, b) for a, b in ways if before.endswith(a) and after.startswith(b)]


def undo(text: str) -> str:
    """Plain text with every mark undone by its row, the last first.

    Raises ValueError where a mark and its row do not fit in exactly one way.
    """
    text = plain(MARK.sub(r"〔\1〕[校\2]", text))
    while marks := re.findall(r"(.*)〔([^〔〕]*)〕\[校([0-9]+)\](.*)", text):
        before, piece, number, after = marks[0]
        row = BY_NUMBER[int(number)]
        if len(ways := contexts(row, before, piece, after)) != 1:
            raise ValueError(f"mark {number} does not fit its row")
        head, tail = map(len, ways[0])
        text = before[: len(before) - head] + plain(row.original) + after[tail:]
    return text


def received(start: str | None, end: str | None) -> list[str]:
    """Plain lines as received, from the line `start` up to the line `end`, page furniture out."""
    lines = [line for line in map(plain, RECEIVED.splitlines()) if line]
    lines = [line for line in lines if not line.startswith(PAGE_FURNITURE)]
    return lines[lines.index(start) if start else 0 : lines.index(end) if end else None]


def sections(body: str) -> list[tuple[str, list[str]]]:
    """(heading, paragraphs still marked) of each chapter and article; the heading opens line 1."""
    found: list[tuple[str, list[str]]] = []
    for block in filter(None, body.split("\n\n")):
        if block.startswith("#"):
            found.append((block.lstrip("# ").strip(), []))
        else:
            found[-1][1].append(block)
    return [(heading, [heading + "".join(ps[:1]), *ps[1:]]) for heading, ps in found]


RECEIVED_BODY = received("第一章", f"附件：{FORM}")


def restored(body: str) -> list[str]:
    return [undo(line) for _, lines in sections(body) for line in lines]


def is_received(body: str) -> bool:
    try:
        return restored(body) == RECEIVED_BODY
    except ValueError:
        return False


def test_received_text_is_the_one_that_was_collated() -> None:
    assert hashlib.sha256(RECEIVED.encode()).hexdigest() == RECEIVED_SHA256


def test_body_is_received_text_plus_listed_emendations() -> None:
    assert restored(BODY) == RECEIVED_BODY


@pytest.mark.parametrize("article", ARTICLES)
def test_article_is_received_article(article: str) -> None:
    parts = sections(BODY)
    at = [heading for heading, _ in parts].index(article)
    start, lines = sum(len(lines) for _, lines in parts[:at]), parts[at][1]
    assert [undo(line) for line in lines] == RECEIVED_BODY[start : start + len(lines)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("每10天", "每11天"),
        ("政务咨讯", "政务资讯"),
        ("的原则\n", "的原则。\n"),
        ("不得强制要求", "强制要求"),
        ("〔周〕", "〔月〕"),
        ("〔周〕[校11]", "〔周〕[校12]"),
        ("〔周〕[校11](#校勘记)", "周"),
        ("（2）〔〕[校14](#校勘记)", "（3）〔〕[校14](#校勘记)"),
        ("## 第二章 管理机构及分工", "## 第二章 管理机构"),
        ("〔2018〕", "〔2019〕"),
    ],
)
def test_any_unlisted_change_is_seen(old: str, new: str) -> None:
    assert BODY.count(old) == 1 and is_received(BODY)
    assert not is_received(BODY.replace(old, new))


def test_notice_and_title_are_received() -> None:
    first, _, *quote = NOTICE.rstrip().splitlines()
    lines = [undo(line.removeprefix(">")) for line in quote if line.strip(" >")]
    assert all(line.startswith(">") for line in quote)
    assert lines == received(None, "第一章")
    assert first == "# 六安市应急管理局政务新媒体管理实施细则"
    assert first[2:] == MARK.sub(r"\1", quote[-1].removeprefix("> "))
    places = [BY_NUMBER[int(number)].place for _, number in MARK.findall(NOTICE)]
    assert places == ["通知正文", "通知落款日期", "细则题名", "细则题名"]


def test_form_is_received_form_with_a_grid() -> None:
    grid, note = table(ANNEX), MARK.sub("", ANNEX).strip().splitlines()[-1]
    filled = [plain(cell) for cells_ in grid for cell in cells_ if cell]
    assert [*filled, plain(note)] == received("信息发布类别", None)
    assert received(f"附件：{FORM}", "信息发布类别") == [f"附件：{FORM}", "附件：", FORM]
    blanks = RECEIVED.partition("备注")[2].partition("初审人员")[0].count("\N{NBSP}\n")
    # Thirteen blank cells came down; three columns of them make four rows and leave one over.
    assert (blanks, grid.count(["", "", ""])) == (13, 4)
    layout = BY_NUMBER[int(MARK.findall(ANNEX)[0][1])]
    assert "十三个空格" in layout.original and "空白四行" in layout.reading


def test_headings_are_eighteen_articles_in_order_and_the_annex() -> None:
    assert HEADING.findall(CANONICAL) == [*ARTICLES, "附件"]
    assert len(re.findall(r"^###", CANONICAL, re.MULTILINE)) == 19
    titles = re.findall(r"^## (.+)$", CANONICAL, re.MULTILINE)
    assert [title.split()[0] for title in titles[:7]] == [f"第{n}章" for n in NUMERALS[:7]]
    assert titles[7:] == [f"附件 {FORM}", "校勘记", "存疑未改"] and titles[0] == "第一章 总则"


def test_items_begin_with_their_full_number() -> None:
    items = re.findall(r"^（[0-9]）.*$", BODY, re.MULTILINE)
    assert len(items) == len([line for line in RECEIVED_BODY if re.match("[0-9]）", line)]) == 14
    assert all(re.match(r"（[0-9]）〔〕\[校", item) for item in items)


def test_every_mark_has_its_row_and_every_row_its_mark() -> None:
    text = NOTICE + BODY + ANNEX
    assert [row.number for row in ROWS] == list(range(1, len(ROWS) + 1))
    # Row 1, the width of punctuation, holds for the whole text and is the only one unmarked.
    assert ROWS[0].place == "全文"
    assert [int(number) for _, number in MARK.findall(text)] == [r.number for r in ROWS[1:]]
    assert len(re.findall(r"\[校", CANONICAL)) == len(ROWS) - 1
    for heading, lines in [*sections(BODY), ("附件", [ANNEX])]:
        places = [BY_NUMBER[int(n)].place for _, n in MARK.findall("".join(lines))]
        assert [place for place in places if not place.startswith(heading.split()[0])] == []
    assert not re.search("[,;:()]", MARK.sub(r"\1", BODY + NOTICE + ANNEX))


@pytest.mark.parametrize("row", ROWS[1:-1], ids=lambda row: f"row{row.number}")
def test_row_quotes_the_received_text_and_only_adds(row: Row) -> None:
    original, rest = plain(row.original), iter(plain(row.reading))
    assert original in plain(RECEIVED)
    assert all(character in rest for character in original) and plain(row.reading) != original
    assert row.certainty and row.reason.endswith("。")


def test_article_5_names_its_grounds() -> None:
    article = dict(sections(BODY))["第五条"][0]
    (piece, number), *others = MARK.findall(article)
    row = BY_NUMBER[int(number)]
    assert (piece, others, row.reading) == ("周", [], "至少每周更新2次")
    grounds = ("每10天更新1次", "民政局", "两周红线", "148号", "未获证实")
    assert [ground for ground in grounds if ground not in row.reason] == []
    assert row.certainty == "强推断，未经上位文本证实"


def test_marks_are_not_document_numbers() -> None:
    numbers = ["2018", "2016", "2021"]
    assert DOCUMENT_NUMBER.findall(BODY) == numbers == re.findall("〔(.+?)〕", RECEIVED)
    assert re.findall("〔(.*?)〕", MARK.sub(r"\1", BODY)) == numbers
    assert MARK.findall("国办发〔2018〕123号") == []
    assert MARK.findall("〔2016〕136号）〔、〕[校8](#校勘记)") == [("、", "8")]
    assert DOCUMENT_NUMBER.findall("〔2018〕[校9](#校勘记)123号") == []


@pytest.mark.parametrize("doubt", DOUBTS, ids=lambda doubt: "-".join(doubt[:2]))
def test_doubtful_words_stand_as_received(doubt: list[str]) -> None:
    place, words, _ = doubt
    where = re.findall("^(?:附件|第.+?条)", place)[0]
    text = ANNEX if where == "附件" else "".join(dict(sections(BODY))[where])
    assert plain(words) in plain(MARK.sub(r"\1", text)) and plain(words) in plain(RECEIVED)


def test_page_renders_with_every_link_resolved() -> None:
    options = {"toc": {"slugify": slugify_unicode}}
    page = markdown.markdown(CANONICAL, extensions=["tables", "toc"], extension_configs=options)
    assert page.count('<a href="#校勘记">校') == len(ROWS) - 1
    assert page.count('id="校勘记"') == 1 and page.count("<table>") == 3
    assert page.count("<tr>") == len(ROWS) + 1 + len(DOUBTS) + 1 + len(table(ANNEX))
    assert not re.search("<[a-z]", CANONICAL)
