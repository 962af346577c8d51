"""The API of GitHub and GitHub Enterprise about proposals."""

from collections.abc import Mapping
from urllib.parse import quote

from pipeline.cli import forge_api
from pipeline.parts.github.part import GITHUB


class GithubApi(forge_api.ForgeCode):
    """The API of GitHub and GitHub Enterprise about proposals."""

    def endpoint(self, host: str, environment: Mapping[str, str]) -> forge_api.Endpoint | None:
        token = environment.get("GH_TOKEN") or environment.get("GITHUB_TOKEN", "")
        if token and host == GITHUB:
            return forge_api.Endpoint("api.github.com", "", token, forge_api.API_VERSION)
        if token and host == environment.get("GH_HOST"):
            return forge_api.Endpoint(host, "api/v3/", token, forge_api.API_VERSION)
        return None

    def opened(
        self, forge: forge_api.RemoteForge, proposal: forge_api.Proposal, ask: forge_api.Ask
    ) -> str:
        """It filters by branch."""
        head = quote(f"{forge.name.partition('/')[0]}:{proposal.branch}", safe="")
        where = f"/pulls?state=open&head={head}&per_page=100&page={{page}}"
        return forge_api.looked_through(where, forge, proposal, ask)


CODE = GithubApi()
