#pragma once
// The core API's export to files and archives.

#include <cairn/core/try.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/impl/core_state.hpp>
#include <cairn/unixfs/get_tree.hpp>
#include <cairn/unixfs/gzip_sink.hpp>
#include <cairn/unixfs/tar_writer.hpp>

namespace cairn::service {
namespace detail {

class get_relay final : public get_listener {
public:
  get_relay(core_state const& state, std::function<void(std::uint64_t)> const& sink) : state_{state}, sink_{sink} {}
  void wrote(std::uint64_t n) override {
    if (sink_) sink_(n);
  }
  auto pace() -> write_pace* override { return &state_.node->pace; }
  auto budget() -> read_ahead_budget* override { return &state_.node->ahead; }
  auto stopped() -> bool override { return state_.options.cancelled && state_.options.cancelled(); }

private:
  core_state const& state_;
  std::function<void(std::uint64_t)> const& sink_;
};

inline auto get_error(error e) -> error {
  if (e == get_errc::stopped) return error::message("core", "canceled");
  return offline_error_of(std::move(e));
}

struct sink_of_function {
  byte_sink const& sink;
  auto write(bytes_view in) -> io_result<void> { return sink(in); }
};

}  // namespace detail

CAIRN_DECL auto core_api::get(path_like const& path, std::string const& to, std::string const& name, std::function<void(std::uint64_t)> const& wrote)
    -> io_result<void> {
  CAIRN_TRY(auto at, resolve(path));
  if (!at.remainder.empty()) return std::unexpected(error::message("files", "unknown node type"));
  auto relay = detail::get_relay{*state_, wrote};
  CAIRN_TRY(auto const rules, state_->node->denylists.current(state_->opened().folder()));
  auto screened = detail::screened_blocks{state_->reading(), rules};
  auto done = get_tree(rules->empty() ? state_->reading() : blockstore_ref{screened}, at.id, to, name, &relay);
  if (!done) return std::unexpected(detail::get_error(std::move(done).error()));
  return {};
}

CAIRN_DECL auto core_api::archive(path_like const& path, std::string const& name, archive_options const& options, byte_sink const& sink) -> io_result<void> {
  CAIRN_TRY(auto at, resolve(path));
  if (!at.remainder.empty()) return std::unexpected(error::message("files", "unknown node type"));
  auto const nobody = std::function<void(std::uint64_t)>{};
  auto relay = detail::get_relay{*state_, nobody};
  auto out = detail::sink_of_function{sink};
  CAIRN_TRY(auto const rules, state_->node->denylists.current(state_->opened().folder()));
  auto screened = detail::screened_blocks{state_->reading(), rules};
  auto const write = [&](sink_ref to) -> io_result<void> {
    if (!options.tar) {
      // a single file is compressed as it is; nothing else has such a form
      CAIRN_TRY(auto file, open_content(path));
      return file->read(0, file->size(), [&](bytes_view piece) { return to.write(piece); });
    }
    auto done = write_tar(rules->empty() ? state_->reading() : blockstore_ref{screened}, at.id, name, to, {options.now, 0}, &relay);
    if (!done) return std::unexpected(detail::get_error(std::move(done).error()));
    return {};
  };
  if (!options.gzip) return write(out);
  auto packed = gzip_sink{out, *options.gzip};
  CAIRN_TRY(write(packed));
  return packed.finish();
}

}  // namespace cairn::service
