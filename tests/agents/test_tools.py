"""Each tool, as the client of the official SDK calls it: what Portway is asked, and what comes back."""

from __future__ import annotations

import json
import threading
from typing import Any
from urllib.parse import parse_qs, urlsplit

import anyio
import pytest
from mcp import Client, MCPError
from mcp.types import CallToolResult, TextContent, TextResourceContents

from portway.cli.invocation import Invocation
from tests.agents.conftest import Talk
from tests.fakes.backends.news import wait_until
from tests.fakes.portway.rest_double import Call, Reply, RestDouble, row_of, status_of
from tests.limits import SEEN

URL = "https://a.example"
UP = {"phase": "running", "running": True, "wanted": True, "publicUrl": URL}
BODY = {"text": "{\n}", "size": 3, "kept": True, "encoding": None}
TOOLS = {  # reads only, destructive, the same once more
    "list_tunnels": (True, False, True),
    "expose": (False, False, False),
    "stop": (False, True, True),
    "status": (True, False, True),
    "list_requests": (True, False, True),
    "read_request": (True, False, True),
    "replay_request": (False, True, False),
    "wait_for_request": (True, False, True),
    "doctor": (True, False, True),
}


def up(backend: str = "toy", **changes: object) -> dict[str, Any]:
    return status_of(backend, **(UP | {"targetUrl": "http://127.0.0.1:3000"} | changes))


def text_of(result: CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, TextContent)
    return str(content.text)


def recorded(double: RestDouble, tunnel: str, *rows: dict[str, Any]) -> None:
    """Let the double have recorded these requests, the newest first."""
    double.replies["GET", f"/api/tunnels/{tunnel}/requests"] = (
        200,
        {"requests": list(rows), "dropped": 0, "capturing": True},
    )
    for row in rows:
        whole = row | {"requestHeaders": [["Host", "a"]], "requestBody": BODY}
        whole |= {"responseHeaders": [], "responseBody": BODY}
        double.replies["GET", f"/api/tunnels/{tunnel}/requests/{row['id']}"] = (200, whole)


def test_the_tools_say_what_they_do(talk: Talk) -> None:
    async def script(client: Client) -> None:
        tools = (await client.list_tools()).tools
        found = {}
        for tool in tools:
            marks = tool.annotations
            assert marks is not None
            assert tool.output_schema is not None
            assert tool.description
            found[tool.name] = (marks.read_only_hint, marks.destructive_hint, marks.idempotent_hint)
        assert found == TOOLS

    talk(script)


def test_every_call_says_which_program_it_comes_from(talk: Talk, double: RestDouble) -> None:
    async def script(client: Client) -> None:
        result = await client.call_tool("list_tunnels")
        assert [one["id"] for one in result.structured_content["tunnels"]] == ["lan", "toy"]
        assert json.loads(text_of(result)) == result.structured_content

    talk(script)
    said = [call.headers for call in double.calls if "Portway-Client" in call.headers]
    assert {(one["Portway-Client"], one["Portway-Program"]) for one in said} == {("mcp", "Fine Agent")}
    assert len({one["Portway-Session"] for one in said}) == 1
    assert next(call.path for call in double.calls if "Portway-Client" in call.headers).startswith("/api/events")


def test_a_status_has_the_cause_and_the_way_on(talk: Talk, double: RestDouble) -> None:
    needs = {"phase": "needs_auth", "lastError": "Log in.", "code": "needs_login", "actionUrl": "https://login.example"}
    double.statuses["toy"] = status_of("toy", **needs)

    async def script(client: Client) -> None:
        found = (await client.call_tool("status", {"tunnel": "toy"})).structured_content
        assert {key: found[key] for key in needs} == needs
        assert "binaryPath" not in found
        unknown = await client.call_tool("status", {"tunnel": "nothing"})
        assert unknown.is_error
        assert "not_found" in text_of(unknown)

    talk(script)


