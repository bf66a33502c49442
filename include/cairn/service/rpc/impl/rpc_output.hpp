#pragma once
// What a handler emits, as an HTTP answer: Kubo's, or frames for this program's command line.

#include <cairn/core/try.hpp>
#include <cairn/service/output.hpp>
#include <cairn/service/rpc/answer_shape.hpp>
#include <cairn/service/rpc/frames.hpp>
#include <cairn/service/rpc/impl/rpc_request.hpp>
#include <cairn/service/rpc/rules.hpp>
#include <cairn/service/version.hpp>

namespace cairn::service::rpc::detail {

inline constexpr auto exposed = std::string_view{"X-Stream-Output, X-Chunked-Output, X-Content-Length"};

// The fields of every answer of a command, in the order of their names, as Go writes them.
inline auto answer_fields(http::request const& asked, access_rules const& rules, std::string_view media_type, answer_shape::kind kind,
                          std::optional<std::uint64_t> size) -> http::headers {
  auto h = http::headers{};
  auto const origin = asked.fields.find("Origin").value_or("");
  if (!origin.empty() && rules.credentials) h.add("Access-Control-Allow-Credentials", "true");
  h.add("Access-Control-Allow-Headers", exposed);
  if (!origin.empty()) h.add("Access-Control-Allow-Origin", rules.allows_origin("*") && !rules.credentials ? "*" : origin);
  h.add("Access-Control-Expose-Headers", exposed);
  h.add("Content-Type", media_type);
  h.add("Server", "kubo/" + std::string{kubo_version});
  h.add("Trailer", "X-Stream-Error");
  h.add("Vary", "Origin");
  if (kind == answer_shape::kind::many) h.add("X-Chunked-Output", "1");
  if (size) h.add("X-Content-Length", std::to_string(*size));
  if (kind == answer_shape::kind::octets) h.add("X-Stream-Output", "1");
  for (auto const& [name, value] : rules.fields) h.set(name, value);
  return h;
}

class rpc_output final : public output {
public:
  /// xml       the values come as XML, an error as JSON
  rpc_output(http::exchange& with, access_rules const& rules, answer_shape shape, encoding form, bool xml)
      : output{form, shape.type == answer_shape::kind::many}, with_{with}, rules_{rules}, shape_{shape}, xml_{xml} {}

  void content(std::string_view media_type, std::optional<std::uint64_t> size) override {
    if (!media_type.empty()) shape_.media_type = media_type;
    size_ = size;
  }
  void complain(std::string_view) override {}
  auto tells_progress() const -> bool override { return form() == encoding::json; }
  auto begin() -> io_result<void> override {
    CAIRN_TRY(flush());
    CAIRN_TRY(begin(200));
    return with_.flush();
  }

  // The end of the answer, with what became of it.
  auto end(io_result<void> done, bool timed_out) -> io_result<void> {
    if (done) done = flush();
    auto why = std::string{};
    if (!done) why = timed_out ? "context deadline exceeded" : to_string(done.error());
    if (done) {
      // as Kubo: nothing at all is a stream without values
      if (!with_.begun() && shape_.type == answer_shape::kind::one) shape_.type = answer_shape::kind::many;
      CAIRN_TRY(begin(200));
      return with_.finish({});
    }
    if (!with_.begun()) {
      shape_ = {};
      auto const askers_fault = done.error().module() == "client";
      CAIRN_TRY(begin(askers_fault ? 400 : 500));
      auto body = std::string{};
      if (form() == encoding::text) {
        body = why;
      } else {
        auto json = json_writer{body};
        json.object([&] {
          json.key("Message").value(why);
          json.key("Code").value(askers_fault ? 1 : 0);
          json.key("Type").value("error");
        });
      }
      if (form() == encoding::json) body += '\n';
      CAIRN_TRY(with_.write(as_bytes(body)));
      return with_.finish({});
    }
    auto trailers = http::headers{};
    trailers.add("X-Stream-Error", why);
    return with_.finish(trailers);
  }

private:
  auto begin(unsigned status) -> io_result<void> {
    if (with_.begun()) return {};
    auto type = shape_.media_type;
    if (shape_.type != answer_shape::kind::octets) type = form() == encoding::text ? "text/plain" : xml_ && status == 200 ? "application/xml" : "application/json";
    return with_.begin({.status = status, .fields = answer_fields(with_.head(), rules_, type, shape_.type, size_), .length = {}});
  }

