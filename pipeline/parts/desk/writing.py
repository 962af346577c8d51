"""What the writer's pages ask of the archive; `draft_branches` answers it out of the clone."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from starlette.requests import Request

from pipeline.errors import Fault
from pipeline.model.documents import Document
from pipeline.model.evidence import Review
from pipeline.model.findings import Finding, Message
from pipeline.model.ids import BranchName, PostId
from pipeline.model.registers import Registers
from pipeline.new.fields import Answers
from pipeline.parts.desk.drafts import Draft, Edit
from pipeline.parts.desk.frame import session_of


class OwnDraft(NamedTuple):
    """A draft or a returned post, as the list of its writer shows it."""

    branch: BranchName
    post: PostId
    title: str
    kind: str
    since: datetime | None
    reason: Message | None
    returned: bool


class Checked(NamedTuple):
    """What `sanshen check` would say of a draft."""

    document: Document
    """Its front matter."""
    body: str
    first: int
    """The line of post.md on which the text begins."""
    findings: Sequence[Finding]
    """Heaviest first."""
    left: int = 0
    """How many clauses are still to be looked at; until it is 0, `findings` are those of the last
    one alone, before any waiver."""


class EarlierPicture(NamedTuple):
    """A picture that is public, with what its post says of it."""

    post: PostId
    file: str
    words: Mapping[str, str]
    """Key of its row, but for the file → the text that a form shows."""


class Unsaved(NamedTuple):
    """What a form held when it was checked last, and was not saved since."""

    at: str
    base: str
    """As of `Draft`: what the form was made of."""
    answers: Answers


class Writing(Protocol):
    """The drafts of one person, for one request. Every method may raise Fault."""

    @property
    def registers(self) -> Registers:
        """Of main."""

    @property
    def schema(self) -> Mapping[str, Any]:
        """Of the front matter."""

    @property
    def records(self) -> Mapping[str, Any]:
        """The schema of the record that tells of a change of what is public."""

    def own(self) -> Sequence[OwnDraft]: ...

    def open(self, branch: BranchName, post: PostId) -> Draft:
        """A draft that the person writes. Raises Fault for any other."""

    def checked(
        self, draft: Draft, made: Edit, watch: Callable[[Checked], object] = lambda _: None
    ) -> Checked:
        """What the machine finds in an edit that may not be saved yet; `watch`: given that clause
        by clause, too."""

    def steps(self, draft: Draft) -> tuple[Review, ...]:
        """The decisions on the present revision, where the draft is newest."""

    def model(self, branch: BranchName, post: PostId) -> Draft:
        """What another may begin as: a draft that the person writes; with no branch, of main."""

    def begin(
        self, kind: str, like: Draft | None = None, template: Mapping[str, str] = {}
    ) -> tuple[BranchName, PostId]:
        """(branch, post) of a new draft; `like`: what it begins as, with its files; `template`: its
        title and text."""

    def revise(
        self, post: PostId, name: str, change: Callable[[Draft], Edit], *, anew: bool
    ) -> BranchName:
        """Begin a revision of what main holds, or go on with the one of this name unless `anew`;
        its branch. `change`: what it makes of what stands, or of a revision under way, whose place
        a withdrawal takes."""

    def unsaved(self, draft: Draft) -> Unsaved | None:
        """What the person wrote and did not save."""

    def store(self, draft: Draft, base: str, answers: Answers | None) -> Fault | None:
        """Remember what is not saved, or with None forget it; why it cannot be stored."""

    def save(self, draft: Draft, made: Edit) -> None:
        """Commit an edit. Raises `frame.Waits` and `frame.SetAside`, too."""

    def submit(self, branch: BranchName, post: PostId) -> None:
        """Give the draft the branch of its post, and its proposal where the forge lets us."""

    def discard(self, branch: BranchName, post: PostId) -> None:
        """Throw a draft away that was never submitted, branch and all."""

    def add(self, draft: Draft, name: str, raw: bytes) -> str:
        """Add a picture or file, made fit to publish; the name that it has there."""

    def pictures(self, words: Sequence[str]) -> Iterator[EarlierPicture]:
        """Those of posts that hold all words, the newest first."""

    def picture(self, post: PostId, file: str) -> bytes:
        """The bytes of one. Raises Fault where main shows none."""

    def again(self, draft: Draft, post: PostId, file: str) -> tuple[str, Mapping[str, str]]:
        """Add one as it stands; the name that it has there, and its words."""


OpenWriting = Callable[[str], AbstractContextManager[Writing]]
"""Id of a person → their drafts, for one request."""


def writing_of(request: Request) -> AbstractContextManager[Writing]:
    """The drafts of who asks."""
    opened: OpenWriting = request.app.state.writing
    return opened(session_of(request).person)
