"""What the program takes from this part."""

from pipeline.model.brings import POST_ID, SIGNED, YEAR, Deferred, Kind, Part

PART = Part(
    name="publications",
    needs=("desk",),
    desk=Deferred("pipeline.parts.publications.pages:pages"),
    kinds=(
        Kind("publications", "发布登记", predicate="publication",
             own_reader=True, with_posts=True, files=rf"({YEAR})/\1-\d\d-\d\d(?:-\d{{1,2}})?"
             rf"\.[a-z0-9]+(?:-[a-z0-9]+)*\.{POST_ID}{SIGNED}"),
        Kind("corrections", "更正记录", own_reader=True, with_posts=True,
             files=rf"({YEAR})/\1-{POST_ID[6:]}\.r[1-9]\d{{0,3}}\.yml"),
    ),
    tables=("pipeline.parts.publications.tables:publications",),
)  # fmt: skip
