#pragma once

#include <cairn/core/limits.hpp>
#include <cairn/ipld/codec/dag_cbor.hpp>
#include <cairn/ipld/document.hpp>
#include <cairn/ipld/impl/cbor_wire.hpp>
#include <cairn/ipld/impl/cbor_writer.hpp>
#include <cairn/ipld/impl/document_builder.hpp>

#include <cmath>

namespace cairn {
namespace detail {

inline auto cbor_half(std::uint64_t bits) -> double {
  auto const exponent = static_cast<int>(bits >> 10 & 31);
  auto const fraction = static_cast<double>(bits & 0x3ff);
  auto const value = exponent == 0    ? std::ldexp(fraction, -24)
                     : exponent == 31 ? (fraction == 0 ? HUGE_VAL : NAN)
                                      : std::ldexp(fraction + 1024, exponent - 25);
  return bits & 0x8000 ? -value : value;
}

inline auto cbor_float(cbor_head head, bool lax) -> result<double, dag_cbor_errc> {
  auto const value = head.info == 25   ? cbor_half(head.argument)
                     : head.info == 26 ? static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(head.argument)))
                                       : std::bit_cast<double>(head.argument);
  if (!std::isfinite(value)) return std::unexpected(dag_cbor_errc::not_finite);
  if (head.info != 27 && !lax) return std::unexpected(dag_cbor_errc::short_float);
  return value;
}

/// What follows tag 42: the octets of what has to be a CID.
inline auto cbor_read_link(bytes_view& in) -> result<bytes_view, dag_cbor_errc> {
  CAIRN_TRY(auto const head, cbor_read_head(in));
  if (head.major != cbor_bytes) return std::unexpected(dag_cbor_errc::bad_link);
  CAIRN_TRY(auto const chunk, cbor_take(in, head.argument));
  if (chunk.empty() || chunk[0] != 0) return std::unexpected(dag_cbor_errc::bad_link);
  return chunk.subspan(1);
}

inline auto cbor_cid(bytes_view octets) -> result<cid, dag_cbor_errc> {
  if (is_usual_cid(octets)) return usual_cid(octets);
  return replace_error(decode_cid(octets), dag_cbor_errc::bad_link);
}

struct cbor_frame {
  std::size_t at;             // the cell of a list or a map
  std::uint64_t count, left;  // items or entries; those to come
  bool is_map;
  bool sorted = true;       // the keys so far
  std::string_view last{};  // key
};

class cbor_decoder {
public:
  cbor_decoder(bytes_view in, cbor_rules rules) : in_{in}, size_{in.size()}, rules_{rules} {}

  auto run() -> result<ipld::document, dag_cbor_errc> {
    for (;;) {
      CAIRN_TRY(read_value());
      while (!open_.empty() && open_.back().left == 0) CAIRN_TRY(close());
      if (open_.empty()) break;
      auto& frame = open_.back();
      --frame.left;
      if (frame.is_map) CAIRN_TRY(read_key(frame));
    }
    if (!in_.empty()) return std::unexpected(dag_cbor_errc::trailing_bytes);
    return to_.take(size_);
  }

private:
  auto read_text(std::uint64_t size) -> result<bytes_view, dag_cbor_errc> {
    CAIRN_TRY(auto const chunk, cbor_take(in_, size));
    if (!rules_.lax && !cbor_is_utf8(chunk)) return std::unexpected(dag_cbor_errc::bad_utf8);
    return chunk;
  }

  auto read_key(cbor_frame& frame) -> result<void, dag_cbor_errc> {
    CAIRN_TRY(auto const head, cbor_read_head(in_));
    if (head.major != cbor_text) return std::unexpected(dag_cbor_errc::non_string_key);
    CAIRN_TRY(auto const octets, read_text(head.argument));
    auto const key = as_text(octets);
    if (frame.left + 1 != frame.count && !cbor_key_less(frame.last, key)) {
      if (frame.last == key) return std::unexpected(dag_cbor_errc::duplicate_key);
      if (!rules_.lax) return std::unexpected(dag_cbor_errc::unsorted_keys);
      frame.sorted = false;
    }
    frame.last = key;
    to_.put(octets_cell(ipld::kind::string, octets));
    return {};
  }

