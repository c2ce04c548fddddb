<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>cards</name>
    <message>
        <location filename="../../app/portway/gui/cards/card.py"/>
        <source>Set up…</source>
        <translation>Einrichten…</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/card.py"/>
        <source>Set up… {title}</source>
        <translation>{title} einrichten…</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/card.py"/>
        <source>{rule}: change who can open {title}</source>
        <translation>{rule}: ändern, wer {title} öffnen kann</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/card_parts.py"/>
        <source>More for {title}</source>
        <translation>Mehr zu {title}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/card_parts.py"/>
        <location filename="../../app/portway/gui/model/callout_rules.py"/>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/card_parts.py"/>
        <source>Cancel for {title}</source>
        <translation>Abbrechen für {title}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/controller.py"/>
        <location filename="../../app/portway/gui/model/callout_rules.py"/>
        <source>This takes administrator rights.</source>
        <translation>Dafür sind Administratorrechte nötig.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/live_card.py"/>
        <source>The phone must be in this network.</source>
        <translation>Das Telefon muss in diesem Netzwerk sein.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/live_card.py"/>
        <source>Point a phone&apos;s camera at it.</source>
        <translation>Richten Sie die Kamera eines Telefons darauf.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/live_card.py"/>
        <source>Log in with a phone: Portway goes on by itself.</source>
        <translation>Melden Sie sich mit einem Telefon an: Portway macht von selbst weiter.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/share_menu.py"/>
        <source>Copy the message</source>
        <translation>Die Meldung kopieren</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/share_menu.py"/>
        <source>Settings…</source>
        <translation>Einstellungen…</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/share_menu.py"/>
        <location filename="../../app/portway/gui/model/callout_rules.py"/>
        <source>Show log</source>
        <translation>Protokoll zeigen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/share_menu.py"/>
        <source>Who can open it…</source>
        <translation>Wer öffnen darf …</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/share_menu.py"/>
        <source>Edit…</source>
        <translation>Bearbeiten…</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/share_menu.py"/>
        <source>Check from outside now</source>
        <translation>Jetzt von außen prüfen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/share_menu.py"/>
        <source>What gets through…</source>
        <translation>Was kommt durch …</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/share_menu.py"/>
        <source>Duplicate</source>
        <translation>Duplizieren</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/share_menu.py"/>
        <source>Move up</source>
        <translation>Nach oben</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/share_menu.py"/>
        <source>Move down</source>
        <translation>Nach unten</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/share_menu.py"/>
        <source>Remove…</source>
        <translation>Entfernen…</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/share_menu.py"/>
        <source>Copy /v1 address</source>
        <translation>/v1-Adresse kopieren</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/share_menu.py"/>
        <source>Copy as curl command</source>
        <translation>Als curl-Befehl kopieren</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/share_menu.py"/>
        <source>Copy line for .env</source>
        <translation>Zeile für .env kopieren</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/share_menu.py"/>
        <source>Open in browser</source>
        <translation>Im Browser öffnen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/share_menu.py"/>
        <location filename="../../app/portway/gui/model/callout_rules.py"/>
        <source>QR code…</source>
        <translation>QR-Code…</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/share_menu.py"/>
        <source>Record requests</source>
        <translation>Anfragen aufzeichnen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/share_menu.py"/>
        <source>Stop after</source>
        <translation>Enden nach</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/share_menu.py"/>
        <source>Until I log out</source>
        <translation>Bis ich mich abmelde</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/share_menu.py"/>
        <source>Never</source>
        <translation>Nie</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/share_menu.py"/>
        <source>Copied for your .env file. Restart your server with it before you log in through a provider: it then returns to this address instead of localhost.</source>
        <translation>Für Ihre .env-Datei kopiert. Starten Sie Ihren Server damit neu, bevor Sie sich über einen Anbieter anmelden: Er kehrt dann zu dieser Adresse zurück statt zu localhost.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/tunnels_page.py"/>
        <source>Tunnels</source>
        <translation>Tunnel</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/tunnels_page.py"/>
        <source>Stop all</source>
        <translation>Alle beenden</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/tunnels_page.py"/>
        <source>Add tunnel…</source>
        <translation>Tunnel hinzufügen…</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/tunnels_page.py"/>
        <source>Add tunnel… (Ctrl+N)</source>
        <translation>Tunnel hinzufügen… (Strg+N)</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/tunnels_page.py"/>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/link.py"/>
        <source>Copy the address of {title}</source>
        <translation>Die Adresse von {title} kopieren</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/link.py"/>
        <source>QR code of {title}</source>
        <translation>QR-Code von {title}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/link.py"/>
        <source>Open the link of {title}</source>
        <translation>Link von {title} öffnen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/link.py"/>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/callout_rules.py"/>
        <source>Try now</source>
        <translation>Jetzt versuchen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/callout_rules.py"/>
        <source>Go public</source>
        <translation>Veröffentlichen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/callout_rules.py"/>
        <source>Continue</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/callout_rules.py"/>
        <source>Your password on this computer</source>
        <translation>Ihr Passwort auf diesem Rechner</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/callout_rules.py"/>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/callout_rules.py"/>
        <source>Stop</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/callout_rules.py"/>
        <source>Choose server…</source>
        <translation>Server wählen…</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/callout_rules.py"/>
        <source>Use {scheme}</source>
        <translation>{scheme} verwenden</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/callout_rules.py"/>
        <source>Switch</source>
        <translation>Wechseln</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/callout_rules.py"/>
        <source>Visitors get an error page: nothing answers at {target}. The tunnel stays up.</source>
        <translation>Besucher sehen eine Fehlerseite: Unter {target} antwortet nichts. Der Tunnel bleibt aktiv.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/callout_rules.py"/>
        <source>Copy command</source>
        <translation>Befehl kopieren</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/callout_rules.py"/>
        <source>Turn on again</source>
        <translation>Wieder einschalten</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/callout_rules.py"/>
        <source>Protect…</source>
        <translation>Schützen …</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/callout_rules.py"/>
        <source>This tells Cloudflare&apos;s resolver, or Google&apos;s, the name of this link.</source>
        <translation>Der Namensdienst von Cloudflare oder Google erfährt so den Namen dieses Links.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/callout_rules.py"/>
        <source>Check</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/callout_rules.py"/>
        <source>Start anyway</source>
        <translation>Trotzdem starten</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/callout_rules.py"/>
        <source>Send {host}</source>
        <translation>{host} senden</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/callout_rules.py"/>
        <source>Check again</source>
        <translation>Erneut prüfen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/callout_rules.py"/>
        <source>This address still leads to {old}. Your server is now {new}.</source>
        <translation>Diese Adresse führt noch zu {old}. Ihr Server ist jetzt {new}.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/callout_rules.py"/>
        <source>1 h more</source>
        <translation>1 Std. länger</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/callout_rules.py"/>
        <source>What is it?</source>
        <translation>Was ist das?</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/callout_rules.py"/>
        <source>{service} is not on this computer yet.</source>
        <translation>{service} ist noch nicht auf diesem Rechner.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/callout_rules.py"/>
        <source>Install…</source>
        <translation>Installieren…</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/callout_rules.py"/>
        <source>Enter token…</source>
        <translation>Token eingeben…</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/callout_rules.py"/>
        <source>Copy link</source>
        <translation>Link kopieren</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/callout_rules.py"/>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/callout_rules.py"/>
        <source>Get a token</source>
        <translation>Token holen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/callout_rules.py"/>
        <source>Sign up</source>
        <translation>Registrieren</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/callout_rules.py"/>
        <source>Portway keeps it in the system keyring.</source>
        <translation>Portway bewahrt es im Schlüsselbund des Systems auf.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/callout_rules.py"/>
        <source>It is held until Portway ends.</source>
        <translation>Es wird behalten, bis Portway endet.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/callout_rules.py"/>
        <source>Save and start</source>
        <translation>Speichern und starten</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/callout_rules.py"/>
        <source>Authtoken</source>
        <translation>Authtoken</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/card_rules.py"/>
        <source>at {time}</source>
        <translation>um {time}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/card_rules.py"/>
        <source>stopped by itself at {time}</source>
        <translation>von selbst beendet um {time}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/card_rules.py"/>
        <location filename="../../app/portway/gui/model/state_words.py"/>
        <source>Not installed</source>
        <translation>Nicht installiert</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/card_rules.py"/>
        <location filename="../../app/portway/gui/model/state_words.py"/>
        <source>Off</source>
        <extracomment>The state of a tunnel, not a button.</extracomment>
        <translation>Aus</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/card_rules.py"/>
        <source>lost at {time}</source>
        <translation>verloren um {time}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/card_rules.py"/>
        <source>next try in {time}</source>
        <translation>nächster Versuch in {time}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/card_rules.py"/>
        <source>try {number}</source>
        <translation>{number}. Versuch</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/card_rules.py"/>
        <source>although it was turned off</source>
        <translation>obwohl ausgeschaltet</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/card_rules.py"/>
        <source>the link stays the same</source>
        <translation>der Link bleibt derselbe</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/card_rules.py"/>
        <source>{server} by {service}</source>
        <translation>{server} über {service}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/card_rules.py"/>
        <source>since {time}</source>
        <translation>seit {time}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/card_rules.py"/>
        <source>Up, but your server refuses visitors</source>
        <translation>Offen, aber Ihr Server weist Besucher ab</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/card_rules.py"/>
        <source>Up, but your server is not understood</source>
        <translation>Offen, aber Ihr Server wird nicht verstanden</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/card_rules.py"/>
        <source>Up, but your server is not</source>
        <translation>Offen, aber Ihr Server antwortet nicht</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/guard_rules.py"/>
        <source>Nobody</source>
        <translation>Niemand</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/guard_rules.py"/>
        <source>Anyone on this network</source>
        <translation>Jeder in diesem Netz</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/guard_rules.py"/>
        <source>Anyone with the link</source>
        <translation>Jeder mit dem Link</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/guard_rules.py"/>
        <source>Password</source>
        <translation>Passwort</translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/guard_rules.py"/>
        <source>Only %n addresses</source>
        <translation>
            <numerusform>Nur %n Adresse</numerusform>
            <numerusform>Nur %n Adressen</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/guard_rules.py"/>
        <source>Read only</source>
        <translation>Nur lesen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/guard_rules.py"/>
        <source>Only {path}</source>
        <translation>Nur {path}</translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/guard_rules.py"/>
        <source>Only %n paths</source>
        <translation>
            <numerusform>Nur %n Pfad</numerusform>
            <numerusform>Nur %n Pfade</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/guard_rules.py"/>
        <source>Stops in {time}</source>
        <translation>Endet in {time}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/guard_rules.py"/>
        <source>Until you log out</source>
        <translation>Bis zur Abmeldung</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/card_rules.py"/>
        <source>confirmed by {service}</source>
        <translation>von {service} bestätigt</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/card_rules.py"/>
        <source>checking from outside…</source>
        <translation>wird von außen geprüft…</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/card_rules.py"/>
        <source>verified from outside {time}</source>
        <translation>von außen geprüft {time}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/card_rules.py"/>
        <source>not there from outside {time}</source>
        <translation>von außen nicht da {time}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/state_words.py"/>
        <source>Visitors from outside do not get in: {reason}.</source>
        <translation>Besucher von außen kommen nicht hinein: {reason}.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/state_words.py"/>
        <source>It could not be found out whether visitors get in: {reason}.</source>
        <translation>Ob Besucher hineinkommen, ließ sich nicht feststellen: {reason}.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/card_rules.py"/>
        <source>Installing</source>
        <translation>Wird installiert</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/card_rules.py"/>
        <source>Working</source>
        <translation>Arbeitet</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/card_rules.py"/>
        <source>Step {step} of {steps}: {what}</source>
        <translation>Schritt {step} von {steps}: {what}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/card_rules.py"/>
        <source>{what}, {amount}</source>
        <translation>{what}, {amount}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/card_rules.py"/>
        <source>Update</source>
        <translation>Aktualisieren</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/card_rules.py"/>
        <source>there is none for this system</source>
        <translation>für dieses System gibt es keines</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/card_rules.py"/>
        <location filename="../../app/portway/gui/model/state_words.py"/>
        <source>Not available here</source>
        <translation>Hier nicht verfügbar</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/state_words.py"/>
        <source>Trouble</source>
        <translation>Störung</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/state_words.py"/>
        <source>Stopping</source>
        <translation>Wird beendet</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/state_words.py"/>
        <source>Running</source>
        <translation>Aktiv</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/state_words.py"/>
        <source>Reconnecting</source>
        <translation>Verbindet wieder</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/state_words.py"/>
        <source>Starting</source>
        <translation>Startet</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/target/target_box.py"/>
        <source>Local server</source>
        <translation>Lokaler Server</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/target/target_box.py"/>
        <source>Set by {variable} in the environment.</source>
        <translation>Von {variable} in der Umgebung gesetzt.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/off_head.py"/>
        <source>Default server</source>
        <translation>Standard-Server</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/off_head.py"/>
        <source>Change…</source>
        <translation>Ändern…</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/off_head.py"/>
        <source>Change the default server</source>
        <translation>Den Standard-Server ändern</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/off_head.py"/>
        <location filename="../../app/portway/gui/target/target_box.py"/>
        <source>Answers</source>
        <translation>Antwortet</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/off_head.py"/>
        <location filename="../../app/portway/gui/target/target_box.py"/>
        <source>Does not answer</source>
        <translation>Antwortet nicht</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/off_head.py"/>
        <source>Off</source>
        <comment>heading</comment>
        <translation>Aus</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/live_line.py"/>
        <source>Requests of {title}</source>
        <translation>Anfragen von {title}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/live_rules.py"/>
        <source>No visitor yet</source>
        <translation>Noch kein Besucher</translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/live_rules.py"/>
        <source>%n requests</source>
        <translation>
            <numerusform>%n Anfrage</numerusform>
            <numerusform>%n Anfragen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/live_rules.py"/>
        <source>%n visitors now</source>
        <translation>
            <numerusform>jetzt %n Besucher</numerusform>
            <numerusform>jetzt %n Besucher</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/live_rules.py"/>
        <source>%n failed</source>
        <translation>
            <numerusform>%n fehlgeschlagen</numerusform>
            <numerusform>%n fehlgeschlagen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/live_rules.py"/>
        <source>%n kept out</source>
        <translation>
            <numerusform>%n abgewiesen</numerusform>
            <numerusform>%n abgewiesen</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/live_rules.py"/>
        <source>last {time} ago</source>
        <translation>zuletzt vor {time}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/callout_box.py"/>
        <source>Help</source>
        <translation>Hilfe</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/cards/callout_box.py"/>
        <source>Help with {title}</source>
        <translation>Hilfe zu {title}</translation>
    </message>
</context>
<context>
    <name>common</name>
    <message>
        <location filename="../../app/portway/gui/i18n/words.py"/>
        <source>{seconds} s</source>
        <extracomment>Seconds, minutes, hours and days as symbols: a card has little room.</extracomment>
        <translation>{seconds} s</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/i18n/words.py"/>
        <source>{minutes} min</source>
        <translation>{minutes} Min.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/i18n/words.py"/>
        <source>{hours} h</source>
        <translation>{hours} Std.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/i18n/words.py"/>
        <source>{hours} h {minutes} min</source>
        <translation>{hours} Std. {minutes} Min.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/i18n/words.py"/>
        <source>{days} d {hours} h</source>
        <translation>{days} Tg. {hours} Std.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/i18n/words.py"/>
        <source>{received} of {total} MB</source>
        <translation>{received} von {total} MB</translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/summary.py"/>
        <source>%n tunnels do not work</source>
        <translation>
            <numerusform>%n Tunnel geht nicht</numerusform>
            <numerusform>%n Tunnel gehen nicht</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/summary.py"/>
        <source>%n tunnels are up</source>
        <translation>
            <numerusform>%n Tunnel ist aktiv</numerusform>
            <numerusform>%n Tunnel sind aktiv</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/summary.py"/>
        <source>{up}, %n are starting</source>
        <translation>
            <numerusform>{up}, %n startet</numerusform>
            <numerusform>{up}, %n starten</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/summary.py"/>
        <source>%n are open to anyone with the link</source>
        <translation>
            <numerusform>%n ist offen für jeden mit dem Link</numerusform>
            <numerusform>%n sind offen für jeden mit dem Link</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/summary.py"/>
        <source>Anyone with the link can open %n of them.</source>
        <translation>
            <numerusform>Jeder mit dem Link kann ihn öffnen.</numerusform>
            <numerusform>Jeder mit einem der %n Links kann sie öffnen.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/summary.py"/>
        <source>Everyone on this network can open %n of them.</source>
        <translation>
            <numerusform>Jeder in diesem Netz kann ihn öffnen.</numerusform>
            <numerusform>Jeder in diesem Netz kann alle %n öffnen.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/summary.py"/>
        <source>Starting…</source>
        <translation>Startet…</translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/summary.py"/>
        <source>%n of {total} tunnels work</source>
        <translation>
            <numerusform>%n von {total} Tunneln geht</numerusform>
            <numerusform>%n von {total} Tunneln gehen</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/summary.py"/>
        <source>Nothing is open</source>
        <translation>Nichts ist offen</translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/summary.py"/>
        <source>%n tunnels are up, open to nobody</source>
        <translation>
            <numerusform>%n Tunnel ist aktiv, für niemanden offen</numerusform>
            <numerusform>%n Tunnel sind aktiv, für niemanden offen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/summary.py"/>
        <source>Only those whom you admit can open %n of them.</source>
        <translation>
            <numerusform>Nur wen Sie einlassen, kann ihn öffnen.</numerusform>
            <numerusform>Alle %n öffnet nur, wen Sie einlassen.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/summary.py"/>
        <source>Nobody can open %n of them.</source>
        <translation>
            <numerusform>Niemand kann ihn öffnen.</numerusform>
            <numerusform>Niemand kann einen der %n öffnen.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/summary.py"/>
        <source>%n are protected</source>
        <translation>
            <numerusform>%n ist geschützt</numerusform>
            <numerusform>%n sind geschützt</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/summary.py"/>
        <source>%n are open to everyone on this network</source>
        <translation>
            <numerusform>%n für jeden in diesem Netz</numerusform>
            <numerusform>%n für jeden in diesem Netz</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/summary.py"/>
        <source>%n let nobody in</source>
        <translation>
            <numerusform>%n lässt niemanden ein</numerusform>
            <numerusform>%n lassen niemanden ein</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/summary.py"/>
        <source>{service}: {cause}</source>
        <translation>{service}: {cause}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/summary.py"/>
        <source>{service}: still open although it was turned off</source>
        <translation>{service}: noch offen, obwohl es abgeschaltet wurde</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/summary.py"/>
        <source>{service}: your server refuses visitors</source>
        <translation>{service}: Ihr Server weist Besucher ab</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/summary.py"/>
        <source>{service}: your server is not understood</source>
        <translation>{service}: Ihr Server wird nicht verstanden</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/summary.py"/>
        <source>{service}: your server does not answer</source>
        <translation>{service}: Ihr Server antwortet nicht</translation>
    </message>
