export TZ=CST-8
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
