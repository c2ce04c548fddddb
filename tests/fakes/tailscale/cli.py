"""A stand-in for the tailscale command. Copied to a folder, it keeps its world in world beside itself.

Faithful in arguments, exit codes, streams and texts to the commands 1.52 to 1.102 (measured on Linux). The world
holds `node` (what `status --json` prints), `config` (what `serve status --json` prints) and `ways`: how it behaves.
Every call is a line of the file calls. It needs nothing but the standard library.
"""

# ruff: noqa: PTH100, PTH105, PTH116, PTH118, PTH120, PTH123
from __future__ import annotations

import fcntl
import os
import sys
import time

TYPE_CHECKING = False  # with `typing` and `pathlib` each call would take twice as long
if TYPE_CHECKING:
    from typing import IO, Any, NoReturn

HERE = os.path.dirname(os.path.abspath(__file__))
WORLD = os.path.join(HERE, "world")
READ: list[str] = []  # the world as it was read last
LINK = "https://login.tailscale.com/a/0123456789ab"
ENABLE = "https://login.tailscale.com/f/funnel?node=nABC"
ADMIN = "https://login.tailscale.com/admin/settings/general"


def main() -> None:
    arguments = sys.argv[1:]
    log(arguments)
    world = read()
    ways = world["ways"]
    verb = arguments[0] if arguments else ""
    if ways.get("gui_failed"):
        print("The Tailscale GUI failed to start: (Tailscale.CLIError error 3.)")
        sys.exit(0)
    if ways.get("old_server"):
        say('Warning: client version "1.102.3" != tailscaled server version "1.90.9"\nhttps://tailscale.com/s/update')
    time.sleep(ways.get("slow", 0))
    if verb in ways.get("hangs", ()):
        while True:
            time.sleep(60)
    if verb == "version":
        print('{\n\t"majorMinorPatch": "%s",\n\t"cap": 142\n}' % ways.get("version", "1.102.3"))  # noqa: UP031 - of braces
        return
    if ways.get("daemon_down"):
        daemon_down(verb, ways["daemon_down"])
    COMMANDS[verb](arguments[1:], world)


def daemon_down(verb: str, words: object) -> NoReturn:
    if isinstance(words, str):
        fail(words)
    if verb == "status":
        fail(
            "failed to connect to local tailscaled; it doesn't appear to be running (sudo systemctl start tailscaled ?)"
        )
    path = "/var/run/tailscale/tailscaled.sock"
    fail(
        "getting serve config: Failed to connect to local Tailscale daemon for /localapi/v0/serve-config; "
        f"not running? Error: dial unix {path}: connect: no such file or directory"
    )


def status(_arguments: list[str], world: dict[str, Any]) -> None:
    sys.stdout.write(world["printed"]["node"])


def serve(arguments: list[str], world: dict[str, Any]) -> None:
    if arguments[:1] == ["status"]:
        print(world["printed"]["config"])
        return
    if arguments[-1] != "off":
        fail("only off is known here")
    require_running(world)
    require_rights(world, "sending serve config: Access denied: serve config denied")
    options = flags(arguments)
    if "yes" not in options and world["ways"].get("version", "").startswith("1.52"):
        print("Are you sure you want to delete 2 handlers under port 443? [y/n] ", end="")
        return
    switch_off(options, world)


def switch_off(options: dict[str, str], world: dict[str, Any]) -> None:
    config, port = world["config"], options["https"]
    host_port = f"{host(world)}:{port}"
    handlers = config.get("Web", {}).get(host_port, {}).get("Handlers", {})
    if options["set-path"] not in handlers:
        say("error: failed to remove web serve: handler does not exist\n\ntry `tailscale serve --help` for usage info")
        sys.exit(1)
    if world["ways"].get("will_not_end"):
        return
    del handlers[options["set-path"]]
    if not handlers:
        for part, key in (("Web", host_port), ("AllowFunnel", host_port), ("TCP", port)):
            config.get(part, {}).pop(key, None)
            if not config.get(part, True):
                del config[part]
    write(world)


