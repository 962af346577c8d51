"""Whether a theme can be read, told without running anything of it (threats A28).

A template that is read but asks for what no page has shows only when it is drawn: a build that
meets one stops, and the old site stands.
"""

from collections.abc import Iterator, Mapping

from jinja2 import Environment, TemplateSyntaxError

from pipeline.errors import Fault
from pipeline.model.findings import Effect, Finding, Location, say
from pipeline.model.ids import R13_7
from pipeline.site.frame.mkdocs_shell import SETTINGS, theme_settings
from pipeline.site.render_context import TEMPLATES
from pipeline.site.ways import TABLE, ways_of
from pipeline.source.content.text import read_yaml

OVERRIDES = "site/overrides/"


def theme_faults(theme: Mapping[str, bytes]) -> tuple[Finding, ...]:
    """What no build could read of the files of a theme."""
    return (*_tables(theme), *_templates(theme))


def _tables(theme: Mapping[str, bytes]) -> Iterator[Finding]:
    unread = read_yaml(SETTINGS, theme[SETTINGS], R13_7).problems
    yield from unread
    settings = () if unread else ((SETTINGS, theme_settings),)
    for path, read in ((TABLE, ways_of), *settings):
        try:
            read(theme)
        except Fault as fault:
            name, at = "theme-table-unusable", Location(path)
            yield Finding(R13_7, name, Effect.REFUSE, fault.message, at, fault.remedy)


def _templates(theme: Mapping[str, bytes]) -> Iterator[Finding]:
    """Parsed, not compiled: compiling works constants out, and what is proposed is not run."""
    environment = Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
    templates = (p for p in sorted(theme) if p.startswith((TEMPLATES, OVERRIDES)))
    for path in (p for p in templates if p.endswith((".j2", ".html"))):
        try:
            environment.parse(theme[path].decode())
        except TemplateSyntaxError as error:
            yield _unread(path, error.lineno, error.message or "")
        except (ValueError, RecursionError) as error:
            yield _unread(path, 0, type(error).__name__)


def _unread(path: str, line: int, detail: str) -> Finding:
    message = say("The template cannot be read: {detail}.", detail=detail.rstrip("."))
    at, remedy = Location(path, line), say("Correct the template; the site would not be built.")
    return Finding(R13_7, "template-unreadable", Effect.REFUSE, message, at, remedy)
