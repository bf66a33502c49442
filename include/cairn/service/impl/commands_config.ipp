#pragma once
// config

#include <cairn/core/try.hpp>
#include <cairn/service/command.hpp>
#include <cairn/service/config_text.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/go_text.hpp>
#include <cairn/service/impl/config_diff.hpp>
#include <cairn/service/impl/config_keys.hpp>
#include <cairn/service/impl/config_types.hpp>
#include <cairn/service/impl/handler.hpp>
#include <cairn/service/output.hpp>
#include <cairn/service/request.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <sys/wait.h>
#include <unistd.h>

namespace cairn::service::detail {

inline constexpr std::size_t config_limit = 16 * limits::MiB;

/// The file of the config: --config-file, else in the repo.
inline auto config_path(request& in) -> io_result<std::string> {
  if (auto const given = in.text("config-file"); given && !given->empty()) return std::string{*given};
  if (auto const given = in.text("config"); given && !given->empty()) return std::string{*given};
  CAIRN_TRY(auto folder, in.repo_path());
  return folder + "/config";
}

inline auto read_config(request& in) -> io_result<ipld::node> {
  CAIRN_TRY(auto path, config_path(in));
  CAIRN_TRY(auto text, in.read_file({{}, path}, config_limit));
  CAIRN_TRY(auto config, parse_config(as_text(text)));
  if (!config.as_map()) return fail("the config is no JSON object: " + path);
  return config;
}

/// What Go says of a text that is no JSON, where its first character or its end is to blame.
inline auto go_json_complaint(std::string_view text, error const& why) -> std::string {
  auto const first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || to_string(why).ends_with("unexpected end of input")) return "unexpected end of JSON input";
  auto const c = text[first];
  if (c > ' ' && c < 0x7f && std::string_view{"{[\"-0123456789tfn"}.find(c) == std::string_view::npos)
    return "invalid character '" + std::string(c == '\'' ? "\\'" : std::string{c}) + "' looking for beginning of value";
  return to_string(why);
}

inline auto run_config(request& in, output& out) -> io_result<void> {
  auto const& key = in.arguments[0];
  if (same_letters(key, "identity") || same_letters(key, "identity.privkey")) return fail("cannot show or change private key through API");
  auto const parts = config_parts(key);
  if (same_letters(parts[0], "pinning") && (parts.size() < 2 || same_letters(parts[1], "remoteservices")) && (parts.size() < 4 || same_letters(parts[3], "api")) &&
      (parts.size() < 5 || same_letters(parts[4], "key")))
    return fail("cannot show or change pinning services credentials");
  auto const setting = in.arguments.size() == 2;
  auto value = ipld::node{};
  if (setting) {
    if (in.flag("expand-auto")) return fail("--expand-auto can only be used for reading config values, not for setting them");
    auto const& text = in.arguments[1];
    if (in.flag("json")) {
      auto parsed = parse_config(text);
      if (!parsed) return fail("failed to unmarshal json. " + go_json_complaint(text, parsed.error()));
      value = *std::move(parsed);
    } else if (in.flag("bool")) {
      value = ipld::node{text == "true"};
    } else {
      value = ipld::node{text};
    }
    CAIRN_TRY(auto* api, in.api());  // changes want the lock of the repo
    if (same_letters(key, "identity.peerid")) {
      auto const* wanted = value.as_string();
      CAIRN_TRY(auto own, api->identity());
      if (!wanted || *wanted != peer_text(own.id, std::nullopt))
        return fail("cannot set Identity.PeerID to a value that does not match the node's private key; use 'ipfs key rotate' to change the node identity");
    }
    if (auto known = check_config_key(key); !known) return fail("failed to set config value: " + to_string(known.error()) + " (maybe use --json?)");
    auto const set = [&](ipld::node& config) -> io_result<void> {
      CAIRN_TRY(set_config_value(config, key, std::move(value)));
      sort_config(config);
      return check_config_types(config);
    };
    if (auto done = api->edit_config(set); !done) return fail("failed to set config value: " + to_string(done.error()) + " (maybe use --json?)");
  } else {
    CAIRN_TRY(auto path, in.repo_path());
    if (::access((path + "/config").c_str(), F_OK) != 0) return fail("no IPFS repo found in " + path + ".\nplease run: 'ipfs init'");
  }
  CAIRN_TRY(auto config, read_config(in));  // the private key and those of pinning services were refused above
  auto const found = config_value(config, key);
  if (!found) return fail("failed to get config value: " + go_quoted(to_string(found.error())));
  value = **found;
  sort_config(value);
  return out.emit([&](std::string& text) { if (!setting) text += config_to_text(value) + "\n"; },
                  [&](json_writer& json) {
                    json.object([&] {
                      json.key("Key").value(key);
                      json.key("Value").raw(config_to_json(value));
                    });
                  });
}

