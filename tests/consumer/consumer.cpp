// A program outside the project: finds the installed package and names some bytes.
#include <cairn/block.hpp>

#include <cstdio>

int main() {
  auto const b = cairn::hash_block({}, cairn::buffer{cairn::as_bytes("foo")});
  if (!b) return 1;
  std::puts(cairn::to_string(b->id()).c_str());
  return cairn::to_string(b->id()) == "bafkreibme22gw2h7y2h7tg2fhqotaqjucnbc24deqo72b6mkl2egezxhvy" ? 0 : 1;
}
