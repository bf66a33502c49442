#include "areas.hpp"

#include <cairn/core/protobuf.hpp>
#include <cairn/crypto/libp2p_key.hpp>
#include <cairn/libp2p/envelope.hpp>

namespace conformance {
namespace {

auto run_envelope(test_case const& c) -> answer {
  auto const sealed = c.hex("envelope_hex");
  auto const opened = cairn::open_envelope(sealed, c.text("domain"));
  if (c.expects_error() || !opened) return expect_error(c.expects_error(), !opened, opened ? "" : std::string{describe(opened.error())});
  if (auto const a = same("signer", encode_libp2p_key(opened->signer()), c.hex("public_pb_hex")); a.outcome != verdict::pass) return a;
  if (auto const a = same("type", opened->payload_type(), c.hex("payload_type_hex")); a.outcome != verdict::pass) return a;
  if (auto const a = same("payload", opened->payload(), c.hex("payload_hex")); a.outcome != verdict::pass) return a;
  if (auto const a = same("peer id", to_string(cairn::peer_id::of(opened->signer())), c.text("peer_id")); a.outcome != verdict::pass) return a;
  if (!c.has("private_pb_hex")) return pass();
  auto const key = cairn::decode_libp2p_private_key(c.hex("private_pb_hex"));
  if (!key) return fail(std::string{describe(key.error())});
  auto const again = cairn::seal_envelope(*key, c.text("domain"), opened->payload_type(), opened->payload());
  if (!again) return fail(std::string{describe(again.error())});
  if (auto const a = same("sealed again", *again, sealed); a.outcome != verdict::pass) return a;
  auto const record = cairn::open_peer_record(sealed);
  if (!record) return fail(std::string{describe(record.error())});
  return same("record again", encode_peer_record(*record), c.hex("payload_hex"));
}

auto run_record(test_case const& c) -> answer {
  auto const octets = c.hex("record_hex");
  auto key = bytes_view{}, value = bytes_view{};
  for (auto in = bytes_view{octets}; !in.empty();) {
    auto const f = cairn::read_protobuf_field(in);
    if (!f) return fail(std::string{describe(f.error())});
    in = f->rest;
    if (f->value.is(1, cairn::protobuf_wire::bytes)) key = f->value.body;
    if (f->value.is(2, cairn::protobuf_wire::bytes)) value = f->value.body;
  }
  if (auto const a = same("key", cairn::as_text(key), c.text("key_text")); a.outcome != verdict::pass) return a;
  return same("value", cairn::as_text(value), c.text("value_text"));
}

auto run(test_case const& c) -> answer {
  if (c.op == "envelope.open") return run_envelope(c);
  if (c.op == "dht_record.decode") return run_record(c);
  return unsupported("op " + c.op);
}

}  // namespace

auto signed_records_area() -> area { return {"signed-records", run}; }

}  // namespace conformance
