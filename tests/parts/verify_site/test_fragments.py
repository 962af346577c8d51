"""Every part of a page that `data-signed` names says what was signed, to the letter."""

import json
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evidence.review.bundle_checks import counted_records
from pipeline.evidence.review.site_bundle import SiteBundle, read_site_bundle
from pipeline.parts.verify_site.page import (
    Folder,
    NotCompared,
    body_html,
    compared,
    page_problems,
    post_of,
)
from pipeline.parts.verify_site.site import correction_problems, corrections_of
from pipeline.site.fragments import NAMES, Unsigned, fragments
from pipeline.site.pictures import Picture, classed
from pipeline.source.content.front_matter import split_post
from pipeline.source.content.text import decode
from tests.builders.archive import POST
from tests.builders.named import named
from tests.builders.published import PAGE, stolen
from tests.builders.steps import steps_of

MORE = """\
doc_no: 云应急〔2026〕5号
effective_on: "2026-11-06"
expires_on: "2026-12-31"
alert:
  issuer: 云岚市气象局
  issued_at: "2026-11-05T08:00:00+08:00"
  starts_at: "2026-11-05T09:00:00+08:00"
  ends_at: "2026-11-06T20:00:00+08:00"
  lifted_at: "2026-11-06T08:00:00+08:00"
  level: 3
  color: yellow
  areas: [甲县, 乙县]
---
"""
ADVICE = "\n## 请这样做\n\n- 关好门窗。\n- 不走低洼路段。\n\n请留意最新消息。\n"
BODIES = [
    "出门关火。\n\n睡前断电，<b>记牢</b>，再看 `煤气` 表。\n",
    "## 第一\n\n1. 甲\n2. 乙\n   - 丙\n   - 丁\n\n7. 七\n8. 八\n",
    "> 引文 **要紧** *斜* ~~删~~\n> 第二行\n\n---\n\n末段  \n硬换行\n",
    "| 县 | 点 |\n|---|:-:|\n| 甲 | 乙 |\n| 丙 | 丁 |\n",
    "[应急](https://e.example/a?b=%E4%B8%AD) <https://e.example/网> 12350 [上](#第一)\n",
    "```sh\necho 你好\n```\n\n    缩进 代码\n",
    "&amp; &eacute; &#20013; \\* 全角１２３ 🔥 𠀀 é\n",
    "来源：某报\n\n本内容由人工智能生成\n",
]  # fmt: skip
CHANGE = f"""\
post: {POST}
revision: 2
kind: correction
reason: 数字录入错位。
changed_on: "2026-11-06"
person: zz-a
changes:
  - old: 旧句 **12** 处。
    new: 新句 **13** 处。
""".encode()


@pytest.fixture(scope="module")
def bundle(built: Path) -> SiteBundle:
    read = read_site_bundle((built / PAGE / "evidence.json").read_bytes())
    assert read
    return read


@pytest.fixture(scope="module")
def written(built: Path) -> str:
    return (built / PAGE / "post.md").read_text("utf-8")


def _signed(written: str, bundle: SiteBundle, *corrections: bytes) -> dict[str, str]:
    folder = Folder(POST, {}, {"post.md": written.encode()})
    post, unsigned = post_of(folder, bundle), Unsigned.read(bundle.page)
    changed = SiteBundle(**{**vars(bundle), "corrections": corrections})
    carried = counted_records(bundle, None)[0]
    html = body_html(post, unsigned)
    return fragments(bundle, unsigned, post, html, carried, corrections_of(changed))


@pytest.fixture(scope="module")
def rich(written: str, bundle: SiteBundle) -> dict[str, str]:
    """With a number, an end, a warning with what to do, and a correction."""
    head, _, body = written.removeprefix("---\n").partition("---\n")
    return _signed(f"---\n{head}{MORE}{body}{ADVICE}", bundle, CHANGE)


def _page(parts: dict[str, str]) -> str:
    """A page of another look, in another order."""
    shown = [f'<p><b>没有签名</b></p><div data-signed="{n}">{h}</div>' for n, h in parts.items()]
    return "<!doctype html>\n<p>甲\n" + "\n".join(reversed(shown))


def _told(page: str, parts: dict[str, str]) -> list[str]:
    return [m.name if isinstance(m, NotCompared) else named(m) for m in compared(page, parts)]


