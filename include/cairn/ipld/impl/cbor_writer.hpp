#pragma once

#include <cairn/core/limits.hpp>
#include <cairn/ipld/impl/cbor_wire.hpp>
#include <cairn/ipld/impl/staged_bytes.hpp>

#include <algorithm>
#include <cmath>

namespace cairn::detail {

inline auto cbor_has_duplicates(ipld::map const& m) -> bool {
  auto keys = std::vector<std::string_view>{};
  keys.reserve(m.size());
  for (auto const& e : m) keys.push_back(e.key);
  std::sort(keys.begin(), keys.end());
  return std::adjacent_find(keys.begin(), keys.end()) != keys.end();
}

class cbor_encoder {
public:
  cbor_encoder(bytes& out, cbor_rules rules) : out_{out}, rules_{rules} {}

  auto run(ipld::node const& n) -> result<void, dag_cbor_errc> {
    CAIRN_TRY(put(n, 0));
    out_.flush();
    return {};
  }
  auto run(ipld::document const& d) -> result<void, dag_cbor_errc> {
    if (d.depth() > limits::depth) return std::unexpected(dag_cbor_errc::too_deep);
    CAIRN_TRY(put_cells(d.root().cells()));
    out_.flush();
    return {};
  }

private:
  /// One after the other; keys are texts as others are.
  auto put_cells(std::span<document_cell const> cells) -> result<void, dag_cbor_errc> {
    auto const* at = cells.data();
    for (auto const* const end = at + cells.size(); at != end;) {
      switch (at->kind()) {
        case ipld::kind::null: out_.put(byte{0xf6}); break;
        case ipld::kind::boolean: out_.put(static_cast<byte>(at->number ? 0xf5 : 0xf4)); break;
        case ipld::kind::integer: put_head(at->kind_of & document_cell::negative ? cbor_negative : cbor_uint, at->number); break;
        case ipld::kind::floating: CAIRN_TRY(put_float(at->real)); break;
        case ipld::kind::string: CAIRN_TRY(put_text(at->text())); break;
        case ipld::kind::bytes:
          put_head(cbor_bytes, at->size);
          out_.put(at->octets());
          break;
        case ipld::kind::list: put_head(cbor_list, at->size); break;
        case ipld::kind::map:
          put_head(cbor_map, at->size);
          if (at->kind_of & document_cell::cbor_order) break;
          CAIRN_TRY(put_sorted(ipld::view{*at}));
          at = at->next();
          continue;
        case ipld::kind::link: {
          auto* const to = out_.room(2 + 9 + 1);
          auto n = write_head(to, cbor_tag, cbor_link_tag);
          n += write_head(to + n, cbor_bytes, 1 + at->size);
          to[n++] = 0;
          out_.took(n);
          out_.put(at->octets());
          break;
        }
      }
      ++at;
    }
    return {};
  }

  auto put_sorted(ipld::view map) -> result<void, dag_cbor_errc> {
    auto order = std::vector<ipld::view::entry>{};
    order.reserve(map.size());
    for (auto const& e : map.entries()) order.push_back(e);
    std::sort(order.begin(), order.end(), [](auto const& a, auto const& b) { return cbor_key_less(a.key, b.key); });
    auto const same = [](auto const& a, auto const& b) { return a.key == b.key; };
    if (std::adjacent_find(order.begin(), order.end(), same) != order.end()) return std::unexpected(dag_cbor_errc::duplicate_key);
    for (auto const& e : order) {
      CAIRN_TRY(put_text(e.key));
      CAIRN_TRY(put_cells(e.value.cells()));
    }
    return {};
  }

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
    if (!rules_.lax && !cbor_is_utf8(as_bytes(text))) return std::unexpected(dag_cbor_errc::bad_utf8);
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

template <class Value>
auto cbor_encode(Value const& value, bytes& out, cbor_rules rules) -> result<void, dag_cbor_errc> {
  auto const before = out.size();
  reserve_for(out, value);
  auto done = cbor_encoder{out, rules}.run(value);
  if (!done) out.resize(before);
  return done;
}

}  // namespace cairn::detail
