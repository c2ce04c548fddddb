"""Serves the tools over the Model Context Protocol, by its official SDK. What takes time is done on threads beside."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING, Any, TypeVar

import anyio
import mcp_types as types
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError

from portway import __version__
from portway.agents.link import Link, ToolFailed
from portway.agents.task import Task
from portway.cli.invocation import Invocation

if TYPE_CHECKING:
    from mcp.server.context import ServerRequestContext

    from portway.agents.tools import Tool

Result = TypeVar("Result")

TUNNELS, DOCUMENT = "portway://tunnels", "portway://openapi.json"
_INSTRUCTIONS = (
    "Portway puts a local server on a URL that others can open, and records the requests of visitors. Start with "
    "expose, tell the person the URL and who can open it, and stop the tunnel when it is not needed any more. Where a "
    "tool fails, its sentence says what helps; a page in it is for the person."
)
_JSON = "application/json"


def serve(invocation: Invocation) -> int:
    """Serve on standard input and output until the client ends. Ends this process: a thread may wait for Portway."""
    link = Link(invocation)
    for number in (signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])):
        signal.signal(number, partial(_end_on_signal, link))
    try:
        anyio.run(_serve, invocation, link)
    finally:
        _end(link)
    return 0


def build_server(invocation: Invocation, link: Link) -> Server[Any]:
    """Return the server, which asks Portway through `link`."""
    tools = _Tools(invocation, link)
    return Server(
        "portway",
        version=__version__,
        title="Portway",
        instructions=_INSTRUCTIONS,
        on_list_tools=tools.listed,
        on_call_tool=tools.called,
        on_list_resources=tools.resources,
        on_read_resource=tools.read,
    )


async def _serve(invocation: Invocation, link: Link) -> None:
    server = build_server(invocation, link)
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())


def _end_on_signal(link: Link, _number: int, _frame: FrameType | None) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    _end(link)


def _end(link: Link) -> None:
    """End in order what was started, and then at once: the SDK reads standard input on a thread that nothing wakes."""
    link.close()
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
    os._exit(0)


class _Tools:
    """Answers the calls of one client."""

    def __init__(self, invocation: Invocation, link: Link) -> None:
        self._invocation = invocation
        self._link = link
        self._built: Mapping[str, Tool] | None = None
        self._building = asyncio.Lock()

    async def listed(
        self, _context: ServerRequestContext[Any], _params: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_described(tool) for tool in (await self._tools()).values()])

    async def called(
        self, context: ServerRequestContext[Any], params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        tool = (await self._tools()).get(params.name)
        if tool is None:
            raise MCPError(code=types.INVALID_PARAMS, message="There is no such tool.")
        task = self._task(context)
        try:
            found = await _aside(partial(_done, tool, task, params.arguments or {}), task.cancel)
        except ToolFailed as failed:
            return _failed(failed)
        text = types.TextContent(type="text", text=json.dumps(found, ensure_ascii=False))
        return types.CallToolResult(content=[text], structured_content=found)

    async def resources(
        self, _context: ServerRequestContext[Any], _params: types.PaginatedRequestParams | None
    ) -> types.ListResourcesResult:
        tunnels = types.Resource(
            uri=TUNNELS, name="tunnels", title="Tunnels", description="All tunnels, as they are now.", mime_type=_JSON
        )
        document = types.Resource(
            uri=DOCUMENT,
            name="openapi.json",
            title="REST API",
            description="The OpenAPI document of Portway's REST API.",
            mime_type=_JSON,
        )
        return types.ListResourcesResult(resources=[tunnels, document])

    async def read(
        self, context: ServerRequestContext[Any], params: types.ReadResourceRequestParams
    ) -> types.ReadResourceResult:
        uri = str(params.uri)
        if uri not in (TUNNELS, DOCUMENT):
            raise MCPError(code=types.INVALID_PARAMS, message="There is no such resource.")
        task = self._task(context)
        work = partial(_tunnels, task) if uri == TUNNELS else partial(_document, self._invocation)
        try:
            text = await _aside(work, task.cancel)
        except ToolFailed as failed:
            raise MCPError(code=types.INTERNAL_ERROR, message=failed.sentence) from None
        return types.ReadResourceResult(contents=[types.TextResourceContents(uri=uri, mime_type=_JSON, text=text)])

    async def _tools(self) -> Mapping[str, Tool]:
        """Return the tools, built when first asked for: the client has been answered by then."""
        async with self._building:
            if self._built is None:
                from portway.agents.tools import build_tools  # late: it imports every backend

                self._built = await _aside(lambda: build_tools(self._invocation))
        return self._built

    def _task(self, context: ServerRequestContext[Any]) -> Task:
        client = context.session.client_params
        name = "" if client is None else client.client_info.title or client.client_info.name
        return Task(self._link, name or "an agent", _teller(context))


def _teller(context: ServerRequestContext[Any]) -> Callable[[str], None]:
    """Return what sends progress to the client, in order, from any thread."""
    loop, count = asyncio.get_running_loop(), 0

    def tell(sentence: str) -> None:
        nonlocal count
        count += 1
        with contextlib.suppress(RuntimeError):  # the end has begun
            asyncio.run_coroutine_threadsafe(context.session.report_progress(count, None, sentence), loop)

    return tell


async def _aside(work: Callable[[], Result], cancel: Callable[[], None] | None = None) -> Result:
    """Return what `work` returns on a thread of its own, which the end of the process does not wait for.

    Where this is cancelled, `cancel` is called, and what comes of the work is dropped.
    """
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[Result] = loop.create_future()

    def run() -> None:
        try:
            settle: Callable[[], None] = partial(outcome.set_result, work())
        except Exception as error:  # noqa: BLE001 - raised again where it is waited for
            settle = partial(outcome.set_exception, error)
        with contextlib.suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(lambda: None if outcome.done() else settle())

    threading.Thread(target=run, name="tool", daemon=True).start()
    try:
        return await outcome
    except asyncio.CancelledError:
        if cancel is not None:
            threading.Thread(target=cancel, name="cancel", daemon=True).start()
        raise


def _done(tool: Tool, task: Task, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return what comes of a call. Raises ToolFailed."""
    complaint = _complaint(tool, arguments)
    if complaint:
        raise ToolFailed(complaint, "bad_request")
    return tool.work(task, arguments)


