// Schemas: a text's data model form makes the same schema; what a type reads of a value it writes and reads again.
// The input is a schema's text, and behind a zero byte a value as dag-cbor.
#include <cairn/ipld/codec/dag_cbor.hpp>
#include <cairn/ipld/schema/typed.hpp>

#include "law.hpp"

#include <algorithm>

using namespace cairn;

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  auto const* const end = std::find(data, data + size, byte{0});
  auto const s = ipld::schema::parse(as_text({data, end}));
  if (!s) return 0;
  auto const again = ipld::schema::from_node(s->dmt());
  CAIRN_LAW(again && again->types().size() == s->types().size());
  if (end == data + size) return 0;
  auto const value = dag_cbor::decode({end + 1, data + size}, codec_mode::lax);
  if (!value) return 0;
  for (std::uint32_t t = 0; t < std::min<std::size_t>(s->types().size(), 32); ++t) {
    auto const typed = read_typed(*s, t, *value);
    if (!typed) continue;
    auto const back = write_typed(*s, t, *typed);
    CAIRN_LAW(back && back->kind() == value->kind());
    auto const twice = read_typed(*s, t, *back);
    CAIRN_LAW(twice && *twice == *typed);
  }
  return 0;
}
