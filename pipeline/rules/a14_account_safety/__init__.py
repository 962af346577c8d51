"""Article 14: safety of accounts (第十四条 账号安全).

1. The password of every account in use is changed within three calendar months, as signed rotations
   say; an age beyond that is only noted when the head of the lead department signed why, for three
   more months at most; a rotation by a person who could not answer for it does not count.
   | Human: whether the password was really changed.
   accepted: a password that was changed and signed two months ago.
   violated: no rotation within three months and a day.
   boundary: three calendar months to the last second; a reason that the head signed excuses for
   three more.
   next: change it, then sign `sanshen rotate ACCOUNT --reason scheduled`; of a delay the head signs
   why with `--reason deviation`, never a change that was not made.
2. Every signed rotation states at least two kinds of characters; a short password is noted. The
   password itself is nowhere. | Human: what the password is.
   accepted: letters and digits, twelve of them.
   violated: digits alone.
   boundary: seven characters of two kinds, which is noted (password.min_length).
   next: choose a better one with `sanshen password-check ACCOUNT`, set it on the platform, and sign
   that.
3. After a person with access left, every password is changed, rights are revoked and devices
   returned, all within a day; no one without office keeps a device or an account; the register of
   accounts names the same keeper as the last rotation. | Human: what the person still knows.
   accepted: changed on the last day of the operator who left, rights revoked, devices returned.
   violated: no change two days after an operator left.
   boundary: the day after (password.handover_days); a later change is noted.
   next: change it now, take back rights and devices, sign `sanshen rotate ACCOUNT --reason
   handover`; then record the new keeper.
4. There is a register of devices, and none without safeguards is in use; in the months that its
   wording sets the operator declares for each account that no one logged in at public places or
   stayed logged in.
   | Human: where people log in.
   accepted: devices with safeguards, and each account declared in time.
   violated: a device in use that is entered with `hardened: false`.
   boundary: a device that was given back yesterday does not count; that none is entered is noted.
   next: secure it or take it out of use, and enter what is true; declare `account-hygiene` only
   when it is so.
5. No password, key or token stands in a post, its texts, a record or an entry of a register; other
   files of a change are not looked into. | Human: pictures, and files that are no text.
   accepted: a tip on how to choose a password.
   violated: a password or an access token in a post, a record or a register.
   boundary: the public id of an app, which is noted.
   next: remove it and change the secret at once: the history keeps what was written.
6. A fake account is verified at once, reported to an authority at least and to its platform, and
   filed with the superior body, each by its clock; a case open for long is noted, and pressed
   again before it rests for the days set. | Human: whether the account is fake.
   accepted: verified in three hours, reported and filed the next day, closed in a week.
   violated: written to the platform in April, still open in November.
   boundary: pressed again on the thirtieth day (impersonation.press_days).
   next: write to the platform again, add that to `notified`, and close the case when it is gone.
"""

from pipeline.model.duties import declaration
from pipeline.model.law import ItemClause, PeriodClause, rule
from pipeline.rules.a14_account_safety.access import (
    devices_safe,
    handed_over,
    keepers_in_office,
    passwords_fresh,
    passwords_strong,
    rotations_sound,
)
from pipeline.rules.a14_account_safety.exposure import fakes_pursued, none_in_post, none_in_records

RULE = rule(
    PeriodClause(1, rotations_sound),
    PeriodClause(1, passwords_fresh, declared=True),
    PeriodClause(2, passwords_strong, declared=True),
    PeriodClause(3, keepers_in_office, lapse=True),
    PeriodClause(3, handed_over, declared=True),
    PeriodClause(4, devices_safe, lapse=True),
    declaration(4, "account-hygiene"),
    ItemClause(5, none_in_post),
    PeriodClause(5, none_in_records),
    PeriodClause(6, fakes_pursued, rests_on=("incidents",)),
)
