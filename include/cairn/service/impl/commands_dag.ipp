#pragma once
// dag

#include <cairn/core/try.hpp>
#include <cairn/service/command.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/go_text.hpp>
#include <cairn/service/impl/handler.hpp>
#include <cairn/service/output.hpp>
#include <cairn/service/request.hpp>

#include <cstdio>

namespace cairn::service::detail {

inline auto codec_named(std::string_view name) -> io_result<std::uint64_t> {
  if (auto const code = multicodec_code(name)) return *code;
  if (auto const code = parse_go_unsigned(name)) return *code;
  return fail("unknown multicodec: " + go_quoted(name));
}

// {"/":"bafy..."} as Kubo writes a CID in JSON
inline auto cid_json(cid const& id) -> std::string { return "{\"/\":\"" + to_string(id) + "\"}"; }

inline auto run_dag_get(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto codec, codec_named(in.text("output-codec").value_or("dag-json")));
  CAIRN_TRY(auto ref, first_argument(in, "ref"));
  CAIRN_TRY(auto* api, in.api());
  CAIRN_TRY(auto encoded, api->dag_get(ref, codec));
  return out.raw(encoded);
}

inline auto run_dag_put(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto style, style_of(in));
  CAIRN_TRY(auto* api, in.api());
  auto request = dag_put_request{};
  CAIRN_TRY(request.input_codec, codec_named(in.text("input-codec").value_or("dag-json")));
  CAIRN_TRY(request.prefix.codec, codec_named(in.text("store-codec").value_or("dag-cbor")));
  auto const hash = in.text("hash").value_or("");
  CAIRN_TRY(request.prefix.hash, codec_named(!hash.empty() ? std::string{hash} : api->import_text("HashFunction").value_or("sha2-256")));
  // as Kubo: the CID is shown, and then no store takes it
  auto safe = check_safe_hash(request.prefix.hash);
  request.is_stored = safe.has_value();
  request.pin = in.flag("pin");
  request.allow_big = in.flag("allow-big-block");
  for (;;) {
    CAIRN_TRY(auto f, in.next_file());
    if (!f) return safe;
    CAIRN_TRY(auto data, in.read_file(*f, std::size_t{1} << 30));
    CAIRN_TRY(auto id, api->dag_put(data, request));
    CAIRN_TRY(out.emit([&](std::string& text) { text += cid_text(id, style) + "\n"; },
                       [&](json_writer& json) { json.object([&] { json.key("Cid").raw(cid_json(id)); }); }));
  }
  return {};
}

inline auto run_dag_resolve(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto ref, first_argument(in, "ref"));
  CAIRN_TRY(auto* api, in.api());
  CAIRN_TRY(auto at, api->resolve(ref));
  CAIRN_TRY(auto style, style_of_path(in, ref));
  auto rest = std::string{};
  for (auto const& s : at.remainder) rest += "/" + s;
  return out.emit([&](std::string& text) { text += cid_text(at.id, style) + rest; },
                  [&](json_writer& json) {
                    json.object([&] {
                      json.key("Cid").raw(cid_json(at.id));
                      json.key("RemPath").value(rest);
                    });
                  });
}

