"""The stable words for a cause: which HTTP status each has, and whether a wish survives it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Code(StrEnum):
    """A machine word for the cause of a state or a refusal. Stable: scripts compare it."""

    NOT_INSTALLED = "not_installed"
    UNSUPPORTED_PLATFORM = "unsupported_platform"
    VERSION_TOO_OLD = "version_too_old"
    INSTALL_FAILED = "install_failed"
    CHECKSUM_MISMATCH = "checksum_mismatch"
    CANCELLED = "cancelled"
    NOT_RUNNING = "not_running"
    NO_DISPLAY = "no_display"
    NO_SECURE_STORAGE = "no_secure_storage"
    TOO_BUSY = "too_busy"
    STORAGE_FAILED = "storage_failed"
    NEEDS_TOKEN = "needs_token"
    TOKEN_REJECTED = "token_rejected"
    NEEDS_LOGIN = "needs_login"
    FUNNEL_NOT_ENABLED = "funnel_not_enabled"
    HTTPS_NOT_ENABLED = "https_not_enabled"
    NEEDS_APPROVAL = "needs_approval"
    TAILSCALE_STOPPED = "tailscale_stopped"
    NEEDS_PRIVILEGES = "needs_privileges"
    WRONG_SUDO_PASSWORD = "wrong_sudo_password"
    DAEMON_NOT_RUNNING = "daemon_not_running"
    RATE_LIMITED = "rate_limited"
    TOO_MANY_SESSIONS = "too_many_sessions"
    DOMAIN_NOT_YOURS = "domain_not_yours"
    URL_TAKEN = "url_taken"
    REFUSED_BY_SERVICE = "refused_by_service"
    NO_NETWORK = "no_network"
    EDGE_UNREACHABLE = "edge_unreachable"
    TLS_INTERCEPTED = "tls_intercepted"
    NETWORK_CHANGED = "network_changed"
    START_TIMEOUT = "start_timeout"
    PROCESS_DIED = "process_died"
    BINARY_UNUSABLE = "binary_unusable"
    ORIGIN_DOWN = "origin_down"
    PORT_CONFLICT = "port_conflict"
    BAD_REQUEST = "bad_request"
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    LENGTH_REQUIRED = "length_required"
    TOO_LARGE = "too_large"
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type"
    WRONG_HOST = "wrong_host"
    TOO_MANY_ATTEMPTS = "too_many_attempts"
    HEADERS_TOO_LARGE = "headers_too_large"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class CodeFacts:
    """What follows from a code: the HTTP status of an answer that carries it, and how a phase shows it."""

    http_status: int
    needs_auth: bool = False
    retried: bool = False


_NEEDS_AUTH = CodeFacts(200, needs_auth=True)
_KEPT_TRYING = CodeFacts(502, retried=True)

FACTS: dict[Code, CodeFacts] = {
    Code.NOT_INSTALLED: CodeFacts(409),
    Code.UNSUPPORTED_PLATFORM: CodeFacts(409),
    Code.VERSION_TOO_OLD: CodeFacts(409),
    Code.INSTALL_FAILED: CodeFacts(502),
    Code.CHECKSUM_MISMATCH: CodeFacts(502),
    Code.CANCELLED: CodeFacts(409),
    Code.NOT_RUNNING: CodeFacts(409),
    Code.NO_DISPLAY: CodeFacts(409),
    Code.NO_SECURE_STORAGE: CodeFacts(409),
    Code.TOO_BUSY: CodeFacts(503),
    Code.STORAGE_FAILED: CodeFacts(507),
    Code.NEEDS_TOKEN: _NEEDS_AUTH,
    Code.TOKEN_REJECTED: _NEEDS_AUTH,
    Code.NEEDS_LOGIN: _NEEDS_AUTH,
    Code.FUNNEL_NOT_ENABLED: _NEEDS_AUTH,
    Code.HTTPS_NOT_ENABLED: _NEEDS_AUTH,
    Code.NEEDS_APPROVAL: _NEEDS_AUTH,
    Code.TAILSCALE_STOPPED: _NEEDS_AUTH,
    Code.NEEDS_PRIVILEGES: CodeFacts(403),
    Code.WRONG_SUDO_PASSWORD: CodeFacts(403),
    Code.DAEMON_NOT_RUNNING: CodeFacts(409, retried=True),
    Code.RATE_LIMITED: CodeFacts(503, retried=True),
    Code.TOO_MANY_SESSIONS: CodeFacts(409),
    Code.DOMAIN_NOT_YOURS: CodeFacts(409),
    Code.URL_TAKEN: CodeFacts(409),
    Code.REFUSED_BY_SERVICE: CodeFacts(502),
    Code.NO_NETWORK: _KEPT_TRYING,
    Code.EDGE_UNREACHABLE: _KEPT_TRYING,
    Code.TLS_INTERCEPTED: _KEPT_TRYING,
    Code.NETWORK_CHANGED: CodeFacts(409),
    Code.START_TIMEOUT: CodeFacts(504, retried=True),
    Code.PROCESS_DIED: CodeFacts(502, retried=True),
    Code.BINARY_UNUSABLE: CodeFacts(502),
    Code.ORIGIN_DOWN: CodeFacts(200),
    Code.PORT_CONFLICT: CodeFacts(409),
    Code.BAD_REQUEST: CodeFacts(400),
    Code.UNAUTHORIZED: CodeFacts(401),
    Code.FORBIDDEN: CodeFacts(403),
    Code.NOT_FOUND: CodeFacts(404),
    Code.METHOD_NOT_ALLOWED: CodeFacts(405),
    Code.LENGTH_REQUIRED: CodeFacts(411),
    Code.TOO_LARGE: CodeFacts(413),
    Code.UNSUPPORTED_MEDIA_TYPE: CodeFacts(415),
    Code.WRONG_HOST: CodeFacts(421),
    Code.TOO_MANY_ATTEMPTS: CodeFacts(429),
    Code.HEADERS_TOO_LARGE: CodeFacts(431),
    Code.INTERNAL: CodeFacts(500),
}
