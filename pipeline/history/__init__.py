"""Judge main from its first commit, and what is due on a day.

- `replay`: every change by the registers of its parent; breaks, their acknowledgement, and
  whether what they brought is gone.
- `judge_commits`: the changes that no earlier run judged, in several processes.
- `audit`: replay and the duties of the day in one report; `duties`: these alone, and a month;
  `corrections`: what was put right in records, what that heals, what came late.
- `standing`: what stands at a commit; `delta`: what of it an earlier build judged, and what came
  since.
- `waiting`: what waits for whom, on main and on every branch.
- `simulate`: what other policy and registers would have judged otherwise.
"""
