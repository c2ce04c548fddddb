"""What ssh writes is understood in the wordings of its releases; words that nobody expected are shown as they are."""

from __future__ import annotations

import pytest

from portway.backends.ssh import causes
from portway.backends.ssh.output import Findings
from portway.backends.ssh.program import Server
from portway.core.codes import Code
from portway.core.sentences import Cause

BOX = Server(name="box", words=("--", "box"), hostname="box", port="22", known_hosts="", all_known_hosts="")
OFFERED = "debug1: Offering public key: /home/ada/.ssh/id_ed25519 ED25519 SHA256:x explicit"
ACCEPTED = "debug1: Server accepts key: /home/ada/.ssh/id_ed25519 ED25519 SHA256:x explicit"
NO_ENTRY = "ada@box: Permission denied (publickey,password)."


def after(*lines: str) -> Findings:
    """Return what a connection told."""
    findings = Findings(BOX)
    for line in lines:
        findings.take(line)
    return findings


@pytest.mark.parametrize(
    ("lines", "cause"),
    [
        (["ssh: Could not resolve hostname box: Name or service not known"], causes.NAME_UNKNOWN),
        (["ssh: Could not resolve hostname box: nodename nor servname provided, or not known\r"], causes.NAME_UNKNOWN),
        (["ssh: connect to host box port 22: Connection refused"], causes.UNREACHABLE),
        (["ssh: connect to host box port 22: Connection timed out"], causes.UNREACHABLE),
        (["ssh: connect to host box port 22: No route to host"], causes.UNREACHABLE),
        (["Connection timed out during banner exchange"], causes.UNREACHABLE),
        (["kex_exchange_identification: read: Connection reset by peer"], causes.UNREACHABLE),
        (["Connection closed by 192.0.2.1 port 22"], causes.UNREACHABLE),
        ([NO_ENTRY], causes.NO_KEY),
        ([OFFERED, NO_ENTRY], causes.KEY_REFUSED),
        ([OFFERED, ACCEPTED, NO_ENTRY], causes.KEY_LOCKED),
        (
            [
                OFFERED,
                "Received disconnect from 192.0.2.1 port 22:2: Too many authentication failures",
                "Disconnected from 192.0.2.1 port 22",
            ],
            causes.TOO_MANY_KEYS,
        ),
        (
            ["Unable to negotiate with 192.0.2.1 port 22: no matching key exchange method found. Their offer: x"],
            causes.NOTHING_IN_COMMON,
        ),
        (["/home/ada/.ssh/config: line 3: Bad configuration option: hostnaem"], causes.CONFIGURATION),
        (["Bad owner or permissions on /home/ada/.ssh/config"], causes.CONFIGURATION),
        (["unknown option -- G", "usage: ssh [-46AaCfGgKkMNnqsTtVvXxYy] destination"], causes.OPTIONS_UNKNOWN),
        (
            ["Offending ED25519 key in /home/ada/.ssh/known_hosts:3", "Host key for box has changed and you have"],
            causes.HOST_CHANGED,
        ),
        (["Host key verification failed."], causes.UNKNOWN_ON_THE_WAY),
        (["Timeout, server box not responding."], causes.LOST),
        (["Connection to box closed by remote host."], causes.LOST),
        (["client_loop: send disconnect: Broken pipe"], causes.LOST),
    ],
    ids=lambda value: value[-1][:40] if isinstance(value, list) else "",
)
def test_a_cause_is_known_by_the_words_of_ssh(lines: list[str], cause: Cause) -> None:
    problem = after(*lines).ended(255)
    assert problem.declared is cause
    assert "box" in problem.sentence or cause in (causes.CONFIGURATION, causes.OPTIONS_UNKNOWN)


def test_the_first_cause_counts() -> None:
    first, later = "ssh: connect to host box port 22: Connection refused", "Connection closed by remote host"
    assert after(first, later).ended(255).declared is causes.UNREACHABLE


def test_a_changed_key_is_told_with_the_file_that_has_the_old_one() -> None:
    told = after("Offending RSA key in /home/ada/.ssh/known_hosts:12", "Host key for box has changed").ended(255)
    assert told.parameters["file"] == "/home/ada/.ssh/known_hosts"


def test_an_unknown_server_and_a_refused_port_are_questions_and_no_end_yet() -> None:
    unknown = after("No ED25519 host key is known for box and you have requested strict checking.")
    assert unknown.unknown
    refused = after("Error: remote port forwarding failed for listen port 8022")
    assert refused.refused
    assert unknown.cause is refused.cause is None


@pytest.mark.parametrize(
    ("line", "port"),
    [
        ("Allocated port 45001 for remote forward to 127.0.0.1:3000", 45001),
        ("Allocated port many for remote forward to 127.0.0.1:3000", None),
    ],
)
def test_a_port_that_the_server_chose_is_read(line: str, port: int | None) -> None:
    assert after(line).port == port


def test_other_last_words_are_shown_harmless_and_bounded() -> None:
    problem = after("Something \x1b[31mnew" + "x" * 1000, "").ended(255)
    assert problem.code is Code.PROCESS_DIED
    assert "Something [31mnew" in problem.sentence
    assert len(problem.sentence) < 400


def test_one_that_a_signal_ended_is_told_as_that_whatever_it_said() -> None:
    assert after("Connection to box closed by remote host.").ended(-9).code is Code.PROCESS_DIED
