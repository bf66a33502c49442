#pragma once

#include <cairn/block.hpp>
#include <cairn/core/config.hpp>
#include <cairn/core/limits.hpp>
#include <cairn/ipld/path.hpp>
#include <cairn/multiformats/cid.hpp>
#include <cairn/naming/name_resolution.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What goes into the core API and what comes out of it.
namespace cairn::service {

class input_source;

/// What a caller may name content by: a CID, a text (path, URI, CID), a path. A text is read once, here; a CID needs no
/// reading and no resolver.
class path_like {
public:
  path_like(cid const& id) : path_{content_path{immutable_path{id}}} {}
  path_like(immutable_path path) : path_{content_path{std::move(path)}} {}
  path_like(content_path path) : path_{std::move(path)} {}
  path_like(std::string_view text) : path_{parse(text)} {}
  path_like(std::string const& text) : path_like{std::string_view{text}} {}
  path_like(char const* text) : path_like{std::string_view{text}} {}

  /// errors    those of parse_path_argument, with the text
  auto path() const -> io_result<content_path> const& { return path_; }

private:
  CAIRN_DECL static auto parse(std::string_view text) -> io_result<content_path>;
  io_result<content_path> path_;
};

/// Where a path ends: a block, and what of the path is left inside it.
struct resolved_path {
  cid id;
  std::vector<std::string> remainder{};
  path_namespace ns = path_namespace::ipfs;
};

struct block_facts {
  cid id;
  std::uint64_t size = 0;
};

/// Pieces of content in order; an error ends the work.
using byte_sink = std::function<io_result<void>(bytes_view)>;

/// One link of a directory or of a file's tree, as `ls` shows it.
struct directory_link {
  enum class kind : byte { unknown, file, directory, symlink };

  std::string name;
  cid id;
  std::uint64_t size = 0;
  kind type = kind::unknown;
  std::string target{};              ///< of a symlink
  std::uint32_t mode = 0;            ///< POSIX's twelve bits; 0: not known
  std::optional<std::int64_t> mtime{};
};

struct ls_options {
  bool resolve_children = true;  ///< open each entry to learn its type and size
};
using directory_sink = std::function<io_result<void>(directory_link const&)>;

/// The content of a file, opened: nothing is read but what is asked for.
class content_reader {
public:
  virtual ~content_reader() = default;
  virtual auto size() const -> std::uint64_t = 0;
  virtual auto read(std::uint64_t offset, std::uint64_t length, byte_sink const& sink) -> io_result<void> = 0;
};

struct refs_options {
  bool unique = false;
  int max_depth = 1;  ///< -1: no end
};
/// One edge of a walk; `name` is that of the link, empty where the codec has none.
using edge_sink = std::function<io_result<void>(cid const& from, cid const& to, std::string_view name)>;

/// A walk over edges that remembers what it has shown, over several roots.
class edge_walk {
public:
  virtual ~edge_walk() = default;
  virtual auto from(cid const& root, edge_sink const& sink) -> io_result<void> = 0;
};

struct dag_put_request {
  std::uint64_t input_codec = code::dag_json;
  cid_prefix prefix{.codec = code::dag_cbor};
  bool pin = false, allow_big = false;
  bool is_stored = true;  ///< false: only its CID is made
};

struct dag_facts {
  cid root;
  std::uint64_t blocks = 0, size = 0;
};
struct dag_sum {
  std::vector<dag_facts> roots;
  std::uint64_t unique_blocks = 0, total_size = 0, shared_size = 0;
  float ratio = 0;
};

struct car_import_facts {
  std::vector<cid> roots;  ///< each once
  std::uint64_t blocks = 0, bytes = 0;
  bool whole = true;  ///< whatever the blocks link to was among them, and so were the roots
};

struct pin_facts {
  cid id;
  std::string mode;             ///< "recursive", "direct", "indirect"
  std::string name{};
  std::optional<cid> through{};  ///< the recursive pin above an indirect one
};
enum class pin_kinds : byte { all, recursive, direct, indirect };
using pin_sink = std::function<io_result<void>(pin_facts const&)>;

struct pin_fault {
  cid id;
  std::string why;
};
using pin_check_sink = std::function<io_result<void>(cid const& root, std::vector<pin_fault> const& faults)>;

/// What an import asks for; what is unset comes from the config's section Import.
struct add_request {
  struct item {
    std::string name;                ///< its name in events and in the wrapping directory
    std::string path;                ///< of this machine
    input_source* stream = nullptr;  ///< in place of a path
  };
  std::vector<item> items;
  std::optional<std::int64_t> cid_version{}, max_file_links{}, max_directory_links{}, max_hamt_fanout{}, inline_limit{};
  std::optional<bool> raw_leaves{}, trickle{};
  std::string hash{}, chunker{};
  bool wrap = false, only_hash = false, pin = true;
  bool no_copy = false;   ///< leave the content where it is: the filestore
  bool fs_cache = false;  ///< store no block that a file of the filestore has
  std::string pin_name{};
  bool hidden = false, empty_dirs = true, dereference = false, dereference_args = false;
  bool preserve_mode = false, preserve_mtime = false;
  std::uint32_t mode = 0;
  std::int64_t mtime = 0;
  std::uint32_t mtime_nanos = 0;
  std::vector<std::string> ignore{};  ///< rules as in .gitignore, tried on each last name
};

/// A file, folder or symlink of an upload.
struct upload_entry {
  enum class kind : byte { file, directory, symlink };

