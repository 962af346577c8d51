"""Texts and codes put to the page as a reader would: what is folded, what never is, bad input."""

import json
import quopri
import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from pipeline.parts.authenticity.codes import check_code_of
from tests.browser.authenticity.score import put
from tests.browser.serving import held, violations
from tests.site import sample
from tests.site.conftest import Built
from tests.site.sample_drafts import AS_OF

pytestmark = pytest.mark.browser
ASK = "authenticity/"
TWO = "用煤炉取暖的房间要装烟囱，并常开窗。\n睡前检查炉火，不要把炭盆放进卧室。"
HONEST = {
    "whole sentence": "用煤炉取暖的房间要装烟囱，并常开窗。",
    "two sentences": "用煤炉取暖的房间要装烟囱，并常开窗。\n睡前检查炉火，不要把炭盆放进卧室。",
    "half width and blanks": "用煤炉取暖的 房间要装烟囱,并常开窗.",
    "full width": "出现头晕、恶心时，立即开窗到室外，并拨打　１２０．",
    "broken lines": "睡前检查炉火，不要把炭盆\n放进卧室。"
    "出现头晕、恶心时，立即开窗到室\n外，并拨打1\n20。",
    "traditional": "用煤爐取暖的房間要裝煙囪，並常開窗。",
    "traditional, a sign that is simple, too": "入冬以後用煤炭取暖要注意通風，防止一氧化碳中毒。",
    "emoji and greeting": "各位邻居早上好😊\n睡前检查炉火，不要把炭盆放进卧室。🙏🙏",
    "arrows that point down": "↓↓↓\n睡前检查炉火，不要把炭盆放进卧室。",
    "numbers of a list": "1、用煤炉取暖的房间要装烟囱，并常开窗。\n"
    "2、睡前检查炉火，不要把炭盆放进卧室。",
    "a platform's words": "睡前检查炉火，不要把炭盆放进卧室。\n阅读原文\n阅读 1204　赞 35　在看 9",
    "a relative's words": "二姨，看看这个是不是真的\n睡前检查炉火，不要把炭盆放进卧室。\n"
    "辛苦大家看一下，谢谢",
    "a group's words": "刚看到群里转过来的，大家来看看，一起学习\n"
    "睡前检查炉火，不要把炭盆放进卧室。\n收到请发到群里，早点休息",
    "a sender's closing line": "睡前检查炉火，不要把炭盆放进卧室。\n"
    "大家注意安全，祝平安！请转给家里老人看看",
    "another closing line": "睡前检查炉火，不要把炭盆放进卧室。\n"
    "——转自社区群，多一个人看到，多一份安全",
    "a platform's foot": "睡前检查炉火，不要把炭盆放进卧室。\n点击下方名片关注\n"
    "往期回顾\nEND\n发自我的手机",
    "quoted": "> 睡前检查炉火，不要把炭盆放进卧室。\n"
    "> 出现头晕、恶心时，立即开窗到室外，并拨打 120。",
    "in bold": "**睡前检查炉火，不要把炭盆放进卧室。**",
    "Chinese numbers of a list": "一、用煤炉取暖的房间要装烟囱，并常开窗。\n"
    "二、睡前检查炉火，不要把炭盆放进卧室。",
    "a quoted message": "「二叔：睡前检查炉火，不要把炭盆放进卧室。」\n- - - - - -\n都小心点",
    "messages of a chat": "[聊天记录]\n社区-刘姐 2026/11/10 18:02\n"
    "用煤炉取暖的房间要装烟囱，并常开窗。\n"
    "社区-刘姐 2026/11/10 18:03\n睡前检查炉火，不要把炭盆放进卧室。",
    "a greeting in the same line": "😱听说了吗 睡前检查炉火，不要把炭盆放进卧室。",
    "the number of a sheet": "用煤炉取暖的房间要装烟囱，并常开窗。\n— 2 —\n"
    "睡前检查炉火，不要把炭盆放进卧室。",
    "ticks before lines": "✅用煤炉取暖的房间要装烟囱，并常开窗。\n"
    "✅睡前检查炉火，不要把炭盆放进卧室。",
    "a sender's own numbers": "❶用煤炉取暖的房间要装烟囱，并常开窗。\n"
    "❷出现头晕、恶心时，立即开窗到室外，并拨打 120。",
    "a relative before a colon": "二舅：睡前检查炉火，不要把炭盆放进卧室。",
    "the bureau in brackets": "【云岚市应急管理局】睡前检查炉火，不要把炭盆放进卧室。",
    "who passed it on": "转发微博//@小李子:收到//@云岚市应急管理局："
    "睡前检查炉火，不要把炭盆放进卧室。",
    "as the source of a page": '<p class="a">睡前检查炉火，<strong>不要把炭盆'
    "放进卧室。</strong>&nbsp;</p>",
    "in two messages": "（1/2）用煤炉取暖的房间要装烟囱，并常开窗。\n"
    "（2/2）睡前检查炉火，不要把炭盆放进卧室。",
    "said twice": "用煤炉取暖的房间要装烟囱，并常开窗。\n睡前检查炉火，不要把炭盆放进卧室。\n"
    "用煤炉取暖的房间要装烟囱，并常开窗。\n睡前检查炉火，不要把炭盆放进卧室。",
    "a face": "[强][玫瑰]睡前检查炉火，不要把炭盆放进卧室。[抱拳]",
    "a relative at an hour": "张姐 18:02\n用煤炉取暖的房间要装烟囱，并常开窗。\n老李 18:03\n"
    "睡前检查炉火，不要把炭盆放进卧室。",
    "as an e-mail's subject": "主题: Fw: 睡前检查炉火，不要把炭盆放进卧室。",
    "lines numbered by an editor": "1  用煤炉取暖的房间要装烟囱，并常开窗。\n"
    "2  睡前检查炉火，不要把炭盆放进卧室。",
    "a message that can be refused": "睡前检查炉火，不要把炭盆放进卧室。拒收请回复R",
    "its end said twice": "用煤炉取暖的房间要装烟囱，并常开窗。\n"
    "睡前检查炉火，不要把炭盆放进卧室。\n"
    "出现头晕、恶心时，立即开窗到室外，并拨打 120。\n睡前检查炉火，不要把炭盆放进卧室。\n"
    "出现头晕、恶心时，立即开窗到室外，并拨打 120。",
    "signs inside a sentence": "用煤炉取暖的房间要装烟囱✔️并常开窗▲"
    "睡前🔥检查炉火❄️不要把炭盆◆放进卧室。",
    "arrows for marks": "用煤炉取暖的房间要装烟囱→并常开窗",
    "rings before items": "○用煤炉取暖的房间要装烟囱，并常开窗。\n"
    "◎睡前检查炉火，不要把炭盆放进卧室。",
    "keycaps before items": "1️⃣用煤炉取暖的房间要装烟囱，并常开窗。\n"
    "2️⃣睡前检查炉火，不要把炭盆放进卧室。",
    "letters before items": "A. 用煤炉取暖的房间要装烟囱，并常开窗。\n"
    "B. 睡前检查炉火，不要把炭盆放进卧室。",
    "stars of a list": "* 用煤炉取暖的房间要装烟囱，并常开窗。\n"
    "* 睡前检查炉火，不要把炭盆放进卧室。",
    "parts of a message, in one line": "【云岚市应急管理局】(1/2)"
    "用煤炉取暖的房间要装烟囱，并常开窗。"
    "(2/2)睡前检查炉火，不要把炭盆放进卧室。拒收请回复R\n",
    "a string of a program": f'"{TWO}"'.replace("\n", "\\n"),
    "a string of codes": json.dumps(TWO),
    "a string in a string": json.dumps(json.dumps(TWO)),
    "as mail travels": quopri.encodestring(TWO.encode()).decode(),
    "as addresses hold it": quote(TWO),
    "as entities": "".join(f"&#{ord(sign)};" for sign in TWO),
    "marks kept from Markdown": "1\\. 用煤炉取暖的房间要装烟囱，并常开窗。\n"
    "2\\. 睡前检查炉火，不要把炭盆放进卧室。",
    "cells of a file": '"{}","{}"'.format(*TWO.split("\n")),
    "a table by columns": "项目\n烟道\n报警器\n要求\n无破损、不倒灌\n"
    "装在离地 1.5 米处\n期限\n每周一次\n长期",
    "a table's cells by columns": "烟道，报警器；无破损、不倒灌，装在离地 1.5 米处；每周一次，长期",
    "a row with what heads it": "项目：报警器\n要求：装在离地 1.5 米处\n期限：长期",
    "two kinds of numbers": "1️⃣取暖要通风\n一、用煤炉取暖的房间要装烟囱，并常开窗。\n"
    "二、睡前检查炉火，不要把炭盆放进卧室。\n2️⃣出现不适怎么办\n"
    "出现头晕、恶心时，立即开窗到室外，并拨打 120。",
    "an app's word in the last line": "睡前检查炉火，不要把炭盆放进卧室。 收起d",
    "a sentence pointed out first": f"睡前检查炉火，不要把炭盆放进卧室。\n{TWO}",
    "no width": "睡前检查\u200b炉火，不要把\ufeff炭盆放进卧室。",
}
FORGED = {
    "a digit": "出现头晕、恶心时，立即开窗到室外，并拨打 121。",
    "a digit more": "出现头晕、恶心时，立即开窗到室外，并拨打 1120。",
    "without 不": "睡前检查炉火，要把炭盆放进卧室。",
    "a word turned": "用煤炉取暖的房间要装烟囱，并常关窗。",
    "a sentence more": "用煤炉取暖的房间要装烟囱，并常开窗。每户补贴五百元。",
    "a link": "用煤炉取暖的房间要装烟囱，并常开窗。https://pay.example/a",
    "order turned": "睡前检查炉火，不要把炭盆放进卧室。用煤炉取暖的房间要装烟囱，并常开窗。",
    "part of a sentence": "出现头晕、恶心时，立即开窗到室外。",
    "right to left": "出现头晕、恶心时，立即开窗到室外，并拨打 \u202e021\u202c。",
    "struck out": "睡前检查炉火，不\u0336要把炭盆放进卧室。",
    "a figure's mark": "报警器 装在离地 15 米处 长期",
    "an arrow after a figure": "出现头晕、恶心时，立即开窗到室外，并拨打 120↓。",
    "an emoji that denies": "❌睡前检查炉火，不要把炭盆放进卧室。",
    "the number of another item": "五、用煤炉取暖的房间要装烟囱，并常开窗。",
    "traditional with a digit": "出現頭暈、噁心時，立即開窗到室外，並撥打 121。",
    "traditional without 不": "睡前檢查爐火，要把炭盆放進臥室。",
    "stars for figures": "出现头晕、恶心时，立即开窗到室外，并拨打 1**0。",
    "a claim in the same line": "今晚全城停水。睡前检查炉火，不要把炭盆放进卧室。",
    "a claim in the same line, below another": "老张贴的\n"
    "今晚全城停水，睡前检查炉火，不要把炭盆放进卧室。",
    "a short answer turned": "会。睡前检查炉火，不要把炭盆放进卧室。",
    "another office speaks": "云岚市教育局：睡前检查炉火，不要把炭盆放进卧室。",
    "a tick beside a cross": "❌用煤炉取暖的房间要装烟囱，并常开窗。\n"
    "✅睡前检查炉火，不要把炭盆放进卧室。",
    "a sender's numbers turned": "❷用煤炉取暖的房间要装烟囱，并常开窗。\n"
    "❶睡前检查炉火，不要把炭盆放进卧室。",
    "struck out in the source of a page": "<del>睡前检查炉火，不要把炭盆放进卧室。</del>",
    "said twice, then turned": "用煤炉取暖的房间要装烟囱，并常开窗。\n"
    "睡前检查炉火，不要把炭盆放进卧室。\n"
    "睡前检查炉火，不要把炭盆放进卧室。\n用煤炉取暖的房间要装烟囱，并常开窗。",
    "a word in a face's brackets": "[作废]睡前检查炉火，不要把炭盆放进卧室。",
    "a gesture that denies": "🙅睡前检查炉火，不要把炭盆放进卧室。",
    "an hour in a sign": "🕗睡前检查炉火，不要把炭盆放进卧室。",
    "words in a tag": "<p 今晚全城停水>睡前检查炉火，不要把炭盆放进卧室。</p>",
    "words hidden by a tag": '<p style="display:none">睡前检查炉火，不要把炭盆放进卧室。</p>',
    "struck out by marks": "~~睡前检查炉火，不要把炭盆放进卧室。~~",
    "struck out by marks over lines": "~~用煤炉取暖的房间要装烟囱，并常开窗。\n"
    "睡前检查炉火，不要把炭盆放进卧室。~~",
    "whom it is for": "老人，睡前检查炉火，不要把炭盆放进卧室。",
    "when it is for": "晚上用煤炉取暖的房间要装烟囱，并常开窗。",
    "a question": "睡前检查炉火，不要把炭盆放进卧室吗",
    "a tick behind": "用煤炉取暖的房间要装烟囱，并常开窗。✅\n✅睡前检查炉火，不要把炭盆放进卧室。",
    "an hour in the last line": "睡前检查炉火，不要把炭盆放进卧室。 今天 20:00",
    "an arrow where no mark stands": "用煤炉取暖的房间↑要装烟囱，并常开窗。",
    "an arrow after a figure and a blank": "出现头晕、恶心时，立即开窗到室外，并拨打 120 ↓。",
    "a ring for a nought": "出现头晕、恶心时，立即开窗到室外，并拨打 12○。",
    "a sign that counts": "睡前检查炉火，不要把炭盆💯放进卧室。",
    "a sign that subtracts": "睡前检查炉火，➖不要把炭盆放进卧室。",
    "a tick inside, beside a cross": "❌用煤炉取暖的房间要装烟囱✔️并常开窗。",
    "letters that spell": "睡前检查炉火，🇳🇴不要把炭盆放进卧室。",
    "a claim between two sheets": "用煤炉取暖的房间要装烟囱，\n今晚停水\n并常开窗。\n"
    "睡前检查炉火，\n今晚停水\n不要把炭盆放进卧室。",
    "few words that turn, between": "用煤炉取暖的房间要装烟囱，并常开窗。\n"
    "除外\n睡前检查炉火，不要把炭盆放进卧室。",
    "a digit as mail travels": quopri.encodestring(
        "并拨打 121。出现头晕、恶心时，立即开窗到室外，并拨打 121。".encode()
    ).decode(),
    "a table's columns turned": "烟道，报警器；装在离地 1.5 米处，无破损、不倒灌；每周一次，长期",
    "an app's words inside": "用煤炉取暖的房间要装烟囱，并常开窗。收起\n"
    "睡前检查炉火，不要把炭盆放进卧室。",
    "a claim among blanks of many": "用煤炉取暖的房间要装烟囱，并常开窗。 每户补贴五百元。 睡前检查"
    "炉火，不要把炭盆放进卧室。",
    "a row under other heads": "项目：报警器\n期限：装在离地 1.5 米处\n要求：长期",
    "words behind what a box says": "报警器 装在离地 1.5 米处 长期领取补贴",
    "list number joined": "12用煤炉取暖的房间要装烟囱，并常开窗。",
}
BESIDE = {
    "a greeting with a fact": "各位邻居明天停电\n睡前检查炉火，不要把炭盆放进卧室。",
    "a relative who adds": "姐，先交钱再领\n睡前检查炉火，不要把炭盆放进卧室。",
    "a relative who sends children": "孩子们早上请到学校\n睡前检查炉火，不要把炭盆放进卧室。",
    "a relative who calls people": "大家下午都过来\n睡前检查炉火，不要把炭盆放进卧室。",
    "a relative who closes a school": "学校上午休息\n睡前检查炉火，不要把炭盆放进卧室。",
    "a relative who opens a school": "孩子下午学校学习\n睡前检查炉火，不要把炭盆放进卧室。",
    "an end by the hour": "睡前检查炉火，不要把炭盆放进卧室。\n今天 18:30 完",
    "another source": "睡前检查炉火，不要把炭盆放进卧室。\n来源：云岚市民政局",
    "another account to follow": "睡前检查炉火，不要把炭盆放进卧室。\n点击下方名片关注云岚补贴",
    "a closing line that sends home": "睡前检查炉火，不要把炭盆放进卧室。\n已经安全，请大家回家",
    "a closing line that denies": "睡前检查炉火，不要把炭盆放进卧室。\n大家不要相信，注意安全",
    "a code to scan": "睡前检查炉火，不要把炭盆放进卧室。\n长按识别二维码领取报警器",
    "an account": "睡前检查炉火，不要把炭盆放进卧室。\n关注公众号云岚应急服务",
    "a parent's words": "各位家长晚上好，打扰大家了，转一条应急局的内容给孩子们看看：\n"
    "睡前检查炉火，不要把炭盆放进卧室。",
    "a remark within a paragraph": "入冬以来，我市气温明显下降。\n我家就是这样的\n"
    "为防止一氧化碳中毒，市应急管理局提醒：",
    "words that claim nothing": "老张让我打出来贴墙上的\n睡前检查炉火，不要把炭盆放进卧室。",
    "two who sent a sentence each": "老K：\n用煤炉取暖的房间要装烟囱，并常开窗。\n"
    "桥头老魏：\n睡前检查炉火，不要把炭盆放进卧室。",
    "another day and hour": "2026-09-16 18:41 · 政务头条号\n睡前检查炉火，不要把炭盆放进卧室。",
    "a word of the page's menu": "辟谣\n睡前检查炉火，不要把炭盆放进卧室。",
    "a cross alone": "❌\n睡前检查炉火，不要把炭盆放进卧室。",
    "an event at an hour": "水库泄洪 今天 20:00\n睡前检查炉火，不要把炭盆放进卧室。",
    "an event at an hour between": "用煤炉取暖的房间要装烟囱，并常开窗。\n水库泄洪 20:00\n"
    "睡前检查炉火，不要把炭盆放进卧室。",
    "an order behind an hour": "20:00 停电\n睡前检查炉火，不要把炭盆放进卧室。",
    "an event before a colon": "山洪来了：请大家转发\n睡前检查炉火，不要把炭盆放进卧室。",
    "remarks that send people down": "今晚大家一起下楼\n睡前检查炉火，不要把炭盆放进卧室。",
    "remarks that move people": "请把家里人转到社区\n睡前检查炉火，不要把炭盆放进卧室。",
    "a remark between": "用煤炉取暖的房间要装烟囱，并常开窗。\n（这条和咱们没关系）\n"
    "睡前检查炉火，不要把炭盆放进卧室。",
    "a translation between": "用煤炉取暖的房间要装烟囱，并常开窗。\n"
    "Fit a pipe, and open the windows.\n"
    "睡前检查炉火，不要把炭盆放进卧室。",
    "a neighbour at an hour between": "用煤炉取暖的房间要装烟囱，并常开窗。\n1202老郭 11-18 20:15\n"
    "睡前检查炉火，不要把炭盆放进卧室。",
    "the number of a flat between": "用煤炉取暖的房间要装烟囱，并常开窗。\n2-501\n"
    "睡前检查炉火，不要把炭盆放进卧室。",
    "an hour alone between": "用煤炉取暖的房间要装烟囱，并常开窗。\n20:00\n"
    "睡前检查炉火，不要把炭盆放进卧室。",
    "an hour in brackets between": "用煤炉取暖的房间要装烟囱，并常开窗。\n（20:00）\n"
    "睡前检查炉火，不要把炭盆放进卧室。",
    "a cross alone between": "用煤炉取暖的房间要装烟囱，并常开窗。\n×\n"
    "睡前检查炉火，不要把炭盆放进卧室。",
    "who is called upon": "@三号楼全体\n睡前检查炉火，不要把炭盆放进卧室。",
    "in another script": "表姐轉來嘅\n睡前檢查爐火，不要把炭盆放進臥室。",
    "words of a program": "title\n睡前检查炉火，不要把炭盆放进卧室。\nlikes",
    "what it is filed under": "#取暖那些事#\n睡前检查炉火，不要把炭盆放进卧室。",
    "a headline": "紧急：今晚全城停水\n睡前检查炉火，不要把炭盆放进卧室。",
}


