"""The versions of posts that readers saw before a correction, each with its own evidence.

The reviews of every revision stay in the archive and name the digest of each file; history holds
the bytes. So a version is what three people signed, and not what some commit happened to hold.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from pipeline.detect.private import private_data
from pipeline.evidence.review.chain import approvals
from pipeline.evidence.review.statements import Statement, read_statement
from pipeline.history.standing import Standing
from pipeline.model.evidence import Approvals, Step
from pipeline.model.ids import CommitId, PostId, sha256_of
from pipeline.model.posts import Post
from pipeline.model.rendered import Channels
from pipeline.site.inputs import SiteInput
from pipeline.source.content.paths import POSTS, MemoryTree, home, id_of
from pipeline.source.content.posts import read_post
from pipeline.source.content.records import REVIEWS, correction_digest, paths_under, signed_files
from pipeline.source.git.bulk_history import appearances
from pipeline.source.git.repository import Repository

_FEW = 8
"""Posts whose history is read one by one; for more, one walk of all of it costs less."""
Version = tuple[Post, Approvals, Mapping[str, bytes]]
"""Post as it stood, its four steps, the bytes of its files."""


@dataclass
class EarlierVersions:
    """The earlier versions of what stands at a commit. History is read when a page is made."""

    repository: Repository
    head: CommitId
    standing: Standing
    _asked: int = 0
    _last: dict[str, tuple[SiteInput, ...]] = field(default_factory=dict)

    def of(self, site: SiteInput, post: PostId) -> tuple[SiteInput, ...]:
        """As `SiteInput.earlier`."""
        if post not in self._last:
            self._last = {post: tuple(self._of(site, post))[::-1]}
        return self._last[post]

    def _of(self, site: SiteInput, post: PostId) -> Iterator[SiteInput]:
        """Newest first. Private data that the present version has, too, was published lawfully."""
        archive, present = site.archive, site.archive.posts[post]
        later = archive.approved(post, Step.CONFIRM)
        numbers = range(site.first_shown(present), present.revision)
        blobs = self._blobs(post) if numbers and post not in archive.expunged else {}
        for number in reversed(numbers):
            version = self._version(post, number, blobs)
            if version and later:
                old, steps, contents = version
                was_public = old.publish_at is not None and old.publish_at <= later.signed_at
                private = _private(old)
                if was_public and (not private or private <= _private(present)):
                    yield _alone(site, old, steps, contents)
            later = version[1].approved(Step.CONFIRM) if version else later

    def _version(self, post: PostId, number: int, blobs: Mapping[str, set[str]]) -> Version | None:
        """None unless all four steps of a revision count, and history still holds each file."""
        tree, trusted, reviews = self.standing.tree, self.standing.trusted, f"{REVIEWS}{post[:4]}/"
        schema, last = trusted.statements["review"], f"{reviews}{post}/r{number}/"
        folders = (f"{reviews}{post}/r{n}/" for n in range(1, number + 1))
        files = signed_files(tree, [path for f in folders for path in paths_under(tree, f)])
        confirm = next((f for f in files if f.path == f"{last}{Step.CONFIRM.stem}.json"), None)
        signed = read_statement(confirm, schema) if confirm else None
        if not isinstance(signed, Statement):
            return None
        raws = ((p, self.repository.blob(o)) for p in signed.subject for o in blobs.get(p, ()))
        contents = {p: raw for p, raw in raws if sha256_of(raw) == signed.subject[p]}
        if contents.keys() != signed.subject.keys():
            return None
        old = read_post(MemoryTree(contents), home(post), contents, trusted.front_matter)
        if number > 1:
            old = replace(old, correction=correction_digest(tree, old.correction_path))
        steps = approvals(old, files, trusted.registers, self.standing.archive.clock, schema)
        whole = old.revision == number and not old.invalid and steps.complete
        return (old, steps, contents) if whole else None

    def _blobs(self, post: PostId) -> Mapping[str, set[str]]:
        """Path → git objects of what main ever held of a post."""
        self._asked += 1
        return self._all.get(post, {}) if self._asked > _FEW else self._walk(home(post))[post]

    @cached_property
    def _all(self) -> Mapping[str, Mapping[str, set[str]]]:
        return self._walk(POSTS)

    def _walk(self, folder: str) -> Mapping[str, Mapping[str, set[str]]]:
        blobs: dict[str, dict[str, set[str]]] = {id_of(folder): {}}
        for one in appearances(self.repository, self.head, folder):
            if one.oid:
                post = id_of("/".join(one.path.split("/")[:4]))
                blobs.setdefault(post, {}).setdefault(one.path, set()).add(one.oid)
        return blobs


def _private(post: Post) -> set[str]:
    """The private data of its texts that no reader could take for anything else (R13-10)."""
    texts = (str(post.document.value), post.body, *post.texts.values())
    return {t[m.start : m.end] for t in texts for m in private_data(t) if m.certain}


def _alone(
    site: SiteInput, post: Post, steps: Approvals, contents: Mapping[str, bytes]
) -> SiteInput:
    """A site of this version alone. Where it was carried, the page of the present one says."""
    archive, posts = site.archive, {post.id: post}
    corrections = archive.corrections_of(post.id)
    return replace(
        site,
        archive=replace(
            archive,
            posts=posts,
            approvals={post.id: steps},
            cards={},
            renditions=Channels(posts, archive.registers),
            publications=(),
            corrections=tuple(c for c in corrections if c.revision <= post.revision),
        ),
        media=lambda path: contents[path] if path in contents else site.media(path),
        uncounted=lambda _post: (),
    )
