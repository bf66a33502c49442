#pragma once

#include <cairn/exchange/trustless.hpp>

#include <charconv>

namespace cairn {

CAIRN_DECL auto trustless_answer::target(cid const& wanted) -> std::string { return "/ipfs/" + to_string(wanted) + "?format=raw"; }

CAIRN_DECL auto trustless_answer::begin(trustless_head const& head) -> result<void, trustless_errc> {
  if (head.status >= 300 && head.status < 400) return std::unexpected(trustless_errc::redirected);
  if (head.status == 404 || head.status == 410 || head.status == 451) return std::unexpected(trustless_errc::absent);
  if (head.status != 200) return std::unexpected(trustless_errc::refused);
  if (head.encoding && !head.encoding->empty() && *head.encoding != "identity") return std::unexpected(trustless_errc::encoded);
  if (head.type) {
    auto const type = head.type->substr(0, head.type->find(';'));
    if (type != "application/vnd.ipld.raw" && type != "application/octet-stream") return std::unexpected(trustless_errc::other_type);
  }
  if (head.length) {
    auto n = std::uint64_t{0};
    auto const* const end = head.length->data() + head.length->size();
    auto const read = std::from_chars(head.length->data(), end, n);
    if (read.ec != std::errc{} || read.ptr != end) return std::unexpected(trustless_errc::other_length);
    if (n > most_) return std::unexpected(trustless_errc::too_long);
    length_ = n;
  }
  return {};
}

// What is said of the length allocates nothing: what came does.
CAIRN_DECL auto trustless_answer::more(bytes_view in) -> result<void, trustless_errc> {
  if (in.size() > most_ - got_.size()) return std::unexpected(trustless_errc::too_long);
  if (length_ && in.size() > *length_ - got_.size()) return std::unexpected(trustless_errc::other_length);
  append(got_, in);
  return {};
}

CAIRN_DECL auto trustless_answer::finish() -> io_result<block> {
  if (length_ && got_.size() != *length_) return std::unexpected(trustless_errc::other_length);
  auto whole = verify(unverified_block{wanted_, buffer{std::move(got_)}});
  if (!whole) return std::unexpected(error{whole.error()});
  return *std::move(whole);
}

}  // namespace cairn
