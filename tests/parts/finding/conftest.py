"""The desk of a bureau with passkeys, as the frame's own tests have it."""

from tests.parts.desk import conftest

template = conftest.template
run = conftest.run
desk = conftest.desk
