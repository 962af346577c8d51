"""Nobody touches a key for a record that no rule would count: it is judged before it is signed."""

from datetime import datetime

import pytest

from pipeline.detect.secrets import Strength
from pipeline.errors import Fault
from pipeline.sign.act import SigningContext, open_context
from pipeline.sign.acts.attest import Attesting, attestation
from pipeline.sign.acts.rotate import ROTATE, Rotation
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import at
from tests.builders.named import fault_named

NOW = at("2026-11-05 18:00")


def untouched(_statement: bytes) -> bytes:
    raise AssertionError("the key was asked for")


@pytest.fixture
def context(archive: ArchiveRepo) -> SigningContext:
    return open_context(archive.open(), NOW, frozenset())


@pytest.mark.parametrize(
    ("custodian", "moment", "words"),
    [
        ("wb-a", NOW, "keeper-unfit wb-a"),
        ("gly-a", at("2026-11-05 18:01"), "rotation-in-future"),
    ],
)
def test_a_rotation_that_does_not_count(
    context: SigningContext, custodian: str, moment: datetime, words: str
) -> None:
    operator = context.trusted.registers.people["gly-a"]
    made = Rotation(
        "wx", "scheduled", moment=moment, custodian=custodian, strength=Strength(3, True)
    )
    with pytest.raises(Fault) as refused:
        ROTATE.sign(made, context, operator, NOW, untouched)
    assert fault_named(refused.value) == words
    assert refused.value.remedy


def test_an_attestation_of_a_contractor(context: SigningContext) -> None:
    person = context.trusted.registers.people["wb-a"]
    made = Attesting("incidents", {"2026-11-05-1": {"dealt": "2026-11-05"}})
    with pytest.raises(Fault) as refused:
        attestation(context, made, person, NOW, untouched)
    assert refused.value.name == "attester-contractor"
