<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>cards</name>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/live_rules.py"/>
        <source>%n requests</source>
        <translation>
            <numerusform>%n request</numerusform>
            <numerusform>%n requests</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/live_rules.py"/>
        <source>%n visitors now</source>
        <translation>
            <numerusform>%n visitor now</numerusform>
            <numerusform>%n visitors now</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/live_rules.py"/>
        <source>%n failed</source>
        <translation>
            <numerusform>%n failed</numerusform>
            <numerusform>%n failed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/live_rules.py"/>
        <source>%n kept out</source>
        <translation>
            <numerusform>%n kept out</numerusform>
            <numerusform>%n kept out</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/guard_rules.py"/>
        <source>Only %n addresses</source>
        <translation>
            <numerusform>Only %n address</numerusform>
            <numerusform>Only %n addresses</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/guard_rules.py"/>
        <source>Only %n paths</source>
        <translation>
            <numerusform>Only %n path</numerusform>
            <numerusform>Only %n paths</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>common</name>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/summary.py"/>
        <source>%n of {total} tunnels work</source>
        <translation>
            <numerusform>%n of {total} tunnels works</numerusform>
            <numerusform>%n of {total} tunnels work</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/summary.py"/>
        <source>%n tunnels do not work</source>
        <translation>
            <numerusform>%n tunnel does not work</numerusform>
            <numerusform>%n tunnels do not work</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/summary.py"/>
        <source>%n tunnels are up</source>
        <translation>
            <numerusform>%n tunnel is up</numerusform>
            <numerusform>%n tunnels are up</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/summary.py"/>
        <source>{up}, %n are starting</source>
        <translation>
            <numerusform>{up}, %n is starting</numerusform>
            <numerusform>{up}, %n are starting</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/summary.py"/>
        <source>%n tunnels are up, open to nobody</source>
        <translation>
            <numerusform>%n tunnel is up, open to nobody</numerusform>
            <numerusform>%n tunnels are up, open to nobody</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/summary.py"/>
        <source>Only those whom you admit can open %n of them.</source>
        <translation>
            <numerusform>Only those whom you admit can open it.</numerusform>
            <numerusform>All %n are open only to those whom you admit.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/summary.py"/>
        <source>Nobody can open %n of them.</source>
        <translation>
            <numerusform>Nobody can open it.</numerusform>
            <numerusform>Nobody can open any of the %n.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/summary.py"/>
        <source>%n are open to anyone with the link</source>
        <translation>
            <numerusform>%n is open to anyone with the link</numerusform>
            <numerusform>%n are open to anyone with the link</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/summary.py"/>
        <source>%n are protected</source>
        <translation>
            <numerusform>%n is protected</numerusform>
            <numerusform>%n are protected</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/summary.py"/>
        <source>%n are open to everyone on this network</source>
        <translation>
            <numerusform>%n is open to everyone on this network</numerusform>
            <numerusform>%n are open to everyone on this network</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/summary.py"/>
        <source>%n let nobody in</source>
        <translation>
            <numerusform>%n lets nobody in</numerusform>
            <numerusform>%n let nobody in</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/summary.py"/>
        <source>Anyone with the link can open %n of them.</source>
        <translation>
            <numerusform>Anyone with the link can open it.</numerusform>
            <numerusform>Anyone with a link can open all %n.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/summary.py"/>
        <source>Everyone on this network can open %n of them.</source>
        <translation>
            <numerusform>Everyone on this network can open it.</numerusform>
            <numerusform>Everyone on this network can open all %n.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>dialogs</name>
    <message numerus="yes">
        <location filename="../../app/portway/gui/dialogs/quitting.py"/>
        <source>%n tunnels are up. Quitting stops them.</source>
        <translation>
            <numerusform>%n tunnel is up. Quitting stops it.</numerusform>
            <numerusform>%n tunnels are up. Quitting stops them.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/guard_sentence.py"/>
        <source>%n addresses are kept out.</source>
        <translation>
            <numerusform>%n address is kept out.</numerusform>
            <numerusform>%n addresses are kept out.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/guard_sentence.py"/>
        <source>At most %n requests a minute each.</source>
        <translation>
            <numerusform>At most %n request a minute each.</numerusform>
            <numerusform>At most %n requests a minute each.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/guard_sentence.py"/>
        <source>%n addresses reach {target}, with the password.</source>
        <translation>
            <numerusform>%n address reaches {target}, with the password.</numerusform>
            <numerusform>%n addresses reach {target}, with the password.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/guard_sentence.py"/>
        <source>Only %n addresses reach {target}.</source>
        <translation>
            <numerusform>Only %n address reaches {target}.</numerusform>
            <numerusform>Only %n addresses reach {target}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/guard_sentence.py"/>
        <source>People with the password can open it, from %n addresses.</source>
        <translation>
            <numerusform>People with the password can open it, from %n address.</numerusform>
            <numerusform>People with the password can open it, from %n addresses.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/guard_sentence.py"/>
        <source>Only %n addresses can open it.</source>
        <translation>
            <numerusform>Only %n address can open it.</numerusform>
            <numerusform>Only %n addresses can open it.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/dialogs/server_choice.py"/>
        <source>%n more ports</source>
        <translation>
            <numerusform>%n more port</numerusform>
            <numerusform>%n more ports</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/model/kept_out.py"/>
        <source>%n times</source>
        <translation>
            <numerusform>%n time</numerusform>
            <numerusform>%n times</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/help/diagnostics_dialog.py"/>
        <source>%n texts, {size}</source>
        <translation>
            <numerusform>%n text, {size}</numerusform>
            <numerusform>%n texts, {size}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>log</name>
    <message numerus="yes">
        <location filename="../../app/portway/gui/log/page.py"/>
        <source>%n lines</source>
        <translation>
            <numerusform>%n line</numerusform>
            <numerusform>%n lines</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/log/page.py"/>
        <source>%n warnings</source>
        <translation>
            <numerusform>%n warning</numerusform>
            <numerusform>%n warnings</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/log/page.py"/>
        <source>%n errors</source>
        <translation>
            <numerusform>%n error</numerusform>
            <numerusform>%n errors</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/log/page.py"/>
        <source>%n matches</source>
        <translation>
            <numerusform>%n match</numerusform>
            <numerusform>%n matches</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>requests</name>
    <message numerus="yes">
        <location filename="../../app/portway/gui/requests/actions.py"/>
        <source>%n requests were saved. Secrets are masked.</source>
        <translation>
            <numerusform>%n request was saved. Secrets are masked.</numerusform>
            <numerusform>%n requests were saved. Secrets are masked.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/requests/detail/fields.py"/>
        <source>%n more are not shown here. A copy as curl has them.</source>
        <translation>
            <numerusform>%n more is not shown here. A copy as curl has it.</numerusform>
            <numerusform>%n more are not shown here. A copy as curl has them.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/requests/page.py"/>
        <source>%n since {time}.</source>
        <translation>
            <numerusform>%n since {time}.</numerusform>
            <numerusform>%n since {time}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/requests/page.py"/>
        <source>%n shown</source>
        <translation>
            <numerusform>%n shown</numerusform>
            <numerusform>%n shown</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/requests/notice.py"/>
        <source>%n older ones were dropped.</source>
        <translation>
            <numerusform>%n older one was dropped.</numerusform>
            <numerusform>%n older ones were dropped.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../app/portway/gui/requests/table.py"/>
        <source>%n new</source>
        <translation>
            <numerusform>%n new</numerusform>
            <numerusform>%n new</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tray</name>
    <message numerus="yes">
        <location filename="../../app/portway/gui/tray/rows.py"/>
        <source>{headline}, %n visitors now</source>
        <translation>
            <numerusform>{headline}, %n visitor now</numerusform>
            <numerusform>{headline}, %n visitors now</numerusform>
        </translation>
    </message>
</context>
</TS>
