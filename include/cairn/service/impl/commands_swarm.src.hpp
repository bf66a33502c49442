#pragma once
// The handlers of commands on the network: a unit of their own.
#include <cairn/service/impl/commands_exchange.ipp>
#include <cairn/service/impl/commands_swarm.ipp>
