"""Annex: the approval form (附件 六安市应急局信息发布审批表).

0. A filed form is named for its day or its item and bears the number made from them; that every
   published item has its form is judged with 9. | Human: nothing.
   accepted: the form of 3 November, filed as 2026-11-03 under the number made from that day.
   violated: a form that bears another number or the name of another day.
   boundary: the second form of a day, as 2026-11-03-2; a form of one item bears the name of that
   item.
   next: `sanshen file` writes name and number; a wrong one is filed again with `--replaces` and
   `--reason`.
1. The post names at least one known account; a platform without a box on the form is noted. What
   stands behind each box can be published there: the channel refuses nothing of the rendition, and
   a recorded publication was given the words that are rendered. | Human: nothing.
   accepted: a post for WeChat and Weibo, which both can show.
   violated: a post without a known account, or one that a channel refuses.
   boundary: one known account beside an app, for which the form has no box: noted.
   next: name an account of the register; `sanshen render POST --for wechat` shows what the channel
   refuses.
2. The planned time has come, and the id of the post begins with its day; a publication before it
   is noted, a later one is in order: the form bears the day of the first. An account carries a
   revision once. | Human: nothing.
   accepted: published at the planned time, or on a later day.
   violated: an id that does not begin with the planned day; an account that carries a revision
   twice.
   boundary: a time to come, until it has come; what went out before it is noted.
   next: wait for the time; after midnight publish and record the true time, whose day the form
   bears; of a record of nothing: `--supersedes … --void`.
3. Every channel can carry the title, and every publication of the present revision carries the
   title of the form. | Human: whether the platform shows it.
   accepted: the title of the form on every account.
   violated: another title on one account, or one that the channel cuts off.
   boundary: an earlier revision that was published under its own title.
   next: correct the title on the platform; one that is too long becomes shorter in a new revision.
4. The form can say whether the post is original, a reprint or a forward, and name its source.
   | Human: nothing.
   accepted: an original post, or a reprint with the name of its source.
   violated: a reprint without source, or of a source without a name.
   boundary: an unlisted source that the post itself names.
   next: fill in `source.name`, or have the source entered in sources.yml.
5. A published post that is changed has the record of its correction, and a withdrawn one the record
   of its withdrawal; a record comes with the revision that it tells of, and is not changed after
   that was confirmed. | Human: whether the reason is the true one.
   accepted: a second revision with the record of its correction.
   violated: a second revision of a published post without such a record.
   boundary: a post that was never public needs no record; that of a withdrawn post is of the kind
   withdrawal.
   next: `sanshen new corrections --post POST --revision N` with the true reason, before the
   reviews; once confirmed, raise `revision` by one.
6. A filed form lists items of its own day, or one item, as policy says; a post stands on one form
   alone, with the bytes that were confirmed. | Human: that the paper lists the same items.
   accepted: a form that lists the items of its day with the confirmed bytes.
   violated: an item of another day, or a post on two forms.
   boundary: a form that another one replaced does not count; an earlier revision stays on its form.
   next: file it again as it should be: `sanshen file DAY --replaces NAME --reason …`.
7. A form signed in ink has its scan beside the record, and the stored bytes are those named there;
   signatures by key are judged with Article 11. | Human: whose hand signed the paper.
   accepted: a form signed in ink with its scan.
   violated: a form signed in ink without a scan, or with another file than the record names.
   boundary: a form signed by keys, which needs no scan.
   next: scan the paper and file it again: `sanshen file DAY --scan FILE --replaces NAME --reason
   …`.
8. The form is filled in with the first review, on the day of publication or before; a later day on
   the paper is told by the audit, a day between noted. | Human: whether the day on the paper is
   true.
   accepted: a form filled in before the post went out.
   violated: a form filled in on the day after the publication.
   boundary: filled in on the day of publication but after the day of the first review: noted.
   next: write the true day and explain it: `sanshen new rectifications`; a past day cannot be
   mended.
9. A form is filed within the days that policy gives, on a day that can be, and its record is never
   changed or removed. | Human: whether the paper lies where the record says.
   accepted: a form filed two days after the publication.
   violated: no form on the thirty-first day, or a filed form that is changed.
   boundary: the thirtieth day (form.archive_days); from the eighth the report says that it is still
   out.
   next: file it now with its true day: `sanshen file DAY --in PLACE --by PERSON`; a wrong one is
   replaced, never changed.
10. The record keeps the form at least as long as policy says. | Human: that it is kept so long.
   accepted: a form kept for thirty years where policy asks for ten.
   violated: a form kept for ten years where policy asks for thirty, which is noted.
   boundary: as long as policy says (archive.retention).
   next: file it again with the longer period: `sanshen file DAY --retention … --replaces NAME
   --reason …`.
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
