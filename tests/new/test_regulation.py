"""A regulation as a folder: what may found an archive, and that the program's own is one."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
import yaml

from pipeline.errors import Fault, Misuse
from pipeline.judge.load_governance import trust
from pipeline.law import own_rules
from pipeline.law.program_law import CLAUSES, IF_OWNED, KEYS, MORE_KEYS, PARAMETERS
from pipeline.law.rulebook import ARTICLE_SCHEMAS, REGULATION
from pipeline.model.law import front_matter_schema
from pipeline.new.archive_files import beside
from pipeline.new.new_archive import REGULATION_DATE, empty_archive, running_lock, starter, stated
from pipeline.new.post_form import sections
from pipeline.new.regulation import left_to_people, read_regulation, refuse_unsound
from pipeline.report.front_matter import Wording
from pipeline.report.language import translator
from pipeline.source.content.paths import MemoryTree
from pipeline.source.program import shipped
from tests.builders.cast import ROOT, registers
from tests.builders.named import fault_named
from tests.builders.regulations import YUNLING, folder_of, shipped_folder

ARCHIVE = {
    "id": "yunling", "name": "—", "url": "https://archive.example/", "demo": False,
    "show_names": False, "since": REGULATION_DATE,
}  # fmt: skip
UNIT = {"full_name": "云岭县应急管理局", "short_name": "云岭应急", "organisation_code": "0" * 9}


@pytest.fixture(autouse=True)
def allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_rules, "_allowed", [True])


def founded(folder: Path) -> MemoryTree:
    law = read_regulation(folder)
    begun = starter(law, ARCHIVE, {**UNIT, "footer": {}}, registers())
    tree = MemoryTree({**begun, **stated(law, running_lock())})
    refuse_unsound(tree, empty_archive())
    for problem in trust(tree).registers.problems:  # as `init_archive` does
        raise Fault(problem.message, problem.remedy)
    return tree


def test_the_programs_own_regulation_is_such_a_folder(tmp_path: Path) -> None:
    """Written out, and brought back as an archive's own: the same law, clauses and schemas."""
    theirs = trust(founded(folder_of(tmp_path, shipped_folder())))
    ours = trust(empty_archive())
    carried = [a for a in theirs.rulebook.articles if a.text]
    assert theirs.rulebook.own and not ours.rulebook.own
    assert theirs.rulebook.ids == ours.rulebook.ids
    assert theirs.rulebook.digest == ours.rulebook.digest
    assert theirs.front_matter.schema == ours.front_matter.schema
    for one, other in zip(carried, ours.rulebook.articles, strict=True):
        assert (one.heading, one.module, one.texts) == (other.heading, other.module, other.texts)
        assert (one.parameters, one.front_matter) == (other.parameters, other.front_matter)
        kinds = [[(type(c), c.number) for c in a.rule.clauses if a.rule] for a in (one, other)]
        assert kinds[0] == kinds[1]
    assert not theirs.registers.problems
    entries = theirs.registers.entries["wordings"], ours.registers.entries["wordings"]
    assert [e.value for e in entries[0]] == [e.value for e in entries[1]] != []
    assert not list(left_to_people(theirs.rulebook))


def test_another_one_has_its_clauses_and_the_programs_own() -> None:
    trusted = trust(founded(YUNLING))
    assert trusted.rulebook.ids == ("R01-1", "R02-1", "R02-2", "R03-1", "R13-7", "R17-2", "R18-1")
    assert not trusted.rulebook.gaps and not trusted.registers.problems
    assert set(front_matter_schema(trusted.rulebook)["properties"]) == {
        *KEYS, "summary", "origin", "source",
    }  # fmt: skip
    stated = trusted.registers.policy.parameters
    assert stated["cadence.redline_days"][0].value == 7
    assert stated["change.people"][0].source == "[D] 程序默认值"
    assert "cadence.text.count" not in stated and "gate.duties" not in stated


def test_the_programs_words_and_law_are_not_theirs() -> None:
    registers = trust(founded(YUNLING)).registers
    assert not registers.entries.get("wordings")
    (law,) = (e for e in registers.entries["instruments"] if e.id == "regulation")
    assert law["title"] == "云岭县应急管理局政务新媒体管理办法"
    assert not any("六安市应急" in str(e.value) for e in registers.entries["instruments"])


def _without_case(folder: Path) -> None:
    path = folder / "rules/a01_updates.py"
    path.write_text(path.read_text().replace("boundary:", "border:"))


def _schema(folder: Path, stem: str, change: Callable[[dict], None]) -> None:  # type: ignore[type-arg]
    path = folder / f"schemas/articles/{stem}.json"
    value = json.loads(path.read_text())
    change(value["properties"])
    path.write_text(json.dumps(value))


