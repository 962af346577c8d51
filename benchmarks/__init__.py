"""Measure the pipeline beside its peers, in one run, as ratios (`make bench`)."""

import pipeline.program  # noqa: F401  # puts the program together that is run here
