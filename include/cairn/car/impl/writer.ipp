#pragma once

#include <cairn/car/writer.hpp>
#include <cairn/core/try.hpp>

#include <cerrno>

#include <unistd.h>

namespace cairn {
namespace detail {
inline constexpr std::size_t car_gather = 1 * limits::MiB;
}

CAIRN_DECL auto car_writer::open(sink_ref sink, std::span<cid const> roots) -> io_result<car_writer> {
  auto w = car_writer{sink};
  append_car_header(w.held_, roots);
  w.size_ = w.held_.size();
  return w;
}

CAIRN_DECL auto car_writer::put(block_view const& b) -> io_result<void> {
  auto const before = held_.size();
  append_varint(held_, b.id().encoded_size() + b.data().size());
  append_cid(held_, b.id());
  size_ += held_.size() - before + b.data().size();
  if (b.data().size() >= detail::car_gather / 4) {
    CAIRN_TRY(finish());
    return sink_.write(b.data());
  }
  append(held_, b.data());
  if (held_.size() >= detail::car_gather) return finish();
  return {};
}

CAIRN_DECL auto car_writer::finish() -> io_result<void> {
  if (held_.empty()) return {};
  auto done = sink_.write(held_);
  held_.clear();
  return done;
}

CAIRN_DECL auto car_v2_writer::open(sink_ref sink, std::span<cid const> roots, car_index_format format) -> io_result<car_v2_writer> {
  auto front = bytes(car_v2_pragma.begin(), car_v2_pragma.end());
  front.resize(car_v2_data_offset_min);  // zeros: a reader refuses the file until the header is there
  CAIRN_TRY(sink.write(front));
  CAIRN_TRY(auto inner, car_writer::open(sink, roots));
  return car_v2_writer{sink, std::move(inner), format};
}

CAIRN_DECL auto car_v2_writer::put(block_view const& b) -> io_result<void> {
  if (!index_.add(b.id().hash(), inner_.size())) index_is_full_ = false;
  return inner_.put(b);
}

CAIRN_DECL auto car_v2_writer::finish() -> io_result<car_v2_header> {
  CAIRN_TRY(inner_.finish());
  auto h = car_v2_header{};
  if (index_is_full_) h.characteristics[0] = 0x80;
  h.data_offset = car_v2_data_offset_min;
  h.data_size = inner_.size();
  h.index_offset = h.data_offset + h.data_size;
  index_.sort();
  auto octets = bytes{};
  append_car_index(octets, index_);
  CAIRN_TRY(sink_.write(octets));
  return h;
}

CAIRN_DECL auto patch_car_v2_header(int fd, car_v2_header const& h, std::string name) -> io_result<void> {
  auto octets = bytes{};
  append_car_v2_header(octets, h);
  for (std::size_t done = 0; done < octets.size();) {
    auto const n = ::pwrite(fd, octets.data() + done, octets.size() - done, static_cast<off_t>(car_v2_pragma.size() + done));
    if (n >= 0)
      done += static_cast<std::size_t>(n);
    else if (errno != EINTR)
      return std::unexpected(error::system(errno, "cannot write", std::move(name)));
  }
  return {};
}

}  // namespace cairn
