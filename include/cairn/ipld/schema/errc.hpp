#pragma once

#include <cairn/core/error.hpp>

namespace cairn::ipld {

/// Why a schema is none, or a value does not match it. The error's subject is the line of the text, the type, or the path.
enum class schema_errc : byte {
  bad_syntax = 1,      ///< not the schema language
  bad_form,            ///< not the data model form of a schema
  bad_name,            ///< type names begin with a capital letter and have letters, digits and "_" only
  duplicate,           ///< a type, field, member or discriminant is there twice
  unknown_type,        ///< a type that is defined nowhere
  bad_key_type,        ///< "the referenced type must have a string representation kind"
  bad_representation,  ///< a representation that this type, its fields or its members do not allow
  endless,             ///< a type is a copy or a kinded member of itself
  too_large,           ///< more types than limits::schema_types, or nested deeper than limits::schema_depth
  wrong_kind,          ///< a value of another kind than its type is represented by
  missing_field,       ///< a field that is not optional is not there
  unknown_field,       ///< a field that the type does not have, or has with its implicit value
  not_nullable,        ///< null where the field or item is not nullable
  no_member,           ///< no member of the union has this key, kind or prefix
  no_such_value,       ///< no value of the enumeration or unit
  bad_text,            ///< a text that does not have the parts or delimiters of its type
  unknown_layout,      ///< the type is an advanced layout, whose blocks are not read here
};

}  // namespace cairn::ipld

template <>
struct cairn::errc_traits<cairn::ipld::schema_errc> {
  static constexpr std::string_view module = "schema";
  static constexpr auto describe(cairn::ipld::schema_errc e) -> std::string_view {
    using enum cairn::ipld::schema_errc;
    switch (e) {
      case bad_syntax: return "schema: not the schema language";
      case bad_form: return "schema: not the data model form of a schema";
      case bad_name: return "schema: not a name of a type";
      case duplicate: return "schema: defined twice";
      case unknown_type: return "schema: no such type";
      case bad_key_type: return "schema: the keys of a map must have a type that is represented as a string";
      case bad_representation: return "schema: a representation that this type does not allow";
      case endless: return "schema: a type that is made of itself alone";
      case too_large: return "schema: too large or nested too deeply";
      case wrong_kind: return "schema: a value of the wrong kind";
      case missing_field: return "schema: a field is missing";
      case unknown_field: return "schema: a field that does not belong there";
      case not_nullable: return "schema: null, which is not allowed there";
      case no_member: return "schema: no member of the union";
      case no_such_value: return "schema: no such value of the type";
      case bad_text: return "schema: a text without the parts of its type";
      case unknown_layout: return "schema: an advanced layout";
    }
    return "schema: unknown error";
  }
};
