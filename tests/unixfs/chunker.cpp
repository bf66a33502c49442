#include <cairn/unixfs/any_chunker.hpp>

#include <archetypes/chunker.hpp>
#include <laws/chunker.hpp>

#include <catch2/catch.hpp>

using namespace cairn;

namespace {
auto lengths(std::string_view text, bytes_view in) { return laws::chunk_lengths(*parse_chunker(text), in); }
auto why(std::string_view text) -> chunker_errc { auto const c = parse_chunker(text); return c ? chunker_errc{} : c.error(); }
using sizes = std::vector<std::size_t>;
}  // namespace

TEST_CASE("chunkers obey their laws") {
  laws::chunker(size_chunker{1});
  laws::chunker(size_chunker{777});
  laws::chunker(rabin_chunker{512, 1024, 2048});
  laws::chunker(rabin_chunker{16, 100, 9000});
  laws::chunker(rabin_chunker{20});
  laws::chunker(any_chunker{archetypes::chunker{}});
  laws::chunker(buzhash_chunker{});
}

TEST_CASE("cut points are Kubo's") {
  CHECK(lengths("buzhash", testing::keystream("cut-2", 3000000)) ==
        sizes{137683, 524288, 145173, 180862, 222719, 317648, 358515, 276540, 203632, 408693, 158948, 65299});
  CHECK(lengths("rabin", testing::keystream("cut-4", 2000000)) == sizes{393216, 206035, 393216, 335241, 318479, 353813});
  CHECK(lengths("rabin-65536", testing::keystream("cut-5", 500000)) == sizes{33716, 72924, 98304, 98304, 61534, 98304, 36914});
  CHECK(lengths("buzhash", bytes(700000, 'a')) == sizes{524288, 175712});
  CHECK(lengths("buzhash", bytes(131072, 0)) == sizes{131072});
  CHECK(lengths("rabin-0", bytes(100000, 7)) == sizes{100000});
  CHECK(lengths("size-32", bytes(100, 7)) == sizes{32, 32, 32, 4});
  CHECK(lengths("", bytes{}).empty());
}

TEST_CASE("chunker texts: Kubo's grammar and limits, no number overflows (SEC-54)") {
  for (auto text : {"", "default", "size-1", "size-+32", "size-2096896", "rabin", "rabin-0", "rabin-1397931", "rabin-18-25-32",
                    "rabin-min:18-avg:25-max:32", "buzhash", "buzhash-anything"})
    CHECK(parse_chunker(text).has_value());
  CHECK(parse_chunker("")->max_size() == 262144);
  CHECK(why("size-0") == chunker_errc::zero_size);
  CHECK(why("size-2096897") == chunker_errc::too_big);
  CHECK(why("size-99999999999999999999999") == chunker_errc::not_a_number);
  CHECK(why("size-1-2") == chunker_errc::bad_size_format);
  CHECK(why("size") == chunker_errc::bad_size_format);
  CHECK(why("size-0x20") == chunker_errc::not_a_number);
  CHECK(why("size- 1") == chunker_errc::not_a_number);
  CHECK(why("size--1") == chunker_errc::bad_size_format);
  CHECK(why("rabin-1397932") == chunker_errc::too_big);
  CHECK(why("rabin-9223372036854775807") == chunker_errc::too_big);
  CHECK(why("rabin-15-23-31") == chunker_errc::rabin_min);
  CHECK(why("rabin-20-20-21") == chunker_errc::min_above_avg);
  CHECK(why("rabin-19-21-21") == chunker_errc::avg_above_max);
  CHECK(why("rabin-19-21-2096897") == chunker_errc::too_big);
  CHECK(why("rabin-1-2") == chunker_errc::bad_rabin_format);
  CHECK(why("rabin-a:18-avg:25-max:32") == chunker_errc::first_label);
  CHECK(why("rabin-min:18-x:25-max:32") == chunker_errc::second_label);
  CHECK(why("rabin-min:18-avg:25-y:32") == chunker_errc::final_label);
  CHECK(why("default-1") == chunker_errc::unrecognized);
  CHECK(why("Size-1") == chunker_errc::unrecognized);
  testing::check_property("any text", [](std::string text) { (void)parse_chunker("rabin-" + text), (void)parse_chunker(text); });
}