  std::string path;  ///< "a/b/c": no empty part, no "." or "..", no slash at the ends; empty: a file without a name
  kind type = kind::file;
  std::uint32_t mode = 0;  ///< twelve permission bits; 0: not told
  std::string mode_text{};  ///< as it was told: "0644"
  std::optional<std::pair<std::int64_t, std::uint32_t>> mtime{};
  std::string absolute{};  ///< where it stands on the sender's machine, where that is told
};

/// Files and folders that come one after the other, in any order, as a client sends them.
class upload_source {
public:
  virtual ~upload_source() = default;
  /// The next entry; what is left of the current one is skipped. Nothing behind the last one.
  virtual auto next() -> io_result<std::optional<upload_entry>> = 0;
  /// The latest entry that stands in no folder: answers repeat its mode and time.
  virtual auto top() const -> upload_entry const& = 0;
  /// Octets of the current entry: a file's content, a symlink's target; 0 at the end.
  virtual auto read(bytes_span into) -> io_result<std::size_t> = 0;
};

/// What an import tells.
class add_events {
public:
  virtual ~add_events() = default;
  virtual void added(std::string_view name, cid const& id, std::uint64_t dag_size) = 0;
  virtual void progress(std::string_view /*name*/, std::uint64_t /*bytes*/) {}
};

/// A block that lies in a file, and how it is with it.
struct filestore_entry {
  enum class state : byte { ok, unreadable, no_file, changed, other, missing };

  cid id;
  std::string path{};
  std::uint64_t offset = 0, size = 0;
  state status = state::ok;
  std::string why{};  ///< of what is not ok
};
using filestore_sink = std::function<io_result<void>(filestore_entry const&)>;

struct archive_options {
  bool tar = false;          ///< false: the content of a single file, not wrapped
  std::optional<int> gzip{}; ///< level 1 .. 9, -1 for the usual
  std::int64_t now = 0;      ///< the time of entries that have none, seconds since 1970
};

struct repo_facts {
  std::uint64_t blocks = 0, size = 0, storage_max = 0;
  std::string path{}, version{};
};

/// One block that `repo verify` found damaged; without a CID where it can no longer be told.
struct block_damage {
  std::optional<cid> id;
  std::string why;
  bool removed = false;
  std::string remove_error{};
};
struct verify_sum {
  std::uint64_t blocks = 0, damaged = 0, removed = 0, not_removed = 0;
};
using damage_sink = std::function<io_result<void>(block_damage const&)>;

struct key_facts {
  std::string name;
  cid id;  ///< the peer ID as a CIDv1 with the codec libp2p-key
};
/// What `object patch` asks for: a link by the names that lead to it, set or removed.
struct object_patch_request {
  std::string path;
  std::optional<cid> child{};    ///< none: remove the link
  bool create = false;           ///< folders on the way that are missing
  bool any_node = false;         ///< the root may be something else than a directory in one block
  std::uint64_t limit = limits::block;  ///< of each new block, in octets
};

/// One difference of `object diff`: changed, removed (no `after`), or added (no `before`).
struct object_change {
  std::string path;
  std::optional<cid> before, after;
};

/// What `name publish` asks for.
struct publish_request {
  std::string key = "self";  ///< the name of a key, or its IPNS name in any text
  std::int64_t lifetime = 48ll * 3600 * 1'000'000'000;  ///< nanoseconds
  std::int64_t ttl = 300'000'000'000;                   ///< nanoseconds
  std::optional<std::uint64_t> sequence{};
  bool v1_compatible = true;
  bool check = true;  ///< the path is resolved first
  bool offline = true;  ///< also where no other peer can hear of it
};
struct published_name {
  cid name;           ///< as in key_facts
  std::string value;  ///< the path
};

enum class key_format : byte { libp2p_protobuf, pem_pkcs8 };

struct identity_facts {
  cid id;                  ///< as in key_facts
  std::string public_key;  ///< base64 of its protobuf
};

}  // namespace cairn::service

#if CAIRN_HEADER_ONLY
#  include <cairn/service/impl/core_types.ipp>
#endif
