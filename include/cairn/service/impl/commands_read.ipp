#pragma once
// cat, ls, refs, resolve

#include <cairn/core/try.hpp>
#include <cairn/service/command.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/go_text.hpp>
#include <cairn/service/impl/handler.hpp>
#include <cairn/service/output.hpp>
#include <cairn/service/request.hpp>

#include <algorithm>
#include <charconv>
#include <ctime>
#include <span>

namespace cairn::service::detail {

inline auto run_cat(request& in, output& out) -> io_result<void> {
  auto offset = in.number("offset").value_or(0);
  if (offset < 0) return fail("cannot specify negative offset");
  auto const length = in.number("length");
  if (length && *length < 0) return fail("cannot specify negative length");
  CAIRN_TRY(auto paths, in.all_arguments());
  if (paths.empty()) return fail("argument \"ipfs-path\" is required");
  if (length == 0) {
    out.content({}, 0);
    return {};
  }
  CAIRN_TRY(auto* api, in.api());
  // every file is opened before the first byte is written: what is missing is known at once
  struct piece {
    std::unique_ptr<content_reader> file;
    std::uint64_t from, size;
  };
  auto pieces = std::vector<piece>{};
  auto total = std::uint64_t{0};
  for (auto const& path : paths) {
    CAIRN_TRY(auto file, api->open_content(path));
    auto const size = file->size();
    if (static_cast<std::uint64_t>(offset) > size) {
      offset -= static_cast<std::int64_t>(size);
      continue;
    }
    auto wanted = size - static_cast<std::uint64_t>(offset);
    auto const left = length ? static_cast<std::uint64_t>(*length) - total : wanted;
    auto const last = length && wanted >= left;
    if (last) wanted = left;
    pieces.push_back({std::move(file), static_cast<std::uint64_t>(offset), wanted});
    total += wanted;
    offset = 0;
    if (last) break;
  }
  auto const show = wants_progress(in, out.messages_on_terminal() && !out.answer_on_terminal() && total >= 8 * limits::MiB);
  auto written = std::uint64_t{0};
  out.content({}, total);
  // a node has many callers, some of them slow: it reads no further ahead than this
  auto const step = in.node() ? 2 * limits::MiB : UINT64_MAX;
  for (auto& p : pieces)
    for (auto at = std::uint64_t{0}; at < p.size; at += std::min(step, p.size - at))
      CAIRN_TRY(p.file->read(p.from + at, std::min(step, p.size - at), [&](bytes_view bytes) -> io_result<void> {
        CAIRN_TRY(out.raw(bytes));
        written += bytes.size();
        if (show) out.progress(written, total);
        return {};
      }));
  return {};
}

// "drwxr-xr-x"; "-" where nothing is known. The bits are POSIX's.
inline auto mode_text(std::uint32_t mode, directory_link::kind type) -> std::string {
  if (mode == 0) return "-";
  auto out = std::string{"-rwxrwxrwx"};
  out[0] = type == directory_link::kind::directory ? 'd' : type == directory_link::kind::symlink ? 'l' : '-';
  for (int bit = 0; bit < 9; ++bit)
    if (!(mode & (0400u >> bit))) out[static_cast<std::size_t>(bit) + 1] = '-';
  auto const special = [&](unsigned bit, std::size_t at, char set, char bare) {
    if (mode & bit) out[at] = out[at] == 'x' ? set : bare;
  };
  special(04000, 3, 's', 'S');
  special(02000, 6, 's', 'S');
  special(01000, 9, 't', 'T');
  return out;
}

inline auto time_text(std::optional<std::int64_t> seconds, std::int64_t now) -> std::string {
  if (!seconds) return "-";
  auto const at = static_cast<std::time_t>(*seconds);
  std::tm parts{};
  if (!::gmtime_r(&at, &parts)) return "-";
  char text[64];
  auto const recent = *seconds > now - 182 * 86400 && *seconds < now + 86400;
  std::strftime(text, sizeof text, recent ? "%b %d %H:%M" : "%b %d  %Y", &parts);
  return text;
}

// RFC 3339, as Go's encoder writes a time
inline auto json_time(std::optional<std::int64_t> seconds) -> std::string {
  if (!seconds) return "0001-01-01T00:00:00Z";
  auto const at = static_cast<std::time_t>(*seconds);
  std::tm parts{};
  if (!::gmtime_r(&at, &parts)) return "0001-01-01T00:00:00Z";
  char text[64];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

// What a line of `ls` needs, and no more: a directory may have millions of them.
struct listed_link {
  std::string name, hash, target;
  std::uint64_t size;
  std::optional<std::int64_t> mtime;
  std::uint32_t mode;
  directory_link::kind type;

  auto is_directory() const -> bool { return type == directory_link::kind::directory; }
};

// One line: cells in columns of these widths, the name as it is behind them.
inline void write_ls_line(std::string& out, request const& in, listed_link const& l, std::span<std::size_t const> widths, std::int64_t now) {
  auto column = 0uz;
  auto const cell = [&](std::string_view text) {
    out += text;
    out.append(widths[column] > text.size() ? widths[column] - text.size() : 0, ' ');
    ++column;
  };
  auto const is_long = in.flag("long");
  if (is_long) cell(mode_text(l.mode, l.type));
  cell(l.hash);
  if (in.flag("size")) {
    char digits[24];
    if (l.is_directory()) cell("-");
    else if (in.flag("human")) cell(human_size(l.size));
    else cell({digits, static_cast<std::size_t>(std::to_chars(digits, digits + sizeof digits, l.size).ptr - digits)});
  }
  if (is_long) cell(time_text(l.mtime, now));
  out += escaped_name(l.name);
  out += l.is_directory() ? "/\n" : "\n";
}

inline void write_listing(std::string& out, request const& in, std::span<listed_link const> links, std::int64_t now, std::size_t least = 0, bool titles = true) {
  auto const is_long = in.flag("long"), with_size = in.flag("size"), human = in.flag("human");
  std::size_t widths[4]{};
  auto const titled = titles && in.flag("headers");
  auto const wide = [&](std::size_t column, std::size_t size) { widths[column] = std::max({widths[column], size + 1, least}); };
  auto const hash = is_long ? 1uz : 0uz, size = hash + 1, time = size + (with_size ? 1 : 0);
  if (titled) {
    if (is_long) wide(0, 4), wide(time, 7);
    wide(hash, 4);
    if (with_size) wide(size, 4);
  }
  for (auto const& l : links) {
    if (is_long) wide(0, l.mode == 0 ? 1 : 10), wide(time, time_text(l.mtime, now).size());
    wide(hash, l.hash.size());
    if (!with_size) continue;
    auto digits = 1uz;
    if (!l.is_directory() && human) digits = human_size(l.size).size();
    else if (!l.is_directory()) for (auto n = l.size; n >= 10; n /= 10) ++digits;
    wide(size, digits);
  }
  if (titled) {
    auto const cell = [&](std::string_view text, std::size_t column) { out.append(text).append(widths[column] - text.size(), ' '); };
    if (is_long) cell("Mode", 0);
    cell("Hash", hash);
    if (with_size) cell("Size", size);
    if (is_long) cell("ModTime", time);
    out += "Name\n";
  }
  for (auto const& l : links) write_ls_line(out, in, l, widths, now);
}

inline void write_ls_link(json_writer& json, listed_link const& l) {
  // the numbers of UnixFS Data's types
  auto const type = l.is_directory() ? 1 : l.type == directory_link::kind::file ? 2 : l.type == directory_link::kind::symlink ? 4 : 0;
  json.object([&] {
    json.key("Name").value(l.name);
    json.key("Hash").value(l.hash);
    json.key("Size").value(l.size);
    json.key("Type").value(type);
    json.key("Target").value(l.target);
    json.key("Mode").value(static_cast<std::uint64_t>(l.mode));
    json.key("ModTime").value(json_time(l.mtime));
  });
}

inline auto run_ls(request& in, output& out) -> io_result<void> {
  auto const stream = in.flag("stream"), by_size = in.flag("sort-size");
  if (by_size && stream) return fail("cannot use --sort-size with --stream");
  if (by_size && !in.flag("size")) return fail("cannot use --sort-size with --size=false");
  CAIRN_TRY(auto paths, in.all_arguments());
  CAIRN_TRY(auto style, style_of(in));
  CAIRN_TRY(auto* api, in.api());
  auto const options = ls_options{.resolve_children = in.flag("size") || in.flag("resolve-type")};
  auto const now = static_cast<std::int64_t>(std::time(nullptr));
  auto const several = paths.size() > 1;

  if (stream) {
    auto last = std::string{};
    for (auto const& path : paths) {
      CAIRN_TRY(api->ls(path, options, [&](directory_link const& found) -> io_result<void> {
        auto const l = listed_link{found.name, cid_text(found.id, style), found.target, found.size, found.mtime, found.mode, found.type};
        auto const title = several && path != last;
        auto const first = path != last;
        return out.emit(
            [&](std::string& text) {
              if (title) text += (last.empty() ? "" : "\n") + path + ":\n";
              last = path;
              write_listing(text, in, {&l, 1}, now, 10, first);
            },
            [&](json_writer& json) {
              last = path;
              json.object([&] {
                json.key("Objects").array([&] {
                  json.object([&] {
                    json.key("Hash").value(path);
                    json.key("Links").array([&] { write_ls_link(json, l); });
                  });
                });
              });
            });
      }));
    }
    return {};
  }

  auto all = std::vector<std::vector<listed_link>>{};
  for (auto const& path : paths) {
    auto& links = all.emplace_back();
    CAIRN_TRY(api->ls(path, options, [&](directory_link const& l) -> io_result<void> {
      links.push_back({l.name, cid_text(l.id, style), l.target, l.size, l.mtime, l.mode, l.type});
      return {};
    }));
    // a stable order; what a HAMT gives is that of its hashes
    auto order = std::vector<std::uint32_t>(links.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::uint32_t>(i);
    std::sort(order.begin(), order.end(), [&](auto x, auto y) {
      auto const& a = links[x];
      auto const& b = links[y];
      if (by_size && a.size != b.size) return a.size > b.size;
      auto const names = a.name.compare(b.name);
      return names != 0 ? names < 0 : x < y;
    });
    auto sorted = std::vector<listed_link>{};
    sorted.reserve(links.size());
    for (auto i : order) sorted.push_back(std::move(links[i]));
    links = std::move(sorted);
  }
  return out.emit(
      [&](std::string& text) {
        for (std::size_t i = 0; i < paths.size(); ++i) {
          if (several) text += (i ? "\n" : "") + paths[i] + ":\n";
          write_listing(text, in, all[i], now);
        }
      },
      [&](json_writer& json) {
        json.object([&] {
          json.key("Objects").array([&] {
            for (std::size_t i = 0; i < paths.size(); ++i)
              json.object([&] {
                json.key("Hash").value(paths[i]);
                json.key("Links").array([&] {
                  for (auto const& l : all[i]) write_ls_link(json, l);
                });
              });
          });
        });
      });
}

inline auto emit_ref(output& out, std::string_view ref, std::string_view why) -> io_result<void> {
  return out.emit([&](std::string& text) { (text += ref) += '\n'; },
                  [&](json_writer& json) {
                    json.object([&] {
                      json.key("Ref").value(ref);
                      json.key("Err").value(why);
                    });
                  });
}

inline auto run_refs(request& in, output& out) -> io_result<void> {
  auto format = std::string{in.text("format").value_or("<dst>")};
  if (in.flag("edges")) {
    if (format != "<dst>") return fail("using format argument with edges is not allowed");
    format = "<src> -> <dst>";
  }
  CAIRN_TRY(auto style, style_of(in));
  CAIRN_TRY(auto paths, in.all_arguments());
  CAIRN_TRY(auto* api, in.api());
  auto roots = std::vector<cid>{};
  for (auto const& path : paths) {
    CAIRN_TRY(auto at, api->resolve(path));
    roots.push_back(at.id);
  }
  auto options = refs_options{.unique = in.flag("unique"), .max_depth = in.flag("recursive") ? static_cast<int>(in.number("max-depth").value_or(-1)) : 1};
  auto line = std::string{};
  auto walk = api->refs_walk(options);
  for (auto const& root : roots) {
    auto done = walk->from(root, [&](cid const& from, cid const& to, std::string_view name) -> io_result<void> {
      line.clear();
      if (format == "<dst>") {
        line = cid_text(to, style);
      } else {
        for (std::size_t i = 0; i < format.size();) {
          auto const rest = std::string_view{format}.substr(i);
          if (rest.starts_with("<src>")) {
            line += cid_text(from, style);
            i += 5;
          } else if (rest.starts_with("<dst>")) {
            line += cid_text(to, style);
            i += 5;
          } else if (rest.starts_with("<linkname>")) {
            line += out.answer_on_terminal() ? escaped_name(name) : std::string{name};
            i += 10;
          } else {
            line += format[i++];
          }
        }
      }
      return emit_ref(out, line, "");
    });
    if (!done) {
      if (out.form() == encoding::text) return done;
      CAIRN_TRY(emit_ref(out, "", to_string(done.error())));
    }
  }
  return {};
}

inline auto run_refs_local(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto style, style_of(in));
  CAIRN_TRY(auto* api, in.api());
  return api->each_block([&](cid const& id) { return emit_ref(out, cid_text(id, style), ""); });
}

inline auto run_resolve(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto name, first_argument(in, "name"));
  auto style = cid_style{};
  auto const path = path_like{name};
  auto const is_name = path.path() && std::holds_alternative<mutable_path>(*path.path());
  if (is_name) {
    CAIRN_TRY(style, style_of(in));
  } else {
    CAIRN_TRY(style, style_of_path(in, path.path() ? to_string(*path.path()) : name));
  }
  CAIRN_TRY(auto* api, in.api());
  if (is_name && !in.flag("recursive")) {
    CAIRN_TRY(auto next, api->resolve_name(path, false));
    return emit_path(out, to_string(next.path));
  }
  CAIRN_TRY(auto at, api->resolve(path));
  auto text = "/" + std::string{to_string(at.ns)} + "/" + cid_text(at.id, style);
  for (auto const& s : at.remainder) text += "/" + s;
  return emit_path(out, text);
}

inline constexpr argument path_list[]{{"ipfs-path", argument_type::text, true, true, "The paths.", true}};
inline constexpr argument name_argument[]{{"name", argument_type::text, true, false, "The path to resolve.", true}};
inline constexpr option cat_options[]{
    {"offset o", option_type::int64, "The byte to begin at."},
    {"length l", option_type::int64, "At most so many bytes."},
    {"progress p", option_type::boolean, "Show how much was written. Default: where stderr is a terminal"},
};
inline constexpr option ls_option_list[]{
    {"headers v", option_type::boolean, "Print a line of column titles."},
    {"resolve-type", option_type::boolean, "Open each entry to learn its type.", "true"},
    {"size", option_type::boolean, "Open each entry to learn its size.", "true"},
    {"stream s", option_type::boolean, "Print entries as they are found, unsorted."},
    {"long l", option_type::boolean, "Print mode and modification time, where the content has them."},
    {"human H", option_type::boolean, "Print sizes for people: 1.2 kB."},
    {"sort-size S", option_type::boolean, "Sort by size, the largest first."},
};
inline constexpr option refs_option_list[]{
    {"format", option_type::text, "How an edge is printed, with <src>, <dst> and <linkname>.", "<dst>"},
    {"edges e", option_type::boolean, "Print edges as <src> -> <dst>."},
    {"unique u", option_type::boolean, "Print each CID once."},
    {"recursive r", option_type::boolean, "Go on below the links."},
    {"max-depth", option_type::int32, "With -r: how deep to go, -1 without end.", "-1"},
};
inline constexpr option resolve_options[]{
    {"recursive r", option_type::boolean, "Resolve until the result is no name.", "true"},
    {"dht-record-count dhtrc", option_type::int32, "How many records to ask the DHT for."},
    {"dht-timeout dhtt", option_type::text, "How long to ask the DHT."},
};
inline constexpr command refs_commands[]{
    {.name = "local", .summary = "List all blocks of the repo.", .about = "Prints each block of the repo once, as a CIDv1 with the codec raw: the repo does not know other codecs.",
     .examples = "> ipfs refs local | wc -l", .run = run_refs_local},
};

}  // namespace cairn::service::detail
