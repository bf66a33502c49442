#pragma once

#include <cairn/pin/mark.hpp>

#include <cairn/core/try.hpp>
#include <cairn/ipld/links.hpp>

namespace cairn {

CAIRN_DECL void reachable_set::report(cid const& id, error why) {
  if (problem_count_++ < 100) problems_.push_back({id, std::move(why)});
}

CAIRN_DECL void reachable_set::mark(cid const& root, bool best_effort) {
  auto const meet = [this](cid const& id) {
    live_.insert(id.hash());
    if (id.codec() == code::raw) return;
    // one set for all codecs: the codec is mixed into the hash function's code
    auto const walk = *multihash::wrap(id.hash().code() + (id.codec() << 24), id.hash().digest());
    if (!walked_.insert(walk)) return;
    append_cid(waiting_, id);
    waiting_.push_back(static_cast<byte>(id.encoded_size()));
  };
  meet(root);
  for (auto n = 0u; !waiting_.empty(); ++n) {
    if ((n & 0xff) == 0 && stopped_ && stopped_()) return waiting_.clear();
    auto const size = waiting_.back();
    waiting_.pop_back();
    auto const id = *decode_cid(bytes_view{waiting_}.last(size));
    waiting_.resize(waiting_.size() - size);
    auto const b = store_.get(id);
    if (!b) {
      if (!(best_effort && b.error() == block_errc::not_found)) report(id, b.error());
      continue;
    }
    auto const done = visit_links(id.codec(), b->data(), link_sink{meet});
    if (!done) report(id, done.error());
  }
}

CAIRN_DECL auto reachable_set::mark_pins(pinset const& pins) -> io_result<void> {
  CAIRN_TRY(auto recursive, pins.list(pin_mode::recursive));
  for (;;) {
    CAIRN_TRY(auto p, recursive.next());
    if (!p) break;
    mark(p->id);
  }
  CAIRN_TRY(auto direct, pins.list(pin_mode::direct));
  for (;;) {
    CAIRN_TRY(auto p, direct.next());
    if (!p) return {};
    mark_alone(p->id);
  }
}

}  // namespace cairn
