// Speed of reading a file back, every block checked: from an appended file through an index, to a descriptor.
//   bench_cat FILE STORE [OUT]      FILE is added to STORE first; OUT is /dev/null where not given
#include <cairn/unixfs/add_file.hpp>
#include <cairn/unixfs/file_reader.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <unordered_map>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace cairn;

namespace {

// the least that a store on a disk does: one file, an index in memory, every read checked
class appended_file {
public:
  explicit appended_file(char const* path) : fd_{::open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)} {}
  ~appended_file() { ::close(fd_); }

  auto has(cid const& id) const -> io_result<bool> { return places_.contains(id.hash()); }
  auto get(cid const& id) const -> io_result<block> {
    CAIRN_TRY(auto raw, read(id));
    CAIRN_TRY(auto b, verify(std::move(raw)));
    return b;
  }
  auto get_many(std::span<cid const> ids) const -> io_result<std::vector<block>> {
    auto raw = std::vector<unverified_block>{};
    raw.reserve(ids.size());
    for (auto const& id : ids) {
      CAIRN_TRY(auto one, read(id));
      raw.push_back(std::move(one));
    }
    CAIRN_TRY(auto checked, verify_many(std::move(raw)));
    return checked;
  }
  auto put(block_view const& b) -> io_result<void> {
    if (::pwrite(fd_, b.data().data(), b.data().size(), static_cast<off_t>(end_)) < 0)
      return std::unexpected(error::system(errno, "cannot write", "store"));
    places_.insert_or_assign(b.id().hash(), place{end_, b.data().size()});
    end_ += b.data().size();
    return {};
  }
  auto remove(cid const& id) -> io_result<void> {
    places_.erase(id.hash());
    return {};
  }

private:
  struct place {
    std::uint64_t at, size;
  };
  auto read(cid const& id) const -> io_result<unverified_block> {
    auto const p = places_.find(id.hash());
    if (p == places_.end()) return std::unexpected(block_errc::not_found);
    auto data = buffer::make(p->second.size, [&](bytes_span out) {
      auto const n = ::pread(fd_, out.data(), out.size(), static_cast<off_t>(p->second.at));
      return n < 0 ? 0 : static_cast<std::size_t>(n);
    });
    return unverified_block{id, std::move(data)};
  }

  int fd_;
  std::uint64_t end_ = 0;
  std::unordered_map<multihash, place> places_;
};
static_assert(blockstore<appended_file>);

auto seconds() -> double { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return std::fprintf(stderr, "usage: bench_cat FILE STORE [OUT]\n"), 2;
  for (auto const& options : {import_options{}, options_of<unixfs_v1_2025>()}) {
    auto store = appended_file{argv[2]};
    auto const in = ::open(argv[1], O_RDONLY | O_CLOEXEC);
    auto source = file_source{in, argv[1]};
    auto const root = add_file(store, source, options);
    if (!root) return 1;
    ::close(in);
    for (unsigned helpers : {0u, 1u})
      for (int run = 0; run < 3; ++run) {
        auto const out = ::open(argc > 3 ? argv[3] : "/dev/null", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        auto sink = file_sink{out, "out"};
        auto const start = seconds();
        auto file = open_file(store, root->root);
        if (!file || !file->copy_to(sink, 0, UINT64_MAX, {.helpers = helpers})) return 1;
        auto const took = seconds() - start;
        ::close(out);
        std::printf("%s  %u helper  %6.3f s  %5.2f GB/s\n", to_string(root->root).c_str(), helpers, took,
                    static_cast<double>(root->file_size) / took / 1e9);
      }
  }
  auto usage = rusage{};
  ::getrusage(RUSAGE_SELF, &usage);
  std::printf("peak memory %ld KiB\n", usage.ru_maxrss);
}
