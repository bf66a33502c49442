#pragma once

#include <cairn/pin/pin.hpp>

#include <cairn/core/try.hpp>

namespace cairn {
namespace detail {

inline void append_cbor_head(bytes& out, unsigned major, std::uint64_t value) {
  auto const head = static_cast<byte>(major << 5);
  if (value < 24) return out.push_back(static_cast<byte>(head | value));
  auto const width = value <= 0xff ? 1 : value <= 0xffff ? 2 : value <= 0xffffffff ? 4 : 8;
  out.push_back(static_cast<byte>(head | (width == 1 ? 24 : width == 2 ? 25 : width == 4 ? 26 : 27)));
  for (auto shift = 8 * (width - 1); shift >= 0; shift -= 8) out.push_back(static_cast<byte>(value >> shift));
}

inline void append_cbor_text(bytes& out, std::string_view text) {
  append_cbor_head(out, 3, text.size());
  append(out, as_bytes(text));
}

struct cbor_head {
  unsigned major = 0;
  std::uint64_t value = 0;
};

inline auto read_pin_head(bytes_view in) -> result<decoded<cbor_head>, pin_errc> {
  if (in.empty()) return std::unexpected(pin_errc::bad_record);
  auto const info = in[0] & 31u;
  auto const major = static_cast<unsigned>(in[0] >> 5);
  in = in.subspan(1);
  if (info < 24) return decoded<cbor_head>{{major, info}, in};
  if (info > 27) return std::unexpected(pin_errc::bad_record);
  auto const width = 1uz << (info - 24);
  if (in.size() < width) return std::unexpected(pin_errc::bad_record);
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < width; ++i) value = value << 8 | in[i];
  return decoded<cbor_head>{{major, value}, in.subspan(width)};
}

inline auto read_pin_string(bytes_view in, unsigned major) -> result<decoded<bytes_view>, pin_errc> {
  CAIRN_TRY(auto head, read_pin_head(in));
  if (head.value.major != major || head.value.value > head.rest.size()) return std::unexpected(pin_errc::bad_record);
  auto const size = static_cast<std::size_t>(head.value.value);
  return decoded<bytes_view>{head.rest.first(size), head.rest.subspan(size)};
}

inline auto skip_pin_item(bytes_view in, unsigned depth) -> result<bytes_view, pin_errc> {
  if (depth == 0) return std::unexpected(pin_errc::bad_record);
  CAIRN_TRY(auto head, read_pin_head(in));
  auto const [major, value] = head.value;
  auto rest = head.rest;
  if (major == 2 || major == 3) {
    if (value > rest.size()) return std::unexpected(pin_errc::bad_record);
    return rest.subspan(static_cast<std::size_t>(value));
  }
  if (major == 4 || major == 5 || major == 6) {
    if (value > rest.size()) return std::unexpected(pin_errc::bad_record);
    auto const items = major == 6 ? 1 : major == 5 ? 2 * value : value;
    for (std::uint64_t i = 0; i < items; ++i) {
      CAIRN_TRY(auto after, skip_pin_item(rest, depth - 1));
      rest = after;
    }
  }
  return rest;
}

}  // namespace detail

CAIRN_DECL auto encode_pin(pin const& p) -> bytes {
  auto out = bytes{};
  detail::append_cbor_head(out, 5, p.name.empty() ? 2 : 3);
  detail::append_cbor_text(out, "cid");
  auto const id = to_bytes(p.id);
  detail::append_cbor_head(out, 2, id.size());
  append(out, id);
  detail::append_cbor_text(out, "mode");
  detail::append_cbor_head(out, 0, static_cast<std::uint64_t>(p.mode));
  if (!p.name.empty()) {
    detail::append_cbor_text(out, "name");
    detail::append_cbor_text(out, p.name);
  }
  return out;
}

CAIRN_DECL auto decode_pin(bytes_view record) -> result<pin, pin_errc> {
  CAIRN_TRY(auto head, detail::read_pin_head(record));
  if (head.value.major != 5 || head.value.value > 64) return std::unexpected(pin_errc::bad_record);
  auto out = pin{};
  auto has_cid = false, has_mode = false;
  auto rest = head.rest;
  for (std::uint64_t i = 0; i < head.value.value; ++i) {
    CAIRN_TRY(auto key, detail::read_pin_string(rest, 3));
    rest = key.rest;
    auto const name = as_text(key.value);
    if (name == "cid") {
      CAIRN_TRY(auto octets, detail::read_pin_string(rest, 2));
      CAIRN_TRY(out.id, replace_error(decode_cid(octets.value), pin_errc::bad_record));
      rest = octets.rest, has_cid = true;
    } else if (name == "mode") {
      CAIRN_TRY(auto mode, detail::read_pin_head(rest));
      if (mode.value.major != 0 || mode.value.value > 1) return std::unexpected(pin_errc::bad_record);
      out.mode = static_cast<pin_mode>(mode.value.value);
      rest = mode.rest, has_mode = true;
    } else if (name == "name") {
      CAIRN_TRY(auto text, detail::read_pin_string(rest, 3));
      out.name = std::string{as_text(text.value)};
      rest = text.rest;
    } else {
      CAIRN_TRY(rest, detail::skip_pin_item(rest, 16));
    }
  }
  if (!has_cid || !has_mode || !rest.empty()) return std::unexpected(pin_errc::bad_record);
  return out;
}

}  // namespace cairn
