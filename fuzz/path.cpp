// Paths: what parses is printed as a text that parses to the same.
#include <cairn/ipld/path.hpp>

#include "law.hpp"

using namespace cairn;

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  auto const text = as_text({data, size});
  for (auto const& s : {std::string{"/ipfs/bafkqaaa/"} + std::string{text}, std::string{text}}) {
    auto const p = parse_path_argument(s);
    fuzz::says_why(p);
    if (auto const id = parse_cid_argument(s)) {
      if (p) CAIRN_LAW(std::get<immutable_path>(*p).root == *id && std::get<immutable_path>(*p).segments.empty());
    } else {
      CAIRN_LAW(!to_string(path_error(id.error(), s)).empty());
    }
    if (auto const strict = parse_path(s)) CAIRN_LAW(p && to_string(*p) == to_string(*strict));
    if (!p) continue;
    auto const again = parse_path(to_string(*p));
    CAIRN_LAW(again && to_string(*again) == to_string(*p));
    auto const below = {std::string_view{"a"}, std::string_view{"b/c"}};
    if (auto const longer = join(*p, std::span{below.begin(), below.size()})) CAIRN_LAW(to_string(*longer).ends_with("/a/b/c"));
    CAIRN_LAW(to_immutable(*p).has_value() == std::holds_alternative<immutable_path>(*p));
  }
  return 0;
}
