// A fuzz target under AFL++, in persistent mode and with inputs in shared memory. The objects are those of libFuzzer: their
// counters (-fsanitize-coverage=inline-8bit-counters) are added to AFL's map behind each input.
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <unistd.h>

extern "C" {
int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size);

// of afl-compiler-rt.o
int __afl_persistent_loop(unsigned rounds);
void __afl_manual_init(void);
extern std::uint8_t* __afl_area_ptr;
extern std::uint8_t* __afl_fuzz_ptr;
extern unsigned* __afl_fuzz_len;
int __afl_sharedmem_fuzzing = 1;

// what afl-fuzz looks for in the file
__attribute__((used)) char const* const afl_persistent = "##SIG_AFL_PERSISTENT##";
__attribute__((used)) char const* const afl_deferred = "##SIG_AFL_DEFER_FORKSRV##";

namespace {
struct range {
  std::uint8_t *begin, *end;
} ranges[64];
unsigned range_count = 0;
}  // namespace

void __sanitizer_cov_8bit_counters_init(std::uint8_t* begin, std::uint8_t* end) {
  if (begin == end || range_count == sizeof ranges / sizeof *ranges) return;
  for (unsigned i = 0; i < range_count; ++i)
    if (ranges[i].begin == begin) return;
  ranges[range_count++] = {begin, end};
}
void __sanitizer_cov_pcs_init(std::uintptr_t const*, std::uintptr_t const*) {}
}

namespace {

void forget() {
  for (unsigned i = 0; i < range_count; ++i) std::memset(ranges[i].begin, 0, static_cast<std::size_t>(ranges[i].end - ranges[i].begin));
}

void tell() {
  constexpr std::size_t map_size = 1 << 16;
  std::size_t at = 0;
  for (unsigned i = 0; i < range_count; ++i)
    for (auto* p = ranges[i].begin; p != ranges[i].end; ++p, ++at)
      if (*p) __afl_area_ptr[at * 2654435761u % map_size] = static_cast<std::uint8_t>(__afl_area_ptr[at * 2654435761u % map_size] + *p);
}

}  // namespace

int main() {
  __afl_manual_init();
  while (__afl_persistent_loop(10000)) {
    forget();
    auto size = static_cast<std::size_t>(*__afl_fuzz_len);
    if (size > (1u << 20)) size = 1u << 20;
    // an own allocation, so that a sanitizer sees its end
    auto* const copy = new std::uint8_t[size];
    std::memcpy(copy, __afl_fuzz_ptr, size);
    LLVMFuzzerTestOneInput(copy, size);
    delete[] copy;
    tell();
  }
  return 0;
}
