#pragma once

#include <cairn/block.hpp>
#include <cairn/car/header.hpp>
#include <cairn/unixfs/byte_source.hpp>

#include <memory>
#include <optional>

namespace cairn {

/// How a CAR is read.
struct car_read_options {
  /// What a section of length 0 is: an error (CAR, strict), or the end of the data, as padded files have it (IX-68).
  enum class zero_length : byte { is_error, is_end } zero_length = zero_length::is_error;
  std::size_t max_header = limits::car_header;
  std::size_t max_section = limits::car_section;
  std::size_t max_roots = limits::car_roots;
};

/// One section: a CID and octets that nobody has checked against it. Borrows the reader.
struct car_section {
  cid id;
  bytes_view data;
  std::uint64_t offset = 0;  ///< of the section (its length) from the start of the CARv1, as an index counts
};

/// Whole sections that lie in one piece of memory, for work on many blocks at once.
class car_batch {
public:
  auto sections() const -> std::span<car_section const> { return sections_; }

private:
  friend class car_reader;
  std::unique_ptr<byte[]> slab_;
  std::size_t capacity_ = 0;
  std::vector<car_section> sections_;
};

/// Pull reader of CARv1 and CARv2, from any source, without seeking; the index of a CARv2 is not needed and not read.
///
/// memory    2 MiB, or as much as the longest section; it grows with what has arrived, not with what a length says
/// spec      ipld/car
class car_reader {
public:
  /// Reads the header.
  ///
  /// errors    those of the source · truncated · bad_varint · header_too_long · bad_header · bad_version · too_many_roots ·
  ///           bad_v2_header · nested_v2
  /// lifetime  the source outlives the reader
  CAIRN_DECL static auto open(source_ref source, car_read_options options = {}) -> io_result<car_reader>;

  /// A CAR that lies in memory, and stays there: its sections borrow from it, nothing is copied.
  ///
  /// lifetime  the octets outlive what borrows from them
  CAIRN_DECL static auto open(bytes_view whole, car_read_options options = {}) -> io_result<car_reader>;

  auto roots() const -> std::span<cid const> { return header_.roots; }
  auto version() const -> unsigned { return v2_ ? 2 : 1; }
  /// Whether the end was reached: `next_batch` sees it with the last sections, the others after them.
  auto ended() const -> bool { return ended_; }
  auto v2_header() const -> std::optional<car_v2_header> const& { return v2_; }

  /// The next section, unchecked; nothing at the end. Valid until the next call.
  ///
  /// errors    those of the source · truncated · bad_varint · section_too_long · zero_length_section · bad_cid; after an
  ///           error every call gives it again
  CAIRN_DECL auto next_section() -> io_result<std::optional<car_section>>;

  /// The next block, its hash checked; nothing at the end.
  ///
  /// errors    those of next_section · those of verify, about the CID
  CAIRN_DECL auto next() -> io_result<std::optional<block>>;

  /// As many sections as lie in one slab of memory: false at the end. `into` keeps them alive, and its memory is used again.
  ///
  /// errors    those of next_section; the sections before the fault are in `into`
  CAIRN_DECL auto next_batch(car_batch& into) -> io_result<bool>;

private:
  explicit car_reader(std::optional<source_ref> source, car_read_options options) : source_{source}, options_{options} {}

  auto unread() const -> bytes_view { return source_ ? bytes_view{slab_.get() + begin_, end_ - begin_} : whole_.subspan(begin_, end_ - begin_); }
  CAIRN_DECL static auto open(car_reader r) -> io_result<car_reader>;
  CAIRN_DECL auto gather(car_batch& into) -> std::optional<error>;
  CAIRN_DECL auto fill(std::size_t want) -> io_result<bool>;
  CAIRN_DECL void reserve(std::size_t size);
  CAIRN_DECL auto skip(std::uint64_t count) -> io_result<void>;
  CAIRN_DECL auto read_header() -> io_result<car_header>;
  struct length_prefix {
    std::uint64_t value;
    std::size_t size;
  };
  CAIRN_DECL auto read_length() -> io_result<std::optional<length_prefix>>;
  CAIRN_DECL auto section_in(std::size_t prefix, std::size_t size) -> result<car_section, car_errc>;
  CAIRN_DECL auto fail(error e) -> std::unexpected<error>;

  std::optional<source_ref> source_;  // none: all is in `whole_`
  bytes_view whole_;
  car_read_options options_;
  car_header header_;
  std::optional<car_v2_header> v2_;
  std::optional<error> failed_;
  bool ended_ = false;

  std::unique_ptr<byte[]> slab_;
  std::size_t capacity_ = 0, begin_ = 0, end_ = 0;
  std::uint64_t to_read_ = UINT64_MAX;  // octets of the data payload that the source has not given yet
  std::uint64_t position_ = 0;          // of begin_ in the CARv1
};

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/car/impl/reader.ipp>
#endif
