"""Judge one change or one tree: git objects in, verdicts out.

`judgements` is the entrance (`check`, `verify_change`, `verify_standing`). The way of a proposal:

1. `load_governance`: law, schemas, policy and registers of the base; stolen keys are void in them.
2. `proposal`: the entries of the change and who authorised it; `governed_change`: what of it needs
   the consent of two.
3. `archive_at`: one `Archive` of base governance and proposed content. `post_reader`,
   and `record_reader` fill it lazily.
4. `judge_posts`: every clause on every post, several processes when there are many.
5. `introduced_faults`, `stray_signatures`, `record_entries`: findings on the change as a whole.
"""
