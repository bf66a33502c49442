#pragma once
// id, ping, bitswap, stats bw

#include <cairn/core/try.hpp>
#include <cairn/multiformats/peer_id.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/go_text.hpp>
#include <cairn/service/impl/commands_swarm.hpp>
#include <cairn/service/impl/handler.hpp>
#include <cairn/service/impl/swarm_text.hpp>
#include <cairn/service/kubo_text.hpp>
#include <cairn/service/network.hpp>
#include <cairn/service/output.hpp>
#include <cairn/service/request.hpp>
#include <cairn/service/version.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <thread>

namespace cairn::service::detail {

// Waits, unless the caller goes.
inline void pause(request& in, std::chrono::nanoseconds time) {
  auto const until = std::chrono::steady_clock::now() + time;
  while (!in.cancelled() && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(std::chrono::milliseconds{50}, until - std::chrono::steady_clock::now()));
}

inline auto two_digits(double value) -> std::string {
  char text[64];
  std::snprintf(text, sizeof text, "%.2f", value);
  return text;
}

// As JSON of Go has it: no exponent between 1e-6 and 1e21, no more digits than needed.
inline auto go_float(double value) -> std::string {
  char text[64];
  auto const plain = value == 0 || (std::abs(value) >= 1e-6 && std::abs(value) < 1e21);
  auto const end = plain ? std::to_chars(text, text + sizeof text, value, std::chars_format::fixed) : std::to_chars(text, text + sizeof text, value);
  return {text, end.ptr};
}

inline auto emit_ping(output& out, bool success, std::int64_t time, std::string const& said) -> io_result<void> {
  CAIRN_TRY(out.emit(
      [&](std::string& text) {
        if (!said.empty()) text += said + "\n";
        else if (success) text += "Pong received: time=" + two_digits(static_cast<double>(time) / 1e6) + " ms\n";
        else text += "Pong failed\n";
      },
      [&](json_writer& json) {
        json.object([&] {
          json.key("Success").value(success);
          json.key("Time").value(time);
          json.key("Text").value(said);
        });
      }));
  return out.flush();
}

inline auto ping_one(request& in, output& out, node_network& net, std::string const& text) -> io_result<void> {
  auto peer = std::optional<peer_id>{};
  auto address = multiaddr{};
  if (text.starts_with('/')) {
    auto given = address_of_peer(text, "failed to parse peer address '" + text + "': invalid p2p multiaddr");
    if (!given) return std::unexpected(std::move(given).error());
    peer = given->first;
    address = given->second;
  } else {
    auto const id = read_peer(text);
    if (!id) return fail("failed to parse peer address '" + text + "': " + to_string(id.error()));
    peer = *id;
  }
  auto const name = to_string(*peer);
  if (*peer == net.self().id) return fail("error: can't ping self");
  auto const cancelled = [&] { return in.cancelled(); };
  if (address.empty() && !net.knows(*peer)) {
    CAIRN_TRY(emit_ping(out, true, 0, "Looking up peer " + name));
    return fail("peer lookup failed: routing: not found");
  }
  CAIRN_TRY(emit_ping(out, true, 0, "PING " + name + "."));
  auto to = node_network::addressed_peer{*peer, {}};
  if (!address.empty()) to.second.push_back(address);
  auto const count = in.number("count").value_or(10);
  if (count <= 0) return fail("ping count must be greater than 0, was " + std::to_string(count));
  auto total = std::int64_t{0}, answered = std::int64_t{0};
  auto failed = false;
  if (auto done = net.connect(to, cancelled); !done) {
    CAIRN_TRY(emit_ping(out, false, 0, "Ping error: " + to_string(done.error())));
    return fail("ping failed");
  }
  for (auto i = 0ll; i < count && !in.cancelled(); ++i) {
    if (i != 0) pause(in, std::chrono::seconds{1});
    auto const time = net.ping(*peer, cancelled);
    if (!time) {
      failed = true;
      CAIRN_TRY(emit_ping(out, false, 0, "Ping error: " + to_string(time.error())));
      break;
    }
    total += *time;
    ++answered;
    CAIRN_TRY(emit_ping(out, true, *time, ""));
  }
  if (answered == 0 && failed) return fail("ping failed");
  CAIRN_TRY(emit_ping(out, true, 0, "Average latency: " + two_digits(answered == 0 ? 0 : static_cast<double>(total) / static_cast<double>(answered) / 1e6) + "ms"));
  return failed ? io_result<void>{fail("ping failed")} : io_result<void>{};
}

CAIRN_DECL auto run_ping(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto texts, in.all_arguments());
  if (texts.empty()) return fail("argument \"peer ID\" is required");
  CAIRN_TRY(auto const net, network_of(in, needs_daemon));
  for (auto const& t : texts) CAIRN_TRY(ping_one(in, out, *net, t));
  return {};
}

