#include <cairn/multiformats/base_of.hpp>

#include <laws/base_codec.hpp>

using namespace cairn;

namespace {

template <multibase... Bases>
void all() {
  (laws::base_codec<base_of<Bases>>(), ...);
  CHECK(sizeof...(Bases) == multibase_table().size());
  for (auto const& row : multibase_table()) CHECK(((row.base == Bases && row.name == base_of<Bases>::name()) || ...));
  CHECK(((!base_of<Bases>::prefix().empty()) && ...));
}

}  // namespace

TEST_CASE("every base of the table keeps the laws of a base") {
  using enum multibase;
  all<identity, base2, base8, base10, base16, base16upper, base32hex, base32hexupper, base32hexpad, base32hexpadupper, base32,
      base32upper, base32pad, base32padupper, base32z, base36, base36upper, base45, base58btc, base58flickr, base64, base64pad,
      base64url, base64urlpad, base256emoji>();
}
