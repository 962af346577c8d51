"""init: a clean archive, and its root of trust."""

from pathlib import Path

import click

from pipeline.cli.pen import public_key
from pipeline.cli.session import Session
from pipeline.errors import Misuse
from pipeline.flow.write import Member, found
from pipeline.model.findings import say

ROLES = {
    "information-officer": "信息员",
    "section-head": "科室负责人",
    "leader-in-charge": "分管领导",
    "operator": "专职管理员",
    "writer": "部门作者",
}
"""The roles a new archive needs before a post can be published (Articles 7, 11, 15)."""
MORE = {"principal": "主要负责人"}
"""Roles that may be named at once, or later: who signs for the accounts (Articles 3, 8)."""


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--id",
    "archive_id",
    required=True,
    help="Short id of the archive, like yunlan-yjj.",
)
@click.option("--unit", required=True, help="Full name of the body (unit.full_name).")
@click.option("--short-name", default="", help="Short name; default: the full name.")
@click.option(
    "--url",
    default="https://archive.example/",
    show_default=True,
    help="Where the public archive will stand.",
)
@click.option(
    "--account-url",
    default="https://mp.weixin.qq.com/",
    show_default=True,
    help="Address of the first WeChat account.",
)
@click.option(
    "--member",
    "members",
    multiple=True,
    metavar="ROLE=KEY.pub[,EMAIL]",
    help="A person's public key file and git e-mail, once per role.",
)
@click.pass_obj
def init(
    session: Session,
    /,
    folder: Path,
    archive_id: str,
    unit: str,
    short_name: str,
    url: str,
    account_url: str,
    members: tuple[str, ...],
) -> None:
    """Found a clean archive in a new folder, and print its root of trust."""
    people = _people(session, members)
    archive = {
        "id": archive_id,
        "name": f"{unit}政务新媒体公开档案",
        "url": url,
        "demo": False,
        "show_names": False,
        "since": session.now().date(),
    }
    facts = {
        "full_name": unit,
        "short_name": short_name or unit,
        "organisation_code": "000000000",
        "footer": {},
    }
    commit, root = found(folder, archive, facts, people, account_url, session.now())
    session.remark(
        say(
            "Founded {path} at {commit}. Publish this root of trust elsewhere, on paper too:",
            path=str(folder),
            commit=commit[:12],
        )
    )
    click.echo(root)
    session.remark(
        say(
            "Before the first post look over content/registers/accounts.yml and content/policy.yml:"
            " certificate and filing of the account, organisation code and footer are assumptions."
        )
    )


def _people(session: Session, members: tuple[str, ...]) -> tuple[Member, ...]:
    """Who founds the archive; Misuse when a role that it cannot do without has nobody."""
    given = dict(_member(m) for m in members)
    if missing := [r for r in ROLES if r not in given]:
        raise Misuse(
            say("The role {role} has no member.", role=missing[0]),
            say(
                "Give --member {role}=KEY.pub,EMAIL; the writer needs no key:"
                " --member writer=,EMAIL.",
                role=missing[0],
            ),
        )
    return tuple(
        Member(
            role,
            (ROLES | MORE)[role],
            role,
            email,
            public_key(session, Path(key)).line if key else "",
        )
        for role, (key, email) in given.items()
    )


def _member(text: str) -> tuple[str, tuple[str, str]]:
    role, _, rest = text.partition("=")
    key, _, email = rest.partition(",")
    if role not in ROLES | MORE:
        raise Misuse(
            say("{role} is no role.", role=role),
            say("Roles: {roles}.", roles=", ".join(ROLES | MORE)),
        )
    return role, (key, email)
