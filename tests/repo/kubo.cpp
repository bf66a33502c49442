// Beside the real Kubo: one repo, both programs in turn. The binary is named by CAIRN_KUBO; without it these cases say that
// they were skipped.
#include "repo/support.hpp"

#include <cairn/keystore.hpp>

#include <cstdlib>

using namespace cairn;
using namespace cairn::testing;
namespace fs = std::filesystem;

namespace {

struct kubo {
  std::string binary, repo;

  struct outcome {
    int status;
    std::string out;
  };
  auto operator()(std::string const& words) const -> outcome {
    auto const command = "IPFS_PATH='" + repo + "' '" + binary + "' " + words + " 2>&1";
    auto* const pipe = ::popen(command.c_str(), "r");
    REQUIRE(pipe);
    auto out = std::string{};
    char part[4096];
    while (auto const n = ::fread(part, 1, sizeof part, pipe)) out.append(part, n);
    while (out.ends_with('\n')) out.pop_back();
    return {::pclose(pipe), out};
  }
};

auto find_kubo(std::string repo) -> std::optional<kubo> {
  auto const* const binary = std::getenv("CAIRN_KUBO");
  if (binary && *binary && fs::exists(binary)) return kubo{binary, std::move(repo)};
  WARN("skipped: CAIRN_KUBO names no binary of Kubo");
  return std::nullopt;
}

}  // namespace

TEST_CASE("Kubo opens our flatfs repo: config, identity, blocks, keys, pins; and its gc keeps what we pinned") {
  auto const folder = temporary_folder{};
  auto const ipfs = find_kubo(folder / "r");
  if (!ipfs) return;
  REQUIRE(init_repo(ipfs->repo, new_config({"flatfs"})));
  auto const leaf = laws::block_of("leaf", 1), loose = laws::block_of("loose", 1), direct = laws::block_of("direct", 1), root = list_block({leaf.id()});
  {
    auto r = *repo::open(ipfs->repo);
    REQUIRE(r.blocks().put_many(std::vector<block_view>{leaf, loose, direct, root}));
    auto pins = *pinset::open(r.metadata());
    REQUIRE(pins.add({root.id(), pin_mode::recursive, "a name"}));
    REQUIRE(pins.add({direct.id(), pin_mode::direct, ""}));
    auto keys = *fs_keystore::open(r.keystore_folder());
    REQUIRE(keys.put("extra", *private_key::generate(key_type::ed25519)));
    REQUIRE(r.close());
  }
  CHECK((*ipfs)("config Identity.PeerID").out == known_identity().peer_id);
  CHECK((*ipfs)("id --offline -f '<id>'").out.find(known_identity().peer_id) != std::string::npos);
  CHECK((*ipfs)("cat " + to_string(leaf.id())).out == "leaf");
  CHECK((*ipfs)("key list").out == "self\nextra");
  CHECK(((*ipfs)("pin ls --names --type=recursive").out + "\n").find(to_string(root.id()) + " recursive a name\n") != std::string::npos);  // in any order
  CHECK((*ipfs)("pin ls --type=direct").out == to_string(direct.id()) + " direct");
  CHECK((*ipfs)("repo gc -q").out == to_string(loose.id()));
  CHECK((*ipfs)("repo verify").status == 0);
  CHECK((*ipfs)("pin rm " + to_string(root.id())).status == 0);
  CHECK((*ipfs)("pin add --name=theirs " + to_string(leaf.id())).status == 0);
  CHECK((*ipfs)("config --json Experimental.FilestoreEnabled true").status == 0);
  auto r = *repo::open(ipfs->repo);
  CHECK(*find_config(r.config(), "Experimental.FilestoreEnabled")->as_boolean());
  auto pins = *pinset::open(r.metadata());
  CHECK_FALSE(*pins.find(root.id()));
  REQUIRE(*pins.find(leaf.id()));
  CHECK((*pins.find(leaf.id()))->name == "theirs");
  // Kubo's own MFS root and what is below it stay
  REQUIRE(read_files_root(r.metadata()));
  auto removed = std::vector<multihash>{};
  auto options = gc_options{};
  options.removed = [&](cid const& id) { removed.push_back(id.hash()); };
  REQUIRE(collect_garbage(r, options));
  for (auto const& h : removed) UNSCOPED_INFO("removed " << to_string(cid::v1(code::raw, h)) << " " << to_hex(bytes_view{h.digest()}));
  CHECK(std::count(removed.begin(), removed.end(), root.id().hash()) == 1);
  CHECK(removed.size() == 1);
  CHECK(*r.blocks().has(leaf.id()));
  CHECK(*r.blocks().has(direct.id()));
  CHECK_FALSE(*r.blocks().has(root.id()));
  REQUIRE(r.close());
  CHECK((*ipfs)("pin verify").status == 0);
  CHECK((*ipfs)("files ls /").status == 0);
}

