"""13(1): no secret of the state, of work or of a system; reviewed before publication."""

from collections.abc import Iterator, Mapping

from pipeline.detect.post_words import Words, words_of
from pipeline.detect.private import Found
from pipeline.detect.secrets import secrecy_marks, secrets
from pipeline.model.archive import Archive
from pipeline.model.findings import Complaint, Effect, Message, say
from pipeline.model.memoize import Once
from pipeline.model.posts import Post

REVIEWERS = ("information-officer", "section-head", "leader-in-charge", "principal")
SECRETS: Mapping[str, Message] = {
    "app-secret": say("the secret of an application"),
    "token": say("an access token"),
    "password": say("a password"),
    "private-key": say("a private key"),
    "cloud-key": say("the key of a cloud service"),
    "app-id": say("the id of a WeChat application"),
}
_secrecy: Once[Words, tuple[tuple[Found, ...], tuple[Found, ...]]] = Once(
    lambda words: (secrecy_marks(words.text), secrets(words.text))
)


def no_secrets(post: Post, archive: Archive) -> Iterator[Complaint]:  # 13(1)
    """Marks of secrecy and secrets of systems anywhere in the post; then the review itself."""
    words = words_of(post)
    marks, secret = _secrecy(words)
    for mark in marks:
        place = words.locate(mark.start)
        if mark.certain:
            message = say("The post bears a mark of secrecy or of internal use.")
            remedy = say("Do not publish it; take it off this network and tell the secrecy office.")
            yield Complaint(Effect.REFUSE, message, place, remedy)
        else:
            message = say("The post speaks of internal material.")
            remedy = say("Check that nothing of it comes from a text that is not for the public.")
            yield Complaint(Effect.NOTE, message, place, remedy)
    for found in secret:
        what = SECRETS[found.kind]
        effect = Effect.REFUSE if found.certain else Effect.NOTE
        remedy = say("Take it out and replace it: whoever read the draft knows it.")
        message = say("The post holds {what}.", what=what)
        yield Complaint(effect, message, words.locate(found.start), remedy)
    if "secrecy_review" in post.meta:
        yield from _reviewed(post, archive)


def _reviewed(post: Post, archive: Archive) -> Iterator[Complaint]:
    """政府信息公开条例, article 17: reviewed before it is made public, by somebody else."""
    review = post.meta["secrecy_review"]
    person = archive.registers.people.get(review["person"])
    in_office = person and any(person.holds(role, review["date"]) for role in REVIEWERS)
    if person is None or person.contractor or not in_office:
        message = say("{person} could not review for secrecy that day.", person=review["person"])
        remedy = say("Have an information officer, a section head or a leader review it.")
        cause = archive.registers.unread_path("people")
        place = post.at("secrecy_review", "person")
        yield Complaint(Effect.REFUSE, message, place, remedy, cause=cause)
    if review["person"] in (post.meta.get("author"), *post.meta.get("co_authors", ())):
        message = say("The author reviewed the secrecy of the own text.")
        remedy = say("Have somebody else review it for secrecy.")
        yield Complaint(Effect.REFUSE, message, post.at("secrecy_review", "person"), remedy)
    created, published = post.created_on, archive.day_of(post)
    if review["date"] > published or (created and review["date"] < created):
        message = say("The secrecy review is not between the writing and the publication.")
        remedy = say("Correct the date; a review made before the text was written is none.")
        yield Complaint(Effect.REFUSE, message, post.at("secrecy_review", "date"), remedy)
