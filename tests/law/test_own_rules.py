"""Rules that an archive brings: programs, run by a word of its people and never from a proposal."""

import json
import re
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from pipeline.errors import Fault
from pipeline.judge.load_governance import Trusted, trust
from pipeline.law import own_rules as loader
from pipeline.law.own_rules import allow_own_rules, own_rules
from pipeline.law.rulebook import REGULATION
from pipeline.model import run
from pipeline.model.findings import Effect
from pipeline.model.program import Program
from pipeline.new.new_archive import running_lock
from pipeline.source.content.paths import MemoryTree
from pipeline.source.content.program_lock import LOCK, write_lock
from pipeline.source.program import shipped
from tests.builders import cast
from tests.builders.archive import ArchiveRepo
from tests.builders.named import like, named, refuses, shows

RULE = '''"""Article 50: the archive's own.

1. {checked} | Human: nothing.
"""

from pipeline.model.law import Unchecked, rule

RULE = rule(Unchecked(1))
'''
LAW = shipped(REGULATION)[REGULATION].replace(
    "\n### 附件".encode(), "\n### 第五十条\n\n静。\n\n### 附件".encode()
)
SCHEMA = json.dumps(
    {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {"front_matter": {"properties": {}}, "parameters": {"properties": {}}},
    }
).encode()
FILES = {REGULATION: LAW, "schemas/articles/a50_own.json": SCHEMA}


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No rule of one test stays for the next, and none is allowed to run."""
    monkeypatch.setattr(run, "RUNS", [run.Run()])
    monkeypatch.setattr(loader, "_allowed", [])
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    for name in [n for n in sys.modules if n.startswith(loader.OWN_PACKAGE)]:
        monkeypatch.delitem(sys.modules, name)
    before = {*sys.modules}
    yield
    for name in {*sys.modules} - before:
        del sys.modules[name]


@pytest.fixture
def allowed() -> None:
    allow_own_rules()


def read(rules: dict[str, str | bytes], **how: bool) -> Trusted:
    """A tree with a fiftieth article, and these files in its folder of rules."""
    files = {
        f"rules/{n}": raw.encode() if isinstance(raw, str) else raw for n, raw in rules.items()
    }
    return trust(MemoryTree({**cast.governance(), **FILES, **files}), **how)


def texts(trusted: Trusted) -> str:
    (article,) = [a for a in trusted.rulebook.articles if a.key == "50"]
    return article.texts[1].checked


def problem(trusted: Trusted) -> str:
    (found,) = trusted.registers.problems
    assert found.effect is Effect.REFUSE and found.location.path == "rules" and found.remedy
    return named(found.message)


PLAIN = RULE.format(checked="Quiet.")
MARK = "import sys\nsys.modules['it_ran'] = sys\n"


def test_none_runs_without_allowance_and_the_fault_names_the_way() -> None:
    with pytest.raises(Fault, match=like("own-rules-unrun", path="rules/")) as fault:
        read({"a50_own.py": PLAIN + MARK})
    assert "--own-rules" in str(fault.value.remedy)
    assert "it_ran" not in sys.modules


def test_a_rule_of_the_archives_own_is_asked(allowed: None) -> None:
    trusted = read({"a50_own.py": PLAIN})
    assert trusted.rulebook.gaps == () and "R50-1" in trusted.rulebook.ids
    assert texts(trusted) == "Quiet."


@pytest.mark.usefixtures("allowed")
def test_none_of_a_proposed_tree_runs_and_its_article_is_a_gap() -> None:
    trusted = read({"a50_own.py": PLAIN + MARK}, to_come=True)
    assert trusted.rulebook.gaps == ("第五十条",)
    assert "it_ran" not in sys.modules


def test_whoever_only_reads_a_proposal_needs_no_allowance() -> None:
    assert read({"a50_own.py": PLAIN + MARK}, to_come=True).rulebook.gaps == ("第五十条",)
    assert "it_ran" not in sys.modules


PACKAGE = {
    "a50_own/__init__.py": RULE.format(checked="Words.").replace(
        "\nRULE", "\nfrom .words import WORDS\nfrom .deep.er import DEEPER\n\nRULE"
    ),
    "a50_own/words.py": "WORDS = ('一',)\n",
    "a50_own/deep/__init__.py": "",
    "a50_own/deep/er.py": "from ..words import WORDS\nDEEPER = WORDS * 2\n",
}


def test_a_package_imports_its_own_modules(allowed: None) -> None:
    trusted = read({**PACKAGE})
    assert texts(trusted) == "Words."
    (package,) = {m for m in sys.modules if m.startswith("sanshen_rules_") and "." not in m}
    assert sys.modules[f"{package}.a50_own.deep.er"].DEEPER == ("一", "一")


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("a50_own/__init__.py", "from .missing import WORDS\n"),
        ("a50_own/__init__.py", "from pipeline.nothing import it\n"),
        ("a50_own/__init__.py", "1 / 0\n"),
        ("a50_own/__init__.py", "def broken(:\n"),
        ("a50_own/__init__.py", "raise SystemExit(0)\n"),
        ("a50_own/__init__.py", b"\xff\xfe"),
        ("a50_own/__init__.py", b"\0"),
        ("a50_own/__init__.py", ""),
        ("a50_own/__init__.py", '"""Article 50."""\nRULE = None\n'),
        ("a50_own/words.py", "raise ValueError('x')\n"),
    ],
)
def test_one_that_cannot_be_loaded_is_named_and_a_gap(
    allowed: None, name: str, raw: str | bytes
) -> None:
    trusted = read({**PACKAGE, name: raw})
    assert re.match(r"own-rule-unloadable a50_own \w+", problem(trusted))
    assert trusted.rulebook.gaps == ("第五十条",)


def test_a_clause_without_its_line_is_named(allowed: None) -> None:
    trusted = read({"a50_own.py": PLAIN.replace("1. Quiet", "2. Quiet")})
    assert problem(trusted) == "clause-untold a50_own 1"


@pytest.mark.parametrize("name", ["a05_updates.py", "a05_other.py", "a05_updates/__init__.py"])
@pytest.mark.parametrize("to_come", [False, True])
def test_one_that_shadows_a_rule_of_the_program_is_refused_by_name(
    allowed: None, name: str, to_come: bool
) -> None:
    with pytest.raises(Fault, match=like("rule-of-program", key="05")):
        read({"a50_own.py": PLAIN, name: PLAIN}, to_come=to_come)


def test_two_rules_of_one_article_stop(allowed: None) -> None:
    """Which of the two would be asked depends on the order of names."""
    for to_come in (False, True):
        with pytest.raises(Fault, match="Article 50 stands twice"):
            read({"a50_own.py": PLAIN, "a50_again.py": PLAIN}, to_come=to_come)


def test_two_trees_with_rules_of_one_name_do_not_mix(allowed: None) -> None:
    one = read({"a50_own.py": PLAIN})
    other = read({"a50_own.py": RULE.format(checked="Loud.")})
    package = read({**PACKAGE})
    assert [texts(one), texts(other), texts(package)] == ["Quiet.", "Loud.", "Words."]
    assert texts(read({"a50_own.py": PLAIN})) == "Quiet."
    changed = PACKAGE | {"a50_own/words.py": "WORDS = ('二',)\n"}
    read({**changed})
    deep = [m for n, m in sys.modules.items() if n.endswith(".a50_own.deep.er")]
    assert sorted(m.DEEPER for m in deep) == [("一", "一"), ("二", "二")]


def test_one_that_failed_once_is_no_other_the_next_time(allowed: None) -> None:
    for _ in range(2):
        assert "ZeroDivisionError" in problem(read({"a50_own.py": f"{PLAIN}1 / 0\n"}))
    assert texts(read({"a50_own.py": PLAIN})) == "Quiet."


@pytest.mark.parametrize(
    "name", ["README.md", "notes.txt", "a50_own.json", "wordings.yml", "__pycache__/a50_own.pyc"]
)
def test_what_is_no_rule_is_harmless(allowed: None, name: str) -> None:
    trusted = read({"a50_own.py": PLAIN, name: b"\xff x: ["})
    assert texts(trusted) == "Quiet."
    without = trust(MemoryTree({**cast.governance(), f"rules/{name}": b"x"}))
    assert without.rulebook.gaps == ()


@pytest.mark.parametrize(
    "name",
    ["helpers.py", "a5_own.py", "a50-own.py", "a50.py", "__init__.py", "A50_own.py", "setup.py",
     "a50_own2.py", "lib/a50_own.py", "a50_静.py", "conftest.py"],
)  # fmt: skip
@pytest.mark.parametrize("to_come", [False, True])
def test_a_file_of_python_that_is_not_named_for_an_article_is_refused(
    allowed: None, name: str, to_come: bool
) -> None:
    with refuses("rule-misnamed"):
        read({"a50_own.py": PLAIN, name: "WORDS = ()\n"}, to_come=to_come)


def test_a_rule_reaches_no_module_beside_its_own(allowed: None) -> None:
    """Two rules of one archive are strangers, as the program's are; the finder knows no others."""
    rules: dict[str, bytes] = {"rules/a50_own.py": PLAIN.encode()}
    own_rules(rules, run=True)
    finder = sys.meta_path[-1]
    (package,) = {m for m in sys.modules if m.startswith("sanshen_rules_") and "." not in m}
    for name in ("os", "pipeline", f"{package}.os", f"{package}x.a50_own", "a50_own"):
        assert finder.find_spec(name, None) is None, name


