"""What accounts carried before the archive: one list, signed by the head, and never as reviewed."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from jsonschema_rs import Draft202012Validator

from pipeline.cli.declare import attest
from pipeline.model.findings import Effect
from pipeline.parts.inquiries.verbs import import_
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import AS_OF, ROOT, at
from tests.builders.named import shows
from tests.builders.published import begun, built_site
from tests.builders.verdicts import finds, marks, passes, reasons, refused_for
from tests.cli.at_the_desk import fault, run

TABLE = """标题,网址,发布时间
冬季取暖安全,https://wechat.example/wx/2,2024-12-01 09:00
<b>汛期</b>注意事项,https://wechat.example/wx/1,2024年6月1日 8:30
"""
LABEL = "本库建立前发布，未在此审核。"


def listed(archive: ArchiveRepo, folder: Path, table: str = TABLE) -> str:
    """Import a table on a branch; the id of the record."""
    path = folder / "old.csv"
    path.write_text(table, encoding="utf-8")
    archive.git("config", "user.email", "xxy-a@yunlan.example.org")
    done = run(import_, archive, str(path), "--account", "wx")
    assert done.exit_code == 0, (done.output, done.exception)
    archive.git("switch", "--quiet", "-C", "earlier")
    archive.commit("旧稿", "xxy-a")
    return Path(done.stdout.strip()).stem


def signed(archive: ArchiveRepo, id: str, by: str, now: datetime = AS_OF) -> None:
    assert run(attest, archive, "earlier", id, by=by, now=now).exit_code == 0
    archive.commit("签名", by)


@pytest.fixture
def bureau(tmp_path: Path) -> ArchiveRepo:
    return begun(tmp_path)


def test_one_signature_of_the_head_brings_them_in(bureau: ArchiveRepo, tmp_path: Path) -> None:
    id = listed(bureau, tmp_path)
    words = "earlier-unsigned 云岚wx"
    assert finds(bureau.audit(), "R17-1", words, effect=Effect.NOTE)
    signed(bureau, id, "kz-a")
    assert passes(bureau.verify())
    bureau.merge("earlier")
    assert "R17-1" not in {c for c, _ in marks(bureau.audit())}
    site = built_site(bureau, tmp_path)
    page = (site / "earlier/index.html").read_text()
    assert LABEL in page
    assert page.count("<td>未在此审核</td>") == 2
    assert "&lt;b&gt;汛期&lt;/b&gt;注意事项" in page
    assert page.index("冬季取暖安全") < page.index("注意事项")  # the newest first
    assert "未在此审核的 2 篇" in (site / "posts/index.html").read_text()
    index = json.loads((site / "catalogue.json").read_text())
    assert index["earlier"] == {"posts": 2, "json": "catalogue/earlier.json"}
    rows = json.loads((site / "catalogue/earlier.json").read_text())
    assert rows["reviewed"] is False and len(rows["items"]) == 2
    schema = Draft202012Validator(json.loads((ROOT / "schemas/catalogue.json").read_text()))
    assert schema.is_valid(index) and schema.is_valid(rows)
    assert [y["posts"] for y in index["years"]] == [1]  # none of them is a post of the archive


@pytest.mark.parametrize("by", ["", "xxy-a", "ld-a"])
def test_without_the_head_nothing_is_shown(bureau: ArchiveRepo, tmp_path: Path, by: str) -> None:
    id = listed(bureau, tmp_path)
    if by:
        signed(bureau, id, by)
    bureau.merge("earlier")
    site = built_site(bureau, tmp_path)
    assert not (site / "earlier/index.html").exists()
    assert "earlier" not in json.loads((site / "catalogue.json").read_text())


def test_what_came_since_the_archive_began_is_refused(bureau: ArchiveRepo, tmp_path: Path) -> None:
    """2026-11-04 is its first day; the minute before midnight is still before it."""
    late = f"{TABLE}元旦提示,https://wechat.example/wx/3,2026-11-04 00:00\n"
    id = listed(bureau, tmp_path, f"{late}前一天,https://wechat.example/wx/4,2026-11-03 23:59\n")
    signed(bureau, id, "kz-a")
    assert refused_for(bureau.verify(), ("R17-1", "not-earlier 元旦提示"))


def test_a_list_that_changes_is_signed_again(bureau: ArchiveRepo, tmp_path: Path) -> None:
    """What is added counts with a signature of its own; what stands is written once."""
    id = listed(bureau, tmp_path)
    signed(bureau, id, "kz-a")
    bureau.merge("earlier")
    bureau.branch("more")
    path = f"content/records/earlier/2026/{id}.yml"
    raw = bureau.read(path).decode()
    more = '  - title: "再一篇"\n    url: "https://wechat.example/wx/5"\n'
    bureau.write(path, f'{raw}{more}    published_at: "2025-01-01T09:00:00+08:00"\n')
    bureau.commit("再列一篇", "xxy-a")
    words = "earlier-unsigned 云岚wx"
    assert passes(bureau.verify())
    assert finds(bureau.audit(), "R17-1", words, effect=Effect.NOTE)
    bureau.write(path, raw.replace("冬季取暖安全", "别的标题"))
    bureau.commit("改写", "xxy-a")
    said = {m for c, m in reasons(bureau.verify()) if c == "R17-1"}
    assert any("written once" in m for m in said)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("题目,网址,发布时间\na,https://a.example/1,2024-01-01 09:00\n", "names no title"),
        ("标题,网址,发布时间\n", "The table has 0 rows"),
        ("", "names no title"),
    ],
)
def test_a_table_that_is_none_is_refused(
    bureau: ArchiveRepo, tmp_path: Path, table: str, said: str
) -> None:
    path = tmp_path / "old.csv"
    path.write_text(table, encoding="utf-8")
    bureau.git("config", "user.email", "xxy-a@yunlan.example.org")
    assert said in fault(run(import_, bureau, str(path), "--account", "wx"))


def test_rows_that_cannot_be_read_are_named_and_the_others_taken(
    bureau: ArchiveRepo, tmp_path: Path
) -> None:
    path = tmp_path / "old.csv"
    path.write_text(f"{TABLE}无址,,2024-01-01 09:00\n无时,https://a.example/1,某日\n", "utf-8")
    bureau.git("config", "user.email", "xxy-a@yunlan.example.org")
    done = run(import_, bureau, str(path), "--account", "wx", now=at("2026-11-05 12:00"))
    assert done.exit_code == 11
    assert "Row 4: " in done.stderr and "Row 5: " in done.stderr
    assert shows(done.stderr, "earlier-posts-listed", count="2", left="2")
