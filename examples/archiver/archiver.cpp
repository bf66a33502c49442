// An offline archiver: a tree of files becomes a CAR, and a CAR a tree again. No socket, no config, no repo: a node of packs in
// a folder beside the target, gone when the work is done.

#include <cairn/core/text.hpp>
#include <cairn/node.hpp>
#include <cairn/unixfs/byte_sink.hpp>
#include <cairn/unixfs/byte_source.hpp>

#include <cerrno>
#include <cstdio>
#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

using namespace cairn;

struct scratch_folder {
  explicit scratch_folder(std::string const& beside) : path{beside + ".work-" + std::to_string(::getpid())} {}
  ~scratch_folder() {
    auto ignored = std::error_code{};
    std::filesystem::remove_all(path, ignored);
  }
  std::string path;
};

struct descriptor {
  ~descriptor() {
    if (fd >= 0) ::close(fd);
  }
  int fd;
};

// [archiver]
auto recipe_in(std::string const& folder) {
  return node{
      .codecs = codec_set<raw, dag_pb>{},
      .hashes = hash_set<sha2_256>{},
      .blocks = packs_in{folder, sync_mode::off} | verified,
  };
}

auto pack(std::string const& tree, std::string const& car) -> io_result<cid> {
  auto const work = scratch_folder{car};
  CAIRN_TRY(auto n, open(recipe_in(work.path)));
  CAIRN_TRY(auto root, n.add_tree({tree, std::filesystem::path{tree}.filename().string()}, {.hidden = true}));
  auto const out = descriptor{::open(car.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)};
  if (out.fd < 0) return std::unexpected(error::system(errno, "cannot create", car));
  auto sink = file_sink{out.fd, car};
  CAIRN_TRY(n.export_car(root.id, sink));
  return root.id;
}

auto unpack(std::string const& car, std::string const& target) -> io_result<cid> {
  auto const work = scratch_folder{target};
  auto const in = descriptor{::open(car.c_str(), O_RDONLY | O_CLOEXEC)};
  if (in.fd < 0) return std::unexpected(error::system(errno, "cannot open", car));
  CAIRN_TRY(auto n, open(recipe_in(work.path)));
  auto source = file_source{in.fd, car};
  CAIRN_TRY(auto found, n.import_car(source));
  if (found.roots.size() != 1) return std::unexpected(error::message("archiver", "an archive has one root").about(car));
  CAIRN_TRY(n.get_tree(found.roots.front(), target));
  return found.roots.front();
}
// [/archiver]

int main(int argc, char** argv) {
  auto const command = std::string_view{argc == 4 ? argv[1] : ""};
  if (command != "pack" && command != "unpack") {
    std::fputs("usage: archiver pack TREE FILE.car\n       archiver unpack FILE.car TARGET\n", stderr);
    return 1;
  }
  auto const root = command == "pack" ? pack(argv[2], argv[3]) : unpack(argv[2], argv[3]);
  if (!root) {
    std::fprintf(stderr, "%s\n", printable(to_string(root.error())).c_str());
    return 1;
  }
  std::printf("%s\n", to_string(*root).c_str());
  return 0;
}
