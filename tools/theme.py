"""The theme's style sheets without what no page can match, as one: site/assets/theme.css.

    .venv/bin/python -m tools.theme

A rule stays where each class, id and `data-` attribute that one of its selectors asks for is named
by a page of the shell, a template, a style, a script or a string of the program. What a browser or
a reader brings about (`:checked`, `[open]`, print, forced colours) asks for no name, and stays.
`site/theme-cut.txt` lists the names that are nowhere: where an archive's own theme has one of them,
the theme's own sheets ship (docs/decisions/0135).
"""

import ast
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import tinycss2
from tinycss2 import ast as css

import pipeline.program  # noqa: F401 - puts the program together
from pipeline.site.frame import mkdocs_shell
from pipeline.source.program import shipped

ROOT = Path(__file__).parents[1]
LICENCE = "site/assets/theme.licence.txt"
_PACKAGE = "mkdocs-material"
_SHEETS = ("main", "palette")
_BY_PAGES = ("data-", "dir", "lang")
"""How attributes begin that pages alone set; `open` and the like are a browser's too."""
_ANY = frozenset(("is", "where", "has", "-webkit-any", "-moz-any"))
_MOVES = re.compile(r"animation(?:-name)?:([^;}]+)")
_PROPERTY = re.compile(r"--[\w-]+")


def main() -> None:
    """Write the sheet, the list and the licence."""
    for path, text in made().items():
        (ROOT / path).write_text(text, "utf-8")


def made() -> dict[str, str]:
    """Path → text of what `main` writes."""
    theme = distribution(_PACKAGE)
    sheets = {path.name: path.read_text("utf-8") for path in _sheets()}
    cut = Cut(frozenset(_named()))
    text = cut.sheet("".join(sheets.values()))
    head = f"/* From {_PACKAGE} {theme.version} by tools/theme.py: {', '.join(sheets)} */"
    licence = next(file for file in theme.files or () if file.name == "LICENSE")
    return {
        mkdocs_shell.SHEET: f"{head}\n{text}\n",
        mkdocs_shell.CUT: "".join(f"{name}\n" for name in sorted(cut.missing)),
        LICENCE: licence.read_text("utf-8"),
    }


def _sheets() -> Iterator[Any]:
    files = distribution(_PACKAGE).files or ()
    for name in _SHEETS:
        yield from (f for f in files if f.match(f"assets/stylesheets/{name}.*.min.css"))


def _named() -> Iterator[str]:
    """Every name in what pages are made of, and in what they say, do and wear."""
    ours = (mkdocs_shell.SHEET, mkdocs_shell.CUT)
    theme = {p: raw for p, raw in shipped("mkdocs.yml", "site").items() if p not in ours}
    with tempfile.TemporaryDirectory() as folder:
        settings = {"site_name": "", "site_url": "https://archive.example/", "extra": {}}
        pages = mkdocs_shell.build_shell(theme, settings, Path(folder)).html
    texts = [raw for path, raw in theme.items() if path.endswith(mkdocs_shell.TEXTS)]
    texts += (page.encode() for page in pages)
    for raw in texts:
        yield from mkdocs_shell.names_of(raw)
    for text in _strings():
        yield from mkdocs_shell.names_of(text.encode(errors="replace"))


