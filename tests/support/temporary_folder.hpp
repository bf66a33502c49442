#pragma once
// A folder that is gone with its owner.

#include <filesystem>
#include <string>

#include <stdlib.h>

namespace cairn::testing {

class temporary_folder {
public:
  temporary_folder() {
    auto name = (std::filesystem::temp_directory_path() / "cairn-test-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  temporary_folder(temporary_folder const&) = delete;
  ~temporary_folder() {
    auto ignored = std::error_code{};
    std::filesystem::remove_all(path_, ignored);
  }
  auto path() const -> std::filesystem::path const& { return path_; }
  auto operator/(std::string const& name) const -> std::string { return (path_ / name).string(); }

private:
  std::filesystem::path path_;
};

}  // namespace cairn::testing
