"""What the program takes from this part."""

from pipeline.model.brings import Kind, Part

PART = Part(
    name="word_lists",
    kinds=(
        Kind("terms", "固定表述", register=True,
             checks="pipeline.parts.word_lists.checks:term_faults"),
        Kind("lexicons", "词表", register=True,
             checks="pipeline.parts.word_lists.checks:lexicon_faults", words={"swap": "改为"}),
    ),
)  # fmt: skip
