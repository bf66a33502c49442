#pragma once
// The HTTP client: a unit of its own, because Beast is heavy to compile.
#include <cairn/asio/http/impl/block.ipp>
#include <cairn/asio/http/impl/client.ipp>
