"""Trusted time by a local authority that openssl plays (RFC 3161)."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evidence.review.chain import approvals
from pipeline.model.calendar import SHANGHAI, Clock
from pipeline.model.evidence import Approvals, Approved, Rejected, Review, SignedFile, Step
from pipeline.model.registers import Registers
from pipeline.parts.timestamps import token as timestamp_token
from pipeline.parts.timestamps.timestamps import stamped
from pipeline.parts.timestamps.token import MAX_TOKEN, token_time
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.bench import Bench, bench_of
from tests.builders.evidence import CAST
from tests.evidence.authorities import Authority


def signed_on(review: Review) -> date:
    """The claimed day, whose policy asks of a review that stands."""
    return review.signed_at.astimezone(SHANGHAI).date()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tsa") / "good")


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tsa") / "other")


@pytest.fixture(scope="module")
def token(authority: Authority) -> bytes:
    return authority.stamp(b"message")


def test_a_token_tells_when(authority: Authority, token: bytes) -> None:
    found = token_time(token, b"message", [authority.root])
    assert isinstance(found, datetime)
    assert abs(found - datetime.now(UTC)) < timedelta(minutes=5)


def test_other_bytes_another_authority_no_root(
    authority: Authority, stranger: Authority, token: bytes
) -> None:
    for message, roots in (
        (b"another", [authority.root]),
        (b"message", [stranger.root]),
        (b"message", []),
    ):
        found = token_time(token, message, roots)
        assert isinstance(found, tuple)
        assert "does not hold" in str(found)
    both = token_time(token, b"message", [stranger.root, authority.root])
    assert isinstance(both, datetime)


def test_a_token_without_its_certificate_is_refused(authority: Authority) -> None:
    bare = authority.stamp(b"message", certificate=False)
    assert isinstance(token_time(bare, b"message", [authority.root]), tuple)


def test_a_token_brings_no_root_of_its_own(authority: Authority, stranger: Authority) -> None:
    """Whoever can sign can enclose the certificate they sign under: policy alone names roots."""
    forged = stranger.stamp(b"message", sent=("root",))
    assert isinstance(token_time(forged, b"message", [stranger.root]), datetime)
    found = token_time(forged, b"message", [authority.root])
    assert isinstance(found, tuple)
    assert "does not hold" in str(found)


def test_a_chain_leads_from_the_token_to_a_root(authority: Authority, tmp_path: Path) -> None:
    long = Authority(tmp_path / "long", between=True)
    token = long.stamp(b"message", sent=("middle",))
    assert isinstance(token_time(token, b"message", [long.root]), datetime)
    for bytes_, roots in (
        (token, [authority.root]),
        (long.stamp(b"message"), [long.root]),
        (long.stamp(b"message", sent=("middle", "root")), [authority.root]),
    ):
        assert isinstance(token_time(bytes_, b"message", roots), tuple)


@given(st.data())
def test_no_changed_byte_tells_another_time(
    authority: Authority, token: bytes, data: st.DataObject
) -> None:
    good = token_time(token, b"message", [authority.root])
    at = data.draw(st.integers(0, len(token) - 1))
    changed = bytes([*token[:at], token[at] ^ data.draw(st.integers(1, 255)), *token[at + 1 :]])
    found = token_time(changed, b"message", [authority.root])
    assert isinstance(found, tuple) or found == good


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        *((raw, "trusted-time-unreadable") for raw in (b"", b"0", b"\x30\x80", b"x" * MAX_TOKEN)),
        (b"x" * (MAX_TOKEN + 1), "trusted-time-large"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_bytes_that_are_no_token(authority: Authority, raw: bytes, why: str) -> None:
    found = token_time(raw, b"message", [authority.root])
    assert isinstance(found, tuple) and found[0] == why


def test_what_a_library_says_of_a_token_is_told_in_one_short_line(
    authority: Authority, token: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise ValueError("a\n\x1b[31mb" + "c" * 200)

    monkeypatch.setattr(timestamp_token, "VerifierBuilder", fail)
    found = token_time(token, b"message", [authority.root])
    told = f"a[31mb{'c' * 74}"
    assert isinstance(found, tuple) and dict(found[1].values) == {"why": told}


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """A post whose four steps are signed now, when the authority stamps."""
    repo = ArchiveRepo.begin(tmp_path_factory.mktemp("stamped") / "archive")
    repo.draft()
    repo.commit("起草")
    now = datetime.now(SHANGHAI).replace(microsecond=0)
    for step in CAST:
        repo.review(POST, step, signed_at=now)
    repo.commit("审核", "gly-a")
    return bench_of(repo)


def _soon() -> datetime:
    return datetime.now(SHANGHAI) + timedelta(hours=1)


def _asked(bench: Bench, authority: Authority, steps: list[str], **changes: Any) -> Registers:
    """The registers of an archive whose policy asks for tokens, everybody long in office."""
    registers = bench.trusted.registers
    der = b64encode(authority.root.public_bytes(Encoding.DER)).decode()
    wanted = {"review.stamped_steps": steps, "review.stamp_roots": ["AAAA", der]} | changes
    parameters = {
        name: tuple(
            replace(v, value=wanted.get(name, v.value), effective_from=date(2000, 1, 1))
            for v in values
        )
        for name, values in registers.policy.parameters.items()
    }
    start = datetime(2000, 1, 1, tzinfo=SHANGHAI)
    keys = tuple(replace(k, valid_from=start) for k in registers.roster.keys)
    people = {
        i: replace(p, tenures=tuple(replace(t, start=start.date()) for t in p.tenures))
        for i, p in registers.people.items()
    }
    return replace(
        registers,
        policy=replace(registers.policy, parameters=parameters),
        roster=replace(registers.roster, keys=keys),
        people=people,
    )


def _judged(bench: Bench, files: Sequence[SignedFile], registers: Registers) -> Approvals:
    schema = bench.trusted.statements["review"]
    found = approvals(bench.post, files, registers, Clock(_soon()), schema)
    assert found.complete
    return stamped(found, files, registers, signed_on)


def _with_tokens(bench: Bench, authority: Authority, *numbers: int) -> list[SignedFile]:
    return [
        replace(f, token=authority.stamp((f.statement or b"") + (f.signature or b"")))
        if n in numbers
        else f
        for n, f in enumerate(bench.files)
    ]


def test_nothing_is_asked_by_default(bench: Bench, authority: Authority) -> None:
    registers = _asked(bench, authority, [])
    assert _judged(bench, bench.files, registers).complete


def test_a_step_that_needs_a_token_counts_with_it_alone(bench: Bench, authority: Authority) -> None:
    registers = _asked(bench, authority, ["final", "confirm"])
    good = _with_tokens(bench, authority, 2, 3)
    assert _judged(bench, good, registers).complete
    missing = _judged(bench, _with_tokens(bench, authority, 3), registers)
    final, confirm = missing.states[Step.FINAL], missing.states[Step.CONFIRM]
    assert isinstance(missing.states[Step.SECOND], Approved)
    assert isinstance(final, Rejected)
    assert isinstance(confirm, Rejected)
    assert "is missing (.tsr)" in str(final.reason)
    assert "A step before this one" in str(confirm.reason)
    swapped = [replace(f, token=good[3].token) if n == 2 else f for n, f in enumerate(good)]
    assert not _judged(bench, swapped, registers).complete


@pytest.mark.parametrize("hours", [-30, 30])
def test_a_token_far_from_the_claimed_time_does_not_fit(
    bench: Bench, authority: Authority, hours: int
) -> None:
    registers = _asked(bench, authority, ["confirm"])
    files = _with_tokens(bench, authority, 3)
    schema = bench.trusted.statements["review"]
    found = approvals(bench.post, files, registers, Clock(_soon()), schema)
    state = found.states[Step.CONFIRM]
    assert isinstance(state, Approved)
    moved = replace(state.review, signed_at=state.review.signed_at + timedelta(hours=hours))
    states = {**found.states, Step.CONFIRM: replace(state, review=moved)}
    judged = stamped(replace(found, states=states), files, registers, signed_on).states[
        Step.CONFIRM
    ]
    assert isinstance(judged, Rejected)
    assert "does not fit the time the reviewer claims" in str(judged.reason)


@pytest.mark.parametrize(
    ("stated", "first", "last"),
    [
        ({"review.stamp_hours": 5, "time.tolerance_minutes": 7}, -420, 18_000),
        ({"review.stamp_hours": None, "time.tolerance_minutes": None}, 0, 0),
    ],
)
def test_a_token_fits_to_the_second(
    bench: Bench, authority: Authority, stated: dict[str, Any], first: int, last: int
) -> None:
    """`first`, `last`: seconds from the claimed time to the token's that policy still takes."""
    asked = _asked(bench, authority, ["confirm"], **stated)
    rows = asked.policy.parameters
    known = {n: () if n in stated and stated[n] is None else v for n, v in rows.items()}
    registers = replace(asked, policy=replace(asked.policy, parameters=known))
    files = _with_tokens(bench, authority, 3)
    found = approvals(
        bench.post, files, registers, Clock(_soon()), bench.trusted.statements["review"]
    )
    state, confirm = found.states[Step.CONFIRM], files[3]
    assert isinstance(state, Approved)
    assert confirm.token is not None
    message = (confirm.statement or b"") + (confirm.signature or b"")
    moment = token_time(confirm.token, message, [authority.root])
    assert isinstance(moment, datetime)
    for late in (first - 1, first, last, last + 1):
        moved = replace(state.review, signed_at=moment - timedelta(seconds=late))
        states = {**found.states, Step.CONFIRM: replace(state, review=moved)}
        judged = stamped(replace(found, states=states), files, registers, signed_on)
        assert judged.complete is (first <= late <= last), late


