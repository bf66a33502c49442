#pragma once
// The laws of <cairn/concept/base_codec.hpp>, for any model: laws::base_codec<base_of<multibase::base32>>().

#include <cairn/concept/base_codec.hpp>

#include <support/property.hpp>

namespace cairn::laws {

inline auto without_case(std::string text) -> std::string {
  for (auto& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  return text;
}

template <cairn::base_codec B>
void base_codec() {
  testing::check_property("base_codec laws", [](bytes const& in, std::uint32_t place, char other) {
    auto const text = B::encode(in);
    auto const back = B::decode(text);
    RC_ASSERT(back.has_value());
    RC_ASSERT(*back == in);  // L1
    auto longer = in;
    longer.push_back(1);
    RC_ASSERT(B::encode(longer).size() >= text.size());  // L3
    auto changed = text;
    if (changed.empty())
      changed += other;
    else
      changed[place % changed.size()] = other;
    for (auto const& t : {changed, text + other, text.substr(0, text.size() / 2)})
      if (auto const read = B::decode(t)) RC_ASSERT(without_case(B::encode(*read)) == without_case(t));  // L2
  });
}

}  // namespace cairn::laws
