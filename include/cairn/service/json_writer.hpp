#pragma once

#include <cairn/core/bytes.hpp>
#include <cairn/core/config.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace cairn::service {

/// Appends one JSON value to a text, in the spelling of Go's encoder, which clients of Kubo compare byte for byte: no
/// blanks, `<`, `>`, `&` and U+2028/9 escaped, broken UTF-8 as U+FFFD.
///
/// use       json.object([&] { json.key("Name").value(name); });
class json_writer {
public:
  explicit json_writer(std::string& out) : out_{out} {}

  template <class F>
  void object(F&& members) { nest('{', '}', members); }
  template <class F>
  void array(F&& elements) { nest('[', ']', elements); }

  CAIRN_DECL auto key(std::string_view name) -> json_writer&;

  CAIRN_DECL void value(std::string_view text);
  void value(char const* text) { value(std::string_view{text}); }
  CAIRN_DECL void value(std::int64_t number);
  CAIRN_DECL void value(std::uint64_t number);
  void value(int number) { value(static_cast<std::int64_t>(number)); }
  void value(unsigned number) { value(static_cast<std::uint64_t>(number)); }
  CAIRN_DECL void value(bool truth);
  CAIRN_DECL void null();
  /// A value that is JSON already.
  CAIRN_DECL void raw(std::string_view json);

private:
  template <class F>
  void nest(char open, char close, F& f) {
    separate();
    out_ += open;
    auto const outer = first_;
    first_ = true;
    f();
    first_ = outer;
    out_ += close;
    first_ = false;
  }
  void separate() {
    if (!first_) out_ += ',';
    first_ = false;
  }

  std::string& out_;
  bool first_ = true;
};

/// The text as a JSON string in that spelling, quotes included.
CAIRN_DECL void append_json_string(std::string& out, std::string_view text);

}  // namespace cairn::service

#if CAIRN_HEADER_ONLY
#  include <cairn/service/impl/json_writer.ipp>
#endif
