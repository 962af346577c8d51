"""The proposal of a branch: where a forge lies, what it is asked, what a person opens."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from pipeline.cli import calls as forge_calls
from pipeline.cli.calls import ForgeApi, asker
from pipeline.cli.forge_api import API_VERSION, Endpoint, Proposal, RemoteForge, Unanswered
from pipeline.cli.forges import forge_of, open_proposal, page_of
from pipeline.errors import Fault
from pipeline.model.findings import say
from tests.builders.exchanges import answers as recorded

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
    assert page_of(gitlab, "x/y z", "main").endswith("%5Bsource_branch%5D=x%2Fy%20z")
    assert page_of(RemoteForge("", "h", "a/b"), "x", "main") == "https://h/a/b"


GITHUB = RemoteForge("github", "github.com", "yunlan/archive")
NONE = Unanswered(say("{host} did not answer.", host="git.example"), None, "404")


def asks(*answers: Any) -> tuple[list[Any], Any]:
    """Calls that were made, and what makes them: it answers one after the other."""
    asked, left = list[Any](), list(answers)

    def ask(path: str, method: str, body: Any) -> Any:
        asked.append((path, method, body))
        answer = left.pop(0)
        if isinstance(answer, Fault):
            raise answer
        return answer

    return asked, ask


def row(ref: str, number: int, name: str = "yunlan/archive") -> dict[str, Any]:
    head = {"ref": ref, "repo": {"full_name": name}}
    return {"html_url": f"u/{number}", "state": "open", "head": head}


def test_one_that_is_open_already_is_the_answer() -> None:
    asked, ask = asks(
        [row("x", 0), row(PROPOSAL.branch, 9, "else/archive"), row(PROPOSAL.branch, 1)]
    )
    assert open_proposal(GITHUB, PROPOSAL, ask) == "u/1"
    assert [(method, path[:18]) for path, method, _ in asked] == [("GET", "/pulls?state=open&")]
    asked, ask = asks(row(PROPOSAL.branch, 1))
    assert open_proposal(HERE, PROPOSAL, ask) == "u/1"
    assert asked == [(f"/pulls/main/{PROPOSAL.branch}", "GET", None)]


@pytest.mark.parametrize(("forge", "none"), [(GITHUB, []), (HERE, NONE)])
def test_else_it_is_opened_for_main(forge: RemoteForge, none: Any) -> None:
    asked, ask = asks(none, {"html_url": "u/7"})
    assert open_proposal(forge, PROPOSAL, ask) == "u/7"
    stated = {"title": "冬季防火", "body": "", "head": PROPOSAL.branch, "base": "main"}
    assert asked[-1] == ("/pulls", "POST", stated)


def test_gitea_s_first_may_be_closed_while_another_is_open() -> None:
    """It answers the first of a branch, whatever became of it: then all pages are read."""
    closed = recorded("by-branch-closed-and-open")["/pulls/main/post/twice"]
    page = [row("x", n) for n in range(50)]
    one = replace(PROPOSAL, branch="post/twice")
    asked, ask = asks(closed, page, [row("post/twice", 51)])
    assert open_proposal(HERE, one, ask) == "u/51"
    assert [path for path, _, _ in asked[1:]] == [
        f"/pulls?state=open&limit=50&page={number}" for number in (1, 2)
    ]
    asked, ask = asks(closed, page, [], {"html_url": "u/60"})
    assert open_proposal(HERE, one, ask) == "u/60"


def test_more_than_fifty_are_open_and_the_branch_s_own_is_found() -> None:
    """As a server answered with 66 open, where `head=` filters nothing."""
    filtered, pages = recorded("more-than-fifty"), recorded("by-branch")
    assert len(filtered["/pulls?state=open&head=yunlan%3Amany%2F00&limit=50"]) == 50
    asked, ask = asks(pages["/pulls/main/post/twice"])
    assert open_proposal(HERE, replace(PROPOSAL, branch="post/twice"), ask).endswith("/pulls/2")
    assert len(asked) == 1


@pytest.mark.parametrize("why", ["403", "502", "no-network"])
def test_a_forge_that_does_not_answer_is_not_one_without_a_proposal(why: str) -> None:
    asked, ask = asks(Unanswered(NONE.message, None, why))
    with pytest.raises(Unanswered):
        open_proposal(HERE, PROPOSAL, ask)
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("forge", "answers"),
    [
        (GITHUB, [{"message": "no"}]), (GITHUB, [[], {}]), (GITHUB, [[{}]]), (GITHUB, [1]),
        (HERE, [{"message": "no"}]), (HERE, [NONE, {}]), (HERE, [[]]), (HERE, [None]),
        (HERE, [{"state": "closed"}, 3]), (HERE, [{"state": "closed"}, [{}]]),
    ],
)  # fmt: skip
def test_an_answer_of_another_shape_is_a_fault(forge: RemoteForge, answers: list[Any]) -> None:
    with pytest.raises(Fault):
        open_proposal(forge, PROPOSAL, asks(*answers)[1])


@pytest.mark.parametrize(
    ("shown", "why"),
    [("[]\n200", ""), ("\n204", ""), ("{}\n404", "404"), ("\n000", "no-network"),
     ("<html>\n200", "no-answer"), ("<html>\n502", "502"), ("x\n500", "500"),
     ("x\n400", "400"), ("\n301", "301"), ("", "no-network")],
)  # fmt: skip
def test_why_a_call_has_no_answer_is_told(
    monkeypatch: pytest.MonkeyPatch, shown: str, why: str
) -> None:
    given = []

    def run(_: Any, text: str = "") -> tuple[int, str]:
        given.append(text)
        return (7 if shown[-3:] in ("000", "") else 0), shown

    monkeypatch.setattr(forge_calls, "run", run)
    ask = ForgeApi("yunlan/archive", Endpoint("git.example", "api/v1/", "t")).ask
    if not why:
        assert ask("/pulls") in ([], None)
    else:
        with pytest.raises(Unanswered) as fault:
            ask("/pulls")
        assert fault.value.why == why
    assert "X-GitHub-Api-Version" not in given[0]
    with suppress(Unanswered):
        ForgeApi("yunlan/archive", Endpoint("api.github.com", "", "t", API_VERSION)).ask("/pulls")
    assert 'header = "X-GitHub-Api-Version: 2022-11-28"' in given[1]


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
    assert (caller.endpoint.host if isinstance(caller, ForgeApi) else "") == host
