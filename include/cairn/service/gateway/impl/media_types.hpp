#pragma once
// The media type of a file: by the ending of its name, else by its first octets.

#include <cairn/core/bytes.hpp>
#include <cairn/service/gateway/impl/text_shapes.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace cairn::service::gateway::detail {

struct ending_row {
  std::string_view ending, media_type;
};

/// Sorted by ending.
inline constexpr ending_row endings[]{
    {"7z", "application/x-7z-compressed"}, {"aac", "audio/aac"}, {"apng", "image/apng"}, {"avi", "video/x-msvideo"}, {"avif", "image/avif"}, {"bmp", "image/bmp"},
    {"bz2", "application/x-bzip2"}, {"c", "text/x-csrc; charset=utf-8"}, {"car", "application/vnd.ipld.car"}, {"cbor", "application/cbor"}, {"cpp", "text/x-c++src; charset=utf-8"},
    {"css", "text/css; charset=utf-8"}, {"csv", "text/csv; charset=utf-8"}, {"deb", "application/vnd.debian.binary-package"}, {"doc", "application/msword"},
    {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}, {"epub", "application/epub+zip"}, {"flac", "audio/flac"}, {"gif", "image/gif"},
    {"go", "text/x-go; charset=utf-8"}, {"gz", "application/gzip"}, {"h", "text/x-chdr; charset=utf-8"}, {"heic", "image/heic"}, {"htm", "text/html"}, {"html", "text/html"},
    {"ico", "image/vnd.microsoft.icon"}, {"ics", "text/calendar; charset=utf-8"}, {"iso", "application/x-iso9660-image"}, {"jar", "application/java-archive"},
    {"jpeg", "image/jpeg"}, {"jpg", "image/jpeg"}, {"js", "text/javascript; charset=utf-8"}, {"json", "application/json"}, {"jsonld", "application/ld+json"},
    {"jxl", "image/jxl"}, {"m3u8", "application/vnd.apple.mpegurl"}, {"m4a", "audio/mp4"}, {"m4v", "video/mp4"}, {"map", "application/json"},
    {"md", "text/markdown; charset=utf-8"}, {"mid", "audio/midi"}, {"mjs", "text/javascript; charset=utf-8"}, {"mkv", "video/x-matroska"}, {"mov", "video/quicktime"},
    {"mp3", "audio/mpeg"}, {"mp4", "video/mp4"}, {"mpeg", "video/mpeg"}, {"mpg", "video/mpeg"}, {"odt", "application/vnd.oasis.opendocument.text"}, {"oga", "audio/ogg"},
    {"ogg", "audio/ogg"}, {"ogv", "video/ogg"}, {"opus", "audio/ogg"}, {"otf", "font/otf"}, {"pdf", "application/pdf"}, {"png", "image/png"},
    {"ppt", "application/vnd.ms-powerpoint"}, {"py", "text/x-python; charset=utf-8"}, {"rar", "application/vnd.rar"}, {"rs", "text/rust; charset=utf-8"}, {"rtf", "application/rtf"},
    {"sh", "application/x-sh"}, {"sql", "application/sql"}, {"svg", "image/svg+xml"}, {"tar", "application/x-tar"}, {"tgz", "application/gzip"}, {"tif", "image/tiff"},
    {"tiff", "image/tiff"}, {"toml", "application/toml"}, {"ts", "video/mp2t"}, {"ttf", "font/ttf"}, {"txt", "text/plain; charset=utf-8"}, {"wasm", "application/wasm"},
    {"wav", "audio/x-wav"}, {"weba", "audio/webm"}, {"webm", "video/webm"}, {"webmanifest", "application/manifest+json"}, {"webp", "image/webp"}, {"woff", "font/woff"},
    {"woff2", "font/woff2"}, {"xhtml", "application/xhtml+xml"}, {"xls", "application/vnd.ms-excel"}, {"xml", "text/xml; charset=utf-8"}, {"xz", "application/x-xz"},
    {"yaml", "application/yaml"}, {"yml", "application/yaml"}, {"zip", "application/zip"}, {"zst", "application/zstd"},
};
static_assert(std::is_sorted(std::begin(endings), std::end(endings), [](ending_row const& a, ending_row const& b) { return a.ending < b.ending; }));

inline auto type_by_name(std::string_view name) -> std::string_view {
  auto const dot = name.rfind('.');
  if (dot == std::string_view::npos || name.size() - dot > 16) return {};
  auto ending = std::string{name.substr(dot + 1)};
  for (auto& c : ending)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  auto const at = std::lower_bound(std::begin(endings), std::end(endings), ending, [](ending_row const& row, std::string_view e) { return row.ending < e; });
  return at != std::end(endings) && at->ending == ending ? at->media_type : std::string_view{};
}