def test_exposes_by_the_way_that_is_named(talk: Talk, double: RestDouble) -> None:
    double.outcomes["toy"] = [status_of("toy", phase="starting", wanted=True), up()]
    guard = {"password": "long enough", "readOnly": True}
    told: list[str] = []

    async def tell(progress: float, total: float | None, message: str | None) -> None:
        told.append(message or "")

    async def script(client: Client) -> None:
        asked = {"target": "3000", "via": "toy", "guard": guard, "expiresIn": "1h"}
        result = await client.call_tool("expose", asked, progress_callback=tell)
        assert result.structured_content["publicUrl"] == URL

    talk(script)
    body = {"action": "enable", "target": "3000", "lasting": False, "inspect": True, "guard": guard, "expiresIn": "1h"}
    assert double.asked("POST", "/api/tunnels/toy") == [body]
    assert told[0].startswith("Portway was asked")


def test_tells_how_far_an_install_is(talk: Talk, double: RestDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    load = {"step": "download", "message": "Downloading.", "received": 12_000_000, "total": 38_000_000}
    double.outcomes["toy"] = [status_of("toy", phase="starting", wanted=True, progress=load), up()]
    seen = threading.Event()

    async def tell(progress: float, total: float | None, message: str | None) -> None:
        if message == "Downloading. 12 of 38 MB":
            seen.set()

    original = double.reply_to

    def reply_to(call: Call) -> Reply:
        reply = original(call)
        if call.method == "POST":
            assert seen.wait(SEEN)  # the events overtake the answer
        return reply

    monkeypatch.setattr(double, "reply_to", reply_to)

    async def script(client: Client) -> None:
        result = await client.call_tool("expose", {"target": "3000", "via": "toy"}, progress_callback=tell)
        assert not result.is_error

    talk(script)
    assert seen.is_set()


def test_beside_a_tunnel_that_is_on_a_temporary_one_is_opened(talk: Talk, double: RestDouble) -> None:
    double.statuses["toy"] = up(targetUrl="http://127.0.0.1:8000")
    double.outcomes["toy-2"] = [up(id="toy-2", name="toy-2")]

    async def script(client: Client) -> None:
        result = await client.call_tool("expose", {"target": 3000, "via": "toy"})
        assert result.structured_content["id"] == "toy-2"

    talk(script)
    assert double.asked("POST", "/api/tunnels") == [{"backend": "toy", "lasting": False}]
    assert double.asked("POST", "/api/tunnels/toy") == []


def test_what_leads_there_already_is_returned_as_it_is(talk: Talk, double: RestDouble) -> None:
    double.statuses["toy"] = up()

    async def script(client: Client) -> None:
        result = await client.call_tool("expose", {"target": "localhost:3000", "via": "toy"})
        assert result.structured_content["publicUrl"] == URL

    talk(script)
    assert double.asked("POST", "/api/tunnels/toy") == []


def test_a_refusal_says_why_and_nothing_is_left(talk: Talk, double: RestDouble) -> None:
    double.statuses["toy"] = up(targetUrl="http://127.0.0.1:8000")
    refused = {"error": "The person did not allow it.", "code": "not_allowed"}
    double.replies["POST", "/api/tunnels/toy-2"] = (403, refused)
    double.replies["DELETE", "/api/tunnels/toy-2"] = (200, {"success": True})

    async def script(client: Client) -> None:
        result = await client.call_tool("expose", {"target": "3000", "via": "toy"})
        assert result.is_error
        assert text_of(result) == "The person did not allow it.\nCode: not_allowed"

    talk(script)
    assert len(double.asked("DELETE", "/api/tunnels/toy-2")) == 1


def test_what_a_person_has_to_do_first_is_told_with_its_page(talk: Talk, double: RestDouble) -> None:
    needs = {"phase": "needs_auth", "lastError": "Log in.", "code": "needs_login", "actionUrl": "https://login.example"}
    double.outcomes["toy"] = [status_of("toy", wanted=True, **needs)]

    async def script(client: Client) -> None:
        result = await client.call_tool("expose", {"target": "3000", "via": "toy"})
        assert text_of(result) == "Log in.\nCode: needs_login\nFor the person: https://login.example"

    talk(script)


def test_a_lasting_one_is_no_temporary_one(talk: Talk, double: RestDouble) -> None:
    double.outcomes["lan"] = [up("lan", reach="network")]
    double.statuses["toy"] = up(targetUrl="http://127.0.0.1:8000")
    double.replies["DELETE", "/api/tunnels/toy-2"] = (200, {"success": True})

    async def script(client: Client) -> None:
        assert not (await client.call_tool("expose", {"target": "3000", "lasting": True})).is_error
        refused = await client.call_tool("expose", {"target": "3000", "via": "toy", "lasting": True})
        assert refused.is_error
        assert "portway tunnels add" in text_of(refused)

    talk(script)
    (asked,) = double.asked("POST", "/api/tunnels/lan")
    assert asked is not None
    assert asked["lasting"] is True
    assert len(double.asked("DELETE", "/api/tunnels/toy-2")) == 1


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({}, "These are needed: target."),
        ({"target": "3000", "prot": 1}, "It takes no more than: target, via, guard, expiresIn, lasting."),
        ({"target": "ftp://localhost"}, "target: The local server to expose"),
        ({"target": "3000", "guard": {"password": "hunter2"}}, "guard.password: A new password for visitors"),
    ],
)
def test_what_does_not_fit_is_said_without_repeating_it(
    talk: Talk, double: RestDouble, arguments: dict[str, Any], complaint: str
) -> None:
    async def script(client: Client) -> None:
        result = await client.call_tool("expose", arguments)
        assert result.is_error
        assert text_of(result).startswith(complaint)
        assert "hunter2" not in text_of(result)

    talk(script)
    assert double.calls == []


