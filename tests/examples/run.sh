#!/usr/bin/env bash
# The example programs on real input: run.sh DIRECTORY_OF_PROGRAMS
set -euo pipefail
bin=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

"$bin/example_own_node" | grep -q "two roads diverged"

python3 "$here/../support/tree.py" --small --seed 7 tree
root=$("$bin/example_archiver" pack tree tree.car)
[ "$("$bin/example_archiver" unpack tree.car back)" = "$root" ]
diff -r --no-dereference tree back
[ "$(ls)" = "$(printf 'back\ntree\ntree.car')" ]   # no scratch folder is left

"$bin/example_light_client" tree.car "$root" | grep -q "all of them what $root asks for"
refuses() {
  if "$bin/example_light_client" "$1" "$2" >out 2>&1; then echo "the light client accepts $1"; exit 1; fi
  grep -q "$3" out || { echo "expected '$3'"; cat out; exit 1; }
}
# one octet changed, the end cut off, another root
cp tree.car flipped.car
printf '\377' | dd of=flipped.car bs=1 seek=1000000 conv=notrunc status=none
refuses flipped.car "$root" "differs"
head -c -100 tree.car >cut.car
refuses cut.car "$root" "car"
refuses tree.car bafkreibme22gw2h7y2h7tg2fhqotaqjucnbc24deqo72b6mkl2egezxhvy "nobody asked"
# a file from one node to another, over a socket of loopback
head -c 3000000 /dev/urandom >file
"$bin/example_bitswap_server" file >where &
server=$!
for _ in $(seq 100); do [ "$(wc -l <where)" = 2 ] && break; kill -0 $server; sleep 0.1; done
"$bin/example_fetch" "$(sed -n 2p where)" "$(sed -n 1p where)" got | grep -q " 0 duplicates"
kill $server && wait $server
cmp file got
# a swarm without a network: one seed is one run
"$bin/example_swarm" 20 7 >first
grep -q "^20 nodes have it" first
[ "$("$bin/example_swarm" 20 7)" = "$(cat first)" ]
[ "$("$bin/example_swarm" 20 8)" != "$(cat first)" ]
echo "the examples run"
