"""The roster as published: by its digest to the keys that pages' commands use, or not at all."""

import hashlib
import html
import re
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.site.evidence.archive_evidence import ROSTER, public_roster
from pipeline.site.inputs import SiteInput
from tests.site import sample
from tests.site.conftest import Built
from tests.site.sample_log import build
from tests.site.test_page_recipe import PAGE, commands, offered, paste

FILE = "evidence/roster.yml"


def holding(site: SiteInput, more: str, *, show_names: bool = False) -> SiteInput:
    """The sample with more in its roster's file."""
    raw = site.media(ROSTER) + more.encode()
    registers = site.archive.registers
    policy = replace(
        registers.policy, archive={**registers.policy.archive, "show_names": show_names}
    )
    changed = sample.changed(site, registers=replace(registers, policy=policy))
    return replace(changed, media=lambda p: raw if p == ROSTER else site.media(p))


def test_the_digest_that_readers_hold_leads_to_the_keys(built: Built, tmp_path: Path) -> None:
    raw = (built.out / FILE).read_bytes()
    page = built.text("inspector/index.html")
    assert hashlib.sha256(raw).hexdigest() in page
    brief = f'<p class="sn-digest"><code>{hashlib.sha256(raw).hexdigest()[:8]}</code>'
    assert brief in built.text("verify/index.html")
    (block,) = re.findall(r"<pre class=\"sn-pre\"><code>(.*?)</code>", page, re.DOTALL)
    folder = offered(built, PAGE, tmp_path)
    served = (folder / "allowed_signers").read_text().splitlines()
    (folder / "allowed_signers").unlink()
    (folder / "roster.yml").write_bytes(raw)
    done = paste(html.unescape(block), folder, "dash")
    assert (done.returncode, done.stderr) == (0, "")
    made = (folder / "allowed_signers").read_text().splitlines()
    plain = re.compile(r' namespaces=\S+ | namespaces="\S+"')
    assert [plain.sub(" ", m) for m in made] == [plain.sub(" ", s) for s in served]
    assert 'valid-before="20270101000000" ' in "\n".join(made)
    assert "核验通过" in paste(commands(built), folder).stdout


@pytest.mark.parametrize(
    ("more", "shown"),
    [
        ("", True),
        ("# 某科长代行\n", True),
        ("# 名册由{name}保管\n", False),
        ("# 电话 13800138000\n", False),
    ],
)
def test_a_roster_that_tells_more_than_keys_is_not_published(
    built: Built, more: str, shown: bool
) -> None:
    name = next(p.name for p in built.site.archive.registers.people.values())
    site = holding(built.site, more.format(name=name))
    assert (public_roster(site) is not None) is shown


def test_names_are_no_secret_where_policy_shows_them(built: Built) -> None:
    name = next(p.name for p in built.site.archive.registers.people.values())
    assert public_roster(holding(built.site, f"# {name}\n", show_names=True)) is not None


def test_the_page_says_that_it_is_kept_back(built: Built, tmp_path: Path) -> None:
    build(holding(built.site, "# 电话 13800138000\n"), tmp_path / "out", built.work)
    assert not (tmp_path / "out" / FILE).exists()
    page = (tmp_path / "out" / "inspector/index.html").read_text(encoding="utf-8")
    assert "本站不提供 roster.yml" in page
    assert "evidence/roster.yml" not in page
    for_all = (tmp_path / "out/verify/index.html").read_text("utf-8")
    assert "sn-digest" not in for_all, "the button tells the digest of another file"


@pytest.mark.parametrize(
    "roster",
    [
        "keys:\n- person: a\n  from: 2026-01-01T00:00:00+08:00\n- key: ssh-ed25519 AAAA\n",
        "keys:\n- key: ssh-ed25519 AAAA\n- person: a\n",
        "keys: []\nnotes:\n- person: a\n  key: ssh-ed25519 AAAA\n",
        "delegations:\n- authority: |\n    person: a\n    key: ssh-ed25519 AAAA\n",
        "keys:\n- {person: a, key: ssh-ed25519 AAAA}\n",
        "keys:\n- person: a\n  key: ssh-ed25519 AAAA\n  revocation: compromised\n",
    ],
)
def test_no_key_is_read_out_for_somebody_else(built: Built, tmp_path: Path, roster: str) -> None:
    page = built.text("inspector/index.html")
    (block,) = re.findall(r"<pre class=\"sn-pre\"><code>(.*?)</code>", page, re.DOTALL)
    (tmp_path / "roster.yml").write_text(roster)
    paste(html.unescape(block), tmp_path)
    assert (tmp_path / "allowed_signers").read_text() == ""


def test_times_of_another_zone_are_not_guessed(built: Built, tmp_path: Path) -> None:
    page = built.text("inspector/index.html")
    (block,) = re.findall(r"<pre class=\"sn-pre\"><code>(.*?)</code>", page, re.DOTALL)
    text = built.site.media(ROSTER).decode().replace("+08:00", "Z", 1)
    (tmp_path / "roster.yml").write_text(text)
    assert paste(html.unescape(block), tmp_path).returncode != 0