def test_stops_a_tunnel(talk: Talk, double: RestDouble) -> None:
    double.statuses["toy"] = up()

    async def script(client: Client) -> None:
        result = await client.call_tool("stop", {"tunnel": "toy"})
        assert result.structured_content["phase"] == "stopped"

    talk(script)
    assert double.asked("POST", "/api/tunnels/toy") == [{"action": "disable"}]


def test_lists_reads_and_replays_requests(talk: Talk, double: RestDouble) -> None:
    recorded(double, "toy", row_of(2, "toy", method="POST"), row_of(1, "toy"))
    double.replies["POST", "/api/tunnels/toy/requests/2/replay"] = (200, {"request": row_of(3, "toy", replayOf=2)})

    async def script(client: Client) -> None:
        listed = await client.call_tool("list_requests", {"tunnel": "toy", "limit": 5, "method": "POST"})
        assert [row["id"] for row in listed.structured_content["requests"]] == [2, 1]
        read = await client.call_tool("read_request", {"tunnel": "toy", "request": 2})
        assert read.structured_content["requestBody"]["text"] == "{\n}"  # as it came
        sent = await client.call_tool("replay_request", {"tunnel": "toy", "request": 2, "headers": {"X-A": "b"}})
        assert sent.structured_content["request"]["replayOf"] == 2

    talk(script)
    assert double.asked("POST", "/api/tunnels/toy/requests/2/replay") == [{"headers": {"X-A": "b"}}]
    paths = [call.path for call in double.calls]
    assert "/api/tunnels/toy/requests?limit=5&method=POST" in paths
    assert not any("secrets" in path for path in paths)


def test_waits_for_the_next_request(talk: Talk, double: RestDouble) -> None:
    recorded(double, "toy", row_of(1, "toy"))

    def visit() -> None:
        recorded(double, "toy", row_of(3, "toy", replayOf=1), row_of(2, "toy"), row_of(1, "toy"))
        double.tell_request(row_of(2, "toy"))

    async def script(client: Client) -> None:
        await client.call_tool("list_tunnels")

        async def come() -> None:
            path = "/api/tunnels/toy/requests"
            await anyio.to_thread.run_sync(lambda: wait_until(lambda: len(double.asked("GET", path)) > 1))
            visit()

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(come)
            result = await client.call_tool("wait_for_request", {"tunnel": "toy", "seconds": 600})
        assert result.structured_content["request"]["id"] == 2

    talk(script)


def test_what_came_before_the_wait_is_found_by_its_number_and_nothing_is_null(talk: Talk, double: RestDouble) -> None:
    recorded(double, "toy", row_of(2, "toy", state="open"), row_of(1, "toy"))

    async def script(client: Client) -> None:
        found = await client.call_tool("wait_for_request", {"tunnel": "toy", "after": 0})
        assert found.structured_content["request"]["id"] == 1
        none = await client.call_tool("wait_for_request", {"tunnel": "toy", "after": 1, "seconds": 1})
        assert none.structured_content == {"request": None}

    talk(script)


