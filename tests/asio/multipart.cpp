#include <cairn/asio/http/multipart.hpp>

#include <support/property.hpp>

#include <catch2/catch.hpp>

using namespace cairn;

namespace {

struct part {
  http::headers fields;
  std::string content;
};

// A body read in pieces of that size, as a socket may give them.
auto read_all(std::string_view boundary, std::string_view body, std::size_t piece) -> io_result<std::vector<part>> {
  auto reader = http::multipart_reader{boundary, [body, piece](bytes_span into) mutable -> io_result<std::size_t> {
                                         auto const n = std::min({piece, into.size(), body.size()});
                                         std::copy_n(body.data(), n, reinterpret_cast<char*>(into.data()));
                                         body.remove_prefix(n);
                                         return n;
                                       }};
  auto out = std::vector<part>{};
  for (;;) {
    auto fields = reader.next();
    if (!fields) return std::unexpected(fields.error());
    if (!*fields) return out;
    auto& p = out.emplace_back(std::move(**fields), std::string{});
    for (;;) {
      byte some[37];
      auto n = reader.read(some);
      if (!n) return std::unexpected(n.error());
      if (*n == 0) break;
      p.content += as_text({some, *n});
    }
  }
}

auto body_of(std::string_view boundary, std::vector<std::string> const& contents) -> std::string {
  auto out = std::string{};
  for (auto const& c : contents) ((out += "--") += boundary) += "\r\nA: b\r\n\r\n" + c + "\r\n";
  return (out += "--") += std::string{boundary} + "--\r\n";
}

}  // namespace

TEST_CASE("multipart: whatever is sent in parts comes out, however the octets arrive", "[multipart]") {
  testing::check_property("parts", [] {
    // letters that make the delimiter likely
    auto const contents = *rc::gen::container<std::vector<std::string>>(rc::gen::container<std::string>(rc::gen::elementOf(std::string{"\r\n-bx\0y"})));
    auto const piece = *rc::gen::inRange<std::size_t>(1, 100);
    for (auto const& c : contents) RC_PRE(("\r\n" + c + "\r\n").find("\r\n--b") == std::string::npos);
    auto const got = read_all("b", body_of("b", contents), piece);
    RC_ASSERT(got.has_value());
    RC_ASSERT(got->size() == contents.size());
    for (std::size_t i = 0; i < contents.size(); ++i) {
      RC_ASSERT((*got)[i].content == contents[i]);
      RC_ASSERT((*got)[i].fields.find("a") == "b");
    }
  });
}

TEST_CASE("multipart: every cut of a body is an error, never a shorter body", "[multipart]") {
  auto const whole = body_of("xyz", {"one", "", "three\r\n--xy"});
  for (std::size_t n = 0; n + 4 < whole.size(); ++n) {
    auto const got = read_all("xyz", std::string_view{whole}.substr(0, n), 7);
    CAPTURE(n);
    REQUIRE_FALSE(got);
    CHECK(got.error() == http::multipart_errc::truncated);
  }
}

TEST_CASE("multipart: a preamble, blanks behind a boundary and an epilogue are nothing", "[multipart]") {
  auto const got = read_all("b", "preamble\r\n--b \t\r\n\r\nx\r\n--b--\r\nepilogue --b", 3);
  REQUIRE(got);
  REQUIRE(got->size() == 1);
  CHECK(got->front().content == "x");
  CHECK(got->front().fields.size() == 0);
}

TEST_CASE("multipart: heads that are none", "[multipart]") {
  CHECK(read_all("b", "--b\r\nabc\r\n\r\nx\r\n--b--", 50).error() == http::multipart_errc::bad_head);
  CHECK(read_all("b", "--b\r\n: x\r\n\r\nx\r\n--b--", 50).error() == http::multipart_errc::bad_head);
  CHECK(read_all("b", "--bx\r\n\r\nx\r\n--b--", 50).error() == http::multipart_errc::bad_delimiter);
  CHECK(read_all("b", "--b\r\nA: " + std::string(70'000, 'x') + "\r\n\r\n\r\n--b--", 5000).error() == http::multipart_errc::head_too_long);
  auto many = std::string{"--b\r\n"};
  for (int i = 0; i < 101; ++i) many += "A: b\r\n";
  CHECK(read_all("b", many + "\r\nx\r\n--b--", 5000).error() == http::multipart_errc::head_too_long);
}

TEST_CASE("multipart: the boundary of a Content-Type", "[multipart]") {
  CHECK(http::multipart_boundary("multipart/form-data; boundary=abc").value() == "abc");
  CHECK(http::multipart_boundary("Multipart/Form-Data;charset=x; Boundary=\"a b\"").value() == "a b");
  CHECK_FALSE(http::multipart_boundary("text/plain; boundary=abc").value());
  CHECK(http::multipart_boundary("multipart/form-data").error() == http::multipart_errc::no_boundary);
  CHECK(http::multipart_boundary("multipart/form-data; boundary=").error() == http::multipart_errc::bad_boundary);
  CHECK(http::multipart_boundary("multipart/form-data; boundary=" + std::string(71, 'x')).error() == http::multipart_errc::bad_boundary);
  CHECK(http::multipart_boundary("multipart/form-data; boundary=\"a\r\n\"").error() == http::multipart_errc::bad_boundary);
}

TEST_CASE("IX-76: names of files in Content-Disposition", "[multipart]") {
  CHECK(http::field_parameter("form-data; name=\"file\"; filename=\"a \\\"b\\\" \\\\ c\"", "filename") == "a \"b\" \\ c");
  CHECK(http::field_parameter("form-data; name=file?mode=0644; filename=x", "name") == "file?mode=0644");
  CHECK(http::field_parameter("form-data; FileName = \"x;y\"; name=z", "filename") == "x;y");
  CHECK(http::field_parameter("form-data; filename=\"C:\\dir\\x\"", "filename") == "C:\\dir\\x");
  CHECK_FALSE(http::field_parameter("form-data; filename=\"open", "filename"));
  CHECK_FALSE(http::field_parameter("form-data", "filename"));
}
