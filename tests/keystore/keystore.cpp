#include <cairn/keystore.hpp>

#include <cairn/core/text.hpp>
#include <cairn/crypto/libp2p_key.hpp>
#include <cairn/multiformats/peer_id.hpp>

#include "laws/keystore.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace cairn;

namespace {

struct scratch {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("cairn-keystore-" + std::to_string(::getpid()));
  int next = 0;
  scratch() { std::filesystem::create_directories(path); }
  ~scratch() { std::filesystem::remove_all(path); }
  auto fresh() -> std::string { return (path / std::to_string(next++)).string(); }
};

auto mode_of(std::string const& file) -> unsigned {
  struct ::stat info {};
  return ::stat(file.c_str(), &info) == 0 ? info.st_mode & 0777 : 0;
}

}  // namespace

TEST_CASE("laws of keystore: memory") { laws::keystore_laws([] { return memory_keystore{}; }); }

TEST_CASE("laws of keystore: files") {
  auto dir = scratch{};
  laws::keystore_laws([&] { return *fs_keystore::open(dir.fresh()); });
}

TEST_CASE("capability 11 (1): Kubo's file name, mode and bytes") {
  auto dir = scratch{};
  auto const folder = dir.fresh();
  auto keys = *fs_keystore::open(folder);
  CHECK(mode_of(folder) == 0700);
  for (auto type : {key_type::ed25519, key_type::secp256k1, key_type::rsa, key_type::ecdsa}) {
    auto const key = *private_key::generate(type);
    REQUIRE(keys.put("foo", key));
    auto const file = folder + "/key_mzxw6";
    CHECK(mode_of(file) == 0400);
    auto in = std::ifstream{file, std::ios::binary};
    auto const octets = std::string{std::istreambuf_iterator<char>{in}, {}};
    CHECK(equal(as_bytes(octets), encode_libp2p_key(key)));
    CHECK(std::distance(std::filesystem::directory_iterator{folder}, {}) == 1);  // nothing else is left behind
    REQUIRE(keys.remove("foo"));
  }
}

TEST_CASE("a key file that Kubo wrote") {
  auto dir = scratch{};
  auto keys = *fs_keystore::open(dir.fresh());
  // ipfs key gen --type=ed25519 ked25519
  auto const octets = *from_hex("080112406ec7f37763ec16e9862b7642e3d39df37ee25acb0be973d0956368f45cb4295d8096a633606ef9e51b8286476920495e71d1da981acdc637c78f8f5ed307bfd4");
  std::ofstream{keys.folder() + "/key_nnswimrvguyts", std::ios::binary}.write(reinterpret_cast<char const*>(octets.data()), static_cast<std::streamsize>(octets.size()));
  CHECK(*keys.list() == std::vector<std::string>{"ked25519"});
  auto const key = keys.get("ked25519");
  REQUIRE(key);
  CHECK(to_ipns_name(peer_id::of(key->public_part())) == "k51qzi5uqu5djdysynrg6vc5og46fyos47drxzypwqzgcftqy2wzcq2l6f6jmc");
}

TEST_CASE("what is in the folder beside keys is left alone, and a damaged key says which file") {
  auto dir = scratch{};
  auto keys = *fs_keystore::open(dir.fresh());
  REQUIRE(keys.put("good", *private_key::generate(key_type::ed25519)));
  for (auto name : {"notes.txt", "key_", "key_!!", "key_MZXW6", "key_mzxw6=", ".new-key_x", "key_mz"}) std::ofstream{keys.folder() + "/" + name} << "x";
  CHECK(*keys.list() == std::vector<std::string>{"good"});
  std::ofstream{keys.folder() + "/" + key_file_name("bad")} << "not a key";
  auto const bad = keys.get("bad");
  REQUIRE_FALSE(bad);
  CHECK(bad.error() == keystore_errc::not_a_key);
  CHECK(bad.error().subject().ends_with(key_file_name("bad")));
  std::ofstream{keys.folder() + "/" + key_file_name("long")} << std::string(100'000, 'x');
  CHECK(keys.get("long").error() == keystore_errc::not_a_key);
  std::filesystem::create_directory(keys.folder() + "/" + key_file_name("folder"));
  CHECK(keys.get("folder").error() == keystore_errc::not_a_key);
  CHECK(fs_keystore::open(dir.path.string() + "/no/such").error().is_system(ENOENT));
}

TEST_CASE("names and file names") {
  CHECK(key_file_name("foo") == "key_mzxw6");
  CHECK(parse_key_file_name("key_mzxw6") == "foo");
  testing::check_property("round", [](std::string const& name) {
    if (!name.empty()) RC_ASSERT((parse_key_file_name(key_file_name(name)) == name));
    if (auto const back = parse_key_file_name(name)) RC_ASSERT((key_file_name(*back) == name));
  });
}

TEST_CASE("of several processes that put one name, one wins and its key is whole") {
  auto dir = scratch{};
  auto const folder = dir.fresh();
  auto keys = *fs_keystore::open(folder);
  for (int round = 0; round < 5; ++round) {
    auto const name = "n" + std::to_string(round);
    auto children = std::vector<::pid_t>{};
    for (int i = 0; i < 6; ++i) {
      auto const child = ::fork();
      if (child == 0) {
        auto mine = *fs_keystore::open(folder);
        ::_exit(mine.put(name, *private_key::generate(key_type::ed25519)) ? 0 : 1);
      }
      children.push_back(child);
    }
    auto winners = 0;
    for (auto child : children) {
      int status = 0;
      ::waitpid(child, &status, 0);
      winners += WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }
    CHECK(winners == 1);
    CHECK(keys.get(name));
  }
  CHECK(keys.list()->size() == 5);
}