def _no_author(folder: Path) -> None:
    _schema(folder, "a02_reviews", lambda p: p["front_matter"]["required"].remove("author"))


def _number_as_title(folder: Path) -> None:
    _schema(folder, "a02_reviews",
            lambda p: p["front_matter"]["properties"]["title"].update(type="integer"))  # fmt: skip


def _no_default(folder: Path) -> None:
    name = "cadence.redline_days"
    _schema(folder, "a01_updates", lambda p: p["parameters"]["properties"][name].pop("default"))


def _one_consent(folder: Path) -> None:
    """The number of people who consent to a change is the program's to bound."""
    row = {"type": "integer", "minimum": 0, "default": 0, "unit": "人", "source": "[S] 办法第二条"}
    _schema(folder, "a02_reviews",
            lambda p: p["parameters"]["properties"].update({"change.people": row}))  # fmt: skip


def _days_as_words(folder: Path) -> None:
    other, name = {"type": "string", "default": "七"}, "cadence.redline_days"
    _schema(folder, "a01_updates", lambda p: p["parameters"]["properties"][name].update(other))


def _key_twice(folder: Path) -> None:
    _schema(folder, "a03_reposts",
            lambda p: p["front_matter"]["properties"].update(title={"type": "string"}))  # fmt: skip


def _stranger(folder: Path) -> None:
    (folder / "setup.sh").write_text("rm -rf /\n")


def _linked(folder: Path) -> None:
    (folder / "wordings.yml").symlink_to("/etc/passwd")


def _people(folder: Path) -> None:
    (folder / "people.yml").write_text("people: []\n")


def _broken(folder: Path) -> None:
    (folder / "rules/a03_reposts.py").write_text("import nowhere_at_all\n")


def _no_rule(folder: Path) -> None:
    (folder / "rules/a03_reposts.py").unlink()


def _no_heading(folder: Path) -> None:
    path = folder / "regulation.md"
    path.write_text(path.read_text().replace("### 第三条", "### 第四条"))


def _false_profile(folder: Path) -> None:
    (folder / "profile.yml").write_text("title: 甲\nparameters:\n  a.b: 7\n")


def _no_json(folder: Path) -> None:
    (folder / "schemas/articles/a01_updates.json").write_bytes(b"\xff{")


def _no_properties(folder: Path) -> None:
    (folder / "schemas/articles/a01_updates.json").write_text("{}")


def _no_schema(folder: Path) -> None:
    _schema(folder, "a01_updates", lambda p: p["parameters"]["properties"].update({"a.b": True}))


def _windows(folder: Path) -> None:
    path = folder / "regulation.md"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def _leaving(folder: Path) -> None:
    (folder / "rules/a03_reposts.py").write_text("raise SystemExit(0)\n")


def _no_law(folder: Path) -> None:
    (folder / "regulation.md").unlink()


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_without_case, "cases-missing a01_updates 1"),
        (_no_author, "keys-not-owned author"),
        (_number_as_title, "`title` has another shape"),
        (_one_consent, "`change.people` has another shape"),
        (_days_as_words, "`cadence.redline_days` has another shape"),
        (_no_default, "gives cadence.redline_days no default"),
        (_key_twice, "owned-twice title 02 03"),
        (_stranger, "path-not-of-regulation"),
        (_linked, "path-not-of-regulation"),
        (_people, "path-not-of-regulation"),
        (_broken, "own-rule-unloadable a03_reposts"),
        (_no_rule, "rule-without-schema 03"),
        (_no_heading, "article-missing 03"),
        (_false_profile, "profile.yml: "),
        (_no_json, "schema-unusable a01_updates"),
        (_no_properties, "schema-unusable a01_updates"),
        (_no_schema, "gives a.b no default"),
        (_windows, "line-ends-of-windows"),
        (_leaving, "own-rule-unloadable a03_reposts"),
        (_no_law, "regulation-missing"),
    ],
)
def test_what_could_not_be_judged_founds_nothing(
    tmp_path: Path, spoil: Callable[[Path], None], told: str
) -> None:
    folder = folder_of(tmp_path, {})
    spoil(folder)
    with pytest.raises(Fault) as refused:
        founded(folder)
    assert told in fault_named(refused.value) and refused.value.remedy


def test_an_article_without_rule_is_named(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, {})
    law = folder / "regulation.md"
    law.write_text(law.read_text() + "\n### 第四条\n\n本办法由局办公室解释。\n")
    gaps, keys = map(str, left_to_people(trust(founded(folder)).rulebook))
    assert gaps == "No rule checks 第四条."
    assert "ai, alert, category" in keys and "title" not in keys


