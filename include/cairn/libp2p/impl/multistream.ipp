#pragma once

#include <cairn/core/try.hpp>
#include <cairn/core/varint.hpp>
#include <cairn/libp2p/multistream.hpp>

#include <algorithm>

namespace cairn {
namespace detail {
inline constexpr std::string_view multistream_header = "/multistream/1.0.0", multistream_none = "na";

/// Of a first message that is not whole yet: whether it can become the header. What cannot, as the octets of a private network with
/// another key, is not waited for.
inline auto may_become_header(bytes_view in) -> bool {
  constexpr auto wire = std::string_view{"\x13/multistream/1.0.0\n"};
  return wire.starts_with(as_text(in.first(std::min(in.size(), wire.size()))));
}
}  // namespace detail

CAIRN_DECL void append_multistream(byte_queue& wire, std::string_view text) {
  byte head[10];
  wire.push(bytes_view{head, write_varint(head, text.size() + 1)});
  wire.push(as_bytes(text));
  wire.push(byte{'\n'});
}

CAIRN_DECL auto read_multistream(bytes_view in) -> result<std::optional<decoded<std::string_view>>, multistream_errc> {
  using nothing = std::optional<decoded<std::string_view>>;
  auto const size = read_varint(in);
  if (!size) {
    // the longest message needs a length of two octets: a third one is already too much
    if (size.error() != varint_errc::truncated) return std::unexpected(multistream_errc::bad_varint);
    if (in.size() >= 2) return std::unexpected(multistream_errc::too_long);
    return nothing{};
  }
  if (size->value > multistream_listener::max_message) return std::unexpected(multistream_errc::too_long);
  if (size->value == 0) return std::unexpected(multistream_errc::no_newline);
  if (size->rest.size() < size->value) return nothing{};
  auto const text = as_text(size->rest.first(static_cast<std::size_t>(size->value)));
  if (text.back() != '\n') return std::unexpected(multistream_errc::no_newline);
  return nothing{decoded<std::string_view>{text.substr(0, text.size() - 1), size->rest.subspan(text.size())}};
}

CAIRN_DECL void multistream_dialer::start(byte_queue& wire) {
  append_multistream(wire, detail::multistream_header);
  if (!protocols_.empty()) append_multistream(wire, protocols_.front());
}

CAIRN_DECL auto multistream_dialer::resume(bytes_view in, byte_queue& wire) -> result<multistream_step, multistream_errc> {
  if (at_ >= protocols_.size()) return std::unexpected(multistream_errc::none_in_common);
  auto const all = in.size();
  for (;;) {
    CAIRN_TRY(auto const message, read_multistream(in));
    if (!message && !greeted_ && !detail::may_become_header(in)) return std::unexpected(multistream_errc::bad_header);
    if (!message) return multistream_step{all - in.size()};
    in = message->rest;
    if (!greeted_) {
      if (message->value != detail::multistream_header) return std::unexpected(multistream_errc::bad_header);
      greeted_ = true;
    } else if (message->value == protocols_[at_]) {
      return multistream_step{all - in.size(), at_};
    } else if (message->value != detail::multistream_none) {
      return std::unexpected(multistream_errc::unexpected_answer);
    } else if (++at_ == protocols_.size()) {
      return std::unexpected(multistream_errc::none_in_common);
    } else {
      append_multistream(wire, protocols_[at_]);
    }
  }
}

CAIRN_DECL void multistream_listener::start(byte_queue& wire) { append_multistream(wire, detail::multistream_header); }

CAIRN_DECL auto multistream_listener::resume(bytes_view in, std::span<std::string const> protocols, byte_queue& wire)
    -> result<multistream_step, multistream_errc> {
  auto const all = in.size();
  for (;;) {
    CAIRN_TRY(auto const message, read_multistream(in));
    if (!message && !greeted_ && !detail::may_become_header(in)) return std::unexpected(multistream_errc::bad_header);
    if (!message) return multistream_step{all - in.size()};
    in = message->rest;
    if (!greeted_) {
      if (message->value != detail::multistream_header) return std::unexpected(multistream_errc::bad_header);
      greeted_ = true;
      continue;
    }
    if (++proposals_ > max_proposals) return std::unexpected(multistream_errc::too_many_proposals);
    for (std::size_t i = 0; i < protocols.size(); ++i)
      if (protocols[i] == message->value) {
        append_multistream(wire, message->value);
        return multistream_step{all - in.size(), i};
      }
    append_multistream(wire, detail::multistream_none);
  }
}

}  // namespace cairn
