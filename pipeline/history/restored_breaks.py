"""Whether what an acknowledged break brought is gone: restore first (docs/decisions/0010)."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pipeline.judge.judge_posts import judge_one
from pipeline.judge.judgements import standing
from pipeline.judge.load_governance import When
from pipeline.model.findings import Effect, Finding, Location, Verdict, say
from pipeline.source.content.post_paths import home
from pipeline.source.content.records import REVIEWS, paths_under
from pipeline.source.git.history import GitHistory
from pipeline.source.git.proposed import posts_named
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree_listing import Blob

Version = TypeVar("Version")


@dataclass(frozen=True)
class Break:
    """A change of main that refuses, between what stood before it and what stands now."""

    repository: Repository
    commit: str
    sound: str
    """The last commit of main whose change passed; what breaks did before may stand in it."""
    earlier: Sequence["Break"]
    """The breaks before, oldest first."""
    head: str
    when: When
    erased: Collection[str]
    """Ids of posts that signatures erase."""

    def standing(self, verdicts: Iterable[Verdict]) -> Iterator[Finding]:
        """A refusal for each file or post that the break spoiled and that is not restored."""
        spoiled = [v for v in verdicts if v.decision is Effect.REFUSE]
        paths = {f.location.path for v in spoiled for f in v.findings if f.effect is Effect.REFUSE}
        posts = {*posts_named(paths), *(v.subject.rpartition(" ")[2] for v in spoiled)}
        posts = {p for p in posts if any(self._files(c, p) for c in (self.commit, self.sound))}
        left = {p for p in paths if not set(posts_named([p])) and self._left(p)}
        left |= {
            f"{home(p)}/post.md" for p in posts if p not in self.erased and self._unreviewed(p)
        }
        for path in sorted(left):
            yield Finding(
                "R13-7", Effect.REFUSE,
                say("Commit {commit} was acknowledged, but what it did still stands.",
                    commit=self.commit[:12]),
                Location(path),
                say("Restore it first (`git checkout {sound} -- {path}`; remove what was not"
                    " there), or have it reviewed as a new revision; then acknowledge the"
                    " restoring commit as well.",
                    sound=self.sound[:12], path=path),
            )  # fmt: skip

    def _left(self, path: str) -> bool:
        now = self._blob(self.head, path)
        return now == self._blob(self.commit, path) != self._before(self._blob, path)

    def _unreviewed(self, post: str) -> bool:
        """Whether a post stands otherwise than before the break, and does not pass."""
        if self._files(self.head, post) == self._before(self._files, post):
            return False
        handled = GitHistory(self.repository).handlers(self.head, [home(post)])
        archive, trusted = standing(
            self.repository, self.head, self.when, None, frozenset({post}), handled
        )
        if post not in archive.posts:
            return True
        return not judge_one(post, archive, trusted.rulebook).publishable

    def _before(self, version: Callable[[str, str], Version], name: str) -> Version:
        """What stood before the break, and before the earlier ones that were not mended by then."""
        before = version(self.sound, name)
        for each in reversed(self.earlier):
            if before == version(each.commit, name):
                before = version(each.sound, name)
        return before

    def _blob(self, commit: str, path: str) -> Blob | None:
        return self.repository.tree(commit).files.get(path)

    def _files(self, commit: str, post: str) -> dict[str, Blob]:
        tree = self.repository.tree(commit)
        folders = (f"{home(post)}/", f"{REVIEWS}{post[:4]}/{post}/")
        return {path: tree.files[path] for f in folders for path in paths_under(tree, f)}
