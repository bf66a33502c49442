#pragma once

#include <cairn/block/verify.hpp>
#include <cairn/blockstore/file_references.hpp>
#include <cairn/core/limits.hpp>
#include <cairn/core/protobuf.hpp>
#include <cairn/core/try.hpp>
#include <cairn/multiformats/multibase.hpp>

#include <cerrno>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace cairn {
namespace detail {

inline constexpr std::string_view reference_prefix = "/filestore/";

inline auto reference_key(multihash const& h) -> std::string {
  auto b = bytes{};
  append_multihash(b, h);
  return std::string{reference_prefix} + encode_base(multibase::base32upper, b);
}

inline auto is_below(std::string_view path) -> bool {
  if (path.empty() || path.starts_with('/') || path.find('\0') != path.npos) return false;
  for (auto rest = path;;) {
    auto const end = rest.find('/');
    auto const one = rest.substr(0, end);
    if (one.empty() || one == "." || one == "..") return false;
    if (end == rest.npos) return true;
    rest.remove_prefix(end + 1);
  }
}

// Opens below a folder; links that lead out of it are not followed. Where the system has no openat2, no link is.
inline auto open_below(std::string const& root, std::string const& path) -> int {
  auto const folder = ::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return -1;
  auto how = open_how{};
  how.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  auto fd = static_cast<int>(::syscall(SYS_openat2, folder, path.c_str(), &how, sizeof how));
  if (fd < 0 && (errno == ENOSYS || errno == EPERM)) {
    auto at = folder;
    auto rest = std::string_view{path};
    for (;;) {
      auto const end = rest.find('/');
      auto const last = end == rest.npos;
      auto const next = ::openat(at, std::string{rest.substr(0, end)}.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW | (last ? 0 : O_DIRECTORY));
      auto const number = errno;
      if (at != folder) ::close(at);
      errno = number;
      at = next;
      if (next < 0 || last) break;
      rest.remove_prefix(end + 1);
    }
    fd = at;
  }
  auto const number = errno;
  ::close(folder);
  errno = number;
  return fd;
}

}  // namespace detail

CAIRN_DECL auto encode_file_reference(file_reference const& reference) -> bytes {
  auto out = bytes{};
  append_protobuf(out, 1, as_bytes(reference.path));
  append_protobuf(out, 2, reference.offset);
  append_protobuf(out, 3, reference.size);
  return out;
}

CAIRN_DECL auto decode_file_reference(bytes_view in) -> result<file_reference, filestore_errc> {
  auto out = file_reference{};
  while (!in.empty()) {
    auto const f = read_protobuf_field(in);
    if (!f) return std::unexpected(filestore_errc::bad_entry);
    if (f->value.is(1, protobuf_wire::bytes)) out.path = as_text(f->value.body);
    if (f->value.is(2, protobuf_wire::varint)) out.offset = f->value.value;
    if (f->value.is(3, protobuf_wire::varint)) out.size = f->value.value;
    in = f->rest;
  }
  if (out.path.empty() || out.size > limits::stored_block || out.offset > static_cast<std::uint64_t>(INT64_MAX) - out.size) return std::unexpected(filestore_errc::bad_entry);
  return out;
}

CAIRN_DECL auto file_references::get(multihash const& hash) const -> io_result<std::optional<file_reference>> {
  CAIRN_TRY(auto const found, store_.get(detail::reference_key(hash)));
  if (!found) return std::nullopt;
  CAIRN_TRY(auto reference, decode_file_reference(*found));
  return reference;
}
CAIRN_DECL auto file_references::has(multihash const& hash) const -> io_result<bool> { return store_.has(detail::reference_key(hash)); }
CAIRN_DECL auto file_references::put(multihash const& hash, file_reference const& reference) -> io_result<void> {
  return store_.put(detail::reference_key(hash), encode_file_reference(reference));
}
CAIRN_DECL auto file_references::remove(multihash const& hash) -> io_result<void> { return store_.remove(detail::reference_key(hash)); }

