"""A18: no program that the settings of a clone name is ever started by a judgement."""

import shutil
from pathlib import Path

import pytest

from tests.builders.archive import ArchiveRepo
from tests.builders.files import folder
from tests.builders.telling import EDITED, Told, told

PROGRAMS = (
    "alias.log=!{p}",
    "core.alternateRefsCommand={p}",
    "core.askPass={p}",
    "core.editor={p}",
    "core.fsmonitor={p}",
    "core.gitProxy={p}",
    "core.hooksPath={hooks}",
    "core.pager={p}",
    "core.sshCommand={p}",
    "credential.helper=!{p}",
    "diff.external={p}",
    "diff.evil.command={p}",
    "diff.evil.textconv={p}",
    "extensions.partialClone=origin",
    "filter.evil.clean={p}",
    "filter.evil.process={p}",
    "filter.evil.smudge={p}",
    "gpg.program={p}",
    "gpg.ssh.program={p}",
    "log.showSignature=true",
    "merge.evil.driver={p} %O %A %B",
    "merge.default=evil",
    "pager.diff-tree={p}",
    "pager.log={p}",
    "protocol.ext.allow=always",
    "remote.origin.promisor=true",
    "remote.origin.url=ext::{p}",
    "remote.origin.uploadpack={p}",
)
"""All settings that name a program which some command of git starts."""
HOOKS = ("fsmonitor-watchman", "post-checkout", "post-index-change", "reference-transaction")


def armed(archive: ArchiveRepo) -> Path:
    """Every such setting names a program; the file that it leaves when it is started."""
    trace, hooks = archive.root.parent / "started", archive.root.parent / "hooks"
    program = archive.root.parent / "program"
    program.write_text(f'#!/bin/sh\necho "$0 $*" >> {trace}\nexit 1\n', encoding="ascii")
    program.chmod(0o755)
    hooks.mkdir()
    for name in HOOKS:
        shutil.copy(program, hooks / name)
    for line in PROGRAMS:
        archive.git("config", *line.format(p=program, hooks=hooks).split("=", 1))
    for name in (".gitattributes", ".git/info/attributes"):
        archive.write(name, "* merge=evil diff=evil filter=evil\n")
    return trace


def test_no_program_is_started(telling: ArchiveRepo, sound: Told) -> None:
    trace = armed(telling)
    assert told(telling) == sound
    telling.audit("main")
    assert not trace.exists(), trace.read_text()


def test_no_program_is_started_for_an_object_that_is_not_there(telling: ArchiveRepo) -> None:
    """A partial clone would ask its remote for it."""
    oid = telling.head(f"main:{folder(EDITED)}/post.md")
    (telling.root / ".git/objects" / oid[:2] / oid[2:]).unlink()
    trace = armed(telling)
    with pytest.raises(Exception, match=r"damaged|failed"):
        telling.standing("main")
    assert not trace.exists(), trace.read_text()


def test_the_trap_would_go_off(telling: ArchiveRepo) -> None:
    trace = armed(telling)
    with pytest.raises(AssertionError):
        telling.git("merge-tree", "--write-tree", "main", "proposal")
    assert "program" in trace.read_text()
