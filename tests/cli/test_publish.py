"""publish and file on the command line, with a key of ssh-keygen's own kind."""

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from pipeline.cli.options import Session
from pipeline.cli.publish import publish
from pipeline.cli.status import status
from pipeline.errors import Fault, Misuse
from pipeline.parts.form.verbs import file
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import at, private_key_file
from tests.builders.named import like, refuses, shows, speaking
from tests.corpora.fictional import mobile

NOW = at("2026-11-05 12:00")


@pytest.fixture
def run(approved: ArchiveRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """`run(command, *arguments)` at noon, signed by the operator."""
    key = private_key_file("gly-a", tmp_path)
    monkeypatch.setattr(Session, "now", lambda _: NOW)
    monkeypatch.chdir(approved.root)
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    session = Session(approved.root, "en", speaking("names"), environment)

    def called(command: click.Command, *arguments: str) -> Result:
        signed = ("--key", str(key), "--commit") if command is publish else ()
        result = CliRunner().invoke(command, [*arguments, *signed], obj=session)
        if isinstance(result.exception, Fault):
            raise result.exception
        return result

    approved.git("config", "user.name", "某gly-a")
    approved.git("config", "user.email", "gly-a@yunlan.example.org")
    return called


URL = ("--account", "wx", "--url", "https://wechat.example/wx/1")


def test_nothing_is_published_before_it_is_merged(run, approved: ArchiveRepo) -> None:
    """Nor is another wording than main holds; it stands there once it is merged or fetched."""
    words = like("post-not-merged", post=POST, base="main")
    with pytest.raises(Fault, match=words) as caught:
        run(publish, POST, *URL)
    assert "--at" in str(caught.value.remedy)
    assert shows(run(status).stdout, "waits-to-be-merged")
    with pytest.raises(Fault, match=like("commit-unknown", revision="trunk")):
        run(publish, POST, *URL, "--base", "trunk")
    approved.git("branch", "origin/main", "main")  # a clone that was not fetched since
    approved.merge("proposal", squash=True)
    approved.switch("proposal")
    assert f"sanshen publish {POST}" in run(status).stdout
    assert run(publish, POST, *URL).exit_code == 0


def test_a_record_is_made_superseded_and_taken_back(run, approved: ArchiveRepo) -> None:
    approved.merge("proposal")
    first = run(publish, POST, *URL, "--at", "2026-11-05T09:30").stdout.strip()
    assert first == f"content/records/publications/2026/2026-11-05.wx.{POST}.json"
    with refuses("revision-carried-twice"):
        run(publish, POST, *URL)
    told = ("--supersedes", first, "--reason", "时间看错了")
    second = run(publish, POST, *URL, "--at", "2026-11-05T09:45", *told).stdout.strip()
    assert second.endswith(f"2026-11-05-2.wx.{POST}.json")
    stated = json.loads(approved.read(second))["predicate"]
    assert stated["reason"] == "时间看错了" and len(stated["supersedes"]) == 64
    taken = run(publish, POST, "--supersedes", f"{second}.sig", "--void", "--reason", "没有发布过")
    assert f"The record {second} is taken back." in taken.stderr
    assert json.loads(approved.read(taken.stdout.strip()))["predicate"]["void"] is True


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--account", "wx"), "left-open"),
        ((*URL, "--reason", "错了"), "supersedes-missing"),
        ((*URL, "--void"), "supersedes-missing"),
        (
            (*URL, "--removed-by", "order"),
            "supersedes-missing",
        ),
        ((*URL, "--supersedes", "x", "--removed-by", "order"), "removal-time-missing"),
        (
            (
                *URL,
                "--supersedes",
                "x",
                "--removed-by",
                "order",
                "--void",
                "--removed-at",
                "2026-11-05T10:00",
            ),
            "removal-unclear",
        ),
        ((*URL, "--supersedes", "x"), "reason-missing"),
        ((*URL, "--supersedes", "x", "--reason", " "), "reason-missing"),
    ],
)
def test_what_makes_no_sense_is_a_question_of_usage(run, arguments, said: str) -> None:
    with refuses(said, Misuse):
        run(publish, POST, *arguments)


def test_a_form_is_filed_and_not_filed_twice(run, approved: ArchiveRepo) -> None:
    told = ("--in", "档案室", "--by", "xxy-a", "--on", "2026-11-05")
    made = run(file, POST[:10], *told)
    assert made.stdout == "content/records/filings/2026/2026-11-05.yml\n"
    assert 'location: "档案室"' in approved.read(made.stdout.strip()).decode()
    with pytest.raises(Fault, match="is filed already"):
        run(file, POST[:10], *told)
    again = run(file, POST[:10], *told, "--replaces", POST[:10], "--reason", "位置写错")
    assert again.stdout.strip().endswith("2026-11-05-2.yml")
    assert "go together" in run(file, POST[:10], *told, "--replaces", "x").stderr
    with pytest.raises(Fault, match="has 0 forms"):
        run(file, "2026-11-04", *told)


@pytest.mark.parametrize(
    ("place", "day", "said"),
    [
        (f"张某家中 {mobile(6)}", "2026-11-05", "The record holds a mobile number"),
        ("档案室", "2026-11-04", like("filing-day-outside")),
        (" ", "2026-11-05", "location"),
    ],
)
def test_what_would_be_refused_later_is_not_filed(
    run, approved: ArchiveRepo, place: str, day: str, said: str
) -> None:
    with pytest.raises(Fault, match=said) as refused:
        run(file, POST[:10], "--in", place, "--by", "xxy-a", "--on", day)
    assert mobile(6) not in str(refused.value)
    assert not (approved.root / "content/records/filings").exists()


def test_paper_is_filed_with_its_scan(run, approved: ArchiveRepo, tmp_path: Path) -> None:
    scan = tmp_path / "signed.PNG"
    scan.write_bytes(b"\x89PNG")
    told = ("--in", "档案室", "--by", "xxy-a", "--scan", str(scan), "--filled-on", "2026-11-04")
    made = run(file, f"content/posts/2026/{POST}/post.md", *told)
    record, stored = made.stdout.split()
    assert approved.read(stored) == b"\x89PNG" and stored.endswith(f"{POST}.png")
    assert 'signature: "wet"' in approved.read(record).decode()


@pytest.mark.parametrize(
    ("given", "whole"),
    [
        ("mp.weixin.qq.com/s/x", "https://mp.weixin.qq.com/s/x"),
        ("http://mp.weixin.qq.com/s/x", "https://mp.weixin.qq.com/s/x"),
        ("//weibo.com/1/2", "https://weibo.com/1/2"),
        (" https://weibo.com/1/2", "https://weibo.com/1/2"),
        ("见公众号", ""),
        ("https://a b", ""),
    ],
)
def test_an_address_that_is_not_whole_is_answered_with_the_whole_one(
    run, approved: ArchiveRepo, given: str, whole: str
) -> None:
    with refuses("address-not-whole", Misuse) as caught:
        run(publish, POST, "--account", "wx", "--url", given)
    assert (f"https://: {whole}" in str(caught.value.remedy)) is bool(whole)
    assert "beginning with https://" in str(caught.value.remedy)
    assert not (approved.root / "content/records/publications").exists()
