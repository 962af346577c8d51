"""The approval form as a page of HTML, which prints like the PDF."""

from pathlib import Path

from markupsafe import Markup

from pipeline.model.forms import Form
from pipeline.parts.form.words import qr_svg, words_of
from pipeline.report.copy_page import template


def form_html(form: Form) -> str:
    """A whole page: no script, no address but the evidence's own, fonts by name only."""
    # segno writes the SVG; the address in it is modules, not text, so nothing can break out.
    code = Markup(qr_svg(form.url))  # noqa: S704
    source = Path(__file__).with_name("form.html.j2").read_text("utf-8")
    return template(source).render(form=words_of(form), qr=code) + "\n"
