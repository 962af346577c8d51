"""The proposal of a branch: where a forge lies, what it is asked, what a person opens."""

from typing import Any

import pytest

from pipeline.cli.forge_calls import Gitea, asker
from pipeline.errors import Fault
from pipeline.forge.proposals import Proposal, RemoteForge, forge_of, open_proposal

PROPOSAL = Proposal("2026-11-05-fire", "main", "冬季防火")
HERE = RemoteForge("gitea", "git.example", "yunlan/archive")


@pytest.mark.parametrize(
    ("url", "kind", "forge"),
    [
        ("https://github.com/yunlan/archive.git", "", ("github", "github.com", "yunlan/archive")),
        ("git@gitlab.example:a/b/archive.git", "", ("gitlab", "gitlab.example", "a/b/archive")),
        ("ssh://git@git.example:2222/yunlan/archive/", "gitea",
         ("gitea", "git.example", "yunlan/archive")),
        ("https://u:secret@Git.example:3000/yunlan/archive", "gitea",
         ("gitea", "git.example:3000", "yunlan/archive")),
        ("https://code.example/yunlan/archive", "", ("", "code.example", "yunlan/archive")),
    ],
)  # fmt: skip
def test_a_remote_s_address_names_its_forge_and_no_password(
    url: str, kind: str, forge: tuple[str, str, str]
) -> None:
    assert forge_of(url, kind) == RemoteForge(*forge)


@pytest.mark.parametrize(
    "url",
    ["/srv/archive.git", "../archive", "file:///srv/archive.git", "git@host:archive.git",
     "https://host/a b/c", "https:///x/y", 'git@h"ost:a/b', "C:\\archive", ""],
)  # fmt: skip
def test_a_path_and_what_is_no_repository_of_a_forge_have_none(url: str) -> None:
    assert forge_of(url) is None


def test_the_page_of_a_branch_keeps_its_name_whole() -> None:
    gitlab = RemoteForge("gitlab", "h", "a/b")
    assert gitlab.page("x/y z", "main").endswith("%5Bsource_branch%5D=x%2Fy%20z")
    assert RemoteForge("", "h", "a/b").page("x", "main") == "https://h/a/b"


def answers(opened: Any, made: Any = None) -> tuple[list[Any], Any]:
    asked: list[Any] = []

    def ask(path: str, method: str, body: Any) -> Any:
        asked.append((path, method, body))
        return opened if method == "GET" else made

    return asked, ask


def test_one_that_is_open_already_is_the_answer() -> None:
    rows = [
        {"html_url": f"u/{n}", "head": {"ref": ref}} for n, ref in enumerate(("x", PROPOSAL.branch))
    ]
    asked, ask = answers(rows)
    assert open_proposal(HERE, PROPOSAL, ask) == "u/1"
    assert [(method, path[:18]) for path, method, _ in asked] == [("GET", "/pulls?state=open&")]


def test_else_it_is_opened_for_main() -> None:
    asked, ask = answers([], {"html_url": "u/7"})
    assert open_proposal(HERE, PROPOSAL, ask) == "u/7"
    stated = {"title": "冬季防火", "body": "", "head": PROPOSAL.branch, "base": "main"}
    assert asked[1] == ("/pulls", "POST", stated)


@pytest.mark.parametrize(
    ("opened", "made"), [({"message": "no"}, None), ([], {}), ([{}], {}), (1, {})]
)
def test_an_answer_of_another_shape_is_a_fault(opened: Any, made: Any) -> None:
    with pytest.raises(Fault):
        open_proposal(HERE, PROPOSAL, answers(opened, made)[1])


@pytest.mark.parametrize(
    ("forge", "environment", "host"),
    [
        (HERE, {"GITEA_TOKEN": "t", "GH_TOKEN": "g"}, "git.example"),
        (HERE, {"GH_TOKEN": "g"}, ""),
        (RemoteForge("github", "github.com", "a/b"), {"GITHUB_TOKEN": "g"}, "api.github.com"),
        (RemoteForge("github", "github.evil.example", "a/b"), {"GH_TOKEN": "g"}, ""),
        (RemoteForge("github", "github.own", "a/b"), {"GH_TOKEN": "g", "GH_HOST": "github.own"},
         "github.own"),
        (RemoteForge("", "git.example", "a/b"), {"GITEA_TOKEN": "t", "GH_TOKEN": "g"}, ""),
    ],
)  # fmt: skip
def test_a_token_goes_to_the_forge_it_is_for_and_to_no_other(
    forge: RemoteForge, environment: dict[str, str], host: str
) -> None:
    ask = asker(forge, environment)
    caller = getattr(ask, "__self__", None)
    assert (caller.host if isinstance(caller, Gitea) else "") == host