def _complaint(tool: Tool, arguments: Mapping[str, Any]) -> str:
    """Return what is wrong with arguments, without the values: one may be a password. Nothing where all is well."""
    from jsonschema import Draft202012Validator  # late: the client does not wait for it at its start

    for error in Draft202012Validator(tool.takes).iter_errors(arguments):
        where = ".".join(str(part) for part in error.absolute_path)
        match error.validator:
            case "required":
                return f"These are needed: {', '.join(tool.takes['required'])}."
            case "additionalProperties" if not where:
                return f"It takes no more than: {', '.join(tool.takes['properties']) or 'nothing'}."
            case _:
                expected = error.schema.get("description", "it does not fit the schema of the tool.")
                return f"{where or 'The arguments'}: {expected}"
    return ""


def _described(tool: Tool) -> types.Tool:
    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.takes,
        output_schema=tool.gives,
        annotations=types.ToolAnnotations(
            title=tool.title,
            read_only_hint=not tool.effect.changes,
            destructive_hint=tool.effect.destructive,
            idempotent_hint=tool.effect.repeatable,
            open_world_hint=True,
        ),
    )


def _failed(failed: ToolFailed) -> types.CallToolResult:
    lines = [failed.sentence]
    if failed.code:
        lines.append(f"Code: {failed.code}")
    if failed.action_url:
        lines.append(f"For the person: {failed.action_url}")
    return types.CallToolResult(content=[types.TextContent(type="text", text="\n".join(lines))], is_error=True)


def _tunnels(task: Task) -> str:
    from portway.agents.opening import list_tunnels  # late: the client does not wait for it at its start

    return json.dumps(list_tunnels(task, {}), ensure_ascii=False)


def _document(invocation: Invocation) -> str:
    from portway.rest.api.openapi import document  # late: it imports every backend

    return document(invocation.backends, __version__).decode()