@pytest.fixture(scope="module")
def question(browser, address: str) -> Iterator[Page]:  # type: ignore[no-untyped-def]
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        page.goto(address + ASK)
        page.locator("#authenticity-form fieldset:enabled").first.wait_for()
        yield page


def test_the_page_can_be_made_dark_and_light_as_any_other(browser, address: str) -> None:  # type: ignore[no-untyped-def]
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        page.goto(address + ASK)
        page.get_by_role("button", name="深色").click()
        expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")


def test_the_form_stands_from_the_first_paint_and_sends_nothing_before_its_script_is_there(
    browser,  # type: ignore[no-untyped-def]
    address: str,
) -> None:
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        release = held(page, "**/assets/authenticity.js")
        page.goto(address + ASK, wait_until="commit")
        form = page.locator("#authenticity-form")
        form.wait_for()
        before = form.bounding_box()
        assert form.locator(":is(textarea, input, button):enabled").count() == 0
        form.locator("button").first.click(force=True)
        assert page.url == address + ASK
        release()
        form.locator("fieldset:enabled").first.wait_for()
        assert form.locator(".sn-late").is_hidden()
        assert form.bounding_box() == before


def test_where_its_script_cannot_run_the_page_says_so_and_whom_to_call(
    browser,  # type: ignore[no-untyped-def]
    address: str,
) -> None:
    """As of an old browser, to which the module is no program."""
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        page.route(
            "**/assets/authenticity.js",
            lambda route: route.fulfill(content_type="text/javascript", body="?."),
        )
        page.goto(address + ASK)
        says = page.locator("#authenticity-form .sn-late")
        says.wait_for()  # not at once: a script may be on its way
        assert "浏览器太旧" in says.inner_text()
        assert says.locator("a[href='tel:12345']").is_visible()
        assert page.locator("#authenticity-form :enabled").count() == 0


