"""A thief who holds the log's key still cannot show other words or files than were signed."""

import io
import re
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.site.fragments import NAMES
from tests.builders.archive import PNG, POST
from tests.builders.cast import ROOT
from tests.builders.leaves import leaf_data
from tests.builders.published import PAGE, grow_log, rebundle, signers, stolen
from tests.builders.verdicts import run

PEOPLE = ("xxy-a", "kz-a", "ld-a", "zz-a", "gly-a")


def _stolen(site: Path, folder: Path) -> tuple[int, str]:
    return stolen(site, folder, "--signers", signers(folder, *PEOPLE))


def _page(site: Path, old: str, new: str, count: int = 1) -> None:
    page = site / PAGE / "index.html"
    text = page.read_text(encoding="utf-8")
    assert old in text
    page.write_text(text.replace(old, new, count), encoding="utf-8")


def test_made_to_fit_again_it_holds(site: Path, tmp_path: Path) -> None:
    assert _stolen(site, tmp_path) == (0, "site-sound\n")


BODY = '<div data-signed="body">'


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("</bdi></h1>", "假</bdi></h1>", "part-differs  …  标题"),
        ("<h1 ", '<p data-signed="title">x</p><h1 ', "“标题” more than once"),
        (BODY, f"{BODY}<p>假的。</p>", "part-differs 假的"),
        (BODY, f'{BODY}<p class="ai-label">本内容由人工智能生成</p>', "part-differs class="),
        (BODY, f'{BODY}<p><input value="假的"></p>', "part-differs  …  正文"),
        (BODY, f"{BODY}<!-- > -->", "part-differs  …  正文"),
        (BODY, f"{BODY}</div>{BODY}", "“正文” more than once"),
        (BODY, f'{BODY}<p><img src="/assets/x.png" alt=""></p>', "part-differs  …  正文"),
        ('id="s-', 'id="s-假的', "part-differs  …  正文"),
        (BODY, f'{BODY}<a href="https://elsewhere.example/"></a>', "part-differs  …  正文"),
        ("accounts/wx/", "accounts/wb/", "part-differs  …  账号发布情况"),
        ("09:30</span>　", "09:31</span>　", "part-differs  …  账号发布情况"),
        ("/wx/1", "/wx/2", "part-differs  …  账号发布情况"),
        (BODY, f'<p data-signed="alert">红色预警</p>{BODY}', "part-unsigned alert"),
    ],
)
def test_the_page_says_what_nobody_signed(
    site: Path, tmp_path: Path, old: str, new: str, said: str
) -> None:
    _page(site, old, new)
    code, told = _stolen(site, tmp_path)
    assert code == 11
    for word in said.split(" … "):
        assert word in told


def test_what_a_page_does_not_name_is_named_in_the_verdict(site: Path, tmp_path: Path) -> None:
    _page(site, ' data-signed="lead"', "")
    named = f"part-uncompared 摘要 1 1 {PAGE}/\nsite-sound-in-part 摘要\n"
    assert _stolen(site, tmp_path) == (0, named)


def test_words_that_look_like_markup_are_words(site: Path, tmp_path: Path) -> None:
    """The page of a post that explains HTML; the words are those of another post.md."""
    path = site / PAGE / "post.md"
    path.write_bytes(path.read_bytes() + '\n写 `<p data-signed="body">` 和 <b>。\n'.encode())
    text = (site / PAGE / "index.html").read_text(encoding="utf-8")
    end = text.index("</div>", text.index(BODY))
    shown = '<p>写 <code>&lt;p data-signed="body"&gt;</code> 和 &lt;b&gt;。</p>\n'
    (site / PAGE / "index.html").write_text(text[:end] + shown + text[end:], encoding="utf-8")
    told = _stolen(site, tmp_path)[1]
    assert "file-unreviewed post.md" in told
    assert "part-" not in told


@pytest.mark.parametrize("new", ["", "甲"])
@pytest.mark.parametrize("cut", [0, 7, -1])
def test_a_letter_of_the_page_is_changed_or_left_out(
    site: Path, tmp_path: Path, cut: int, new: str
) -> None:
    page = site / PAGE / "index.html"
    text = page.read_text(encoding="utf-8")
    start = text.index(BODY) + len(BODY)
    ours = [n for n in range(start, text.index("</div>", start)) if ord(text[n]) >= 0x4E00]
    at = ours[cut]
    page.write_text(text[:at] + new + text[at + 1 :], encoding="utf-8")
    code, told = _stolen(site, tmp_path)
    assert code == 11
    assert "part-differs" in told and "正文" in told


