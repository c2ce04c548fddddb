"""What a state of this computer's Tailscale means for somebody who wants a Funnel. Pure."""

from __future__ import annotations

from portway.backends.tailscale.declaration import TAILSCALE
from portway.backends.tailscale.node import NEEDS_APPROVAL, NEEDS_LOGIN, NOT_YET, RUNNING, STOPPED, Node
from portway.backends.tailscale.texts import ADMIN_MACHINES, not_connected, trusted_link
from portway.core.codes import Code
from portway.core.errors import AuthNeeded, TunnelError


def blocked_by(node: Node) -> TunnelError | None:
    """Return what a person has to do before anything can be published, None if nothing."""
    if node.state == NEEDS_LOGIN:
        return waiting_for_login(node)
    if node.state == NEEDS_APPROVAL:
        return AuthNeeded(Code.NEEDS_APPROVAL, action_url=ADMIN_MACHINES)
    if node.state == STOPPED:
        return AuthNeeded(Code.TAILSCALE_STOPPED)
    if is_on_its_way(node):
        return None
    return TunnelError(Code.REFUSED_BY_SERVICE, "other_account", service=TAILSCALE)


def waiting_for_login(node: Node) -> TunnelError:
    """Return the way on for a computer that is not logged in: the page of a log-in that waits, where there is one."""
    page = trusted_link(node.auth_url) if node.auth_url else None
    if page is None and node.expired:
        return AuthNeeded(Code.NEEDS_LOGIN, "command", service=TAILSCALE, command="tailscale up --force-reauth")
    return AuthNeeded(Code.NEEDS_LOGIN, action_url=page, service=TAILSCALE)


def is_on_its_way(node: Node) -> bool:
    """Whether it will be ready by itself, or would be with a network."""
    return node.state in (RUNNING, *NOT_YET)


def offline(node: Node) -> TunnelError:
    """Return why a computer that is on its way has not arrived."""
    return not_connected(node.health[0].rstrip(". ") if node.health else "it is not connected yet")
