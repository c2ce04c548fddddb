"""How cloudflared is called: arguments and environment, free of whatever else is set for it on this machine."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path

from portway.backends.cloudflared.declaration import CloudflaredOptions
from portway.core.target import Target
from portway.system.environment import child_environment

MORE_ARGUMENTS = "PORTWAY_CLOUDFLARED_ARGS"  # for tests: shell words
GRACE_SECONDS = 4  # less than `stop_grace`, after which it is killed


def arguments(program: Path, origin: Target, options: CloudflaredOptions, environment: Mapping[str, str]) -> list[str]:
    """Return the command line. An empty --config keeps the person's own config.yml out, which would win."""
    own = [
        str(program), "tunnel", "--config", "", "--url", origin.url, "--no-autoupdate", "--metrics", "127.0.0.1:0",
        "--protocol", options.protocol, "--grace-period", f"{GRACE_SECONDS}s",
    ]  # fmt: skip
    if options.protocol == "auto":
        own += ["--max-edge-addr-retries", "1"]  # to fall back to http2 after 13 s instead of 3 minutes
    if options.host_header:
        own += ["--http-host-header", options.host_header]
    if origin.scheme == "https":
        own += ["--no-tls-verify"]  # a local server has a certificate of its own making
    return own + shlex.split(environment.get(MORE_ARGUMENTS, ""))


def environment_of_child(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what it may know: none of the TUNNEL_ variables, which the allow-list leaves out."""
    return child_environment(environment, TUNNEL_NO_PRECHECKS="true", NO_AUTOUPDATE="true")
