"""What a reviewer reads before signing: no key and no code of the front matter as it is stored."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.cli.review import approve, return_
from pipeline.detect.private import PRIVATE_KINDS
from pipeline.judge.load_governance import trust
from pipeline.report.front_matter import CODES, ID_KEYS, LABELS, SHOWN, Wording
from pipeline.report.language import translator
from pipeline.source.content.posts import read_post
from pipeline.source.git.worktree import work_tree
from tests.builders.archive import POST, ArchiveRepo, folder
from tests.builders.cast import ROOT
from tests.builders.named import worded
from tests.cli.at_the_desk import run

BODY = "出门前：\n\n3. 关火\n4. 断电\n\n- 带钥匙\n"


def parts(schema: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(key, schema) of every key of a mapping, at any depth."""
    for key, part in schema.get("properties", {}).items():
        yield key, part
        yield from parts(part)
        yield from parts(part.get("items", {}))


def front_matter() -> list[tuple[str, Mapping[str, Any]]]:
    return list(parts(json.loads((ROOT / "schemas/front-matter.json").read_text("utf-8"))))


def test_every_key_has_a_label_and_every_code_a_word() -> None:
    found = front_matter()
    assert len(found) > 80
    assert {key for key, _ in found} == set(LABELS)
    words = {**CODES, "fields": PRIVATE_KINDS}
    for key, part in found:
        codes = part.get("enum") or part.get("items", {}).get("enum") or ()
        assert set(codes) <= {*words.get(key, ()), *SHOWN.get(key, ())}, key
    assert {*ID_KEYS, *CODES, *SHOWN} <= set(LABELS)


def lines(archive: ArchiveRepo, language: str) -> list[str]:
    tree = work_tree(archive.open())
    trusted = trust(tree)
    paths = [path for path in tree.files if path.startswith(f"{folder(POST)}/")]
    post = read_post(tree, folder(POST), paths, trusted.front_matter)
    wording = Wording(translator(language), language == "zh", trusted.registers)
    return list(wording.lines(post))


def test_a_reviewer_reads_words(archive: ArchiveRepo) -> None:
    media = [
        {"file": f"{n}.png", "alt": f"图{n}", "author": "zz-a", "licence": "原创"} for n in (1, 2)
    ]
    archive.draft(body=BODY, media=media, kind="alert", ai="assisted", unknown="照样显示")
    chinese = lines(archive, "zh")
    for line in (
        "  稿件类型：预警信息",
        "  发布账号：云岚wx",
        "  作者：某zz-a",
        "  计划发布时间：2026-11-05 09:30",
        "  成稿日期：2026年11月4日",
        "  第九条所列信息发布范围：各类政务资讯、宣传教育、单位形象展示、公益活动等信息",
        "  来历：原创",
        "  人工智能参与程度：辅助生成",
        "  保密审查：人员：某xxy-d；日期：2026年11月4日；结论：可以公开",
        "  图片和音视频：",
        "    1. 文件：1.png；替代文字：图1；作者：某zz-a；授权：原创",
        "    2. 文件：2.png；替代文字：图2；作者：某zz-a；授权：原创",
        "  unknown：照样显示",
    ):
        assert line in chinese, "\n".join(chinese)
    assert not any("{" in line or "[" in line for line in chinese)
    english = lines(archive, "en")
    assert "  Made on: 2026-11-04" in english
    assert "  Reviewed for secrecy: Person: 某xxy-d; Day: 2026-11-04; Result: may be released" in (
        english
    )
    assert "  Kind: alert" in english


def test_that_is_what_is_shown_before_the_question(archive: ArchiveRepo) -> None:
    archive.draft(body=BODY)
    archive.commit("起草", "zz-a")
    shown = run(approve, archive, POST, by="xxy-a").stderr
    assert "  Accounts: 云岚wx\n" in shown
    assert "\n   26  3. 关火\n   27  4. 断电\n" in shown
    assert archive.read(f"{folder(POST)}/post.md").decode().split("\n")[25] == "3. 关火"
    assert "secrecy_review" not in shown


def test_all_that_is_signed_is_shown(archive: ArchiveRepo) -> None:
    """Where a link leads, what is struck through, and the end of long lines and summaries."""
    long = "春夏秋冬" * 300
    body = f"看[这里](https://example.org/a '题')，~~不~~用火。\n\n{long}尾\n\n[无人用]: https://b.example\n"
    archive.draft(body=body, summary=long, remarks=f"{long}完")
    archive.commit("起草", "zz-a")
    shown = run(return_, archive, POST, "-m", "改", by="xxy-a").stderr
    for line in body.splitlines():
        assert f"  {line}\n" in shown if line else True
    assert f"{long}\n" in shown
    assert f"{long}完\n" in shown


def test_what_the_page_will_tell_of_the_change_is_shown_and_signed(archive: ArchiveRepo) -> None:
    archive.draft(revision=2)
    path = archive.correction(POST, 2, "withdrawal")
    archive.commit("第二版", "zz-a")
    shown = run(return_, archive, POST, "-m", "改", by="xxy-a").stderr
    told = "  补充一句说明。\n  − 旧句。\n  + 新句。\n"
    assert (
        worded("page-tells-revision", kind="withdrawal", day="2026-11-05") + f"\n{told}"
    ) in shown
    assert f"  {archive.sha(path)[:16]}  {path}\n" in shown
    signed = json.loads(archive.read(archive.place(POST, "first", 2)))
    assert signed["predicate"]["correction"] == archive.sha(path)


def test_a_masked_number_is_named_with_its_line(archive: ArchiveRepo) -> None:
    archive.draft(body="一行。\n\n电话13912345678。\n")
    archive.commit("起草", "zz-a")
    shown = run(return_, archive, POST, "-m", "改", by="xxy-a").stderr
    assert "13912345678" not in shown
    assert f"read lines 26 of {folder(POST)}/post.md" in shown


def test_after_a_return_its_reader_sees_the_opinion_and_the_whole_text(
    archive: ArchiveRepo,
) -> None:
    archive.draft(body="第一句不变。第二句有错。\n\n尾句。\n")
    archive.commit("起草", "zz-a")
    run(return_, archive, POST, "-m", "第二句不实", by="xxy-a")
    archive.commit("退回", "xxy-a")
    archive.draft(body="第一句不变。第二句改对。\n\n尾句。\n", revision=2)
    archive.commit("第二版", "zz-a")
    shown = run(approve, archive, POST, by="xxy-a").stderr
    assert "r1, first review: 某xxy-a returned on 2026-11-05 18:00: “第二句不实”\n" in shown
    assert "  第一句不变。第二句改对。\n" in shown
    archive.commit("初审", "xxy-a")
    assert "r2, first review: 某xxy-a approved on" in run(approve, archive, POST, by="kz-a").stderr
