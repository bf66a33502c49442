// A light client: reads a CAR that it did not make, trusts nobody, keeps nothing. Every block must hash to its CID and must
// have been asked for by the root or by a block before it; at the end nothing asked for may be missing.

#include <cairn/car.hpp>
#include <cairn/ipld.hpp>
#include <cairn/core/text.hpp>
#include <cairn/node.hpp>
#include <cairn/unixfs/byte_source.hpp>

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

using namespace cairn;

// [light-client]
struct verdict {
  std::uint64_t blocks = 0, bytes = 0;
};

auto verify_car(source_ref source, cid const& root) -> io_result<verdict> {
  using codecs = codec_set<raw, dag_pb, dag_cbor, dag_json>;
  using hashes = hash_set<sha2_256, blake3>;
  CAIRN_TRY(auto car, car_reader::open(source));
  auto asked = cid_set{}, seen = cid_set{};
  asked.insert(root);
  auto total = verdict{};
  for (;;) {
    CAIRN_TRY(auto section, car.next_section());
    if (!section) break;
    auto const name = to_string(section->id);
    if (!asked.contains(section->id)) return std::unexpected(error::message("light client", "nobody asked for this block").about(name));
    CAIRN_TRY(auto hash, hashes::hash(section->id.hash().code(), section->data));
    if (hash != section->id.hash()) return std::unexpected(error{block_errc::hash_mismatch}.about(name));
    auto const ask = [&](cid const& link) { asked.insert(link); };
    CAIRN_TRY(codecs::links(section->id.codec(), section->data, link_sink{ask}));
    if (!seen.insert(section->id)) continue;
    ++total.blocks;
    total.bytes += section->data.size();
  }
  if (seen.size() != asked.size())
    return std::unexpected(error::message("light client", std::to_string(asked.size() - seen.size()) + " blocks are missing").about(to_string(root)));
  return total;
}
// [/light-client]

auto run(char const* path, char const* text) -> io_result<verdict> {
  CAIRN_TRY(auto root, parse_cid(text));
  auto const fd = ::open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return std::unexpected(error::system(errno, "cannot open", path));
  auto file = file_source{fd, path};
  auto found = verify_car(file, root);
  ::close(fd);
  return found;
}

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: light_client FILE.car ROOT\n\n  Check that FILE.car holds the whole DAG below ROOT, and nothing else.\n", stderr);
    return 1;
  }
  auto const found = run(argv[1], argv[2]);
  if (!found) {
    std::fprintf(stderr, "%s\n", printable(to_string(found.error())).c_str());
    return 1;
  }
  std::printf("%llu blocks, %llu bytes, all of them what %s asks for\n", static_cast<unsigned long long>(found->blocks),
              static_cast<unsigned long long>(found->bytes), argv[2]);
  return 0;
}
