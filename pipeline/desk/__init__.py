"""The desk: pages on which people without a terminal read, write, approve and record.

`app` routes and guards (`gate`); a page asks the same functions as the command line. Every act is
prepared as a statement, signed by a person's own key (`signing`), proved, and handed to the one
writer of the clone (`writer`), which commits and pushes. No database, no key, no second judge.
"""
