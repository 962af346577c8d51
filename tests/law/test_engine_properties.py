"""Properties of the engine over the real law and really signed posts."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.judge.judge_posts import judge_all
from pipeline.judge.judgements import standing
from pipeline.law.engine import judge_periods, judge_post
from pipeline.law.rulebook import REGULATION, load
from pipeline.model.archive import Archive, OnBranch, OnMain, Situation
from pipeline.model.calendar import Clock
from pipeline.model.evidence import Approvals, Missing, Step
from pipeline.model.findings import Complaint, Effect
from pipeline.model.law import Clause, ItemClause, Rule, Rulebook
from pipeline.source.program import shipped
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import AS_OF
from tests.builders.named import shows


def _crash(*_: object) -> Iterator[Complaint]:
    raise ZeroDivisionError


@pytest.fixture(scope="module")
def law() -> Rulebook:
    return load(shipped(REGULATION)[REGULATION], shipped("schemas"))


@pytest.fixture(scope="module")
def look(tmp_path_factory: pytest.TempPathFactory, law: Rulebook) -> Archive:
    """Three approved posts, as the pipeline reads them from git."""
    repo = ArchiveRepo.begin(tmp_path_factory.mktemp("engine") / "archive")
    for post in (POST, "2026-11-05-second", "2026-11-05-third"):
        repo.draft(post)
        repo.commit("起草")
        repo.approve_all(post)
        repo.commit("审核", "gly-a")
    opened = repo.open()
    archive, _ = standing(opened, opened.commit("HEAD"), lambda _: AS_OF)
    judge_all(archive, law)  # what is made once is no part of the time that an example may take
    return archive


def test_the_three_posts_pass(look: Archive, law: Rulebook) -> None:
    assert all(v.publishable for v in judge_all(look, law))


@given(
    st.sampled_from(sorted(Step, key=lambda s: s.number)), st.sampled_from([OnBranch(), OnMain()])
)
def test_removing_a_review_never_publishes(
    look: Archive, law: Rulebook, step: Step, situation: Situation
) -> None:
    before = look.approvals[POST]
    without = Approvals({**before.states, step: Missing(step)}, before.earlier)
    approvals = {**look.approvals, POST: without}
    archive = replace(look, situation=situation, approvals=approvals)
    assert not judge_post(archive.posts[POST], archive, law).publishable


@given(st.randoms(use_true_random=False))
def test_the_order_of_the_input_never_matters(look: Archive, law: Rulebook, random: Any) -> None:
    def shuffled(mapping: Any) -> dict[Any, Any]:
        rows = list(mapping.items())
        random.shuffle(rows)
        return dict(rows)

    posts = {
        i: replace(p, manifest=shuffled(p.manifest), meta=shuffled(p.meta))
        for i, p in shuffled(look.posts).items()
    }
    mixed = replace(
        look, posts=posts, approvals=shuffled(look.approvals), renditions=shuffled(look.renditions)
    )
    assert judge_all(mixed, law) == judge_all(look, law)
    assert judge_periods(mixed, law) == judge_periods(look, law)


@given(st.data())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_a_crashing_rule_never_publishes(look: Archive, law: Rulebook, data: st.DataObject) -> None:
    """Whichever item clause of the real law breaks, no post it judges goes out."""
    gates = [
        (a.key, c.number)
        for a in law.articles
        for c in (a.rule.clauses if a.rule else ())
        if isinstance(c, ItemClause) and c.applies(look.posts[POST], look)
    ]
    key, number = data.draw(st.sampled_from(gates))

    def broken(clause: Clause) -> Clause:
        if isinstance(clause, ItemClause) and clause.number == number:
            return replace(clause, check=_crash)
        return clause

    articles = tuple(
        replace(a, rule=Rule(tuple(map(broken, a.rule.clauses)))) if a.key == key and a.rule else a
        for a in law.articles
    )
    verdict = judge_post(look.posts[POST], look, Rulebook(articles, law.digest))
    assert not verdict.publishable
    assert verdict.decision is Effect.REFUSE


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)))
def test_any_time_gives_a_verdict(look: Archive, law: Rulebook, moment: datetime) -> None:
    """No hour of any year makes a rule crash."""
    at = replace(look, clock=Clock(moment.replace(tzinfo=AS_OF.tzinfo)))
    for verdict in (*judge_all(at, law), judge_periods(at, law)):
        assert not any(shows(str(f.message), "rule-failed") for f in verdict.findings)
