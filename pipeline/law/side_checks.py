"""What is judged beside the clauses, under any law: a finding of these counts against the clause
that owns the key, the record or the wording, and has that clause's number in every report.

1. A file of text, and a folder of the archive, can be read as what it is: UTF-8 in composed signs,
   without unfinished merges, one front matter, YAML of plain values, no key twice, no path without
   a place, no file or post beyond its size. | Human: nothing.
   accepted: a post.md saved as UTF-8 by any editor, with its front matter between two lines `---`.
   violated: a record with a full-width colon behind a key; marks of a merge that was not finished.
   boundary: a file of exactly the size that is still read.
   next: correct the line that is named; `sanshen check` tells in seconds whether it can be read.
2. Keys and values are those of the schema: each key is known, none that is required is missing, and
   a value has its type, form and range. | Human: whether the value is the true one.
   accepted: a post, register or record with the keys that its schema names, in any order.
   violated: `nmae` for `name`; a day that no calendar has; a word where a number belongs.
   boundary: a value of the greatest length or range that the schema allows; an optional key that is
   absent.
   next: correct the key that is named; its description stands in the schema and in the guide of
   registers.
3. No register is missing, and their entries fit together: ids that they name exist, no office and
   no address of mail belongs to two, a calendar is of its year, word lists and patterns can be
   searched with, and a limit is set to a parameter there is. | Human: whether the entry is true.
   accepted: two people in one role of one department, one after the other.
   violated: a second head of a department at the same time; a term of two signs, which nearly every
   text would hold.
   boundary: an office that ends on the day before the next one begins.
   next: correct one of the entries in a change of its own, which the head and a leader sign.
4. A record is what its name, its kind and its signature say: it lies under its own name, holds what
   its kind asks, and was signed with a key of that person in force, for this archive; whom and what
   it names is in a register, and no period ends before it begins. | Human: whether it happened so.
   accepted: a declaration that its signer made with `sanshen declare`, stored as it was written.
   violated: one byte of it changed after the signature; a record signed for another archive.
   boundary: a key that ended in the minute after the signature.
   next: sign it again with the command of its kind; a file that was only misnamed is named again.
5. What a plain record tells was entered once and in order: an event that stands is corrected beside
   it and never rewritten, follows the one that it answers, and a correction counts when it is
   signed; a relay lies in a year in which its post looks for it; who entered something for another,
   and what was entered late, is noted.
   | Human: whether the times are the true ones.
   accepted: a reply added to an inquiry that stands; a signed item of `corrected` for a wrong time.
   violated: the time of a reply overwritten after it came to main, or set before the inquiry.
   boundary: a reply in the very second of its inquiry; an entry within the hours that count as on
   time.
   next: restore what stood, add an item to `corrected`, and have it signed with `sanshen attest`.
6. A waiver excuses words that were found in this post, and lies under its name; one that excuses
   nothing, or ran out after the post was published, is noted. | Human: whether to excuse it.
   accepted: a waiver of the clause and the words that the finding names, signed before its last
   day.
   violated: a waiver for a post that is not there, or named for another.
   boundary: its last day; a day later the published post stands, with a note.
   next: `sanshen waive` signs one for the content as it is now; one that excuses nothing may stay.
7. A clause that fails to run refuses, and a rule of the archive's own that a newer program cannot
   run is noted for what is past; once it refuses, a clause lists at most five hundred findings on a
   post.
   | Human: nothing.
   accepted: a clause that ends, whatever it found.
   violated: a rule that raises an error: nothing is published until it is mended.
   boundary: as many findings as are listed; one more is told as more.
   next: report the id of the post, or mend the archive's own rule; mend what is listed and check
   again.
"""

from pipeline.law.rulebook import clause_texts
from pipeline.model.law import Article

BESIDE = Article("S", "条款之外", "", None, __name__, dict(clause_texts(__doc__ or "")), {}, {})
"""They stand in no article: `sanshen explain S-2`, or the name of a finding, tells them."""
