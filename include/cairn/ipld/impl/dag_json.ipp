#pragma once

#include <cairn/ipld/codec/dag_json.hpp>
#include <cairn/ipld/document.hpp>
#include <cairn/ipld/impl/document_builder.hpp>
#include <cairn/ipld/impl/json_reader.hpp>
#include <cairn/ipld/impl/json_writer.hpp>

namespace cairn {
namespace detail {

inline auto json_number(std::string_view text) -> result<document_cell, dag_json_errc> {
  if (text.find_first_of(".eE") == std::string_view::npos) {
    auto const i = ipld::parse_integer(text);
    if (!i) return std::unexpected(dag_json_errc::number_range);
    return integer_cell(*i);
  }
  auto value = 0.0;
  auto const done = std::from_chars(text.data(), text.data() + text.size(), value);
  if (done.ec == std::errc::result_out_of_range) {
    // too small for a float is zero, too large is an error
    auto const e = text.find_first_of("eE");
    if (e == std::string_view::npos || text[e + 1] != '-') return std::unexpected(dag_json_errc::number_range);
    return double_cell(text.starts_with('-') ? -0.0 : 0.0);
  }
  if (done.ec != std::errc{} || !std::isfinite(value)) return std::unexpected(dag_json_errc::bad_number);
  return double_cell(value);
}

inline auto json_bytes(std::string_view text) -> result<bytes, dag_json_errc> {
  auto const base = text.find('=') == std::string_view::npos ? multibase::base64 : multibase::base64pad;
  return replace_error(decode_base(base, text), dag_json_errc::bad_bytes);
}

class json_builder {
public:
  explicit json_builder(json_rules rules) : rules_{rules} {}

  auto open(bool is_map) -> result<void, dag_json_errc> {
    count_item();
    open_.push_back({to_.open(is_map ? ipld::kind::map : ipld::kind::list, open_.size() + 1), is_map});
    return {};
  }
  auto close(bool is_map) -> result<void, dag_json_errc> {
    auto const f = open_.back();
    open_.pop_back();
    auto const flags = (f.count < 2 ? document_cell::cbor_order : 0) | (f.rises && !f.slash ? document_cell::json_order : 0);
    to_.close(f.at, f.count, static_cast<byte>(flags));
    return is_map ? finish_map(f) : result<void, dag_json_errc>{};
  }
  auto key(json_text t) -> result<void, dag_json_errc> {
    auto& f = open_.back();
    auto const octets = kept(t);
    auto const key = as_text(octets);
    if (f.count != 0 && !(f.last < key)) f.rises = false;
    if (key == "/") f.slash = true;
    ++f.count;
    f.last = key;
    to_.put(octets_cell(ipld::kind::string, octets));
    return {};
  }
  auto text(json_text t) -> result<void, dag_json_errc> { return put(octets_cell(ipld::kind::string, kept(t))); }
  auto number(std::string_view t) -> result<void, dag_json_errc> {
    CAIRN_TRY(auto const n, json_number(t));
    return put(n);
  }
  auto word(std::optional<bool> w) -> result<void, dag_json_errc> {
    return put(w ? scalar_cell(ipld::kind::boolean, *w) : scalar_cell(ipld::kind::null));
  }

  auto take(std::size_t octets) -> ipld::document { return to_.take(octets); }

private:
  struct frame {
    std::size_t at;  // the cell of the list or map
    bool is_map;
    bool rises = true;   // each key behind the one before it
    bool slash = false;  // the key "/" is there
    std::size_t count = 0;
    std::string_view last{};  // key
  };

  void count_item() {
    if (!open_.empty() && !open_.back().is_map) ++open_.back().count;
  }
  auto put(document_cell const& c) -> result<void, dag_json_errc> {
    count_item();
    to_.put(c);
    return {};
  }
  auto kept(json_text t) -> bytes_view { return t.escaped ? to_.keep(as_bytes(json_unescape(t))) : as_bytes(t.raw); }

  auto finish_map(frame const& f) -> result<void, dag_json_errc> {
    auto const map = to_.at(f.at);
    if (!f.rises && has_equal_keys(map)) return std::unexpected(dag_json_errc::duplicate_key);
    if (!rules_.reserved || !f.slash) return {};
    auto const slash = *map.find("/");
    if (auto const text = slash.as_string()) return reserved_link(f.at, *text, map.size() == 1);
    auto const inner = slash.find("bytes");
    auto const text = inner ? inner->as_string() : std::nullopt;
    if (text) return reserved_bytes(f.at, *text, map.size() == 1 && slash.size() == 1);
    return {};
  }

  auto reserved_link(std::size_t at, std::string_view text, bool alone) -> result<void, dag_json_errc> {
    if (!alone) return refuse_unless_lax();
    auto const id = parse_cid(text);
    if (!id) return std::unexpected(dag_json_errc::bad_link);
    byte octets[limits::cid];
    to_.replace(at, octets_cell(ipld::kind::link, to_.keep({octets, write_cid(octets, *id)})));
    return {};
  }

  auto reserved_bytes(std::size_t at, std::string_view text, bool alone) -> result<void, dag_json_errc> {
    if (!alone) return refuse_unless_lax();
    CAIRN_TRY(auto const octets, json_bytes(text));
    to_.replace(at, octets_cell(ipld::kind::bytes, to_.keep(octets)));
    return {};
  }

  auto refuse_unless_lax() const -> result<void, dag_json_errc> {
    if (!rules_.lax) return std::unexpected(dag_json_errc::reserved_key);
    return {};
  }

  json_rules rules_;
  document_builder to_;
  std::vector<frame> open_;
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

inline auto json_read(bytes_view in, json_rules rules) -> result<ipld::document, dag_json_errc> {
  auto builder = json_builder{rules};
  auto reader = json_reader{in, builder};
  CAIRN_TRY(reader.run());
  return builder.take(in.size());
}

inline auto json_decode(bytes_view in, json_rules rules) -> result<ipld::node, dag_json_errc> {
  CAIRN_TRY(auto const read, json_read(in, rules));
  return to_node(read.root());
}

}  // namespace detail

CAIRN_DECL auto dag_json::decode(bytes_view in, codec_mode mode) -> result<ipld::node, errc> {
  return detail::json_decode(in, {.lax = mode == codec_mode::lax});
}

CAIRN_DECL auto dag_json::read(bytes_view in, codec_mode mode) -> result<ipld::document, errc> {
  return detail::json_read(in, {.lax = mode == codec_mode::lax});
}

CAIRN_DECL auto dag_json::encode(ipld::node const& n, bytes& out, codec_mode mode, dag_json_style style) -> result<void, errc> {
  return detail::json_writer{out, {.lax = mode == codec_mode::lax, .style = style}}.run(n);
}

CAIRN_DECL auto dag_json::encode(ipld::document const& d, bytes& out, codec_mode mode, dag_json_style style) -> result<void, errc> {
  return detail::json_writer{out, {.lax = mode == codec_mode::lax, .style = style}}.run(d);
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
