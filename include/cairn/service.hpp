#pragma once
// What serves a node to people and programs: the core API, the table of commands, the command line.
#include <cairn/service/cli/completion.hpp>
#include <cairn/service/cli/help.hpp>
#include <cairn/service/cli/parse.hpp>
#include <cairn/service/cli/run.hpp>
#include <cairn/service/cli/terminal.hpp>
#include <cairn/service/command.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/go_text.hpp>
#include <cairn/service/json_writer.hpp>
#include <cairn/service/kubo_text.hpp>
#include <cairn/service/output.hpp>
#include <cairn/service/request.hpp>
#include <cairn/service/version.hpp>
