#pragma once

#include <cairn/core/bytes.hpp>

#include <string_view>

namespace cairn {

/// A handshake pattern: what is known before, and the tokens of each message, messages separated by '|'.
/// Tokens: e, s; E is "ee", A is "es", B is "se", S is "ss".
///
/// spec      Noise revision 34, 7.4, 7.5 and 18.1
struct noise_pattern {
  std::string_view name;
  bool knows_initiator;  ///< pre-message -> s
  bool knows_responder;  ///< pre-message <- s
  std::string_view tokens;

  constexpr auto one_way() const -> bool { return name.size() == 1; }
};

inline constexpr noise_pattern noise_patterns[]{
    {"N", false, true, "eA"},
    {"K", true, true, "eAS"},
    {"X", false, true, "eAsS"},
    {"NN", false, false, "e|eE"},
    {"NK", false, true, "eA|eE"},
    {"NX", false, false, "e|eEsA"},
    {"XN", false, false, "e|eE|sB"},
    {"XK", false, true, "eA|eE|sB"},
    {"XX", false, false, "e|eEsA|sB"},
    {"KN", true, false, "e|eEB"},
    {"KK", true, true, "eAS|eEB"},
    {"KX", true, false, "e|eEBsA"},
    {"IN", false, false, "es|eEB"},
    {"IK", false, true, "eAsS|eEB"},
    {"IX", false, false, "es|eEBsA"},
    {"NK1", false, true, "e|eEA"},
    {"NX1", false, false, "e|eEs|A"},
    {"X1N", false, false, "e|eE|s|B"},
    {"X1K", false, true, "eA|eE|s|B"},
    {"XK1", false, true, "e|eEA|sB"},
    {"X1K1", false, true, "e|eEA|s|B"},
    {"X1X", false, false, "e|eEsA|s|B"},
    {"XX1", false, false, "e|eEs|AsB"},
    {"X1X1", false, false, "e|eEs|As|B"},
    {"K1N", true, false, "e|eE|B"},
    {"K1K", true, true, "eA|eE|B"},
    {"KK1", true, true, "e|eEBA"},
    {"K1K1", true, true, "e|eEA|B"},
    {"K1X", true, false, "e|eEsA|B"},
    {"KX1", true, false, "e|eEBs|A"},
    {"K1X1", true, false, "e|eEs|BA"},
    {"I1N", false, false, "es|eE|B"},
    {"I1K", false, true, "eAs|eE|B"},
    {"IK1", false, true, "es|eEBA"},
    {"I1K1", false, true, "es|eEA|B"},
    {"I1X", false, false, "es|eEsA|B"},
    {"IX1", false, false, "es|eEBs|A"},
    {"I1X1", false, false, "es|eEs|BA"},
};

/// The pattern of that name ("XX"), or nothing.
constexpr auto find_noise_pattern(std::string_view name) -> noise_pattern const* {
  for (auto const& p : noise_patterns)
    if (p.name == name) return &p;
  return nullptr;
}

static_assert(find_noise_pattern("XX")->tokens == "e|eEsA|sB");

}  // namespace cairn