inline void append_texts(std::string& text, std::vector<std::string> const& texts) {
  if (texts.empty()) {
    text += "null";
    return;
  }
  text += "[";
  for (auto i = 0uz; i < texts.size(); ++i) {
    text += i == 0 ? "\n\t\t" : ",\n\t\t";
    append_json_string(text, texts[i]);
  }
  text += "\n\t]";
}

CAIRN_DECL auto run_id(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto base, peer_base_named(in.text("peerid-base").value_or("b58mh")));
  CAIRN_TRY(auto* api, in.api());
  CAIRN_TRY(auto own, api->identity());
  auto const net = in.node() ? api->network() : nullptr;
  auto wanted = own.id;
  if (!in.arguments.empty()) {
    auto const given = peer_cid(in.arguments[0]);
    if (!given) return fail("invalid peer id");
    wanted = *given;
  }
  auto const id = peer_text(wanted, base);
  auto const is_self = wanted.hash() == own.id.hash();
  auto const itself = peer_id::make(wanted.hash());
  if (!itself) return fail("invalid peer id");
  auto facts = peer_facts{.id = *itself};
  if (is_self) {
    if (net) facts = net->self();
    facts.public_key = own.public_key;
    facts.agent = std::string{"kubo/"} + std::string{kubo_version} + "/" + std::string{commit_name};
  } else if (in.flag("offline")) {
    facts.public_key = inlined_public_key(wanted);
  } else if (!net) {
    return fail("'ipfs id' cannot query information on remote peers without a running daemon; if you only want to convert --peerid-base, pass --offline option");
  } else {
    CAIRN_TRY(facts, net->identify(*itself, [&] { return in.cancelled(); }));
  }
  if (base) {
    auto const suffix = "/p2p/" + to_string(*itself);
    for (auto& a : facts.addresses)
      if (a.ends_with(suffix)) a = a.substr(0, a.size() - suffix.size()) + "/p2p/" + id;
  }
  if (auto const format = in.text("format")) {
    auto const lines = [](std::vector<std::string> const& texts) {
      auto joined = std::string{};
      for (auto const& t : texts) joined += (joined.empty() ? "" : "\n") + t;
      return joined;
    };
    auto line = std::string{};
    for (std::size_t i = 0; i < format->size();) {
      auto const rest = format->substr(i);
      auto const take = [&](std::string_view token, std::string const& value) {
        if (!rest.starts_with(token)) return false;
        line += value;
        i += token.size();
        return true;
      };
      if (take("<id>", id) || take("<aver>", facts.agent) || take("<pubkey>", facts.public_key) || take("<addrs>", lines(facts.addresses)) || take("<protocols>", lines(facts.protocols)) ||
          take("\\n", "\n") || take("\\t", "\t"))
        continue;
      line += (*format)[i++];
    }
    if (out.form() == encoding::text) return out.text(line);
  }
  return out.emit(
      [&](std::string& text) {
        text += "{\n\t\"ID\": ";
        append_json_string(text, id);
        text += ",\n\t\"PublicKey\": ";
        append_json_string(text, facts.public_key);
        text += ",\n\t\"Addresses\": ";
        append_texts(text, facts.addresses);
        text += ",\n\t\"AgentVersion\": ";
        append_json_string(text, facts.agent);
        text += ",\n\t\"Protocols\": ";
        append_texts(text, facts.protocols);
        text += "\n}\n\n";
      },
      [&](json_writer& json) { write_peer_facts(json, id, facts); });
}

inline void write_cids(json_writer& json, std::vector<cid> const& ids, cid_style const& style) {
  json.array([&] {
    for (auto const& id : ids) json.object([&] { json.key("/").value(cid_text(id, style)); });
  });
}

CAIRN_DECL auto run_bitswap_stat(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto const net, network_of(in, needs_network, "client"));
  CAIRN_TRY(auto style, style_of(in));
  auto const sum = net->exchange();
  auto const size = [&](std::uint64_t n) { return in.flag("human") ? human_size(n) : std::to_string(n); };
  auto const verbose = in.flag("verbose");
  return out.emit(
      [&](std::string& text) {
        text += "bitswap status\n\tblocks received: " + std::to_string(sum.blocks_received) + "\n\tblocks sent: " + std::to_string(sum.blocks_sent) + "\n\tdata received: " +
                size(sum.data_received) + "\n\tdata sent: " + size(sum.data_sent) + "\n\tdup blocks received: " + std::to_string(sum.duplicates) + "\n\tdup data received: " +
                size(sum.duplicate_data) + "\n\twantlist [" + std::to_string(sum.wants.size()) + " keys]\n";
        if (verbose)
          for (auto const& id : sum.wants) text += "\t\t" + cid_text(id, style) + "\n";
        text += "\tpartners [" + std::to_string(sum.partners.size()) + "]\n";
        if (verbose)
          for (auto const& p : sum.partners) text += "\t\t" + to_string(p) + "\n";
      },
      [&](json_writer& json) {
        json.object([&] {
          write_cids(json.key("Wantlist"), sum.wants, style);
          json.key("Peers").array([&] {
            for (auto const& p : sum.partners) json.value(to_string(p));
          });
          json.key("BlocksReceived").value(sum.blocks_received);
          json.key("DataReceived").value(sum.data_received);
          json.key("DupBlksReceived").value(sum.duplicates);
          json.key("DupDataReceived").value(sum.duplicate_data);
          json.key("MessagesReceived").value(sum.messages_received);
          json.key("BlocksSent").value(sum.blocks_sent);
          json.key("DataSent").value(sum.data_sent);
        });
      });
}

