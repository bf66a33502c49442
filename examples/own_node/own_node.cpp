// A node of one's own: a toy codec and a toy hash beside the usual ones, composed at compile time.

#include <cairn/node.hpp>

#include "toy_hash.hpp"
#include "toy_lines.hpp"

#include <cstdio>

using namespace cairn;

auto run() -> io_result<void> {
  // [recipe]
  auto const recipe = node{
      .codecs = codec_set<raw, dag_pb, dag_cbor, toy_lines>{},
      .hashes = hash_set<sha2_256, blake3, toy_hash>{},
      .blocks = memory{.max_bytes = 64 * limits::MiB},
  };
  CAIRN_TRY(auto n, open(recipe));

  auto const poem = ipld::list{"two roads diverged", "in a yellow wood"};
  CAIRN_TRY(auto lines, (n.put<toy_lines, toy_hash>(poem)));
  CAIRN_TRY(auto entry, n.put<dag_cbor>(ipld::map{{"title", "a road"}, {"lines", lines}}));
  CAIRN_TRY(auto back, n.get(*n.get(entry)->find("lines")->as_link()));
  // [/recipe]

  std::printf("%s", to_string(manifest(recipe)).c_str());
  std::printf("entry  %s\nlines  %s\n", to_string(entry).c_str(), to_string(lines).c_str());
  for (auto const& line : *back.as_list()) std::printf("       %s\n", line.as_string()->c_str());
  if (back != ipld::node{poem}) return std::unexpected(error::message("own_node", "what came back is not what went in"));
  return {};
}

int main() {
  auto const done = run();
  if (!done) std::fprintf(stderr, "%s\n", to_string(done.error()).c_str());
  return done ? 0 : 1;
}
