"""The index as files: same posts, same bytes; every list decodes to what a plain scan finds."""

import json
import random
import sys
import unicodedata
from dataclasses import replace

import pytest

from pipeline.parts.search import index as search
from pipeline.parts.search.index import SearchDoc, normalise, sentences, squeeze
from tests.builders import search_index


def doc(number: int, **change: object) -> SearchDoc:
    base = SearchDoc(
        url=f"posts/2026/2026-01-01-{number:05}/",
        title=f"第{number}号通告",
        body="云岚市应急管理局组织开展安全生产检查。",
        date="2026-01-01",
        category="notice",
        accounts=("wechat-main",),
        kind="news",
    )
    return replace(base, **change)  # type: ignore[arg-type]


def decode(code: str) -> list[int]:
    """A second reading of the list format, written from its description alone."""
    digits, more = search._DIGITS, search._MORE
    if code.startswith("~"):
        bits = "".join(f"{digits.index(c):06b}" for c in code[1:])
        return [at for at, bit in enumerate(bits) if bit == "1"]
    numbers, last, high = [], -1, 0
    for c in code:
        if c in more:
            high = high * len(more) + more.index(c) + 1
        else:
            last += high * 64 + digits.index(c) + 1
            numbers.append(last)
            high = 0
    return numbers


def holders(files: dict[str, bytes], part: str, key: str) -> list[list[int]]:
    head = json.loads(files[f"search/{part}/part.json"])
    shard = search.shard_of(key, head["shards"])
    lines = files[f"search/{part}/s/{shard:x}.txt"].decode().split("\n")
    assert lines.pop() == ""
    assert lines == sorted(lines)
    code = next((line.removeprefix(key) for line in lines if line.startswith(key)), "")
    return [decode(code) for code in code.split(" ")]


@pytest.mark.parametrize("docs", [1, 5, 6, 7, 63, 64, 65, 1793, 1794, 50000])
def test_lists_survive_their_code_at_every_density(docs: int) -> None:
    draw = random.Random(docs)
    for share in (0.0, 0.0005, 0.01, 0.2, 0.9, 1.0):
        numbers = [n for n in range(docs) if draw.random() < share] or [docs - 1]
        code = search.encode(numbers, docs)
        assert decode(code) == numbers
        assert not set(code) & set(' "\\')
        assert len(code) <= docs // 6 + 2


def test_dense_lists_are_bitmaps_and_sparse_ones_are_not() -> None:
    assert search.encode(range(600), 600).startswith("~")
    assert search.encode([5, 70, 71], 600) == "F!AA"
    assert search.encode([0], 600) == "A"
    assert search.encode([64], 600) == "!A"


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("第 ７ 号", "第7号"),
        ("ＡＰＰ　①", "app1"),
        ("Straße ΣΑΣ", "strasseσασ"),
        ("应\u200b急\ufeff管\u00ad理", "应急管理"),
        ("ｱｶﾞ㈱", "アガ(株)"),
        ("12，345\n\t６", "12,3456"),
        ("葛\U000e0100", "葛"),
    ],
)
def test_what_is_compared(written: str, compared: str) -> None:
    assert squeeze(written) == compared
    assert squeeze(compared) == compared


def test_folding_piece_by_piece_is_folding_the_whole() -> None:
    known = [
        chr(c)
        for c in range(sys.maxunicode + 1)
        if unicodedata.category(chr(c)) not in ("Cn", "Co", "Cs")
    ]
    marks = [c for c in known if unicodedata.combining(c)]
    draw = random.Random(5)
    for pool in (known, marks, "，。 \n第7７ABＡé\u0301\u3099\u200b\uff9e각ᆨ"):
        for _ in range(4000):
            text = "".join(draw.choice(pool) + draw.choice("号一龥\u0301") for _ in range(8))
            assert squeeze(text) == "".join(normalise(text).split())


def test_pairs_cross_lines_but_never_title_and_body() -> None:
    files = search_index.build_segment(
        2026, [doc(0, title="通告甲", body="乙方负责\n人签字")], closed=True
    )
    assert holders(files, "2026-0", "责人") == [[0]]
    assert holders(files, "2026-0", "告甲") == [[0], [0]]
    assert holders(files, "2026-0", "甲乙") == [[]]


