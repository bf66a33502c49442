#include "repo/support.hpp"

#include <cairn/ipld/codec/dag_json.hpp>

using namespace cairn;
using namespace cairn::testing;
namespace fs = std::filesystem;

TEST_CASE("a config survives reading and writing: unknown keys, auto, numbers, and the order of keys") {
  auto const folder = temporary_folder{};
  auto const path = folder / "config";
  auto const text = std::string{R"({
  "Zoo": {
    "unknown": [
      1,
      -7,
      18446744073709551615,
      "auto",
      null,
      [],
      {}
    ]
  },
  "Bootstrap": [
    "auto"
  ],
  "A": {
    "f": 1.5,
    "text": "tab\t \"quoted\" <b> ü"
  }
})"};
  write_text(path, text);
  auto const config = *read_config(path);
  REQUIRE(write_config(path, config));
  CHECK(*read_config(path) == config);
  CHECK(config.as_map()->begin()->key == "Zoo");
  CHECK(*config_json(config) == *config_json(*read_config(path)));
  CHECK(find_config(config, "A.f"));
  CHECK_FALSE(find_config(config, "A.f.g"));
  CHECK_FALSE(find_config(config, "B"));
  CHECK(text_of(path).starts_with("{\n  \"Zoo\": {\n    \"unknown\": [\n      1,\n"));
  CHECK(text_of(path).ends_with("\n}"));
}

TEST_CASE("any JSON object survives a write") {
  auto const folder = temporary_folder{};
  check_property("config", [&] {
    auto config = ipld::map{};
    for (auto const& key : *rc::gen::container<std::set<std::string>>(rc::gen::container<std::string>(rc::gen::inRange<char>(1, 127)))) {
      auto inner = ipld::map{};
      inner.append("n", *rc::gen::arbitrary<std::int64_t>());
      inner.append("l", ipld::list{ipld::node{key}, ipld::node{*rc::gen::arbitrary<bool>()}, ipld::node{}});
      config.append(key, std::move(inner));
    }
    auto const node = ipld::node{std::move(config)};
    RC_ASSERT(write_config(folder / "config", node).has_value());
    auto const back = read_config(folder / "config");
    RC_ASSERT(back.has_value());
    RC_ASSERT(*back == node);
  });
}

TEST_CASE("saving keeps a copy where asked, replaces in one step, and refuses what is no object") {
  auto const folder = temporary_folder{};
  REQUIRE(init_repo(folder / "r", new_config()));
  auto r = *repo::open(folder / "r");
  auto const before = text_of(folder / "r/config");
  auto config = r.config();
  config.as_map()->set("Mine", "kept");
  REQUIRE(r.save_config(config, "pre-test-"));
  CHECK(*r.config().find("Mine")->as_string() == "kept");
  auto copies = 0;
  for (auto const& e : fs::directory_iterator{folder / "r"}) {
    CHECK(e.path().string().find(".tmp-") == std::string::npos);
    if (!e.path().filename().string().starts_with("config-pre-test-")) continue;
    ++copies;
    CHECK(text_of(e.path().string()) == before);
    CHECK((e.status().permissions() & fs::perms::others_all) == fs::perms::none);
  }
  CHECK(copies == 1);
  CHECK(r.save_config(ipld::list{}).error() == repo_errc::bad_config);
  CHECK(*r.config().find("Mine")->as_string() == "kept");
  REQUIRE(r.close());
  CHECK(*repo::open(folder / "r")->config().find("Mine")->as_string() == "kept");
}

TEST_CASE("the default config has Kubo's sections in Kubo's order") {
  auto const config = new_config({"flatfs"});
  auto keys = std::string{};
  for (auto const& e : *config.as_map()) keys += e.key + " ";
  CHECK(keys ==
        "Identity Datastore Addresses Mounts Discovery Routing Ipns Bootstrap Gateway API Swarm AutoNAT AutoTLS Pubsub Peering DNS Migration AutoConf "
        "Provide Provider Reprovider HTTPRetrieval Experimental Plugins Pinning Import Version Internal Bitswap ");
  CHECK(*find_config(config, "Identity.PeerID")->as_string() == known_identity().peer_id);
  CHECK(*find_config(config, "Datastore.StorageMax")->as_string() == "10GB");
  auto other = config;
  CHECK_FALSE(*apply_datastore_profile(other, "lowpower"));
  CHECK(other == config);
  CHECK(apply_datastore_profile(other, "pebbleds").error() == repo_errc::unsupported_store);
}

TEST_CASE("the identity of a config is its key's") {
  auto config = new_config();
  auto const key = read_identity(config);
  REQUIRE(key);
  CHECK(identity_of(*key).peer_id == known_identity().peer_id);
  auto const other = identity_of(*private_key::generate(key_type::ed25519));
  CHECK(other.peer_id.starts_with("12D3KooW"));
  config.as_map()->find("Identity")->as_map()->set("PeerID", other.peer_id);
  CHECK(read_identity(config).error() == repo_errc::bad_config);
  config.as_map()->find("Identity")->as_map()->set("PrivKey", "!");
  CHECK_FALSE(read_identity(config));
  config.as_map()->remove("Identity");
  CHECK(read_identity(config).error() == repo_errc::bad_config);
}
