#pragma once
// The bodies of this module; include once in a translation unit compiled with CAIRN_SEPARATE_COMPILATION.
#include <cairn/service/cli/impl/completion.ipp>
#include <cairn/service/cli/impl/help.ipp>
#include <cairn/service/cli/impl/parse.ipp>
#include <cairn/service/cli/impl/remote.ipp>
#include <cairn/service/cli/impl/run.ipp>
#include <cairn/service/cli/impl/terminal.ipp>
#include <cairn/service/impl/config_text.ipp>
#include <cairn/service/impl/go_text.ipp>
#include <cairn/service/impl/json_writer.ipp>
#include <cairn/service/impl/kubo_text.ipp>
#include <cairn/service/impl/name_rules.ipp>
#include <cairn/service/impl/request.ipp>
#include <cairn/service/webui/impl/webui.ipp>
