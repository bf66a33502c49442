#pragma once
// cid, multibase: text in, text out, no repo

#include <cairn/core/text.hpp>
#include <cairn/core/try.hpp>
#include <cairn/crypto/hash.hpp>
#include <cairn/service/command.hpp>
#include <cairn/service/go_text.hpp>
#include <cairn/service/impl/handler.hpp>
#include <cairn/service/kubo_text.hpp>
#include <cairn/service/output.hpp>
#include <cairn/service/request.hpp>

#include <algorithm>
#include <vector>

namespace cairn::service::detail {

inline constexpr std::size_t multibase_text_limit = 1u << 30;

inline auto base_name(multibase base) -> std::string_view { return to_string(base); }

inline auto codec_name_or(multicodec_overlay const& codecs, std::uint64_t code, std::string_view otherwise) -> std::string {
  auto const row = codecs.find(code);
  return std::string{row ? row->name : otherwise};
}

inline auto without_prefix(multibase base, bytes_view in) -> std::string { return encode_base(base, in); }

// One CID by a format of %-letters. errors: a bad format (ends the command), or what this CID cannot do
inline auto formatted(multicodec_overlay const& codecs, std::string_view format, multibase base, cid const& id) -> io_result<std::string> {
  auto const hash_name = [&] { return codec_name_or(codecs, id.hash().code(), "hash?" + std::to_string(id.hash().code())); };
  auto const codec_name = [&] {
    char code[32];
    std::snprintf(code, sizeof code, "Code(%llu)", static_cast<unsigned long long>(id.codec()));
    return codec_name_or(codecs, id.codec(), code);
  };
  auto const hash_bytes = [&] {
    auto b = bytes{};
    append_multihash(b, id.hash());
    return b;
  };
  auto const bad = [](std::string text) { return std::unexpected(error::message("format", std::move(text))); };
  auto out = std::string{};
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%') {
      out += format[i];
      continue;
    }
    if (++i == format.size()) return bad("premature end of format string");
    switch (format[i]) {
      case '%': out += '%'; break;
      case 'b': out += base_name(base); break;
      case 'B': out += static_cast<char>(static_cast<char32_t>(base)); break;
      case 'v': out += "cidv" + std::to_string(id.version()); break;
      case 'V': out += std::to_string(id.version()); break;
      case 'c': out += codec_name(); break;
      case 'C': out += std::to_string(id.codec()); break;
      case 'h': out += hash_name(); break;
      case 'H': out += std::to_string(id.hash().code()); break;
      case 'L': out += std::to_string(id.hash().digest().size()); break;
      case 'm': out += encode_multibase(base, hash_bytes()); break;
      case 'M': out += without_prefix(base, hash_bytes()); break;
      case 'd': out += encode_multibase(base, id.hash().digest()); break;
      case 'D': out += without_prefix(base, id.hash().digest()); break;
      case 's': {
        auto text = to_string(id, base);
        if (!text) return std::unexpected(error::message("cid", "invalid base for CIDv0"));
        out += *text;
        break;
      }
      case 'S': out += without_prefix(base, to_bytes(id)); break;
      case 'P':
        out += "cidv" + std::to_string(id.version()) + "-" + codec_name() + "-" + hash_name() + "-" + std::to_string(id.hash().digest().size());
        break;
      default: return bad("unrecognized specifier in format string: %" + std::string{format[i]});
    }
  }
  return out;
}

struct cid_change {
  std::string_view format = "%s";
  std::optional<multibase> base = {};
  std::optional<unsigned> version = {};
  std::optional<std::uint64_t> codec = {};
};

inline auto changed(multicodec_overlay const& codecs, std::string_view text, cid_change const& change) -> io_result<std::string> {
  CAIRN_TRY(auto id, read_cid_text(text));
  if (change.codec && *change.codec != id.codec()) id = cid::v1(*change.codec, id.hash());
  if (change.version == 1u) id = id.to_v1();
  if (change.version == 0u) {
    auto const old = to_v0(id);
    if (!old) return std::unexpected(error::message("cid", "can't convert non-dag-pb nodes to cidv0"));
    id = *old;
  }
  auto const base = change.base                ? *change.base
                    : id.version() == 0        ? multibase::base58btc
                    : text.starts_with("Qm")   ? multibase::base58btc
                                               : read_multibase_prefix(text).value_or(multibase::base32);
  return formatted(codecs, change.format, base, id);
}

