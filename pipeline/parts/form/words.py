"""What both layouts of the approval form print: the same sentences, page or screen."""

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import segno

from pipeline.model.calendar import chinese_day, minute
from pipeline.model.forms import Form, FormRemark, FormRow, Opinion, Signature, grouped_digits

ROWS = 4
"""Rows of the annex's grid; a shorter day leaves the rest blank."""
Words = dict[str, Any]
"""What a template reads: strings, and lists and dicts of them."""


def words_of(form: Form) -> Words:
    """Everything the templates print, in order of reading. JSON can hold it."""
    return {
        "title": form.title,
        "number": form.number,
        "retention": form.retention,
        "filled": form.filled or "        年    月    日",
        "day": chinese_day(form.day),
        "boxes": _boxes(form),
        "rows": [_row(row) for row in form.rows],
        "blank": max(ROWS - len(form.rows), 0),
        "opinions": [_opinion(o, len(form.rows)) for o in form.opinions],
        "annex": [_annex(o, len(form.rows)) for o in form.opinions if o.annexed],
        "archive": form.archive,
        "url": form.url,
        "manifest": grouped_digits(form.manifest_digest),
        "digest": grouped_digits(form.digest),
        "as_of": minute(form.as_of),
    }


def qr_svg(url: str) -> str:
    """The address as a QR code in SVG (ISO/IEC 18004, level M, four modules of margin)."""
    out = io.BytesIO()
    code = segno.make(url, error="m", micro=False, boost_error=False)
    code.save(out, kind="svg", border=4, omitsize=True, xmldecl=False, nl=False)
    return out.getvalue().decode()


def items_words(items: Sequence[int], count: int) -> str:
    """``第1、3—5项：``; nothing when these are all of several, or the only one."""
    if len(items) == count:
        return ""
    return f"第{'、'.join(_runs(items))}项："


def _runs(items: Iterable[int]) -> Iterator[str]:
    """Numbers, with three or more in a row as a span."""
    runs: list[list[int]] = []
    for item in sorted(items):
        if runs and item == runs[-1][-1] + 1:
            runs[-1].append(item)
        else:
            runs.append([item])
    for run in runs:
        yield f"{run[0]}—{run[-1]}" if len(run) > 2 else "、".join(map(str, run))


def _boxes(part: Form | FormRow) -> str:
    return " ".join(map(str, part.boxes))


def _row(row: FormRow) -> Words:
    return {
        "number": str(row.number),
        "title": row.title,
        "boxes": _boxes(row),
        "time": row.time,
        "origin": row.origin,
        "remarks": list(row.remarks),
    }


def _opinion(opinion: Opinion, count: int) -> Words:
    unsigned = opinion.unsigned
    return {
        "label": opinion.label,
        "signatures": [_signature(s, count) for s in opinion.signatures],
        "unsigned": bool(unsigned),
        "which": items_words(unsigned, count),
        "annexed": opinion.annexed,
    }


def _signature(signature: Signature, count: int) -> Words:
    several = len(signature.opinions) > 1
    return {
        "which": items_words(signature.items, count),
        "decision": signature.decision,
        "opinions": [_remark(o, count if several else len(o.items)) for o in signature.opinions],
        "signer": _signer(signature),
        "times": signature.times,
        "evidence": signature.evidence,
        "fingerprint": signature.fingerprint,
    }


def _signer(signature: Signature) -> str:
    """签字 is a name, whatever the public site shows: this paper is the bureau's own."""
    if signature.signer.startswith(signature.name):
        return signature.signer
    return f"{signature.name} {signature.signer}"


def _annex(opinion: Opinion, count: int) -> Words:
    given = [_remark(o, count) for s in opinion.signatures for o in s.opinions]
    return {"label": opinion.label, "opinions": given}


def _remark(remark: FormRemark, count: int) -> str:
    return f"{items_words(remark.items, count)}{remark.text}"
