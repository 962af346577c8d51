"""The corpus: the same number gives the same commits, and every post passes in both shapes."""

import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import corpus as corpus_module
from benchmarks.corpus import MERGES, SHAPES, SINGLE, Corpus, make, signatures
from benchmarks.posts import ROTATION, is_revised, moment
from pipeline.history.replay import audit
from pipeline.source.git.repository import Repository

POSTS = 10


def git(corpus: Corpus, *arguments: str) -> str:
    command = ["git", "-C", str(corpus.folder), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture(scope="module")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Corpus]]:
    base = tmp_path_factory.mktemp("corpora")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(corpus_module, "A_BATCH", 4)  # several batches of few posts
        yield {shape: make(base / shape, POSTS, shape) for shape in SHAPES}


def test_the_same_number_gives_the_same_commits(corpora: dict[str, Corpus], tmp_path: Path) -> None:
    for shape, corpus in corpora.items():
        again = make(tmp_path / shape, POSTS, shape)
        assert git(again, "rev-parse", "HEAD") == git(corpus, "rev-parse", "HEAD")
    for same in ("posts", "reviews", "registers", "records/publications"):
        assert len({git(c, "rev-parse", f"HEAD:content/{same}") for c in corpora.values()}) == 1


def test_as_in_life_a_day_ends_with_its_records(corpora: dict[str, Corpus]) -> None:
    evening = git(corpora[MERGES], "log", "--format=%H", "--grep=^evening$").split()[0]
    kinds = {
        line.split("/")[2]
        for line in git(corpora[MERGES], "show", "--name-only", "--format=", evening).split()
    }
    assert kinds == {"filings", "inquiries", "publications", "relays"}


def test_signatures_are_counted_as_they_stand(corpora: dict[str, Corpus]) -> None:
    for corpus in corpora.values():
        files = git(corpus, "ls-tree", "-r", "--name-only", "HEAD").split()
        assert sum(path.endswith(".sig") for path in files) == signatures(POSTS)
        assert sum("/corrections/" in path for path in files) == sum(map(is_revised, range(4))) > 0


def test_a_year_of_the_corpus_has_all_kinds_a_silent_month_and_a_busy_one() -> None:
    months = Counter(moment(number).strftime("%Y-%m") for number in range(2000))
    assert (months["2023-07"], months["2024-01"], months["2024-02"]) == (403, 124, 0)
    assert len(set(ROTATION)) == 11


def test_merges_are_a_branch_a_post(corpora: dict[str, Corpus]) -> None:
    merges = git(corpora[MERGES], "rev-list", "--merges", "HEAD").split()
    assert len(merges) == POSTS - SINGLE + sum(map(is_revised, range(4)))
    on_branch = git(corpora[MERGES], "log", "--format=%an", f"{merges[0]}^1..{merges[0]}^2")
    assert on_branch.split() == ["kz-a", "ld-a", "kz-a", "xxy-a", "zz-a"]
    assert git(corpora[MERGES], "branch", "--format=%(refname:short)") == "main"


@pytest.mark.parametrize("shape", SHAPES)
def test_the_last_commits_add_one_post_each(corpora: dict[str, Corpus], shape: str) -> None:
    for back in range(SINGLE):
        changed = git(corpora[shape], "diff", "--name-status", f"HEAD~{back + 1}", f"HEAD~{back}")
        assert {line[0] for line in changed.splitlines()} == {"A"}
        assert changed.count("/post.md") == 1
    assert corpora[shape].last in git(corpora[shape], "diff", "--name-only", "HEAD~1")


@pytest.mark.parametrize("shape", SHAPES)
def test_every_change_and_every_post_passes(corpora: dict[str, Corpus], shape: str) -> None:
    repository = Repository.open(corpora[shape].folder)
    head = repository.commit("HEAD")
    report = audit(repository, head, lambda r: r.policy.archive["as_of"])
    stopped = {v.subject for v in report.verdicts if not v.publishable}
    assert stopped <= {"archive"}  # duties alone: nothing is declared or filed
