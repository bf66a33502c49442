#pragma once

#include <cairn/asio/http/multipart.hpp>
#include <cairn/core/try.hpp>

#include <algorithm>
#include <cstring>

namespace cairn::http {
namespace detail {

inline auto without_blanks(std::string_view text) -> std::string_view {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

inline auto same_text(std::string_view a, std::string_view b) -> bool {
  auto const lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace detail

CAIRN_DECL auto field_parameter(std::string_view value, std::string_view name) -> std::optional<std::string> {
  auto at = value.find(';');
  while (at != std::string_view::npos) {
    auto rest = value.substr(at + 1);
    auto const equals = rest.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    auto const found = detail::without_blanks(rest.substr(0, equals));
    rest = rest.substr(equals + 1);
    while (!rest.empty() && (rest.front() == ' ' || rest.front() == '\t')) rest.remove_prefix(1);
    auto text = std::string{};
    if (rest.starts_with('"')) {
      auto i = 1uz;
      for (; i < rest.size() && rest[i] != '"'; ++i) {
        // a backslash quotes only what needs it: browsers send the backslashes of file names as they are
        if (rest[i] == '\\' && i + 1 < rest.size() && (rest[i + 1] == '"' || rest[i + 1] == '\\')) ++i;
        text += rest[i];
      }
      if (i >= rest.size()) return std::nullopt;
      rest.remove_prefix(i + 1);
    } else {
      auto const end = rest.find(';');
      text = detail::without_blanks(rest.substr(0, end));
      rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end);
    }
    if (detail::same_text(found, name)) return text;
    auto const next = rest.find(';');
    if (next == std::string_view::npos) return std::nullopt;
    at = static_cast<std::size_t>(rest.data() - value.data()) + next;
  }
  return std::nullopt;
}

CAIRN_DECL auto multipart_boundary(std::string_view content_type) -> io_result<std::optional<std::string>> {
  auto const type = detail::without_blanks(content_type.substr(0, content_type.find(';')));
  if (!detail::same_text(type, "multipart/form-data")) return std::nullopt;
  auto boundary = field_parameter(content_type, "boundary");
  if (!boundary) return std::unexpected(multipart_errc::no_boundary);
  auto const good = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || std::string_view{"'()+_,-./:=? "}.find(c) != std::string_view::npos;
  };
  if (boundary->empty() || boundary->size() > 70 || boundary->back() == ' ' || !std::all_of(boundary->begin(), boundary->end(), good))
    return std::unexpected(multipart_errc::bad_boundary);
  return boundary;
}

CAIRN_DECL multipart_reader::multipart_reader(std::string_view boundary, source from)
    : from_{std::move(from)}, delimiter_{"\r\n--" + std::string{boundary}}, buffer_{"\r\n"} {}  // the first delimiter may stand at the very front

inline auto multipart_reader::fill() -> io_result<bool> {
  buffer_.erase(0, at_);
  at_ = 0;
  constexpr auto piece = 64uz * 1024;
  auto const before = buffer_.size();
  buffer_.resize(before + piece);
  auto n = from_({reinterpret_cast<byte*>(buffer_.data()) + before, piece});
  buffer_.resize(before + n.value_or(0));
  if (!n) return std::unexpected(std::move(n).error());
  return *n != 0;
}

// How many octets of content are certain ahead; 0: the delimiter stands here.
inline auto multipart_reader::content_ahead() -> io_result<std::size_t> {
  for (;;) {
    auto const ahead = rest();
    auto const* found = static_cast<char const*>(::memmem(ahead.data(), ahead.size(), delimiter_.data(), delimiter_.size()));
    if (found) return static_cast<std::size_t>(found - ahead.data());
    // the end of what is here may be the front of the delimiter
    auto keep = std::min(ahead.size(), delimiter_.size() - 1);
    while (keep != 0 && !std::string_view{delimiter_}.starts_with(ahead.substr(ahead.size() - keep))) --keep;
    if (ahead.size() > keep) return ahead.size() - keep;
    CAIRN_TRY(auto more, fill());
    if (!more) return std::unexpected(error{multipart_errc::truncated});
  }
}

CAIRN_DECL auto multipart_reader::read(bytes_span into) -> io_result<std::size_t> {
  if (place_ != place::content || into.empty()) return 0uz;
  CAIRN_TRY(auto certain, content_ahead());
  if (certain == 0) {
    place_ = place::delimiter;
    return 0uz;
  }
  auto const n = std::min(certain, into.size());
  std::memcpy(into.data(), buffer_.data() + at_, n);
  at_ += n;
  return n;
}

CAIRN_DECL auto multipart_reader::next() -> io_result<std::optional<headers>> {
  while (place_ == place::preamble || place_ == place::content) {
    CAIRN_TRY(auto certain, content_ahead());
    if (certain == 0) place_ = place::delimiter;
    else at_ += certain;
  }
  if (place_ == place::end) return std::nullopt;
  at_ += delimiter_.size();
  // two hyphens end it all; else blanks and a line end
  for (;;) {
    while (rest().size() < 2) {
      CAIRN_TRY(auto more, fill());
      if (!more) return std::unexpected(error{multipart_errc::truncated});
    }
    if (rest().starts_with("--")) {
      place_ = place::end;
      return std::nullopt;
    }
    if (rest().starts_with("\r\n")) break;
    if (rest().front() != ' ' && rest().front() != '\t') return std::unexpected(error{multipart_errc::bad_delimiter});
    ++at_;
  }
  // the line end stays: behind it the head may be empty, which is a line end again
  auto searched = 0uz;
  auto end = std::string_view::npos;
  while ((end = rest().find("\r\n\r\n", searched)) == std::string_view::npos) {
    if (rest().size() > 64 * 1024) return std::unexpected(error{multipart_errc::head_too_long});
    searched = rest().size() < 3 ? 0 : rest().size() - 3;
    CAIRN_TRY(auto more, fill());
    if (!more) return std::unexpected(error{multipart_errc::truncated});
  }
  if (end > 64 * 1024) return std::unexpected(error{multipart_errc::head_too_long});
  auto fields = headers{};
  for (auto head = rest().substr(0, end + 2).substr(2); !head.empty();) {
    auto const stop = head.find("\r\n");
    auto const line = head.substr(0, stop);
    head.remove_prefix(stop + 2);
    auto const colon = line.find(':');
    if (colon == 0 || colon == std::string_view::npos || fields.size() == 100)
      return std::unexpected(error{fields.size() == 100 ? multipart_errc::head_too_long : multipart_errc::bad_head});
    fields.add(detail::without_blanks(line.substr(0, colon)), detail::without_blanks(line.substr(colon + 1)));
  }
  // an empty part: its delimiter may begin with the line end of the head
  at_ += end + 2;
  at_ += 2;
  place_ = place::content;
  return fields;
}

}  // namespace cairn::http