def answer(page: Page, text: str) -> str:
    return put(page, {"kind": "text", "text": text}, None)[0]  # type: ignore[arg-type]


@pytest.mark.parametrize("name", HONEST)
def test_what_only_looks_different_was_issued(question: Page, name: str) -> None:
    assert answer(question, HONEST[name]) == "excerpt"


@pytest.mark.parametrize("name", FORGED)
def test_what_says_something_else_is_different(question: Page, name: str) -> None:
    assert answer(question, FORGED[name]) == "differs"


@pytest.mark.parametrize("word", ["转发", "微信公众号", "云岚市应急管理局"])
def test_a_line_of_a_platform_s_words_is_read_once(question: Page, word: str) -> None:
    """Many ways to part it into such words make none of them slower."""
    assert answer(question, f"{word * 200}x\n睡前检查炉火，不要把炭盆放进卧室。") == "beside"


OURS = "[炉爐]|入冬以来|市应急管理局提醒"


@pytest.mark.parametrize("name", BESIDE)
def test_words_in_lines_before_and_after_are_told_apart(question: Page, name: str) -> None:
    text = BESIDE[name]
    assert answer(question, text) == "beside"
    others = {f"“{line}”" for line in text.splitlines() if not re.search(OURS, line)}
    assert set(question.locator(LISTED).all_inner_texts()) == others