def test_the_module_has_the_source_that_stands_in_the_tree(allowed: None) -> None:
    modules: dict[str, Any] = own_rules({"rules/a50_own.py": PLAIN.encode()}, run=True)
    module = modules["50"]
    assert isinstance(module, ModuleType) and module.__spec__ is not None
    loaded: Any = module.__spec__.loader
    assert loaded.get_source(module.__name__) == PLAIN
    assert not hasattr(module, "__file__") or module.__file__ is None


# In a repository: the rule of base is asked, that of a change is not.


def _bring(archive: ArchiveRepo, rule: str) -> None:
    for path, raw in {**FILES, "rules/a50_own.py": rule.encode()}.items():
        archive.write(path, raw)


def test_a_change_cannot_run_its_own_rule(archive: ArchiveRepo, allowed: None) -> None:
    archive.switch("main")
    _bring(archive, PLAIN)
    archive.commit("增设一条", "gly-a")
    archive.branch("change")
    _bring(archive, PLAIN + MARK)
    archive.draft()
    archive.commit("改", "zz-a")
    report = archive.verify("main", "change")
    assert report.verdicts and "it_ran" not in sys.modules
    assert "R50-1" in report.rulebook.ids


def test_a_stranger_runs_none_and_judges_none(archive: ArchiveRepo) -> None:
    archive.switch("main")
    _bring(archive, PLAIN + MARK)
    archive.commit("增设一条", "gly-a")
    for look in (lambda: archive.verify("main", "main"), archive.audit, archive.standing):
        with refuses("own-rules-unrun"):
            look()
    assert "it_ran" not in sys.modules


