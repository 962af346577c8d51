"""The root of trust on a page: to be printed, and to be compared on every phone.

It is public: who is signed in sees names there, too.
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipeline.judge.load_governance import trust
from pipeline.model.ids import CommitId
from pipeline.model.registers import Registers, number_of
from pipeline.model.zh_names import ROLES
from pipeline.parts.desk.desk import desk_of
from pipeline.parts.desk.frame import page
from pipeline.site.qr import qr_code
from pipeline.source.git.branches import MAIN
from pipeline.source.git.history import first_parents
from pipeline.source.git.repository import Repository


def beginning(repository: Repository) -> tuple[CommitId, Registers]:
    """The first commit of an archive, and what it holds."""
    commit = first_parents(repository, repository.base(MAIN))[0]
    return commit, trust(repository.tree(commit)).registers


def show(request: Request) -> Response:
    with desk_of(request).archive() as (repository, _):
        registers = beginning(repository)[1]
    root = registers.roster.digest
    return page(
        request,
        "root",
        root=[root[at : at + 4] for at in range(0, len(root), 4)],
        number=number_of(bytes.fromhex(root)),
        code=qr_code(root),
        first=registers,
        roles=ROLES,
    )


ROUTES = [Route("/root", show)]
