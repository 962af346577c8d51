"""Run the command as ``python -m pipeline``."""

from pipeline.program import main

main()
