"""Article 1: updates (第一条 更新).

1. 每个在用账号至少每七日更新一次；超过期限未更新的，逐账号列明。
   | Human: 更新的内容是否有用。
   accepted: 最近一次更新在七日以内的账号。
   violated: 连续八日没有更新的账号。
   boundary: 更新后第七日当天仍不算逾期。
   next: 送审并发布一条信息，登记发布情况；已经过去的日子不能补。
"""

from collections.abc import Iterator
from datetime import timedelta

from pipeline.model.archive import Archive
from pipeline.model.duties import NONE, duty, end_of, update_days
from pipeline.model.findings import Complaint, say, say_day
from pipeline.model.law import PeriodClause, rule


def updated_weekly(archive: Archive) -> Iterator[Complaint]:  # 1
    """The last update of every account in use, or the day from which it owes one."""
    updates, accounts = update_days(archive), archive.registers.documents["accounts"]
    for row, account in enumerate(archive.registers.accounts_in_use(archive.today)):
        begun = max(account.opened_on, archive.registers.policy.since)
        last = updates.get(account.id, NONE).last or begun
        due = end_of(last + timedelta(days=archive.parameter("cadence.redline_days")))
        values = {"account": account.name, "last": say_day(last), "due": say_day(due.date())}
        what = say("账号“{account}”上次更新是{last}，最迟{due}再次更新。", **values)
        remedy = say("请送审并发布一条信息，再登记发布情况。")
        where = accounts.locate("accounts", row)
        yield duty("update-due", archive, due, what, where, remedy, account.id)


RULE = rule(PeriodClause(1, updated_weekly, lapse=True))
