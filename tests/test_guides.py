"""What a guide quotes in Chinese is what a page shows: a button, a heading, or what it says."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.paths import ROOT
from tools.messages import read_catalogue

NAMES = ("writer", "reviewer", "operator", "inspector", "leader", "readers")
GUIDES = [
    *(ROOT / "docs" / f"{name}.md" for name in NAMES),
    *sorted((ROOT / "docs/cards").glob("*.md")),
    *sorted((ROOT / "docs/runbooks").glob("*.md")),
]
ELSEWHERE = {
    *("（在此写正文。）", "请这样做", "防御指南", "【演练】暴雨红色预警"),
    *("编者注：", "摘编说明：", "忽略", "何时、在哪个账号", "没有查成"),
    *("有几种字符、够不够长", "第一次用", "生效中，还有 44 小时"),
    *("Choose File", "was this useful"),
}
"""What a guide quotes and no page shows: words of a text, of a script, of its own."""
SHOWN = (
    *("pipeline/model/zh_names.json", "pipeline/model/posts.py", "pipeline/parts/*/part.py"),
    *("pipeline/**/*.j2", "pipeline/**/*.html", "pipeline/**/*.js", "pipeline/site/**/*.py"),
    *("pipeline/parts/form/rendering.py", "site/**/*.j2", "site/**/*.html", "site/**/*.js"),
)
"""Where words of pages stand beside the catalogue."""
PLACE = re.compile(r"\\\{\w+\\\}|…+")


def quoted(guide: str) -> Iterator[str]:
    """What stands in quotation marks, outside commands."""
    text = re.sub(r"```.*?```|`[^`]*`", "", guide, flags=re.DOTALL)
    yield from re.findall("“([^“”]+)”", text)


class Pages:
    """All that pages may show."""

    def __init__(self) -> None:
        sentences = [str(message.string) for message in read_catalogue("sanshen")]
        files = (path for where in SHOWN for path in ROOT.glob(where))
        self.words = "\n".join([*sentences, *(path.read_text("utf-8") for path in files)])
        # A sentence with values is met with them; one of hardly a word of its own would be any.
        own = (re.sub(r"\{\w+\}|\W", "", s) for s in sentences)
        valued = (s for s, rest in zip(sentences, own, strict=True) if "{" in s and len(rest) > 1)
        self.valued = [re.compile(PLACE.sub(".+", re.escape(s))) for s in valued]

    def show(self, words: str) -> bool:
        if words in self.words or any(each.fullmatch(words) for each in self.valued):
            return True
        if " " in words:  # a field of a field bears both names
            return all(map(self.show, words.split()))
        return "…" in words and bool(re.search(PLACE.sub(".+", re.escape(words)), self.words))


@pytest.fixture(scope="module")
def pages() -> Pages:
    return Pages()


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_what_a_guide_quotes_is_shown(pages: Pages, guide: Path) -> None:
    some = [*quoted(guide.read_text("utf-8"))]
    assert not [words for words in some if words not in ELSEWHERE and not pages.show(words)]


def test_what_no_page_shows_is_found(pages: Pages) -> None:
    assert [*quoted("按“签名”；`“x”`\n```\n“y”\n```")] == ["签名"]
    assert pages.show("同意并签名") and pages.show("改为……") and pages.show("还有3条规定未检查。")
    assert not pages.show("我的决定书") and not pages.show("同意……不签")
    every = {words for guide in GUIDES for words in quoted(guide.read_text("utf-8"))}
    assert every >= {"送审", "同意并签名", "入档", "查找"}, "guides quote nothing"
