#pragma once

#include <cairn/core/config.hpp>
#include <cairn/ipld/fwd.hpp>
#include <cairn/ipld/integer.hpp>
#include <cairn/ipld/node.hpp>
#include <cairn/multiformats/cid.hpp>

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace cairn {
namespace detail {

/// One value, or one key of a map. What is in a list or a map follows it, so that a document is a row of cells.
struct document_cell {
  static constexpr byte negative = 0x10;    ///< integer: -1 - number
  static constexpr byte cbor_order = 0x20;  ///< map: its keys rise as dag-cbor has them, and none is there twice
  static constexpr byte json_order = 0x40;  ///< map: its keys rise as dag-json has them, and "/" is none of them

  std::uint64_t kind_of : 8;  // kind, and flags above it
  std::uint64_t size : 56;    // octets, items, entries
  union {
    std::uint64_t number;  // integer; list, map: how many cells it is, with those in it
    double real;
    byte const* data;      // string, bytes; link: of a CID
  };

  auto kind() const -> ipld::kind { return static_cast<ipld::kind>(kind_of & 15); }
  auto holds_others() const -> bool { return kind() == ipld::kind::list || kind() == ipld::kind::map; }
  auto octets() const -> bytes_view { return {data, size}; }
  auto text() const -> std::string_view { return as_text(octets()); }
  auto next() const -> document_cell const* { return this + (holds_others() ? number : 1); }
};

}  // namespace detail

namespace ipld {

/// A value in a document: as cheap to copy as a pointer, valid as long as the document is, and the block that it was read from.
///
/// cost      at, find O(n) over the items or entries, of whatever size those are
class view {
  template <bool Keyed>
  class children;

public:
  struct entry;

  /// Made by a document.
  explicit view(cairn::detail::document_cell const& at) : at_{&at} {}

  auto kind() const -> ipld::kind { return at_->kind(); }
  auto is_null() const -> bool { return kind() == ipld::kind::null; }
  /// Items of a list, entries of a map, octets of a string or of bytes.
  auto size() const -> std::size_t { return at_->size; }

  /// The value; nothing where it is of another kind.
  auto as_boolean() const -> std::optional<bool> { return is(ipld::kind::boolean) ? std::optional{at_->number != 0} : std::nullopt; }
  auto as_integer() const -> std::optional<integer> {
    if (!is(ipld::kind::integer)) return std::nullopt;
    return at_->kind_of & cairn::detail::document_cell::negative ? integer::below_zero(at_->number) : integer{at_->number};
  }
  auto as_double() const -> std::optional<double> { return is(ipld::kind::floating) ? std::optional{at_->real} : std::nullopt; }
  auto as_string() const -> std::optional<std::string_view> { return is(ipld::kind::string) ? std::optional{at_->text()} : std::nullopt; }
  auto as_bytes() const -> std::optional<bytes_view> { return is(ipld::kind::bytes) ? std::optional{at_->octets()} : std::nullopt; }
  CAIRN_DECL auto as_link() const -> std::optional<cid>;

  /// The values of a list, none of another kind; the entries of a map.
  auto items() const -> children<false>;
  auto entries() const -> children<true>;

  /// The value of a key; nothing where there is none or this is no map.
  CAIRN_DECL auto find(std::string_view key) const -> std::optional<view>;
  /// The item at a place; nothing where there is none or this is no list.
  CAIRN_DECL auto at(std::size_t index) const -> std::optional<view>;

  /// It and all that is in it, as a codec writes it.
  auto cells() const -> std::span<cairn::detail::document_cell const> { return {at_, at_->next()}; }

private:
  auto is(ipld::kind k) const -> bool { return kind() == k; }

  cairn::detail::document_cell const* at_;
};

/// One entry of a map.
struct view::entry {
  std::string_view key;
  view value;
};

template <bool Keyed>
class view::children {
public:
  class iterator {
  public:
    using value_type = std::conditional_t<Keyed, entry, view>;
    using difference_type = std::ptrdiff_t;
    iterator() = default;
    explicit iterator(cairn::detail::document_cell const* at) : at_{at} {}
    auto operator*() const -> value_type {
      if constexpr (Keyed)
        return {at_->text(), view{at_[1]}};
      else
        return view{*at_};
    }
    auto operator++() -> iterator& { return at_ = at_[Keyed].next(), *this; }
    auto operator++(int) -> iterator { auto old = *this; return ++*this, old; }
    friend auto operator==(iterator const&, iterator const&) -> bool = default;

  private:
    cairn::detail::document_cell const* at_ = nullptr;
  };

  explicit children(std::span<cairn::detail::document_cell const> cells, bool any) : begin_{any ? cells.data() + 1 : nullptr}, end_{any ? cells.data() + cells.size() : nullptr} {}
  auto begin() const -> iterator { return iterator{begin_}; }
  auto end() const -> iterator { return iterator{end_}; }

private:
  cairn::detail::document_cell const *begin_, *end_;
};

inline auto view::items() const -> children<false> { return children<false>{cells(), kind() == kind::list}; }
inline auto view::entries() const -> children<true> { return children<true>{cells(), kind() == kind::map}; }

/// A block as it is read: every value in one row of cells of 16 bytes, strings, bytes and links where they stand in the block. Made by
/// `dag_cbor::read`, `dag_json::read` and `to_document`; a decoder makes its nodes of it.
///
/// lifetime  the block that it was read from outlives it; one that `to_document` made has its own octets
/// size      16 bytes a value and a key, and room for at most four times as many; what JSON has in other words (escapes, base64, links)
///           is kept beside
class document {
public:
  document() = default;
  document(document&&) noexcept = default;
  auto operator=(document&&) noexcept -> document& = default;

  /// Null, where nothing was read.
  auto root() const -> view { return view{cells_ ? cells_[0] : nothing}; }
  /// How deep its lists and maps are nested.
  auto depth() const -> std::size_t { return depth_; }
  /// Octets of the block that it was read from; of strings, bytes and links, where it was read from none.
  auto octets() const -> std::size_t { return octets_; }

private:
  friend class cairn::detail::document_builder;
  static constexpr auto nothing = cairn::detail::document_cell{};

  std::unique_ptr<cairn::detail::document_cell[]> cells_;
  std::vector<std::unique_ptr<byte[]>> beside_;
  std::size_t depth_ = 0;
  std::size_t octets_ = 0;  // of the block, or about so many
};

/// The value with all that is in it, as a node that owns it.
CAIRN_DECL auto to_node(view v) -> node;

/// The node as a document that owns its octets.
CAIRN_DECL auto to_document(node const& n) -> document;

}  // namespace ipld
}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/ipld/impl/document.ipp>
#endif
