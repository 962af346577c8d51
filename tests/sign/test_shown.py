"""What a site shows is read by its cards, and only as the bytes that they were made of."""

from dataclasses import replace

import pytest

from pipeline.evidence.ssh import sshsig
from pipeline.history.judge_commits import Means, Standing
from pipeline.memo.snapshot import NOTHING
from pipeline.model import run
from pipeline.model.cards import Card
from pipeline.publish.build_site import site_input
from pipeline.publish.publication_log import Builds, Seal, publication_log, site_log
from pipeline.report.language import translator
from pipeline.site.inputs import SiteInput
from pipeline.source.program import running
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import AS_OF
from tests.history.store_folder import standing_at


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Standing:
    repo = ArchiveRepo.begin(tmp_path_factory.mktemp("shown") / "archive")
    repo.draft()
    repo.commit("起草")
    repo.approve_all()
    repo.commit("审核", "gly-a")
    return standing_at(repo.open(), repo.head(), lambda _: AS_OF, Means(), NOTHING)


def shown(standing: Standing, **card: object) -> SiteInput:
    """The site's input, by the card that stands or one that tells otherwise."""
    row = standing.rows[POST]
    other = row.card._replace(**card)  # type: ignore[arg-type]
    due = {POST: replace(row, card=other)}
    repository = standing.tree.repository
    head = standing.tree.oid
    log = publication_log(repository, head, standing.archive.registers.policy.log_name)
    public = site_log(log, Builds((), head, AS_OF, running()), Seal())
    return site_input(head, standing, due, public, translator("zh"))


def test_a_card_gives_the_post_and_the_steps_that_verification_gave(standing: Standing) -> None:
    archive = shown(standing).archive
    assert archive.posts[POST] == replace(standing.archive.posts[POST], handlers=())
    assert archive.approvals[POST].states == standing.archive.approvals[POST].states


def test_what_the_card_pins_is_not_verified_again(
    standing: Standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sshsig, "_verifier", None)
    monkeypatch.setattr(run, "RUNS", [run.Run()])
    assert shown(standing).archive.approvals[POST].complete


def test_other_reviews_than_the_card_pins_are_verified(standing: Standing) -> None:
    site = shown(standing, evidence="0" * 64)
    assert site.archive.approvals[POST] is standing.archive.approvals[POST]


def test_other_files_than_the_card_pins_are_read_as_ever(standing: Standing) -> None:
    card: Card = standing.rows[POST].card
    files = tuple((path, "0" * 64) for path, _ in card.files)
    assert shown(standing, files=files).archive.posts[POST] is standing.archive.posts[POST]
