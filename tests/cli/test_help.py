"""What the command says of itself: bare, in lists, and to a shell that completes."""

import subprocess
from inspect import cleandoc

import click
import pytest

from pipeline.cli import documented
from pipeline.program import VERBS
from pipeline.program import sanshen as sanshen_group
from tests.builders.cast import ROOT
from tests.builders.command import ours
from tests.builders.git import ENVIRONMENT


def sanshen(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own: it translates its help in place."""
    return ours(arguments, str(ROOT), ENVIRONMENT | {"LC_ALL": "", "COLUMNS": "100"} | env)


@pytest.mark.parametrize(
    ("lang", "word"), [("zh_CN.UTF-8", "作者日常使用"), ("en_US.UTF-8", "day")]
)
def test_without_a_word_it_shows_its_help(lang: str, word: str) -> None:
    done = sanshen(LANG=lang)
    assert done.returncode == 2
    assert word in done.stderr
    assert "Traceback" not in done.stderr
    assert all(f"\n  {verb} " in done.stderr for verb in VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_the_list_says_of_a_verb_what_its_own_help_begins_with(verb: str) -> None:
    """The list reads it out of the source; the verb itself is imported here."""
    command = sanshen_group.get_command(click.Context(sanshen_group), verb)
    assert command and command.help
    assert documented(VERBS[verb]) == cleandoc(command.help)


@pytest.mark.parametrize("arguments", [[], ["roster"]])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_list_of_commands_cuts_a_sentence(arguments: list[str], lang: str) -> None:
    done = sanshen("--lang", lang, *arguments, "--help")
    assert done.returncode == 0
    assert "..." not in done.stdout.partition("ARGS]...")[2]


def test_the_help_of_new_lists_the_options_of_a_draft() -> None:
    done = sanshen("--lang", "en", "new", "--help")
    assert {"--title", "--kind", "--body"} <= set(done.stdout.split())


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_gets_its_script_and_its_completions(shell: str) -> None:
    script = sanshen(_SANSHEN_COMPLETE=f"{shell}_source")
    assert (script.returncode, script.stderr) == (0, "")
    assert f"_SANSHEN_COMPLETE={shell}_complete" in script.stdout
    words = {"COMP_WORDS": "sanshen verify", "COMP_CWORD": "verify" if shell == "fish" else "1"}
    done = sanshen(_SANSHEN_COMPLETE=f"{shell}_complete", LANG="zh_CN.UTF-8", **words)
    assert (done.returncode, done.stderr) == (0, "")
    assert "verify-site" in done.stdout and "approve" not in done.stdout
    assert ("不用仓库，核验整个网站" in done.stdout) is (shell != "bash")
    words = {"COMP_WORDS": "sanshen render --fo", "COMP_CWORD": "--fo" if shell == "fish" else "2"}
    assert "--for" in sanshen(_SANSHEN_COMPLETE=f"{shell}_complete", **words).stdout


def test_make_archive_leads_to_a_server_and_not_to_a_file() -> None:
    """Its links lead to folders; a browser that opened a file shows their listings."""
    recipe = (ROOT / "Makefile").read_text("utf-8")
    assert "open build/site" not in recipe
    assert "make serve" in recipe
