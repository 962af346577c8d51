"""What is asked of a forge names each environment that the doctor looks at."""

from pipeline.parts.gitea import settings as gitea
from pipeline.parts.github import settings as github


def test_each_environment_has_its_answers() -> None:
    asked = {name.partition(":")[2] for name in github.READS if name.startswith("branches:")}
    secrets = {name.partition(":")[2] for name in github.READS if name.startswith("secrets:")}
    assert asked == {*github.ENVIRONMENTS}
    assert secrets == {name for name, secret in github.ENVIRONMENTS.items() if secret}


def test_a_proposal_waits_for_the_same_status_on_every_forge() -> None:
    assert gitea.PROTECTION[gitea.CONTEXTS] == [github.STATUS] == ["sanshen/verify"]
