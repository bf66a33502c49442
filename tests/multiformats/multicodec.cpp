#include <cairn/multiformats/multicodec_overlay.hpp>

#include "support/property.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>

using namespace cairn;

static_assert(multicodec_code("dag-cbor") == 0x71);
static_assert(multicodec_name(0x0129) == "dag-json");
static_assert(!multicodec_code("no-such-name") && multicodec_name(0x6f0f0f0f).empty());

TEST_CASE("the multicodec table is sorted and its two indexes agree") {
  auto const table = multicodec_table();
  REQUIRE(table.size() >= 637);
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (i > 0) CHECK(table[i - 1].code < table[i].code);
    REQUIRE(find_multicodec(table[i].code) == &table[i]);
    REQUIRE(find_multicodec(table[i].name) == &table[i]);
  }
}

TEST_CASE("capability 2 (1): the multicodec table equals the registry's CSV row for row") {
  auto const* const folder = std::getenv("CAIRN_VECTORS");
  auto file = std::ifstream{folder ? std::string{folder} + "/multicodec/table.csv"
                                   : std::string{CAIRN_SOURCE_DIR "/../shared/vectors/multicodec/table.csv"}};
  if (!file) {
    WARN("no registry at hand (CAIRN_VECTORS): not compared");
    return;
  }
  auto line = std::string{};
  std::getline(file, line);
  std::size_t rows = 0;
  while (std::getline(file, line)) {
    auto fields = std::istringstream{line};
    auto name = std::string{}, tag = std::string{}, code = std::string{}, status = std::string{};
    for (auto* field : {&name, &tag, &code, &status}) {
      std::getline(fields >> std::ws, *field, ',');
      field->erase(field->find_last_not_of(' ') + 1);
    }
    auto const* const row = find_multicodec(std::stoull(code, nullptr, 16));
    INFO(line);
    REQUIRE(row);
    CHECK(row->name == name);
    CHECK(to_string(row->tag) == tag);
    CHECK(to_string(row->status) == status);
    ++rows;
  }
  CHECK(rows == multicodec_table().size());
}

TEST_CASE("a hash that is no multihash is not taken for a CID unless allowed") {
  CHECK(check_multihash_code(0x12));
  CHECK(check_multihash_code(0x22).error() == multicodec_errc::not_a_multihash);
  CHECK(check_multihash_code(0x22, multihash_codes::any_hash));
  CHECK(check_multihash_code(0x71, multihash_codes::any_hash).error() == multicodec_errc::not_a_multihash);
  CHECK(check_multihash_code(0x300001).error() == multicodec_errc::unknown_code);
}

TEST_CASE("capability 2 (3): an overlay adds rows and promotes drafts") {
  auto table = multicodec_overlay{};
  REQUIRE(table.load("name, tag, code, status, description\n"
                     "my-codec, ipld, 0x300001, draft, \"mine, for a while\"\r\n"
                     "\n"
                     "my-hash, hash, 0x300002, permanent,\n"
                     "dag-cbor, ipld, 0x71, permanent, the same\n"
                     "md5, multihash, 0xd5, permanent,"));
  CHECK(table.find(0x300001)->name == "my-codec");
  CHECK(table.find("my-codec")->code == 0x300001);
  CHECK(table.find("my-codec")->tag == multicodec_tag::ipld);
  CHECK(table.find("md5")->status == multicodec_status::permanent);
  CHECK(find_multicodec("md5")->status == multicodec_status::draft);
  CHECK(table.find("dag-cbor")->code == 0x71);
  CHECK(table.rows().size() == multicodec_table().size() + 2);
  CHECK(table.check_multihash_code(0x300002).error() == multicodec_errc::not_a_multihash);
  CHECK(table.check_multihash_code(0x300002, multihash_codes::any_hash));

  auto const copy = table;
  table = multicodec_overlay{};
  CHECK(copy.find(0x300001)->name == "my-codec");
  CHECK_FALSE(table.find(0x300001));
  auto last = std::uint64_t{0};
  for (auto const& row : copy.rows()) CHECK((row.code == 0 || row.code > std::exchange(last, row.code)));
}

TEST_CASE("an overlay never re-assigns: both names are in the message and nothing changes") {
  auto table = multicodec_overlay{};
  REQUIRE(table.load("my-codec, ipld, 0x300001, draft,"));
  struct {
    char const *csv, *first, *second;
  } const wrong[]{
      {"other, ipld, 0x71, draft,", "other", "dag-cbor"},
      {"fine, ipld, 0x300005, draft,\nother, ipld, 0x300001, draft,", "other", "my-codec"},
      {"dag-cbor, ipld, 0x300007, permanent,", "dag-cbor", "0x300007"},
      {"my-codec, ipld, 0x300008, permanent,", "my-codec", "0x300008"},
      {"dag-cbor, key, 0x71, permanent,", "dag-cbor", "key"},
  };
  for (auto const& [csv, first, second] : wrong) {
    auto const done = table.load(csv);
    REQUIRE_FALSE(done);
    INFO(to_string(done.error()));
    CHECK(to_string(done.error()).find(first) != std::string::npos);
    CHECK(to_string(done.error()).find(second) != std::string::npos);
    CHECK(table.rows().size() == multicodec_table().size() + 1);
  }
  CHECK(to_string(table.load("fine, ipld, 0x300005, draft,\nother, ipld, 0x71, draft,").error()).starts_with("line 2"));
}

TEST_CASE("SEC-54 an overlay of garbage is an error that can be shown") {
  auto table = multicodec_overlay{};
  for (auto const* csv : {"a", "a, ipld, 0x300001", "A, ipld, 0x300001, draft", "a, ipld, 300001, draft", "a, ipld, 0x, draft",
                          "a, ipld, 0x8000000000000000, draft", "a, ipld, 0x10000000000000000, draft", "a, ipld, 0x1g, draft",
                          "a, ipld, 0x300001, final", ", ipld, 0x300001, draft", "a\x1b[2J, ipld, 0x300001, draft"}) {
    auto const done = table.load(csv);
    REQUIRE_FALSE(done);
    CHECK(to_string(done.error()).find('\x1b') == std::string::npos);
  }
  CHECK_FALSE(table.load(std::string(limits::registry_text + 1, '\n')));
  CHECK(table.load(std::string(limits::registry_text, '\n')));
  testing::check_property("any text", [&](std::string const& text) { (void)multicodec_overlay{}.load(text); });
}