</context>
<context>
    <name>declared</name>
    <message>
        <location filename="../../app/portway/backends/cloudflared/backend.py"/>
        <source>Install…</source>
        <translation>Installieren…</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/cloudflared/backend.py"/>
        <source>Fetch cloudflared, verified, or update the copy that Portway keeps.</source>
        <translation>cloudflared laden und prüfen oder die Kopie von Portway aktualisieren.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/cloudflared/declaration.py"/>
        <source>Public, no account, a new address each time</source>
        <translation>Öffentlich, kein Konto, jedes Mal eine neue Adresse</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/cloudflared/declaration.py"/>
        <source>Free, no account. A new public address at each start; with a host name of your own domain and the token of a tunnel, always the same one.</source>
        <translation>Kostenlos, ohne Konto. Bei jedem Start eine neue öffentliche Adresse; mit einem Hostnamen Ihrer eigenen Domain und dem Token eines Tunnels immer dieselbe.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/cloudflared/declaration.py"/>
        <source>A trycloudflare.com address changes at each start; for lasting log-ins set a host name of your own domain, or take ngrok or Tailscale.</source>
        <translation>Eine Adresse von trycloudflare.com wechselt bei jedem Start; stellen Sie für dauerhafte Anmeldungen einen Hostnamen Ihrer eigenen Domain ein, oder nehmen Sie ngrok oder Tailscale.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/cloudflared/declaration.py"/>
        <source>Another tunnel that is on has this host name already: visitors would come to either of them. Set another host name of your domain.</source>
        <translation>Ein anderer eingeschalteter Tunnel hat diesen Hostnamen schon: Besucher kämen mal zu dem einen, mal zu dem anderen. Stellen Sie einen anderen Hostnamen Ihrer Domain ein.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/cloudflared/declaration.py"/>
        <source>Public host name</source>
        <translation>Öffentlicher Hostname</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/cloudflared/declaration.py"/>
        <source>A name of your own domain at Cloudflare, like app.example.com. Without one: a new address each time.</source>
        <translation>Ein Name Ihrer eigenen Domain bei Cloudflare, etwa app.example.com. Ohne ihn: jedes Mal eine neue Adresse.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/cloudflared/declaration.py"/>
        <source>Tunnel token</source>
        <translation>Tunnel-Token</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/cloudflared/declaration.py"/>
        <source>Of the tunnel that you made for that host name. Never shown again.</source>
        <translation>Das des Tunnels, den Sie für diesen Hostnamen angelegt haben. Wird nie wieder angezeigt.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/cloudflared/declaration.py"/>
        <source>{service} asks for the token of the tunnel that has your host name.</source>
        <translation>{service} verlangt das Token des Tunnels, der Ihren Hostnamen hat.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/cloudflared/declaration.py"/>
        <source>Protocol</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/cloudflared/declaration.py"/>
        <source>How cloudflared talks to Cloudflare. http2 passes most firewalls; quic notices a lost network sooner.</source>
        <translation>Wie cloudflared mit Cloudflare spricht. http2 kommt durch die meisten Firewalls; quic bemerkt ein verlorenes Netzwerk früher.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/options.py"/>
        <source>Host header</source>
        <translation>Host-Kopfzeile</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/options.py"/>
        <source>The name that your local server gets as Host. Without one, it gets the public name.</source>
        <translation>Der Name, den Ihr lokaler Server als Host erhält. Ohne Angabe erhält er den öffentlichen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/cloudflared/declaration.py"/>
        <source>Update</source>
        <translation>Aktualisieren</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/cloudflared/declaration.py"/>
        <source>Take the newest release even if there is a copy already.</source>
        <translation>Die neueste Version nehmen, auch wenn schon eine da ist.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/cloudflared/installer.py"/>
        <source>Looking for the newest cloudflared</source>
        <translation>Neuestes cloudflared wird gesucht</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/cloudflared/installer.py"/>
        <source>Verifying cloudflared</source>
        <translation>cloudflared wird geprüft</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/cloudflared/installer.py"/>
        <source>Downloading cloudflared</source>
        <translation>cloudflared wird geladen</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/cloudflared/starting.py"/>
        <source>Asking Cloudflare for an address</source>
        <translation>Cloudflare wird um eine Adresse gebeten</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/cloudflared/starting.py"/>
        <source>Connecting to Cloudflare</source>
        <translation>Verbindung zu Cloudflare wird aufgebaut</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/lan/backend.py"/>
        <source>Local network</source>
        <translation>Lokales Netzwerk</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/lan/declaration.py"/>
        <source>For devices on this network, no account</source>
        <translation>Für Geräte in diesem Netz, kein Konto</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/lan/declaration.py"/>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/lan/declaration.py"/>
        <source>The address of this computer to publish. Without one, Portway chooses.</source>
        <translation>Die Adresse dieses Rechners, die veröffentlicht wird. Ohne Angabe wählt Portway.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/lan/declaration.py"/>
        <source>Port</source>
        <translation>Port</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/lan/declaration.py"/>
        <source>The port to publish. Without one, Portway chooses, and keeps it for each server.</source>
        <translation>Der Port, der veröffentlicht wird. Ohne Angabe wählt Portway und behält ihn für jeden Server.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/lan/declaration.py"/>
        <source>no visitor from another device yet</source>
        <translation>noch kein Besucher von einem anderen Gerät</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/lan/declaration.py"/>
        <source>last visitor {time}</source>
        <translation>letzter Besucher {time}</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/lan/declaration.py"/>
        <source>A firewall may block visitors. Allow port {port} for this network.</source>
        <translation>Eine Firewall hält Besucher vielleicht ab. Erlauben Sie Port {port} für dieses Netzwerk.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/lan/declaration.py"/>
        <source>Copy command</source>
        <translation>Befehl kopieren</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/lan/declaration.py"/>
        <source>This computer has other addresses, too: {others}.</source>
        <translation>Dieser Rechner hat noch andere Adressen: {others}.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/lan/declaration.py"/>
        <source>Publish {second}</source>
        <translation>{second} veröffentlichen</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/lan/declaration.py"/>
        <source>Publish {first}</source>
        <translation>{first} veröffentlichen</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ngrok/declaration.py"/>
        <source>Public, the same address each time, free account</source>
        <translation>Öffentlich, immer dieselbe Adresse, kostenloses Konto</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ngrok/declaration.py"/>
        <source>A free ngrok account has one address, and another tunnel has it already. For a second one, set a domain of your account, or choose another way.</source>
        <translation>Ein kostenloses Konto bei ngrok hat eine Adresse, und ein anderer Tunnel hat sie schon. Geben Sie für einen zweiten eine Domain Ihres Kontos an oder wählen Sie einen anderen Weg.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ngrok/declaration.py"/>
        <source>Another tunnel has this domain already. Set another domain of your account.</source>
        <translation>Ein anderer Tunnel hat diese Domain schon. Geben Sie eine andere Domain Ihres Kontos an.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ngrok/declaration.py"/>
        <source>Authtoken</source>
        <translation>Authtoken</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ngrok/declaration.py"/>
        <source>From your ngrok account. Never shown again.</source>
        <translation>Aus Ihrem ngrok-Konto. Nie wieder gezeigt.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ngrok/declaration.py"/>
        <source>{service} asks for the authtoken of your account.</source>
        <translation>{service} verlangt das Authtoken Ihres Kontos.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ngrok/declaration.py"/>
        <source>Domain</source>
        <translation>Domain</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ngrok/declaration.py"/>
        <source>A domain of your ngrok account. Without one, ngrok chooses.</source>
        <translation>Eine Domain Ihres ngrok-Kontos. Ohne Angabe wählt ngrok eine.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/declaration.py"/>
        <source>Public, the same address each time</source>
        <translation>Öffentlich, immer dieselbe Adresse</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/declaration.py"/>
        <source>Your password on this computer</source>
        <translation>Ihr Passwort auf diesem Rechner</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/declaration.py"/>
        <source>For a step that takes administrator rights. Used once, and not kept.</source>
        <translation>Für einen Schritt, der Administratorrechte braucht. Einmal benutzt und nicht aufbewahrt.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/declaration.py"/>
        <source>Auth key</source>
        <translation>Auth-Schlüssel</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/declaration.py"/>
        <source>Logs this computer in without a browser.</source>
        <translation>Meldet diesen Rechner ohne Browser an.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/declaration.py"/>
        <source>Host name</source>
        <translation>Rechnername</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/declaration.py"/>
        <source>Renames this computer in your tailnet. Without one, its name stays.</source>
        <translation>Benennt diesen Rechner in Ihrem Tailnet um. Ohne Angabe behält er seinen Namen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/declaration.py"/>
        <source>Public port</source>
        <translation>Öffentlicher Port</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/declaration.py"/>
        <source>Funnel offers these three. Another Serve or Funnel is left alone.</source>
        <translation>Funnel bietet diese drei. Ein anderes Serve oder Funnel bleibt unberührt.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/declaration.py"/>
        <source>SHA-256</source>
        <translation>SHA-256</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/declaration.py"/>
        <source>Run no other install script than the one with this SHA-256.</source>
        <translation>Kein anderes Installationsskript ausführen als das mit dieser SHA-256.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/setup/installer.py"/>
        <source>Waiting until it has ended</source>
        <translation>Wartet auf das Ende</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/verbs.py"/>
        <source>Check</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/verbs.py"/>
        <source>Measure whether Tailscale is installed, runs, is logged in and publishes something.</source>
        <translation>Messen, ob Tailscale installiert ist, läuft, angemeldet ist und etwas veröffentlicht.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/verbs.py"/>
        <source>Install</source>
        <translation>Installieren</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/verbs.py"/>
        <source>Install Tailscale by its own script (Linux), Homebrew (macOS) or winget (Windows).</source>
        <translation>Tailscale durch sein eigenes Skript (Linux), Homebrew (macOS) oder winget (Windows) installieren.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/verbs.py"/>
        <source>Start</source>
        <translation>Starten</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/verbs.py"/>
        <source>Start the Tailscale service of this computer.</source>
        <translation>Den Dienst von Tailscale auf diesem Rechner starten.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/verbs.py"/>
        <source>Use without a password</source>
        <translation>Ohne Passwort nutzen</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/verbs.py"/>
        <source>Let your account control Tailscale on this computer from now on.</source>
        <translation>Ihr Benutzer darf Tailscale auf diesem Rechner von nun an steuern.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/verbs.py"/>
        <source>Log in</source>
        <translation>Anmelden</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/verbs.py"/>
        <source>Log this computer in to Tailscale; a person finishes it on the page that is named.</source>
        <translation>Diesen Rechner bei Tailscale anmelden; abgeschlossen wird das auf der genannten Seite.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/verbs.py"/>
        <source>Turn on</source>
        <translation>Einschalten</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/verbs.py"/>
        <source>Turn Tailscale Funnel on.</source>
        <translation>Tailscale Funnel einschalten.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/verbs.py"/>
        <source>Turn off</source>
        <translation>Ausschalten</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/verbs.py"/>
        <source>Turn Tailscale Funnel off.</source>
        <translation>Tailscale Funnel ausschalten.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>There is no network. Portway tries again as soon as there is one.</source>
        <translation>Es gibt kein Netzwerk. Portway versucht es wieder, sobald es eines gibt.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/lan/causes.py"/>
        <source>This computer is not on a local network. Connect to Wi-Fi or a cable; Portway goes on by itself.</source>
        <translation>Dieser Rechner ist in keinem lokalen Netzwerk. Verbinden Sie ihn über WLAN oder Kabel; Portway macht von selbst weiter.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/lan/causes.py"/>
        <source>This computer has only the public address {address}, which Portway does not publish by itself. Choose an address in Settings to use it.</source>
        <translation>Dieser Rechner hat nur die öffentliche Adresse {address}, die Portway nicht von selbst veröffentlicht. Wählen Sie in den Einstellungen eine Adresse, um sie zu nutzen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/lan/causes.py"/>
        <source>The address {address} is not there. Choose another one, or connect that network; Portway goes on by itself.</source>
        <translation>Die Adresse {address} ist nicht da. Wählen Sie eine andere oder verbinden Sie dieses Netzwerk; Portway macht von selbst weiter.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/lan/causes.py"/>
        <source>The router {gateway} of this network is not there yet. Portway goes on when it is.</source>
        <translation>Der Router {gateway} dieses Netzwerks ist noch nicht da. Portway macht weiter, sobald er es ist.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/lan/causes.py"/>
        <source>The local network is gone. Portway goes on when {address} is back.</source>
        <translation>Das lokale Netzwerk ist weg. Portway macht weiter, wenn {address} zurück ist.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/lan/causes.py"/>
        <source>{field}: an address that only this computer reaches is not kept. Name one of a local network.</source>
        <translation>{field}: Eine Adresse, die nur dieser Rechner erreicht, wird nicht gespeichert. Eine aus einem lokalen Netzwerk angeben.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/lan/causes.py"/>
        <source>{field}: this is the port of your local server itself, which may fail to start while it is taken. Choose another one.</source>
        <translation>{field}: Das ist der Port Ihres lokalen Servers selbst, der vielleicht nicht startet, solange er belegt ist. Einen anderen wählen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/lan/causes.py"/>
        <source>{field}: this port needs administrator rights on this system. Choose one from 1024.</source>
        <translation>{field}: Dieser Port braucht auf diesem System Administratorrechte. Einen ab 1024 wählen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/lan/causes.py"/>
        <source>{field}: this is not an address of this computer on a local network.</source>
        <translation>{field}: Das ist keine Adresse dieses Rechners in einem lokalen Netzwerk.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>This computer is on another network now, so the address was taken down. Turn it on again here.</source>
        <translation>Dieser Rechner ist jetzt in einem anderen Netzwerk, deshalb wurde die Adresse abgeschaltet. Schalten Sie sie hier wieder ein.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>Port {port} is used by somebody else, and is left alone. Choose another port.</source>
        <translation>Port {port} wird von jemand anderem benutzt und bleibt unberührt. Wählen Sie einen anderen Port.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/lan/causes.py"/>
        <source>Port {port} on {address} is used by another program. Choose another port.</source>
        <translation>Port {port} an {address} wird von einem anderen Programm benutzt. Wählen Sie einen anderen Port.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/lan/causes.py"/>
        <location filename="../../app/portway/backends/tailscale/causes.py"/>
        <source>Use port {free}</source>
        <translation>Port {free} nehmen</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/lan/causes.py"/>
        <source>Portway could not listen on any port of {address}. Choose another address.</source>
        <translation>Portway konnte an keinem Port von {address} lauschen. Wählen Sie eine andere Adresse.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>Port {port} for the REST API is used by another program. Choose another one in Settings.</source>
        <translation>Port {port} für die REST-API wird von einem anderen Programm benutzt. Wählen Sie in den Einstellungen einen anderen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>Portway found no free port on this computer for the relay of this tunnel. Close other programs.</source>
        <translation>Portway hat auf diesem Rechner keinen freien Port für das Relais dieses Tunnels gefunden. Schließen Sie andere Programme.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>Port {port}, to which this tunnel led, belongs to another program now. What still led there was ended; a new URL comes.</source>
        <translation>Port {port}, zu dem dieser Tunnel führte, gehört jetzt einem anderen Programm. Was noch dorthin führte, wurde beendet; es kommt eine neue URL.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{target} does not answer in {scheme}. Choose {better} instead.</source>
        <translation>{target} antwortet nicht in {scheme}. Wählen Sie stattdessen {better}.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{target} turns visitors away because it does not know {host}. Send its own name instead.</source>
        <translation>{target} weist Besucher ab, weil es {host} nicht kennt. Senden Sie stattdessen seinen eigenen Namen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{program} is not installed.</source>
        <translation>{program} ist nicht installiert.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{program} does not run on this system.</source>
        <translation>{program} läuft auf diesem System nicht.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{program} {version} is too old. Update it to {needed} or newer.</source>
        <translation>{program} {version} ist zu alt. Aktualisieren Sie auf {needed} oder neuer.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{program} at {path} cannot be used: {reason}.</source>
        <translation>{program} unter {path} ist nicht nutzbar: {reason}.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{variable} names {path}, which cannot be used: {reason}.</source>
        <translation>{variable} nennt {path}; das ist nicht nutzbar: {reason}.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{program} ended unexpectedly: {reason}.</source>
        <translation>{program} endete unerwartet: {reason}.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{program} did not come up within {seconds} seconds.</source>
        <translation>{program} war nach {seconds} Sekunden nicht bereit.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{program} did not answer within {seconds} seconds. Restart it, then try again.</source>
        <translation>{program} antwortete nicht innerhalb von {seconds} Sekunden. Starten Sie es neu und versuchen Sie es dann wieder.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>It was cancelled.</source>
        <translation>Es wurde abgebrochen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{service} cannot be reached. Check the internet connection; Portway keeps trying.</source>
        <translation>{service} ist nicht erreichbar. Prüfen Sie die Internetverbindung; Portway versucht es weiter.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{service} cannot be reached from this network: {reason}. A firewall may block it; Portway keeps trying.</source>
        <translation>{service} ist von diesem Netzwerk aus nicht erreichbar: {reason}. Vielleicht hält eine Firewall es ab; Portway versucht es weiter.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/cloudflared/causes.py"/>
        <source>Nothing has come through the tunnel since this computer slept. {program} comes back by itself within minutes, with the same URL.</source>
        <translation>Seit dem Ruhezustand dieses Rechners kam nichts mehr durch den Tunnel. {program} kommt binnen Minuten von selbst zurück, mit derselben URL.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>The connection to {service} is intercepted: its certificate is not genuine. A proxy or security program on this network does that; Portway keeps trying.</source>
        <translation>Die Verbindung zu {service} wird abgefangen: Das Zertifikat ist nicht echt. Ein Proxy oder Schutzprogramm in diesem Netzwerk tut das; Portway versucht es weiter.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{service} limits how often tunnels may start from here. Portway tries again later.</source>
        <translation>{service} begrenzt, wie oft von hier Tunnel starten dürfen. Portway versucht es später wieder.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{service} refused: {reason}.</source>
        <translation>{service} lehnte ab: {reason}.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>Your {service} account allows no further agent at the same time. Stop another one, then turn it on again.</source>
        <translation>Ihr Konto bei {service} erlaubt keine weitere gleichzeitige Sitzung. Beenden Sie eine andere und schalten Sie dann wieder ein.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>The domain {domain} does not belong to your {service} account. Choose one of yours.</source>
        <translation>Die Domain {domain} gehört nicht zu Ihrem Konto bei {service}. Wählen Sie eine von Ihren.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{url} is already online elsewhere. Stop it there, or choose another domain.</source>
        <translation>{url} ist schon anderswo aktiv. Beenden Sie es dort oder wählen Sie eine andere Domain.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{service} needs your token. Enter it once.</source>
        <extracomment>{service} is Cloudflare, ngrok or Tailscale.</extracomment>
        <translation>{service} braucht Ihr Token. Geben Sie es einmal ein.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>The keyring that holds the token for {service} is locked or does not answer. Unlock it and turn the tunnel on again, or enter the token once more.</source>
        <translation>Der Schlüsselbund mit dem Token für {service} ist gesperrt oder antwortet nicht. Entsperren Sie ihn und schalten Sie den Tunnel wieder ein, oder geben Sie das Token noch einmal ein.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{service} did not accept the token. Enter the current one.</source>
        <translation>{service} hat das Token nicht angenommen. Geben Sie das aktuelle ein.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>Log in to {service} to go on.</source>
        <translation>Melden Sie sich bei {service} an, um fortzufahren.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/causes.py"/>
        <source>The log-in of this computer to {service} has to be renewed. Run: {command}</source>
        <translation>Die Anmeldung dieses Rechners bei {service} muss erneuert werden. Führen Sie aus: {command}</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/causes.py"/>
        <source>{service} did not accept the auth key. Set a valid one, or log in.</source>
        <translation>{service} hat den Auth-Schlüssel nicht angenommen. Setzen Sie einen gültigen oder melden Sie sich an.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/causes.py"/>
        <source>Funnel is turned off for your tailnet. Open the page and turn it on; Portway goes on by itself.</source>
        <translation>Funnel ist für Ihr Tailnet ausgeschaltet. Öffnen Sie die Seite und schalten Sie es ein; Portway macht von selbst weiter.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/causes.py"/>
        <source>The rules of your tailnet do not let this computer use Funnel. An admin has to add the “funnel” attribute; Portway goes on by itself.</source>
        <translation>Die Regeln Ihres Tailnets erlauben diesem Rechner kein Funnel. Ein Administrator muss das Attribut „funnel“ hinzufügen; Portway macht von selbst weiter.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/causes.py"/>
        <source>Your tailnet does not allow Funnel on public port {port}, only on {allowed}. Choose another public port in Settings.</source>
        <translation>Ihr Tailnet erlaubt Funnel nicht am öffentlichen Port {port}, nur an {allowed}. Wählen Sie in den Einstellungen einen anderen öffentlichen Port.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/causes.py"/>
        <source>HTTPS certificates are turned off for your tailnet. Turn them on in the admin console.</source>
        <translation>HTTPS-Zertifikate sind für Ihr Tailnet ausgeschaltet. Schalten Sie sie in der Verwaltung ein.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/causes.py"/>
        <source>An admin of your tailnet has to approve this computer first.</source>
        <translation>Ein Administrator Ihres Tailnets muss diesen Rechner erst freigeben.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/causes.py"/>
        <source>Tailscale is turned off on this computer. Turn it on; Portway goes on by itself.</source>
        <translation>Tailscale ist auf diesem Rechner ausgeschaltet. Schalten Sie es ein; Portway macht von selbst weiter.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>This step needs administrator rights. Give your password, or run: {command}</source>
        <translation>Dieser Schritt braucht Administratorrechte. Geben Sie Ihr Passwort ein oder führen Sie aus: {command}</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>The password was not accepted. Nothing was changed.</source>
        <translation>Das Passwort wurde nicht angenommen. Nichts wurde geändert.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/causes.py"/>
        <source>The Tailscale service is not running. Start it, or run: {command}</source>
        <translation>Der Dienst von Tailscale läuft nicht. Starten Sie ihn oder führen Sie aus: {command}</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/causes.py"/>
        <source>The Tailscale service did not start: {reason}. To see why, run: {command}</source>
        <translation>Der Dienst von Tailscale startete nicht: {reason}. Den Grund zeigt: {command}</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/causes.py"/>
        <source>The install script of {program} is not the one that you agreed to, so it was not run. Start again to see the present one.</source>
        <translation>Das Installationsskript von {program} ist ein anderes als das, dem Sie zugestimmt haben; es wurde nicht ausgeführt. Beginnen Sie neu, um das jetzige zu sehen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/causes.py"/>
        <source>The install script of {program} was changed after it was fetched, so it was not run.</source>
        <translation>Das Installationsskript von {program} wurde nach dem Laden verändert und deshalb nicht ausgeführt.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/causes.py"/>
        <source>Public port {port} is already used by another Serve or Funnel ({holder}), which is left alone. Choose public port {free} in Settings, or turn that one off.</source>
        <translation>Der öffentliche Port {port} wird schon von einem anderen Serve oder Funnel benutzt ({holder}), das unberührt bleibt. Wählen Sie in den Einstellungen den öffentlichen Port {free} oder schalten Sie jenes ab.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/causes.py"/>
        <source>The public port is already used by another Serve or Funnel, which is left alone. Choose another public port in Settings, or turn that one off.</source>
        <translation>Der öffentliche Port wird schon von einem anderen Serve oder Funnel benutzt, das unberührt bleibt. Wählen Sie in den Einstellungen einen anderen öffentlichen Port oder schalten Sie jenes ab.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/causes.py"/>
        <source>Funnel has three public ports, and all of them are used ({holders}). Turn one of these off first.</source>
        <translation>Funnel hat drei öffentliche Ports, und alle sind in Benutzung ({holders}). Schalten Sie erst einen davon ab.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/causes.py"/>
        <source>{service} blocks incoming connections on this computer. Allow them in its settings (tailscale set --shields-up=false), then turn it on again.</source>
        <translation>{service} hält auf diesem Rechner eingehende Verbindungen ab. Erlauben Sie sie in seinen Einstellungen (tailscale set --shields-up=false) und schalten Sie dann wieder ein.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/causes.py"/>
        <source>{service} is used by another account of this computer. Log out there first.</source>
        <translation>{service} wird von einem anderen Benutzer dieses Rechners benutzt. Melden Sie sich dort erst ab.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/causes.py"/>
        <source>{service} Funnel was turned off outside Portway, which turns it on again.</source>
        <translation>{service} Funnel wurde außerhalb von Portway ausgeschaltet; Portway schaltet es wieder ein.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/causes.py"/>
        <source>{service} accepted the Funnel but does not serve it. Turn it on again.</source>
        <translation>{service} hat den Funnel angenommen, bedient ihn aber nicht. Schalten Sie wieder ein.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/causes.py"/>
        <source>{service} still serves the Funnel. Turn it off again, or run: tailscale serve status</source>
        <translation>{service} bedient den Funnel noch. Schalten Sie noch einmal aus oder führen Sie aus: tailscale serve status</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/causes.py"/>
        <source>{service} did not accept the host name {name}. Choose another one.</source>
        <translation>{service} hat den Rechnernamen {name} nicht angenommen. Wählen Sie einen anderen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/causes.py"/>
        <source>{service} has lost its connection. It comes back by itself with the network.</source>
        <translation>{service} hat die Verbindung verloren. Mit dem Netzwerk kommt sie von selbst zurück.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/causes.py"/>
        <source>{program} {version} forwards only to 127.0.0.1. Update it to {needed} or newer for {target}.</source>
        <translation>{program} {version} leitet nur an 127.0.0.1 weiter. Aktualisieren Sie für {target} auf {needed} oder neuer.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ngrok/causes.py"/>
        <source>{service} does not answer. Check the internet connection; Portway keeps trying.</source>
        <translation>{service} antwortet nicht. Prüfen Sie die Internetverbindung; Portway versucht es weiter.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ngrok/causes.py"/>
        <source>What is set as the token for {service} is not an authtoken. Copy it from the page “Your Authtoken” of your account.</source>
        <translation>Was als Token für {service} gesetzt ist, ist kein Authtoken. Kopieren Sie es von der Seite „Your Authtoken“ Ihres Kontos.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ngrok/causes.py"/>
        <source>Your {service} account is over its limit for now (ERR_NGROK_{number}). Portway tries again later.</source>
        <translation>Ihr Konto bei {service} ist vorerst über seinem Limit (ERR_NGROK_{number}). Portway versucht es später wieder.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ngrok/causes.py"/>
        <source>{service} refused with ERR_NGROK_{number}. The page tells what that means.</source>
        <translation>{service} lehnte mit ERR_NGROK_{number} ab. Die Seite sagt, was das bedeutet.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ngrok/causes.py"/>
        <source>A payment for your {service} account has failed (ERR_NGROK_{number}). Settle it in the dashboard.</source>
        <translation>Eine Zahlung für Ihr Konto bei {service} ist fehlgeschlagen (ERR_NGROK_{number}). Begleichen Sie sie in der Verwaltung.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ngrok/causes.py"/>
        <source>Your {service} account is suspended (ERR_NGROK_{number}). Its support can tell why.</source>
        <translation>Ihr Konto bei {service} ist gesperrt (ERR_NGROK_{number}). Der Kundendienst weiß, warum.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ngrok/causes.py"/>
        <source>{service} does not accept connections from this IP address (ERR_NGROK_{number}). Check the IP restrictions of your account, or use another network.</source>
        <translation>{service} nimmt von dieser IP-Adresse keine Verbindungen an (ERR_NGROK_{number}). Prüfen Sie die IP-Beschränkungen Ihres Kontos oder nehmen Sie ein anderes Netzwerk.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ngrok/causes.py"/>
        <source>{service} no longer accepts the SDK in use (ERR_NGROK_{number}). Update Portway, or run it with Python 3.12 or newer, which gets a newer one.</source>
        <translation>{service} nimmt das benutzte SDK nicht mehr an (ERR_NGROK_{number}). Aktualisieren Sie Portway oder führen Sie es mit Python 3.12 oder neuer aus, das ein neueres erhält.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ngrok/causes.py"/>
        <source>{service} does not accept the domain {domain} (ERR_NGROK_{number}). Choose one of your account.</source>
        <translation>{service} nimmt die Domain {domain} nicht an (ERR_NGROK_{number}). Wählen Sie eine Ihres Kontos.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ngrok/causes.py"/>
        <source>Your {service} plan needs a domain to be named (ERR_NGROK_{number}). Choose one of your account in Settings.</source>
        <translation>Ihr Tarif bei {service} verlangt, dass eine Domain genannt wird (ERR_NGROK_{number}). Wählen Sie in den Einstellungen eine Ihres Kontos.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ngrok/causes.py"/>
        <source>Your {service} account has as many endpoints online as its plan allows (ERR_NGROK_{number}). Stop another one.</source>
        <translation>Ihr Konto bei {service} hat so viele Endpunkte aktiv, wie der Tarif erlaubt (ERR_NGROK_{number}). Beenden Sie einen anderen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ngrok/causes.py"/>
        <source>Your {service} account has used up this month&apos;s traffic (ERR_NGROK_{number}). It works again next month, or with another plan.</source>
        <translation>Ihr Konto bei {service} hat das Datenvolumen dieses Monats verbraucht (ERR_NGROK_{number}). Es geht nächsten Monat wieder oder mit einem anderen Tarif.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ngrok/causes.py"/>
        <source>The tunnel was stopped in the dashboard of {service}. Turn it on again here.</source>
        <translation>Der Tunnel wurde in der Verwaltung von {service} beendet. Schalten Sie ihn hier wieder ein.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{program} could not be installed: {reason}.</source>
        <translation>{program} konnte nicht installiert werden: {reason}.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/cloudflared/causes.py"/>
        <source>{program} could not be installed: {reason}. Download it by hand from the page and name the file in {variable}.</source>
        <translation>{program} konnte nicht installiert werden: {reason}. Laden Sie es von Hand von der Seite und nennen Sie die Datei in {variable}.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/cloudflared/causes.py"/>
        <source>{program} at {path} is not the file that Portway installed, so it is not started. Install it again.</source>
        <translation>{program} unter {path} ist nicht die Datei, die Portway installiert hat, und wird deshalb nicht gestartet. Installieren Sie es neu.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/cloudflared/causes.py"/>
        <source>For {host} {service} needs the token of the tunnel that has this name. Make the tunnel in the dashboard, then enter its token here.</source>
        <translation>Für {host} braucht {service} das Token des Tunnels, der diesen Namen hat. Legen Sie den Tunnel in der Verwaltung an und geben Sie dann hier sein Token ein.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/cloudflared/causes.py"/>
        <source>What is set as the token is not that of a {service} tunnel. Copy it from the tunnel&apos;s page in the dashboard: it begins with eyJ.</source>
        <translation>Was als Token eingestellt ist, gehört zu keinem Tunnel von {service}. Kopieren Sie es in der Verwaltung von der Seite des Tunnels: Es beginnt mit eyJ.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/cloudflared/causes.py"/>
        <source>{service} does not accept the token of this tunnel: it is wrong, or was renewed. Copy the current one from the tunnel&apos;s page in the dashboard.</source>
        <translation>{service} nimmt das Token dieses Tunnels nicht an: Es ist falsch oder wurde erneuert. Kopieren Sie das aktuelle in der Verwaltung von der Seite des Tunnels.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/cloudflared/causes.py"/>
        <source>The tunnel that this token belongs to is not there any more at {service}. Make another one in the dashboard, and enter its token.</source>
        <translation>Den Tunnel, zu dem dieses Token gehört, gibt es bei {service} nicht mehr. Legen Sie in der Verwaltung einen neuen an und geben Sie dessen Token ein.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/cloudflared/causes.py"/>
        <source>Copy {ours}</source>
        <translation>{ours} kopieren</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/cloudflared/causes.py"/>
        <source>{service}&apos;s dashboard sends visitors of {host} to {theirs}, and not to {ours}, where Portway waits for them. Enter {ours} there as the service of this host name, then turn the tunnel on again.</source>
        <translation>Die Verwaltung von {service} schickt Besucher von {host} zu {theirs} und nicht zu {ours}, wo Portway auf sie wartet. Tragen Sie dort {ours} als Dienst dieses Hostnamens ein und schalten Sie den Tunnel dann wieder ein.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/cloudflared/causes.py"/>
        <source>Open the dashboard</source>
        <translation>Verwaltung öffnen</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/cloudflared/causes.py"/>
        <source>{service}&apos;s dashboard has no public host name {host} for this tunnel. Add it there with the service {ours}, then turn the tunnel on again.</source>
        <translation>In der Verwaltung von {service} hat dieser Tunnel keinen öffentlichen Hostnamen {host}. Fügen Sie ihn dort mit dem Dienst {ours} hinzu und schalten Sie den Tunnel dann wieder ein.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/cloudflared/causes.py"/>
        <source>Name is not known</source>
        <translation>Name ist unbekannt</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/cloudflared/causes.py"/>
        <source>Nobody finds {host}: there is no DNS record for it. Add it to the tunnel in {service}&apos;s dashboard as a public host name, then turn the tunnel on again.</source>
        <translation>Niemand findet {host}: Im DNS gibt es keinen Eintrag dafür. Fügen Sie den Namen in der Verwaltung von {service} beim Tunnel als öffentlichen Hostnamen hinzu und schalten Sie den Tunnel dann wieder ein.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/cloudflared/causes.py"/>
        <source>Copy {host}</source>
        <translation>{host} kopieren</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/cloudflared/causes.py"/>
        <source>This {program} does not know the options that Portway gives it. Update it to a newer one.</source>
        <translation>Dieses {program} kennt die Optionen nicht, die Portway ihm gibt. Aktualisieren Sie es.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/cloudflared/causes.py"/>
        <source>{program} was not installed: {reason}, so the download cannot be verified.</source>
        <translation>{program} wurde nicht installiert: {reason}, daher lässt sich der Download nicht prüfen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/cloudflared/causes.py"/>
        <source>The new {program} ({path}) cannot be used: {reason}. The older one was kept.</source>
        <translation>Das neue {program} ({path}) ist nicht nutzbar: {reason}. Das ältere wurde behalten.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>The download of {program} does not match its published checksum, so it was thrown away.</source>
        <translation>Der Download von {program} passt nicht zu seiner veröffentlichten Prüfsumme und wurde deshalb verworfen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{path} could not be written: {reason}.</source>
        <translation>{path} konnte nicht geschrieben werden: {reason}.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>Portway cannot keep its files in {path}: {reason}. The variable PORTWAY_HOME can name another folder.</source>
        <translation>Portway kann seine Dateien nicht in {path} ablegen: {reason}. Die Variable PORTWAY_HOME kann einen anderen Ordner nennen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>There is no secure keyring on this system. The secret is kept until Portway ends, and nowhere else.</source>
        <translation>Auf diesem System gibt es keinen sicheren Schlüsselbund. Das Geheimnis bleibt bis zum Ende von Portway und nirgends sonst.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>The keyring is locked. The secret is kept until Portway ends, and nowhere else.</source>
        <translation>Der Schlüsselbund ist gesperrt. Das Geheimnis bleibt bis zum Ende von Portway und nirgends sonst.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>The keyring does not answer. The secret is kept until Portway ends, and nowhere else for now.</source>
        <translation>Der Schlüsselbund antwortet nicht. Das Geheimnis bleibt bis zum Ende von Portway und vorerst nirgends sonst.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>The keyring could not be used. The secret is kept until Portway ends, and nowhere else.</source>
        <translation>Der Schlüsselbund war nicht nutzbar. Das Geheimnis bleibt bis zum Ende von Portway und nirgends sonst.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>The keyring could not be reached, so it may still hold the secret. Portway does not use it any more.</source>
        <translation>Der Schlüsselbund war nicht erreichbar und enthält das Geheimnis vielleicht noch. Portway benutzt es nicht mehr.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>The token was shown once and is kept nowhere. Renew it to get another one; the old one is then void.</source>
        <translation>Das Token wurde einmal gezeigt und ist nirgends aufbewahrt. Erneuern Sie es, um ein anderes zu erhalten; das alte gilt dann nicht mehr.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>The keyring that holds the password of this tunnel is locked or does not answer, so nobody is let in. Unlock it and turn the tunnel on again, or set a new password.</source>
        <translation>Der Schlüsselbund mit dem Passwort dieses Tunnels ist gesperrt oder antwortet nicht, deshalb wird niemand eingelassen. Entsperren Sie ihn und schalten Sie den Tunnel wieder ein, oder setzen Sie ein neues Passwort.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>The password of this tunnel is not stored any more, so nobody is let in. Set a new one.</source>
        <translation>Das Passwort dieses Tunnels ist nicht mehr gespeichert, deshalb wird niemand eingelassen. Setzen Sie ein neues.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>It has stopped, as its time was over. Turn it on again if you still need it.</source>
        <translation>Er wurde beendet, weil seine Zeit um war. Schalten Sie ihn wieder ein, falls Sie ihn noch brauchen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>It has stopped, as its time was over. Requests: {requests}, visitors: {visitors}, kept out: {refused}. Turn it on again if you still need it.</source>
        <translation>Er wurde beendet, weil seine Zeit um war. Anfragen: {requests}, Besucher: {visitors}, abgewiesen: {refused}. Schalten Sie ihn wieder ein, wenn Sie ihn noch brauchen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>It has stopped, as you logged out or the computer went to sleep. Turn it on again if you need it.</source>
        <translation>Er wurde beendet, weil Sie sich abgemeldet haben oder der Rechner in den Ruhezustand ging. Schalten Sie ihn wieder ein, wenn Sie ihn brauchen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{what} is not running.</source>
        <translation>{what} läuft nicht.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>There is a tunnel called “{name}” already. Choose another word.</source>
        <translation>Es gibt schon einen Tunnel namens „{name}“. Wählen Sie ein anderes Wort.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{name} is on. Turn it off first, then remove it.</source>
        <translation>{name} ist eingeschaltet. Schalten Sie ihn erst aus und entfernen Sie ihn dann.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{name} is always there: only tunnels that were added can be removed or changed.</source>
        <translation>{name} ist immer da: Nur hinzugefügte Tunnel können entfernt oder geändert werden.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{name} keeps the way that it was added for. For another way, add another tunnel.</source>
        <translation>{name} bleibt bei seinem Weg. Fügen Sie für einen anderen einen weiteren Tunnel hinzu.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>Portway runs without a display, so it has no window.</source>
        <translation>Portway läuft ohne Bildschirm und hat deshalb kein Fenster.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>The command that takes the URL failed: {reason}. Its settings are under URL hooks.</source>
        <translation>Der Befehl, der die URL erhält, ist fehlgeschlagen: {reason}. Seine Einstellungen stehen unter Weitergabe.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>The command that takes the URL did not end within {seconds} seconds, so it was ended.</source>
        <translation>Der Befehl, der die URL erhält, endete nicht innerhalb von {seconds} Sekunden und wurde deshalb beendet.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>The program {program}, which is to take the URL, was not found. Change it under URL hooks.</source>
        <translation>Das Programm {program}, das die URL erhalten soll, wurde nicht gefunden. Ändern Sie es unter Weitergabe.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{host} cannot be reached, so nobody knows whether there is a newer version. Check the internet connection.</source>
        <translation>{host} ist nicht erreichbar, also ist nicht bekannt, ob es eine neuere Version gibt. Prüfen Sie die Internetverbindung.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>The connection to {host} is intercepted: its certificate is not genuine. What it says of versions is not believed.</source>
        <translation>Die Verbindung zu {host} wird abgefangen: das Zertifikat ist nicht echt. Was dort über Versionen steht, wird nicht geglaubt.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{host} answers no more questions from this network for now. Ask again in an hour.</source>
        <translation>{host} beantwortet aus diesem Netzwerk vorerst keine weiteren Fragen. Fragen Sie in einer Stunde noch einmal.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{host} did not answer within {seconds} seconds. Ask again later.</source>
        <translation>{host} hat nicht innerhalb von {seconds} Sekunden geantwortet. Fragen Sie später noch einmal.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{host} did not tell which version is the newest: {reason}.</source>
        <translation>{host} hat nicht gesagt, welche Version die neueste ist: {reason}.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>The files of version {version} do not match the checksums that were published with them, so it is not offered.</source>
        <translation>Die Dateien der Version {version} passen nicht zu den Prüfsummen, die mit ihnen veröffentlicht wurden, also wird sie nicht angeboten.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{field}: {problem}.</source>
        <extracomment>{field} is the label of what was typed into, {problem} what is wrong with it.</extracomment>
        <translation>{field}: {problem}.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>The body is not a JSON object: {problem}.</source>
        <translation>Der Inhalt ist kein JSON-Objekt: {problem}.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>This call needs a JSON object as body.</source>
        <translation>Dieser Aufruf braucht ein JSON-Objekt als Inhalt.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>This call takes no body.</source>
        <translation>Dieser Aufruf nimmt keinen Inhalt.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>The request is not valid HTTP.</source>
        <translation>Die Anfrage ist kein gültiges HTTP.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{field}: with this it would be no HTTP request.</source>
        <translation>{field}: Damit wäre es keine HTTP-Anfrage.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>The body of this request was not kept whole. Send it again with a body of your own.</source>
        <translation>Der Inhalt dieser Anfrage wurde nicht vollständig behalten. Senden Sie sie mit einem eigenen Inhalt.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>The query is not understood here: {problem}.</source>
        <translation>Die Abfrage wird hier nicht verstanden: {problem}.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{field}: write a port like 3000, or an address like http://localhost:3000.</source>
        <translation>{field}: Einen Port wie 3000 oder eine Adresse wie http://localhost:3000 angeben.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{field}: only http and https can be exposed.</source>
        <translation>{field}: Nur http und https können freigegeben werden.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{field}: only servers on this computer can be exposed, like localhost, 127.0.0.1 or [::1].</source>
        <translation>{field}: Nur Server auf diesem Rechner können freigegeben werden, etwa localhost, 127.0.0.1 oder [::1].</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{field}: this name does not lead to this computer alone. Check its spelling, or write localhost and the port.</source>
        <translation>{field}: Dieser Name führt nicht allein zu diesem Rechner. Prüfen Sie die Schreibweise, oder geben Sie localhost und den Port an.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{field}: a port is a whole number from 1 to 65535.</source>
        <translation>{field}: Ein Port ist eine ganze Zahl von 1 bis 65535.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{field}: a port is a whole number from {lowest} to 65535.</source>
        <translation>{field}: Ein Port ist eine ganze Zahl von {lowest} bis 65535.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{field}: it has to be one of: {choices}.</source>
        <translation>{field}: Erlaubt ist nur eines von: {choices}.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{field}: what was given is not an absolute path.</source>
        <translation>{field}: Die Angabe ist kein absoluter Pfad.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{field}: these are no rules that a tunnel may have.</source>
        <translation>{field}: Das sind keine Regeln, die ein Tunnel haben kann.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{field}: write an address like 203.0.113.7, or a range like 192.0.2.0/24.</source>
        <translation>{field}: Schreiben Sie eine Adresse wie 203.0.113.7 oder einen Bereich wie 192.0.2.0/24.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{field}: what is noted of an address has at most {limit} characters.</source>
        <translation>{field}: Eine Notiz zu einer Adresse hat höchstens {limit} Zeichen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{field}: write a path like /webhooks/*, with a method before it if only that one is meant.</source>
        <translation>{field}: Schreiben Sie einen Pfad wie /webhooks/*, mit einer Methode davor, falls nur diese gemeint ist.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{field}: a list of at most {limit} texts is expected.</source>
        <translation>{field}: Erwartet wird eine Liste von höchstens {limit} Texten.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{field}: a whole number from 1 to {limit} is expected, in requests a minute.</source>
        <translation>{field}: Erwartet wird eine ganze Zahl von 1 bis {limit}, in Anfragen pro Minute.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{field}: a password has {shortest} characters or more, and no blanks around it.</source>
        <translation>{field}: Ein Passwort hat mindestens {shortest} Zeichen und keine Leerzeichen davor oder danach.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{field}: write a time like 15m, 1h or 2d, or a number of seconds.</source>
        <translation>{field}: Schreiben Sie eine Zeit wie 15m, 1h oder 2d oder eine Zahl von Sekunden.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>There is no such setting. “portway config list” shows all.</source>
        <translation>Diese Einstellung gibt es nicht. „portway config list“ zeigt alle.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{field}: an address with a user name or password cannot be exposed.</source>
        <translation>{field}: Eine Adresse mit Benutzername oder Passwort kann nicht freigegeben werden.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{target} does not answer. Start your server there, or choose another one.</source>
        <translation>{target} antwortet nicht. Starten Sie dort Ihren Server oder wählen Sie einen anderen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{target} answers, but not in HTTP. Choose a web server.</source>
        <translation>{target} antwortet, aber nicht in HTTP. Wählen Sie einen Webserver.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{service} gave a public address that cannot be right, so the tunnel was ended. Turn it on again.</source>
        <translation>{service} hat eine öffentliche Adresse genannt, die nicht stimmen kann. Der Tunnel wurde deshalb beendet. Schalten Sie ihn wieder ein.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{field}: write the address without a path or query; all paths are exposed.</source>
        <translation>{field}: Schreiben Sie die Adresse ohne Pfad und Abfrage; alle Pfade werden freigegeben.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{field}: port {port} is Portway&apos;s own and is never exposed. Name the port of your server.</source>
        <translation>{field}: Port {port} gehört Portway selbst und wird nie freigegeben. Nennen Sie den Port Ihres Servers.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{field}: a text is expected.</source>
        <translation>{field}: Ein Text wird erwartet.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{field}: it must not be empty.</source>
        <translation>{field}: Es darf nicht leer sein.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{field}: true or false is expected.</source>
        <translation>{field}: Wahr oder falsch wird erwartet.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{field}: what was given is not {expected}.</source>
        <translation>{field}: Die Eingabe hat nicht die erwartete Form ({expected}).</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{field}: line breaks and control characters are not allowed.</source>
        <translation>{field}: Zeilenumbrüche und Steuerzeichen sind nicht erlaubt.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{field}: the text is longer than {limit} characters.</source>
        <translation>{field}: Der Text ist länger als {limit} Zeichen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>{field}: a quotation mark is opened and never closed.</source>
        <translation>{field}: Ein Anführungszeichen wird geöffnet und nie geschlossen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>The token is the one in PORTWAY_API_TOKEN. Change it there.</source>
        <translation>Das Token ist das in PORTWAY_API_TOKEN. Ändern Sie es dort.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>PORTWAY_API_TOKEN is shorter than {shortest} characters, so it is not safe. Choose a longer one.</source>
        <translation>PORTWAY_API_TOKEN ist kürzer als {shortest} Zeichen und daher nicht sicher. Wählen Sie ein längeres.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>This call needs Portway&apos;s API token as “Authorization: Bearer …”. “portway token” shows it.</source>
        <translation>Dieser Aufruf braucht das API-Token von Portway als „Authorization: Bearer …“. „portway token“ zeigt es.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>This call came from a web page of another origin, which is not allowed.</source>
        <translation>Dieser Aufruf kam von einer Webseite anderer Herkunft; das ist nicht erlaubt.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>This call came through a tunnel or proxy. Portway&apos;s API answers on this computer only.</source>
        <translation>Dieser Aufruf kam durch einen Tunnel oder Proxy. Die API von Portway antwortet nur auf diesem Rechner.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>Only the token of the running program may ask for the lasting one. Use “portway token”.</source>
        <translation>Nur mit dem Token des laufenden Programms lässt sich das dauerhafte abfragen. Nehmen Sie „portway token“.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>Programs may not do this. It takes a person, in the window or on the command line of Portway.</source>
        <translation>Programme dürfen das nicht. Das kann nur ein Mensch, im Fenster oder auf der Befehlszeile von Portway.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>Programs may not open tunnels on this computer. A person can change that in Settings, under API.</source>
        <translation>Programme dürfen auf diesem Rechner keine Tunnel öffnen. Ändern kann das ein Mensch in den Einstellungen unter API.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>Programs may open tunnels to the local network only. A person can change that in Settings, under API.</source>
        <translation>Programme dürfen Tunnel nur ins lokale Netzwerk öffnen. Ändern kann das ein Mensch in den Einstellungen unter API.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>Portway runs without a screen, so nobody can be asked. Name a password for visitors and a time after which it stops, or let a person type: portway config set general.programs anything</source>
        <translation>Portway läuft ohne Bildschirm, also kann niemand gefragt werden. Nennen Sie ein Passwort für Besucher und eine Zeit, nach der es endet, oder geben Sie ein: portway config set general.programs anything</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>The person at this computer did not allow it.</source>
        <translation>An diesem Rechner wurde es nicht erlaubt.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>Nobody said within {seconds} seconds whether {program} may open this. Tell the person, then try again.</source>
        <extracomment>{program} is what the program that asks calls itself.</extracomment>
        <translation>Niemand hat in {seconds} Sekunden gesagt, ob {program} das öffnen darf. Sagen Sie Bescheid, und versuchen Sie es dann noch einmal.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>No password is stored for this tunnel. Name one.</source>
        <translation>Für diesen Tunnel ist kein Passwort gespeichert. Geben Sie eines an.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>This tunnel is not open, or asks visitors for no password, so it needs no such link.</source>
        <translation>Dieser Tunnel ist nicht offen oder fragt Besucher nicht nach einem Passwort, deshalb braucht er keinen solchen Link.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>No request with this number is kept.</source>
        <translation>Eine Anfrage mit dieser Nummer ist nicht mehr da.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>There is nothing at this path.</source>
        <translation>Unter diesem Pfad gibt es nichts.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>This path does not know that method.</source>
        <translation>Dieser Pfad kennt diese Methode nicht.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>Send the body with a Content-Length, not in chunks.</source>
        <translation>Senden Sie den Inhalt mit Content-Length, nicht in Stücken.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>The body is larger than {limit} bytes.</source>
        <translation>Der Inhalt ist größer als {limit} Byte.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>Send the body as application/json.</source>
        <translation>Senden Sie den Inhalt als application/json.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>The Host of this call is not Portway&apos;s own address.</source>
        <translation>Der Host dieses Aufrufs ist nicht die eigene Adresse von Portway.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>There were too many wrong tokens. Try again in a minute.</source>
        <translation>Es gab zu viele falsche Token. Versuchen Sie es in einer Minute wieder.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>The head of the request is larger than {limit} bytes.</source>
        <translation>Der Kopf der Anfrage ist größer als {limit} Byte.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>Portway has too many connections at the moment. Try again shortly.</source>
        <translation>Portway hat gerade zu viele Verbindungen. Versuchen Sie es gleich noch einmal.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>A test of streams is going on already. Try again in two minutes.</source>
        <translation>Ein Test der Datenströme läuft schon. Versuchen Sie es in zwei Minuten noch einmal.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/sentences.py"/>
        <source>Something went wrong inside Portway. The log has the details.</source>
        <translation>In Portway ist etwas schiefgegangen. Näheres steht im Protokoll.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>Local server</source>
        <translation>Lokaler Server</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>The local server to expose: a port or an address.</source>
        <translation>Der lokale Server, der freigegeben wird: ein Port oder eine Adresse.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>Default way</source>
        <translation>Standardweg</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>What “portway expose” uses without --via.</source>
        <translation>Was „portway expose“ nimmt, wenn keiner genannt ist.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>Restore tunnels</source>
        <translation>Tunnel wiederherstellen</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>Bring tunnels back after a restart of the computer.</source>
        <translation>Tunnel nach einem Neustart des Rechners wieder einschalten.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>Keep tunnels up after quitting</source>
        <translation>Tunnel nach dem Beenden weiterlaufen lassen</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>Cloudflare and Tailscale stay public when Portway is quit.</source>
        <translation>Cloudflare und Tailscale bleiben öffentlich, wenn Portway beendet wird.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>Start hidden</source>
        <translation>Verborgen starten</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>Do not open the window at start.</source>
        <translation>Das Fenster beim Start nicht öffnen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>Copy the URL when up</source>
        <translation>Die URL kopieren, wenn aktiv</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>Put the public URL on the clipboard when a tunnel that you turned on comes up.</source>
        <translation>Die öffentliche URL in die Zwischenablage legen, wenn ein Tunnel aktiv wird, den Sie eingeschaltet haben.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>Show the API address</source>
        <translation>Die API-Adresse zeigen</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>Check from outside whether visitors get in</source>
        <translation>Von außen prüfen, ob Besucher hineinkommen</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>Once a tunnel is up. A resolver on the internet, Cloudflare&apos;s or Google&apos;s, is told its name.</source>
        <translation>Sobald ein Tunnel läuft. Ein Namensdienst im Internet, der von Cloudflare oder von Google, erfährt seinen Namen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>Remember the sudo password</source>
        <translation>Das sudo-Passwort merken</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>Keep it for Tailscale&apos;s root steps: in the keyring, or until Portway ends.</source>
        <translation>Für die Schritte von Tailscale aufbewahren, die Administratorrechte brauchen: im Schlüsselbund, oder bis Portway endet.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>The language of window and tray. Without one, the system&apos;s.</source>
        <translation>Die Sprache von Fenster und Infobereich. Ohne Angabe die des Systems.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>The tunnel whose URL the hooks get. Without one, every tunnel.</source>
        <translation>Der Tunnel, dessen URL weitergegeben wird. Ohne Angabe jeder Tunnel.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>Appearance</source>
        <translation>Erscheinungsbild</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>Offer the /v1 address in the menus of card and tray.</source>
        <translation>Die Adresse mit /v1 in den Menüs von Karte und Infobereich anbieten.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>Record requests</source>
        <translation>Anfragen aufzeichnen</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>Of tunnels that are turned on in window or tray: in memory only, never on the disk.</source>
        <translation>Von Tunneln, die in Fenster oder Infobereich eingeschaltet werden: nur im Speicher, nie auf der Festplatte.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>Memory for recorded requests</source>
        <translation>Speicher für aufgezeichnete Anfragen</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>In MB, for all tunnels together. Where it is full, the oldest go first.</source>
        <translation>In MB, für alle Tunnel zusammen. Ist er voll, gehen die ältesten zuerst.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>Light or dark; “system” follows the desktop.</source>
        <translation>Hell oder dunkel; „system“ folgt der Arbeitsumgebung.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>Look for new versions</source>
        <translation>Nach neuen Versionen sehen</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>Ask for the newest version when About is opened, or “portway doctor” runs. Nothing is downloaded.</source>
        <translation>Nach der neuesten Version fragen, wenn „Über Portway“ geöffnet wird oder „portway doctor“ läuft. Nichts wird heruntergeladen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>A tunnel is up</source>
        <translation>Ein Tunnel ist aktiv</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>Notify when a tunnel has come up, also after a restart.</source>
        <translation>Mitteilen, wenn ein Tunnel aktiv wurde, auch nach einem Neustart.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>The URL has changed</source>
        <translation>Die URL hat gewechselt</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>Notify when a tunnel comes back under another URL.</source>
        <translation>Mitteilen, wenn ein Tunnel unter einer anderen URL zurückkommt.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>A tunnel is lost</source>
        <translation>Ein Tunnel ist verloren</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>Notify when a tunnel has been away for 15 seconds.</source>
        <translation>Mitteilen, wenn ein Tunnel 15 Sekunden lang weg war.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>You are needed</source>
        <translation>Sie werden gebraucht</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>Notify when a token or a log-in is needed.</source>
        <translation>Mitteilen, wenn ein Token oder eine Anmeldung nötig ist.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>A tunnel has stopped</source>
        <translation>Ein Tunnel wurde beendet</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>Notify when a tunnel has ended without you.</source>
        <translation>Mitteilen, wenn ein Tunnel ohne Ihr Zutun geendet hat.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>The first visitor</source>
        <translation>Der erste Besucher</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>Notify when the first device of the local network has connected.</source>
        <translation>Mitteilen, wenn das erste Gerät des lokalen Netzwerks sich verbunden hat.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>For</source>
        <translation>Für</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>Write the public URL into this file, for example the .env of a project.</source>
        <translation>Die öffentliche URL in diese Datei schreiben, etwa die .env eines Projekts.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>Key</source>
        <translation>Schlüssel</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>The name before the “=” in that file.</source>
        <translation>Der Name vor dem „=“ in dieser Datei.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>Command</source>
        <translation>Befehl</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>Run this program when a public URL comes, changes or goes. It finds PORTWAY_URL in its environment.</source>
        <translation>Dieses Programm ausführen, wenn eine öffentliche URL kommt, wechselt oder geht. Es findet PORTWAY_URL in seiner Umgebung.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>API port</source>
        <translation>Port der API</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>The port of the REST API, which listens on this computer only.</source>
        <translation>Der Port der REST-API, die nur auf diesem Rechner lauscht.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>Programs may open tunnels</source>
        <translation>Programme dürfen Tunnel öffnen</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>What agents and editors may open for you.</source>
        <translation>Was Agenten und Editoren für Sie öffnen dürfen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>Log level</source>
        <translation>Umfang des Protokolls</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/settings.py"/>
        <source>How much is written to the log.</source>
        <translation>Wie viel in das Protokoll geschrieben wird.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/callout_rules.py"/>
        <source>Open the log-in page</source>
        <translation>Anmeldeseite öffnen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/callout_rules.py"/>
        <source>{service} asks for your token.</source>
        <translation>{service} verlangt Ihr Token.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/causes.py"/>
        <source>Enable Funnel…</source>
        <translation>Funnel einschalten…</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/causes.py"/>
        <source>Open the admin console</source>
        <translation>Verwaltung öffnen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/callout_rules.py"/>
        <source>Open the page</source>
        <translation>Seite öffnen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/state_words.py"/>
        <source>Not installed</source>
        <translation>Nicht installiert</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/state_words.py"/>
        <source>Not available here</source>
        <translation>Hier nicht verfügbar</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/state_words.py"/>
        <source>Too old</source>
        <translation>Zu alt</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/state_words.py"/>
        <source>Download refused</source>
        <translation>Download verworfen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/state_words.py"/>
        <source>Disk trouble</source>
        <translation>Problem mit der Festplatte</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/state_words.py"/>
        <source>Token needed</source>
        <translation>Token nötig</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/state_words.py"/>
        <source>Token refused</source>
        <translation>Token abgelehnt</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/state_words.py"/>
        <source>Log-in needed</source>
        <translation>Anmeldung nötig</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/causes.py"/>
        <source>Funnel is off in your tailnet</source>
        <translation>Funnel ist in Ihrem Tailnet aus</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/causes.py"/>
        <source>HTTPS is off in your tailnet</source>
        <translation>HTTPS ist in Ihrem Tailnet aus</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/causes.py"/>
        <source>Approval needed</source>
        <translation>Freigabe nötig</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/causes.py"/>
        <source>Tailscale is turned off</source>
        <translation>Tailscale ist ausgeschaltet</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/state_words.py"/>
        <source>Rights needed</source>
        <translation>Rechte nötig</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/state_words.py"/>
        <source>Password refused</source>
        <translation>Passwort abgelehnt</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/causes.py"/>
        <source>Service not running</source>
        <translation>Dienst läuft nicht</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/state_words.py"/>
        <source>Limited for a while</source>
        <translation>Vorübergehend begrenzt</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/state_words.py"/>
        <source>Too many sessions</source>
        <translation>Zu viele Sitzungen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/state_words.py"/>
        <source>Domain is not yours</source>
        <translation>Domain gehört Ihnen nicht</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/state_words.py"/>
        <source>Address is taken</source>
        <translation>Adresse ist vergeben</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/state_words.py"/>
        <source>Leads elsewhere</source>
        <translation>Führt woandershin</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/state_words.py"/>
        <source>Refused</source>
        <translation>Abgelehnt</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/state_words.py"/>
        <source>No network</source>
        <translation>Kein Netzwerk</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/state_words.py"/>
        <source>Not reachable</source>
        <translation>Nicht erreichbar</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/state_words.py"/>
        <source>Connection intercepted</source>
        <translation>Verbindung abgefangen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/state_words.py"/>
        <source>Another network</source>
        <translation>Anderes Netzwerk</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/state_words.py"/>
        <source>Did not come up</source>
        <translation>Nicht gestartet</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/state_words.py"/>
        <source>Stopped by itself</source>
        <translation>Von selbst beendet</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/state_words.py"/>
        <source>Program not usable</source>
        <translation>Programm nicht nutzbar</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/state_words.py"/>
        <source>Port taken</source>
        <translation>Port belegt</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/state_words.py"/>
        <source>Fault in Portway</source>
        <translation>Fehler in Portway</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/lan/declaration.py"/>
        <source>For devices on the same network. Nothing goes through the internet.</source>
        <translation>Für Geräte im selben Netzwerk. Nichts geht durch das Internet.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/lan/declaration.py"/>
        <source>No account needed. Devices on this network only.</source>
        <translation>Kein Konto nötig. Nur Geräte in diesem Netzwerk.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/cloudflared/declaration.py"/>
        <source>Free, no account. A new public address each time.</source>
        <translation>Kostenlos, ohne Konto. Jedes Mal eine neue öffentliche Adresse.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ngrok/declaration.py"/>
        <source>A free account, the same address each time. On the free plan browsers see a notice of ngrok first.</source>
        <translation>Ein kostenloses Konto, immer dieselbe Adresse. Im kostenlosen Tarif sehen Browser zuerst einen Hinweis von ngrok.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ngrok/declaration.py"/>
        <source>Free account. The same public address each time.</source>
        <translation>Kostenloses Konto. Immer dieselbe öffentliche Adresse.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/declaration.py"/>
        <source>The same address each time: the name of this computer in your tailnet. Free for personal use.</source>
        <translation>Immer dieselbe Adresse: der Name dieses Rechners in Ihrem Tailnet. Privat kostenlos.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/tailscale/declaration.py"/>
        <source>Free Tailscale account. The same public address each time.</source>
        <translation>Kostenloses Konto bei Tailscale. Immer dieselbe öffentliche Adresse.</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/texts.py"/>
        <source>public, for everyone with the link</source>
        <translation>öffentlich, für alle mit dem Link</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/texts.py"/>
        <source>Public, for everyone with the link.</source>
        <translation>Öffentlich, für alle mit dem Link.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/state_words.py"/>
        <source>Trouble</source>
        <translation>Störung</translation>
    </message>
    <message>
        <location filename="../../app/portway/runtime/jobs.py"/>
        <source>Fetching what it runs</source>
        <translation>Was ausgeführt wird, wird geladen</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ngrok/endpoint_supervisor.py"/>
        <source>Waiting for ngrok to let the last session go</source>
        <translation>Warte, bis ngrok die letzte Sitzung freigibt</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/guard/reasons.py"/>
        <source>its visitors do not pass Portway</source>
        <translation>seine Besucher kommen nicht durch Portway</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/guard/reasons.py"/>
        <source>it is not open to the internet</source>
        <translation>er ist nicht aus dem Internet zu erreichen</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/guard/reasons.py"/>
        <source>connections of this computer pass a proxy</source>
        <translation>Verbindungen dieses Rechners laufen über einen Proxy</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/guard/reasons.py"/>
        <source>no resolver answers over HTTPS</source>
        <translation>kein Namensdienst antwortet über HTTPS</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/guard/reasons.py"/>
        <source>{resolver}&apos;s resolver does not know the name yet</source>
        <translation>der Namensdienst von {resolver} kennt den Namen noch nicht</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/guard/reasons.py"/>
        <source>no address of it answers</source>
        <translation>keine seiner Adressen antwortet</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/guard/reasons.py"/>
        <source>the certificate on the way is not genuine: something intercepts it</source>
        <translation>das Zertifikat unterwegs ist nicht echt: etwas fängt die Verbindung ab</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/guard/reasons.py"/>
        <source>the service ends the connection before it is encrypted</source>
        <translation>der Dienst beendet die Verbindung, bevor sie verschlüsselt ist</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/guard/reasons.py"/>
        <source>the service takes no more visits for now, it answers {status}</source>
        <translation>der Dienst nimmt gerade keine Besuche mehr an, er antwortet mit {status}</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/guard/reasons.py"/>
        <source>Portway could not look</source>
        <translation>Portway konnte nicht nachsehen</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/guard/reasons.py"/>
        <source>ngrok answers {code}: the tunnel is not there</source>
        <translation>ngrok antwortet {code}: den Tunnel gibt es dort nicht</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/guard/reasons.py"/>
        <source>Cloudflare answers that the tunnel is not there</source>
        <translation>Cloudflare antwortet, dass es den Tunnel dort nicht gibt</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/guard/reasons.py"/>
        <source>somebody else answers there, with {status}</source>
        <translation>dort antwortet jemand anders, mit {status}</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/guard/reasons.py"/>
        <source>the test was ended before</source>
        <translation>der Test wurde vorher beendet</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/guard/reasons.py"/>
        <source>nothing came back, and nothing of it got here</source>
        <translation>nichts kam zurück, und nichts davon kam hier an</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/guard/reasons.py"/>
        <source>it got here, and nothing came back in time</source>
        <translation>es kam hier an, und nichts kam rechtzeitig zurück</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/guard/reasons.py"/>
        <source>the connection broke off before anything of it got here</source>
        <translation>die Verbindung brach ab, bevor etwas davon hier ankam</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/guard/reasons.py"/>
        <source>the connection was cut after {seconds} s</source>
        <translation>die Verbindung wurde nach {seconds} s getrennt</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/guard/reasons.py"/>
        <source>it is answered with {status} on the way</source>
        <translation>unterwegs wird mit {status} geantwortet</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/guard/reasons.py"/>
        <source>after {seconds} s it is answered with {status} on the way</source>
        <translation>nach {seconds} s wird unterwegs mit {status} geantwortet</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/guard/reasons.py"/>
        <source>something else answers in its place</source>
        <translation>etwas anderes antwortet an seiner Stelle</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/guard/reasons.py"/>
        <source>events come one by one</source>
        <translation>Ereignisse kommen einzeln an</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/guard/reasons.py"/>
        <source>events come all at once, when the stream ends</source>
        <translation>Ereignisse kommen alle auf einmal, wenn der Strom endet</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/guard/reasons.py"/>
        <source>it was cut after {count} of {all} events</source>
        <translation>er wurde nach {count} von {all} Ereignissen getrennt</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/guard/reasons.py"/>
        <source>messages pass both ways</source>
        <translation>Nachrichten kommen in beiden Richtungen durch</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/guard/reasons.py"/>
        <source>it opens, but messages do not get through in time</source>
        <translation>er öffnet sich, aber Nachrichten kommen nicht rechtzeitig durch</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/guard/reasons.py"/>
        <source>it was closed before a message came back</source>
        <translation>er wurde geschlossen, bevor eine Nachricht zurückkam</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/guard/reasons.py"/>
        <source>another message came back</source>
        <translation>eine andere Nachricht kam zurück</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/guard/reasons.py"/>
        <source>it gets here while it is being sent</source>
        <translation>er kommt an, während er gesendet wird</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/guard/reasons.py"/>
        <source>it gets here whole, once all of it was sent</source>
        <translation>er kommt erst an, wenn alles gesendet ist</translation>
    </message>
    <message>
        <location filename="../../app/portway/core/guard/reasons.py"/>
        <source>an answer may take {seconds} s</source>
        <translation>eine Antwort darf {seconds} s dauern</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/kept_out.py"/>
        <source>this path is not open</source>
        <translation>dieser Pfad ist nicht offen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/kept_out.py"/>
        <source>it wanted to send</source>
        <translation>es wollte etwas senden</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/kept_out.py"/>
        <source>another protocol</source>
        <translation>ein anderes Protokoll</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/kept_out.py"/>
        <source>too often</source>
        <translation>zu oft</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/kept_out.py"/>
        <source>no password</source>
        <translation>ohne Passwort</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/kept_out.py"/>
        <source>too many wrong passwords</source>
        <translation>zu viele falsche Passwörter</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/kept_out.py"/>
        <source>the keyring is closed</source>
        <translation>der Schlüsselbund ist verschlossen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/streams.py"/>
        <source>Event stream</source>
        <translation>Ereignisstrom</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/streams.py"/>
        <source>WebSocket</source>
        <translation>WebSocket</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/streams.py"/>
        <source>Upload</source>
        <translation>Upload</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/streams.py"/>
        <source>Long wait</source>
        <translation>Lange Wartezeit</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/streams.py"/>
        <source>gets through</source>
        <translation>kommt durch</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/streams.py"/>
        <source>held back</source>
        <translation>zurückgehalten</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/streams.py"/>
        <source>refused</source>
        <translation>abgelehnt</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/streams.py"/>
        <source>not known</source>
        <translation>nicht bekannt</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/causes.py"/>
        <source>Key refused</source>
        <translation>Schlüssel abgelehnt</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/causes.py"/>
        <source>Address leads elsewhere</source>
        <translation>Adresse führt woandershin</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/causes.py"/>
        <source>The program ssh (OpenSSH) is not on this computer. On Debian and Ubuntu: sudo apt install openssh-client</source>
        <translation>Das Programm ssh (OpenSSH) ist nicht auf diesem Computer. Unter Debian und Ubuntu: sudo apt install openssh-client</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/causes.py"/>
        <source>{field}: no server is named yet. Name the one that lets you in by SSH, in Settings.</source>
        <translation>{field}: Es ist noch kein Server angegeben. Geben Sie in den Einstellungen den an, der Sie per SSH hereinlässt.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/causes.py"/>
        <source>Server needed</source>
        <translation>Server fehlt</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/causes.py"/>
        <source>{field}: what is opened on the server has no address of its own. Name the one that leads there.</source>
        <translation>{field}: Was auf dem Server geöffnet wird, hat keine eigene Adresse. Geben Sie die an, die dorthin führt.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/causes.py"/>
        <source>Address needed</source>
        <translation>Adresse fehlt</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/causes.py"/>
        <source>{field}: name the port on the server to which your web server there leads, like 8022.</source>
        <translation>{field}: Geben Sie den Port auf dem Server an, zu dem Ihr Webserver dort führt, etwa 8022.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/causes.py"/>
        <source>Port needed</source>
        <translation>Port fehlt</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/causes.py"/>
        <source>{field}: your SSH configuration opens forwards of its own for this server, or lets ssh go to the background. Name an entry without that.</source>
        <translation>{field}: Ihre SSH-Konfiguration öffnet für diesen Server eigene Weiterleitungen oder schickt ssh in den Hintergrund. Geben Sie einen Eintrag ohne das an.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/causes.py"/>
        <source>Configuration</source>
        <translation>Konfiguration</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/causes.py"/>
        <source>{program} does not take your SSH configuration: {reason}. Mend it, then try again.</source>
        <translation>{program} nimmt Ihre SSH-Konfiguration nicht an: {reason}. Berichtigen Sie sie und versuchen Sie es dann erneut.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/causes.py"/>
        <source>This {program} does not know the options that Portway gives it. Update OpenSSH to 7.6 or newer.</source>
        <translation>Dieses {program} kennt die Optionen nicht, die Portway ihm gibt. Aktualisieren Sie OpenSSH auf 7.6 oder neuer.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/causes.py"/>
        <source>The server {server} was not found. Check its name and the internet connection; Portway keeps trying.</source>
        <translation>Der Server {server} wurde nicht gefunden. Prüfen Sie seinen Namen und die Internetverbindung; Portway versucht es weiter.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/causes.py"/>
        <source>{server} does not take the connection: {reason}. Check that it runs and takes SSH; Portway keeps trying.</source>
        <translation>{server} nimmt die Verbindung nicht an: {reason}. Prüfen Sie, ob er läuft und SSH annimmt; Portway versucht es weiter.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/causes.py"/>
        <source>The connection to {server} was lost. Portway connects again by itself.</source>
        <translation>Die Verbindung zu {server} ist abgerissen. Portway verbindet sich von selbst wieder.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/causes.py"/>
        <source>{server} and this ssh find no way of encryption that both know: {reason}.</source>
        <translation>{server} und dieses ssh finden keine Verschlüsselung, die beide beherrschen: {reason}.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/causes.py"/>
        <source>{server} lets nobody in without a key, and ssh has none here. Make one, and add it there: {command}</source>
        <translation>{server} lässt niemanden ohne Schlüssel herein, und ssh hat hier keinen. Erzeugen Sie einen und tragen Sie ihn dort ein: {command}</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/causes.py"/>
        <source>Key needed</source>
        <translation>Schlüssel fehlt</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/causes.py"/>
        <source>{server} takes your key, but that asks for a passphrase. Give it to the agent: {command}</source>
        <translation>{server} nimmt Ihren Schlüssel an, aber der verlangt eine Passphrase. Geben Sie ihn dem Agenten: {command}</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/causes.py"/>
        <source>Passphrase needed</source>
        <translation>Passphrase nötig</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/causes.py"/>
        <source>{server} takes none of the keys that ssh has. Add yours to that account: {command}</source>
        <translation>{server} nimmt keinen der Schlüssel an, die ssh hat. Tragen Sie Ihren in das Konto dort ein: {command}</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/causes.py"/>
        <source>{server} hung up after too many wrong keys. Name the right one in your SSH configuration, with IdentityFile and IdentitiesOnly.</source>
        <translation>{server} hat nach zu vielen falschen Schlüsseln aufgelegt. Nennen Sie den richtigen in Ihrer SSH-Konfiguration, mit IdentityFile und IdentitiesOnly.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/causes.py"/>
        <source>{server} is not known here yet. Its key is {fingerprint}. Trust it only if its owner or its console says the same (--host-key).</source>
        <translation>{server} ist hier noch nicht bekannt. Sein Schlüssel ist {fingerprint}. Vertrauen Sie ihm nur, wenn sein Betreiber oder seine Konsole dasselbe sagt (--host-key).</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/causes.py"/>
        <source>Trust it</source>
        <translation>Vertrauen</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/causes.py"/>
        <source>Nobody reaches {url}: {remote} is open on {server} itself only. Let a web server there lead to it and name its address in Settings, or set GatewayPorts clientspecified in its sshd_config.</source>
        <translation>Niemand erreicht {url}: {remote} ist nur auf {server} selbst offen. Lassen Sie dort einen Webserver dorthin führen und geben Sie seine Adresse in den Einstellungen an, oder setzen Sie GatewayPorts clientspecified in seiner sshd_config.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/causes.py"/>
        <source>Server not known yet</source>
        <translation>Server noch unbekannt</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/causes.py"/>
        <source>A server on the way to {server} is not known here. Log in once in a terminal: {command}</source>
        <translation>Ein Server auf dem Weg zu {server} ist hier nicht bekannt. Melden Sie sich einmal in einem Terminal an: {command}</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/causes.py"/>
        <source>{field}: the server has another key than the one with this fingerprint, so it is not trusted.</source>
        <translation>{field}: Der Server hat einen anderen Schlüssel als den mit diesem Fingerabdruck, deshalb wird ihm nicht vertraut.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/causes.py"/>
        <source>Another key</source>
        <translation>Anderer Schlüssel</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/causes.py"/>
        <source>{server} has another key than before: it may have been set up anew, or somebody sits in between. Ask its owner. If the change is right, take the old key out of {file}.</source>
        <translation>{server} hat einen anderen Schlüssel als zuvor: Vielleicht wurde er neu aufgesetzt, vielleicht sitzt jemand dazwischen. Fragen Sie seinen Betreiber. Ist die Änderung richtig, nehmen Sie den alten Schlüssel aus {file}.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/causes.py"/>
        <source>{server} does not open {remote}: it is in use there, or not allowed (PermitListen, AllowTcpForwarding, a port below 1024). Choose another one.</source>
        <translation>{server} öffnet {remote} nicht: Dort ist das belegt oder nicht erlaubt (PermitListen, AllowTcpForwarding, ein Port unter 1024). Wählen Sie etwas anderes.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/causes.py"/>
        <source>{server} does not open {remote}: an old one may lie there, or it is not allowed. Remove it there, or set StreamLocalBindUnlink yes in its sshd_config.</source>
        <translation>{server} öffnet {remote} nicht: Vielleicht liegt dort ein alter Socket, oder es ist nicht erlaubt. Entfernen Sie ihn dort, oder setzen Sie StreamLocalBindUnlink yes in seiner sshd_config.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/causes.py"/>
        <source>{server} still holds {remote} for a connection of Portway that is gone. Portway tries again; ClientAliveInterval in its sshd_config lets it notice sooner.</source>
        <translation>{server} hält {remote} noch für eine Verbindung von Portway, die es nicht mehr gibt. Portway versucht es weiter; mit ClientAliveInterval in seiner sshd_config merkt er es früher.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/causes.py"/>
        <source>Still held</source>
        <translation>Noch belegt</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/causes.py"/>
        <source>Open inside only</source>
        <translation>Nur innen offen</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/causes.py"/>
        <source>{url} does not answer. It has to lead to {remote} on {server}; Portway keeps trying.</source>
        <translation>{url} antwortet nicht. Die Adresse muss zu {remote} auf {server} führen; Portway versucht es weiter.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/causes.py"/>
        <source>Address is silent</source>
        <translation>Adresse antwortet nicht</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/causes.py"/>
        <source>{url} answers with status {status}, and not from this computer. It has to lead to {remote} on {server}; Portway keeps trying.</source>
        <translation>{url} antwortet mit Status {status}, und nicht von diesem Computer. Die Adresse muss zu {remote} auf {server} führen; Portway versucht es weiter.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/causes.py"/>
        <source>The certificate of {url} is not valid, so visitors are warned away. Mend it there; Portway keeps trying.</source>
        <translation>Das Zertifikat von {url} ist nicht gültig, deshalb werden Besucher gewarnt. Richten Sie es dort; Portway versucht es weiter.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/causes.py"/>
        <source>Certificate not valid</source>
        <translation>Zertifikat ungültig</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/declaration.py"/>
        <source>Public, through a server of your own</source>
        <translation>Öffentlich, über einen eigenen Server</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/declaration.py"/>
        <source>Through a server of yours that lets you in by SSH: your name, your certificate, nobody in between.</source>
        <translation>Über einen Server von Ihnen, der Sie per SSH hereinlässt: Ihr Name, Ihr Zertifikat, niemand dazwischen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/declaration.py"/>
        <source>A server of your own. Its address stays.</source>
        <translation>Ein eigener Server. Seine Adresse bleibt.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/declaration.py"/>
        <source>Server</source>
        <translation>Server</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/declaration.py"/>
        <source>A name of your SSH configuration, or of a server: dev.example.com, me@dev.example.com.</source>
        <translation>Ein Name aus Ihrer SSH-Konfiguration oder der eines Servers: dev.example.com, ich@dev.example.com.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/declaration.py"/>
        <source>User</source>
        <translation>Benutzer</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/declaration.py"/>
        <source>Your name on the server. Without one, that of your SSH configuration.</source>
        <translation>Ihr Name auf dem Server. Ohne Angabe der aus Ihrer SSH-Konfiguration.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/declaration.py"/>
        <source>SSH port</source>
        <translation>SSH-Port</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/declaration.py"/>
        <source>Where the server takes SSH. Without one, that of your SSH configuration, else 22.</source>
        <translation>Wo der Server SSH annimmt. Ohne Angabe der Port aus Ihrer SSH-Konfiguration, sonst 22.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/declaration.py"/>
        <source>Port on the server</source>
        <translation>Port auf dem Server</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/declaration.py"/>
        <source>The port, or socket, that leads here, like 8022. Without one, the server chooses a port.</source>
        <translation>Der Port oder Socket, der hierher führt, etwa 8022. Ohne Angabe wählt der Server einen Port.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/declaration.py"/>
        <source>Public address</source>
        <translation>Öffentliche Adresse</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/declaration.py"/>
        <source>The address whose web server leads to that port. Without one, the port itself is opened, unencrypted.</source>
        <translation>Die Adresse, deren Webserver zu diesem Port führt. Ohne Angabe wird der Port selbst geöffnet, unverschlüsselt.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/declaration.py"/>
        <source>Fingerprint</source>
        <translation>Fingerabdruck</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/declaration.py"/>
        <source>Trust a server that is not known yet if its key has just this fingerprint.</source>
        <translation>Einem noch unbekannten Server vertrauen, wenn sein Schlüssel genau diesen Fingerabdruck hat.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/declaration.py"/>
        <source>a visit came through {server}</source>
        <translation>ein Besuch kam über {server} an</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/declaration.py"/>
        <source>This address is not encrypted: others on the way can read along. A web server on {server} with a certificate helps; name its address in Settings.</source>
        <translation>Diese Adresse ist nicht verschlüsselt: Andere auf dem Weg können mitlesen. Dagegen hilft ein Webserver mit Zertifikat auf {server}; geben Sie seine Adresse in den Einstellungen an.</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/starting.py"/>
        <source>Connecting to your server</source>
        <translation>Verbindung zu Ihrem Server</translation>
    </message>
    <message>
        <location filename="../../app/portway/backends/ssh/starting.py"/>
        <source>Visiting the public address</source>
        <translation>Besuch der öffentlichen Adresse</translation>
    </message>
</context>
<context>
    <name>dialogs</name>
    <message numerus="yes">
        <location filename="../../app/portway/gui/dialogs/quitting.py"/>
        <source>%n tunnels are up. Quitting stops them.</source>
        <translation>
            <numerusform>%n Tunnel ist aktiv. Das Beenden beendet ihn.</numerusform>
            <numerusform>%n Tunnel sind aktiv. Das Beenden beendet sie.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/quitting.py"/>
        <source>Stays up: {services}</source>
        <translation>Bleibt aktiv: {services}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/quitting.py"/>
        <source>Quit Portway?</source>
        <translation>Portway beenden?</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/quitting.py"/>
        <source>This desktop shows no tray icon, so only this window shows what is open.</source>
        <translation>Diese Arbeitsumgebung zeigt kein Symbol im Infobereich; nur dieses Fenster zeigt, was offen ist.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/no_home.py"/>
        <source>Portway cannot start</source>
        <translation>Portway kann nicht starten</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/no_home.py"/>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/no_home.py"/>
        <location filename="../../app/portway/gui/dialogs/quitting.py"/>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/guard_sentence.py"/>
        <source>Anyone with the link reaches {target}.</source>
        <translation>Wer den Link hat, erreicht {target}.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/consent.py"/>
        <source>Go public?</source>
        <translation>Veröffentlichen?</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/consent.py"/>
        <source>Go public</source>
        <translation>Veröffentlichen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/consent.py"/>
        <source>Protect…</source>
        <translation>Schützen …</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/add_tunnel.py"/>
        <source>Add a tunnel</source>
        <translation>Tunnel hinzufügen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/add_tunnel.py"/>
        <location filename="../../app/portway/gui/dialogs/own_tunnel.py"/>
        <location filename="../../app/portway/gui/dialogs/server_choice.py"/>
        <source>Your server</source>
        <translation>Ihr Server</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/add_tunnel.py"/>
        <source>Way</source>
        <translation>Weg</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/add_tunnel.py"/>
        <location filename="../../app/portway/gui/dialogs/own_tunnel.py"/>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/add_tunnel.py"/>
        <source>Who can open it</source>
        <translation>Wer öffnen kann</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/add_tunnel.py"/>
        <source>Start it now</source>
        <translation>Jetzt starten</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/add_tunnel.py"/>
        <location filename="../../app/portway/gui/dialogs/consent.py"/>
        <location filename="../../app/portway/gui/dialogs/own_tunnel.py"/>
        <location filename="../../app/portway/gui/dialogs/quitting.py"/>
        <location filename="../../app/portway/gui/dialogs/run_dialog.py"/>
        <location filename="../../app/portway/gui/dialogs/second_start.py"/>
        <location filename="../../app/portway/gui/help/diagnostics_dialog.py"/>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/add_tunnel.py"/>
        <source>Add and start</source>
        <translation>Hinzufügen und starten</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/add_tunnel.py"/>
        <source>In a terminal: {command}</source>
        <translation>In einem Terminal: {command}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/add_tunnel.py"/>
        <location filename="../../app/portway/gui/dialogs/address_list.py"/>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/add_tunnel.py"/>
        <source>Anyone on this network</source>
        <translation>Jeder in diesem Netz</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/add_tunnel.py"/>
        <source>Anyone with the link</source>
        <translation>Jeder mit dem Link</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/add_tunnel.py"/>
        <source>People with a password</source>
        <translation>Wer ein Passwort hat</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/add_tunnel.py"/>
        <source>As I choose…</source>
        <translation>Wie ich wähle…</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/add_tunnel.py"/>
        <source>Or a password, some addresses, a time limit</source>
        <translation>Oder ein Passwort, einzelne Adressen, ein Zeitlimit</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/add_tunnel.py"/>
        <source>One is made, and shown to you.</source>
        <translation>Es wird erzeugt und Ihnen gezeigt.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/add_tunnel.py"/>
        <source>You are asked before it is started.</source>
        <translation>Sie werden vor dem Start gefragt.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/add_tunnel.py"/>
        <source>“{name}” means something else. Choose another word.</source>
        <translation>„{name}“ bedeutet etwas anderes. Wählen Sie ein anderes Wort.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/add_tunnel.py"/>
        <source>Use small letters, digits and dashes, and a letter first: like shop or api-2.</source>
        <translation>Nur Kleinbuchstaben, Ziffern und Bindestriche, zuerst ein Buchstabe: wie shop oder api-2.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/quitting.py"/>
        <source>Do not ask again</source>
        <translation>Nicht mehr fragen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/quitting.py"/>
        <source>Close Portway?</source>
        <translation>Portway schließen?</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/quitting.py"/>
        <source>You can open it again from the applications menu.</source>
        <translation>Sie können es aus dem Anwendungsmenü wieder öffnen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/quitting.py"/>
        <source>Keep running</source>
        <translation>Weiterlaufen lassen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/quitting.py"/>
        <source>Stop tunnels and quit</source>
        <translation>Tunnel beenden und schließen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/run_dialog.py"/>
        <source>Run as administrator?</source>
        <translation>Als Administrator ausführen?</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/run_dialog.py"/>
        <source>Run this script as administrator?</source>
        <translation>Dieses Skript als Administrator ausführen?</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/run_dialog.py"/>
        <source>{count} bytes</source>
        <translation>{count} Byte</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/run_dialog.py"/>
        <source>Source</source>
        <translation>Quelle</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/run_dialog.py"/>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/run_dialog.py"/>
        <source>The script bears no signature and runs as root: it may change anything on this computer.</source>
        <translation>Das Skript trägt keine Signatur und läuft als root: Es darf alles auf diesem Rechner ändern.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/run_dialog.py"/>
        <source>Show the script</source>
        <translation>Skript zeigen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/run_dialog.py"/>
        <source>The script</source>
        <translation>Das Skript</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/run_dialog.py"/>
        <source>Your password on this computer</source>
        <translation>Ihr Passwort auf diesem Rechner</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/run_dialog.py"/>
        <source>Remember it</source>
        <translation>Merken</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/run_dialog.py"/>
        <source>Hide the script</source>
        <translation>Skript verbergen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/second_start.py"/>
        <source>Portway is running already</source>
        <translation>Portway läuft bereits</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/second_start.py"/>
        <source>Portway is running without a screen. Ending it stops its tunnels.</source>
        <translation>Portway läuft ohne Bildschirm. Wird es beendet, enden seine Tunnel.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/second_start.py"/>
        <source>End it and start here</source>
        <translation>Beenden und hier starten</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/protection.py"/>
        <source>Who can open {tunnel}</source>
        <translation>Wer {tunnel} öffnen darf</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/protection.py"/>
        <source>Password</source>
        <translation>Passwort</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/protection.py"/>
        <source>Visitors type it once; their browser then stays in until it stops.</source>
        <translation>Besucher geben es einmal ein; danach bleibt ihr Browser eingelassen, bis der Tunnel endet.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/protection.py"/>
        <source>Password for visitors</source>
        <translation>Passwort für Besucher</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/protection.py"/>
        <source>Show the password</source>
        <translation>Passwort zeigen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/protection.py"/>
        <source>Copy the password</source>
        <translation>Passwort kopieren</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/protection.py"/>
        <source>Make a new password</source>
        <translation>Neues Passwort erzeugen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/protection.py"/>
        <source>Copy one-time link</source>
        <translation>Einmal-Link kopieren</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/protection.py"/>
        <location filename="../../app/portway/gui/dialogs/rule_row.py"/>
        <source>It lets one device in without the password.</source>
        <translation>Er lässt ein Gerät ohne Passwort ein.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/protection.py"/>
        <source>Also as Basic login, for programs</source>
        <translation>Auch als Basic-Anmeldung, für Programme</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/protection.py"/>
        <source>Paths without a password, like POST /webhooks/*</source>
        <translation>Pfade ohne Passwort, etwa POST /webhooks/*</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/protection.py"/>
        <source>Except for</source>
        <translation>Außer für</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/address_list.py"/>
        <source>Allow {address}</source>
        <translation>{address} zulassen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/address_list.py"/>
        <source>Remove {address}</source>
        <translation>{address} entfernen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/address_list.py"/>
        <source>Only these addresses</source>
        <translation>Nur diese Adressen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/address_list.py"/>
        <source>Everybody else gets a short page that says no.</source>
        <translation>Alle anderen sehen eine kurze Seite, die ablehnt.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/address_list.py"/>
        <source>Addresses</source>
        <translation>Adressen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/address_list.py"/>
        <source>Address or range, like 192.0.2.0/24, and whose it is</source>
        <translation>Adresse oder Bereich wie 192.0.2.0/24, und wessen sie ist</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/address_list.py"/>
        <source>Add the address</source>
        <translation>Die Adresse hinzufügen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/address_list.py"/>
        <source>Since it came up. Kept in memory only: gone when it stops, never written to disk.</source>
        <translation>Seit er offen ist. Nur im Speicher: weg, wenn er endet, nie auf der Festplatte.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/address_list.py"/>
        <source>Kept out</source>
        <translation>Abgewiesen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/protection.py"/>
        <source>Read only</source>
        <translation>Nur lesen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/protection.py"/>
        <source>Visitors can look but not send: no forms, no uploads, no WebSocket.</source>
        <translation>Besucher können ansehen, aber nichts senden: keine Formulare, keine Uploads, kein WebSocket.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/protection.py"/>
        <source>Only some paths</source>
        <translation>Nur einige Pfade</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/protection.py"/>
        <source>For a webhook, allow /webhooks/* alone.</source>
        <translation>Für einen Webhook genügt /webhooks/*.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/protection.py"/>
        <source>Paths, like /webhooks/*</source>
        <translation>Pfade, etwa /webhooks/*</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/protection.py"/>
        <source>Stop by itself</source>
        <translation>Von selbst enden</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/protection.py"/>
        <source>Never</source>
        <translation>Nie</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/protection.py"/>
        <source>Until I log out</source>
        <translation>Bis ich mich abmelde</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/protection.py"/>
        <source>1 h longer</source>
        <translation>1 Std. länger</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/protection.py"/>
        <source>Not these addresses</source>
        <translation>Diese Adressen nicht</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/protection.py"/>
        <source>They are kept out, whatever else holds.</source>
        <translation>Sie bleiben draußen, was auch sonst gilt.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/protection.py"/>
        <source>Addresses to keep out, like 192.0.2.0/24</source>
        <translation>Adressen, die draußen bleiben, etwa 192.0.2.0/24</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/protection.py"/>
        <source>Not too often</source>
        <translation>Nicht zu oft</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/protection.py"/>
        <source>Who asks more often in a minute is told to wait.</source>
        <translation>Wer in einer Minute öfter anfragt, muss warten.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/protection.py"/>
        <source>Requests a minute of one visitor, like 60</source>
        <translation>Anfragen je Minute und Besucher, etwa 60</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/protection.py"/>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/protection.py"/>
        <source>Applies at once, also to visitors who are already in.</source>
        <translation>Gilt sofort, auch für Besucher, die schon da sind.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/protection.py"/>
        <source>More…</source>
        <translation>Mehr…</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/protection.py"/>
        <source>More rules</source>
        <translation>Mehr Regeln</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/protection.py"/>
        <source>Hide the password</source>
        <translation>Passwort verbergen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/guard_sentence.py"/>
        <source>Stops when you log out, or the computer goes to sleep. It does not come back by itself.</source>
        <translation>Endet, wenn Sie sich abmelden oder der Rechner in den Ruhezustand geht. Er kommt nicht von selbst wieder.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/guard_sentence.py"/>
        <source>It then closes without you, also while the computer sleeps.</source>
        <translation>Er schließt dann ohne Ihr Zutun, auch im Ruhezustand.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/guard_sentence.py"/>
        <source>Stops at {time}, in {left}, also while the computer sleeps.</source>
        <translation>Endet um {time}, in {left}, auch im Ruhezustand.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/guard_sentence.py"/>
        <source>It stops at {time}.</source>
        <translation>Er endet um {time}.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/guard_sentence.py"/>
        <source>It stops when you log out.</source>
        <translation>Er endet, wenn Sie sich abmelden.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/guard_sentence.py"/>
        <source>{paths} needs no password.</source>
        <translation>{paths} braucht kein Passwort.</translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/guard_sentence.py"/>
        <source>%n addresses are kept out.</source>
        <translation>
            <numerusform>%n Adresse bleibt draußen.</numerusform>
            <numerusform>%n Adressen bleiben draußen.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/guard_sentence.py"/>
        <source>At most %n requests a minute each.</source>
        <translation>
            <numerusform>Höchstens %n Anfrage je Minute und Besucher.</numerusform>
            <numerusform>Höchstens %n Anfragen je Minute und Besucher.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/guard_sentence.py"/>
        <source>Nobody reaches {target}.</source>
        <translation>Niemand erreicht {target}.</translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/guard_sentence.py"/>
        <source>%n addresses reach {target}, with the password.</source>
        <translation>
            <numerusform>%n Adresse erreicht {target}, mit dem Passwort.</numerusform>
            <numerusform>%n Adressen erreichen {target}, mit dem Passwort.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/guard_sentence.py"/>
        <source>Only %n addresses reach {target}.</source>
        <translation>
            <numerusform>Nur %n Adresse erreicht {target}.</numerusform>
            <numerusform>Nur %n Adressen erreichen {target}.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/guard_sentence.py"/>
        <source>Anyone with the link and the password reaches {target}.</source>
        <translation>Wer den Link und das Passwort hat, erreicht {target}.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/guard_sentence.py"/>
        <source>Nobody can open it.</source>
        <translation>Niemand kann ihn öffnen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/guard_sentence.py"/>
        <source>People with the password can open it, from {address}.</source>
        <translation>Wer das Passwort hat, kann ihn öffnen, von {address} aus.</translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/guard_sentence.py"/>
        <source>People with the password can open it, from %n addresses.</source>
        <translation>
            <numerusform>Wer das Passwort hat, kann ihn öffnen, von %n Adresse aus.</numerusform>
            <numerusform>Wer das Passwort hat, kann ihn öffnen, von %n Adressen aus.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/guard_sentence.py"/>
        <location filename="../../app/portway/gui/model/opening_words.py"/>
        <source>People with the password can open it.</source>
        <translation>Wer das Passwort hat, kann ihn öffnen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/guard_sentence.py"/>
        <source>Only {address} can open it.</source>
        <translation>Nur {address} kann ihn öffnen.</translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/guard_sentence.py"/>
        <source>Only %n addresses can open it.</source>
        <translation>
            <numerusform>Nur %n Adresse kann ihn öffnen.</numerusform>
            <numerusform>Nur %n Adressen können ihn öffnen.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/guard_sentence.py"/>
        <location filename="../../app/portway/gui/model/opening_words.py"/>
        <source>Anyone on this network can open it.</source>
        <translation>Jeder in diesem Netzwerk kann ihn öffnen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/guard_sentence.py"/>
        <location filename="../../app/portway/gui/model/opening_words.py"/>
        <source>Anyone with the link can open it.</source>
        <translation>Jeder mit dem Link kann ihn öffnen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/guard_sentence.py"/>
        <source>They can only look, and only at {paths}.</source>
        <translation>Besucher können nur ansehen, und nur {paths}.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/guard_sentence.py"/>
        <source>Only {paths} is open.</source>
        <translation>Offen ist nur {paths}.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/guard_sentence.py"/>
        <source>They can only look.</source>
        <translation>Besucher können nur ansehen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/own_tunnel.py"/>
        <source>In a terminal it stays {name}.</source>
        <translation>In einem Terminal bleibt es {name}.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/own_tunnel.py"/>
        <source>Edit the tunnel</source>
        <translation>Tunnel bearbeiten</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/own_tunnel.py"/>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/own_tunnel.py"/>
        <source>A port or an address. Without one, the default one. What is open leads there at once.</source>
        <translation>Ein Port oder eine Adresse. Ohne Angabe gilt der Standard. Was offen ist, führt sofort dorthin.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/own_tunnel.py"/>
        <source>Use at most 60 characters.</source>
        <translation>Höchstens 60 Zeichen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/own_tunnel.py"/>
        <source>Not duplicated</source>
        <translation>Nicht dupliziert</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/own_tunnel.py"/>
        <source>Remove this tunnel?</source>
        <translation>Diesen Tunnel entfernen?</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/own_tunnel.py"/>
        <source>Remove {name}?</source>
        <translation>{name} entfernen?</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/own_tunnel.py"/>
        <source>Its settings and its protection go with it. Your server stays as it is.</source>
        <translation>Seine Einstellungen und sein Schutz gehen mit. Ihr Server bleibt, wie er ist.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/own_tunnel.py"/>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/own_tunnel.py"/>
        <source>Not removed</source>
        <translation>Nicht entfernt</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/own_tunnel.py"/>
        <location filename="../../app/portway/gui/dialogs/streams.py"/>
        <location filename="../../app/portway/gui/help/help_window.py"/>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/server_choice.py"/>
        <source>Another one</source>
        <translation>Ein anderer</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/server_choice.py"/>
        <source>Port or address</source>
        <translation>Port oder Adresse</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/server_choice.py"/>
        <source>Port, or http://localhost:3000</source>
        <translation>Port oder http://localhost:3000</translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/dialogs/server_choice.py"/>
        <source>%n more ports</source>
        <translation>
            <numerusform>%n weiterer Port</numerusform>
            <numerusform>%n weitere Ports</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/server_choice.py"/>
        <source>already open as {name}</source>
        <translation>schon offen als {name}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/own_tunnel.py"/>
        <location filename="../../app/portway/gui/dialogs/server_choice.py"/>
        <source>Local server</source>
        <translation>Lokaler Server</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/rule_row.py"/>
        <source>Host name that the server sees</source>
        <translation>Host-Name, den der Server sieht</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/rule_row.py"/>
        <source>If it says “Blocked request” or “Invalid host”, choose its own.</source>
        <translation>Sagt er „Blocked request“ oder „Invalid host“, wählen Sie seinen eigenen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/rule_row.py"/>
        <source>As the visitor sent it</source>
        <translation>Wie vom Besucher gesendet</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/rule_row.py"/>
        <source>Its own: {host}</source>
        <translation>Sein eigener: {host}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/rule_row.py"/>
        <source>QR code of a one-time link</source>
        <translation>QR-Code eines Einmal-Links</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/rule_row.py"/>
        <source>lets one device in</source>
        <translation>lässt ein Gerät ein</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/address_list.py"/>
        <location filename="../../app/portway/gui/dialogs/caller_question.py"/>
        <source>Allow</source>
        <translation>Erlauben</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/caller_question.py"/>
        <source>Don&apos;t allow</source>
        <translation>Nicht erlauben</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/opening_words.py"/>
        <source>{program} wants to open a tunnel</source>
        <translation>{program} will einen Tunnel öffnen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/opening_words.py"/>
        <source>{target} by {service}.</source>
        <translation>{target} über {service}.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/opening_words.py"/>
        <source>It stops after {time}.</source>
        <translation>Nach {time} endet er.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/opening_words.py"/>
        <source>It stays until you turn it off.</source>
        <translation>Er bleibt, bis Sie ihn ausschalten.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/opening_words.py"/>
        <source>It ends with {program}.</source>
        <translation>Er endet mit {program}.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/kept_out.py"/>
        <source>visited {time} ago</source>
        <translation>zuletzt da vor {time}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/kept_out.py"/>
        <source>added {date}</source>
        <translation>hinzugefügt am {date}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/kept_out.py"/>
        <source>unknown address</source>
        <translation>unbekannte Adresse</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/kept_out.py"/>
        <source>kept out {time}</source>
        <translation>abgewiesen {time}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/kept_out.py"/>
        <source>asked for {path}</source>
        <translation>wollte {path}</translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/kept_out.py"/>
        <source>%n times</source>
        <translation>
            <numerusform>%n-mal</numerusform>
            <numerusform>%n-mal</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/streams.py"/>
        <source>What gets through {tunnel}</source>
        <translation>Was durch {tunnel} kommt</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/streams.py"/>
        <source>An event stream, a WebSocket, an upload of 0.3 MB and a wait of 110 s are sent through the link. Portway answers them itself. Cloudflare&apos;s resolver, or Google&apos;s, is told the name of the link.</source>
        <translation>Ein Ereignisstrom, ein WebSocket, ein Upload von 0,3 MB und eine Wartezeit von 110 s werden durch den Link geschickt. Portway beantwortet sie selbst. Der Namensdienst von Cloudflare oder Google erfährt den Namen des Links.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/streams.py"/>
        <source>Try it</source>
        <translation>Ausprobieren</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/streams.py"/>
        <source>not tried</source>
        <translation>nicht probiert</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/streams.py"/>
        <source>under way</source>
        <translation>läuft</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/dialogs/streams.py"/>
        <source>Try it again</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/help/help_window.py"/>
        <source>When something does not work</source>
        <translation>Wenn etwas nicht geht</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/help/help_window.py"/>
        <source>What it is about</source>
        <translation>Worum es geht</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/help/help_window.py"/>
        <source>What helps</source>
        <translation>Was hilft</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/help/help_window.py"/>
        <source>On the web</source>
        <translation>Im Web</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/help/diagnostics_dialog.py"/>
        <source>Save the diagnostics</source>
        <translation>Diagnose speichern</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/help/diagnostics_dialog.py"/>
        <source>Looking</source>
        <translation>Es wird nachgesehen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/help/diagnostics_dialog.py"/>
        <source>Which text</source>
        <translation>Welcher Text</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/help/diagnostics_dialog.py"/>
        <source>The text</source>
        <translation>Der Text</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/help/diagnostics_dialog.py"/>
        <source>Save…</source>
        <translation>Speichern …</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/help/diagnostics_dialog.py"/>
        <source>One file with these texts, for whoever helps you. Secrets, addresses, paths and names are taken out. Nothing is sent: it is saved where you say.</source>
        <translation>Eine Datei mit diesen Texten, für alle, die Ihnen helfen. Geheimnisse, Adressen, Pfade und Namen sind entfernt. Nichts wird gesendet: Sie wird gespeichert, wo Sie es sagen.</translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/help/diagnostics_dialog.py"/>
        <source>%n texts, {size}</source>
        <translation>
            <numerusform>%n Text, {size}</numerusform>
            <numerusform>%n Texte, {size}</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/help/diagnostics_dialog.py"/>
        <source>Zip file (*.zip)</source>
        <translation>Zip-Datei (*.zip)</translation>
    </message>
</context>
<context>
    <name>log</name>
    <message>
        <location filename="../../app/portway/gui/log/page.py"/>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/log/page.py"/>
        <source>Which tunnel</source>
        <translation>Welcher Tunnel</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/log/page.py"/>
        <source>All tunnels</source>
        <translation>Alle Tunnel</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/log/page.py"/>
        <source>Which lines</source>
        <translation>Welche Zeilen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/log/page.py"/>
        <source>Search in the log</source>
        <translation>Im Protokoll suchen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/log/page.py"/>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/log/page.py"/>
        <source>Follow new lines</source>
        <translation>Neuen Zeilen folgen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/log/page.py"/>
        <source>Copy the lines</source>
        <translation>Die Zeilen kopieren</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/log/page.py"/>
        <source>Copy line</source>
        <translation>Zeile kopieren</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/log/page.py"/>
        <source>Open folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/log/page.py"/>
        <source>Save…</source>
        <translation>Speichern…</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/log/page.py"/>
        <source>Save the log</source>
        <translation>Das Protokoll speichern</translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/log/page.py"/>
        <source>%n lines</source>
        <translation>
            <numerusform>%n Zeile</numerusform>
            <numerusform>%n Zeilen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/log/page.py"/>
        <source>%n warnings</source>
        <translation>
            <numerusform>%n Warnung</numerusform>
            <numerusform>%n Warnungen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/log/page.py"/>
        <source>%n errors</source>
        <translation>
            <numerusform>%n Fehler</numerusform>
            <numerusform>%n Fehler</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/log/page.py"/>
        <source>Tokens and passwords are never written.</source>
        <translation>Token und Passwörter werden nie geschrieben.</translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/log/page.py"/>
        <source>%n matches</source>
        <translation>
            <numerusform>%n Treffer</numerusform>
            <numerusform>%n Treffer</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/log/page.py"/>
        <source>Text (*.txt)</source>
        <translation>Text (*.txt)</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/log/page.py"/>
        <source>Everything</source>
        <translation>Alles</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/log/page.py"/>
        <source>Info and above</source>
        <translation>Ab Info</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/log/page.py"/>
        <source>Warnings and errors</source>
        <translation>Warnungen und Fehler</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/log/page.py"/>
        <source>Errors only</source>
        <translation>Nur Fehler</translation>
    </message>
</context>
<context>
    <name>notifications</name>
    <message>
        <location filename="../../app/portway/gui/notifications/wording.py"/>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/notifications/wording.py"/>
        <source>Allow</source>
        <translation>Erlauben</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/notifications/wording.py"/>
        <source>Don&apos;t allow</source>
        <translation>Nicht erlauben</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/notifications/wording.py"/>
        <source>Copy</source>
        <extracomment>Buttons of a notification: the public URL is copied, or opened in the browser.</extracomment>
        <translation>Kopieren</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/notifications/wording.py"/>
        <source>Open Portway</source>
        <translation>Portway öffnen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/notifications/wording.py"/>
        <source>Stop</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/notifications/wording.py"/>
        <source>{service} is up again</source>
        <translation>{service} ist wieder aktiv</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/notifications/wording.py"/>
        <source>{service} is up</source>
        <translation>{service} ist aktiv</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/notifications/wording.py"/>
        <source>{service} has a new URL</source>
        <translation>{service} hat eine neue URL</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/notifications/wording.py"/>
        <source>{service} is back</source>
        <translation>{service} ist zurück</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/notifications/wording.py"/>
        <source>{service} is lost</source>
        <translation>{service} ist verloren</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/notifications/wording.py"/>
        <source>{service} needs you</source>
        <translation>{service} braucht Sie</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/notifications/wording.py"/>
        <source>{service} has stopped</source>
        <translation>{service} wurde beendet</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/notifications/wording.py"/>
        <source>A device on this network has opened {url}.</source>
        <translation>Ein Gerät in diesem Netzwerk hat {url} geöffnet.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/notifications/wording.py"/>
        <source>First visitor</source>
        <translation>Erster Besucher</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/notifications/wording.py"/>
        <source>{service} is off</source>
        <translation>{service} ist aus</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/notifications/wording.py"/>
        <source>{url} closes at {time}.</source>
        <translation>{url} schließt um {time}.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/notifications/wording.py"/>
        <source>1 h longer</source>
        <translation>1 Std. länger</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/notifications/wording.py"/>
        <source>{service} stops soon</source>
        <translation>{service} endet bald</translation>
    </message>
</context>
<context>
    <name>requests</name>
    <message>
        <location filename="../../app/portway/gui/requests/actions.py"/>
        <source>Send {method} {path} again?</source>
        <translation>{method} {path} noch einmal senden?</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/actions.py"/>
        <source>Copied as curl. Masked values stand there as $TOKEN.</source>
        <translation>Als curl kopiert. Verdeckte Werte stehen dort als $TOKEN.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/actions.py"/>
        <source>The answer has no text that could be copied.</source>
        <translation>Die Antwort hat keinen Text, der sich kopieren ließe.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/actions.py"/>
        <source>Save requests: secrets are masked, bodies are not</source>
        <translation>Anfragen speichern: Geheimnisse sind verdeckt, Inhalte nicht</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/actions.py"/>
        <source>HTTP archive (*.har)</source>
        <translation>HTTP-Archiv (*.har)</translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/requests/actions.py"/>
        <source>%n requests were saved. Secrets are masked.</source>
        <translation>
            <numerusform>%n Anfrage wurde gespeichert. Geheimnisse sind verdeckt.</numerusform>
            <numerusform>%n Anfragen wurden gespeichert. Geheimnisse sind verdeckt.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/actions.py"/>
        <source>Send it again?</source>
        <translation>Noch einmal senden?</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/actions.py"/>
        <source>Whatever it did on your server, it does again.</source>
        <translation>Was sie auf Ihrem Server bewirkt hat, bewirkt sie noch einmal.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/actions.py"/>
        <location filename="../../app/portway/gui/requests/controls.py"/>
        <location filename="../../app/portway/gui/requests/detail/pane.py"/>
        <source>Replay</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/actions.py"/>
        <location filename="../../app/portway/gui/requests/detail/editor.py"/>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/actions.py"/>
        <source>Do not ask again</source>
        <translation>Nicht mehr fragen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/actions.py"/>
        <source>The tunnel of this request is not there any more.</source>
        <translation>Den Tunnel dieser Anfrage gibt es nicht mehr.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/actions.py"/>
        <location filename="../../app/portway/gui/requests/detail/pane.py"/>
        <source>This request is not kept any more: it made room for newer ones.</source>
        <translation>Diese Anfrage ist nicht mehr da: sie hat neueren Platz gemacht.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/body_view.py"/>
        <location filename="../../app/portway/gui/requests/detail/editor.py"/>
        <source>Body</source>
        <translation>Inhalt</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/body_view.py"/>
        <source>Pretty</source>
        <translation>Lesbar</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/body_view.py"/>
        <source>Raw</source>
        <translation>Roh</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/body_view.py"/>
        <source>Copy: {what}</source>
        <translation>Kopieren: {what}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/body_view.py"/>
        <source>A picture</source>
        <translation>Ein Bild</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/body_view.py"/>
        <source>none</source>
        <translation>keiner</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/body_view.py"/>
        <source>{size} passed. They made room for newer requests.</source>
        <translation>{size} gingen durch. Sie haben neueren Anfragen Platz gemacht.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/body_view.py"/>
        <source>{size} that are no text.</source>
        <translation>{size}, die kein Text sind.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/body_view.py"/>
        <source>{size} passed; of a long body only the beginning is kept.</source>
        <translation>{size} gingen durch; von einem langen Inhalt bleibt nur der Anfang.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/body_view.py"/>
        <source>Only the beginning is shown. A copy has all of it.</source>
        <translation>Nur der Anfang wird gezeigt. Eine Kopie hat alles.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/pane.py"/>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/controls.py"/>
        <location filename="../../app/portway/gui/requests/detail/pane.py"/>
        <source>Edit and replay…</source>
        <translation>Ändern und wiederholen…</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/controls.py"/>
        <location filename="../../app/portway/gui/requests/detail/pane.py"/>
        <source>Copy as curl</source>
        <translation>Als curl kopieren</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/pane.py"/>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/pane.py"/>
        <source>Show what came of the replay</source>
        <translation>Zeigen, was die Wiederholung ergab</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/pane.py"/>
        <source>Overview</source>
        <translation>Überblick</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/pane.py"/>
        <source>Request</source>
        <translation>Anfrage</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/pane.py"/>
        <source>Response</source>
        <translation>Antwort</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/pane.py"/>
        <source>Timing</source>
        <translation>Zeiten</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/pane.py"/>
        <source>Parts of the request</source>
        <translation>Teile der Anfrage</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/pane.py"/>
        <source>from {visitor}</source>
        <translation>von {visitor}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/pane.py"/>
        <source>Sending…</source>
        <translation>Wird gesendet…</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/pane.py"/>
        <source>Back to the list</source>
        <translation>Zurück zur Liste</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/pane.py"/>
        <source>Body of the request</source>
        <translation>Inhalt der Anfrage</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/pane.py"/>
        <source>Body of the answer</source>
        <translation>Inhalt der Antwort</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/pane.py"/>
        <source>Query</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/pane.py"/>
        <source>Headers</source>
        <translation>Kopfzeilen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/pane.py"/>
        <location filename="../../app/portway/gui/requests/model.py"/>
        <source>Path</source>
        <translation>Pfad</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/pane.py"/>
        <location filename="../../app/portway/gui/requests/filters.py"/>
        <location filename="../../app/portway/gui/requests/model.py"/>
        <source>Status</source>
        <translation>Status</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/pane.py"/>
        <source>Began</source>
        <translation>Beginn</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/pane.py"/>
        <source>Took</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/pane.py"/>
        <location filename="../../app/portway/gui/requests/model.py"/>
        <source>Visitor</source>
        <translation>Besucher</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/pane.py"/>
        <location filename="../../app/portway/gui/requests/model.py"/>
        <source>Tunnel</source>
        <translation>Tunnel</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/pane.py"/>
        <source>Sent</source>
        <translation>Gesendet</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/pane.py"/>
        <source>Received</source>
        <translation>Empfangen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/pane.py"/>
        <source>Number</source>
        <translation>Nummer</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/pane.py"/>
        <source>Replay of</source>
        <translation>Wiederholung von</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/pane.py"/>
        <source>number {number}</source>
        <translation>Nummer {number}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/pane.py"/>
        <source>Kept out by</source>
        <translation>Abgewiesen durch</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/pane.py"/>
        <source>No answer has come.</source>
        <translation>Es kam keine Antwort.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/pane.py"/>
        <source>First byte after</source>
        <translation>Erstes Byte nach</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/pane.py"/>
        <source>no answer yet</source>
        <translation>noch keine Antwort</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/pane.py"/>
        <source>Received in</source>
        <translation>Empfangen in</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/pane.py"/>
        <source>All in all</source>
        <translation>Insgesamt</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/editor.py"/>
        <source>The first line is method and path: GET /path</source>
        <translation>Die erste Zeile ist Methode und Pfad: GET /path</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/editor.py"/>
        <source>This line is no header: {line}</source>
        <translation>Diese Zeile ist keine Kopfzeile: {line}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/editor.py"/>
        <source>A masked value cannot be changed in part: write it whole, or take the line out.</source>
        <translation>Ein verdeckter Wert lässt sich nicht teilweise ändern: Schreiben Sie ihn ganz, oder nehmen Sie die Zeile heraus.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/editor.py"/>
        <source>Edit and replay</source>
        <translation>Ändern und wiederholen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/editor.py"/>
        <source>Method, path and headers</source>
        <translation>Methode, Pfad und Kopfzeilen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/editor.py"/>
        <source>Send</source>
        <translation>Senden</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/editor.py"/>
        <source>Send it to your server</source>
        <translation>An Ihren Server senden</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/editor.py"/>
        <source>The body of {size} is no plain text: it is sent as it was.</source>
        <translation>Der Inhalt von {size} ist kein reiner Text: er wird gesendet, wie er war.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/editor.py"/>
        <source>Not all of the body was kept: what stands here is sent.</source>
        <translation>Nicht der ganze Inhalt ist noch da: gesendet wird, was hier steht.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/editor.py"/>
        <source>It goes to your server as it stands here; lengths are counted anew.</source>
        <translation>Es geht an Ihren Server, wie es hier steht; Längen werden neu gezählt.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/editor.py"/>
        <source>What is masked is sent as it was.</source>
        <translation>Was verdeckt ist, wird gesendet, wie es war.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/empty.py"/>
        <source>Copy the link</source>
        <translation>Link kopieren</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/empty.py"/>
        <source>QR code…</source>
        <translation>QR-Code…</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/empty.py"/>
        <source>Show the tunnels</source>
        <translation>Tunnel zeigen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/empty.py"/>
        <location filename="../../app/portway/gui/requests/notice.py"/>
        <source>Record its requests</source>
        <translation>Anfragen aufzeichnen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/empty.py"/>
        <source>or try it here:</source>
        <translation>oder hier ausprobieren:</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/empty.py"/>
        <source>Scan it with the camera of a phone.</source>
        <translation>Mit der Kamera eines Telefons scannen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/empty.py"/>
        <source>Turn a tunnel on: each request of a visitor appears here the moment it comes.</source>
        <translation>Schalten Sie einen Tunnel ein: Jede Anfrage eines Besuchers erscheint hier, sobald sie kommt.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/empty.py"/>
        <source>Nothing is open</source>
        <translation>Nichts ist offen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/empty.py"/>
        <source>No visitor yet</source>
        <translation>Noch kein Besucher</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/empty.py"/>
        <source>Open {name} on your phone, or send the link to somebody. Each request appears here the moment it comes.</source>
        <translation>Öffnen Sie {name} auf Ihrem Telefon, oder schicken Sie jemandem den Link. Jede Anfrage erscheint hier, sobald sie kommt.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/empty.py"/>
        <source>The requests of {name} are not recorded</source>
        <translation>Die Anfragen an {name} werden nicht aufgezeichnet</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/empty.py"/>
        <source>It was turned on without that. Record them now: the link stays, and nothing is written to disk.</source>
        <translation>Der Tunnel wurde ohne Aufzeichnung eingeschaltet. Zeichnen Sie ab jetzt auf: Der Link bleibt, und nichts wird auf die Festplatte geschrieben.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/empty.py"/>
        <source>The requests of {name} cannot be recorded</source>
        <translation>Die Anfragen an {name} lassen sich nicht aufzeichnen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/empty.py"/>
        <source>A tunnel that stays up after quitting leads straight to your server, past Portway.</source>
        <translation>Ein Tunnel, der nach dem Beenden offen bleibt, führt an Portway vorbei direkt zu Ihrem Server.</translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/requests/detail/fields.py"/>
        <source>%n more are not shown here. A copy as curl has them.</source>
        <translation>
            <numerusform>%n weitere wird hier nicht gezeigt. Eine Kopie als curl hat sie.</numerusform>
            <numerusform>%n weitere werden hier nicht gezeigt. Eine Kopie als curl hat sie.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/fields.py"/>
        <source>Show {name}</source>
        <translation>{name} zeigen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/fields.py"/>
        <source>Copy value</source>
        <translation>Wert kopieren</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/detail/fields.py"/>
        <source>Hide {name}</source>
        <translation>{name} verdecken</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/filters.py"/>
        <source>Search in requests</source>
        <translation>In Anfragen suchen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/filters.py"/>
        <source>Path, header, body or visitor</source>
        <translation>Pfad, Kopfzeile, Inhalt oder Besucher</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/filters.py"/>
        <location filename="../../app/portway/gui/requests/model.py"/>
        <source>Method</source>
        <translation>Methode</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/filters.py"/>
        <source>Any method</source>
        <translation>Jede Methode</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/filters.py"/>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/filters.py"/>
        <source>Which tunnel</source>
        <translation>Welcher Tunnel</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/filters.py"/>
        <source>All tunnels</source>
        <translation>Alle Tunnel</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/model.py"/>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/model.py"/>
        <source>Type</source>
        <translation>Art</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/model.py"/>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/model.py"/>
        <source>Duration</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/layout.py"/>
        <location filename="../../app/portway/gui/requests/table.py"/>
        <source>Requests</source>
        <translation>Anfragen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/layout.py"/>
        <location filename="../../app/portway/gui/requests/page.py"/>
        <source>Pause</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/layout.py"/>
        <source>Clear</source>
        <translation>Leeren</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/layout.py"/>
        <source>Clear the list</source>
        <translation>Liste leeren</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/layout.py"/>
        <source>Save HAR…</source>
        <translation>HAR speichern…</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/layout.py"/>
        <source>Save as an HTTP archive</source>
        <translation>Als HTTP-Archiv speichern</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/layout.py"/>
        <source>One request</source>
        <translation>Eine Anfrage</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/layout.py"/>
        <source>HAR…</source>
        <translation>HAR…</translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/requests/page.py"/>
        <source>%n since {time}.</source>
        <translation>
            <numerusform>%n seit {time}.</numerusform>
            <numerusform>%n seit {time}.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/page.py"/>
        <source>Kept in memory only: gone when Portway quits, never written to disk.</source>
        <translation>Nur im Speicher: weg, wenn Portway endet, nie auf der Festplatte.</translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/requests/page.py"/>
        <source>%n shown</source>
        <translation>
            <numerusform>%n gezeigt</numerusform>
            <numerusform>%n gezeigt</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/notice.py"/>
        <source>Paused: the list stands still. What comes now is shown when you go on.</source>
        <translation>Angehalten: Die Liste steht still. Was jetzt kommt, erscheint beim Fortsetzen.</translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/requests/notice.py"/>
        <source>%n older ones were dropped.</source>
        <translation>
            <numerusform>%n ältere ist entfallen.</numerusform>
            <numerusform>%n ältere sind entfallen.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/notice.py"/>
        <source>Not recorded: {names}.</source>
        <translation>Nicht aufgezeichnet: {names}.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/page.py"/>
        <source>Go on</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/controls.py"/>
        <source>Sent again: {status}, {time}</source>
        <translation>Noch einmal gesendet: {status}, {time}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/controls.py"/>
        <source>Copy path</source>
        <translation>Pfad kopieren</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/controls.py"/>
        <source>Copy response</source>
        <translation>Antwort kopieren</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/plot.py"/>
        <source>The last ten minutes</source>
        <translation>Die letzten zehn Minuten</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/plot.py"/>
        <source>In the last ten minutes: {answered} answered, {failed} failed</source>
        <extracomment>Read out in place of the plot.</extracomment>
        <translation>In den letzten zehn Minuten: {answered} beantwortet, {failed} fehlgeschlagen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/plot.py"/>
        <source>10 min ago</source>
        <translation>vor 10 min</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/plot.py"/>
        <source>now</source>
        <translation>jetzt</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/plot.py"/>
        <source>up: answered</source>
        <translation>oben: beantwortet</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/plot.py"/>
        <source>down: failed</source>
        <translation>unten: fehlgeschlagen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/plot.py"/>
        <source>per second</source>
        <translation>pro Sekunde</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/plot.py"/>
        <location filename="../../app/portway/gui/requests/words.py"/>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/plot.py"/>
        <source>median</source>
        <translation>Median</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/plot.py"/>
        <source>visitors</source>
        <translation>Besucher</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/table.py"/>
        <source>No request is like that.</source>
        <translation>Keine Anfrage passt dazu.</translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/requests/table.py"/>
        <source>%n new</source>
        <translation>
            <numerusform>%n neue</numerusform>
            <numerusform>%n neue</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/table.py"/>
        <source>Columns</source>
        <translation>Spalten</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/cells.py"/>
        <source>replayed</source>
        <translation>wiederholt</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/cells.py"/>
        <source>kept out</source>
        <translation>abgewiesen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/words.py"/>
        <source>waits</source>
        <translation>wartet</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/words.py"/>
        <source>Kept out by a rule of this tunnel: your server never saw it.</source>
        <translation>Von einer Regel dieses Tunnels abgewiesen: Ihr Server hat sie nie gesehen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/words.py"/>
        <source>A WebSocket that is open. What passes in it is counted, not recorded.</source>
        <translation>Ein offener WebSocket. Was durch ihn geht, wird gezählt, nicht aufgezeichnet.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/words.py"/>
        <source>It is still going on.</source>
        <translation>Sie läuft noch.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/words.py"/>
        <source>One side went before the end.</source>
        <translation>Eine Seite hat vor dem Ende abgebrochen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/words.py"/>
        <source>Portway answered it: your server never saw it.</source>
        <translation>Portway hat sie beantwortet: Ihr Server hat sie nie gesehen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/words.py"/>
        <source>Your server did not answer, so Portway did.</source>
        <translation>Ihr Server hat nicht geantwortet, deshalb hat es Portway getan.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/words.py"/>
        <source>It came to its end.</source>
        <translation>Sie ist abgeschlossen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/words.py"/>
        <source>{count} B</source>
        <translation>{count} B</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/words.py"/>
        <source>{count} KB</source>
        <extracomment>Kilobytes, megabytes, gigabytes.</extracomment>
        <translation>{count} KB</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/words.py"/>
        <source>{count} MB</source>
        <translation>{count} MB</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/words.py"/>
        <source>{count} GB</source>
        <translation>{count} GB</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/words.py"/>
        <source>&lt; 1 ms</source>
        <translation>&lt; 1 ms</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/words.py"/>
        <source>{count} ms</source>
        <translation>{count} ms</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/words.py"/>
        <source>{seconds} s</source>
        <translation>{seconds} s</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/requests/words.py"/>
        <source>open for {time}</source>
        <translation>offen seit {time}</translation>
    </message>
</context>
<context>
    <name>settings</name>
    <message>
        <location filename="../../app/portway/gui/settings/about_page.py"/>
        <source>About</source>
        <translation>Über Portway</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/about_page.py"/>
        <source>Version {version}</source>
        <translation>Version {version}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/about_page.py"/>
        <source>An address for your local server, from the tray.</source>
        <translation>Eine Adresse für Ihren lokalen Server, aus dem Infobereich.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/trouble_rows.py"/>
        <source>Copy the diagnostics</source>
        <translation>Die Diagnose kopieren</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/about_page.py"/>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/about_page.py"/>
        <source>Parts</source>
        <translation>Bestandteile</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/about_page.py"/>
        <source>Free software under the GNU General Public License, version 3 or later. Cloudflare, ngrok and Tailscale are services of their owners; Portway is not connected with them.</source>
        <translation>Freie Software unter der GNU General Public License, Version 3 oder neuer. Cloudflare, ngrok und Tailscale sind Dienste ihrer Anbieter; Portway ist nicht mit ihnen verbunden.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/about_page.py"/>
        <source>It was not made by a release of Portway. Ask where you got it.</source>
        <translation>Sie stammt aus keiner Veröffentlichung von Portway. Fragen Sie dort, wo Sie sie bekommen haben.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/about_page.py"/>
        <source>This copy does not know where newer versions are</source>
        <translation>Diese Kopie weiß nicht, wo es neuere Versionen gibt</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/about_page.py"/>
        <location filename="../../app/portway/gui/settings/update_rows.py"/>
        <source>New versions</source>
        <translation>Neue Versionen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/about_page.py"/>
        <source>Licence of {part}</source>
        <translation>Lizenz von {part}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/advanced_page.py"/>
        <source>Advanced</source>
        <translation>Erweitert</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/advanced_page.py"/>
        <source>The log, folders, and the ways back.</source>
        <translation>Das Protokoll, Ordner und die Wege zurück.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/advanced_page.py"/>
        <location filename="../../app/portway/gui/settings/backend_page.py"/>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/advanced_page.py"/>
        <source>Folders</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/advanced_page.py"/>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/advanced_page.py"/>
        <source>Logs</source>
        <translation>Protokolle</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/advanced_page.py"/>
        <source>Programs that Portway has fetched</source>
        <translation>Programme, die Portway geladen hat</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/trouble_rows.py"/>
        <source>Open the help</source>
        <translation>Hilfe öffnen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/trouble_rows.py"/>
        <source>Help</source>
        <translation>Hilfe</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/trouble_rows.py"/>
        <source>What one sees, why that is, and what to do.</source>
        <translation>Was man sieht, woran es liegt und was zu tun ist.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/trouble_rows.py"/>
        <source>Save…</source>
        <translation>Speichern…</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/trouble_rows.py"/>
        <source>Save the diagnostics</source>
        <translation>Die Diagnose speichern</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/trouble_rows.py"/>
        <source>For those who help you: versions, states and, if saved, the ends of the logs. No secrets, no addresses.</source>
        <translation>Für alle, die Ihnen helfen: Versionen, Zustände und beim Speichern auch die letzten Zeilen der Protokolle. Keine Geheimnisse, keine Adressen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/trouble_rows.py"/>
        <source>Diagnostics</source>
        <translation>Diagnose</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/trouble_rows.py"/>
        <source>When something is wrong</source>
        <translation>Wenn etwas nicht stimmt</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/advanced_page.py"/>
        <source>Reset…</source>
        <translation>Zurücksetzen…</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/advanced_page.py"/>
        <source>Reset all settings</source>
        <translation>Alle Einstellungen zurücksetzen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/advanced_page.py"/>
        <source>Tokens and passwords stay.</source>
        <translation>Token und Passwörter bleiben.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/advanced_page.py"/>
        <source>Remove…</source>
        <translation>Entfernen…</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/advanced_page.py"/>
        <source>Remove all my data</source>
        <translation>Alle meine Daten entfernen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/advanced_page.py"/>
        <source>Stops every tunnel, removes tokens, settings, logs and fetched programs, and quits Portway.</source>
        <translation>Beendet alle Tunnel, entfernt Token, Einstellungen, Protokolle und geladene Programme und beendet Portway.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/advanced_page.py"/>
        <source>Ways back</source>
        <translation>Wege zurück</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/advanced_page.py"/>
        <location filename="../../app/portway/gui/settings/trouble_rows.py"/>
        <location filename="../../app/portway/gui/settings/update_rows.py"/>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/advanced_page.py"/>
        <source>Open the folder: {what}</source>
        <translation>Ordner öffnen: {what}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/advanced_page.py"/>
        <source>Do it</source>
        <translation>Ausführen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/advanced_page.py"/>
        <source>Everything in Settings gets its default again.</source>
        <translation>Alle Einstellungen erhalten wieder ihren Anfangswert.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/advanced_page.py"/>
        <source>There is no way back from this.</source>
        <translation>Das lässt sich nicht rückgängig machen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/advanced_page.py"/>
        <source>Everything</source>
        <translation>Alles</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/advanced_page.py"/>
        <source>Normal</source>
        <translation>Normal</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/advanced_page.py"/>
        <source>Warnings and errors</source>
        <translation>Warnungen und Fehler</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/advanced_page.py"/>
        <source>Errors only</source>
        <translation>Nur Fehler</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/api_page.py"/>
        <source>For scripts and other programs on this computer. Nobody else can reach it.</source>
        <translation>Für Skripte und andere Programme auf diesem Rechner. Niemand sonst erreicht sie.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/api_page.py"/>
        <source>API</source>
        <translation>API</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/api_page.py"/>
        <source>Copy the address of the API</source>
        <translation>Die Adresse der API kopieren</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/api_page.py"/>
        <source>Server</source>
        <translation>Server</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/api_page.py"/>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/api_page.py"/>
        <source>Show the token</source>
        <translation>Das Token zeigen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/api_page.py"/>
        <source>Renew…</source>
        <translation>Erneuern…</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/api_page.py"/>
        <source>Renew the token</source>
        <translation>Das Token erneuern</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/api_page.py"/>
        <source>Programs send it as “Authorization: Bearer …”.</source>
        <translation>Programme senden es als „Authorization: Bearer …“.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/api_page.py"/>
        <source>Token</source>
        <translation>Token</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/api_page.py"/>
        <source>Copy the token</source>
        <translation>Das Token kopieren</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/api_page.py"/>
        <source>Access</source>
        <translation>Zugang</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/api_page.py"/>
        <source>Listening</source>
        <translation>Lauscht</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/api_page.py"/>
        <source>Not listening</source>
        <translation>Lauscht nicht</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/api_page.py"/>
        <source>Port {port} is used from the next start of Portway.</source>
        <translation>Port {port} gilt ab dem nächsten Start von Portway.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/api_page.py"/>
        <source>Renew now</source>
        <translation>Jetzt erneuern</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/api_page.py"/>
        <source>The old token is void then: give the new one to every program.</source>
        <translation>Das alte Token gilt dann nicht mehr: Geben Sie allen Programmen das neue.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/api_page.py"/>
        <source>Hide</source>
        <translation>Verbergen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/api_page.py"/>
        <source>Hide the token</source>
        <translation>Das Token verbergen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/api_page.py"/>
        <source>Never</source>
        <translation>Nie</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/api_page.py"/>
        <source>Ask me</source>
        <translation>Mich fragen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/api_page.py"/>
        <source>Local network only</source>
        <translation>Nur lokales Netzwerk</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/api_page.py"/>
        <source>Anything</source>
        <translation>Alles</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/backend_page.py"/>
        <source>Restart {service} now</source>
        <translation>{service} jetzt neu starten</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/backend_page.py"/>
        <source>Options</source>
        <translation>Optionen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/backend_page.py"/>
        <source>Account</source>
        <translation>Konto</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/backend_page.py"/>
        <source>Stored password</source>
        <translation>Gespeichertes Passwort</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/backend_page.py"/>
        <source>Password</source>
        <translation>Passwort</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/backend_page.py"/>
        <source>Check again</source>
        <translation>Erneut prüfen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/backend_page.py"/>
        <source>Look for the program again</source>
        <translation>Das Programm erneut suchen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/backend_page.py"/>
        <source>Program</source>
        <translation>Programm</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/backend_page.py"/>
        <source>Show log</source>
        <translation>Protokoll zeigen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/backend_page.py"/>
        <source>version {version}</source>
        <translation>Version {version}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/backend_page.py"/>
        <source>part of Portway</source>
        <translation>Teil von Portway</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/backend_page.py"/>
        <source>Not available here</source>
        <translation>Hier nicht verfügbar</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/backend_page.py"/>
        <source>Not installed</source>
        <translation>Nicht installiert</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/backend_page.py"/>
        <source>Fetched by Portway</source>
        <translation>Von Portway geladen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/backend_page.py"/>
        <source>Installed</source>
        <translation>Installiert</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/backend_page.py"/>
        <source>{service} is running. From the next start it uses what you changed: {names}.</source>
        <translation>{service} ist aktiv. Ab dem nächsten Start gilt, was Sie geändert haben: {names}.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/declared_page.py"/>
        <source>Reset this page</source>
        <translation>Diese Seite zurücksetzen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/field.py"/>
        <source>Set by {variable} in the environment.</source>
        <translation>Von {variable} in der Umgebung gesetzt.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/general_page.py"/>
        <source>General</source>
        <translation>Allgemein</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/general_page.py"/>
        <source>Your server, and how Portway behaves.</source>
        <translation>Ihr Server, und wie sich Portway verhält.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/general_page.py"/>
        <source>The address at which your server listens.</source>
        <translation>Die Adresse, auf der Ihr Server lauscht.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/general_page.py"/>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/general_page.py"/>
        <source>Local server</source>
        <translation>Lokaler Server</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/general_page.py"/>
        <source>At start</source>
        <translation>Beim Start</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/general_page.py"/>
        <source>Start Portway when I log in</source>
        <translation>Portway beim Anmelden starten</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/general_page.py"/>
        <source>Start in the background, as an icon only</source>
        <translation>Im Hintergrund starten, nur als Symbol</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/general_page.py"/>
        <source>Restore the tunnels of the last session</source>
        <translation>Tunnel der letzten Sitzung wiederherstellen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/general_page.py"/>
        <source>When a tunnel is up</source>
        <translation>Wenn ein Tunnel aktiv wird</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/general_page.py"/>
        <source>Copy the address to the clipboard</source>
        <translation>Adresse in die Zwischenablage kopieren</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/general_page.py"/>
        <source>Show the API address</source>
        <translation>Die API-Adresse zeigen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/general_page.py"/>
        <source>{size} MB</source>
        <translation>{size} MB</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/general_page.py"/>
        <source>Requests</source>
        <translation>Anfragen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/general_page.py"/>
        <source>When Portway is quit</source>
        <translation>Beim Beenden</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/general_page.py"/>
        <source>Leave tunnels up</source>
        <translation>Tunnel weiterlaufen lassen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/general_page.py"/>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/general_page.py"/>
        <source>Default way</source>
        <translation>Standardweg</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/general_page.py"/>
        <source>At present another copy of Portway is started.</source>
        <translation>Zurzeit wird ein anderes Portway gestartet.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/general_page.py"/>
        <source>It is switched off in the settings of the system.</source>
        <translation>In den Einstellungen des Systems ist es abgeschaltet.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/general_page.py"/>
        <source>System language</source>
        <translation>Sprache des Systems</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/general_page.py"/>
        <source>System</source>
        <translation>System</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/general_page.py"/>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/general_page.py"/>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/hooks_page.py"/>
        <source>Hand the address on by itself: to the .env file of a project, or to a program of yours.</source>
        <translation>Die Adresse von selbst weitergeben: in die .env-Datei eines Projekts oder an ein Programm von Ihnen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/hooks_page.py"/>
        <source>Hooks</source>
        <translation>Weitergabe</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/hooks_page.py"/>
        <source>Every tunnel</source>
        <translation>Jeder Tunnel</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/hooks_page.py"/>
        <source>Which tunnel</source>
        <translation>Welcher Tunnel</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/hooks_page.py"/>
        <source>Last time</source>
        <translation>Letztes Mal</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/hooks_page.py"/>
        <source>Not run yet.</source>
        <translation>Noch nicht ausgeführt.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/hooks_page.py"/>
        <source>A line in a file</source>
        <translation>Eine Zeile in einer Datei</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/hooks_page.py"/>
        <source>A command</source>
        <translation>Ein Befehl</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/hooks_page.py"/>
        <source>Try now</source>
        <translation>Jetzt versuchen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/hooks_page.py"/>
        <source>Runs what is set, with the address that is up now, else with that of your local server.</source>
        <translation>Führt aus, was eingestellt ist, mit der Adresse, die jetzt aktiv ist, sonst mit der Ihres lokalen Servers.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/hooks_page.py"/>
        <source>Try it</source>
        <translation>Ausprobieren</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/hooks_page.py"/>
        <source>{name} (removed)</source>
        <translation>{name} (entfernt)</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/hooks_page.py"/>
        <source>Done</source>
        <translation>Erledigt</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/hooks_page.py"/>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/notifications_page.py"/>
        <source>What Portway tells while its window is not in front. Never what you have just clicked.</source>
        <translation>Was Portway meldet, während sein Fenster nicht vorn ist. Nie, was Sie gerade geklickt haben.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/notifications_page.py"/>
        <source>Notifications</source>
        <translation>Mitteilungen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/notifications_page.py"/>
        <source>Notify me</source>
        <translation>Mitteilen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/secret_rows.py"/>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/secret_rows.py"/>
        <source>Remove {what}</source>
        <translation>Entfernen: {what}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/secret_rows.py"/>
        <source>None</source>
        <translation>Keines</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/secret_rows.py"/>
        <source>Kept in the system keyring</source>
        <translation>Im Schlüsselbund des Systems</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/secret_rows.py"/>
        <source>Held until Portway ends</source>
        <translation>Bis zum Ende von Portway gemerkt</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/secret_rows.py"/>
        <source>Enter…</source>
        <translation>Eingeben…</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/secret_rows.py"/>
        <source>Get a token</source>
        <translation>Token holen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/secret_rows.py"/>
        <source>Sign up</source>
        <translation>Registrieren</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/secret_rows.py"/>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/secret_rows.py"/>
        <source>Replace…</source>
        <translation>Ersetzen…</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/secret_rows.py"/>
        <source>From {variable}</source>
        <translation>Aus {variable}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/update_rows.py"/>
        <source>Look now</source>
        <translation>Jetzt nachsehen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/update_rows.py"/>
        <source>Look for a newer version now</source>
        <translation>Jetzt nach einer neueren Version sehen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/update_rows.py"/>
        <source>Open the page</source>
        <translation>Seite öffnen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/update_rows.py"/>
        <source>Newest version</source>
        <translation>Neueste Version</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/update_rows.py"/>
        <source>Yes</source>
        <translation>Ja</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/update_rows.py"/>
        <source>Yes, look for new versions</source>
        <translation>Ja, nach neuen Versionen sehen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/update_rows.py"/>
        <source>No</source>
        <translation>Nein</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/update_rows.py"/>
        <source>No, do not look for new versions</source>
        <translation>Nein, nicht nach neuen Versionen sehen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/update_rows.py"/>
        <source>Once a day, when you open this page, {host} is asked. Nothing is downloaded.</source>
        <translation>Einmal am Tag, wenn Sie diese Seite öffnen, wird {host} gefragt. Nichts wird heruntergeladen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/update_rows.py"/>
        <source>Look for new versions?</source>
        <translation>Nach neuen Versionen sehen?</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/update_rows.py"/>
        <source>Look for new versions</source>
        <translation>Nach neuen Versionen sehen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/update_rows.py"/>
        <source>Asking {host}</source>
        <translation>{host} wird gefragt</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/update_rows.py"/>
        <source>Version {version} is there</source>
        <translation>Es gibt Version {version}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/update_rows.py"/>
        <source>You have the newest version</source>
        <translation>Sie haben die neueste Version</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/update_rows.py"/>
        <source>On the web</source>
        <translation>Im Web</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/update_rows.py"/>
        <source>Website</source>
        <translation>Website</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/update_rows.py"/>
        <source>Open the website</source>
        <translation>Die Website öffnen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/update_rows.py"/>
        <source>Documentation</source>
        <translation>Dokumentation</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/settings/update_rows.py"/>
        <source>Open the documentation</source>
        <translation>Die Dokumentation öffnen</translation>
    </message>
</context>
<context>
    <name>tray</name>
    <message>
        <location filename="../../app/portway/gui/tray/menu.py"/>
        <source>Stop all</source>
        <translation>Alle beenden</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/tray/menu.py"/>
        <source>Open Portway</source>
        <translation>Portway öffnen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/tray/menu.py"/>
        <source>Requests</source>
        <translation>Anfragen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/tray/menu.py"/>
        <source>Settings…</source>
        <translation>Einstellungen…</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/tray/menu.py"/>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/tray/rows.py"/>
        <source>More for local network</source>
        <translation>Mehr zum lokalen Netzwerk</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/tray/rows.py"/>
        <source>More for {service}</source>
        <translation>Mehr zu {service}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/tray/rows.py"/>
        <source>{service}: not available here</source>
        <translation>{service}: hier nicht verfügbar</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/tray/rows.py"/>
        <source>{service}: stopping</source>
        <translation>{service}: wird beendet</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/tray/rows.py"/>
        <source>{service}: reconnecting</source>
        <translation>{service}: verbindet wieder</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/tray/rows.py"/>
        <source>{service}: starting</source>
        <translation>{service}: startet</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/tray/rows.py"/>
        <source>{service}: not installed</source>
        <translation>{service}: nicht installiert</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/tray/rows.py"/>
        <source>{service}: off</source>
        <translation>{service}: aus</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/tray/rows.py"/>
        <source>{service}: still running</source>
        <translation>{service}: noch aktiv</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/tray/rows.py"/>
        <source>Copy {link}</source>
        <translation>{link} kopieren</translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/tray/rows.py"/>
        <source>{headline}, %n visitors now</source>
        <translation>
            <numerusform>{headline}, jetzt %n Besucher</numerusform>
            <numerusform>{headline}, jetzt %n Besucher</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/tray/rows.py"/>
        <source>{service}: running, open to nobody</source>
        <translation>{service}: läuft, für niemanden offen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/tray/rows.py"/>
        <source>{service}: running</source>
        <translation>{service}: aktiv</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/tray/rows.py"/>
        <source>{service}: server refuses visitors</source>
        <translation>{service}: Server weist Besucher ab</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/tray/rows.py"/>
        <source>{service}: server is not understood</source>
        <translation>{service}: Server wird nicht verstanden</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/tray/rows.py"/>
        <source>{service}: server does not answer</source>
        <translation>{service}: Server antwortet nicht</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/tray/rows.py"/>
        <source>{service}: token needed</source>
        <translation>{service}: Token nötig</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/tray/rows.py"/>
        <source>{service}: log-in needed</source>
        <translation>{service}: Anmeldung nötig</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/tray/rows.py"/>
        <source>{service}: no network</source>
        <translation>{service}: kein Netzwerk</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/tray/rows.py"/>
        <source>{service}: {cause}</source>
        <translation>{service}: {cause}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/tray/rows.py"/>
        <source>Look at {service}…</source>
        <translation>{service} ansehen …</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/tray/rows.py"/>
        <source>Enter {service} token…</source>
        <translation>Token für {service} eingeben…</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/tray/rows.py"/>
        <source>Install {service}…</source>
        <translation>{service} installieren…</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/tray/rows.py"/>
        <source>Log in to {service}…</source>
        <translation>Bei {service} anmelden…</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/tray/rows.py"/>
        <source>Stop {service}</source>
        <translation>{service} beenden</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/tray/rows.py"/>
        <source>Try {service} again</source>
        <translation>{service} erneut versuchen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/tray/section.py"/>
        <source>Copy API URL</source>
        <translation>API-URL kopieren</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/tray/section.py"/>
        <source>Copy as curl command</source>
        <translation>Als curl-Befehl kopieren</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/tray/section.py"/>
        <source>Copy line for .env</source>
        <translation>Zeile für .env kopieren</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/tray/section.py"/>
        <source>Start another</source>
        <translation>Weiteren starten</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/tray/section.py"/>
        <source>Open in browser</source>
        <translation>Im Browser öffnen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/tray/section.py"/>
        <source>QR code…</source>
        <translation>QR-Code…</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/tray/section.py"/>
        <source>Show log</source>
        <translation>Protokoll zeigen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/tray/targets.py"/>
        <source>Other…</source>
        <translation>Anderes…</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/tray/targets.py"/>
        <source>Local server: {target}</source>
        <translation>Lokaler Server: {target}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/tray/targets.py"/>
        <source>Set by {variable}</source>
        <translation>Von {variable} gesetzt</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/tray/targets.py"/>
        <source>Listening on this computer</source>
        <translation>Lauscht auf diesem Rechner</translation>
    </message>
</context>
<context>
    <name>window</name>
    <message>
        <location filename="../../app/portway/gui/desktop.py"/>
        <source>What was on is turned on again. If it happens once more, give the diagnostics under About to those who make Portway.</source>
        <translation>Was eingeschaltet war, wird wieder eingeschaltet. Kommt es noch einmal vor, geben Sie die Diagnose unter „Über Portway“ denen, die Portway machen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/desktop.py"/>
        <source>Portway had ended unexpectedly</source>
        <translation>Portway war unerwartet beendet worden</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/desktop.py"/>
        <source>Portway is running</source>
        <translation>Portway läuft</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/desktop.py"/>
        <source>This desktop shows no tray icon.</source>
        <translation>Diese Arbeitsumgebung zeigt kein Symbol im Infobereich.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/desktop.py"/>
        <source>Portway goes on</source>
        <translation>Portway läuft weiter</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/desktop.py"/>
        <source>It is in the tray. Quit is in its menu.</source>
        <translation>Es ist im Infobereich. Beenden steht in seinem Menü.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/desktop.py"/>
        <source>Copied the link of {service}</source>
        <translation>Link von {service} kopiert</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/platform/clipboard_window.py"/>
        <location filename="../../app/portway/gui/widgets/buttons.py"/>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/platform/clipboard_window.py"/>
        <source>Text to copy</source>
        <translation>Text zum Kopieren</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/platform/clipboard_window.py"/>
        <source>Press Ctrl+C to copy this.</source>
        <translation>Mit Strg+C kopieren Sie dies.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/platform/clipboard_window.py"/>
        <source>This was copied. The window can be closed.</source>
        <translation>Das wurde kopiert. Das Fenster kann geschlossen werden.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/desktop.py"/>
        <location filename="../../app/portway/gui/widgets/buttons.py"/>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/widgets/qr_popover.py"/>
        <location filename="../../app/portway/gui/window/opened_view.py"/>
        <source>QR code</source>
        <translation>QR-Code</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/widgets/qr_popover.py"/>
        <source>QR code for {url}</source>
        <translation>QR-Code für {url}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/widgets/qr_popover.py"/>
        <source>Copy image</source>
        <translation>Bild kopieren</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/widgets/qr_popover.py"/>
        <source>Save…</source>
        <translation>Speichern…</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/widgets/qr_popover.py"/>
        <source>Save the QR code</source>
        <translation>Den QR-Code speichern</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/widgets/qr_popover.py"/>
        <source>Pictures (*.png)</source>
        <translation>Bilder (*.png)</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/first_run_page.py"/>
        <source>Welcome</source>
        <translation>Willkommen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/first_run_page.py"/>
        <source>Start Portway when I log in</source>
        <translation>Portway beim Anmelden starten</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/first_run_page.py"/>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/first_run_page.py"/>
        <source>Start</source>
        <translation>Starten</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/first_run_page.py"/>
        <source>Who should be able to open it?</source>
        <translation>Wer soll ihn öffnen können?</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/first_run_page.py"/>
        <source>Nothing is open until you press Start.</source>
        <translation>Offen ist nichts, bis Sie auf Starten drücken.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/first_run_page.py"/>
        <source>Portway gives a server on this computer a link.</source>
        <translation>Portway gibt einem Server auf diesem Rechner einen Link.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/first_run_page.py"/>
        <source>What do you want to open?</source>
        <translation>Was möchten Sie öffnen?</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/first_run_page.py"/>
        <source>Look again</source>
        <translation>Erneut suchen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/first_run_page.py"/>
        <source>Servers that run here</source>
        <translation>Server, die hier laufen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/first_run_page.py"/>
        <source>No server found. Start yours, this list follows.</source>
        <translation>Kein Server gefunden. Starten Sie Ihren, die Liste folgt.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/first_run_page.py"/>
        <source>Set by {variable} in the environment.</source>
        <translation>Von {variable} in der Umgebung festgelegt.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/first_run_page.py"/>
        <source>Skip</source>
        <translation>Überspringen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/first_run_page.py"/>
        <source>Set up…</source>
        <translation>Einrichten…</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/first_run_page.py"/>
        <source>Local server</source>
        <translation>Lokaler Server</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/first_run_page.py"/>
        <source>Devices on this network</source>
        <translation>Geräte in diesem Netz</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/first_run_page.py"/>
        <source>Anyone with the link, by {service}</source>
        <translation>Jeder mit dem Link, über {service}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/first_run_page.py"/>
        <source>not available here</source>
        <translation>hier nicht verfügbar</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/first_run_page.py"/>
        <source>on already</source>
        <translation>schon an</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/first_run_page.py"/>
        <source>not installed</source>
        <translation>nicht installiert</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/first_run_page.py"/>
        <source>needs your token</source>
        <translation>braucht Ihr Token</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/first_run_page.py"/>
        <source>needs you</source>
        <translation>braucht Sie</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/first_run_page.py"/>
        <source>{service} is on already.</source>
        <translation>{service} ist schon an.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/first_run_page.py"/>
        <source>Choose your server, or type its port.</source>
        <translation>Wählen Sie Ihren Server oder geben Sie seinen Port ein.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/first_run_page.py"/>
        <source>Leads to what {service} still needs. Nothing is open before that.</source>
        <translation>Führt zu dem, was {service} noch braucht. Vorher ist nichts offen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/first_run_page.py"/>
        <source>Opens {server} to devices on this network.</source>
        <translation>Öffnet {server} für Geräte in diesem Netz.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/pages.py"/>
        <source>Tunnels</source>
        <translation>Tunnel</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/pages.py"/>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/pages.py"/>
        <source>Requests</source>
        <translation>Anfragen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/pages.py"/>
        <source>General</source>
        <translation>Allgemein</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/pages.py"/>
        <source>API</source>
        <translation>API</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/pages.py"/>
        <source>Notifications</source>
        <translation>Mitteilungen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/pages.py"/>
        <source>Hooks</source>
        <translation>Weitergabe</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/pages.py"/>
        <source>Advanced</source>
        <translation>Erweitert</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/pages.py"/>
        <source>About</source>
        <translation>Über Portway</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/sidebar.py"/>
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/sidebar.py"/>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/sidebar.py"/>
        <source>{works} of {total}</source>
        <translation>{works} von {total}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/opened_rules.py"/>
        <source>{server} is open</source>
        <translation>{server} ist offen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/opened_rules.py"/>
        <source>Opening {server}…</source>
        <translation>{server} wird geöffnet …</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/opened_rules.py"/>
        <source>{server} is not open yet</source>
        <translation>{server} ist noch nicht offen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/opened_rules.py"/>
        <source>{server} is not open any more</source>
        <translation>{server} ist nicht mehr offen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/opened_rules.py"/>
        <source>{server} is not open</source>
        <translation>{server} ist nicht offen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/opened_rules.py"/>
        <source>Point your phone&apos;s camera at it. Your phone has to be in the same Wi-Fi.</source>
        <translation>Richten Sie die Kamera Ihres Telefons darauf. Es muss im selben WLAN sein.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/opened_rules.py"/>
        <source>Point your phone&apos;s camera at it.</source>
        <translation>Richten Sie die Kamera Ihres Telefons darauf.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/opened_rules.py"/>
        <source>Somebody opened it: {address}</source>
        <translation>Jemand hat ihn geöffnet: {address}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/opened_rules.py"/>
        <source>Somebody opened it.</source>
        <translation>Jemand hat ihn geöffnet.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/opened_rules.py"/>
        <source>Somebody was kept out: {address}</source>
        <translation>Jemand wurde abgewiesen: {address}</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/opened_rules.py"/>
        <source>Somebody was kept out.</source>
        <translation>Jemand wurde abgewiesen.</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/opened_rules.py"/>
        <source>You opened it yourself</source>
        <translation>Sie haben ihn selbst geöffnet</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/opened_rules.py"/>
        <source>waiting for the first visitor</source>
        <translation>der erste Besuch steht noch aus</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/opened_rules.py"/>
        <source>Waiting for the first visitor</source>
        <translation>Warten auf den ersten Besuch</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/model/opened_rules.py"/>
        <source>it is shown here</source>
        <translation>er wird hier gezeigt</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/opened_view.py"/>
        <source>Stop</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/opened_view.py"/>
        <source>Choose anew</source>
        <translation>Neu wählen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/opened_view.py"/>
        <source>Copy the address</source>
        <translation>Adresse kopieren</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/opened_view.py"/>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/opened_view.py"/>
        <source>Open the link</source>
        <translation>Link öffnen</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/opened_view.py"/>
        <source>Visitors</source>
        <translation>Besuche</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/opened_view.py"/>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/opened_view.py"/>
        <source>Open to the internet too…</source>
        <translation>Auch im Internet öffnen …</translation>
    </message>
    <message>
        <location filename="../../app/portway/gui/window/opened_view.py"/>
        <source>Protect…</source>
        <translation>Schützen …</translation>
    </message>
</context>
</TS>
