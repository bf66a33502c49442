#pragma once

#include <cairn/core/config.hpp>
#include <cairn/core/errc.hpp>
#include <cairn/core/result.hpp>

#include <string>
#include <string_view>

namespace cairn {

/// The error of everything that touches a disk or a peer: what failed, on what, which clause, what to do.
///
/// Every `module_errc` converts to it: `return std::unexpected(cid_errc::truncated);`.
class error {
public:
  template <module_errc E>
  error(E e) : module_{errc_traits<E>::module}, code_{static_cast<int>(e)}, clause_{errc_traits<E>::describe(e)} {}

  /// An errno of the system, with what was being done ("cannot open") and to what (a path).
  CAIRN_DECL static auto system(int number, std::string_view doing, std::string subject) -> error;

  /// A sentence that belongs to no enumeration of the pure tier.
  CAIRN_DECL static auto message(std::string_view module, std::string text) -> error;

  /// What the error is about: a file, a CID, an option.
  auto about(std::string subject) && -> error&& { subject_ = std::move(subject); return std::move(*this); }
  auto about(std::string subject) const& -> error { auto e = *this; e.subject_ = std::move(subject); return e; }
  /// What was being done when it happened: "while importing".
  auto during(std::string phase) && -> error&& { phase_ = std::move(phase); return std::move(*this); }
  /// What the reader can do about it, as a sentence.
  auto advise(std::string advice) && -> error&& { advice_ = std::move(advice); return std::move(*this); }

  auto module() const -> std::string_view { return module_; }
  auto code() const -> int { return code_; }
  auto clause() const -> std::string_view { return text_.empty() ? clause_ : std::string_view{text_}; }
  auto subject() const -> std::string const& { return subject_; }
  auto phase() const -> std::string const& { return phase_; }
  auto advice() const -> std::string const& { return advice_; }
  auto is_system(int number) const -> bool { return module_ == "system" && code_ == number; }

  template <module_errc E>
  friend auto operator==(error const& a, E b) -> bool {
    return a.module_ == errc_traits<E>::module && a.code_ == static_cast<int>(b);
  }
  friend auto operator==(error const& a, error const& b) -> bool {
    return a.module_ == b.module_ && a.code_ == b.code_ && a.subject_ == b.subject_;
  }

private:
  error(std::string_view module, int code) : module_{module}, code_{code} {}

  std::string_view module_;  // always a literal
  int code_ = 0;
  std::string_view clause_;  // always a literal
  std::string text_, subject_, phase_, advice_;
};

/// One sentence: "subject: clause (phase). advice"
CAIRN_DECL auto to_string(error const& e) -> std::string;

/// The result of everything that touches a disk or a peer.
template <class T>
using io_result = std::expected<T, error>;

}  // namespace cairn

#if CAIRN_HEADER_ONLY
#  include <cairn/core/impl/error.ipp>
#endif
