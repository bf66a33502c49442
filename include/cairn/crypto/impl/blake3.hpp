#pragma once

#include <cairn/core/limits.hpp>
#include <cairn/crypto/impl/blake3_lanes.hpp>

#include <bit>

// The tree of BLAKE3: chunks of 1024 bytes, parents of two chaining values, a stack of the subtrees not yet joined.

namespace cairn::detail {

inline constexpr std::size_t blake3_chunk = 1024, blake3_width = 16;

// A node whose compression is still to come: the last one is the root and may give any number of bytes.
struct blake3_node {
  blake3_words cv;
  byte block[64];
  blake3_step step;

  void chaining_value(byte* out, crypto_cpu const& cpu) const {
    std::uint32_t full[16];
    blake3_compress(full, cv, block, step, cpu);
    for (int i = 0; i < 8; ++i) store_little(out + 4 * i, full[i]);
  }
  void root_bytes(byte* out, std::size_t size, crypto_cpu const& cpu) const {
    auto at = step;
    at.flags |= blake3_root;
    for (at.counter = 0; size > 0; ++at.counter) {
      std::uint32_t full[16];
      byte octets[64];
      blake3_compress(full, cv, block, at, cpu);
      for (int i = 0; i < 16; ++i) store_little(octets + 4 * i, full[i]);
      auto const take = size < 64 ? size : 64;
      std::memcpy(out, octets, take);
      out += take;
      size -= take;
    }
  }
};

inline auto blake3_parent_node(byte const* two) -> blake3_node {
  auto node = blake3_node{std::to_array(blake3_iv), {}, {0, 64, blake3_parent}};
  std::memcpy(node.block, two, 64);
  return node;
}

struct blake3_chunk_state {
  blake3_words cv = std::to_array(blake3_iv);
  block_buffer<64, true> buffer;
  std::uint64_t counter = 0;
  std::uint32_t blocks = 0;

  auto size() const -> std::size_t { return 64 * blocks + buffer.used; }
  void restart(std::uint64_t next) {
    cv = std::to_array(blake3_iv);
    buffer.used = 0;
    counter = next;
    blocks = 0;
  }
  void update(bytes_view in, crypto_cpu const& cpu) {
    buffer.feed(in, [&](byte const* data, std::size_t count) {
      for (; count > 0; --count, data += 64) {
        std::uint32_t full[16];
        blake3_compress(full, cv, data, {counter, 64, start_flag()}, cpu);
        for (int i = 0; i < 8; ++i) cv[i] = full[i];
        ++blocks;
      }
    });
  }
  auto node() const -> blake3_node {
    auto n = blake3_node{cv, {}, {counter, static_cast<std::uint32_t>(buffer.used), start_flag() | blake3_chunk_end}};
    std::memcpy(n.block, buffer.held, buffer.used);
    return n;
  }

private:
  auto start_flag() const -> std::uint32_t { return blocks == 0 ? blake3_chunk_start : 0u; }
};

// Up to sixteen chunks, the last one perhaps short. Returns how many chaining values were written.
inline auto blake3_chunks(bytes_view in, std::uint64_t counter, byte* out, crypto_cpu const& cpu) -> std::size_t {
  byte const* at[blake3_width];
  auto const whole = in.size() / blake3_chunk;
  for (std::size_t i = 0; i < whole; ++i) at[i] = in.data() + blake3_chunk * i;
  blake3_many(at, whole, {16, counter, true, 0, blake3_chunk_start, blake3_chunk_end}, out, cpu);
  auto const rest = in.subspan(whole * blake3_chunk);
  if (rest.empty()) return whole;
  auto last = blake3_chunk_state{};
  last.counter = counter + whole;
  last.update(rest, cpu);
  last.node().chaining_value(out + 32 * whole, cpu);
  return whole + 1;
}

// One level up: pairs become parents, an odd last one stays.
inline auto blake3_parents(byte const* cvs, std::size_t count, byte* out, crypto_cpu const& cpu) -> std::size_t {
  byte const* at[blake3_width];
  auto const pairs = count / 2;
  for (std::size_t i = 0; i < pairs; ++i) at[i] = cvs + 64 * i;
  blake3_many(at, pairs, {1, 0, false, blake3_parent, 0, 0}, out, cpu);
  if (count % 2 != 0) std::memcpy(out + 32 * pairs, cvs + 64 * pairs, 32);
  return pairs + count % 2;
}

// A subtree's chaining values, as many as are left where the tree is at most sixteen wide: the lanes stay full up to there.
inline auto blake3_subtree(bytes_view in, std::uint64_t counter, byte* out, crypto_cpu const& cpu) -> std::size_t {
  if (in.size() <= blake3_width * blake3_chunk) return blake3_chunks(in, counter, out, cpu);
  auto const left = std::bit_floor((in.size() - 1) / blake3_chunk);  // chunks
  byte cvs[2 * blake3_width * 32];
  auto count = blake3_subtree(in.first(left * blake3_chunk), counter, cvs, cpu);
  count += blake3_subtree(in.subspan(left * blake3_chunk), counter + left, cvs + 32 * count, cpu);
  return blake3_parents(cvs, count, out, cpu);
}

struct blake3_hasher {
  static constexpr std::size_t max_size = limits::digest;
  static constexpr std::size_t max_depth = 54;  // 2^64 bytes are 2^54 chunks

