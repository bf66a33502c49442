#pragma once

#include <cairn/core/config.hpp>
#include <cairn/core/error.hpp>
#include <cairn/multiformats/cid.hpp>

#include <cstddef>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cairn {

/// Why bytes are not a dag-pb block, or a node has no dag-pb form.
enum class dag_pb_errc : byte {
  truncated = 1,   ///< input ended inside a field, or a length reaches past its end
  bad_varint,      ///< a tag, a length or Tsize is not a minimal varint of at most 64 bits
  bad_wire_type,   ///< a field has another wire type than the schema's
  unknown_field,   ///< a field number that the schema does not have
  duplicate_data,  ///< Data occurs twice
  split_links,     ///< Data stands between Links                                  ("Links before Data")
  duplicate_field, ///< Hash, Name or Tsize occurs twice in one link
  field_order,     ///< a link's fields are not in the order Hash, Name, Tsize
  missing_hash,    ///< a link without Hash                                        ("Hash is required")
  bad_hash,        ///< a link's Hash is not exactly one CID
  bad_form,        ///< the node is not {"Data"?: bytes, "Links": [{"Hash": link, "Name"?: string, "Tsize"?: int}]}
};

template <>
struct errc_traits<dag_pb_errc> {
  static constexpr std::string_view module = "dag-pb";
  static constexpr auto describe(dag_pb_errc e) -> std::string_view {
    switch (e) {
      case dag_pb_errc::truncated: return "dag-pb: input ended inside a field";
      case dag_pb_errc::bad_varint: return "dag-pb: a varint is not minimal or wider than 64 bits";
      case dag_pb_errc::bad_wire_type: return "dag-pb: wrong wire type";
      case dag_pb_errc::unknown_field: return "dag-pb: unknown field number";
      case dag_pb_errc::duplicate_data: return "dag-pb: duplicate Data section";
      case dag_pb_errc::split_links: return "dag-pb: duplicate Links section, Data stands between Links";
      case dag_pb_errc::duplicate_field: return "dag-pb: a link has the same field twice";
      case dag_pb_errc::field_order: return "dag-pb: a link's fields are not in the order Hash, Name, Tsize";
      case dag_pb_errc::missing_hash: return "dag-pb: invalid Hash field found in link, expected CID";
      case dag_pb_errc::bad_hash: return "dag-pb: a link's Hash is not a CID";
      case dag_pb_errc::bad_form: return "dag-pb: invalid DAG-PB form";
    }
    return "dag-pb: unknown error";
  }
};

/// One link of a dag-pb block, borrowed. Absent and empty differ: absent fields are not written (IX-31).
struct pb_link_view {
  cid id;
  std::string_view name{};  ///< octets, not necessarily UTF-8
  std::uint64_t tsize = 0;
  bool has_name = true;
  bool has_tsize = true;
};

/// One link of a dag-pb node, owned.
struct pb_link {
  cid id;
  std::string name{};
  std::uint64_t tsize = 0;
  bool has_name = true;
  bool has_tsize = true;

  operator pb_link_view() const { return {id, name, tsize, has_name, has_tsize}; }
  friend auto operator==(pb_link const&, pb_link const&) -> bool = default;
};

/// A dag-pb node, owned; links in the order of the block.
struct pb_node {
  std::vector<pb_link> links;
  std::optional<bytes> data;

  friend auto operator==(pb_node const&, pb_node const&) -> bool = default;
};

/// A dag-pb block that was read: its links one by one, its data. It refers to the block's bytes and owns nothing.
///
/// cost      no allocation; one link is parsed per step
/// lifetime  the bytes outlive it
class pb_view {
public:
  /// Links of the block, in its order; each is made when the iterator reaches it.
  class link_iterator {
  public:
    using value_type = pb_link_view;
    using difference_type = std::ptrdiff_t;

    explicit link_iterator(bytes_view rest) : rest_{rest} { read(); }
    auto operator*() const -> pb_link_view const& { return at_; }
    auto operator->() const -> pb_link_view const* { return &at_; }
    auto operator++() -> link_iterator& { read(); return *this; }
    void operator++(int) { read(); }
    auto operator==(std::default_sentinel_t) const -> bool { return done_; }

  private:
    CAIRN_DECL void read();

    bytes_view rest_;
    pb_link_view at_{};
    bool done_ = false;
  };

  class link_range {
  public:
    explicit link_range(bytes_view section) : section_{section} {}
    auto begin() const -> link_iterator { return link_iterator{section_}; }
    auto end() const -> std::default_sentinel_t { return {}; }

  private:
    bytes_view section_;
  };

  auto links() const -> link_range { return link_range{links_}; }
  auto link_count() const -> std::size_t { return count_; }
  auto data() const -> std::optional<bytes_view> { return data_; }

private:
  friend auto read_dag_pb(bytes_view) -> result<pb_view, dag_pb_errc>;
  bytes_view links_;
  std::size_t count_ = 0;
  std::optional<bytes_view> data_;
};

/// Check a whole dag-pb block and borrow it. Data may stand before all Links, as old blocks have it; the order of links is kept.
///
/// errors    truncated · bad_varint · bad_wire_type · unknown_field · duplicate_data · split_links · duplicate_field ·
///           field_order · missing_hash · bad_hash
/// cost      O(in.size()), no allocation
/// spec      ipld/dag-pb
CAIRN_DECL auto read_dag_pb(bytes_view in) -> result<pb_view, dag_pb_errc>;

/// The owning form of a whole dag-pb block.
///
/// errors    those of read_dag_pb
CAIRN_DECL auto decode_dag_pb(bytes_view in) -> result<pb_node, dag_pb_errc>;

/// Bytes that a link takes in a block, its tag and length included.
CAIRN_DECL auto dag_pb_link_size(pb_link_view const& link) -> std::size_t;

/// Bytes that Data takes in a block, its tag and length included.
CAIRN_DECL auto dag_pb_data_size(std::size_t data_size) -> std::size_t;

/// Bytes of a whole block.
CAIRN_DECL auto dag_pb_size(std::span<pb_link const> links, std::optional<bytes_view> data) -> std::size_t;

/// Write one link or Data into room that the sizes above give; returns the first byte behind.
CAIRN_DECL auto write_dag_pb_link(byte* out, pb_link_view const& link) -> byte*;
CAIRN_DECL auto write_dag_pb_data(byte* out, bytes_view data) -> byte*;

/// Append canonical bytes: links in the given order, then Data.
///
/// cost      one growth of `out`
CAIRN_DECL void append_dag_pb(bytes& out, std::span<pb_link const> links, std::optional<bytes_view> data);
CAIRN_DECL void append_dag_pb_link(bytes& out, pb_link_view const& link);
CAIRN_DECL void append_dag_pb_data(bytes& out, bytes_view data);

/// The bytes of an owned node, links in its order.
CAIRN_DECL auto encode_dag_pb(pb_node const& node) -> bytes;

/// Order links by the octets of their names; equal names keep their order (IX-30).
CAIRN_DECL void sort_links(std::span<pb_link> links);

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/ipld/impl/dag_pb_wire.ipp>
#endif
