#pragma once

#include <cairn/core/error.hpp>

#include <cstring>

namespace cairn {

CAIRN_DECL auto error::system(int number, std::string_view doing, std::string subject) -> error {
  auto e = error{"system", number};
  e.text_ = std::string{doing} + ": " + ::strerrordesc_np(number);
  e.subject_ = std::move(subject);
  return e;
}

CAIRN_DECL auto error::message(std::string_view module, std::string text) -> error {
  auto e = error{module, 0};
  e.text_ = std::move(text);
  return e;
}

CAIRN_DECL auto to_string(error const& e) -> std::string {
  auto out = std::string{};
  if (!e.subject().empty()) out += e.subject() + ": ";
  out += e.clause();
  if (!e.phase().empty()) out += " (" + e.phase() + ")";
  if (!e.advice().empty()) out += "; " + e.advice();
  return out;
}

}  // namespace cairn
