"""What the program takes from this part."""

from pipeline.model.brings import Kind, Part

PART = Part(
    name="relays",
    kinds=(
        Kind("sources", "转载来源", register=True, own_reader=True),
        Kind("upstream", "上级新发信息"),
        Kind("relays", "上级信息转发", names_posts=True,
             checks="pipeline.parts.relays.checks:early_relays",
             on_entry="pipeline.parts.relays.checks:healed"),
    ),
    tables=("pipeline.parts.relays.tables:relays",),
)  # fmt: skip
