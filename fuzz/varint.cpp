// Varints and multihashes: what is read is the shortest form, is written back, and nothing is read beyond its end.
#include <cairn/core/varint.hpp>
#include <cairn/multiformats/multicodec.hpp>
#include <cairn/multiformats/multihash.hpp>

#include "law.hpp"

using namespace cairn;

namespace {

template <varint_width Width>
void varint(bytes_view in) {
  auto const read = read_varint<Width>(in);
  fuzz::says_why(read);
  if (!read) return;
  auto again = bytes{};
  append_varint(again, read->value);
  CAIRN_LAW(again.size() == varint_size(read->value) && again.size() <= static_cast<std::size_t>(Width));
  CAIRN_LAW(equal(again, in.first(in.size() - read->rest.size())));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  auto const in = bytes_view{data, size};
  varint<varint_width::multiformats>(in);
  varint<varint_width::protobuf>(in);
  auto const one = read_multihash(in);
  auto const whole = decode_multihash(in);
  CAIRN_LAW(whole.has_value() == (one && one->rest.empty()));
  fuzz::says_why(whole);
  if (!one) return 0;
  auto const again = to_bytes(one->value);
  CAIRN_LAW(again.size() == one->value.encoded_size() && equal(again, in.first(size - one->rest.size())));
  auto written = bytes(again.size());
  CAIRN_LAW(write_multihash(written.data(), one->value) == again.size() && written == again);
  auto const same = multihash::wrap(one->value.code(), one->value.digest());
  CAIRN_LAW(same && *same == one->value && (*same <=> one->value) == 0);
  CAIRN_LAW(std::hash<multihash>{}(*same) == std::hash<multihash>{}(one->value));
  if (auto d = digest<32>{}; one->value.digest().size() == d.size()) {
    std::copy(one->value.digest().begin(), one->value.digest().end(), d.begin());
    CAIRN_LAW(multihash::of(one->value.code(), d) == one->value);
  }
  return 0;
}
