// dag-json: what is read is written so that it reads back, with a style that keeps floats; links agree with the node.
#include <cairn/ipld/codec/dag_json.hpp>

#include "codec_law.hpp"

using namespace cairn;

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  auto const in = bytes_view{data, size};
  auto const ignore = [](cid const&) {};
  (void)dag_json::links(in, link_sink{ignore});
  auto const strict = dag_json::decode(in);
  auto const lax = dag_json::decode(in, codec_mode::lax);
  fuzz::same_document<dag_json>(in, strict, codec_mode::strict);
  fuzz::same_document<dag_json>(in, lax, codec_mode::lax);
  if (strict) CAIRN_LAW(lax && *lax == *strict);
  if (lax) {
    fuzz::same_links<dag_json>(in, *lax);
    auto const mode = strict ? codec_mode::strict : codec_mode::lax;
    auto out = bytes{}, again = bytes{};
    if (dag_json::encode(*lax, out, mode, {.keep_point = true})) {
      auto const back = dag_json::decode(out, mode);
      CAIRN_LAW(back && *back == *lax);
      CAIRN_LAW(dag_json::encode(*back, again, mode, {.keep_point = true}) && again == out);
    } else {
      CAIRN_LAW(!strict);
    }
  }
  if (auto const plain = plain_json::decode(in)) {
    auto out = bytes{};
    CAIRN_LAW(plain_json::encode(*plain, out, {.keep_point = true}));
    auto const back = plain_json::decode(out);
    CAIRN_LAW(back && *back == *plain);
  } else {
    CAIRN_LAW(!lax);
  }
  return 0;
}
