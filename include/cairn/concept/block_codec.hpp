#pragma once

#include <cairn/core/error.hpp>
#include <cairn/core/result.hpp>

#include <concepts>
#include <string_view>

/// Data-model nodes as the bytes of a block, and back.
///
/// Laws (tests/laws/block_codec.hpp)
///   L1  decode(encode(n)) is n, for every n that encode accepts
///   L2  encode is canonical: encode(decode(encode(n))) has the bytes of encode(n)
///   L3  links(b) gives the links of decode(b) in the order of the bytes, duplicates included
///   L4  a prefix of a block is a typed error or another block, never a crash; so is a block with one octet changed
///   L5  memory follows the bytes that were read, never a declared length; nesting above limits::depth is an error
///   L6  a failed encode leaves its output as it was
///
/// Models: raw · dag_pb · dag_cbor · drisl · dag_jose · dag_json · plain_cbor · plain_json
namespace cairn {

class link_sink;
namespace ipld {
class node;
}

template <class C>
concept block_codec = module_errc<typename C::errc> && requires(bytes_view in, ipld::node const& n, bytes& out, link_sink const& sink) {
  { C::code } -> std::convertible_to<std::uint64_t>;      ///< of the multicodec table
  { C::name } -> std::convertible_to<std::string_view>;   ///< of the multicodec table
  { C::decode(in) } -> std::same_as<result<ipld::node, typename C::errc>>;
  { C::encode(n, out) } -> std::same_as<result<void, typename C::errc>>;
  { C::links(in, sink) } -> std::same_as<result<void, typename C::errc>>;
};

}  // namespace cairn
