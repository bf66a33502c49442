#pragma once

#include <cairn/car/reader.hpp>
#include <cairn/core/try.hpp>

#include <algorithm>
#include <cstring>

namespace cairn {
namespace detail {
inline constexpr std::size_t car_slab = 2 * limits::MiB;
// of one batch: sections of small blocks weigh more than the blocks
inline constexpr std::size_t car_batch_sections = 4096;
inline constexpr std::size_t car_first_slab = 64 * limits::KiB;
}  // namespace detail

CAIRN_DECL auto car_reader::fail(error e) -> std::unexpected<error> {
  failed_ = e;
  return std::unexpected(std::move(e));
}

// Room for `size` octets from begin_ on; what was read moves along.
CAIRN_DECL void car_reader::reserve(std::size_t size) {
  if (capacity_ - begin_ >= size) return;
  auto const kept = end_ - begin_;
  if (capacity_ >= size) {
    std::memmove(slab_.get(), slab_.get() + begin_, kept);
  } else {
    auto next = std::make_unique_for_overwrite<byte[]>(size);
    if (kept > 0) std::memcpy(next.get(), slab_.get() + begin_, kept);
    slab_ = std::move(next);
    capacity_ = size;
  }
  begin_ = 0, end_ = kept;
}

// Whether `want` octets are there; false: the source, or the data payload, ended before. Memory doubles as octets arrive.
CAIRN_DECL auto car_reader::fill(std::size_t want) -> io_result<bool> {
  while (end_ - begin_ < want) {
    if (!source_) return false;
    auto const have = end_ - begin_;
    if (capacity_ - end_ == 0 || capacity_ - begin_ < std::min(want, detail::car_first_slab))
      reserve(std::max({detail::car_first_slab, std::min(want, have * 2), std::min(capacity_ * 2, detail::car_slab)}));
    auto const room = static_cast<std::size_t>(std::min<std::uint64_t>(capacity_ - end_, to_read_));
    if (room == 0) return false;
    CAIRN_TRY(auto n, source_->read({slab_.get() + end_, room}));
    if (n == 0) return false;
    end_ += n;
    if (to_read_ != UINT64_MAX) to_read_ -= n;
  }
  return true;
}

CAIRN_DECL auto car_reader::skip(std::uint64_t count) -> io_result<void> {
  while (count > 0) {
    if (begin_ == end_) {
      CAIRN_TRY(auto more, fill(1));
      if (!more) return std::unexpected(error{car_errc::truncated});
    }
    auto const n = static_cast<std::size_t>(std::min<std::uint64_t>(count, end_ - begin_));
    begin_ += n, count -= n;
  }
  return {};
}

// The length at the front; nothing at the end of input. It is not consumed.
CAIRN_DECL auto car_reader::read_length() -> io_result<std::optional<length_prefix>> {
  for (std::size_t want = 1;; ++want) {
    CAIRN_TRY(auto there, fill(want));
    if (!there && begin_ == end_) return std::nullopt;
    auto const length = read_varint(unread());
    if (length) return length_prefix{length->value, unread().size() - length->rest.size()};
    if (length.error() != varint_errc::truncated) return std::unexpected(error{car_errc::bad_varint});
    if (!there) return std::unexpected(error{car_errc::truncated});
    want = std::max(want, end_ - begin_);
  }
}

CAIRN_DECL auto car_reader::read_header() -> io_result<car_header> {
  CAIRN_TRY(auto length, read_length());
  if (!length) return std::unexpected(error{car_errc::truncated});
  if (length->value == 0) return std::unexpected(error{car_errc::bad_header});
  if (length->value > options_.max_header) return std::unexpected(error{car_errc::header_too_long});
  auto const size = static_cast<std::size_t>(length->value);
  CAIRN_TRY(auto there, fill(length->size + size));
  if (!there) return std::unexpected(error{car_errc::truncated});
  CAIRN_TRY(auto header, decode_car_header(unread().subspan(length->size, size), options_.max_roots));
  begin_ += length->size + size;
  position_ += length->size + size;
  return header;
}

CAIRN_DECL auto car_reader::open(source_ref source, car_read_options options) -> io_result<car_reader> {
  return open(car_reader{source, options});
}

CAIRN_DECL auto car_reader::open(bytes_view whole, car_read_options options) -> io_result<car_reader> {
  auto r = car_reader{std::nullopt, options};
  r.whole_ = whole;
  r.end_ = whole.size();
  return open(std::move(r));
}

CAIRN_DECL auto car_reader::open(car_reader r) -> io_result<car_reader> {
  CAIRN_TRY(auto header, r.read_header());
  if (header.version == 2) {
    if (r.position_ != car_v2_pragma.size()) return std::unexpected(error{car_errc::bad_header});
    CAIRN_TRY(auto there, r.fill(car_v2_header_size));
    if (!there) return std::unexpected(error{car_errc::truncated});
    CAIRN_TRY(auto v2, decode_car_v2_header(r.unread()));
    r.begin_ += car_v2_header_size;
    CAIRN_TRY(r.skip(v2.data_offset - car_v2_data_offset_min));
    // from here on there is the data payload and nothing behind it
    auto const have = std::min<std::uint64_t>(r.end_ - r.begin_, v2.data_size);
    r.end_ = r.begin_ + static_cast<std::size_t>(have);
    r.to_read_ = v2.data_size - have;
    r.position_ = 0;
    CAIRN_TRY(header, r.read_header());
    if (header.version != 1) return std::unexpected(error{car_errc::nested_v2});
    r.v2_ = v2;
  }
  r.header_ = std::move(header);
  return r;
}

// The section at the front, which is there as a whole; consumes it.
CAIRN_DECL auto car_reader::section_in(std::size_t prefix, std::size_t size) -> result<car_section, car_errc> {
  auto const whole = unread().subspan(prefix, size);
  auto const id = read_cid(whole);
  if (!id) return std::unexpected(car_errc::bad_cid);
  auto const section = car_section{id->value, id->rest, position_};
  begin_ += prefix + size;
  position_ += prefix + size;
  return section;
}

CAIRN_DECL auto car_reader::next_section() -> io_result<std::optional<car_section>> {
  if (failed_) return std::unexpected(*failed_);
  if (ended_) return std::nullopt;
  auto const length = read_length();
  if (!length) return fail(length.error());
  if (!*length) {
    ended_ = true;
    // a CARv2 says how long its data is
    if (v2_ && to_read_ > 0) return fail(car_errc::truncated);
    return std::nullopt;
  }
  auto const [value, prefix] = **length;
  if (value == 0) {
    if (options_.zero_length == car_read_options::zero_length::is_error) return fail(car_errc::zero_length_section);
    ended_ = true;
    return std::nullopt;
  }
  if (value > options_.max_section) return fail(car_errc::section_too_long);
  auto const there = fill(prefix + static_cast<std::size_t>(value));
  if (!there) return fail(there.error());
  if (!*there) return fail(car_errc::truncated);
  auto const section = section_in(prefix, static_cast<std::size_t>(value));
  if (!section) return fail(section.error());
  return *section;
}

CAIRN_DECL auto car_reader::next() -> io_result<std::optional<block>> {
  CAIRN_TRY(auto section, next_section());
  if (!section) return std::nullopt;
  auto checked = verify({section->id, buffer{section->data}});
  if (!checked) return std::unexpected(error{checked.error()}.about(to_string(section->id)));
  return *std::move(checked);
}

// The sections that are there as a whole; why it ended before, if not for their number.
CAIRN_DECL auto car_reader::gather(car_batch& into) -> std::optional<error> {
  auto octets = 0uz;
  while (into.sections_.size() < detail::car_batch_sections && (source_ || octets < detail::car_slab)) {
    // a section that is longer than the slab comes alone, and may move the slab: only as the first
    if (!into.sections_.empty()) {
      auto const length = read_varint(unread());
      if (length && length->value <= options_.max_section && length->value > length->rest.size()) break;
      if (!length && length.error() == varint_errc::truncated) break;  // an empty rest, too
    }
    auto section = next_section();
    if (!section) return std::move(section).error();
    if (!*section) break;
    octets += (*section)->data.size();
    into.sections_.push_back(**section);
  }
  return std::nullopt;
}

CAIRN_DECL auto car_reader::next_batch(car_batch& into) -> io_result<bool> {
  into.sections_.clear();
  if (failed_) return std::unexpected(*failed_);
  if (ended_) return false;
  if (!source_) {
    auto why = gather(into);
    if (begin_ == end_ && (!v2_ || to_read_ == 0)) ended_ = true;
    if (why) return std::unexpected(*std::move(why));
    return !into.sections_.empty();
  }
  // the batch's memory is the next slab: what is unread begins it, then as much as the source has
  auto const kept = end_ - begin_;
  auto const want = std::max(detail::car_slab, kept);
  if (into.capacity_ < want) {
    into.slab_ = std::make_unique_for_overwrite<byte[]>(want);
    into.capacity_ = want;
  }
  if (kept > 0) std::memcpy(into.slab_.get(), slab_.get() + begin_, kept);
  std::swap(into.slab_, slab_);
  std::swap(into.capacity_, capacity_);
  begin_ = 0, end_ = kept;
  auto const filled = fill(capacity_);
  if (!filled) return fail(filled.error());
  auto error_of_last = gather(into);
  if (begin_ == end_ && !*filled && (!v2_ || to_read_ == 0)) ended_ = true;
  // give the memory that the sections lie in to the batch, and keep what is unread in the other
  auto const left = end_ - begin_;
  if (into.capacity_ < left) {
    into.slab_ = std::make_unique_for_overwrite<byte[]>(std::max(left, detail::car_slab));
    into.capacity_ = std::max(left, detail::car_slab);
  }
  if (left > 0) std::memcpy(into.slab_.get(), slab_.get() + begin_, left);
  std::swap(into.slab_, slab_);
  std::swap(into.capacity_, capacity_);
  begin_ = 0, end_ = left;
  if (error_of_last) return std::unexpected(*std::move(error_of_last));
  return !into.sections_.empty();
}

}  // namespace cairn
