#pragma once

#include <cairn/core/limits.hpp>
#include <cairn/core/try.hpp>
#include <cairn/crypto/hash.hpp>
#include <cairn/ipld/codec_set.hpp>
#include <cairn/multiformats/multibase.hpp>
#include <cairn/service/json_writer.hpp>
#include <cairn/service/version.hpp>
#include <cairn/service/webui/impl/files.hpp>
#include <cairn/service/webui/webui.hpp>

namespace cairn::service::webui {
namespace detail {

inline auto text_of(manifest const& facts) -> std::string {
  auto out = std::string{};
  auto json = json_writer{out};
  json.object([&] {
    for (auto const& [name, values] : facts)
      json.key(name).array([&] {
        for (auto const& v : values) json.value(v);
      });
  });
  return out;
}

/// The name of a file's content: FNV-1a of it and of the program's version.
inline auto etag_of(std::string_view content) -> std::string {
  auto h = std::uint64_t{14695981039346656037u};
  for (auto part : {program_version, content})
    for (auto c : part) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return "\"" + std::to_string(h) + "\"";
}

inline auto page_headers() -> http::headers {
  auto h = http::headers{};
  h.add("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' blob:; media-src blob:; "
                                   "base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  h.add("X-Content-Type-Options", "nosniff");
  h.add("Referrer-Policy", "no-referrer");
  h.add("Cross-Origin-Opener-Policy", "same-origin");
  h.add("Cache-Control", "no-cache");
  return h;
}

}  // namespace detail

CAIRN_DECL auto serve(http::exchange& with, manifest const& facts) -> io_result<void> {
  auto const& head = with.head();
  auto more = detail::page_headers();
  if (head.method != "GET" && head.method != "HEAD") {
    more.add("Allow", "GET, HEAD");
    return http::respond(with, 405, "text/plain; charset=utf-8", "405 - Method Not Allowed\n", std::move(more));
  }
  auto name = head.path();
  if (name == "/webui") {  // links of the page are relative
    more.add("Location", "/webui/");
    return http::respond(with, 302, "", "", std::move(more));
  }
  name.remove_prefix(std::min(name.size(), std::string_view{"/webui/"}.size()));
  if (name.empty()) name = "index.html";
  if (name == "manifest.json") return http::respond(with, 200, "application/json", detail::text_of(facts), std::move(more));
  for (auto const& f : detail::page_files) {
    if (f.name != name) continue;
    auto const tag = detail::etag_of(f.content);
    more.add("ETag", tag);
    if (head.fields.find("If-None-Match") == tag) return http::respond(with, 304, "", "", std::move(more));
    return http::respond(with, 200, f.media_type, f.content, std::move(more));
  }
  return http::respond(with, 404, "text/plain; charset=utf-8", "404 page not found\n", std::move(more));
}

CAIRN_DECL auto manifest_of_build(std::string_view store, std::vector<std::string> listeners) -> manifest {
  auto m = manifest{{"program", {"cairn " + std::string{program_version}}}, {"speaks", {"Kubo " + std::string{kubo_version}, "repo " + std::string{repo_version_text}}}};
  auto& codecs = m.emplace_back("codecs", std::vector<std::string>{}).second;
  for (auto const& row : default_codecs::rows) codecs.emplace_back(row.name);
  auto& hashes = m.emplace_back("hash functions", std::vector<std::string>{}).second;
  for (auto const& h : hash_functions()) {
    auto const dash = h.name.rfind('-');
    // 64 and 32 lengths of BLAKE2 are one chip each
    if (!h.name.starts_with("blake2")) hashes.emplace_back(h.name);
    else if (h.name.substr(dash) == "-8") hashes.push_back(std::string{h.name} + (h.name[6] == 'b' ? " … 512" : " … 256"));
  }
  m.emplace_back("store", std::vector{std::string{store}});
  m.emplace_back("listens on", std::move(listeners));
  m.emplace_back("limits", std::vector<std::string>{"block " + std::to_string(limits::block / limits::MiB) + " MiB", "stored block " + std::to_string(limits::stored_block / limits::MiB) + " MiB", "digest " + std::to_string(limits::digest) + " bytes"});
  return m;
}

}  // namespace cairn::service::webui
