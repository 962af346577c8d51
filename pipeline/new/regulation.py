"""A regulation as one value, and the folder that holds it (docs/decisions/0070).

``regulation.md``, ``rules/``, ``schemas/``, and where it needs them ``wordings.yml``,
``instruments.yml`` and ``profile.yml``. The program's own regulation is such a folder, too.
"""

import json
import re
from collections.abc import Iterator, Mapping
from math import inf
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.errors import Fault, Misuse
from pipeline.judge.load_governance import Trusted, trust
from pipeline.law.program_law import IF_OWNED, KEYS, MORE_KEYS, PARAMETERS
from pipeline.law.rulebook import ARTICLE_SCHEMAS, REGULATION
from pipeline.model.findings import Message, say, say_names
from pipeline.model.law import Article, Rulebook, Unchecked, front_matter_schema, parameter_schemas
from pipeline.new.profiles import Profile, read_profile
from pipeline.source.content.paths import Files
from pipeline.source.content.registers import REGISTERS
from pipeline.source.program import shipped

_LISTS = ("wordings.yml", "instruments.yml")
_PROFILE = "profile.yml"
FILE = re.compile(
    r"rules/(a(\d\d|ff)_[a-z_]+(/[a-z_]+)?\.py|coverage\.md)"
    r"|schemas/(articles|records|registers|statements)/[a-z0-9_-]+\.json"
)


class Regulation(NamedTuple):
    """What founds an archive under a law."""

    files: Mapping[str, bytes]
    """Path in the archive → bytes: law, rules, schemas, and registers of its own."""
    profile: Profile = Profile()
    own: bool = False
    """It stands instead of the program's."""


def shipped_regulation() -> Regulation:
    """The program's, as an archive is held to it: none of it is carried but the text."""
    return Regulation({**shipped(REGULATION), **shipped(ARTICLE_SCHEMAS)})


def read_regulation(folder: Path) -> Regulation:
    """The regulation in a folder. Raises Misuse for a file that has no place in one."""
    held: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if "__pycache__" in name or (path.is_dir() and not path.is_symlink()):
            continue
        fits = name in ("regulation.md", _PROFILE, *_LISTS) or FILE.fullmatch(name)
        if not fits or path.is_symlink() or not path.is_file():
            raise Misuse(
                say("{path} has no place in a regulation.", path=name),
                say(
                    "It holds `regulation.md`, `rules/aNN_name.py`,"
                    " `schemas/articles/aNN_name.json`, and `wordings.yml`, `instruments.yml`,"
                    " `profile.yml` where it needs them."
                ),
            )
        held[name] = path.read_bytes()
    if "regulation.md" not in held:
        raise Misuse(
            say("There is no regulation here ({path}).", path=str(folder / "regulation.md")),
            say("Name the folder that holds it."),
        )
    profile = read_profile(_PROFILE, held.pop(_PROFILE)) if _PROFILE in held else Profile()
    if profile.instruments:
        raise Misuse(
            say("{path} lists instruments.", path=_PROFILE),
            say("List them in `instruments.yml` of the same folder."),
        )
    lists = {f"{REGISTERS}{name}": held.pop(name) for name in _LISTS if name in held}
    law = {REGULATION: held.pop("regulation.md")}
    return Regulation({**law, **lists, **held}, profile, own=True)


def refuse_unsound(tree: Files, shipped_tree: Files) -> None:
    """Raise Fault where an archive could not be judged under a law of its own: a clause without
    cases, a key that the program needs and no schema owns, or owns in another shape.

    `shipped_tree`: an archive under the program's regulation.
    """
    trusted = trust(tree)
    for article in trusted.rulebook.articles:
        for number in _lacking_cases(article):
            raise Fault(
                say(
                    "{module} tells no cases of clause {number}.",
                    module=article.module,
                    number=number,
                ),
                say(
                    "Write them below its line in the docstring: `accepted:`, `violated:`,"
                    " `boundary:`, `next:`."
                ),
            )
    own = front_matter_schema(trusted.rulebook)
    owned = own["properties"].keys() & {*own["required"]}
    if missing := [key for key in KEYS if key not in owned]:
        raise Fault(
            say(
                "No schema of the regulation owns and requires these keys of a post: `{keys}`.",
                keys=", ".join(missing),
            ),
            say("The program needs them: take their schemas from those of its own articles."),
        )
    theirs, shapes = (_read_by_name(each) for each in (trusted, trust(shipped_tree)))
    for name, schema in theirs.items():
        if not _fits(schema, shapes[name]):
            shape = json.dumps(shapes[name], ensure_ascii=False)
            raise Fault(
                say("`{name}` has another shape than the program reads.", name=name),
                say("Take its schema from the program's own articles: `{shape}`.", shape=shape),
            )


def left_to_people(rulebook: Rulebook) -> Iterator[Message]:
    """What a law of its own does without: articles that no rule checks, keys that no post has."""
    own = front_matter_schema(rulebook)["properties"]
    if rulebook.gaps:
        yield say("No rule checks {articles}.", articles=say_names(rulebook.gaps))
    if unowned := [key for key in MORE_KEYS if key not in own]:
        yield say("No schema owns these keys, which the program would show or heed: `{keys}`.",
                  keys=", ".join(unowned))  # fmt: skip


def _read_by_name(trusted: Trusted) -> dict[str, Mapping[str, Any]]:
    """Key or parameter → its schema, of those that the program reads by name."""
    rulebook, names = trusted.rulebook, {*KEYS, *MORE_KEYS, *PARAMETERS, *IF_OWNED}
    every = {**front_matter_schema(rulebook)["properties"], **parameter_schemas(rulebook)}
    return {name: every[name] for name in sorted(names & every.keys())}


def _lacking_cases(article: Article) -> Iterator[int]:
    for clause in article.rule.clauses if article.rule else ():
        if not isinstance(clause, Unchecked) and len(article.texts[clause.number].cases) < 4:
            yield clause.number


def _fits(own: Mapping[str, Any], shape: Mapping[str, Any]) -> bool:
    """Whether all that a schema accepts is what the program reads, as far as it can be compared."""
    parts = ("type", "format", "items", "properties")
    alike = all(_wordless(own.get(n)) == _wordless(shape.get(n)) for n in parts)
    alike &= own.get("minimum", -inf) >= shape.get("minimum", -inf)
    alike &= own.get("maximum", inf) <= shape.get("maximum", inf)
    return alike and set(own.get("enum", ())) <= set(shape.get("enum", own.get("enum", ())))


def _wordless(part: Any) -> Any:
    """A part of a schema without descriptions and examples, which are the bureau's own."""
    if not isinstance(part, Mapping):
        return part
    words = ("description", "examples")
    return {k: _wordless(v) for k, v in part.items() if k not in words or isinstance(v, Mapping)}
