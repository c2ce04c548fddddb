"""What the words of cloudflared mean."""

# ruff: noqa: E501 - lines of a log
from __future__ import annotations

import json
import logging
from typing import cast

import pytest

from portway.backends.cloudflared.output import Findings, Reader, is_public_host, shown
from portway.core.codes import Code
from portway.system.logs.logs import is_of_a_program
from portway.system.processes.output_file import OutputFile

TIME = "2026-01-02T03:04:05Z ERR "
LIMITED = TIME + 'Error unmarshaling QuickTunnel response: error code: 1015 status_code="429 Too Many Requests"'


def taken(*lines: str) -> Findings:
    findings = Findings()
    for line in lines:
        findings.take(line)
    return findings


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (LIMITED, Code.RATE_LIMITED),
        (TIME + "Error unmarshaling QuickTunnel response: error code: 1101", Code.REFUSED_BY_SERVICE),
        (
            "failed to unmarshal quick Tunnel: invalid character '<' looking for beginning of value",
            Code.REFUSED_BY_SERVICE,
        ),
        ("failed to unmarshal quick Tunnel: unexpected end of JSON input", Code.REFUSED_BY_SERVICE),
        ("failed to parse quick Tunnel ID: invalid UUID length: 0", Code.REFUSED_BY_SERVICE),
        ("failed to parse quick Tunnel secret: illegal base64 data at input byte 0", Code.REFUSED_BY_SERVICE),
        (
            'failed to request quick Tunnel: Post "https://api.trycloudflare.com/tunnel": net/http: timeout awaiting response headers',
            Code.NO_NETWORK,
        ),
        (
            (
                'failed to request quick Tunnel: Post "https://api.trycloudflare.com/tunnel": dial tcp: lookup '
                "api.trycloudflare.com on 127.0.0.53:53: no such host"
            ),
            Code.NO_NETWORK,
        ),
        ('failed to request quick Tunnel: Post "https://api.trycloudflare.com/tunnel": EOF', Code.NO_NETWORK),
        (
            TIME
            + 'Unable to establish connection with Cloudflare edge error="DialContext error: dial tcp 198.51.100.1:7844: '
            'connect: connection refused"',
            Code.EDGE_UNREACHABLE,
        ),
        (TIME + 'Unable to establish connection error="TLS handshake with edge error: EOF"', Code.EDGE_UNREACHABLE),
        (
            TIME + 'error="TLS handshake with edge error: read tcp: i/o timeout"',
            Code.EDGE_UNREACHABLE,
        ),
        (
            TIME
            + 'error="TLS handshake with edge error: tls: failed to verify certificate: x509: certificate signed by unknown authority"',
            Code.TLS_INTERCEPTED,
        ),
        (
            TIME + 'error="failed to dial to edge with quic: timeout: no recent network activity"',
            Code.EDGE_UNREACHABLE,
        ),
        (TIME + 'Register tunnel error from server side error="context deadline exceeded"', Code.EDGE_UNREACHABLE),
        (TIME + 'Register tunnel error from server side error="the account is blocked"', Code.REFUSED_BY_SERVICE),
        (TIME + "unknown protocol h3, Available protocols: auto, quic, http2", Code.PROCESS_DIED),
        (TIME + "Error opening metrics server listener: address already in use", Code.PROCESS_DIED),
        (
            (
                'failed to request quick Tunnel: Post "https://api.trycloudflare.com/tunnel": tls: failed to verify certificate: '
                "x509: certificate signed by unknown authority"
            ),
            Code.TLS_INTERCEPTED,
        ),
        (
            TIME
            + 'Unable to establish connection with Cloudflare edge error="DialContext error: dial tcp 198.51.100.1:7844: '
            'connect: network is unreachable"',
            Code.NO_NETWORK,
        ),
        (TIME + 'Failed to fetch features error="lookup cfd-features.argotunnel.com: no such host"', Code.PROCESS_DIED),
        (
            TIME + 'Register tunnel error from server side error="Unauthorized: Tunnel not found"',
            Code.REFUSED_BY_SERVICE,
        ),
        (
            TIME + 'Register tunnel error from server side error="already connected to this server, trying another"',
            Code.PROCESS_DIED,
        ),
        (
            TIME + 'error="TLS handshake with edge error: read tcp 192.0.2.1:7844: read: connection reset by peer"',
            Code.EDGE_UNREACHABLE,
        ),
        (
            TIME
            + 'error="TLS handshake with edge error: tls: failed to verify certificate: x509: certificate is valid for a.example, not b.example"',
            Code.TLS_INTERCEPTED,
        ),
        (
            TIME
            + 'Unable to establish connection with Cloudflare edge error="DialContext error: dial tcp 198.51.100.1:7844: i/o timeout"',
            Code.EDGE_UNREACHABLE,
        ),
        (
            TIME + 'Error unmarshaling QuickTunnel response: error code: 1101 status_code="500 Internal Server Error"',
            Code.REFUSED_BY_SERVICE,
        ),
        # before 2024.10.0 the 429 is not in the log
        (
            "failed to unmarshal quick Tunnel: invalid character 'e' looking for beginning of value",
            Code.REFUSED_BY_SERVICE,
        ),
        (TIME + "Lost connection with the edge", Code.PROCESS_DIED),
        (TIME + "invalid value for edge-ip-version: 5", Code.PROCESS_DIED),
        (TIME + "grace-period must be equal or less than 3m0s", Code.PROCESS_DIED),
        (TIME + "Error validating origin URL: parse: missing protocol scheme", Code.PROCESS_DIED),
        (
            "failed to create tunnel: Error locating origin cert: client didn't specify origincert path",
            Code.PROCESS_DIED,
        ),
        ("error parsing YAML in config file at /home/me/.cloudflared/config.yml: yaml: line 1", Code.PROCESS_DIED),
        ("USAGE:\n", Code.VERSION_TOO_OLD),
        ("", Code.PROCESS_DIED),
    ],
)
def test_each_failure_has_its_code(line: str, code: Code) -> None:
    problem = taken(line).ended(1)
    assert problem.code is code
    assert problem.sentence


