"""What a run of one post does not import: each of these costs more than judging the post."""

import subprocess
import sys

SELDOM = (
    "PIL", "bagit", "cryptography.x509", "filelock", "icalendar", "importlib.metadata", "jinja2",
    "jsonschema", "mkdocs", "rfc3161_client", "segno", "typst", "zipfile",
)  # fmt: skip
"""Used by runs with pictures, tokens, zip files or a site alone, and imported by those."""


def test_a_check_starts_without_what_few_posts_need() -> None:
    code = f"import pipeline.cli.verify, sys; print(*({{*{SELDOM!r}}} & {{*sys.modules}}))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert shown.stdout.split() == []
