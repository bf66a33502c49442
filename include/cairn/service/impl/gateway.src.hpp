#pragma once
// The gateway: a unit of its own.
#include <cairn/service/gateway/impl/gateway.ipp>
#include <cairn/service/gateway/impl/options.ipp>
