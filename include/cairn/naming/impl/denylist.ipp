#pragma once

#include <cairn/core/limits.hpp>
#include <cairn/core/text.hpp>
#include <cairn/crypto/hash.hpp>
#include <cairn/multiformats/multibase.hpp>
#include <cairn/multiformats/peer_id.hpp>
#include <cairn/naming/denylist.hpp>

#include <algorithm>
#include <functional>

namespace cairn {
namespace detail {

// Keys of rules: a letter for what it is, then the octets.
inline auto multihash_octets(multihash const& h) -> std::string {
  auto b = bytes{};
  append_multihash(b, h);
  return std::string{as_text(b)};
}
inline auto base58_of(multihash const& h) -> std::string { return encode_base(multibase::base58btc, as_bytes(multihash_octets(h))); }

inline auto percent_decoded(std::string_view text) -> std::string {
  auto out = std::string{};
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto const octet = text[i] == '%' && i + 2 < text.size() ? from_hex(text.substr(i + 1, 2)) : std::nullopt;
    if (octet && octet->size() == 1) {
      out += static_cast<char>((*octet)[0]);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

// "my--site-example" is how one label of a host name says "my-site.example".
inline auto uninlined(std::string_view label) -> std::string {
  auto out = std::string{};
  for (std::size_t i = 0; i < label.size(); ++i) {
    if (label[i] != '-') out += label[i];
    else if (i + 1 < label.size() && label[i + 1] == '-') out += '-', ++i;
    else out += '.';
  }
  return out;
}

inline auto joined_segments(std::vector<std::string> const& segments) -> std::string {
  auto out = std::string{};
  for (auto const& s : segments) {
    if (!out.empty()) out += '/';
    out += s;
  }
  return out;
}

inline auto trimmed(std::string_view s) -> std::string_view {
  auto const first = s.find_first_not_of(" \t\r"), last = s.find_last_not_of(" \t\r");
  return first == s.npos ? std::string_view{} : s.substr(first, last - first + 1);
}

// The empty file, block and directory in the codecs that have one: a list that names them would block everything.
inline auto is_well_known_empty(multihash const& h) -> bool {
  auto const d = h.digest();
  if (h.code() == code::identity) return d.empty() || equal(d, bytes{0x0a, 0x02, 0x08, 0x01});
  if (h.code() != code::sha2_256) return false;
  constexpr std::string_view digests[]{
      "59948439065f29619ef41280cbb932be52c56d99c5966b65e0111239f098bbef",  // directory
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",  // block
      "bfccda787baba32b59c78450ac3d20b633360b43992c77289f9ed46d843561e6",  // file
      "c19a797fa1fd590cd2e5b42d1cf5f246e29b91684e2f87404b81dc345c7a56a0",  // map in dag-cbor
      "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",  // map in dag-json
  };
  auto const text = to_hex(d);
  return std::find(std::begin(digests), std::end(digests), text) != std::end(digests);
}

inline auto read_denylist_header(std::string_view in) -> result<denylist_header, denylist_errc> {
  auto out = denylist_header{};
  auto in_hints = false;
  while (!in.empty()) {
    auto const end = in.find('\n');
    auto const line = in.substr(0, end);
    in.remove_prefix(end == in.npos ? in.size() : end + 1);
    auto const text = trimmed(line);
    if (text.empty() || text.starts_with('#')) continue;
    auto const nested = line.starts_with(' ') || line.starts_with('\t');
    if (!nested) in_hints = false;
    auto const colon = text.find(':');
    if (colon == text.npos || colon == 0) {
      if (nested) continue;  // an item of a field that is not known here
      return std::unexpected(denylist_errc::bad_header);
    }
    auto const key = trimmed(text.substr(0, colon));
    auto value = trimmed(text.substr(colon + 1));
    if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front()) value = value.substr(1, value.size() - 2);
    if (nested) {
      if (in_hints) out.hints.insert_or_assign(std::string{key}, std::string{value});
      continue;
    }
    if (key == "version" && value != "1") return std::unexpected(denylist_errc::unsupported_version);
    if (key == "name") out.name = value;
    if (key == "description") out.description = value;
    if (key == "author") out.author = value;
    in_hints = key == "hints";
  }
  return out;
}

}  // namespace detail

/// What one path or block is called in rules: keys with the path behind them, and the texts that double hashes are made of.
struct denylist::questions {
  std::vector<std::string> keys;
  std::string path;
  std::vector<std::string> modern, legacy;
};

CAIRN_DECL auto denylist::add(std::string_view file) -> result<denylist_header, denylist_errc> {
  auto header = denylist_header{};
  auto rest = file;
  // a header ends with a line of ---
  for (std::size_t at = 0; at < std::min(file.size(), limits::denylist_header);) {
    auto const end = std::min(file.find('\n', at), file.size());
    if (detail::trimmed(file.substr(at, end - at)) == "---") {
      auto read = detail::read_denylist_header(file.substr(0, at));
      if (!read) return std::unexpected(read.error());
      header = *std::move(read);
      rest = file.substr(std::min(end + 1, file.size()));
      break;
    }
    at = end + 1;
  }
  auto const text_before = text_.size(), rules_before = rules_.size();
  auto const give_up = [&](denylist_errc why) {
    text_.resize(text_before);
    rules_.resize(rules_before);
    return std::unexpected(why);
  };
  while (!rest.empty()) {
    auto const end = rest.find('\n');
    auto const line = rest.substr(0, end);
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
    if (line.size() >= limits::denylist_line) return give_up(denylist_errc::line_too_long);
    if (rules_.size() >= limits::denylist_rules) return give_up(denylist_errc::too_many_rules);
    add_line(detail::trimmed(line));
  }
  std::sort(rules_.begin(), rules_.end(), [](rule const& a, rule const& b) { return a.hash != b.hash ? a.hash < b.hash : a.order < b.order; });
  return header;
}

CAIRN_DECL void denylist::add_line(std::string_view line) {
  if (line.empty() || line.starts_with('#')) return;
  auto const allow = line.starts_with('!');
  if (allow) line.remove_prefix(1);
  line = line.substr(0, line.find_first_of(" \t"));  // hints stand behind
  if (line.starts_with("//")) {
    line.remove_prefix(2);
    if (auto const digest = line.size() == 64 ? from_hex(line) : std::nullopt) {
      legacy_ = true;
      add_rule("l" + std::string{as_text(*digest)}, "", false, allow);
    }
    auto const octets = decode_base(multibase::base58btc, line, 512);
    auto const hash = octets ? read_multihash(*octets) : std::unexpected(multihash_errc::truncated);
    if (!hash || !hash->rest.empty() || !find_hash(hash->value.code())) return;
    if (std::find(functions_.begin(), functions_.end(), hash->value.code()) == functions_.end()) {
      if (functions_.size() >= limits::denylist_functions) return;
      functions_.push_back(hash->value.code());
    }
    return add_rule("h" + detail::multihash_octets(hash->value), "", false, allow);
  }
  if (!line.starts_with("/ipfs/") && !line.starts_with("/ipns/") && !line.starts_with("/ipld/")) return;
  auto const is_name = line[3] == 'n';
  line.remove_prefix(6);
  auto const slash = line.find('/');
  auto const root = line.substr(0, slash);
  auto path = slash == line.npos ? std::string_view{} : line.substr(slash + 1);
  auto const prefix = slash != line.npos && path.ends_with('*');
  if (prefix) path.remove_suffix(1);
  while (path.ends_with('/')) path.remove_suffix(1);
  auto const decoded = detail::percent_decoded(path);
  if (is_name) {
    if (auto const peer = parse_peer_id(root)) return add_rule("n" + detail::multihash_octets(peer->hash()), decoded, prefix, allow);
    if (!root.empty() && root.size() <= limits::domain_name) add_rule("d" + std::string{root}, decoded, prefix, allow);
    return;
  }
  if (auto const id = parse_cid(root)) return add_rule("f" + detail::multihash_octets(id->hash()), decoded, prefix, allow);
  // a bare multihash in base58
  auto const octets = decode_base(multibase::base58btc, root, 512);
  auto const hash = octets ? read_multihash(*octets) : std::unexpected(multihash_errc::truncated);
  if (hash && hash->rest.empty()) add_rule("f" + detail::multihash_octets(hash->value), decoded, prefix, allow);
}

CAIRN_DECL void denylist::add_rule(std::string_view key, std::string_view path, bool prefix, bool allow) {
  rules_.push_back({std::hash<std::string_view>{}(key), text_.size(), static_cast<std::uint32_t>(rules_.size()), static_cast<std::uint32_t>(path.size()),
                    static_cast<std::uint16_t>(key.size()), prefix, allow});
  text_ += key;
  text_ += path;
}

CAIRN_DECL auto denylist::answer(questions const& asked) const -> bool {
  auto newest = std::optional<std::uint32_t>{};
  auto blocked = false;
  auto const look = [&](std::string const& key, std::string_view path) {
    auto const hash = std::hash<std::string_view>{}(key);
    auto at = std::lower_bound(rules_.begin(), rules_.end(), hash, [](rule const& r, std::uint64_t h) { return r.hash < h; });
    for (; at != rules_.end() && at->hash == hash; ++at) {
      auto const text = std::string_view{text_}.substr(at->at, at->key_size + at->path_size);
      if (text.substr(0, at->key_size) != key) continue;
      auto const ruled = text.substr(at->key_size);
      if (at->prefix ? !path.starts_with(ruled) : path != ruled) continue;
      if (newest && at->order < *newest) continue;
      newest = at->order;
      blocked = !at->allow;
    }
  };
  for (auto const& key : asked.keys) look(key, asked.path);
  for (auto const function : functions_)
    for (auto const& text : asked.modern)
      if (auto const h = hash_bytes(function, as_bytes(text))) look("h" + detail::multihash_octets(*h), "");
  if (legacy_)
    for (auto const& text : asked.legacy)
      if (auto const h = hash_bytes(code::sha2_256, as_bytes(text))) look("l" + std::string{as_text(h->digest())}, "");
  return blocked;
}

CAIRN_DECL auto denylist::blocks(content_path const& path) const -> bool {
  if (rules_.empty()) return false;
  auto asked = questions{};
  auto const behind = [](std::string const& root, std::string const& path) { return path.empty() ? root : root + "/" + path; };
  if (auto const* fixed = std::get_if<immutable_path>(&path)) {
    if (fixed->segments.empty() && detail::is_well_known_empty(fixed->root.hash())) return false;
    asked.path = detail::joined_segments(fixed->segments);
    asked.keys = {"f" + detail::multihash_octets(fixed->root.hash())};
    if (!functions_.empty()) asked.modern = {behind(detail::base58_of(fixed->root.hash()), asked.path)};
    if (legacy_) asked.legacy = {to_string(fixed->root.to_v1()) + "/" + asked.path};
    return answer(asked);
  }
  auto const& name = std::get<mutable_path>(path);
  asked.path = detail::joined_segments(name.segments);
  if (auto const peer = parse_peer_id(name.name)) {
    asked.keys = {"n" + detail::multihash_octets(peer->hash())};
    asked.modern = {behind(detail::base58_of(peer->hash()), asked.path)};
    asked.legacy = {to_string(to_cid(*peer)) + "/" + asked.path};
  } else {
    auto domains = std::vector<std::string>{name.name};
    if (name.name.find('.') == std::string::npos && name.name.find('-') != std::string::npos) domains.push_back(detail::uninlined(name.name));
    for (auto const& domain : domains) {
      asked.keys.push_back("d" + domain);
      asked.modern.push_back(behind("/ipns/" + domain, asked.path));
      asked.legacy.push_back(domain + "/" + asked.path);
    }
  }
  return answer(asked);
}

CAIRN_DECL auto denylist::blocks(cid const& id) const -> bool { return blocks(content_path{immutable_path{id}}); }

CAIRN_DECL auto blocked_error(std::string_view what) -> error { return error::message("blocked", std::string{what} + " is blocked and cannot be provided"); }
CAIRN_DECL auto is_blocked_error(error const& e) -> bool { return e.module() == "blocked"; }

}  // namespace cairn
