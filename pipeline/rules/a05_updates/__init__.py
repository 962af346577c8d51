"""Article 5: updates (第五条 信息内容更新).

1. A text account is updated at least twice in every week from Monday to Sunday (Asia/Shanghai); one
   batch is one update; only weeks that policy exempts are left out. | Human: nothing.
   accepted: two batches in a week, on whatever days.
   violated: one batch of five posts in a week.
   boundary: the second batch on Sunday at 23:59.
   next: keep to the number from now on; a past week cannot be mended but is explained: `sanshen new
   rectifications`.
2. An audio or video account is updated at least once in every ten days. | Human: nothing.
   accepted: a video every Monday.
   violated: eleven days from one video to the next.
   boundary: ten days from one video to the next.
   next: publish now; once the silence is over, explain it: `sanshen new rectifications`.
3. No account in use is silent for fourteen days, the red line of the national inspection.
   | Human: nothing.
   accepted: an update a week.
   violated: fourteen days from one update to the next.
   boundary: thirteen days from one update to the next.
   next: publish now and report at once, for the national inspection counts the silence; then
   explain it: `sanshen new rectifications`.
4. An item of a superior body that was entered for relay is on every account that owes it within
   twelve natural hours of the notice, or of its publication where no notice is recorded. The post
   reprints or forwards that item, or links it, and comes after it. An account is left out with a
   reason alone. The information officer declares from time to time that none was missed.
   | Human: which items of superior bodies are important, and whether a reason is sound.
   accepted: a reprint of the item on all accounts six hours after the notice.
   violated: a post of another topic or of the day before, or thirteen hours after the notice.
   boundary: twelve hours and no minutes after the notice.
   next: publish it all the same, record the true time, and explain it: `sanshen new
   rectifications`; an account that does not carry it is entered under except with its reason.
5. A post that relays such an item goes to every account that owes it. | Human: nothing.
   accepted: a relaying post whose accounts are all those that owe the relay.
   violated: a relaying post for WeChat alone while Weibo owes it too.
   boundary: an account that opened on the day after the notice is left out.
   next: add the account to the post, or enter in the relay why it is left out.
6. A publication is neither in the future, nor before its confirmation, nor after its reviews ran
   out, nor recorded before it happened; none is planned for after they run out.
   | Human: whether the platform shows the time that was recorded.
   accepted: recorded two minutes after it was published, with the true time.
   violated: a time before the leader confirmed the post.
   boundary: a time that differs from the run's by no more than time.tolerance_minutes.
   next: record the true time, also when it is later than was planned.
"""

from pipeline.model.archive import RELAYS
from pipeline.model.duties import declaration
from pipeline.model.law import ItemClause, PeriodClause, rule
from pipeline.rules.a05_updates.cadence import av_cadence, red_line, text_cadence, true_dates
from pipeline.rules.a05_updates.relays import (
    decided_in_time,
    every_account,
    relayed_in_time,
    relaying,
    relays_complete,
    relays_of,
    relays_the_item,
)

RULE = rule(
    PeriodClause(1, text_cadence, lapse=True),
    PeriodClause(2, av_cadence, lapse=True),
    PeriodClause(3, red_line, lapse=True),
    PeriodClause(4, relays_complete, rests_on=(RELAYS,)),
    PeriodClause(4, relayed_in_time, lapse=True, rests_on=(RELAYS,)),
    PeriodClause(4, decided_in_time, lapse=True, rests_on=(RELAYS, "upstream")),
    ItemClause(4, relays_the_item, ("origin",), relaying, rests_on=relays_of),
    declaration(4, "relays-complete"),
    ItemClause(5, every_account, ("accounts",), rests_on=relays_of),
    ItemClause(6, true_dates),
)
