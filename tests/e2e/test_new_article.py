"""An archive outlives its program: an article more, and history still passes (0024)."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.builders.command import ours
from tests.builders.fixtures import shared
from tests.e2e.pasted import block, environment, paste

RULE = '''"""Article 19: calm titles (第十九条).

1. Few exclamation marks in a title. | Human: whether the tone is right.
{more}"""

from collections.abc import Iterator

from pipeline.model.archive import Archive
from pipeline.model.findings import Complaint, Effect, say
from pipeline.model.law import ItemClause, Rule
from pipeline.model.posts import Post


def calm(key: str, post: Post, archive: Archive) -> Iterator[Complaint]:
    if post.meta[key].count("！") > archive.registers.parameter(f"calm.{{key}}", archive.today):
        yield Complaint(Effect.REFUSE, say("It shouts."), post.at(key), say("Say it calmly."))


RULE = Rule(({clauses}))
'''
CLAUSE = 'ItemClause({n}, lambda post, archive: calm("{key}", post, archive), ("{key}",)), '
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "urn:sanshen:article:19",
    "title": "Article 19: calm titles",
    "type": "object",
    "properties": {"front_matter": {"type": "object", "properties": {}, "required": []}},
}
SETTING = """  calm.{key}:
    - value: 1
      unit: "个"
      source: "[D] 自定"
      effective_from: "2026-01-01"
{ahead}"""


class Bureau:
    """The archive of README.md's walk-through, with the keys of everybody in it."""

    def __init__(self, home: Path, before: Path) -> None:
        """One in a folder to be made, a copy of what lies in another."""
        shutil.copytree(before, home, ignore=shutil.ignore_patterns("build", "bytecode"))
        self.folder = home / "archive"
        # Bytecode of the archive's own program is kept, and lies nowhere in the archive.
        cache = {"PYTHONPYCACHEPREFIX": str(home / "bytecode")}
        self.environment = environment(home / "home") | cache

    def program(
        self, *arguments: str, own: bool = False, at: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """The command, by the program that founded the archive, by the archive's `own`, or by the
        one that lies `at` a folder."""
        told = ["-C", str(self.folder), "--lang", "en", *arguments]
        if not (own or at):
            return ours(told, str(self.folder), self.environment)
        run = [sys.executable, "-m", "pipeline", *told]
        return subprocess.run(
            run, cwd=at or self.folder, env=self.environment,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    def git(self, *arguments: str) -> None:
        subprocess.run(
            ["git", *arguments], cwd=self.folder, env=self.environment, check=True, timeout=60,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip

    def head(self) -> str:
        """The commit of main."""
        return (self.folder / ".git/refs/heads/main").read_text("utf-8").strip()

    def commit(self, branch: str) -> None:
        """Commit what lies there to a new branch."""
        self.git("switch", "--quiet", "--create", branch)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", branch)

    def propose(self, branch: str, **by: bool) -> None:
        """The same, with the consent of both who must."""
        self.commit(branch)
        for role in ("section-head", "leader-in-charge"):
            told = ("--reason", branch, "--key", f"../keys/{role}", "--yes", "--commit")
            done = self.program("authorise", *told, **by)
            assert done.returncode == 0, done.stderr

    def merge(self, branch: str, **by: bool) -> None:
        judged = self.program("verify", "--base", "main", "--head", branch, **by)
        assert judged.returncode == 0, judged.stdout + judged.stderr
        self.git("switch", "--quiet", "main")
        self.git("merge", "--quiet", "--squash", branch)
        self.git("commit", "--quiet", "--message", branch)

    def append(self, path: str, text: str, before: str = "") -> None:
        file = self.folder / path
        old = file.read_text("utf-8")
        file.write_text(old.replace(before, text + before, 1) if before else old + text, "utf-8")

    def rule(self, *keys: str) -> None:
        """Write the nineteenth rule and its schema, a clause for every key."""
        lines = ["", "2. The same in a summary. | Human: the same.\n"][: len(keys)]
        clauses = "".join(CLAUSE.format(n=n, key=k) for n, k in enumerate(keys, 1))
        rule = RULE.format(more="".join(lines), clauses=clauses)
        (self.folder / "pipeline/rules/a19_calm_titles.py").write_text(rule, "utf-8")
        about = {"unit": "个", "source": "[D] 自定", "description": "At most.", "default": 1}
        parts = {f"calm.{key}": {"type": "integer", **about} for key in keys}
        properties = SCHEMA["properties"] | {"parameters": {"type": "object", "properties": parts}}
        schema = json.dumps(SCHEMA | {"properties": properties}, ensure_ascii=False)
        (self.folder / "schemas/articles/a19_calm_titles.json").write_text(schema, "utf-8")


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory, walked: Path) -> Bureau:
    """An archive to which an article came, and later a clause."""
    grown = shared(tmp_path_factory, "nineteen", lambda home: _grow(Bureau(home, walked)))
    return Bureau(tmp_path_factory.mktemp("nineteen") / "home", grown)


def _grow(made: Bureau) -> None:
    made.append("content/regulation.md", "\n### 第十九条\n\n标题平实。\n", "\n### 附件")
    for key in ("title", "summary"):
        made.append("content/policy.yml", SETTING.format(key=key, ahead="      ahead: true\n"))
    made.propose("law")
    made.merge("law")
    made.rule("title")
    made.propose("rule")
    made.merge("rule")
    made.rule("title", "summary")
    made.propose("clause", own=True)
    made.merge("clause", own=True)


@pytest.mark.parametrize("command", ["verify", "audit", "build"])
def test_what_stood_before_the_article_passes(bureau: Bureau, command: str) -> None:
    done = bureau.program(command, own=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_comes_after_is_held_to_it(bureau: Bureau) -> None:
    post = next((bureau.folder / "content/posts").glob("*/*"))
    draft, before = post / "post.md", (post / "post.md").read_bytes()
    draft.write_bytes(before.replace("三件事".encode(), "三件事！！".encode(), 1))
    done = bureau.program("check", post.name, "--format", "json", own=True)
    draft.write_bytes(before)
    verdicts = json.loads(done.stdout)["verdicts"]
    told = {f["clause"]: f["message"] for v in verdicts for f in v["findings"]}
    assert told["R19-1"] == "It shouts." and "R19-2" not in told


@pytest.mark.parametrize(
    "command",
    ["verify", "check", "status", "new statistics --account wechat --reads 1 --followers 2"],
)
def test_a_program_older_than_the_archive_says_so(bureau: Bureau, command: str) -> None:
    done = bureau.program(*command.split())
    assert done.returncode == 1 and "This program is older than the archive" in done.stderr
    assert "make install" in done.stderr


def test_a_newer_program_judges_a_working_tree_by_what_the_tree_can_know(bureau: Bureau) -> None:
    """As it does commits: the number of the clause that came last is not in the policy yet."""
    newest = "pipeline/rules/a19_calm_titles.py"
    program = (bureau.folder / newest).read_bytes()
    bureau.git("checkout", "--quiet", "HEAD~1", "--", "content", "schemas", "pipeline")
    older = (bureau.folder / newest).read_bytes()
    assert older != program
    ran = bureau.folder.parent / "newer"
    shutil.copytree(bureau.folder / "pipeline", ran / "pipeline")
    (ran / newest).write_bytes(program)
    done = bureau.program("check", at=ran)
    bureau.git("checkout", "--quiet", "HEAD", "--", "content", "schemas", "pipeline")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_number_without_a_rule_is_a_slip_unless_it_says_so(bureau: Bureau) -> None:
    bureau.append("content/policy.yml", SETTING.format(key="body", ahead=""))
    bureau.commit("slip")
    done = bureau.program("verify", "--base", "main", own=True)
    bureau.git("switch", "--quiet", "main")
    assert done.returncode == 11
    assert "The policy states a parameter that no article owns: calm.body." in done.stdout


@pytest.mark.parametrize("left", ["nothing", "rule"])
def test_the_rule_of_an_article_is_not_taken_away(bureau: Bureau, left: str) -> None:
    os.remove(bureau.folder / "schemas/articles/a19_calm_titles.json")
    if left == "nothing":
        os.remove(bureau.folder / "pipeline/rules/a19_calm_titles.py")
    bureau.commit(f"without-{left}")
    bureau.git("switch", "--quiet", "main")
    done = bureau.program("verify", "--base", "main", "--head", f"without-{left}", own=True)
    assert done.returncode == 11, done.stderr
    said = "has a rule without a schema" if left == "rule" else "The rule of article 19 is taken"
    assert said in done.stdout


@pytest.fixture
def product(bureau: Bureau, tmp_path: Path) -> Path:
    """The product's repository: the version that founded the archive, and a newer one."""
    folder = tmp_path / "product"

    def git(*arguments: str) -> None:
        subprocess.run(["git", "-C", str(folder), *arguments], env=bureau.environment, check=True)

    first = ["git", "rev-list", "--max-parents=0", "main"]
    found = subprocess.run(first, cwd=bureau.folder, capture_output=True, text=True, check=True)
    shutil.copytree(bureau.folder / ".git", folder / ".git")
    git("checkout", "--quiet", "--force", found.stdout.strip())
    git("tag", "v0.1.0")
    for path in ("pipeline/__init__.py", "mkdocs.yml", ".github/workflows/audit.yml"):
        with (folder / path).open("a", encoding="utf-8") as file:
            file.write("# newer\n")
    (folder / "docs/fuzzing.md").unlink()
    git("commit", "--quiet", "--all", "--message", "newer")
    git("tag", "v0.2.0")
    return folder


def test_a_newer_version_comes_beside_what_the_bureau_has(bureau: Bureau, product: Path) -> None:
    env = bureau.environment | {"SANSHEN": str(product)}
    merge = "git switch -q main && git merge -q --squash upgrade-rules && git commit -q -m rules\n"
    blocks = (block("docs/engineer.md", name) for name in ("upgrade", "upgrade-rest"))
    before = bureau.head()
    done = paste(merge.join(blocks), bureau.folder, env)
    assert done.returncode == 0, done.stderr
    assert (bureau.folder / "pipeline/__init__.py").read_text("utf-8").endswith("# newer\n")
    assert (bureau.folder / "pipeline/rules/a19_calm_titles.py").exists()
    assert not (bureau.folder / "docs/fuzzing.md").exists()
    for branch, base, code in (
        ("rules", before, 10),
        ("site", "main", 10),
        ("workflows", "main", 10),
        ("docs", "main", 0),
    ):
        asked = ("verify", "--base", base, "--head", f"upgrade-{branch}")
        judged = bureau.program(*asked, own=True)
        assert judged.returncode == code, judged.stdout
    bureau.git("switch", "--quiet", "--force", "main")
    bureau.git("reset", "--quiet", "--hard", before)
