"""HTML pages of reports: their templates, and the approval form, which prints like the PDF."""

from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from pipeline.model.forms import Form
from pipeline.report.form_words import qr_svg, words_of


def read(name: str) -> str:
    """A file of this folder: a template, a style, a script."""
    return (files("pipeline.report") / name).read_text(encoding="utf-8")


@cache
def template(name: str) -> Template:
    """A template of this folder; what it is not given is an error."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(read(name))


def form_html(form: Form) -> str:
    """A whole page: no script, no address but the evidence's own, fonts by name only."""
    # segno writes the SVG; the address in it is modules, not text, so nothing can break out.
    code = Markup(qr_svg(form.url))  # noqa: S704
    return template("form.html.j2").render(form=words_of(form), qr=code) + "\n"
