"""What a person signs, proved by the verifier before anything is written.

- `signing_context`: the committed archive with the fresh records of the working tree on top.
- `review_step`: approve, return, confirm; `last_signed`: the revision that a reviewer compares
  with. `publication`: where an account carried a post.
- `authorise`: consent to a governed change, erasure of a post. `roster`: its next version.
- `declare`, `rotate`, `waive`, `filing`: one module for each other record.
- `on_main`: whether a post stands on main as it was confirmed.
"""
