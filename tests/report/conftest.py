"""Archives to begin with."""

from tests.builders import fixtures

template = fixtures.template
archive = fixtures.archive
approved_template = fixtures.approved_template
approved = fixtures.approved
