from __future__ import annotations

import socket
import subprocess
import sys
import time

from portway.system.listening_ports import listening_ports

_SERVER = """
import socket, sys
listening = socket.create_server((sys.argv[1], 0))
print(listening.getsockname()[1], flush=True)
sys.stdin.read()
"""


def test_finds_the_server_of_another_program_with_its_name_and_in_time() -> None:
    command = [sys.executable, "-c", _SERVER, "127.0.0.1"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        listening_ports()  # the library is imported once
        begin = time.perf_counter()
        found = {one.port: one.program for one in listening_ports()}
        assert time.perf_counter() - begin < 0.5  # 5 ms where nothing else is busy
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
