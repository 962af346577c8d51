"""A log that goes on from the leaves of an earlier commit is the log made from history."""

import random
from typing import cast

from pipeline.evidence.log.leaves import prove
from pipeline.evidence.log.merkle import BUILD, Leaf, Levels
from pipeline.memo.leaf_rows import LeafRows
from pipeline.publish.publication_log import has_builds, publication_log
from pipeline.source.program import running
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import AS_OF

ORIGIN = "archive.example/a"


def test_it_is_the_same_whatever_came_since(archive: ArchiveRepo) -> None:
    """Records of any bytes, changed and brought back, with their signatures at other times."""
    draw, repository = random.Random(3), archive.open()
    known = LeafRows()
    builds: list[Leaf] = []
    commit, levels = "", cast(Levels, ((),))
    names = [f"content/records/publications/2026/2026-11-05.wx.{n}.json" for n in range(60)]
    for count in (40, 3, 50, 0, 2, 0):
        for path in draw.sample(names, count):
            archive.write(path, b"%d" % draw.randrange(3))
            archive.write(f"{path}.sig", b"%d" % draw.randrange(3))
        if count:
            archive.commit("登记", "gly-a")
        head = archive.head()
        assert has_builds(known, builds)
        log = publication_log(repository, head, ORIGIN, builds, commit, known, levels)
        cold = publication_log(repository, head, ORIGIN, builds)
        assert (tuple(log.leaves), log.levels) == (tuple(cold.leaves), cold.levels)
        assert [prove(log, x.record) for x in log.leaves] == [
            prove(cold, x.record) for x in cold.leaves
        ]
        known, commit, levels = cast(LeafRows, log.leaves), head, log.levels
        made = running().stated if count else ""
        builds.append(Leaf(BUILD, head, "0" * 64, AS_OF.isoformat(), log.size + 1, made))
    assert len(known) > 80
    assert not has_builds(known, builds[1:])
