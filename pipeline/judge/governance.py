"""What judges in a tree: the files that say so, and a digest over them."""

import hashlib
from collections.abc import Iterable, Iterator

from pipeline.law.rulebook import RULES, Rows, carried_rules, git_id
from pipeline.model.findings import Effect, Finding, Location, say
from pipeline.model.law import Rulebook
from pipeline.model.registers import Registers
from pipeline.source.content.post_paths import Files
from pipeline.source.content.records import REVIEWS, paths_under
from pipeline.source.git.tree import Tree
from pipeline.source.git.tree_listing import REGULAR

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
    blobs = {p: tree.files[p] for p in paths_under(tree, RULES)}
    regular = {p: b.oid or git_id(tree.read(p)) for p, b in blobs.items() if b.mode in REGULAR}
    return carried_rules(regular) if regular else None


def log_renamed(before: Registers, after: Registers, files: Iterable[str]) -> Iterator[Finding]:
    """A new address by which the log would lose its name, where there are reviews already.

    No site that readers know could go on: a checkpoint is of one log (C2SP tlog-checkpoint).
    """
    old, new = before.policy.log_name, after.policy.log_name
    stated = "log" in after.policy.archive
    if old != new and not stated and any(p.startswith(REVIEWS) for p in files):
        message = say("With the new address the publication log would lose its name.")
        remedy = say("State under `archive`: `log: {old}`. Readers who kept a checkpoint go on with"
                     " it.", old=old)  # fmt: skip
        place = after.policy.document.locate("archive", "url")
        yield Finding("R13-7", Effect.REFUSE, message, place, remedy)


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