CAIRN_DECL auto run_bitswap_wantlist(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto const net, network_of(in, needs_daemon));
  CAIRN_TRY(auto style, style_of(in));
  auto const text = in.text("peer").value_or("");
  auto of = std::optional<peer_id>{};
  if (!text.empty()) {
    CAIRN_TRY(of, read_peer(text));
  }
  if (of && *of == net->self().id) of.reset();
  auto const wants = of ? net->wantlist_of(*of) : net->exchange().wants;
  return out.emit(
      [&](std::string& lines) {
        for (auto const& id : wants) lines += cid_text(id, style) + "\n";
      },
      [&](json_writer& json) {
        json.object([&] {
          json.key("Keys");
          if (of && wants.empty()) return json.null();
          write_cids(json, wants, style);
        });
      });
}

CAIRN_DECL auto run_bitswap_ledger(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto const net, network_of(in, needs_daemon));
  CAIRN_TRY(auto text, first_argument(in, "peer"));
  CAIRN_TRY(auto id, read_peer(text));
  auto const l = net->ledger(id);
  auto const ratio = static_cast<double>(l.sent) / (static_cast<double>(l.received) + 1);
  auto const name = to_string(id);
  return out.emit(
      [&](std::string& lines) {
        char number[64];
        std::snprintf(number, sizeof number, "%.6f", ratio);
        lines += "Ledger for " + name + "\nDebt ratio:\t" + number + "\nExchanges:\t" + std::to_string(l.exchanges) + "\nBytes sent:\t" + std::to_string(l.sent) + "\nBytes received:\t" +
                 std::to_string(l.received) + "\n\n";
      },
      [&](json_writer& json) {
        json.object([&] {
          json.key("Peer").value(name);
          json.key("Value").raw(go_float(ratio));
          json.key("Sent").value(l.sent);
          json.key("Recv").value(l.received);
          json.key("Exchanged").value(l.exchanges);
        });
      });
}

CAIRN_DECL auto run_stats_bw(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto const net, network_of(in, needs_network, "client"));
  auto peer = std::optional<peer_id>{};
  auto protocol = std::optional<std::string>{};
  if (auto const p = in.text("peer")) {
    CAIRN_TRY(peer, read_peer(*p));
  }
  if (auto const t = in.text("proto")) protocol = std::string{*t};
  if (peer && protocol) return fail("please only specify peer OR protocol");
  auto const poll = in.flag("poll");
  CAIRN_TRY(auto interval, parse_duration(in.text("interval").value_or("1s")));
  for (auto first = true;; first = false) {
    CAIRN_TRY(auto const t, net->traffic(peer, protocol));
    auto const rate = [](double r) { return human_size(static_cast<std::uint64_t>(r < 0 ? 0 : r)); };
    auto const wide = [](std::string s, std::size_t n) { return std::string(s.size() < n ? n - s.size() : 0, ' ') + s; };
    CAIRN_TRY(out.emit(
        [&](std::string& text) {
          if (!poll) {
            text += "Bandwidth\nTotalIn: " + human_size(t.in) + "\nTotalOut: " + human_size(t.out) + "\nRateIn: " + rate(t.rate_in) + "/s\nRateOut: " + rate(t.rate_out) + "/s\n";
            return;
          }
          if (first) text += "Total Up    Total Down  Rate Up     Rate Down\n";
          text += wide(human_size(t.out), 8) + "    " + wide(human_size(t.in), 8) + "    " + wide(rate(t.rate_out), 8) + "/s  " + wide(rate(t.rate_in), 8) + "/s      \r";
        },
        [&](json_writer& json) {
          json.object([&] {
            json.key("TotalIn").value(t.in);
            json.key("TotalOut").value(t.out);
            json.key("RateIn").raw(go_float(t.rate_in));
            json.key("RateOut").raw(go_float(t.rate_out));
          });
        }));
    CAIRN_TRY(out.flush());
    if (!poll || in.cancelled()) return {};
    pause(in, std::chrono::nanoseconds{interval});
    if (in.cancelled()) return {};
  }
}

}  // namespace cairn::service::detail
