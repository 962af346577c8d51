"""Passkeys: what of a browser's answer counts, beside what stock ssh-keygen says of it."""

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import Fault
from pipeline.evidence.ssh.assertion import ORDER
from pipeline.evidence.ssh.keys import (
    KeyProblem,
    PublicKey,
    encode_blob,
    pack,
    parse_blob,
    parse_public_key,
)
from pipeline.evidence.ssh.sshsig import (
    SignatureProblem,
    armor,
    assertion_of,
    mpint,
    origin_of,
    verify,
)
from pipeline.evidence.ssh.webauthn import (
    AssertionResponse,
    assemble,
    challenge,
    key_of_registration,
    verify_login,
)
from tests.evidence.taken_apart import (
    GOOD,
    MESSAGE,
    NAMESPACE,
    SEED,
    Stock,
    as_passkey,
    blob_of,
    changed,
    key_of,
    parts_of,
    with_signature,
)
from tools.sign_in_process import DESK as ORIGIN
from tools.sign_in_process import passkey_of, passkey_response, sign_as_passkey

BLOB = challenge(MESSAGE, NAMESPACE)
CODE = urlsafe_b64encode(BLOB).rstrip(b"=").decode()
KEY = passkey_of(SEED)
LOGIN = b"\x17" * 32
HTTPS = "https://fabu.yunlan.example"
SK = b"sk-ecdsa-sha2-nistp256@openssh.com"
SPKI = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200") + KEY.raw


def written(text: str) -> dict[str, bytes]:
    """clientDataJSON that a browser might have written."""
    return {"client_data": text.replace("CODE", CODE).replace("ORIGIN", ORIGIN).encode()}


@pytest.fixture
def stock(tmp_path: Path) -> Stock:
    return Stock(tmp_path)


def line_of(signature: bytes) -> str:
    return f"{SK.decode()} {b64encode(parts_of(signature).key).decode()}"


def asked(stock: Stock, signature: bytes) -> bool:
    answer = stock.ask(signature, line_of(signature))
    assert answer.sound == answer.allowed
    return answer.allowed


GOOD_ANSWERS: Mapping[str, Mapping[str, Any]] = {
    "no word of frames": written('{"type":"webauthn.get","challenge":"CODE","origin":"ORIGIN"}'),
    "more members": written(
        '{"type":"webauthn.get","challenge":"CODE","origin":"ORIGIN","crossOrigin":false,'
        '"other_keys_can_be_added_here":"do not compare clientDataJSON against a template"}'
    ),
    "a domain": {"rp_id": "yunlan.example", "origin": "https://yunlan.example"},
    "a host of a domain, with a port": {"rp_id": "yunlan.example", "origin": f"{HTTPS}:8443"},
    "a synced passkey": {"flags": 0x1D, "counter": 0},
    "extensions": {"flags": 0x85, "extensions": b"\xa1\x63uvm\x80"},
    "the greatest counter": {"counter": 2**32 - 1},
}

REFUSED_BY_BOTH: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "a registration": (
        "client-data",
        written('{"type":"webauthn.create","challenge":"CODE","origin":"ORIGIN"}'),
    ),
    "sorted members": (
        "client-data",
        written('{"challenge":"CODE","origin":"ORIGIN","type":"webauthn.get"}'),
    ),
    "a space": (
        "client-data",
        written('{"type": "webauthn.get","challenge":"CODE","origin":"ORIGIN"}'),
    ),
    "another challenge": (
        "mismatch",
        written('{"type":"webauthn.get","challenge":"AAAA","origin":"ORIGIN"}'),
    ),
    "a longer challenge": (
        "mismatch",
        written('{"type":"webauthn.get","challenge":"CODEA","origin":"ORIGIN"}'),
    ),
    "a padded challenge": (
        "mismatch",
        written('{"type":"webauthn.get","challenge":"CODE=","origin":"ORIGIN"}'),
    ),
    "another origin beside the data": ("origin", {"named": "http://localhost:9"}),
    "a shorter origin beside the data": ("origin", {"named": "http://localhost:873"}),
    "a quote in the origin": (
        "origin",
        {
            "named": f'{ORIGIN}","x":"',
            **written('{"type":"webauthn.get","challenge":"CODE","origin":"ORIGIN","x":""}'),
        },
    ),
    "flags of a registration": ("flags", {"flags": 0x45}),
    "extensions without their flag": ("flags", {"extensions": b"\xa0"}),
    "the flag of extensions without any": ("flags", {"flags": 0x85}),
}
"""Reason; what becomes of the answer."""

