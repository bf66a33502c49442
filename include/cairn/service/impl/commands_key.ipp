#pragma once
// key, id

#include <cairn/core/try.hpp>
#include <cairn/service/command.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/go_text.hpp>
#include <cairn/service/impl/handler.hpp>
#include <cairn/service/output.hpp>
#include <cairn/service/request.hpp>
#include <cairn/service/version.hpp>

#include <cerrno>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cairn::service::detail {

inline auto ipns_base_of(request const& in) -> io_result<std::optional<multibase>> { return peer_base_named(in.text("ipns-base").value_or("base36")); }

inline auto bits_of(request const& in, std::string_view name) -> std::optional<std::int64_t> { return in.given(name) ? in.number(name) : std::nullopt; }

inline void write_key(json_writer& json, std::string_view name, std::string_view id) {
  json.object([&] {
    json.key("Name").value(name);
    json.key("Id").value(id);
  });
}

inline auto emit_keys(request const& in, output& out, std::vector<key_facts> const& keys, std::optional<multibase> base) -> io_result<void> {
  return out.emit(
      [&](std::string& text) {
        auto columns = text_columns{};
        for (auto const& k : keys) {
          if (in.flag("l")) columns.row({peer_text(k.id, base), escaped_name(k.name), ""});
          else columns.row({escaped_name(k.name)});
        }
        columns.write(text);
      },
      [&](json_writer& json) {
        json.object([&] {
          json.key("Keys").array([&] {
            for (auto const& k : keys) write_key(json, k.name, peer_text(k.id, base));
          });
        });
      });
}

inline auto emit_key(output& out, key_facts const& key, std::optional<multibase> base) -> io_result<void> {
  auto const id = peer_text(key.id, base);
  return out.emit([&](std::string& text) { text += id + "\n"; }, [&](json_writer& json) { write_key(json, key.name, id); });
}

inline auto run_key_gen(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto name, first_argument(in, "name"));
  CAIRN_TRY(auto base, ipns_base_of(in));
  CAIRN_TRY(auto* api, in.api());
  CAIRN_TRY(auto key, api->key_generate(name, in.text("type").value_or("ed25519"), bits_of(in, "size")));
  return emit_key(out, key, base);
}

inline auto run_key_ls(request& in, output& out) -> io_result<void> {
  auto const base = ipns_base_of(in);
  if (!base) return fail("cannot get key encoder: " + to_string(base.error()));
  CAIRN_TRY(auto* api, in.api());
  CAIRN_TRY(auto keys, api->key_list());
  return emit_keys(in, out, keys, *base);
}

inline auto run_key_rm(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto base, ipns_base_of(in));
  CAIRN_TRY(auto names, in.all_arguments());
  CAIRN_TRY(auto* api, in.api());
  auto keys = std::vector<key_facts>{};
  for (auto const& name : names) {
    CAIRN_TRY(auto key, api->key_remove(name));
    keys.push_back(std::move(key));
  }
  return emit_keys(in, out, keys, base);
}

inline auto run_key_rename(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto base, ipns_base_of(in));
  auto const& from = in.arguments[0];
  auto const& to = in.arguments[1];
  CAIRN_TRY(auto* api, in.api());
  CAIRN_TRY(auto done, api->key_rename(from, to, in.flag("force")));
  auto const id = peer_text(done.first.id, base);
  return out.emit(
      [&](std::string& text) { text += "Key " + id + " renamed to " + escaped_name(to) + (done.second ? " with overwriting\n" : "\n"); },
      [&](json_writer& json) {
        json.object([&] {
          json.key("Was").value(from);
          json.key("Now").value(to);
          json.key("Id").value(id);
          json.key("Overwrite").value(done.second);
        });
      });
}

inline auto key_format_of(request const& in, std::string_view doing) -> io_result<key_format> {
  auto const name = in.text("format").value_or("libp2p-protobuf-cleartext");
  if (name == "libp2p-protobuf-cleartext") return key_format::libp2p_protobuf;
  if (name == "pem-pkcs8-cleartext") return key_format::pem_pkcs8;
  return fail("unrecognized " + std::string{doing} + " format: " + std::string{name});
}

inline auto run_key_import(request& in, output& out) -> io_result<void> {
  auto const& name = in.arguments[0];
  if (name == "self") return fail("cannot import key with name 'self'");
  CAIRN_TRY(auto base, ipns_base_of(in));
  CAIRN_TRY(auto format, key_format_of(in, "import"));
  if (in.files.empty()) return fail("argument \"key\" is required");
  CAIRN_TRY(auto file, in.read_file(in.files[0], 64 * limits::KiB));
  CAIRN_TRY(auto* api, in.api());
  auto key = api->key_import(name, file, format, in.flag("allow-any-key-type"));
  ::explicit_bzero(file.data(), file.size());
  if (!key) return std::unexpected(std::move(key).error());
  return emit_key(out, *key, base);
}

