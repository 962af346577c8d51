"""A bureau's website gets another address; its publication log goes on under the name it has."""

from pathlib import Path

import pytest

from pipeline.publish.build_site import Order, build_site
from pipeline.report.language import translator
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import AS_OF
from tests.builders.named import refuses
from tests.builders.published import begun
from tests.builders.verdicts import bears, passes, refused_for

OLD, NEW = "https://archive.yunlan.example/", "https://www.yunlan.example/yjj/"
LOST = ("R13-7", "log-renamed")
NAME = "archive.yunlan.example/yunlan-yjj"


def _move(archive: ArchiveRepo, log: str) -> None:
    """Propose the address, and a name for the log, with both signatures."""
    archive.branch("move", "main")
    stated = f'{NEW}"' + (f'\n  log: "{log}"' if log else "")
    archive.change("content/policy.yml", f'{OLD}"', stated)
    archive.commit("网址变更", "gly-a")
    archive.authorise("kz-a", "section-head")
    archive.authorise("ld-a", "leader-in-charge")
    archive.commit("授权", "gly-a")


def test_an_address_that_takes_the_name_along_is_refused(approved: ArchiveRepo) -> None:
    approved.merge("proposal")
    _move(approved, "")
    report = approved.verify()
    assert refused_for(report, LOST)
    (found,) = (f for f in report.findings if bears(f, *LOST))
    line = approved.read("content/policy.yml").decode().split("\n")[found.location.line - 1]
    assert NEW in line and f"`log: {NAME}`" in str(found.remedy)


def test_before_anything_was_reviewed_it_is_free(archive: ArchiveRepo) -> None:
    _move(archive, "")
    assert passes(archive.verify())


@pytest.mark.parametrize("name", [NAME, "elsewhere.example/yjj"])
def test_the_log_goes_on_under_its_own_name_alone(tmp_path: Path, name: str) -> None:
    archive = begun(tmp_path)

    def build(out: str, after: bytes | None = None, builds: bytes | None = None) -> bytes:
        order = Order(tmp_path / out, tmp_path / "work", after=after, builds=builds)
        head, tr = archive.head(), translator("en")
        made = build_site(archive.open(), head, lambda _: AS_OF, order, tr)
        assert made.site is not None, made.report.findings
        return (tmp_path / out / "log/checkpoint").read_bytes()

    before = build("before")
    builds = (tmp_path / "before/log/builds").read_bytes()
    assert before.split(b"\n")[0].decode() == NAME
    _move(archive, name)
    assert passes(archive.verify())
    archive.merge("move")
    if name == NAME:
        old, new = (note.split(b"\n") for note in (before, build("after", before, builds)))
        assert (new[0], int(new[1])) == (old[0], int(old[1]) + 1)
    else:
        with refuses("checkpoint-of-another-log"):
            build("after", before, builds)
