// A file DAG as an attacker makes it: nodes over earlier nodes with sizes that may lie, some blocks missing. Both ways of reading
// give the same octets up to the same place, at most as many as the root says, and stop.
#include <cairn/unixfs/file_reader.hpp>

#include "script.hpp"

#include <cairn/blockstore/memory.hpp>
#include <cairn/ipld/dag_pb_wire.hpp>

#include <algorithm>

using namespace cairn;

namespace {

constexpr std::size_t enough = 1 << 16;

struct bounded_sink {
  bytes got;
  auto write(bytes_view in) -> io_result<void> {
    append(got, in);
    if (got.size() > enough) return std::unexpected(error::message("fuzz", "enough"));
    return {};
  }
};

// commands of the input: 1 raw leaf, 2 wrapped leaf, 3 node, 4 any bytes as dag-pb, each with its arguments behind it
class dag_maker {
public:
  explicit dag_maker(bytes_view in) : say_{in} {}

  auto run(memory_blockstore& store) -> std::vector<cid> {
    while (!say_.is_over() && made_.size() < 64) {
      auto const kind = say_.octet(1);
      auto const content = say_.take(say_.octet(1) % 32);
      auto data = bytes{};
      if (kind % 4 == 0) {
        data.assign(content.begin(), content.end());
      } else if (kind % 4 == 1) {
        auto fields = unixfs_fields{.type = static_cast<unixfs_type>(say_.octet(1) % 6), .data = content};
        if (kind & 64) fields.filesize = content.size() + (kind & 32 ? 1 : 0);
        append_dag_pb_data(data, encode_unixfs(fields));
      } else if (kind % 4 == 2) {
        data = node(content, kind);
      } else {
        data.assign(content.begin(), content.end());
      }
      auto const b = *hash_block({.version = 1, .codec = kind % 4 == 0 ? code::raw : code::dag_pb}, buffer{data});
      if (say_.octet(1) % 16 != 0) (void)store.put(b);
      made_.push_back(b.id());
      sizes_.push_back(kind % 4 == 2 ? node_size_ : content.size());
    }
    return made_;
  }

private:
  auto node(bytes_view own, byte kind) -> bytes {
    auto sizes = std::vector<std::uint64_t>{};
    auto links = std::vector<pb_link>{};
    node_size_ = own.size();
    for (int n = say_.octet(1) % 20; n > 0 && !made_.empty(); --n) {
      auto const which = say_.octet(1) % made_.size();
      links.push_back({.id = made_[which]});
      auto const lie = say_.octet(1);
      sizes.push_back(lie == 255 ? std::uint64_t{1} << 62 : lie >= 250 ? sizes_[which] + lie - 252 : sizes_[which]);
      node_size_ += sizes.back();
    }
    if (kind & 128) sizes.push_back(1);
    auto fields = unixfs_fields{.type = unixfs_type::file, .block_sizes = sizes};
    if (!own.empty()) fields.data = own;
    if (kind & 64) fields.filesize = node_size_ + (kind & 32 ? 1 : 0);
    auto out = bytes{};
    append_dag_pb(out, links, encode_unixfs(fields));
    return out;
  }

  fuzz::script say_;
  std::vector<cid> made_;
  std::vector<std::uint64_t> sizes_;
  std::uint64_t node_size_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  auto store = memory_blockstore{};
  auto const made = dag_maker{{data, size}}.run(store);
  if (made.empty()) return 0;
  auto file = open_file(store, made.back());
  if (!file) return 0;

  auto other = open_file(store, made.back());
  CAIRN_LAW(other && other->metadata().mode == file->metadata().mode);
  *file = *std::move(other);

  auto sink = bounded_sink{};
  auto const copied = file->copy_to(sink);
  if (copied) CAIRN_LAW(*copied == file->size() && sink.got.size() == file->size());
  CAIRN_LAW(sink.got.size() <= file->size());

  auto piece = bytes(size % 97 + 1);
  auto at = std::size_t{0};
  auto failed = false;
  while (at < sink.got.size()) {
    auto const n = file->read(at, piece);
    if (failed = !n; failed || *n == 0) break;
    auto const both = std::min(*n, sink.got.size() - at);
    CAIRN_LAW(equal(bytes_view{piece}.first(both), bytes_view{sink.got}.subspan(at, both)));
    at += *n;
  }
  CAIRN_LAW(at >= sink.got.size());
  if (copied) CAIRN_LAW(!failed);

  // a range in the middle is the same octets
  if (sink.got.size() > 2) {
    auto const from = sink.got.size() / 3, length = sink.got.size() / 3;
    auto part = bounded_sink{};
    if (file->copy_to(part, from, length)) CAIRN_LAW(equal(part.got, bytes_view{sink.got}.subspan(from, length)));
  }
  return 0;
}
