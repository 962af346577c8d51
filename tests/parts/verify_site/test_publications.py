"""Where a post was carried, and when: the page says what the operator signed, and nothing else.

The thief holds the log's key, and here and there the operator's as well.
"""

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.evidence.review.bundle_checks import SLACK, counted_records
from pipeline.evidence.review.site_bundle import read_site_bundle
from pipeline.evidence.review.statements import digest
from pipeline.parts.verify_site.page import Folder
from pipeline.parts.verify_site.site import carried_problems
from tests.builders.answering import acknowledge
from tests.builders.archive import POST
from tests.builders.cast import ROOT, public_line, sign_as
from tests.builders.judging import run
from tests.builders.leaves import leaf_data
from tests.builders.named import named, worded
from tests.builders.published import (
    PAGE,
    begun,
    built_site,
    grow_log,
    rebundle,
    relist,
    resign,
    retar,
    signers,
    stolen,
)
from tests.builders.verdicts import passes, reasons

PEOPLE = ("xxy-a", "kz-a", "ld-a", "gly-a")
LINE = (
    '<li><a href="../../../accounts/wx/">云岚wx</a>（微信公众号）　'
    '<span class="sn-when">2026-11-05 09:30</span>　'
    '<a href="https://wechat.example/wx/1" rel="external noopener noreferrer">'
    "查看“云岚wx”上的原帖</a></li>"
)
Value = dict[str, Any]


def _told(site: Path, folder: Path, people: tuple[str, ...] = PEOPLE) -> tuple[int, str]:
    """Code and findings after the thief made archive, lists and checkpoint fit."""
    retar(site)
    return stolen(site, folder, "--signers", signers(folder, *people))


def _page(site: Path, old: str, new: str) -> None:
    page = site / PAGE / "index.html"
    text = page.read_text(encoding="utf-8")
    assert text.count(old) == 1
    page.write_text(text.replace(old, new), encoding="utf-8")


def _statement(site: Path) -> Value:
    held = json.loads((site / PAGE / "evidence.json").read_bytes())
    statement: Value = json.loads(b64decode(held["publications"][0]["statement"]))
    return statement


