#pragma once
// The data model and its codecs, paths, links, walks.
#include <cairn/ipld/codec/dag_cbor.hpp>
#include <cairn/ipld/codec/dag_json.hpp>
#include <cairn/ipld/codec/dag_pb.hpp>
#include <cairn/ipld/codec/mode.hpp>
#include <cairn/ipld/codec/raw.hpp>
#include <cairn/ipld/codec_set.hpp>
#include <cairn/ipld/dag_pb_wire.hpp>
#include <cairn/ipld/fwd.hpp>
#include <cairn/ipld/integer.hpp>
#include <cairn/ipld/link_sink.hpp>
#include <cairn/ipld/links.hpp>
#include <cairn/ipld/node.hpp>
