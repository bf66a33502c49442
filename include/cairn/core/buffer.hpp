#pragma once

#include <cairn/core/bytes.hpp>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

namespace cairn {

/// Immutable octets, shared by reference count: copying one copies a pointer, so a cached block costs nothing to hand out.
///
/// cost      one allocation of size() + 16 bytes; copies are one atomic increment
/// threads   distinct copies may be used from distinct threads
class buffer {
public:
  buffer() = default;
  explicit buffer(bytes_view in) : buffer(uninitialized, in.size()) {
    if (!in.empty()) std::memcpy(writable().data(), in.data(), in.size());
  }
  buffer(buffer const& other) : head_{other.head_} {
    if (head_) head_->owners.fetch_add(1, std::memory_order_relaxed);
  }
  buffer(buffer&& other) noexcept : head_{std::exchange(other.head_, nullptr)} {}
  auto operator=(buffer other) noexcept -> buffer& { std::swap(head_, other.head_); return *this; }
  ~buffer() {
    if (head_ && head_->owners.fetch_sub(1, std::memory_order_acq_rel) == 1) std::free(head_);
  }

  /// `size` octets that `fill(bytes_span) -> std::size_t` writes; it returns how many of them count.
  template <class Fill>
  static auto make(std::size_t size, Fill&& fill) -> buffer {
    auto b = buffer(uninitialized, size);
    auto const used = fill(b.writable());
    if (b.head_) b.head_->size = used < size ? used : size;
    return b;
  }

  auto data() const -> byte const* { return head_ ? reinterpret_cast<byte const*>(head_ + 1) : nullptr; }
  auto size() const -> std::size_t { return head_ ? head_->size : 0; }
  auto empty() const -> bool { return size() == 0; }
  auto view() const -> bytes_view { return {data(), size()}; }
  operator bytes_view() const { return view(); }
  friend auto operator==(buffer const& a, buffer const& b) -> bool { return equal(a, b); }

private:
  struct head {
    std::atomic<std::size_t> owners;
    std::size_t size;
  };
  static constexpr struct uninitialized_t {} uninitialized{};

  buffer(uninitialized_t, std::size_t size) {
    if (size == 0) return;
    auto* p = std::malloc(sizeof(head) + size);
    if (!p) throw std::bad_alloc{};
    head_ = ::new (p) head{{1}, size};
  }
  auto writable() -> bytes_span { return {const_cast<byte*>(data()), size()}; }

  head* head_ = nullptr;
};

}  // namespace cairn
