#pragma once

#include <cairn/ipld/codec/dag_json.hpp>
#include <cairn/ipld/impl/fresh_node.hpp>
#include <cairn/ipld/impl/json_reader.hpp>
#include <cairn/ipld/impl/json_writer.hpp>

namespace cairn {
namespace detail {

inline auto json_number(std::string_view text) -> result<ipld::node, dag_json_errc> {
  if (text.find_first_of(".eE") == std::string_view::npos) {
    auto const i = ipld::parse_integer(text);
    if (!i) return std::unexpected(dag_json_errc::number_range);
    return ipld::node{*i};
  }
  auto value = 0.0;
  auto const done = std::from_chars(text.data(), text.data() + text.size(), value);
  if (done.ec == std::errc::result_out_of_range) {
    // too small for a float is zero, too large is an error
    auto const e = text.find_first_of("eE");
    if (e == std::string_view::npos || text[e + 1] != '-') return std::unexpected(dag_json_errc::number_range);
    return ipld::node{text.starts_with('-') ? -0.0 : 0.0};
  }
  if (done.ec != std::errc{} || !std::isfinite(value)) return std::unexpected(dag_json_errc::bad_number);
  return ipld::node{value};
}

inline auto json_bytes(std::string_view text) -> result<bytes, dag_json_errc> {
  auto const base = text.find('=') == std::string_view::npos ? multibase::base64 : multibase::base64pad;
  return replace_error(decode_base(base, text), dag_json_errc::bad_bytes);
}

/// Builds the node. A pointer to an open list or map holds, because its parent does not grow before it is closed.
class json_builder {
public:
  json_builder(ipld::node& root, json_rules rules) : slot_{&root}, rules_{rules} {}

  auto open(bool is_map) -> result<void, dag_json_errc> {
    auto& to = next();
    if (is_map)
      put_fresh(to, ipld::map{});
    else
      put_fresh(to, ipld::list{});
    open_.push_back(&to);
    return {};
  }
  auto close(bool is_map) -> result<void, dag_json_errc> {
    auto& n = *open_.back();
    open_.pop_back();
    return is_map ? finish_map(n) : result<void, dag_json_errc>{};
  }
  auto key(json_text t) -> result<void, dag_json_errc> {
    auto& m = *open_.back()->as_map();
    slot_ = t.escaped ? &m.append(json_unescape(t), nullptr) : &append_null(m, t.raw);
    return {};
  }
  auto text(json_text t) -> result<void, dag_json_errc> {
    if (t.escaped) put_fresh(next(), json_unescape(t));
    else put_fresh(next(), std::string_view{t.raw});
    return {};
  }
  auto number(std::string_view t) -> result<void, dag_json_errc> {
    CAIRN_TRY(auto n, json_number(t));
    put_fresh(next(), std::move(n));
    return {};
  }
  auto word(std::optional<bool> w) -> result<void, dag_json_errc> {
    auto& to = next();
    if (w) to = *w;
    return {};
  }

private:
  auto next() -> ipld::node& {
    if (!open_.empty())
      if (auto* const l = open_.back()->as_list()) return l->emplace_back();
    return *slot_;
  }

  auto finish_map(ipld::node& n) -> result<void, dag_json_errc> {
    auto& m = *n.as_map();
    if (m.size() > 1) {
      auto const keys_rise = std::adjacent_find(m.begin(), m.end(), [](auto const& a, auto const& b) { return !(a.key < b.key); });
      if (keys_rise != m.end() && has_duplicates(m)) return std::unexpected(dag_json_errc::duplicate_key);
    }
    if (!rules_.reserved) return {};
    auto* const slash = m.find("/");
    if (!slash) return {};
    if (auto* const text = slash->as_string()) return reserved_link(n, *text, m.size() == 1);
    auto* const inner = slash->as_map();
    auto* const text = inner && inner->find("bytes") ? inner->find("bytes")->as_string() : nullptr;
    if (text) return reserved_bytes(n, *text, m.size() == 1 && inner->size() == 1);
    return {};
  }

