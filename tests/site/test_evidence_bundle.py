"""The evidence of a post as it is published: stored bytes, whole, in one archive file."""

import hashlib
import io
import json
import tarfile
from base64 import b64decode
from dataclasses import replace

import pytest

from pipeline.evidence.review.site_bundle import tar
from pipeline.evidence.review.statements import NAMESPACE
from pipeline.model.cards import card_of
from pipeline.model.evidence import Step
from pipeline.model.registers import RosterKey, allowed_signers
from pipeline.site.evidence.bundle import bundle, reads
from pipeline.site.frame.mkdocs_shell import Shell
from pipeline.site.render_context import RenderContext
from tests.builders.named import refuses
from tests.site import sample
from tests.site.conftest import Built

PAGE = f"posts/2026/{sample.PLAIN}/"


def test_the_archive_file_is_what_tar_itself_reads() -> None:
    files = {"a.json": b"x" * 511, "b.sig": b"y" * 512, "c": b"", "d": b"z" * 1025}
    with tarfile.open(fileobj=io.BytesIO(tar(files.items()))) as held:
        read = {m.name: held.extractfile(m) for m in held.getmembers()}
        assert {name: file.read() for name, file in read.items() if file} == files
        assert {(m.mode, m.uid, m.mtime, m.type) for m in held} == {(0o644, 0, 0, b"0")}
    assert tar(files.items()) == tar(dict(files).items())


