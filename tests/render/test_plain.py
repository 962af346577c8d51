"""The parser's short ways for plain words change no token of any body."""

from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.render.tokens import commonmark, parse, plain_words
from tests.golden.renditions import demo

SLOW, QUICK = commonmark(), commonmark().use(plain_words)
PIECES = [
    *("字", "2026年", "1. ", "1) ", "12", "- ", "* ", "+ ", "> ", ">", "# ", "===", "---", "***"),
    *("```", "~~~", "    ", "\t", "  ", " ", "|", "|-|", ":-", "a", "A|b", "\\", "\\\n", "`", "~~"),
    *("**", "_", "[a]", "[a]: /b", "](c.png)", "![", "<b>", "<https://x.example>", "&amp;", "&#9;"),
    *(
        "%", "：", "!", "]", "\u3000", "\u00a0", "\u0085", "\u2028", "\x0b", "\r", "\r\n", "\0",
        "。",
    ),
]  # fmt: skip
LINES = st.lists(st.sampled_from([*PIECES, *["\n"] * 12, "\n\n"]), max_size=24).map("".join)


@given(st.one_of(LINES, st.text("字a1 \t\n-.>|#`*&[]\\", max_size=40)))
@example("甲\n|-|\n")
@example("a|b\n-|-\n乙|丙\n\n丁\n")
@example("> 甲\n乙\n\n> 丙\n\n丁")
@example("- 甲\n- 乙\n\n  丙\n丁\n")
@example("1. 甲\n\n   乙\n   丙\n\n2. 丁")
@example("甲\n===\n乙\n---\n")
@example("[甲]: /b\n\n[甲] 乙")
@example("```\n甲\n\n乙")
def test_the_short_ways_make_the_same_tokens(body):
    assert QUICK.parse(body) == SLOW.parse(body)


def test_the_demo_is_read_alike():
    tree = demo()
    bodies = [tree.read(p).decode() for p in tree.files if p.endswith(".md")]
    assert len(bodies) > 40
    for body in bodies:
        assert QUICK.parse(body) == SLOW.parse(body)


def test_the_short_ways_are_taken():
    tokens = parse("甲乙\n\n丙丁\n")
    assert [t.content for t in tokens if t.type == "inline"] == ["甲乙", "丙丁"]
    assert "plain_paragraph" in QUICK.block.ruler.get_active_rules()
