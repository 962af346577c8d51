"""Every channel of a post from one parse, judged before anybody publishes it."""

from dataclasses import replace

import pytest

from pipeline.model.channels import render_channel
from pipeline.model.findings import Effect
from pipeline.model.part import program
from pipeline.model.posts import DRILL_LABEL
from pipeline.model.registers import Account
from pipeline.parts.weibo.channel import weibo_count
from pipeline.render import body as body_module
from pipeline.render.body import AI_LABELS
from tests.builders.renditions import render_channels
from tests.builders.steps import steps_of
from tests.render.conftest import POST_ID, make_post, make_registers
from tests.rules.governance import account

SOURCE = {"id": "ylfb", "url": "https://news.example/a", "title": "通知"}


def with_accounts(**platforms: str):
    accounts: dict[str, Account] = {i: account(i, p) for i, p in platforms.items()}
    return replace(make_registers(), accounts=accounts)


ALL = {"wx": "wechat", "wb": "weibo", "ap": "app", "sp": "channels"}


@pytest.mark.parametrize(
    ("accounts", "channels"),
    [
        (["wx"], ["archive", "wechat"]),
        (["wb", "ap"], ["archive", "weibo", "app"]),
        (["sp", "nowhere"], ["archive"]),
        ([], ["archive"]),
    ],
)
def test_the_archive_always_and_the_platforms_of_the_accounts(accounts, channels):
    made = render_channels(make_post("字。", accounts=accounts), with_accounts(**ALL))
    assert list(made) == [(POST_ID, c) for c in channels]


def test_the_markdown_is_parsed_once(monkeypatch):
    calls = []

    def counting(text, files):
        calls.append(text)
        return parse(text, files)

    parse = body_module.parse
    monkeypatch.setattr(body_module, "parse", counting)
    render_channels(make_post("字。", accounts=list(ALL)), with_accounts(**ALL))
    assert calls == ["字。"]


def test_a_shared_body_changes_nothing():
    post = make_post(
        "## \n\n看 [外](https://a.example/) ![缺](no.png)![图](a.png)\n\n- 甲\n",
        ["a.png"],
        accounts=list(ALL),
        origin="reprint",
        source=SOURCE,
        ai="assisted",
        summary="摘要",
    )
    registers = with_accounts(**ALL)
    together = render_channels(post, registers)
    for _, channel in together:
        alone = render_channel(channel, replace(post), registers)  # another post: read anew
        assert together[post.id, channel] == alone


@pytest.mark.parametrize("value", ["generated", "assisted"])
@pytest.mark.parametrize("channel", list(program().channels))
@pytest.mark.parametrize("times", [1, 900])
def test_what_a_machine_wrote_is_marked_in_every_channel(channel, value, times):
    post = make_post(
        "一句话。" * times, title="题" * 100, ai=value, origin="reprint", source=SOURCE
    )
    made = render_channel(channel, post, make_registers())
    label = AI_LABELS[value]
    assert (
        made.ai_label
        == label
        == ("本内容由人工智能生成", "本内容由人工智能辅助生成")[value == "assisted"]
    )
    assert label in made.html and label in made.text.split("\n")
    if channel == "weibo":
        assert label in made.short.split("\n") and weibo_count(made.short) <= 140


@pytest.mark.parametrize("meta", [{}, {"ai": "none"}, {"ai": "generated", "validity": "withdrawn"}])
@pytest.mark.parametrize("channel", list(program().channels))
def test_nothing_is_marked_that_no_machine_wrote_or_nobody_sees(channel, meta):
    made = render_channel(channel, make_post("字。", **meta), make_registers())
    assert made.ai_label == "" and "人工智能" not in made.html + made.text + made.short


def test_a_label_without_room_is_a_problem():
    registers = make_registers()
    policy = registers.policy
    long = {**policy.archive, "url": "https://a.example/" + "x" * 400}
    crowded = replace(registers, policy=replace(policy, archive=long))
    made = render_channel("weibo", make_post("字。", ai="generated"), crowded)
    assert "label-cut" not in {p.name for p in made.problems} or made.short.count("人工") == 0
    assert {p.name for p in made.problems} & {"address-cut", "label-cut"}


def test_problems_say_where_and_what_to_do():
    post = make_post("![](a.webp)", ["a.webp"], title="题" * 130, summary="摘" * 130)
    for channel in ("wechat", "weibo"):
        found = {p.name: p for p in render_channel(channel, post, make_registers()).problems}
        title = "title-long" if channel == "wechat" else "title-cut"
        assert found[title].location.path == post.path
        assert all(p.remedy for p in found.values())
    wechat = {p.name: p.effect for p in render_channel("wechat", post, make_registers()).problems}
    assert wechat["image-type {file}"] is Effect.REFUSE and wechat["title-long"] is Effect.REFUSE
    assert render_channel("archive", post, make_registers()).problems == ()


def test_the_digest_is_of_words_and_pictures_not_of_looks():
    post, registers = make_post("字。![图](a.png)", ["a.png"]), make_registers()
    plain = render_channel("wechat", post, registers)
    sized = render_channel("wechat", post, registers, {f"{post.folder}/a.png": (9, 9)})
    assert plain.html != sized.html and plain.digest == sized.digest
    other = render_channel("wechat", make_post("字！![图](a.png)", ["a.png"]), registers)
    assert len({plain.digest, other.digest, render_channel("app", post, registers).digest}) == 3
    moved = render_channel("wechat", make_post("字。![图](b.png)", ["b.png"]), registers)
    assert moved.digest != plain.digest


def test_renditions_with_their_checks_take_few_steps():
    text = "## 一\n\n" + "春季森林防火。" * 40 + "\n\n- 甲\n- 乙\n\n![图](a.png)\n"
    post = make_post(text * 3, ["a.png"], accounts=list(ALL), summary="摘要", tags=["防火"])
    registers = with_accounts(**ALL)
    assert len(render_channels(post, registers)) == 4
    again = replace(post)  # nothing of it is remembered
    assert steps_of(lambda: render_channels(again, registers)) < 20_000


@pytest.mark.parametrize("channel", list(program().channels))
@pytest.mark.parametrize("ai", ["none", "generated"])
def test_a_drill_says_so_in_every_channel(channel, ai):
    post = make_post("请转移。" * 400, title="【演练】暴雨红色预警", kind="alert", ai=ai,
                     alert={"color": "red", "exercise": True})  # fmt: skip
    made = render_channel(channel, post, make_registers())
    assert DRILL_LABEL in made.html and DRILL_LABEL in made.text
    assert made.ai_label == AI_LABELS.get(ai, "")
    assert made.ai_label in made.text
    if channel == "weibo":
        assert DRILL_LABEL in made.short and weibo_count(made.short) <= 140


@pytest.mark.parametrize("channel", list(program().channels))
def test_a_warning_says_nothing_of_drills(channel):
    post = make_post("请转移。", title="暴雨红色预警", kind="alert", alert={"color": "red"})
    made = render_channel(channel, post, make_registers())
    assert "演练" not in made.html + made.text + made.short
