"""A bureau takes files of theme and schemas over from the program, from proposal to use."""

import json
import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from pipeline.cli.site import build
from pipeline.judge.change_facts import theme_of
from pipeline.model.program import Program
from pipeline.parts.reproduce.verb import reproduce
from pipeline.parts.verify_site.verb import verify_site
from pipeline.source.content.own_theme import differing
from pipeline.source.program import running, shipped
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import AS_OF, public_line
from tests.builders.named import refuses, shows
from tests.builders.published import begun, built_site, relist, resign
from tests.builders.upgrading import upgrading, wheel_file
from tests.builders.verdicts import passes, waits_for
from tests.builders.wheels import locked_to, wheel_of
from tests.cli.at_the_desk import run

CSS = "site/assets/site.css"
SOURCES = "schemas/registers/sources.json"
OWN = b"\n/* \xe6\x9c\xac\xe5\xb1\x80 */\n"


def _take_over(archive: ArchiveRepo, path: str) -> None:
    archive.write(path, shipped(path)[path])


def _signed(archive: ArchiveRepo, branch: str) -> None:
    """Consented to by two, and merged."""
    archive.commit("本局样式", "gly-a")
    archive.authorise("kz-a", "section-head", name=branch)
    archive.authorise("ld-a", "leader-in-charge", name=branch)
    archive.commit("授权", "gly-a")
    assert passes(archive.verify())
    archive.merge(branch)


def test_the_digests_of_own_files_alone_are_listed() -> None:
    files = {**shipped("site"), CSS: OWN, "site/assets/own.css": OWN}
    digest = sha256(OWN).hexdigest()
    assert differing(files) == f"{digest}  site/assets/own.css\n{digest}  {CSS}\n"


@pytest.fixture(scope="module")
def laid_over(tmp_path_factory: pytest.TempPathFactory) -> tuple[ArchiveRepo, Path]:
    """An archive with a style and a template of its own, and its site."""
    folder = tmp_path_factory.mktemp("own")
    archive = begun(folder)
    archive.branch("theme")
    template = "site/templates/about.html.j2"
    for path in (CSS, template):
        _take_over(archive, path)
        with (archive.root / path).open("ab") as file:
            file.write(OWN if path == CSS else "<p>本局自有</p>\n".encode())
    archive.commit("本局样式", "gly-a")
    assert waits_for(archive.verify(), ("R13-7", "head-consent-missing"))
    _signed(archive, "theme")
    return archive, built_site(archive, folder)


@pytest.fixture
def site(laid_over: tuple[ArchiveRepo, Path], tmp_path: Path) -> Iterator[Path]:
    yield Path(shutil.copytree(laid_over[1], tmp_path / "site"))


def _looked(archive: ArchiveRepo, site: Path) -> Result:
    return run(verify_site, archive, str(site), "--key", public_line("log"))


def test_own_files_lie_over_the_programs_and_are_named_to_strangers(
    laid_over: tuple[ArchiveRepo, Path], site: Path
) -> None:
    assert (site / "assets/site.css").read_bytes() == shipped(CSS)[CSS] + OWN
    assert "本局自有" in (site / "about/index.html").read_text("utf-8")
    assert (site / "assets/post.js").read_bytes() == shipped("site")["site/assets/post.js"]
    rows = (site / "evidence/theme").read_text("utf-8").splitlines()
    assert [row[66:] for row in rows] == [CSS, "site/templates/about.html.j2"]
    done = _looked(laid_over[0], site)
    assert done.exit_code == 0, done.output
    assert f"theme-files-own {CSS}, site/templates" in done.stderr


def test_both_layers_are_laid_again_by_a_stranger_with_a_clone(
    laid_over: tuple[ArchiveRepo, Path], site: Path
) -> None:
    archive = laid_over[0]
    archive.write(CSS, b"uncommitted\n")
    done = run(reproduce, archive, str(site))
    archive.git("checkout", "-q", "--", CSS)
    assert done.exit_code == 0, done.output
    (site / "assets/site.css").write_bytes(shipped(CSS)[CSS])
    done = run(reproduce, archive, str(site))
    assert done.exit_code == 11 and "assets/site.css" in done.output


@pytest.mark.parametrize("name", ["site.css", "post.js"])
def test_a_served_file_of_neither_is_refused(
    laid_over: tuple[ArchiveRepo, Path], site: Path, tmp_path: Path, name: str
) -> None:
    """Even where who holds the log's key made list and log fit."""
    with (site / "assets" / name).open("ab") as file:
        file.write(b"/* theirs */\n")
    relist(site)
    resign(site, tmp_path)
    done = _looked(laid_over[0], site)
    assert done.exit_code == 11
    assert "theme-file-foreign" in done.output


def test_a_site_that_hides_which_files_are_its_own_is_refused(
    laid_over: tuple[ArchiveRepo, Path], site: Path, tmp_path: Path
) -> None:
    (site / "evidence/theme").unlink()
    relist(site)
    resign(site, tmp_path)
    done = _looked(laid_over[0], site)
    assert done.exit_code == 11
    assert "evidence/theme" in done.output and "assets/site.css" in done.output


