"""Build the public archive of what stands on main.

- `build_site`: judge history and what stands, then hand `pipeline/site` its input.
- `publication_log`: the log of everything that became public, from history alone.
"""
