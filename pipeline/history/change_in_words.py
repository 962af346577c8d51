"""What a change of governance does, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pipeline.judge.load_governance import governing_files, trust
from pipeline.model import documents, law, program
from pipeline.model.findings import Message, say
from pipeline.model.registers import Registers
from pipeline.report.governed_change import governed_change_in_words
from pipeline.source.content.paths import Files, MemoryTree
from pipeline.source.content.program_lock import Lock
from pipeline.source.content.shipped_lists import LISTS


def change_in_words(before: Files, after: Files) -> list[Message]:
    """What a change of governance does, a sentence each."""
    old, new = trust(before), trust(after, to_come=True)
    schemas = {**law.parameter_schemas(old.rulebook), **law.parameter_schemas(new.rulebook)}
    texts = {name: schema.get("description", "") for name, schema in schemas.items()}
    was, now = old.registers, new.registers
    if old.lock is None and new.lock:  # what the program shipped of its lists went with it
        was, now = _with_whole_lists(was, was), _with_whole_lists(now, was)
    return [*_program(old.lock, new.lock), *governed_change_in_words(was, now, texts)]


def _program(old: Lock | None, new: Lock | None) -> Iterator[Message]:
    if new is None or (old and old.program == new.program):
        return
    if old is None:
        yield say("The archive names the program that judges it, {new}; until now it carried its"
                  " own.", new=new.program.version)  # fmt: skip
    else:
        versions = {"old": old.program.version, "new": new.program.version}
        if program.order(versions["new"]) < program.order(versions["old"]):
            yield say("The program would be set back from {old} to {new}.", **versions)
        else:
            yield say("The program that judges is renewed, from {old} to {new}.", **versions)
    yield say("Compare its check number with the one that its publisher states: {number}",
              number=new.wheel_sha256)  # fmt: skip


def _with_whole_lists(registers: Registers, before: Registers) -> Registers:
    """The registers, their lists with the program's entries as with the archive's own; what the
    program adds to the lists of before comes with it, and its changelog tells that."""
    lists = {}
    for name in LISTS:
        own = registers.documents.get(name, documents.Document("")).value or {}
        listed = {e.id for e in before.entries[name]} | {row["id"] for row in own.get(name, ())}
        rows = [dict(e.value) for e in registers.entries[name] if e.id in listed]
        lists[name] = documents.Document("", {name: rows})
    return replace(registers, documents={**registers.documents, **lists})


def governed_with(tree: Files, files: Mapping[str, bytes]) -> MemoryTree:
    """The governance of a tree, with some files of it as given."""
    return MemoryTree({**governing_files(tree), **files})
