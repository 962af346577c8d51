"""The API of Gitea about proposals; Forgejo answers the same."""

from collections.abc import Mapping
from urllib.parse import quote

from pipeline.cli.forge_api import (
    Ask,
    Endpoint,
    ForgeCode,
    Proposal,
    RemoteForge,
    Unanswered,
    looked_through,
)


class GiteaApi(ForgeCode):
    """The API of Gitea about proposals; Forgejo answers the same."""

    def endpoint(self, host: str, environment: Mapping[str, str]) -> Endpoint | None:
        token = environment.get("GITEA_TOKEN", "")
        return Endpoint(host, "api/v1/", token, "", "users/search?uid={}") if token else None

    def opened(self, forge: RemoteForge, proposal: Proposal, ask: Ask) -> str:
        """It filters by branch, but answers the first proposal that ever was made of one, though
        it be closed and another open (recorded: by-branch-closed-and-open): then all that are open
        are looked through.

        Its push to ``refs/for/main`` is not used: it makes no branch, so reviewers could not push
        their signatures to it. https://docs.gitea.com/usage/agit
        """
        try:
            first = ask(f"/pulls/{quote(proposal.base)}/{quote(proposal.branch)}", "GET", None)
        except Unanswered as none:
            if none.why != "404":
                raise
            return ""
        if first["state"] == "open":
            return str(first["html_url"])
        return looked_through("/pulls?state=open&limit=50&page={page}", forge, proposal, ask)


CODE = GiteaApi()
