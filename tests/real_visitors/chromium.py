"""A real Chromium, driven by the DevTools protocol over a pipe: no port is taken, and it ends with the pipe.

Each `Person` has a browser of its own as far as a server can see: other cookies, another window, another language.
"""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.limits import SEEN

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
START = 3 * SEEN  # seconds: it is large, and comes from a disk that others use as well

_OPTIONS = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-quic",
    "--disable-sync",
    "--ignore-certificate-errors",
    "--host-resolver-rules=MAP *.example 127.0.0.1",
)
# It speaks on descriptors 3 and 4, whatever else is open here.
_ON_THE_PIPE = 'exec "$@" 3<&0 4>&1 </dev/null >/dev/null 2>/dev/null'
_POLL = 0.02  # seconds between two looks at a page
_LOST = ("context", "Cannot find", "navigated", "No frame", "Inspected target")  # the page is just being replaced

Reply = dict[str, Any]


class Chromium:
    """One browser. `person` opens it for somebody."""

    def __init__(self, program: str, folder: Path) -> None:
        command = ["/bin/sh", "-c", _ON_THE_PIPE, "sh", program, *_OPTIONS, f"--user-data-dir={folder / 'profile'}"]
        environment = {"HOME": str(folder), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        self._child = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
        )
        self._numbers = itertools.count(1)
        self._news = threading.Condition()
        self._answers: dict[int, Reply] = {}
        self._listeners: dict[str, Callable[[str, Reply], None]] = {}
        self._gone = False
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()
        self.agent = str(self.call("Browser.getVersion", limit=START)["userAgent"])

    @contextmanager
    def person(self, **traits: Any) -> Iterator[Person]:  # noqa: ANN401 - those of `Person`
        """Open a window for somebody of whom no server knows yet."""
        context = self.call("Target.createBrowserContext")["browserContextId"]
        try:
            target = self.call("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
            session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            person = Person(self, session, context, **traits)
            self._listeners[session] = person.hear
            person.begin()
            yield person
            del self._listeners[session]
        finally:
            self.call("Target.disposeBrowserContext", browserContextId=context)

    def call(self, method: str, session: str | None = None, *, limit: float = SEEN, **parameters: object) -> Reply:
        """Call a method of the protocol, and return its result. Raises LookupError where it says no."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        if session is not None:
            message["sessionId"] = session
        assert self._child.stdin is not None
        self._child.stdin.write(json.dumps(message).encode() + b"\0")
        self._child.stdin.flush()
        with self._news:
            came = self._news.wait_for(lambda: number in self._answers or self._gone, limit)
            assert came, f"{method} was not answered"
            assert not self._gone, f"the browser ended at {method}"
            answer = self._answers.pop(number)
        if "error" in answer:
            raise LookupError(f"{method}: {answer['error']['message']}")
        result: Reply = answer["result"]
        return result

    def close(self) -> None:
        """End it, and all processes that it started."""
        with contextlib.suppress(OSError, AssertionError, LookupError):
            self.call("Browser.close")
        if self._child.stdin is not None:
            with contextlib.suppress(OSError):
                self._child.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.wait(SEEN)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()
        self._reading.join(SEEN)
        if self._child.stdout is not None:
            self._child.stdout.close()

    def _read(self) -> None:
        """Runs on its thread, until the browser has gone."""
        assert self._child.stdout is not None
        left = b""
        while part := os.read(self._child.stdout.fileno(), 1 << 16):
            *whole, left = (left + part).split(b"\0")
            for message in whole:
                self._take(json.loads(message))
        with self._news:
            self._gone = True
            self._news.notify_all()

    def _take(self, message: Reply) -> None:
        if "id" in message:
            with self._news:
                self._answers[message["id"]] = message
                self._news.notify_all()
            return
        listener = self._listeners.get(message.get("sessionId", ""))
        if listener is not None:
            listener(message["method"], message["params"])


class Person:
    """Somebody with a browser. `phone`: on a screen of that width and height. `script`: whether pages may run any."""

    def __init__(
        self,
        browser: Chromium,
        session: str,
        context: str,
        *,
        languages: str = "en-GB,en",
        phone: tuple[int, int] | None = None,
        script: bool = True,
        dark: bool = False,
    ) -> None:
        self._browser = browser
        self._session = session
        self._context = context
        self._languages = languages
        self._phone = phone
        self._script = script
        self._dark = dark
        self._frame = ""
        self._status: int | None = None
        self.complaints: list[str] = []  # what the browser says against pages

    def begin(self) -> None:
        """Set the window up."""
        self._do("Page.enable")
        self._do("Network.enable")
        self._do("Log.enable")
        self._frame = self._do("Page.getFrameTree")["frameTree"]["frame"]["id"]
        self._do("Network.setUserAgentOverride", userAgent=self._browser.agent, acceptLanguage=self._languages)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if self._dark else "light"}
        self._do("Emulation.setEmulatedMedia", features=[scheme])
        if self._phone is not None:
            width, height = self._phone
            self._do("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=2, mobile=True)
        if not self._script:
            self._do("Emulation.setScriptExecutionDisabled", value=True)

    def hear(self, event: str, told: Reply) -> None:
        """Take what the browser tells. On its thread."""
        if event == "Network.responseReceived" and told["type"] == "Document" and told["frameId"] == self._frame:
            self._status = told["response"]["status"]
        elif event == "Log.entryAdded":
            self.complaints.append(told["entry"]["text"])

    def open(self, url: str) -> int | None:
        """Go to an address, as by typing it; return the status of the page, None where there is none."""
        return self._led_by(lambda: self._do("Page.navigate", url=url))

    def sent_to(self, url: str) -> int | None:
        """Be led there by a page, without having pressed anything; return the status."""
        return self.led_by(f"location.href = {json.dumps(url)}; 0")

    def led_by(self, script: str) -> int | None:
        """Be led elsewhere by a script of the page; return the status."""
        return self._led_by(lambda: self.ask(script))

    def reload(self) -> int | None:
        return self._led_by(lambda: self._do("Page.reload"))

    def type(self, text: str) -> int | None:
        """Type into the field that has the focus, then Enter; return the status of the page to which that leads."""
        self.write(text)
        key = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13}

        def enter() -> None:
            self._do("Input.dispatchKeyEvent", type="keyDown", text="\r", **key)
            self._do("Input.dispatchKeyEvent", type="keyUp", **key)

        return self._led_by(enter)

    def write(self, text: str) -> None:
        """Type into the field that has the focus, once one has it."""
        self.wait("document.activeElement instanceof HTMLInputElement")  # a page gives it with its first picture
        self._do("Input.insertText", text=text)

    def click(self, selector: str) -> int | None:
        """Press what this selector names; return the status of the page to which that leads."""
        box = self.ask(
            f"(({{x, y, width, height}}) => ({{x: x + width / 2, y: y + height / 2}}))"
            f"(document.querySelector({json.dumps(selector)}).getBoundingClientRect())"
        )
        mouse = {**box, "button": "left", "clickCount": 1}

        def press() -> None:
            self._do("Input.dispatchMouseEvent", type="mousePressed", **mouse)
            self._do("Input.dispatchMouseEvent", type="mouseReleased", **mouse)

        return self._led_by(press)

    def ask(self, expression: str) -> Any:  # noqa: ANN401 - whatever the page says
        """Return what an expression is in the page; of a promise, what it comes to."""
        found = self._do("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def wait(self, expression: str) -> None:
        """Return once an expression holds in the page."""
        self._until(lambda: bool(self._asked_meanwhile(expression)), expression)

    @property
    def title(self) -> str:
        return str(self.ask("document.title"))

    @property
    def text(self) -> str:
        """What is read on the page."""
        return str(self.ask("document.body.innerText"))

    @property
    def place(self) -> str:
        """Path and query of the page."""
        return str(self.ask("location.pathname + location.search"))

    @property
    def cookies(self) -> list[Reply]:
        found: list[Reply] = self._browser.call("Storage.getCookies", browserContextId=self._context)["cookies"]
        return found

    def carry(self, cookies: list[Reply], url: str) -> None:
        """Take cookies along, as if this site had set them."""
        kept = ("name", "value", "path", "secure", "httpOnly", "sameSite", "expires")
        taken = [{**{key: cookie[key] for key in kept}, "url": url} for cookie in cookies]
        self._browser.call("Storage.setCookies", cookies=taken, browserContextId=self._context)

    def forget_cookies(self) -> None:
        """As if their time were over."""
        self._browser.call("Storage.clearCookies", browserContextId=self._context)

    def picture(self) -> bytes:
        """Return what is seen, as PNG."""
        return base64.b64decode(self._do("Page.captureScreenshot", format="png")["data"])

    def _do(self, method: str, **parameters: Any) -> Reply:  # noqa: ANN401 - as the protocol has it
        return self._browser.call(method, self._session, **parameters)

    def _led_by(self, act: Callable[[], object]) -> int | None:
        """Do what leads to another page, and return its status once it is whole."""
        self._status = None
        self.ask("window.isLeft = true")  # events do not say of which page they are; a new one does not have this
        act()
        self.wait("window.isLeft !== true && document.readyState === 'complete'")
        return self._status

    def _asked_meanwhile(self, expression: str) -> object:
        """Ask a page that may just be replaced by another one: that one is asked the next time."""
        try:
            return self.ask(expression)
        except LookupError as error:
            if not any(word in str(error) for word in _LOST):
                raise
            return None

    @staticmethod
    def _until(claim: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + SEEN
        while not claim():
            assert time.monotonic() < end, f"there was never: {what}"
            time.sleep(_POLL)


@contextmanager
def chromium(folder: Path) -> Iterator[Chromium]:
    """Start the browser of this computer in an empty folder."""
    assert CHROMIUM is not None
    browser = Chromium(CHROMIUM, folder)
    try:
        yield browser
    finally:
        browser.close()
