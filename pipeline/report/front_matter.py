"""A post's front matter as a reviewer reads it: labels and words for keys and codes.

Codes that the public site shows too have its words; in English they speak for themselves.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pipeline.detect.private import PRIVATE_KINDS
from pipeline.model import zh_names
from pipeline.model.calendar import minute
from pipeline.model.findings import Message, say, say_day
from pipeline.model.posts import Post
from pipeline.model.registers import Registers
from pipeline.report.language import Translate, whole

LABELS: Mapping[str, Message] = {
    "title": say("Title"),
    "kind": say("Kind"),
    "revision": say("Revision"),
    "accounts": say("Accounts"),
    "author": say("Author"),
    "co_authors": say("Further authors"),
    "origin_dept": say("Department"),
    "publish_at": say("To be published at"),
    "created_on": say("Made on"),
    "event_date": say("Day of the event"),
    "disclosure": say("Disclosure"),
    "topic": say("Topic"),
    "category": say("Category of Article 9"),
    "justification": say("Why it is needed"),
    "leader_approval": say("Approved by a leader"),
    "consent": say("Consent of the person portrayed"),
    "obtained_on": say("Obtained on"),
    "ref": say("Reference"),
    "refutes": say("Rumour refuted"),
    "claim": say("Claim"),
    "evidence": say("Evidence"),
    "origin": say("Origin"),
    "source": say("Source"),
    "id": say("Listed source"),
    "name": say("Name"),
    "url": say("Address"),
    "account": say("Account of the source"),
    "published_at": say("Published at"),
    "snapshot": say("Copy of the source"),
    "fetched_at": say("Copied at"),
    "exception": say("Exception"),
    "reason": say("Reason"),
    "approved_by": say("Approved by"),
    "license": say("Permission to reprint"),
    "basis": say("Basis"),
    "title_change_reason": say("Why the title differs"),
    "excerpt": say("Excerpt"),
    "media": say("Pictures, sound and film"),
    "file": say("File"),
    "alt": say("Alternative text"),
    "licence": say("Licence"),
    "portrait": say("Shows a person"),
    "minor": say("Shows a child"),
    "captions": say("Captions"),
    "transcript": say("Transcript"),
    "summary": say("Summary"),
    "tags": say("Subject words"),
    "doc_no": say("Number of the document"),
    "alert": say("Warning"),
    "issuer": say("Issuer"),
    "issued_at": say("Issued at"),
    "starts_at": say("Begins at"),
    "ends_at": say("Ends at"),
    "level": say("Level"),
    "color": say("Colour"),
    "areas": say("Areas"),
    "exercise": say("Exercise"),
    "lifted_at": say("Lifted at"),
    "validity": say("Validity"),
    "effective_on": say("Holds from"),
    "expires_on": say("Holds until"),
    "facts": say("Facts checked"),
    "emergency": say("To be published before the reviews"),
    "ordered_by": say("Ordered by"),
    "ordered_at": say("Ordered at"),
    "ai": say("AI"),
    "secrecy_review": say("Reviewed for secrecy"),
    "person": say("Person"),
    "date": say("Day"),
    "result": say("Result"),
    "involves_units": say("Other units concerned"),
    "coordination": say("Agreed with other units"),
    "unit": say("Unit"),
    "contact": say("Contact"),
    "guardian_consent": say("Consent of a guardian"),
    "pii_exemption": say("Private data shown"),
    "type": say("Ground"),
    "legal_basis": say("Legal basis"),
    "fields": say("Kinds of data"),
    "subject_kind": say("Concerns"),
    "requires_follow": say("Only for followers"),
    "remarks": say("Remarks for the form"),
}
"""Key of the front matter, at any depth → its label."""

SHOWN: Mapping[str, Mapping[Any, str]] = {
    "kind": zh_names.KINDS,
    "topic": zh_names.TOPICS,
    "category": zh_names.CATEGORIES,
    "origin": zh_names.ORIGINS,
    "validity": zh_names.VALIDITY,
    "level": zh_names.LEVELS,
    "color": zh_names.COLOURS,
}
"""Key → code → the word that readers of the site know; Chinese alone."""

CODES: Mapping[str, Mapping[Any, Message]] = {
    "disclosure": {"mandatory": say("demanded by law"), "voluntary": say("of our own accord")},
    "basis": {
        "official-document": say("an official document"),
        "stated-reprintable": say("the source says that it may be reprinted"),
        "written-permission": say("written permission"),
        "platform-whitelist": say("white list of the platform"),
        "superior-request": say("a superior body asked for it"),
    },
    "ai": {"none": say("no part"), "assisted": say("assisted"), "generated": say("generated")},
    "minor": {"none": say("none"), "masked": say("masked"), "shown": say("shown")},
    "result": {"releasable": say("may be released")},
    "type": {
        "penalty": say("public notice of a penalty"),
        "mandatory-disclosure": say("disclosure demanded by law"),
    },
    "subject_kind": {"person": say("a person"), "organisation": say("an organisation")},
    "fields": PRIVATE_KINDS,
}
"""Key → code → its word."""

ID_KEYS = frozenset(
    ("accounts", "author", "co_authors", "origin_dept", "person", "approved_by", "ordered_by")
)
"""Keys whose values are ids of accounts, people or departments."""


@dataclass(frozen=True)
class Wording:
    """How a reader is told keys and values: in which language, with the names of which registers.

    Keys that do not fit their schema are shown as they are written.
    """

    tr: Translate
    chinese: bool
    registers: Registers

    def lines(self, post: Post) -> Iterator[str]:
        """A line for each key but the title, one more for each entry of a numbered list."""
        written = post.document.value
        for key in written if isinstance(written, dict) else ():
            if key != "title":
                yield from self._lines(str(key), post.meta.get(key, written[key]))

    def _lines(self, key: str, value: Any) -> Iterator[str]:
        if isinstance(value, list) and any(isinstance(row, Mapping) for row in value):
            yield f"  {self._pair(key, '')}"
            for number, row in enumerate(value, 1):
                yield f"    {number}. {self.value(key, row)}"
        else:
            yield f"  {self._pair(key, self.value(key, value))}"

    def label(self, key: str) -> str:
        """What a key is called."""
        return self.tr(LABELS[key]) if key in LABELS else whole(key)

    def _pair(self, key: str, value: str) -> str:
        label = self.label(key)
        return f"{label}：{value}" if self.chinese else f"{label}: {value}".rstrip()

    def value(self, key: str, value: Any) -> str:
        """One value in words; a mapping as its pairs, a list as its members."""
        if isinstance(value, Mapping):
            pairs = (self._pair(k, self.value(k, v)) for k, v in value.items())
            return ("；" if self.chinese else "; ").join(pairs)
        if isinstance(value, list):
            members = (self.value(key, member) for member in value)
            return ("、" if self.chinese else ", ").join(members)
        if isinstance(value, bool):
            return self.tr(say("yes") if value else say("no"))
        if isinstance(value, datetime):
            return minute(value)
        if isinstance(value, date):
            return self.tr(say_day(value))
        if key in CODES and value in CODES[key]:
            return self.tr(CODES[key][value])
        if self.chinese and key in SHOWN:
            return SHOWN[key].get(value, whole(str(value)))
        registers = self.registers
        name = registers.called(str(value)) if key in ID_KEYS else str(value)
        return whole(registers.source_name({"id": value, "name": value}) if key == "id" else name)
