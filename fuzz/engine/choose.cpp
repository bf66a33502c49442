// Which target this program runs: the one that its name ends with (fuzz_cid, afl_cid, cid), or that CAIRN_FUZZ_TARGET says.
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string_view>

struct row {
  std::string_view name;
  int (*run)(unsigned char const*, std::size_t);
};

#include "targets.inc"

namespace {

auto choose() -> row {
  auto const* const wanted = std::getenv("CAIRN_FUZZ_TARGET");
  auto name = std::string_view{wanted ? wanted : program_invocation_short_name};
  for (auto const before : {std::string_view{"fuzz_"}, std::string_view{"replay_"}, std::string_view{"afl_"}})
    if (name.starts_with(before)) name.remove_prefix(before.size());
  for (auto const& r : rows)
    if (r.name == name) return r;
  std::fprintf(stderr, "no target \"%.*s\"; call this program by the name of one, or say it in CAIRN_FUZZ_TARGET:\n", static_cast<int>(name.size()), name.data());
  for (auto const& r : rows) std::fprintf(stderr, "  %.*s\n", static_cast<int>(r.name.size()), r.name.data());
  std::exit(2);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
  static auto const chosen = choose();
  return chosen.run(data, size);
}
