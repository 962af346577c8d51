"""Files that already satisfy the rules of form: a draft, an entry, a whole archive.

- `new_archive`: a draft, a clean archive and what the program ships.
- `new_entry`: an entry of a register, or a record.
- `fields`: the leaves of a schema, asked in a terminal or on a page. `post_form`: a post.
- `uploads`: pictures and files made fit to stand beside a post.
- `offices`: who holds which office, which setting holds from when. `yaml_writer`: the YAML of all
  of them, and the one way to alter a register that people wrote.
"""
