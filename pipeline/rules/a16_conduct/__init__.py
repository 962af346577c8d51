"""Article 16: no show, no pressure, no profit (第十六条 力戒形式主义).

1. Followers that grow or fall by leaps between two recorded counts are noted; every year the head
   of the lead department declares that no figures are bought or made up.
   | Human: where followers come from.
2. A post does not press its readers to download, like or share, in the words of the lexicons.
   | Human: tone that presses without naming it.
3. No post says or is marked (`requires_follow`) to make following or downloading the condition of
   a service. Every half year the head of the lead department declares that no service, no
   comment and no message depends on following, downloading, liking or sharing.
   | Human: how services elsewhere are offered.
4. No post speaks of sponsors, payment or sale in the words of the lexicons. No account in use
   shows the platform's advertising; every year the head of the lead department declares that no
   account takes part in business. | Human: agreements outside the platform; payment codes in
   pictures.
5. Policy sets no quota for likes, shares or followers, and no declaration demands one.
   | Human: quotas set by word of mouth.
"""

from pipeline.model.law import ItemClause, PeriodClause, Rule
from pipeline.rules.a16_conduct.figures import no_quotas, steady_figures
from pipeline.rules.a16_conduct.pledges import (
    no_advertising,
    no_forced_actions,
    no_fraud,
    no_profit,
)
from pipeline.rules.a16_conduct.words import no_business, no_precondition, no_pressure

RULE = Rule(
    (
        PeriodClause(1, steady_figures),
        PeriodClause(1, no_fraud, declared=True),
        ItemClause(2, no_pressure),
        ItemClause(3, no_precondition),
        PeriodClause(3, no_forced_actions, declared=True),
        ItemClause(4, no_business),
        PeriodClause(4, no_advertising, lapse=True),
        PeriodClause(4, no_profit, declared=True),
        PeriodClause(5, no_quotas),
    )
)
