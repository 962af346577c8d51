"""Links to files beside the post, and labels under pictures, in every channel."""

from dataclasses import replace

import pytest

from pipeline.model.channels import render_channel
from pipeline.model.part import program
from pipeline.model.posts import MediaFact, Post
from pipeline.render.body import read_body
from pipeline.report.copy_page import clipboard_html
from pipeline.report.language import translator
from tests.render.conftest import FOLDER, make_post, make_registers


def attached(body: str, *files: str) -> Post:
    made = make_post(body, files)
    return replace(made, sizes={f"{FOLDER}/{name}": 122_880 for name in files})


def shown(channel: str, post: Post) -> tuple[str, str]:
    made = render_channel(channel, post, make_registers())
    return made.html, made.text


@pytest.mark.parametrize(
    "link", ["[名单](list.pdf)", "[名单](./list.pdf)", "[名单][r]\n\n[r]: list.pdf"]
)
def test_the_archive_links_the_file_with_kind_and_size(link: str) -> None:
    html, text = shown("archive", attached(link, "list.pdf"))
    assert '<a href="list.pdf">名单</a><span class="file-mark">（PDF，120 KB）</span>' in html
    assert text == "名单（PDF，120 KB）"


def test_a_chinese_name_is_linked_too() -> None:
    post = attached("[名单](名单.docx)", "名单.docx")
    html = shown("archive", post)[0]
    assert '<a href="%E5%90%8D%E5%8D%95.docx" download="名单.docx">名单</a>' in html
    assert post.attachments == ("名单.docx",)


@pytest.mark.parametrize(
    ("words", "file", "saved"),
    [
        ("附件1：报名表", "file-2.csv", "附件1：报名表.csv"),
        ("报名表.xlsx", "file.xlsx", "报名表.xlsx"),
        ("**报名** 表", "file.docx", "报名表.docx"),
        ("../../.bashrc", "file.csv", "bashrc.csv"),
        ('a"b<c>|d?', "file.csv", "abcd.csv"),
        ("表" * 300, "file.csv", f"{'表' * 80}.csv"),
        ("报名表", "list.pdf", ""),  # a browser shows it
        ("/", "file.csv", ""),
    ],
)
def test_a_reader_saves_a_file_under_the_words_that_lead_to_it(
    words: str, file: str, saved: str
) -> None:
    post = attached(f"[{words}]({file})", file)
    html = shown("archive", post)[0]
    assert ("download=" in html) == bool(saved)
    assert not saved or f' download="{saved}"' in html
    assert "download=" not in shown("wechat", post)[0] + shown("app", post)[0]


def test_an_app_gets_the_whole_address() -> None:
    post = attached("[名单](list.pdf)", "list.pdf")
    page = read_body(post, make_registers()).page
    assert f'<a href="{page}list.pdf"' in shown("app", post)[0]


def test_wechat_gets_a_note_and_no_dead_link() -> None:
    html, text = shown("wechat", attached("[名单](list.pdf)", "list.pdf"))
    assert "<a " not in html
    assert "（PDF，120 KB）" in html
    assert text.endswith("list.pdf") and "[1] 名单：https://" in text


def test_weibo_gets_the_address_in_words() -> None:
    _, text = shown("weibo", attached("[名单](list.pdf)", "list.pdf"))
    assert "名单 https://" in text and "list.pdf （PDF，120 KB）" in text


@pytest.mark.parametrize("channel", program().channels)
@pytest.mark.parametrize("name", ["none.pdf", "../other.pdf", "post.md", "list.exe"])
def test_no_other_name_becomes_a_link(channel: str, name: str) -> None:
    post = attached(f"一\n\n二 [名单]({name}) 三", "list.exe")
    assert "href" not in shown(channel, post)[0]
    named = render_channel("archive", post, make_registers()).attachments
    assert [(a.url, a.text, a.line) for a in named] == [(name, "名单", post.body_line + 2)]


def test_office_files_are_given_only_where_the_text_names_them() -> None:
    assert attached("无", "a.docx", "b.pdf").attachments == ("b.pdf",)
    assert attached(r"[甲](a\_1.docx)", "a_1.docx").attachments == ("a_1.docx",)


def pictured(body: str, kind: str = "1") -> Post:
    post = make_post(body, ["a.png", "b.png"], ai="assisted")
    return replace(post, media=(MediaFact(f"{FOLDER}/a.png", made_by_machine=kind),))


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("1", "（图片由人工智能生成）"),
        ("2", "（图片可能由人工智能生成）"),
        ("3", "（图片疑似由人工智能生成）"),
    ],
)
@pytest.mark.parametrize("channel", program().channels)
def test_every_channel_says_that_a_machine_made_a_picture(
    channel: str, kind: str, words: str
) -> None:
    made = render_channel(channel, pictured("![图](a.png)", kind), make_registers())
    assert words in made.text
    assert words in made.html
    assert words in made.short or channel != "weibo"
    assert words in clipboard_html(made.html, translator("zh"))


def test_weibo_names_which_of_several() -> None:
    post = pictured("![图](b.png)\n\n![图](a.png)")
    assert "（第2张图片由人工智能生成）" in shown("weibo", post)[1]


def test_a_picture_without_label_says_nothing() -> None:
    post = make_post("![图](a.png)", ["a.png"])
    assert all("人工智能" not in "".join(shown(c, post)) for c in program().channels)


def test_wechats_editor_takes_marks_and_labels() -> None:
    post = pictured("![图](a.png) 和 [图![内](a.png)](https://a.example/)")
    made = render_channel("wechat", post, make_registers())
    assert [p.name for p in made.problems] == ["digest-missing"]
