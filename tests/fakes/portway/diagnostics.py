"""A bundle of diagnostics, for windows that show one."""

from __future__ import annotations

from portway.system.diagnosis.bundle import Entry, pack

DIAGNOSTICS = pack(
    (
        Entry("about.txt", "Portway 0.1.0, run by an installed Python\nPython 3.13.0\nLinux 6.12, x86_64\n"),
        Entry("settings.txt", 'general: {"restore": true}\nlan: {"address": "set"}\n'),
        Entry("doctor.txt", "ok    network: there is a way out, from [local address].\n"),
        Entry(
            "log/portway.txt",
            "2026-11-25T14:02:11.123Z INFO    portway.rest.server.server: listening on [this computer]:20129\n"
            "2026-11-25T14:02:14.456Z WARNING portway.runtime.tunnel.worker: ngrok is still up at https://[name]\n",
        ),
    )
)
