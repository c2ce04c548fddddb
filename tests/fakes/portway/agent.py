"""An agent that talks to `portway mcp` line by line, without the SDK: it may be rude, and may be killed."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from tests.fakes.portway.command_line import PORTWAY

HELLO: dict[str, Any] = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "Raw Agent", "version": "1"},
    },
}
READY = {"jsonrpc": "2.0", "method": "notifications/initialized"}


class RawAgent:
    """Writes lines and reads lines."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process

    def write(self, data: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def say(self, *messages: dict[str, Any]) -> None:
        self.write(b"".join(json.dumps(message).encode() + b"\n" for message in messages))

    def greet(self) -> dict[str, Any]:
        """Go through the handshake, and return what the server says of itself."""
        self.say(HELLO)
        answer: dict[str, Any] = self.answer_to(1)["result"]
        self.say(READY)
        return answer

    def call(self, number: int, tool: str, arguments: Mapping[str, Any]) -> None:
        params = {"name": tool, "arguments": dict(arguments)}
        self.say({"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": params})

    def answer_to(self, number: int) -> dict[str, Any]:
        assert self.process.stdout is not None
        while True:
            message: dict[str, Any] = json.loads(self.process.stdout.readline())
            if message.get("id") == number:
                return message

    def leave(self) -> None:
        """Close its side, as a client does that ends."""
        assert self.process.stdin is not None
        self.process.stdin.close()


@contextmanager
def raw_agent(environment: Mapping[str, str]) -> Iterator[RawAgent]:
    """Start `portway mcp`, for this block."""
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [*PORTWAY, "mcp"], env=environment, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield RawAgent(process)
        finally:
            process.kill()