inline auto emit_changed_cids(request& in, output& out, multicodec_overlay const& codecs, cid_change const& change) -> io_result<void> {
  auto failed = false, any = false;
  for (;; any = true) {
    CAIRN_TRY(auto next, in.next_argument());
    if (!next) break;
    auto text = std::move(*next);
    if (text.ends_with('\r')) text.pop_back();
    auto done = changed(codecs, text, change);
    if (!done && done.error().module() == "format") return std::unexpected(std::move(done).error());
    if (in.node() && out.form() == encoding::json) {
      CAIRN_TRY(out.emit([](std::string&) {},
                         [&](json_writer& json) {
                           json.object([&] {
                             json.key("CidStr").value(text);
                             json.key("Formatted").value(done ? *done : std::string{});
                             json.key("ErrorMsg").value(done ? std::string{} : to_string(done.error()));
                           });
                         }));
      continue;
    }
    if (!done) {
      failed = true;
      out.complain(text + ": " + to_string(done.error()));
      continue;
    }
    // the command line prints lines whatever --encoding says, as Kubo's does
    CAIRN_TRY(out.text(*done + "\n"));
  }
  if (!any) return fail("argument \"cid\" is required");
  if (failed) return std::unexpected(error::message("cid", "errors while displaying some entries"));
  return {};
}

inline auto run_cid_format(request& in, output& out) -> io_result<void> {
  auto const bad = [](std::string text) { return std::unexpected(error::message("cid", std::move(text))); };
  CAIRN_TRY(auto const codecs, codecs_of(in));
  auto change = cid_change{.format = in.text("f").value_or("%s")};
  if (change.format.find('%') == std::string_view::npos) return bad("invalid format string: " + go_quoted(change.format));
  if (auto const codec = in.text("mc").value_or(""); !codec.empty()) {
    if (auto const row = codecs.find(codec)) change.codec = row->code;
    if (!change.codec) change.codec = parse_go_unsigned(codec);
    if (!change.codec) return bad("unknown multicodec: " + go_quoted(codec));
  }
  auto const version = in.text("v").value_or(""), base = in.text("b").value_or("");
  if (version == "0") {
    if (change.codec && *change.codec != code::dag_pb) return bad("cannot convert to CIDv0 with any codec other than dag-pb");
    if (!base.empty() && base != "base58btc") return bad("cannot convert to CIDv0 with any multibase other than the implicit base58btc");
    change.version = 0;
  } else if (version == "1" || (version.empty() && !base.empty())) {
    change.version = 1;
  } else if (!version.empty()) {
    return bad("invalid cid version: " + go_quoted(version));
  }
  if (!base.empty()) {
    CAIRN_TRY(change.base, base_named(base));
  }
  return emit_changed_cids(in, out, codecs, change);
}

inline auto run_cid_base32(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto const codecs, codecs_of(in));
  return emit_changed_cids(in, out, codecs, {.base = multibase::base32, .version = 1});
}

struct code_and_name {
  std::uint64_t code;
  std::string_view name;
};

inline auto emit_codes(request& in, output& out, std::vector<code_and_name> rows) -> io_result<void> {
  std::sort(rows.begin(), rows.end(), [](auto const& a, auto const& b) { return a.code < b.code; });
  return out.emit(
      [&](std::string& text) {
        for (auto const& r : rows) {
          char code[32]{};
          if (in.flag("numeric")) std::snprintf(code, sizeof code, "%5llu  ", static_cast<unsigned long long>(r.code));
          text += code;
          text += r.name;
          text += '\n';
        }
      },
      [&](json_writer& json) {
        json.array([&] {
          for (auto const& r : rows)
            json.object([&] {
              json.key("Code").value(r.code);
              json.key("Name").value(r.name);
            });
        });
      });
}

// Those of Kubo: a script that reads the list finds what it knows. More can be read and written: base8, base10, base32z, base45, proquint.
inline auto listed_bases() -> std::vector<multibase_row> {
  auto rows = std::vector<multibase_row>{};
  constexpr std::string_view more[]{"base8", "base10", "base32z", "base45", "proquint"};
  for (auto const& row : multibase_table())
    if (std::find(std::begin(more), std::end(more), row.name) == std::end(more)) rows.push_back(row);
  auto const folded = [](multibase base) {
    auto const c = static_cast<char32_t>(base);
    return c < 128 ? (c >= U'A' && c <= U'Z' ? c + 32 : c) : c;
  };
  // letters in the order of the alphabet, the small one of a pair first
  std::sort(rows.begin(), rows.end(), [&](auto const& a, auto const& b) {
    return folded(a.base) != folded(b.base) ? folded(a.base) < folded(b.base) : a.base > b.base;
  });
  return rows;
}

