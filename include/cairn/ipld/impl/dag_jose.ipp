#pragma once

#include <cairn/core/try.hpp>
#include <cairn/ipld/codec/dag_cbor.hpp>
#include <cairn/ipld/codec/dag_jose.hpp>
#include <cairn/ipld/codec/dag_json.hpp>
#include <cairn/multiformats/multibase.hpp>

#include <span>

namespace cairn {
namespace detail {

enum class jose_kind : byte { octets, any, list };  ///< byte string or base64url; anything; a list of maps

struct jose_field {
  std::string_view name;
  jose_kind kind;
  bool required = false;
};

inline constexpr jose_field jose_signature[]{{"header", jose_kind::any}, {"protected", jose_kind::octets}, {"signature", jose_kind::octets, true}};
inline constexpr jose_field jose_recipient[]{{"header", jose_kind::any}, {"encrypted_key", jose_kind::octets}};
inline constexpr jose_field jose_jws[]{{"payload", jose_kind::octets, true}, {"signatures", jose_kind::list}};
inline constexpr jose_field jose_jwe[]{{"aad", jose_kind::octets},  {"ciphertext", jose_kind::octets, true}, {"iv", jose_kind::octets},
                                       {"protected", jose_kind::octets}, {"recipients", jose_kind::list}, {"tag", jose_kind::octets},
                                       {"unprotected", jose_kind::any}};

inline auto jose_holds_links(ipld::node const& n) -> bool {
  auto open = std::vector<ipld::node const*>{&n};
  while (!open.empty()) {
    auto const* const at = open.back();
    open.pop_back();
    if (at->as_link()) return true;
    if (auto const* const l = at->as_list())
      for (auto const& item : *l) open.push_back(&item);
    if (auto const* const m = at->as_map())
      for (auto const& e : *m) open.push_back(&e.value);
  }
  return false;
}

/// One object between its two forms: byte strings to texts (`to_text`) or back. Every field must be one of `fields`.
class jose_translator {
public:
  explicit jose_translator(bool to_text) : to_text_{to_text} {}

  auto object(ipld::node const& n, std::span<jose_field const> fields) const -> result<ipld::map, dag_jose_errc> {
    auto const* const m = n.as_map();
    if (!m) return std::unexpected(dag_jose_errc::bad_form);
    auto out = ipld::map{};
    for (auto const& f : fields)
      if (f.required && !m->find(f.name)) return std::unexpected(dag_jose_errc::bad_form);
    for (auto const& e : *m) {
      jose_field const* field = nullptr;
      for (auto const& f : fields)
        if (f.name == e.key) field = &f;
      if (!field || out.find(e.key)) return std::unexpected(dag_jose_errc::bad_form);
      CAIRN_TRY(auto value, this->value(e.value, *field));
      out.append(e.key, std::move(value));
    }
    return out;
  }

private:
  auto value(ipld::node const& n, jose_field const& f) const -> result<ipld::node, dag_jose_errc> {
    if (f.kind == jose_kind::octets) return octets(n);
    if (f.kind == jose_kind::any) {
      if (jose_holds_links(n)) return std::unexpected(dag_jose_errc::bad_cbor);
      return n;
    }
    if (!n.as_list()) return std::unexpected(dag_jose_errc::bad_form);
    auto const fields = f.name == "signatures" ? std::span<jose_field const>{jose_signature} : jose_recipient;
    auto out = ipld::list{};
    for (auto const& item : *n.as_list()) {
      CAIRN_TRY(auto m, object(item, fields));
      out.push_back(std::move(m));
    }
    return ipld::node{std::move(out)};
  }

  auto octets(ipld::node const& n) const -> result<ipld::node, dag_jose_errc> {
    if (to_text_) {
      if (!n.as_bytes()) return std::unexpected(dag_jose_errc::bad_form);
      return ipld::node{encode_base(multibase::base64url, *n.as_bytes())};
    }
    if (!n.as_string()) return std::unexpected(dag_jose_errc::bad_form);
    auto decoded = decode_base(multibase::base64url, *n.as_string());
    if (!decoded) return std::unexpected(dag_jose_errc::bad_base64);
    return ipld::node{*std::move(decoded)};
  }

