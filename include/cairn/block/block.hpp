#pragma once

#include <cairn/core/buffer.hpp>
#include <cairn/multiformats/cid.hpp>

namespace cairn {

namespace detail {
struct block_access;
}

/// Bytes that came with a CID and that nobody has checked: from a disk, a peer, a gateway, a CAR.
struct unverified_block {
  cid id;
  buffer data;
};

/// Bytes whose hash was checked against their CID. Only `verify` and `hash_block` make one (architecture, "trust is in the type").
class block {
public:
  auto id() const -> cid const& { return id_; }
  auto data() const -> bytes_view { return data_.view(); }
  auto share() const -> buffer const& { return data_; }

private:
  friend struct detail::block_access;
  block(cid const& id, buffer data) : id_{id}, data_{std::move(data)} {}

  cid id_;
  buffer data_;
};

/// The same promise over borrowed bytes: what an importer hands to a store without a copy.
///
/// lifetime  the bytes outlive it; a store copies or writes them before `put` returns
class block_view {
public:
  block_view(block const& b) : id_{b.id()}, data_{b.data()} {}

  auto id() const -> cid const& { return id_; }
  auto data() const -> bytes_view { return data_; }

private:
  friend struct detail::block_access;
  block_view(cid const& id, bytes_view data) : id_{id}, data_{data} {}

  cid id_;
  bytes_view data_;
};

namespace detail {
/// The only way past the constructors; used by verify.hpp and by code that has just hashed the bytes itself.
struct block_access {
  static auto make(cid const& id, buffer data) -> block { return {id, std::move(data)}; }
  static auto view(cid const& id, bytes_view data) -> block_view { return {id, data}; }
};
}  // namespace detail

}  // namespace cairn