inline auto run_cid_bases(request& in, output& out) -> io_result<void> {
  auto const rows = listed_bases();
  return out.emit(
      [&](std::string& text) {
        for (auto const& r : rows) {
          auto const shown = r.prefix.empty() || static_cast<unsigned char>(r.prefix[0]) < 0x20 ? std::string_view{" "} : r.prefix;
          char number[32];
          std::snprintf(number, sizeof number, "%7u", static_cast<unsigned>(r.base));
          if (in.flag("prefix")) text += std::string{shown} + (in.flag("numeric") ? " " : "  ");
          if (in.flag("numeric")) text += std::string{number} + "  ";
          text += r.name;
          text += '\n';
        }
      },
      [&](json_writer& json) {
        json.array([&] {
          for (auto const& r : rows)
            json.object([&] {
              json.key("Code").value(static_cast<std::uint64_t>(r.base));
              json.key("Name").value(r.name);
            });
        });
      });
}

inline auto run_cid_codecs(request& in, output& out) -> io_result<void> {
  constexpr std::uint64_t supported[]{code::cbor, code::raw, code::dag_pb, code::dag_cbor, code::libp2p_key, code::git_raw, code::dag_jose, code::dag_json, code::json};
  CAIRN_TRY(auto const codecs, codecs_of(in));
  auto rows = std::vector<code_and_name>{};
  for (auto const& row : codecs.rows())
    if (row.tag == multicodec_tag::ipld && (!in.flag("supported") || std::find(std::begin(supported), std::end(supported), row.code) != std::end(supported)))
      rows.push_back({row.code, row.name});
  return emit_codes(in, out, std::move(rows));
}

inline auto run_cid_hashes(request& in, output& out) -> io_result<void> {
  auto rows = std::vector<code_and_name>{};
  for (auto const& h : hash_functions())
    if (is_safe_hash(h)) rows.push_back({h.code, h.name});
  return emit_codes(in, out, std::move(rows));
}

inline auto run_cid_inspect(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto next, in.next_argument());
  if (!next) return std::unexpected(error::message("cid", "argument \"cid\" is required"));
  auto const text = std::move(*next);
  auto const id = read_cid_text(text);
  if (!id) {
    auto sentence = "invalid CID: " + to_string(id.error());
    if (auto const peer = peer_cid(text))
      sentence += "\nNote: the value is a PeerID; inspect its CID representation instead:\n  " + peer_text(*peer, multibase::base36);
    if (out.form() == encoding::text) return std::unexpected(error::message("cid", std::move(sentence)));
    return out.emit([](std::string&) {},
                    [&](json_writer& json) {
                      json.object([&] {
                        json.key("cid").value(text);
                        json.key("version").value(0);
                        json.key("multibase").raw(R"({"prefix":"","name":""})");
                        json.key("multicodec").raw(R"({"code":0,"name":""})");
                        json.key("multihash").raw(R"({"code":0,"name":"","length":0,"digest":""})");
                        json.key("cidV1").value("");
                        json.key("errorMsg").value(sentence);
                      });
                    });
  }
  auto const base = id->version() == 0 ? multibase::base58btc : read_multibase_prefix(text).value_or(multibase::base32);
  auto prefix = std::string_view{};
  for (auto const& row : multibase_table())
    if (row.base == base) prefix = row.prefix;
  CAIRN_TRY(auto const codecs, codecs_of(in));
  auto const codec = codec_name_or(codecs, id->codec(), "unknown"), hash = codec_name_or(codecs, id->hash().code(), "unknown");
  auto const old = to_v0(*id);
  auto const v1 = *to_string(id->to_v1(), id->codec() == code::libp2p_key ? multibase::base36 : multibase::base32);
  return out.emit(
      [&](std::string& o) {
        auto const implicit = std::string{id->version() == 0 ? ", implicit" : ""};
        char code[64];
        o += "CID:        " + text + "\nVersion:    " + std::to_string(id->version()) + "\n";
        o += "Multibase:  " + std::string{base_name(base)} + " (" + (id->version() == 0 ? "implicit" : std::string{prefix}) + ")\n";
        std::snprintf(code, sizeof code, " (0x%llx", static_cast<unsigned long long>(id->codec()));
        o += "Multicodec: " + codec + code + implicit + ")\n";
        std::snprintf(code, sizeof code, " (0x%llx", static_cast<unsigned long long>(id->hash().code()));
        o += "Multihash:  " + hash + code + implicit + ")\n";
        o += "  Length:   " + std::to_string(id->hash().digest().size()) + " bytes\n";
        o += "  Digest:   " + to_hex(id->hash().digest()) + "\n";
        if (old) {
          o += "CIDv0:      " + to_string(*old) + "\n";
        } else {
          std::snprintf(code, sizeof code, " (0x%llx)", static_cast<unsigned long long>(id->codec()));
          if (id->codec() != code::dag_pb) {
            o += "CIDv0:      not possible, requires dag-pb (0x70), got " + codec + code + "\n";
          } else if (id->hash().code() != code::sha2_256) {
            std::snprintf(code, sizeof code, " (0x%llx)", static_cast<unsigned long long>(id->hash().code()));
            o += "CIDv0:      not possible, requires sha2-256 (0x12), got " + hash + code + "\n";
          } else {
            o += "CIDv0:      not possible, requires 32-byte digest, got " + std::to_string(id->hash().digest().size()) + "\n";
          }
        }
        o += "CIDv1:      " + v1 + "\n";
      },
      [&](json_writer& json) {
        json.object([&] {
          json.key("cid").value(text);
          json.key("version").value(id->version());
          json.key("multibase").object([&] {
            json.key("prefix").value(prefix);
            json.key("name").value(base_name(base));
          });
          json.key("multicodec").object([&] {
            json.key("code").value(id->codec());
            json.key("name").value(codec);
          });
          json.key("multihash").object([&] {
            json.key("code").value(id->hash().code());
            json.key("name").value(hash);
            json.key("length").value(static_cast<std::uint64_t>(id->hash().digest().size()));
            json.key("digest").value(to_hex(id->hash().digest()));
          });
          if (old) json.key("cidV0").value(to_string(*old));
          json.key("cidV1").value(v1);
        });
      });
}

