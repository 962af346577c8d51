"""Article 9: scope and reprints (第九条 信息发布内容、规范转载发布).

1. The post belongs to one of the seven kinds of content; kind 4 has the consent of the person
   portrayed, 5 its evidence, 6 a justification, 7 the approval of a leader in office.
   | Human: whether the kind named is the true one.
2. A reprint comes from a listed source on one of its hosts, or from a government site; else it
   needs an exception by the final reviewer. One that is not in the register is named by the post.
   A post of kind reprint is none of the bureau's own.
   | Human: whether the exception is sound, and the name the source's own.
3. A reprint says why it may be reprinted, with evidence where it rests on permission.
   | Human: whether the permission is genuine.
4. Every rendition of a reprint shows the source line, and the archive and the APP link the source.
   | Human: nothing.
5. Title and text of a reprint agree with the snapshot of the source, and a number that does not
   stand there is noted; an excerpt is not compared.
   | Human: whether the meaning is kept; the second reviewer states it.
6. Every picture, sound and film beside the post is listed with author and licence; a portrait
   without consent on record is noted. | Human: whether author and licence are true.
"""

from pipeline.model.archive import Archive
from pipeline.model.law import ItemClause, Rule
from pipeline.model.posts import Post
from pipeline.rules.a09_reposts.likeness import undistorted
from pipeline.rules.a09_reposts.media import media_known
from pipeline.rules.a09_reposts.scope import within_scope
from pipeline.rules.a09_reposts.sources import listed_source, permitted, source_shown


def _reposted(post: Post, _archive: Archive) -> bool:
    return post.meta.get("origin") in ("reprint", "forward")


def _said_to_be(post: Post, archive: Archive) -> bool:
    return _reposted(post, archive) or post.meta.get("kind") == "reprint"


def _sourced(post: Post, archive: Archive) -> bool:
    """A reprint that still shows its content: a withdrawn post keeps no text to compare."""
    return _reposted(post, archive) and "source" in post.meta and not post.withdrawn


RULE = Rule(
    (
        ItemClause(1, within_scope, ("category",)),
        ItemClause(2, listed_source, ("origin",), _said_to_be),
        ItemClause(3, permitted, ("origin",), _reposted),
        ItemClause(4, source_shown, ("origin",), _sourced),
        ItemClause(5, undistorted, ("origin", "title"), _sourced),
        ItemClause(6, media_known),
    )
)
