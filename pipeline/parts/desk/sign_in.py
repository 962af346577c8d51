"""Signing in with a passkey of the roster or the desk's printed address, and enrolling a passkey.

A visitor who enrols has no session yet, so nothing is believed: the lead department gives a code
for one person, those who govern the roster compare a number that the visitor reads out to them, and
only their signatures let the key count. What one visitor does stands in no other's way.
"""

import re
import secrets

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from pipeline.errors import Fault, Misuse
from pipeline.evidence.ssh.keys import PublicKey
from pipeline.evidence.ssh.webauthn import AssertionResponse, key_of_registration, verify_login
from pipeline.model.calendar import local_date
from pipeline.model.findings import Message, say
from pipeline.model.ids import BranchName, PersonId, sha256_of
from pipeline.model.registers import Person, Registers, check_number, signing_roles
from pipeline.parts.desk import frame
from pipeline.parts.desk.desk import (
    Desk,
    assertion_of,
    desk_of,
    from_base64url,
    passkeys_of,
    to_base64url,
)
from pipeline.parts.desk.gate import visit_name, with_cookie, with_session
from pipeline.parts.desk.writer import QueuedChange
from pipeline.sign.roster import ROSTER, NewKey, next_roster
from pipeline.source.git.branches import MAIN, branches, local
from pipeline.source.git.repository import Repository

ENROLMENTS = "roster/"
"""What the names of branches begin with that each hold the passkey of a visitor."""


def show(request: Request) -> Response:
    return frame.page(
        request, "sign_in", next=frame.page_inside(request.query_params.get("next", "/"))
    )


def challenge(request: Request) -> Response:
    desk = desk_of(request)
    return _challenged(request, {"rpId": desk.signing.rp_id})


def _challenged(request: Request, more: dict[str, str]) -> Response:
    """A challenge for this browser alone, which a cookie tells from others."""
    desk, name = desk_of(request), visit_name(desk_of(request).origin)
    visitor = request.cookies.get(name) or secrets.token_urlsafe(16)
    fresh = desk.challenges.new(visitor, desk.now())
    answer = JSONResponse({"challenge": to_base64url(fresh), **more})
    return with_cookie(answer, desk.origin, name, visitor)


def _taken(request: Request, given: dict[str, object]) -> bytes:
    """The challenge that an answer is for. Raises Fault when it was not this browser's."""
    desk = desk_of(request)
    visitor = request.cookies.get(visit_name(desk.origin), "")
    return desk.challenges.take(str(given.get("challenge", "")), visitor, desk.now())


def answer(request: Request, given: dict[str, object]) -> Response:
    desk = desk_of(request)
    fresh = _taken(request, given)
    person, key = _owner(desk, fresh, assertion_of(given))
    desk.challenges.use(fresh, desk.now())
    secret = desk.sessions.begin(person, desk.now(), key=key, shared=given.get("shared") is True)
    following = frame.page_inside(str(given.get("next", "/")))
    return with_session(frame.onward(request, following), desk.origin, secret)


def _owner(desk: Desk, fresh: bytes, proof: AssertionResponse) -> tuple[PersonId, str]:
    """The person whose passkey answered, and its fingerprint. Raises Fault for any other."""
    with desk.archive() as (_, registers):
        keys = [
            (person, key)
            for person in registers.people
            for key in passkeys_of(person, registers, desk.now())
            if key.application == desk.signing.rp_id
        ]
    for person, key in keys:
        if verify_login(key, fresh, proof, desk.origin) and desk.present(person):
            return person, key.fingerprint
    raise Fault(
        say("The roster holds no such passkey, or its owner holds no office today."),
        say(
            "Have your passkey entered: the page Passkey makes one and says whom to give it to."
            " When two people have just consented, try again in a minute."
        ),
    )


ANEW = say("Run the command at the terminal again, or sign in with your passkey.")


def enter(request: Request, anew: Message = ANEW) -> Response:
    """The address that was printed at the machine: it opens one session there, once. `anew`: what
    to do when it was used."""
    desk = desk_of(request)
    if not desk.sessions.take(request.query_params.get("token", "")):
        raise Fault(
            say("This address was used already, or is not the one printed at the start."), anew
        )
    with desk.reading() as registers:
        person = desk.local_person(registers)
    if person is None or not desk.present(person.id):
        raise Fault(
            say("The archive does not know whose machine this is."),
            say(
                "Set your address as people.yml has it: `git config user.email …`, and start the"
                " desk again; or sign in with your passkey."
            ),
        )
    secret = desk.sessions.begin(person.id, desk.now(), local=True)
    # A file may have led here (`cli.desk`): a redirect would still count as from elsewhere, and be
    # sent without the session. A page of our own leads on instead.
    welcome = HTMLResponse('<!DOCTYPE html><a href="/">→</a>', headers={"refresh": "0; url=/"})
    return with_session(welcome, desk.origin, secret)


def sign_out(request: Request) -> Response:
    desk = desk_of(request)
    desk.sessions.end(request.state.secret)
    return RedirectResponse("/sign-in", 303)


MOST = 3
"""Passkeys of one person that may wait at a time."""
WHO = (PersonId("desk"), "desk@localhost")
"""Whom the commit names: the visitor is not known to be who they say."""


def show_enrolment(request: Request, *, founding: bool = False) -> Response:
    return frame.page(request, "enrol", founding=founding)


def options(request: Request, given: dict[str, object]) -> Response:
    """What `navigator.credentials.create` needs, for the person who is named."""
    desk = desk_of(request)
    person = admitted(request, given)
    if not desk.present(person.id):
        raise _stranger()
    more = {"rpId": desk.signing.rp_id, "name": person.name,
            "user": to_base64url(person.id.encode())}  # fmt: skip
    return _challenged(request, more)


