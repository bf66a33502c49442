#pragma once
// The block of a flat directory that changes: what stands before a change is neither encoded nor hashed again.

#include <cairn/block/block.hpp>
#include <cairn/core/try.hpp>
#include <cairn/crypto/hasher.hpp>
#include <cairn/ipld/dag_pb_wire.hpp>
#include <cairn/multiformats/cid_prefix.hpp>

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

namespace cairn::detail {

/// memory    the block, an offset an entry, and a hasher for each 32 KiB
class flat_encoding {
public:
  /// The links from this one on are others than they were.
  void changed(std::size_t link) { same_ = std::min(same_, link); }

  auto encode(std::span<pb_link const> links, bytes_view data) -> bytes_view {
    same_ = std::min({same_, links.size(), ends_.size()});
    auto const from = same_ == 0 ? 0 : ends_[same_ - 1];
    while (!marks_.empty() && marks_.back().first > from) marks_.pop_back();
    ends_.resize(same_);
    auto size = from;
    for (auto const& l : links.subspan(same_)) ends_.push_back(size += dag_pb_link_size(l));
    out_.resize(size + dag_pb_data_size(data.size()));
    auto* at = out_.data() + from;
    for (auto const& l : links.subspan(same_)) at = write_dag_pb_link(at, l);
    write_dag_pb_data(at, data);
    same_ = links.size();
    return out_;
  }

  /// What was encoded last, as a block; after that the same prefix is cheaper.
  auto named(cid_prefix const& prefix) -> io_result<block> {
    if (!marks_.empty() && marks_.front().second.code() != prefix.hash) marks_.clear();
    auto at = std::size_t{0};
    CAIRN_TRY(auto fed, hasher::make(prefix.hash));
    if (!marks_.empty()) std::tie(at, fed) = marks_.back();
    for (; out_.size() - at > step; at += step) {
      fed.update(bytes_view{out_}.subspan(at, step));
      marks_.emplace_back(at + step, fed);
    }
    fed.update(bytes_view{out_}.subspan(at));
    CAIRN_TRY(auto hash, fed.finish(prefix.digest_size));
    if (prefix.version != 0) return block_access::make(cid::v1(prefix.codec, hash), buffer{bytes_view{out_}});
    CAIRN_TRY(auto id, cid::v0(hash));
    return block_access::make(id, buffer{bytes_view{out_}});
  }

private:
  static constexpr std::size_t step = 32 * 1024;

  bytes out_;
  std::vector<std::size_t> ends_;                         // of the links in out_
  std::size_t same_ = 0;                                  // links in out_ that are as they were
  std::vector<std::pair<std::size_t, hasher>> marks_;     // what a hasher knows that was fed so many bytes
};

}  // namespace cairn::detail
