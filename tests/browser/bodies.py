"""Markdown bodies made at random from a number: everything that stands otherwise on a page."""

from collections.abc import Callable
from random import Random

WORDS = (
    "应急管理", "检查超过八年的燃气软管", "１２３４号", "㐀𠮷𪚥", "e\u0301tude", "2026年11月",
    "零下-5℃", "10:30", "3~5天", "A1", "x", "🧯⚠️", "不", "的", "罚款4.5万元", "50%", "3.5米",
    "a_b_c", "2*3", "ئۇيغۇر", "བོད", "1986. 年", "a<b>c</b>", "<5", "AT&T", "5", "C/C++",
    "“引号”", "https://a.example/x",
)  # fmt: skip
ADDRESSES = (
    "https://a.example/b", "https://a.example/%E8%B7%AF?x=1&y=%2F2", "http://中文.example/路(一)",
    "https://a.example/b_(c)", "tel:119", "#部分", "mailto:a@b.example", "a.png", "javascript:x",
    "<https://a.example/q>", "https://a.example/x&amp;y", "https://a.example/\\_z", "b",
)  # fmt: skip
AUTOLINKS = (
    "https://a.example/%E8%B7%AF", "tel:119", "a@b.example", "mailto:a@xn--fiq228c.example",
    "https://xn--fiq228c.example:80/%E8%B7%AF", "http://中文.example/路",
)  # fmt: skip
ESCAPES = ("\\*", "\\_", "\\[", "\\]", "\\`", "\\\\", "1\\.", "\\-5", "\\&lt;", "\\!", "\\#")
ENTITIES = ("&copy;", "&lt;", "&#20013;", "&#x4e2d;", "&nbsp;", "&amp;lt;", "&nosuch;", "&rarr;5")
SIGNS = ("&#45;", "&plus;", "&#x7e;", "&colon;")
FILES = ("a.png", "b.jpg", "图.png", "fig-1.png", "none.png", "c.svg")
SHOWN = FILES[:4]


def body(seed: int) -> str:
    """A body of one to five blocks; the same number gives the same body."""
    random = Random(seed)
    blocks = [random.choice(_BLOCKS)(random) for _ in range(random.randint(1, 5))]
    defined = [_definition(random, n) for n in range(random.choice((0, 0, 2)))]
    random.shuffle(mixed := [*blocks, *defined])
    return "\n\n".join(mixed) + "\n"


def _words(random: Random) -> str:
    return "".join(random.choice(WORDS) for _ in range(random.randint(1, 3)))


def _title(random: Random) -> str:
    return random.choice(("", "", f' "{_plain(random)}"', f" '{_plain(random)}'"))


def _plain(random: Random) -> str:
    return random.choice(("图片说明", "第5张", "a &amp; b", "说明\\*一", "x"))


def _image(random: Random) -> str:
    alt = random.choice(
        ("示意图", "图1", "**重**点", "a &lt; b", "含[链接](https://a.example/b)的", "")
    )
    return f"![{alt}]({random.choice(FILES)}{_title(random)})"


def _link(random: Random) -> str:
    inside = _image(random) if random.random() < 0.2 else _words(random)
    return f"[{inside}]({random.choice(ADDRESSES)}{_title(random)})"


def _inline(random: Random) -> str:
    parts: tuple[Callable[[], str], ...] = (
        lambda: _words(random),
        lambda: _words(random),
        lambda: f"**{_words(random)}**",
        lambda: f"*{_words(random)}*",
        lambda: f"~~{_words(random)}~~",
        lambda: f"**{_image(random)}**",
        lambda: _link(random),
        lambda: _image(random),
        lambda: f"`{_words(random)}`",
        lambda: "`[甲](乙)`",
        lambda: f"``a`{_words(random)}``",
        lambda: random.choice(ESCAPES),
        lambda: random.choice(ENTITIES),
        lambda: random.choice(SIGNS) + random.choice(("5", "**5**", " 5", "第")),
        lambda: f"<{random.choice(AUTOLINKS)}>",
        lambda: f"[{_words(random)}][r{random.randint(0, 2)}]",
        lambda: f"![{_plain(random)}][r{random.randint(0, 2)}]",
        lambda: f"[r{random.randint(0, 2)}]",
    )
    return "".join(random.choice(parts)() for _ in range(random.randint(1, 5)))


def _lines(random: Random) -> str:
    ends = ("\n", "  \n", "\\\n")
    return random.choice(ends).join(_inline(random) for _ in range(random.randint(1, 3)))


def _definition(random: Random, number: int) -> str:
    place = random.choice(("https://a.example/r", "a.png", "<b.jpg>"))
    return f"[r{number}]: {place}{_title(random)}"


def _list(random: Random, depth: int = 0) -> str:
    ordered = random.random() < 0.6
    number = random.choice((0, 1, 1, 2, 7, 10, 2026, 123456789))
    sign, lines = random.choice(".)"), []
    for n in range(random.randint(1, 3)):
        mark = (
            f"{number + n * random.choice((0, 1, 5))}{sign} "
            if ordered
            else random.choice("-*+") + " "
        )
        lines.append(mark + _inline(random))
        if depth < 2 and random.random() < 0.4:
            inner = _list(random, depth + 1) if random.random() < 0.7 else _fence(random)
            lines.append(_indented(inner, len(mark)))
    return "\n".join(lines)


def _indented(text: str, width: int) -> str:
    return "\n".join(" " * width + line for line in text.split("\n"))


def _fence(random: Random) -> str:
    sign = random.choice(("```", "~~~", "````"))
    inside = random.choice((_words(random), "1. 一\n2. 二", "[a](bc) &lt; ![d](ef)", "    四格"))
    return f"{sign}{random.choice(('', 'python', 'yaml 配置'))}\n{inside}\n{sign}"


def _table(random: Random) -> str:
    width = random.randint(1, 4)

    def row() -> str:
        return "| " + " | ".join(_inline(random).replace("|", "\\|") for _ in range(width)) + " |"

    line = "|" + "|".join(random.choice(("---", ":--", ":-:", "--:")) for _ in range(width)) + "|"
    return "\n".join((row(), line, *(row() for _ in range(random.randint(0, 3)))))


def _quote(random: Random) -> str:
    inner = random.choice(_BLOCKS)(random)
    return "\n".join(f"> {line}" for line in inner.split("\n"))


_BLOCKS: tuple[Callable[[Random], str], ...] = (
    _lines,
    _lines,
    _list,
    _list,
    _table,
    _fence,
    _quote,
    lambda r: "#" * r.randint(1, 6) + " " + _inline(r),
    lambda r: _words(r) + "\n" + r.choice(("===", "---")),
    lambda r: _indented(_words(r) + "\n1. " + _words(r), 4),
    lambda r: r.choice(("---", "***", "<div>原样</div>", "<!-- 注 -->")),
    lambda r: _image(r),
    lambda r: "> " * 25 + _words(r),
    lambda r: "2026年的事\n1986. " + _words(r),
)
