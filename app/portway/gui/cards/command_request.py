"""What a click gives to a command: the password that was typed, the script that was agreed to, an update. Pure."""

from portway.core.backend import Command, Fetched
from portway.core.hub import EnableRequest
from portway.core.options import Kind, check_value, declared
from portway.core.secret import Secret
from portway.core.status import TunnelStatus
from portway.gui.i18n.contexts import cards as tr


def command_ask(
    command: Command, status: TunnelStatus, secret: Secret | None, fetched: Fetched | None
) -> EnableRequest:
    """Return what the hub is asked. Raises TunnelError(bad_request) for a password that none can be."""
    options: dict[str, object] = {} if fetched is None else {"fetched": fetched}
    for name, option in declared(command.options).items():
        if secret and option.kind is Kind.SECRET and option.in_body:
            options[name] = Secret(str(check_value(option, secret.reveal(), field=tr(option.label))))
        elif option.body == "update" and status.installation.installed:
            options[name] = True  # else what is there already would be left as it is
    return EnableRequest(options=options, by_person=True)
