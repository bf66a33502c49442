#pragma once
// The file _redirects of a site: where a path leads that is not there.

#include <cairn/asio/http/url.hpp>
#include <cairn/core/error.hpp>
#include <cairn/core/text.hpp>
#include <cairn/service/go_text.hpp>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::service::gateway::detail {

inline constexpr std::size_t redirects_file_max = 64 * 1024;  // specs.ipfs.tech web-redirects-file, "Max File Size"

struct redirect_rule {
  std::string from, to;
  unsigned status = 301;
};

/// errors    a line that is no rule, in Kubo's words
/// spec      specs.ipfs.tech web-redirects-file
inline auto parse_redirects(std::string_view text) -> io_result<std::vector<redirect_rule>> {
  constexpr std::string_view blanks = " \t\r\v\f";
  auto const bad = [](std::string why) { return std::unexpected(error::message("gateway", "could not parse _redirects: " + std::move(why))); };
  auto out = std::vector<redirect_rule>{};
  while (!text.empty()) {
    auto const end = text.find('\n');
    auto line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    auto words = std::vector<std::string_view>{};
    for (auto begin = line.find_first_not_of(blanks); begin != line.npos; begin = line.find_first_not_of(blanks)) {
      line.remove_prefix(begin);
      auto const stop = std::min(line.find_first_of(blanks), line.size());
      words.push_back(line.substr(0, stop));
      line.remove_prefix(stop);
    }
    if (words.empty() || words[0].starts_with('#')) continue;
    if (words.size() < 2) return bad("missing 'to' path");
    if (words.size() > 3) return bad("must match format 'from to [status]'");
    auto rule = redirect_rule{std::string{words[0]}, std::string{words[1]}};
    if (auto const stars = std::count(rule.from.begin(), rule.from.end(), '*'); stars != 0) {
      if (!rule.from.ends_with('*')) return bad("parsing 'from': path must end with asterisk");
      if (stars > 1) return bad("parsing 'from': path can have at most one asterisk");
    }
    if (!rule.from.starts_with('/')) return bad("parsing 'from': path must begin with '/'");
    auto const scheme = std::string_view{rule.to}.substr(0, rule.to.find(':'));
    if (!rule.to.starts_with('/') && (scheme.size() == rule.to.size() || (scheme != "http" && scheme != "https" && scheme != "ipfs" && scheme != "ipns")))
      return bad("parsing 'to': invalid URL scheme");
    if (words.size() == 3) {
      auto const& code = words[2];
      auto const bad_status = [&](std::string why) { return bad("parsing status " + go_quoted(code) + ": " + std::move(why)); };
      if (code.ends_with('!')) return bad_status("forced redirects (or \"shadowing\") are not supported");
      auto const [at, why] = std::from_chars(code.data(), code.data() + code.size(), rule.status);
      if (why != std::errc{} || at != code.data() + code.size()) return bad_status("strconv.Atoi: parsing " + go_quoted(code) + ": invalid syntax");
      constexpr unsigned known[]{200, 301, 302, 303, 307, 308, 404, 410, 451};
      if (std::find(std::begin(known), std::end(known), rule.status) == std::end(known)) return bad_status("status code " + std::to_string(rule.status) + " is not supported");
    }
    out.push_back(std::move(rule));
  }
  return out;
}

/// What a placeholder stands for comes from the address: only its slashes stay, and none of them begins another host.
inline void append_encoded(std::string& out, std::string_view value) {
  while (!value.empty()) {
    auto const slash = value.find('/');
    out += http::percent_encoded(value.substr(0, slash));
    if (slash == std::string_view::npos) return;
    value.remove_prefix(slash + 1);
    if (!out.ends_with('/')) out += '/';
  }
}

/// The place that a rule gives for a path, its placeholders and splat filled in; nothing where the rule is for others.
inline auto match_redirect(redirect_rule const& rule, std::string_view path) -> std::optional<std::string> {
  auto names = std::vector<std::pair<std::string_view, std::string_view>>{};
  auto pattern = std::string_view{rule.from};
  auto const trim = [](std::string_view t) { return t.size() > 1 && t.ends_with('/') ? t.substr(0, t.size() - 1) : t; };
  pattern = trim(pattern);
  auto rest = trim(path);
  while (!pattern.empty()) {
    if (pattern == "/*") {
      if (rest.empty()) return std::nullopt;
      names.emplace_back("splat", rest.starts_with('/') ? rest.substr(1) : rest);
      rest = {};
      pattern = {};
      break;
    }
    if (rest.empty()) return std::nullopt;
    pattern.remove_prefix(1);
    rest.remove_prefix(1);
    auto const want = pattern.substr(0, pattern.find('/'));
    auto const have = rest.substr(0, rest.find('/'));
    if (want.starts_with(':') && want.size() > 1 && !have.empty()) names.emplace_back(want.substr(1), have);
    else if (want.ends_with('*') && have.starts_with(want.substr(0, want.size() - 1))) {
      names.emplace_back("splat", rest.substr(want.size() - 1));
      rest = {};
      pattern = {};
      break;
    } else if (want != have) return std::nullopt;
    pattern.remove_prefix(want.size());
    rest.remove_prefix(have.size());
  }
  if (!rest.empty()) return std::nullopt;
  // of two placeholders of one name the last counts; without a splat that is nothing
  std::reverse(names.begin(), names.end());
  names.emplace_back("splat", std::string_view{});
  auto out = std::string{};
  auto to = std::string_view{rule.to};
  while (!to.empty()) {
    auto filled = false;
    if (to.front() == ':')
      for (auto const& [name, value] : names)
        if (to.substr(1).starts_with(name) && (to.size() == name.size() + 1 || to.find_first_of("/?#&.:", 1) == name.size() + 1)) {
          append_encoded(out, value);
          to.remove_prefix(name.size() + 1);
          filled = true;
          break;
        }
    if (!filled) {
      out += to.front();
      to.remove_prefix(1);
    }
  }
  return out;
}

}  // namespace cairn::service::gateway::detail
