"""The bag of a year: valid by BagIt, verifiable with stock tools alone, and never half written."""

import json
import os
import subprocess
from pathlib import Path

import bagit
import pytest

from pipeline.errors import Fault
from pipeline.model.forms import Form
from pipeline.parts.handover.export import export
from pipeline.source.content.program_lock import LOCK
from pipeline.source.git.repository import Repository
from pipeline.source.program import running, shipped
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import AS_OF
from tests.builders.layers import own_schema
from tests.builders.named import like, refuses


def print_form(form: Form) -> bytes:
    """The typesetter has tests of its own; here the form's words will do."""
    return f"%PDF {form.name} {form.digest}\n".encode()


def hand_over(repo: ArchiveRepo, out: Path, year: int = 2026):
    repository = Repository.open(repo.root)
    head = repository.commit("HEAD")
    return export(repository, head, lambda _: AS_OF, year, out, print_form)


@pytest.fixture(scope="module")
def published(approved_template: ArchiveRepo, tmp_path_factory: pytest.TempPathFactory):
    """A published post, and a draft of the same year that nobody has approved."""
    made = approved_template.copy(tmp_path_factory.mktemp("published") / "archive")
    made.publication(POST)
    made.draft("2026-11-05-draft")
    made.commit("登记", "gly-a")
    return made


