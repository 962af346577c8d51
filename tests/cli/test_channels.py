"""render and drift as people call them: a draft before review, a page after publication."""

import io

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from pipeline.cli.options import Session
from pipeline.cli.render import drift, render
from pipeline.errors import Fault
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.named import speaking, worded


def call(command, repo: ArchiveRepo, *arguments: str, stdin: bytes = b"") -> Result:
    session = Session(repo.root, "en", speaking("names"), {})
    result = CliRunner().invoke(command, [*map(str, arguments)], obj=session, input=stdin)
    if isinstance(result.exception, Fault):
        raise result.exception
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def png(width: int, height: int) -> bytes:
    raw = io.BytesIO()
    Image.new("RGB", (width, height)).save(raw, "PNG")
    return raw.getvalue()


def test_weibo_gets_both_texts_and_its_images_in_order(archive):
    body = "![图](a.png)\n\n关好火源。\n\n![二](b.png)\n"
    post = archive.draft(
        body=body, accounts=["wb"], files={"a.png": png(20, 10), "b.png": png(3, 4)}
    )
    made = call(render, archive, post, "--for", "weibo")
    assert made.exit_code == 0 and made.stderr == ""
    assert made.stdout == (
        "== Long text, 18 of 2000 ==\n【冬季防火三件事】#防火#\n关好火源。\n\n"
        "== Short text, 39 of 140 ==\n【冬季防火三件事】#防火#\n出门前和睡前要做的三件事。\n"
        f"全文：https://archive.yunlan.example/posts/2026/{post}/\n\n"
        f"== {worded('images-in-order', count=2)} ==\n1. a.png 20×10 图\n2. b.png 3×4 二\n"
    )


def test_a_post_for_another_platform_is_rendered_with_a_remark(archive):
    made = call(render, archive, archive.draft(accounts=["wx"]), "--for", "weibo")
    assert made.exit_code == 0 and "【冬季防火三件事】" in made.stdout
    assert made.stderr == f"channel-not-named {POST} weibo\n"


def test_an_app_gets_html(archive):
    post = archive.draft()
    made = call(render, archive, archive.root / f"content/posts/2026/{post}", "--for", "app")
    assert made.stdout.startswith("<p>关好火源再出门。</p>")


def test_wechat_gets_html_with_inline_styles(archive):
    post = archive.draft()
    html = call(render, archive, post, "--for", "wechat").stdout
    assert "关好火源再出门。" in html and "style=" in html and "class=" not in html


def test_what_a_platform_refuses_is_said_and_exits_11(archive):
    post = archive.draft(body="![图](none.png)\n\n请@某人 看。\n", accounts=["wb"])
    made = call(render, archive, post, "--for", "weibo")
    assert made.exit_code == 11 and made.stdout.startswith("== Long text")
    assert (
        worded("refused-by-platform", what=worded("image-not-beside", file="none.png"))
        in made.stderr
    )
    assert ("Next: " + worded("put-file-beside-post")) in made.stderr
    assert ("Note: " + worded("mention-foreign")) in made.stderr


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>\n",
        "".join("  " * n + f"- 第{n}层\n" for n in range(10)),
        "- 甲\n\n  | 乙 |\n  |---|\n  | 丙 |\n",
        "![](a.webp) [x](ftp://a.example) 🙂㙍䶮〇\n",
        "字" * 30_000 + "\n",
    ],
    ids=["raw", "nested", "table", "odd", "long"],
)
@pytest.mark.parametrize("channel", ["wechat", "weibo", "app"])
def test_no_body_makes_a_channel_fail(archive, body, channel):
    post = archive.draft(body=body, title="题" * 300, files={"a.webp": b"RIFF"})
    made = call(render, archive, post, "--for", channel)
    assert made.exit_code in (0, 11) and made.stdout.strip()
    assert "<script" not in made.stdout or channel == "weibo"


def test_of_a_withdrawn_post_nothing_is_rendered(archive):
    post = archive.draft(validity="withdrawn", body="", accounts=["wb"])
    made = call(render, archive, post, "--for", "weibo")
    assert made.stdout == "" and "post-withdrawn" in made.stderr


@pytest.mark.parametrize("command", [render, drift])
def test_an_unknown_post_is_a_fault(archive, command):
    archive.commit()
    file = ["-"] if command is drift else []
    with pytest.raises(Fault, match="no post 2026-11-06-none"):
        call(command, archive, "2026-11-06-none", *file, "--for", "weibo")


def test_the_approved_text_does_not_drift(approved, tmp_path):
    for channel in ("wechat", "weibo", "app"):
        shown = call(render, approved, POST, "--for", channel).stdout
        page = tmp_path / f"{channel}.html"
        short = shown.partition(" ==\n")[2].partition("\n\n== ")[0]
        page.write_text(short if channel == "weibo" else f"冬季防火三件事\n{shown}", "utf-8")
        made = call(drift, approved, POST, page, "--for", channel)
        assert (made.exit_code, made.stdout) == (0, ""), made.stdout
        assert made.stderr.endswith("text-as-approved\n")


def test_a_changed_word_is_told_with_its_line_and_exits_11(approved):
    long = "【冬季防火三件事】#防火#\n关好火源再出门。\n三件事\n断电、关火、清通道。"
    same = call(drift, approved, POST, "-", "--for", "weibo", stdin=long.encode())
    assert same.exit_code == 0 and "not approved" not in same.stderr
    changed = long.replace("关火", "开火") + "\n电话" + "138" + "0013" + "8000"
    made = call(drift, approved, POST, "-", "--for", "weibo", stdin=changed.encode("gb18030"))
    assert made.exit_code == 11
    assert made.stdout == (
        "Line 4, approved: 关 | shown: 开\n"
        + worded("line-on-platform-only", line="4", new="电话138******00")
        + "\n"
    )
    assert made.stderr == "text-differs 2\n"


def test_the_working_tree_does_not_change_what_was_approved(approved):
    text = call(render, approved, POST, "--for", "app").stdout
    approved.change(f"content/posts/2026/{POST}/post.md", "关好火源", "打开火源")
    assert call(drift, approved, POST, "-", "--for", "app", stdin=text.encode()).exit_code == 0


def test_without_approval_it_says_what_it_was_compared_with(archive):
    post = archive.draft()
    archive.commit("起草")
    made = call(drift, archive, post, "-", "--for", "app", stdin=b"x")
    assert made.exit_code == 11
    assert made.stderr.startswith(f"compared-unapproved {post}\n")


@pytest.mark.parametrize(
    ("raw", "said"), [(b"\xff\xff\x80", "neither UTF-8"), (b"a" * 20_000_001, "larger than")]
)
def test_a_file_that_is_no_text_is_a_fault(approved, raw, said):
    with pytest.raises(Fault) as caught:
        call(drift, approved, POST, "-", "--for", "app", stdin=raw)
    assert said in speaking("names")(caught.value.message) and caught.value.remedy
