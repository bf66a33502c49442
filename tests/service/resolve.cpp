// The core API's resolution: what a bare CID costs.

#include <cairn/service.hpp>

#include "support/temporary_folder.hpp"

#include <catch2/catch.hpp>

using namespace cairn;
using namespace cairn::service;

namespace {

struct counting_resolver {
  mutable int asked = 0;
  auto txt(std::string_view) const -> io_result<txt_records> {
    ++asked;
    return txt_records{{"dnslink=/ipfs/bafkqaaa"}};
  }
};

static_assert(dns_resolver<counting_resolver>);

}  // namespace

TEST_CASE("capability 27 (2): a bare CID is resolved without a resolver, a block or a pause; a name is not") {
  auto const folder = testing::temporary_folder{};
  auto const path = folder / "repo";
  auto config = core_api::new_config("ed25519", std::nullopt).value();
  REQUIRE(core_api::apply_first_profile(config, "test"));
  REQUIRE(core_api::create(path, config));
  auto const resolver = counting_resolver{};
  auto const api = core_api::open(path, {.online = true, .dns = dns_resolver_ref{resolver}}).value();
  // no such block is here, so none was read
  for (auto form : {"bafkreigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi", "/ipfs/bafkreigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi",
                    "ipfs://bafkreigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi", "/ipld/bafkreigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"}) {
    auto const at = api->resolve(std::string_view{form});
    REQUIRE(at);
    CHECK(to_string(at->id) == "bafkreigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi");
    CHECK_FALSE(api->resolve(std::string{form} + "/x"));
  }
  CHECK(resolver.asked == 0);
  CHECK(to_string(api->resolve(std::string_view{"/ipns/docs.example"})->id) == "bafkqaaa");
  CHECK(resolver.asked > 0);
  CHECK(api->close());
}
