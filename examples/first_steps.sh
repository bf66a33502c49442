#!/usr/bin/env bash
# The first steps of the README, run as a test: first_steps.sh DIRECTORY_OF_CAIRN
set -euo pipefail
PATH=$1:$PATH
export IPFS_PATH
IPFS_PATH=$(mktemp -d)/repo
cd "$(dirname "$IPFS_PATH")"
trap 'rm -rf "$(dirname "$IPFS_PATH")"' EXIT
mkdir photos && echo "hello" > photos/hello.txt
# [first-steps]
cairn init                                   # a repo under $IPFS_PATH, or ~/.ipfs
cairn add -r photos                          # prints the CIDs that Kubo prints
root=$(cairn add -r -Q photos)
cairn ls "$root"
cairn cat "/ipfs/$root/hello.txt"
cairn dag export "$root" > photos.car        # a CARv1 that any implementation reads
cairn get "$root" -o back
# [/first-steps]
[ "$(cat back/hello.txt)" = hello ]
