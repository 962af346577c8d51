"""Annex: the approval form (附件 六安市应急局信息发布审批表).

0. A filed form is named for its day or its item and bears the number made from them; that every
   published item has its form is judged with 9. | Human: nothing.
1. The post names at least one known account; a platform without a box on the form is noted. What
   stands behind each box can be published there: the channel refuses nothing of the rendition, and
   a recorded publication was given the words that are rendered. | Human: nothing.
2. The planned time has come, and the id of the post begins with its day; a publication before it
   is noted, a later one is in order: the form bears the day of the first. An account carries a
   revision once. | Human: nothing.
3. Every channel can carry the title, and every publication of the present revision carries the
   title of the form. | Human: whether the platform shows it.
4. The form can say whether the post is original, a reprint or a forward, and name its source.
   | Human: nothing.
5. A published post that is changed has the record of its correction, and a withdrawn one the record
   of its withdrawal; a record comes with the revision that it tells of, and is not changed after
   that was confirmed. | Human: whether the reason is the true one.
6. A filed form lists items of its own day, or one item, as policy says; a post stands on one form
   alone, with the bytes that were confirmed. | Human: that the paper lists the same items.
7. A form signed in ink has its scan beside the record, and the stored bytes are those named there;
   signatures by key are judged with Article 11. | Human: whose hand signed the paper.
8. The form is filled in with the first review, on the day of publication or before; a later day on
   the paper is told by the audit, a day between noted. | Human: whether the day on the paper is
   true.
9. A form is filed within the days that policy gives, on a day that can be, and its record is never
   changed or removed. | Human: whether the paper lies where the record says.
10. The record keeps the form at least as long as policy says. | Human: that it is kept so long.
"""

from pipeline.model.law import ChangeClause, ItemClause, PeriodClause, reviewed, rule
from pipeline.rules.aff_form.filing import (
    corrections_recorded,
    corrections_reviewed,
    entering,
    filed_in_time,
    filled_in_time,
    filled_late,
    ink_scanned,
    items_of_a_day,
    listed_once,
    numbered,
    retained,
    standing,
    unchanged,
)
from pipeline.rules.aff_form.items import boxes, planned_day, printed_source, same_title

RULE = rule(
    ChangeClause(0, entering(numbered)),
    PeriodClause(0, standing(numbered)),
    ItemClause(1, boxes, ("accounts",)),
    ItemClause(2, planned_day, ("publish_at",)),
    ItemClause(3, same_title, ("title",)),
    ItemClause(4, printed_source, ("origin",)),
    ItemClause(5, corrections_recorded, ("revision",)),
    ChangeClause(5, corrections_reviewed),
    ItemClause(6, listed_once, applies=reviewed),
    ChangeClause(6, entering(items_of_a_day)),
    PeriodClause(6, standing(items_of_a_day)),
    ChangeClause(7, entering(ink_scanned)),
    PeriodClause(7, standing(ink_scanned)),
    ItemClause(8, filled_in_time, applies=reviewed),
    PeriodClause(8, filled_late, lapse=True, rests_on=("filings",)),
    ChangeClause(9, unchanged),
    PeriodClause(9, filed_in_time, rests_on=("filings",)),
    ChangeClause(10, entering(retained), ("filings",)),
    PeriodClause(10, standing(retained), rests_on=("filings",)),
)
