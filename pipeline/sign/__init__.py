"""What a person signs, proved by the verifier before anything is written.

- `act`: what an act is, and what it is signed by: the committed archive with the fresh records
  of the working tree on top.
- `review_step`: approve, return, confirm. `publication`: where an account carried a post.
- `authorise`: consent to a governed change, erasure of a post, waiver of a finding.
- `declare`: periodic declarations, a changed password. `attest`: events of records, filed forms.
- `roster`: its next version.
"""
