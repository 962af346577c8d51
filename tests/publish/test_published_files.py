"""Attachments and labelled pictures from draft to published site, and what readers verify there."""

import io
import json
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from pipeline.cli.review import approve
from pipeline.detect.machine_made import label_of
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.named import worded
from tests.builders.published import begun, built_site, signers, stolen
from tests.cli.at_the_desk import run
from tests.detect.test_attachments import zipped

LABEL = {"Label": "1", "ContentProducer": "某模型公司", "ProduceID": "a-1"}
BODY = "见 [名单](list.pdf) 和 [表格](table.docx)。\n\n![一幅画](drawn.png)\n"
PDF = b"%PDF-1.7\n" + b"x" * 3000
MEDIA = [{"file": "drawn.png", "alt": "一幅画", "author": "宣教科", "licence": "自有"}]


def drawn() -> bytes:
    """A picture with the standard's label, and a place that nobody is to learn."""
    words = PngInfo()
    words.add_text("AIGC", json.dumps(LABEL, ensure_ascii=False))
    words.add_text("Comment", "31.2304")
    out = io.BytesIO()
    Image.linear_gradient("L").resize((1200, 600)).save(out, "PNG", pnginfo=words)
    return out.getvalue()


FILES = {
    "list.pdf": PDF,
    "table.docx": zipped(word__document_xml="<w:t>表格</w:t>"),
    "unnamed.docx": zipped(word__document_xml="<w:t>内部</w:t>"),
    "drawn.png": drawn(),
}


def drafted(archive: ArchiveRepo, **front_matter: object) -> None:
    archive.branch("more")
    archive.draft("2026-11-05-files", BODY, FILES, media=MEDIA, **front_matter)
    archive.commit("起草")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    archive = begun(folder)
    drafted(archive, ai="assisted")
    archive.approve_all("2026-11-05-files")
    archive.commit("审核")
    archive.merge("more")
    return built_site(archive, folder)


def test_the_page_links_lists_and_labels(site: Path) -> None:
    folder = site / "posts/2026/2026-11-05-files"
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert '<a href="list.pdf">名单</a><span class="file-mark">（PDF，3 KB）</span>' in page
    assert '<span class="file-mark">（DOCX，1 KB）</span>' in page
    assert '<figcaption><span class="ai-mark">（图片由人工智能生成）</span>' in page
    assert 'id="attachments"' in page
    assert (folder / "list.pdf").read_bytes() == PDF
    assert (folder / "table.docx").read_bytes() == FILES["table.docx"]
    assert not (folder / "unnamed.docx").exists()


def test_the_catalogue_lists_them(site: Path) -> None:
    posts = json.loads((site / "catalogue/2026.json").read_bytes())["posts"]
    (row,) = (p for p in posts if p["id"] == "2026-11-05-files")
    assert [(a["name"], a["bytes"]) for a in row["attachments"]] == [
        ("list.pdf", len(PDF)),
        ("table.docx", len(FILES["table.docx"])),
    ]
    assert "attachments" not in next(p for p in posts if p["id"] == POST)


def test_every_size_carries_the_label_and_nothing_else(site: Path) -> None:
    sizes = sorted((site / "posts/2026/2026-11-05-files/sized").glob("*.webp"))
    assert len(sizes) == 3
    for path in sizes:
        raw = path.read_bytes()
        told = label_of(raw)
        assert told == LABEL | {
            "ContentPropagator": told["ContentPropagator"],
            "PropagateID": "2026-11-05-files/drawn.png",
        }
        assert told["ContentPropagator"].endswith("应急管理局")
        assert b"31.2304" not in raw
    assert not (sizes[0].parent.parent / "drawn.png").exists()


def test_a_reader_finds_the_site_whole(site: Path, tmp_path: Path) -> None:
    people = signers(tmp_path, "xxy-a", "kz-a", "ld-a", "zz-a", "gly-a")
    assert stolen(site, tmp_path, "--signers", people)[0] == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<a href="list.pdf">', '<a href="other.pdf">'),
        ("（PDF，3 KB）</span>", "（此件作废）</span>"),
        ("（图片由人工智能生成）</span>", "（现场照片）</span>"),
    ],
)
def test_a_changed_mark_is_found(
    site: Path, tmp_path: Path, old: str, new: str, request: pytest.FixtureRequest
) -> None:
    page = site / "posts/2026/2026-11-05-files/index.html"
    text = page.read_text(encoding="utf-8")
    request.addfinalizer(lambda: page.write_text(text, encoding="utf-8"))
    assert old in text
    page.write_text(text.replace(old, new, 1), encoding="utf-8")
    people = signers(tmp_path, "xxy-a", "kz-a", "ld-a", "zz-a", "gly-a")
    assert stolen(site, tmp_path, "--signers", people)[0] == 11


def test_signers_are_told_which_files_nobody_looked_into(tmp_path: Path) -> None:
    archive = ArchiveRepo.begin(tmp_path / "archive")
    archive.branch("more")
    archive.draft(files={"sealed.ofd": b"\xd0\xcf\x11\xe0 sealed by a password", "a.pdf": PDF})
    archive.commit("起草")
    told = run(approve, archive, POST, by="xxy-a").output
    for name in ("sealed.ofd", "a.pdf"):
        (line,) = (row for row in told.splitlines() if "R13-10" in row and name in row)
        assert worded("not-looked-into") in line
