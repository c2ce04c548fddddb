"""Real servers, each as a row: what it needs, how it is started, and what is true of it behind a relay.

The files that they serve are the least that a project of the kind has. `{port}` and `{cache}` stand in commands for
where it is to listen and where `dev.py real-servers` put what it installed; `@PORT@` stands for the former in files.
"""

from __future__ import annotations

from dataclasses import dataclass, field

_DJANGO = """
import hashlib, os, sys, time
from django.conf import settings
from django.core.management import execute_from_command_line
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

settings.configure(DEBUG=True, ROOT_URLCONF=__name__, SECRET_KEY="x", ALLOWED_HOSTS=[],
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"])

def events(request):
    def told():
        yield "data: 0\\n\\n"
        while not os.path.exists("seen"):
            time.sleep(0.05)
        yield "data: 1\\n\\n"
    return StreamingHttpResponse(told(), content_type="text/event-stream")

@csrf_exempt
def digest(request):
    return HttpResponse(hashlib.sha256(request.read()).hexdigest())

urlpatterns = [
    path("", lambda request: HttpResponse("hello")),
    path("big.bin", lambda request: FileResponse(open("big.bin", "rb"))),
    path("events", events),
    path("digest", digest),
]
execute_from_command_line(sys.argv)
"""
_FLASK = """
import hashlib, os, time
from flask import Flask, Response, request, send_file
app = Flask(__name__)
app.add_url_rule("/", "home", lambda: "hello")
app.add_url_rule("/big.bin", "big", lambda: send_file("big.bin"))

@app.post("/digest")
def digest():
    return hashlib.sha256(request.get_data()).hexdigest()

@app.get("/events")
def events():
    def told():
        yield "data: 0\\n\\n"
        while not os.path.exists("seen"):
            time.sleep(0.05)
        yield "data: 1\\n\\n"
    return Response(told(), content_type="text/event-stream")
"""
_FASTAPI = """
import asyncio, hashlib, os
from fastapi import FastAPI, Request, WebSocket
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse, StreamingResponse
app = FastAPI()
seen = {}
PAGE = '''<script>
const said = [];
const tell = word => {
    said.push(word);
    if (said.length == 3) fetch("/seen", {method: "POST", body: said.sort().join()});
};
const socket = new WebSocket(location.origin.replace("http", "ws") + "/socket");
socket.onopen = () => socket.send("echo");
socket.onmessage = event => tell(event.data);
const stream = new EventSource("/events");
stream.onmessage = event => { tell("event"); stream.close() };
fetch("/digest", {method: "POST", body: "x"}).then(answer => answer.text()).then(text => tell("fetch"));
</script>'''
app.get("/")(lambda: HTMLResponse(PAGE))
app.get("/big.bin")(lambda: FileResponse("big.bin"))
app.get("/seen")(lambda: PlainTextResponse(seen.get("text", "")))

@app.post("/seen")
async def see(request: Request):
    seen["text"] = (await request.body()).decode()

@app.post("/digest")
async def digest(request: Request):
    sha = hashlib.sha256()
    async for part in request.stream():
        sha.update(part)
    return PlainTextResponse(sha.hexdigest())

@app.get("/events")
async def events():
    async def told():
        yield "data: 0\\n\\n"
        while not os.path.exists("seen"):
            await asyncio.sleep(0.05)
        yield "data: 1\\n\\n"
    return StreamingResponse(told(), media_type="text/event-stream")

@app.websocket("/socket")
async def socket(websocket: WebSocket):
    await websocket.accept()
    while True:
        await websocket.send_text(await websocket.receive_text())
"""
_MCP = """
import sys
from mcp.server.mcpserver import MCPServer
server = MCPServer("trial")

@server.tool()
def add(a: int, b: int) -> int:
    return a + b

server.run("streamable-http", host="127.0.0.1", port=int(sys.argv[1]))
"""
_PHP = """<?php
if ($_SERVER["REQUEST_URI"] == "/big.bin") return false;
if ($_SERVER["REQUEST_URI"] == "/digest") { echo hash("sha256", file_get_contents("php://input")); return true; }
if ($_SERVER["REQUEST_URI"] == "/events") {
    header("Content-Type: text/event-stream");
    echo "data: 0\\n\\n"; @ob_flush(); flush();
    while (!file_exists("seen")) { usleep(50000); clearstatcache(); }
    echo "data: 1\\n\\n";
    return true;
}
echo "hello";
"""
_NGINX = """
daemon off; master_process off; pid nginx.pid; error_log stderr;
events {}
http {
    access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi; scgi_temp_path scgi; gzip on; gzip_types *; gzip_min_length 1;
    server { listen 127.0.0.1:@PORT@; root .; location = / { return 200 "hello"; } }
}
"""
_WEBPACK = """
module.exports = {
    mode: "development", entry: "./main.js", devServer: {port: @PORT@, host: "127.0.0.1", static: "."},
};
"""


