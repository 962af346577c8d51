"""The public archive as files: values in, bytes out. It reads no repository.

- `inputs`: what a build is given. `build`: makes the `units` that changed since the `state` of the
  last build, in the staging tree of `output_folder`.
- `render_context`: what every page of one build shares. `years`: what lists need of each year.
- `frame/`: the shell that mkdocs makes, and templates. `pages/`: one module a kind of page.
- `fragments`: all that a signature vouches for on a page, made from signed values alone.
- `text`: pieces of HTML. `search`: the index. `evidence/`: what readers verify with.
"""
