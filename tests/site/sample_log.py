"""The publication log of the sample: a leaf for every confirmation, oldest first, really signed."""

from base64 import b64encode
from collections.abc import Iterable
from functools import partial

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from pipeline.evidence.log.leaves import leaf_data, make_log, prove
from pipeline.evidence.log.merkle import root
from pipeline.evidence.log.published_log import not_extended
from pipeline.evidence.log.tiles import blocks
from pipeline.model.archive import Archive
from pipeline.model.evidence import Step
from pipeline.model.log import Leaf, Log
from pipeline.publish.publication_log import block_files, checkpoint_note, other_files, verifier_key
from pipeline.site.inputs import SiteLog

ORIGIN = "archive.yunlan-yjj.example/yunlan-yjj"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(31) + b"\x07").private_bytes(
    Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()
)


def records(archive: Archive) -> list[str]:
    """Digests of the confirmations, by post."""
    found = (archive.approvals[i].approved(Step.CONFIRM) for i in sorted(archive.posts))
    return [review.digest for review in found if review]


def log_of(digests: Iterable[str]) -> Log:
    return make_log(
        ORIGIN,
        (
            Leaf("confirmation", "", d, "", leaf_data("confirmation", d), number)
            for number, d in enumerate(digests, 1)
        ),
    )


def site_log(digests: Iterable[str], key: bytes | None = KEY) -> SiteLog:
    log = log_of(digests)

    return SiteLog(
        log.origin,
        log.size,
        b64encode(root(log.levels)).decode(),
        partial(prove, log),
        blocks(log),
        partial(block_files, log),
        partial(other_files, log),
        lambda manifest: checkpoint_note(log, manifest, "0" * 40, key),
        partial(not_extended, log),
        verifier_key(log, key) if key else "",
    )
