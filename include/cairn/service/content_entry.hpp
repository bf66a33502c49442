#pragma once

#include <cairn/service/core_types.hpp>

#include <memory>

namespace cairn::service {

/// What a path leads to, opened for whoever shows it: a gateway, a file system.
struct content_entry {
  enum class kind : byte {
    file,       ///< UnixFS File or Raw, or a raw block
    directory,  ///< UnixFS Directory, flat or sharded
    symlink,
    node,       ///< of another codec, or dag-pb that is no UnixFS
  };

  std::vector<cid> roots;  ///< the path's root, then where each further segment led to another block
  cid id;                  ///< the last of them
  kind type = kind::node;
  std::uint64_t size = 0;  ///< of a file's or symlink's content; else of the block
  std::optional<std::int64_t> mtime{};
  std::vector<std::string> remainder{};       ///< of the path, inside the block
  std::unique_ptr<content_reader> content{};  ///< of files and symlinks
};

/// Which blocks below a path's end a CAR has (IPIP-402), and how (IPIP-412).
struct car_request {
  enum class scope : byte { all, entity, block };
  struct range {
    std::int64_t from = 0;             ///< negative: from the end
    std::optional<std::int64_t> to{};  ///< the last octet, included; negative: from the end
  };
  scope which = scope::all;
  std::optional<range> octets{};  ///< of a file, with scope entity
  bool duplicates = false;        ///< a block each time it is met
};

}  // namespace cairn::service
