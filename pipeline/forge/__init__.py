"""What a forge adds to an archive: proposals, reviews by click, settings. Nothing here does I/O.

- `settings`: the JSON that a forge's API answers, and the paths to ask it by.
- `github`, `gitea`: checks of these settings, each with the command that mends what it finds.
- `doctor`: all checks of one forge; what could not be read is "not checked", never fine.
"""
