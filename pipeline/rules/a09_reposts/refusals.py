"""Article 9: a refusal, as all its clauses say it."""

from pipeline.model.findings import Complaint, Effect, Location, Message


def refuse(place: Location, message: Message, remedy: Message) -> Complaint:
    return Complaint(Effect.REFUSE, message, place, remedy)
