"""这条通知是真的吗: a reader's text, picture or code against what the archive published.

What the site publishes of it are digests: by them a browser finds the page of the post that it is
asked about, and compares with that page and its pictures. Nothing of the question is sent
(docs/decisions/0079). The part reads posts, statements and pictures, and writes nothing but files
of the site below ``authenticity/``.
"""