def test_a_rate_limit_is_not_hidden_by_the_line_that_follows() -> None:
    findings = taken(LIMITED, "failed to unmarshal quick Tunnel: invalid character 'e' looking for beginning of value")
    assert findings.ended(1).code is Code.RATE_LIMITED


@pytest.mark.parametrize(
    "error",
    [
        "Unable to reach the origin service. The service may be down: dial tcp 127.0.0.1:1: connect: connection refused",
        "tls: first record does not look like a TLS handshake",
        "x509: certificate signed by unknown authority",
        "EOF",
    ],
)
@pytest.mark.parametrize("as_json", [False, True])
def test_trouble_with_the_local_server_is_no_trouble_with_the_edge(error: str, *, as_json: bool) -> None:
    text = (
        f'2026-01-02T03:05:00Z ERR  error="{error}" connIndex=0 event=1 ingressRule=0 originService=http://127.0.0.1:1'
    )
    record = json.dumps(
        {"error": error, "level": "error", "originService": "http://127.0.0.1:1"}, separators=(",", ":")
    )
    findings = taken(record if as_json else text)
    assert findings.origin_suspect
    assert findings.cause is None


@pytest.mark.parametrize(
    "line",
    [
        "Lost connection with the edge connIndex=0",
        "Serve tunnel error error=EOF",
        "Connection terminated connIndex=0",
        "Registered tunnel connection connIndex=0",
    ],
)
def test_words_about_the_edge_are_worth_a_look(line: str) -> None:
    assert taken(TIME + line).edge_moved
    assert not taken(TIME + "Generated Connector ID").edge_moved


def test_merged_and_torn_lines_tell_what_is_whole_in_them() -> None:
    """Writers at the same time: measured in 5 of 10,502 lines of JSON."""
    merged = taken(
        '{"level":"info"{"level":"info","message":"Starting metrics server on 127.0.0.1:20241/metrics","time":"2026"}',
        '"time":"2026"}{"level":"info","location":"lhr01","message":"Registered tunnel connection","protocol":"http2"}',
    )
    assert (merged.metrics_port, merged.edge_location, merged.protocol) == (20241, "lhr01", "http2")
    torn = taken(
        '{"level":"info","message":"Starting metrics server on 127.0.0.1:20',
        '241/metrics","time":"2026-01-02T03:04:06Z"}',
        '{"level":"info","message":"Registered tunnel conn',
    )
    assert (torn.metrics_port, torn.edge_location, torn.cause) == (None, None, None)


def test_a_registration_ends_the_trouble_before_it() -> None:
    registered = "2026-01-02T03:04:07Z INF Registered tunnel connection connIndex=0 ip=198.51.100.7 location=lhr01 protocol=http2"
    findings = taken(TIME + "TLS handshake with edge error: EOF", registered)
    assert (findings.cause, findings.edge_location, findings.protocol) == (None, "lhr01", "http2")


def test_json_lines_tell_the_same() -> None:
    findings = taken(
        '{"level":"info","message":"Starting metrics server on 127.0.0.1:20241/metrics","time":"2026-01-02T03:04:06Z"}',
        '{"connIndex":0,"level":"info","location":"fra07","message":"Registered tunnel connection","protocol":"quic"}',
        '{"error":"Unable to reach the origin service. ...","level":"error","originService":"http://127.0.0.1:1"}',
    )
    assert (findings.metrics_port, findings.edge_location, findings.protocol) == (20241, "fra07", "quic")
    assert findings.origin_suspect


