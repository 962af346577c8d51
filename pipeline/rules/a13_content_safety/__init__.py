"""Article 13: content safety (第十三条 意识形态及信息内容安全).

1. The confirmation states each of the seven bottom lines under the regulation in force;
   what is looked at is that statement. | Human: the head of the lead department judges them.
2. No word that the lexicons list as advertising, gambling, violence, pornography, cult or
   politically harmful, and no sentence that joins two ways of selling; a signed waiver may excuse
   one use. | Human: what no list of words can find.
   accepted: a warning of a fraud that quotes its advertisement; a call for tenders.
   violated: “现价980，名额仅剩5个”, “批发零售，加微信看样品”.
   boundary: a text that stands since before is noted only, but for listed words.
   next: take out prices, praise and calls to buy.
3. No mark of secrecy or internal use, no key, token or password in text, tables, links, front
   matter, file names, snapshots and attachments; a person in office other than the author has
   reviewed the secrecy between writing and publication. | Human: whether the content is secret.
4. No short link that hides its page, no scheme that opens a program; hosts are judged with
   Article 10. No file beside the post holds scripts, macros or other files, starts a program or is
   encrypted. | Human: what stands behind a link.
5. Each version of a text that a machine wrote or helped with says so, and no other does. Beside
   `ai: none` lies no file whose metadata say that a machine made it (GB 45438-2025, C2PA, IPTC).
   | Human: whether a machine made what carries no label.
6. Words of personal views and moods are noted, in a reply refused. | Human: tone.
7. Nothing registered is changed without authority: a change of governance, rules, site or workflows
   stands alone and carries the signatures of the head of the lead department and of a leader over
   exactly its files; nothing unknown, no special file, no removed medium and no commit of a time
   to come enters, no review or signed record is rewritten, and no post or record is deleted.
   | Human: whether the change is wise.
8. The half-yearly declaration of every information officer on staff conduct is there and fresh.
   | Human: conduct.
9. Each unit whose work is concerned has agreed before the final review; other units that the text
   names are noted. | Human: whether another unit is concerned.
10. No private data in text, tables, links, front matter, file names, snapshots, attachments,
   pictures' metadata, records, reviews and commit messages, however it is written; masked values,
   credit codes and published numbers pass, and what may be private is noted. Of a text that could
   not be read it says nothing. | Human: faces, plates and documents in pictures.
   accepted: 张某, 138****0000, the hotline 12345.
   violated: a plate in an accident's report, under whatever kind.
   boundary: a body with an invisible character is not evaluated, and refused for the character.
   next: mask it, and make the commit anew.
11. An exemption fits the post, allows no kind that is never exempt, ends in time and is the final
   reviewer's; when it is over, the page is de-identified or withdrawn.
   | Human: whether the law demands the disclosure.
"""

from pipeline.detect.words import listed_words
from pipeline.model.archive import Archive
from pipeline.model.duties import declaration
from pipeline.model.law import (
    ChangeClause,
    ItemClause,
    PeriodClause,
    published_since,
    reviewed,
    rule,
)
from pipeline.model.posts import Post
from pipeline.rules.a13_content_safety.change import authorised_change
from pipeline.rules.a13_content_safety.privacy import (
    clean_commit_messages,
    clean_records,
    exemption_allowed,
    exemptions_ended,
    without_private_data,
)
from pipeline.rules.a13_content_safety.text import (
    FORBIDDEN,
    coordinated,
    harmless_files,
    labelled,
    labels_heeded,
    no_secrets,
    open_links,
    personal_views,
    stated,
)


def _exempted(post: Post, _archive: Archive) -> bool:
    return "pii_exemption" in post.meta


_media_checked = published_since("media.checked_from")

RULE = rule(
    ItemClause(1, stated, applies=reviewed, declared=True),
    ItemClause(2, listed_words(*FORBIDDEN)),
    ItemClause(3, no_secrets),
    ItemClause(4, open_links),
    ItemClause(4, harmless_files, applies=_media_checked),
    ItemClause(5, labelled, ("ai",)),
    ItemClause(5, labels_heeded, ("ai",), applies=_media_checked),
    ItemClause(6, personal_views),
    ChangeClause(7, authorised_change),
    declaration(8, "staff-conduct"),
    ItemClause(9, coordinated),
    ItemClause(10, without_private_data),
    ChangeClause(10, clean_commit_messages),
    ChangeClause(10, clean_records),
    ItemClause(11, exemption_allowed, applies=_exempted),
    PeriodClause(11, exemptions_ended),
)
