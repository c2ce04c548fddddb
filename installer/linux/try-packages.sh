#!/usr/bin/env bash
# Tries a .deb in a bare Debian without Python, as a person would: installed, started, upgraded while a tunnel is up,
# removed, purged, with nothing left behind. And an .rpm beside it, where rpm is here: installed and erased.
#
#   sudo installer/linux/try-packages.sh NEW.deb [OLD.deb] [NEW.rpm]
#
# Needs root and debootstrap, which asks MIRROR where that is set; SUITE is the Debian (bookworm). Everything happens in
# a folder of its own, which is removed at the end. OLD.deb is what is upgraded; without it the same one is taken twice.
set -euo pipefail

new=$(realpath "$1")
old=$new
rpm=""
for file in "${@:2}"; do
  case $file in
    *.rpm) rpm=$(realpath "$file") ;;
    *) old=$(realpath "$file") ;;
  esac
done
suite=${SUITE:-bookworm}
work=$(mktemp --directory /tmp/portway-packages.XXXXXX)
root=$work/root
origin=""

say() { echo "== $*"; }
fail() {
  echo "FAILED: $*" >&2
  exit 1
}
inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
  DEBIAN_FRONTEND=noninteractive PORTWAY_API_PORT=0 PORTWAY_LAN_ADDRESS=127.0.0.2 PORTWAY_KEYRING=memory "$@"; }
tidy_up() {
  [[ -z $origin ]] || kill "$origin" 2>/dev/null || true
  if mountpoint --quiet "$root/proc"; then
    for process in /proc/[0-9]*; do
      [[ $(readlink "$process/root" 2>/dev/null) != "$root" ]] || kill "${process#/proc/}" 2>/dev/null || true
    done
    umount --lazy "$root/proc"
  fi
  rm --recursive --force --one-file-system "$work"
}
trap tidy_up EXIT

listing() { (cd "$root" && find . -path ./proc -prune -o -path ./var -prune -o -path ./tmp -prune -o -print | sort); }
# Quoted from what `expose` prints; empty until it has an address.
address_in() { grep --only-matching --max-count=1 'http://127\.0\.0\.2:[0-9]*' "$1" || true; }
wait_for_address() {
  local address
  for _ in $(seq 100); do
    address=$(address_in "$1")
    [[ -z $address ]] || { echo "$address" && return; }
    sleep 0.2
  done
  cat "$1" >&2
  fail "no address came"
}
visit() { (exec 3<>"/dev/tcp/127.0.0.2/${1##*:}" && printf 'GET / HTTP/1.0\r\nHost: %s\r\n\r\n' "${1#http://}" >&3 && cat <&3); }

say "a bare $suite"
debootstrap --variant=minbase "$suite" "$root" ${MIRROR:+"$MIRROR"} >"$work/debootstrap" 2>&1 ||
  { tail "$work/debootstrap" && fail "debootstrap"; }
mount --types proc proc "$root/proc"
! inside sh -c 'command -v python3' || fail "this system has a Python"
inside apt-get update -qq
# What is in the way of a comparison: packages that stay when Portway goes.
# shellcheck disable=SC2046 # each name is a word of its own
inside apt-get install --yes --no-install-recommends -qq \
  $(dpkg-deb --field "$new" Depends | sed 's/([^)]*)//g; s/,/ /g') >/dev/null 2>&1
listing >"$work/before"
cp "$old" "$root/tmp/old.deb"
cp "$new" "$root/tmp/new.deb"

say "installed"
inside apt-get install --yes --no-install-recommends -qq /tmp/old.deb >/dev/null 2>&1
inside portway --version
inside portway doctor
inside env QT_QPA_PLATFORM=offscreen DISPLAY=:none timeout --signal=TERM 5 portway-tray || [[ $? == 0 || $? == 124 ]] ||
  fail "the tray does not start"

say "a page comes through"
mkdir "$work/page"
echo "hello from the local server" >"$work/page/index.html"
python3 -m http.server --bind 127.0.0.1 --directory "$work/page" 0 >"$work/origin" 2>&1 &
origin=$!
for _ in $(seq 50); do
  port=$(grep --only-matching --extended-regexp 'port [0-9]+' "$work/origin" | grep --only-matching '[0-9]*' || true)
  [[ -z $port ]] || break
  sleep 0.1
done
inside portway expose "$port" --via lan </dev/null >"$work/expose" 2>&1 &
exposing=$!
address=$(wait_for_address "$work/expose")
visit "$address" | grep "hello from the local server"

say "upgraded while it is up"
inside apt-get install --yes --no-install-recommends -qq --reinstall --allow-downgrades /tmp/new.deb 2>&1 |
  grep "has been ended" || fail "nobody said that the tunnel was ended"
wait "$exposing" || true
! visit "$address" 2>/dev/null || fail "something still answers"
inside portway --version

say "removed, purged"
inside apt-get remove --yes -qq portway >/dev/null 2>&1
inside dpkg --purge portway >/dev/null 2>&1 # after a removal without settings in /etc, it is not even known any more
listing >"$work/after"
diff "$work/before" "$work/after" | grep --invert-match --extended-regexp '^[0-9,acd]+$|/root(/|$)|/etc/ld.so.cache' &&
  fail "something is left"

if [[ -n $rpm ]] && command -v rpm >/dev/null; then
  say "rpm"
  mkdir "$work/rpm"
  rpm --root "$work/rpm" --nodeps --noscripts --install "$rpm"
  rpm --root "$work/rpm" --query --list portway | grep --quiet usr/lib/portway/portway
  HOME=$work "$work/rpm/usr/bin/portway" --version
  rpm --root "$work/rpm" --nodeps --noscripts --erase portway
  [[ -z $(cd "$work/rpm" && find usr -path '*portway*') ]] || fail "something of the .rpm is left"
fi
say "good"
