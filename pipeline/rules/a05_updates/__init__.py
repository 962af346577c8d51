"""Article 5: updates (第五条 信息内容更新).

1. A text account is updated at least twice in every week from Monday to Sunday (Asia/Shanghai); one
   batch is one update; only weeks that policy exempts are left out. | Human: nothing.
2. An audio or video account is updated at least once in every ten days. | Human: nothing.
3. No account in use is silent for fourteen days, the red line of the national inspection.
   | Human: nothing.
4. An item of a superior body that was entered for relay is on every account that owes it within
   twelve natural hours of the notice, or of its publication where no notice is recorded; the
   information officer declares every month that none was missed.
   | Human: which items of superior bodies are important.
5. A post that relays such an item goes to every account that owes it. | Human: nothing.
6. A publication is neither in the future, nor before its confirmation, nor after its reviews ran
   out, nor recorded before it happened; none is planned for after they run out.
   | Human: whether the platform shows the time that was recorded.
"""

from pipeline.model.law import ItemClause, PeriodClause, Rule
from pipeline.rules.a05_updates.cadence import av_cadence, red_line, text_cadence
from pipeline.rules.a05_updates.dates import true_dates
from pipeline.rules.a05_updates.relays import (
    every_account,
    none_missed,
    relayed_in_time,
    relays_known,
)

RULE = Rule(
    (
        PeriodClause(1, text_cadence, lapse=True),
        PeriodClause(2, av_cadence, lapse=True),
        PeriodClause(3, red_line, lapse=True),
        PeriodClause(4, relays_known),
        PeriodClause(4, relayed_in_time, lapse=True),
        PeriodClause(4, none_missed, declared=True),
        ItemClause(5, every_account, ("accounts",)),
        ItemClause(6, true_dates),
    )
)
