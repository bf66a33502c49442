#pragma once

#include "case.hpp"

#include <cairn/ipld/codec/dag_json.hpp>

namespace conformance {

/// A value of a case as the node that it is in dag-json; a case that has none is a bad one.
inline auto node_of(json::value const& v) -> cairn::ipld::node {
  auto n = cairn::dag_json::decode(cairn::as_bytes(json::serialize(v)));
  if (!n) throw bad_case{"not dag-json"};
  return *std::move(n);
}

}  // namespace conformance