inline auto run_dag_stat(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto style, style_of(in));
  CAIRN_TRY(auto roots, in.all_arguments());
  CAIRN_TRY(auto* api, in.api());
  auto paths = std::vector<path_like>(roots.begin(), roots.end());
  auto const show = wants_progress(in, out.messages_on_terminal());
  CAIRN_TRY(auto sum, api->stat_dags(paths, [&](std::uint64_t blocks, std::uint64_t bytes) {
    static_cast<void>(blocks);
    if (show) out.progress(bytes, 0);
  }));
  out.progress_end();
  if (sum.roots.empty()) return fail("argument \"root\" is required");
  return out.emit(
      [&](std::string& text) {
        auto const first = cid_text(sum.roots[0].root, style);
        auto pad = [](std::string s, std::size_t width) { return s.size() < width ? s + std::string(width - s.size(), ' ') : s; };
        text += "\n" + pad("CID", first.size()) + "\t" + pad("Blocks", 15) + "\tSize\n";
        for (auto const& r : sum.roots) text += cid_text(r.root, style) + "\t" + pad(std::to_string(r.blocks), 15) + "\t" + std::to_string(r.size) + "\n";
        char ratio[64];
        std::snprintf(ratio, sizeof ratio, sum.total_size == 0 ? "NaN" : "%f", static_cast<double>(sum.ratio));  // nothing of nothing, as Go writes it
        text += "\nSummary\nTotal Size: " + std::to_string(sum.total_size) + " (" + human_size(sum.total_size) + ")\nUnique Blocks: " +
                std::to_string(sum.unique_blocks) + "\nShared Size: " + std::to_string(sum.shared_size) + " (" + human_size(sum.shared_size) +
                ")\nRatio: " + ratio + "\n\n\n";
      },
      [&](json_writer& json) {
        json.object([&] {
          if (sum.unique_blocks) json.key("UniqueBlocks").value(sum.unique_blocks);
          if (sum.total_size) json.key("TotalSize").value(sum.total_size);
          if (sum.shared_size) json.key("SharedSize").value(sum.shared_size);
          if (sum.ratio != 0) {
            char ratio[64];
            std::snprintf(ratio, sizeof ratio, "%.8g", static_cast<double>(sum.ratio));
            json.key("Ratio").raw(ratio);
          }
          json.key("DagStats").array([&] {
            for (auto const& r : sum.roots)
              json.object([&] {
                json.key("Cid").value(cid_text(r.root, style));
                if (r.size) json.key("Size").value(r.size);
                if (r.blocks) json.key("NumBlocks").value(r.blocks);
              });
          });
        });
      });
}

inline auto run_dag_export(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto ref, first_argument(in, "root"));
  auto const local_only = in.flag("local-only");
  if (local_only && in.given("offline") && !in.flag("offline"))
    return fail("--local-only implies --offline and cannot be combined with --offline=false; please drop one of them");
  CAIRN_TRY(auto* api, in.api());
  auto const show = wants_progress(in, out.messages_on_terminal());
  auto written = std::uint64_t{0};
  auto done = api->dag_export(ref, local_only, [&](bytes_view piece) -> io_result<void> {
    CAIRN_TRY(out.raw(piece));
    written += piece.size();
    if (show) out.progress(written, 0);
    return {};
  });
  if (!done && done.error().module() == "missing block") {
    return fail(to_string(done.error()) + (in.flag("offline") ? " (currently offline, perhaps retry without the offline flag)"
                                                              : " (currently offline, perhaps retry after attaching to the network)"));
  }
  return done;
}

inline auto run_dag_import(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto style, style_of(in));
  auto const local_only = in.flag("local-only");
  auto pin_roots = in.given("pin-roots") ? in.flag("pin-roots") : true;
  if (local_only && in.given("pin-roots") && pin_roots)
    return fail("--local-only implies --pin-roots=false and cannot be combined with --pin-roots=true; please drop one of them");
  if (local_only) pin_roots = false;
  CAIRN_TRY(auto* api, in.api());
  auto sum = car_import_facts{};
  auto const until_pinned = api->begin_work();
  for (;;) {
    CAIRN_TRY(auto f, in.next_file());
    if (!f) break;
    CAIRN_TRY(auto source, in.open_file(*f));
    CAIRN_TRY(api->dag_import(*source, in.flag("allow-big-block"), sum));
  }
  CAIRN_TRY(api->sync());
  auto const silent = in.flag("silent");
  if (pin_roots) {
    // what a CAR lacks is not fetched: the one who imports it is told
    auto const here = api->without_others();
    for (auto const& root : sum.roots) {
      auto const pinned = here->pin_add(root, true, "", sum.whole);
      auto const why = pinned ? std::string{} : to_string(pinned.error());
      if (!pinned && out.form() == encoding::text && !silent) return fail("pinning root \"" + cid_text(root, style) + "\" FAILED: " + why);
      CAIRN_TRY(out.emit([&](std::string& text) { if (!silent) text += "Pinned root\t" + cid_text(root, style) + "\tsuccess\n"; },
                         [&](json_writer& json) {
                           json.object([&] {
                             json.key("Root").object([&] {
                               json.key("Cid").raw(cid_json(root));
                               json.key("PinErrorMsg").value(why);
                             });
                           });
                         }));
    }
  }
  if (!in.flag("stats")) return {};
  return out.emit(
      [&](std::string& text) { if (!silent) text += "Imported " + std::to_string(sum.blocks) + " blocks (" + std::to_string(sum.bytes) + " bytes)\n"; },
      [&](json_writer& json) {
        json.object([&] {
          json.key("Stats").object([&] {
            json.key("BlockCount").value(sum.blocks);
            json.key("BlockBytesCount").value(sum.bytes);
          });
        });
      });
}

