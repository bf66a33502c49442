#pragma once

#include <cairn/core/bytes.hpp>

#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

namespace cairn {

/// Octets that wait: appended behind, taken in front, always one contiguous view. What a machine writes to and a socket sends
/// from, or the other way round.
///
/// cost      taking moves a cursor; room behind is made by sliding what waits to the front, or by growing to twice the size.
///           Room is not zeroed. Memory is kept until `release`
class byte_queue {
public:
  byte_queue() = default;
  byte_queue(byte_queue&& other) noexcept { swap(other); }
  auto operator=(byte_queue&& other) noexcept -> byte_queue& {
    swap(other);
    return *this;
  }
  ~byte_queue() { std::free(data_); }

  auto view() const -> bytes_view { return {data_ + begin_, end_ - begin_}; }
  auto writable() -> bytes_span { return {data_ + begin_, end_ - begin_}; }  ///< what waits, to be changed in place
  auto size() const -> std::size_t { return end_ - begin_; }
  auto empty() const -> bool { return begin_ == end_; }
  auto capacity() const -> std::size_t { return capacity_; }

  /// Room for at least `n` octets behind; `commit` says how many of them count.
  auto prepare(std::size_t n) -> bytes_span {
    if (capacity_ - end_ < n) make_room(n);
    return {data_ + end_, capacity_ - end_};
  }
  void commit(std::size_t n) { end_ += n; }

  void push(bytes_view in) {
    if (in.empty()) return;
    std::memcpy(prepare(in.size()).data(), in.data(), in.size());
    commit(in.size());
  }
  void push(byte b) { push(bytes_view{&b, 1}); }

  /// Take `n` <= size() octets from the front.
  void consume(std::size_t n) {
    begin_ += n;
    if (begin_ == end_) begin_ = end_ = 0;
  }
  void clear() { begin_ = end_ = 0; }

  /// Give the memory back where nothing waits and more than `keep` octets are held.
  void release(std::size_t keep = 0) {
    if (begin_ == end_ && capacity_ > keep) std::free(std::exchange(data_, nullptr)), capacity_ = begin_ = end_ = 0;
  }

  void swap(byte_queue& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(begin_, other.begin_);
    std::swap(end_, other.end_);
    std::swap(capacity_, other.capacity_);
  }

private:
  void make_room(std::size_t n) {
    auto const used = end_ - begin_;
    if (capacity_ - used < n) {
      auto size = capacity_ < 256 ? 256 : capacity_;
      while (size - used < n) size *= 2;
      auto* const fresh = static_cast<byte*>(std::malloc(size));
      if (!fresh) throw std::bad_alloc{};
      if (used != 0) std::memcpy(fresh, data_ + begin_, used);
      std::free(data_);
      data_ = fresh, capacity_ = size;
    } else if (used != 0) {
      std::memmove(data_, data_ + begin_, used);
    }
    begin_ = 0, end_ = used;
  }

  byte* data_ = nullptr;
  std::size_t begin_ = 0, end_ = 0, capacity_ = 0;
};

}  // namespace cairn
