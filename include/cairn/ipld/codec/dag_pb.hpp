#pragma once
// The codec dag-pb; its wire form without the data model is <cairn/ipld/dag_pb_wire.hpp>.

#include <cairn/ipld/dag_pb_wire.hpp>
#include <cairn/ipld/link_sink.hpp>
#include <cairn/ipld/node.hpp>
#include <cairn/multiformats/codes.hpp>

namespace cairn {

/// The codec dag-pb: {"Data"?: bytes, "Links": [{"Hash": link, "Name"?: string, "Tsize"?: int}]}.
///
/// spec      ipld/dag-pb
struct dag_pb {
  using errc = dag_pb_errc;
  static constexpr std::uint64_t code = cairn::code::dag_pb;
  static constexpr std::string_view name = "dag-pb";

  /// errors    those of read_dag_pb
  CAIRN_DECL static auto decode(bytes_view in) -> result<ipld::node, errc>;

  /// Append the canonical bytes; links are sorted by the octets of their names, equal names keep their order (IX-30).
  ///
  /// errors    bad_form
  CAIRN_DECL static auto encode(ipld::node const& n, bytes& out) -> result<void, errc>;

  /// cost      no allocation
  CAIRN_DECL static auto links(bytes_view in, link_sink sink) -> result<void, errc>;
};

/// What the node of a dag-pb block has for Data, Name and Tsize that are not there: nothing, or null as `ipfs dag get` prints.
enum class pb_absent : byte { omitted, null };

/// The node of a dag-pb block.
CAIRN_DECL auto to_node(pb_node const& pb, pb_absent absent = pb_absent::omitted) -> ipld::node;

/// The dag-pb block of a node, links in its order.
///
/// errors    bad_form
CAIRN_DECL auto to_pb_node(ipld::node const& n) -> result<pb_node, dag_pb_errc>;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/ipld/impl/dag_pb.ipp>
#endif
