// Bodies of multipart/form-data: whatever arrives and in whatever pieces, the reader ends, and how it arrived makes no difference.
#include <cairn/asio/http/multipart.hpp>

#include "law.hpp"

using namespace cairn;

namespace {

auto read_all(bytes_view body, std::size_t piece) -> std::string {
  auto out = std::string{};
  auto reader = http::multipart_reader{"b", [body, piece](bytes_span into) mutable -> io_result<std::size_t> {
                                         auto const n = std::min({piece, into.size(), body.size()});
                                         std::copy_n(body.data(), n, into.data());
                                         body = body.subspan(n);
                                         return n;
                                       }};
  for (;;) {
    auto fields = reader.next();
    if (!fields) return out + "\nerror " + to_string(fields.error());
    if (!*fields) return out;
    for (auto const& f : **fields) {
      out += f.name + "=" + f.value + ";";
      static_cast<void>(http::field_parameter(f.value, "filename"));
      static_cast<void>(http::multipart_boundary(f.value));
    }
    for (;;) {
      byte some[1000];
      auto n = reader.read(some);
      if (!n) return out + "\nerror " + to_string(n.error());
      if (*n == 0) break;
      out += as_text({some, *n});
    }
    out += "\npart\n";
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(byte const* data, std::size_t size) {
  auto const in = bytes_view{data, size};
  CAIRN_LAW(read_all(in, 1) == read_all(in, 64 * 1024));
  return 0;
}
