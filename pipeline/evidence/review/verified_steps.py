"""The steps of a post that are known to count, read again without being verified again.

A card is made of steps that were verified, with everything else that `chain`, `counter` and
`timestamp` ask, in this run or in the one that sealed the card; and it pins their bytes. Whoever
publishes a post by its card may publish these same bytes; any others are verified as ever.
"""

from collections.abc import Iterable

from pipeline.evidence.review.chain import review_of
from pipeline.evidence.review.statements import digest, reread_statement
from pipeline.model.cards import Card, steps_digest
from pipeline.model.conformance import Conformance
from pipeline.model.evidence import Approvals, Approved, SignedFile, Step


def counted(card: Card, files: Iterable[SignedFile], schema: Conformance) -> Approvals | None:
    """The four steps of a card out of the records it names, in order; nothing of earlier revisions.

    None unless every byte of them is one that was verified when the card was made.
    """
    stored = list(files)
    rows = [(f.path, digest(f.statement or b"", f.signature or b"")) for f in stored]
    if len(rows) != len(Step) or steps_digest(rows) != card.evidence:
        return None
    found = [reread_statement(file, schema) for file in stored]
    reviews = [review_of(statement) for statement in found if statement is not None]
    if [review.step for review in reviews] != [*Step]:
        return None
    return Approvals({review.step: Approved(review.step, review) for review in reviews})
