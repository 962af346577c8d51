"""Article 13: content safety (第十三条 意识形态及信息内容安全).

1. The confirmation states each of the seven bottom lines under the regulation in force;
   what is looked at is that statement. | Human: the head of the lead department judges them.
   accepted: a confirmation that states all seven bottom lines under today's regulation.
   violated: a confirmation that leaves one of them unstated.
   boundary: a post that is not confirmed yet, which Article 15 awaits; a published one keeps the
   wording of its day.
   next: the head of the lead department checks the post and runs `sanshen confirm POST` again.
   bottom-line-unstated: The confirmation does not state the bottom line of {line}. | The head of
   the lead department checks it and confirms again.
   bottom-lines-outdated: The bottom lines were confirmed under another wording of the regulation. |
   The head of the lead department confirms again under today's regulation.
2. No word that the lexicons list as advertising, gambling, violence, pornography, cult or
   politically harmful, and no sentence that joins two ways of selling; a signed waiver may excuse
   one use. Each entry that a change leaves in them finds what its own examples say.
   | Human: what no list of words can find.
   accepted: a warning of a fraud that quotes its advertisement; a call for tenders.
   violated: “现价980，名额仅剩5个”, “批发零售，加微信看样品”.
   boundary: a text that stands since before is noted only, but for listed words.
   next: take out prices, praise and calls to buy.
3. No mark of secrecy or internal use, no key, token or password in text, tables, links, front
   matter, file names, snapshots and attachments; a person in office other than the author has
   reviewed the secrecy between writing and publication. | Human: whether the content is secret.
   accepted: a text about keeping secrets, reviewed for secrecy by a person other than its author.
   violated: a mark of secrecy, a password, or a secrecy review by the author.
   boundary: a review on the day of publication; words that only speak of internal material are
   noted.
   next: do not publish it: tell the secrecy office of a mark, replace a password at once, have
   another person review.
   internal-material-mentioned: The post speaks of internal material. | Check that nothing of it
   comes from a text that is not for the public.
   secrecy-mark-shown: The post bears a mark of secrecy or of internal use. | Do not publish it;
   take it off this network and tell the secrecy office.
   secrecy-review-misdated: The secrecy review is not between the writing and the publication. |
   Correct the date; a review made before the text was written is none.
   secrecy-reviewed-by-author: The author reviewed the secrecy of the own text. | Have somebody else
   review it for secrecy.
   secrecy-reviewer-unfit: {person} could not review for secrecy that day. | Have an information
   officer, a section head or a leader review it.
   secret-shown: The post holds {what}. | Take it out and replace it: readers of the draft know it.
4. No short link that hides its page, no scheme that opens a program; hosts are judged with
   Article 10. No file beside the post holds scripts, macros or other files, starts a program or is
   encrypted. | Human: what stands behind a link.
   accepted: links to pages by https, to an address for letters, to a telephone number.
   violated: a short link, also one that is only written out; a file with macros or a password.
   boundary: a host whose name only ends like that of a short link.
   next: link the page itself; save the file anew, without macros and password.
   cell-holds-formula: A cell begins like a formula, which runs when the table is opened
   (`{place}`). | Write the value instead of the formula; put no `=`, `+`, `-` or `@` before words.
   file-declares-doctype: The file declares a document type, which no office program writes
   (`{place}`). | Save it anew in an office program.
   file-embeds-files: Other files are embedded in the file. | Put them beside post.md and link them;
   save this one without them.
   file-encrypted: The file is encrypted, so it cannot be checked. | Save it without password and
   restrictions.
   file-fetches-outside: The file fetches something from elsewhere when it is opened (`{place}`). |
   Detach the template, and put in pictures instead of linking them.
   file-hides-objects: The file hides objects in a form that nothing here can unpack. | Save it as
   PDF anew by “print to PDF”, which leaves this out.
   file-holds-deleted: The file still holds deleted words or comments (`{place}`). | Accept all
   changes, delete the comments, and save it anew.
   file-holds-macros: The file holds macros. | Save it without macros, as .docx, .xlsx or .pptx.
   file-holds-script: The file holds a program (JavaScript or a form with scripts). | Save it as PDF
   anew by “print to PDF”, which leaves this out.
   file-starts-program: The file starts another program. | Save it as PDF anew by “print to PDF”,
   which leaves this out.
   file-unpacks-outside: A part of the file is to be unpacked outside of its folder (`{place}`). |
   Save it anew in an office program.
   link-hides-page: A short link hides the page that it leads to. | Link the page itself.
   link-leads-nowhere: A link leads to no page (scheme {scheme}). | Link a page by http or https.
5. Each version of a text that a machine wrote or helped with says so, and no other does. Beside
   `ai: none` lies no file whose metadata say that a machine made it (GB 45438-2025, C2PA, IPTC).
   | Human: whether a machine made what carries no label.
   accepted: `ai: generated` with its label in every version, or `ai: none` of a text that people
   wrote.
   violated: `ai: none` beside a picture whose metadata say that a machine made it.
   boundary: a withdrawn post, whose text is not shown any more.
   next: write `ai: generated` or `ai: assisted`; never remove a label: of a wrong one ask the maker
   for another file.
   ai-label-false: The {channel} version says that a machine made it. | Correct ai: it says none.
   ai-label-ignored: {file} carries the label of what a machine made, but ai says none. | Write `ai:
   generated` or `ai: assisted`. A label must not be removed; if this one is wrong, ask its maker
   for a file without it.
   ai-label-missing: The {channel} version does not say that a machine made it. |
6. Words of personal views and moods are noted, in a reply refused. | Human: tone.
   accepted: “专家认为水位将回落”, a view with its owner.
   violated: “我认为不妥” in a post, which is noted.
   boundary: “呵呵” is noted in a tip and refused in a reply.
   next: say what the bureau did or decided, not what the writer feels.
7. Nothing registered is changed without authority: a change of governance, rules, site or workflows
   stands alone and carries the signatures of the head of the lead department and of a leader over
   exactly its files, of none who lost a key that it stops; a new program comes with its settings,
   pages and workflows, is the one that its lock names, and is never set back. What it leaves of
   registers, law, schemas and theme can be read and used, and the log keeps its name. Nothing
   unknown, no special file, no removed medium and no commit of a time to come or without a readable
   one enters, no review or signed record is rewritten, and no post or record is deleted. A proposal
   waits while its base came into force unlawfully.
   | Human: whether the change is wise.
   accepted: posts, reviews and records in one change; a register that the head and a leader signed.
   violated: a register beside a post in one change, a signed review that is rewritten, a token of
   trusted time beside a review, or a lock that names an older program.
   boundary: a proposal waits for the second signature; one person in both offices signs once; a
   commit that is dated ten minutes ahead.
   next: split the change; head and leader run `sanshen authorise --reason … --commit`; what is
   wrong in a record is corrected beside it.
   base-unlawful: The base itself does not stand: commit {commit} changed registers or rules without
   lawful authorisation. | Run `sanshen audit`; restore registers and rules as they last stood
   lawfully, and have the break acknowledged. Then verify again.
   change-mixed: The change mixes {one} ({path}) with {other} ({other_path}). | Split it: each of
   these classes is a change of its own.
   commit-in-future: Commit {commit} is dated in the future. | Set the clock right and make the
   commit anew: git commit --amend --no-edit.
   commit-undated: Commit {commit} does not say readably when it was made. | Make it anew: `git
   commit --amend --reset-author`.
   consent-in-future: The signature of {person} lies in the future. | Sign the change again as it
   stands now, or remove the record.
   consent-key-lost: {person} lost a key that this change stops: the consent does not count. |
   Another leader, or the principal, consents with the head.
   consent-other-files: {person} signed other files than the change holds. | Sign the change again
   as it stands now, or remove the record.
   consent-other-roster: {person} signed under another roster than today's. | Sign the change again
   as it stands now, or remove the record.
   consent-signer-unfit: {person} could not authorise the change that day. | Sign the change again
   as it stands now, or remove the record.
   consents-too-few: A change of {area} awaits signatures of {n} people. | They run on this branch:
   sanshen authorise --reason … --commit
   erasure-awaited: Erasing {post} awaits a second signature. | The other signer runs `sanshen
   expunge` on this branch.
   file-passing: The change adds and removes a file that stays in its history. | Make the change
   anew from its base, without that file.
   head-consent-missing: A change of {area} awaits the head of the lead department. | They run on
   this branch: sanshen authorise --reason … --commit
   leader-consent-missing: A change of {area} awaits a leader's signature. | They run on this
   branch: sanshen authorise --reason … --commit
   log-renamed: With the new address the publication log would lose its name. |
   path-unknown: Make the change anew without that file; one that stands may stay.
   post-deleted: A post is deleted. | Restore it and withdraw it: a new revision with validity:
   withdrawn.
   record-deleted: A record is deleted; what was recorded stays. | Restore it; what is wrong in it
   is corrected beside: `corrected`, with a reason.
   signed-file-changed: A signed file is changed or deleted; what was signed stands. | Restore it; a
   new decision is a new file.
8. The half-yearly declaration of every information officer on staff conduct is there and fresh.
   | Human: conduct.
   accepted: a declaration of every information officer within the half-year.
   violated: an information officer without declaration, or one signed by another person.
   boundary: six months and the days of grace after the last day that was declared.
   next: each signs `sanshen declare staff-conduct`, late or not; what is not true is not signed but
   reported to the head.
9. Each unit whose work is concerned has agreed before the final review; other units that the text
   names are noted. | Human: whether another unit is concerned.
   accepted: a unit whose work is concerned, with its agreement of the day before the final review.
   violated: a unit under `involves_units` without its agreement.
   boundary: an agreement on the day of the final review; a unit that only the text names is noted.
   next: ask the unit and enter contact, day and evidence; if it agreed later, have the text
   reviewed again.
   agreement-late: {unit} agreed only after the final review. | Have the text reviewed again with
   what was agreed.
   agreement-missing: The agreement of {unit} is missing. | Coordinate with it, and add unit,
   contact, date and evidence.
   units-mentioned: Other units are named: {units} | If their work is concerned, list them in
   involves_units and coordinate.
10. No private data in text, tables, links, front matter, file names, snapshots, attachments,
   pictures' metadata, records, reviews and commit messages, however it is written; masked values,
   credit codes and published numbers pass, and what may be private is noted. Of a text that could
   not be read it says nothing. No child is named with school or class, or shown in a picture,
   without a guardian's consent. | Human: faces, plates and documents in pictures.
   accepted: 张某, 138****0000, the hotline 12345.
   violated: a plate in an accident's report, under whatever kind; a pupil's name with the class.
   boundary: a body with an invisible character is not evaluated, and refused for the character.
   next: mask it, and make the commit anew.
   child-identified: A child is named with school or class: {value} |
   child-possible: {file} seems to show a child. | Enter minor beside its alt: none if no child can
   be recognised, masked, or shown, which needs guardian_consent.
   child-without-consent: {file} shows a child, and no guardian's consent is on record. |
   commit-private-data: The message of commit {commit} holds {what}: {value} | Write the commit anew
   (git commit --amend) before it is merged.
   file-names-author: The file names its author in its metadata. | Remove the author from the file's
   properties.
   file-not-searched: The machine has not looked into all of this file. | Search it by eye for
   private data before you sign, or add it as .txt, .csv or .docx.
   file-shows-position: The file says where it was made (GPS position). | Save it anew without its
   metadata, for example as a screenshot.
   guardian-consent-late: The guardian consented only after the publication. | Publish only when
   consent has been given, or mask the child.
   private-data-possible: This may be {what}: {value} |
   private-data-shown: The post shows {what}: {value} |
   record-private-data: The record holds {what}: {value} |
   record-private-possible: This may be {what}: {value} |
11. An exemption fits the post, allows no kind that is never exempt, ends in time and is the final
   reviewer's; when it is over, the page is de-identified or withdrawn.
   | Human: whether the law demands the disclosure.
   accepted: a penalty's post with an exemption that the final reviewer approved.
   violated: the exemption of a penalty in a tip, or one for identity numbers, which are never
   exempt.
   boundary: three years to the day (exemption.max_years); the last day of the exemption.
   next: mask what is not exempt; when the time is over, publish a revision without the data or
   withdraw the post.
   exemption-ended: The exemption ends before the post is published. | Correct
   pii_exemption.expires_on.
   exemption-field-forbidden: No exemption allows {what}. | Take it out of fields and mask it.
   exemption-giver-differs: The exemption was approved by another person than the final reviewer. |
   Name the final reviewer in pii_exemption.approved_by.
   exemption-giver-unfit: {person} is no leader who can approve an exemption. | Name the leader who
   will sign the final review.
   exemption-over: The private data of {post} is shown until {day}. | Publish a revision without the
   data and the exemption, or withdraw the post.
   exemption-too-long: The exemption lasts longer than {years} years. | Correct
   pii_exemption.expires_on.
   exemption-type-unfit: An exemption of this type does not fit the post. | penalty needs kind:
   penalty; mandatory-disclosure needs disclosure: mandatory.
12. Unchecked: whether a text discloses a trade secret (泄露商业秘密) no list of words can find;
   marks of one, such as 商密, are refused with clause 3. | Human: all of it.
"""

