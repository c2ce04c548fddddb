"""What a click gives to a command: the password that was typed, the script that was agreed to, an update. Pure."""

from __future__ import annotations

from portway.core.backend import Command, Fetched
from portway.core.hub import Ask
from portway.core.option_values import check_value
from portway.core.options import Kind, declared
from portway.core.secret import Secret
from portway.core.status import TunnelStatus
from portway.gui.words import tr


def command_ask(command: Command, status: TunnelStatus, secret: Secret | None, fetched: Fetched | None) -> Ask:
    """Return what the hub is asked. Raises TunnelError(bad_request) for a password that none can be."""
    options: dict[str, object] = {} if fetched is None else {"fetched": fetched}
    for name, option in declared(command.options).items():
        if secret and option.kind is Kind.SECRET and option.in_body:
            options[name] = Secret(str(check_value(option, secret.reveal(), field=tr(option.label))))
        elif option.body == "update" and status.installation.installed:
            options[name] = True  # else what is there already would be left as it is
    return Ask(options=options, by_person=True)
