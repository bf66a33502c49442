# The frame of a script of checks, to be sourced: a folder and a repo of its own, the program as `ipfs`, `wants` and `holds`.
#   source checks.sh PATH-OF-CAIRN; ...; checks_end
set -uo pipefail
cairn=$(realpath "${1:?usage: $0 PATH-OF-CAIRN}")
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/cairn-checks.XXXXXX")
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
ln -s "$cairn" "$work/ipfs"
ipfs() { "$work/ipfs" "$@"; }
cd "$work" || exit 1
export HOME=$work/home IPFS_PATH=$work/repo
unset IPFS_API
mkdir home
checks=0 failures=0

# wants WHAT CODE STDOUT STDERR-BEGINNING COMMAND... : all four at once; "*" stands for anything
wants() {
  local what=$1 code=$2 out=$3 err=$4 got_out got_err got_code
  shift 4
  "$@" >.out 2>.err </dev/null
  got_code=$?
  got_out=$(cat .out; printf x) got_out=${got_out%x}
  got_err=$(head -1 .err)
  checks=$((checks + 1))
  if { [ "$code" != "*" ] && [ "$got_code" != "$code" ]; } || { [ "$out" != "*" ] && [ "$got_out" != "$out" ]; } || { [ "$err" != "*" ] && [ "$got_err" != "$err" ]; }; then
    failures=$((failures + 1))
    printf 'FAILED %s: %s\n  exit %s, wanted %s\n  stdout %q\n  wanted %q\n  stderr %q\n  wanted %q\n' "$what" "$*" "$got_code" "$code" "${got_out:0:300}" "${out:0:300}" "$got_err" "$err"
  fi
}
# holds WHAT CONDITION... : a shell condition
holds() {
  local what=$1
  shift
  checks=$((checks + 1))
  "$@" >/dev/null 2>&1 || { failures=$((failures + 1)); printf 'FAILED %s: %s\n' "$what" "$*"; }
}
nl=$'\n'

checks_end() {
  printf '%d checks, %d failures\n' $checks $failures
  [ $failures = 0 ]
}
