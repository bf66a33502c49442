#pragma once
// What a config may say so that a node is made of it: Kubo's sentences, each names the key and what it takes.

#include <cairn/core/try.hpp>
#include <cairn/service/config_text.hpp>
#include <cairn/service/go_text.hpp>
#include <cairn/service/impl/handler.hpp>
#include <cairn/service/impl/import_config.hpp>

#include <algorithm>
#include <charconv>

namespace cairn::service::detail {

inline auto not_made_of(std::string sentence) { return std::unexpected(error::message("config", "constructing the node (see log for full detail): " + std::move(sentence))); }

/// size-N, rabin-MIN-AVG-MAX in that order, buzhash; whether such chunks are too large is said where they are cut.
inline auto is_chunker_text(std::string_view text) -> bool {
  if (text == "buzhash") return true;
  auto const numbers = text.starts_with("size-") ? 1u : text.starts_with("rabin-") ? 3u : 0u;
  auto least = std::uint64_t{1};
  for (auto i = 0u; i < numbers; ++i) {
    text.remove_prefix(std::min(text.find('-'), text.size() - 1) + 1);
    auto n = std::uint64_t{0};
    auto const [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (wrong != std::errc{} || n < least) return false;
    least = n;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  }
  return numbers != 0 && text.empty();
}

inline auto check_import_config(import_config const& in) -> io_result<void> {
  auto const is = [&](std::string_view key) { return in.get(key) && in.get(key)->as_string(); };
  auto const one_of = [&](std::string_view key, std::initializer_list<std::string_view> choices) { return !is(key) || std::find(choices.begin(), choices.end(), in.text(key)) != choices.end(); };
  auto const got = [&](std::string_view key) { return ", got " + go_quoted(in.text(key)); };
  if (auto const n = in.number("CidVersion"); n && *n != 0 && *n != 1) return not_made_of("Import.CidVersion must be 0 or 1, got " + std::to_string(*n));
  for (auto const* key : {"UnixFSFileMaxLinks", "BatchMaxNodes", "BatchMaxSize"})
    if (auto const n = in.number(key); n && *n <= 0) return not_made_of("Import." + std::string{key} + " must be positive, got " + std::to_string(*n));
  if (auto const n = in.number("UnixFSDirectoryMaxLinks"); n && *n < 0) return not_made_of("Import.UnixFSDirectoryMaxLinks must be non-negative, got " + std::to_string(*n));
  if (auto const n = in.number("UnixFSHAMTDirectoryMaxFanout"); n && (*n < 8 || *n > 1024 || (*n & (*n - 1)) != 0))
    return not_made_of("Import.UnixFSHAMTDirectoryMaxFanout must be a power of 2, between 8 and 1024 (got " + std::to_string(*n) + ")");
  if (is("UnixFSChunker") && !is_chunker_text(in.text("UnixFSChunker")))
    return not_made_of("Import.UnixFSChunker invalid format: " + go_quoted(in.text("UnixFSChunker")) + " (expected \"size-<bytes>\", \"rabin-<min>-<avg>-<max>\", or \"buzhash\")");
  if (is("HashFunction")) {
    auto const hash = hash_named(in.text("HashFunction"));
    if (!hash) return not_made_of("Import.HashFunction unrecognized: " + go_quoted(in.text("HashFunction")));
    if (!check_safe_hash(*hash)) return not_made_of("Import.HashFunction " + go_quoted(in.text("HashFunction")) + " is not allowed for use in IPFS");
  }
  if (!one_of("UnixFSHAMTDirectorySizeEstimation", {"links", "block", "disabled"}))
    return not_made_of("Import.UnixFSHAMTDirectorySizeEstimation must be \"links\", \"block\", or \"disabled\"" + got("UnixFSHAMTDirectorySizeEstimation"));
  if (!one_of("UnixFSDAGLayout", {"balanced", "trickle"})) return not_made_of("Import.UnixFSDAGLayout must be \"balanced\" or \"trickle\"" + got("UnixFSDAGLayout"));
  if (!one_of("UnixFSPBNodeFieldOrder", {"links-first", "data-first"}))
    return not_made_of("Import.UnixFSPBNodeFieldOrder must be \"links-first\" or \"data-first\"" + got("UnixFSPBNodeFieldOrder"));
  return {};
}

inline auto check_provide_strategy(std::string_view whole) -> io_result<void> {
  if (whole.empty() || whole == "all" || whole == "flat") return {};
  auto const bad = [&](std::string why) { return not_made_of("Provide.Strategy: " + std::move(why) + " in " + go_quoted(whole)); };
  if (whole.starts_with('+') || whole.ends_with('+') || whole.find("++") != whole.npos) return bad("invalid provide strategy: empty token");
  auto chosen = false, refined = false;
  for (auto rest = std::string_view{whole};;) {
    auto const plus = rest.find('+');
    auto const token = rest.substr(0, plus);
    if (token == "all" || token == "flat") return bad("\"all\" strategy cannot be combined with other strategies");
    if (token == "pinned" || token == "mfs") chosen = true;
    else if (token == "unique" || token == "entities") refined = true;
    else if (token != "roots") return bad("unknown provide strategy token: " + go_quoted(token));
    if (plus == rest.npos) break;
    rest.remove_prefix(plus + 1);
  }
  return refined && !chosen ? bad("+unique/+entities must combine with pinned and/or mfs") : io_result<void>{};
}

inline auto check_provide_config(ipld::node const& config) -> io_result<void> {
  auto const at = [&](std::string_view key) {
    auto const found = config_value(config, key);
    return found ? *found : nullptr;
  };
  if (auto const* strategy = at("Provide.Strategy"); strategy && strategy->as_string()) CAIRN_TRY(check_provide_strategy(*strategy->as_string()));
  if (auto const* interval = at("Provide.DHT.Interval"); interval && interval->as_string()) {
    auto const nanoseconds = parse_duration(*interval->as_string());
    auto const* enabled = at("Provide.Enabled");
    if (nanoseconds && *nanoseconds == 0 && !(enabled && enabled->as_boolean()))
      return not_made_of("Provide.DHT.Interval=0 no longer disables the provide system on its own; set Provide.Enabled explicitly: Provide.Enabled=false to fully disable providing, "
                         "or Provide.Enabled=true to keep ad-hoc 'ipfs provide once' and fast-provide-root working while skipping the periodic reprovide schedule");
    if (nanoseconds && *nanoseconds < 0) return not_made_of("Provide.DHT.Interval must be non-negative, got " + duration_text(*nanoseconds));
    if (nanoseconds && *nanoseconds > 48ll * 3600 * 1'000'000'000)
      return not_made_of("Provide.DHT.Interval (" + duration_text(*nanoseconds) + ") must be less than or equal to DHT provider record validity (48h0m0s)");
  }
  if (auto const* workers = at("Provide.DHT.MaxWorkers"); workers && workers->as_integer())
    if (auto const n = workers->as_integer()->to_int64(); n && *n <= 0) return not_made_of("Provide.DHT.MaxWorkers must be positive, got " + std::to_string(*n));
  return {};
}

inline auto check_node_config(ipld::node const& config) -> io_result<void> {
  CAIRN_TRY(check_import_config(import_config{config.find("Import")}));
  return check_provide_config(config);
}

}  // namespace cairn::service::detail
