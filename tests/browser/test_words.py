"""Words on a page against post.md: honest pages are green, a single changed letter is red."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from pipeline.judge.load_governance import trust
from pipeline.model.posts import MediaFact
from pipeline.render.archive import render_archive
from pipeline.site.pages.media import picture as draw
from pipeline.site.text import with_sizes
from pipeline.source.content.post_paths import post_folders
from pipeline.source.content.posts import read_post
from pipeline.source.content.yaml import parse_yaml
from pipeline.source.git.tree_listing import Blob
from pipeline.source.git.worktree import WorkTree
from tests.browser.bodies import SHOWN, body
from tests.browser.serving import served
from tests.render.conftest import make_post, make_registers
from tests.site.sample_drafts import picture

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]
BODIES = 400
PLAIN = "---\ntitle: 演练\n---\n"
COMPARE = """async ([markdown, title, html]) => {
  const { checks } = await import('/words.js');
  document.body.innerHTML = '<h1></h1><div class="sn-body"></div>';
  document.querySelector('h1').textContent = title;
  document.querySelector('.sn-body').innerHTML = html;
  return checks(markdown).filter(([label]) => '标题正文'.includes(label)).map(([, work]) => {
    try { return work() } catch (error) { return `✗ ${error.message}` }
  }).join('。');
}"""
MUTATE = """async ([markdown, html, seed]) => {
  const { checks } = await import('/words.js');
  document.body.innerHTML = '<h1>演练</h1><div class="sn-body"></div>';
  const place = document.querySelector('.sn-body');
  place.innerHTML = html;
  const work = checks(markdown).find(([label]) => label === '正文')[1];
  let state = seed + 1;
  const pick = (list) => list[(state = state * 48271 % 2147483647) % list.length];
  const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
  const [nodes, missed, letter] = [[], [], /[\\p{L}\\p{N}]/u];
  while (walker.nextNode()) {
    const own = !walker.currentNode.parentNode.closest('.external-mark, .source-line');
    if (own && letter.test(walker.currentNode.data)) nodes.push(walker.currentNode);
  }
  for (let round = 0; round < 40 && nodes.length; round += 1) {
    const node = pick(nodes), old = node.data, all = [...old], now = [...old];
    const places = all.flatMap((sign, at) => (letter.test(sign) ? [at] : []));
    const at = pick(places), other = places[places.indexOf(at) + 1];
    const sign = pick([...'不三1xa万禁5的b8']);
    const kind = pick(['replace', 'drop', 'insert', 'swap']);
    if (kind === 'swap' && other) [now[at], now[other]] = [now[other], now[at]];
    else now.splice(at, kind === 'insert' ? 0 : 1, ...(kind === 'drop' ? [] : [sign]));
    node.data = now.join('');
    if (node.data !== old) {
      try { work(); missed.push([kind, old, node.data]) } catch (error) { /* red, as it must be */ }
    }
    node.data = old;
  }
  return missed;
}"""


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    folder = tmp_path_factory.mktemp("words")
    (folder / "words.js").write_bytes((ROOT / "site/assets/words.js").read_bytes())
    (folder / "index.html").write_text("<!doctype html><meta charset=utf-8>")
    for address in served(folder):
        page = browser.new_page()
        page.goto(address)
        yield page
        page.close()


def _html(markdown: str, **meta: Any) -> str:
    return render_archive(make_post(markdown, SHOWN, **meta), make_registers()).html


def _said(page: Page, markdown: str, html: str, title: str = "演练") -> str:
    return str(page.evaluate(COMPARE, [markdown, title, html]))


FILES = "见 [名单](list.pdf) 和 [表](./a_b.docx)。\n\n![一幅画](a.png)\n"


def test_files_and_labels_are_green_in_their_own_form_alone(page: Page) -> None:
    post = make_post(FILES, ("list.pdf", "a_b.docx", "a.png"), ai="assisted")
    sizes = {f"{post.folder}/list.pdf": 3000, f"{post.folder}/a_b.docx": 2_000_000}
    fact = MediaFact(f"{post.folder}/a.png", made_by_machine="1")
    subject = replace(post, sizes=sizes, media=(fact,))
    html = render_archive(subject, make_registers()).html
    source = f"---\ntitle: 演练\nai: assisted\n---\n{FILES}"
    assert "（PDF，3 KB）" in html and "（DOCX，1.9 MB）" in html and "人工智能生成）" in html
    assert "✗" not in _said(page, source, html)
    for old, new in (
        ("（PDF，3 KB）", "（此件作废）"),
        ("（图片由人工智能生成）", "（现场照片）"),
        ('href="list.pdf"', 'href="other.pdf"'),
        ('href="list.pdf"', 'href="//evil.example"'),
    ):
        assert "✗" in _said(page, source, html.replace(old, new)), (old, new)


def test_every_post_of_the_demo_is_green(page: Page) -> None:
    paths = [p for top in ("content", "schemas") for p in (ROOT / top).rglob("*") if p.is_file()]
    files = {p.relative_to(ROOT).as_posix(): Blob("100644", "", p.stat().st_size) for p in paths}
    tree = WorkTree(ROOT, files)
    trusted = trust(tree)
    red = {}
    folders = dict(post_folders(tree))
    for folder, names in folders.items():
        post = read_post(tree, folder, names, trusted.front_matter, ())
        if post.withdrawn:
            continue
        markdown = tree.read(f"{folder}/post.md").decode()
        html = render_archive(post, trusted.registers).html
        if "✗" in (said := _said(page, markdown, html, post.title)):
            red[post.id] = said
        if missed := page.evaluate(MUTATE, [markdown, html, len(red)]):
            red[post.id] = missed
    assert len(folders) > 40
    assert red == {}


@pytest.mark.parametrize("part", range(4))
def test_bodies_of_every_shape_are_green_and_with_one_letter_changed_red(
    page: Page, part: int
) -> None:
    red, missed = {}, {}
    for seed in range(part, BODIES, 4):
        markdown = body(seed)
        html = _html(markdown)
        if "✗" in (said := _said(page, PLAIN + markdown, html)):
            red[seed] = (said, markdown)
        elif found := page.evaluate(MUTATE, [PLAIN + markdown, html, seed]):
            missed[seed] = found
    assert (red, missed) == ({}, {})


@pytest.mark.parametrize(
    "written",
    [
        "title: 秋季台风仍要防",
        "title:   秋季台风 # 旧题：冬季",
        'title: "他说：\\"要防\\" \\u4E2D\\x41\\U0001F9EF 5-3"',
        "title: '他说''要防'''",
        "title: >-\n  秋季台风\n  仍要防",
        "title: |-\n  秋季台风#1",
        "title: 秋季台风\n  仍要防",
        'title: "秋季台风\n  仍要防"',
        '"title": 秋季台风',
        "kind: tip\ntitle: C#语言和#标签\ntags: [a]",
        "title: 2026",
        "{kind: tip, title: 秋季台风}",
    ],
)
def test_titles_as_yaml_has_them(page: Page, written: str) -> None:
    title = str(parse_yaml("post.md", written, 1, "", "F-3").value["title"])
    markdown = f"---\n{written}\n---\n正文。\n"
    assert "✗" not in _said(page, markdown, "<p>正文。</p>", title)
    for wrong in (title[:-2] + "三", title + "三", "三" + title, ""):
        assert "✗ 标题" in _said(page, markdown, "<p>正文。</p>", wrong)


SOURCE = "origin: reprint\nsource:\n  id: mem\n  url: https://a.example/1?b=2\n"


@pytest.mark.parametrize(
    ("front", "meta", "words"),
    [
        (SOURCE, {}, "一致"),
        (SOURCE.replace("mem", "ylfb"), {}, "来源行未与原稿核对"),
        (SOURCE + "ai: assisted\n", {"ai": "assisted"}, ""),
        ('ai: "generated" # 机器\n', {"ai": "generated", "origin": "original"}, ""),
    ],
)
def test_lines_that_the_renderer_adds(
    page: Page, front: str, meta: dict[str, str], words: str
) -> None:
    source = {"id": "ylfb" if "ylfb" in front else "mem", "url": "https://a.example/1?b=2"}
    html = _html("正文。\n", **{"origin": "reprint", "source": source} | meta)
    said = _said(page, f"---\ntitle: 演练\n{front}---\n\n正文。\n", html)
    assert "✗" not in said
    assert words in said
    for changed in (html.replace("辅助", ""), html.replace("a.example", "b.example")):
        if changed != html:
            assert "✗" in _said(page, f"---\ntitle: 演练\n{front}---\n\n正文。\n", changed)
    bare = html[html.rindex("<p>") :]
    assert "✗" in _said(page, f"---\ntitle: 演练\n{front}---\n\n正文。\n", bare)


def test_pictures_in_several_sizes_and_one_that_cannot_be_shown(page: Page) -> None:
    markdown = '![远处](a.png "近处")\n\n![](b.jpg)\n\n文[![近处](b.jpg)](https://a.example/)字\n'
    drawn = {"a.png": draw("a.png", picture("a")), "b.jpg": None}
    html = with_sizes(_html(markdown), drawn)
    assert "sized/a.png.480.webp" in html
    assert "［图片无法显示：近处］" in html
    assert "✗" not in _said(page, PLAIN + markdown, html)
    for old, new in (("显示：近", "显示：远"), ("a.png.480", "c.png.480"), ("近处</fig", "</fig")):
        assert "✗ 文字与" in _said(page, PLAIN + markdown, html.replace(old, new))


@pytest.mark.parametrize(
    ("markdown", "wrong"),
    [
        ("<https://xn--fiq228c.example/x>\n", ("xn--fiq228c.", "xn--fiq228d.")),
        ("[甲][不][乙]\n", ("[不]", "[]")),
        ("[甲][ 不  A] [不]\n\n[不 a]: https://a.example/\n", ("[不]", "[]")),
        ("<https://xn--fiq228c.example/x>\n", (">https://xn--fiq228c.", ">https://中文.")),
        ("降到&#45;5度。\n", ("-5", "5")),
        ("升到&plus;5度。\n", ("+5", "-5")),
        ("降到&#45;**5**度。\n", ("5", "6")),
        ("3&#x7e;5天，10&colon;30开始。\n", ("3~5", "35")),
        ("3&#x7e;5天，10&colon;30开始。\n", ("10:30", "1030")),
    ],
)
def test_signs_by_entity_hosts_in_punycode_and_labels_of_no_link(
    page: Page, markdown: str, wrong: tuple[str, str]
) -> None:
    html = _html(markdown)
    assert "✗" not in _said(page, PLAIN + markdown, html)
    assert wrong[0] in html
    assert "✗" in _said(page, PLAIN + markdown, html.replace(*wrong))


DEFINED = "[r0]: https://a.example/\n[r1]: https://b.example/\n"


@pytest.mark.parametrize(
    ("markdown", "wrong"),
    [
        (f"[的][r1][r0]\n\n{DEFINED}", ("的r1", "的r1r0")),
        ("[的][r1][r0]\n\n[r0]: a.png\n\n[r1]: <b.jpg>\n", ("的r1", "的r1r0")),
        (f"**甲**[的][r1][r0][r1]\n\n{DEFINED}", ("甲的r1r0", "甲的r1r0r1")),
        (f"![的][r1][r0]\n\n{DEFINED}", ("的r1", "的r1r0")),
        (f"[的][r1](八年)\n\n{DEFINED}", ("的r1（八年）", "的（三年）")),
        ("[的](b)&#45;第\n", ("的b第", "的（b）第")),
        ("[的](https://a.example/三年)八年\n", ("的https://a.example/三年八年",)),
        # where a label may not be what it seems, both readings stand
        (f"\\[的][r1][r0]\n\n{DEFINED}", ("[的]r2",)),
        (f"`[的][r1][r0]`\n\n{DEFINED}", ("[的][r1][r2]",)),
        (f"[的`x][r1]`[r0]\n\n{DEFINED}", ("[的x][r1]r2",)),
        (f"[的][r1][r0]\n{DEFINED}", ("的r2",)),
        (f"[的][r1][r0]\n\n```\n\n{DEFINED}```\n", ("的r2",)),
        (f"[的][r1][r0]\n\n甲\n{DEFINED}", ("的r2",)),
        (f"[的][r1][r0]\n\n    {DEFINED}", ("的r2",)),
        ("[的][r1][r0]\n\n[r0]: javascript:x\n[r1]: javascript:x\n", ("的r2",)),
        ("[的][r1][r0]\n\n[r0]: https://b@a.example/\n[r1]: https://-/\n", ("的r2",)),
        (f"| 甲 | 乙 |\n|---|---|\n| [的 | x][r1] |\n\n{DEFINED}", ("甲乙[的x][r2]",)),
        (f"- [的\n- 乙][r1]\n\n{DEFINED}", ("[的乙][r2]",)),
        (f"{'>' * 200} 甲\n\n[的][r1][r0]\n\n{DEFINED}", ("甲[的][r1][r0]",)),
    ],
)
def test_a_bracket_that_ends_a_link_is_no_word(
    page: Page, markdown: str, wrong: tuple[str, ...]
) -> None:
    """CommonMark 0.31, examples 569 to 571: of labels that adjoin, the second is the first's."""
    assert "✗" not in _said(page, PLAIN + markdown, _html(markdown))
    for words in wrong:
        assert "✗ 文字与" in _said(page, PLAIN + markdown, f"<p>{words}</p>")


def test_cells_that_gfm_drops_are_not_passed_over(page: Page) -> None:
    markdown = "| 一 |\n|---|\n| 二 | 三 |\n"
    assert "✗ 文字与签名的原稿不同" in _said(page, PLAIN + markdown, _html(markdown))


@pytest.mark.parametrize(
    "markdown",
    [
        "".join(body(n) for n in range(200)),
        "1. 1\n" * 5000,
        "[" * 20_000,
        "![a](" * 5000,
        "]" * 20_000,
    ],
)
def test_a_long_post_is_compared_before_the_page_times_out(page: Page, markdown: str) -> None:
    assert "✗" not in _said(page, PLAIN + markdown, _html(markdown))  # or the page times out
