// The node as a program: every command comes from the table in cairn/service.
#include <cairn/service/cli/run.hpp>

auto main(int argc, char** argv) -> int { return cairn::service::cli::run(argc, argv); }
