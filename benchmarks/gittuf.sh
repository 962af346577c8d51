#!/bin/bash
# gittuf.sh FOLDER FROM TO: the changes FROM…TO, each approved by two people and recorded by a
# third, under a gittuf policy that asks for three. Makes keys and policy where there are none.
set -euo pipefail
folder=$1

cd "$folder"
if [ ! -d r ]; then
  for who in a b c; do ssh-keygen -q -t ed25519 -N '' -C "$who" -f "key-$who"; done
  git init -q -b main r
  cd r
  git config user.name c
  git config user.email c@bench.example
  git config gpg.format ssh
  git config user.signingkey "$folder/key-c"
  git config commit.gpgsign true
  git commit -q --allow-empty -m genesis
  gittuf trust init -k ../key-a
  gittuf trust add-policy-key -k ../key-a --policy-key ../key-a.pub
  gittuf trust apply
  gittuf policy init -k ../key-a
  for who in a b c; do gittuf policy add-key -k ../key-a --public-key "../key-$who.pub"; done
  gittuf policy apply
  gittuf rsl record main # before the rule: nobody approved the first commit
  people=()
  for who in a b c; do people+=(--authorize "$(ssh-keygen -lf "../key-$who.pub" | cut -d' ' -f2)"); done
  gittuf policy add-rule -k ../key-a --rule-name main --rule-pattern git:refs/heads/main \
    "${people[@]}" --threshold 3
  gittuf policy apply
else
  cd r
fi
for number in $(seq "$2" "$3"); do
  git checkout -q -b "post-$number"
  echo "$number" >"post-$number.md"
  git add .
  git commit -q -m "post $number"
  gittuf rsl record "post-$number"
  for who in a b; do gittuf attest authorize -k "../key-$who" -f "post-$number" main; done
  git checkout -q main
  git merge -q --no-ff --no-edit "post-$number"
  gittuf rsl record main
done