def test_lists_agree_with_a_plain_scan() -> None:
    draw = random.Random(7)
    letters = "云岚市应急管理局安全生产第７号abＣ "
    docs = [
        doc(n, title="".join(draw.choices(letters, k=6)), body="".join(draw.choices(letters, k=40)))
        for n in range(300)
    ]
    files = search_index.build_segment(2026, docs, closed=True)
    flat = [(squeeze(d.title), squeeze(d.body)) for d in docs]
    for left in "云岚市第7ab":
        for right in "应急号理c":
            anywhere = [
                n for n, (t, b) in enumerate(flat) if left + right in t or left + right in b
            ]
            titles = [n for n, (t, _) in enumerate(flat) if left + right in t]
            assert holders(files, "2026-0", left + right) == [
                anywhere,
                *([titles] if titles else []),
            ]


def test_order_of_the_posts_does_not_matter() -> None:
    docs = [doc(n, date=f"202{n % 3 + 4}-0{n % 9 + 1}-11") for n in range(60)]
    shuffled = docs[:]
    random.Random(1).shuffle(shuffled)
    assert dict(search_index.build_index(docs)) == dict(search_index.build_index(shuffled))
    paths = [path for path, _ in search_index.build_index(docs)]
    assert len(paths) == len(set(paths))


def test_a_new_post_leaves_other_years_and_the_heads_of_its_own_alone() -> None:
    old = [doc(n, date="2025-05-05", url=f"posts/2025/{n}/") for n in range(20)]
    docs = old + [doc(n) for n in range(sum(search.STEPS) + 3)]
    before = dict(search_index.build_index(docs))
    after = dict(search_index.build_index([*docs, doc(99999, date="2026-12-31")]))
    changed = {path for path in before | after if before.get(path) != after.get(path)}
    assert changed
    assert {path.split("/")[1] for path in changed} == {"index.json", "2026-3"}


def test_a_year_closes_into_one_part_when_the_next_begins() -> None:
    docs = [doc(n) for n in range(search.STEPS[1] + 1)]
    assert list(search.split_year(2026, docs, closed=False)) == ["2026-1", "2026-3"]
    later = doc(0, date="2027-01-01", url="posts/2027/0/")
    files = dict(search_index.build_index([*docs, later]))
    assert {path.split("/")[1] for path in files} == {"index.json", "2026-0", "2027-3"}
    again = dict(
        search_index.build_index([*docs, later, doc(1, date="2028-01-01", url="posts/2028/")])
    )
    closed = {path: data for path, data in files.items() if "/2026-" in path}
    assert closed.items() <= again.items()


def test_manifest_follows_from_the_heads_alone_newest_first() -> None:
    docs = [doc(n) for n in range(sum(search.STEPS) + 1)]
    docs += [doc(n, date="2024-02-29", url=f"posts/2024/{n}/") for n in range(2)]
    files = dict(search_index.build_index(docs))
    heads = [data for path, data in files.items() if path.endswith("/part.json")]
    assert search.build_manifest(reversed(heads)) == files["search/index.json"]
    parts = json.loads(files["search/index.json"])["parts"]
    assert [(part["id"], part["docs"]) for part in parts] == [
        ("2026-3", 1),
        ("2026-2", search.STEPS[2]),
        ("2026-1", search.STEPS[1]),
        ("2026-0", search.STEPS[0]),
        ("2024-0", 2),
    ]
    for part in parts:
        own = [d for p, d in files.items() if p.split("/")[1] == part["id"]]
        assert part["bytes"] == sum(map(len, own)) - len(files[f"search/{part['id']}/part.json"])


def test_digest_moves_with_any_byte() -> None:
    digests = {
        json.loads(search_index.build_segment(2026, [d], closed=True)["search/2026-0/part.json"])[
            "digest"
        ]
        for d in (doc(0), doc(0, body="改"), doc(0, title="改"), doc(0, accounts=()))
    }
    assert len(digests) == 4