LISTED = "#authenticity-answer .sn-others li"
WARNED = "#authenticity-answer h3.sn-is-bad + .sn-others li"


@pytest.mark.parametrize(
    "claim",
    [
        "今晚全城停水。",
        "二舅 20:00 集合",
        "13800138000",
        "每户五百",
        "Call 13800138000 to get it.",
        "请转账480元到指定账户。",
        "凡携带火种进山的，一律拘留十五日。",
        "关于全市中小学停课的通知",
        "误区：",
    ],
)
@pytest.mark.parametrize("place", ["before", "between", "behind", "in strings"])
def test_a_claim_in_a_line_of_its_own_is_warned_of_first(
    question: Page, claim: str, place: str
) -> None:
    one, other = TWO.split("\n")
    if place == "in strings":
        text = json.dumps([one, claim, other])
    else:
        lines = {"before": [claim, TWO], "between": [one, claim, other], "behind": [TWO, claim]}
        text = "\n".join(["我家贴的。", *lines[place]])
    if claim == "误区：" and place in ("between", "in strings"):
        assert answer(question, text) == "differs"  # it turns what stands under it
        return
    assert answer(question, text) == "beside"
    assert question.locator(WARNED).all_inner_texts() == [f"“{claim}”"]
    listed = question.locator(LISTED).all_inner_texts()
    assert listed[0] == f"“{claim}”" and listed[1:] == ["“我家贴的。”"] * (place != "in strings")
    place_of = question.locator("#authenticity-answer")
    assert place_of.get_attribute("data-result") == "warn"
    assert "当心" in question.locator("#authenticity-head").inner_text()


@pytest.mark.parametrize("calm", ["我家贴的", "3 / 7", "1202老郭 11-18 20:15", "第 3 页 共 7 页"])
def test_what_claims_nothing_is_no_warning(question: Page, calm: str) -> None:
    assert answer(question, TWO.replace("\n", f"\n{calm}\n")) == "beside"
    assert question.locator(LISTED).all_inner_texts() == [f"“{calm}”"]
    assert not question.locator(WARNED).count()


