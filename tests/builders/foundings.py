"""An archive that is founded on pages, and the devices of its people."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from pipeline.model.ids import PersonId
from pipeline.new.archive_files import program_files
from pipeline.new.new_archive import NewArchive
from pipeline.parts.desk.founding import Founding, founding_app, state
from pipeline.parts.desk.writer import Clone
from pipeline.report.language import translator
from tests.builders.desks import ORIGIN, Present, answer_of, spki

UNIT = "测试市应急管理局"
SIX = {
    "某信息员": "information-officer",
    "某科长": "section-head",
    "某分管": "leader-in-charge",
    "某管理员": "operator",
    "某作者": "writer",
    "某局长": "principal",
}
"""Name → office of the people who found an archive."""


JSON = {"accept": "application/json"}


def new_archive() -> NewArchive:
    archive = {"id": "ceshi-yjj", "url": "https://archive.example/", "demo": False,
               "show_names": False, "since": date(2026, 11, 5)}  # fmt: skip
    unit = {"full_name": UNIT, "short_name": UNIT, "organisation_code": "000000000", "footer": {}}
    account = {"url": "https://mp.weixin.qq.com/", "verified": True, "content_mode": "text"}
    return NewArchive(archive, unit, (), account, program_files(False, {}))


def founding_at(
    folder: Path, origin: str = ORIGIN, announce: Callable[[str, str], None] = lambda *_: None
) -> Founding:
    """As `sanshen init --desk` opens it, or opens it again."""
    queue = folder / ".git/sanshen-desk"
    return Founding(Clone(folder), origin, Present(), translator("zh"), queue, new=new_archive(),
                    announce=announce)  # fmt: skip


@contextmanager
def leading(founding: Founding, *, enters: bool = True) -> Iterator[TestClient]:
    """A browser at the founding, which opened the printed address."""
    app = founding_app(founding)
    with TestClient(app, base_url=founding.origin, follow_redirects=False,
                    headers={"origin": founding.origin}) as client:  # fmt: skip
        if enters:
            client.get(f"/enter?token={founding.sessions.token}")
        yield client


def add(client: TestClient, name: str, role: str, **more: str) -> None:
    """Enter a person; what the page refuses is refused with 409."""
    given = {"act": "add", "name": name, "role": role, "email": "", **more}
    answer = client.post("/people", data=given)
    assert answer.status_code == 303, answer.text


def id_of(founding: Founding, name: str) -> str:
    return str(next(row["id"] for row in founding.book()["people"] if row["name"] == name))


def answered(client: TestClient, founding: Founding, name: str, key: str = "", code: str = "",
             **fields: Any) -> dict[str, Any]:  # fmt: skip
    """What the device of a person posts to enrol, with the code that the page shows for them."""
    id = PersonId(id_of(founding, name))
    code = code or founding.codes.give(id, founding.now())
    given = client.post("/enrol/options", json={"who": id, "code": code}, headers=JSON).json()
    if "error" in given:
        return dict(given)
    proof = answer_of(given["challenge"], key or name, **{"origin": founding.origin, **fields})
    return {**proof, "publicKey": spki(key or name), "challenge": given["challenge"],
            "who": id, "code": code}  # fmt: skip


def enrolled(client: TestClient, founding: Founding, name: str, key: str = "") -> dict[str, Any]:
    return dict(client.post("/enrol", json=answered(client, founding, name, key),
                            headers=JSON).json())  # fmt: skip


def all_enrolled(client: TestClient, founding: Founding, but: Collection[str] = ()) -> None:
    """All of `SIX` but who holds one of these offices."""
    for name, role in SIX.items():
        if role not in but:
            add(client, name, role)
            assert "number" in enrolled(client, founding, name)


def press(client: TestClient, founding: Founding, shown: str = "") -> Any:
    """The button that founds the archive."""
    return client.post("/found", data={"state": shown or state(founding.book()), "staff": "yes"})
