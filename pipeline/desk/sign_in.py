"""Signing in with a passkey of the roster or the desk's printed address, and enrolling a passkey.

A visitor who enrols has no session yet, so nothing is believed: those who govern the roster compare
a number that the visitor reads out to them, and only their signatures let the key count.
"""

from threading import Lock

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from pipeline.desk.desk import Desk, desk_of, json_of, onward, page, page_inside
from pipeline.desk.gate import with_session
from pipeline.desk.signing import assertion_of, from_base64url, passkeys_of, to_base64url
from pipeline.desk.writer import QueuedChange, SetAside, Waits
from pipeline.errors import Fault
from pipeline.evidence.ssh.webauthn import AssertionResponse, key_of_registration, verify_login
from pipeline.judge.load_governance import trust
from pipeline.model.findings import say
from pipeline.model.registers import Person, Registers, check_number
from pipeline.sign.roster import ROSTER, NewKey, next_roster
from pipeline.source.git.branches import MAIN, tip_of
from pipeline.source.git.repository import Repository


def show(request: Request) -> Response:
    return page(request, "sign_in", next=page_inside(request.query_params.get("next", "/")))


def challenge(request: Request) -> Response:
    desk = desk_of(request)
    fresh = desk.challenges.new(desk.now())
    return JSONResponse({"challenge": to_base64url(fresh), "rpId": desk.signing.rp_id})


async def answer(request: Request) -> Response:
    given = await json_of(request)
    return await run_in_threadpool(_signed_in, request, given)


def _signed_in(request: Request, given: dict[str, object]) -> Response:
    desk = desk_of(request)
    fresh = desk.challenges.take(str(given.get("challenge", "")), desk.now())
    person = _owner(desk, fresh, assertion_of(given))
    secret = desk.sessions.begin(person, desk.now())
    following = page_inside(str(given.get("next", "/")))
    return with_session(onward(request, following), desk.origin, secret)


def _owner(desk: Desk, fresh: bytes, proof: AssertionResponse) -> str:
    """The person whose passkey answered. Raises Fault when the roster holds none such."""
    with desk.archive() as (_, registers):
        keys = [
            (person, key)
            for person in registers.people
            for key in passkeys_of(person, registers, desk.now())
            if key.application == desk.signing.rp_id
        ]
    for person, key in keys:
        if verify_login(key, fresh, proof, desk.origin) and desk.present(person):
            return person
    raise Fault(
        say("The roster holds no such passkey, or its owner holds no office today."),
        say(
            "Have your passkey entered: the page Passkey makes one and says whom to give it to."
            " When two people have just consented, try again in a minute."
        ),
    )


def enter(request: Request) -> Response:
    """The address that was printed at the machine: it opens one session there, once."""
    desk = desk_of(request)
    if not desk.sessions.take(request.query_params.get("token", "")):
        raise Fault(
            say("This address was used already, or is not the one printed at the start."),
            say("Start `sanshen desk` again, or sign in with your passkey."),
        )
    with desk.archive() as (_, registers):
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


BRANCH = "roster/passkeys"
"""All passkeys that wait for consent: one consent covers them."""
MOST = 40
"""Passkeys that may wait at a time."""
_TRIES = 5
"""How often a proposal that another desk adds to meanwhile is made again."""
_ONE = Lock()
"""Held while a passkey is put into the proposal, with those that wait there."""
WHO = ("desk", "desk@localhost")
"""Whom the commit names: the visitor is not known to be who they say."""


def show_enrolment(request: Request) -> Response:
    return page(request, "enrol")


async def options(request: Request) -> Response:
    """What `navigator.credentials.create` needs, for the person who is named."""
    given = await json_of(request)
    return await run_in_threadpool(_options, request, str(given.get("who", "")))


def _options(request: Request, who: str) -> Response:
    desk = desk_of(request)
    with desk.archive() as (_, registers):
        person = _person_called(registers, who)
    if not desk.present(person.id):
        raise _stranger()
    fresh = desk.challenges.new(desk.now())
    return JSONResponse(
        {"challenge": to_base64url(fresh), "rpId": desk.signing.rp_id, "name": person.name,
         "user": to_base64url(person.id.encode())}
    )  # fmt: skip


async def enrol(request: Request) -> Response:
    given = await json_of(request)
    return await run_in_threadpool(_enrolled, request, given)


def _enrolled(request: Request, given: dict[str, object]) -> Response:
    """Put the passkey into the proposal, once its browser has shown that it can sign here."""
    desk = desk_of(request)
    fresh = desk.challenges.take(str(given.get("challenge", "")), desk.now())
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
    with _ONE:
        name = _proposed(desk, str(given.get("who", "")), key.line)
    return JSONResponse({"number": check_number(key.fingerprint), "name": name})


def _proposed(desk: Desk, who: str, line: str) -> str:
    """Put a passkey into the proposal; the name of its person. A stranger may be asking, so nothing
    stays in the queue: without the remote, no one could count what waits."""
    for _ in range(_TRIES):
        with desk.archive() as (repository, registers):
            person = _person_called(registers, who)
            change = _proposal(desk, repository, registers, person, line)
        try:
            desk.writer.put(change)
            return person.name
        except SetAside:
            desk.writer.dismiss(change.id, change.person)
        except Waits:
            desk.writer.dismiss(change.id, change.person)
            break
    raise Fault(
        say("The archive cannot be written to now: the passkey was not entered."),
        say("Try again later."),
    )


def _proposal(
    desk: Desk, repository: Repository, registers: Registers, person: Person, line: str
) -> QueuedChange:
    """The next roster with this passkey, and with those that wait already."""
    main = repository.tree(repository.base(MAIN))
    tip = tip_of(repository, BRANCH)
    stands = repository.tree(tip) if tip else main
    old = {key.line for key in registers.roster.keys}
    waiting = trust(stands).registers.roster.keys if tip else ()
    rows = [NewKey(k.person, k.line, k.valid_from) for k in waiting if k.line not in old]
    if len(rows) >= MOST:
        raise Fault(
            say("{count} passkeys wait for consent already.", count=len(rows)),
            say("Ask the lead department to deal with them first."),
        )
    now = desk.now()
    rows = [row for row in rows if row.line != line] + [NewKey(person.id, line, now)]
    return QueuedChange(
        BRANCH,
        {ROSTER: next_roster(main, rows)},
        desk.tr(say("Enter a passkey for {person}, not yet compared", person=person.id)),
        *WHO,
        int(now.timestamp()),
        {ROSTER: stands.files[ROSTER].oid},
    )


def _person_called(registers: Registers, who: str) -> Person:
    """The one person whom a visitor names by name, id or address. No list of people is shown."""
    wanted = who.strip()
    matches = [
        p for p in registers.people.values()
        if wanted and (wanted in (p.id, p.name) or wanted.casefold() in p.emails)
    ]  # fmt: skip
    if len(matches) != 1:
        raise _stranger()
    return matches[0]


def _stranger() -> Fault:
    return Fault(
        say("No one person in office is called so."),
        say("Write your name, id or address as the lead department entered it."),
    )


ROUTES = [
    Route("/sign-in", show),
    Route("/sign-in", answer, methods=["POST"]),
    Route("/sign-in/challenge", challenge, methods=["POST"]),
    Route("/enter", enter),
    Route("/sign-out", sign_out, methods=["POST"]),
    Route("/enrol", show_enrolment),
    Route("/enrol/options", options, methods=["POST"]),
    Route("/enrol", enrol, methods=["POST"]),
]
