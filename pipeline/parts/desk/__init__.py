"""The desk: pages on which people without a terminal read, write, approve and record.

A page asks the same functions as the command line. An act is prepared as a statement, signed by a
person's own key, proved, and queued for the one writer. No database, no key, no second judge.

- `app` routes, `gate` lets in, `desk` is what every page works with; `sign_in`, enrolment with it.
- `writer` shares one clone among threads, and puts changes on branches.
- `signing`: from a button to a signed record.
- Pages: `waiting_list` (待我办理, duties); `review`; `write_page` with `drafts`; `operate`
  (入档, publication);
  `inquiries`; `exceptions` (waivers, erasures); `govern` (people, registers, parameters).
- `templates/` and `static/`: Jinja pages, one style, small plain scripts.
"""
