"""What is an id says which: no parameter or field of these names is a bare string."""

import ast
import typing
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.model import ids

ROOT = Path(__file__).parents[1]
TYPE_OF = {
    "person": "PersonId", "reviewer": "PersonId", "delegator": "PersonId", "delegate": "PersonId",
    "operator": "PersonId", "custodian": "PersonId", "account": "AccountId", "post": "PostId",
    "post_id": "PostId", "commit": "CommitId", "branch": "BranchName", "clause": "ClauseId",
    "clause_id": "ClauseId", "digest": "Digest", "sha256": "Digest", "roster_digest": "Digest",
    "regulation_digest": "Digest", "manifest_digest": "Digest", "article_digest": "Digest",
    "wheel_sha256": "Digest",
}  # fmt: skip
"""Name of a parameter or field → its type, where it is a string."""
OTHER = {
    ("pipeline/cli/render.py", "post"),  # what a person types: an id, a part of one, or a path
    ("pipeline/cli/submit.py", "post"),
    ("pipeline/cli/forge_api.py", "account"),  # the address at which a forge tells of one
    ("pipeline/evidence/log/merkle.py", "post"),
    ("pipeline/cli/explain.py", "clause"),  # what a person types
    ("pipeline/sign/acts/waive.py", "clause"),
    ("pipeline/parts/exceptions/pages.py", "clause"),
    ("pipeline/parts/wechat/problems.py", "digest"),  # WeChat's word for a summary
    ("pipeline/site/frame/mkdocs_shell.py", "digest"),  # a part of one, in an address
}
"""(file, name) where the name means something else."""


def _named(tree: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.arg) and node.annotation:
            yield node.arg, node.annotation
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id, node.annotation


def _bare(source: str) -> set[str]:
    """Names of `TYPE_OF` whose annotation has a bare ``str`` for itself."""
    wrong = {("str",), ("None", "str")}
    given = ((n, tuple(sorted(ast.unparse(a).split(" | ")))) for n, a in _named(ast.parse(source)))
    return {name for name, parts in given if name in TYPE_OF and parts in wrong}


def test_no_id_is_a_bare_string() -> None:
    found = {
        (path.relative_to(ROOT).as_posix(), name)
        for path in sorted((ROOT / "pipeline").rglob("*.py"))
        for name in _bare(path.read_text("utf-8"))
    }
    assert found == OTHER


@pytest.mark.parametrize(
    ("source", "bare"),
    [
        ("def f(post: str, other: str) -> None: ...", {"post"}),
        ("def f(*, commit: str | None = None) -> None: ...", {"commit"}),
        ("class A:\n    branch: str = ''", {"branch"}),
        ("def f(post: PostId, person: Person, commit: CommitId | None) -> None: ...", set()),
        ("lambda post: post", set()),
    ],
)
def test_a_bare_string_is_seen(source: str, bare: set[str]) -> None:
    assert _bare(source) == bare


def test_an_id_is_a_string_when_the_program_runs() -> None:
    kinds = {n: k for n, k in vars(ids).items() if isinstance(k, typing.NewType)}
    assert set(TYPE_OF.values()) <= kinds.keys()
    for kind in kinds.values():
        text = "a"
        assert kind(text) is text
