"""Whether an address leads here: it is visited as anybody would, for a word that only the relay of the tunnel knows."""

import contextlib
from dataclasses import dataclass

from portway.core.backend import Expects
from portway.core.foreign_text import PublicUrl
from portway.system.network.encrypted import connect_encrypted

_MOST = 64 * 1024  # bytes of an answer that are read


@dataclass(frozen=True, slots=True)
class Visited:
    """What a visit met. `ours`: this computer answered. Without a `status` nobody did."""

    ours: bool = False
    status: int | None = None
    trusted: bool = True


def visit(url: PublicUrl, expects: Expects, limit: float) -> Visited:
    """Visit the address, by the names that this computer knows. Blocks up to some times `limit` seconds. Any thread."""
    import http.client  # late, both of them: an idle program does without OpenSSL, 6 MB
    import ssl

    path, content = expects.expect_visit()
    connect = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    with contextlib.closing(connect(url.host, url.port, timeout=limit)) as connection:
        try:
            if url.scheme == "https":
                trusted = ssl.create_default_context()
                connection.sock = connect_encrypted(url.host, url.port or connection.port, limit, trusted, url.host)
            connection.request("GET", path, headers={"Accept": "text/plain", "User-Agent": "Portway"})
            answer = connection.getresponse()
            return Visited(answer.read(_MOST) == content, answer.status)
        except ssl.SSLCertVerificationError:
            return Visited(trusted=False)
        except (OSError, http.client.HTTPException, UnicodeError):
            return Visited()
