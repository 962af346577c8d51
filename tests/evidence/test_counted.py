"""Steps known by a card: read again without verification only as the very bytes it was made of."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evidence.review import statements
from pipeline.evidence.review.chain import counted_steps
from pipeline.evidence.ssh import sshsig
from pipeline.model.cards import Card, card_of
from pipeline.model.evidence import Approvals, SignedFile
from tests.builders.archive import ArchiveRepo
from tests.builders.bench import Bench, bench_of


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    repo = ArchiveRepo.begin(tmp_path_factory.mktemp("counted") / "archive")
    repo.draft()
    repo.commit("起草")
    repo.approve_all()
    repo.commit("审核", "gly-a")
    return bench_of(repo)


def known(bench: Bench, files: Any = None, card: Card | None = None) -> Approvals | None:
    schema = bench.trusted.statements["review"]
    made = card or card_of(bench.post, bench.judge())
    return counted_steps(made, bench.files if files is None else files, schema)


def test_it_tells_what_verification_told(bench: Bench) -> None:
    found = known(bench)
    assert found is not None
    assert found.states == bench.judge().states
    assert found.complete


def test_it_verifies_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    card = card_of(bench.post, bench.judge())
    monkeypatch.setattr(statements, "verify", None)
    monkeypatch.setattr(sshsig, "_verifier", None)
    assert known(bench, card=card) is not None


@given(st.integers(0, 3), st.booleans(), st.integers(0), st.integers(1, 255))
def test_no_other_byte_is_known(
    bench: Bench, which: int, of_signature: bool, at: int, bits: int
) -> None:
    file = bench.files[which]
    name = "signature" if of_signature else "statement"
    raw = bytearray(getattr(file, name))
    raw[at % len(raw)] ^= bits
    files = [*bench.files]
    files[which] = replace(file, **{name: bytes(raw)})
    assert known(bench, files) is None


@given(st.integers(0, 3), st.integers(-400, 400).filter(bool))
def test_nor_the_same_bytes_cut_elsewhere(bench: Bench, which: int, by: int) -> None:
    file = bench.files[which]
    assert file.statement is not None
    assert file.signature is not None
    whole, at = file.statement + file.signature, len(file.statement) + by
    files = [*bench.files]
    files[which] = SignedFile(file.path, whole[:at], whole[at:])
    assert known(bench, files) is None


def test_nor_other_records_than_the_four_in_order(bench: Bench) -> None:
    first, *others = bench.files
    assert known(bench, others) is None
    assert known(bench, [*others, first]) is None
    assert known(bench, [*bench.files, first]) is None
    assert known(bench, [replace(first, signature=None), *others]) is None
    assert known(bench, [replace(first, statement=None), *others]) is None
    assert known(bench, [replace(first, path=f"{first.path}x"), *others]) is None
    assert known(bench, [], card_of(bench.post)) is None


def test_a_card_without_all_steps_is_verified_anew(bench: Bench) -> None:
    some = bench.files[:3]
    assert known(bench, some, card_of(bench.post, bench.judge(some))) is None
