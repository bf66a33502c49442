// Hash functions: fed in pieces they give what they give at once, and many at once what one gives.
#include <cairn/crypto/hash.hpp>
#include <cairn/crypto/hasher.hpp>

#include "law.hpp"

using namespace cairn;

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  if (size < 3) return 0;
  auto const rows = hash_functions();
  auto const& row = rows[1 + data[0] % (rows.size() - 1)];
  auto const in = bytes_view{data, size}.subspan(3);
  auto stream = *hasher::make(row.code);
  auto messages = std::vector<bytes_view>{};
  for (std::size_t at = 0, step = 1 + data[1]; at < in.size(); at += step, step = 1 + step * 7 % (1u + data[2])) {
    step = std::min(step, in.size() - at);
    stream.update(in.subspan(at, step));
    messages.push_back(in.subspan(at, step));
  }
  CAIRN_LAW(stream.finish() == hash_bytes(row.code, in));
  auto digests = std::vector<digest<32>>(messages.size());
  sha256_many(messages, digests.data());
  for (std::size_t i = 0; i < messages.size(); ++i) CAIRN_LAW(digests[i] == sha256(messages[i]));
  return 0;
}
