"""An archive whose history tells what a hostile clone would hide, and its verdicts."""

from pathlib import Path

import pytest

from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import email, governance
from tests.builders.files import folder

EDITED, MOVED = "2026-11-05-edited", "2026-11-05-moved"
NOTE = "docs/note.md"
LINK = f"{folder(POST)}/plan.txt"
MAKER = "reviewer-made-post"
Told = tuple[tuple[int, frozenset[tuple[str, str, str]]], ...]


def _signed(archive: ArchiveRepo) -> str:
    """The last commit again, as if it were signed: git shows such a commit to a program."""
    kind, _, message = archive.git("cat-file", "commit", "HEAD").partition("\n\n")
    mark = "gpgsig -----BEGIN PGP SIGNATURE-----\n x\n -----END PGP SIGNATURE-----"
    made = archive.git.raw("commit", f"{kind}\n{mark}\n\n{message}\n".encode())
    archive.git("reset", "--quiet", "--soft", made)
    return made


def _there_and_back(archive: ArchiveRepo, post: str, *, move: bool) -> None:
    """The second reviewer has a hand in a post, and the writer undoes what is to be seen of it."""
    here, away = folder(post), folder("2026-11-05-away")
    path = f"{here}/post.md"
    archive.branch(f"hand-{post}")
    before = archive.read(path)
    if move:
        archive.git("mv", here, away)
    else:
        archive.write(path, before + b"x\n")
    archive.commit("改", "kz-a")
    _signed(archive)
    if move:
        archive.git("mv", away, here)
    archive.write(path, before)
    archive.commit("改回", "zz-a")
    archive.merge(f"hand-{post}")


@pytest.fixture(scope="session")
def telling_template(tmp_path_factory: pytest.TempPathFactory) -> ArchiveRepo:
    """Three posts with a reviewer's hand in each, and a proposal that must be merged."""
    made = ArchiveRepo(tmp_path_factory.mktemp("telling") / "archive")
    made.root.mkdir()
    made.git("init", "--quiet", "--initial-branch=main")
    for path, raw in governance().items():
        made.write(path, raw)
    made.write(NOTE, "".join(f"第{n}行\n" for n in range(9)))
    made.draft(POST)
    made.approve_all(POST)
    made.commit("建库", "kz-a")
    for post, move in ((EDITED, False), (MOVED, True)):
        made.branch(post)
        made.draft(post)
        made.approve_all(post)
        made.commit(post, "zz-a")
        made.merge(post)
        _there_and_back(made, post, move=move)
    made.branch("proposal")
    made.change(NOTE, "第8行", "第八行")
    made.git("add", "--all")
    made.git("update-index", "--add", "--cacheinfo", f"160000,{made.head()},{LINK}")
    env = made.git.people(email("zz-a"), email("zz-a"))
    made.git("commit", "--quiet", "--message", "子模块", env=env)
    made.switch("main")
    made.change(NOTE, "第0行", "第零行")
    made.commit("说明", "gly-a")
    made.git("switch", "--quiet", "--detach", "proposal")
    return made


@pytest.fixture
def telling(telling_template: ArchiveRepo, tmp_path: Path) -> ArchiveRepo:
    return telling_template.copy(tmp_path / "archive")


@pytest.fixture(scope="session")
def sound(telling_template: ArchiveRepo, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Its verdicts where nothing lies beside it."""
    return told(telling_template.copy(tmp_path_factory.mktemp("sound") / "archive"))


def told(archive: ArchiveRepo) -> Told:
    """The verdicts on the proposal and on what stands: exit code, findings."""
    found = []
    for report in (archive.verify("main", "proposal"), archive.standing("main")):
        said = {(v.subject, f.clause, f.name) for v in report.verdicts for f in v.findings}
        found.append((report.exit_code, frozenset(said)))
    return tuple(found)
