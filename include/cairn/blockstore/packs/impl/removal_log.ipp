#pragma once

#include <cairn/blockstore/packs/removal_log.hpp>
#include <cairn/crypto/hash.hpp>

namespace cairn::detail {

inline constexpr byte removal_mark = 0xd1;

CAIRN_DECL void append_removal(bytes& out, removal const& r) {
  out.push_back(removal_mark);
  out.push_back(static_cast<byte>(12 + r.key.size()));
  auto const from = out.size();
  for (int i = 0; i < 4; ++i) out.push_back(static_cast<byte>(r.sequence.segment >> (8 * i)));
  for (int i = 0; i < 8; ++i) out.push_back(static_cast<byte>(r.sequence.offset >> (8 * i)));
  append(out, r.key);
  auto const sum = sha256(bytes_view{out}.subspan(from));
  append(out, bytes_view{sum}.first(4));
}

CAIRN_DECL auto removal_reader::next() -> std::optional<removal> {
  while (!rest_.empty()) {
    if (rest_.size() >= 2 && rest_[0] == removal_mark && rest_[1] > 12 && rest_.size() >= 2u + rest_[1] + 4u) {
      auto const body = rest_.subspan(2, rest_[1]);
      auto const sum = sha256(body);
      if (equal(bytes_view{sum}.first(4), rest_.subspan(2 + body.size(), 4))) {
        auto r = removal{body.subspan(12), {}};
        for (int i = 4; i-- > 0;) r.sequence.segment = r.sequence.segment << 8 | body[static_cast<std::size_t>(i)];
        for (int i = 12; i-- > 4;) r.sequence.offset = r.sequence.offset << 8 | body[static_cast<std::size_t>(i)];
        rest_ = rest_.subspan(2 + body.size() + 4);
        return r;
      }
    }
    rest_ = rest_.subspan(1);
    ++skipped_;
  }
  return std::nullopt;
}

}  // namespace cairn::detail
