"""A register, or a kind of record: one row, and no name of it in any table.

A part lists its rows (`Part.kinds`). The schema lies in schemas/registers/NAME.json, in
schemas/records/NAME.json, or of what is signed in schemas/statements/PREDICATE.json.
"""

import re
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field

YEAR = r"\d{4}"
FILE = r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}"
LONG = r"[A-Za-z0-9][A-Za-z0-9._-]{0,159}"
"""A name that holds that of another record."""
POST_ID = r"\d{4}-\d{2}-\d{2}-[a-z0-9]+(?:-[a-z0-9]+)*"
SIGNED = r"\.json(?:\.sig)?"


@dataclass(frozen=True)
class Kind:
    """How the program deals with the entries of one register, or the records of one kind."""

    name: str
    """content/registers/NAME.yml, or the folder content/records/NAME."""
    label: str
    """What it is called in Chinese."""
    _: KW_ONLY
    words: Mapping[str, str] = field(default_factory=dict)
    """Key or choice of its schema → what it is called in Chinese, where `zh_names` has no word."""
    register: bool = False
    listed: bool = True
    """Whether a register is a list of entries with ids; false: whole years, settings, a roster."""
    own_reader: bool = False
    """Whether it has a class and a reader of its own in the kernel."""
    checks: str = ""
    """``"module:function"`` → findings across entries: of a register `RegisterCheck`, of plain
    records `RecordCheck`."""
    named_by: tuple[str, ...] = ()
    """Keys of other registers and records that name an entry of this register."""
    predicate: str = ""
    """What the statement is called that a person signs; empty: a plain record."""
    files: str = ""
    """Regular expression of paths below its folder; empty: YEAR/NAME.yml, or .json if signed."""
    ever: bool = False
    """Whether a record of any year counts; of others, those of the last years."""
    whole: bool = False
    """Whether a change is judged with all of them: their order counts, or they bind others."""
    with_posts: bool = False
    """Whether a kept verdict need not ask for them: they name the post or day that they are about,
    or are read at every run."""
    names_posts: bool = False
    """Whether a change of one is judged with the posts that it names."""
    names_new: tuple[str, ...] = ()
    """Keys that may name what is not in its register yet."""
    decisions: tuple[str, ...] = ()
    """Events that are a person's own decision, in their order: no one else's signature counts."""
    on_entry: str = ""
    """``"module:function"`` → findings on what a record is given (`EntryCheck`)."""
    of_long_ago: bool = False
    """Whether it lists what happened long before, so that nothing of it is entered late."""

    @property
    def plain(self) -> bool:
        """Whether its records are unsigned, one by one, and of days that the archive saw."""
        return not (self.predicate or self.own_reader or self.files or self.of_long_ago)

    def holds(self, path: str) -> bool:
        """Whether a path below content/records/NAME/ may be one of its files."""
        ending = SIGNED if self.predicate else r"\.yml"
        return bool(re.fullmatch(self.files or f"{YEAR}/{FILE}{ending}", path, re.ASCII))
