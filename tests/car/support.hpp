#pragma once
// Blocks, CARs of them, and sources that hand out little at a time.

#include <cairn/blockstore/memory.hpp>
#include <cairn/car.hpp>
#include <cairn/core/text.hpp>

#include "support/property.hpp"

namespace cairn::testing {

inline auto raw_block(bytes_view data) -> block { return *hash_block({}, buffer{data}); }
inline auto raw_block(std::string_view text) -> block { return raw_block(as_bytes(text)); }

inline auto car_of(std::span<cid const> roots, std::span<block const> blocks) -> bytes {
  auto sink = memory_sink{};
  auto writer = *car_writer::open(sink, roots);
  for (auto const& b : blocks) REQUIRE(writer.put(b));
  REQUIRE(writer.finish());
  REQUIRE(writer.size() == sink.written().size());
  return sink.written();
}

inline auto car_v2_of(std::span<cid const> roots, std::span<block const> blocks, car_index_format format = car_index_format::multihash_sorted)
    -> bytes {
  auto sink = memory_sink{};
  auto writer = *car_v2_writer::open(sink, roots, format);
  for (auto const& b : blocks) REQUIRE(writer.put(b));
  auto const header = writer.finish();
  REQUIRE(header);
  auto octets = sink.written();
  auto patch = bytes{};
  append_car_v2_header(patch, *header);
  std::copy(patch.begin(), patch.end(), octets.begin() + static_cast<std::ptrdiff_t>(car_v2_pragma.size()));
  return octets;
}

// At most `step` octets a call.
class dripping_source {
public:
  dripping_source(bytes_view in, std::size_t step) : rest_{in}, step_{step} {}
  auto read(bytes_span out) -> io_result<std::size_t> {
    auto const n = std::min({out.size(), step_, rest_.size()});
    std::copy_n(rest_.begin(), n, out.begin());
    rest_ = rest_.subspan(n);
    return n;
  }

private:
  bytes_view rest_;
  std::size_t step_;
};

struct read_blocks {
  std::vector<block> blocks;
  std::optional<error> failed;
};

inline auto read_car(bytes_view octets, car_read_options options = {}, std::size_t step = SIZE_MAX) -> read_blocks {
  auto out = read_blocks{};
  auto source = dripping_source{octets, step};
  auto reader = car_reader::open(source, options);
  if (!reader) {
    out.failed = reader.error();
    return out;
  }
  for (;;) {
    auto const b = reader->next();
    if (!b) out.failed = b.error();
    if (!b || !*b) return out;
    out.blocks.push_back(**b);
  }
}

}  // namespace cairn::testing
