"""Everything people read is in Chinese, and the compiled catalogues are those of the sources."""

import ast
import gettext
import re
import string
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click
import pytest

from pipeline.model import zh_names
from pipeline.model.evidence import STEP_NAMES
from pipeline.model.findings import say, say_day
from pipeline.report.language import LOCALE, translator
from tests.builders.named import NAMES, WORDED, named
from tools.messages import DOMAINS, FOLDER, compiled, read_catalogue, said_anywhere, sentences

TESTS = Path(__file__).parent
CHINESE = re.compile(r"[\u4e00-\u9fff]")
PLAIN = frozenset(
    "APP Atom C C2PA CSV Ctrl Debian Ed25519 Forgejo GB GIF GPS GitHub GitLab Gitea Gitee HTML "
    "HTTPS IP IPTC JPEG JSON JavaScript KB MB Markdown OpenSSH PDF PIN PNG QQ RFC RSS SSH UTF-8 "
    "Ubuntu Unicode WPS WebP Windows Word YAML git http https iCalendar".split()
)
"""Latin words that Chinese readers know without quotes: formats, products, units, signs of keys."""
TYPED = re.compile(
    r"`[^`]*`|\{[^}]*\}|--[a-z][a-z-]*|https?://\S+|GB/T|\b[RF]\d*-\d+|\bR\d\d\b|\[[SVKD]\]|Q\d"
    r"|\d{4}-\d\d-\d\dT"
)
"""What is typed or looked up as it stands: code, values, options, addresses, clauses, marks."""


def test_names_for_tests_are_of_sentences_of_the_program() -> None:
    assert {*NAMES, *WORDED} <= sentences()
    names = [*NAMES.values(), *WORDED.values()]
    assert [name for name in names if not re.fullmatch("[a-z]+(-[a-z]+)+", name)] == []
    assert len({*names}) == len(names)
    assert named(say("There is no post {post}.", post="x")) == "post-unknown x"


IN_WORDS = {
    "report/test_governed_change.py": "what two leaders read before they consent to a change",
    "browser/test_verifier.py": "the verifier in the browser has sentences of its own",
    "report/test_causes_judged.py": "counts the lines of a text as a reader would",
    # Words of the test itself that the program happens to say, too:
    "detect/test_private.py": "a text to search",
    "law/test_regulation_text.py": "what the test says of a row",
    "oracles/wechat_structure.py": "what the oracle says",
    "parts/desk/test_faults.py": "what the system says of a full disk",
    "parts/desk/test_writer.py": "what the system says of a full disk",
    "rules/test_a08_account_changes_closings.py": "a place where an account is announced",
    "browser/test_layout.py": "the title of the sample site",
    "browser/test_pages.py": "the title of the sample site",
    "e2e/test_found.py": "the title of a founded site",
    "parts/desk/test_founding.py": "the title of a founded site",
    "report/form_days.py": "the title of the sample site",
    "site/sample_registers.py": "the title of the sample site",
    "site/test_build.py": "the title of the sample site",
}
"""File of tests that holds four words in a row of a sentence of the program → why it does."""


def test_sentences_stand_in_the_catalogue_and_in_no_other_test() -> None:
    """Others ask for a finding by its name, for a message by its name in `builders.named`."""
    pinned = {run for text in _spoken() for run in _runs(text)}
    others = (path for path in sorted(TESTS.rglob("*.py")) if path != Path(__file__))
    holding = {
        path.relative_to(TESTS).as_posix(): held
        for path in others
        if (held := sorted(pinned & _runs_in(path)))
    }
    new = {path: held for path, held in holding.items() if path not in IN_WORDS}
    assert new == {}, "give it a name: tests/builders/message_names.txt, tests/builders/named.py"
    assert IN_WORDS.keys() <= holding.keys()


def _spoken() -> Iterator[str]:
    """What the program says in its code and templates, in both languages."""
    said = said_anywhere()
    yield from said
    yield from (str(m.string) for m in read_catalogue("sanshen") if m.id in said)


def _runs(text: str) -> Iterator[str]:
    """Every four English words in a row of a text, and every eight Chinese signs."""
    for part in re.split(r"\{[^}]*\}|`[^`]*`", text):
        words = part.split()
        for four in zip(words, words[1:], words[2:], words[3:], strict=False):
            if all(re.search("[A-Za-z]", word) for word in four):
                yield " ".join(four).strip(".,:;!?()“”\"'")
        for line in re.findall("[\u4e00-\u9fff，、；]{8,}", part):
            yield from (line[n : n + 8] for n in range(len(line) - 7))


