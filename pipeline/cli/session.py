"""What the verbs of an archive need besides a terminal: its repository, its time, its store."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.terminal import Terminal, fault_text
from pipeline.errors import Fault
from pipeline.model.findings import say
from pipeline.model.ids import CommitId, PostId

if TYPE_CHECKING:  # most of the program stands behind these, and help needs none of it
    from pipeline.judge.load_governance import When
    from pipeline.memo.store import SealedStore
    from pipeline.model.registers import Registers
    from pipeline.source.git.repository import Repository


class Session(Terminal):
    """One run of a command in an archive."""

    def repository(self) -> "Repository":
        """The archive; it is closed when the command ends."""
        from pipeline.source.git.repository import Repository

        return click.get_current_context().with_resource(Repository.open(self.folder))

    def judging(
        self, repository: "Repository", commit: CommitId, any_program: bool = False
    ) -> None:
        """Raise Fault unless the program that runs is the one that a trusted commit names."""
        from pipeline.source.content.program_lock import lock_of, refuse_other_program

        if not any_program:
            refuse_other_program(lock_of(repository.tree(commit)))

    def name_mains_apart(self, repository: "Repository") -> None:
        """Beside what is printed, for no verdict depends on what was fetched."""
        from pipeline.source.git.branches import mains_apart

        for fault in mains_apart(repository):
            click.echo(fault_text(fault, self.tr), err=True)

    def when(self, given: datetime | None) -> "When":
        """--as-of, else a demo archive's fixed time, else the present."""
        now = self.now()

        def moment(registers: "Registers") -> datetime:
            archive = registers.policy.archive
            fixed = archive.get("as_of") if archive.get("demo") else None
            return given or (fixed if isinstance(fixed, datetime) else now)

        return moment

    def store(
        self, repository: "Repository", folder: str | None, keep: bool
    ) -> "SealedStore | None":
        """Where passing verdicts are kept, by default inside .git; None: nowhere.

        The key of the seal lies with the caller's own state (XDG Base Directory Specification),
        never inside the repository, whose writers could then make seals.
        """
        from pipeline.memo.store import SealedStore, own_key

        home = self.environment.get("HOME", "")
        state = self.environment.get("XDG_STATE_HOME") or (f"{home}/.local/state" if home else "")
        key_file = Path(state).resolve() / "sanshen" / "seal.key"
        if not keep or not state or key_file.is_relative_to(repository.root.resolve()):
            return None
        key = own_key(key_file)
        store = Path(folder) if folder else repository.cache_folder
        return SealedStore(store, key) if key else None


def post_id(name: str) -> PostId:
    """A post named by id or by any path inside its folder."""
    parts = Path(name).parts
    if "posts" not in parts and Path(name).exists():  # from inside the folder of the post
        parts = Path(name).resolve().parts
    if "posts" in parts and len(parts) > (at := parts.index("posts") + 2):
        return PostId(parts[at])
    if not name or len(parts) != 1:
        raise Fault(
            say("{name} names no post.", name=name),
            say("Give a post's id or a path under content/posts/."),
        )
    return PostId(name)