def test_a_page_has_every_part(rich: dict[str, str]) -> None:
    assert rich.keys() == NAMES.keys()
    for words in (
        "黄色预警 Ⅲ级（较重）", "云岚市气象局", "2026-11-06 08:00 解除", "甲县、乙县",
        "<dt>解除时间</dt><dd><span class=\"sn-when\">11月6日 08:00</span></dd>",
        "云应急〔2026〕5号",
        "以预警时段为准，2026年11月6日起施行，有效期至2026年12月31日", "原因：数字录入错位。",
        "句 <del>12</del> 处。", "政务新媒体信息员", "云岚wx", "2026-1105-winter-fire",
        "<h2>请这样做</h2>\n<ul><li>关好门窗。\n</li>\n<li>不走低洼路段。\n</li>\n</ul>",
    ):  # fmt: skip
        assert words in "".join(rich.values()), words


@pytest.mark.parametrize(
    ("body", "advice"),
    [
        ("## 采取措施\n\n1. 卡。\n\n## 要做的事\n\n- 不带火。\n\n完\n", "要做的事|不带火。"),
        ("## 重点留意\n\n- 沟口。\n\n## 家里\n\n1. 开窗。\n\n## 路上\n\n- 慢。\n", "家里|开窗。"),
        ("## 防御\n\n### 户外\n\n回家。\n\n### 室内\n\n关窗。\n\n## 其他\n\n- 完。\n",
         "防御|户外|回家。|室内|关窗。"),
        ("> ## 防御指南\n>\n> 引文。\n\n末段。\n\n## 避险\n\n上山。\n", "避险|上山。"),
        ("## 天气情况\n\n有雨。\n\n## 已采取措施\n\n- 设卡。\n", ""),
        ("请注意防范。\n", ""),
    ],
)  # fmt: skip
def test_the_head_of_a_warning_holds_what_people_do_in_its_own_words(
    written: str, bundle: SiteBundle, body: str, advice: str
) -> None:
    head, _, _ = written.removeprefix("---\n").partition("---\n")
    parts = _signed(f"---\n{head}{MORE}{body}", bundle)
    words = re.sub(r"<[^>]+>", "|", parts.get("advice", "")).replace("\n", "|")
    assert re.sub(r"\|+", "|", words).strip("|") == advice
    assert " id=" not in parts.get("advice", "")
    assert _told(_page(parts), parts) == []


def test_an_honest_page_has_no_problem(
    written: str, bundle: SiteBundle, rich: dict[str, str]
) -> None:
    for parts in (rich, _signed(written, bundle)):
        assert _told(_page(parts), parts) == []


@pytest.mark.parametrize("name", NAMES)
def test_no_changed_letter_passes(rich: dict[str, str], name: str) -> None:
    parts = {name: rich[name]}
    for mutant in _mutants(rich[name], Random(name)):
        said = _told(_page({name: mutant}), parts)
        assert said, mutant
        assert "part-differs" in said[0]


def _mutants(html: str, random: Random) -> Iterator[str]:
    places = [n for n, sign in enumerate(html) if sign.isalnum()]
    for at in random.sample(places, min(6, len(places))):
        before, here, after = html[:at], html[at], html[at + 1 :]
        yield before + ("丑" if here != "丑" else "寅") + after
        yield before + after
        yield before + here * 2 + after
        yield f"{before}{here}<!-- -->{after}"
    yield html + "<p>假</p>"
    yield "<p>假</p>" + html


@pytest.mark.parametrize("name", NAMES)
def test_a_part_that_is_not_there_is_named_and_one_that_is_there_twice_refused(
    rich: dict[str, str], name: str
) -> None:
    page, shown = _page(rich), f'data-signed="{name}"'
    assert _told(page.replace(shown, ""), rich) == [NAMES[name]]
    hidden = ("hidden ", 'class="x" hidden="" ')
    assert all(_told(page.replace(shown, each + shown), rich) == [NAMES[name]] for each in hidden)
    again = f"<div {shown}>{rich[name]}</div>"
    assert "more than once" in _told(page + again, rich)[0]
    less = {key: html for key, html in rich.items() if key != name}
    assert _told(page, less) == [f"part-unsigned {name}"]


