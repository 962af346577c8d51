"""What the program takes from this part."""

from pipeline.model.brings import FILE, SIGNED, YEAR, Kind, Part

PART = Part(
    name="governance",
    kinds=(
        Kind("policy", "参数", register=True, own_reader=True, listed=False),
        Kind("instruments", "法规文件", register=True),
        Kind("calendar", "工作日历", register=True, own_reader=True, listed=False),
        Kind("authorisations", "变更授权", predicate="authorisation",
             own_reader=True, files=f"{YEAR}/{FILE}/[a-z0-9-]+{SIGNED}", with_posts=True),
    ),
)  # fmt: skip