inline auto run_config_show(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto config, read_config(in));
  config = without_secrets(std::move(config));
  sort_config(config);
  return out.emit([&](std::string& text) { text += config_to_text(config) + "\n"; }, [&](json_writer& json) { json.raw(config_to_json(config)); });
}

/// What `from` says goes over what `to` says, section by section.
inline void merge_config(ipld::node& to, ipld::node const& from) {
  for (auto const& e : *from.as_map()) {
    auto* const there = to.as_map()->find(e.key);
    if (there && there->as_map() && e.value.as_map()) merge_config(*there, e.value);
    else to.as_map()->set(e.key, e.value);
  }
}

/// Whether each section of `shape` that `config` has is a section there too.
inline auto has_sections_of(ipld::node const& shape, ipld::node const& config) -> bool {
  return std::all_of(shape.as_map()->begin(), shape.as_map()->end(), [&](auto const& e) {
    auto const* there = config.find(e.key);
    return !there || there->is_null() || !e.value.as_map() || (there->as_map() && has_sections_of(e.value, *there));
  });
}

inline auto run_config_replace(request& in, output&) -> io_result<void> {
  CAIRN_TRY(auto* api, in.api());
  if (in.files.empty()) return fail("argument \"file\" is required");
  CAIRN_TRY(auto text, in.read_file(in.files[0], config_limit));
  auto parsed = parse_config(as_text(text));
  if (!parsed || !parsed->as_map()) return fail("failed to decode file as config");
  auto config = *std::move(parsed);
  auto whole = core_api::empty_config();
  if (!has_sections_of(whole, config)) return fail("failed to decode file as config");
  if (auto const right = check_config_types(config); !right) return fail("failed to decode file as config: " + to_string(right.error()));
  if (auto const key = config_value(config, "Identity.PrivKey"); key && (*key)->as_string() && !(*key)->as_string()->empty())
    return fail("setting private key with API is not supported");
  return api->edit_config([&](ipld::node& old) -> io_result<void> {
    // the identity and the secrets of pinning services stay what they are
    for (auto const* key : {"Identity.PrivKey", "Identity.PeerID"}) {
      auto const kept = config_value(old, key);
      if (!kept) return fail("failed to get PrivKey");
      CAIRN_TRY(set_config_value(config, key, **kept));
    }
    auto const services = [](ipld::node const& c) {
      auto const found = config_value(c, "Pinning.RemoteServices");
      return found && (*found)->as_map() ? **found : ipld::node{ipld::map{}};
    };
    auto const old_services = services(old), new_services = services(config);
    if (old_services.as_map()->size() != new_services.as_map()->size()) return fail("cannot add or remove remote pinning services with 'config replace'");
    for (auto const& e : *old_services.as_map()) {
      if (!new_services.find(e.key)) return fail("cannot add or remove remote pinning services with 'config replace'");
      if (auto const* secret = e.value.find("API")) CAIRN_TRY(set_config_value(config, "Pinning.RemoteServices." + e.key + ".API", *secret));
    }
    merge_config(whole, config);
    merge_config(old, whole);
    return {};
  });
}

