"""A36: private data in tables, attachments, pictures, file names, commit messages and reports."""

import io

import pytest

from tests.builders.archive import POST, ArchiveRepo
from tests.builders.files import folder
from tests.builders.verdicts import finds, marks, places, reasons, run_verify
from tests.corpora.fictional import identity, mobile
from tests.detect.test_attachments import zipped
from tests.detect.test_images import exif, image

ID, MOBILE = identity(3), mobile(6)
HERE = folder(POST)
SHOWN = f"private-data-shown {ID[:3]}{'*' * 13}{ID[-2:]}"


def refused(archive: ArchiveRepo, words: str = SHOWN) -> set[tuple[str, int]]:
    """Where R13-10 refuses under this name, once committed."""
    archive.commit("起草")
    report = archive.verify()
    assert finds(report, "R13-10", words), marks(report)
    assert report.exit_code == 11
    return places(report, "R13-10")


def test_in_a_table(archive: ArchiveRepo) -> None:
    archive.draft(body=f"一\n\n| 姓名 | 证件 |\n|---|---|\n| 某 | {ID} |\n")
    lines = archive.read(f"{HERE}/post.md").decode().split("\n")
    where = next(n for n, text in enumerate(lines, 1) if ID in text)
    assert refused(archive) == {(f"{HERE}/post.md", where)}


@pytest.mark.parametrize(
    "body",
    [
        f"[查](https://example.cn/?id={ID})\n",
        " ".join(ID) + "\n",
        ID.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789X"}) + "\n",
    ],
)
def test_written_in_other_ways(archive: ArchiveRepo, body: str) -> None:
    archive.draft(body=body)
    assert len(refused(archive)) == 1


def test_split_by_markup_that_readers_do_not_see(archive: ArchiveRepo) -> None:
    archive.draft(body=f"一\n\n{ID[:9]}**{ID[9:]}**，{ID[:6]}&#{ord(ID[6])};{ID[7:]}\n")
    assert {path for path, _ in refused(archive)} == {f"{HERE}/post.md"}


def test_in_attachments(archive: ArchiveRepo) -> None:
    runs = f"<w:p><w:r><w:t>{ID[:7]}</w:t></w:r><w:r><w:t>{ID[7:]}</w:t></w:r></w:p>"
    files = {
        "form.docx": zipped(word__document_xml=runs),
        "list.csv": f"姓名,证件\r\n某,{ID}\r\n".encode("gb18030"),
        "source.txt": f"原文\n{ID}\n".encode(),
    }
    archive.draft(files=files)
    assert refused(archive) == {
        (f"{HERE}/form.docx", 0), (f"{HERE}/list.csv", 0), (f"{HERE}/source.txt", 2)
    }  # fmt: skip


def test_in_a_picture_and_in_its_name(archive: ArchiveRepo) -> None:
    archive.draft(files={"scene.jpg": image("JPEG", exif=exif(gps=True, artist=True))})
    found = refused(archive, "file-shows-position")
    assert found == {(f"{HERE}/scene.jpg", 0)}
    archive.write(f"{HERE}/scan-{ID}.png", image("PNG"))
    # The command masks the number in the path, too.
    assert any(path.startswith(f"{HERE}/scan-{ID[:3]}") for path, _ in refused(archive))


def test_in_a_key_that_nobody_knows(archive: ArchiveRepo) -> None:
    archive.draft(telefon=f"某 {ID}")
    assert {path for path, _ in refused(archive)} == {f"{HERE}/post.md"}


def test_in_a_commit_message_and_gone_when_it_is_written_anew(archive: ArchiveRepo) -> None:
    archive.draft()
    archive.commit(f"起草，来电{MOBILE}")
    archive.commit("改错字")
    [found] = [f for f in archive.verify().findings if f.clause == "R13-10"]
    assert found.name == "commit-private-data"
    assert found.about.endswith(f" 142{'*' * 6}06")
    archive.git("reset", "--quiet", "--soft", "main")
    archive.commit("起草")
    assert "R13-10" not in {c for c, _ in reasons(archive.verify())}


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_no_report_repeats_what_it_found(archive: ArchiveRepo, form: str) -> None:
    spoken = MOBILE.translate(str.maketrans("0123456789", "零一二三四五六七八九"))
    archive.draft(body=f"{ID}，{MOBILE}，{spoken}，死者张小满，男。\n", title=f"寻{MOBILE}")
    archive.commit(f"来电{MOBILE}")
    done = run_verify(archive.root, "--base", "main", "--format", form)
    assert done.returncode == 11
    printed = done.stdout + done.stderr
    for value in (ID, MOBILE, spoken, "张小满"):
        assert value not in printed


def test_a_clean_post_with_every_kind_of_file_is_not_refused(approved: ArchiveRepo) -> None:
    assert "R13-10" not in {c for c, _ in reasons(approved.verify())}
    out = io.BytesIO()
    out.write(image("PNG"))
    approved.write(f"{HERE}/map.png", out.getvalue())
    approved.write(f"{HERE}/list.csv", "地点,电话\n广场,12345\n".encode())
    approved.commit("加图")
    assert "R13-10" not in {c for c, _ in reasons(approved.verify())}


def test_an_identity_number_in_the_message_of_a_commit_without_files(archive: ArchiveRepo) -> None:
    archive.commit(f"身份证号 {ID}")
    archive.write("docs/a.md", "x\n")
    archive.commit("加")
    archive.git("rm", "-q", "docs/a.md")
    archive.commit("删")
    (message,) = {m for c, m in reasons(archive.verify()) if c == "R13-10"}
    assert "holds an identity number" in message
