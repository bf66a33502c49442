#pragma once
// block

#include <cairn/core/try.hpp>
#include <cairn/service/command.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/go_text.hpp>
#include <cairn/service/impl/handler.hpp>
#include <cairn/service/output.hpp>
#include <cairn/service/request.hpp>

namespace cairn::service::detail {

inline void write_block_facts(json_writer& json, std::string_view key, std::uint64_t size) {
  json.object([&] {
    json.key("Key").value(key);
    json.key("Size").value(size);
  });
}

inline auto run_block_get(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto ref, first_argument(in, "cid"));
  CAIRN_TRY(auto* api, in.api());
  CAIRN_TRY(auto b, api->block_get(ref));
  return out.raw(b.data());
}

inline auto run_block_stat(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto ref, first_argument(in, "cid"));
  CAIRN_TRY(auto style, style_of(in));
  CAIRN_TRY(auto* api, in.api());
  CAIRN_TRY(auto facts, api->block_stat(ref));
  auto const key = cid_text(facts.id, style);
  return out.emit([&](std::string& text) { text += "Key: " + key + "\nSize: " + std::to_string(facts.size) + "\n"; },
                  [&](json_writer& json) { write_block_facts(json, key, facts.size); });
}

inline auto run_block_put(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto style, style_of(in));
  auto const format = in.text("format").value_or("");
  auto codec_name = in.text("cid-codec").value_or("");
  if (codec_name.empty()) codec_name = "raw";
  auto prefix = cid_prefix{};
  if (!format.empty()) {
    if (codec_name != "raw") return fail("unable to use \"format\" (deprecated) and a custom \"cid-codec\" at the same time");
    // the old names: "v0" and "protobuf" mean dag-pb, "cbor" means dag-cbor
    codec_name = format == "v0" || format == "protobuf" ? "dag-pb" : format == "cbor" ? "dag-cbor" : format;
    if (format == "v0") prefix.version = 0;
  }
  CAIRN_TRY(auto const codecs, codecs_of(in));
  auto const codec = codecs.find(codec_name);
  auto const number = codec ? std::optional{codec->code} : parse_go_unsigned(codec_name);
  if (!number) return fail("unknown multicodec: " + go_quoted(codec_name));
  prefix.codec = *number;
  CAIRN_TRY(auto* api, in.api());
  auto const hash_name = !in.text("mhtype").value_or("").empty() ? std::string{*in.text("mhtype")} : api->import_text("HashFunction").value_or("sha2-256");
  auto const hash = hash_named(hash_name);
  if (!hash) return fail("unrecognized multihash function: " + std::string{hash_name});
  prefix.hash = *hash;
  CAIRN_TRY(check_safe_hash(*hash));
  auto const length = in.number("mhlen").value_or(-1);
  if (length >= 0) prefix.digest_size = static_cast<std::size_t>(length);
  if (length >= 0 && length < static_cast<std::int64_t>(limits::digest_min) && prefix.hash != code::identity)
    return fail("digest too small: " + std::string{hash_name} + " digest got " + std::to_string(length) + " bytes, minimum 20");
  if (format == "v0" && (*hash != code::sha2_256 || (length >= 0 && length != 32))) return fail("only sha2-255-32 is allowed with CIDv0");
  for (;;) {
    CAIRN_TRY(auto f, in.next_file());
    if (!f) return {};
    CAIRN_TRY(auto data, read_small_file(in, *f, in.flag("allow-big-block") ? std::size_t{1} << 31 : limits::block + 1));
    CAIRN_TRY(check_block_size(in, data.size()));
    auto facts = api->block_put(data, prefix, in.flag("pin"));
    if (!facts && facts.error() == multihash_errc::bad_length) return fail("invalid cid: requested length was too large for digest");
    if (!facts) return std::unexpected(std::move(facts).error());
    auto const key = cid_text(facts->id, style);
    CAIRN_TRY(out.emit([&](std::string& text) { text += key + "\n"; }, [&](json_writer& json) { write_block_facts(json, key, facts->size); }));
  }
  return {};
}

inline auto run_block_rm(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto style, style_of(in));
  CAIRN_TRY(auto* api, in.api());
  auto failed = false;
  for (auto const& argument : in.arguments) {
    CAIRN_TRY(auto at, api->resolve(argument));
    auto const key = cid_text(at.id, style);
    auto const done = api->block_remove(at.id, in.flag("force"));
    auto const why = done ? std::string{} : to_string(done.error());
    failed = failed || !done;
    if (!done && (out.form() == encoding::text || !in.node())) out.complain("cannot remove " + key + ": " + why);
    else if (!done || !in.flag("quiet"))
      CAIRN_TRY(out.emit([&](std::string& text) { text += "removed " + key + "\n"; },
                         [&](json_writer& json) {
                           json.object([&] {
                             json.key("Hash").value(key);
                             if (!why.empty()) json.key("Error").value(why);
                           });
                         }));
  }
  if (failed && (out.form() == encoding::text || !in.node())) return fail("some blocks not removed");
  return {};
}

inline constexpr argument block_argument[]{{"cid", argument_type::text, true, false, "The CID of the block.", true}};
inline constexpr argument block_list_argument[]{{"cid", argument_type::text, true, true, "The CIDs of the blocks."}};
inline constexpr argument block_data_argument[]{{"data", argument_type::file, true, true, "The bytes of the block.", true}};
inline constexpr option block_put_options[]{
    {"cid-codec", option_type::text, "The codec of the CID.", "raw"},
    {"mhtype", option_type::text, "The hash function."},
    {"mhlen", option_type::int32, "The length of the digest in bytes, -1 for all of it.", "-1"},
    {"pin", option_type::boolean, "Pin the block, recursively.", "false"},
    {"allow-big-block", option_type::boolean, "Allow blocks above 2 MiB. They cannot be sent to other nodes by bitswap.", "false"},
    {"format f", option_type::text, "The codec by an old name (DEPRECATED)"},
};
inline constexpr option block_rm_options[]{
    {"force f", option_type::boolean, "It is no error where a block is not there."},
    {"quiet q", option_type::boolean, "Print errors only."},
};
inline constexpr command block_commands[]{
    {.name = "get", .summary = "Print the bytes of a block.", .about = "Writes the block at a path to standard output as it is.",
     .examples = "> ipfs block get bafkqaddimvwgy3zk\nhello", .arguments = block_argument, .run = run_block_get},
    {.name = "put", .summary = "Store bytes as a block.",
     .about = "Reads each file, or standard input, as one block, stores it and prints its CID. Nothing is looked at but the size.",
     .examples = "> echo hello | ipfs block put --mhtype blake3", .arguments = block_data_argument, .options = block_put_options, .run = run_block_put},
    {.name = "rm", .summary = "Remove blocks from the repo.", .about = "Removes blocks that no pin holds. What is pinned, also below another block, stays and is an error.",
     .examples = "> ipfs block rm --force <cid>", .arguments = block_list_argument, .options = block_rm_options, .run = run_block_rm},
    {.name = "stat", .summary = "Print CID and size of a block.", .about = "Prints the CID at the end of a path, and how many bytes its block has.",
     .examples = "> ipfs block stat bafkqaddimvwgy3zk\nKey: bafkqaddimvwgy3zk\nSize: 6", .arguments = block_argument, .run = run_block_stat},
};

}  // namespace cairn::service::detail
