"""The first day: an archive founded on pages, by people who hold nothing but their devices.

What is entered stands in a file beside the folder of the archive. The keys that browsers make are
in the very first commit, so they take no consent, and none of it counts before that. One
browser leads, which opened the printed address; a device comes in with a code for one person.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from pipeline.errors import Fault, Misuse
from pipeline.judge.load_governance import trust
from pipeline.model import calendar, reports, zh_names
from pipeline.model.findings import Message, say
from pipeline.model.ids import PersonId, sha256_of
from pipeline.model.registers import Person, Registers, check_number
from pipeline.new.new_archive import NEEDED, Member, NewArchive, init_archive
from pipeline.new.new_entry import sound_registers
from pipeline.parts.desk import gate, root, sign_in
from pipeline.parts.desk.app import create_app, keep_up
from pipeline.parts.desk.desk import Desk, changed
from pipeline.parts.desk.frame import Form, page, posted, scripted
from pipeline.site.qr import qr_code
from pipeline.source.atomic import write_whole
from pipeline.source.content.paths import MemoryTree

OFFICES = (*NEEDED, "principal")
"""What people may enrol for; more is given once the archive stands."""
UNIT = ("full_name", "short_name", "organisation_code", "help")
FACTS = (*UNIT, "url", "lead", "account_url", "verified", "opened_on", "content_mode")

Book = dict[str, Any]
"""What was entered: ``origin``, ``facts`` (`FACTS`), ``people`` (rows as `Member` has fields)."""


def book_of(folder: Path) -> Path:
    """The folder beside an archive to come that holds what was entered."""
    return folder.with_name(f"{folder.name}.founding")


def state(book: Book) -> str:
    """What a page showed, so that nothing else is founded."""
    return sha256_of(json.dumps(book).encode())


@dataclass(kw_only=True)
class Founding(Desk):
    """A desk before its archive stands: its registers are those that would be committed now."""

    new: NewArchive
    """As the terminal named it; what the page holds comes over it."""
    announce: Callable[[str, str], None]
    """Prints the first commit and the root of trust."""
    opened: ASGIApp | None = None
    """The pages of the desk, once the archive stands."""
    _turn: Lock = field(default_factory=Lock)

    @property
    def _file(self) -> Path:
        return book_of(self.clone.folder) / "entered.json"

    @property
    def stands(self) -> bool:
        """Whether the archive is founded."""
        folder = self.clone.folder
        return folder.exists() and any(folder.iterdir())

    def book(self) -> Book:
        """Raises Fault when its passkeys belong to another address."""
        try:
            book: Book = json.loads(self._file.read_bytes())
        except FileNotFoundError:  # none yet; or none any more: the archive was founded just now
            new = self.new
            own = {**new.archive, **new.unit, **new.account, "lead": new.lead}
            own |= {"url": new.archive["url"], "account_url": new.account["url"]}
            facts = {name: str(own.get(name, "")) for name in FACTS}
            return {"origin": self.origin, "facts": facts, "people": []}
        if book["origin"] != self.origin and any(row["key"] for row in book["people"]):
            raise Fault(
                say("The passkeys were made for {address}.", address=book["origin"]),
                say(
                    "Give that address, or remove {path} and begin anew.",
                    path=str(self._file.parent),
                ),
            )
        return {**book, "origin": self.origin}

    @contextmanager
    def changing(self) -> Iterator[Book]:
        """The book, which is written when the block ends. Raises Fault for what the registers to
        come refuse, and once the archive stands."""
        with self._turn:
            if self.stands:
                raise Fault(
                    say("The archive is founded already."), say("Open the founding page again.")
                )
            yield (book := self.book())
            draft = self.draft(book)
            names = [member.name for member in draft.members]
            if twice := [name for name in names if names.count(name) > 1]:
                raise Misuse(
                    say(
                        "{person} is entered already; each person founds with one office.",
                        person=Message(twice[0]),
                    ),
                    say(
                        "Three reviews take three people. More offices can be given once the"
                        " archive stands; of two people of one name, write what tells them apart."
                    ),
                )
            now = self.now()
            sound_registers(self.new.contents(now), draft.contents(now))
            write_whole(self._file, json.dumps(book).encode(), mode=0o600)

    def draft(self, book: Book) -> NewArchive:
        """What would be founded now."""
        facts, new = book["facts"], self.new
        return replace(
            new,
            archive={**new.archive, "url": facts["url"], "since": calendar.local_date(self.now())},
            unit={**new.unit, **{name: facts[name] for name in UNIT if facts[name]}},
            account={
                **new.account,
                "url": facts["account_url"],
                "verified": facts["verified"] == "True",
                **{name: facts[name] for name in ("opened_on", "content_mode") if facts.get(name)},
            },
            members=(*new.members, *(Member(**row) for row in book["people"])),
            lead=facts["lead"],
            desk=self.origin,
        )

    def registers(self, book: Book) -> Registers:
        made = trust(MemoryTree(self.draft(book).contents(self.now()))).registers
        self.names.update(reports.names_of(made))
        return made

    @contextmanager
    def reading(self) -> Iterator[Registers]:
        yield self.registers(self.book())

    def present(self, person: PersonId, key: str = "") -> bool:
        return True

    def local_person(self, registers: Registers) -> Person:
        """Who opened the printed address."""
        return Person(PersonId("founding"), "", False, (), ())

    def establish(self, shown: str) -> None:
        """Lay the archive out beside its place, and move it there whole. Raises Fault."""
        with self._turn:
            if self.stands:  # a second press
                return
            book, laid = self.book(), self._file.with_name("archive")
            if state(book) != shown:
                raise changed()
            for lack in self.lacks(book):
                raise Fault(say("Not yet: {what}", what=lack), say("Open the founding page again."))
            shutil.rmtree(laid, ignore_errors=True)
            init_archive(laid, self.draft(book), self.now())
            laid.rename(self.clone.folder)
            self.open_desk()

    def open_desk(self) -> None:
        """Go on as the desk of the archive, which stands."""
        with self.clone.repository() as repository:
            commit, registers = root.beginning(repository)
        desk = Desk(
            self.clone, self.origin, self.now, self.tr, self.queue, sessions=gate.Sessions(token="")
        )
        self.opened = create_app(desk, background=False)
        Thread(target=keep_up, args=(desk, Event()), daemon=True).start()
        self.announce(commit, registers.roster.digest)  # which a closed terminal ends
        shutil.rmtree(self._file.parent, ignore_errors=True)

    def lacks(self, book: Book) -> Iterator[Message]:
        """Who must be entered, or enrol here, before the archive is founded."""
        roles = {member.role for member in self.draft(book).members}
        if not book["facts"].get("content_mode"):
            yield say("It is not said what the first account shows, text and pictures or films.")
        for role in NEEDED:
            if role not in roles:
                yield say("No {role} is entered yet.", role=Message(zh_names.ROLES[role]))
        for row in book["people"]:
            if not row["key"]:
                yield say("{person} has not enrolled yet.", person=Message(row["name"]))


def founding_of(request: Request) -> Founding:
    made: Founding = request.app.state.desk
    return made


def show(request: Request) -> Response:
    founding = founding_of(request)
    book = founding.book()
    open_ = {row["id"]: _code(founding, row["id"]) for row in book["people"] if not row["key"]}
    links = {id: f"{founding.origin}/enrol#who={id}&code={code}" for id, code in open_.items()}
    return page(
        request,
        "founding",
        book=book,
        today=calendar.local_date(founding.now()),
        state=state(book),
        codes=open_,
        links=links,
        drawn={id: qr_code(link) for id, link in links.items()},
        others=founding.new.members,
        lacks=[*founding.lacks(book)],
        roles={r: zh_names.ROLES[r] for r in OFFICES},
        numbers={k.person: k.number for k in founding.registers(book).roster.keys},
    )


def _code(founding: Founding, id: PersonId) -> str:
    """The code that is good for a person now; given anew where there is none."""
    now, given = founding.now(), [*founding.codes.given.items()]  # who enrols spends one meanwhile
    held = (code for code, (owner, until) in given if owner == id and now < until)
    return next(held, "") or founding.codes.give(id, now)


def change_facts(request: Request, form: Form) -> Response:
    with founding_of(request).changing() as book:
        book["facts"].update({name: form[name] for name in FACTS if name in form})
    return RedirectResponse("/", 303)


def change_people(request: Request, form: Form) -> Response:
    """`act`: add, change, forget (the passkey), or remove; `id`, `name`, `role`, `email`."""
    founding, fields = founding_of(request), ("act", "name", "role", "email")
    act, name, role, email = (form.get(field, "") for field in fields)
    with founding.changing() as book:
        people = book["people"]
        ids = {row["id"]: row for row in people}
        row = ids.get(form.get("id", ""))
        if act == "add":
            free = (id for n in range(1, 99) if (id := f"{role}-{n}") not in ids)
            people.append(row := {"id": next(free), "key": ""})
        taking = act in ("remove", "forget")
        if row is None or not (taking or (role in OFFICES and name)):
            raise Misuse(say("A name or an office is lacking."), say("Enter both."))
        if act == "remove":
            people.remove(row)
        elif act == "forget":
            row["key"] = ""
        else:
            row.update(name=name, role=role, email=email or f"{row['id']}@localhost")
        founding.codes.take_back(row["id"])  # the next of this id may be another person
    return RedirectResponse("/", 303)


def enrol(request: Request, given: dict[str, object]) -> Response:
    """Enter the passkey of a person, once its browser has shown that it can sign here."""
    founding, (key, fresh) = founding_of(request), sign_in.new_passkey(request, given)
    with founding.changing() as book:
        person = sign_in.admitted(request, given)
        row = next(row for row in book["people"] if row["id"] == person.id)
        if row["key"]:
            raise Fault(
                say("{person} has enrolled already.", person=Message(person.name)),
                say("Have the passkey taken away on the founding page first."),
            )
        row["key"] = key.line
    sign_in.admitted(request, given, use=True)
    founding.challenges.use(fresh, founding.now())
    return JSONResponse({"number": check_number(key.fingerprint), "name": person.name})


def establish(request: Request, form: Form) -> Response:
    """`state`: what the page showed. The desk of the archive answers from then on."""
    if form.get("staff") != "yes":
        raise Misuse(
            say("Nothing was founded: it is not said that these people are the bureau's own."),
            say("Who belongs to a contractor holds none of these offices: remove them first."),
        )
    founding_of(request).establish(form.get("state", ""))
    return RedirectResponse("/root", 303)


def founding_app(founding: Founding) -> ASGIApp:
    """The pages of the founding; once the archive stands, those of its desk at the same address."""
    first = create_app(founding, background=False, routes=ROUTES)
    if founding.stands:
        founding.open_desk()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await (founding.opened or first)(scope, receive, send)

    return app


def wait(request: Request) -> Response:
    """For those who have enrolled, until the archive stands."""
    return page(request, "founding_wait", state=state(founding_of(request).book()))


AGAIN = say(
    "If you found the archive: go back to the window that this address opened. If it is closed,"
    " end the command at the machine and run it again; it prints a new address, and what was"
    " entered stays. Everybody else: open the link, or scan the picture, that this person shows"
    " you."
)
ROUTES = [
    Route("/", show),
    Route("/enter", partial(sign_in.enter, anew=AGAIN)),
    Route("/sign-in", wait),
    Route("/root", wait),
    Route("/state", lambda request: PlainTextResponse(state(founding_of(request).book()))),
    Route("/facts", posted(change_facts), methods=["POST"]),
    Route("/found", posted(establish), methods=["POST"]),
    Route("/people", posted(change_people), methods=["POST"]),
    Route("/enrol", partial(sign_in.show_enrolment, founding=True)),
    Route("/enrol/options", scripted(sign_in.options), methods=["POST"]),
    Route("/enrol", scripted(enrol), methods=["POST"]),
]
