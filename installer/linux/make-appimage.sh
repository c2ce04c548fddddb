#!/usr/bin/env bash
# Makes an AppImage of the bundle. Nobody has run one yet: what it takes comes from the project AppImage.
#
#   python3 installer/dev.py build && python3 installer/dev.py package -- deb
#   installer/linux/make-appimage.sh dist/portway.AppImage [LAYOUT]
#
# LAYOUT is what the packages install, by default where `dev.py package` laid it out. APPIMAGETOOL names the program that
# packs it, else it is looked for; with APPIMAGE_RUNTIME, the file that goes in front, it fetches nothing.
set -euo pipefail

output=$(realpath --canonicalize-missing "${1:?names no OUTPUT.AppImage}")
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
layout=${2:-build/package/staged}
tool=$(command -v "${APPIMAGETOOL:-appimagetool}") || { echo "appimagetool is not here; APPIMAGETOOL can name it." >&2 && exit 1; }
[[ -x $layout/usr/lib/portway/portway ]] || { echo "$layout holds no layout; dev.py package makes one." >&2 && exit 1; }

work=$(mktemp --directory)
trap 'rm --recursive --force "$work"' EXIT
folder=$work/Portway.AppDir
mkdir "$folder"
cp --archive "$layout/usr" "$folder/usr"
rm --recursive --force "$folder/usr/lib/systemd" # its unit names /usr/bin

# One file for both: without words the tray, with words the command line. Portway learns from APPIMAGE, which the runtime
# sets, what to start at log-in.
cat >"$folder/AppRun" <<'RUN'
#!/bin/sh
exec "$(dirname "$(readlink -f "$0")")/usr/bin/portway" "$@"
RUN
chmod 755 "$folder/AppRun"
cp "$folder/usr/share/applications/portway.desktop" "$folder/portway.desktop"
cp "$folder/usr/share/icons/hicolor/256x256/apps/portway.png" "$folder/portway.png"
ln --symbolic portway.png "$folder/.DirIcon"

ARCH=$(uname --machine) "$tool" --no-appstream ${APPIMAGE_RUNTIME:+--runtime-file "$APPIMAGE_RUNTIME"} "$folder" "$output"
