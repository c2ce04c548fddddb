"""One English sentence for each cause: what happened, then what helps. `{names}` are parameters of the problem.

A key is a code, or a code and a variant after a dot where one code has causes that need other words.
"""

from __future__ import annotations

SENTENCES: dict[str, str] = {
    # Local network
    "no_network": "There is no network. Portway tries again as soon as there is one.",
    "no_network.lan_none": (
        "This computer is not on a local network. Connect to Wi-Fi or a cable; Portway goes on by itself."
    ),
    "no_network.lan_public": (
        "This computer has only the public address {address}, which Portway does not publish by itself. "
        "Choose an address in Settings to use it."
    ),
    "no_network.lan_address": (
        "The address {address} is not there. Choose another one, or connect that network; Portway goes on by itself."
    ),
    "no_network.lan_router": "The router {gateway} of this network is not there yet. Portway goes on when it is.",
    "no_network.lan_lost": "The local network is gone. Portway goes on when {address} is back.",
    "network_changed": "This computer is on another network now, so the address was taken down. Turn it on again here.",
    "port_conflict": "Port {port} is used by somebody else, and is left alone. Choose another port.",
    "port_conflict.lan": "Port {port} on {address} is used by another program. Choose another port.",
    "port_conflict.lan_all": "Portway could not listen on any port of {address}. Choose another address.",
    "port_conflict.api": "Port {port} for the REST API is used by another program. Choose another one in Settings.",
    "origin_down": "{target} does not answer. Start your server there, or choose another target.",
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
    "edge_unreachable.slept": (
        "Nothing has come through the tunnel since this computer slept. "
        "{program} comes back by itself within minutes, with the same URL."
    ),
    "tls_intercepted": (
        "The connection to {service} is intercepted: its certificate is not genuine. "
        "A proxy or security program on this network does that; Portway keeps trying."
    ),
    "rate_limited": "{service} limits how often tunnels may start from here. Portway tries again later.",
    "refused_by_service": "{service} refused: {reason}.",
    "too_many_sessions": (
        "Your {service} account allows no further agent at the same time. Stop another one, then turn it on again."
    ),
    "domain_not_yours": "The domain {domain} does not belong to your {service} account. Choose one of yours.",
    "url_taken": "{url} is already online elsewhere. Stop it there, or choose another domain.",
    # Tokens and logins
    "needs_token": "{service} needs your token. Enter it once; it is kept in the keyring.",
    "needs_token.keyring": (
        "The keyring that holds the token for {service} is locked or does not answer. "
        "Unlock it and turn the tunnel on again, or enter the token once more."
    ),
    "token_rejected": "{service} did not accept the token. Enter the current one.",
    "needs_login": "Log in to {service} to go on.",
    "needs_login.command": "The log-in of this computer to {service} has to be renewed. Run: {command}",
    "needs_login.key_rejected": "{service} did not accept the auth key. Set a valid one, or log in.",
    "funnel_not_enabled": "Funnel is switched off for your tailnet. Open the page and switch it on; Portway goes on by itself.",
    "funnel_not_enabled.attribute": (
        "The rules of your tailnet do not let this computer use Funnel. "
        "An admin has to add the “funnel” attribute; Portway goes on by itself."
    ),
    "funnel_not_enabled.port": (
        "Your tailnet does not allow Funnel on public port {port}, only on {allowed}. "
        "Choose another public port in Settings."
    ),
    "https_not_enabled": "HTTPS certificates are switched off for your tailnet. Switch them on in the admin console.",
    "needs_approval": "An admin of your tailnet has to approve this computer first.",
    "tailscale_stopped": "Tailscale is switched off on this computer. Switch it on; Portway goes on by itself.",
    "needs_privileges": "This step needs administrator rights. Give your password, or run: {command}",
    "wrong_sudo_password": "The password was not accepted. Nothing was changed.",
    "daemon_not_running": "The Tailscale service is not running. Start it, or run: {command}",
    # Tailscale
    "daemon_not_running.failed": "The Tailscale service did not start: {reason}. To see why, run: {command}",
    "checksum_mismatch.unexpected": (
        "The install script of {program} is another one than you agreed to, so it was not run. "
        "Start again to see the one of now."
    ),
    "checksum_mismatch.changed": "The install script of {program} was changed after it was fetched, so it was not run.",
    "port_conflict.funnel": (
        "Public port {port} is already used by another Serve or Funnel ({holder}), which is left alone. "
        "Choose public port {free} in Settings, or switch that one off."
    ),
    "port_conflict.funnel_unknown": (
        "The public port is already used by another Serve or Funnel, which is left alone. "
        "Choose another public port in Settings, or switch that one off."
    ),
    "refused_by_service.shields_up": (
        "{service} blocks incoming connections on this computer. "
        "Allow them in its settings (tailscale set --shields-up=false), then turn it on again."
    ),
    "refused_by_service.other_account": "{service} is used by another account of this computer. Log out there first.",
    "refused_by_service.funnel_gone": "{service} Funnel was switched off outside Portway, which switches it on again.",
    "refused_by_service.not_confirmed": "{service} accepted the Funnel but does not serve it. Turn it on again.",
    "refused_by_service.still_on": "{service} still serves the Funnel. Turn it off again, or run: tailscale serve status",
    "refused_by_service.not_renamed": "{service} did not take the host name {name}. Choose another one.",
    "edge_unreachable.offline": "{service} has lost its connection. It comes back by itself with the network.",
    "version_too_old.address": (
        "{program} {version} forwards only to 127.0.0.1. Update it to {needed} or newer for {target}."
    ),
    # ngrok
    "no_network.silent": "{service} does not answer. Check the internet connection; Portway keeps trying.",
    "token_rejected.shape": (
        "What is set as the token for {service} is not an authtoken. "
        "Copy it from the page “Your Authtoken” of your account."
    ),
    "rate_limited.ngrok": (
        "Your {service} account is over its limit for now (ERR_NGROK_{number}). Portway tries again later."
    ),
    "refused_by_service.ngrok": "{service} refused with ERR_NGROK_{number}. The page tells what that means.",
    "refused_by_service.ngrok_payment": (
        "A payment for your {service} account has failed (ERR_NGROK_{number}). Settle it in the dashboard."
    ),
    "refused_by_service.ngrok_suspended": (
        "Your {service} account is suspended (ERR_NGROK_{number}). Its support can tell why."
    ),
    "refused_by_service.ngrok_address": (
        "{service} does not accept connections from this IP address (ERR_NGROK_{number}). "
        "Check the IP restrictions of your account, or use another network."
    ),
    "refused_by_service.ngrok_version": (
        "{service} no longer accepts the SDK in use (ERR_NGROK_{number}). "
        "Update Portway, or run it with Python 3.12 or newer, which gets a newer one."
    ),
    "refused_by_service.ngrok_domain": (
        "{service} does not accept the domain {domain} (ERR_NGROK_{number}). Choose one of your account."
    ),
    "refused_by_service.ngrok_domain_needed": (
        "Your {service} plan needs a domain to be named (ERR_NGROK_{number}). Choose one of your account in Settings."
    ),
    "refused_by_service.ngrok_endpoints": (
        "Your {service} account has as many endpoints online as its plan allows (ERR_NGROK_{number}). Stop another one."
    ),
    "refused_by_service.ngrok_month": (
        "Your {service} account has used up this month's traffic (ERR_NGROK_{number}). "
        "It works again next month, or with another plan."
    ),
    "refused_by_service.ngrok_stopped": "The tunnel was stopped in the dashboard of {service}. Turn it on again here.",
    # Installing and storing
    "install_failed": "{program} could not be installed: {reason}.",
    "install_failed.by_hand": (
        "{program} could not be installed: {reason}. Download it by hand from the page and name the file in {variable}."
    ),
    "checksum_mismatch.replaced": (
        "{program} at {path} is not the file that Portway installed, so it is not started. Install it again."
    ),
    "version_too_old.options": "This {program} does not know the options that Portway gives it. Update it to a newer one.",
    "checksum_mismatch.none": "{program} was not installed: {reason}, so the download cannot be verified.",
    "binary_unusable.old_kept": "The new {program} ({path}) cannot be used: {reason}. The older one was kept.",
    "checksum_mismatch": "The download of {program} does not match its published checksum, so it was thrown away.",
    "storage_failed": "{path} could not be written: {reason}.",
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
    "not_running": "{what} is not running.",
    "no_display": "Portway runs without a display, so it has no window.",
    # URL hooks
    "process_died.hook": "The command that takes the URL failed: {reason}. Its settings are under URL hooks.",
    "start_timeout.hook": "The command that takes the URL did not end within {seconds} seconds, so it was ended.",
    "not_installed.hook": "The program {program}, which is to take the URL, was not found. Change it under URL hooks.",
    # Requests
    "bad_request": "{field}: {problem}.",
    "bad_request.body": "The body is not a JSON object: {problem}.",
    "bad_request.body_missing": "This call needs a JSON object as body.",
    "bad_request.body_unwanted": "This call takes no body.",
    "bad_request.syntax": "The request is not valid HTTP.",
    "bad_request.query": "The query is not understood here: {problem}.",
    "bad_request.target_not_a_url": "{field}: “{text}” is neither a port nor an address like http://localhost:3000.",
    "bad_request.target_scheme": "{field}: only http and https can be exposed, not {scheme}.",
    "bad_request.target_user": "{field}: an address with a user name or password cannot be exposed.",
    "bad_request.target_path": "{field}: write the address without a path or query; all paths are exposed.",
    "bad_request.target_no_port": "{field}: “{text}” has no port. Write it like http://localhost:3000.",
    "bad_request.target_host": "{field}: only servers on this computer can be exposed (localhost, 127.0.0.1, [::1]), not {host}.",
    "bad_request.target_port": "{field}: “{text}” is not a port. Ports are whole numbers from 1 to 65535.",
    "bad_request.target_own_port": "{field}: port {port} is Portway's own and is never exposed. Name the port of your server.",
    "bad_request.value_text": "{field}: a text is expected.",
    "bad_request.value_empty": "{field}: it must not be empty.",
    "bad_request.value_flag": "{field}: true or false is expected.",
    "bad_request.value_port": "{field}: “{text}” is not a port. Ports are whole numbers from {lowest} to 65535.",
    "bad_request.value_choice": "{field}: “{text}” is none of: {choices}.",
    "bad_request.value_pattern": "{field}: “{text}” is not {expected}.",
    "bad_request.value_secret": "{field}: what was given is not {expected}.",
    "bad_request.value_characters": "{field}: line breaks and control characters are not allowed.",
    "bad_request.value_long": "{field}: the text is longer than {limit} characters.",
    "bad_request.value_path": "{field}: “{text}” is not an absolute path.",
    "bad_request.command": "{field}: a quotation mark is opened and never closed.",
    "bad_request.setting": "There is no setting called {key}. “portway config list” shows all.",
    "bad_request.lan_loopback": (
        "{field}: {address} can be reached from this computer only, so it is not kept. Name one of a local network."
    ),
    "bad_request.lan_target_port": (
        "{field}: port {port} belongs to the target itself, which may fail to start while it is taken. Choose another one."
    ),
    "bad_request.lan_low_port": (
        "{field}: port {port} needs administrator rights on this system. Choose one from 1024."
    ),
    "bad_request.lan_address": "{field}: {address} is not an address of this computer on a local network.",
    "bad_request.token_environment": "The token is the one in PORTWAY_API_TOKEN. Change it there.",
    "bad_request.token_short": "PORTWAY_API_TOKEN is shorter than {shortest} characters, so it is not safe. Choose a longer one.",
    "unauthorized": "This call needs Portway's API token as “Authorization: Bearer …”. “portway token” shows it.",
    "forbidden": "This call came from a web page of another origin, which is not allowed.",
    "forbidden.tunnel": "This call came through a tunnel or proxy. Portway's API answers on this computer only.",
    "forbidden.run_token": "Only the token of the running program may ask for the lasting one. Use “portway token”.",
    "not_found": "There is nothing at this path.",
    "method_not_allowed": "This path does not know that method.",
    "length_required": "Send the body with a Content-Length, not in chunks.",
    "too_large": "The body is larger than {limit} bytes.",
    "unsupported_media_type": "Send the body as application/json.",
    "wrong_host": "The Host of this call is not Portway's own address.",
    "too_many_attempts": "There were too many wrong tokens. Try again in a minute.",
    "headers_too_large": "The head of the request is larger than {limit} bytes.",
    "too_busy": "Portway has too many connections at the moment. Try again shortly.",
    "internal": "Something went wrong inside Portway. The log has the details.",
}
