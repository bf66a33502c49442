#!/usr/bin/env bash
# Segments of packs, sealed and active, are CARv2 files that go-car and @ipld/car read: packs.sh CAIRN
# The readers are built by conformance/peers/go/build and installed by npm; what is missing is skipped, loudly.
set -euo pipefail
cairn=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
peers=${CAIRN_PEERS:-$here/../../build/peers}
js=$here/../../conformance/peers/js
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export IPFS_PATH=$work/repo
"$cairn" init --profile=nosync >/dev/null
# more than one segment: 300 MB that no store deduplicates
openssl enc -chacha20 -K "$(printf 'packs' | sha256sum | cut -d' ' -f1)" -iv "$(printf '0%.0s' {1..32})" -in /dev/zero 2>/dev/null | head -c 300000000 >"$work/big" || true
"$cairn" add -Q --progress=false "$work/big" >/dev/null
segments=("$IPFS_PATH"/blocks/*.car)
[ ${#segments[@]} -ge 2 ] || { echo "expected two segments, found ${#segments[@]}"; exit 1; }
if [ -x "$peers/read-car" ]; then
  for s in "${segments[@]}"; do printf 'go-car     %s  ' "${s##*/}"; "$peers/read-car" "$s"; done
  "$peers/read-car" "${segments[0]}" | grep -qE 'version 2 .* blocks ([0-9]+) .* indexed \1$' || { echo "the sealed segment has no index that finds every block"; exit 1; }
else
  echo "SKIPPED, LOUDLY: no go-car reader in $peers (conformance/peers/go/build makes it)"
fi
if [ -d "$js/node_modules" ] || (cd "$js" && npm install --no-audit --no-fund --no-package-lock >/dev/null 2>&1); then
  for s in "${segments[@]}"; do printf '@ipld/car  %s  ' "${s##*/}"; node "$js/read-car.mjs" "$s"; done
else
  echo "SKIPPED, LOUDLY: @ipld/car could not be installed from npm"
fi
