#pragma once

#include <cairn/asio/libp2p/impl/connection.ipp>
#include <cairn/asio/libp2p/impl/host_state.hpp>
#include <cairn/crypto/libp2p_key.hpp>

#include <algorithm>

// What a host says of itself, and learns of others: identify and its push.

namespace cairn::libp2p::detail {

inline auto host_state::describe(connection const& c) -> identify_info {
  auto info = identify_info{};
  info.public_key = encode_libp2p_key(identity.public_part());
  info.listen_addresses = announced();
  info.protocols = protocols();
  info.observed_address = c.remote_address;
  info.protocol_version = options.protocol_version;
  info.agent_version = options.agent_version;
  if (auto record = seal_peer_record(identity, record_seq, info.listen_addresses)) info.signed_record = *std::move(record);
  return info;
}

// Reads a whole stream of identify messages.
inline auto read_identify(stream s, public_key proven, deadline until) -> task<identify_info> {
  auto reader = identify_reader{};
  auto left = 0uz;
  for (;;) {
    auto const view = co_await s.wait(left, until);
    if (!view) co_return std::unexpected(view.error());
    if (view->size() == left) break;
    auto const taken = reader.resume(*view);
    if (!taken) co_return std::unexpected(error{taken.error()});
    left = view->size() - *taken;
    if (*taken != 0) s.consume(*taken);
  }
  s.close();
  auto done = reader.finish(left, proven);
  if (!done) co_return std::unexpected(error{done.error()});
  co_return *std::move(done);
}

inline auto host_state::ask_identify(std::shared_ptr<connection> c, deadline until) -> task<identify_info> {
  auto names = std::vector<std::string>{std::string{identify_info::protocol_id}};
  auto const opened = co_await c->open(std::move(names), until);
  if (!opened) co_return std::unexpected(opened.error());
  auto s = stream{*opened};
  auto info = co_await read_identify(std::move(s), c->remote_key(), until);
  if (info) c->identified = *info;
  co_return info;
}

inline auto host_state::learn(std::shared_ptr<connection> c) -> net::awaitable<void> {
  auto const info = co_await ask_identify(c, within(options.negotiation_time));
  if (!info && info.error() == identify_errc::wrong_key) c->end(info.error());
}

inline auto answer_identify(std::weak_ptr<host_state> weak, stream s) -> net::awaitable<void> {
  auto const host = weak.lock();
  auto const c = host ? host->find(s.remote()) : nullptr;
  if (!c) co_return;
  auto out = byte_queue{};
  append_identify(out, host->describe(*c));
  auto const sent = co_await s.write(out.view(), within(host->options.negotiation_time));
  if (sent) s.close();
  if (sent) (void)co_await s.wait(0, within(host->options.negotiation_time));
}

inline auto take_push(std::weak_ptr<host_state> weak, stream s) -> net::awaitable<void> {
  auto const host = weak.lock();
  auto const c = host ? host->find(s.remote()) : nullptr;
  if (!c) co_return;
  auto const info = co_await read_identify(std::move(s), c->remote_key(), within(host->options.negotiation_time));
  if (!info || !c->identified) co_return;
  // what is absent did not change (IX-19)
  auto& known = *c->identified;
  if (!info->protocols.empty()) known.protocols = info->protocols;
  if (!info->listen_addresses.empty()) known.listen_addresses = info->listen_addresses;
  if (info->observed_address) known.observed_address = info->observed_address;
  if (info->agent_version) known.agent_version = info->agent_version;
  if (info->protocol_version) known.protocol_version = info->protocol_version;
  if (info->signed_record) known.signed_record = info->signed_record;
}

inline auto host_state::push(std::shared_ptr<connection> c) -> net::awaitable<void> {
  auto const until = within(options.negotiation_time);
  auto names = std::vector<std::string>{std::string{identify_info::push_protocol_id}};
  auto const opened = co_await c->open(std::move(names), until);
  if (!opened) co_return;
  auto s = stream{*opened};
  auto out = byte_queue{};
  append_identify(out, describe(*c));
  auto const sent = co_await s.write(out.view(), until);
  if (sent) s.close();
  if (sent) (void)co_await s.wait(0, until);
}

inline void host_state::push_to_all() {
  ++record_seq;
  for (auto const& c : connections) {
    // who is not identified yet will be told all when it asks
    auto const takes = c->identified && std::ranges::find(c->identified->protocols, identify_info::push_protocol_id) != c->identified->protocols.end();
    if (takes) net::co_spawn(executor, push(c), counted());
  }
}

inline void host_state::tell_changes() {
  auto now = std::pair{announced(), protocols()};
  if (told == now) return;
  auto const first = !told;
  told = std::move(now);
  if (!first) push_to_all();
}

}  // namespace cairn::libp2p::detail
