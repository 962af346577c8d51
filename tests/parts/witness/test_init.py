"""`sanshen init --forge`: what an archive gets for the place where it will stand."""

from pathlib import Path

import pytest

from pipeline.source.content.text import read_yaml
from tests.builders.cast import ROOT
from tests.e2e.test_journey import ROLES, Bureau

WORKFLOWS = {f".github/workflows/{n}.yml" for n in ("audit", "knock", "publish", "verify")}
TEMPLATE = ".github/PULL_REQUEST_TEMPLATE.md"
UV = ".github/uv.txt"
POLL = (".ci/sanshen-poll.service", ".ci/sanshen-poll.timer")
HOOK = ".ci/pre-receive"
WITNESS = "--member=witness=KEY,witness@bureau.example"
GIVEN = {
    "": set[str](),
    "github": {*WORKFLOWS, TEMPLATE, UV},
    "gitea": {TEMPLATE, *POLL},
    "bare": {HOOK},
}


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Bureau:
    made = Bureau(tmp_path_factory.mktemp("bureau"))
    made.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(made.home / "witness"))
    return made


def stated(folder: Path) -> tuple[list[str], str]:
    """The steps that may be witnessed, and the forge, as the policy of an archive states them."""
    policy = read_yaml("policy.yml", (folder / "content/policy.yml").read_bytes()).value
    values = {n: rows[-1]["value"] for n, rows in policy["parameters"].items()}
    return values.get("review.witnessed_steps", []), values.get("review.forge", "")


@pytest.mark.parametrize("forge", GIVEN)
def test_an_archive_gets_what_its_forge_needs(bureau: Bureau, tmp_path: Path, forge: str) -> None:
    folder = tmp_path / "archive"
    bureau.found(folder, *(("--forge", forge) if forge else ()))
    every = bureau.run("git", "ls-files", folder=folder).split()
    assert {path for path in every if path.startswith((".ci/", ".github/"))} == GIVEN[forge]
    own = {TEMPLATE: f".{forge}/PULL_REQUEST_TEMPLATE.md"}
    assert {
        (folder / path).read_bytes() == (ROOT / own.get(path, path)).read_bytes()
        for path in GIVEN[forge]
    } <= {True}
    assert 15 <= len(every) <= 60
    assert [path for path in every if path.endswith(".py")] == []
    assert stated(folder) == ([], ""), "nothing is witnessed without a witness"
    bureau.sanshen("verify", folder=folder)


@pytest.mark.parametrize(
    ("forge", "names", "foreign"),
    [
        ("gitea", ("文件变动", "评审", "通过", "请求变更"), ("Approve", "changes", "稿件预览")),
        ("github", ("Files changed", "Review changes", "Approve", "稿件预览"), ("文件变动",)),
    ],
)
def test_the_text_of_a_proposal_names_the_buttons_of_its_forge(
    forge: str, names: tuple[str, ...], foreign: tuple[str, ...]
) -> None:
    text = (ROOT / f".{forge}/PULL_REQUEST_TEMPLATE.md").read_text("utf-8")
    assert [name for name in names if name not in text] == []
    assert [name for name in foreign if name in text] == []
    assert "`sanshen approve`" in text and "`sanshen confirm`" in text


@pytest.mark.parametrize(
    ("forge", "steps", "named"),
    [
        (("bare",), [], ""),
        (("github",), ["first", "second"], ""),
        (("gitea", "--forge-id", "git.example:3000/7"), ["first", "second"], "git.example:3000/7"),
    ],
)
def test_the_first_two_steps_may_be_witnessed_where_reviews_name_a_commit(
    bureau: Bureau, tmp_path: Path, forge: tuple[str, ...], steps: list[str], named: str
) -> None:
    folder = tmp_path / "archive"
    witness = WITNESS.replace("KEY", f"{bureau.home / 'witness'}.pub")
    bureau.found(folder, "--forge", *forge, witness)
    assert stated(folder) == (steps, named)


def test_a_forge_id_that_names_no_repository_founds_nothing(bureau: Bureau, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    members = [f"--member={r}={bureau.home / r}.pub,{r}@bureau.example" for r in (
        "information-officer", "section-head", "leader-in-charge", "operator")]  # fmt: skip
    bureau.sanshen(
        "init", str(folder), "--id", "x", "--unit", "测试局", *members,
        "--member=writer=,w@b.example", WITNESS.replace("KEY", f"{bureau.home / 'witness'}.pub"),
        "--forge", "github", "--forge-id", "yunlan/archive", folder=bureau.home, code=1,
    )  # fmt: skip
    assert not folder.exists()


def test_members_come_with_their_accounts(bureau: Bureau, tmp_path: Path) -> None:
    folder, key = tmp_path / "archive", bureau.home / ROLES[0]
    members = [f"--member={r}={bureau.home / r}.pub,{r}@bureau.example" for r in ROLES[1:]]
    who = f"--member={ROLES[0]}={key}.pub,a@b.example,GitHub.com:101"
    more = ("--member=writer=,w@b.example", "--forge", "github", "--forge-id", "github.com/7")
    named = ("--id", "x", "--unit", "测试局")
    bureau.sanshen("init", str(folder), *named, who, *members, *more, folder=bureau.home)
    path = folder / "content/registers/roster.yml"
    (row,) = read_yaml("roster.yml", path.read_bytes()).value["forge_accounts"]
    assert (row["person"], row["forge"], row["id"]) == (ROLES[0], "github.com", 101)
    bureau.sanshen("verify", folder=folder)
    who = who.replace("GitHub.com:101", "github.com")
    bureau.sanshen(
        "init", str(tmp_path / "b"), *named, who, *members, *more, folder=bureau.home, code=2
    )
