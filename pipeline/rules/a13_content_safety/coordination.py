"""13(3): what concerns another unit's work is agreed with it beforehand."""

from collections.abc import Iterator
from datetime import date

from pipeline.model.archive import Archive
from pipeline.model.calendar import local_date
from pipeline.model.evidence import Step
from pipeline.model.findings import Complaint, Effect, say, say_names
from pipeline.model.posts import Post
from pipeline.model.regex import regex

_BODY = regex(
    "(?:公安|教育|教体|民政|司法|财政|人力资源和?社会保障|人社|自然资源(?:和规划)?|生态环境|住房和?城乡建设|住建"
    "|城市管理|城管|交通运输|水利|水务|农业农村|商务|文化和?旅游|文旅|卫生健康|卫健|市场监督管理|市场监管|气象|林业"
    "|数据资源管理|消防救援|发展和?改革|发改|经济和信息化|经信|医疗保障|医保|审计|统计|地震|信访|粮食和物资储备)"
    "(?:局|委员会|委|厅|部(?!门)|支队|大队|总队)"
)
"""Bodies by their field of work, in the full and in the short form of their names."""
NAMED = 5
"""Bodies named in one finding."""


def coordinated(post: Post, archive: Archive) -> Iterator[Complaint]:  # 13(3)
    """Each unit listed has its agreement in time; bodies named but not listed are noted."""
    agreed = {row["unit"]: row for row in post.meta.get("coordination", ())}
    latest = _latest(post, archive)
    for index, unit in enumerate(post.meta.get("involves_units", ())):
        if unit not in agreed:
            message = say("The agreement of {unit} is missing.", unit=unit)
            remedy = say("Coordinate with it, and add unit, contact, date and evidence.")
            place = post.at("involves_units", index)
            yield Complaint(Effect.REFUSE, message, place, remedy)
    for index, row in enumerate(post.meta.get("coordination", ())):
        if row["date"] > latest:
            message = say("{unit} agreed only after the final review.", unit=row["unit"])
            remedy = say("Have the text reviewed again with what was agreed.")
            place = post.at("coordination", index, "date")
            yield Complaint(Effect.REFUSE, message, place, remedy)
    others = _others(post, archive)
    if others and post.meta.get("origin", "original") == "original":
        message = say("Other units are named: {units}", units=say_names(others[:NAMED]))
        remedy = say("If their work is concerned, list them in involves_units and coordinate.")
        yield Complaint(Effect.NOTE, message, post.at("title"), remedy)


def _latest(post: Post, archive: Archive) -> date:
    """The day of the final review; while there is none, the day of publication."""
    approvals = archive.approvals.get(post.id)
    final = approvals.approved(Step.FINAL) if approvals else None
    return local_date(final.signed_at) if final else archive.day_of(post)


def _others(post: Post, archive: Archive) -> list[str]:
    """Bodies in title and body that are neither ours nor covered, in order of their place."""
    names = dict.fromkeys(m[0] for m in _BODY.finditer(f"{post.title}\n{post.body}"))
    if not names:
        return []
    registers = archive.registers
    source = registers.sources.get(post.meta.get("source", {}).get("id", ""))
    covered = "\n".join(
        (
            *registers.policy.names,
            *(n for d in registers.departments.values() for n in (d.name, *d.aliases)),
            *post.meta.get("involves_units", ()),
            str(post.meta.get("alert", {}).get("issuer", "")),
            source.name if source else "",
        )
    )
    return [name for name in names if name not in covered]