@pytest.mark.parametrize(
    "around",
    ["<template>{}</template>", "<div hidden><div>{}</div></div>", "<!-- {} -->",
     "<script>{}</script>", "<textarea>{}</textarea>", "<noscript>{}</noscript>"],
)  # fmt: skip
def test_what_no_reader_sees_counts_for_nothing(
    written: str, bundle: SiteBundle, around: str
) -> None:
    parts = {"lead": _signed(written, bundle)["lead"]}
    page = around.format(f'<p data-signed="lead">{parts["lead"]}</p>')
    assert _told(page, parts) == ["摘要"]
    assert _told(page + '<p data-signed="lead">假</p>', parts) != ["摘要"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<div data-signed="lead">', "<P title='>' DATA-SIGNED=lead class=\"wide\">\n  "),
        ('<div data-signed="lead">', '<div data-signed="lead" data-signed="body">'),
        ("<p><b>", '<input hidden><p data-x="data-signed"><b>'),
        ("<p><b>", '<template><i data-signed="lead">假</i></template><p><b>'),
    ],
)
def test_a_theme_may_write_its_html_in_another_way(
    written: str, bundle: SiteBundle, old: str, new: str
) -> None:
    parts = _signed(written, bundle)
    page = _page(parts)
    end = page.index("</div>", page.index('<div data-signed="lead">'))
    if "<P" in new:
        page = f"{page[:end]}\n</P >{page[end + 6 :]}"
    assert old in page
    assert _told(page.replace(old, new, 1), parts) == []


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("2026-1105-winter-fire</span>", "2026-1105-winter</span>", "索引号"),
        ("资讯宣教公益</td>", "决策部署</td>", "元数据"),
        ("宣传教育</td>", "应急管理</td>", "元数据"),
        ("2026年11月4日</td>", "2026年11月3日</td>", "元数据"),
        ("2026年11月5日</td>", "</td>", "元数据"),
        ("文号</th><td>—</td>", "文号</th><td>云应急〔2026〕5号</td>", "元数据"),
        (">防火</a>", '>防火</a>　<a href="../../../tags/x/">别的</a>', "元数据"),
        ("有效</td>", "已废止</td>", "元数据"),
        ("有效</td>", "有效，有效期至2026年12月31日</td>", "元数据"),
        (
            'datetime="2026-11-05T09:30:00+08:00"',
            'datetime="2026-11-05T09:31:00+08:00"',
            "发布时间和种类",
        ),
        ("<span>安全提示</span></span>", "<span>预警信息</span></span>", "发布时间和种类"),
        ('data-signed="lead">', 'data-signed="lead">不', "摘要"),
        ("第 1 版的三级", "第 2 版的三级", "审核步骤"),
        ('<th scope="row">复审</th>', '<th scope="row">终审</th>', "审核步骤"),
        ("政务新媒体信息员</td>", "分管领导</td>", "审核步骤"),
        ("分管领导</td>", "分管领导（代行）</td>", "审核步骤"),
        ('class="sn-when">2026-11-04', 'class="sn-when">2026-11-03', "审核步骤"),
        ('<code class="sn-code">SHA256:', '<code class="sn-code">SHA256:x', "审核步骤"),
        ('data-signed="digest"><code class="sn-code">', 'data-signed="digest"><code>', "清单摘要"),
    ],
)
def test_the_shipped_theme_says_what_nobody_signed(
    built: Path, written: str, bundle: SiteBundle, old: str, new: str, name: str
) -> None:
    page, parts = (built / PAGE / "index.html").read_text("utf-8"), _signed(written, bundle)
    assert _told(page, parts) == []
    assert old in page
    said = _told(page.replace(old, new, 1), parts)
    assert len(said) == 1
    assert "part-differs" in said[0]


def test_the_whole_site_is_refused_for_it(site: Path, tmp_path: Path) -> None:
    page = site / PAGE / "index.html"
    text = page.read_text("utf-8").replace("2026年11月5日</td>", "2026年1月5日</td>")
    page.write_text(text, "utf-8")
    code, told = stolen(site, tmp_path)
    assert code == 11
    assert told.startswith(f"{PAGE}/evidence.json: part-differs 月5日</td></tr>")


def test_a_withdrawn_post_shows_its_steps_and_nothing_of_its_words(bundle: SiteBundle) -> None:
    parts = fragments(bundle, Unsigned(), None, "", (), ())
    assert parts.keys() == {"steps", "digest"}


@pytest.mark.parametrize("body", BODIES)
def test_a_body_and_its_page(written: str, bundle: SiteBundle, body: str) -> None:
    head = written[: written.index("---\n", 4) + 4]
    parts = {"body": _signed(head + body, bundle)["body"]}
    assert _told(_page(parts), parts) == []
    for mutant in _mutants(parts["body"], Random(body)):
        assert _told(_page({"body": mutant}), parts), mutant


def test_what_no_signature_tells_comes_back_from_the_evidence(
    written: str, bundle: SiteBundle
) -> None:
    """Pictures in several sizes or in words, marks of machines, sizes of files, other sites."""
    home = f"content/posts/2026/{POST}/"
    head, names = (
        written[: written.index("---\n", 4) + 4],
        ("灶.png", "坏.png", "表.pdf", "post.md"),
    )
    body = "![灶](灶.png)\n\n![坏了](坏.png)\n\n见[表](表.pdf)和[别处](https://b.example/)。\n"
    drawn = Picture("灶.png", 900, 300, (("sized/灶.png.480.webp", 480),), {}, False)
    unsigned = Unsigned(
        "a.example", True, {}, {"表.pdf": 2048}, {"灶.png": "1"}, {"灶.png": drawn, "坏.png": None}
    )
    read = Unsigned.read(json.loads(json.dumps(unsigned.written())))
    assert read == unsigned
    files = {home + name: ("", "") for name in names}
    other = SiteBundle(**{**vars(bundle), "files": files, "page": unsigned.written()})
    html = _signed(head + body, other)["body"]
    for words in ('src="sized/%E7%81%B6.png.480.webp"', 'width="900" height="300"', "（站外）",
                  "［图片无法显示：坏了］", "（图片由人工智能生成）", "（PDF，2 KB）"):  # fmt: skip
        assert words in html, words
    assert "意见：" in _signed(written, other)["steps"]
    assert "意见：" not in _signed(written, bundle)["steps"]