// A key goes into a new file that only its owner reads, renamed over the old one when it is whole; devices and pipes are written.
inline auto write_key_file(std::string const& path, bytes_view data) -> io_result<void> {
  auto const bad = [&](std::string_view doing) { return std::unexpected(error::system(errno, doing, path)); };
  auto const put = [&](int to) -> bool {
    for (auto rest = data; !rest.empty();) {
      auto const n = ::write(to, rest.data(), rest.size());
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return false;
      rest = rest.subspan(static_cast<std::size_t>(n));
    }
    return true;
  };
  struct stat facts {};
  if (::stat(path.c_str(), &facts) == 0) {
    if (S_ISCHR(facts.st_mode) || S_ISFIFO(facts.st_mode)) {
      auto const to = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
      if (to < 0) return bad("cannot open");
      auto const done = put(to);
      ::close(to);
      return done ? io_result<void>{} : bad("cannot write");
    }
    if (!S_ISREG(facts.st_mode)) return fail("refusing to export key to " + path + ": not a regular file, character device or pipe");
  }
  auto const temporary = path + ".part";
  auto const to = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (to < 0) return bad("cannot create");
  auto const done = put(to) && ::fsync(to) == 0;
  auto const closed = ::close(to) == 0;
  if (done && closed && ::rename(temporary.c_str(), path.c_str()) == 0) return {};
  auto const number = errno;
  ::unlink(temporary.c_str());
  errno = number;
  return bad("cannot write");
}

inline auto run_key_export(request& in, output&) -> io_result<void> {
  CAIRN_TRY(auto name, first_argument(in, "name"));
  if (name == "self") return fail("cannot export key with name 'self'");
  CAIRN_TRY(auto format, key_format_of(in, "export"));
  auto path = std::string{in.text("output").value_or("")};
  if (path.empty()) {
    path = name;
    while (path.ends_with('/')) path.pop_back();
    path = path.substr(path.rfind('/') + 1) + (format == key_format::pem_pkcs8 ? ".pem" : ".key");
  }
  CAIRN_TRY(auto folder, in.repo_path());
  CAIRN_TRY(auto data, core_api::export_key(folder, name, format));
  auto done = write_key_file(path, data);
  ::explicit_bzero(data.data(), data.size());
  return done;
}

inline auto run_key_rotate(request& in, output& out) -> io_result<void> {
  auto const old_name = in.text("oldkey");
  if (!old_name) return fail("keystore name for backing up old key must be provided");
  if (*old_name == "self") return fail("keystore name for back up cannot be named 'self'");
  auto const type = in.text("type").value_or("ed25519");
  CAIRN_TRY(auto* api, in.api());
  auto upper = std::string{type};
  for (auto& c : upper)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c & ~0x20);
  CAIRN_TRY(auto key, api->key_rotate(*old_name, type, bits_of(in, "size")));
  return out.text("generating " + upper + " keypair...done\npeer identity: " + peer_text(key.id, std::nullopt) + "\n");
}

inline constexpr std::size_t signed_data_limit = 1u << 30;

inline auto run_key_sign(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto base, ipns_base_of(in));
  if (in.files.empty()) return fail("argument \"data\" is required");
  CAIRN_TRY(auto data, in.read_file(in.files[0], signed_data_limit));
  CAIRN_TRY(auto* api, in.api());
  CAIRN_TRY(auto done, api->key_sign(in.text("key").value_or(""), data));
  auto const write = [&](json_writer& json) {
    json.object([&] {
      json.key("Key");
      write_key(json, done.first.name, peer_text(done.first.id, base));
      json.key("Signature").value(encode_multibase(multibase::base64url, done.second));
    });
  };
  return out.emit([&](std::string& text) { auto json = json_writer{text}; write(json); text += '\n'; }, write);
}

inline auto run_key_verify(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto base, ipns_base_of(in));
  auto const signature = decode_multibase(in.text("signature").value_or(""));
  if (!signature) return fail(signature.error() == multibase_errc::empty ? "cannot decode multibase for zero length string" : std::string{describe(signature.error())});
  if (in.files.empty()) return fail("argument \"data\" is required");
  CAIRN_TRY(auto data, in.read_file(in.files[0], signed_data_limit));
  CAIRN_TRY(auto* api, in.api());
  CAIRN_TRY(auto done, api->key_verify(in.text("key").value_or(""), data, signature->second));
  auto const write = [&](json_writer& json) {
    json.object([&] {
      json.key("Key");
      write_key(json, done.first.name, peer_text(done.first.id, base));
      json.key("SignatureValid").value(done.second);
    });
  };
  return out.emit([&](std::string& text) { auto json = json_writer{text}; write(json); text += '\n'; }, write);
}

inline constexpr argument key_name[]{{"name", argument_type::text, true, false, "The name of the key."}};
inline constexpr argument key_export_name[]{{"name", argument_type::text, true, false, "The name of the key.", true}};
inline constexpr argument key_names[]{{"name", argument_type::text, true, true, "The names of the keys.", true}};
inline constexpr argument key_two_names[]{{"name", argument_type::text, true, false, "The name now."}, {"newName", argument_type::text, true, false, "The new name."}};
inline constexpr argument key_import_arguments[]{{"name", argument_type::text, true, false, "The name for the key."}, {"key", argument_type::file, true, false, "The file with the key."}};
inline constexpr argument key_data[]{{"data", argument_type::file, true, false, "The data.", true}};