@pytest.fixture(scope="module")
def exported(published: ArchiveRepo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("bags") / "yunlan-2026"
    done = hand_over(published, out)
    assert (done.posts, done.left_out) == (1, ("2026-11-05-draft",))
    assert done.files == sum(1 for p in (out / "data").rglob("*") if p.is_file())
    return out


def names(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_the_bag_is_valid_and_says_whose_it_is(exported: Path) -> None:
    made = bagit.Bag(str(exported))
    assert made.is_valid() and made.algorithms == ["sha256"]
    assert made.info["External-Identifier"] == "yunlan-yjj-2026"
    assert made.info["Bagging-Date"] == "2026-11-05"


def test_it_holds_everything_of_the_post_and_nothing_of_the_draft(exported: Path) -> None:
    found = names(exported / "data")
    assert {
        f"content/posts/2026/{POST}/post.md", f"content/reviews/2026/{POST}/r1/4-confirm.json.sig",
        f"content/records/publications/2026/2026-11-05.wx.{POST}.json",
        "content/registers/roster.yml", "content/regulation.md",
        f"posts/{POST}/renditions/archive.html", f"posts/{POST}/renditions/wechat.html",
        f"posts/{POST}/files.sha256", "forms/2026-11-05.pdf", "allowed_signers",
    } <= found  # fmt: skip
    assert not [n for n in found if "draft" in n]
    row = json.loads((exported / "data/index.json").read_text("utf-8"))["posts"][0]
    assert row["post"] == POST and row["form"] in found and row["retention"] == "10年"
    signed = (exported / "data/signatures.tsv").read_text("utf-8").split()[2::3]
    steps = ("1-first", "2-second", "3-final", "4-confirm")
    assert {f"content/reviews/2026/{POST}/r1/{step}.json" for step in steps} < {*signed}


def recipe(exported: Path) -> str:
    """The commands of the README: everything indented by four."""
    text = (exported / "data/README.txt").read_text("utf-8")
    return "\n".join(line[4:] for line in text.splitlines() if line.startswith("    "))


def run(exported: Path) -> int:
    script = f"set -e -o pipefail\n{recipe(exported)}"
    done = subprocess.run(
        ["bash", "-c", script], cwd=exported / "data", capture_output=True, check=False
    )
    return done.returncode


def test_the_recipe_inside_verifies_it_without_this_program(exported: Path) -> None:
    assert "ssh-keygen -Y verify" in recipe(exported)
    assert run(exported) == 0


@pytest.mark.parametrize(
    "path",
    [
        f"content/posts/2026/{POST}/post.md",
        f"content/reviews/2026/{POST}/r1/2-second.json",
        f"content/reviews/2026/{POST}/r1/2-second.json.sig",
        "forms/2026-11-05.pdf",
    ],
)
def test_a_changed_byte_is_found(exported: Path, tmp_path: Path, path: str) -> None:
    copy = tmp_path / "copy"
    subprocess.run(["cp", "-r", str(exported), str(copy)], check=True)
    raw = bytearray((copy / "data" / path).read_bytes())
    raw[len(raw) // 2] ^= 1
    (copy / "data" / path).write_bytes(raw)
    assert not bagit.Bag(str(copy)).is_valid()
    assert run(copy) != 0


def test_a_forged_signature_is_found_even_when_the_bag_was_made_anew(
    exported: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    subprocess.run(["cp", "-r", str(exported), str(copy)], check=True)
    review = copy / f"data/content/reviews/2026/{POST}/r1/3-final.json"
    review.write_text(review.read_text("utf-8").replace("同意", "不同意"), encoding="utf-8")
    made = bagit.Bag(str(copy))
    made.save(manifests=True)
    assert made.is_valid() and run(copy) != 0


def test_the_same_archive_gives_the_same_bytes(published: ArchiveRepo, tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "deep" / "other"
    other.parent.mkdir()
    hand_over(published, one)
    hand_over(published, other)
    assert names(one) == names(other)
    assert all((one / n).read_bytes() == (other / n).read_bytes() for n in names(one))


def test_an_earlier_bag_of_the_year_is_replaced(published: ArchiveRepo, tmp_path: Path) -> None:
    out = tmp_path / "bag"
    out.mkdir()
    hand_over(published, out)
    (out / "data/index.json").write_text("old", encoding="utf-8")
    hand_over(published, out)
    assert bagit.Bag(str(out)).is_valid() and names(tmp_path) == {f"bag/{n}" for n in names(out)}


def test_somebody_elses_files_stay_and_refuse(published: ArchiveRepo, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(Fault, match="holds other files"):
        hand_over(published, tmp_path)
    assert names(tmp_path) == {"mine.txt"}


def test_a_bag_that_cannot_be_finished_leaves_the_old_one(
    published: ArchiveRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "bag"
    hand_over(published, out)
    before = {n: (out / n).read_bytes() for n in names(out)}

    def full(*_: object, **__: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("pipeline.parts.handover.export._listed", full)
    with pytest.raises(OSError, match=os.strerror(28)):
        hand_over(published, out)
    assert {n: (out / n).read_bytes() for n in names(out)} == before
    assert [p.name for p in tmp_path.iterdir()] == ["bag"]


def test_a_year_without_posts_and_a_refused_post_are_faults(
    published: ArchiveRepo, tmp_path: Path
) -> None:
    with pytest.raises(Fault, match=like("year-empty", year="2025")):
        hand_over(published, tmp_path / "bag", 2025)
    broken = published.copy(tmp_path / "broken")
    broken.publication(POST, title="别的标题")
    broken.commit("改动", "gly-a")
    with refuses("handover-refused"):
        hand_over(broken, tmp_path / "bag")
    assert not (tmp_path / "bag").exists()


def test_it_holds_what_judges_and_names_the_program(exported: Path, published: ArchiveRepo) -> None:
    """The schemas go over as they are laid: most are the program's, and the archive has none."""
    data = exported / "data"
    for path, raw in shipped("schemas").items():
        assert (data / path).read_bytes() == raw, path
    assert (data / LOCK).read_bytes() == (published.root / LOCK).read_bytes()
    agent = bagit.Bag(str(exported)).info["Bag-Software-Agent"]
    assert agent == f"sanshen {running().version} sha256:{running().digest}"


def test_a_schema_of_the_archives_own_goes_over_in_place_of_the_programs(
    published: ArchiveRepo, tmp_path: Path
) -> None:
    made = published.copy(tmp_path / "archive")
    own = own_schema("registers/sources", lambda s: s.update(title="本局来源"))
    for path, raw in own.items():
        made.write(path, raw)
    made.commit("结构", "gly-a")
    hand_over(made, tmp_path / "bag")
    for path, raw in own.items():
        assert (tmp_path / "bag/data" / path).read_bytes() == raw
