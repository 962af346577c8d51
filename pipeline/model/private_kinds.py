"""Kinds of private data in words (R13-3): what the detectors find and an exemption may allow."""

from collections.abc import Mapping

from pipeline.model.findings import Message, say

PRIVATE_KINDS: Mapping[str, Message] = {
    "identity": say("an identity number"),
    "identity-old": say("an identity number of the old kind"),
    "mobile": say("a mobile number"),
    "landline": say("a telephone number"),
    "bank-card": say("a bank card number"),
    "passport": say("a passport number"),
    "permit": say("the number of a permit or an officer's card"),
    "plate": say("a number plate"),
    "email": say("an e-mail address"),
    "messenger": say("a QQ or WeChat number"),
    "address": say("a home address"),
    "name": say("the name of a person concerned"),
    "birth": say("a name with an age or a birthday"),
    "minor": say("the name of a child"),
    "weak-mask": say("a number that is masked too little"),
}
