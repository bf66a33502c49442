#pragma once
// The network of a running node: a unit of its own.
#include <cairn/service/impl/swarm_answers.ipp>
#include <cairn/service/impl/swarm_node.ipp>
