"""A31: one list of algorithms, one namespace, one form of a signature."""

import subprocess
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pipeline.evidence.review.statements import NAMESPACE
from pipeline.evidence.ssh.keys import SK_ED25519, encode_blob
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import private_key_file, registers, seed, sign_as
from tests.builders.evidence import CAST
from tests.builders.git import ENVIRONMENT
from tests.builders.verdicts import passes, refused_for
from tools.sign_in_process import sign_as_security_key


def _refused(archive: ArchiveRepo, signature: bytes, reason: str) -> bool:
    archive.write(f"{archive.place(POST, 'first')}.sig", signature)
    archive.commit("换签名")
    wanted = ("R11-1", "signature-unsound")
    return refused_for(archive.verify(), wanted)


@pytest.fixture
def statement(approved: ArchiveRepo) -> bytes:
    return approved.read(approved.place(POST, "first"))


@pytest.mark.parametrize("namespace", ["git", "file", "sanshen-review@v2", f"{NAMESPACE} "])
def test_another_protocols_signature(
    approved: ArchiveRepo, statement: bytes, namespace: str
) -> None:
    assert _refused(approved, sign_as("xxy-a", statement, namespace), "namespace")


@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
def test_an_algorithm_that_is_not_on_the_list(
    approved: ArchiveRepo, statement: bytes, kind: str, tmp_path: Path
) -> None:
    """Made by stock ssh-keygen."""
    key = tmp_path / kind
    size = ["-b", "2048"] if kind == "rsa" else []
    run = {"env": ENVIRONMENT, "check": True, "capture_output": True}
    subprocess.run(["ssh-keygen", "-q", "-t", kind, *size, "-N", "", "-f", str(key)], **run)  # type: ignore[call-overload]
    signed = subprocess.run(
        ["ssh-keygen", "-q", "-Y", "sign", "-n", NAMESPACE, "-f", str(key)],
        input=statement,
        **run,  # type: ignore[call-overload]
    )
    assert _refused(approved, signed.stdout, "key-algorithm")


def test_stock_ssh_keygen_makes_what_counts(
    approved: ArchiveRepo, statement: bytes, tmp_path: Path
) -> None:
    key = private_key_file("xxy-a", tmp_path)
    signed = subprocess.run(
        ["ssh-keygen", "-q", "-Y", "sign", "-n", NAMESPACE, "-f", str(key)],
        input=statement,
        env=ENVIRONMENT,
        check=True,
        capture_output=True,
    )
    assert signed.stdout == approved.read(f"{approved.place(POST, 'first')}.sig")


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda s: s + b"\n", "armor"),
        (lambda s: s.replace(b"\n", b"\r\n"), "armor"),
        (lambda s: b"\n" + s, "armor"),
        (lambda s: s[:-2], "armor"),
        (lambda _: b"", "armor"),
        (lambda s: s + b" " * 5000, "size"),
    ],
    ids=["line more", "crlf", "line before", "cut", "empty", "padded"],
)
def test_a_second_form_of_the_signature(
    approved: ArchiveRepo, statement: bytes, spoil: object, reason: str
) -> None:
    assert callable(spoil)
    assert _refused(approved, spoil(sign_as("xxy-a", statement)), reason)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda s: s.replace("同意".encode(), "不同意".encode()),
        lambda s: s + b"\n",
        lambda s: s.replace(b"\n", b"\r\n"),
        lambda s: s.replace(b'"approve"', b'"return"'),
    ],
    ids=["words", "newline", "crlf", "decision"],
)
def test_a_statement_touched_after_signing(approved: ArchiveRepo, spoil: object) -> None:
    path = approved.place(POST, "first")
    assert callable(spoil)
    approved.write(path, spoil(approved.read(path)))
    approved.commit("改陈述")
    wanted = ("R11-1", "signature-unsound")
    assert refused_for(approved.verify(), wanted)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"decision": "approve"', '"decision": "return", "decision": "approve"'),
        ('"revision": 1', '"revision": NaN'),
        ('"acting_for": ""', '"acting_for": "\\ud800"'),
    ],
    ids=["name twice", "no number", "half a character"],
)
def test_json_that_two_readers_read_differently(
    approved: ArchiveRepo, statement: bytes, old: str, new: str
) -> None:
    """Well signed all the same: the reader refuses what is not strict."""
    assert old.encode() in statement
    approved.sign(
        approved.place(POST, "first"), statement.replace(old.encode(), new.encode()), "xxy-a"
    )
    approved.commit("两读")
    report = approved.verify()
    assert report.exit_code == 11
    found = {str(f.message) for f in report.findings if f.clause == "R11-1"}
    assert any(
        "strict JSON" in m or "made for another" in m or "acts for" in m or "role" in m
        for m in found
    ), found


SECURITY_KEY = seed("security key of ld-a")


def _touched(tmp_path: Path, **how: Any) -> ArchiveRepo:
    """The final reviewer holds a security key, made in software, and signs with it like this."""
    point = Ed25519PrivateKey.from_private_bytes(SECURITY_KEY).public_key().public_bytes_raw()
    line = f"{SK_ED25519} {b64encode(encode_blob(point, 'ssh:')).decode()}"
    value = registers()["roster"]
    value["keys"] = [k | {"key": line} if k["person"] == "ld-a" else k for k in value["keys"]]
    archive = ArchiveRepo.begin(tmp_path / "own", changed={"roster": value})
    archive.branch("proposal")
    archive.draft()
    archive.commit("起草")
    for step in CAST:
        path = archive.review(POST, step)
        if step == "final":
            signed = sign_as_security_key(archive.read(path), SECURITY_KEY, NAMESPACE, **how)
            archive.write(f"{path}.sig", signed)
    archive.commit("审核")
    return archive


def test_a_security_key_that_was_touched_counts(tmp_path: Path) -> None:
    assert passes(_touched(tmp_path).verify())
    assert passes(_touched(tmp_path / "later", counter=7).verify())


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"flags": 0}, "signature-unsound"),
        ({"flags": 4}, "signature-unsound"),
        ({"application": "ssh:other"}, "key-unregistered"),
    ],
    ids=["not touched", "a number known, not touched", "for another application"],
)
def test_a_security_key_untouched_or_made_for_another_use(
    tmp_path: Path, how: dict[str, Any], said: str
) -> None:
    assert refused_for(_touched(tmp_path, **how).verify(), ("R11-1", said))
