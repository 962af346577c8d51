"""What all rows of a run share: a corpus, a folder for it, and where the peers lie."""

import io
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus import MERGES, Corpus, make
from benchmarks.measure import WORK, Missing, Sent, Spent, empty, remark

Figure = Spent | Sent | float | Missing
Row = tuple[str, Callable[[], Figure]]
"""A name, and how its figure is had: measured when it is called, once, in the order of the rows."""


@dataclass(frozen=True)
class Lab:
    """One size of archive, with room to work."""

    corpus: Corpus
    lean: bool = False
    """Only what is measured at 100,000."""

    @staticmethod
    def place(posts: int) -> Path:
        """Where an archive of that size lies, with all that is made of it."""
        return WORK / str(posts)

    @classmethod
    def of(cls, posts: int, lean: bool) -> "Lab":
        folder = cls.place(posts)
        empty(folder)
        folder.mkdir(parents=True)
        remark(f"{posts} posts")
        return cls(make(folder / "archive", posts), lean)

    @property
    def folder(self) -> Path:
        return self.corpus.folder.parent

    @property
    def cache(self) -> Path:
        """Where our verdicts are kept."""
        return self.corpus.folder / ".git/sanshen-cache"

    def merges(self) -> Corpus:
        """The same posts as they come in life."""
        return make(self.folder / "merges", self.corpus.posts, MERGES)

    def fresh(self, name: str) -> Path:
        folder = self.folder / name
        empty(folder)
        folder.mkdir()
        return folder

    def texts(self) -> Iterator[tuple[str, str]]:
        """(id, post.md) of every post, out of git: a large corpus has no work tree."""
        command = ["git", "-C", str(self.corpus.folder), "archive", "HEAD", "content/posts"]
        with (
            subprocess.Popen(command, stdout=subprocess.PIPE) as packing,
            tarfile.open(fileobj=packing.stdout, mode="r|") as packed,
        ):
            for member in packed:
                if member.name.endswith("/post.md"):
                    raw = packed.extractfile(member) or io.BytesIO()
                    yield Path(member.name).parent.name, raw.read().decode()