def funnel(arguments: list[str], world: dict[str, Any]) -> None:
    ways = world["ways"]
    version = tuple(int(part) for part in ways.get("version", "1.102.3").split("."))
    if version < (1, 52):
        say("flag provided but not defined: -bg\nUSAGE\n  tailscale funnel <serve-port> {on|off}")
        sys.exit(2)
    require_running(world)
    options, target = flags(arguments), arguments[-1]
    if ways.get("refusal"):
        fail(ways["refusal"])
    if ways.get("funnel_off"):
        not_enabled(ways["funnel_off"])
        world = read()
    require_rights(world, "sending serve config: Access denied: serve config denied")
    if ways.get("races"):
        world["ways"]["races"] -= 1
        if ways.get("racer"):  # what somebody else published at that moment
            port, proxy = ways["racer"]
            host_port, config = f"{host(world)}:{port}", world["config"]
            config.setdefault("TCP", {})[port] = {"HTTPS": True}
            config.setdefault("Web", {})[host_port] = {"Handlers": {"/": {"Proxy": proxy}}}
        write(world)
        fail("Another client is changing the serve config; please try again.\nPreconditions failed: etag mismatch")
    port = options["https"]
    host_port = f"{host(world)}:{port}"
    config = world["config"]
    if not ways.get("only_claims"):
        config.setdefault("TCP", {})[port] = {"HTTPS": True}
        web = config.setdefault("Web", {}).setdefault(host_port, {"Handlers": {}})
        web["Handlers"]["/"] = {"Proxy": target}
        config.setdefault("AllowFunnel", {})[host_port] = True
        write(world)
    suffix = "" if port == "443" else f":{port}"
    print(
        f"Available on the internet:\n\nhttps://{host(world)}{suffix}/\n|-- proxy {target}\n\n"
        f"Funnel started and running in the background.\nTo disable the proxy, run: tailscale funnel --https={port} off"
    )


def not_enabled(how: str) -> None:
    """Send a person to a page, and wait for the click as the real one does; `how` tells what is known of it."""
    link = {"https": ENABLE.replace("funnel?", "https?"), "admin": ADMIN}.get(how, ENABLE)
    print("\nFunnel is not enabled on your tailnet.", flush=True)
    if how == "text":
        print("An admin has to enable it.", flush=True)
        sys.exit(0)
    print("To enable, visit:\n", flush=True)
    half = len(link) // 2
    sys.stdout.write("         " + link[:half])  # in two writes, as through a slow pipe
    sys.stdout.flush()
    time.sleep(0.02)
    print(link[half:] + "\n", flush=True)
    if how == "no_wait":
        sys.exit(0)
    while read()["ways"].get("funnel_off"):
        time.sleep(0.05)
    print("Success.", flush=True)


def up(arguments: list[str], world: dict[str, Any]) -> None:
    options, node, ways = flags(arguments), world["node"], world["ways"]
    if not arguments:
        require_rights(world, "Access denied: prefs write access denied")
        node["BackendState"] = "Running"
        write(world)
        return
    require_rights(world, "Access denied: checkprefs access denied")
    if ways.get("flags_missing"):
        fail(
            "Error: changing settings via 'tailscale up' requires mentioning all\nnon-default flags. To proceed, "
            "either re-run your command with --reset or\nuse the command below to explicitly mention the current "
            "value of\nall non-default settings:\n\n\ttailscale up --json --accept-dns=false"
        )
    ways["operator"] = options.get("operator", "")
    if "auth-key" in options:
        log_in_with_key(options["auth-key"].removeprefix("file:"), world)
        return
    node["AuthURL"] = ways.get("login_link", LINK)
    write(world)
    print(f'{{\n\t"AuthURL": "{node["AuthURL"]}",\n\t"QR": "data:image/png;base64,",', flush=True)
    print('\t"BackendState": "NeedsLogin"\n}', flush=True)
    while read()["node"]["BackendState"] == "NeedsLogin":
        time.sleep(0.05)
    print(f'{{\n  "BackendState": "{read()["node"]["BackendState"]}"\n}}')


def log_in_with_key(path: str, world: dict[str, Any]) -> None:
    world["ways"]["key_file_mode"] = oct(os.stat(path).st_mode & 0o777)
    with open(path, encoding="utf-8") as file:
        key = file.read()
    if key != world["ways"].get("good_key"):
        write(world)
        fail("backend error: invalid key: unable to validate API key")
    world["node"] |= world["ways"]["logged_in"]
    write(world)


