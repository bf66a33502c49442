#pragma once
// The codec dag-pb; its wire form, without the data model, is <cairn/ipld/dag_pb_wire.hpp>.
#include <cairn/ipld/dag_pb_wire.hpp>