inline auto first_file(request& in, std::size_t limit) -> io_result<bytes> {
  if (in.files.empty()) return std::unexpected(error::message("cli", "failed to access file: expected a regular file"));
  return in.read_file(in.files.front(), limit);
}

inline auto run_multibase_encode(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto base, base_named(in.text("b").value_or("")));
  CAIRN_TRY(auto data, first_file(in, multibase_text_limit));
  return out.text(encode_multibase(base, data));
}

inline auto decoded_file(request& in) -> io_result<bytes> {
  CAIRN_TRY(auto text, first_file(in, multibase_text_limit));
  // Go's readers of these bases pass over line ends: what echo and editors add does no harm
  auto const lines = text.empty() ? std::string_view{} : std::string_view{"bBcCvVtThmMuU"};
  if (lines.find(static_cast<char>(text.empty() ? 0 : text[0])) != std::string_view::npos) std::erase_if(text, [](byte c) { return c == '\n' || c == '\r'; });
  auto data = decode_multibase(as_text(text));
  if (!data) {
    auto const sentence = data.error() == multibase_errc::empty            ? "cannot decode multibase for zero length string"
                          : data.error() == multibase_errc::unknown_prefix ? "selected encoding not supported"
                                                                           : std::string{describe(data.error())};
    return std::unexpected(error::message("multibase", "failed to decode multibase: " + sentence));
  }
  return std::move(data->second);
}

inline auto run_multibase_decode(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto data, decoded_file(in));
  return out.raw(data);
}

inline auto run_multibase_transcode(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto base, base_named(in.text("b").value_or("")));
  CAIRN_TRY(auto data, decoded_file(in));
  return out.text(encode_multibase(base, data));
}

