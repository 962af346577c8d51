"""``python -m tests.corpora.published [NAME=REPOSITORY:FOLDER,…]…``: publish detectors' figures.

Measures them anew, writes figures.json beside this file and brings docs/measurements.md and the
regulation page of the site in line. False alarms on prose are measured for the repositories that
are given, and stay as they were for others. A test holds what is published: figures that a fresh
run does not reach are not to be shown.
"""

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.measure import table as markdown
from tests.corpora.precision import OUTSIDE, compared, total
from tests.corpora.prose import alarms, texts
from tests.corpora.stored import HERE

ROOT = HERE.parents[1]
FIGURES = HERE / "figures.json"
TEMPLATE = ROOT / "pipeline/parts/regulation_pages/site/templates/_detectors.html.j2"
PAGE = ROOT / "docs/measurements.md"
BEGIN, END = "<!-- detectors: python -m tests.corpora.published -->", "<!-- /detectors -->"
KINDS = {
    "accident_class": "事故等级", "advertising": "商业广告", "alert_level": "预警级别与颜色",
    "bank_card": "银行卡号", "body_html": "正文中的 HTML", "credential": "口令和密钥",
    "document_number": "发文字号", "entertainment": "娱乐化、低俗化",
    "forced_following": "强制关注、转发", "home": "家庭住址", "identity": "身份证号",
    "mobile": "手机号码",
    "near_miss": "错一位的号码",
    "opinion": "个人观点、情绪", "passport": "护照等证件号", "plate": "车牌号",
    "protected_term": "机构名称和固定表述", "secrecy": "密级标志", "title_body": "标题与正文",
    "victim_name": "伤亡者姓名", "weekday": "日期与星期",
}  # fmt: skip
CORPORA = {
    "own": "自编例句（用于调试）",
    "tuning": "外来段落（用于调试）",
    "untouched": "外来段落（从未用于调试）",
}
TOLERANCES = {"own": 0.01, "all": 0.02, "each": 0.07}
"""How far a fresh run may fall below what is published: of a kind, two passages."""
Stored = dict[str, Any]


def fresh(prose: Mapping[str, tuple[int, int]]) -> Stored:
    """Figures as stored: date, corpus → kind → [passages, precision, recall], and prose → [number
    of characters, of lines with an alarm]."""
    corpora = compared()
    each = {
        name: {k: [f.rows, round(f.precision, 3), round(f.recall, 3)] for k, f in figures.items()}
        for name, figures in corpora.items()
    }
    for name in corpora.keys() - {"own"}:
        passages, precision, recall = total(corpora[name])
        each[name]["all"] = [passages, round(precision, 3), round(recall, 3)]
    return {"date": datetime.now(UTC).date().isoformat(), "corpora": each, "prose": dict(prose)}


def _alarms_per_10_000(stored: Stored) -> list[tuple[str, int, str]]:
    rows = stored["prose"].items()
    return [(name, read, f"{found * 10_000 / read:.2f}") for name, (read, found) in rows]


def document(stored: Stored) -> str:
    """What docs/measurements.md shows between its marks."""
    corpora = stored["corpora"]

    def cell(figures: Mapping[str, list[float]], kind: str) -> str:
        if kind not in figures:
            return "—"
        rows, precision, recall = figures[kind]
        return f"{precision:.3f} / {recall:.3f} ({rows})"

    rows = [(kind, *(cell(f, kind) for f in corpora.values())) for kind in (*OUTSIDE, "all")]
    prose = [(name, f"{read:,}", each) for name, read, each in _alarms_per_10_000(stored)]
    return "\n".join(
        (
            f"Run of {stored['date']}; precision / recall (passages).\n",
            markdown(f"kind | {' | '.join(corpora)}", rows),
            "\nLines of official prose in which something is shown, nearly all of them falsely:\n",
            markdown("prose | characters | lines per 10,000 characters", prose),
        )
    )


def page(stored: Stored) -> str:
    """The part of the regulation page: a heading, a sentence and a table."""
    corpora = stored["corpora"]
    heads = "".join(f'<th scope="col">{CORPORA[name]}</th>' for name in corpora)
    rows = "".join(
        f'<tr><th scope="row">{name}</th>'
        + "".join(f'<td data-label="{CORPORA[c]}">{_words(corpora[c], kind)}</td>' for c in corpora)
        + "</tr>\n"
        for kind, name in (*KINDS.items(), ("all", "合计"))
    )
    prose = "".join(
        f"在{read / 10_000:.0f}万字{name}中，平均每万字误报{each}处。"
        for name, read, each in _alarms_per_10_000(stored)
    )
    return (
        f'<p class="sn-note">{stored["date"]} 测得。查准率：机器指出的有多少确有问题；'
        "查全率：有问题的机器指出了多少。“外来段落”由没有看过检查程序的作者仿照各地公文、通报、推文撰写，"
        f"一半从未用于调试。机器没有指出的，不等于没有问题。{prose}</p>\n"
        '<div class="sn-scroll" tabindex="0" role="region" '
        'aria-label="机器检查的准确程度"><table class="sn-table">'
        "<caption>查准率 / 查全率（段数）</caption>"
        f'<thead><tr><th scope="col">检查内容</th>{heads}</tr></thead><tbody>\n{rows}'
        "</tbody></table></div>\n"
    )


def _words(figures: Mapping[str, list[float]], kind: str) -> str:
    if kind not in figures:
        return "—"
    rows, precision, recall = figures[kind]
    return f"{precision:.2f} / {recall:.2f}（{rows}）"


def _between(text: str, new: str) -> str:
    head, _, rest = text.partition(BEGIN)
    return f"{head}{BEGIN}\n\n{new}\n\n{END}{rest.partition(END)[2]}"


def write(stored: Stored, figures: Path = FIGURES, doc: Path = PAGE, part: Path = TEMPLATE) -> None:
    """Write the figures everywhere they are shown."""
    lines = json.dumps(stored, ensure_ascii=False, indent=1)
    figures.write_text(f"{lines}\n", encoding="utf-8")
    doc.write_text(_between(doc.read_text("utf-8"), document(stored)), encoding="utf-8")
    part.write_text(page(stored), encoding="utf-8")


if __name__ == "__main__":
    measured: dict[str, tuple[int, int]] = {}
    if FIGURES.exists():
        measured = json.loads(FIGURES.read_text("utf-8"))["prose"]
    for argument in sys.argv[1:]:
        label, _, source = argument.partition("=")
        if not source or label.startswith("-"):
            sys.exit("usage: python -m tests.corpora.published [NAME=REPOSITORY[:FOLDER,…]] …")
        repository, _, folders = source.partition(":")
        read, counted = alarms(texts(repository, folders.split(",") if folders else []))
        measured[label] = (read, counted.total())
    write(fresh(measured))