from pipeline.detect.examples import examples_hold, failed_words
from pipeline.detect.words import listed_words
from pipeline.model import archive, duties, evidence, law, posts

from . import change, text


def _exempted(post: posts.Post, _archive: archive.Archive) -> bool:
    return "pii_exemption" in post.meta


_media_checked = law.published_since("media.checked_from")

RULE = law.rule(
    law.ItemClause(
        1, text.secrecy_stated, applies=law.reviewed, declared=law.stated_at(evidence.Step.CONFIRM)
    ),
    law.ItemClause(2, listed_words(*text.FORBIDDEN)),
    law.ChangeClause(2, examples_hold(failed_words), always=True),
    law.ItemClause(3, text.no_secrets),
    law.ItemClause(4, text.open_links),
    law.ItemClause(4, text.harmless_files, applies=_media_checked),
    law.ItemClause(5, text.labelled, ("ai",)),
    law.ItemClause(5, text.labels_heeded, ("ai",), applies=_media_checked),
    law.ItemClause(6, text.personal_views),
    law.ChangeClause(7, change.authorised_change, always=True),
    law.ChangeClause(7, change.dated_by_now, always=True),
    law.ChangeClause(7, change.lawful_base, always=True),
    law.ChangeClause(7, change.lawful_program, always=True),
    law.ChangeClause(7, change.drawable_theme, always=True),
    law.ChangeClause(7, change.log_keeps_name, always=True),
    duties.declaration(8, "staff-conduct"),
    law.ItemClause(9, text.coordinated),
    law.ItemClause(10, text.without_private_data),
    law.ItemClause(10, text.children_shielded, ("guardian_consent", "media")),
    law.ChangeClause(10, text.clean_commit_messages),
    law.ChangeClause(10, text.clean_records),
    law.ItemClause(11, text.exemption_allowed, applies=_exempted),
    law.PeriodClause(11, text.exemptions_ended),
    law.Unchecked(12),
)
