"""The public page of a post that went out before its confirmation, and of one that is gone."""

from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.history.judge_commits import Means
from pipeline.memo.store import SealedStore
from pipeline.model.findings import Effect
from pipeline.new.yaml_writer import dump
from pipeline.parts.verify_site.site import Site, verify_site
from pipeline.publish.build_site import Order, build_site
from pipeline.report.language import translator
from tests.builders.archive import POST
from tests.builders.cast import AS_OF, at, private_key_file
from tests.builders.published import PAGE, begun
from tests.cli.at_the_desk import run
from tests.site.conftest import tree

WHY = "值班电话命令，网络中断"
EARLY = {
    "published_at": at("2026-11-04 03:12"),
    "recorded_at": at("2026-11-05 10:00"),
    "unconfirmed": WHY,
    "time_from": "platform",
}


class Bureau:
    """An archive and its site, which is built again and again."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.archive = folder, begun(folder, accounts=["wx", "wb"])
        self.store = SealedStore(folder / "store", b"k" * 32)

    def page(self) -> str:
        """The post's page after one more build."""
        key = private_key_file("log", self.folder)
        order = Order(self.folder / "site", self.folder / "work", log_key=key.read_bytes(),
                      means=Means(self.store))  # fmt: skip
        repository = self.archive.open()
        built = build_site(
            repository, self.archive.head(), lambda _: AS_OF, order, translator("zh")
        )
        assert built.site is not None, built.report.findings
        assert all(f.effect is Effect.NOTE for f in built.report.findings)
        return (self.folder / "site" / PAGE / "index.html").read_text()

    def merge(self, name: str) -> None:
        self.archive.git("switch", "--quiet", "-C", name)
        self.archive.commit(name, "gly-a")
        self.archive.merge(name)

    def problems(self) -> list[str]:
        files = tree(self.folder / "site")
        report = verify_site(Site(files.get, files.keys), files["log/key"].decode())
        return [f"{path}: {message}" for path, message in report.problems]


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Bureau:
    return Bureau(tmp_path_factory.mktemp("bureau"))


def test_the_page_says_it_until_it_is_closed_and_then_how(bureau: Bureau) -> None:
    from pipeline.cli.declare import attest

    assert WHY not in bureau.page()
    archive = bureau.archive
    archive.publication(POST, "wb", **EARLY)
    bureau.merge("early")
    page = bureau.page()
    assert f"<p>发布在前，确认在后，当时未经审核。原因：“{WHY}”。</p>" in page
    assert "“云岚wb”的这次发布先发布、后确认，不符合第十一条、第十五条，整改尚未办结。" in page
    assert "“云岚wx”的这次发布" not in page
    assert bureau.problems() == []
    value = {
        "person": "xxy-a", "clause": "R11-6", "finding": f"publication:{POST}.wb.r1",
        "assigned": {"person": "xxy-a", "due": "2026-11-10"},
        "explained": {"person": "xxy-a", "at": "2026-11-05T11:00:00+08:00", "cause": WHY},
        "closed": {
            "person": "kz-a", "at": "2026-11-05T12:00:00+08:00", "measures": "配<备>用网络"
        },
    }  # fmt: skip
    archive.write("content/records/rectifications/2026/night.yml", dump(value))
    archive.commit("整改", "xxy-a")
    assert "整改尚未办结" in bureau.page()
    for number, person in enumerate(("xxy-a", "kz-a")):
        moment = at("2026-11-05 12:30") + timedelta(minutes=number)
        given = ("rectifications", "night")
        assert run(attest, archive, *given, by=person, now=moment).exit_code == 0
    bureau.merge("closed")
    page = bureau.page()
    assert "2026年11月5日整改办结，措施为“配&lt;备&gt;用网络”。" in page
    assert "整改尚未办结" not in page
    assert bureau.problems() == []


def test_what_the_platform_removed_was_there_until_then(bureau: Bureau) -> None:
    archive = bureau.archive
    before = f"content/records/publications/2026/2026-11-05.wx.{POST}.json"
    archive.superseding(before, POST, removed_at=at("2026-11-05 15:00"), removed_by="platform",
                        reason="平台称标题违规", recorded_at=at("2026-11-05 15:30"))  # fmt: skip
    bureau.merge("removed")
    page = bureau.page()
    assert (
        '<span class="sn-when">2026-11-05 15:00</span> 起不再显示：平台删除（平台称标题违规）'
        in page
    )
    assert "查看“云岚wx”上的原帖" not in page
    assert bureau.problems() == []