  auto write(bytes_view in) -> io_result<void> override {
    CAIRN_TRY(begin(200));
    CAIRN_TRY(with_.write(in));
    // values reach the client while it waits for more; many that come at once travel together
    auto const now = now_nanoseconds(CLOCK_MONOTONIC_COARSE);
    if (now - flushed_ < 20'000'000) return {};
    flushed_ = now;
    return shape_.type == answer_shape::kind::many ? with_.flush() : io_result<void>{};
  }

  http::exchange& with_;
  access_rules const& rules_;
  answer_shape shape_;
  bool xml_ = false;
  std::optional<std::uint64_t> size_;
  std::int64_t flushed_ = 0;
};

// For this program's command line: the handler sees the terminal of the caller.
class frame_output final : public output {
public:
  frame_output(http::exchange& with, access_rules const& rules, encoding form, std::string_view terminal)
      : output{form, terminal.find("answer") != std::string_view::npos}, with_{with}, rules_{rules},
        answer_terminal_{terminal.find("answer") != std::string_view::npos}, messages_terminal_{terminal.find("messages") != std::string_view::npos} {}

  void complain(std::string_view line) override {
    static_cast<void>(flush());
    static_cast<void>(send(frame_kind::complaint, as_bytes(line)));
  }
  auto begin() -> io_result<void> override {
    CAIRN_TRY(flush());
    CAIRN_TRY(send(frame_kind::answer, {}));
    return with_.flush();
  }
  void progress(std::uint64_t done, std::uint64_t total) override {
    auto const now = now_nanoseconds(CLOCK_MONOTONIC_COARSE);
    if (now - shown_ < 100'000'000) return;
    shown_ = now;
    static_cast<void>(send(frame_kind::progress, as_bytes(std::to_string(done) + " " + std::to_string(total))));
    static_cast<void>(with_.flush());
  }
  void progress_end() override {
    if (std::exchange(shown_, 0) != 0) static_cast<void>(send(frame_kind::progress_end, {}));
  }
  auto answer_on_terminal() const -> bool override { return answer_terminal_; }
  auto messages_on_terminal() const -> bool override { return messages_terminal_; }

  auto end(io_result<void> done, bool timed_out) -> io_result<void> {
    progress_end();
    auto flushed = flush();
    if (done && !flushed) done = std::move(flushed);
    auto const why = done ? std::string{} : timed_out ? "context deadline exceeded" : to_string(done.error());
    CAIRN_TRY(send(done ? frame_kind::done : frame_kind::failed, as_bytes(why)));
    return with_.finish({});
  }

private:
  auto write(bytes_view in) -> io_result<void> override {
    while (!in.empty()) {
      auto const piece = in.first(std::min(in.size(), std::size_t{4} << 20));
      in = in.subspan(piece.size());
      CAIRN_TRY(send(frame_kind::answer, piece));
    }
    auto const now = now_nanoseconds(CLOCK_MONOTONIC_COARSE);
    if (now - flushed_ < 20'000'000) return {};
    flushed_ = now;
    return with_.flush();
  }
  auto send(frame_kind kind, bytes_view content) -> io_result<void> {
    if (!with_.begun()) {
      auto h = answer_fields(with_.head(), rules_, frames_type, answer_shape::kind::one, {});
      CAIRN_TRY(with_.begin({.status = 200, .fields = std::move(h), .length = {}}));
    }
    auto head = std::string{};
    append_frame_head(head, kind, content.size());
    CAIRN_TRY(with_.write(as_bytes(head)));
    return with_.write(content);
  }

  http::exchange& with_;
  access_rules const& rules_;
  std::int64_t shown_ = 0, flushed_ = 0;
  bool answer_terminal_, messages_terminal_;
};

}  // namespace cairn::service::rpc::detail