  auto open(ipld::kind k, std::uint64_t count, std::uint64_t smallest) -> result<void, dag_cbor_errc> {
    if (open_.size() >= limits::depth) return std::unexpected(dag_cbor_errc::too_deep);
    // each item takes a byte, each entry two: a count above that is a lie
    if (count > in_.size() / smallest) return std::unexpected(dag_cbor_errc::truncated);
    open_.push_back({to_.open(k, open_.size() + 1), count, count, k == ipld::kind::map});
    return {};
  }

  auto close() -> result<void, dag_cbor_errc> {
    auto const& frame = open_.back();
    to_.close(frame.at, frame.count, frame.is_map && frame.sorted ? document_cell::cbor_order : byte{0});
    if (!frame.sorted && has_equal_keys(to_.at(frame.at))) return std::unexpected(dag_cbor_errc::duplicate_key);
    open_.pop_back();
    return {};
  }

  auto read_value() -> result<void, dag_cbor_errc> {
    CAIRN_TRY(auto const head, cbor_read_head(in_));
    switch (head.major) {
      case cbor_uint: to_.put(scalar_cell(ipld::kind::integer, head.argument)); return {};
      case cbor_negative: to_.put(scalar_cell(ipld::kind::integer, head.argument, document_cell::negative)); return {};
      case cbor_bytes: {
        CAIRN_TRY(auto const chunk, cbor_take(in_, head.argument));
        to_.put(octets_cell(ipld::kind::bytes, chunk));
        return {};
      }
      case cbor_text: {
        CAIRN_TRY(auto const chunk, read_text(head.argument));
        to_.put(octets_cell(ipld::kind::string, chunk));
        return {};
      }
      case cbor_list: return open(ipld::kind::list, head.argument, 1);
      case cbor_map: return open(ipld::kind::map, head.argument, 2);
      case cbor_tag: return read_link(head);
      default: return read_simple(head);
    }
  }

  auto read_link(cbor_head head) -> result<void, dag_cbor_errc> {
    if (head.argument != cbor_link_tag || !rules_.links) return std::unexpected(dag_cbor_errc::unknown_tag);
    CAIRN_TRY(auto const octets, cbor_read_link(in_));
    if (rules_.dasl || !is_usual_cid(octets)) {
      CAIRN_TRY(auto const id, cbor_cid(octets));
      if (rules_.dasl && !is_dasl_cid(id)) return std::unexpected(dag_cbor_errc::not_dasl_cid);
    }
    to_.put(octets_cell(ipld::kind::link, octets));
    return {};
  }

  auto read_simple(cbor_head head) -> result<void, dag_cbor_errc> {
    if (head.info == 20 || head.info == 21) {
      to_.put(scalar_cell(ipld::kind::boolean, head.info == 21));
    } else if (head.info == 22 || (head.info == 23 && rules_.lax)) {
      to_.put(scalar_cell(ipld::kind::null));
    } else if (head.info >= 25) {
      CAIRN_TRY(auto const value, cbor_float(head, rules_.lax));
      if (rules_.dasl && value == 0 && std::signbit(value)) return std::unexpected(dag_cbor_errc::negative_zero);
      to_.put(double_cell(value));
    } else {
      return std::unexpected(dag_cbor_errc::simple_value);
    }
    return {};
  }

  bytes_view in_;
  std::size_t size_;
  cbor_rules rules_;
  document_builder to_;
  std::vector<cbor_frame> open_;
};

inline auto cbor_decode(bytes_view in, cbor_rules rules) -> result<ipld::node, dag_cbor_errc> {
  CAIRN_TRY(auto const read, cbor_decoder{in, rules}.run());
  return to_node(read.root());
}

}  // namespace detail

