#pragma once
// The bodies of this module; include once in a translation unit compiled with CAIRN_SEPARATE_COMPILATION.
#include <cairn/asio/http/impl/endpoint.ipp>
#include <cairn/asio/http/impl/exchange.ipp>
#include <cairn/asio/http/impl/multipart.ipp>
#include <cairn/asio/http/impl/url.ipp>
