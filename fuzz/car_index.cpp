// Indexes of CARs: whatever decodes finds each of its digests, and is written again to an index with the same entries.
#include <cairn/car/index.hpp>

#include "law.hpp"

using namespace cairn;

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  auto const index = decode_car_index({data, size});
  if (!index) return 0;
  std::size_t entries = 0;
  for (auto const& b : index->buckets()) {
    entries += b.size();
    CAIRN_LAW(b.size() > 0 && b.entries.size() % b.width == 0);
    for (std::size_t i = 0; i < b.size(); ++i) {
      auto const h = multihash::wrap(b.code, b.digest(i));
      CAIRN_LAW(h && index->find(*h));
    }
  }
  CAIRN_LAW(entries == index->size() && entries <= size);
  auto again = bytes{};
  append_car_index(again, *index);
  auto const back = decode_car_index(again);
  CAIRN_LAW(back && back->size() == index->size());
  auto source = memory_source{again};
  auto const streamed = read_car_index(source);
  CAIRN_LAW(streamed && streamed->size() == index->size());

  // entry by entry, backwards: sorted, it finds what the first one finds
  auto fresh = car_index{index->format()};
  std::size_t taken = 0;
  for (auto const& b : index->buckets())
    for (auto i = b.size(); i-- > 0;) taken += fresh.add(*multihash::wrap(b.code, b.digest(i)), b.offset(i));
  fresh.sort();
  CAIRN_LAW(fresh.size() == taken && taken <= entries);
  for (auto const& b : fresh.buckets())
    for (std::size_t i = 0; i < b.size(); ++i) CAIRN_LAW(fresh.find(*multihash::wrap(b.code, b.digest(i))));
  return 0;
}