def test_a_profile_sets_numbers_and_its_own_days(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, {})
    (folder / "profile.yml").write_text(
        "title: 试行期先宽后严\nparameters:\n  cadence.redline_days:\n"
        "    - {value: 10, unit: 天, source: '[S] 办法第一条', effective_from: '2026-02-01'}\n"
        "    - {value: 5, unit: 天, source: '[S] 办法第一条', effective_from: '2026-07-01'}\n"
    )
    settings = trust(founded(folder)).registers.policy.parameters["cadence.redline_days"]
    assert [(s.value, s.effective_from.isoformat()) for s in settings] == [
        (10, "2026-02-01"), (5, "2026-07-01"),
    ]  # fmt: skip


@pytest.fixture
def shipped_parameters() -> Iterator[set[str]]:
    yield {
        name
        for raw in shipped(ARTICLE_SCHEMAS).values()
        for name in json.loads(raw)["properties"].get("parameters", {}).get("properties", {})
    }


def test_all_that_the_program_reads_by_name_is_in_one_table(shipped_parameters: set[str]) -> None:
    """A parameter named outside the rules has a default without its article, or is only shown."""
    read = set()
    for path in (ROOT / "pipeline").rglob("*.py"):
        where = path.relative_to(ROOT / "pipeline").as_posix()
        if not where.startswith(("rules/", "law/program_law", "new/new_archive")):
            text = path.read_text()
            read |= {name for name in shipped_parameters if f'"{name}"' in text}
    # An example in the help of a verb is not read.
    assert read - IF_OWNED <= PARAMETERS
    assert shipped_parameters >= IF_OWNED and shipped_parameters >= PARAMETERS
    assert not PARAMETERS & IF_OWNED


def test_the_clauses_that_hold_anyway_are_there() -> None:
    ids = trust(empty_archive()).rulebook.ids
    assert {f"R{stem[1:3]}-{number}" for stem, number in CLAUSES.items()} <= set(ids)


def test_all_keys_that_are_named_are_the_programs() -> None:
    assert {*KEYS, *MORE_KEYS} <= trust(empty_archive()).front_matter.schema["properties"].keys()


def test_what_is_misplaced_is_said_in_one_word(tmp_path: Path) -> None:
    with pytest.raises(Misuse):
        read_regulation(tmp_path)


def test_a_number_of_the_programs_may_be_set_and_none_be_forgotten() -> None:
    """What the policy states follows the default; a later day is asked of the later setting."""
    tree = founded(YUNLING)
    policy = tree.read("content/policy.yml").decode()
    row = (
        "  change.people:\n    - value: 3\n      unit: 人\n      source: '[D] 本局自定'\n"
        "      effective_from: '2026-06-01'\n"
    )
    changed = policy.replace("parameters:\n", f"parameters:\n{row}")
    files = {path: tree.read(path) for path in tree.files} | {
        "content/policy.yml": changed.encode()
    }
    settings = trust(MemoryTree(files)).registers.policy.parameters["change.people"]
    assert [s.value for s in settings] == [2, 3]
    assert settings[0].effective_from < REGULATION_DATE
    assert REGULATION in files


@pytest.mark.parametrize("kind", ["alert", "notice", "reprint", "rumor"])
def test_the_form_of_a_draft_asks_for_its_keys_alone(kind: str) -> None:
    trusted = trust(founded(YUNLING))
    schema = trusted.front_matter.schema
    wording = Wording(translator("zh"), True, trusted.registers)
    shown = sections(schema, {"kind": kind}, wording, date(2026, 11, 5))
    names = {field.name.split(".")[0] for part in shown for field in part.fields}
    assert names == schema["properties"].keys() - {"revision"}


@pytest.mark.parametrize("forge", ["", "github", "gitea", "bare"])
def test_what_runs_for_an_archive_lets_its_rules_run(forge: str) -> None:
    """Each file that calls the program says so once, and stays what it was otherwise."""
    unit = {**UNIT, "footer": {}}
    plain, own = (beside(unit, {}, forge, allowed) for allowed in (False, True))
    assert plain.keys() == own.keys()
    for path, raw in own.items():
        said = raw.count(b"SANSHEN_OWN_RULES")
        runs = path.endswith(("Makefile", "README.md", ".yml", "pre-receive", ".service"))
        assert said == (1 if runs else 0), path
        if path.endswith(".yml"):
            assert yaml.safe_load(raw)["env"] == {"SANSHEN_OWN_RULES": "1"}
            before, after = (yaml.safe_load(each) for each in (plain[path], raw))
            assert {**before, "env": after["env"]} == after
        if not runs:
            assert raw == plain[path]