def _signed(person: str, value: Value) -> Value:
    raw = (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
    signature = sign_as(person, raw)
    return {"statement": b64encode(raw).decode(), "signature": b64encode(signature).decode()}


def _resigned(site: Path, person: str = "gly-a", **said: Any) -> Value:
    """The record again, with other words, in the log as well."""
    value = _statement(site)
    value["predicate"] |= said
    record = _signed(person, value)
    rebundle(site, lambda v: v.update(publications=[record]))
    name = digest(b64decode(record["statement"]), b64decode(record["signature"]))
    path = f"content/records/publications/2026/2026-11-05.wx.{POST}.json"
    grow_log(site, leaf_data("publication", name, path, POST))
    return record


def test_it_holds(site: Path, tmp_path: Path) -> None:
    assert LINE in (site / PAGE / "index.html").read_text(encoding="utf-8")
    assert _told(site, tmp_path) == (0, "site-sound\n")


def test_signed_again_and_in_the_log_it_holds(site: Path, tmp_path: Path) -> None:
    """The hostile records below differ from this one in what they say alone."""
    _resigned(site, batch="2026-11-05-1")
    assert _told(site, tmp_path)[0] == 0


def test_only_trusted_keys_count(site: Path, tmp_path: Path) -> None:
    code, told = _told(site, tmp_path, PEOPLE[:3])
    assert code == 11
    assert "key-untrusted gly-a" in told


def _take_out(site: Path) -> None:
    rebundle(site, lambda v: v.update(publications=[]))


def _take_out_all(site: Path) -> None:
    _take_out(site)
    _page(site, f'<ul class="sn-carried">{LINE}</ul>', '<p class="sn-none">尚无账号发布记录。</p>')


def _no_records_at_all(site: Path) -> None:
    rebundle(site, lambda v: v.pop("publications"))


def _twice(site: Path) -> None:
    rebundle(site, lambda v: v.update(publications=v["publications"] * 2))


def _alter(site: Path) -> None:
    def change(value: Value) -> None:
        record = value["publications"][0]
        said = b64decode(record["statement"]).replace(b"/wx/1", b"/wx/2")
        record["statement"] = b64encode(said).decode()

    rebundle(site, change)
    _page(site, "wechat.example/wx/1", "wechat.example/wx/2")


def _review_in_its_place(site: Path) -> None:
    rebundle(site, lambda v: v.update(publications=[
        {k: v["steps"][3][k] for k in ("statement", "signature")}
    ]))  # fmt: skip


def _no_key(site: Path) -> None:
    rebundle(site, lambda v: v.update(keys=[k for k in v["keys"] if k["person"] != "gly-a"]))


def _void(site: Path) -> None:
    rebundle(site, lambda v: [k.update(void=k["person"] == "gly-a") for k in v["keys"]] and None)


def _not_in_the_log(site: Path) -> None:
    value = _statement(site)
    value["predicate"]["batch"] = "x"
    record = _signed("gly-a", value)
    rebundle(site, lambda v: v.update(publications=[record]))


def _hidden_by_a_later_leaf(site: Path) -> None:
    grow_log(site, leaf_data("publication", "0" * 64, "content/records/publications/x", POST))


def _other_files(site: Path) -> None:
    value = _statement(site)
    value["subject"][0]["digest"]["sha256"] = "0" * 64
    record = _signed("gly-a", value)
    rebundle(site, lambda v: v.update(publications=[record]))


NAME = "publication-1.json"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_take_out, "publications-withheld 1"),
        (_take_out, "part-differs"),
        (_take_out_all, "publications-withheld 1"),
        (_no_records_at_all, "evidence-unreadable"),
        (_twice, "record-twice publication-2.json"),
        (_alter, f"record-signature-broken {NAME}"),
        (_review_in_its_place, f"record-no-publication {NAME}"),
        (_no_key, f"record-key-invalid {NAME} gly-a"),
        (_void, f"record-key-invalid {NAME} gly-a"),
        (_not_in_the_log, f"record-unlogged {NAME}"),
        (_hidden_by_a_later_leaf, "publications-withheld 1"),
        (_other_files, f"record-other-files {NAME}"),
    ],
)
def test_records_are_taken_out_altered_or_forged(
    site: Path, tmp_path: Path, change: Callable[[Path], None], said: str
) -> None:
    change(site)
    code, told = _told(site, tmp_path)
    assert code == 11
    assert said in told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"post": "2026-11-05-other"}, f"record-of-another-post {NAME}"),
        ({"archive": "elsewhere"}, f"record-of-another-post {NAME}"),
        ({"revision": 2}, f"record-revision-unshown {NAME} 2"),
        ({"revision": 0}, f"record-revision-unshown {NAME} 0"),
        ({"revision": True}, f"record-unreadable {NAME}"),
        ({"operator": "kz-a"}, f"record-key-invalid {NAME} kz-a"),
        ({"recorded_at": "2025-01-01T00:00:00+08:00"}, f"record-key-invalid {NAME} gly-a"),
        ({"recorded_at": "2026-11-05T08:00:00+08:00"}, "record-beforehand"),
        ({"recorded_at": "2026-11-05T10:00:00"}, f"record-unreadable {NAME}"),
        ({"published_at": "2026-11-04T08:00:00+08:00"}, "record-before-confirmation"),
        ({"account": "wb"}, "part-differs"),
        ({"account": 5}, f"record-unreadable {NAME}"),
        ({"url": "https://wechat.example/wx/2"}, "part-differs"),
        ({"supersedes": "0" * 64, "reason": "写错了账号"}, "superseded-missing"),
    ],
)  # fmt: skip
def test_the_operator_signs_what_is_not_so(
    site: Path, tmp_path: Path, words: Value, said: str
) -> None:
    _resigned(site, **words)
    code, told = _told(site, tmp_path)
    assert code == 11
    assert said in told


def test_what_went_out_too_late_is_told_and_not_held_against_the_record(
    site: Path, tmp_path: Path
) -> None:
    _resigned(
        site, published_at="2026-12-20T08:00:00+08:00", recorded_at="2026-12-20T09:00:00+08:00"
    )
    retar(site)
    relist(site)
    resign(site, tmp_path)
    done = run(ROOT, "verify-site", str(site), "--key", public_line("log"), lang="names")
    words = f"record-after-expiry {POST} {NAME}"
    assert words not in done.stdout
    assert words in done.stderr


def test_a_reviewer_signs_in_the_operators_name(site: Path, tmp_path: Path) -> None:
    _resigned(site, "kz-a")
    code, told = _told(site, tmp_path)
    assert code == 11
    assert f"record-key-invalid {NAME} gly-a" in told


