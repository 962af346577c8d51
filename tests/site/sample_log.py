"""The publication log of the sample: a leaf for every confirmation, oldest first, really signed."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from pipeline.evidence.log.leaves import make_log, read_builds
from pipeline.evidence.log.merkle import Leaf, Log
from pipeline.evidence.log.tiles import BUILDS
from pipeline.model.archive import Archive
from pipeline.model.evidence import Step
from pipeline.publish import publication_log
from pipeline.publish.publication_log import Builds, own_seal
from pipeline.site.build import Plan
from pipeline.site.build import build as build_site
from pipeline.site.inputs import BuildReport, SiteInput, SiteLog
from tests.report.samples import PROGRAM
from tests.site.sample_drafts import AS_OF

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
        (Leaf("confirmation", "", d, "", number) for number, d in enumerate(digests, 1)),
    )


@dataclass(frozen=True)
class SampleLog(SiteLog):
    """A log that knows what it was made of."""

    digests: tuple[str, ...] = ()
    key: bytes | None = None


def site_log(
    digests: Iterable[str], key: bytes | None = KEY, before: Iterable[Leaf] = ()
) -> SampleLog:
    """`before`: the builds that were published."""
    rows, digests = tuple(before), tuple(digests)
    leaves = list(log_of(digests).leaves)
    for row in rows:
        leaves.insert(row.since - 1, row)
    log = make_log(ORIGIN, (leaf._replace(since=n) for n, leaf in enumerate(leaves, 1)))
    made = publication_log.site_log(
        log, Builds(rows, "0" * 40, AS_OF, PROGRAM), own_seal(ORIGIN, key)
    )
    return SampleLog(
        **{f.name: getattr(made, f.name) for f in fields(made)}, digests=digests, key=key
    )


def build(site: SiteInput, out: Path, work: Path, plan: Plan | None = None) -> BuildReport:
    """Build a sample into `out`, following the builds of the site there."""
    path, log = out / BUILDS, site.log
    before = (read_builds(path.read_bytes()) if path.is_file() else None) or ()
    if isinstance(log, SampleLog):
        site = replace(site, log=site_log(log.digests, log.key, before))
    return build_site(site, out, work, plan)
