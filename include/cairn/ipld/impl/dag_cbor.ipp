#pragma once

#include <cairn/core/limits.hpp>
#include <cairn/core/text.hpp>
#include <cairn/core/try.hpp>
#include <cairn/ipld/codec/dag_cbor.hpp>
#include <cairn/ipld/impl/fresh_node.hpp>
#include <cairn/ipld/impl/staged_bytes.hpp>

#include <algorithm>
#include <bit>
#include <cmath>

namespace cairn {
namespace detail {

enum cbor_major : byte { cbor_uint, cbor_negative, cbor_bytes, cbor_text, cbor_list, cbor_map, cbor_tag, cbor_simple };

inline constexpr std::uint64_t cbor_link_tag = 42;

struct cbor_rules {
  bool lax = false;
  bool links = true;
  bool sort = true;  ///< on encoding
  bool dasl = false;
};

struct cbor_head {
  byte major = 0;
  byte info = 0;
  std::uint64_t argument = 0;
};

inline auto cbor_read_head(bytes_view& in) -> result<cbor_head, dag_cbor_errc> {
  if (in.empty()) return std::unexpected(dag_cbor_errc::truncated);
  auto head = cbor_head{static_cast<byte>(in[0] >> 5), static_cast<byte>(in[0] & 31), 0};
  if (head.info < 24) {
    head.argument = head.info;
    in = in.subspan(1);
    return head;
  }
  if (head.info == 31) return std::unexpected(dag_cbor_errc::indefinite_length);
  if (head.info > 27) return std::unexpected(dag_cbor_errc::reserved_head);
  auto const width = std::size_t{1} << (head.info - 24);
  if (in.size() <= width) return std::unexpected(dag_cbor_errc::truncated);
  for (std::size_t i = 1; i <= width; ++i) head.argument = head.argument << 8 | in[i];
  // the argument of major 7 is a float or a simple value, whose width is a matter of its own
  constexpr std::uint64_t smallest[]{24, 0x100, 0x10000, 0x100000000};
  if (head.major != cbor_simple && head.argument < smallest[head.info - 24]) return std::unexpected(dag_cbor_errc::non_minimal_int);
  in = in.subspan(1 + width);
  return head;
}

inline auto cbor_take(bytes_view& in, std::uint64_t size) -> result<bytes_view, dag_cbor_errc> {
  if (size > in.size()) return std::unexpected(dag_cbor_errc::truncated);
  auto const chunk = in.first(static_cast<std::size_t>(size));
  in = in.subspan(chunk.size());
  return chunk;
}

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

inline auto cbor_read_link(bytes_view& in) -> result<cid, dag_cbor_errc> {
  CAIRN_TRY(auto const head, cbor_read_head(in));
  if (head.major != cbor_bytes) return std::unexpected(dag_cbor_errc::bad_link);
  CAIRN_TRY(auto const chunk, cbor_take(in, head.argument));
  if (chunk.empty() || chunk[0] != 0) return std::unexpected(dag_cbor_errc::bad_link);
  // the usual one: version 1, a codec of one octet, sha2-256
  if (chunk.size() == 37 && chunk[1] == 1 && chunk[2] < 0x80 && chunk[3] == code::sha2_256 && chunk[4] == 32) {
    auto hash = digest<32>{};
    std::copy_n(chunk.data() + 5, 32, hash.begin());
    return cid::v1(chunk[2], multihash::of(code::sha2_256, hash));
  }
  return replace_error(decode_cid(chunk.subspan(1)), dag_cbor_errc::bad_link);
}

/// Shorter keys first, then by octets.
inline auto cbor_key_less(std::string_view a, std::string_view b) -> bool {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

struct cbor_frame {
  ipld::node* at;      // a list or a map; its parent does not grow before it is closed, so the pointer holds
  std::uint64_t left;  // items or entries to come
  bool sorted = true;  // of the keys so far
};

inline auto cbor_has_duplicates(ipld::map const& m) -> bool {
  auto keys = std::vector<std::string_view>{};
  keys.reserve(m.size());
  for (auto const& e : m) keys.push_back(e.key);
  std::sort(keys.begin(), keys.end());
  return std::adjacent_find(keys.begin(), keys.end()) != keys.end();
}

class cbor_decoder {
public:
  cbor_decoder(bytes_view in, cbor_rules rules) : in_{in}, rules_{rules}, promised_{in.size()} {}

  auto run() -> result<ipld::node, dag_cbor_errc> {
    auto root = ipld::node{};
    CAIRN_TRY(read_value(root));
    while (!open_.empty()) {
      auto& frame = open_.back();
      if (frame.left == 0) {
        if (!frame.sorted && cbor_has_duplicates(*frame.at->as_map())) return std::unexpected(dag_cbor_errc::duplicate_key);
        open_.pop_back();
        continue;
      }
      --frame.left;
      if (auto* const l = frame.at->as_list()) {
        CAIRN_TRY(read_value(l->emplace_back()));
      } else {
        CAIRN_TRY(auto const key, read_key(frame));
        CAIRN_TRY(read_value(append_null(*frame.at->as_map(), key)));
      }
    }
    if (!in_.empty()) return std::unexpected(dag_cbor_errc::trailing_bytes);
    return root;
  }

private:
  auto read_text(std::uint64_t size) -> result<std::string_view, dag_cbor_errc> {
    CAIRN_TRY(auto const chunk, cbor_take(in_, size));
    if (!rules_.lax && !is_utf8(chunk)) return std::unexpected(dag_cbor_errc::bad_utf8);
    return as_text(chunk);
  }

  auto read_key(cbor_frame& frame) -> result<std::string_view, dag_cbor_errc> {
    CAIRN_TRY(auto const head, cbor_read_head(in_));
    if (head.major != cbor_text) return std::unexpected(dag_cbor_errc::non_string_key);
    CAIRN_TRY(auto const key, read_text(head.argument));
    auto const& m = *frame.at->as_map();
    if (m.empty()) return key;
    auto const& last = m.end()[-1].key;
    if (last == key) return std::unexpected(dag_cbor_errc::duplicate_key);
    if (!cbor_key_less(last, key)) {
      if (!rules_.lax) return std::unexpected(dag_cbor_errc::unsorted_keys);
      frame.sorted = false;
    }
    return key;
  }

  /// How many items or entries to make room for.
  auto open(ipld::node& at, std::uint64_t count, std::uint64_t smallest) -> result<std::size_t, dag_cbor_errc> {
    if (open_.size() >= limits::depth) return std::unexpected(dag_cbor_errc::too_deep);
    // each item takes a byte, each entry two: a count above that is a lie, and nothing is allocated for it
    if (count > in_.size() / smallest) return std::unexpected(dag_cbor_errc::truncated);
    open_.push_back({&at, count});
    // what all counts together promise is no more than the octets there are, as it is where they are honest
    if (count > promised_) return 0uz;
    promised_ -= static_cast<std::size_t>(count);
    return static_cast<std::size_t>(count);
  }

  auto read_value(ipld::node& to) -> result<void, dag_cbor_errc> {
    CAIRN_TRY(auto const head, cbor_read_head(in_));
    switch (head.major) {
      case cbor_uint: put_fresh(to, ipld::integer{head.argument}); break;
      case cbor_negative: put_fresh(to, ipld::integer::below_zero(head.argument)); break;
      case cbor_bytes: {
        CAIRN_TRY(auto const chunk, cbor_take(in_, head.argument));
        put_fresh(to, bytes(chunk.begin(), chunk.end()));
        break;
      }
      case cbor_text: {
        CAIRN_TRY(auto const text, read_text(head.argument));
        put_fresh(to, std::string_view{text});
        break;
      }
      case cbor_list: {
        CAIRN_TRY(auto const expected, open(to, head.argument, 1));
        put_fresh(to, ipld::list{});
        to.as_list()->reserve(expected);
        break;
      }
      case cbor_map: {
        CAIRN_TRY(auto const expected, open(to, head.argument, 2));
        put_fresh(to, ipld::map{});
        to.as_map()->reserve(expected);
        break;
      }
      case cbor_tag: {
        if (head.argument != cbor_link_tag || !rules_.links) return std::unexpected(dag_cbor_errc::unknown_tag);
        CAIRN_TRY(auto const id, cbor_read_link(in_));
        if (rules_.dasl && !is_dasl_cid(id)) return std::unexpected(dag_cbor_errc::not_dasl_cid);
        put_fresh(to, cid{id});
        break;
      }
      default: return read_simple(head, to);
    }
    return {};
  }

  auto read_simple(cbor_head head, ipld::node& to) -> result<void, dag_cbor_errc> {
    if (head.info == 20 || head.info == 21) {
      to = head.info == 21;
    } else if (head.info == 22 || (head.info == 23 && rules_.lax)) {
      to = nullptr;
    } else if (head.info >= 25) {
      CAIRN_TRY(auto const value, cbor_float(head, rules_.lax));
      if (rules_.dasl && value == 0 && std::signbit(value)) return std::unexpected(dag_cbor_errc::negative_zero);
      to = value;
    } else {
      return std::unexpected(dag_cbor_errc::simple_value);
    }
    return {};
  }

  bytes_view in_;
  cbor_rules rules_;
  std::size_t promised_;  // how many items may still be made room for ahead
  std::vector<cbor_frame> open_;
};

class cbor_encoder {
public:
  cbor_encoder(bytes& out, cbor_rules rules) : out_{out}, rules_{rules} {}

  auto run(ipld::node const& n) -> result<void, dag_cbor_errc> {
    CAIRN_TRY(put(n, 0));
    out_.flush();
    return {};
  }

private:
  auto put(ipld::node const& n, std::size_t depth) -> result<void, dag_cbor_errc> {
    switch (n.kind()) {
      case ipld::kind::null: out_.put(0xf6); return {};
      case ipld::kind::boolean: out_.put(*n.as_boolean() ? 0xf5 : 0xf4); return {};
      case ipld::kind::integer: put_head(n.as_integer()->is_negative() ? cbor_negative : cbor_uint, n.as_integer()->rank()); return {};
      case ipld::kind::floating: return put_float(*n.as_double());
      case ipld::kind::string: return put_text(*n.as_string());
      case ipld::kind::bytes:
        put_head(cbor_bytes, n.as_bytes()->size());
        out_.put(bytes_view{*n.as_bytes()});
        return {};
      case ipld::kind::list:
        if (depth >= limits::depth) return std::unexpected(dag_cbor_errc::too_deep);
        put_head(cbor_list, n.as_list()->size());
        for (auto const& item : *n.as_list()) CAIRN_TRY(put(item, depth + 1));
        return {};
      case ipld::kind::map: return put_map(*n.as_map(), depth);
      case ipld::kind::link: return put_link(*n.as_link());
    }
    return {};
  }

  static auto write_head(byte* to, byte major, std::uint64_t argument) -> std::size_t {
    auto const top = static_cast<byte>(major << 5);
    if (argument < 24) {
      *to = static_cast<byte>(top | argument);
      return 1;
    }
    auto const width = argument < 0x100 ? 1u : argument < 0x10000 ? 2u : argument < 0x100000000 ? 4u : 8u;
    *to = static_cast<byte>(top | (24 + std::countr_zero(width)));
    for (auto i = 0u; i < width; ++i) to[1 + i] = static_cast<byte>(argument >> (8 * (width - 1 - i)));
    return 1 + width;
  }
  void put_head(byte major, std::uint64_t argument) { out_.took(write_head(out_.room(9), major, argument)); }

  auto put_float(double value) -> result<void, dag_cbor_errc> {
    if (!std::isfinite(value)) return std::unexpected(dag_cbor_errc::not_finite);
    if (rules_.dasl && value == 0 && std::signbit(value)) return std::unexpected(dag_cbor_errc::negative_zero);
    out_.put(0xfb);
    auto const bits = std::bit_cast<std::uint64_t>(value);
    for (auto shift = 56; shift >= 0; shift -= 8) out_.put(static_cast<byte>(bits >> shift));
    return {};
  }

  auto put_text(std::string_view text) -> result<void, dag_cbor_errc> {
    if (!rules_.lax && !is_utf8(as_bytes(text))) return std::unexpected(dag_cbor_errc::bad_utf8);
    put_head(cbor_text, text.size());
    out_.put(text);
    return {};
  }

  auto put_link(cid const& id) -> result<void, dag_cbor_errc> {
    if (!rules_.links) return std::unexpected(dag_cbor_errc::no_links);
    if (rules_.dasl && !is_dasl_cid(id)) return std::unexpected(dag_cbor_errc::not_dasl_cid);
    auto const size = id.encoded_size();
    auto* const to = out_.room(2 + 9 + 1 + size);
    auto n = write_head(to, cbor_tag, cbor_link_tag);
    n += write_head(to + n, cbor_bytes, 1 + size);
    to[n++] = 0;
    out_.took(n + write_cid(to + n, id));
    return {};
  }

  auto put_entry(ipld::entry const& e, std::size_t depth) -> result<void, dag_cbor_errc> {
    CAIRN_TRY(put_text(e.key));
    return put(e.value, depth + 1);
  }

  auto put_map(ipld::map const& m, std::size_t depth) -> result<void, dag_cbor_errc> {
    if (depth >= limits::depth) return std::unexpected(dag_cbor_errc::too_deep);
    put_head(cbor_map, m.size());
    auto const less = [](ipld::entry const& a, ipld::entry const& b) { return cbor_key_less(a.key, b.key); };
    auto const in_order = std::adjacent_find(m.begin(), m.end(), [&](auto const& a, auto const& b) { return !less(a, b); }) == m.end();
    if (in_order || !rules_.sort) {
      if (!in_order && cbor_has_duplicates(m)) return std::unexpected(dag_cbor_errc::duplicate_key);
      for (auto const& e : m) CAIRN_TRY(put_entry(e, depth));
      return {};
    }
    auto order = std::vector<ipld::entry const*>{};
    order.reserve(m.size());
    for (auto const& e : m) order.push_back(&e);
    std::sort(order.begin(), order.end(), [&](auto const* a, auto const* b) { return less(*a, *b); });
    auto const same = [](auto const* a, auto const* b) { return a->key == b->key; };
    if (std::adjacent_find(order.begin(), order.end(), same) != order.end()) return std::unexpected(dag_cbor_errc::duplicate_key);
    for (auto const* e : order) CAIRN_TRY(put_entry(*e, depth));
    return {};
  }

  staged_bytes out_;
  cbor_rules rules_;
};

inline auto cbor_encode(ipld::node const& n, bytes& out, cbor_rules rules) -> result<void, dag_cbor_errc> {
  auto const before = out.size();
  reserve_for(out, n);
  auto done = cbor_encoder{out, rules}.run(n);
  if (!done) out.resize(before);
  return done;
}

}  // namespace detail

CAIRN_DECL auto dag_cbor::decode(bytes_view in, codec_mode mode) -> result<ipld::node, errc> {
  return detail::cbor_decoder{in, {.lax = mode == codec_mode::lax}}.run();
}

CAIRN_DECL auto dag_cbor::encode(ipld::node const& n, bytes& out, codec_mode mode) -> result<void, errc> {
  return detail::cbor_encode(n, out, {.lax = mode == codec_mode::lax});
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
        CAIRN_TRY(auto const id, detail::cbor_read_link(in));
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
  return detail::cbor_decoder{in, {.lax = mode == codec_mode::lax, .links = false}}.run();
}

CAIRN_DECL auto plain_cbor::encode(ipld::node const& n, bytes& out, codec_mode mode) -> result<void, errc> {
  return detail::cbor_encode(n, out, {.lax = mode == codec_mode::lax, .links = false, .sort = false});
}

CAIRN_DECL auto drisl::decode(bytes_view in) -> result<ipld::node, errc> {
  return detail::cbor_decoder{in, {.dasl = true}}.run();
}

CAIRN_DECL auto drisl::encode(ipld::node const& n, bytes& out) -> result<void, errc> {
  return detail::cbor_encode(n, out, {.dasl = true});
}

}  // namespace cairn