inline auto run_config_profile_apply(request& in, output& out) -> io_result<void> {
  auto const& name = in.arguments[0];
  CAIRN_TRY(auto* api, in.api());
  auto before = ipld::node{}, after = ipld::node{};
  auto const change = [&](ipld::node& config) -> io_result<void> {
    before = without_secrets(config);
    CAIRN_TRY(core_api::apply_later_profile(config, name));
    after = without_secrets(config);
    return {};
  };
  if (in.flag("dry-run")) {
    auto config = *api->config();
    CAIRN_TRY(change(config));
  } else {
    CAIRN_TRY(api->edit_config(change, "pre-" + name + "-"));
  }
  sort_config(before);
  sort_config(after);
  return out.emit([&](std::string& text) { text += config_diff::text(before, after); },
                  [&](json_writer& json) {
                    json.object([&] {
                      json.key("OldCfg").raw(config_to_json(before));
                      json.key("NewCfg").raw(config_to_json(after));
                    });
                  });
}

inline auto run_config_edit(request& in, output&) -> io_result<void> {
  auto const* editor = std::getenv("EDITOR");
  if (!editor || !*editor) return fail("ENV variable $EDITOR not set");
  CAIRN_TRY(auto path, config_path(in));
  auto const child = ::fork();
  if (child < 0) return std::unexpected(error::system(errno, "cannot start the editor", editor));
  if (child == 0) {
    // the shell splits $EDITOR into words; the path is its argument and never read by it
    auto const script = std::string{editor} + " \"$1\"";
    ::execl("/bin/sh", "sh", "-c", script.c_str(), "sh", path.c_str(), static_cast<char*>(nullptr));
    ::_exit(127);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {}
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  return fail("exit status " + std::to_string(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status)));
}

inline constexpr argument config_arguments[]{{"key", argument_type::text, true, false, "The key, as \"Addresses.API\"."},
                                             {"value", argument_type::text, false, false, "Its new value."}};
inline constexpr argument config_file_argument[]{{"file", argument_type::file, true, false, "The new config."}};
inline constexpr argument profile_argument[]{{"profile", argument_type::text, true, false, "The profile."}};
inline constexpr option config_options[]{
    {"bool", option_type::boolean, "The value is true or false."},
    {"json", option_type::boolean, "The value is JSON."},
    {"expand-auto", option_type::boolean, "Show what stands behind \"auto\"."},
};
inline constexpr option profile_options[]{{"dry-run", option_type::boolean, "Show what would change, and change nothing."}};
inline constexpr command config_profile_commands[]{
    {.name = "apply", .summary = "Apply a profile.", .about = "Changes the config. The old one is kept beside it under a name that begins with config-pre-.",
     .examples = "> ipfs config profile apply server --dry-run", .arguments = profile_argument, .options = profile_options, .run = run_config_profile_apply},
};
inline constexpr command config_commands[]{
    {.name = "edit", .summary = "Open the config in $EDITOR.", .about = "Starts the program named by $EDITOR with the file of the config.",
     .examples = "> EDITOR=vi ipfs config edit", .run = run_config_edit, .place = command_place::here_only},
    {.name = "profile", .summary = "Apply sets of changes.",
     .about = R"(The profiles:

  announce-off, announce-on         announce nothing; announce again
  autoconf-off, autoconf-on         lists by hand; lists from the autoconf service
  default-datastore                 the layout that a new repo has (at init only)
  default-networking                the usual addresses and network settings
  flatfs                            one file per block, Kubo's layout (at init only)
  local-discovery                   find nodes of the local network
  lowpower                          use less of the machine
  randomports                       a port for the swarm that is free now
  server                            for a machine with a public address
  test                              loopback only, no discovery, any free port
  unixfs-v0-2015, legacy-cid-v0     import as it always was (IPIP-499)
  unixfs-v1-2025                    import as IPIP-499 recommends)",
     .children = config_profile_commands},
    {.name = "replace", .summary = "Take a file as the new config.", .about = "The identity, its key and the secrets of pinning services stay what they are.",
     .examples = "> ipfs config replace new-config.json", .arguments = config_file_argument, .run = run_config_replace},
    {.name = "show", .summary = "Print the config.", .about = "Prints the whole config without its secrets.", .examples = "> ipfs config show", .run = run_config_show},
};

}  // namespace cairn::service::detail
