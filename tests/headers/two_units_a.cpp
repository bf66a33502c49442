// Header-only mode in two translation units: every body must be inline.
#undef CAIRN_SEPARATE_COMPILATION
#include <cairn.hpp>

auto text_of_a(cairn::bytes_view in) -> std::string { return cairn::encode_multibase(cairn::multibase::base32, in); }
