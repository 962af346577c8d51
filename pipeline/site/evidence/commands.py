"""Commands with which readers verify what a site publishes by stock tools alone (decision 0021).

POSIX shell, tar, ssh-keygen, sha256sum, awk. Both texts stand in docs/inspector.md too, for readers
who trust no page.
"""

import shlex
from collections.abc import Iterable
from datetime import datetime

from pipeline.evidence.tar import NAMESPACE
from pipeline.model.calendar import utc_stamp

SIGNERS = r"""signers() {
  awk '
    function bare(text) { gsub(/["\047]/, "", text); return text }
    function stamp(text) {
      text = bare(text)
      if (match(text, /\+08:00$/) == 0) exit 1
      text = substr(text, 1, 19); gsub(/[^0-9]/, "", text); return text
    }
    function flush() {
      if (reason == "compromised") key = ""
      if (person && key)
        print person " namespaces=\"sanshen-review@v1\",valid-after=\"" from "\"" \
          (end == "" ? "" : ",valid-before=\"" end "\"") " " key
      person = key = from = end = reason = ""
    }
    /^[a-z]/ { flush(); listed = ($1 == "keys:") }
    listed == 0 { next }
    $1 == "-" { flush(); sub(/- */, "") }
    $1 == "person:" { person = bare($2) }
    $1 == "key:" { key = bare($2) " " bare($3) }
    $1 == "from:" { from = stamp($2) }
    $1 == "until:" || $1 == "revoked_at:" {
      until = stamp($2); if (end == "" || until < end) end = until
    }
    $1 == "revocation:" { reason = bare($2) }
    END { flush() }'
}
"""
"""From a roster on standard input the lines of allowed_signers; times are those of TZ=CST-8.
Compromised keys are left out altogether."""

_CHECKS = r"""export TZ=CST-8
trap 'test $? = 0 || echo "核验不通过：$step"' EXIT
manifest= previous=null
test "$revision" = 1 || previous='.*'
for step in 1-first 2-second 3-final 4-confirm; do
  tar xf evidence.tar "$step.json" "$step.json.sig"
  field() { awk -F'"' -v name="$1" '$2 == name { print $4 }' "$step.json"; }
  by=$(field by)
  test -z "$by" || echo "$step 由 $by 平台见证"
  ssh-keygen -Y verify -f allowed_signers -I "${by:-$(field reviewer)}" -n sanshen-review@v1 \
    -O verify-time="$(field signed_at | cut -c1-19 | tr -cd 0-9)" \
    -s "$step.json.sig" < "$step.json"
  for says in "\"archive\": \"$archive\"" "\"post\": \"$post\"" "\"revision\": $revision" \
    "\"step\": \"${step#*-}\"" '"decision": "approve"' "\"previous\": $previous"; do
    grep -qxE " *$says,?" "$step.json"
  done
  awk -F'"' -v folder="content/posts/${post%%-*}/$post/" '
    $2 == "sha256" { digest = $4 }
    $2 == "name" { sub("^" folder, "", $4); print digest "  " $4 }
  ' "$step.json" > manifest.sha256
  test "${manifest:=$(sha256sum < manifest.sha256)}" = "$(sha256sum < manifest.sha256)"
  for file; do grep -qxF "$(sha256sum < "$file" | cut -c1-64)  $file" manifest.sha256; done
  previous="\"$(cat "$step.json" "$step.json.sig" | sha256sum | cut -c1-64)\""
done
grep -h '"reviewer":' 1-first.json 2-second.json 3-final.json | sort -u | wc -l | grep -qw 3
echo "清单 $(grep -c . manifest.sha256) 个文件中核对了 $# 个，清单摘要 ${manifest%% *}"
echo "核验通过：$post 第 $revision 版"
"""


def two_lines(stem: str, person: str, signed_at: datetime) -> str:
    """Commands that verify one signature: who signed these bytes, and nothing of the post.

    `stem`: of the step's file names; `person`: id in allowed_signers.
    """
    return (
        f"tar xf evidence.tar {stem}.json {stem}.json.sig\n"
        f"ssh-keygen -Y verify -f allowed_signers -I {shlex.quote(person)} -n {NAMESPACE} "
        f"-O verify-time={utc_stamp(signed_at)} -s {stem}.json.sig < {stem}.json\n"
    )


def recipe(archive: str, post: str, revision: int, files: Iterable[str]) -> str:
    """Commands for a folder that holds evidence.tar, allowed_signers and the post's `files`.

    Their last line begins with 核验通过, and the exit code is 0, when all of this held and only
    then: four signatures by keys in force, each over a statement that approves this post, revision
    and step and names the one before; three reviewers; one list of files; the `files` as listed.
    They run in a subshell, so that a failure ends it and not the shell they were pasted into.
    """
    about = shlex.join((f"archive={archive}", f"post={post}", f"revision={revision}"))
    return f"(\nset -e\n{about}\n{shlex.join(('set', '--', *files))}\n{_CHECKS})\n"
