"""The approval form on paper: grid, order of reading, page breaks, fonts, equal bytes."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
import segno

from pipeline.errors import Fault
from pipeline.model.archive import Archive
from pipeline.model.forms import Form
from pipeline.parts.form.pdf import FormCompiler
from pipeline.parts.form.rendering import forms_of_day
from pipeline.parts.form.verbs import form_html
from pipeline.parts.form.words import items_words, qr_svg, words_of
from tests.report import form_days as days
from tests.report.pdf_pages import Pdf

DAY = date.fromisoformat(days.DAY)
HEAD = ["信息发布类别", "发布日期", "信息标题", "发布类型/来源", "备注"]
BOXES = ["初审人员意见", "复审人员意见", "终审人员意见"]
NOTE = "注：此表由当日信息初审人员填报后交科长、分管领导签字后归档"


@pytest.fixture(scope="module")
def press() -> FormCompiler:
    return FormCompiler.open()


def form_of(archive: Archive) -> Form:
    (form,) = forms_of_day(archive, DAY)
    return form


@cache
def busy() -> Form:
    return form_of(days.busy())


def pages(press: FormCompiler, form: Form) -> list[str]:
    """Text of every page without what a line break or a font change puts between characters."""
    return [re.sub(r"\s", "", page) for page in Pdf(press.print(form)).pages()]


def in_order(text: str, words: list[str]) -> bool:
    """Whether the words stand one after another."""
    at = 0
    for word in words:
        at = text.find(word, at)
        if at < 0:
            return False
        at += len(word)
    return True


def test_text_is_read_in_the_order_of_the_annex(press: FormCompiler) -> None:
    (page,) = pages(press, form_of(days.unsigned()))
    order = ["云岚市应急管理局信息发布审批表", "档案号：MB0000000/SP2026-1103", "保管期限：10年"]
    order += ["信息发布类别", "☑微博☑微信", "2026年11月3日", *HEAD[2:]]
    order += ["1.第1条提示", "原创（救助科）", "2.第2条提示", "（以下空白）"]
    order += [
        "初审人员意见", "第1项：【同意】同意。", days.KEY, "第2项：", "（签字）", *BOXES[1:], NOTE,
    ]  # fmt: skip
    assert in_order(page, order)
    assert page.count("（签字）") == 3


def test_busy_day_repeats_its_head_and_keeps_every_row_whole(press: FormCompiler) -> None:
    found = pages(press, busy())
    assert len(found) > 2
    with_rows = [p for p in found if re.search(r"\d+\.云岚市", p)]
    assert all(in_order(p, HEAD) for p in with_rows)
    for n in range(1, 13):
        title = f"{n}.{days.TITLE.format(n=n)}☑微博☑微信计划"
        (home,) = [p for p in found if title in p]
        assert in_order(home, [title, "原创（救助科）", "会商后发布。", "第1版摘要"])


@pytest.mark.parametrize("count", range(1, 15))
def test_signature_boxes_stand_on_one_page_wherever_the_rows_end(
    press: FormCompiler, count: int
) -> None:
    found = pages(press, form_of(days.busy(count)))
    (home,) = [p for p in found if any(box in p for box in BOXES)]
    assert in_order(home, [*BOXES, NOTE])
    assert home.count(days.KEY) == 3


def test_long_opinions_go_behind_the_form_and_boxes_stay_whole(press: FormCompiler) -> None:
    form = form_of(days.busy(3, "与原件逐字核对，时间、区域、级别一致。" * 20))
    found = pages(press, form)
    (home,) = [p for p in found if NOTE in p]
    assert in_order(home, ["初审人员意见", "意见全文见附页。", days.KEY, *BOXES[1:]])
    assert "逐字核对" not in home
    annex = found[found.index(home) + 1 :]
    assert sum(p.count("与原件逐字核对") for p in annex) == 60


def test_a_row_taller_than_a_page_goes_on_to_the_next_and_loses_nothing(
    press: FormCompiler,
) -> None:
    found = pages(press, form_of(days.archive(days.post(1, remarks="说明" * 1500))))
    assert "".join(re.sub("[^说明]", "", p) for p in found).count("说明") == 1500
    assert len([p for p in found if in_order(p, HEAD)]) > 2


def test_blank_rows_give_way_before_a_second_page(press: FormCompiler) -> None:
    (short,) = Pdf(press.print(form_of(days.archive(days.post(1))))).places()
    long = form_of(days.archive(days.post(1, remarks="场地与课程安排有变。" * 22)))
    assert words_of(long)["blank"] == 3
    (page,) = pages(press, long)
    assert in_order(page, ["（以下空白）", *BOXES, NOTE])
    note = [y for x, y in Pdf(press.print(long)).places()[0] if y < 37 + 225][-1]
    assert note > [y for x, y in short if y < 37 + 225][-1]


def test_page_is_that_of_the_national_standard(press: FormCompiler) -> None:
    """GB/T 9704-2012: A4, 37 mm above, 28 mm at the binding, 156 mm wide, 225 mm high."""
    pdf = Pdf(press.print(busy()))
    assert pdf.sizes() == {(210, 297)}
    for page in pdf.places():
        assert min(x for x, _ in page) == pytest.approx(28, abs=0.1)
        assert max(x for x, _ in page) < 28 + 156
        assert 37 < min(y for _, y in page) < 47
        body = [y for x, y in page if y < 37 + 225]
        assert len(body) > len(page) / 2
        assert not [y for _, y in page if 37 + 225 <= y < 37 + 225 + 4]


def test_every_font_is_inside_the_file_and_the_file_says_pdf_a(press: FormCompiler) -> None:
    pdf = Pdf(press.print(busy()))
    assert pdf.fonts() and all(pdf.fonts().values())
    assert {"DejaVuSansMono"} < set(pdf.fonts())
    assert "<pdfaid:part>2</pdfaid:part>" in pdf.metadata()
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in pdf.metadata()


def test_same_form_same_bytes_from_another_press_and_after_other_forms(press: FormCompiler) -> None:
    first = press.print(busy())
    press.print(form_of(days.unsigned()))
    assert press.print(busy()) == first == FormCompiler.open().print(busy())


def test_time_of_making_is_the_form_s_own(press: FormCompiler) -> None:
    form = busy()
    later = replace(form, as_of=form.as_of + timedelta(days=1))
    assert b"D:20261122120000Z" in press.print(form)
    assert b"D:20261123120000Z" in press.print(later)


def test_missing_font_says_how_to_install_one() -> None:
    with pytest.raises(Fault) as caught:
        FormCompiler.open(system=False)
    assert "Noto Serif CJK SC" in str(caught.value.message)
    assert "fonts-noto-cjk" in str(caught.value.remedy)


@pytest.mark.parametrize(
    "title", ["⚠️暴雨🔥橙色", "家👨\u200d👩\u200d👧庭", "\U000f0000\ue000私用", "字\ufffe尾"]
)
def test_character_of_no_font_is_marked_and_the_form_says_so(
    press: FormCompiler, title: str
) -> None:
    (page,) = pages(press, form_of(days.archive(days.post(1, title))))
    assert "〓" in page
    assert ("〓代字库所缺的字" in page) == ("🔥" in title or "👨" in title)


def test_rare_characters_and_code_stand_as_written(press: FormCompiler) -> None:
    title = "㙍䶮〇𠮷 #let x = 1 $y$ [*_`\\ <b>&amp;"
    (page,) = pages(press, form_of(days.archive(days.post(1, title))))
    assert re.sub(r"\s", "", title) in page


def test_html_says_the_same_and_asks_for_nothing(press: FormCompiler) -> None:
    form = form_of(days.archive(days.post(1, "<script>alert(1)</script>&"), days.post(2)))
    html = form_html(form)
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;" in html
    assert not re.search(r"\b(?:src|href|action|data)=|url\(|@import", html)
    text = re.sub(r"\s", "", re.sub(r"<[^>]*>", "", html.split("<body>")[1]))
    order = [
        form.title, "档案号：", "信息发布类别", "发布日期", *HEAD[2:], "第2条提示", *BOXES, NOTE,
    ]  # fmt: skip
    assert in_order(text, order)
    assert "builtin" not in text
    assert form_html(form) == html


def test_qr_code_is_that_of_the_address() -> None:
    address = busy().url
    drawn = ElementTree.fromstring(qr_svg(address))
    code = segno.make(address, error="m", micro=False, boost_error=False)
    assert (
        drawn.attrib["viewBox"]
        == f"0 0 {code.symbol_size(border=4)[0]} {code.symbol_size(border=4)[1]}"
    )
    path = drawn[0].attrib["d"]
    assert path == ElementTree.fromstring(code.svg_inline(border=4))[0].attrib["d"]
    assert qr_svg(address) != qr_svg(address + "0")


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ((1,), "第1项："),
        ((1, 2), "第1、2项："),
        ((1, 3, 4, 5, 9), "第1、3—5、9项："),
        (tuple(range(1, 13)), ""),
    ],
)
def test_items_are_named_shortly(items: tuple[int, ...], words: str) -> None:
    assert items_words(items, 12) == words


def test_words_are_plain_json() -> None:
    assert json.loads(json.dumps(words_of(busy()))) == words_of(busy())


def test_no_font_stands_in_the_package() -> None:
    package = Path(__file__).parents[2] / "pipeline"
    assert not [p for p in package.rglob("*") if p.suffix in (".ttf", ".otf", ".ttc", ".woff2")]
