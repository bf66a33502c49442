#pragma once
// Whether a text looks like JSON, lines of JSON, or a table: what a media type is told from where the name says nothing.

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace cairn::service::gateway::detail {

enum class json_shape : unsigned char { none, front, whole };

/// Whether a text is a JSON object or array, or begins as one and ends inside.
///
/// cost      O(text.size()); memory a character for each level of depth
class json_scan {
public:
  explicit json_scan(std::string_view text) : rest_{text} {}

  auto shape() -> json_shape {
    blanks();
    if (rest_.empty() || (rest_.front() != '{' && rest_.front() != '[')) return json_shape::none;
    do {
      if (!step()) return rest_.empty() ? json_shape::front : json_shape::none;
      blanks();
    } while (!open_.empty());
    return rest_.empty() ? json_shape::whole : json_shape::none;
  }

private:
  void blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size())); }
  auto take(char c) -> bool {
    blanks();
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // one value or one end of a nest, with what separates it from the next; false: not JSON, or the text's end
  auto step() -> bool {
    if (!open_.empty()) {
      auto const end = open_.back() == '{' ? '}' : ']';
      if (take(end)) {
        if (after_comma_) return rest_ = "x", false;
        open_.pop_back();
        return after_value();
      }
      if (open_.back() == '{' && !(text() && take(':'))) return false;
    }
    blanks();
    if (rest_.empty()) return false;
    after_comma_ = false;
    auto const c = rest_.front();
    if (c == '{' || c == '[') {
      open_ += c;
      rest_.remove_prefix(1);
      return true;
    }
    return (c == '"' ? text() : word()) && after_value();
  }
  auto after_value() -> bool {
    if (open_.empty()) return true;
    blanks();
    if (rest_.empty()) return false;
    if (rest_.front() == ',') {
      rest_.remove_prefix(1);
      after_comma_ = true;
      return true;
    }
    return rest_.front() == (open_.back() == '{' ? '}' : ']');
  }
  auto text() -> bool {
    if (!take('"')) return false;
    for (auto i = std::size_t{0}; i < rest_.size(); ++i) {
      if (rest_[i] == '\\') ++i;
      else if (rest_[i] == '"') {
        rest_.remove_prefix(i + 1);
        return true;
      }
    }
    rest_ = {};
    return false;
  }
  auto word() -> bool {
    auto const end = std::min(rest_.find_first_not_of("+-.0123456789Eaeflnrstu"), rest_.size());
    auto const w = rest_.substr(0, end);
    rest_.remove_prefix(end);
    if (rest_.empty()) return false;
    return w == "true" || w == "false" || w == "null" || (!w.empty() && w.find_first_not_of("+-.0123456789Ee") == std::string_view::npos && (w[0] == '-' || (w[0] >= '0' && w[0] <= '9')));
  }

  std::string_view rest_;
  std::string open_;
  bool after_comma_ = false;
};

/// Two lines or more, each a JSON object or array; the last one may be cut.
inline auto is_json_lines(std::string_view text) -> bool {
  auto lines = 0;
  while (!text.empty()) {
    auto const end = text.find('\n');
    auto const shape = json_scan{text.substr(0, end)}.shape();
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (shape == json_shape::none || (shape == json_shape::front && !text.empty())) return false;
    ++lines;
  }
  return lines > 1;
}

/// Two lines or more with the same number of fields, at least two; quotes as in RFC 4180, lines with # are comments.
inline auto is_table(std::string_view text, char separator, bool cut) -> bool {
  auto first = std::size_t{0}, lines = std::size_t{0};
  while (!text.empty()) {
    auto fields = std::size_t{1};
    auto quoted = false;
    auto i = std::size_t{0};
    for (; i < text.size() && (quoted || text[i] != '\n'); ++i) {
      if (text[i] == '"') quoted = !quoted;
      else if (!quoted && text[i] == separator) ++fields;
    }
    auto const line = text.substr(0, i);
    text = text.substr(std::min(i + 1, text.size()));
    if (line.empty() || line == "\r" || line.front() == '#') continue;
    if (lines == 0) first = fields;
    else if (fields != first && !(cut && text.empty() && fields < first)) return false;
    if (fields < 2 && lines == 0) return false;
    ++lines;
  }
  return lines > 1;
}

}  // namespace cairn::service::gateway::detail
