"""Article 8: opening, changing and closing accounts (第八条 账号分级备案).

1. Posts and publications use only registered accounts that are active on the day; the address of a
   publication is on its account's host; a link whose words call an account on a social platform the
   bureau's own leads to a registered one, to a recorded publication or to the declared source; a
   link to anybody else's is noted; every quarter each department declares that it knows of no
   unregistered account.
   | Human: whose a linked account is; whether unregistered ones exist elsewhere; QR codes.
2. Every opening, change, suspension, closing and cancellation was applied for by the lead
   department, reviewed by the leader in charge, signed by the principal and filed with the
   municipal office, in that order, and took effect only after the signature; an end that came
   before it, as when the platform closes an account, is entered with its day and told by the audit;
   nothing follows a closing but a cancellation; an account opened since recording began has its
   opening, and one whose opening lacks a step carries no post; one of before that is filed, or
   owes it (待备案) as an opening does. | Human: the leaders' decision.
3. The register of accounts changes only as recorded events in order say: a new account after its
   opening, an end after its closing, another value after the latest change that names it; a closed
   account is never reopened under its old id. | Human: nothing.
4. A closing has its public notice, its last copy in the archive and its report to the national
   system. | Human: whether the platform really closed the account.
5. Two accounts in use on one platform are noted. | Human: whether a second account is justified.
"""

from pipeline.model.law import ChangeClause, ItemClause, PeriodClause, Rule
from pipeline.rules.a08_account_changes.events import ended_early, events_in_order, opened_properly
from pipeline.rules.a08_account_changes.register import (
    changes_follow_events,
    closings_complete,
    one_per_platform,
)
from pipeline.rules.a08_account_changes.use import no_others_known, registered_accounts

RULE = Rule(
    (
        ItemClause(1, registered_accounts, ("accounts",)),
        PeriodClause(1, no_others_known, declared=True),
        ItemClause(2, opened_properly, ("accounts",)),
        PeriodClause(2, events_in_order),
        PeriodClause(2, ended_early, lapse=True),
        ChangeClause(3, changes_follow_events),
        PeriodClause(4, closings_complete),
        PeriodClause(5, one_per_platform),
    )
)