@pytest.mark.parametrize(
    "line",
    [
        '{"level":"info"{"level":"info","message":"x"}',
        "\x1b[31mred",
        "x" * 100_000,
        "{",
        '"',
        "location=",
        "protocol=h3",
    ],
)
def test_odd_lines_tell_nothing_and_do_no_harm(line: str) -> None:
    findings = taken(line)
    assert findings.cause is None
    assert len(findings.ended(1).sentence) < 400


@pytest.mark.parametrize(
    ("host", "public"),
    [
        ("plum-otter-lamp-river.trycloudflare.com", True),
        ("api.trycloudflare.com", False),
        ("trycloudflare.com", False),
        ("evil.example", False),
        ("x.trycloudflare.com.evil.example", False),
        ("x.trycloudflare.com:80", False),
        ("-x.trycloudflare.com", False),
        ("a.b.trycloudflare.com", False),
        ("X.trycloudflare.com", False),
        ("x.trycloudflare.com\n", False),
        ("user@x.trycloudflare.com", False),
        ("", False),
    ],
)
def test_only_names_of_quick_tunnels_are_public(host: str, *, public: bool) -> None:
    assert is_public_host(host) is public


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (TIME + "unknown protocol h3 connIndex=0 event=1", "unknown protocol h3"),
        (TIME + 'Cannot store error="disk on fire" event=1', "Cannot store: disk on fire"),
        (TIME + ' error="a \\"quoted\\" word" connIndex=0', 'a "quoted" word'),
        (
            '{"level":"error","error":"disk on fire","message":"Cannot store","time":"2026-01-02T03:04:06Z"}',
            "Cannot store: disk on fire",
        ),
        ('{"level":"error"{"torn', '{"level":"error"{"torn'),
        ("plain words at the end.", "plain words at the end"),
    ],
)
def test_a_line_is_shown_without_its_decoration(line: str, words: str) -> None:
    assert shown(line) == words


def test_a_noise_of_information_is_no_reason() -> None:
    findings = taken(TIME + "the disk is full", "2026-01-02T03:04:06Z INF Generated Connector ID: 7d0c3c1e")
    assert "the disk is full" in findings.ended(1).sentence


def test_a_signal_is_named() -> None:
    assert "SIGKILL" in taken(TIME + "the disk is full").ended(-9).sentence


class Lines:
    """Output that is there at once."""

    def __init__(self, count: int) -> None:
        self.lines = [f"noise {number}" for number in range(count)]

    def new_lines(self) -> list[str]:
        lines, self.lines = self.lines, []
        return lines

    last_words = new_lines


def test_a_flood_reaches_the_log_only_in_part(expected_logs: pytest.LogCaptureFixture) -> None:
    now = [0.0]
    output = Lines(5000)
    reader = Reader(cast("OutputFile", output), clock=lambda: now[0])
    reader.read()
    assert len(expected_logs.records) == 200
    now[0] = 1.0
    output.lines = ["the last one"]
    reader.read()
    assert [record.getMessage() for record in expected_logs.records[-2:]] == [
        "4800 lines of cloudflared are left out: they came too fast",
        "the last one",
    ]


def test_every_line_of_a_usual_start_is_in_the_log_of_the_backend(expected_logs: pytest.LogCaptureFixture) -> None:
    Reader(cast("OutputFile", Lines(40))).read()
    assert len(expected_logs.records) == 40
    assert {(record.levelno, record.name.split(".")[2]) for record in expected_logs.records} == {
        (logging.INFO, "cloudflared")
    }


@pytest.mark.parametrize(
    ("line", "level", "text"),
    [
        ("2026-11-25T14:02:11Z INF Starting tunnel", logging.INFO, "Starting tunnel"),
        ("2026-11-25T14:02:11Z WRN It is slow", logging.WARNING, "It is slow"),
        ('2026-11-25T14:02:11Z ERR Serve tunnel error error="x y" ip=192.0.2.1', logging.ERROR, None),
        ("2026-11-25T14:02:11.123456Z FTL cannot go on", logging.ERROR, "cannot go on"),
        ("2026-11-25T14:02:11Z DBG detail", logging.DEBUG, "detail"),
        ("2026-11-25T14:02:11Z ODD what is that", logging.INFO, "2026-11-25T14:02:11Z ODD what is that"),
        ("cloudflared tunnel: unknown flag", logging.INFO, "cloudflared tunnel: unknown flag"),
    ],
)
def test_a_line_has_the_level_that_it_names_and_no_second_stamp(
    expected_logs: pytest.LogCaptureFixture, line: str, level: int, text: str | None
) -> None:
    output = Lines(0)
    output.lines = [line]
    Reader(cast("OutputFile", output)).read()
    [record] = expected_logs.records
    assert record.levelno == level
    assert record.getMessage() == (text or 'Serve tunnel error error="x y" ip=192.0.2.1')
    assert is_of_a_program(record)
