#pragma once
// The API over HTTP and the daemon: a unit of their own.
#include <cairn/service/impl/daemon.ipp>
#include <cairn/service/impl/name_renewal.ipp>
#include <cairn/service/rpc/impl/frames.ipp>
#include <cairn/service/rpc/impl/rpc.ipp>
#include <cairn/service/rpc/impl/rules.ipp>