@pytest.mark.parametrize(
    "words",
    ["除外", "老人和孩子除外。", "出租的房子不在此列", "以上作废。", "下列为旧版", "上面的不用再做",
     "本条错误", "谣言：", "不"],
)  # fmt: skip
def test_what_turns_the_sentences_around_it_is_different(question: Page, words: str) -> None:
    assert answer(question, TWO.replace("\n", f"\n{words}\n")) == "differs"


@pytest.mark.parametrize("text", [f"{TWO}\n老人和孩子除外。", f"有暖气的人家例外：\n{TWO}"])
def test_an_exception_beside_a_notice_is_warned_of(question: Page, text: str) -> None:
    assert answer(question, text) == "beside"
    assert question.locator(WARNED).count() == 1


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        (
            "用煤炉取暖的房间要装烟囱，\n— 学习材料 —\n1\n"
            "并常开窗。\n睡前检查炉火，\n— 学习材料 —\n2\n"
            "不要把炭盆放进卧室。",
            ["— 学习材料 —", "1", "2"],
        ),
        (
            "1\n00:01 --> 00:03\n用煤炉取暖的房间\n\n2\n00:03 --> 00:05\n要装烟囱，并常开窗。",
            ["1", "00:01 --> 00:03", "2", "00:03 --> 00:05"],
        ),
        (
            "[09:20:11] 老周: 用煤炉取暖的房间要装烟囱，并常开窗。\n"
            "[09:21:15] 老周: 睡前检查炉火，不要把炭盆放进卧室。",
            ["[09:20:11] 老周:", "[09:21:15] 老周:"],
        ),
        (
            "标题 取暖要通风\n条目 用煤炉取暖的房间要装烟囱，并常开窗。\n"
            "条目 睡前检查炉火，不要把炭盆放进卧室。\n标题",
            ["标题", "条目", "条目", "标题"],
        ),
        (
            "标题级别2 取暖要通风 链接\n标题级别2 用煤炉取暖的房间要装烟囱，并常开窗。\n"
            "按钮 睡前检查炉火，不要把炭盆放进卧室。",
            ["标题级别2", "链接 标题级别2", "按钮"],
        ),
        (
            "2026/11/24 08:17　　用煤炉取暖的房间要装烟囱，并常开窗。\n"
            "1/2\n2026/11/24 08:17　　睡前检查炉火，不要把炭盆放进卧室。",
            ["1/2"],
        ),
        (
            "我给你念一下啊孙女 用煤炉取暖的房间要装烟囱 并常开窗 睡前检查炉火 "
            "不要把炭盆放进卧室 出现头晕恶心时 立即开窗到室外 并拨打120 念完了啊",
            ["我给你念一下啊孙女", "念完了啊"],
        ),
        (
            "7.92 复制打开抖音，看看【云岚应急的作品】睡前检查炉火，不要把炭盆放进卧室。",
            ["7.92 复制打开抖音，看看【云岚应急的作品】"],
        ),
        (
            "群里有人贴：“用煤炉取暖的房间要装烟囱，并常开窗。”"
            "后面还有：“睡前检查炉火，不要把炭盆放进卧室。”这两句是你们写的？",
            ["群里有人贴：“", "后面还有：“", "这两句是你们写的？"],
        ),
        ("来文单位：云岚市应急管理局\n睡前检查炉火，不要把炭盆放进卧室。", ["来文单位："]),
        ("来文单位：云岚市教育局\n睡前检查炉火，不要把炭盆放进卧室。", ["来文单位：云岚市教育局"]),
        (
            "我大姨在乡下看到的: “睡前检查炉火，不要把炭盆放进卧室。” 她问有没有这回事",
            ["我大姨在乡下看到的: “", "她问有没有这回事"],
        ),
    ],
)
def test_what_parts_sentences_or_leads_to_them_is_listed(
    question: Page, text: str, listed: list[str]
) -> None:
    assert answer(question, text) == "beside"
    assert sorted(question.locator(LISTED).all_inner_texts()) == sorted(
        f"“{one}”" for one in listed
    )


def test_a_remark_in_brackets_behind_a_sentence_is_told_apart(question: Page) -> None:
    text = "睡前检查炉火，不要把炭盆放进卧室。（{}）"
    assert answer(question, text.format("隔壁单元贴出来的，求证")) == "beside"
    assert answer(question, text.format("今晚全城停水")) == "differs"


def test_what_stands_between_a_title_and_its_text_is_told_apart(
    question: Page, built: Built
) -> None:
    title = built.site.archive.posts[sample.PLAIN].title
    text = f"{title}\n外部资料 / 转存\n睡前检查炉火，不要把炭盆放进卧室。"
    assert answer(question, text) == "beside"


@pytest.mark.parametrize("said", ["隔壁单元的老王说这是他表弟写的：“", "反面教材：", "供电公司："])
def test_another_who_is_said_to_speak_is_shown(question: Page, said: str) -> None:
    assert answer(question, f"{said}睡前检查炉火，不要把炭盆放进卧室。") == "beside"
    shown = question.locator(LISTED).all_inner_texts()
    assert shown == [f"“{said}”"]


COPY = """(part) => {
  getSelection().selectAllChildren(document.querySelector(part));
  return getSelection().toString();
}"""


@pytest.mark.parametrize("post", [sample.PLAIN, sample.ALERT, sample.LONG])
@pytest.mark.parametrize("media", ["screen", "print"])
def test_a_copy_of_a_page_is_what_the_page_says(
    question: Page, tab: Page, address: str, post: str, media: str
) -> None:
    tab.goto(f"{address}posts/2026/{post}/")
    tab.emulate_media(media=media)
    texts = [tab.evaluate(COPY, part) for part in ("body", "article")]
    assert [answer(question, text) for text in texts] == ["whole", "whole"]
    assert not question.locator("#authenticity-answer ul").count()
    tab.emulate_media(media="screen")
    claim = "全市中小学明天停课。"
    assert [answer(question, f"{claim}\n{text}") for text in texts] == ["beside", "beside"]


def test_a_remark_that_begins_as_the_page_goes_on_undoes_no_copy(
    question: Page, tab: Page, address: str
) -> None:
    """What the page says next (复制) are the remark's first words."""
    tab.goto(f"{address}posts/2026/{sample.PLAIN}/")
    text = tab.evaluate(COPY, "body").partition("发现错误")[0]
    assert answer(question, f"{text}\n发现错误的人看看") == "beside"
    assert question.locator(LISTED).all_inner_texts() == ["“发现错误的人看看”"]


