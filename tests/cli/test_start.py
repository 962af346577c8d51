"""What a run does not import: each of these costs more than what the run is for."""

import subprocess
import sys

SELDOM = (
    "PIL", "cryptography.x509", "filelock", "icalendar", "importlib.metadata", "jinja2",
    "jsonschema", "mkdocs", "segno", "typst", "zipfile",
)  # fmt: skip
"""Used by runs with pictures, tokens, zip files or a site alone, and imported by those."""


def test_a_check_starts_without_what_few_posts_need() -> None:
    code = f"import pipeline.cli.verify, sys; print(*({{*{SELDOM!r}}} & {{*sys.modules}}))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert shown.stdout.split() == []


def test_the_list_of_verbs_imports_none_of_them() -> None:
    code = (
        "import sys; from pipeline.program import VERBS, main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        'modules = {where.partition(":")[0] for where in VERBS.values()}\n'
        "print(*({'git', 'pipeline.model.registers', *modules} & {*sys.modules}), file=sys.stderr)"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert shown.stderr.split() == []
