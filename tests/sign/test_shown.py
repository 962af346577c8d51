"""What a site shows where nothing was left of what was read of a post."""

from dataclasses import replace

import pytest

from pipeline.history.judge_commits import Means, Standing
from pipeline.memo.snapshot import NOTHING
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


def shown(standing: Standing) -> SiteInput:
    """The site's input."""
    repository = standing.tree.repository
    head = standing.tree.oid
    log = publication_log(repository, head, standing.archive.registers.policy.log_name)
    public = site_log(log, Builds((), head, AS_OF, running()), Seal())
    return site_input(head, standing, standing.due, public, translator("zh"))


def test_where_nothing_was_left_the_site_shows_what_was_verified(standing: Standing) -> None:
    archive = shown(standing).archive
    read = standing.archive.posts[POST]
    assert read.handlers
    assert archive.posts[POST] == replace(read, handlers=())
    assert archive.approvals[POST].states == standing.archive.approvals[POST].states
    assert archive.approvals[POST].complete
