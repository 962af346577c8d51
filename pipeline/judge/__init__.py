"""Judge one change or one tree: git objects in, verdicts out.

`judgements` is the entrance (`check`, `verify_change`, `verify_standing`). The way of a proposal:

1. `load_governance`: law, schemas, policy and registers of the base; stolen keys are void in them.
2. The entries of the change and who authorised it, there too; `change_facts`: what git and files
   say of it beside these, for its clauses, and what of it needs the consent of two.
3. `archive_at`: one `Archive` of base governance and proposed content, its posts read lazily;
   `record_reader`: its records.
4. `judge_posts`: every clause on every post, several processes when there are many.
5. The clauses on a change as a whole; `introduced_faults`: what it breaks of all that stands;
   `record_entries`: what it does to plain records.
"""
