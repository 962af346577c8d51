"""The confirmations of a post's earlier revisions, as their signers stated them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pipeline.evidence.review.statements import strict_json
from pipeline.site.pages.post_view import PostView


def earlier_confirmations(
    media: Callable[[str], bytes], view: PostView
) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """(revision, statement) of those before the present one that were confirmed, in their order.

    `media`: the files of the archive, as `SiteView.media`.
    """
    now, path = view.card.revision, view.card.reviews[-1] if view.card.reviews else ""
    for number in range(1, now if path else 1):
        try:  # a revision that was returned, or given up, has no confirmation
            statement = strict_json(media(path.replace(f"/r{now}/", f"/r{number}/")))
        except KeyError:
            continue
        if statement["predicate"]["decision"] == "approve":
            yield number, statement
