#pragma once
// The HTTP server: a unit of its own, because Asio and Beast are heavy to compile.
#include <cairn/asio/http/impl/server.ipp>
