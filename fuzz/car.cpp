// CARs: any octets are read to a typed end, in one go, dripping and in batches alike; a checked block hashes to its CID; what
// was read is written again to a CAR that reads the same.
#include <cairn/car.hpp>

#include "law.hpp"

#include <sys/mman.h>
#include <unistd.h>

using namespace cairn;

namespace {

struct dripping {
  auto read(bytes_span out) -> io_result<std::size_t> {
    auto const n = std::min({out.size(), std::size_t{3}, rest.size()});
    std::copy_n(rest.begin(), n, out.begin());
    rest = rest.subspan(n);
    return n;
  }
  bytes_view rest;
};

struct content {
  std::vector<unverified_block> blocks;
  bool whole = false;
};

template <class Source>
auto read_sections(Source&& source) -> content {
  auto out = content{};
  auto reader = car_reader::open(source);
  if (!reader) return out;
  for (;;) {
    auto const section = reader->next_section();
    if (!section) {
      CAIRN_LAW(!reader->next_section());  // an error stays
      return out;
    }
    if (!*section) break;
    out.blocks.push_back({(*section)->id, buffer{(*section)->data}});
  }
  out.whole = true;
  return out;
}

template <class Source>
auto read_batches(Source&& source) -> content {
  auto out = content{};
  auto reader = car_reader::open(source);
  if (!reader) return out;
  auto batch = car_batch{};
  for (;;) {
    auto const more = reader->next_batch(batch);
    for (auto const& s : batch.sections()) out.blocks.push_back({s.id, buffer{s.data}});
    if (!more) return out;
    if (!*more) break;
  }
  out.whole = true;
  return out;
}

auto agree(content const& a, content const& b) -> bool {
  if (a.whole != b.whole || a.blocks.size() != b.blocks.size()) return false;
  for (std::size_t i = 0; i < a.blocks.size(); ++i)
    if (a.blocks[i].id != b.blocks[i].id || !equal(a.blocks[i].data, b.blocks[i].data)) return false;
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  auto const in = bytes_view{data, size};
  auto whole = memory_source{in};
  auto drips = dripping{in};
  auto const once = read_sections(whole);
  CAIRN_LAW(agree(once, read_sections(drips)));
  auto again = memory_source{in};
  CAIRN_LAW(agree(once, read_batches(again)));
  CAIRN_LAW(agree(once, read_sections(in)) && agree(once, read_batches(in)));  // borrowed

  auto sink = memory_sink{}, second = memory_sink{};
  auto roots = std::vector<cid>{};
  for (std::size_t i = 0; i < std::min<std::size_t>(once.blocks.size(), 2); ++i) roots.push_back(once.blocks[i].id);
  auto writer = car_writer::open(sink, roots);
  auto indexed = car_v2_writer::open(second, roots, size % 2 ? car_index_format::sorted : car_index_format::multihash_sorted);
  CAIRN_LAW(indexed.has_value());
  CAIRN_LAW(writer.has_value());
  auto good = content{{}, true};
  for (auto const& b : once.blocks) {
    auto const checked = verify(b);
    if (!checked) continue;
    CAIRN_LAW(check(checked->id(), checked->data()).has_value());
    CAIRN_LAW(writer->put(*checked).has_value());
    CAIRN_LAW(indexed->put(*checked).has_value());
    good.blocks.push_back(b);
  }
  CAIRN_LAW(writer->finish().has_value());
  CAIRN_LAW(writer->size() == sink.written().size());
  auto written = memory_source{sink.written()};
  CAIRN_LAW(agree(good, read_sections(written)));

  // with an index: the header is known last, the same blocks are read, and the index leads to each
  auto const header = indexed->finish();
  CAIRN_LAW(header.has_value());
  auto file = bytes(second.written().begin(), second.written().end());
  static auto const fd = ::memfd_create("car", 0);
  CAIRN_LAW(::pwrite(fd, file.data(), file.size(), 0) == static_cast<ssize_t>(file.size()));
  CAIRN_LAW(patch_car_v2_header(fd, *header));
  CAIRN_LAW(::pread(fd, file.data(), file.size(), 0) == static_cast<ssize_t>(file.size()));
  CAIRN_LAW(decode_car_v2_header(bytes_view{file}.subspan(car_v2_pragma.size(), car_v2_header_size)) == *header);
  auto whole_file = memory_source{file};
  CAIRN_LAW(agree(good, read_sections(whole_file)));
  auto const index = decode_car_index(bytes_view{file}.subspan(header->index_offset));
  CAIRN_LAW(index.has_value());
  for (auto const& b : good.blocks)
    if (b.id.hash().code() != code::identity) {
      auto const at = index->find(b.id.hash());
      CAIRN_LAW(at && *at < header->data_size);
    }
  return 0;
}