  bool to_text_;
};

inline void jose_make_links(ipld::node& n) {
  auto open = std::vector<ipld::node*>{&n};
  while (!open.empty()) {
    auto* const at = open.back();
    open.pop_back();
    if (auto const* const s = at->as_string(); s && s->starts_with("ipfs://")) {
      if (auto const id = parse_cid(std::string_view{*s}.substr(7))) *at = *id;
    } else if (auto* const l = at->as_list()) {
      for (auto& item : *l) open.push_back(&item);
    } else if (auto* const m = at->as_map()) {
      for (auto& e : *m) open.push_back(&e.value);
    }
  }
}

/// What a payload holds, under the name that it has in the node; nothing where it is neither.
inline auto jose_content(bytes_view payload) -> std::optional<std::pair<std::string_view, ipld::node>> {
  if (auto const id = decode_cid(payload)) return std::pair{std::string_view{"link"}, ipld::node{*id}};
  auto value = plain_json::decode(payload);
  if (!value || !value->as_map()) return std::nullopt;
  jose_make_links(*value);
  return std::pair{std::string_view{"pld"}, *std::move(value)};
}

/// The flattened serialization has one element of the list on the top level.
inline auto jose_general(ipld::map m, std::string_view list, std::span<jose_field const> fields) -> result<ipld::map, dag_jose_errc> {
  auto const jws = list == "signatures";
  auto one = ipld::map{};
  for (auto const& f : fields) {
    if (f.name == "protected" && !jws) continue;
    auto* const value = m.find(f.name);
    if (!value) continue;
    one.append(std::string{f.name}, std::move(*value));
    m.remove(f.name);
  }
  if (one.empty()) return m;
  if (m.find(list)) return std::unexpected(dag_jose_errc::bad_form);
  auto l = ipld::list{};
  l.push_back(std::move(one));
  m.append(std::string{list}, std::move(l));
  return m;
}

}  // namespace detail

CAIRN_DECL auto dag_jose::decode(bytes_view in, codec_mode mode) -> result<ipld::node, errc> {
  auto const block = dag_cbor::decode(in, mode);
  if (!block) return std::unexpected(errc::bad_cbor);
  auto const to_text = detail::jose_translator{true};
  if (block->find("ciphertext")) {
    CAIRN_TRY(auto jwe, to_text.object(*block, detail::jose_jwe));
    return ipld::node{std::move(jwe)};
  }
  CAIRN_TRY(auto jws, to_text.object(*block, detail::jose_jws));
  if (auto content = detail::jose_content(*block->find("payload")->as_bytes()))
    jws.append(std::string{content->first}, std::move(content->second));
  return ipld::node{std::move(jws)};
}

CAIRN_DECL auto dag_jose::encode(ipld::node const& n, bytes& out) -> result<void, errc> {
  auto const* const m = n.as_map();
  if (!m) return std::unexpected(errc::bad_form);
  auto const to_bytes = detail::jose_translator{false};
  auto block = ipld::node{};
  if (m->find("ciphertext")) {
    CAIRN_TRY(auto general, detail::jose_general(*m, "recipients", detail::jose_recipient));
    CAIRN_TRY(block, to_bytes.object(general, detail::jose_jwe));
  } else {
    auto rest = *m;
    auto shown = std::optional<std::pair<std::string_view, ipld::node>>{};
    for (auto name : {std::string_view{"link"}, std::string_view{"pld"}})
      if (auto* const value = rest.find(name)) {
        if (shown) return std::unexpected(errc::bad_form);
        shown.emplace(name, std::move(*value));
        rest.remove(name);
      }
    CAIRN_TRY(auto general, detail::jose_general(std::move(rest), "signatures", detail::jose_signature));
    CAIRN_TRY(block, to_bytes.object(general, detail::jose_jws));
    if (shown && shown != detail::jose_content(*block.find("payload")->as_bytes())) return std::unexpected(errc::link_mismatch);
  }
  return replace_error(dag_cbor::encode(block, out), errc::bad_cbor);
}

CAIRN_DECL auto dag_jose::links(bytes_view in, link_sink sink) -> result<void, errc> {
  CAIRN_TRY(auto const n, decode(in, codec_mode::lax));
  auto open = std::vector<ipld::node const*>{&n};
  while (!open.empty()) {
    auto const* const at = open.back();
    open.pop_back();
    if (at->as_link() && !sink(*at->as_link())) break;
    if (auto const* const l = at->as_list())
      for (auto i = l->size(); i > 0; --i) open.push_back(&(*l)[i - 1]);
    if (auto const* const m = at->as_map())
      for (auto i = m->size(); i > 0; --i) open.push_back(&m->begin()[i - 1].value);
  }
  return {};
}

}  // namespace cairn
