"""How often a post is read, parsed and rendered: once, to be judged. Its page takes that."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from markdown_it import MarkdownIt

from pipeline.evidence.review import statements
from pipeline.history.judge_commits import Means
from pipeline.history.replay import audit
from pipeline.judge import archive_at
from pipeline.judge.judgements import verify_change
from pipeline.memo.store import SealedStore
from pipeline.model import rendered, run
from pipeline.model.run import Run
from pipeline.publish import build_site as building
from pipeline.publish.build_site import Order, build_site
from pipeline.report.language import translator
from pipeline.site.output_folder import remove
from pipeline.source.content import records
from pipeline.source.git.history import proposed
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import AS_OF
from tests.site import sample

PROPOSED, FIRST, ONE, OTHER, AUDITED, DECODED = (
    f"2026-11-05-{name}" for name in ("proposed", "first", "one", "other", "audited", "decoded")
)
WORDS = {
    PROPOSED: "这一篇还在路上。\n",
    FIRST: "这一篇最早。\n",
    ONE: "这一篇只读一遍。\n",
    OTHER: "这一篇晚来一步。\n",
    AUDITED: "这一篇由巡检读到。\n",
    DECODED: "这一篇的签名记录只解一遍。\n",
}
"""Post → its body: what one test read, another might find in memory."""
CHANNELS = 2
"""Of the archive and of WeChat, where the posts go out."""


@pytest.fixture
def repo(tmp_path: Path) -> ArchiveRepo:
    return ArchiveRepo.begin(tmp_path / "archive", sample.theme())


def propose(repo: ArchiveRepo, post: str) -> None:
    repo.branch(post)
    repo.approve_all(repo.draft(post, WORDS[post]))
    repo.commit("一篇", "zz-a")


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> Counter[tuple[str, str]]:
    """(`read`, `parse` or `render`, post) → how often."""
    counts: Counter[tuple[str, str]] = Counter()

    def counted(what: str, real: Callable[..., Any], post_of: Callable[..., str]) -> Any:
        def call(*args: Any, **more: Any) -> Any:
            counts[what, post_of(*args)] += 1
            return real(*args, **more)

        return call

    read = counted("read", archive_at.read_post, lambda _, folder, *__: folder.rpartition("/")[2])
    for module in (archive_at, building):  # of the second: versions before a correction
        monkeypatch.setattr(module, "read_post", read)
    render = counted("render", rendered.render_channel, lambda _, post, *__: post.id)
    monkeypatch.setattr(rendered, "render_channel", render)
    ids = {words.strip(): post for post, words in WORDS.items()}
    parse = counted("parse", MarkdownIt.parse, lambda _, text, *__: ids.get(text.strip(), ""))
    monkeypatch.setattr(MarkdownIt, "parse", parse)
    return counts


@pytest.fixture
def decodes(monkeypatch: pytest.MonkeyPatch) -> Counter[tuple[str, str]]:
    """(`evidence` or `words`, a signed statement) → how often its JSON is decoded: what is refused
    as evidence has words, too."""
    counts: Counter[tuple[str, str]] = Counter()

    def counted(use: str, real: Callable[[str], Any]) -> Callable[[str], Any]:
        def decode(text: str) -> Any:
            counts[use, text] += 1
            return real(text)

        return decode

    decoder = SimpleNamespace(decode=counted("evidence", statements._STRICT.decode))
    monkeypatch.setattr(statements, "_STRICT", decoder)
    monkeypatch.setattr(records, "_json", counted("words", records._json))
    return counts


def test_a_statement_is_decoded_once_for_each_use(
    repo: ArchiveRepo,
    decodes: Counter[tuple[str, str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    main = repo.head("main")
    propose(repo, DECODED)
    opened = repo.open()

    def often() -> dict[str, int]:
        """What for → the most of one statement of the post."""
        most: dict[str, int] = {}
        for (use, text), count in decodes.items():
            if DECODED in text:
                most[use] = max(count, most.get(use, 0))
        decodes.clear()
        monkeypatch.setattr(run, "RUNS", [Run()])  # the next one begins with nothing at hand
        return most

    often()
    verify_change(opened, proposed(opened, main, repo.head(DECODED)), lambda _: AS_OF)
    assert often() == {"evidence": 1, "words": 1}
    repo.merge(DECODED)
    audit(repo.open(), repo.head("main"), lambda _: AS_OF)
    assert often() == {"evidence": 1, "words": 1}
    out, means = tmp_path / "out", Means(SealedStore(tmp_path / "kept", bytes(32)))
    order = Order(out, tmp_path / "work", means=means)

    def build() -> dict[str, int]:
        build_site(repo.open(), repo.head("main"), lambda _: AS_OF, order, translator("zh"))
        return often()

    assert build() == {"evidence": 1, "words": 1}, "cold"
    assert build() == {}, "nothing changed"
    remove(out)
    assert build() == {"evidence": 1}, "verified before: the page is made of signed values"


def test_a_proposal_is_read_once(repo: ArchiveRepo, counts: Counter[tuple[str, str]]) -> None:
    main = repo.head("main")
    propose(repo, PROPOSED)
    opened = repo.open()
    verify_change(opened, proposed(opened, main, repo.head(PROPOSED)), lambda _: AS_OF)
    once = {("read", PROPOSED): 1, ("parse", PROPOSED): 1, ("render", PROPOSED): CHANNELS}
    assert counts == once


def test_an_audit_reads_a_post_once(repo: ArchiveRepo, counts: Counter[tuple[str, str]]) -> None:
    """The duties of the day ask for what the replay read."""
    propose(repo, AUDITED)
    repo.merge(AUDITED)
    audit(repo.open(), repo.head("main"), lambda _: AS_OF)
    once = {("read", AUDITED): 1, ("parse", AUDITED): 1, ("render", AUDITED): CHANNELS}
    assert {key: count for key, count in counts.items() if key[1] == AUDITED} == once


def test_a_build_reads_a_post_once(
    repo: ArchiveRepo, counts: Counter[tuple[str, str]], tmp_path: Path
) -> None:
    out, means = tmp_path / "out", Means(SealedStore(tmp_path / "kept", bytes(32)))

    def build() -> Counter[tuple[str, str]]:
        counts.clear()
        order = Order(out, tmp_path / "work", means=means)
        made = build_site(repo.open(), repo.head("main"), lambda _: AS_OF, order, translator("zh"))
        assert made.site is not None
        return +Counter({key: count for key, count in counts.items() if key[1]})

    def of(post: str) -> dict[tuple[str, str], int]:
        return {("read", post): 1, ("parse", post): 1, ("render", post): CHANNELS}

    for post in (FIRST, ONE):
        propose(repo, post)
        repo.merge(post)
    assert build() == of(FIRST) | of(ONE)
    remove(out)
    assert build() == {}, "judged before"
    assert build() == {}, "nothing changed"
    propose(repo, OTHER)
    repo.merge(OTHER)
    assert build() == of(OTHER), "the page of the post before it, too, is made again"
