"""`program.lock`: what is written is read, and no line stands there that pip must not obey."""

import codecs
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import Fault
from pipeline.model.program import Program
from pipeline.source.content.paths import MemoryTree
from pipeline.source.content.program_lock import (
    LOCK,
    OWN,
    SHIPPED,
    Lock,
    lock_of,
    read_lock,
    write_lock,
)
from pipeline.source.git.tree_listing import Blob
from pipeline.source.program import shipped
from tests.builders.locks import AWAY, REQUIREMENTS, WHEEL, obeyed, only_pinned
from tests.builders.named import like

HEX = st.text("0123456789abcdef", min_size=64, max_size=64)
NUMBER = st.integers(0, 999_999)
VERSIONS = st.builds("{}.{}.{}".format, NUMBER, NUMBER, NUMBER)
SHIPS = shipped("requirements/run.txt")["requirements/run.txt"].decode()


@st.composite
def locks(draw: st.DrawFn) -> Lock:
    version = draw(VERSIONS)
    wheel = draw(st.sampled_from((WHEEL.format(version).removeprefix("./"), "")))
    return Lock(
        Program(version, draw(HEX)),
        wheel,
        draw(HEX),
        draw(st.sampled_from((SHIPPED, OWN))),
        draw(st.sampled_from(("", REQUIREMENTS, AWAY, SHIPS))),
    )


@given(locks())
def test_what_is_written_is_read(lock: Lock) -> None:
    raw = write_lock(lock)
    assert read_lock(raw) == lock
    assert write_lock(read_lock(raw)) == raw
    assert only_pinned(raw)


SOUND = write_lock(
    Lock(Program("0.9.0", "a" * 64), WHEEL.format("0.9.0")[2:], "b" * 64, SHIPPED, REQUIREMENTS)
).decode()
HASH = f"--hash=sha256:{'c' * 64}"
EVIL = f"evil==1.0 {HASH}"


def refused(raw: bytes) -> None:
    with pytest.raises(Fault, match=r"program\.lock cannot be read"):
        read_lock(raw)


@pytest.mark.parametrize("number", range(SOUND.count("\n")))
@pytest.mark.parametrize(
    "spoil",
    [
        lambda line: line[:-1] if len(line) > 1 else "x",
        lambda line: f"{line}x",
        lambda line: f"{line}\n{line}" if line and "--hash" not in line else f"{line}\n\n",
        lambda line: line.replace("sha256", "sha512") if "sha256" in line else f"*{line}",
        lambda line: f"\t{line}",
        lambda line: f"{line}\r",
        lambda line: f"{line} --index-url https://evil.example/",
        lambda line: f"{line}\\",
    ],
)
def test_every_spoiled_line_is_a_fault_or_a_comment(
    number: int, spoil: Callable[[str], str]
) -> None:
    """What is no comment is held to its sign; in a comment pip still sees nothing."""
    lines = SOUND.split("\n")
    lines[number] = spoil(lines[number])
    raw = "\n".join(lines).encode()
    statement = lines[number].startswith(("# version", "# digest", "# regulation"))
    if SOUND.split("\n")[number].lstrip().startswith("#") and not statement:
        try:
            read = read_lock(raw)
        except Fault:
            return
        assert read.program == read_lock(SOUND.encode()).program
        assert obeyed(raw) == obeyed(SOUND.encode())
    else:
        refused(raw)


@pytest.mark.parametrize("number", [n for n, x in enumerate(SOUND.split("\n")) if x and n > 1])
def test_no_line_may_be_missing_but_a_comment_or_one_hash_of_two(number: int) -> None:
    lines = SOUND.split("\n")
    gone = lines.pop(number)
    if gone.lstrip().startswith("# via") or gone.endswith(f"{'1' * 64} \\"):
        assert read_lock("\n".join(lines).encode()).requirements
    else:
        refused("\n".join(lines).encode())


MORE = (
    "--index-url https://evil.example/simple/", "-i https://evil.example/simple/",
    "--extra-index-url https://evil.example/", "--trusted-host evil.example", "-e .", "-e ./evil",
    "--editable=.", "-r other.txt", "--requirement=other.txt", "-c other.txt", "--pre",
    "--no-binary :all:", "--only-binary=:none:", "--prefer-binary", "--use-feature=fast-deps",
    "--find-links https://evil.example/", "--find-links ./other", "--find-links ./program/../x",
    "--no-index --index-url https://evil.example/", "--global-option=x", "--require-hashes",
    f"https://evil.example/evil-1.0-py3-none-any.whl {HASH}", f"./evil-1.0.whl {HASH}",
    f"evil @ https://evil.example/evil.whl {HASH}", f"../evil.whl {HASH}", EVIL,
    f"git+https://evil.example/evil.git@main {HASH}", f"evil===1.0 \\\n    {HASH}",
    f"evil>=1.0 \\\n    {HASH}", f"evil==1.* \\\n    {HASH}", f"evil \\\n    {HASH}", "evil==1.0",
    f"evil==1.0 ; python_version > '3' --index-url https://evil.example \\\n    {HASH}",
    f"evil==1.0 --config-settings=x=y \\\n    {HASH}", f"evil==${{EVIL}} \\\n    {HASH}",
    f"evil==1.0 \\\n    --hash=md5:{'c' * 32}", f"evil==1.0 \\\n# x\n    {HASH}",
    f"sanshen==0.9.0 \\\n    {HASH}", f"Sanshen==0.9.0 \\\n    {HASH}",
    f"sanshen==0.8.0 ; sys_platform == 'win32' \\\n    {HASH}", f"evil[x]==1 \\\n    {HASH}",
    f"./program/sanshen-0.9.0-py3-none-any.whl {HASH}",
    f"./program/other-0.9.0-py3-none-any.whl {HASH}",
    "# version: 9.9.9", f"# digest: sha256:{'d' * 64}", "# regulation: own", "", "\\", "    ",
)  # fmt: skip
"""Lines that nobody consented to: each would install, or seem to install, something else."""


