"""Judge one change or one tree: git objects in, verdicts out.

`judgements` is the entrance (`check`, `verify_change`, `verify_standing`). The way of a proposal:

1. `load_governance`: law, schemas, policy and registers of the base; `revocation` pins stolen keys.
2. `proposal`: the entries of the change and who authorised it; `governance` says what governs.
3. `archive_at`: one `Archive` of base governance and proposed content. `record_reader`,
   `publication_reader`, `erasures` and `lazy_renditions` fill it when a clause asks.
4. `judge_posts`: every clause on every post, several processes when there are many.
5. `proposal_gates`, `introduced_faults`, `misplaced_records`, `future_dated`, `late_signatures`,
   `unknown_rosters`, `theme`: findings on the change as a whole.

`record_precheck` judges one record before it is written.
"""