def _strings() -> Iterator[str]:
    """Strings of the program but those that say what something is for."""
    for path in sorted(ROOT.glob("pipeline/**/*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        strings = (node for node in ast.walk(tree) if isinstance(node, ast.Constant))
        yield from (n.value for n in strings if isinstance(n.value, str) and id(n) not in said)


class Cut:
    """Sheets where only `named` names are known; `missing` are those that rules asked for besides,
    and what no rule that stayed asks for."""

    def __init__(self, named: frozenset[str]) -> None:
        self.named = named
        self.missing: set[str] = set()

    def sheet(self, text: str) -> str:
        """The sheet, packed as it came, without what cannot match."""
        left = self._rules(tinycss2.parse_stylesheet(text, skip_comments=True))
        while (less := self._wanted(left)) != left:
            left = less
        self.missing -= set(re.findall(r"[\w-]+", left))
        return left

    def _rules(self, rules: Iterable[Any]) -> str:
        return "".join(map(self._rule, rules))

    def _rule(self, rule: Any) -> str:
        if isinstance(rule, css.QualifiedRule):
            selectors = [one for one in _split(rule.prelude) if self._lives(one)]
            body = _text(rule.content)
            return f"{','.join(map(_text, selectors))}{{{body}}}" if selectors and body else ""
        if rule.lower_at_keyword not in ("media", "supports"):
            return "" if rule.lower_at_keyword == "charset" else str(rule.serialize())
        inner = self._rules(tinycss2.parse_rule_list(rule.content, skip_comments=True))
        return f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{inner}}}" if inner else ""

    def _lives(self, selector: Sequence[Any]) -> bool:
        missing = set(self._asked(selector)) - self.named
        self.missing |= missing
        return not missing

    def _asked(self, selector: Sequence[Any]) -> Iterator[str]:
        """What an element that matches must bear, or one around or before it."""
        for before, token in zip([None, *selector], selector, strict=False):
            if isinstance(token, css.HashToken) or (
                isinstance(token, css.IdentToken) and before == "."
            ):
                yield token.value
            elif isinstance(token, css.SquareBracketsBlock):
                yield from _of_attribute(token.content)
            elif isinstance(token, css.FunctionBlock) and token.lower_name in _ANY:
                ways = [set(self._asked(one)) for one in _split(token.arguments)]
                yield from min(ways, key=lambda way: len(way - self.named))

    def _wanted(self, sheet: str) -> str:
        """The sheet without properties and movements that nothing names."""
        used = {*re.findall(r"var\(\s*(--[\w-]+)", sheet), *self.named}
        moves = " ".join(_MOVES.findall(sheet))

        def left(rules: Iterable[Any]) -> Iterator[str]:
            for rule in rules:
                if isinstance(rule, css.AtRule) and rule.lower_at_keyword.endswith("keyframes"):
                    if _text(rule.prelude) in moves:
                        yield rule.serialize()
                elif isinstance(rule, css.AtRule) and rule.lower_at_keyword in (
                    "media",
                    "supports",
                ):
                    inner = "".join(left(tinycss2.parse_rule_list(rule.content)))
                    yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{inner}}}"
                elif isinstance(rule, css.QualifiedRule):
                    yield self._declared(rule, used)
                else:
                    yield rule.serialize()

        return "".join(left(tinycss2.parse_stylesheet(sheet)))

    def _declared(self, rule: Any, used: set[str]) -> str:
        kept = []
        for one in tinycss2.parse_blocks_contents(rule.content):
            assert isinstance(one, css.Declaration), one
            if one.name.startswith("--") and one.name not in used:
                self.missing.add(one.name)
            else:
                kept.append(f"{one.name}:{_text(one.value)}{'!important' * one.important}")
        return f"{_text(rule.prelude)}{{{';'.join(kept)}}}" if kept else ""


def _of_attribute(content: Sequence[Any]) -> Iterator[str]:
    words = [t.value for t in content if isinstance(t, css.IdentToken | css.StringToken)]
    if words[0].startswith(_BY_PAGES):
        yield words[0]
        if (
            "primary" not in words[0]
            and "accent" not in words[0]
            and len(words) > 1
            and "=" in content
            and mkdocs_shell.names_of(words[1].encode())
        ):
            yield words[1]


def _split(tokens: Iterable[Any]) -> Iterator[list[Any]]:
    one: list[Any] = []
    for token in tokens:
        if token == ",":  # noqa: S105 - of a style sheet
            yield one
            one = []
        else:
            one.append(token)
    yield one


def _text(tokens: Iterable[Any]) -> str:
    return str(tinycss2.serialize(list(tokens))).strip()


if __name__ == "__main__":
    main()