  auto reserved_link(ipld::node& n, std::string_view text, bool alone) -> result<void, dag_json_errc> {
    if (!alone) return refuse_unless_lax();
    auto const id = parse_cid(text);
    if (!id) return std::unexpected(dag_json_errc::bad_link);
    n = *id;
    return {};
  }

  auto reserved_bytes(ipld::node& n, std::string_view text, bool alone) -> result<void, dag_json_errc> {
    if (!alone) return refuse_unless_lax();
    CAIRN_TRY(auto octets, json_bytes(text));
    n = std::move(octets);
    return {};
  }

  auto refuse_unless_lax() const -> result<void, dag_json_errc> {
    if (!rules_.lax) return std::unexpected(dag_json_errc::reserved_key);
    return {};
  }

  static auto has_duplicates(ipld::map const& m) -> bool {
    auto keys = std::vector<std::string_view>{};
    keys.reserve(m.size());
    for (auto const& e : m) keys.push_back(e.key);
    std::sort(keys.begin(), keys.end());
    return std::adjacent_find(keys.begin(), keys.end()) != keys.end();
  }

  ipld::node* slot_;
  json_rules rules_;
  std::vector<ipld::node*> open_;
};

/// Finds {"/": text}: counts how much of the form the last tokens were.
class json_link_finder {
public:
  explicit json_link_finder(link_sink sink) : sink_{sink} {}
  bool stopped = false;

  auto open(bool is_map) -> result<void, dag_json_errc> { return step(is_map ? opened : nothing); }
  auto key(json_text t) -> result<void, dag_json_errc> {
    auto const slash = t.escaped ? json_unescape(t) == "/" : t.raw == "/";
    return step(seen_ == opened && slash ? keyed : nothing);
  }
  auto text(json_text t) -> result<void, dag_json_errc> {
    if (seen_ != keyed) return step(nothing);
    text_ = t;
    return step(valued);
  }
  auto number(std::string_view t) -> result<void, dag_json_errc> {
    CAIRN_TRY(json_number(t));
    return step(nothing);
  }
  auto word(std::optional<bool>) -> result<void, dag_json_errc> { return step(nothing); }
  auto close(bool) -> result<void, dag_json_errc> {
    if (std::exchange(seen_, nothing) != valued || stopped) return {};
    auto const id = text_.escaped ? parse_cid(json_unescape(text_)) : parse_cid(text_.raw);
    if (!id) return std::unexpected(dag_json_errc::bad_link);
    stopped = !sink_(*id);
    return {};
  }

private:
  enum state : byte { nothing, opened, keyed, valued };
  auto step(state to) -> result<void, dag_json_errc> {
    seen_ = to;
    return {};
  }

  link_sink sink_;
  state seen_ = nothing;
  json_text text_;
};

inline auto json_decode(bytes_view in, json_rules rules) -> result<ipld::node, dag_json_errc> {
  auto root = ipld::node{};
  auto builder = json_builder{root, rules};
  auto reader = json_reader{in, builder};
  CAIRN_TRY(reader.run());
  return root;
}

}  // namespace detail

CAIRN_DECL auto dag_json::decode(bytes_view in, codec_mode mode) -> result<ipld::node, errc> {
  return detail::json_decode(in, {.lax = mode == codec_mode::lax});
}

CAIRN_DECL auto dag_json::encode(ipld::node const& n, bytes& out, codec_mode mode, dag_json_style style) -> result<void, errc> {
  return detail::json_writer{out, {.lax = mode == codec_mode::lax, .style = style}}.run(n);
}

CAIRN_DECL auto dag_json::links(bytes_view in, link_sink sink) -> result<void, errc> {
  auto finder = detail::json_link_finder{sink};
  return detail::json_reader{in, finder}.run();
}

CAIRN_DECL auto plain_json::decode(bytes_view in) -> result<ipld::node, errc> {
  return detail::json_decode(in, {.reserved = false});
}

CAIRN_DECL auto plain_json::encode(ipld::node const& n, bytes& out, dag_json_style style) -> result<void, errc> {
  return detail::json_writer{out, {.reserved = false, .sort = false, .indent = true, .style = style}}.run(n);
}

}  // namespace cairn
