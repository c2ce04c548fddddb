"""One English sentence for each cause: what happened, then what helps. `{names}` are parameters of the problem.

Here are the causes that more than one backend, or none, can have; a backend declares its own in its folder.
"""

from dataclasses import dataclass

from portway.core.codes import Code
from portway.core.texts import Offer, TranslatableTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One cause of a code, and how it is told. Declared once, as a constant in the folder of what can meet it.

    `variant` tells it from other causes of the same code. `word` is the cause in two or three words, for a card and
    the tray; `page` the label of the button that opens the problem's page. Empty: what the window says for the code.
    """

    code: Code
    text: str
    variant: str = ""
    word: str = ""
    page: str = ""
    offers: tuple[Offer, ...] = ()

    @property
    def key(self) -> str:
        """Its name: the code, and the variant after a dot where there is one."""
        return f"{self.code}.{self.variant}" if self.variant else str(self.code)


def common_cause(code: Code, variant: str = "") -> Cause:
    """Return a cause of the table below. Raises KeyError where there is none: a bug of the caller."""
    return Cause(code=code, variant=variant, text=SENTENCES[f"{code}.{variant}" if variant else str(code)])


SENTENCES: TranslatableTable[str] = {
    # Networks and targets
    "no_network": "There is no network. Portway tries again as soon as there is one.",
    "network_changed": "This computer is on another network now, so the address was taken down. Turn it on again here.",
    "port_conflict": "Port {port} is used by somebody else, and is left alone. Choose another port.",
    "port_conflict.api": "Port {port} for the REST API is used by another program. Choose another one in Settings.",
    "port_conflict.relay": "Portway found no free port on this computer for the relay of this tunnel. Close other programs.",
    "relay_port_taken": (
        "Port {port}, to which this tunnel led, belongs to another program now. "
        "What still led there was ended; a new URL comes."
    ),
    "origin_down": "{target} does not answer. Start your server there, or choose another one.",
    "origin_scheme": "{target} answers, but not in HTTP. Choose a web server.",
    "origin_scheme.other": "{target} does not answer in {scheme}. Choose {better} instead.",
    "host_refused": "{target} turns visitors away because it does not know {host}. Send its own name instead.",
    # Programs and processes
    "not_installed": "{program} is not installed.",
    "unsupported_platform": "{program} does not run on this system.",
    "version_too_old": "{program} {version} is too old. Update it to {needed} or newer.",
    "binary_unusable": "{program} at {path} cannot be used: {reason}.",
    "binary_unusable.variable": "{variable} names {path}, which cannot be used: {reason}.",
    "process_died": "{program} ended unexpectedly: {reason}.",
    "start_timeout": "{program} did not come up within {seconds} seconds.",
    "start_timeout.silent": "{program} did not answer within {seconds} seconds. Restart it, then try again.",
    "cancelled": "It was cancelled.",
    # Services
    "no_network.service": "{service} cannot be reached. Check the internet connection; Portway keeps trying.",
    "edge_unreachable": (
        "{service} cannot be reached from this network: {reason}. A firewall may block it; Portway keeps trying."
    ),
    "tls_intercepted": (
        "The connection to {service} is intercepted: its certificate is not genuine. "
        "A proxy or security program on this network does that; Portway keeps trying."
    ),
    "rate_limited": "{service} limits how often tunnels may start from here. Portway tries again later.",
    "refused_by_service": "{service} refused: {reason}.",
    "refused_by_service.url": (
        "{service} gave a public address that cannot be right, so the tunnel was ended. Turn it on again."
    ),
    "too_many_sessions": (
        "Your {service} account allows no further agent at the same time. Stop another one, then turn it on again."
    ),
    "domain_not_yours": "The domain {domain} does not belong to your {service} account. Choose one of yours.",
    "url_taken": "{url} is already online elsewhere. Stop it there, or choose another domain.",
    # Tokens and logins
    #: {service} is Cloudflare, ngrok or Tailscale.
    "needs_token": "{service} needs your token. Enter it once.",
    "needs_token.keyring": (
        "The keyring that holds the token for {service} is locked or does not answer. "
        "Unlock it and turn the tunnel on again, or enter the token once more."
    ),
    "token_rejected": "{service} did not accept the token. Enter the current one.",
    "needs_login": "Log in to {service} to go on.",
    "needs_privileges": "This step needs administrator rights. Give your password, or run: {command}",
    "wrong_sudo_password": "The password was not accepted. Nothing was changed.",
    # Installing and storing
    "install_failed": "{program} could not be installed: {reason}.",
    "checksum_mismatch": "The download of {program} does not match its published checksum, so it was thrown away.",
    "storage_failed": "{path} could not be written: {reason}.",
    "storage_failed.home": (
        "Portway cannot keep its files in {path}: {reason}. The variable PORTWAY_HOME can name another folder."
    ),
    "no_secure_storage": (
        "There is no secure keyring on this system. The secret is kept until Portway ends, and nowhere else."
    ),
    "no_secure_storage.locked": "The keyring is locked. The secret is kept until Portway ends, and nowhere else.",
    "no_secure_storage.silent": (
        "The keyring does not answer. The secret is kept until Portway ends, and nowhere else for now."
    ),
    "no_secure_storage.failed": (
        "The keyring could not be used. The secret is kept until Portway ends, and nowhere else."
    ),
    "no_secure_storage.not_removed": (
        "The keyring could not be reached, so it may still hold the secret. Portway does not use it any more."
    ),
    "no_secure_storage.api_token": (
        "The token was shown once and is kept nowhere. Renew it to get another one; the old one is then void."
    ),
    "no_secure_storage.guard": (
        "The keyring that holds the password of this tunnel is locked or does not answer, so nobody is let in. "
        "Unlock it and turn the tunnel on again, or set a new password."
    ),
    "no_secure_storage.guard_lost": "The password of this tunnel is not stored any more, so nobody is let in. Set a new one.",
    "expired": "It has stopped, as its time was over. Turn it on again if you still need it.",
    "expired.summary": (
        "It has stopped, as its time was over. "
        "Requests: {requests}, visitors: {visitors}, kept out: {refused}. Turn it on again if you still need it."
    ),
    "expired.logout": "It has stopped, as you logged out or the computer went to sleep. Turn it on again if you need it.",
    "not_running": "{what} is not running.",
    "name_taken": "There is a tunnel called “{name}” already. Choose another word.",
    "still_on": "{name} is on. Turn it off first, then remove it.",
    "built_in": "{name} is always there: only tunnels that were added can be removed or changed.",
    "built_in.backend": "{name} keeps the way that it was added for. For another way, add another tunnel.",
    "no_display": "Portway runs without a display, so it has no window.",
    # URL hooks
    "process_died.hook": "The command that takes the URL failed: {reason}. Its settings are under URL hooks.",
    "start_timeout.hook": "The command that takes the URL did not end within {seconds} seconds, so it was ended.",
    "not_installed.hook": "The program {program}, which is to take the URL, was not found. Change it under URL hooks.",
    # Newer versions of Portway
    "no_network.updates": "{host} cannot be reached, so nobody knows whether there is a newer version. Check the internet connection.",
    "tls_intercepted.updates": (
        "The connection to {host} is intercepted: its certificate is not genuine. What it says of versions is not believed."
    ),
    "rate_limited.updates": "{host} answers no more questions from this network for now. Ask again in an hour.",
    "start_timeout.updates": "{host} did not answer within {seconds} seconds. Ask again later.",
    "refused_by_service.updates": "{host} did not tell which version is the newest: {reason}.",
    "checksum_mismatch.updates": (
        "The files of version {version} do not match the checksums that were published with them, so it is not offered."
    ),
    # Requests
    #: {field} is the label of what was typed into, {problem} what is wrong with it.
    "bad_request": "{field}: {problem}.",
    "bad_request.body": "The body is not a JSON object: {problem}.",
    "bad_request.body_missing": "This call needs a JSON object as body.",
    "bad_request.body_unwanted": "This call takes no body.",
    "bad_request.syntax": "The request is not valid HTTP.",
    "bad_request.replay": "{field}: with this it would be no HTTP request.",
    "body_not_kept": "The body of this request was not kept whole. Send it again with a body of your own.",
    "bad_request.query": "The query is not understood here: {problem}.",
    "bad_request.target_not_a_url": "{field}: write a port like 3000, or an address like http://localhost:3000.",
    "bad_request.target_scheme": "{field}: only http and https can be exposed.",
    "bad_request.target_user": "{field}: an address with a user name or password cannot be exposed.",
    "bad_request.target_path": "{field}: write the address without a path or query; all paths are exposed.",
    "bad_request.target_host": "{field}: only servers on this computer can be exposed, like localhost, 127.0.0.1 or [::1].",
    "bad_request.target_name": (
        "{field}: this name does not lead to this computer alone. Check its spelling, or write localhost and the port."
    ),
    "bad_request.target_port": "{field}: a port is a whole number from 1 to 65535.",
    "bad_request.target_own_port": "{field}: port {port} is Portway's own and is never exposed. Name the port of your server.",
    "bad_request.value_text": "{field}: a text is expected.",
    "bad_request.value_empty": "{field}: it must not be empty.",
    "bad_request.value_flag": "{field}: true or false is expected.",
    "bad_request.value_port": "{field}: a port is a whole number from {lowest} to 65535.",
    "bad_request.value_choice": "{field}: it has to be one of: {choices}.",
    "bad_request.value_pattern": "{field}: what was given is not {expected}.",
    "bad_request.value_characters": "{field}: line breaks and control characters are not allowed.",
    "bad_request.value_long": "{field}: the text is longer than {limit} characters.",
    "bad_request.value_path": "{field}: what was given is not an absolute path.",
    "bad_request.guard": "{field}: these are no rules that a tunnel may have.",
    "bad_request.guard_network": "{field}: write an address like 203.0.113.7, or a range like 192.0.2.0/24.",
    "bad_request.guard_note": "{field}: what is noted of an address has at most {limit} characters.",
    "bad_request.guard_path": "{field}: write a path like /webhooks/*, with a method before it if only that one is meant.",
    "bad_request.guard_list": "{field}: a list of at most {limit} texts is expected.",
    "bad_request.guard_rate": "{field}: a whole number from 1 to {limit} is expected, in requests a minute.",
    "bad_request.guard_password": "{field}: a password has {shortest} characters or more, and no blanks around it.",
    "bad_request.duration": "{field}: write a time like 15m, 1h or 2d, or a number of seconds.",
    "bad_request.command": "{field}: a quotation mark is opened and never closed.",
    "bad_request.setting": "There is no such setting. “portway config list” shows all.",
    "bad_request.token_environment": "The token is the one in PORTWAY_API_TOKEN. Change it there.",
    "bad_request.token_short": "PORTWAY_API_TOKEN is shorter than {shortest} characters, so it is not safe. Choose a longer one.",
    "unauthorized": "This call needs Portway's API token as “Authorization: Bearer …”. “portway token” shows it.",
    "forbidden": "This call came from a web page of another origin, which is not allowed.",
    "forbidden.tunnel": "This call came through a tunnel or proxy. Portway's API answers on this computer only.",
    "forbidden.run_token": "Only the token of the running program may ask for the lasting one. Use “portway token”.",
    # Programs that use Portway for a person
    "not_allowed": "Programs may not do this. It takes a person, in the window or on the command line of Portway.",
    "not_allowed.never": (
        "Programs may not open tunnels on this computer. A person can change that in Settings, under API."
    ),
    "not_allowed.local": (
        "Programs may open tunnels to the local network only. A person can change that in Settings, under API."
    ),
    "not_allowed.no_screen": (
        "Portway runs without a screen, so nobody can be asked. Name a password for visitors and a time after which it "
        "stops, or let a person type: portway config set general.programs anything"
    ),
    "not_allowed.refused": "The person at this computer did not allow it.",
    #: {program} is what the program that asks calls itself.
    "not_allowed.unanswered": (
        "Nobody said within {seconds} seconds whether {program} may open this. Tell the person, then try again."
    ),
    "not_found.guard_password": "No password is stored for this tunnel. Name one.",
    "not_found.guard_link": "This tunnel is not open, or asks visitors for no password, so it needs no such link.",
    "not_found.request": "No request with this number is kept.",
    "not_found": "There is nothing at this path.",
    "method_not_allowed": "This path does not know that method.",
    "length_required": "Send the body with a Content-Length, not in chunks.",
    "too_large": "The body is larger than {limit} bytes.",
    "unsupported_media_type": "Send the body as application/json.",
    "wrong_host": "The Host of this call is not Portway's own address.",
    "too_many_attempts": "There were too many wrong tokens. Try again in a minute.",
    "headers_too_large": "The head of the request is larger than {limit} bytes.",
    "too_busy": "Portway has too many connections at the moment. Try again shortly.",
    "too_busy.streams": "A test of streams is going on already. Try again in two minutes.",
    "internal": "Something went wrong inside Portway. The log has the details.",
}
