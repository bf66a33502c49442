#!/bin/bash
# As OSS-Fuzz calls it: $SRC/cairn is the checkout, $OUT takes the programs, with seeds and dictionaries beside them; the compiler,
# its flags and the engine come from $CC, $CXX, $CFLAGS, $CXXFLAGS and $LIB_FUZZING_ENGINE.
set -eu
cd "${SRC:?}/cairn"
work=${WORK:-/work}/build
cmake -S . -B "$work" -G Ninja -DCMAKE_BUILD_TYPE=None -DCMAKE_C_COMPILER="${CC:?}" -DCMAKE_CXX_COMPILER="${CXX:?}" -DCMAKE_CXX_FLAGS="${CXXFLAGS:-}" \
  -DCAIRN_FUZZ=ON -DCAIRN_TESTS=OFF -DCAIRN_EXAMPLES=OFF -DCAIRN_BENCH=OFF -DCAIRN_CONFORMANCE=OFF -DCAIRN_FUZZ_ENGINE="${LIB_FUZZING_ENGINE:?}"
ninja -C "$work" fuzz_all
for f in fuzz/*.cpp; do
  t=$(basename "$f" .cpp)
  cp "$work/fuzz/fuzz_all" "$OUT/$t"  # one program, which goes by its name
  [ ! -f "fuzz/dictionaries/$t.dict" ] || cp "fuzz/dictionaries/$t.dict" "$OUT/$t.dict"
  python3 - "$t" "$OUT/${t}_seed_corpus.zip" <<'PY'
import os, sys, tempfile, zipfile
sys.path.insert(0, "fuzz")
import corpus
with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(sys.argv[2], "w") as out:
    corpus.unpack(sys.argv[1], folder)
    for name in sorted(os.listdir(folder)):
        out.write(os.path.join(folder, name), name)
PY
done
