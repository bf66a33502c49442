#pragma once
// The data model and its codecs, paths, links, walks.
#include <cairn/ipld/codec/dag_pb.hpp>
#include <cairn/ipld/dag_pb_wire.hpp>
#include <cairn/ipld/links.hpp>