def test_of_a_burst_the_first_one_is_returned_however_many_follow(
    talk: Talk, double: RestDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [row_of(number, "toy") for number in range(250, 0, -1)]
    recorded(double, "toy", *rows)
    original, path = double.reply_to, "/api/tunnels/toy/requests"

    def reply_to(call: Call) -> Reply:
        asked = urlsplit(call.path)
        if asked.path != path:
            return original(call)
        before = int(parse_qs(asked.query).get("before", ["251"])[0])
        return 200, {"requests": [row for row in rows if row["id"] < before][:100], "dropped": 0, "capturing": True}

    monkeypatch.setattr(double, "reply_to", reply_to)

    async def script(client: Client) -> None:
        found = await client.call_tool("wait_for_request", {"tunnel": "toy", "after": 7})
        assert found.structured_content["request"]["id"] == 8

    talk(script)


def test_a_wait_that_is_cancelled_ends(talk: Talk, double: RestDouble) -> None:
    recorded(double, "toy", row_of(1, "toy"))
    path = "/api/tunnels/toy/requests"

    async def script(client: Client) -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(client.call_tool, "wait_for_request", {"tunnel": "toy", "seconds": 600})
            await anyio.to_thread.run_sync(lambda: wait_until(lambda: len(double.asked("GET", path)) > 1))
            tasks.cancel_scope.cancel()
        assert not (await client.call_tool("list_tunnels")).is_error

    talk(script)
    wait_until(lambda: not [one for one in threading.enumerate() if one.name == "tool"])


def test_an_expose_that_is_cancelled_is_taken_back(
    talk: Talk, double: RestDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, over = threading.Event(), threading.Event()
    original = double.reply_to

    def reply_to(call: Call) -> Reply:
        if call.body == {"action": "enable", "target": "3000", "lasting": False, "inspect": True}:
            begun.set()
            over.wait(SEEN)
        return original(call)

    monkeypatch.setattr(double, "reply_to", reply_to)

    async def script(client: Client) -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(client.call_tool, "expose", {"target": "3000", "via": "toy"})
            await anyio.to_thread.run_sync(begun.wait, SEEN)
            tasks.cancel_scope.cancel()
        taken_back = {"action": "disable"}
        await anyio.to_thread.run_sync(
            lambda: wait_until(lambda: taken_back in double.asked("POST", "/api/tunnels/toy"))
        )

    talk(script)
    over.set()


def test_the_doctor_changes_nothing(talk: Talk, double: RestDouble) -> None:
    async def script(client: Client) -> None:
        found = (await client.call_tool("doctor")).structured_content
        assert {"Portway", "toy"} <= {finding["subject"] for finding in found["findings"]}

    talk(script)
    assert {call.method for call in double.calls} == {"GET"}


def test_resources_are_the_tunnels_and_the_document(talk: Talk, invocation: Invocation) -> None:
    async def script(client: Client) -> None:
        uris = [str(resource.uri) for resource in (await client.list_resources()).resources]
        assert uris == ["portway://tunnels", "portway://openapi.json"]
        tunnels, document = [await _read(client, uri) for uri in uris]
        assert [one["id"] for one in tunnels["tunnels"]] == ["lan", "toy"]
        assert "/api/tunnels/{id}" in document["paths"]
        with pytest.raises(MCPError):
            await client.read_resource("portway://nothing")

    talk(script)


async def _read(client: Client, uri: str) -> dict[str, Any]:
    (content,) = (await client.read_resource(uri)).contents
    assert isinstance(content, TextResourceContents)
    found: dict[str, Any] = json.loads(content.text)
    return found


def test_there_is_no_other_tool(talk: Talk) -> None:
    async def script(client: Client) -> None:
        with pytest.raises(MCPError):
            await client.call_tool("quit")

    talk(script)


def test_twenty_calls_at_once_are_all_answered(talk: Talk, double: RestDouble) -> None:
    for number in range(1, 21):
        recorded(double, "toy", row_of(number, "toy"))

    async def script(client: Client) -> None:
        found: list[int] = []

        async def read(number: int) -> None:
            result = await client.call_tool("read_request", {"tunnel": "toy", "request": number})
            found.append(result.structured_content["id"])

        async with anyio.create_task_group() as tasks:
            for number in range(1, 21):
                tasks.start_soon(read, number)
        assert sorted(found) == list(range(1, 21))

    talk(script)
    assert double.readers == 1
