#pragma once

#include <cairn/core/bytes.hpp>
#include <cairn/core/error.hpp>
#include <cairn/service/json_writer.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace cairn::service {

enum class encoding : unsigned char { text, json };

/// Where a command's answer goes: the terminal of the command line, or a response of the RPC. Handlers emit values; the text
/// of a value and its JSON are written only when they are wanted.
class output {
public:
  virtual ~output() = default;
  output(output const&) = delete;
  auto operator=(output const&) -> output& = delete;

  auto form() const -> encoding { return form_; }

  /// One value: `text(std::string&)` appends its text with the line end, `json(json_writer&)` its JSON.
  template <class Text, class Json>
  auto emit(Text&& text, Json&& json) -> io_result<void> {
    if (form_ == encoding::json) {
      auto writer = json_writer{pending_};
      json(writer);
      pending_ += '\n';
    } else {
      text(pending_);
    }
    return pending_.size() >= flush_at_ ? flush() : io_result<void>{};
  }

  /// Text that has no JSON, as it is.
  auto text(std::string_view in) -> io_result<void> {
    pending_ += in;
    return pending_.size() >= flush_at_ ? flush() : io_result<void>{};
  }

  /// Octets of a file or a block. Large pieces are written as they are, without a copy.
  auto raw(bytes_view in) -> io_result<void> {
    if (in.size() < direct && pending_.size() + in.size() < direct) return text(as_text(in));
    if (auto done = flush(); !done) return done;
    return write(in);
  }

  /// Hand on what was gathered.
  auto flush() -> io_result<void> {
    if (pending_.empty()) return {};
    auto done = write(as_bytes(pending_));
    pending_.clear();
    return done;
  }

  /// Hand on what was gathered so far, and the head of the answer: the caller knows that it was heard.
  virtual auto begin() -> io_result<void> { return flush(); }

  /// What the octets of `raw` are and, where it is known, how many: an RPC says so before they come.
  virtual void content(std::string_view /*media_type*/, std::optional<std::uint64_t> /*size*/) {}

  /// A line beside the answer: an entry that failed while others go on. On the command line it goes to stderr.
  virtual void complain(std::string_view line) = 0;

  /// Whether values go to a program over HTTP, which wants to hear of progress as values too.
  virtual auto tells_progress() const -> bool { return false; }

  /// Progress for people: bytes done of `total` (0: unknown). Not every output shows it.
  virtual void progress(std::uint64_t /*done*/, std::uint64_t /*total*/) {}
  virtual void progress_end() {}

  /// Whether a person is looking at the answer, or at the messages beside it.
  virtual auto answer_on_terminal() const -> bool { return false; }
  virtual auto messages_on_terminal() const -> bool { return false; }

protected:
  explicit output(encoding form, bool at_once) : form_{form}, flush_at_{at_once ? 1 : direct} {}
  virtual auto write(bytes_view in) -> io_result<void> = 0;

private:
  static constexpr std::size_t direct = 64 * 1024;

  std::string pending_;
  encoding form_;
  std::size_t flush_at_;  // 1: after every value, for a person who waits
};

}  // namespace cairn::service
