"""Lines at the end of a post: under what it may be used, and where a mistake in it is reported."""

import json
import re
from html import unescape
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from jsonschema import Draft202012Validator

from demo.paths import ROOT
from pipeline.model import zh_names
from pipeline.site.frame.jinja_env import Drawing
from tests.site.conftest import Built

PARTS = (ROOT / "site/templates/_parts.html.j2").read_text("utf-8")
NUMBER = "MB0000000/2026-00017"
PHONE = "政务服务便民热线12345"
OWN = {"file": "a.png", "author": "宣教科", "licence": "本局原创"}
GIVEN = {"file": "b.png", "author": "某社<b>", "licence": "经授权", "source": "某社图片库"}
FORM = "https://report.example/?post={number}&version={revision}"


def _drawn(macro: str, meta: dict[str, Any], footer: dict[str, str]) -> str:
    text = '{% import "_parts.html.j2" as parts %}{{ parts.' + macro + " }}"
    drawing = Drawing({"_parts.html.j2": PARTS, "t": text}.get, words=zh_names, day=str)
    card = SimpleNamespace(revision=3)
    post = SimpleNamespace(meta=meta)
    view = SimpleNamespace(post=post, card=card, title="取暖<要>通风", index_no=NUMBER)
    return drawing.draw("t", view=view, unit={"footer": footer})


def _licence(**meta: Any) -> str:
    line = _drawn('licence_line(view, (), "../")', meta, {})
    assert 'href="../data/#licence"' in line
    return unescape(re.sub(r"<[^>]+>", "", line)).removesuffix("详细说明")


def test_a_post_says_under_what_its_words_and_pictures_may_be_used() -> None:
    words = f"使用许可：{zh_names.RIGHTS['text']}。"
    assert _licence(origin="original") == words
    assert _licence(media=[OWN, OWN | {"file": "c.png"}]) == f"{words}图片：宣教科，本局原创。"
    both = "图片：宣教科，本局原创；其中 b.png：某社<b>，经授权，来源：某社图片库。"
    assert _licence(media=[OWN, GIVEN]) == words + both
    taken = "使用许可：文字是转载的，权利归原作者。"
    assert _licence(origin="reprint") == _licence(origin="forward") == taken


def test_a_post_the_data_page_and_the_catalogue_say_the_same(built: Built) -> None:
    text, others = zh_names.RIGHTS["text"], zh_names.RIGHTS["others"]
    assert f"{text}；{others}" in built.text("data/index.html")
    rights = f'"dcterms:rights": "{text}；{others}。"'
    assert rights in built.text("data/dcat.jsonld")
    lines = [text in page.read_text("utf-8") for page in built.out.glob("posts/2026/2*/index.html")]
    assert lines.count(False) == 2, "but for one that is another's, and one that was withdrawn"


@pytest.mark.parametrize(
    ("to", "where", "query"),
    [
        ("yjj@example.cn", "mailto:yjj@example.cn", "subject"),
        (FORM, "https://report.example/", "post"),
    ],
)
def test_who_reports_a_mistake_finds_number_and_revision_filled_in(
    to: str, where: str, query: str
) -> None:
    line = _drawn("mistake_line(view, unit)", {}, {"mistakes": to})
    (address,) = re.findall('href="([^"]+)"', line)
    parts = urlsplit(unescape(address))
    given = parse_qs(parts.query)
    assert parts._replace(query="").geturl() == where
    assert NUMBER in given[query][0]
    assert "3" in given.get("version", given[query])[0].removeprefix(f"发现错误：索引号 {NUMBER}")
    assert "已填好" in line and "联系" not in line
    both = _drawn("mistake_line(view, unit)", {}, {"mistakes": to, "contact": PHONE})
    assert f"或者联系{PHONE}，并说明是" in both


def test_where_there_is_only_a_telephone_the_line_says_what_to_name() -> None:
    line = _drawn("mistake_line(view, unit)", {}, {"contact": PHONE})
    named = f"《取暖&lt;要&gt;通风》（索引号 {NUMBER}，第 3 版）"
    assert f"请联系{PHONE}，并说明是“<span data-sanshen-mistake>{named}</span>”。" in line
    assert "href" not in line and "已填好" not in line
    assert _drawn("mistake_line(view, unit)", {}, {}) == ""


@pytest.mark.parametrize(
    ("value", "fits"),
    [
        ("yjj@example.cn", True), (FORM, True), ("yjj@example.cn?cc=x@example.cn", False),
        ("https://report.example/", False), ("http://report.example/{number}/{revision}", False),
        ("javascript:alert(1)@x", False), (PHONE, False),
    ],
)  # fmt: skip
def test_the_policy_takes_an_address_or_a_form_alone(value: str, fits: bool) -> None:
    schema = json.loads((ROOT / "schemas/registers/policy.json").read_bytes())
    footer = schema["properties"]["unit"]["properties"]["footer"]["properties"]
    assert Draft202012Validator(footer["mistakes"]).is_valid(value) is fits