def test_of_another_program_nothing_is_held_against_the_site(
    laid_over: tuple[ArchiveRepo, Path], site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ships a file that this site has not, as a newer one might."""
    monkeypatch.setattr(
        "pipeline.parts.verify_site.identity.running", lambda: Program("9.0.0", "0" * 64)
    )
    monkeypatch.setattr(
        "pipeline.parts.verify_site.identity.shipped", lambda _: {"site/assets/x.js": b""}
    )
    done = _looked(laid_over[0], site)
    assert "theme-uncompared" in done.stderr
    assert "theme-file-foreign" not in done.output


@pytest.mark.parametrize("mode", ["120000", "160000"])
def test_a_link_or_a_module_among_them_stops_change_and_build(
    archive: ArchiveRepo, mode: str, tmp_path: Path
) -> None:
    oid = archive.head() if mode == "160000" else archive.git("hash-object", "-w", "/dev/null")
    archive.git("update-index", "--add", "--cacheinfo", f"{mode},{oid},site/assets/x.css")
    env = archive.git.people("gly-a@yjj.example", "gly-a@yjj.example")
    archive.git("commit", "-qm", "链接", env=env)
    report = archive.verify()
    assert report.exit_code == 11
    out = str(tmp_path / "built")
    done = run(build, archive, "--head", "HEAD", "--output", out, "--as-of", AS_OF.isoformat())
    assert done.exit_code or done.exception
    assert not Path(out).exists()


def test_a_key_of_the_bureaus_own_in_a_register(archive: ArchiveRepo) -> None:
    """From proposal to use: the schema by consent of two, then an entry that has the key."""
    register = "content/registers/sources.yml"
    entry = "    hotline: 调度室\n"
    text = (archive.root / register).read_text("utf-8")
    at = text.index("\n", text.index("- id:")) + 1
    marked = f"{text[:at]}{entry.replace('    ', ' ' * _indent(text))}{text[at:]}"
    archive.write(register, marked.encode())
    archive.commit("登记", "gly-a")
    assert archive.verify().exit_code == 11
    archive.switch("main")
    archive.branch("schema")
    _take_over(archive, SOURCES)
    schema: Any = json.loads((archive.root / SOURCES).read_bytes())
    item = schema["properties"]["sources"]["items"]
    item["properties"]["hotline"] = {"type": "string", "maxLength": 20}
    archive.write(SOURCES, json.dumps(schema, ensure_ascii=False).encode())
    _signed(archive, "schema")
    archive.branch("use")
    archive.write(register, marked.encode())
    _signed(archive, "use")


def _indent(text: str) -> int:
    """Columns before the keys of the first entry."""
    line = next(line for line in text.splitlines() if "- id:" in line)
    return line.index("id:")


def test_an_upgrade_names_the_copies_that_the_new_program_outgrows(
    archive: ArchiveRepo, tmp_path: Path
) -> None:
    for path, raw in locked_to(wheel_of(running().version)).items():
        archive.write(path, raw)
    for path in (CSS, SOURCES):
        _take_over(archive, path)
    archive.commit("自有", "gly-a")
    archive.git("branch", "-f", "main", "HEAD")
    archive.switch("main")
    changes = {f"pipeline/shipped/{CSS}": b"p {}\n"}
    done = upgrading(archive, wheel_file(tmp_path, changes=changes))
    assert done.exception is None, done.output
    assert shows(done.output, "own-copy-outdated", path=CSS)
    assert "copy-outdated" not in done.output


@pytest.mark.parametrize("parts", [(b"..", b".."), (b".",)])
def test_a_path_that_leads_out_of_the_theme_is_refused_and_never_written(
    archive: ArchiveRepo, tmp_path: Path, parts: tuple[bytes, ...]
) -> None:
    """Git makes no such name; a server that checks no objects takes it."""

    def folder(*rows: tuple[bytes, bytes, str]) -> str:
        joined = (m + b" " + n + b"\0" + bytes.fromhex(oid) for m, n, oid in rows)
        return archive.git.raw("tree", b"".join(joined))

    oid = folder((b"100644", b"escaped.css", archive.git("hash-object", "-w", "program.lock")))
    for part in parts:
        oid = folder((b"40000", part, oid))
    listed = (
        row.replace("\t", " ").split(" ") for row in archive.git("ls-tree", "HEAD").split("\n")
    )
    rows = [(m.lstrip("0").encode(), n.encode(), held) for m, _, held, n in listed]
    whole = folder(*sorted([*rows, (b"40000", b"site", oid)], key=lambda row: row[1]))
    env = archive.git.people("gly-a@yjj.example", "gly-a@yjj.example")
    made = archive.git("commit-tree", whole, "-p", "HEAD", "-m", "x", env=env)
    archive.git("update-ref", "HEAD", made)
    assert archive.verify("main", made).exit_code == 11
    with refuses("path-leads-out"):
        theme_of(archive.open().tree(made))
    out = str(tmp_path / "built")
    done = run(build, archive, "--head", made, "--output", out, "--as-of", AS_OF.isoformat())
    assert done.exit_code or done.exception
    assert not [p for p in tmp_path.rglob("escaped.css") if ".git" not in p.parts]
