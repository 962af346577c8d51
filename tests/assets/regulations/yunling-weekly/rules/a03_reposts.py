"""Article 3: reposts (第三条 转载).

1. 转载、转发的来源列在来源名单中，当日有效。
   | Human: 来源本身是否可靠。
   accepted: 转载名单中的气象台发布的预警。
   violated: 转载名单以外的个人账号。
   boundary: 来源在名单中有效的最后一日。
   next: 改用名单中的来源；确需新增的，先报两人同意后登入来源名单。
"""

from collections.abc import Iterator

from pipeline.model.archive import Archive
from pipeline.model.findings import Complaint, Effect, say
from pipeline.model.law import ItemClause, rule
from pipeline.model.posts import Post


def listed(post: Post, archive: Archive) -> Iterator[Complaint]:  # 1
    """The source of a repost, by its id in the register."""
    source = archive.registers.sources.get(str(post.meta.get("source", {}).get("id", "")))
    day = archive.day_of(post)
    if source is None or not source.valid_from <= day <= (source.valid_until or day):
        message = say("来源“{name}”不在当日有效的来源名单中，不得转载。",
                      name=archive.registers.source_name(post.meta.get("source", {})))  # fmt: skip
        remedy = say("请改用名单中的来源，或者先将其登入 content/registers/sources.yml。")
        yield Complaint("source-unlisted", Effect.REFUSE, message, post.at("source"), remedy)


def is_repost(post: Post, _archive: Archive) -> bool:
    """What was not written here."""
    return post.meta["origin"] != "original"


RULE = rule(ItemClause(1, listed, ("origin", "source"), is_repost))
