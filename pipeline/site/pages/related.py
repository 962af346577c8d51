"""Posts on the same matters: for each the earlier ones that share most keywords.

Only earlier ones, so that a new post changes no page but its own and its neighbour's; of the same
year and the one before, so that a page is a function of two years.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence

from pipeline.site.pages.post_view import View

MOST = 4
_REMEMBERED = 12  # latest posts of a keyword or kind that may be named


def related(views: Sequence[View]) -> Mapping[str, tuple[View, ...]]:
    """Post id → up to `MOST` earlier posts, most keywords in common first, then newest.

    `views` newest first, as `views.views` gives them. Withdrawn posts are neither named nor asked.
    """
    recent: defaultdict[str, deque[int]] = defaultdict(lambda: deque(maxlen=_REMEMBERED))
    found: dict[str, tuple[View, ...]] = {}
    oldest_first = [view for view in reversed(views) if not view.withdrawn]
    for number, view in enumerate(oldest_first):
        shared = Counter(n for tag in dict.fromkeys(view.tags) for n in recent[f"tag {tag}"])
        best = sorted(shared, key=lambda n: (-shared[n], -n))[:MOST]
        more = [n for n in reversed(recent[f"kind {view.card.kind}"]) if n not in shared]
        chosen = [*best, *more[: MOST - len(best)]] if best else more[:MOST]
        found[view.id] = tuple(oldest_first[n] for n in chosen)
        for tag in dict.fromkeys(view.tags):
            recent[f"tag {tag}"].append(number)
        recent[f"kind {view.card.kind}"].append(number)
    return found
