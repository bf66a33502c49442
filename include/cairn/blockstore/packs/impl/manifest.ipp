#pragma once

#include <cairn/blockstore/packs/manifest.hpp>
#include <cairn/crypto/hash.hpp>

#include <charconv>

namespace cairn::detail {

inline auto packs_manifest_sum(std::string_view text) -> std::string {
  auto out = std::string{};
  for (auto b : sha256(as_bytes(text))) {
    out += "0123456789abcdef"[b >> 4];
    out += "0123456789abcdef"[b & 15];
  }
  return out;
}

CAIRN_DECL auto encode_packs_manifest(packs_manifest const& m) -> std::string {
  auto text = "cairn packs 1\nnext " + std::to_string(m.next) + "\nactive " + std::to_string(m.active) + "\ndropped " +
              std::to_string(m.dropped_blocks) + " " + std::to_string(m.dropped_bytes) + "\n";
  for (auto const& s : m.sealed)
    text += "segment " + std::to_string(s.number) + " " + std::to_string(s.data_end) + " " + std::to_string(s.file_size) + " " +
            std::to_string(s.sections) + "\n";
  return text + "sum " + packs_manifest_sum(text) + "\n";
}

CAIRN_DECL auto decode_packs_manifest(std::string_view text) -> result<packs_manifest, packs_errc> {
  auto const bad = std::unexpected(packs_errc::bad_manifest);
  auto const sum_at = text.rfind("sum ");
  if (sum_at == text.npos || text.substr(sum_at) != "sum " + packs_manifest_sum(text.substr(0, sum_at)) + "\n") return bad;
  text = text.substr(0, sum_at);
  auto const word = [&](std::string_view w) {
    if (!text.starts_with(w)) return false;
    text.remove_prefix(w.size());
    return true;
  };
  auto const number = [&]<class T>(T& v) {
    auto const [end, why] = std::from_chars(text.data(), text.data() + text.size(), v);
    if (why != std::errc{}) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return true;
  };
  auto m = packs_manifest{};
  if (!word("cairn packs 1\nnext ") || !number(m.next) || !word("\nactive ") || !number(m.active) || !word("\ndropped ") || !number(m.dropped_blocks) ||
      !word(" ") || !number(m.dropped_bytes) || !word("\n"))
    return bad;
  while (word("segment ")) {
    auto& s = m.sealed.emplace_back();
    if (!number(s.number) || !word(" ") || !number(s.data_end) || !word(" ") || !number(s.file_size) || !word(" ") || !number(s.sections) || !word("\n"))
      return bad;
  }
  if (!text.empty()) return bad;
  return m;
}

}  // namespace cairn::detail