@dataclass(frozen=True)
class RealServer:
    """`refuses`: it turns those away who ask for another name than its own. Paths are None where it has no such."""

    name: str
    command: tuple[str, ...]
    files: dict[str, str] = field(default_factory=dict)
    node: bool = False  # its packages are to lie above its files
    page: str = "/"
    refuses: bool = False
    big: str | None = "/big.bin"
    digest: str | None = None  # answers a POST with the SHA-256 of its body
    events: str | None = None  # two of them: the second one once there is a file `seen`
    socket: str | None = None
    protocol: str | None = None  # of its WebSocket
    greets: bool = False  # it is the first to speak there; else it sends back what it gets


_PYTHON = "{cache}/python/bin/python"
_MODULES = "{cache}/node/node_modules"

SERVERS = (
    RealServer(
        "vite",
        ("node", f"{_MODULES}/vite/bin/vite.js", "--port", "{port}", "--strictPort", "--host", "127.0.0.1"),
        {"index.html": "<script type=module src=/main.js></script>hello", "main.js": ""},
        node=True,
        refuses=True,
        socket="/",
        protocol="vite-hmr",
        greets=True,
    ),
    RealServer(
        "webpack-dev-server",
        ("node", f"{_MODULES}/webpack/bin/webpack.js", "serve"),
        {"webpack.config.js": _WEBPACK, "main.js": "", "index.html": "hello"},
        node=True,
        refuses=True,
        socket="/ws",
        greets=True,
    ),
    RealServer(
        "next",
        ("node", f"{_MODULES}/next/dist/bin/next", "dev", "--port", "{port}", "--hostname", "127.0.0.1"),
        {"pages/index.js": "export default () => 'hello'", "package.json": "{}"},
        node=True,
    ),
    RealServer(
        "django",
        (_PYTHON, "trial.py", "runserver", "--noreload", "127.0.0.1:{port}"),
        {"trial.py": _DJANGO},
        refuses=True,
        digest="/digest",
        events="/events",
    ),
    RealServer(
        "flask",
        (_PYTHON, "-m", "flask", "--app", "trial", "run", "--port", "{port}"),
        {"trial.py": _FLASK},
        digest="/digest",
        events="/events",
    ),
    RealServer(
        "fastapi",
        (_PYTHON, "-m", "uvicorn", "trial:app", "--port", "{port}"),
        {"trial.py": _FASTAPI},
        digest="/digest",
        events="/events",
        socket="/socket",
    ),
    RealServer("mcp", (_PYTHON, "trial.py", "{port}"), {"trial.py": _MCP}, page="/mcp", refuses=True, big=None),
    RealServer("nginx", ("nginx", "-p", ".", "-c", "nginx.conf"), {"nginx.conf": _NGINX}),
    RealServer(
        "caddy",
        ("caddy", "file-server", "--listen", "127.0.0.1:{port}", "--root", "."),
        {"index.html": "hello"},
    ),
    RealServer(
        "php",
        ("php", "-S", "127.0.0.1:{port}", "router.php"),
        {"router.php": _PHP},
        digest="/digest",
        events="/events",
    ),
)