def test_a_text_file_holds_one_post() -> None:
    files = search_index.build_segment(2026, [doc(n) for n in range(5)], closed=True)
    rows = [json.loads(files[f"search/2026-0/d/{n}.json"]) for n in range(5)]
    assert [row[1] for row in rows] == [doc(n).url for n in range(5)]
    assert sum("/d/" in path for path in files) == 5


def test_lists_stay_in_small_files_and_filters_among_them() -> None:
    draw = random.Random(11)
    letters = [chr(c) for c in range(0x4E00, 0x5100)] + ["\U00020bb7"]
    docs = [doc(n, body="".join(draw.choices(letters, k=300))) for n in range(200)]
    files = search_index.build_segment(2026, docs, closed=True)
    sizes = [len(data) for path, data in files.items() if "/s/" in path]
    assert len(sizes) > 50
    assert max(sizes) < 2 * search.SHARD_BYTES
    assert 0.8 < sum(sizes) / len(sizes) / search.SHARD_BYTES < 1.2
    every = [list(range(200))]
    assert holders(files, "2026-0", search.field_key("category", "notice")) == every
    assert holders(files, "2026-0", search.field_key("account", "wechat-main")) == every
    rare = [n for n, d in enumerate(docs) if "\U00020bb7" in d.body[:-1]]
    key = next(
        d.body[d.body.index("\U00020bb7") :][:2] for d in docs if "\U00020bb7" in d.body[:-1]
    )
    assert rare[0] in holders(files, "2026-0", key)[0]


def test_a_post_is_known_by_its_index_number_and_a_withdrawn_one_too() -> None:
    gone = doc(2, body="", category="", accounts=(), index_no="MB0/2026-0101-b", gone="已撤回")
    files = search_index.build_segment(
        2026, [doc(1, index_no="ＭＢ0/2026-0101-Ａ"), gone, doc(3)], closed=True
    )
    keys = [line for path, data in files.items() if "/s/" in path for line in data.splitlines()]
    assert sum(line.startswith(b"\tnumber=") for line in keys) == 2
    assert b"\tcategory=\t" not in b"".join(keys)
    assert holders(files, "2026-0", "\tnumber=2026-0101-a\t") == [[0]]
    assert holders(files, "2026-0", search.number_key(gone.index_no)) == [[1]]
    row = json.loads(files["search/2026-0/d/1.json"])
    assert row[3:] == ["", [], "news", "", "MB0/2026-0101-b", "已撤回"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("亮着绿灯\n学校周边", "亮着绿灯。\n学校周边。"),
        ("好！\n注意：\n他说“好。”\n（略）", "好！\n注意：\n他说“好。”\n（略）。"),
        ("他说“好”\n\nhttps://a.example/b", "他说“好”。\n\nhttps://a.example/b。"),
        ("", ""),
    ],
)
def test_a_block_ends_as_a_sentence_where_blocks_run_together(text: str, shown: str) -> None:
    assert sentences(text) == shown


@pytest.mark.parametrize(
    "change", [{"category": "a\tb"}, {"accounts": ("a\nb",)}, {"index_no": "a\tb"}]
)
def test_a_filter_is_one_line(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="one line"):
        doc(0, **change)


def test_an_empty_archive_has_an_empty_manifest() -> None:
    assert json.loads(dict(search_index.build_index([]))["search/index.json"])["parts"] == []


@pytest.mark.parametrize("url", ["/posts/x/", "https://a/", "javascript:1", "//a/", "a?b", ""])
def test_a_result_cannot_lead_off_the_site(url: str) -> None:
    with pytest.raises(ValueError, match="path below"):
        doc(0, url=url)


def test_faults_of_the_caller_are_named() -> None:
    with pytest.raises(ValueError, match="date"):
        doc(0, date="2026-1-1")
    with pytest.raises(ValueError, match="share a URL"):
        search_index.build_segment(2026, [doc(0), doc(0)], closed=True)
    with pytest.raises(ValueError, match="another year"):
        search_index.build_segment(2025, [doc(0)], closed=True)
