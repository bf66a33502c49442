#pragma once
// The table of commands and their handlers: a unit of their own, so that a change compiles only them.
#include <cairn/service/impl/commands_add.ipp>
#include <cairn/service/impl/commands_block.ipp>
#include <cairn/service/impl/commands_config.ipp>
#include <cairn/service/impl/commands_daemon.ipp>
#include <cairn/service/impl/commands_dag.ipp>
#include <cairn/service/impl/commands_filestore.ipp>
#include <cairn/service/impl/commands_get.ipp>
#include <cairn/service/impl/commands_key.ipp>
#include <cairn/service/impl/commands_name.ipp>
#include <cairn/service/impl/commands_node.ipp>
#include <cairn/service/impl/commands_pin.ipp>
#include <cairn/service/impl/commands_read.ipp>
#include <cairn/service/impl/commands_repo.ipp>
#include <cairn/service/impl/commands_text.ipp>
#include <cairn/service/impl/commands_tool.ipp>
#include <cairn/service/impl/root_command.ipp>