def _runs_in(path: Path) -> set[str]:
    """Of the literals of a file but docstrings, ids of cases and what a failure says."""
    tree, beside = ast.parse(path.read_text("utf-8")), set[int]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            beside.add(id(node.value))
        elif isinstance(node, ast.Assert) and node.msg:
            beside |= {id(part) for part in ast.walk(node.msg)}
        elif isinstance(node, ast.Dict):
            beside |= {id(key) for key in node.keys}
    literals = (n for n in ast.walk(tree) if isinstance(n, ast.Constant) and id(n) not in beside)
    return {run for n in literals if isinstance(n.value, str) for run in _runs(n.value)}


@pytest.mark.parametrize(
    ("source", "held"),
    [
        ('assert "no post of this name" in text', True),
        ('assert f"{x} is there: no post of this name" == text', True),
        ('f(match="There is no post of this")', True),
        ('"""There is no post of this name."""', False),
        ('CASES = {"no post of this name": 1}', False),
        ('assert x, "no post of this name"', False),
    ],
)
def test_a_pinned_sentence_is_seen(source: str, held: bool, tmp_path: Path) -> None:
    path = tmp_path / "test_x.py"
    path.write_text(source, "utf-8")
    pinned = {*_runs("There is no post of this name.")}
    assert (not pinned.isdisjoint(_runs_in(path))) == held


def _names(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


def test_every_sentence_has_its_translation_and_no_other() -> None:
    catalogue = {m.id: m.string for m in read_catalogue("sanshen") if m.id}
    assert sentences() == set(catalogue)
    assert [
        i
        for i, s in catalogue.items()
        if not s or (re.search("[a-z]", re.sub(r"\{.*?\}", "", i)) and not CHINESE.search(s))
    ] == []


def test_translations_fill_the_same_names() -> None:
    for message in read_catalogue("sanshen"):
        if message.id and "`" not in message.id:
            assert _names(message.id) == _names(message.string), message.id


def _english(text: str) -> list[str]:
    """Latin words that stand bare in a Chinese sentence, where a reader takes them for text."""
    return [
        w for w in re.findall(r"[A-Za-z][A-Za-z0-9_.-]*", TYPED.sub(" ", text)) if w not in PLAIN
    ]


def test_chinese_sentences_hold_no_english_word_outside_back_quotes() -> None:
    translated = [str(m.string) for m in read_catalogue("sanshen") if m.id]
    assert {text: words for text in translated if (words := _english(text))} == {}


@pytest.mark.parametrize(
    "text",
    ["请删去 emergency；改后重审。", "填写source。", "见 people.yml", "已入 main，不得改写。"],
)
def test_an_english_word_in_a_chinese_sentence_is_seen(text: str) -> None:
    assert _english(text) != []


def test_commands_and_pages_call_the_steps_alike() -> None:
    assert {step: translator("zh")(name) for step, name in STEP_NAMES.items()} == zh_names.STEPS
    assert [m.id for m in read_catalogue("sanshen") if "最终确认" in str(m.string)] == []


def test_a_day_is_written_as_the_language_writes_it() -> None:
    sentence = say("Let it take effect on {day} or later.", day=say_day(date(2026, 9, 7)))
    assert (
        str(sentence) == translator("en")(sentence) == "Let it take effect on 2026-09-07 or later."
    )
    assert translator("zh")(sentence) == "生效日期应为2026年9月7日或以后。"


@pytest.mark.parametrize("domain", DOMAINS)
def test_compiled_catalogues_are_fresh(domain: str) -> None:
    assert (FOLDER / f"{domain}.mo").read_bytes() == compiled(read_catalogue(domain))


def test_nested_values_are_translated_and_private_numbers_masked() -> None:
    # Made here, so that no plausible number stands in a file.
    number = "11010119000101" + "000" + "X"
    shown = translator("zh")(say("Next: {what}", what=say("{key} is missing.", key=number)))
    assert shown.startswith("下一步：")
    assert number not in shown
    assert "110*" in shown


def test_what_the_command_line_library_says_of_one_or_several_is_translated() -> None:
    """Its sentences with a plural are looked up as pairs; one by one they would stay English."""
    told = gettext.translation("messages", str(LOCALE), ["zh_CN"])
    pairs = set()
    for source in Path(click.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ngettext":
                one, many = node.args[:2]
                assert isinstance(one, ast.Constant)
                assert isinstance(many, ast.Constant)
                pairs.add((str(one.value), str(many.value)))
    assert len(pairs) > 5
    for one, many in pairs:
        for count in (1, 2):
            shown = told.ngettext(one, many, count)
            assert CHINESE.search(shown), many
            assert set(_names(shown)) <= set(_names(one)) | set(_names(many))