@pytest.mark.parametrize("line", MORE)
def test_a_line_more_that_pip_would_obey_is_refused(line: str) -> None:
    lines = SOUND.split("\n")
    for at in (0, 2, 5, 6, 7, len(lines) - 1):
        refused("\n".join([*lines[:at], line, *lines[at:]]).encode())


UNSEEN = ("\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029")


@pytest.mark.parametrize("sign", UNSEEN)
@pytest.mark.parametrize("comment", ["# The program that", "    # via sanshen"])
def test_a_line_that_only_pip_sees_as_one_is_refused(sign: str, comment: str) -> None:
    """pip splits where Python does; git and an editor show one comment."""
    raw = SOUND.replace(comment, f"{comment}{sign}--index-url https://evil.example/", 1).encode()
    assert any("evil" in line for line in obeyed(raw))
    refused(raw)


@pytest.mark.parametrize(
    "raw",
    [
        f"# coding: utf-7\n# +AAo---index-url https://evil.example/\n{SOUND}".encode(),
        f"# x\n# vim: set fileencoding=utf_16_le :\n{SOUND}".encode(),
        f"# 充--index-url https://evil.example/\n{SOUND}".encode(),
        SOUND.encode().replace(b"# The", b"# \x85--index-url https://evil.example/", 1),
    ],
)
def test_a_comment_is_a_comment_in_every_encoding(raw: bytes) -> None:
    assert not only_pinned(raw)
    refused(raw)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# version: 0.9.0", "# version: 0.9.1"),
        ("# version: 0.9.0", "# version: 0.09.0"),
        ("# version: 0.9.0", "# version: ٠.٩.٠"),
        ("0.9.0", "0.9"),
        ("0.9.0", "0.9.0rc1"),
        ("0.9.0", "0.9.1234567"),
        ("a" * 64, "A" * 64),
        ("a" * 64, "a" * 63),
        ("regulation: shipped", "regulation: other"),
        ("# regulation: shipped\n", ""),
        ("./program/", "../"),
        ("./program/", "./"),
        ("./program/", "program/"),
        ("./program/", "./program/../"),
        ("./program/sanshen", "./program/other"),
        ("./program/", "https://evil.example/"),
        ("py3-none-any", "cp311-cp311-linux_x86_64"),
        (f" --hash=sha256:{'b' * 64}", ""),
        (f" --hash=sha256:{'b' * 64}", f" --hash=sha256:{'b' * 64} --hash=sha256:{'c' * 64}"),
        (f" --hash=sha256:{'b' * 64}", f" ; sys_platform == 'win32' --hash=sha256:{'b' * 64}"),
    ],
)
def test_a_lock_that_says_it_otherwise_is_refused(old: str, new: str) -> None:
    assert old in SOUND
    refused(SOUND.replace(old, new).encode())


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n",
        b"\0",
        SOUND.encode()[:-1],
        SOUND.encode() * 2,
        SOUND.encode("utf-16"),
        codecs.BOM_UTF8 + SOUND.encode(),
    ],
)
def test_what_is_no_lock_is_refused(raw: bytes) -> None:
    refused(raw)


def test_other_words_above_the_statements_are_read() -> None:
    """A later program may head the file otherwise: what it states is the same."""
    rest = SOUND[SOUND.index("# version") :]
    for head in ("", "# 本档案由以下程序审核。\n", "# one\n# two\n# three-four\n"):
        assert read_lock(f"{head}{rest}".encode()) == read_lock(SOUND.encode())


def test_a_tree_has_a_lock_none_or_a_fault() -> None:
    assert lock_of(MemoryTree({})) is None
    tree = MemoryTree({LOCK: SOUND.encode()})
    assert lock_of(tree) == read_lock(SOUND.encode())
    for mode in ("120000", "160000"):
        linked = MemoryTree({LOCK: SOUND.encode()})
        linked.files[LOCK] = Blob(mode, "", 0)  # type: ignore[index]
        with pytest.raises(Fault, match=like("path-no-file", path="program.lock")):
            lock_of(linked)
