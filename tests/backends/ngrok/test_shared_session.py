"""Several tunnels of ngrok: one session of an account carries all of them, and each goes its own way on it."""

from __future__ import annotations

import dataclasses

import pytest

from portway.backends.ngrok.backend import NgrokBackend, NgrokOptions
from portway.core.backend import Context
from portway.core.codes import Code
from portway.core.errors import TunnelError
from tests.backends.ngrok.conftest import DOMAIN
from tests.backends.ngrok.test_tunnel import visit
from tests.contract import opened
from tests.fakes.backends.news import KnownSecrets, RecordedNews
from tests.fakes.ngrok.edge import NgrokEdge
from tests.fakes.origins.page import PAGE


def context_of(context: Context, token: str, domain: str = "") -> Context:
    return dataclasses.replace(
        context,
        options=NgrokOptions(domain=domain),
        secrets=KnownSecrets({"auth_token": token}),
        listener=RecordedNews(),
    )


def news_of(context: Context) -> RecordedNews:
    assert isinstance(context.listener, RecordedNews)
    return context.listener


def test_an_account_with_one_session_has_them_all_and_one_that_goes_leaves_the_others(
    edge: NgrokEdge, backend: NgrokBackend, context: Context
) -> None:
    token = edge.account(sessions_allowed=1).token
    first, second = context_of(context, token), context_of(context, token)
    with opened(backend, first) as one:
        with opened(backend.another("shop"), second) as other:
            assert edge.sessions == 1
            assert one.public_url != other.public_url
            assert [visit(edge, session.public_url).content for session in (one, other)] == [PAGE, PAGE]
        assert edge.urls == [one.public_url]
        assert visit(edge, one.public_url).content == PAGE
    assert (news_of(first).losses, news_of(first).recoverings) == ([], [])


@pytest.mark.parametrize("trouble", [NgrokEdge.cut, NgrokEdge.go_away])
def test_all_come_back_after_a_cut_on_one_session_again(
    edge: NgrokEdge, backend: NgrokBackend, context: Context, trouble: object
) -> None:
    token = edge.account(sessions_allowed=1).token
    contexts = [context_of(context, token) for _ in range(3)]
    tunnels = [backend, backend.another("shop"), backend.another("api")]
    sessions = [tunnel.open(one) for tunnel, one in zip(tunnels, contexts, strict=True)]
    urls = [session.public_url for session in sessions]
    trouble(edge)  # type: ignore[operator]
    for one, url in zip(contexts, urls, strict=True):
        news_of(one).wait_for(lambda heard: heard.recovered_urls[-1:] == [url])  # noqa: B023 - runs before the next turn
    assert edge.sessions == 1
    assert [visit(edge, url).content for url in urls] == [PAGE] * 3
    for session, one in zip(sessions, contexts, strict=True):
        session.close(one)


def test_two_accounts_stand_side_by_side(edge: NgrokEdge, backend: NgrokBackend, context: Context) -> None:
    tokens = [edge.account(sessions_allowed=1).token for _ in range(2)]
    first, second = (context_of(context, token) for token in tokens)
    with opened(backend, first) as one, opened(backend.another("shop"), second) as other:
        assert edge.sessions == 2
        assert [visit(edge, session.public_url).content for session in (one, other)] == [PAGE, PAGE]
        assert (news_of(first).recoverings, news_of(second).recoverings) == ([], [])


def test_a_domain_that_another_one_has_is_told_and_disturbs_it_not(
    edge: NgrokEdge, backend: NgrokBackend, context: Context
) -> None:
    with opened(backend, context) as session:
        with pytest.raises(TunnelError) as caught:
            backend.another("shop").open(dataclasses.replace(context, listener=RecordedNews()))
        assert caught.value.code is Code.URL_TAKEN
        assert visit(edge, session.public_url).content == PAGE
    assert session.public_url == f"https://{DOMAIN}"
