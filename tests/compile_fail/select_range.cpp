// expect: select: a range ends before it starts
#include <cairn/ipld/selector/select.hpp>

namespace s = cairn::ipld::select;

#if CONTROL
auto program = s::program<s::recursive<s::any_of<s::match<>, s::range<1, 3, s::edge>>>>;
#else
auto program = s::program<s::range<3, 3, s::match<>>>;
#endif
