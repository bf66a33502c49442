#pragma once
// What a node sends for `get`, on its way to this machine.

#include <cairn/service/cli/impl/untar.hpp>
#include <cairn/service/go_text.hpp>
#include <cairn/service/impl/archive_file.hpp>
#include <cairn/service/impl/get_plan.hpp>
#include <cairn/service/output.hpp>

#include <memory>

namespace cairn::service::cli::detail {

class get_target {
public:
  static auto open(request& in, output& out) -> io_result<std::unique_ptr<get_target>> {
    if (in.arguments.empty()) return std::unexpected(error::message("get", "argument \"ipfs-path\" is required"));
    CAIRN_TRY(auto plan, service::detail::get_plan_of(in, in.arguments[0]));
    return std::make_unique<get_target>(std::move(plan), out, service::detail::wants_progress(in, out.messages_on_terminal()));
  }
  get_target(service::detail::get_plan plan, output& out, bool show) : plan_{std::move(plan)}, out_{out}, show_{show} {}

  // nothing is made before the node has found what was asked for
  auto write(bytes_view in) -> io_result<void> {
    CAIRN_TRY(begin());
    if (tree_) return tree_->write(in);
    wrote(in.size());
    return file_->write(in);
  }
  auto finish() -> io_result<void> {
    CAIRN_TRY(begin());
    return tree_ ? tree_->finish() : file_->finish();
  }

private:
  auto begin() -> io_result<void> {
    if (tree_ || file_) return {};
    auto const shown = out_.answer_on_terminal() ? escaped_name(plan_.target) : plan_.target;
    if (plan_.plain()) {
      CAIRN_TRY(out_.text("Saving file(s) to " + shown + "\n"));
      tree_ = std::make_unique<untar>(plan_.target, plan_.name, [this](std::uint64_t n) { wrote(n); });
      return {};
    }
    file_ = std::make_unique<service::detail::archive_file>(plan_.target);
    CAIRN_TRY(file_->open());
    return out_.text("Saving archive to " + shown + "\n");
  }
  void wrote(std::uint64_t n) {
    done_ += n;
    if (show_) out_.progress(done_, 0);
  }

  service::detail::get_plan plan_;
  output& out_;
  std::unique_ptr<untar> tree_;
  std::unique_ptr<service::detail::archive_file> file_;
  std::uint64_t done_ = 0;
  bool show_;
};

}  // namespace cairn::service::cli::detail