def set_(arguments: list[str], world: dict[str, Any]) -> None:
    require_rights(world, "Access denied: checkprefs access denied")
    options = flags(arguments)
    if "operator" in options:
        world["ways"]["operator"] = options["operator"]
        world["ways"]["denied"] = False
    if "hostname" in options and not world["ways"].get("keeps_name"):
        suffix = world["node"]["Self"]["DNSName"].partition(".")[2]
        world["node"]["Self"] |= {"HostName": options["hostname"], "DNSName": f"{options['hostname']}.{suffix}"}
    write(world)


def require_running(world: dict[str, Any]) -> None:
    words = {
        "NeedsLogin": "Logged out.",
        "Stopped": "Tailscale is stopped.",
        "NoState": "unexpected state: NoState",
        "NeedsMachineAuth": "Machine is not yet approved by tailnet admin.",
        "Starting": "unexpected state: Starting",
    }
    state = world["node"]["BackendState"]
    if state in words:
        fail(words[state])


def require_rights(world: dict[str, Any], words: str) -> None:
    if world["ways"].get("denied") and not os.environ.get("FAKE_SUDO"):
        fail(
            f"{words}\n\nUse 'sudo tailscale {' '.join(sys.argv[1:])}'.\n"
            "To not require root, use 'sudo tailscale set --operator=$USER' once."
        )


def host(world: dict[str, Any]) -> str:
    return str(world["node"]["Self"]["DNSName"]).rstrip(".")


def flags(arguments: list[str]) -> dict[str, str]:
    found = (argument.removeprefix("--").partition("=") for argument in arguments if argument.startswith("--"))
    return {name: value for name, _, value in found}


def read() -> dict[str, Any]:
    with open(WORLD, encoding="utf-8") as file:
        READ[:] = [file.read()]
    world: dict[str, Any] = eval(READ[0])  # noqa: S307 - written by the test itself, and quicker than JSON
    return world


def write(world: dict[str, Any]) -> None:
    """Write what was changed since it was read. What a test, or another call, changed meanwhile stays."""
    before = eval(READ[0])  # noqa: S307 - as above
    with open(f"{WORLD}.lock", "w", encoding="utf-8") as held:
        lock(held)
        now = read()
        for part in ("node", "config", "ways"):
            carry_over(before[part], world[part], now[part])
        new = f"{WORLD}.{os.getpid()}"
        with open(new, "w", encoding="utf-8") as file:
            file.write(repr(printed(now)))
        os.replace(new, WORLD)


def carry_over(before: dict[str, Any], after: dict[str, Any], now: dict[str, Any]) -> None:
    """Change in `now` what was changed from `before` to `after`."""
    for key in {**before, **after}:
        old, new = before.get(key), after.get(key)
        if isinstance(old, dict) and isinstance(new, dict) and isinstance(now.get(key), dict):
            carry_over(old, new, now[key])
        elif key not in after:
            now.pop(key, None)
        elif old != new or key not in before:
            now[key] = new


def lock(file: IO[str], *, for_all: bool = True) -> None:
    """Wait until nobody else has it, or nobody who writes. Closing it lets it go."""
    fcntl.flock(file, fcntl.LOCK_EX if for_all else fcntl.LOCK_SH)


def printed(world: dict[str, Any]) -> dict[str, Any]:
    """Return the world with the texts that show it, so that a call that only reads has nothing to convert."""
    import json  # late: half of the time of a call

    return {**world, "printed": {"node": json.dumps(world["node"]), "config": json.dumps(world["config"])}}


def log(arguments: list[str]) -> None:
    record = {
        "argv": arguments,
        "environment": dict(os.environ),
        "stdin": sys.stdin.read(),
        "uid": os.getuid(),
    }
    with open(os.path.join(HERE, "calls"), "a", encoding="utf-8") as file:
        lock(file)
        file.write(repr(record) + "\n")


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def fail(text: str) -> NoReturn:
    say(text)
    sys.exit(1)


COMMANDS = {"status": status, "serve": serve, "funnel": funnel, "up": up, "set": set_}

if __name__ == "__main__":
    main()
