from __future__ import annotations

import socket
import subprocess
import sys

import psutil
import pytest

from portway.system.network.listening_ports import listening_ports

pytestmark = pytest.mark.children

_SERVER = """
import socket, sys
listening = socket.create_server((sys.argv[1], 0))
print(listening.getsockname()[1], flush=True)
sys.stdin.read()
"""


def test_finds_the_server_of_another_program_with_its_name() -> None:
    command = [sys.executable, "-c", _SERVER, "127.0.0.1"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        found = {one.port: one.program for one in listening_ports()}
        assert "python" in (found[port] or "")
        assert port not in {one.port for one in listening_ports(own={port})}
        server.communicate()


def test_leaves_our_own_listeners_and_other_addresses_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as ours:
        assert ours.getsockname()[1] not in {one.port for one in listening_ports()}


def test_leaves_out_what_cannot_be_reached_at_localhost() -> None:
    command = [sys.executable, "-c", _SERVER, "127.0.0.9"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        assert int(server.stdout.readline()) not in {one.port for one in listening_ports()}
        server.communicate()


def test_where_only_an_administrator_is_told_of_all_everybody_is_told_of_their_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(_kind: str) -> None:
        raise psutil.AccessDenied

    monkeypatch.setattr(psutil, "net_connections", refuse)
    command = [sys.executable, "-c", _SERVER, "127.0.0.1"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        assert "python" in ({one.port: one.program for one in listening_ports()}[port] or "")
        server.communicate()
