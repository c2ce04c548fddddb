#!/usr/bin/env bash
# Makes the disk image of dist/Portway.app: installer/macos/make-dmg.sh OUTPUT.dmg
#
# With SIGNING_IDENTITY (the name of a “Developer ID Application” certificate in the keychain) everything is signed for
# the hardened runtime. With NOTARY_PROFILE (made once by `xcrun notarytool store-credentials`) it is notarized, too.
# Without them the application keeps the ad-hoc signature of PyInstaller, and macOS asks before its first start.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

output=$1
app=dist/Portway.app
image=$(mktemp -d)
trap 'rm -rf "$image"' EXIT

sign() { codesign --force --timestamp --options runtime --sign "$SIGNING_IDENTITY" "$@"; }

if [[ -n ${SIGNING_IDENTITY:-} ]]; then
  # From the inside out: a signature covers those of what lies in it.
  while IFS= read -r -d '' file; do
    if file --brief "$file" | grep --quiet 'Mach-O'; then
      sign "$file"
    fi
  done < <(find "$app/Contents/Frameworks" "$app/Contents/Resources" -type f -print0)
  sign --entitlements installer/macos/entitlements.plist "$app"
fi
codesign --verify --deep --strict "$app"

ditto "$app" "$image/Portway.app"
ln -s /Applications "$image/Applications"
hdiutil create -volname Portway -srcfolder "$image" -fs HFS+ -format UDZO -ov "$output"

if [[ -n ${SIGNING_IDENTITY:-} ]]; then
  codesign --force --timestamp --sign "$SIGNING_IDENTITY" "$output"
fi
if [[ -n ${NOTARY_PROFILE:-} ]]; then
  xcrun notarytool submit "$output" --keychain-profile "$NOTARY_PROFILE" --wait
  xcrun stapler staple "$output"
  spctl --assess --type open --context context:primary-signature --verbose "$output"
fi
