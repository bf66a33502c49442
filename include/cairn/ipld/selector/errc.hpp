#pragma once

#include <cairn/core/error.hpp>

namespace cairn::ipld {

/// Why a value is no selector, or a walk along one ended early.
enum class selector_errc : byte {
  not_a_selector = 1,   ///< a selector is a map with one entry, whose key says which one and whose value is a map (union: a list)
  unknown_member,       ///< the key is of no selector, condition or limit that is known
  missing_field,        ///< a field that this selector needs is not there
  wrong_kind,           ///< a field's value is of another kind than the schema says
  unknown_field,        ///< a field that this selector does not have
  bad_range,            ///< a range, index or depth is not negative, and the end of a range is behind its start
  edge_outside,         ///< "An ExploreRecursiveEdge without an enclosing ExploreRecursive is an error."
  no_edge,              ///< "It is not valid for an ExploreRecursive selector's sequence to contain no instances of ExploreRecursiveEdge"
  too_large,            ///< more selectors and conditions than limits::selector_nodes, or nested deeper than limits::selector_depth
  depth_exceeded,       ///< the walk reached a path of more segments than it was allowed
  nodes_exceeded,       ///< the walk visited as many values as it was allowed
  blocks_exceeded,      ///< the walk loaded as many blocks as it was allowed
  memory_exceeded,      ///< the blocks on the way down together are larger than the walk was allowed
  steps_exceeded,       ///< the walk compared as often as it was allowed
  unknown_layout,       ///< "~" names an advanced layout that the walk does not have
};

}  // namespace cairn::ipld

template <>
struct cairn::errc_traits<cairn::ipld::selector_errc> {
  static constexpr std::string_view module = "selector";
  static constexpr auto describe(cairn::ipld::selector_errc e) -> std::string_view {
    using enum cairn::ipld::selector_errc;
    switch (e) {
      case not_a_selector: return "selector: not a map with one entry that names a selector";
      case unknown_member: return "selector: no such selector, condition or limit";
      case missing_field: return "selector: a field is missing";
      case wrong_kind: return "selector: a field is of the wrong kind";
      case unknown_field: return "selector: a field that does not belong there";
      case bad_range: return "selector: a range or depth is negative, or ends before it starts";
      case edge_outside: return "selector: a recursive edge outside of a recursion";
      case no_edge: return "selector: a recursion without a recursive edge";
      case too_large: return "selector: too large or nested too deeply";
      case depth_exceeded: return "selector: the walk went deeper than it may";
      case nodes_exceeded: return "selector: the walk visited more values than it may";
      case blocks_exceeded: return "selector: the walk loaded more blocks than it may";
      case memory_exceeded: return "selector: the blocks on the way down are larger than the walk may hold";
      case steps_exceeded: return "selector: the walk compared more often than it may";
      case unknown_layout: return "selector: an advanced layout that is not known here";
    }
    return "selector: unknown error";
  }
};
