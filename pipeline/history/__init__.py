"""Judge main from its first commit, and what is due on a day.

- `replay`: every change by the registers of its parent; breaks, their acknowledgement, and
  whether what they brought is gone; with the duties of the day, an audit.
- `judge_commits`: the changes that no earlier run judged, in several processes, and what stands
  at a commit; `delta`: what of it an earlier build judged, and what came since.
- `duties`: the duties alone, a month, and what was put right in records or came late.
- `waiting`: where posts stand and for whom they wait, on main and on every branch;
  `pending_records`: records on their way to main; `agenda`: all that waits, of every kind.
- `simulate`: what other policy and registers would have judged otherwise.
"""
