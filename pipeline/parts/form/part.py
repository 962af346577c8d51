"""What the program takes from this part."""

from pipeline.model.brings import FILE, YEAR, Kind, Part, Verb

PART = Part(
    name="form",
    verbs=(
        Verb("form", "pipeline.parts.form.verbs:form"),
        Verb("file", "pipeline.parts.form.verbs:file"),
    ),
    kinds=(
        # Found by their names, years after they came: they lie in the year that these begin with.
        Kind("filings", "归档记录", with_posts=True, names_posts=True,
             files=rf"({YEAR})/(?=\1-){FILE}\.(?:yml|pdf|jpg|png)"),
    ),
)  # fmt: skip
