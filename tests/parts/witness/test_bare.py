"""A bare repository that judges what is pushed to main: real pushes, over quarantined objects."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders.command import command_at
from tests.e2e.test_journey import BODY, ROLES, Bureau

ROOT = Path(__file__).parents[3]
STEPS = ("information-officer", "section-head", "leader-in-charge", "section-head")


class Office(Bureau):
    """A bureau whose archive was pushed to a bare repository that has the hook."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.server = home / "archive.git"
        self.run("git", "init", "-q", "--bare", "-b", "main", str(self.server))
        hook = self.server / "hooks/pre-receive"
        hook.write_bytes((ROOT / ".ci/pre-receive").read_bytes())
        hook.chmod(0o755)
        self.set_command(home / "sanshen")
        self.git("remote", "add", "origin", str(self.server))
        (home / "body.md").write_text(BODY)

    def set_command(self, command: Path) -> None:
        self.run("git", "-C", str(self.server), "config", "sanshen.command", str(command))

    def main(self) -> str:
        return self.run("git", "-C", str(self.server), "rev-parse", "main").strip()

    def draft(self, slug: str) -> str:
        """A draft on a branch of its own; its id."""
        self.git("switch", "-q", "-c", f"post/{slug}", "main")
        written = self.sanshen(
            "new", slug, "--kind", "tip", "--category", "3", "--topic", "disaster",
            "--account", "wechat", "--title", "进山不带火，三件事要记牢",
            "--summary", "森林防火期进山的三条提醒。", "--ai", "none",
            "--secrecy-reviewer", ROLES[0], "--body", str(self.home / "body.md"),
        )  # fmt: skip
        self.git("add", "content")
        self.git("commit", "-q", "-m", "起草")
        return Path(written.splitlines()[0]).parent.name

    def review(self, post: str) -> None:
        for number, role in enumerate(STEPS):
            verb = "confirm" if number == 3 else "approve"
            self.sanshen(verb, post, "--key", str(self.home / role), "--yes", "--commit")

    def refused(self, *refs: str) -> str:
        """What the server says when it takes nothing."""
        before = self.main()
        said = self.run("git", "push", "origin", *refs, code=1)
        assert self.main() == before
        return said


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    made = Office(tmp_path_factory.mktemp("office"))
    with command_at(made.home / "sanshen"):
        made.git("push", "-q", "origin", "main")
        yield made


@pytest.fixture(scope="module")
def reviewed(office: Office) -> str:
    """A branch with a post that was reviewed and confirmed; nothing of it is on main yet."""
    post = office.draft("forest-fire")
    office.git("push", "-q", "origin", "post/forest-fire")
    assert "还在等待审核" in office.refused("HEAD:main")
    office.review(post)
    return post


def test_a_reviewed_post_enters_main_by_one_merge_alone(office: Office, reviewed: str) -> None:
    """Its commits one by one would leave steps of main that no review covers."""
    assert "git merge --no-ff" in office.refused("post/forest-fire:main")
    office.git("switch", "-q", "main")
    office.git("merge", "-q", "--no-ff", "-m", f"并入 {reviewed}", "post/forest-fire")
    office.git("push", "-q", "origin", "main")
    assert office.main() == office.git("rev-parse", "main").strip()
    office.sanshen("audit")


def test_registers_changed_without_authorisation_are_refused(office: Office) -> None:
    office.git("switch", "-q", "-c", "policy", "origin/main")
    policy = office.folder / "content/policy.yml"
    policy.write_text(policy.read_text().replace("archive.example", "other.example"))
    office.git("commit", "-qam", "改网址")
    said = office.refused("HEAD:main")
    assert "有违反条款之处" in said
    assert "R13-7" in said


def test_main_is_neither_deleted_nor_rewritten(office: Office) -> None:
    assert "main 不能删除" in office.refused(":main")
    office.git("switch", "-q", "--orphan", "other")
    office.git("commit", "-q", "--allow-empty", "-m", "另起")
    assert "main 不能改写" in office.refused("--force", "HEAD:main")


def test_a_merge_the_wrong_way_round_is_refused(office: Office) -> None:
    """Main as it was would be a side branch of what was pushed."""
    tree = office.git("rev-parse", "origin/main^{tree}").strip()
    other = office.git("commit-tree", tree, "-m", "另起").strip()
    wrong = office.git("commit-tree", tree, "-p", other, "-p", "origin/main", "-m", "反").strip()
    assert "合并的方向反了" in office.refused(f"{wrong}:main")


@pytest.mark.parametrize("ref", ["refs/replace/" + "a" * 40, "refs/notes/commits"])
def test_only_branches_and_tags_are_taken(office: Office, ref: str) -> None:
    assert "不是分支" in office.refused(f"origin/main:{ref}")


def test_no_program_is_no_verdict(office: Office) -> None:
    office.set_command(office.home / "nothing")
    office.git("switch", "-q", "-C", "plain", "origin/main")
    office.git("commit", "-q", "--allow-empty", "-m", "空")
    assert "没有给出结论" in office.refused("HEAD:main")
    office.set_command(office.home / "sanshen")