TEST_CASE("we open Kubo's repo: config, spec, blocks, pins, keys; and Kubo opens it afterwards") {
  auto const folder = temporary_folder{};
  auto const ipfs = find_kubo(folder / "r");
  if (!ipfs) return;
  for (auto profile : {"test", "test,flatfs-measure"}) {
    fs::remove_all(ipfs->repo);
    REQUIRE((*ipfs)(std::string{"init --profile="} + profile).status == 0);
    write_text(folder / "file", std::string(700'000, 'x') + "end");
    auto const added = (*ipfs)("add -Q --progress=false " + folder / "file").out;
    CHECK((*ipfs)("key gen extra").status == 0);
    auto const before = text_of(ipfs->repo + "/config");
    {
      auto r = repo::open(ipfs->repo);
      REQUIRE(r);
      CHECK(r->spec().engine == block_engine::flatfs);
      auto const root = *parse_cid(added);
      CHECK(r->blocks().get(root));
      auto pins = *pinset::open(r->metadata());
      REQUIRE(*pins.find(root));
      CHECK((*pins.find(root))->mode == pin_mode::recursive);
      CHECK(read_identity(r->config()));
      CHECK(fs_keystore::open(r->keystore_folder())->get("extra"));
      CHECK(r->blocks().verify({})->damaged == 0);
      auto const report = collect_garbage(*r);
      REQUIRE(report);
      CHECK(*r->blocks().has(root));
      REQUIRE(pins.add({laws::block_of("", 1).id(), pin_mode::recursive, "ours"}));
      REQUIRE(r->blocks().put(laws::block_of("", 1)));
      // reading and writing a config changes no meaning: Kubo's map of it is the same
      REQUIRE(r->save_config(r->config()));
    }
    CHECK((*ipfs)("cat " + added).out == std::string(700'000, 'x') + "end");
    CHECK((*ipfs)("pin ls --names --type=recursive").out.find("ours") != std::string::npos);
    CHECK((*ipfs)("pin verify").status == 0);
    auto const after = text_of(ipfs->repo + "/config");
    CHECK(after == before);
  }
}

TEST_CASE("a converted repo opens in Kubo") {
  auto const folder = temporary_folder{};
  auto const ipfs = find_kubo(folder / "r");
  if (!ipfs) return;
  REQUIRE(init_repo(ipfs->repo, new_config()));
  auto const b = laws::block_of("content", 1);
  {
    auto r = *repo::open(ipfs->repo);
    REQUIRE(r.blocks().put(b));
    REQUIRE(r.close());
  }
  CHECK((*ipfs)("cat " + to_string(b.id())).status != 0);
  REQUIRE(convert_repo(ipfs->repo, block_engine::flatfs));
  CHECK((*ipfs)("cat " + to_string(b.id())).out == "content");
  CHECK((*ipfs)("repo verify").status == 0);
  REQUIRE(convert_repo(ipfs->repo, block_engine::packs));
  CHECK(repo::open(ipfs->repo)->blocks().get(b.id()));
}

TEST_CASE("Kubo and we respect each other's lock") {
  auto const folder = temporary_folder{};
  auto const ipfs = find_kubo(folder / "r");
  if (!ipfs) return;
  REQUIRE(init_repo(ipfs->repo, new_config({"flatfs"})));
  auto r = *repo::open(ipfs->repo);
  auto const refused = (*ipfs)("repo stat");
  CHECK(refused.status != 0);
  CHECK(refused.out.find("someone else has the lock") != std::string::npos);
  REQUIRE(r.close());
  CHECK((*ipfs)("repo stat").status == 0);
}
