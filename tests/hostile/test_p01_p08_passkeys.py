"""P1–P8: what a page, a browser, an authenticator or a thief may do with a passkey."""

from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from pipeline.evidence.review.records import counted_publications, read_publication
from pipeline.evidence.review.statements import NAMESPACE
from pipeline.evidence.ssh.webauthn import challenge
from pipeline.judge.load_governance import trust
from pipeline.model.calendar import Clock
from pipeline.model.evidence import Approved, SignedFile
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.bench import bench_of
from tests.builders.cast import AS_OF, PASSKEY, key, registers, seed
from tests.builders.evidence import CAST
from tests.builders.judging import JUDGE
from tests.builders.passkeys import ByPasskey
from tests.builders.records import WORDS, waive
from tests.builders.verdicts import finds, marks, passes, refused_for
from tests.evidence.taken_apart import as_passkey
from tests.oracles import counter
from tools.sign_in_process import DESK, passkey_of

ROLES = {"kz-a": "section-head", "ld-a": "leader-in-charge"}
ELSEWHERE = "http://localhost:9999"
ON_A_PAGE = "signing-page-foreign"


def begin(root: Path, **given: Any) -> ArchiveRepo:
    made = ByPasskey.begin(root / "archive", **given)
    made.branch("proposal")
    made.draft()
    made.commit("起草", "zz-a")
    return made


@pytest.fixture
def archive(tmp_path: Path) -> ArchiveRepo:
    return begin(tmp_path)


def approve(archive: ArchiveRepo, **first: Any) -> None:
    """All steps by passkey; the first one as `as_passkey` is told."""
    for step, person in CAST.items():
        path = archive.review(POST, step)
        if step == "first" and first:
            forge(archive, path, person, **first)
    archive.commit("审核", "gly-a")


def forge(archive: ArchiveRepo, path: str, person: str, **given: Any) -> None:
    """Replace a signature by what a passkey answers when it is asked in another way."""
    statement = archive.read(path)
    made = {name: value(statement) if callable(value) else value for name, value in given.items()}
    archive.write(
        f"{path}.sig", as_passkey(statement, seed(f"{person}{PASSKEY}"), NAMESPACE, **made)
    )


def counted(archive: ArchiveRepo, steps: int) -> bool:
    """Whether both counters count so many steps; another implementation is not asked."""
    if JUDGE:
        return True
    bench = bench_of(archive)
    second = counter.count(bench.post, bench.files, bench.trusted.registers, Clock(AS_OF))
    first = sum(isinstance(s, Approved) for s in bench.judge().states.values())
    return first == second == steps


def written(
    kind: str = "webauthn.get", more: str = "", blob: bytes | None = None
) -> Callable[..., bytes]:
    """clientDataJSON of another kind, with more members, or over another challenge."""

    def client_data(statement: bytes) -> bytes:
        code = urlsafe_b64encode(blob or challenge(statement, NAMESPACE)).rstrip(b"=").decode()
        return f'{{"type":"{kind}","challenge":"{code}","origin":"{DESK}"{more}}}'.encode()

    return client_data


def test_what_passkeys_signed_at_the_desk_counts(archive: ArchiveRepo) -> None:
    approve(archive)
    assert counted(archive, 4)
    assert passes(archive.verify())


def test_p01_another_page_of_the_same_domain_asked(archive: ArchiveRepo) -> None:
    """Its browser takes it for the same RP id; only policy knows the desk's own address."""
    approve(archive, origin=ELSEWHERE)
    assert counted(archive, 0)
    assert refused_for(archive.verify(), ("R11-1", ON_A_PAGE))


@pytest.mark.inside
@pytest.mark.parametrize(
    ("origins", "good"), [([], False), ([ELSEWHERE], False), ([ELSEWHERE, DESK], True)], ids=str
)
def test_p01_the_policy_lists_the_desks(tmp_path: Path, origins: list[str], good: bool) -> None:
    archive = begin(tmp_path, parameters={"review.desk_origins": origins})
    approve(archive)
    assert counted(archive, 4 if good else 0)