CAIRN_DECL auto file_references::each_to(void const* sink, io_result<void> (*call)(void const*, multihash const&, io_result<file_reference> const&)) const -> io_result<void> {
  CAIRN_TRY(auto cursor, store_.scan(detail::reference_prefix));
  for (;;) {
    CAIRN_TRY(auto const more, cursor->next());
    if (!more) return {};
    auto const octets = decode_base(multibase::base32upper, cursor->key().substr(detail::reference_prefix.size()));
    auto const hash = octets ? read_multihash(*octets) : std::unexpected(multihash_errc::truncated);
    if (!hash || !hash->rest.empty()) continue;  // no key of ours
    auto reference = decode_file_reference(cursor->value());
    CAIRN_TRY(call(sink, hash->value, reference ? io_result<file_reference>{*std::move(reference)} : std::unexpected(error{reference.error()})));
  }
}

CAIRN_DECL auto file_references::read(cid const& id, file_reference const& reference) const -> io_result<block> {
  if (reference.is_url()) return std::unexpected(error{filestore_errc::is_url}.about(reference.path));
  if (!detail::is_below(reference.path)) return std::unexpected(error{filestore_errc::bad_path}.about(reference.path));
  auto const changed = [&] { return std::unexpected(error::message("filestore", "data in file did not match. " + reference.path + " offset " + std::to_string(reference.offset))); };
  auto const fd = detail::open_below(root_, reference.path);
  if (fd < 0) {
    auto const number = errno;
    if (number == ENOENT || number == ENOTDIR) return std::unexpected(error{filestore_errc::no_file}.about("open " + root_ + "/" + reference.path));
    if (number == EXDEV || number == ELOOP) return std::unexpected(error{filestore_errc::bad_path}.about(reference.path));
    return std::unexpected(error{filestore_errc::unreadable}.about(root_ + "/" + reference.path));
  }
  struct closer {
    int fd;
    ~closer() { ::close(fd); }
  } const closing{fd};
  struct stat facts {};
  if (::fstat(fd, &facts) != 0 || !S_ISREG(facts.st_mode)) return std::unexpected(error{filestore_errc::unreadable}.about(root_ + "/" + reference.path));
  auto data = bytes(static_cast<std::size_t>(reference.size));
  for (std::size_t done = 0; done < data.size();) {
    auto const n = ::pread(fd, data.data() + done, data.size() - done, static_cast<off_t>(reference.offset + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return std::unexpected(error{filestore_errc::unreadable}.about(root_ + "/" + reference.path));
    if (n == 0) return changed();
    done += static_cast<std::size_t>(n);
  }
  auto checked = verify(unverified_block{id, buffer{data}});
  if (!checked && checked.error() == block_errc::hash_mismatch) return changed();
  if (!checked) return std::unexpected(error{checked.error()});
  return *std::move(checked);
}

CAIRN_DECL auto file_references::relative(std::string_view absolute) const -> io_result<std::string> {
  // by names alone, as Kubo does: "a/../b" is "b"
  auto names = std::vector<std::string_view>{};
  for (auto rest = absolute; !rest.empty();) {
    auto const end = rest.find('/');
    auto const one = rest.substr(0, end);
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
    if (one == "..") {
      if (!names.empty()) names.pop_back();
    } else if (!one.empty() && one != ".") {
      names.push_back(one);
    }
  }
  auto clean = std::string{};
  for (auto const& n : names) (clean += '/') += n;
  auto const root = root_ == "/" ? std::string{} : root_;
  if (!absolute.starts_with('/') || !clean.starts_with(root + "/") || clean.size() <= root.size() + 1)
    return std::unexpected(error::message("filestore", "cannot add filestore references outside ipfs root (" + root_ + ")"));
  return clean.substr(root.size() + 1);
}

}  // namespace cairn
