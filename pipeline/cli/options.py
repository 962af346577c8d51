"""What verbs share: their options, an archive's repository, time and store, and posts by what
people call them: an id, a path, a part of an id that is unique."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any, TypeVar
from unicodedata import normalize

import click

from pipeline.cli.terminal import Moment, Terminal, fault_text, in_words
from pipeline.errors import Fault, Misuse, no_post
from pipeline.model.findings import Message, say, say_names
from pipeline.model.ids import NO_POST, BranchName, CommitId, PostId
from pipeline.source.content.paths import POSTS, PostIds, home
from pipeline.source.git.branches import FETCHED, OWN, Branches, listed, local
from pipeline.source.git.repository import Repository

if TYPE_CHECKING:  # most of the program stands behind these
    from pipeline.judge.load_governance import When
    from pipeline.memo.store import SealedStore
    from pipeline.model.registers import Registers


class Session(Terminal):
    """One run of a command in an archive."""

    def repository(self) -> "Repository":
        """The archive; it is closed when the command ends."""
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


Command = TypeVar("Command", bound=Callable[..., Any])
Option = Callable[[Command], Command]
AS_OF = click.option("--as-of", type=Moment(), help="Judge as at this time.")
PRINTED_AS_OF = click.option(
    "--as-of", type=Moment(), help="Time that is printed as the time of making."
)
OUTPUT = click.option("-o", "--output", metavar="FILE", help="Write to FILE instead of stdout.")
ROOT = click.option("--root", metavar="SHA256", default="", help="Digest of the first roster.")


ANY_PROGRAM = click.option(
    "--any-program", is_flag=True, help="Judge though the archive names another program."
)


def together(*options: Option[Any]) -> Option[Any]:
    """One decorator of several options, shown in help in this order."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


HISTORY = together(
    click.option("--cache", metavar="DIR", help="Keep passing verdicts here instead of in .git."),
    click.option("--no-cache", is_flag=True, help="Judge everything anew, and keep nothing."),
    ANY_PROGRAM,
)
"""The options of what judges the whole history."""


def head_option(text: str = "Commit that is looked at.") -> Option[Any]:
    """--head, with its help."""
    return click.option("--head", metavar="COMMIT", default="HEAD", show_default=True, help=text)


def form_option(choices: Sequence[str]) -> Option[Any]:
    """--format, by default the first choice."""
    kind = click.Choice(choices)
    return click.option(
        "-f", "--format", "form", type=kind, default=choices[0], help="Form of the report."
    )


class Day(click.ParamType[date]):
    """An ISO 8601 day."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            wrong = say("{value} is no day; write it like 2026-11-03.", value=value)
            self.fail(in_words(wrong, ctx), param, ctx)


_LIKE: Mapping[str, str] = {
    "day": "2026-11-03", "time": "2026-11-03T09:30", "integer range": "2026", "boolean": "true",
}  # fmt: skip
"""Kind of a value → one as it is typed."""


def still_needed(left: Iterable[click.Parameter]) -> Misuse:
    """What a verb cannot do without, all in one sentence: each with what may be given, and what it
    is."""
    return Misuse(
        say("Still needed: {options}.", options=say_names([*map(_needed, left)])),
        say("Give all of it; `--help` lists what else may be given."),
    )


def _needed(left: click.Parameter) -> Message:
    choices = getattr(left.type, "choices", ())
    like = "|".join(map(str, choices)) or left.metavar or _LIKE.get(left.type.name, "…")
    if isinstance(left, click.Option):
        words = in_words(Message(left.help or ""), click.get_current_context())
        what = words.rstrip(".。")
        return say("{option} {like} ({what})", option=left.opts[-1], like=like, what=what)
    return say("{name}", name=left.human_readable_name.upper())


_YES = ("y", "yes", "是", "有")


def agreed(session: Session, question: Message) -> bool:
    """Yes in either language; whatever else is typed, and may be a password, is no."""
    asked = session.tr(say("{question} [y/N]", question=question))
    given = click.prompt(asked, "", show_default=False, err=True)
    return normalize("NFKC", str(given)).strip().lower() in _YES


def named_post(
    repository: Repository, name: str, head: str = "HEAD", *, erased: bool = False
) -> PostId:
    """The id of the one post that is meant, in the working tree or at a commit.

    Raises Misuse when a part names several posts, Fault when it names none. `erased`: the post's
    files may be gone.
    """
    wanted = post_id(name)
    if (repository.root / home(wanted)).is_dir():
        return wanted
    ids = {
        PostId(folder.name) for folder in (repository.root / POSTS).glob("*/*") if folder.is_dir()
    }
    with suppress(Fault):  # a new archive has no commit yet
        stands = PostIds(repository.tree(repository.commit(head)).files)
        if wanted in stands:
            return wanted
        ids |= {*stands}
    meant = _one(wanted, ids)
    if not meant and not erased:
        raise no_post(wanted)
    return meant or wanted


def _one(part: str, ids: Collection[PostId]) -> PostId:
    """The one id that holds a part; empty when none does. Misuse when several do."""
    matches = sorted(i for i in ids if part in i)
    if len(matches) > 1:
        raise Misuse(
            say("{part} names {count} posts.", part=part, count=len(matches)),
            say("Give more of the id: {posts}.", posts=listed([*matches])),
        )
    return matches[0] if matches else NO_POST


def way_to(branch: BranchName, every: Branches, current: str) -> tuple[str, ...]:
    """The commands that check out a branch; one's own of that name may be behind it."""
    name = local(branch)
    onto = [] if name == current else [f"git switch {quote(name)}"]
    if branch.startswith(FETCHED) and OWN + name in every.commits:
        onto.append("git pull")
    return tuple(onto)
