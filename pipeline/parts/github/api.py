"""The API of GitHub and GitHub Enterprise about proposals."""

from collections.abc import Mapping
from urllib.parse import quote

from pipeline.cli.forge_api import (
    API_VERSION,
    Ask,
    Endpoint,
    ForgeCode,
    Proposal,
    RemoteForge,
    looked_through,
)
from pipeline.parts.github.part import GITHUB


class GithubApi(ForgeCode):
    """The API of GitHub and GitHub Enterprise about proposals."""

    def endpoint(self, host: str, environment: Mapping[str, str]) -> Endpoint | None:
        token = environment.get("GH_TOKEN") or environment.get("GITHUB_TOKEN", "")
        if token and host == GITHUB:
            return Endpoint("api.github.com", "", token, API_VERSION)
        if token and host == environment.get("GH_HOST"):
            return Endpoint(host, "api/v3/", token, API_VERSION)
        return None

    def opened(self, forge: RemoteForge, proposal: Proposal, ask: Ask) -> str:
        """It filters by branch."""
        head = quote(f"{forge.name.partition('/')[0]}:{proposal.branch}", safe="")
        where = f"/pulls?state=open&head={head}&per_page=100&page={{page}}"
        return looked_through(where, forge, proposal, ask)


CODE = GithubApi()
