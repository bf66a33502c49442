#pragma once

#include <cairn/core/config.hpp>
#include <cairn/core/limits.hpp>
#include <cairn/ipld/node.hpp>
#include <cairn/ipld/schema/errc.hpp>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::ipld {

/// One type of a schema. Types name each other by their place in the schema.
struct schema_type {
  enum class kind : byte { boolean, string, bytes, integer, floating, map, list, link, any_of, record, enumeration, unit, any };
  /// How values lie in the data model; `plain` is the type's own kind: a record's map, an enumeration's string.
  enum class form : byte {
    plain, tuple, stringpairs, stringjoin, listpairs,                      // records; maps: stringpairs, listpairs
    keyed, kinded, envelope, discriminated, stringprefix, bytesprefix,     // unions; `discriminated` is the text's "inline"
    integer,                                                               // enumerations
    null, yes, no, emptymap,                                               // units
    advanced,
  };
  struct field {
    std::string name;
    std::string key;                 ///< in the representation as a map
    std::uint32_t type = 0;
    bool optional = false, nullable = false;
    ipld::node implicit{};           ///< where has_implicit
    bool has_implicit = false;
  };
  struct member {
    std::string name;                ///< the type's name; "&Name" for a link
    std::string discriminant;        ///< key, prefix (octets for bytesprefix) or kind
    ipld::kind of = ipld::kind::null;  ///< of kinded
    std::uint32_t type = 0;
  };
  struct value {
    std::string name;
    std::string text;                ///< of plain
    integer number{};                ///< of integer
  };

  std::string name{};                ///< empty for a type that is written in place
  kind what = kind::any;
  form how = form::plain;
  std::uint32_t key = 0, item = 0;   ///< of map and list; item also what a link is expected to lead to
  bool item_nullable = false;
  std::vector<field> fields{};       ///< in the order of the type
  std::vector<std::uint32_t> order{};  ///< of fields in tuple and stringjoin
  std::vector<member> members{};
  std::vector<value> values{};
  std::string inner{}, outer{};      ///< the delimiters of stringpairs; outer: of stringjoin
  std::string discriminant_key{}, content_key{};
};

/// A schema made ready: every name resolved, every representation checked.
///
/// size      one pointer; copies share the types, which never change
/// spec      specs/schemas
class schema {
public:
  /// From the data model form (DMT).
  ///
  /// errors    bad_form and the others up to too_large, about the type
  /// cost      O(n log n); recursion is bounded by limits::schema_depth
  CAIRN_DECL static auto from_node(node const& dmt) -> io_result<schema>;
  /// From the schema language (DSL).
  ///
  /// errors    bad_syntax about the line · those of from_node
  CAIRN_DECL static auto parse(std::string_view text) -> io_result<schema>;

  /// The data model form, as it was given or as the text says.
  auto dmt() const -> node const& { return data_->dmt; }
  auto types() const -> std::span<schema_type const> { return data_->types; }
  /// The place of a type; nothing where there is none of that name. The prelude's types (Int, Any, ...) have names too.
  CAIRN_DECL auto find(std::string_view name) const -> std::optional<std::uint32_t>;

private:
  struct data {
    node dmt;
    std::vector<schema_type> types;
    std::vector<std::pair<std::string, std::uint32_t>> names;  // sorted
  };
  explicit schema(std::shared_ptr<data const> d) : data_{std::move(d)} {}

  std::shared_ptr<data const> data_;
  friend class schema_builder;
};

/// The data model form of a text, without the checks of a schema.
///
/// errors    bad_syntax about the line · duplicate · too_large
CAIRN_DECL auto parse_schema_text(std::string_view text) -> io_result<node>;

}  // namespace cairn::ipld

#if CAIRN_HEADER_ONLY
#  include <cairn/ipld/impl/schema.ipp>
#  include <cairn/ipld/impl/schema_text.ipp>
#endif
