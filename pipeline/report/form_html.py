"""The approval form as one HTML page that prints like the PDF and needs nothing from outside."""

from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from pipeline.model.forms import Form
from pipeline.report.form_words import qr_svg, words_of


@cache
def _template() -> Template:
    source = (files("pipeline.report") / "form.html.j2").read_text(encoding="utf-8")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(source)


def form_html(form: Form) -> str:
    """A whole page: no script, no address but the evidence's own, fonts by name only."""
    # segno writes the SVG; the address in it is modules, not text, so nothing can break out.
    code = Markup(qr_svg(form.url))  # noqa: S704
    return _template().render(form=words_of(form), qr=code) + "\n"
