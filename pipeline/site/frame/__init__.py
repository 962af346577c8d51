"""The shell: frames that mkdocs makes once, and the templates that fill them."""
