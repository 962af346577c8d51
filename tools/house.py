"""Count the house: ``python -m tools.house [MODULE…]``.

It prints code lines, the arrows from the kernel into parts, and what one head must hold: the import
closure of what is changed. A text ``"pipeline.x.y:function"`` counts as an import, for it is loaded
when it is called (docs/decisions/0073). Blanks, comments and docstrings are no code.
"""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

OUTSIDE = ("pipeline.parts", "pipeline.rules", "pipeline.program", "pipeline.__main__")
"""What is no part of the kernel begins with one of these."""
HEADS = {
    "the judge": ("pipeline.judge", 12_000),
    "verify_site": ("pipeline.parts.verify_site", 8_000),
    "a page of the desk": ("pipeline.parts.desk.write_page", 9_000),
    "a page of the site": ("pipeline.parts.alerts", 5_000),
    "a clause": ("pipeline.rules.a14_account_safety", 3_800),
    "a channel": ("pipeline.parts.wechat", 2_650),
    "a forge": ("pipeline.parts.gitea", 710),
}
"""Who changes it → package or module, and the most code lines it may reach."""
NAMED = re.compile(r"(pipeline(?:\.\w+)+)(?::\w+)?")
NO_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}


class House:
    """The modules below a folder, with their code lines and what each imports."""

    def __init__(self, root: Path) -> None:
        self._texts: dict[str, tuple[str, ast.Module]] = {}
        self._imports: dict[str, set[str]] = {}
        for path in sorted((root / "pipeline").rglob("*.py")):
            name = ".".join(path.relative_to(root).with_suffix("").parts)
            module, text = name.removesuffix(".__init__"), path.read_text("utf-8")
            tree = ast.parse(text)
            self._texts[module] = text, tree
            self._imports[module] = set(_imported(module, name != module, tree))

    @cached_property
    def lines(self) -> dict[str, int]:
        """Module → its code lines; to count them takes three times as long as to read imports."""
        return {module: _code_lines(*read) for module, read in self._texts.items()}

    @cached_property
    def imports(self) -> dict[str, set[str]]:
        return {module: names & self._imports.keys() for module, names in self._imports.items()}

    def closure(self, name: str) -> set[str]:
        """All that a package or module reaches by imports, itself included."""
        seen: set[str] = set()
        waiting = [m for m in self._imports if m == name or m.startswith(f"{name}.")]
        while waiting:
            module = waiting.pop()
            if module not in seen:
                seen.add(module)
                waiting += self.imports[module]
        return seen

    def held(self, name: str) -> int:
        """Code lines of a closure."""
        return sum(self.lines[module] for module in self.closure(name))

    def arrows(self) -> Iterator[tuple[str, str]]:
        """(kernel module, module of a part) of every import from the one into the other."""
        for module, names in self.imports.items():
            if not module.startswith(OUTSIDE):
                yield from ((module, n) for n in sorted(names) if n.startswith("pipeline.parts."))


def _code_lines(text: str, tree: ast.Module) -> int:
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in NO_CODE:
            lines.update(range(token.start[0], token.end[0] + 1))
    return len(lines - set(_documented(tree)))


def _documented(tree: ast.Module) -> Iterator[int]:
    """The lines of docstrings."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and _is_text(first.value):
                yield from range(first.lineno, (first.end_lineno or first.lineno) + 1)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _imported(module: str, package: bool, tree: ast.Module) -> Iterator[str]:
    parts = module.split(".")
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = (parts if package else parts[:-1])[: len(parts) - node.level + package]
                base = ".".join([*above, base] if base else above)
            yield from (base, *(f"{base}.{alias.name}" for alias in node.names))
        elif isinstance(node, ast.Constant) and (match := NAMED.fullmatch(str(node.value))):
            yield match[1]


def main(asked: Iterable[str], house: House) -> None:
    """Print the count."""
    print(f"pipeline: {sum(house.lines.values())} code lines in {len(house.lines)} modules")
    arrows = list(house.arrows())
    print(f"arrows from the kernel into parts: {len(arrows)}")
    for kernel, part in arrows:
        print(f"  {kernel} -> {part}")
    for what, (name, most) in {n: (n, 0) for n in asked}.items() or HEADS.items():
        print(f"held by who changes {what}: {house.held(name)}" + (f" of {most}" if most else ""))


if __name__ == "__main__":
    main(sys.argv[1:], House(Path()))
