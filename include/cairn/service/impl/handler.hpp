#pragma once
// What many handlers need.

#include <cairn/core/limits.hpp>
#include <cairn/core/try.hpp>
#include <cairn/crypto/hash.hpp>
#include <cairn/multiformats/multicodec_overlay.hpp>
#include <cairn/service/core_types.hpp>
#include <cairn/service/go_text.hpp>
#include <cairn/service/kubo_text.hpp>
#include <cairn/service/multicodecs.hpp>
#include <cairn/service/output.hpp>
#include <cairn/service/request.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace cairn::service::detail {

inline auto fail(std::string sentence) { return std::unexpected(error::message("command", std::move(sentence))); }

/// The one argument of a command, from the line or from standard input.
inline auto first_argument(request& in, std::string_view name) -> io_result<std::string> {
  CAIRN_TRY(auto next, in.next_argument());
  if (!next) return fail("argument \"" + std::string{name} + "\" is required");
  return *std::move(next);
}

/// The multicodec table as the owner of this repo has it.
inline auto codecs_of(request& in) -> io_result<multicodec_overlay> {
  auto const folder = in.repo_path();
  if (!folder) return multicodec_overlay{};
  return multicodecs_of(*folder);
}

inline auto emit_path(output& out, std::string const& path) -> io_result<void> {
  return out.emit([&](std::string& o) { o += (out.answer_on_terminal() ? escaped_name(path) : path) + "\n"; },
                  [&](json_writer& json) { json.object([&] { json.key("Path").value(path); }); });
}

/// --cid-base
inline auto style_of(request const& in) -> io_result<cid_style> {
  auto style = cid_style{};
  if (auto const base = in.text("cid-base").value_or(""); !base.empty()) {
    CAIRN_TRY(style.base, base_named(base));
    style.upgrade = style.base != multibase::base58btc;
  }
  if (in.given("upgrade-cidv0-in-output")) style.upgrade = in.flag("upgrade-cidv0-in-output");
  return style;
}

/// --cid-base, or else the base of the CID in the path that was given.
inline auto style_of_path(request const& in, std::string_view path) -> io_result<cid_style> {
  if (!in.text("cid-base").value_or("").empty()) return style_of(in);
  auto root = path;
  if (path.starts_with('/')) {
    auto const second = path.find('/', 1);
    if (second == std::string_view::npos) return style_of(in);
    root = path.substr(second + 1);
  }
  root = root.substr(0, root.find('/'));
  auto const id = parse_cid(root);
  if (!id) return style_of(in);
  if (id->version() == 0) return cid_style{};
  return cid_style{read_multibase_prefix(root).value_or(multibase::base32), true};
}

/// Members of the SHA-2 family that Kubo has no name for: it neither makes nor takes content that is named by them.
inline auto is_unnamed_hash(std::string_view name) -> bool {
  return name == "sha2-384" || name == "sha2-224" || name == "sha2-512-224" || name == "sha2-512-256";
}

/// A hash function of this build by its name.
inline auto hash_named(std::string_view name) -> std::optional<std::uint64_t> {
  for (auto const& h : hash_functions())
    if (h.name == name && !is_unnamed_hash(name)) return h.code;
  return std::nullopt;
}

/// Whether content can be named by it: a digest that others can make on purpose, or that has less than 20 octets, names nothing.
inline auto is_safe_hash(hash_info const& h) -> bool {
  return h.code == code::identity || (h.code != code::shake_128 && !is_unnamed_hash(h.name) && h.digest_size >= limits::digest_min && check_multihash_code(h.code));
}

/// errors    Kubo's sentences
inline auto check_safe_hash(std::uint64_t code) -> io_result<void> {
  for (auto const& h : hash_functions()) {
    if (h.code != code) continue;
    if (is_safe_hash(h)) return {};
    return fail("potentially insecure hash functions not allowed");
  }
  char hex[32];
  std::snprintf(hex, sizeof hex, "0x%llx", static_cast<unsigned long long>(code));
  return fail("invalid cid: unknown multihash code " + std::to_string(code) + " (" + hex + "): no such hash registered");
}

inline auto check_block_size(request const& in, std::uint64_t size) -> io_result<void> {
  if (size <= limits::block || in.flag("allow-big-block")) return {};
  return fail("produced block is over 2MiB: big blocks can't be exchanged with other peers. consider using UnixFS for automatic chunking of bigger "
              "files, or pass --allow-big-block to override");
}

/// The front of a file: what is longer than `limit` ends behind it, for the caller to refuse.
inline auto read_small_file(request& in, file_argument const& which, std::size_t limit) -> io_result<bytes> {
  CAIRN_TRY(auto source, in.open_file(which));
  auto out = bytes{};
  byte some[64 * 1024];
  while (out.size() < limit) {
    CAIRN_TRY(auto n, source->read(bytes_span{some}.first(std::min(sizeof some, limit - out.size()))));
    if (n == 0) break;
    append(out, {some, n});
  }
  return out;
}

/// Whether a bar is shown: as asked, else where a person sees it.
inline auto wants_progress(request const& in, bool on_terminal) -> bool { return in.given("progress") ? in.flag("progress") : on_terminal; }

/// Columns as wide as their widest cell and a gap, and not below `least`; the last cell of a row is as it is.
class text_columns {
public:
  explicit text_columns(std::size_t gap = 1, std::size_t least = 0) : gap_{gap}, least_{least} {}
  void row(std::vector<std::string> cells) {
    if (widths_.size() < cells.size()) widths_.resize(cells.size());
    for (std::size_t i = 0; i + 1 < cells.size(); ++i) widths_[i] = std::max({widths_[i], width(cells[i]) + gap_, least_});
    rows_.push_back(std::move(cells));
  }
  void write(std::string& out) const {
    for (auto const& r : rows_) {
      for (std::size_t i = 0; i < r.size(); ++i) {
        out += r[i];
        if (i + 1 < r.size()) out.append(widths_[i] - width(r[i]), ' ');
      }
      out += '\n';
    }
  }
  auto empty() const -> bool { return rows_.empty(); }

private:
  // code points, as the terminal counts them
  static auto width(std::string_view text) -> std::size_t {
    auto n = 0uz;
    for (auto c : text) n += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    return n;
  }
  std::vector<std::vector<std::string>> rows_;
  std::vector<std::size_t> widths_;
  std::size_t gap_, least_;
};

}  // namespace cairn::service::detail
