#!/bin/sh
# Before the program is replaced or removed: ask each Portway that runs from this package to end, and wait for it.
# One that kept running would load its parts from the files of another version, or leave a server open to others
# with no program there to close it. It ends its tunnels in order, and finds its settings at the next start.
set -eu

program=/usr/lib/portway/portway

running() {
	for process in /proc/[0-9]*; do
		# The same file, not the same name: programs in containers are not ours.
		# shellcheck disable=SC3013 # dash, bash and busybox know -ef
		if [ "$process/exe" -ef "$program" ]; then
			echo "${process#/proc/}"
		fi
	done
}

if [ -e "$program" ]; then
	ended=$(running)
	for number in $ended; do
		kill -TERM "$number" 2>/dev/null || true
	done
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		[ -n "$(running)" ] || break
		sleep 1
	done
	if [ -n "$ended" ]; then
		echo "Portway was running and has been ended, its tunnels with it." >&2
	fi
fi
