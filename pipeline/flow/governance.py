"""What judges in a tree: the files that say so, and a digest over them."""

import hashlib
from collections.abc import Iterator

from pipeline.carried import RULES, Rows, carried_rules
from pipeline.model.findings import Effect, Finding, Location, say
from pipeline.model.law import Rulebook
from pipeline.source.places import Files
from pipeline.source.records import paths_under
from pipeline.source.tree import Tree

GOVERNING = ("content/registers/", "schemas/", RULES)
GOVERNING_FILES = ("content/policy.yml", "content/regulation.md")


def governance(tree: Tree) -> str:
    """sha256 (hex) over paths, modes and object ids of what judges: law, policy, registers."""
    paths = [p for folder in GOVERNING for p in paths_under(tree, folder)]
    paths += [p for p in GOVERNING_FILES if p in tree.files]
    blobs = ((p, tree.files[p]) for p in sorted(paths))
    rows = "\n".join(f"{p}:{b.mode}:{b.oid}" for p, b in blobs)
    return hashlib.sha256(rows.encode("utf-8", "surrogateescape")).hexdigest()


def rules_of(tree: Files) -> dict[str, Rows] | None:
    """The rules that a tree carries, by article; None when it carries no program."""
    paths = paths_under(tree, RULES)
    return carried_rules({p: tree.files[p].oid for p in paths}) if paths else None


def rules_gone(before: Tree, after: Tree, law: Rulebook, next_law: Rulebook) -> Iterator[Finding]:
    """Articles whose rule a change takes away: no program could judge history without it (0024)."""
    left = rules_of(after)
    gone = _enforced(law) - _enforced(next_law)
    if left is not None:
        gone |= (rules_of(before) or {}).keys() - left.keys()
    for key in sorted(gone):
        message = say("The rule of article {key} is taken away.", key=key)
        remedy = say(
            "Restore rule and schema: history is judged by them. One that asks nothing any more"
            " keeps its files, with `Unchecked` for its clauses."
        )
        yield Finding("R13-7", Effect.REFUSE, message, Location(RULES.rstrip("/")), remedy)


def _enforced(law: Rulebook) -> set[str]:
    return {article.key for article in law.articles if article.rule}


def governs(path: str) -> bool:
    """Whether a path is one of these."""
    return path.startswith(GOVERNING) or path in GOVERNING_FILES
