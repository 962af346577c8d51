"""The demo archive: its content's images, its signatures, and its layout as a real repository."""

import pipeline.program  # noqa: F401  # puts the program together that is run here
