"""What the inspector's page says of a key: whose, and what that person may sign today."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from pipeline.model.registers import Delegation, Person, Tenure
from pipeline.site.evidence.archive_evidence import key_rows
from tests.site import sample
from tests.site.conftest import Built
from tests.site.sample_log import build, records, site_log
from tests.site.sample_registers import BY_PASSKEY
from tools.sign_in_process import DESK

LONG_AGO, LAST_YEAR = date(2024, 1, 8), date(2025, 12, 31)


def _person(name: str, *tenures: tuple[str, str, date | None]) -> Person:
    return Person(name, f"人员{name}", False, (), tuple(
        Tenure(role, department, LONG_AGO, end) for role, department, end in tenures
    ))  # fmt: skip


def test_roles_of_today_with_the_steps_they_sign(built: Built) -> None:
    archive = built.site.archive
    people = {
        "kz-a": _person("kz-a", ("section-head", "xjk", None), ("writer", "xjk", LAST_YEAR)),
        "ld-a": _person("ld-a", ("leader-in-charge", "xjk", None)),
        "xxy-a": _person("xxy-a", ("information-officer", "jzk", None), ("operator", "xjk", None)),
        "zz-a": _person("zz-a", ("section-head", "jzk", None), ("section-head", "jzk", None)),
    }
    start, end = sample.AS_OF - timedelta(days=1), sample.AS_OF + timedelta(days=1)
    acting = Delegation("ld-a", "kz-a", "leader-in-charge", start, end, "请假")
    last = sample.AS_OF - timedelta(seconds=1)
    over = Delegation("ld-a", "zz-a", "leader-in-charge", start, last, "请假")
    roster = replace(archive.registers.roster, delegations=(acting, over))
    registers = replace(archive.registers, people=people, roster=roster)
    rows = list(key_rows(sample.changed(built.site, registers=registers).archive))
    assert {row.key.person: row.roles for row in rows} == {
        "kz-a": ("科室负责人（复审、发布前确认）", "代行分管领导（终审）"),
        "ld-a": ("分管领导（终审）",),
        "xxy-a": ("政务新媒体信息员（初审）", "专职管理员（发布记录）"),
        "zz-a": ("科室负责人（复审）",),
        "gly-a": (),
    }
    assert {row.name for row in rows} == {""}


def test_a_checkpoint_without_signature_is_said_in_its_line(built: Built, tmp_path: Path) -> None:
    unsigned = replace(built.site, log=site_log(records(built.site.archive), None))
    build(unsigned, tmp_path / "out", built.work)
    page = (tmp_path / "out/inspector/index.html").read_text("utf-8")
    assert '<dd><strong class="sn-week--short">封签尚未签名</strong></dd>' in page
    assert '<td data-label="角色">部门作者</td>' in page


def test_a_void_key_says_whether_earlier_signatures_count(built: Built, tmp_path: Path) -> None:
    registers = built.site.archive.registers
    first, second, *rest = registers.roster.keys
    void = [
        replace(first, revocation="compromised", prior_records=frozenset({"0" * 64})),
        replace(second, revocation="compromised", prior_records=frozenset()),
    ]
    roster = replace(registers.roster, keys=(*void, *rest))
    site = sample.changed(built.site, registers=replace(registers, roster=roster))
    build(site, tmp_path / "out", built.work)
    page = (tmp_path / "out/inspector/index.html").read_text("utf-8")
    assert page.count("此前已入档的签名仍计") == 1


def test_names_only_where_policy_shows_them(built: Built) -> None:
    registers = built.site.archive.registers
    policy = replace(registers.policy, archive={**registers.policy.archive, "show_names": True})
    shown = replace(registers, policy=policy, people={"kz-a": registers.people["kz-a"]})
    rows = key_rows(sample.changed(built.site, registers=shown).archive)
    assert {row.key.person: (row.name, row.roles) for row in rows} == {
        "kz-a": ("人员kz-a", ("部门作者",)),
        "ld-a": ("", ()),
        "xxy-a": ("", ()),
        "zz-a": ("", ()),
        "gly-a": ("", ()),
    }


def test_a_passkey_is_named_in_the_roster_and_beside_the_step_that_it_signed(built: Built) -> None:
    kinds = {row.key.person: row.kind for row in key_rows(built.site.archive)}
    assert kinds.pop(BY_PASSKEY) == "通行密钥"
    assert set(kinds.values()) == {"密钥文件"}
    assert built.text("inspector/index.html").count('data-label="种类">通行密钥</td>') == 1
    post = built.text(f"posts/2026/{sample.PLAIN}/index.html")
    assert post.count(f"<br>通行密钥，签名网页 {DESK}，密钥所报第 1 次签名</td>") == 1