inline constexpr argument cid_list[]{{"cid", argument_type::text, true, true, "The CIDs.", true}};
inline constexpr argument one_cid[]{{"cid", argument_type::text, true, false, "The CID.", true}};
inline constexpr option cid_format_options[]{
    {"f", option_type::text, "A format with %-letters, see below.", "%s"},
    {"v", option_type::text, "The CID version to convert to, 0 or 1."},
    {"mc", option_type::text, "The codec to convert to, by name or number."},
    {"b", option_type::text, "The multibase to write the CID in."},
};
inline constexpr option bases_options[]{
    {"prefix", option_type::boolean, "Show the prefix character too."},
    {"numeric", option_type::boolean, "Show the code point too."},
};
inline constexpr option codes_options[]{
    {"numeric n", option_type::boolean, "Show the code too."},
    {"supported s", option_type::boolean, "Show only what this program can read or make."},
};
inline constexpr command cid_commands[]{
    {.name = "base32", .summary = "Write CIDs as CIDv1 in base32.",
     .about = "Brings CIDs of any version and base into the usual form, which also survives where upper and lower case are the same.",
     .examples = "> ipfs cid base32 QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n\nbafybeihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku",
     .arguments = cid_list, .run = run_cid_base32, .place = command_place::caller},
    {.name = "bases", .summary = "List the multibase encodings.", .about = "All bases that CIDs and data can be read from and written in.",
     .examples = "> ipfs cid bases --prefix --numeric", .options = bases_options, .run = run_cid_bases, .place = command_place::caller},
    {.name = "codecs", .summary = "List the codecs that a CID can name.", .about = "The rows of the multicodec registry with the tag ipld.",
     .examples = "> ipfs cid codecs --numeric --supported", .options = codes_options, .run = run_cid_codecs, .place = command_place::caller},
    {.name = "format", .summary = "Convert CIDs, or print their parts.",
     .about = R"(Prints each CID by a format, by default as a CID again. The letters:

  %%  a percent sign
  %b  name of the multibase           %B  its prefix
  %v  version, as cidv1               %V  version, as 1
  %c  name of the codec               %C  its code
  %h  name of the hash function       %H  its code
  %L  length of the digest in bytes
  %m  the multihash in base %b        %M  without the base's prefix
  %d  the digest in base %b           %D  without the base's prefix
  %s  the CID in base %b              %S  without the base's prefix
  %P  the CID's prefix: %v-%c-%h-%L

A CIDv0 has no other base than base58btc; -b makes a CIDv1 of it.)",
     .examples = "> ipfs cid format -v 1 -b base36 QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n\n> ipfs cid format -f '%P' bafkqaaa\ncidv1-raw-identity-0",
     .arguments = cid_list, .options = cid_format_options, .run = run_cid_format, .place = command_place::caller},
    {.name = "hashes", .summary = "List the hash functions that a CID can use.", .about = "The hash functions of this build that are safe to name content by.",
     .examples = "> ipfs cid hashes --numeric", .options = codes_options, .run = run_cid_hashes, .place = command_place::caller},
    {.name = "inspect", .summary = "Take a CID apart.",
     .about = "Prints version, base, codec, hash function and digest of a CID, and the same content as CIDv0 and CIDv1. What a CIDv0 leaves unsaid is marked as implicit.",
     .examples = "> ipfs cid inspect bafkqaaa", .arguments = one_cid, .run = run_cid_inspect, .place = command_place::caller},
};

inline constexpr argument data_file[]{{"file", argument_type::file, true, false, "The data.", true}};
inline constexpr argument text_file[]{{"encoded_file", argument_type::file, true, false, "The text.", true}};
inline constexpr option base_options[]{{"b", option_type::text, "The base.", "base64url"}};
inline constexpr command multibase_commands[]{
    {.name = "decode", .summary = "Turn multibase text into data", .about = "Reads the text from a file or from standard input; the base is known from its first character.",
     .examples = "> echo -n f68656c6c6f | ipfs multibase decode\nhello", .arguments = text_file, .run = run_multibase_decode, .place = command_place::no_repo},
    {.name = "encode", .summary = "Turn data into multibase text", .about = "Reads the data from a file or from standard input.",
     .examples = "> echo -n hello | ipfs multibase encode -b base16\nf68656c6c6f", .arguments = data_file, .options = base_options, .run = run_multibase_encode, .place = command_place::no_repo},
    {.name = "list", .summary = "List the multibase encodings.", .about = "All bases that CIDs and data can be read from and written in.",
     .examples = "> ipfs multibase list --prefix", .options = bases_options, .run = run_cid_bases, .place = command_place::caller},
    {.name = "transcode", .summary = "Change the base of multibase text", .about = "Reads the text from a file or from standard input.",
     .examples = "> echo -n uaGVsbG8 | ipfs multibase transcode -b base16\nf68656c6c6f", .arguments = text_file, .options = base_options, .run = run_multibase_transcode, .place = command_place::no_repo},
};

}  // namespace cairn::service::detail