def test_a_copy_of_a_withdrawn_notice_s_page_says_that_it_holds_no_more(
    question: Page, tab: Page, address: str
) -> None:
    tab.goto(f"{address}posts/2026/{sample.WITHDRAWN}/")
    text = tab.evaluate(COPY, "body")
    assert answer(question, text) == "excerpt"
    assert "已经不再有效" in question.locator("#authenticity-head").inner_text()
    assert question.locator("#authenticity-answer").get_attribute("data-result") == "warn"
    assert answer(question, re.sub("(本条内容已于.*?)撤回", r"\1修订", text)) == "differs"
    assert answer(question, f"{text}\n请先转账。") == "beside"
    assert question.locator(WARNED).all_inner_texts() == ["“请先转账。”"]


@pytest.mark.parametrize("path", ["", "alerts/", "posts/", "posts/2026/11/", "guides/"])
def test_a_copy_of_a_page_that_lists_notices_is_what_it_says(
    question: Page, tab: Page, address: str, path: str
) -> None:
    tab.goto(address + path)
    text = tab.evaluate(COPY, "main")
    assert answer(question, text) == "several"
    named = question.locator("#authenticity-answer h3 + ul a[href*='/posts/2026/']")
    assert named.count() > 1
    assert not question.locator(LISTED).count()
    assert answer(question, f"请先转账。\n{text}") == "beside"
    assert question.locator(WARNED).all_inner_texts() == ["“请先转账。”"]
    title = max(named.all_inner_texts(), key=len)
    assert answer(question, text.replace(title, f"{title}已解除")) == "differs"
    days = re.findall(r"(?m)^(?:2026年)?\d+月\d+日(?:周.)?$", text)
    if len(set(days)) > 2:
        one, other = sorted(set(days), key=days.index)[1:3]
        turned = text.replace(f"\n{one}\n", "\n@\n").replace(f"\n{other}\n", f"\n{one}\n")
        assert answer(question, turned.replace("\n@\n", f"\n{other}\n")) == "differs"


FRAMED = """async (text) => {
  const { compare } = await import(new URL("../assets/authenticity_compare.js", location));
  const { issued } = await import(new URL("../assets/authenticity_text.js", location));
  const frame = (zone, title = false) => ({ zone, title });
  const cell = { ...frame("after"), cell: true };
  const version = { post: "a", sentences: issued([
    ["首页", false, 0, frame("before")], ["辟谣", false, 0, frame("before")],
    ["本站的首页和目录", false, 0, frame("before")],
    ["煤炉要装烟囱。不要把炭盆放进卧室。", true, 0], ["睡前检查炉火。", true, 0],
    ["下载", false, 0, frame("within")],
    ["上一篇", false, 0, frame("after")], ["全市中小学停课通知", false, 0, frame("after", true)],
    ["检查四步签名、文件和日志", false, 0, frame("after")],
    ["生成日期", false, 0, cell], ["2026年10月30日", false, 0, cell], ["发布日期", false, 0, cell],
    ["2026年11月2日", false, 0, cell],
  ]) };
  return compare(text, [version], []).result;
}"""
TEXT = "煤炉要装烟囱。不要把炭盆放进卧室。\n睡前检查炉火。"


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (f"首页\n辟谣\n本站的首页和目录\n{TEXT}", "whole"),
        (f"{TEXT}\n上一篇\n全市中小学停课通知\n检查四步签名、文件和日志", "whole"),
        (f"{TEXT}\n下载", "whole"),
        (f"{TEXT}\n生成日期\n2026年10月30日\n发布日期\n2026年11月2日", "whole"),
        (f"{TEXT}\n生成日期\n2026年11月2日\n发布日期\n2026年10月30日", "beside"),
        (f"辟谣\n辟谣\n辟谣\n{TEXT}", "beside"),
        (f"本站的首页和目录\n辟谣\n{TEXT}", "beside"),
        (TEXT.replace("\n", "\n检查四步签名、文件和日志\n"), "beside"),
        (f"{TEXT}\n首页", "beside"),
        (f"辟谣\n{TEXT}", "beside"),
        (f"全市中小学停课通知\n{TEXT}", "beside"),
        (f"{TEXT}\n全市中小学停课通知", "beside"),
        (f"首页辟谣，本站的首页和目录说了\n{TEXT}", "beside"),
        (f"{TEXT}检查四步签名、文件和日志是骗人的", "differs"),
        (TEXT.replace("\n", "全市中小学停课通知\n"), "differs"),
        ("首页\n辟谣\n本站的首页和目录\n检查四步签名、文件和日志", "none"),
    ],
)
def test_what_stands_around_a_notice_counts_as_on_the_page(
    question: Page, text: str, result: str
) -> None:
    assert question.evaluate(FRAMED, text) == result