#define CAIRN_IPNS_BASE_OPTION \
  {"ipns-base", option_type::text, "How keys are written: as a CID in a multibase, or b58mh for a base58btc multihash.", "base36"}
inline constexpr option key_gen_options[]{
    {"type t", option_type::text, "The type of the key: rsa, ed25519, secp256k1.", "ed25519"},
    {"size s", option_type::int32, "The size of an RSA key in bits."},
    CAIRN_IPNS_BASE_OPTION,
};
inline constexpr option key_export_options[]{
    {"output o", option_type::text, "The file to write."},
    {"format f", option_type::text, "The form of the file: libp2p-protobuf-cleartext or pem-pkcs8-cleartext.", "libp2p-protobuf-cleartext"},
};
inline constexpr option key_import_options[]{
    CAIRN_IPNS_BASE_OPTION,
    {"format f", option_type::text, "The form of the file: libp2p-protobuf-cleartext or pem-pkcs8-cleartext.", "libp2p-protobuf-cleartext"},
    {"allow-any-key-type", option_type::boolean, "Take types that `key gen` does not make.", "false"},
};
inline constexpr option key_ls_options[]{{"l", option_type::boolean, "Print the IDs of the keys too."}, CAIRN_IPNS_BASE_OPTION};
inline constexpr option key_rename_options[]{{"force f", option_type::boolean, "Overwrite a key of the new name."}, CAIRN_IPNS_BASE_OPTION};
inline constexpr option key_rotate_options[]{
    {"oldkey o", option_type::text, "The name under which the old identity is kept."},
    {"type t", option_type::text, "The type of the new key: rsa, ed25519, secp256k1.", "ed25519"},
    {"size s", option_type::int32, "The size of an RSA key in bits."},
};
inline constexpr option key_sign_options[]{{"key k", option_type::text, "The name of the key; self without it."}, CAIRN_IPNS_BASE_OPTION};
inline constexpr option key_verify_options[]{
    {"key k", option_type::text, "The name of the key; self without it."}, {"signature s", option_type::text, "The signature in a multibase."}, CAIRN_IPNS_BASE_OPTION};
#undef CAIRN_IPNS_BASE_OPTION
inline constexpr command key_commands[]{
    {.name = "export", .summary = "Write a key to a file", .about = "Writes the private key, unprotected, to a file that only you can read.",
     .examples = "> ipfs key export --format pem-pkcs8-cleartext -o blog.pem blog", .arguments = key_export_name, .options = key_export_options, .run = run_key_export,
     .place = command_place::here_only},
    {.name = "gen", .summary = "Make a key", .about = "Makes a key pair under a name and prints its ID.", .examples = "> ipfs key gen --type ed25519 blog", .arguments = key_name,
     .options = key_gen_options, .run = run_key_gen},
    {.name = "import", .summary = "Take a key from a file", .about = "Stores the private key of a file under a name and prints its ID.", .examples = "> ipfs key import blog blog.key",
     .arguments = key_import_arguments, .options = key_import_options, .run = run_key_import},
    {.name = "list", .summary = "Deprecated: use 'ipfs key ls'.", .options = key_ls_options, .run = run_key_ls, .status = command_status::deprecated},
    {.name = "ls", .summary = "List the keys.", .about = "Prints the names of the keys, self first.", .examples = "> ipfs key ls -l", .options = key_ls_options, .run = run_key_ls},
    {.name = "rename", .summary = "Rename a key.", .about = "Gives a key another name.", .examples = "> ipfs key rename blog journal", .arguments = key_two_names,
     .options = key_rename_options, .run = run_key_rename},
    {.name = "rm", .summary = "Remove keys.", .about = "Removes keys. What was published under them cannot be changed any more.", .examples = "> ipfs key rm blog", .arguments = key_names,
     .options = key_ls_options, .run = run_key_rm},
    {.name = "rotate", .summary = "Change the identity of the node.", .about = "Makes a new identity. The old one is kept among the keys.", .examples = "> ipfs key rotate --oldkey old-self",
     .options = key_rotate_options, .run = run_key_rotate, .place = command_place::alone},
    {.name = "sign", .summary = "Sign data with a key.", .about = "Prints a signature of the data, which proves who holds the key.", .examples = "> ipfs key sign --key blog letter.txt",
     .arguments = key_data, .options = key_sign_options, .run = run_key_sign, .status = command_status::experimental},
    {.name = "verify", .summary = "Check such a signature.", .about = "Prints whether the signature is that key's, of that data.",
     .examples = "> ipfs key verify --key blog --signature <signature> letter.txt", .arguments = key_data, .options = key_verify_options, .run = run_key_verify,
     .status = command_status::experimental},
};

}  // namespace cairn::service::detail
