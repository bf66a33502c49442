#pragma once

#include <cairn/blockstore/flatfs.hpp>
#include <cairn/blockstore/impl/flatfs_state.hpp>

#include <cairn/core/text.hpp>
#include <cairn/core/try.hpp>

#include <algorithm>
#include <cstdio>
#include <system_error>
#include <thread>
#include <vector>

#include <sys/stat.h>
#include <sys/uio.h>

namespace cairn {
namespace detail {

inline constexpr std::string_view flatfs_readme =
    "Every file here is one IPLD block. Its name is the base32 text (RFC 4648, upper case,\n"
    "no padding) of the block's multihash, followed by \".data\".\n"
    "\n"
    "The two characters before the last one of that text name the folder that holds it:\n"
    "    AFKREIA22FLID5AJ2KU7URG47MDLROZIH6YF2KALU2PWEFPVI37YLKRSCA  is in  SC/\n"
    "\n"
    "The file SHARDING says so for programs. Do not change it, and add nothing by hand.\n";

inline auto flatfs_write_all(int fd, bytes_view data) -> bool {
  while (!data.empty()) {
    auto const n = ::write(fd, data.data(), data.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    data = data.subspan(static_cast<std::size_t>(n));
  }
  return true;
}

// A small file of the store's own; nothing where it is not there.
inline auto flatfs_read_small_file(flatfs_state const& s, char const* name) -> io_result<std::optional<std::string>> {
  auto const fd = flatfs_fd{::openat(s.root.get(), name, O_RDONLY | O_CLOEXEC)};
  if (!fd && errno == ENOENT) return std::nullopt;
  if (!fd) return std::unexpected(flatfs_error(s, "cannot open", name));
  char text[4096];
  auto const n = ::read(fd.get(), text, sizeof text);
  if (n < 0) return std::unexpected(flatfs_error(s, "cannot read", name));
  return std::string(text, static_cast<std::size_t>(n));
}

inline auto flatfs_sync_folder(flatfs_state const& s, std::string const& name) -> io_result<void> {
  auto const fd = flatfs_fd{::openat(s.root.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!fd || ::fsync(fd.get()) != 0) return std::unexpected(flatfs_error(s, "cannot sync", name));
  return {};
}

// Create ".temp/<pid>-<n>"; the folder is made when it turns out to be missing, for Kubo removes it at each open.
inline auto flatfs_make_temporary(flatfs_state& s, std::string& name) -> io_result<flatfs_fd> {
  name = std::string{flatfs_temporary} + "/" + std::to_string(::getpid()) + "-" + std::to_string(s.temporary_names++);
  for (auto attempt = 0;; ++attempt) {
    auto fd = flatfs_fd{::openat(s.root.get(), name.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
    if (fd) return fd;
    if (errno != ENOENT || attempt > 0) return std::unexpected(flatfs_error(s, "cannot create", name));
    ::mkdirat(s.root.get(), std::string{flatfs_temporary}.c_str(), 0755);
  }
}

inline auto flatfs_fill_temporary(flatfs_state& s, bytes_view data, bool sync, std::string& name) -> io_result<void> {
  CAIRN_TRY(auto fd, flatfs_make_temporary(s, name));
  if (flatfs_write_all(fd.get(), data) && (!sync || ::fdatasync(fd.get()) == 0)) return {};
  auto e = flatfs_error(s, "cannot write", name);
  ::unlinkat(s.root.get(), name.c_str(), 0);
  return std::unexpected(std::move(e));
}

// {"diskUsage":13452,"accuracy":"initial-exact"}
inline void flatfs_read_usage(flatfs_state& s, std::string_view text) {
  auto const after = [&](std::string_view key) {
    auto const at = text.find(key);
    return at == text.npos ? std::string_view{} : text.substr(at + key.size());
  };
  auto number = after("\"diskUsage\":");
  number = number.substr(0, number.find_first_not_of("0123456789"));
  if (auto const value = parse_decimal(number); value && *value > 0) s.usage_base = *value;
  auto accuracy = after("\"accuracy\":\"");
  accuracy = accuracy.substr(0, accuracy.find('"'));
  if (accuracy.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == accuracy.npos) s.usage_accuracy = std::string{accuracy};
}

inline auto flatfs_write_usage(flatfs_state& s) -> io_result<void> {
  auto const lock = std::lock_guard{s.usage};
  if (!s.usage_base || s.usage_change == 0) return {};
  auto const counted = s.usage_change.load();  // others go on
  auto const value = flatfs_usage_now(s);
  auto const text = "{\"diskUsage\":" + std::to_string(value) + ",\"accuracy\":\"" + (s.usage_accuracy.empty() ? "unknown" : s.usage_accuracy) + "\"}\n";
  auto name = std::string{};
  CAIRN_TRY(flatfs_fill_temporary(s, as_bytes(text), false, name));
  if (::renameat(s.root.get(), name.c_str(), s.root.get(), std::string{flatfs_usage_file}.c_str()) != 0)
    return std::unexpected(flatfs_error(s, "cannot rename", name));
  s.usage_base = value;
  s.usage_change -= counted;
  return {};
}

inline auto flatfs_create(std::string const& folder, flatfs_shard const& shard) -> io_result<void> {
  auto const write_file = [&](char const* name, std::string_view text, ::mode_t mode) -> io_result<void> {
    auto const path = folder + "/" + name;
    auto const fd = flatfs_fd{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)};
    if (!fd || !flatfs_write_all(fd.get(), as_bytes(text))) return std::unexpected(error::system(errno, "cannot write", path));
    return {};
  };
  if (::mkdir(folder.c_str(), 0755) != 0 && errno != EEXIST) return std::unexpected(error::system(errno, "cannot create the folder", folder));
  // exists already: `open` reads it and says what does not fit
  if (::access((folder + "/SHARDING").c_str(), F_OK) == 0) return {};
  if (shard == flatfs_shard{} && ::access((folder + "/_README").c_str(), F_OK) != 0) CAIRN_TRY(write_file("_README", flatfs_readme, 0444));
  return write_file("SHARDING", to_string(shard) + "\n", 0644);
}

struct flatfs_published {
  bool is_new = false, has_new_folder = false;
};

// Make a block visible, over a torn file or where there is none; whoever else put it meanwhile was first.
inline auto flatfs_publish(flatfs_state& s, std::string const& temporary, flatfs_name const& name, bool over) -> io_result<flatfs_published> {
  auto const rename = [&] {
    if (!over) {
      if (::renameat2(s.root.get(), temporary.c_str(), s.root.get(), name.path(), RENAME_NOREPLACE) == 0) return true;
      if (errno != EINVAL && errno != ENOSYS) return false;  // this file system cannot: then both write, and the same
    }
    return ::renameat(s.root.get(), temporary.c_str(), s.root.get(), name.path()) == 0;
  };
  auto out = flatfs_published{.is_new = true};
  if (rename()) return out;
  if (errno == ENOENT) {
    out.has_new_folder = ::mkdirat(s.root.get(), name.folder().c_str(), 0755) == 0;
    if (out.has_new_folder) s.usage_change += 4096;
    if ((out.has_new_folder || errno == EEXIST) && rename()) return out;
  }
  if (errno == EEXIST && !over) {
    ::unlinkat(s.root.get(), temporary.c_str(), 0);
    out.is_new = false;
    return out;
  }
  auto e = flatfs_error(s, "cannot store", name.path());
  ::unlinkat(s.root.get(), temporary.c_str(), 0);
  return std::unexpected(std::move(e));
}

/// The blocks of one put, written by one or several threads: each takes the next one that nobody has.
class flatfs_batch {
public:
  // a file costs more in the kernel than a thread does here; one that is synced waits for the disk, which serves many at once
  static constexpr unsigned threads = 2, synced_threads = 8;

  flatfs_batch(flatfs_state& s, std::span<block_view const> blocks) : state_{s}, blocks_{blocks} {}

  auto is_worth_threads(bool sync) const -> bool {
    if (blocks_.size() < 4) return false;
    if (sync || blocks_.size() >= 64) return true;
    auto total = std::size_t{0};
    for (auto const& b : blocks_) total += b.data().size();
    return total >= limits::MiB;
  }

  void run() {
    auto touched = std::vector<std::string>{};
    auto new_folder = false;
    auto done = put_all(touched, new_folder);
    auto const guard = std::lock_guard{lock_};
    touched_.insert(touched_.end(), touched.begin(), touched.end());
    new_folder_ = new_folder_ || new_folder;
    if (!done && !failure_) failure_ = std::move(done).error();
  }

  /// What one thread does at the end: the folders of what was written.
  auto finish() -> io_result<void> {
    if (failure_) return std::unexpected(*std::move(failure_));
    std::sort(touched_.begin(), touched_.end());
    touched_.erase(std::unique(touched_.begin(), touched_.end()), touched_.end());
    for (auto const& folder : touched_) CAIRN_TRY(flatfs_sync_folder(state_, folder));
    if (state_.options.sync && new_folder_) return flatfs_sync_folder(state_, ".");
    return {};
  }

private:
  auto put_all(std::vector<std::string>& touched, bool& new_folder) -> io_result<void> {
    auto temporary = std::string{};
    for (;;) {
      auto const i = next_++;
      if (i >= blocks_.size() || failed_) return {};
      auto put = put_one(blocks_[i], temporary, touched, new_folder);
      if (put) continue;
      failed_ = true;
      return put;
    }
  }

  auto put_one(block_view const& b, std::string& temporary, std::vector<std::string>& touched, bool& new_folder) -> io_result<void> {
    if (b.data().size() > flatfs_max_block) return std::unexpected(error{flatfs_errc::too_big}.about(to_string(b.id())));
    auto const name = flatfs_name{state_.shard, b.id().hash()};
    // a file of another length is a torn one of a power cut: write it again
    struct stat facts;
    auto const there = ::fstatat(state_.root.get(), name.path(), &facts, 0) == 0;
    if (there && static_cast<std::uint64_t>(facts.st_size) == b.data().size()) return {};
    CAIRN_TRY(flatfs_fill_temporary(state_, b.data(), state_.options.sync, temporary));
    CAIRN_TRY(auto const published, flatfs_publish(state_, temporary, name, there));
    if (published.is_new) state_.usage_change += static_cast<std::int64_t>(b.data().size()) - (there ? static_cast<std::int64_t>(facts.st_size) : 0);
    new_folder = new_folder || published.has_new_folder;
    if (state_.options.sync) touched.push_back(name.folder());
    return {};
  }

  flatfs_state& state_;
  std::span<block_view const> blocks_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> failed_ = false;
  std::mutex lock_;  // guards what is below
  std::vector<std::string> touched_;
  bool new_folder_ = false;
  std::optional<error> failure_;
};

}  // namespace detail

CAIRN_DECL flatfs_blockstore::flatfs_blockstore(std::unique_ptr<detail::flatfs_state> state) : state_{std::move(state)} {}
CAIRN_DECL flatfs_blockstore::flatfs_blockstore(flatfs_blockstore&&) noexcept = default;
CAIRN_DECL auto flatfs_blockstore::operator=(flatfs_blockstore&& other) noexcept -> flatfs_blockstore& {
  std::swap(state_, other.state_);
  return *this;
}
CAIRN_DECL flatfs_blockstore::~flatfs_blockstore() {
  if (state_) static_cast<void>(detail::flatfs_write_usage(*state_));
}
CAIRN_DECL auto flatfs_blockstore::folder() const -> std::string const& { return state_->folder; }
CAIRN_DECL auto flatfs_blockstore::shard() const -> flatfs_shard const& { return state_->shard; }

CAIRN_DECL auto flatfs_blockstore::open(std::string folder, flatfs_options options) -> io_result<flatfs_blockstore> {
  if (options.create) CAIRN_TRY(detail::flatfs_create(folder, options.shard.value_or(flatfs_shard{})));
  auto state = std::make_unique<detail::flatfs_state>();
  state->root = detail::flatfs_fd{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!state->root) return std::unexpected(error::system(errno, "cannot open the folder", folder));
  state->folder = std::move(folder);
  state->options = options;
  CAIRN_TRY(auto text, detail::flatfs_read_small_file(*state, "SHARDING"));
  if (!text) return std::unexpected(error{flatfs_errc::no_sharding}.about(state->folder));
  auto const shard = parse_flatfs_shard(*text);
  if (!shard) return std::unexpected(error{shard.error()}.about(state->folder + "/SHARDING"));
  if (options.shard && *options.shard != *shard) return std::unexpected(error{flatfs_errc::other_sharding}.about(state->folder + "/SHARDING"));
  state->shard = *shard;
  CAIRN_TRY(auto usage, detail::flatfs_read_small_file(*state, "diskUsage.cache"));
  if (usage) detail::flatfs_read_usage(*state, *usage);
  return flatfs_blockstore{std::move(state)};
}

CAIRN_DECL auto flatfs_blockstore::has(cid const& id) const -> io_result<bool> {
  auto const name = detail::flatfs_name{state_->shard, id.hash()};
  if (::faccessat(state_->root.get(), name.path(), F_OK, 0) == 0) return true;
  if (errno == ENOENT || errno == ENOTDIR) return false;
  return std::unexpected(detail::flatfs_error(*state_, "cannot look up", name.path()));
}

CAIRN_DECL auto flatfs_blockstore::get_size(cid const& id) const -> io_result<std::optional<std::uint64_t>> {
  auto const name = detail::flatfs_name{state_->shard, id.hash()};
  struct stat facts;
  if (::fstatat(state_->root.get(), name.path(), &facts, 0) == 0) return static_cast<std::uint64_t>(facts.st_size);
  if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
  return std::unexpected(detail::flatfs_error(*state_, "cannot look up", name.path()));
}

CAIRN_DECL auto flatfs_blockstore::get(cid const& id) const -> io_result<unverified_block> {
  auto const name = detail::flatfs_name{state_->shard, id.hash()};
  auto const fd = detail::flatfs_fd{::openat(state_->root.get(), name.path(), O_RDONLY | O_CLOEXEC)};
  if (!fd && (errno == ENOENT || errno == ENOTDIR)) return std::unexpected(error{block_errc::not_found}.about(to_string(id)));
  struct stat facts;
  if (!fd || ::fstat(fd.get(), &facts) != 0) return std::unexpected(detail::flatfs_error(*state_, "cannot open", name.path()));
  if (!S_ISREG(facts.st_mode)) return std::unexpected(error{block_errc::not_found}.about(to_string(id)));
  if (static_cast<std::uint64_t>(facts.st_size) > detail::flatfs_max_block)
    return std::unexpected(error{flatfs_errc::too_big}.about(state_->folder + "/" + name.path()));
  auto failed = false;
  auto data = buffer::make(static_cast<std::size_t>(facts.st_size), [&](bytes_span out) {
    std::size_t done = 0;
    while (done < out.size()) {
      auto const n = ::read(fd.get(), out.data() + done, out.size() - done);
      if (n < 0 && errno == EINTR) continue;
      failed = n < 0;
      if (n <= 0) break;
      done += static_cast<std::size_t>(n);
    }
    return done;
  });
  if (failed) return std::unexpected(detail::flatfs_error(*state_, "cannot read", name.path()));
  return unverified_block{id, std::move(data)};
}

CAIRN_DECL auto flatfs_blockstore::put(block_view const& b) -> io_result<void> { return put_many({&b, 1}); }

CAIRN_DECL auto flatfs_blockstore::put_many(std::span<block_view const> blocks) -> io_result<void> {
  auto batch = detail::flatfs_batch{*state_, blocks};
  if (batch.is_worth_threads(state_->options.sync)) {
    auto const others = state_->options.sync ? detail::flatfs_batch::synced_threads : detail::flatfs_batch::threads;
    auto helpers = std::vector<std::thread>{};
    try {
      for (auto i = 1u; i < others; ++i) helpers.emplace_back([&batch] { batch.run(); });
    } catch (std::system_error const&) {  // no more threads here
    }
    batch.run();
    for (auto& one : helpers) one.join();
  } else {
    batch.run();
  }
  return batch.finish();
}

CAIRN_DECL auto flatfs_blockstore::remove(cid const& id) -> io_result<void> {
  auto const name = detail::flatfs_name{state_->shard, id.hash()};
  struct stat facts;
  if (::fstatat(state_->root.get(), name.path(), &facts, 0) == 0 && ::unlinkat(state_->root.get(), name.path(), 0) == 0) {
    state_->usage_change -= static_cast<std::int64_t>(facts.st_size);
    return {};
  }
  if (errno == ENOENT || errno == ENOTDIR) return {};
  return std::unexpected(detail::flatfs_error(*state_, "cannot remove", name.path()));
}

CAIRN_DECL auto flatfs_blockstore::sync() -> io_result<void> { return detail::flatfs_write_usage(*state_); }

}  // namespace cairn