COMPARED = """async (text) => {
  const { compare } = await import(new URL("../assets/authenticity_compare.js", location));
  const { issued } = await import(new URL("../assets/authenticity_text.js", location));
  const body = "煤炉要装烟囱。不要把炭盆放进卧室。睡前检查炉火。";
  const sentences = issued([
    [body, true, 0], ["烟囱每年清扫一次。", true, 0],
    ["五查", false, 0], ["检查炉门和窗缝。", true, 0],
    ["五不要", false, 0], ["炭盆不进卧室过夜。", true, 0],
    ["菜地里能烧草吗？", true, 0], ["看位置，林边不能。", true, 0],
    ["体验点开放吗？", true, 0], ["每周六上午开放。", true, 0],
    ["要带什么？", true, 0], ["带上身份证。", true, 0],
    ["更正说明： 炉门应当每月检查两次。", true, 0], ["误区： 炉门不用检查也行。", true, 0],
    ["结尾字幕： 一条窗缝守住一个冬夜。", true, 0],
    ["原文", false, 0], ["每两年清扫一次烟囱。", false, 0, undefined, true],
  ]);
  const version = { post: "a", sentences };
  return compare(text, [version], []).result;
}"""


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("煤炉要装烟囱。睡前检查炉火。", "differs"),
        ("煤炉要装烟囱。不要把炭盆放进卧室。烟囱每年清扫一次。", "excerpt"),
        ("五查\n检查炉门和窗缝。\n五不要\n炭盆不进卧室过夜。", "excerpt"),
        ("五不要\n检查炉门和窗缝。", "differs"),
        ("五查\n炭盆不进卧室过夜。", "differs"),
        ("菜地里能烧草吗？\n看位置，林边不能。", "excerpt"),
        ("菜地里能烧草吗？\n每周六上午开放。", "differs"),
        ("体验点开放吗？\n每周六上午开放。\n菜地里能烧草吗？\n看位置，林边不能。", "excerpt"),
        ("体验点开放吗？\n看位置，林边不能。\n菜地里能烧草吗？\n每周六上午开放。", "differs"),
        ("检查炉门和窗缝。\n原文\n每两年清扫一次烟囱。", "excerpt"),
        ("检查炉门和窗缝。\n每两年清扫一次烟囱。", "differs"),
        ("炉门应当每月检查两次。", "excerpt"),
        ("一条窗缝守住一个冬夜。", "excerpt"),
        ("炉门不用检查也行。", "differs"),
        ("菜地里能烧草吗\n看位置，林边不能。", "excerpt"),
        ("❌不要把炭盆放进卧室。", "excerpt"),
        ("✅检查炉门和窗缝。\n❌不要把炭盆放进卧室。", "differs"),
        ("❌不要把炭盆放进卧室。\n✅检查炉门和窗缝。", "excerpt"),
        ("❌检查炉门和窗缝。\n❌炭盆不进卧室过夜。", "differs"),
        ("五查\n检查炉门和窗缝。\n五不要\n检查炉门和窗缝。", "differs"),
        ("检查炉门和窗缝。\n五查\n检查炉门和窗缝。", "excerpt"),
    ],
)
def test_a_sentence_left_out_or_moved_makes_another_text(
    question: Page, text: str, result: str
) -> None:
    assert question.evaluate(COMPARED, text) == result


def test_the_difference_is_marked_beside_what_was_issued(question: Page) -> None:
    answer(question, FORGED["a digit"])
    assert question.locator("#authenticity-answer mark").all_inner_texts() == ["1", "0"]


def test_issued_told_apart_and_different_look_different(question: Page) -> None:
    place = question.locator("#authenticity-answer")
    looks = set()
    for text in (HONEST["no width"], BESIDE["a headline"], FORGED["a digit"]):
        answer(question, text)
        looks.add(place.evaluate("(one) => getComputedStyle(one).borderLeftColor"))
    assert len(looks) == 3


@pytest.mark.parametrize("text", ["火", "", "？？？？", "😀" * 50])
def test_too_little_is_not_judged(question: Page, text: str) -> None:
    assert answer(question, text) == "short"


def test_another_bureau_s_notice_is_not_there(question: Page) -> None:
    text = "市自来水公司定于明天夜间检修管道，届时老城区停水，请居民提前储水备用。"
    assert answer(question, text) == "none"
    assert "没有这样的通知" in question.locator("#authenticity-head").inner_text()


def test_a_hundred_thousand_signs_end_soon(question: Page) -> None:
    text = HONEST["two sentences"] + "甲乙丙丁戊己庚辛" * 12_500
    assert answer(question, text) == "differs"
    assert "只看了前" in question.locator("#authenticity-answer").inner_text()


def test_what_was_not_looked_at_is_not_called_issued(question: Page) -> None:
    answer(question, HONEST["two sentences"] + " " * 12_000 + "以上作废，今晚全城停水。")
    assert "后面的话没有看" in question.locator("#authenticity-head").inner_text()


def test_private_numbers_are_neither_kept_nor_sent(question: Page) -> None:
    asked: list[str] = []
    question.on("request", lambda request: asked.append(f"{request.url} {request.post_data}"))
    answer(question, "本人身份证号 11010119900307123X，手机 13800138000，请核对补贴名单并回复。")
    assert all(
        re.search(r"/authenticity/[\w/.-]+ None$|/posts/[^ ]+ None$|/assets/[^ ]+ None$", one)
        for one in asked
    )
    assert not any("1380013" in one or "110101" in one for one in asked)
    kept = question.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, location.href])"
    )
    assert "1380013" not in kept and "110101" not in kept


def test_parts_of_two_notices_are_told_apart(question: Page) -> None:
    other = "凌晨四点，集合铃响了。"
    assert answer(question, HONEST["whole sentence"] + other) == "joined"
    assert question.locator("#authenticity-answer h3").count() == 2


def test_two_whole_notices_pasted_together_are_named_each(
    question: Page, tab: Page, address: str
) -> None:
    texts = []
    for post in (sample.PLAIN, sample.ALERT):
        tab.goto(f"{address}posts/2026/{post}/")
        texts.append(tab.locator("[data-signed=body]").inner_text())
    assert [answer(question, one) for one in texts] == ["whole", "whole"]
    assert answer(question, "\n\n".join(texts)) == "several"
    assert question.locator("#authenticity-answer h3").count() == 2


def test_a_notice_that_shares_but_a_name_with_ours_is_not_there(
    question: Page, built: Built
) -> None:
    name = built.site.archive.posts[sample.PLAIN].title[:7]
    text = f"{name}。市自来水公司定于明天夜间检修管道，届时老城区停水，请居民提前储水备用。"
    assert answer(question, text) == "none"


def test_a_code_of_a_withdrawn_notice_says_that_it_holds_no_more(
    question: Page, tab: Page, address: str
) -> None:
    tab.goto(f"{address}posts/2026/{sample.WITHDRAWN}/")
    digest = tab.locator("[data-signed=digest]").inner_text().strip()
    how, text = typed(question, check_code_of(digest).code)
    assert how == "withdrawn" and "已经撤回" in text


def test_a_withdrawn_notice_is_known_by_its_title(question: Page, built: Built) -> None:
    title = built.site.archive.posts[sample.WITHDRAWN].title
    assert answer(question, f"{title}\n请各单位按时参加。") == "withdrawn"


def test_that_a_withdrawn_notice_still_holds_is_nothing_the_bureau_says(
    question: Page, built: Built
) -> None:
    title = built.site.archive.posts[sample.WITHDRAWN].title
    assert answer(question, f"{title}\n本通知继续有效。请先转账。") == "withdrawn"
    words = question.locator("#authenticity-answer").inner_text()
    assert "说它仍然有效的，不是本单位的话" in words and "请不要照做" in words


def code_of(page: Page, address: str, post: str) -> tuple[str, str]:
    page.goto(f"{address}posts/2026/{post}/")
    code, phrase = page.locator(".sn-check strong").all_inner_texts()
    return code, phrase


