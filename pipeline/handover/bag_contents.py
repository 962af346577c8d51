"""What a bag says of itself: who signed what, and how to verify it with stock tools."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pipeline.evidence.review.statements import NAMESPACE
from pipeline.model.archive import Archive
from pipeline.model.calendar import SHANGHAI, utc_stamp
from pipeline.model.evidence import Review, Step
from pipeline.model.filings import filings_of
from pipeline.model.forms import manifest_digest
from pipeline.model.posts import Post

README = """\
{year} 年移交包（BagIt，RFC 8493）
================================

本包由一份可核验的档案仓库按年导出，脱离原系统也能独立核验。

内容
----
content/posts/      每条信息的原稿与媒体文件，逐字节与签审时相同
content/reviews/    初审、复审、终审、发布前确认的签名记录（.json）与签名（.json.sig）
content/records/    发布登记、更正撤回、审批表归档及扫描件、授权
content/registers/  人员、账号、密钥名册等登记册；content/regulation.md 为当时的细则
posts/<编号>/       各渠道的发布文本、文件清单 files.sha256、证据目录 evidence.json
forms/              信息发布审批表（PDF/A）
index.json          全年目录；signatures.tsv 全部有效签名；allowed_signers 公钥名册

核验（在本包的 data 目录中逐条执行）
------------------------------------
一、全部文件未被改动（也可在上一级目录用 bagit.py --validate .）：

    (cd .. && sha256sum --quiet -c manifest-sha256.txt)

二、每条信息的文件与签审清单一致：

    cat posts/*/files.sha256 | sha256sum --quiet -c -

三、每个签名都出自名册中的公钥，且签署时公钥有效（需 OpenSSH 8.9 以上）：

    while IFS="$(printf '\\t')" read -r person time path; do
      ssh-keygen -Y verify -f allowed_signers -I "$person" -n {namespace} \\
        -O verify-time="$time" -s "$path.sig" < "$path" || exit 1
    done < signatures.tsv

四、签名记录（.json）中 subject 列出的文件名与 sha256，应与第二步的清单逐行相同；
previous 为上一步的记录与其签名（.json、.json.sig）首尾相连后的 sha256。

机器核验通过不等于合规结论。
"""


def reviews_of(archive: Archive, post: Post) -> list[Review]:
    """Every decision that counts, of all revisions, in order."""
    approvals = archive.approvals[post.id]
    now = (approvals.approved(step) for step in Step)
    return [*approvals.earlier, *(r for r in now if r)]


def evidence(archive: Archive, post: Post) -> dict[str, Any]:
    """Who signed what about a post, and where it lies in the bag."""
    roster = archive.registers.roster
    return {
        "version": 1,
        "archive": archive.registers.policy.archive["id"],
        "post": post.id,
        "revision": post.revision,
        "title": post.title,
        "namespace": NAMESPACE,
        "roster": roster.version,
        "manifest_sha256": manifest_digest(post.folder, post.manifest),
        "reviews": [_review(r) for r in reviews_of(archive, post)],
        "publications": [
            {k: v for k, v in asdict(p).items() if k not in ("manifest", "post", "title")}
            for p in archive.publications_of(post.id)
        ],
        "corrections": [c.path for c in archive.corrections_of(post.id)],
        "filings": [f.document.path for f in filings_of(archive, post.id)],
    }


def _review(review: Review) -> dict[str, Any]:
    return {
        "revision": review.revision,
        "step": review.step.value,
        "decision": review.decision,
        "person": review.reviewer,
        "role": review.role,
        "signed_at": review.signed_at,
        "fingerprint": review.fingerprint,
        "path": review.path,
    }


def signatures(archive: Archive, posts: Iterable[Post]) -> bytes:
    """Lines ``person<TAB>time<TAB>path`` of every record that counts, for ssh-keygen."""
    rows = []
    for post in posts:
        rows += [(r.reviewer, r.signed_at, r.path) for r in reviews_of(archive, post)]
        carried = archive.publications_of(post.id)
        rows += [(p.operator, p.recorded_at, p.path) for p in carried]
    lines = (f"{person}\t{utc_stamp(moment)}\t{path}\n" for person, moment, path in sorted(rows))
    return "".join(lines).encode()


def as_json(value: object) -> bytes:
    """JSON to keep: keys sorted, moments in Asia/Shanghai, one newline at the end."""

    def plain(other: object) -> str:
        assert isinstance(other, datetime)
        return other.astimezone(SHANGHAI).isoformat()

    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, default=plain)
    return f"{text}\n".encode()
