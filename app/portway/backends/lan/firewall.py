"""Which firewall may keep visitors out: what can be known without root, and the command that lets a network in."""

import re
import subprocess
import sys
from enum import StrEnum
from ipaddress import IPv4Network
from pathlib import Path

_SYSTEM_BUS = Path("run/dbus/system_bus_socket")
_WINDOWS_POLICY = r"SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy"
_WINDOWS_PROFILES = ("StandardProfile", "PublicProfile", "DomainProfile")
_SOCKETFILTERFW = "/usr/libexec/ApplicationFirewall/socketfilterfw"


class Firewall(StrEnum):
    """`off`: one that is known is switched off. `unknown`: none that can be asked without root (nft, iptables)."""

    OFF = "off"
    UFW = "ufw"
    FIREWALLD = "firewalld"
    WINDOWS = "windows"
    MACOS = "macos"
    UNKNOWN = "unknown"

    @property
    def may_block(self) -> bool:
        """Whether it is known to be on. What its rules are, only root may read."""
        return self not in (Firewall.OFF, Firewall.UNKNOWN)


def find_firewall(limit: float, root: Path = Path("/")) -> Firewall:
    """Return what guards this computer. Blocks up to `limit` seconds; a few milliseconds on Linux."""
    if sys.platform == "win32":
        return _windows()
    if sys.platform == "darwin":
        return _macos(limit)
    ufw = ufw_state(root)
    if ufw is Firewall.UFW:
        return ufw
    return Firewall.FIREWALLD if _firewalld_runs(root, limit) else ufw


def allow_command(firewall: Firewall, network: IPv4Network, port: int) -> str | None:
    """Return what a person may type to let `network` in, None where there is no such command."""
    match firewall:
        case Firewall.UFW:
            return f"sudo ufw allow from {network} to any port {port} proto tcp"
        case Firewall.FIREWALLD:
            rule = f'rule family="ipv4" source address="{network}" port port="{port}" protocol="tcp" accept'
            return f"sudo firewall-cmd --add-rich-rule='{rule}'"
        case _:
            return None


def ufw_state(root: Path) -> Firewall:
    """Read ufw's two files that everybody may read."""
    enabled = _setting(root / "etc/ufw/ufw.conf", "ENABLED")
    if enabled is None:
        return Firewall.UNKNOWN
    policy = _setting(root / "etc/default/ufw", "DEFAULT_INPUT_POLICY")
    return Firewall.OFF if enabled.lower() != "yes" or policy == "ACCEPT" else Firewall.UFW


def _setting(path: Path, name: str) -> str | None:
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    found = re.search(rf"^\s*{name}\s*=\s*[\"']?(\w+)", text, re.MULTILINE | re.ASCII)
    return None if found is None else found[1]


def _firewalld_runs(root: Path, limit: float) -> bool:
    """Ask the system bus whether firewalld's name has an owner: the one thing about it that needs no rights."""
    bus = root / _SYSTEM_BUS
    if not bus.exists():
        return False
    from jeepney import DBusErrorResponse, message_bus  # late: only where there is a system bus
    from jeepney.io.blocking import Proxy, open_dbus_connection

    try:
        with open_dbus_connection(f"unix:path={bus}") as connection:
            asked = Proxy(message_bus, connection, timeout=limit)
            return bool(asked.NameHasOwner("org.fedoraproject.FirewallD1")[0])
    except (OSError, ValueError, DBusErrorResponse):  # the second is jeepney's for a bus that refuses us
        return False


def _macos(limit: float) -> Firewall:
    try:
        told = subprocess.run(
            [_SOCKETFILTERFW, "--getglobalstate"], capture_output=True, text=True, timeout=limit, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return Firewall.UNKNOWN
    state = re.search(r"State = (\d)", told, re.ASCII)
    if state is None:
        return Firewall.UNKNOWN
    return Firewall.OFF if state[1] == "0" else Firewall.MACOS


def _windows() -> Firewall:
    """Read the registry: what `netsh advfirewall` prints is in the language of the system."""
    states: list[bool] = []
    if sys.platform == "win32":
        import winreg  # there is none elsewhere

        for profile in _WINDOWS_PROFILES:
            try:
                with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, rf"{_WINDOWS_POLICY}\{profile}") as key:
                    states.append(bool(winreg.QueryValueEx(key, "EnableFirewall")[0]))
            except OSError:
                continue
    if not states:
        return Firewall.UNKNOWN
    return Firewall.WINDOWS if any(states) else Firewall.OFF