STRICTER: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "nobody touched it": ("presence", {"flags": 0x04}),
    "nobody was verified": ("verification", {"flags": 0x01}),
    "no flag": ("presence", {"flags": 0}),
    "a page of another domain": ("origin", {"rp_id": "yunlan.example", "origin": "https://x.cn"}),
    "a domain that ends alike": (
        "origin",
        {"rp_id": "yunlan.example", "origin": "https://evil-yunlan.example"},
    ),
    "no https": ("origin", {"rp_id": "yunlan.example", "origin": "http://yunlan.example"}),
    "an app": ("origin", {"origin": "android:apk-key-hash:AAAA"}),
    "a path": ("origin", {"origin": f"{ORIGIN}/"}),
    "a user": ("origin", {"origin": "http://x@localhost:8737"}),
    "a frame of another site": (
        "cross-origin",
        written('{"type":"webauthn.get","challenge":"CODE","origin":"ORIGIN","crossOrigin":true}'),
    ),
    "an end that is none": (
        "cross-origin",
        written('{"type":"webauthn.get","challenge":"CODE","origin":"ORIGIN","crossOrigin":false'),
    ),
    "the higher s": ("scalar", {"high": True}),
    "an RP id in capitals": (
        "key-application",
        {"rp_id": "Yunlan.example", "origin": "https://yunlan.example"},
    ),
    "an application of ssh-keygen": ("key-application", {"rp_id": "ssh:"}),
    "an application that is empty": ("key-application", {"rp_id": ""}),
}


@pytest.mark.parametrize("case", GOOD_ANSWERS)
def test_a_good_answer_verifies_here_and_there(stock: Stock, case: str) -> None:
    given_ = GOOD_ANSWERS[case]
    signature = as_passkey(MESSAGE, SEED, NAMESPACE, **given_)
    key = key_of(signature)
    assert verify(signature, MESSAGE, NAMESPACE) == key
    assert stock.ask(signature, key.line) == (True, True)
    assert verify(signature, MESSAGE + b" ", NAMESPACE) == SignatureProblem("mismatch")
    assert assemble(MESSAGE, NAMESPACE, key, passkey_response(BLOB, SEED, **given_)) == signature
    assert origin_of(signature, key, NAMESPACE) == given_.get("origin", ORIGIN)
    assertion = assertion_of(signature, NAMESPACE)
    assert assertion is not None
    assert assertion.counter == given_.get("counter", 1)


@pytest.mark.parametrize("case", REFUSED_BY_BOTH)
def test_a_bad_answer_is_refused_by_both(stock: Stock, case: str) -> None:
    reason, given_ = REFUSED_BY_BOTH[case]
    signature = as_passkey(MESSAGE, SEED, NAMESPACE, **given_)
    assert verify(signature, MESSAGE, NAMESPACE) == SignatureProblem(reason)
    assert not asked(stock, signature)


@pytest.mark.parametrize("case", STRICTER)
def test_what_ssh_keygen_does_not_ask_is_refused_here_only(stock: Stock, case: str) -> None:
    reason, given_ = STRICTER[case]
    signature = as_passkey(MESSAGE, SEED, NAMESPACE, **given_)
    assert verify(signature, MESSAGE, NAMESPACE) == SignatureProblem(reason)
    assert asked(stock, signature)


def scalars(r: bytes, s: bytes, rest: bytes = b"") -> bytes:
    return with_signature(lambda raw: pack(r, s) + rest)(GOOD["passkey"])