def test_bundle_holds_the_stored_bytes(built: Built) -> None:
    value = json.loads(built.text(f"{PAGE}evidence.json"))
    assert [s["step"] for s in value["steps"]] == ["first", "second", "final", "confirm"]
    folder = f"content/reviews/2026/{sample.PLAIN}/r1"
    assert b64decode(value["steps"][0]["statement"]) == built.site.media(f"{folder}/1-first.json")
    record = built.site.archive.publications_of(sample.PLAIN)[0]
    assert b64decode(value["publications"][0]["statement"]) == built.site.media(record.path)
    assert {k["person"] for k in value["keys"]} == {"xxy-a", "kz-a", "ld-a", "gly-a"}
    with tarfile.open(built.out / PAGE / "evidence.tar") as held:
        kept = held.extractfile("publication-1.json.sig")
        assert kept and kept.read() == built.site.media(f"{record.path}.sig")
    for file in value["files"]:
        data = (built.out / PAGE / file["url"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == file["sha256"]


def test_bytes_that_were_not_reviewed_stop_the_build(built: Built) -> None:
    post = built.site.archive.posts[sample.PLAIN]
    changed = replace(built.site, media=lambda path: built.site.media(path) + b" ")
    with refuses("bytes-unreviewed"):
        bundle(changed, post)


def test_documents_that_can_hold_scripts_are_not_served(built: Built) -> None:
    post = built.site.archive.posts[sample.PLAIN]
    svg, drawn = f"{post.folder}/chart.svg", b"<svg onload='alert(1)'/>"
    holding = replace(post, manifest={**post.manifest, svg: hashlib.sha256(drawn).hexdigest()})
    store = replace(built.site, media=lambda p: drawn if p == svg else built.site.media(p))
    found = bundle(store, holding)
    assert "chart.svg" not in found.files
    assert json.loads(found.files["evidence.json"])["files"][0]["url"] is None


def test_allowed_signers_leave_out_the_compromised_and_end_the_retired(built: Built) -> None:
    roster = built.site.archive.registers.roster
    first, second, *rest = roster.keys
    lost = replace(first, revocation="compromised", revoked_at=sample.AS_OF)
    retired = replace(second, revocation="retired", revoked_at=sample.AS_OF)
    text = allowed_signers(replace(roster, keys=(lost, retired, *rest)), NAMESPACE)
    assert first.line not in text
    line = next(row for row in text.splitlines() if second.line in row)
    assert 'valid-before="20261122120000Z"' in line


@pytest.mark.parametrize("kept", ["all", "another", "none"])
def test_a_lost_key_is_void_unless_it_signed_before(built: Built, kept: str) -> None:
    archive = built.site.archive
    final = archive.approvals[sample.PLAIN].approved(Step.FINAL)
    assert final
    stood = {"all": {final.digest}, "another": {"0" * 64}, "none": set()}[kept]

    def lost(key: RosterKey) -> RosterKey:
        held = frozenset(stood)
        return replace(key, revocation="compromised", revoked_at=sample.AS_OF, prior_records=held)

    keys = (lost(k) if k.person == "ld-a" else k for k in archive.registers.roster.keys)
    roster = replace(archive.registers.roster, keys=tuple(keys))
    site = sample.changed(built.site, registers=replace(archive.registers, roster=roster))
    told = json.loads(bundle(site, archive.posts[sample.PLAIN]).files["evidence.json"])
    void = {k["person"]: k["void"] for k in told["keys"]}
    assert void == {"xxy-a": False, "kz-a": False, "ld-a": kept != "all", "gly-a": False}


def test_records_that_do_not_count_any_more_stand_beside_those_that_do(built: Built) -> None:
    """Only so can a reader tell that none was taken out."""
    wrong = f"content/records/publications/2026/{sample.PLAIN}.a.json"
    store = {wrong: b"{}", f"{wrong}.sig": b"no signature"}
    site = replace(
        built.site,
        media=lambda path: store.get(path) or built.site.media(path),
        uncounted=lambda post: [(wrong, "1")] if post == sample.PLAIN else (),
    )
    post = built.site.archive.posts[sample.PLAIN]
    told = json.loads(bundle(site, post).files["evidence.json"])
    assert b64decode(told["publications"][0]["statement"]) == b"{}"
    counted = len(built.site.archive.publications_of(post.id))
    assert len(told["publications"]) == counted + 1 == bundle(site, post).records


def test_a_withdrawn_post_shows_no_record_of_where_it_was(built: Built) -> None:
    post = built.site.archive.posts[sample.WITHDRAWN]
    assert built.site.archive.publications_of(post.id)
    found = bundle(built.site, post)
    assert json.loads(found.files["evidence.json"])["publications"] == []
    assert b"social.example" not in found.files["evidence.tar"]


def test_what_a_lost_key_signed_before_is_part_of_every_pages_key_in_one_order(
    built: Built,
) -> None:
    """A set tells itself in another order in each process: every page would be made anew."""
    registers = built.site.archive.registers
    first, *rest = registers.roster.keys
    assert repr(replace(first, prior_records=frozenset("ab"))) == repr(first)

    def common(*kept: str) -> str:
        keys = (replace(first, prior_records=frozenset(kept)), *rest)
        changed = replace(registers, roster=replace(registers.roster, keys=keys))
        return RenderContext(
            sample.changed(built.site, registers=changed), Shell({}, {}, ())
        ).common

    assert common("a", "b") == common("b", "a") != common("a")


def test_unchecked_clauses_and_gaps_are_counted_apart(built: Built) -> None:
    found = built.site.shown(sample.PLAIN).counts
    assert (found.checked, found.violated, found.declared) == (1, 0, 0)
    assert found.unchecked == 1 + 18  # R05-4, and eighteen articles without a rule


@pytest.mark.parametrize("post_id", [sample.PLAIN, sample.WITHDRAWN, sample.ALERT])
def test_all_files_of_a_bundle_are_told_beforehand_and_read_once(
    built: Built, post_id: str
) -> None:
    asked: list[str] = []

    def read(path: str) -> bytes:
        asked.append(path)
        return built.site.media(path)

    post = built.site.archive.posts[post_id]
    bundle(replace(built.site, media=read), post)
    told = list(reads(built.site, card_of(post, built.site.archive.approvals[post_id])))
    assert any("/publications/" in path for path in told) is not post.withdrawn
    # Of a withdrawn post the text alone is read, for its tombstone.
    assert sorted(asked) == sorted(p for p in told if "/posts/" not in p or not post.withdrawn)
