"""A stand-in for sudo and sudo-rs. Copied to a folder, it keeps its ways in sudo.json beside itself.

Texts, exit codes and what becomes of the rest of standard input as measured without a terminal on sudo 1.9.13p3 and
sudo-rs 0.2.5. Every call is a line of sudo.jsonl. The command runs with FAKE_SUDO=1 in its environment.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


def main() -> int:
    ways: dict[str, Any] = json.loads((HERE / "sudo.json").read_text())
    options, _, command = _split(sys.argv[1:])
    with (HERE / "sudo.jsonl").open("a") as file:
        file.write(json.dumps({"argv": sys.argv[1:], "environment": dict(os.environ)}) + "\n")
    if ways.get("hangs") and "-S" in options:
        time.sleep(600)
    is_rs = ways.get("kind") == "sudo-rs"
    asks = not (ways.get("no_password") or (ways.get("ticket") and "-k" not in options))
    if asks:
        refusal = _refused(ways, options, is_rs=is_rs)
        if refusal is not None:
            print(refusal, file=sys.stderr)
            return 1
    if is_rs:
        sys.stdin.read()  # the rest is swallowed
    return subprocess.run(command, env={**os.environ, "FAKE_SUDO": "1"}, check=False).returncode


def _refused(ways: dict[str, Any], options: list[str], *, is_rs: bool) -> str | None:
    """Return what it says where it does not let the caller through."""
    if "-n" in options:
        if ways.get("unknown_user"):
            return "Sorry, user alice may not run sudo on desk1."
        return "sudo-rs: interactive authentication is required" if is_rs else "sudo: a password is required"
    if _line() == ways["password"] and not ways.get("unknown_user"):
        return None
    if ways.get("unknown_user"):
        return "sudo-rs: I'm sorry alice. I'm afraid I can't do that" if is_rs else "alice is not in the sudoers file."
    if is_rs:
        return "sudo-rs: Authentication failed, try again.\nsudo-rs: Maximum 3 incorrect authentication attempts"
    return "Sorry, try again.\nsudo: no password was provided\nsudo: 1 incorrect password attempt"


def _line() -> str:
    """Return the password line, byte by byte: what follows belongs to the command."""
    line = b""
    while (byte := os.read(0, 1)) not in (b"", b"\n"):
        line += byte
    return line.decode()


def _split(arguments: list[str]) -> tuple[list[str], str, list[str]]:
    at = arguments.index("--")
    return arguments[:at], "--", arguments[at + 1 :]


if __name__ == "__main__":
    sys.exit(main())
