#pragma once
// What the commands on the network share: peers and addresses as they are given, and as they are shown.

#include <cairn/core/try.hpp>
#include <cairn/multiformats/multiaddr.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/impl/handler.hpp>
#include <cairn/service/impl/swarm_rules.hpp>
#include <cairn/service/network.hpp>
#include <cairn/service/request.hpp>

namespace cairn::service::detail {

inline constexpr std::string_view needs_action = "this action must be run in online mode, try running 'ipfs daemon' first";
inline constexpr std::string_view needs_action_to_connect = "connect ID failure: this action must be run in online mode, try running 'ipfs daemon' first";
inline constexpr std::string_view needs_network = "unable to run offline: this command must be run in online mode. Try running 'ipfs daemon' first";
inline constexpr std::string_view needs_daemon = "this command must be run in online mode. Try running 'ipfs daemon' first";

/// otherwise    what is said of a node that has none, as an error of `whose` module: that of a "client" is answered with 400
inline auto network_of(request& in, std::string_view otherwise = needs_action, std::string_view whose = "command") -> io_result<std::shared_ptr<node_network>> {
  auto const offline = [&] { return std::unexpected(error::message(whose, std::string{otherwise})); };
  if (!in.node()) return offline();
  CAIRN_TRY(auto* api, in.api());
  auto net = api->network();
  if (!net) return offline();
  return net;
}

inline auto read_address(std::string_view text) -> io_result<multiaddr> {
  auto a = parse_multiaddr(text);
  if (a) return *std::move(a);
  auto why = std::string{describe(a.error())};
  if (a.error() == multiaddr_errc::no_leading_slash) why = "must begin with /";
  if (a.error() == multiaddr_errc::empty) why = "empty multiaddr";
  if (a.error() == multiaddr_errc::unknown_protocol)
    for (auto rest = text; !rest.empty();) {
      auto const slash = rest.find('/', 1);
      auto const upto = text.substr(0, slash == rest.npos ? text.size() : static_cast<std::size_t>(rest.data() - text.data()) + slash);
      if (auto const part = parse_multiaddr(upto); !part && part.error() == multiaddr_errc::unknown_protocol) {
        why = "unknown protocol " + std::string{rest.substr(1, slash == rest.npos ? rest.npos : slash - 1)};
        break;
      }
      if (slash == rest.npos) break;
      rest.remove_prefix(slash);
    }
  return fail("failed to parse multiaddr " + go_quoted(text) + ": " + why);
}

/// A peer with its address before it, as in /ip4/.../tcp/4001/p2p/ID. errors: none in it: `otherwise`
inline auto address_of_peer(std::string const& text, std::string otherwise) -> io_result<std::pair<peer_id, multiaddr>> {
  CAIRN_TRY(auto a, read_address(text));
  auto parts = split_peer(a);
  if (!parts) return fail(std::move(otherwise));
  return *std::move(parts);
}

inline auto read_peer(std::string_view text) -> io_result<peer_id> {
  if (auto id = parse_peer_id(text)) return *std::move(id);
  auto const as_cid = read_cid_text(text);
  return fail("failed to parse peer ID: " + (as_cid ? std::string{"can't convert CID of type protobuf to a peer ID"} : to_string(as_cid.error())));
}

inline void write_texts(json_writer& json, std::vector<std::string> const& texts) {
  json.array([&] {
    for (auto const& t : texts) json.value(t);
  });
}

inline auto emit_strings(output& out, std::vector<std::string> const& lines) -> io_result<void> {
  return out.emit(
      [&](std::string& text) {
        for (auto const& l : lines) text += l + "\n";
      },
      [&](json_writer& json) {
        json.object([&] {
          json.key("Strings");
          if (lines.empty()) return json.null();
          write_texts(json, lines);
        });
      });
}

inline void write_peer_facts(json_writer& json, std::string const& id, peer_facts const& facts) {
  json.object([&] {
    json.key("ID").value(id);
    json.key("PublicKey").value(facts.public_key);
    json.key("Addresses");
    if (facts.addresses.empty()) json.null();
    else write_texts(json, facts.addresses);
    json.key("AgentVersion").value(facts.agent);
    json.key("Protocols");
    if (facts.protocols.empty()) json.null();
    else write_texts(json, facts.protocols);
  });
}

inline void write_no_peer_facts(json_writer& json) {
  json.object([&] {
    json.key("ID").value("");
    json.key("PublicKey").value("");
    json.key("Addresses").null();
    json.key("AgentVersion").value("");
    json.key("Protocols").null();
  });
}

}  // namespace cairn::service::detail
