"""A27: an alert needs its four signatures like everything else; policy opens no other road."""

from typing import Any

from tests.builders.archive import POST, ArchiveRepo
from tests.builders.verdicts import UNREVIEWED, marks, passes, refused_for

ALERT: dict[str, Any] = {
    "kind": "alert",
    "alert": {
        "issuer": "云岚市气象局",
        "issued_at": "2026-11-05T08:00:00+08:00",
        "starts_at": "2026-11-05T08:00:00+08:00",
        "ends_at": "2026-11-06T08:00:00+08:00",
        "level": 3,
        "color": "yellow",
        "areas": ["全市"],
    },
}


def test_a_reviewed_alert_passes(archive: ArchiveRepo) -> None:
    archive.draft(**ALERT)
    archive.commit("起草")
    archive.approve_all()
    archive.commit("审核")
    assert passes(archive.verify())


def test_an_alert_that_went_out_first_is_refused(archive: ArchiveRepo) -> None:
    archive.draft(**ALERT)
    archive.commit("起草")
    archive.publication(POST)
    archive.commit("先发", "gly-a")
    assert refused_for(archive.verify(), ("R11-4", "published-beforehand"), *UNREVIEWED)


def test_reviews_made_after_it_do_not_heal_it(archive: ArchiveRepo) -> None:
    archive.draft(**ALERT)
    archive.commit("起草")
    from tests.builders.cast import at

    archive.publication(POST, published_at=at("2026-11-04 09:30"))
    archive.commit("先发", "gly-a")
    archive.approve_all()
    archive.commit("补审")
    report = archive.verify()
    assert report.exit_code == 11
    assert "R11-4" in {clause for clause, _ in marks(report)}


def test_an_order_to_publish_first_excuses_nothing_by_default(archive: ArchiveRepo) -> None:
    order = {
        "reason": "情况紧急", "ordered_by": "ld-a", "ordered_at": "2026-11-05T08:00:00+08:00",
    }  # fmt: skip
    archive.draft(**ALERT, emergency=order)
    archive.commit("起草")
    archive.publication(POST)
    archive.commit("先发", "gly-a")
    assert refused_for(archive.verify(), ("R11-4", "published-beforehand"), *UNREVIEWED)
