#pragma once

#include <cairn/asio/http/exchange.hpp>

#include <functional>

namespace cairn::http {

/// Why a multipart body cannot be read; the sentences in quotes are RFC 2046's.
enum class multipart_errc : byte {
  no_boundary = 1,  ///< "the Content-Type field ... requires one parameter, 'boundary'"
  bad_boundary,     ///< "boundary := 0*69<bchars> bcharsnospace"
  truncated,        ///< "the boundary delimiter line following the last body part is a distinguished delimiter": it never came
  bad_delimiter,    ///< what stands behind a boundary is neither a line end nor two hyphens
  bad_head,         ///< the head of a part is no list of fields
  head_too_long,    ///< the head of a part has more than 64 KiB or 100 fields
};

}  // namespace cairn::http

namespace cairn {

template <>
struct errc_traits<http::multipart_errc> {
  static constexpr std::string_view module = "multipart";
  static constexpr auto describe(http::multipart_errc e) -> std::string_view {
    switch (e) {
      case http::multipart_errc::no_boundary: return "no multipart boundary param in Content-Type";
      case http::multipart_errc::bad_boundary: return "multipart: a boundary has 1 to 70 characters of RFC 2046's bchars";
      case http::multipart_errc::truncated: return "multipart: NextPart: EOF";
      case http::multipart_errc::bad_delimiter: return "multipart: expecting a new part after a boundary";
      case http::multipart_errc::bad_head: return "multipart: malformed MIME header";
      case http::multipart_errc::head_too_long: return "multipart: message too large";
    }
    return "multipart: unknown error";
  }
};

}  // namespace cairn

namespace cairn::http {

/// The boundary of a field Content-Type; nothing where it is not multipart/form-data.
CAIRN_DECL auto multipart_boundary(std::string_view content_type) -> io_result<std::optional<std::string>>;

/// A parameter of a field such as Content-Disposition, without its quotes: of `form-data; name="a"` the "name".
CAIRN_DECL auto field_parameter(std::string_view value, std::string_view name) -> std::optional<std::string>;

/// Reads a multipart body part by part, however large they are.
///
/// memory    128 KiB, and the head of one part
class multipart_reader {
public:
  using source = std::function<io_result<std::size_t>(bytes_span)>;

  CAIRN_DECL multipart_reader(std::string_view boundary, source from);

  /// The fields of the next part; what is left of the current one is skipped. Nothing behind the last one.
  ///
  /// errors    truncated · bad_delimiter · bad_head · head_too_long · those of the source
  CAIRN_DECL auto next() -> io_result<std::optional<headers>>;
  /// Octets of the current part; 0 at its end.
  CAIRN_DECL auto read(bytes_span into) -> io_result<std::size_t>;

private:
  auto fill() -> io_result<bool>;  // whether there was more
  auto content_ahead() -> io_result<std::size_t>;
  auto rest() const -> std::string_view { return std::string_view{buffer_}.substr(at_); }

  source from_;
  std::string delimiter_;  // CRLF, two hyphens, the boundary
  std::string buffer_;
  std::size_t at_ = 0;
  enum class place : byte { preamble, content, delimiter, end } place_ = place::preamble;
};

}  // namespace cairn::http

#if CAIRN_HEADER_ONLY
#  include <cairn/asio/http/impl/multipart.ipp>
#endif
