#pragma once

#include <cairn/core/config.hpp>
#include <cairn/ipld/codec/mode.hpp>
#include <cairn/ipld/schema/schema.hpp>

namespace cairn::ipld {

/// A value as its type sees it, from a value of the data model.
///
/// Records are maps by the names of their fields, with implicit values filled in and absent ones left out; unions are maps of one
/// entry, whose key is the member's name; enumerations are the names of their values; units are null.
/// lax       takes decimal texts and floats without a fraction for integers
/// errors    wrong_kind and the others behind it, about the path · too_large where types are nested too deeply
/// cost      O(size of the value) and the fields of its records
CAIRN_DECL auto read_typed(schema const& s, std::uint32_t type, node const& value, codec_mode mode = codec_mode::strict) -> io_result<node>;

/// The value of the data model from what `read_typed` gives: its inverse.
CAIRN_DECL auto write_typed(schema const& s, std::uint32_t type, node const& typed) -> io_result<node>;

/// The same for a type by its name.
///
/// errors    unknown_type
CAIRN_DECL auto read_typed(schema const& s, std::string_view type, node const& value, codec_mode mode = codec_mode::strict) -> io_result<node>;
CAIRN_DECL auto write_typed(schema const& s, std::string_view type, node const& typed) -> io_result<node>;

}  // namespace cairn::ipld

#if CAIRN_HEADER_ONLY
#  include <cairn/ipld/impl/schema_typed.ipp>
#  include <cairn/ipld/impl/schema_write.ipp>
#endif
