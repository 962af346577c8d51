"""The rules that an archive brings (``rules/aNN_*.py``), loaded from the bytes of its tree.

They are programs. Who looks at a stranger's archive runs none of it: only an archive's own
people do, by a word of theirs on the command line (docs/decisions/0069).
"""

import importlib
import sys
from collections.abc import Mapping, Sequence
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from types import ModuleType
from typing import Any, cast

from pipeline.errors import BrokenRule, Fault
from pipeline.law.rulebook import RULES, key_of, unique
from pipeline.model.findings import say
from pipeline.model.ids import sha256_of
from pipeline.model.law import Rule

OWN_PACKAGE = "sanshen_rules_"
"""Begins the name of a package that holds the rules of one tree; its digest follows."""
_allowed: list[bool] = []


def allow_own_rules() -> None:
    """From here on the rules of an archive's own run in this process."""
    _allowed.append(True)


def own_rules(files: Mapping[str, bytes], *, run: bool) -> dict[str, ModuleType | None]:
    """Article key → the archive's own rule of it; None instead where it is not to run.

    `files`: path → bytes of every Python file below ``rules/``. Raises Fault for one that is not
    named for an article or is not allowed to run here, BrokenRule for one that cannot be loaded.
    """
    names = {p.removeprefix(RULES): raw for p, raw in files.items()}
    stems = sorted({name.split("/")[0].removesuffix(".py") for name in names})
    modules = unique((key_of(stem), stem) for stem in stems)
    if not run:
        return dict.fromkeys(modules)
    digest = sha256_of(repr(sorted(names.items())).encode())
    if stems and not _allowed:
        raise Fault(
            say(
                "This archive brings rules of its own ({path}), and they are programs.", path=RULES
            ),
            say("Read them. To run what you trust, say so: `sanshen --own-rules …`."),
        )
    package = f"{OWN_PACKAGE}{digest}"
    if stems and package not in sys.modules:
        sys.meta_path.append(_Rules(package, names))
    return {key: _loaded(f"{package}.{stem}") for key, stem in modules.items()}


def _loaded(name: str) -> ModuleType:
    try:
        module = importlib.import_module(name)
        if not isinstance(module.RULE, Rule):
            raise TypeError("RULE")
    except (Exception, SystemExit) as error:
        raise BrokenRule(
            say(
                "The rule {name} of the archive cannot be loaded: {error}.",
                name=name.rpartition(".")[2],
                error=f"{type(error).__name__}: {error}",
            ),
        ) from error
    return module


class _Rules:
    """Finds and loads a package of modules that are bytes in memory, as `importlib.abc` has it,
    whose import takes longer than any run without such rules has for them."""

    def __init__(self, package: str, names: Mapping[str, bytes]) -> None:
        self._package, self._names = package, names

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] != self._package:
            return None
        ours = fullname == self._package or self._file(fullname) is not None
        return spec_from_loader(fullname, cast("Any", self)) if ours else None

    def is_package(self, fullname: str) -> bool:
        return fullname == self._package or self._file(fullname, package=True) is not None

    def get_source(self, fullname: str) -> str:
        raw = self._file(fullname, package=self.is_package(fullname))
        return (raw or b"").decode("utf-8")

    def create_module(self, spec: ModuleSpec) -> None:
        """The usual one."""

    def exec_module(self, module: ModuleType) -> None:
        name = module.__name__
        code = compile(self.get_source(name), f"<{name}>", "exec", dont_inherit=True)
        exec(code, module.__dict__)  # noqa: S102  # who runs them says so

    def _file(self, fullname: str, package: bool = False) -> bytes | None:
        stem = fullname.partition(".")[2].replace(".", "/")
        if not package and f"{stem}.py" in self._names:
            return self._names[f"{stem}.py"]
        return self._names.get(f"{stem}/__init__.py")
