"""Article 11: the three reviews (第十一条 三级审核).

1. First, second and final review of these very bytes are approved, each signed by a different
   person in the right role; a review that is returned, void or astray refuses.
   | Human: the reviewers' judgement.
2. The first reviewer states that the post was collected, sorted, filled in, proofread, formatted.
   | Human: whether it was.
3. The first reviewer states that the approval form is filled in. | Human: whether it is right.
4. What was published is what was confirmed; an operator in office, no contractor unless policy
   allows one, published it after the confirmation; no publication names a post that is not there.
   | Human: whether the platform shows the confirmed text.
5. What was returned comes back changed; the same bytes need at least a new opinion.
   | Human: whether the change meets the objection.
6. The regulation gives no fast road for emergencies: approval after the fact is refused. Where
   policy allows it, an alert or accident report went out on the order of a leader in office, was
   reviewed within the hours set, and this stays rarer than the number set.
   | Human: speed in an emergency.
7. The final review of an accident, a rumour or a penalty is the principal's; another leader's is
   noted, or refused where policy says so.
   | Human: whether another kind of post needs the principal.
"""

from pipeline.model.law import ItemClause, PeriodClause, Rule, reviewed
from pipeline.rules.a11_reviews.publishing import (
    after_the_fact,
    emergencies_rare,
    known_posts,
    operated,
)
from pipeline.rules.a11_reviews.reviews import (
    answered_return,
    escalated,
    first_checklist,
    form_filled,
    three_reviews,
)

RULE = Rule(
    (
        ItemClause(1, three_reviews, ("revision",), reviewed),
        ItemClause(2, first_checklist, applies=reviewed, declared=True),
        ItemClause(3, form_filled, applies=reviewed, declared=True),
        ItemClause(4, operated, applies=reviewed),
        PeriodClause(4, known_posts),
        ItemClause(5, answered_return, applies=reviewed),
        ItemClause(6, after_the_fact),
        PeriodClause(6, emergencies_rare, lapse=True),
        ItemClause(7, escalated, ("kind",), reviewed),
    )
)