struct magic_row {
  std::size_t at;
  std::string_view octets, media_type;
};
using namespace std::string_view_literals;
inline constexpr magic_row magics[]{
    {0, "\x89PNG\r\n\x1a\n"sv, "image/png"}, {0, "\xff\xd8\xff"sv, "image/jpeg"}, {0, "GIF87a"sv, "image/gif"}, {0, "GIF89a"sv, "image/gif"}, {0, "BM"sv, "image/bmp"},
    {8, "WEBP"sv, "image/webp"}, {0, "\0\0\1\0"sv, "image/x-icon"}, {0, "II*\0"sv, "image/tiff"}, {0, "MM\0*"sv, "image/tiff"}, {0, "%PDF-"sv, "application/pdf"},
    {0, "PK\3\4"sv, "application/zip"}, {0, "\x1f\x8b"sv, "application/gzip"}, {0, "BZh"sv, "application/x-bzip2"}, {0, "\xfd" "7zXZ\0"sv, "application/x-xz"},
    {0, "7z\xbc\xaf\x27\x1c"sv, "application/x-7z-compressed"}, {0, "\x28\xb5\x2f\xfd"sv, "application/zstd"}, {0, "Rar!\x1a\7"sv, "application/x-rar-compressed"},
    {257, "ustar"sv, "application/x-tar"}, {0, "ID3"sv, "audio/mpeg"}, {0, "fLaC"sv, "audio/flac"}, {0, "OggS"sv, "application/ogg"}, {8, "WAVE"sv, "audio/wav"},
    {8, "AVI "sv, "video/x-msvideo"}, {4, "ftypavif"sv, "image/avif"}, {4, "ftypM4A"sv, "audio/x-m4a"}, {4, "ftypqt"sv, "video/quicktime"}, {4, "ftyp"sv, "video/mp4"},
    {0, "\x1a\x45\xdf\xa3"sv, "video/webm"}, {0, "\0asm"sv, "application/wasm"}, {0, "wOFF"sv, "font/woff"}, {0, "wOF2"sv, "font/woff2"}, {0, "\0\1\0\0\0"sv, "font/ttf"},
    {0, "OTTO"sv, "font/otf"}, {0, "\x7f" "ELF"sv, "application/x-elf"}, {0, "SQLite format 3\0"sv, "application/vnd.sqlite3"},
};

inline auto starts_without_case(std::string_view in, std::string_view lower) -> bool {
  return in.size() >= lower.size() && std::equal(lower.begin(), lower.end(), in.begin(), [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b | 0x20 : b); });
}

/// By the first octets of the content, at most 3072 of which are looked at.
inline auto type_by_content(bytes_view front) -> std::string_view {
  auto const text = as_text(front.first(std::min<std::size_t>(front.size(), 3072)));
  for (auto const& m : magics)
    if (text.size() >= m.at + m.octets.size() && text.substr(m.at, m.octets.size()) == m.octets) return m.media_type;
  auto const is_binary = [](char c) {
    auto const u = static_cast<unsigned char>(c);
    return u < 9 || u == 11 || (u > 13 && u < 32 && u != 27);
  };
  if (std::any_of(text.begin(), text.end(), is_binary)) return "application/octet-stream";
  auto body = text;
  while (!body.empty() && (body.front() == ' ' || (body.front() >= '\t' && body.front() <= '\r'))) body.remove_prefix(1);
  for (auto tag : {"<!doctype html", "<html", "<head", "<script", "<iframe", "<h1", "<div", "<font", "<table", "<a ", "<style", "<title", "<b>", "<body", "<br", "<p>", "<!--"})
    if (starts_without_case(body, tag)) return "text/html";
  if (starts_without_case(body, "<?xml")) return body.find("<svg") != std::string_view::npos ? "image/svg+xml" : "text/xml; charset=utf-8";
  if (starts_without_case(body, "<svg")) return "image/svg+xml";
  auto const cut = text.size() == 3072;
  if (auto const shape = json_scan{text}.shape(); shape == json_shape::whole || (cut && shape == json_shape::front)) return "application/json";
  if (is_json_lines(text)) return "application/x-ndjson";
  if (starts_without_case(body, "<?php")) return "text/x-php";
  if (text.starts_with("#!")) {
    auto const line = text.substr(0, text.find('\n'));
    for (auto const& [tool, type] : {std::pair{"node"sv, "text/javascript"sv}, {"lua"sv, "text/x-lua"sv}, {"perl"sv, "text/x-perl"sv}, {"python"sv, "text/x-python"sv}, {"ruby"sv, "text/x-ruby"sv},
                                    {"sh"sv, "text/x-shellscript"sv}})
      if (line.find(tool) != std::string_view::npos) return type;
  }
  if (text.starts_with("{\\rtf")) return "text/rtf";
  if (is_table(text, ',', cut)) return "text/csv";
  if (is_table(text, '\t', cut)) return "text/tab-separated-values";
  if (text.starts_with("BEGIN:VCARD")) return "text/vcard";
  if (text.starts_with("BEGIN:VCALENDAR")) return "text/calendar";
  if (text.starts_with("WEBVTT")) return "text/vtt";
  return "text/plain; charset=utf-8";
}

}  // namespace cairn::service::gateway::detail
