#pragma once
// Beast's parser of requests, filling our own head and the buffer that a reader of the body holds out.

#include <cairn/asio/http/exchange.hpp>
#include <cairn/core/bytes.hpp>

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/basic_parser.hpp>

#include <algorithm>
#include <cstring>

namespace cairn::http::detail {

namespace beast_http = boost::beast::http;
using boost::beast::error_code;

class request_parser final : public beast_http::basic_parser<true> {
public:
  http::request head;
  int version = 11;
  bool expects_continue = false;
  bytes_span sink{};       // where the body goes; what was taken is cut off its front
  std::size_t fields = 0;

private:
  void on_request_impl(beast_http::verb, boost::beast::string_view method, boost::beast::string_view target, int spoken, error_code&) override {
    version = spoken;
    head.method.assign(method.data(), method.size());
    head.target.assign(target.data(), target.size());
  }
  void on_response_impl(int, boost::beast::string_view, int, error_code&) override {}
  void on_field_impl(beast_http::field name, boost::beast::string_view text, boost::beast::string_view value, error_code& ec) override {
    if (++fields > 1000) ec = beast_http::error::header_limit;
    if (name == beast_http::field::expect) expects_continue = true;
    head.fields.add({text.data(), text.size()}, {value.data(), value.size()});
  }
  // What a proxy and we could read as two different requests is refused (RFC 9112, sections 3.2 and 6.1).
  void on_header_impl(error_code& ec) override {
    auto const codings = head.fields.all("Transfer-Encoding");
    if (!codings.empty() && (version < 11 || codings.size() != 1 || !boost::beast::iequals({codings[0].data(), codings[0].size()}, "chunked")))
      ec = beast_http::error::bad_transfer_encoding;
    if (head.fields.all("Host").size() > 1) ec = beast_http::error::bad_field;
  }
  void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code&) override {}
  auto take(boost::beast::string_view body) -> std::size_t {
    auto const n = std::min(body.size(), sink.size());
    if (n != 0) std::memcpy(sink.data(), body.data(), n);
    sink = sink.subspan(n);
    return n;
  }
  auto on_body_impl(boost::beast::string_view body, error_code&) -> std::size_t override { return take(body); }
  void on_chunk_header_impl(std::uint64_t, boost::beast::string_view, error_code&) override {}
  auto on_chunk_body_impl(std::uint64_t, boost::beast::string_view body, error_code&) -> std::size_t override { return take(body); }
  void on_finish_impl(error_code&) override {}
};

}  // namespace cairn::http::detail
