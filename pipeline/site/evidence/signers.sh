signers() {
  awk '
    function bare(text) { gsub(/["\047]/, "", text); return text }
    function stamp(text) {
      text = bare(text)
      if (match(text, /\+08:00$/) == 0) exit 1
      text = substr(text, 1, 19); gsub(/[^0-9]/, "", text); return text
    }
    function flush() {
      if (reason == "compromised" && since == "") key = ""
      if (person && key)
        print person " namespaces=\"sanshen-review@v1\",valid-after=\"" from "\"" \
          (end == "" ? "" : ",valid-before=\"" end "\"") " " key
      person = key = from = end = reason = since = ""
    }
    /^[a-z]/ { flush(); listed = ($1 == "keys:") }
    listed == 0 { next }
    $1 == "-" { flush(); sub(/- */, "") }
    $1 == "person:" { person = bare($2) }
    $1 == "key:" { key = bare($2) " " bare($3) }
    $1 == "from:" { from = stamp($2) }
    $1 == "revoked_from:" && $2 ~ /T/ { since = stamp($2) }
    $1 == "until:" || $1 == "revoked_at:" || ($1 == "revoked_from:" && since) {
      until = stamp($2); if (end == "" || until < end) end = until
    }
    $1 == "revocation:" { reason = bare($2) }
    END { flush() }'
}