ASSERTION = assertion_of(GOOD["passkey"], NAMESPACE)
assert ASSERTION is not None
R, S = ASSERTION.r, ASSERTION.s
ALTERED: Mapping[str, tuple[str, bytes, bool]] = {
    "no r": ("scalar", scalars(b"", mpint(S)), False),
    "r of zero": ("scalar", scalars(b"\0", mpint(S)), False),
    "s of zero": ("scalar", scalars(mpint(R), b"\0"), False),
    "r of the order": ("scalar", scalars(mpint(ORDER), mpint(S)), False),
    "r above the order": ("scalar", scalars(mpint(R + ORDER), mpint(S)), False),
    "a negative s": ("scalar", scalars(mpint(R), mpint(ORDER - S).lstrip(b"\0")), False),
    "a longer mpint": ("scalar", scalars(b"\0" + mpint(R), mpint(S)), True),
    "a third number": ("trailing", scalars(mpint(R), mpint(S), pack(b"\1")), False),
    "one number": ("truncated", with_signature(lambda raw: pack(mpint(R)))(GOOD["passkey"]), False),
    "a plain security key's name": ("algorithm", changed(algorithm=SK)(GOOD["passkey"]), False),
    "a byte more": (
        "trailing",
        replace(parts_of(GOOD["passkey"]), tail=parts_of(GOOD["passkey"]).tail + b"\0").armored(),
        False,
    ),
    "flags written in afterwards": (
        "mismatch",
        replace(
            parts_of(as_passkey(MESSAGE, SEED, NAMESPACE, flags=1)),
            tail=b"\5" + parts_of(GOOD["passkey"]).tail[1:],
        ).armored(),
        False,
    ),
    "another counter": (
        "mismatch",
        replace(
            parts_of(GOOD["passkey"]),
            tail=b"\5\0\0\0\2" + parts_of(GOOD["passkey"]).tail[5:],
        ).armored(),
        False,
    ),
    "another RP id": (
        "mismatch",
        changed(key=encode_blob(KEY.raw, "yunlan.example"))(
            as_passkey(MESSAGE, SEED, NAMESPACE, rp_id="fabu.yunlan.example", origin=HTTPS)
        ),
        False,
    ),
}


@pytest.mark.parametrize("case", ALTERED)
def test_an_altered_signature_is_refused(stock: Stock, case: str) -> None:
    reason, signature, there = ALTERED[case]
    assert verify(signature, MESSAGE, NAMESPACE) == SignatureProblem(reason)
    assert asked(stock, signature) == there


POINT = KEY.raw
KEYS: Mapping[str, tuple[str, bytes]] = {
    "another curve": ("curve", pack(SK, b"nistp384", POINT, b"localhost")),
    "a compressed point": ("length", pack(SK, b"nistp256", b"\2" + POINT[1:33], b"localhost")),
    "a hybrid point": ("point", pack(SK, b"nistp256", b"\6" + POINT[1:], b"localhost")),
    "a point off the curve": ("point", pack(SK, b"nistp256", POINT[:-1] + b"\0", b"localhost")),
    "zero": ("point", pack(SK, b"nistp256", b"\4" + bytes(64), b"localhost")),
    "no point": ("length", pack(SK, b"nistp256", b"", b"localhost")),
    "no application": ("truncated", pack(SK, b"nistp256", POINT)),
    "more": ("trailing", pack(SK, b"nistp256", POINT, b"localhost", b"")),
    "a port": ("application", pack(SK, b"nistp256", POINT, b"localhost:8000")),
    "an empty label": ("application", pack(SK, b"nistp256", POINT, b"a..b")),
    "a newline": ("application", pack(SK, b"nistp256", POINT, b"localhost\n")),
    "a long label": ("application", pack(SK, b"nistp256", POINT, b"a" * 64)),
    "a long domain": ("application", pack(SK, b"nistp256", POINT, b"a.b" * 85)),
    "a plain P-256 key": ("algorithm", pack(b"ecdsa-sha2-nistp256", b"nistp256", POINT)),
    "Ed25519 of that length": ("length", pack(b"ssh-ed25519", POINT)),
}


