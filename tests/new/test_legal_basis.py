"""What a new archive's policy rests on: each number names the instrument that states it."""

import json

import yaml

from pipeline.model.law import cited, mark_of
from pipeline.new.new_archive import LEGAL_BASIS, LIMITS
from tests.builders.cast import ROOT


def test_the_five_hours_of_a_first_answer_stand_in_no_80_of_2016() -> None:
    schema = json.loads((ROOT / "schemas/articles/a12_replies.json").read_text("utf-8"))
    parameters = schema["properties"]["parameters"]["properties"]
    limits = {limit["parameter"]: limit["source"] for limit in LIMITS}
    for source in (limits["opinion.major_first_hours"],
                   parameters["opinion.major_first_hours"]["source"]):  # fmt: skip
        assert [entry["number"] for entry in cited(source, LEGAL_BASIS)] == ["国办发〔2016〕80号"]
    for name in ("opinion.major_press_hours", "opinion.other_hours"):
        assert (
            "国办发〔2016〕61号" in limits[name]
            and "国办发〔2016〕61号" in parameters[name]["source"]
        )


def test_the_demo_and_a_new_archive_rest_on_the_same_instruments() -> None:
    policy = yaml.safe_load((ROOT / "content/policy.yml").read_text("utf-8"))
    assert {e["number"] for e in policy["legal_basis"]} == {e["number"] for e in LEGAL_BASIS}
    sources = [v["source"] for values in policy["parameters"].values() for v in values]
    for source in sources + [limit["source"] for limit in policy["limits"]]:
        assert mark_of(source) not in ("V", "K") or [*cited(source, LEGAL_BASIS)], source
