#pragma once

#include <cairn/core/config.hpp>
#include <cairn/core/limits.hpp>
#include <cairn/ipld/node.hpp>
#include <cairn/ipld/selector/errc.hpp>

#include <memory>
#include <span>
#include <string_view>

namespace cairn::ipld {

/// A half-open range of items or octets.
struct slice {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  friend auto operator==(slice const&, slice const&) -> bool = default;
};

/// One selector of a program; those it leads to are named by their place in it.
struct selector_op {
  enum class kind : byte { match, all, fields, index, range, recursive, any_of, conditional, edge, interpret_as };
  static constexpr std::uint32_t none = 0xffffffff;
  static constexpr std::uint64_t unlimited = ~std::uint64_t{0};

  kind what = kind::match;
  bool has_subset = false;            ///< of match
  std::uint32_t next = none;          ///< all, index, range, conditional, interpret_as; the sequence of recursive
  std::uint32_t first = 0, count = 0; ///< fields: of `fields`; any_of: of `members`
  std::uint32_t condition = none;     ///< of match and conditional; the stop of recursive
  std::uint32_t recursion = none;     ///< the innermost recursive selector around this one
  slice bounds{};                     ///< range and index, or the subset of match, where -n as a word of 64 bits is n before the end
  std::uint64_t depth = unlimited;    ///< of recursive
  std::string_view text{};            ///< the label of match, the layout of interpret_as
};

struct selector_field {
  std::string_view name;
  std::uint32_t next;
};

/// A predicate on one value.
struct selector_condition {
  enum class kind : byte { has_field, has_value, has_kind, is_link, greater_than, less_than, all_of, any_of };
  kind what = kind::is_link;
  ipld::kind kind_of = ipld::kind::null;  ///< of has_kind
  node const* value = nullptr;            ///< of has_value, is_link, greater_than, less_than
  std::string_view text{};                ///< of has_field
  std::uint32_t first = 0, count = 0;     ///< of all_of and any_of: of `members`
};

/// A selector made ready: flat tables, as they are made from a value at run time (`selector`) or from a type (`select::`).
///
/// lifetime  borrowed from what it was made of
struct selector_program {
  std::span<selector_op const> ops{};  ///< the first is where the walk begins
  std::span<selector_field const> fields{};
  std::span<std::uint32_t const> members{};  ///< places in `ops`, or in `conditions` for those of a condition
  std::span<selector_condition const> conditions{};
};

/// A selector from its data model form, as it travels in dag-cbor and dag-json.
///
/// size      one pointer; copies share the program, which never changes
/// spec      specs/selectors
class selector {
public:
  /// A selector, or {"selector": selector}.
  ///
  /// errors    all up to too_large; not those of a walk
  /// cost      O(n); recursion is bounded by limits::selector_depth
  CAIRN_DECL static auto parse(node const& n) -> result<selector, selector_errc>;

  CAIRN_DECL auto program() const -> selector_program;
  operator selector_program() const { return program(); }

private:
  struct storage;
  explicit selector(std::shared_ptr<storage const> s) : storage_{std::move(s)} {}

  std::shared_ptr<storage const> storage_;
  friend class selector_parser;
};

/// A program in the data model form, from which `selector::parse` makes it again.
CAIRN_DECL auto to_node(selector_program const& p) -> node;

/// Whether a condition of the program holds for a value.
///
/// cost      the size of the value where it is compared as a whole, else of the condition
CAIRN_DECL auto holds(selector_program const& p, std::uint32_t condition, node const& value) -> bool;

}  // namespace cairn::ipld

#if CAIRN_HEADER_ONLY
#  include <cairn/ipld/impl/selector.ipp>
#endif