PIECES = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    st.sampled_from([*BODIES, 'src="x.png"', "<img src='y'>", "</div>", "<!-- ", "&#xFFFE;"]),
    st.sampled_from(["\ufdd0", "\uffff", "\U0002fffe", "\x85", "\u2028", "&lt;b"]),
    st.sampled_from(["`", "**", "](", "\n\n", "| a |"]),
)  # fmt: skip


@given(st.lists(PIECES, max_size=6), st.lists(PIECES, min_size=1, max_size=3))
def test_what_check_lets_pass_is_honest_on_its_page(body: list[str], title: list[str]) -> None:
    quoted = json.dumps("".join(title), ensure_ascii=False)
    meta = f"title: {quoted}\nsummary: {quoted}\ncategory: 3\npublish_at: 2026-11-05T09:30:00+08:00"
    raw = f"---\n{meta}\n---\n{''.join(body)}".encode()
    if decode("post.md", raw)[1] or split_post("post.md", raw)[0].problems:
        return
    alone = SiteBundle("a", POST, 1, (), {f"content/posts/2026/{POST}/post.md": ("", "")}, (), None)
    post = post_of(Folder(POST, {}, {"post.md": raw}), alone)
    parts = fragments(alone, Unsigned(), post, body_html(post, Unsigned()), (), ())
    assert parts["body"] == classed(body_html(post, Unsigned()))
    assert _told(_page(parts), parts) == []


def test_values_of_another_shape_are_no_exception(written: str, bundle: SiteBundle) -> None:
    def told(raw: bytes, page: object = None, corrections: tuple[bytes, ...] = ()) -> list[object]:
        other = SiteBundle(**{**vars(bundle), "page": page, "corrections": corrections})
        held = {"post.md": raw, "index.html": b"<p>"}
        folder = Folder(POST, dict.fromkeys(held, ""), held)
        return [*page_problems(folder, other, (), corrections_of(other))]

    good = Unsigned().written()
    for old, new in (("tags:", "co_authors: 5\ntags:"), ("category: 3", "category: [x"),
                     ("category: 3", "category: []"), ("tags:", "tags: 5\nx:")):  # fmt: skip
        assert old in written
        assert told(written.replace(old, new).encode())
    for page in (5, {}, good | {"sizes": 5}, good | {"pictures": {"a.png": [1]}},
                 good | {"pictures": {"a.png": [1, 1, True, "x"]}}):  # fmt: skip
        assert any("record-unreadable" in named(m) for m in told(written.encode(), page))
    for record in (b"", b"[", b"post: x", CHANGE.replace(b"winter", b"summer")):
        said = told(written.encode(), good, (record,))
        assert any("record-unreadable" in named(m) for m in said)


def test_a_record_of_a_correction_that_the_log_does_not_know(bundle: SiteBundle) -> None:
    def told(records: tuple[bytes, ...] | None, logged: set[str] | None) -> list[str]:
        items = correction_problems(SiteBundle(**{**vars(bundle), "corrections": records}), logged)
        return [m.name if isinstance(m, NotCompared) else named(m) for m in items]

    digest = sha256(CHANGE).hexdigest()
    assert told((), set()) == told((), None) == told((CHANGE,), {digest}) == []
    assert "correction-unlogged" in told((CHANGE,), set())[0]
    assert told((), {digest}) == ["corrections-withheld 1"]
    assert told(None, {digest}) == told((CHANGE,), None) == ["更正与变更"]


def test_a_page_of_nothing_but_beginnings_takes_work_in_proportion(
    written: str, bundle: SiteBundle
) -> None:
    parts = _signed(written, bundle)
    for part in ('<p data-signed="x">', "<p hidden>", "<template>", "<!--", '<b title="'):

        def steps(times: int, part: str = part) -> int:
            return steps_of(lambda: _told(f"{part}<p>" * times, parts))

        base, once, twice = steps(0), steps(200), steps(400)
        assert twice - base < 2.5 * (once - base)
