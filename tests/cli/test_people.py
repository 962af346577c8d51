"""What a change of registers is in words; `policy confirm`."""

import re

from pipeline.cli.publish import authorise
from pipeline.cli.verify import verify
from pipeline.model.findings import EXIT_HOLD
from pipeline.parts.people.verbs import policy
from pipeline.source.content.text import read_yaml
from tests.builders.archive import ArchiveRepo
from tests.builders.named import like, worded
from tests.cli.at_the_desk import fault, run


def test_an_office_ends_and_another_begins_and_what_is_left_is_said(archive: ArchiveRepo) -> None:
    archive.commit("base")
    archive.git("branch", "--force", "main", "HEAD")
    path = "content/registers/people.yml"
    people = read_yaml(path, archive.read(path)).value
    rows = {row["id"]: row for row in people["people"]}
    office = {"role": "operator", "department": "xjk"}
    rows["gly-a"]["roles"][0]["until"] = "2026-11-30"
    rows["xxy-b"]["roles"].append({**office, "from": "2026-12-01"})
    archive.register("people", people)
    archive.commit("交接", "gly-a")
    shown = run(authorise, archive, "-r", "交接", by="kz-a").stderr
    ends = "某gly-a（gly-a） ceases to be operator of 宣教和信息技术科: 2026-11-30"
    assert "某xxy-b（xxy-b） becomes operator of 宣教和信息技术科 on 2026-12-01" in shown
    assert shown.index(ends) < shown.index(worded("left-to-do") + "\n")
    assert "  " + worded("has-password", person="某gly-a", account="云岚wx") in shown
    assert shown.index(ends) < shown.index("file altered") < shown.index("git diff")


def test_a_changed_article_holds_until_its_numbers_were_compared(archive: ArchiveRepo) -> None:
    """Three times a week in the text, and twice in policy: verify lists what cites the article."""
    archive.git("switch", "--quiet", "--create", "law")
    law = archive.read("content/regulation.md").decode().replace("更新2次", "更新3次")
    archive.write("content/regulation.md", law.encode())

    def proposed() -> tuple[int, str]:
        archive.commit("改细则第五条", "gly-a")
        for person, role in (("kz-a", "section-head"), ("ld-a", "leader-in-charge")):
            archive.authorise(person, role)
        archive.commit("授权", "gly-a")
        done = run(verify, archive, "--base", "main")
        return done.exit_code, done.stdout

    code, shown = proposed()
    citing = ("cadence.text.count", "cadence.av.max_gap_days", "relay.hours")
    assert code == EXIT_HOLD
    assert all(f"The text that {name} cites" in shown for name in citing)
    assert "The text that password" not in shown
    assert "names no article" in fault(run(policy, archive, "confirm", "cadence.text.warn_day"))
    assert "parameter-unknown" in fault(run(policy, archive, "confirm", "cadence.text"))
    said = run(policy, archive, "confirm", *citing).stderr
    assert len(re.findall(like("text-compared"), said)) == 3
    assert proposed()[0] == 0