def _swap_files(site: Path) -> None:
    (site / PAGE / "post.md").write_bytes(b"forged")
    rebundle(site, lambda v: [f.update(url=None) for f in v["files"]] and None)


def _point_away(site: Path) -> None:
    (site / PAGE / "real").mkdir()
    shutil.copy(site / PAGE / "post.md", site / PAGE / "real/post.md")
    rebundle(site, lambda v: [f.update(url="real/post.md") for f in v["files"]] and None)


def _other_tar(site: Path) -> None:
    with tarfile.open(site / PAGE / "evidence.tar", "w") as held:
        for name in ("allowed_signers", "../../evil.sh"):
            held.addfile(tarfile.TarInfo(name), io.BytesIO())


def _move_evidence(site: Path) -> None:
    shutil.move(site / PAGE, site / "elsewhere")


def _another_post(site: Path) -> None:
    shutil.copytree(site / PAGE, site / "posts/2026/2026-11-06-other")


def _no_evidence(site: Path) -> None:
    (site / "posts/2026/2026-11-06-other").mkdir()
    shutil.copy(site / PAGE / "index.html", site / "posts/2026/2026-11-06-other/index.html")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda s: (s / PAGE / "index.html").unlink(), "page-missing"),
        (lambda s: (s / PAGE / "post.md").unlink(), "file-missing-though-logged post.md"),
        (lambda s: (s / PAGE / "extra.png").write_bytes(PNG), "file-beside-unsigned extra.png"),
        (_swap_files, "file-unreviewed post.md"),
        (_point_away, "address-differs"),
        (_other_tar, "archive-differs evidence.tar"),
        (_move_evidence, "evidence-astray"),
        (_another_post, "evidence-of-another-post"),
        (_no_evidence, "evidence-missing"),
    ],
)
def test_files_that_nobody_signed(
    site: Path, tmp_path: Path, change: Callable[[Path], object], said: str
) -> None:
    change(site)
    code, told = _stolen(site, tmp_path)
    assert code == 11
    assert said in told


def test_an_older_revision_than_the_log_knows_of(site: Path, tmp_path: Path) -> None:
    path = f"content/records/corrections/2026/{POST}.r2.yml"
    grow_log(site, leaf_data("correction", "0" * 64, path, POST))
    code, told = _stolen(site, tmp_path)
    assert code == 11
    assert "revision-outdated 1 2" in told


def test_a_post_that_the_log_says_was_withdrawn_needs_no_text(site: Path, tmp_path: Path) -> None:
    path = f"content/records/corrections/2026/{POST}.r1.yml"
    grow_log(site, leaf_data("withdrawal", "0" * 64, path, POST))
    (site / PAGE / "post.md").unlink()
    text = (site / PAGE / "index.html").read_text(encoding="utf-8")
    for name in NAMES.keys() - {"steps", "digest"}:
        text = text.replace(f' data-signed="{name}"', "")
    (site / PAGE / "index.html").write_text(text, encoding="utf-8")
    rebundle(site, lambda v: v.update(corrections=None))
    code, told = _stolen(site, tmp_path)
    assert code == 0
    assert "part-uncompared 更正与变更" in told
    rebundle(site, lambda v: v.update(corrections=[]))
    assert "corrections-withheld 1" in _stolen(site, tmp_path)[1]


def test_a_reviewer_wrote_the_post(site: Path, tmp_path: Path) -> None:
    path = site / PAGE / "post.md"
    raw = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r'author: "?[a-z-]+"?', "author: kz-a", raw), encoding="utf-8")
    assert "author: kz-a" in path.read_text(encoding="utf-8")
    assert "reviewer-made-post" in _stolen(site, tmp_path)[1]


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ('namespaces="git"', "key-untrusted xxy-a"),
        ('valid-before="20260101"', "key-untrusted xxy-a"),
        ('valid-after="20300101"', "key-untrusted xxy-a"),
        ("cert-authority", "signers-line-unusable 1"),
    ],
)
def test_trusted_keys_count_for_what_they_say(
    site: Path, tmp_path: Path, option: str, said: str
) -> None:
    trusted = signers(tmp_path, *PEOPLE, option=f"{option} ")
    done = run(ROOT, "verify-site", str(site), "--signers", trusted, lang="names")
    assert done.returncode != 0
    assert said in done.stdout + done.stderr


def test_an_empty_key_file_is_no_key_at_all(site: Path, tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"")
    done = run(ROOT, "verify-site", str(site), "--key", str(tmp_path / "key"), lang="names")
    assert done.returncode == 11
    assert "key-none" in done.stdout
