"""Recorded requests for other programs: as a curl command, and as an HTTP archive (HAR 1.2)."""

from __future__ import annotations

import base64
import io
import re
import shlex
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from portway.core.hub import RecordedBody, RecordedRequest
from portway.core.target import Target
from portway.relay.capture.decoding import shown
from portway.relay.capture.masking import MASK

if TYPE_CHECKING:
    import harfile

# curl writes these itself; Host is the one of its address.
_NOT_FOR_CURL = {"connection", "content-length", "expect", "host", "keep-alive", "proxy-connection", "te"}
_NOT_FOR_CURL |= {"transfer-encoding", "upgrade"}
# What curl would make of a path by itself: several requests, and a shorter way.
_AS_IT_IS = (("--globoff", re.compile(r"[\[\]{}]")), ("--path-as-is", re.compile(r"^[^?]*/\.\.?(?:[/?]|$)")))
_PLACEHOLDER = "$TOKEN"
_SENT_AS_BODY = "@-"


def as_curl(recorded: RecordedRequest, target: Target) -> str:
    """Return a command that sends the request to the local server. Masked values stand there as $TOKEN.

    A body that is text is part of the command; of another one, or one that was not kept whole, the command says so.
    """
    row, body = recorded.row, recorded.request_body
    words = [
        "curl",
        *(["--head"] if row.method == "HEAD" and not body.size else ["--request", shlex.quote(row.method)]),
    ]
    words += [option for option, odd in _AS_IT_IS if odd.search(row.path)]
    for name, value in recorded.request_headers:
        if name.lower() not in _NOT_FOR_CURL:
            words += ["\\\n  --header", _quoted(f"{name}: {value}" if value else f"{name};")]
    comment = ""
    if body.size:
        text = _plain_text(body)
        if text is None:
            comment = f"# The body of {body.size} bytes is no text, or was not kept whole: give it on standard input.\n"
            words += ["\\\n  --data-binary", _SENT_AS_BODY]
        else:
            words += ["\\\n  --data-raw", shlex.quote(text)]  # which takes no @ for the name of a file
    return f"{comment}{' '.join(words)} \\\n  {_quoted(target.url + row.path)}\n"


def as_har(recorded: Iterable[RecordedRequest], version: str, public_url: str | Mapping[str, str]) -> str:
    """Return an archive of these requests, the oldest first; `version` is Portway's. Takes some time: any thread.

    `public_url` is that of all of them, or each tunnel has its own.
    """
    import harfile  # late: only an export needs it

    file = io.StringIO()
    with harfile.HarFile(file, creator=harfile.Creator(name="Portway", version=version)) as archive:
        for one in recorded:
            url = public_url if isinstance(public_url, str) else public_url[one.row.tunnel]
            total, wait = one.row.duration_ms or 0.0, one.row.first_byte_ms or 0.0
            archive.add_entry(
                startedDateTime=one.row.started_at,
                time=total,
                request=_har_request(one, url),
                response=_har_response(one),
                timings=harfile.Timings(send=0, wait=wait, receive=round(max(total - wait, 0.0), 3)),
                comment=_comment(one),
            )
    return file.getvalue()


def _har_request(one: RecordedRequest, public_url: str) -> harfile.Request:
    import harfile

    url = public_url.rstrip("/") + one.row.path
    body = one.request_body
    posted = None
    if body.size:
        content = shown(body)
        text = content.text if content.text is not None else base64.b64encode(content.data).decode()
        posted = harfile.PostData(mimeType=body.content_type or "", text=text)
    return harfile.Request(
        method=one.row.method,
        url=url,
        httpVersion="HTTP/1.1",
        headers=[harfile.Record(name=name, value=value) for name, value in one.request_headers],
        queryString=[harfile.Record(name=name, value=value) for name, value in _query(url)],
        postData=posted,
        headersSize=-1,
        bodySize=body.size,
    )


def _har_response(one: RecordedRequest) -> harfile.Response:
    import harfile

    body = one.response_body
    content = shown(body)
    is_text = content.text is not None
    return harfile.Response(
        status=one.row.status,
        statusText="",
        httpVersion="HTTP/1.1",
        headers=[harfile.Record(name=name, value=value) for name, value in one.response_headers],
        content=harfile.Content(
            size=len(content.data),
            mimeType=body.content_type or "",
            text=content.text if is_text else base64.b64encode(content.data).decode(),
            encoding=None if is_text else "base64",
        ),
        redirectURL=next((value for name, value in one.response_headers if name.lower() == "location"), ""),
        headersSize=-1,
        bodySize=body.size,
    )


def _query(url: str) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(url).query, keep_blank_values=True)


def _comment(one: RecordedRequest) -> str | None:
    if not (one.request_body.whole and one.response_body.whole):
        return "Not all of the bodies was kept."
    return None


def _plain_text(body: RecordedBody) -> str | None:
    """Return a body that can stand in a command as it was sent."""
    if not body.whole or body.encoding is not None:
        return None
    try:
        text = body.data.decode()
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def _quoted(text: str) -> str:
    """Quote a word for a shell; what is masked becomes a variable, which only double quotes let through."""
    if MASK not in text:
        return shlex.quote(text)
    parts = text.split(MASK)
    return f'"{_PLACEHOLDER}"'.join(shlex.quote(part) if part else "" for part in parts)
