#pragma once

#include <cairn/core/config.hpp>
#include <cairn/core/result.hpp>
#include <cairn/unixfs/errc.hpp>

#include <cstdint>
#include <iterator>
#include <optional>
#include <span>

namespace cairn {

/// What a UnixFS node is: field Type of the Data message.
enum class unixfs_type : byte { raw = 0, directory = 1, file = 2, metadata = 3, symlink = 4, hamt_shard = 5 };

/// A modification time: seconds since 1970, which may be negative, and nanoseconds that count forward in time.
struct unixfs_time {
  std::int64_t seconds = 0;
  std::uint32_t nanos = 0;  ///< [0 .. 999999999]; 0 is not written
  friend auto operator==(unixfs_time const&, unixfs_time const&) -> bool = default;
};

/// The blocksizes of a decoded message, read where they lie; packed and unpacked forms may be mixed.
///
/// lifetime  refers to the message
class block_sizes_view {
public:
  class iterator {
  public:
    using value_type = std::uint64_t;
    using difference_type = std::ptrdiff_t;
    iterator() = default;
    explicit iterator(bytes_view message) : rest_{message} { ++*this; }
    auto operator*() const -> std::uint64_t { return value_; }
    CAIRN_DECL auto operator++() -> iterator&;
    auto operator++(int) -> iterator { auto old = *this; ++*this; return old; }
    friend auto operator==(iterator const& i, std::default_sentinel_t) -> bool { return i.end_; }

  private:
    bytes_view rest_, packed_;
    std::uint64_t value_ = 0;
    bool end_ = false;
  };

  block_sizes_view() = default;
  block_sizes_view(bytes_view message, std::size_t size) : message_{message}, size_{size} {}
  auto begin() const -> iterator { return iterator{message_}; }
  auto end() const -> std::default_sentinel_t { return {}; }
  auto size() const -> std::size_t { return size_; }
  auto empty() const -> bool { return size_ == 0; }

  /// Their sum; nothing where it leaves 63 bits.
  CAIRN_DECL auto sum() const -> std::optional<std::uint64_t>;

private:
  bytes_view message_;
  std::size_t size_ = 0;
};

/// A decoded Data message that refers to the bytes it was read from.
struct unixfs_view {
  unixfs_type type = unixfs_type::raw;
  std::optional<bytes_view> data;
  std::optional<std::uint64_t> filesize;
  block_sizes_view block_sizes;
  std::optional<std::uint64_t> hash_type;
  std::optional<std::uint64_t> fanout;
  std::optional<std::uint32_t> mode;  ///< as written; `permissions()` are its low twelve bits
  std::optional<unixfs_time> mtime;

  auto content() const -> bytes_view { return data.value_or(bytes_view{}); }
  auto permissions() const -> std::uint32_t { return mode.value_or(0) & 0xfff; }
  auto is_directory() const -> bool { return type == unixfs_type::directory || type == unixfs_type::hamt_shard; }

  /// The size that a listing shows: of a file its filesize, of a symlink the length of its target, of others 0.
  auto size() const -> std::uint64_t {
    if (type == unixfs_type::file || type == unixfs_type::raw) return filesize.value_or(0);
    return type == unixfs_type::symlink ? content().size() : 0;
  }
};

/// Decode a whole Data message.
///
/// unknown fields are skipped, of repeated scalars the last one counts, as protobuf asks
/// errors    truncated · bad_varint · bad_field · no_type · unknown_type · no_seconds · bad_mtime
/// cost      O(in.size()) time, no allocation
/// spec      UnixFS, "dag-pb Types"   tests  conformance area unixfs, op unixfs.data
CAIRN_DECL auto decode_unixfs(bytes_view in) -> result<unixfs_view, unixfs_errc>;

/// What a Data message to be written says; absent fields are not written. All views are borrowed.
struct unixfs_fields {
  unixfs_type type = unixfs_type::raw;
  std::optional<bytes_view> data{};
  std::optional<std::uint64_t> filesize{};
  std::span<std::uint64_t const> block_sizes{};
  std::optional<std::uint64_t> hash_type{};
  std::optional<std::uint64_t> fanout{};
  std::optional<std::uint32_t> mode{};
  std::optional<unixfs_time> mtime{};
};

/// The size of the encoding in bytes.
CAIRN_DECL auto encoded_size(unixfs_fields const& fields) -> std::size_t;

/// Append the message: fields in the order of their numbers, blocksizes unpacked, byte for byte as Kubo writes it.
CAIRN_DECL void append_unixfs(bytes& out, unixfs_fields const& fields);

/// The message as octets of its own.
CAIRN_DECL auto encode_unixfs(unixfs_fields const& fields) -> bytes;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/unixfs/impl/data.ipp>
#endif