def test_a_refused_token_names_its_step_and_what_to_do(bench: Bench, authority: Authority) -> None:
    judged = _judged(bench, bench.files, _asked(bench, authority, ["confirm"]))
    found = judged.states[Step.CONFIRM]
    assert isinstance(found, Rejected)
    assert (found.step, found.location.path) == (Step.CONFIRM, bench.files[3].path)
    assert "docs/reviewer.md" in str(found.remedy)


def test_a_void_key_counts_where_it_is_said_to_have_signed(
    bench: Bench, authority: Authority
) -> None:
    registers = _asked(bench, authority, ["confirm"])
    files = _with_tokens(bench, authority, 3)
    found = approvals(
        bench.post, files, registers, Clock(_soon()), bench.trusted.statements["review"]
    )
    state = found.states[Step.CONFIRM]
    assert isinstance(state, Approved)
    for kept, counts in ((frozenset({state.review.digest}), True), (frozenset(), False)):
        keys = (
            replace(k, revocation="compromised", prior_records=kept) for k in registers.roster.keys
        )
        void = replace(registers, roster=replace(registers.roster, keys=tuple(keys)))
        assert stamped(found, files, void, signed_on).complete is counts


def test_a_key_that_had_ended_by_then_does_not_count(bench: Bench, authority: Authority) -> None:
    registers = _asked(bench, authority, ["confirm"])
    files = _with_tokens(bench, authority, 3)
    schema = bench.trusted.statements["review"]
    found = approvals(bench.post, files, registers, Clock(_soon()), schema)
    end = datetime(2001, 1, 1, tzinfo=SHANGHAI)
    keys = tuple(replace(k, valid_until=end) for k in registers.roster.keys)
    ended = replace(registers, roster=replace(registers.roster, keys=keys))
    judged = stamped(found, files, ended, signed_on).states[Step.CONFIRM]
    assert isinstance(judged, Rejected)
    assert "was not valid any more" in str(judged.reason)


def test_a_certificate_that_cannot_be_read_is_no_root(bench: Bench, authority: Authority) -> None:
    der = bytearray(authority.root.public_bytes(Encoding.DER))
    der[der.index(b"\xa0\x03\x02\x01\x02") + 4] = 3  # there is no such version
    good = b64encode(authority.root.public_bytes(Encoding.DER)).decode()
    roots = [b64encode(bytes(der)).decode(), f"{good[:8]}!{good[8:]}"]
    registers = _asked(bench, authority, ["confirm"], **{"review.stamp_roots": roots})
    judged = _judged(bench, _with_tokens(bench, authority, 3), registers).states[Step.CONFIRM]
    assert isinstance(judged, Rejected)
    assert "does not hold" in str(judged.reason)