CAIRN_DECL auto dag_cbor::decode(bytes_view in, codec_mode mode) -> result<ipld::node, errc> {
  return detail::cbor_decode(in, {.lax = mode == codec_mode::lax});
}

CAIRN_DECL auto dag_cbor::read(bytes_view in, codec_mode mode) -> result<ipld::document, errc> {
  return detail::cbor_decoder{in, {.lax = mode == codec_mode::lax}}.run();
}

CAIRN_DECL auto dag_cbor::encode(ipld::node const& n, bytes& out, codec_mode mode) -> result<void, errc> {
  return detail::cbor_encode(n, out, {.lax = mode == codec_mode::lax});
}

CAIRN_DECL auto dag_cbor::encode(ipld::document const& d, bytes& out, codec_mode mode) -> result<void, errc> {
  return detail::cbor_encode(d, out, {.lax = mode == codec_mode::lax});
}

CAIRN_DECL auto dag_cbor::links(bytes_view in, link_sink sink) -> result<void, errc> {
  // per open list or map: what is still to come, and in the lowest bit whether keys stand between
  std::uint64_t open[limits::depth];
  std::size_t depth = 0;
  for (;;) {
    CAIRN_TRY(auto const head, detail::cbor_read_head(in));
    switch (head.major) {
      case detail::cbor_uint:
      case detail::cbor_negative: break;
      case detail::cbor_bytes:
      case detail::cbor_text: CAIRN_TRY(detail::cbor_take(in, head.argument)); break;
      case detail::cbor_list:
      case detail::cbor_map: {
        auto const is_map = head.major == detail::cbor_map;
        if (depth >= limits::depth) return std::unexpected(dag_cbor_errc::too_deep);
        if (head.argument > in.size() / (is_map ? 2 : 1)) return std::unexpected(dag_cbor_errc::truncated);
        open[depth++] = head.argument << 1 | (is_map ? 1 : 0);
        break;
      }
      case detail::cbor_tag: {
        if (head.argument != detail::cbor_link_tag) return std::unexpected(dag_cbor_errc::unknown_tag);
        CAIRN_TRY(auto const octets, detail::cbor_read_link(in));
        CAIRN_TRY(auto const id, detail::cbor_cid(octets));
        if (!sink(id)) return {};
        break;
      }
      default:
        if (head.info < 20 || head.info == 24) return std::unexpected(dag_cbor_errc::simple_value);
        if (head.info >= 25) CAIRN_TRY(detail::cbor_float(head, true));
    }
    while (depth > 0 && open[depth - 1] < 2) --depth;
    if (depth == 0) break;
    open[depth - 1] -= 2;
    if (open[depth - 1] & 1) {
      CAIRN_TRY(auto const key, detail::cbor_read_head(in));
      if (key.major != detail::cbor_text) return std::unexpected(dag_cbor_errc::non_string_key);
      CAIRN_TRY(detail::cbor_take(in, key.argument));
    }
  }
  if (!in.empty()) return std::unexpected(dag_cbor_errc::trailing_bytes);
  return {};
}

CAIRN_DECL auto plain_cbor::decode(bytes_view in, codec_mode mode) -> result<ipld::node, errc> {
  return detail::cbor_decode(in, {.lax = mode == codec_mode::lax, .links = false});
}

CAIRN_DECL auto plain_cbor::encode(ipld::node const& n, bytes& out, codec_mode mode) -> result<void, errc> {
  return detail::cbor_encode(n, out, {.lax = mode == codec_mode::lax, .links = false, .sort = false});
}

CAIRN_DECL auto drisl::decode(bytes_view in) -> result<ipld::node, errc> {
  return detail::cbor_decode(in, {.dasl = true});
}

CAIRN_DECL auto drisl::encode(ipld::node const& n, bytes& out) -> result<void, errc> {
  return detail::cbor_encode(n, out, {.dasl = true});
}

}  // namespace cairn
