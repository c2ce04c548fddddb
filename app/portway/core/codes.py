"""The stable words for a cause: which HTTP status each has, and how the runtime goes on after it."""

from enum import StrEnum
from typing import Self

_NEEDS_AUTH = "needs_auth"
_RETRIED = "retried"


class Code(StrEnum):
    """A machine word for the cause of a state or a refusal. Stable: scripts compare it."""

    http_status: int  # of an answer that carries it
    needs_auth: bool  # a person has to do something first, and the phase says so
    retried: bool  # the wish stands, and is tried again after a while

    def __new__(cls, word: str, http_status: int = 500, follows: str = "") -> Self:
        """Make a member. The defaults are for type checkers, which take `Code(word)` for a call of this."""
        code = str.__new__(cls, word)
        code._value_ = word
        code.http_status = http_status
        code.needs_auth, code.retried = follows == _NEEDS_AUTH, follows == _RETRIED
        return code

    NOT_INSTALLED = "not_installed", 409
    UNSUPPORTED_PLATFORM = "unsupported_platform", 409
    VERSION_TOO_OLD = "version_too_old", 409
    INSTALL_FAILED = "install_failed", 502
    CHECKSUM_MISMATCH = "checksum_mismatch", 502
    CANCELLED = "cancelled", 409
    NOT_RUNNING = "not_running", 409
    NO_DISPLAY = "no_display", 409
    NO_SECURE_STORAGE = "no_secure_storage", 409
    TOO_BUSY = "too_busy", 503
    STORAGE_FAILED = "storage_failed", 507
    NEEDS_TOKEN = "needs_token", 200, _NEEDS_AUTH
    TOKEN_REJECTED = "token_rejected", 200, _NEEDS_AUTH
    NEEDS_LOGIN = "needs_login", 200, _NEEDS_AUTH
    FUNNEL_NOT_ENABLED = "funnel_not_enabled", 200, _NEEDS_AUTH
    HTTPS_NOT_ENABLED = "https_not_enabled", 200, _NEEDS_AUTH
    NEEDS_APPROVAL = "needs_approval", 200, _NEEDS_AUTH
    TAILSCALE_STOPPED = "tailscale_stopped", 200, _NEEDS_AUTH
    UNKNOWN_HOST = "unknown_host", 200, _NEEDS_AUTH
    HOST_CHANGED = "host_changed", 409
    NEEDS_PRIVILEGES = "needs_privileges", 403
    WRONG_SUDO_PASSWORD = "wrong_sudo_password", 403
    DAEMON_NOT_RUNNING = "daemon_not_running", 409, _RETRIED
    RATE_LIMITED = "rate_limited", 503, _RETRIED
    TOO_MANY_SESSIONS = "too_many_sessions", 409
    DOMAIN_NOT_YOURS = "domain_not_yours", 409
    URL_TAKEN = "url_taken", 409
    REFUSED_BY_SERVICE = "refused_by_service", 502
    NO_NETWORK = "no_network", 502, _RETRIED
    EDGE_UNREACHABLE = "edge_unreachable", 502, _RETRIED
    TLS_INTERCEPTED = "tls_intercepted", 502, _RETRIED
    NETWORK_CHANGED = "network_changed", 409
    START_TIMEOUT = "start_timeout", 504, _RETRIED
    PROCESS_DIED = "process_died", 502, _RETRIED
    BINARY_UNUSABLE = "binary_unusable", 502
    ORIGIN_DOWN = "origin_down", 200
    ORIGIN_SCHEME = "origin_scheme", 200
    HOST_REFUSED = "host_refused", 200
    RELAY_PORT_TAKEN = "relay_port_taken", 409, _RETRIED
    OTHER_TARGET = "other_target", 409
    PORT_CONFLICT = "port_conflict", 409
    EXPIRED = "expired", 409
    NAME_TAKEN = "name_taken", 409
    STILL_ON = "still_on", 409
    BUILT_IN = "built_in", 409
    BODY_NOT_KEPT = "body_not_kept", 409
    NOT_ALLOWED = "not_allowed", 403
    BAD_REQUEST = "bad_request", 400
    UNAUTHORIZED = "unauthorized", 401
    FORBIDDEN = "forbidden", 403
    NOT_FOUND = "not_found", 404
    METHOD_NOT_ALLOWED = "method_not_allowed", 405
    LENGTH_REQUIRED = "length_required", 411
    TOO_LARGE = "too_large", 413
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type", 415
    WRONG_HOST = "wrong_host", 421
    TOO_MANY_ATTEMPTS = "too_many_attempts", 429
    HEADERS_TOO_LARGE = "headers_too_large", 431
    INTERNAL = "internal", 500
