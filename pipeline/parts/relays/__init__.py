"""Important items of superior bodies (Article 5) and of whom one may repost (Article 9).

It brings the sources, what was seen there, and the items that the accounts relay within
twelve hours.
"""
