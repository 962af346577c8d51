"""What counts as an update of an account (Article 5, R05-1): rules and pages count alike."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from pipeline.model.archive import Archive
from pipeline.model.calendar import local_date
from pipeline.model.once import Once


def _update_days(archive: Archive) -> Mapping[str, Sequence[date]]:
    first: dict[tuple[str, str, str], datetime] = {}
    for p in archive.publications:
        if p.published_at <= archive.as_of:
            # Two marks, so that no batch can be named like a post.
            batch = f"{local_date(p.published_at)} {p.batch}"
            key = (
                p.account,
                *(("batch", batch) if p.batch else ("post", f"{p.post} {p.revision}")),
            )
            first[key] = min(first.get(key, p.published_at), p.published_at)
    days: dict[str, list[date]] = defaultdict(list)
    for (account, _, _), moment in first.items():
        days[account].append(local_date(moment))
    return {account: sorted(found) for account, found in days.items()}


update_days: Once[Archive, Mapping[str, Sequence[date]]] = Once(_update_days)
"""Account → days of its updates, in order.

A batch counts once a day, a post once however often it is recorded, so that neither a name
used again hides an update nor a repetition makes one.
"""