@pytest.mark.parametrize("case", KEYS)
def test_a_key_of_another_form_is_refused(case: str) -> None:
    reason, blob = KEYS[case]
    assert parse_blob(blob) == KeyProblem(reason)


def test_a_coordinate_above_the_prime_is_refused() -> None:
    prime = 2**256 - 2**224 + 2**192 + 2**96 - 1
    x = 0  # it has a point, and the prime itself fits 32 bytes
    y = pow(x**3 - 3 * x + int(B, 16), (prime + 1) // 4, prime)
    for high in (x, x + prime):
        raw = b"\4" + high.to_bytes(32, "big") + y.to_bytes(32, "big")
        key = parse_blob(encode_blob(raw, "localhost"))
        assert isinstance(key, PublicKey) == (high == x)


B = "5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B"


def test_ssh_keygen_reads_the_line_of_a_passkey_alike(stock: Stock) -> None:
    assert parse_public_key(f"{KEY.line} 张三的手机\n") == KEY
    (stock.folder / "key.pub").write_text(KEY.line)
    printed = stock.run("-l", "-f", "key.pub").stdout.decode().split()
    assert printed[:2] == ["256", KEY.fingerprint]


# What the desk does with a browser's answer.


def answer(blob: bytes = BLOB, **given: Any) -> AssertionResponse:
    return passkey_response(blob, SEED, **given)


@pytest.mark.parametrize("number", range(8))
def test_both_halves_of_s_are_taken_and_one_form_comes_out(number: int) -> None:
    message = MESSAGE * number
    first = sign_as_passkey(message, SEED, NAMESPACE)
    for high in (False, True):
        made = parts_of(as_passkey(message, SEED, NAMESPACE, high=high)).signature
        (r, s) = (made[4 : 4 + made[3]], made[8 + made[3] :])
        response = answer(challenge(message, NAMESPACE))
        der = b"\2" + bytes([len(r)]) + r + b"\2" + bytes([len(s)]) + s
        response = response._replace(signature=b"0" + bytes([len(der)]) + der)
        assert assemble(message, NAMESPACE, KEY, response) == first


REFUSALS: Mapping[str, AssertionResponse] = {
    "something else": answer(challenge(b"another", NAMESPACE)),
    "something else, namespace": answer(challenge(MESSAGE, "file")),
    "something else, login": answer(LOGIN),
    "Another page": answer(origin="https://localhost.evil.example"),
    "Another page, frame": answer(
        client_data=written(
            '{"type":"webauthn.get","challenge":"CODE","origin":"ORIGIN","crossOrigin":true}'
        )["client_data"]
    ),
    "another address": answer(rp_id="yunlan.example"),
    "not touched": answer(flags=4),
    "fingerprint": answer(flags=1),
    "(flags)": answer(flags=0x45),
    "(client-data)": answer(client_data=b"{}"),
    "(scalar)": answer()._replace(signature=b"0"),
    "(scalar), zero": answer()._replace(signature=encode_dss_signature(0, 0)),
    "(scalar), s of the order": answer()._replace(signature=encode_dss_signature(1, ORDER)),
    "(scalar), s above the order": answer()._replace(signature=encode_dss_signature(1, ORDER + 1)),
    "(scalar), r of the order": answer()._replace(signature=encode_dss_signature(ORDER, 1)),
    "(scalar), a negative s": answer()._replace(signature=bytes.fromhex("30060201010201ff")),
    "(truncated)": answer()._replace(authenticator_data=answer().authenticator_data[:36]),
    "another passkey": passkey_response(BLOB, b"\1" * 32),
}


@pytest.mark.parametrize("words", REFUSALS)
def test_an_answer_that_is_no_signature_says_why(words: str) -> None:
    with pytest.raises(Fault, match=words.split(",")[0].replace("(", r"\(").replace(")", r"\)")):
        assemble(MESSAGE, NAMESPACE, KEY, REFUSALS[words])


def test_a_sign_in_is_no_statement_and_a_statement_no_sign_in() -> None:
    assert verify_login(KEY, LOGIN, answer(LOGIN), ORIGIN)
    assert len(BLOB) > len(LOGIN)
    assert not verify_login(KEY, BLOB, answer(BLOB), ORIGIN)
    with pytest.raises(Fault):
        assemble(LOGIN, NAMESPACE, KEY, answer(LOGIN))


@pytest.mark.parametrize(
    "response",
    [
        answer(b"\x18" * 32),
        answer(LOGIN, origin="http://localhost:9000"),
        answer(LOGIN, rp_id="yunlan.example"),
        answer(LOGIN, flags=1),
        passkey_response(LOGIN, b"\1" * 32),
        answer(LOGIN)._replace(authenticator_data=b""),
        answer(LOGIN)._replace(client_data=b"\xff"),
        answer(LOGIN)._replace(signature=b""),
    ],
)
def test_a_sign_in_by_another_page_passkey_or_challenge_is_refused(
    response: AssertionResponse,
) -> None:
    assert not verify_login(KEY, LOGIN, response, ORIGIN)


def test_a_registration_gives_the_key_of_its_roster_line() -> None:
    assert key_of_registration(SPKI, "localhost") == KEY
    for spki, rp_id in (
        (SPKI, "ssh:"),
        (SPKI, ""),
        (SPKI + b"\0", "localhost"),
        (SPKI[1:], "localhost"),
        (SPKI[:-1] + b"\0", "localhost"),
        (SPKI.replace(b"\x3d\x03\x01\x07", b"\x3d\x03\x01\x08"), "localhost"),
        (b"", "localhost"),
        (bytes.fromhex("302a300506032b6570032100") + bytes(32), "localhost"),
    ):
        with pytest.raises(Fault, match="cannot sign here"):
            key_of_registration(spki, rp_id)


# Equal to ssh-keygen on answers near to good ones, but for what is asked here alone.

HERE_ONLY = {"presence", "verification", "scalar", "cross-origin", "origin"}


@pytest.mark.random
@pytest.mark.parametrize("seed", range(20))
def test_answers_near_to_good_ones_are_judged_as_ssh_keygen_does(stock: Stock, seed: int) -> None:
    random = Random(seed)
    text = '{"type":"webauthn.get","challenge":"CODE","origin":"ORIGIN","crossOrigin":false}'
    at = random.randrange(len(text))
    near = (
        {"flags": random.randrange(256)},
        {"flags": random.choice((0x05, 0x85)), "extensions": random.choice((b"", b"\xa0"))},
        {"high": random.random() < 0.5, "counter": random.randrange(2**32)},
        {"named": random.choice((ORIGIN, "http://localhost", "")), "flags": 5},
        written(text[:at] + random.choice(("", " ", '"', "A")) + text[at + 1 :]),
    )
    signature = as_passkey(MESSAGE, SEED, NAMESPACE, **random.choice(near))
    mine, theirs = verify(signature, MESSAGE, NAMESPACE), asked(stock, signature)
    reason = mine.reason if isinstance(mine, SignatureProblem) else ""
    assert theirs == (not reason) or (theirs and reason in HERE_ONLY)


@given(st.binary(max_size=300), st.binary(max_size=60), st.binary(max_size=90))
def test_arbitrary_answers_never_raise_but_faults(one: bytes, two: bytes, three: bytes) -> None:
    whole = answer()
    for response in (
        AssertionResponse(one, two, three),
        whole._replace(client_data=whole.client_data[:45] + one),
        whole._replace(authenticator_data=whole.authenticator_data[:32] + two),
        whole._replace(signature=three),
    ):
        with pytest.raises(Fault):
            assemble(MESSAGE, NAMESPACE, KEY, response)
        assert not verify_login(KEY, LOGIN, response, ORIGIN)
    cut = blob_of(GOOD["passkey"])[: len(one)] + two
    assert isinstance(verify(armor(cut), MESSAGE, NAMESPACE), SignatureProblem)
