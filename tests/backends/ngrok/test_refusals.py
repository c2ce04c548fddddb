"""Each answer of the service, and each text of the SDK, has its code and its way on."""

from __future__ import annotations

import pytest

from portway.backends.ngrok.refusals import refusal, service_refusal, stopped_by_service
from portway.core.codes import Code
from portway.core.errors import AuthNeeded, TunnelError

TOKEN = "2abcdefghijKLMNOPQRSTuvw" + "_" + "5xYz0123456789abcdefg"  # made up, in ngrok's form
DOMAIN = "mine.ngrok-free.app"


@pytest.mark.parametrize(
    ("numbers", "code"),
    [
        ((4018,), Code.NEEDS_TOKEN),
        ((105, 106, 107), Code.TOKEN_REJECTED),
        ((108, 348), Code.TOO_MANY_SESSIONS),
        ((102, 103, 115, 116, 9040, 120, 121, 326, 15002, 324, 18021, 727), Code.REFUSED_BY_SERVICE),
        ((319, 320), Code.DOMAIN_NOT_YOURS),
        ((334,), Code.URL_TAKEN),
        ((734, 718, 720, 351), Code.RATE_LIMITED),
        ((1, 31337, 999999), Code.REFUSED_BY_SERVICE),
    ],
)
def test_each_number_has_its_code(numbers: tuple[int, ...], code: Code) -> None:
    for number in numbers:
        message = f"The service says no.\nYour authtoken: {TOKEN}"
        error = refusal(ValueError("failed to connect session", message, f"ERR_NGROK_{number}"), DOMAIN)
        assert error.code is code
        assert isinstance(error, AuthNeeded) == error.problem.code.needs_auth
        assert TOKEN not in repr(error.problem) + str(error)


@pytest.mark.parametrize("number", [102, 103, 115, 121, 326, 15002, 324, 727, 734, 31337])
def test_a_refusal_shows_the_number_of_the_service(number: int) -> None:
    assert f"ERR_NGROK_{number}" in service_refusal(number, DOMAIN).problem.sentence


@pytest.mark.parametrize("number", [4018, 105, 108, 102, 103, 319, 326, 15002, 324, 334, 727, 31337])
def test_what_a_person_can_solve_has_its_page(number: int) -> None:
    assert str(service_refusal(number, DOMAIN).problem.action_url).startswith("https://")


def test_a_limit_by_the_minute_is_tried_again_after_a_minute() -> None:
    assert service_refusal(734).problem.retry_after == 60
    assert service_refusal(718).problem.retry_after is None


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("failed to establish tcp connection", "no_network.service"),
        ("tls handshake error", "tls_intercepted"),
        ("failed to open muxado stream", "no_network.service"),
        ("failed to deserialize rpc response", "no_network.service"),
    ],
)
def test_trouble_without_a_number_is_the_network(text: str, key: str) -> None:
    assert refusal(ValueError("failed to connect session", text)).problem.key == key


def test_a_panic_of_the_sdk_is_an_answer_too() -> None:
    class PanicException(BaseException):
        """As the SDK raises it."""

    assert isinstance(refusal(PanicException("called `Option::unwrap()` on a `None` value")), TunnelError)


def test_a_stop_without_a_number_was_made_by_somebody() -> None:
    ended = ValueError('error on join: Custom { ListenerClosed { message: "stopped", error_code: None } }')
    assert stopped_by_service(ended, DOMAIN).problem.key == "refused_by_service.ngrok_stopped"
    limit = ValueError('error on join: Custom { ListenerClosed { error_code: Some("ERR_NGROK_727") } }')
    assert stopped_by_service(limit, DOMAIN).problem.key == "refused_by_service.ngrok_month"