def typed(page: Page, words: str) -> tuple[str, str]:
    page.evaluate("document.getElementById('authenticity-answer').hidden = true")
    page.fill("#authenticity-check", words)
    page.locator("#authenticity-check").press("Enter")
    page.locator("#authenticity-answer").wait_for()
    place = page.locator("#authenticity-answer")
    return str(place.get_attribute("data-answer")), place.inner_text()


def test_code_and_phrase_lead_to_the_page_that_prints_them(
    question: Page, tab: Page, address: str
) -> None:
    code, phrase = code_of(tab, address, sample.PLAIN)
    other = code_of(tab, address, sample.LONG)[1]
    for words in (
        code,
        code.lower().replace("-", " "),
        phrase,
        phrase.replace(" ", ""),
        f"{code} {phrase}",
    ):
        how, text = typed(question, words)
        assert (
            how == "whole"
            and question.locator(f"#authenticity-answer a[href*='{sample.PLAIN}']").count()
        )
        assert "初审" in text
    assert typed(question, f"{code} {other}")[0] == "none"
    slip = code[:-1] + ("0" if code[-1] != "0" else "1")
    assert typed(question, slip)[0] == "short"
    assert typed(question, "0000-0000")[0] == "none"
    assert "怪词" in typed(question, "怪词怪词怪词怪词")[1]
    assert typed(question, code[:5])[0] == "short"


def test_a_forged_digest_leads_to_nothing_that_its_page_does_not_bear_out(
    page: Page, address: str, built: Built
) -> None:
    """Every row of the digests leads to another post: the page's own digest and words decide."""
    code, _ = code_of(page, address, sample.PLAIN)
    rows = json.dumps([[f"posts/2026/{sample.LONG}/", 1, 1]] * 64)
    page.route("**/authenticity/*/d/*.json", lambda route: route.fulfill(body=rows))
    page.goto(address + ASK)
    page.locator("#authenticity-form fieldset:enabled").first.wait_for()
    assert typed(page, code)[0] == "none"
    assert answer(page, HONEST["two sentences"]) == "none"


@pytest.mark.parametrize("url", ["https://pay.example/posts/2026/a/", "posts/2031/not-there/"])
def test_digests_of_another_archive_make_no_answer_and_ask_no_other_host(
    page: Page, address: str, url: str
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    rows = json.dumps([[url, 1, 1]] * 64)
    page.route("**/authenticity/*/d/*.json", lambda route: route.fulfill(body=rows))
    page.goto(address + ASK)
    page.locator("#authenticity-form fieldset:enabled").first.wait_for()
    assert answer(page, HONEST["two sentences"]) == "fault"
    assert all(one.startswith(address) for one in asked)


OVER = "2026-10-23-rain-alert"


@pytest.mark.parametrize(("days", "why"), [(-365, "还早，一定不对"), (365, "晚 300 天以上")])
def test_by_a_clock_that_is_a_year_off_a_warning_s_dates_are_said_alone(
    page: Page, address: str, built: Built, days: int, why: str
) -> None:
    """Of one that began after the newest record, too; one that was over by then is over."""
    index = json.loads(built.text("authenticity/index.json"))
    index["newest"] = (AS_OF - timedelta(hours=5)).isoformat()
    page.route("**/authenticity/index.json", lambda route: route.fulfill(body=json.dumps(index)))
    code, _ = code_of(page, address, sample.ALERT)
    page.clock.set_fixed_time(AS_OF - timedelta(hours=4) + timedelta(days=days))
    page.goto(address + ASK)
    page.locator("#authenticity-form fieldset:enabled").first.wait_for()
    place = page.locator("#authenticity-answer")
    state = place.locator("dt:text-is('现在是否有效') + dd")
    titles = [built.site.archive.posts[post].title for post in (sample.ALERT, OVER)]
    dates = "预警时段：2026年11月22日 16:00 至 2026年11月24日 16:00"
    assert answer(page, titles[0]) == "excerpt"
    assert state.inner_text() == dates
    said = page.evaluate("at => sanshenDoubt(Date.parse(at), Date.now())", index["newest"])
    assert why in said, "the one sentence that every page has"
    assert said in place.inner_text() and "不再有效" not in place.inner_text()
    assert typed(page, code)[0] == "whole"
    assert state.inner_text() == dates
    assert answer(page, titles[1]) == "excerpt"
    assert state.inner_text() == "已于 2026年10月24日 20:00 过期"
    assert "已经不再有效" in page.locator("#authenticity-head").inner_text()


@pytest.mark.parametrize(("path", "part"), [("", ".sn-warnings"), ("alerts/", ".sn-warnings")])
def test_a_warning_s_box_in_a_list_says_what_the_box_of_its_post_says(
    page: Page, address: str, path: str, part: str
) -> None:
    page.clock.set_fixed_time(AS_OF)
    page.goto(address + path)
    box = page.locator(part).inner_text()
    assert "生效中" in box and "2026年11月22日 16:00 至 11月24日 16:00" in box
    page.goto(address + ASK)
    page.locator("#authenticity-form fieldset:enabled").first.wait_for()
    assert answer(page, box) == "excerpt"
    assert answer(page, box.replace("24日", "25日")) == "differs"


def test_without_the_site_s_files_nothing_is_said_of_the_text(page: Page, address: str) -> None:
    page.goto(address + ASK)
    page.locator("#authenticity-form fieldset:enabled").first.wait_for()
    page.route("**/authenticity/**", lambda route: route.abort())
    assert answer(page, HONEST["two sentences"]) == "fault"
    assert "没有查成" in page.locator("#authenticity-head").inner_text()


def test_without_script_the_page_says_whom_to_call(scriptless: Page, address: str) -> None:
    scriptless.goto(address + ASK)
    assert scriptless.locator("#authenticity-form").is_hidden()
    assert "12345" in scriptless.locator("noscript").inner_text()


def test_the_answer_is_heard_reached_and_free_of_violations(question: Page) -> None:
    question.locator("#authenticity-words").fill(FORGED["a digit"])
    question.keyboard.press("Tab")
    question.keyboard.press("Enter")
    expect(question.locator("#authenticity-answer")).to_be_focused()
    heard = question.locator("[role=status]").last
    expect(heard).to_have_text("与本单位发布的不一样")
    assert (heard.bounding_box() or {})["width"] == 1  # to the eye it stands in the frame alone
    assert violations(question, {}) == []