def test_p01_a_waiver_from_another_page_counts_for_nothing(archive: ArchiveRepo) -> None:
    """As does each declaration and rotation: `read_signed` reads them all."""
    archive.draft(body=f"{WORDS}。\n")
    path = waive(archive)
    archive.commit("豁免", "zz-a")
    assert not marks(archive.verify())
    forge(archive, path, "kz-a", origin=ELSEWHERE)
    archive.commit("换网页", "zz-a")
    assert refused_for(archive.verify(), ("R16-2", ON_A_PAGE), ("R16-2", "words-listed"))


def test_p01_an_authorisation_from_another_page_counts_for_nothing(tmp_path: Path) -> None:
    archive = begin(tmp_path)
    archive.git("checkout", "-q", "-b", "keys", "main")
    archive.next_roster(keys=[*registers()["roster"]["keys"], key("gly-b")])
    archive.commit("增加密钥", "gly-a")
    paths = {p: archive.authorise(p, role) for p, role in ROLES.items()}
    archive.commit("授权", "gly-a")
    assert passes(archive.verify())
    forge(archive, paths["ld-a"], "ld-a", origin=ELSEWHERE)
    archive.commit("换网页", "gly-a")
    assert finds(archive.verify(), "R13-7", ON_A_PAGE)


@pytest.mark.inside
def test_p01_a_publication_from_another_page_counts_for_nothing(archive: ArchiveRepo) -> None:
    path = archive.publication(POST)
    trusted = trust(archive.open().tree(archive.head()))

    def counts() -> bool:
        file = SignedFile(path, archive.read(path), archive.read(f"{path}.sig"))
        schema = trusted.statements["publication"]
        counted, problems = counted_publications(
            [read_publication(file, trusted.registers, schema)]
        )
        assert all(p.name == ON_A_PAGE for p in problems)
        return bool(counted)

    assert counts()
    forge(archive, path, "gly-a", origin=ELSEWHERE)
    assert not counts()


FORGERIES: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "p02 the statement was exchanged after it was shown": (
        "mismatch",
        {"client_data": written(blob=challenge(b"shown", NAMESPACE))},
    ),
    "p03 a sign-in is passed off as a signature": (
        "mismatch",
        {"client_data": written(blob=b"\x17" * 32)},
    ),
    "p03 a registration": ("client-data", {"client_data": written("webauthn.create")}),
    "p03 a payment": ("client-data", {"client_data": written("payment.get")}),
    "p04 nobody touched it": ("presence", {"flags": 0x04}),
    "p04 whoever held the device touched it": ("verification", {"flags": 0x01}),
    "p05 in a frame of another site": (
        "cross-origin",
        {"client_data": written(more=',"crossOrigin":true,"topOrigin":"https://evil.example"')},
    ),
    "p05 on a site whose name is near": (
        "origin",
        {"origin": "https://localhost.evil.example"},
    ),
    "p06 the other half of s": ("scalar", {"high": True}),
    "p06 flags of a registration": ("flags", {"flags": 0x45}),
    "p06 another origin beside what was signed": ("origin", {"named": ELSEWHERE}),
    "p07 an RP id of ssh-keygen": ("key-application", {"rp_id": "ssh:"}),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_passkeys_answer_of_another_kind_is_no_signature(archive: ArchiveRepo, name: str) -> None:
    reason, given = FORGERIES[name]
    approve(archive, **given)
    assert counted(archive, 0)
    assert refused_for(archive.verify(), ("R11-1", "signature-unsound"))


def test_p07_a_passkey_of_another_rp_id_is_another_key(archive: ArchiveRepo) -> None:
    """The roster holds the RP id as a part of the key."""
    domain = {"rp_id": "yunlan.example", "origin": "https://yunlan.example"}
    approve(archive, **domain)
    assert counted(archive, 0)
    assert refused_for(archive.verify(), ("R11-1", "key-unregistered"))


def test_p08_one_passkey_under_two_rp_ids_belongs_to_one_person(tmp_path: Path) -> None:
    roster = registers()["roster"]
    line = passkey_of(seed("x"), "yunlan.example").line
    roster["keys"] += [key("xxy-a") | {"key": passkey_of(seed("x")).line}]
    roster["keys"] += [key("kz-a") | {"key": line}]
    archive = ArchiveRepo.begin(tmp_path / "archive", changed={"roster": roster})
    archive.branch("proposal")
    archive.draft()
    archive.commit("起草", "zz-a")
    assert refused_for(archive.verify(), ("R11-1", "key-twice"))
