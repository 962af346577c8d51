"""Reviewers commit their own records to a branch that a forge's button squashes into one commit."""

from pathlib import Path

from tests.e2e.test_journey import BODY, ROLES, Bureau

STEPS = ("information-officer", "section-head", "leader-in-charge", "section-head")


def _acts(bureau: Bureau, role: str) -> None:
    for who in ("AUTHOR", "COMMITTER"):
        bureau.environment[f"GIT_{who}_NAME"] = role
        bureau.environment[f"GIT_{who}_EMAIL"] = f"{role}@bureau.example"


def test_a_squash_with_co_authors_verifies_audits_and_builds(tmp_path: Path) -> None:
    bureau = Bureau(tmp_path)
    (tmp_path / "body.md").write_text(BODY)
    bureau.git("checkout", "-q", "-b", "post/forest")
    facts = ("--kind", "tip", "--category", "3", "--topic", "disaster", "--account", "wechat")
    words = ("--title", "进山不带火，三件事要记牢", "--summary", "森林防火期进山的三条提醒。")
    reviewed = ("--secrecy-reviewer", ROLES[0], "--body", str(tmp_path / "body.md"))
    written = bureau.sanshen("new", "forest-fire", *words, *facts, *reviewed)
    post = Path(written.splitlines()[0]).parent.name
    bureau.git("add", "content")
    bureau.git("commit", "-q", "-m", "起草")
    for number, role in enumerate(STEPS):
        _acts(bureau, role)
        verb = "confirm" if number == 3 else "approve"
        bureau.sanshen(verb, post, "--key", str(tmp_path / role), "--yes", "--commit")
    bureau.sanshen("verify", "--base", "main")

    _acts(bureau, "writer")
    bureau.git("checkout", "-q", "main")
    bureau.git("merge", "-q", "--squash", "post/forest")
    trailers = "".join(f"Co-authored-by: {r} <{r}@bureau.example>\n" for r in dict.fromkeys(STEPS))
    bureau.git("commit", "-q", "-m", f"进山不带火 (#1)\n\n* 起草\n\n* 审核\n\n{trailers}")

    bureau.sanshen("verify", "--base", "HEAD~1", "--head", "HEAD")
    bureau.sanshen("verify")
    bureau.sanshen("audit")
    bureau.sanshen("build")
    assert (bureau.folder / "build/site/posts" / post[:4] / post / "index.html").is_file()