def test_what_a_record_says_stands_in_no_other_file(site: Path) -> None:
    """A site lists the file in evidence.tar, and serves no file more for it."""
    names = sorted(p.name for p in (site / PAGE).iterdir())
    assert names == ["evidence.json", "evidence.tar", "index.html", "more.txt", "post.md"]
    page = (site / PAGE / "index.html").read_text(encoding="utf-8")
    assert re.search(r"evidence.tar</a>（四份声明、发布登记及其签名）", page)


EARLY = {"published_at": "2026-11-04T08:00:00+08:00"}
TOO_EARLY = f"record-before-confirmation {NAME}"


@pytest.mark.parametrize(
    ("ordered", "kind", "said"),
    [
        ('"2026-11-04T07:50:00+08:00"', "alert", []),
        ('"2026-11-04T08:10:00+08:00"', "alert", [TOO_EARLY]),
        ('"2026-11-04T07:50:00+08:00"', "tip", [TOO_EARLY]),
        ("soon", "alert", [TOO_EARLY]),
    ],
)
def test_what_a_leader_ordered_out_may_be_confirmed_later(
    site: Path, ordered: str, kind: str, said: list[str]
) -> None:
    """As the words say that the reviewers signed; whether policy allows it, `audit` asks (A27)."""
    _resigned(site, **EARLY)
    bundle = read_site_bundle((site / PAGE / "evidence.json").read_bytes())
    assert bundle
    words = f"---\ntitle: 冬季\nkind: {kind}\nemergency:\n  ordered_at: {ordered}\n---\n".encode()
    folder = Folder(POST, {"post.md": ""}, {"post.md": words})
    standing = counted_records(bundle, None)[0]
    assert [named(m) for m in carried_problems(folder, bundle, standing, None)] == said


def test_a_withdrawn_post_needs_no_record(site: Path) -> None:
    _take_out(site)
    bundle = read_site_bundle((site / PAGE / "evidence.json").read_bytes())
    assert bundle

    def told(withdrawn: bool, *names: str) -> list[str]:
        folder = Folder(POST, dict.fromkeys(names, ""), {}, 1, withdrawn)
        return [named(m) for m in carried_problems(folder, bundle, (), {"0" * 64})]

    assert told(True) == []
    assert len(told(False)) == len(told(True, "post.md")) == 1


def test_clocks_may_differ_no_more_than_policy_may_say() -> None:
    law = json.loads((ROOT / "schemas/articles/a05_updates.json").read_bytes())
    told = law["properties"]["parameters"]["properties"]["time.tolerance_minutes"]
    assert timedelta(minutes=told["maximum"]) == SLACK


@pytest.mark.parametrize("deleted", [True, False])
def test_a_record_taken_from_main_is_brought_back_by_two_signatures(
    tmp_path: Path, deleted: bool
) -> None:
    """Until then no site is built, and afterwards it is whole again: docs/operator.md says how.

    To bring back what was deleted is a plain change; to change it back is another break.
    """
    archive = begun(tmp_path)
    before = archive.head()
    record = f"content/records/publications/2026/2026-11-05.wx.{POST}.json"
    if deleted:
        archive.git("rm", "-q", record, f"{record}.sig")
    else:
        archive.write(record, archive.read(record).replace(b"/wx/1", b"/wx/2"))
    broken = [archive.commit("误删误改", "gly-a")]
    assert ("R13-7", worded("signed-file-changed")) in reasons(archive.audit())
    archive.branch("restore")
    archive.git("checkout", "-q", before, "--", record, f"{record}.sig")
    archive.commit("恢复发布登记", "gly-a")
    assert archive.verify("main", "restore").exit_code == (0 if deleted else 11)
    merged = archive.merge("restore")
    broken += [] if deleted else [merged]
    archive.branch("answer")
    acknowledge(archive, broken, ("kz-a", "kz-a"), ("ld-a", "ld-a"))
    assert passes(archive.verify("main", "answer"))
    archive.merge("answer")
    report = archive.audit()
    assert report.exit_code == 0, reasons(report)
    assert any(v.acknowledged for v in report.verdicts)
    site = built_site(archive, tmp_path)
    told = ("--key", public_line("log"), "--signers", signers(tmp_path, *PEOPLE))
    done = run(ROOT, "verify-site", str(site), *told, lang="names")
    assert done.returncode == 0, done.stdout
