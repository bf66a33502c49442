#include <cairn/exchange/trustless.hpp>

#include <cairn/multiformats/multicodec.hpp>

#include <catch2/catch.hpp>

using namespace cairn;

namespace {

auto named(bytes_view data) -> cid { return *hash_cid(cid_prefix{.codec = code::raw}, data); }

auto answered(cid const& id, trustless_head const& head, std::vector<bytes> const& parts, std::size_t most = limits::block) -> io_result<block> {
  auto a = trustless_answer{id, most};
  if (auto const ok = a.begin(head); !ok) return std::unexpected(error{ok.error()});
  for (auto const& p : parts)
    if (auto const ok = a.more(p); !ok) return std::unexpected(error{ok.error()});
  return a.finish();
}

}  // namespace

TEST_CASE("SEC-30: a block of a gateway is the one that was asked for, in whatever pieces it comes") {
  auto const data = bytes(5000, 3);
  auto const id = named(data);
  CHECK(trustless_answer::target(id) == "/ipfs/" + to_string(id) + "?format=raw");
  for (auto const* type : {"application/vnd.ipld.raw", "application/octet-stream", "application/vnd.ipld.raw; charset=x"}) {
    auto const whole = answered(id, {200, type, {}, "5000"}, {bytes(4000, 3), bytes(1000, 3)});
    REQUIRE(whole);
    CHECK(whole->id() == id);
    CHECK(equal(whole->data(), data));
  }
  CHECK(answered(id, {200, {}, "identity", {}}, {data}));
  auto const none = named({});
  CHECK(answered(none, {200, {}, {}, "0"}, {}));
}

TEST_CASE("SEC-30: wrong octets, too few, too many, lies about their number, packed ones: none becomes a block") {
  auto const data = bytes(5000, 3);
  auto const id = named(data);
  auto flipped = data;
  flipped[77] ^= 1;
  CHECK(answered(id, {200, {}, {}, {}}, {flipped}).error() == block_errc::hash_mismatch);
  CHECK(answered(id, {200, {}, {}, {}}, {bytes(4999, 3)}).error() == block_errc::hash_mismatch);
  CHECK(answered(id, {200, {}, {}, {}}, {data, bytes(1)}).error() == block_errc::hash_mismatch);
  CHECK(answered(id, {200, {}, {}, "4999"}, {data}).error() == trustless_errc::other_length);
  CHECK(answered(id, {200, {}, {}, "5001"}, {data}).error() == trustless_errc::other_length);
  CHECK(answered(id, {200, {}, {}, "-1"}, {data}).error() == trustless_errc::other_length);
  CHECK(answered(id, {200, {}, {}, "99999999999999999999999"}, {data}).error() == trustless_errc::other_length);
  CHECK(answered(id, {200, {}, {}, "18446744073709551615"}, {data}).error() == trustless_errc::too_long);
  CHECK(answered(id, {200, {}, {}, "2097153"}, {}).error() == trustless_errc::too_long);
  CHECK(answered(id, {200, {}, {}, {}}, std::vector<bytes>(3, bytes(1 << 20))).error() == trustless_errc::too_long);
  CHECK(answered(id, {200, {}, {}, {}}, {data}, 4999).error() == trustless_errc::too_long);
  for (auto const* encoding : {"gzip", "br", "deflate, gzip"}) CHECK(answered(id, {200, {}, encoding, {}}, {data}).error() == trustless_errc::encoded);
  CHECK(answered(id, {200, "text/html", {}, {}}, {data}).error() == trustless_errc::other_type);
}

TEST_CASE("SEC-30: a status is what it is: redirections are not followed, absence is no fault") {
  auto const id = named(bytes(1));
  for (auto status : {300u, 301u, 302u, 303u, 307u, 308u}) CHECK(answered(id, {status, {}, {}, {}}, {bytes(1)}).error() == trustless_errc::redirected);
  for (auto status : {404u, 410u, 451u}) CHECK(answered(id, {status, {}, {}, {}}, {bytes(1)}).error() == trustless_errc::absent);
  for (auto status : {201u, 204u, 206u, 400u, 429u, 500u, 504u}) CHECK(answered(id, {status, {}, {}, {}}, {bytes(1)}).error() == trustless_errc::refused);
}
