"""What `sanshen init` lays out: how its program is installed, and what its README says."""

import hashlib
import json
import re
import sys
from pathlib import Path

import pytest

from pipeline.model.part import program
from pipeline.new.archive_files import EDITOR_SCHEMAS
from pipeline.program import VERBS
from pipeline.source.content.paths import MemoryTree
from pipeline.source.content.program_lock import lock_of
from pipeline.source.program import pack, running, shipped
from tests.builders.named import shows
from tests.e2e.test_journey import Bureau

FAKE_PIP = """
import pathlib, sys
given = sys.argv[1:]
folder = pathlib.Path(given[given.index("--dest") + 1])
text = pathlib.Path(given[given.index("--requirement") + 1]).read_text()
assert given[0] == "download" and {"--require-hashes", ":all:"} <= {*given}, given
if "sanshen" in text or "click==" not in text:
    sys.exit(1)
folder.mkdir()
(folder / "click-8-py3-none-any.whl").write_bytes(b"a wheel")
sys.exit(%d)
"""


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Bureau:
    return Bureau(tmp_path_factory.mktemp("bureau"))


def listed(bureau: Bureau, folder: Path) -> set[str]:
    return set(bureau.run("git", "-c", "core.quotePath=false", "ls-files", folder=folder).split())


def locked(folder: Path) -> str:
    return (folder / "program.lock").read_text("utf-8")


def test_there_is_one_folder_to_look_into_and_no_program_text(bureau: Bureau) -> None:
    files = listed(bureau, bureau.folder)
    outside = {path for path in files if not path.startswith("content/")}
    assert outside == {
        ".gitattributes", ".gitignore", ".vscode/settings.json", "Makefile", "README.md",
        "program.lock", f"program/{pack()[0]}",
    }  # fmt: skip
    assert len(files) <= 60 and not [path for path in files if path.endswith(".py")]


def test_the_lock_names_the_wheel_that_lies_there(bureau: Bureau) -> None:
    files = {path: (bureau.folder / path).read_bytes() for path in listed(bureau, bureau.folder)}
    lock = lock_of(MemoryTree(files))
    assert lock and lock.program == running()
    assert hashlib.sha256(files[lock.wheel]).hexdigest() == lock.wheel_sha256
    assert files[lock.wheel] == pack()[1]
    assert lock.requirements == shipped("requirements/run.txt")["requirements/run.txt"].decode()


def test_the_readme_is_the_bureaus_and_invents_nothing(bureau: Bureau) -> None:
    text = (bureau.folder / "README.md").read_text("utf-8")
    assert text.startswith("# 测试市应急管理局政务新媒体公开档案\n")
    assert "| 部门作者 | writer@bureau.example |" in text
    assert "| 主要负责人 | 待填写 |" in text
    assert "| 联系电话 | 待填写 |" in text
    assert "$unit" not in text and "Sanshen" not in text
    typed = re.findall(r"`sanshen ([a-z-]+)", text)
    assert len(typed) > 15 and set(typed) <= {*VERBS}


def test_an_index_gives_the_program_where_no_wheel_is_laid(bureau: Bureau, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    shown = bureau.found(folder, "--index")
    assert "content_mode: av" in shown, "what is assumed is said, and how to change it"
    assert not (folder / "program").exists()
    line = f"sanshen=={running().version} --hash=sha256:{hashlib.sha256(pack()[1]).hexdigest()}"
    assert line in locked(folder).splitlines()
    bureau.sanshen("verify", folder=folder)


@pytest.fixture
def pip(bureau: Bureau, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """A pip that reaches an index, or ends with an error."""
    (tmp_path / "python/pip").mkdir(parents=True)
    (tmp_path / "python/pip/__init__.py").touch()
    (tmp_path / "python/pip/__main__.py").write_text(FAKE_PIP % request.param)
    bureau.environment["PYTHONPATH"] = str(tmp_path / "python")
    request.addfinalizer(lambda: bureau.environment.pop("PYTHONPATH"))


@pytest.mark.parametrize("pip", [0], indirect=True)
@pytest.mark.usefixtures("pip")
def test_without_a_network_all_that_is_installed_lies_beside_it(
    bureau: Bureau, tmp_path: Path
) -> None:
    folder = tmp_path / "archive"
    shown = bureau.found(folder, "--offline", "--account-mode", "av")
    assert "content_mode" not in shown
    assert "已下载 1 个文件" in shown
    assert f"Python {sys.version_info[0]}.{sys.version_info[1]}" in shown
    names = sorted(path.name for path in (folder / "program").iterdir())
    assert names == ["click-8-py3-none-any.whl", pack()[0]]
    assert "\n--no-index\n--find-links ./program\n" in locked(folder)
    bureau.sanshen("verify", folder=folder)


@pytest.mark.parametrize("pip", [1], indirect=True)
@pytest.mark.usefixtures("pip")
def test_nothing_is_founded_where_something_could_not_be_fetched(
    bureau: Bureau, tmp_path: Path
) -> None:
    members = [f"--member={r}={bureau.home / r}.pub" for r in (
        "information-officer", "section-head", "leader-in-charge", "operator")]  # fmt: skip
    given = ("--id", "x", "--unit", "测试局", *members, "--member=writer=,w@b.example")
    shown = bureau.sanshen(
        "init", str(tmp_path / "a"), *given, "--offline", folder=bureau.home, code=1
    )
    assert shows(shown, "packages-not-fetched", "zh")
    both = ("init", str(tmp_path / "a"), *given, "--offline", "--index")
    bureau.sanshen(*both, folder=bureau.home, code=2)
    assert not (tmp_path / "a").exists()


def test_an_editor_finds_the_schemas_of_the_program_and_of_the_archive(bureau: Bureau) -> None:
    """VS Code's YAML extension reads files alone, and no front matter inside Markdown."""
    settings = json.loads((bureau.folder / ".vscode/settings.json").read_text("utf-8"))
    own = bureau.folder / "schemas/registers/devices.json"
    own.parent.mkdir(parents=True)
    own.write_text("{}")
    bureau.sanshen("setup", "--editor")
    rows = [*settings["yaml.schemas"], *(row["url"] for row in settings["json.schemas"])]
    assert len(rows) > 20
    assert [path for path in rows if not (bureau.folder / path).is_file()] == []
    assert {path.partition("schemas/")[0] for path in rows} == {"./build/"}
    assert (bureau.folder / EDITOR_SCHEMAS / "registers/devices.json").read_text() == "{}"
    assert [p for p in settings["yaml.schemas"].values() if not p.endswith(".yml")] == []
    own.unlink()
    assert bureau.git("status", "--porcelain") == ""


def test_every_guide_that_is_listed_is_printed(bureau: Bureau) -> None:
    names = [line.split()[0] for line in bureau.sanshen("guide").splitlines()]
    assert {"cards/operator", "inspector", "runbooks/expunge", "install"} <= {*names}
    for name in names:
        assert bureau.sanshen("guide", name).startswith("# ")
    assert bureau.sanshen("guide", "docs/reviewer.md") == bureau.sanshen("guide", "reviewer")
    assert "![" not in bureau.sanshen("guide", "cards/operator")
    assert "没有名为" in bureau.sanshen("guide", "../LICENSE", code=2)


def test_what_a_forge_needs_ships_with_the_program() -> None:
    for forge in program().forges.values():
        assert set(shipped(*forge.files)) == {*forge.files}, forge.kind
