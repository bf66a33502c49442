#pragma once
// The bodies of this module; include once in a translation unit compiled with CAIRN_SEPARATE_COMPILATION.
#include <cairn/ipld/impl/cid_set.ipp>
#include <cairn/ipld/impl/dag_cbor.ipp>
#include <cairn/ipld/impl/dag_jose.ipp>
#include <cairn/ipld/impl/dag_json.ipp>
#include <cairn/ipld/impl/dag_pb.ipp>
#include <cairn/ipld/impl/dag_pb_wire.ipp>
#include <cairn/ipld/impl/document.ipp>
#include <cairn/ipld/impl/git_raw.ipp>
#include <cairn/ipld/impl/integer.ipp>
#include <cairn/ipld/impl/links.ipp>
#include <cairn/ipld/impl/node.ipp>
#include <cairn/ipld/impl/patch.ipp>
#include <cairn/ipld/impl/path.ipp>
#include <cairn/ipld/impl/resolve.ipp>
#include <cairn/ipld/impl/traversal.ipp>