  blake3_chunk_state chunk;
  std::uint32_t waiting = 0;
  byte stack[(max_depth + 1) * 32];

  void update(bytes_view in) { update(in, this_crypto_cpu()); }
  void finish(byte* out, std::size_t size) { finish(out, size, this_crypto_cpu()); }

  void update(bytes_view in, crypto_cpu const& cpu) {
    while (!in.empty()) {
      if (chunk.size() == 0 && in.size() > blake3_chunk) {
        auto size = std::bit_floor(in.size());
        while ((chunk.counter * blake3_chunk & (size - 1)) != 0) size /= 2;  // a subtree begins at a multiple of its size
        add_subtree(in.first(size), cpu);
        in = in.subspan(size);
        continue;
      }
      auto const room = blake3_chunk - chunk.size();
      auto const take = in.size() < room ? in.size() : room;
      chunk.update(in.first(take), cpu);
      in = in.subspan(take);
      if (chunk.size() < blake3_chunk || in.empty()) continue;
      byte cv[32];
      chunk.node().chaining_value(cv, cpu);
      push(cv, chunk.counter, cpu);
      chunk.restart(chunk.counter + 1);
    }
  }

  void finish(byte* out, std::size_t size, crypto_cpu const& cpu) {
    if (waiting == 0) return chunk.node().root_bytes(out, size, cpu);
    auto node = blake3_node{};
    if (chunk.size() > 0) {
      merge(chunk.counter, cpu);
      node = chunk.node();
    } else {
      waiting -= 2;
      node = blake3_parent_node(stack + 32 * waiting);
    }
    while (waiting > 0) {
      byte two[64];
      --waiting;
      std::memcpy(two, stack + 32 * waiting, 32);
      node.chaining_value(two + 32, cpu);
      node = blake3_parent_node(two);
    }
    node.root_bytes(out, size, cpu);
  }

private:
  // The two halves go onto the stack, not their parent: it may turn out to be the root.
  void add_subtree(bytes_view in, crypto_cpu const& cpu) {
    byte cvs[blake3_width * 32], up[blake3_width * 32];
    auto count = blake3_subtree(in, chunk.counter, cvs, cpu);
    auto const chunks = in.size() / blake3_chunk;
    while (count > 2) {
      count = blake3_parents(cvs, count, up, cpu);
      std::memcpy(cvs, up, 32 * count);
    }
    push(cvs, chunk.counter, cpu);
    if (count == 2) push(cvs + 32, chunk.counter + chunks / 2, cpu);
    chunk.restart(chunk.counter + chunks);
  }
  void push(byte const* cv, std::uint64_t chunks_before, crypto_cpu const& cpu) {
    merge(chunks_before, cpu);
    std::memcpy(stack + 32 * waiting, cv, 32);
    ++waiting;
  }
  // One subtree waits per one bit of the number of chunks.
  void merge(std::uint64_t chunks, crypto_cpu const& cpu) {
    auto const want = static_cast<std::uint32_t>(std::popcount(chunks));
    while (waiting > want) {
      --waiting;
      byte up[32];
      blake3_parent_node(stack + 32 * (waiting - 1)).chaining_value(up, cpu);
      std::memcpy(stack + 32 * (waiting - 1), up, 32);
    }
  }
};

}  // namespace cairn::detail
