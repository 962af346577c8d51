"""Whether a theme can be read, told without running anything of it (threats A28).

A template that is read but asks for what no page has shows only when it is drawn: a build that
meets one stops, and the old site stands.
"""

from collections.abc import Iterator, Mapping
from itertools import chain

from jinja2 import Environment, TemplateSyntaxError, meta, nodes

from pipeline.errors import Fault
from pipeline.model.calendar import chinese_day, minute
from pipeline.model.findings import Effect, Finding, Location, Message, say
from pipeline.render.compared import compared
from pipeline.site.addresses import tag_slug
from pipeline.site.frame.jinja_env import Drawing
from pipeline.site.frame.mkdocs_shell import SETTINGS, theme_settings
from pipeline.site.render_context import TEMPLATES
from pipeline.site.ways import TABLE, ways_of
from pipeline.source.content.text import read_yaml

OVERRIDES = "site/overrides/"
_CLAUSE = "R13-7"
_CORRECT = say("Correct the template; the site would not be built.")


def theme_faults(theme: Mapping[str, bytes]) -> tuple[Finding, ...]:
    """What no build could read of the files of a theme."""
    return tuple(chain(_tables(theme), _templates(theme), _overrides(theme)))


def _tables(theme: Mapping[str, bytes]) -> Iterator[Finding]:
    unread = read_yaml(SETTINGS, theme[SETTINGS], _CLAUSE).problems
    yield from unread
    settings = () if unread else ((SETTINGS, theme_settings),)
    for path, read in ((TABLE, ways_of), *settings):
        try:
            read(theme)
        except Fault as fault:
            name, at = "theme-table-unusable", Location(path)
            yield Finding(_CLAUSE, name, Effect.REFUSE, fault.message, at, fault.remedy)


def _templates(theme: Mapping[str, bytes]) -> Iterator[Finding]:
    """Their syntax, and the names in them that are known without drawing anything."""
    drawing = Drawing(
        lambda _name: None, None, day=chinese_day, minute=minute, tag_slug=tag_slug,
        compared=compared,
    )  # fmt: skip
    for path, tree in _parsed(theme, TEMPLATES, drawing):
        if isinstance(tree, Finding):
            yield tree
            continue
        for kind, defined in ((nodes.Filter, drawing.filters), (nodes.Test, drawing.tests)):
            unknown = (node for node in tree.find_all(kind) if node.name not in defined)
            yield from (_unknown(path, node.lineno, node.name) for node in unknown)
        for name in meta.find_referenced_templates(tree):
            if name is not None and TEMPLATES + name not in theme:
                yield _unknown(path, 0, name)


def _overrides(theme: Mapping[str, bytes]) -> Iterator[Finding]:
    """Their syntax alone: what they may name is the affair of mkdocs and its theme."""
    environment = Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
    for _, tree in _parsed(theme, OVERRIDES, environment):
        if isinstance(tree, Finding):
            yield tree


def _parsed(
    theme: Mapping[str, bytes], folder: str, environment: Environment
) -> Iterator[tuple[str, nodes.Template | Finding]]:
    """Parsed, not compiled: compiling works constants out, and what is proposed is not run."""
    for path in sorted(p for p in theme if p.startswith(folder) and p.endswith((".j2", ".html"))):
        try:
            yield path, environment.parse(theme[path].decode())
        except TemplateSyntaxError as error:
            yield path, _unread(path, error.lineno, error.message or "")
        except (ValueError, RecursionError) as error:
            yield path, _unread(path, 0, type(error).__name__)


def _unread(path: str, line: int, detail: str) -> Finding:
    message = say("The template cannot be read: {detail}.", detail=detail.rstrip("."))
    return _refused("template-unreadable", path, line, message, _CORRECT)


def _unknown(path: str, line: int, name: str) -> Finding:
    message = say("The template names {name}, which is not there.", name=name)
    return _refused("template-name-unknown {name}", path, line, message, _CORRECT)


def _refused(name: str, path: str, line: int, message: Message, remedy: Message) -> Finding:
    return Finding(_CLAUSE, name, Effect.REFUSE, message, Location(path, line), remedy)
