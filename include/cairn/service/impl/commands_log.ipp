#pragma once
// log; and further commands that a node without a network answers as Kubo's does

#include <cairn/core/try.hpp>
#include <cairn/service/command.hpp>
#include <cairn/service/impl/commands_node.ipp>
#include <cairn/service/impl/handler.hpp>
#include <cairn/service/node_log.hpp>
#include <cairn/service/output.hpp>
#include <cairn/service/request.hpp>
#include <cairn/service/running_node.hpp>

namespace cairn::service::detail {

inline auto run_log_ls(request&, output& out) -> io_result<void> {
  return out.emit(
      [](std::string& text) {
        for (auto const& p : node_log::parts) (text += p) += '\n';
      },
      [](json_writer& json) {
        json.object([&] {
          json.key("Strings").array([&] {
            for (auto const& p : node_log::parts) json.value(p);
          });
        });
      });
}

inline auto run_log_level(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto* node, daemon_of(in, "log level"));
  auto& log = node->log();
  auto part = in.arguments.empty() ? std::string{} : in.arguments[0];
  if (part == "all") part = "*";
  if (in.arguments.size() < 2) {
    // of the whole: the level that new parts have
    auto const name = log_level_names[static_cast<std::size_t>(log.level(part).value_or(log_level::error))];
    return out.emit([&](std::string& text) { (text += name) += '\n'; },
                    [&](json_writer& json) { json.object([&] { json.key("Levels").object([&] { json.key(part).value(name); }); }); });
  }
  auto const level = log_level_named(in.arguments[1]);
  if (!level) return fail("unrecognized level: " + go_quoted(in.arguments[1]));
  log.set_level(part, *level);
  auto const message = "Changed log level of '" + part + "' to '" + in.arguments[1] + "'\n";
  return out.emit([&](std::string& text) { text += message; }, [&](json_writer& json) { json.object([&] { json.key("Message").value(message); }); });
}

inline auto run_log_tail(request& in, output& out) -> io_result<void> {
  CAIRN_TRY(auto* node, daemon_of(in, "log tail"));
  auto const wanted = log_level_named(in.text("log-level").value_or("debug"));
  if (!wanted) return fail("unrecognized level: " + go_quoted(in.text("log-level").value_or("")));
  auto& log = node->log();
  auto at = log.end();
  CAIRN_TRY(out.begin());
  while (!in.cancelled() && !node->ending()) {
    auto const line = log.next(at);
    if (!line) continue;
    at = line->id + 1;
    if (line->level < *wanted) continue;
    auto text = std::string{};
    auto json = json_writer{text};
    json.object([&] {
      json.key("level").value(log_level_names[static_cast<std::size_t>(line->level)]);
      json.key("ts").value(time_of(line->time));
      json.key("logger").value(line->part);
      json.key("msg").value(line->message);
    });
    CAIRN_TRY(out.text(text + "\n"));
    CAIRN_TRY(out.begin());
  }
  return {};
}

inline constexpr argument log_level_arguments[]{{"subsystem", argument_type::text, false, false, "A part of the node, or all."}, {"level", argument_type::text, false, false, "debug, info, warn, error."}};
inline constexpr option log_tail_options[]{{"log-level", option_type::text, "The lowest level to show.", "debug"}};
inline constexpr command log_commands[]{
    {.name = "level", .summary = "Show or change how much a part tells.", .about = "Changes hold as long as the node runs.", .examples = "> ipfs log level api debug", .arguments = log_level_arguments,
     .run = run_log_level},
    {.name = "ls", .summary = "List the parts that tell something.", .about = "Their names are for 'ipfs log level'.", .examples = "> ipfs log ls", .run = run_log_ls},
    {.name = "tail", .summary = "Show what the node tells, as it happens.", .about = "Each line is a JSON object. Raise the level of a part to see more.", .examples = "> ipfs log level all debug\n> ipfs log tail",
     .options = log_tail_options, .run = run_log_tail, .status = command_status::experimental},
};

}  // namespace cairn::service::detail
