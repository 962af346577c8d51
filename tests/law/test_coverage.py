"""Every sentence of the law leads to a clause, or to an open `Unchecked` (rules/coverage.md)."""

import re
from dataclasses import replace

import pytest

from pipeline.judge.load_governance import trust
from pipeline.law import coverage
from pipeline.model.law import Article
from pipeline.new.new_archive import empty_archive

TRUSTED = trust(empty_archive())
ARTICLES = {article.heading: article for article in TRUSTED.rulebook.articles}
_BETWEEN = re.compile(r"[\s，。；、：|]|（\d）|-{3,}")


def bare(text: str) -> str:
    """Without what stands between sentences and their parts."""
    return _BETWEEN.sub("", text)


def faults(article: Article, rows: list[coverage.LawPart]) -> list[str]:
    """What of an article no row holds, and what of the rows the article does not hold."""
    rest, wrong = bare(coverage.plain(article.text)), []
    for row in rows:
        before, found, rest = rest.partition(bare(row.text))
        wrong += [before] if before else []
        wrong += [] if found else [row.text]
    return wrong + ([rest] if rest else [])


def of(heading: str) -> list[coverage.LawPart]:
    return [row for row in coverage.rows() if row.heading == heading]


@pytest.mark.parametrize("heading", ARTICLES)
def test_the_rows_are_the_article_word_by_word(heading: str) -> None:
    assert faults(ARTICLES[heading], of(heading)) == []
    assert coverage.uncovered(ARTICLES[heading]) == []
    for row in of(heading):
        assert len(list(coverage.sentences(row.text))) == 1, "no row holds two sentences"
        assert row.clauses and set(row.clauses) <= set(TRUSTED.rulebook.ids), row


def test_every_clause_is_led_to_or_comes_from_a_listed_instrument() -> None:
    reached = {clause for row in coverage.rows() for clause in row.clauses}
    elsewhere = coverage.from_elsewhere()
    assert reached | elsewhere.keys() == set(TRUSTED.rulebook.ids)
    assert not reached & elsewhere.keys()
    listed = {e[key] for e in TRUSTED.registers.basis for key in ("title", "number")}
    assert set(elsewhere.values()) <= listed


def test_a_sentence_more_a_sentence_less_and_a_changed_one_are_seen() -> None:
    article = ARTICLES["第五条"]
    more = replace(article, text=article.text + "每月报告一次。")
    assert faults(more, of("第五条")) == ["每月报告一次"]
    assert coverage.uncovered(more) == ["每月报告一次"]
    less = replace(article, text=article.text.replace("，整体发声、协同联动", ""))
    assert faults(less, of("第五条")) == ["整体发声、协同联动"]
    assert coverage.led(less, "R05-5") == []
    changed = replace(article, text=article.text.replace("更新2次", "更新3次"))
    assert faults(changed, of("第五条")) != []


def test_what_was_without_a_clause_has_one() -> None:
    asked = {
        "R06-5": "监督检查新媒体安全运营",
        "R11-8": "及时转送给有关科室",
        "R12-9": "认真分析研究",
        "R13-12": "商业秘密",
        "R14-7": "账号被盗用或被恶意攻击",
    }
    for clause, words in asked.items():
        article = next(a for a in ARTICLES.values() if a.clause_id(1)[:4] == clause[:4])
        assert any(words in text for text in coverage.led(article, clause))


@pytest.mark.parametrize(
    ("name", "quoted"),
    [
        ("staff-conduct", ("代表个人观点、意见及情绪的倾向性言论", "更改注册备案等资料")),
        ("no-forced-actions", ("办事服务、评论留言的前置条件", "点赞、转发信息")),
    ],
)
def test_a_declared_wording_quotes_its_article(name: str, quoted: tuple[str, ...]) -> None:
    wordings = [w for w in TRUSTED.registers.entries["wordings"] if w["name"] == name]
    last = max(wordings, key=lambda w: w["version"])
    article = next(a for a in ARTICLES.values() if a.clause_id(1)[:3] == last["clause"][:3])
    for words in quoted:
        assert words in last["text"] and words in coverage.plain(article.text)
    assert "网络上发表" not in last["text"], "what people say in private is not declared"
