#!/usr/bin/env bash
# Names, files left in place and denylists, run as a test: names.sh DIRECTORY_OF_CAIRN
set -euo pipefail
PATH=$1:$PATH
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export IPFS_PATH=$work/repo XDG_CONFIG_HOME=$work/config
cd "$work"
cairn init > init.txt
echo one > one.txt; echo two > two.txt
# [publish]
cairn key gen site > name.txt                                   # k51...
cairn name publish --allow-offline --key=site "$(cairn add -Q one.txt)"
cairn cat "/ipns/$(cat name.txt)"                               # a name stands wherever a path does
cairn name publish --allow-offline --key=site --ttl=1m "$(cairn add -Q two.txt)"
cairn name resolve "$(cat name.txt)"                            # the new value, at once
# [/publish]
[ "$(cairn cat "/ipns/$(cat name.txt)")" = two ]
# [dnslink]
export IPFS_NS_MAP="example.com:/ipns/$(cat name.txt)"           # for tests and closed networks
cairn cat /ipns/example.com
# [/dnslink]
[ "$(cairn cat /ipns/example.com)" = two ]
# [filestore]
cairn config --json Experimental.FilestoreEnabled true
mkdir photos && head -c 600000 /dev/urandom > photos/sea.jpg
cairn add --nocopy -r photos                                     # below the folder that the repo's folder lies in
cairn filestore ls --file-order
cairn filestore verify
# [/filestore]
[ "$(cairn filestore verify | grep -c '^ok ')" = 3 ]
printf x | dd of=photos/sea.jpg bs=1 seek=300000 conv=notrunc status=none
[ "$(cairn filestore verify | grep -c '^changed ')" = 1 ]
# [denylist]
mkdir "$IPFS_PATH/denylists"
echo "/ipfs/$(cairn add -Q one.txt)" > "$IPFS_PATH/denylists/mine.deny"
cairn cat "$(cairn add -Q one.txt)" || echo "as it should be"    # ... is blocked and cannot be provided
# [/denylist]
if cairn cat "$(cairn add -Q one.txt)" 2> blocked.txt; then echo "read what is blocked"; exit 1; fi
grep -q "is blocked and cannot be provided" blocked.txt
