#pragma once
// The parts of a multipart body as an upload, and as the file arguments of a command.

#include <cairn/asio/http/multipart.hpp>
#include <cairn/asio/http/url.hpp>
#include <cairn/core/try.hpp>
#include <cairn/service/core_types.hpp>
#include <cairn/service/go_text.hpp>
#include <cairn/service/request.hpp>

#include <charconv>

namespace cairn::service::rpc::detail {

// A name without empty parts, "." and "..": it cannot lead out of where it is put.
inline auto safe_path(std::string_view name) -> std::string {
  auto parts = std::vector<std::string_view>{};
  while (!name.empty()) {
    auto const slash = name.find('/');
    auto const part = name.substr(0, slash);
    name = slash == std::string_view::npos ? std::string_view{} : name.substr(slash + 1);
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      if (!parts.empty()) parts.pop_back();
      continue;
    }
    parts.push_back(part);
  }
  auto out = std::string{};
  for (auto const& p : parts) (out += out.empty() ? "" : "/") += p;
  return out;
}

// Go's FileMode, octal: its own bits for setuid, setgid and sticky.
inline auto mode_of(std::string_view octal) -> io_result<std::uint32_t> {
  auto n = std::uint64_t{0};
  auto const end = octal.data() + octal.size();
  auto const r = std::from_chars(octal.data(), end, n, 8);
  if (octal.empty() || r.ec != std::errc{} || r.ptr != end || n > UINT32_MAX) return std::unexpected(error::message("multipart", "strconv.ParseUint: parsing " + go_quoted(octal) + ": invalid syntax"));
  auto mode = static_cast<std::uint32_t>(n) & 0777;
  if (n & 1u << 23) mode |= 04000;
  if (n & 1u << 22) mode |= 02000;
  if (n & 1u << 20) mode |= 01000;
  return mode;
}

class multipart_upload final : public upload_source {
public:
  multipart_upload(std::string_view boundary, http::multipart_reader::source from) : reader_{boundary, std::move(from)} {}

  auto next() -> io_result<std::optional<upload_entry>> override {
    CAIRN_TRY(auto fields, reader_.next());
    if (!fields) return std::nullopt;
    auto out = upload_entry{};
    auto const disposition = fields->find("Content-Disposition").value_or("");
    auto const type = fields->find("Content-Type").value_or("");
    auto const kind = type.substr(0, type.find(';'));
    if (kind == "application/x-directory") out.type = upload_entry::kind::directory;
    else if (kind == "application/symlink") out.type = upload_entry::kind::symlink;
    auto const name = http::field_parameter(disposition, "filename").value_or("");
    out.path = safe_path(http::percent_decoded(name, true).value_or(name));
    if (auto const encoded = fields->find("Abspath-Encoded")) out.absolute = http::percent_decoded(*encoded, true).value_or("");
    else out.absolute = fields->find("Abspath").value_or("");

    // what a name cannot hold: as a query behind the part's name, or as fields
    auto extras = std::vector<std::pair<std::string, std::string>>{};
    auto const part = http::field_parameter(disposition, "name").value_or("");
    if (auto const mark = part.find('?'); mark != std::string::npos) extras = http::parse_query(std::string_view{part}.substr(mark + 1)).value_or(std::move(extras));
    for (auto const* f : {"mode", "mtime", "mtime-nsecs"})
      if (auto const value = fields->find(f)) extras.emplace_back(f, *value);
    for (auto const& [key, value] : extras) {
      if (key == "mode") {
        CAIRN_TRY(out.mode, mode_of(value));
        auto const first = value.find_first_not_of('0');
        out.mode_text = first == std::string::npos ? "0" : "0" + value.substr(first);
      } else if (key == "mtime" || key == "mtime-nsecs") {
        auto const n = parse_go_integer(value);
        if (!n) return std::unexpected(error::message("multipart", "strconv.ParseInt: parsing " + go_quoted(value) + ": invalid syntax"));
        if (!out.mtime) out.mtime.emplace(0, 0);
        if (key == "mtime") out.mtime->first = *n;
        else if (*n < 0 || *n > 999'999'999) return std::unexpected(error::message("multipart", "mtime-nsecs must be within [0, 999999999]"));
        else out.mtime->second = static_cast<std::uint32_t>(*n);
      }
    }
    if (out.path.find('/') == std::string::npos) top_ = out;
    return out;
  }
  auto top() const -> upload_entry const& override { return top_; }
  auto read(bytes_span into) -> io_result<std::size_t> override { return reader_.read(into); }

private:
  http::multipart_reader reader_;
  upload_entry top_{};
};

// The part that is current, for a command with file arguments.
class part_source final : public input_source {
public:
  explicit part_source(upload_source& from) : from_{from} {}
  auto read(bytes_span into) -> io_result<std::size_t> override { return from_.read(into); }

private:
  upload_source& from_;
};

}  // namespace cairn::service::rpc::detail
