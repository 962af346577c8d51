"""Article 10: quality (第十条 真实、准确、及时和适用).

1. An alert states its warning; colour and level belong together (1 red, 2 orange, 3 yellow,
   4 blue), in the text as in the front matter, title and text name no other colour, and it ends
   after it starts. Dates exist and weekdays are theirs, the class of an accident is the one its
   figures make, numbers, days and times of the title and claims listed as facts stand in the text,
   document numbers have their form; common misspellings and slips of typing are noted. An alert,
   an accident's report or a refuted rumour bears that kind, whatever it calls itself, and meets
   the checks of it.
   | Human: whether the facts are true; the department of origin answers for them.
   accepted: what a red warning means, told as a tip.
   violated: a red warning that is issued today, as a notice without its level and times.
   boundary: a refuted rumour as a notice, which is noted.
   next: write the kind that fits and fill in what it asks for.
2. Content still called valid after its last day is noted, and an alert that is planned for after
   its end; content does not end before it begins. That an alert is over is shown from its own
   times. | Human: whether the content is of use.
   accepted: content that is valid until a day to come, or names no day.
   violated: content that expires before it takes effect; one still called valid after its last day
   is noted.
   boundary: its last day; an alert that is planned for the minute at which it ends.
   next: publish a revision with `validity: expired`, or correct the days; of an alert that is over
   say so in the text.
3. There is a text, no HTML in it, and no Markdown that is too much, too deep or repeats a long
   address by reference too often; of a post that stands it is noted. A long title, long sentences
   and long paragraphs are noted, and a summary that only repeats the title.
   | Human: whether theme and language are clear.
   accepted: a short title and a text in plain Markdown.
   violated: a text with `<br>` or a hidden HTML comment.
   boundary: a title of thirty characters, a sentence of eighty, a paragraph of three hundred;
   longer ones are noted.
   next: write it as Markdown and look at `sanshen preview`; divide what is long.
4. Official clichés are noted when a text holds many of them. | Human: tone.
   accepted: a text with one or two clichés.
   violated: three clichés in nine hundred characters, which is noted.
   boundary: three in a thousand characters (quality.cliche_per_thousand).
   next: say who did what and when, and what came of it; the note holds nothing back.
5. Every picture has an alternative text that is more than its file name, can be read and is of
   the format that its ending says, as are sounds, films and PDFs, and has nothing behind its end;
   a WeChat post without picture, sound, film or link is noted, and one full of emoji, and a film
   without captions.
   | Human: whether the text describes the picture.
   accepted: a picture beside the post, with words that describe it.
   violated: a picture whose alternative text is its file name, or bytes behind its end.
   boundary: a WeChat post with a link alone; one with nothing but text, or with nine emoji
   (quality.emoji_max), is noted, and a film with a transcript but no captions.
   next: describe it between the square brackets; save a damaged file anew as PNG or JPEG.
6. A link to a heading of the post or to a post of the archive leads to one that is there; none
   leads to a host that policy denies or to a disguised address; plain http and hosts outside
   policy's list are noted. A linked file lies beside the post and is of a kind that is published.
   | Human: whether an outside link opens, and what stands behind it.
   accepted: a link to a ministry's page, or to a post of the archive.
   violated: a link to a bare IP address or to a denied host; a linked file that is not beside the
   post.
   boundary: a host on no list, and plain http, are noted.
   next: link the page itself, put the file beside the post, or leave the link out.
"""

from pipeline.model.law import ItemClause, published_since, rule
from pipeline.rules.a10_quality.shown import (
    captioned_films,
    described_pictures,
    illustrated,
    linked_files,
    nothing_behind,
    safe_links,
    sound_files,
)
from pipeline.rules.a10_quality.text import (
    brief,
    consistent_alert,
    consistent_facts,
    few_cliches,
    in_force,
    kind_fits,
    proofread,
    showable,
)

_media_checked = published_since("media.checked_from")

RULE = rule(
    ItemClause(1, consistent_alert, ("kind", "title")),
    ItemClause(1, kind_fits, ("kind", "title")),
    ItemClause(1, consistent_facts, ("title",)),
    ItemClause(1, proofread),
    ItemClause(2, in_force),
    ItemClause(3, brief, ("title", "summary")),
    ItemClause(3, showable),
    ItemClause(4, few_cliches),
    ItemClause(5, described_pictures),
    ItemClause(5, captioned_films),
    ItemClause(5, sound_files),
    ItemClause(5, nothing_behind, applies=_media_checked),
    ItemClause(5, illustrated),
    ItemClause(6, safe_links),
    ItemClause(6, linked_files, applies=_media_checked),
)