def admitted(request: Request, given: dict[str, object], *, use: bool = False) -> Person:
    """The person who enrols: with a code of the lead department, or signed in as themselves.
    Strangers learn nothing, not even a name. Raises Fault."""
    desk, entry = desk_of(request), request.state.entry
    with desk.reading() as registers:
        matches = _people_called(registers, str(given.get("who", "")))
    person = matches[0] if len(matches) == 1 else None
    own = bool(person and entry and entry.person == person.id)
    code = str(given.get("code", ""))
    if person and (own or desk.codes.opens(code, person.id, desk.now(), use=use)):
        return person
    raise _stranger()


def enrol(request: Request, given: dict[str, object]) -> Response:
    """Put the passkey on a branch, once its browser has shown that it can sign here."""
    desk, (key, fresh) = desk_of(request), new_passkey(request, given)
    with desk.archive() as (repository, registers):
        change = _proposal(desk, repository, registers, admitted(request, given), key.line)
    person = admitted(request, given, use=True)
    desk.challenges.use(fresh, desk.now())
    try:
        desk.writer.put(change)
    except (frame.SetAside, frame.Waits) as fault:
        desk.writer.dismiss(change.id, change.person)
        raise Fault(
            say("The archive cannot be written to now: the passkey was not entered."),
            say("Ask the lead department for another code, and try again later."),
        ) from fault
    return JSONResponse({"number": check_number(key.fingerprint), "name": person.name})


def new_passkey(request: Request, given: dict[str, object]) -> tuple[PublicKey, bytes]:
    """The passkey that a browser made, and the challenge that it signed here. Raises Fault."""
    desk, fresh = desk_of(request), _taken(request, given)
    try:
        spki = from_base64url(str(given.get("publicKey", "")))
    except ValueError:
        spki = b""
    key = key_of_registration(spki, desk.signing.rp_id)
    if not verify_login(key, fresh, assertion_of(given), desk.origin):
        raise Fault(
            say("The new passkey did not sign as it must."),
            say("Make it again; it must ask for a fingerprint, face or PIN."),
        )
    return key, fresh


def _proposal(
    desk: Desk, repository: Repository, registers: Registers, person: Person, line: str
) -> QueuedChange:
    """The next roster with this passkey, on a branch of its own (threats A54)."""
    stem = f"{ENROLMENTS}{person.id}-"
    branch = BranchName(f"{stem}{sha256_of(line.encode())[:8]}")
    open_ = {local(name) for name in branches(repository).shared.commits}
    own = [name for name in open_ if re.fullmatch(re.escape(stem) + "[0-9a-f]{8}", name)]
    if branch in own or len(own) >= MOST:
        raise Fault(
            say(
                "{count} passkeys of {person} wait for consent already.",
                count=len(own),
                person=person.name,
            ),
            say("Ask the lead department to propose or to withdraw them first."),
        )
    now, main = desk.now(), repository.tree(repository.base(MAIN))
    return QueuedChange(
        branch,
        {ROSTER: next_roster(main, now, [NewKey(person.id, line, now)])},
        desk.tr(say("Enter a passkey for {person}, not yet compared", person=person.id)),
        *WHO,
        int(now.timestamp()),
        {ROSTER: main.files[ROSTER].oid},
    )


def give_code(request: Request, form: frame.Form) -> Response:
    """A code for one person, which the lead department reads out to them."""
    desk, me = desk_of(request), frame.session_of(request).person
    with desk.archive() as (_, registers):
        day, giver = local_date(desk.now()), registers.people[me]
        person = registers.people.get(PersonId(form.get("person", "")))
        lead = registers.lead_on(day)
        of_lead = any(t.covers(day) and t.department == lead for t in giver.tenures)
    if giver.contractor or not (of_lead or signing_roles(giver, day, registers)):
        raise Fault(
            say("The lead department gives codes."), say("Ask one of its people for yours.")
        )
    if person is None or not desk.present(person.id):
        raise Misuse(say("Nothing was chosen."), say("Choose who is to enrol."))
    code = Message(desk.codes.give(person.id, desk.now()))
    desk.done[request.state.secret] = say(
        "Code for {person}: {code}. It is good for one passkey, for 24 hours; read it out to them.",
        person=person.name,
        code=code,
    )
    return RedirectResponse("/govern/people", 303)


def _people_called(registers: Registers, who: str) -> list[Person]:
    """Whom a visitor names by name, id or address."""
    wanted = who.strip()
    return [
        p
        for p in registers.people.values()
        if wanted and (wanted in (p.id, p.name) or wanted.casefold() in p.emails)
    ]


def _stranger() -> Fault:
    return Fault(
        say("This name and this code do not belong together."),
        say(
            "Write your name, id or address as the lead department entered it, and ask them for a"
            " code: it is good for one passkey, for 24 hours."
        ),
    )


ROUTES = [
    Route("/sign-in", show),
    Route("/sign-in", frame.scripted(answer), methods=["POST"]),
    Route("/sign-in/challenge", challenge, methods=["POST"]),
    Route("/enter", enter),
    Route("/sign-out", sign_out, methods=["POST"]),
    Route("/enrol", show_enrolment),
    Route("/enrol/options", frame.scripted(options), methods=["POST"]),
    Route("/enrol", frame.scripted(enrol), methods=["POST"]),
    Route("/govern/code", frame.posted(give_code), methods=["POST"]),
]