# Under a later program: what it cannot run any more was judged in its day, and locks nobody out.


def older(rule: str) -> dict[str, bytes]:
    """A tree with this rule that names an older program than the one that runs."""
    lock = running_lock()._replace(program=Program("0.8.9", "0" * 64))
    rules = {"rules/a50_own.py": rule.encode()}
    return {**cast.governance(), **FILES, **rules, LOCK: write_lock(lock)}


FAILING = PLAIN.replace("import Unchecked, rule", "import ItemClause, rule").replace(
    "rule(Unchecked(1))", "rule(ItemClause(1, lambda post, archive: [archive.no_such_thing]))"
)


def test_one_of_an_older_tree_that_cannot_be_loaded_is_noted(allowed: None) -> None:
    trusted = trust(MemoryTree(older("from pipeline.gone import it\n")))
    (found,) = trusted.registers.problems
    assert found.effect is Effect.NOTE and "cannot be loaded" in str(found.message)
    assert shows(str(found.remedy), "judged-in-its-day")
    assert trusted.rulebook.gaps == ("第五十条",)


@pytest.mark.parametrize("old", [True, False])
def test_one_that_fails_refuses_and_of_an_older_tree_only_notes(
    archive: ArchiveRepo, allowed: None, old: bool
) -> None:
    archive.switch("main")
    files = older(FAILING) if old else {**FILES, "rules/a50_own.py": FAILING.encode()}
    for path in (*FILES, LOCK, "rules/a50_own.py"):
        if path in files:
            archive.write(path, files[path])
    archive.commit("增设一条", "gly-a")
    archive.branch("later")
    archive.draft()
    archive.commit("起草", "zz-a")
    report = archive.verify("main", "later")
    found = [f for v in report.verdicts for f in v.findings if f.clause == "R50-1"]
    assert [f.effect for f in found] == [Effect.NOTE if old else Effect.REFUSE]
    assert "AttributeError" in str(found[0].message)