inline constexpr argument dag_ref_argument[]{{"ref", argument_type::text, true, false, "The path of the node.", true}};
inline constexpr argument dag_root_argument[]{{"root", argument_type::text, true, false, "The root of the DAG.", true}};
inline constexpr argument dag_roots_argument[]{{"root", argument_type::text, true, true, "The roots of the DAGs.", true}};
inline constexpr argument dag_data_argument[]{{"object data", argument_type::file, true, true, "The node, in the input codec.", true}};
inline constexpr argument car_argument[]{{"path", argument_type::file, true, true, "The CAR files.", true}};
inline constexpr option dag_get_options[]{{"output-codec", option_type::text, "The codec to print the node in.", "dag-json"}};
inline constexpr option dag_put_options[]{
    {"store-codec", option_type::text, "The codec of the stored block.", "dag-cbor"},
    {"input-codec", option_type::text, "The codec of the input.", "dag-json"},
    {"pin", option_type::boolean, "Pin the node."},
    {"hash", option_type::text, "The hash function."},
    {"allow-big-block", option_type::boolean, "Allow blocks above 2 MiB. They cannot be sent to other nodes by bitswap.", "false"},
};
inline constexpr option dag_export_options[]{
    {"progress p", option_type::boolean, "Show how much was written. Default: where stderr is a terminal"},
    {"local-only", option_type::boolean, "Leave out what is not in the repo, instead of failing. Implies --offline."},
};
inline constexpr option dag_import_options[]{
    {"pin-roots", option_type::boolean, "Pin the roots that the CARs name. Default: true"},
    {"local-only", option_type::boolean, "The CAR may be incomplete. Implies --pin-roots=false."},
    {"silent", option_type::boolean, "Print nothing."},
    {"stats", option_type::boolean, "Print how much was imported."},
    {"fast-provide-root", option_type::boolean, "Announce the roots at once. Needs a running node."},
    {"fast-provide-dag", option_type::boolean, "Announce all blocks at once. Needs a running node."},
    {"fast-provide-wait", option_type::boolean, "Wait until that is done. Needs a running node."},
    {"allow-big-block", option_type::boolean, "Allow blocks above 2 MiB. They cannot be sent to other nodes by bitswap.", "false"},
};
inline constexpr option dag_stat_options[]{{"progress p", option_type::boolean, "Show how much was read. Default: where stderr is a terminal"}};
inline constexpr command dag_commands[]{
    {.name = "export", .summary = "Write a DAG as a CAR to standard output.", .about = "Writes the root and everything below it as a CARv1 stream, each block once, in the order of a depth-first walk.",
     .examples = "> ipfs dag export <cid> > dag.car", .arguments = dag_root_argument, .options = dag_export_options, .run = run_dag_export},
    {.name = "get", .summary = "Print a node.", .about = "Decodes the node at the end of a path and prints it in another codec.",
     .examples = "> ipfs dag get <cid>/name --output-codec dag-cbor", .arguments = dag_ref_argument, .options = dag_get_options, .run = run_dag_get},
    {.name = "import", .summary = "Read the blocks of CAR files.", .about = "Reads CARv1 and CARv2. Every block is checked against its CID. Roots are pinned when all files have been read.",
     .examples = "> ipfs dag import --stats dag.car", .arguments = car_argument, .options = dag_import_options, .run = run_dag_import},
    {.name = "put", .summary = "Store a node.", .about = "Reads a node in one codec and stores it in another.",
     .examples = "> echo '{\"hello\":\"world\"}' | ipfs dag put", .arguments = dag_data_argument, .options = dag_put_options, .run = run_dag_put},
    {.name = "resolve", .summary = "Print where a path ends.", .about = "Prints the CID of the last block of a path, and what of the path is left inside that block.",
     .examples = "> ipfs dag resolve <cid>/a/b", .arguments = dag_ref_argument, .run = run_dag_resolve},
    {.name = "stat", .summary = "Count the blocks of DAGs.", .about = "Prints how many blocks each DAG has and how large they are, and what the DAGs share.",
     .examples = "> ipfs dag stat <cid> <cid>", .arguments = dag_roots_argument, .options = dag_stat_options, .run = run_dag_stat},
};

}  // namespace cairn::service::detail
