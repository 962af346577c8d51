"""The desk: pages on which people without a terminal read, write, approve and record.

A page asks the same functions as the command line. An act is prepared as a statement, signed by a
person's own key, proved, and queued for the one writer. No database, no key, no second judge.

- `app` routes, `gate` lets in, `frame` is what every page is drawn with; `sign_in`, enrolment too.
- `desk`: what one desk runs on, for pages that read the archive themselves, and the way from a
  button to a signed record; `acting`: acts as forms.
- `writer` shares one clone among threads, and puts changes on branches; `merging`: 入档.
- Its own pages: `waiting_list` (待我办理) and `write_page`. Parts bring the others.
- `drafts` are values, `writing` is what the writer's pages ask of them, `draft_branches` answers.
- `templates/` and `static/`: Jinja pages, one style, small plain scripts.
"""
