"""What judges in a tree: the files that say so, and a digest over them."""

import hashlib

from pipeline.source.records import paths_under
from pipeline.source.tree import Tree

GOVERNING = ("content/registers/", "schemas/")
GOVERNING_FILES = ("content/policy.yml", "content/regulation.md")


def governance(tree: Tree) -> str:
    """sha256 (hex) over paths, modes and object ids of what judges: law, policy, registers."""
    paths = [p for folder in GOVERNING for p in paths_under(tree, folder)]
    paths += [p for p in GOVERNING_FILES if p in tree.files]
    blobs = ((p, tree.files[p]) for p in sorted(paths))
    rows = "\n".join(f"{p}:{b.mode}:{b.oid}" for p, b in blobs)
    return hashlib.sha256(rows.encode("utf-8", "surrogateescape")).hexdigest()


def governs(path: str) -> bool:
    """Whether a path is one of these."""
    return path.startswith(GOVERNING) or path in GOVERNING_FILES
