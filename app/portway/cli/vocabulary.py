"""What the command line calls things, known without importing them; and what was meant by a word that it is not."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

# By the title of their section in the help: each command with its module in `portway.cli` and what it is for.
SECTIONS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "Tunnels": {
        "expose": ("commands.expose", "Put a local server on a URL until Ctrl-C."),
        "up": ("commands.up_down", "Open the tunnels of a project's folder until Ctrl-C."),
        "down": ("commands.up_down", "Close the tunnels of a project's folder."),
        "status": ("commands.status", "Show what is exposed, and what is not and why."),
        "enable": ("commands.enable_disable", "Turn a tunnel on and print its URL."),
        "disable": ("commands.enable_disable", "Turn a tunnel off, or all of them."),
        "url": ("commands.status", "Print the public URL of a tunnel."),
        "open": ("commands.status", "Bring the window to the front, or open a public URL."),
        "guard": ("commands.guard", "Say who may open a tunnel, and until when."),
        "verify": ("commands.guard", "Ask for a public URL from outside."),
        "extend": ("commands.guard", "Let a tunnel stop by itself later."),
        "requests": ("commands.requests", "Show the requests that were recorded."),
        "replay": ("commands.requests", "Send a recorded request again."),
        "tunnels": ("commands.tunnels", "Add, change and remove tunnels of your own."),
        "events": ("commands.status", "Print every change, as it happens."),
    },
    "What some ways need": {},
    "Portway itself": {
        "mcp": ("commands.mcp", "Let an agent or an editor use Portway."),
        "token": ("commands.token_quit", "Print the lasting token for the REST API."),
        "quit": ("commands.token_quit", "End Portway."),
        "config": ("commands.config", "Read and change settings."),
        "logs": ("commands.logs", "Show what happened."),
        "forget": ("commands.forget", "Remove all that Portway keeps on this computer."),
    },
    "Help": {
        "doctor": ("doctor.command", "Find out what does not work, and what helps."),
        "completion": ("commands.manual", "Print the completion script for a shell."),
        "man": ("commands.manual", "Print the manual page."),
    },
}
COMMANDS = {name: command for section in SECTIONS.values() for name, command in section.items()}
ALIASES = {"cloudflare": "cloudflared", "cf": "cloudflared", "ts": "tailscale", "funnel": "tailscale"}
_LONGER_AT_MOST = 3  # letters by which a misspelt word is longer than the one that was meant


@dataclass(frozen=True, slots=True)
class Listing:
    """The ways out and the commands that they add, each with what it is for."""

    ways: Mapping[str, str]
    verbs: Mapping[str, str]


# As the backends declare it. The help shows this: importing all of them takes three times as long as everything else.
LISTED = Listing(
    ways={
        "lan": "Local network: reaches this network only.",
        "cloudflared": "Cloudflare: reaches the internet.",
        "ngrok": "ngrok: reaches the internet.",
        "tailscale": "Tailscale: reaches the internet.",
        "ssh": "SSH: reaches the internet.",
    },
    verbs={
        "check": "Measure whether Tailscale is installed, runs, is logged in and publishes something.",
        "install": "Install the program that a way needs.",
        "login": "Log in, or store a token.",
        "operator": "Let your account control Tailscale on this computer from now on.",
        "start-daemon": "Start the Tailscale service of this computer.",
    },
)


def way_of(word: str) -> str:
    """Return the id of a way that people also call by another name; any other word as it is."""
    return ALIASES.get(word.lower(), word)


def meant(word: str, known: Iterable[str]) -> str | None:
    """Return the known word of which this is a misspelling, if it is one."""
    import difflib  # late: most words are known

    found = difflib.get_close_matches(word.lower(), tuple(known), 1)
    return found[0] if found and len(word) <= len(found[0]) + _LONGER_AT_MOST else None


def no_such(kind: str, word: str, known: Collection[str], more: str) -> str:
    """Return the sentence about a word that is unknown.

    The word itself is repeated only where it is nearly a known one: else it may be a secret in the wrong place.
    """
    near = meant(word, known)
    return (
        f"There is no such {kind}. {more}" if near is None else f"There is no {kind} “{word}”. Did you mean “{near}”?"
    )


def no_such_way(word: str, ways: Collection[str]) -> str:
    """Return the sentence about a way that is unknown among `ways`."""
    aliases = [alias for alias, way in ALIASES.items() if way in ways]
    return no_such("way", word, [*ways, *aliases], f"Choose one of: {', '.join(ways)}.")
