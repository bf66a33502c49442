#pragma once
// A reader's own codec in thirty lines: a list of strings, one a line. It has no links.

#include <cairn/concept/block_codec.hpp>
#include <cairn/ipld/codec/raw.hpp>

// [codec]
enum class toy_lines_errc : cairn::byte { not_lines = 1 };  // only a list of strings without newlines has this form

template <>
struct cairn::errc_traits<toy_lines_errc> {
  static constexpr std::string_view module = "toy-lines";
  static constexpr auto describe(toy_lines_errc) -> std::string_view { return "toy-lines: only a list of strings, none with a newline"; }
};

struct toy_lines {
  using errc = toy_lines_errc;
  static constexpr std::uint64_t code = 0x300001;  // private use
  static constexpr std::string_view name = "toy-lines";

  static auto decode(cairn::bytes_view in) -> cairn::result<cairn::ipld::node, errc> {
    auto lines = cairn::ipld::list{};
    for (auto text = cairn::as_text(in); !text.empty();) {
      auto const end = text.find('\n');
      if (end == text.npos) return std::unexpected(errc::not_lines);
      lines.emplace_back(text.substr(0, end));
      text.remove_prefix(end + 1);
    }
    return cairn::ipld::node{std::move(lines)};
  }

  static auto encode(cairn::ipld::node const& value, cairn::bytes& out) -> cairn::result<void, errc> {
    auto text = std::string{};
    if (value.kind() != cairn::ipld::kind::list) return std::unexpected(errc::not_lines);
    for (auto const& line : *value.as_list()) {
      if (!line.as_string() || line.as_string()->contains('\n')) return std::unexpected(errc::not_lines);
      text += *line.as_string() + '\n';
    }
    cairn::append(out, cairn::as_bytes(text));
    return {};
  }

  static auto links(cairn::bytes_view, cairn::link_sink) -> cairn::result<void, errc> { return {}; }
};
static_assert(cairn::block_codec<toy_lines>);
// [/codec]
