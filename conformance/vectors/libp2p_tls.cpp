#include "areas.hpp"

#include <cairn/libp2p/tls/certificate.hpp>
#include <cairn/multiformats/peer_id.hpp>

namespace conformance {
namespace {

// the certificates are valid from 1975 to 4096
constexpr auto now = std::int64_t{1'767'225'600};

auto run(test_case const& c) -> answer {
  if (c.op != "libp2p_tls.verify_certificate") return unsupported("no such operation");
  auto const der = c.has("certificate_hex") ? c.hex("certificate_hex") : c.file(c.text("certificate_file"));
  auto const key = cairn::x509::verify_certificate(der, now);
  if (c.expects_error() || !key) return expect_error(c.expects_error(), !key, key ? "" : std::string{cairn::describe(key.error())});
  return same("peer id", to_string(cairn::peer_id::of(*key)), c.text("peer_id"));
}

// rust-libp2p's certificates of many signature schemes: each must be refused, its extension is not signed by its key
auto expand(foreign_file const& f) -> std::vector<json::object> {
  return {json::object{{"id", f.name}, {"op", "libp2p_tls.verify_certificate"}, {"certificate_file", f.name}, {"expect", "error"}}};
}

}  // namespace

auto libp2p_tls_area() -> area { return {"libp2p-tls", run, expand}; }

}  // namespace conformance
