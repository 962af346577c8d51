"""Signing in: a passkey of the roster, or the address that the desk printed at this machine."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from pipeline.desk.desk import Desk, desk_of, json_of, onward, page, page_inside
from pipeline.desk.gate import with_session
from pipeline.desk.signing import assertion_of, passkeys_of, to_base64url
from pipeline.errors import Fault
from pipeline.evidence.ssh.webauthn import AssertionResponse, verify_login
from pipeline.model.findings import say


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
    return with_session(RedirectResponse("/", 303), desk.origin, secret)


def sign_out(request: Request) -> Response:
    desk = desk_of(request)
    desk.sessions.end(request.state.secret)
    return RedirectResponse("/sign-in", 303)


ROUTES = [
    Route("/sign-in", show),
    Route("/sign-in", answer, methods=["POST"]),
    Route("/sign-in/challenge", challenge, methods=["POST"]),
    Route("/enter", enter),
    Route("/sign-out", sign_out, methods=["POST"]),
]
