"""The program packed as a wheel, and what is no wheel of it."""

import hashlib
import io
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from pipeline.errors import Fault
from pipeline.source.content.program_lock import read_lock, write_lock
from pipeline.source.program import pack, running
from pipeline.source.wheel import lock_for, unpacked
from tests.builders.cast import ROOT
from tests.builders.named import refuses
from tests.builders.wheels import INIT, wheel_of, zipped
from tests.e2e.pasted import environment, paste

PACK = """
import sys
from pipeline.source.program import pack
sys.stdout.buffer.write(pack()[1])
"""


def test_an_installed_wheel_packs_the_same_bytes(wheel: Path, tmp_path: Path) -> None:
    """Metadata of an editable install are those of the day it was made; none of them is read."""
    packing = tmp_path / "packing.py"
    packing.write_text(PACK)
    done = paste(f"python {packing} > packed.whl", tmp_path, environment(tmp_path / "home", wheel))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "packed.whl").read_bytes() == pack()[1]


def test_a_release_built_twice_is_the_packed_wheel(tmp_path: Path) -> None:
    for folder in ("once", "again"):
        build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path / folder]
        subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
        (made,) = (tmp_path / folder).iterdir()
        assert (made.name, made.read_bytes()) == pack()


def test_its_digest_is_that_of_the_program_that_runs() -> None:
    lock = lock_for()
    assert lock.program == running()
    assert lock.wheel == f"program/{pack()[0]}"
    assert lock.wheel_sha256 == hashlib.sha256(pack()[1]).hexdigest()
    assert "--hash=sha256:" in lock.requirements
    assert read_lock(write_lock(lock)) == lock
    assert read_lock(write_lock(lock_for(in_archive=False))) == lock._replace(wheel="")


def test_what_is_packed_is_all_that_its_list_names() -> None:
    with zipfile.ZipFile(io.BytesIO(pack()[1])) as wheel:
        assert wheel.testzip() is None
        (record,) = (name for name in wheel.namelist() if name.endswith("/RECORD"))
        listed = [line.split(",")[0] for line in wheel.read(record).decode().splitlines()]
        assert listed == wheel.namelist()
        assert {entry.date_time for entry in wheel.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_compressed_wheel_of_another_version_is_read_too() -> None:
    lock = lock_for(wheel_of("1.2.3", method=zipfile.ZIP_DEFLATED))
    assert lock.program.version == "1.2.3"
    assert lock.wheel == "program/sanshen-1.2.3-py3-none-any.whl"
    assert lock.program.digest != running().digest


INFO = "sanshen-1.2.3.dist-info/"


@pytest.mark.parametrize(
    "changes",
    [
        {INIT: None},
        {INIT: b'__version__ = "1.2.3; rm"\n'},
        {INIT: b'__version__ = "1.2.4"\n'},  # its dist-info is 1.2.3's
        {"pipeline/shipped/requirements/run.txt": None},
        {"sitecustomize.py": b"import evil"},
        {"evil.pth": b"import evil"},
        {"pipeline/../evil.py": b"import evil"},
        {"pipeline\\..\\evil.py": b"import evil"},
        {"/evil.py": b"import evil"},
        {"pipeline/__pycache__/errors.cpython-311.pyc": b""},
        {"pipeline/rules.pyc": b""},
        {f"{INFO}METADATA": b"Version: 1.2.4\n"},
        {f"{INFO}METADATA": None},
    ],
)  # fmt: skip
def test_what_brings_less_or_more_than_the_package_is_refused(
    changes: Mapping[str, bytes | None],
) -> None:
    """No digest covers bytecode, or what lies beside the package and runs with it."""
    with refuses("no-wheel"):
        lock_for(wheel_of("1.2.3", changes))


def test_files_that_its_own_list_does_not_hold_are_refused() -> None:
    files = unpacked(wheel_of("1.2.3"))
    for change in ({"pipeline/more.py": b""}, {"pipeline/errors.py": b"# other\n"}):
        with refuses("no-wheel wheel-untrue"):
            lock_for(zipped({**files, **change}))


def test_a_file_twice_is_refused() -> None:
    made = io.BytesIO(pack()[1])
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(made, "a") as wheel:
        wheel.writestr(INIT, b'__version__ = "0.9.0"\n')
    with pytest.raises(Fault, match="twice"):
        lock_for(made.getvalue())


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as wheel:
        wheel.writestr("pipeline/zeros", bytes(300 << 20))
    with pytest.raises(Fault, match="256 MB"):
        lock_for(made.getvalue())


@pytest.mark.parametrize("raw", [b"", b"PK", b"\0" * 4096, pack()[1][:-200]])
def test_what_is_no_archive_of_files_is_refused(raw: bytes) -> None:
    with refuses("no-wheel"):
        lock_for(raw)
