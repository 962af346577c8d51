"""Article 15: final confirmation (第十五条 日常运营管理).

1. The lead department has an operator in office today who is no contractor; a single one without
   stand-in is noted. | Human: whether the person has the time.
   accepted: an operator and a stand-in in office today.
   violated: no operator today, or a contractor alone.
   boundary: a single operator on the last day in office, which is noted.
   next: appoint one and enter the role in people.yml.
   operator-missing: The lead department has no operator in office today. | Appoint one and enter
   the role in people.yml.
   operator-single: {person} is the only operator. | Appoint a stand-in and enter the role in
   people.yml.
2. No protected term is one sign off and no wording of the lexicons is gravely wrong. The head of
   the lead department has confirmed these very bytes after the final review and stated that there
   is no grave wrong wording, no sensitive word and no private data; a statement that the lexicons
   contradict, and a confirmation long before publication, are noted. Each term that a change leaves
   in the register finds what its own examples say. (Sensitive words are refused
   by 13(1) and 16, private data by 13(3).) | Human: the judgement itself.
   accepted: 应急管理工作, and the names of the unit as policy has them.
   violated: 应及管理局, 人民正府, 总书纪, or 云岚应急管理局 without its 市: a sign wrong, left out,
   doubled or swapped.
   boundary: a neighbour that the term's entry lists; 泰安市 where the unit's place is 六安市.
   next: correct it, enter the neighbour in terms.yml, or have it waived.
   confirmation-missing: The final confirmation is missing: it is awaited from the head of the lead
   department ({people}). |
   confirmation-returned: {person} returned the post at confirmation. |
   confirmation-stale: The confirmation is more than {hours} hours older than its use. | Read the
   post once more before it is published.
   private-data-unstated: The confirmation does not state that no private data is shown. | The head
   of the lead department checks it and confirms again.
   sensitive-words-stand: The confirmation states that no word is sensitive; the lexicons find
   {count}. | Read the findings of Articles 13 and 15 again; a waiver answers for each.
   sensitive-words-unstated: The confirmation does not state that no word is sensitive. | The head
   of the lead department checks it and confirms again.
   term-misspelt: “{words}” is one sign off the protected term “{term}” ({reason}). | Correct it; if
   it is right as it stands, have it entered in terms.yml, or excused this once: `sanshen waive`,
   signed by a section head or a leader.
   wording-unstated: The confirmation does not state that no wording is gravely wrong. | The head of
   the lead department checks it and confirms again.
3. Words of trivial and vulgar topics are noted in text and tags; in the months that its
   wording sets each information officer declares to have joined no such topic and given no careless
   likes or comments.
   | Human: likes and comments given by the account.
   accepted: serious words, and declarations in time.
   violated: a tag on the gossip of stars, which is noted; an officer without declaration.
   boundary: “严禁参与明星八卦话题”, which only speaks of it.
   next: leave the topic out; each officer signs `sanshen declare interaction-discipline`, and
   reports what was otherwise.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from pipeline.detect import examples, post_words, terms
from pipeline.detect.words import listed_words, sightings
from pipeline.model import law
from pipeline.model.archive import Archive, Mode
from pipeline.model.duties import declaration
from pipeline.model.evidence import Approved, Missing, Rejected, Returned, Review, Step
from pipeline.model.findings import Complaint, Effect, Location, Reason, say, say_names
from pipeline.model.posts import Post
from pipeline.model.registers import entitled
from pipeline.model.waivers import unconfirmed, waived_words, went_out_as_reviewed

NEGATIVES: Mapping[str, Reason] = {
    "no_wording_error": ("wording-unstated", say()),
    "no_sensitive_words": ("sensitive-words-unstated", say()),
    "no_private_data": ("private-data-unstated", say()),
}
SENSITIVE = frozenset(
    {"advertising", "gambling", "violence", "pornography", "cult", "political", "wording"}
)


def operator_appointed(archive: Archive) -> Iterator[Complaint]:  # 15(1)
    """The lead department has an operator; a single one is noted."""
    registers, today = archive.registers, archive.today
    operators = [
        p
        for p in registers.people.values()
        if not p.contractor and p.holds("operator", today, registers.lead_on(today))
    ]
    location = registers.documents["people"].locate("people")
    if not operators:
        yield law.refuse("operator-missing", location)
    elif len(operators) == 1:
        message = say(person=operators[0].name)
        yield law.note("operator-single", location, message, owes=operators[0].id)


def right_wording(post: Post, archive: Archive) -> Iterator[Complaint]:  # 15(2)
    """Near-misses of protected terms and gravely wrong wordings: 重大表述错误."""
    names, brings = terms.protected(archive.registers), archive.brings(post)
    seen: list[tuple[post_words.Passage, int, int]] = []
    for passage in post_words.passages(post):
        for miss in names.find(passage.text):
            seen.append((passage, miss.start, miss.end))
            message = say(words=miss.words, term=miss.entry["text"], reason=miss.entry["reason"])
            effect = Effect.NOTE if miss.late and not brings else Effect.REFUSE
            location = passage.at(miss.start)
            yield Complaint("term-misspelt", effect, message, location, waivable=miss.words)
    for sighting in sightings(post, archive, {"wording"}):
        passage, hit = sighting.passage, sighting.hit
        if not any(p == passage and s < hit.end and hit.start < e for p, s, e in seen):
            seen.append((passage, hit.start, hit.end))
            yield sighting.complaint()


def confirmed(post: Post, archive: Archive) -> Iterator[Complaint]:  # 15(2)
    """The fourth step, its three statements and its age."""
    match archive.approvals[post.id].states[Step.CONFIRM]:
        case Missing():
            yield _awaited(post, archive)
        case Rejected() as no:
            yield law.refuse(no.name, no.location, no.reason, no.remedy, cause=no.cause)
        case Returned(review=review) as state:
            message = say(person=review.reviewer)
            yield law.refuse("confirmation-returned", Location(review.path), message, state.remedy)
        case Approved(review=review):
            yield from law.unstated(post, archive, Step.CONFIRM, NEGATIVES)
            yield from _borne_out(review, post, archive)
            yield from _fresh(review, post, archive)


def _awaited(post: Post, archive: Archive) -> Complaint:
    heads = entitled(Step.CONFIRM, archive.registers, archive.as_of)
    message = say(people=say_names([f"{p.name} {p.id}" for p, _ in heads]))
    remedy = say("After the final review they run: sanshen confirm {post}", post=post.id)
    waits = archive.mode is Mode.CHANGE and not went_out_as_reviewed(post, archive)
    effect = Effect.HOLD if waits else Effect.REFUSE
    return Complaint("confirmation-missing", effect, message, post.at("revision"), remedy)


def _borne_out(review: Review, post: Post, archive: Archive) -> Iterator[Complaint]:
    """The statement about sensitive words agrees with the lexicons."""
    waived = waived_words(post, archive)
    grave = sum(
        s.effect is Effect.REFUSE and not any(s.hit.words in words for words in waived)
        for s in sightings(post, archive, SENSITIVE)
    )
    if grave and review.assertions.get("no_sensitive_words", False):
        yield law.note("sensitive-words-stand", Location(review.path), say(count=grave))


def _fresh(review: Review, post: Post, archive: Archive) -> Iterator[Complaint]:
    hours = archive.parameter("final_check.max_age_hours", archive.day_of(post))
    if post.publish_at and post.publish_at - review.signed_at > timedelta(hours=hours):
        yield law.note("confirmation-stale", Location(review.path), say(hours=hours))


RULE = law.rule(
    law.PeriodClause(1, operator_appointed, lapse=True),
    law.ItemClause(2, right_wording),
    law.ChangeClause(2, examples.examples_hold(examples.failed_terms), always=True),
    law.ItemClause(2, confirmed, applies=law.reviewed),
    law.PeriodClause(2, unconfirmed, lapse=True),
    law.ItemClause(3, listed_words("entertainment", "vulgar")),
    declaration(3, "interaction-discipline"),
)
