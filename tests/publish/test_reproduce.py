"""A second bureau makes a published site again from its clone, without the log's private key."""

import shutil
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import Result

from pipeline.parts.reproduce.verb import reproduce
from pipeline.source.program import running
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import public_line
from tests.builders.published import PAGE, begun, built_site
from tests.cli.at_the_desk import fault, run


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[ArchiveRepo, Path]:
    """An archive whose site was built twice, with a record between."""
    folder = tmp_path_factory.mktemp("published")
    archive = begun(folder, accounts=["wx", "wb"])
    built_site(archive, folder)
    archive.branch("later")
    archive.publication(POST, "wb")
    archive.commit("再发布", "gly-a")
    archive.merge("later")
    return archive, built_site(archive, folder)


@pytest.fixture
def site(published: tuple[ArchiveRepo, Path], tmp_path: Path) -> Path:
    return Path(shutil.copytree(published[1], tmp_path / "site"))


def _reproduce(published: tuple[ArchiveRepo, Path], place: Path | str, *more: str) -> Result:
    return run(reproduce, published[0], str(place), *more)


def test_an_honest_server_shows_what_the_clone_gives(
    published: tuple[ArchiveRepo, Path], site: Path
) -> None:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}/"
        done = _reproduce(published, address, "--key", public_line("log"))
        server.shutdown()
    assert done.exit_code == 0, done.stdout + done.stderr
    assert "site-reproduced" in done.stdout


def test_each_address_that_differs_is_named(
    published: tuple[ArchiveRepo, Path], site: Path
) -> None:
    index = next(p for p in (site / "search").rglob("*") if p.is_file())
    index.write_bytes(index.read_bytes() + b" ")
    (site / PAGE / "index.html").unlink()
    (site / "extra.html").write_bytes(b"x")
    done = _reproduce(published, site)
    assert done.exit_code == 11, done.stderr
    assert done.stdout.splitlines() == [
        f"{PAGE}/index.html: file-lacking",
        f"{index.relative_to(site)}: file-otherwise",
        "extra.html: file-surplus",
    ]
    assert "checkpoint-unchecked" in done.stderr


def test_another_version_of_the_program_proves_nothing(
    published: tuple[ArchiveRepo, Path], site: Path
) -> None:
    other, builds = f"9.9.9 sha256:{'e' * 64}", site / "log/builds"
    builds.write_text(builds.read_text().replace(running().stated, other))
    done = _reproduce(published, site, "--key", public_line("log"))
    assert done.exit_code == 1
    assert f"program-differs {other} {running().stated}" in done.stderr
    forged = _reproduce(published, site, "--key", public_line("gly-a"))
    assert forged.exit_code == 11
    assert "log/checkpoint: checkpoint-other-key" in forged.stdout


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (b"+08:00 ", b"+08:00 x", "names no build"),
        (b"2026-11-05T", b"2026-99-05T", "names no build"),
        (b"+08:00 ", b".000000 ", "names no build"),
    ],
)
def test_a_list_of_builds_that_cannot_be_used(
    published: tuple[ArchiveRepo, Path], site: Path, old: bytes, new: bytes, words: str
) -> None:
    path = site / "log/builds"
    path.write_bytes(path.read_bytes().replace(old, new))
    done = _reproduce(published, site)
    assert words in fault(done)


def test_a_commit_that_the_clone_does_not_have(
    published: tuple[ArchiveRepo, Path], site: Path
) -> None:
    path = site / "log/builds"
    commit = published[0].head()
    path.write_bytes(path.read_bytes().replace(commit.encode(), b"0" * 40))
    done = _reproduce(published, site)
    assert "commit-not-here" in fault(done)
