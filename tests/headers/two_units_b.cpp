#undef CAIRN_SEPARATE_COMPILATION
#include <cairn.hpp>

auto text_of_a(cairn::bytes_view in) -> std::string;

int main() {
  auto const in = cairn::bytes{1, 2, 3};
  return text_of_a(in) == cairn::encode_multibase(cairn::multibase::base32, in) ? 0 : 1;
}
