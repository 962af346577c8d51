"""Who consents to a change is shown what it holds, and asked."""

from pathlib import Path

import pytest

from pipeline.cli.publish import authorise
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import private_key_file, registers
from tests.cli.at_the_desk import fault, run


@pytest.fixture
def changed(archive: ArchiveRepo) -> ArchiveRepo:
    rows = registers()["sources"]["sources"]
    archive.register("sources", {"sources": [*rows, rows[0] | {"id": "water", "name": "水利局"}]})
    (archive.root / "content/registers/devices.yml").unlink()
    archive.commit("新稿源", "gly-a")
    return archive


def test_the_files_are_shown_and_how_to_read_them(changed: ArchiveRepo) -> None:
    told = run(authorise, changed, "-r", "新增稿源", by="kz-a")
    assert "  file altered  content/registers/sources.yml\n" in told.stderr
    assert "  file removed  content/registers/devices.yml\n" in told.stderr
    assert f"git diff {changed.head('main')[:12]}...HEAD" in told.stderr
    assert "content/records/authorisations/" in told.stdout


def test_nobody_consents_unasked(changed: ArchiveRepo, tmp_path: Path) -> None:
    key, records = str(private_key_file("kz-a", tmp_path)), changed.root / "content/records"
    given = ("-r", "新增稿源", "--key", key)
    assert fault(run(authorise, changed, *given)) == "terminal-missing"
    run(authorise, changed, *given, typed="n\n", attended=True)
    assert not list(records.rglob("kz-a.json"))
    run(authorise, changed, *given, typed="y\n", attended=True)
    assert list(records.rglob("kz-a.json"))
